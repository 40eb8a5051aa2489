// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is accepted arrives: once, in order, told to its sender.

use super::hub::{Hub, parcel};
use crate::border::Region;
use crate::world::{peer, wait};
use service::board::{Acts, Board as _, BoardError, Item, Order, Reason, What};
use service::ports::PortError;
use shep::asynchronous::MessageState;
use std::sync::Arc;
use uuid::Uuid;

fn order(why: &str) -> Order<'_> {
    Order { by: "admin", why }
}

fn other(system: &str) -> Acts {
    Acts::Other(Some(system.to_owned()))
}

fn shown(item: &Item) -> (Reason, Acts, bool, &str) {
    let What::Message { message, .. } = &item.what else { panic!("{item:?}") };
    (item.reason, item.acts.clone(), item.is_aside(), message)
}

#[test]
fn a_parcel_is_kept_brought_by_the_gateway_and_its_sender_is_told() {
    let region = Arc::new(Region::default());
    let hub = Hub::new(&region);
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted"]);
        assert_eq!(*region.calls.lock().unwrap(), 0);
        hub.work().await;
        assert_eq!(region.taken.lock().unwrap()[&Uuid::from_u128(100)], parcel(100, 200));
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted", "message.delivered"]);
        super::proves_itself(&hub.store, &Uuid::from_u128(100).to_string(), "message/").await;
        let told = hub.port.told.lock().unwrap();
        let told: Vec<_> = told.iter().map(|it| (it.message_id.clone(), it.state)).collect();
        assert_eq!(told, [(Uuid::from_u128(100).to_string(), MessageState::Delivered)]);
    });
    let envelope = region.envelope.lock().unwrap();
    let carrier = eds::xml::verify_body(&envelope).unwrap();
    let name = |der: &[u8]| {
        let certificate = eds::Certificate::parse(der).unwrap();
        certificate.subject().first(&eds::oids::COMMON_NAME).map(str::to_owned)
    };
    assert_eq!(name(&carrier.certificate_der), peer("gateway").common_name);
    let shep::Message::SendMessage(message) = shep::Envelope::read(&envelope).unwrap().message else {
        panic!()
    };
    assert_eq!(message.info.sender.id, "qyzmet-portal");
    let payload = eds::xml::verify_enveloped(message.data.document().unwrap().as_bytes()).unwrap();
    assert_eq!(name(&payload.certificate_der), peer("portal").common_name);
}

#[test]
fn the_same_message_again_is_one_message_and_another_under_its_id_is_refused() {
    let region = Arc::new(Region::default());
    let hub = Hub::new(&region);
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.clock.pass(5);
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        // Long after the order was forgotten by the store, too.
        hub.clock.pass(40 * 24 * 3600);
        hub.send(parcel(101, 201)).await.unwrap();
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted", "message.delivered"]);
        assert_eq!(*region.calls.lock().unwrap(), 2);
        let mut other = parcel(100, 200);
        "another-number".clone_into(&mut other.request.as_mut().unwrap().number);
        let refused = hub.send(other).await.unwrap_err();
        assert_eq!(refused, PortError::Unusable("the other side refused: SCE001".to_owned()));
    });
}

#[test]
fn a_day_of_silence_loses_nothing_and_keeps_the_order_of_each_case() {
    let region = Arc::new(Region::default());
    let hub = Hub::new(&region);
    wait(async {
        hub.close("region");
        for id in 0..3 {
            hub.send(parcel(100 + id, 200)).await.unwrap();
        }
        for _ in 0..24 {
            hub.work().await;
            hub.clock.pass(3_600);
        }
        let stuck = hub.relay.items().await.unwrap();
        assert_eq!(stuck.len(), 1, "those behind wait their turn: {stuck:?}");
        let first = Uuid::from_u128(100).to_string();
        assert_eq!(shown(&stuck[0]), (Reason::Silent, other("qyzmet-region"), false, first.as_str()));
        assert!(stuck[0].next.unwrap() > stuck[0].since);
        hub.open(&region);
        for _ in 0..10 {
            hub.clock.pass(400);
            hub.work().await;
        }
        assert_eq!(region.taken.lock().unwrap().len(), 3);
        assert_eq!(hub.relay.items().await.unwrap(), []);
        let mut times = Vec::new();
        for id in 0..3 {
            times.push(hub.journal(Uuid::from_u128(100 + id)).await[1].at);
        }
        assert!(times.is_sorted(), "{times:?}");
    });
}

#[test]
fn what_the_addressee_refuses_is_set_aside_with_an_owner_until_somebody_orders() {
    let refusing =
        Region { fails: Some(PortError::Unusable("inadmissible".to_owned())), ..Region::default() };
    let hub = Hub::new(&Arc::new(refusing));
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.send(parcel(101, 200)).await.unwrap();
        hub.work().await;
        let stuck = hub.relay.items().await.unwrap();
        let first = Uuid::from_u128(100).to_string();
        assert_eq!(shown(&stuck[0]), (Reason::RefusedFormat, other("qyzmet-portal"), true, first.as_str()));
        assert_eq!((stuck.len(), stuck[0].attempts), (1, 1));
        let states = || hub.port.told.lock().unwrap().iter().map(|it| it.state).collect::<Vec<_>>();
        assert_eq!(states(), [MessageState::NotDelivered]);
        // Mended: the same message goes, and the one behind it.
        let region = Arc::new(Region::default());
        hub.open(&region);
        hub.work().await;
        assert_eq!(*region.calls.lock().unwrap(), 0);
        hub.relay.retry(stuck[0].id, order("mended")).await.unwrap();
        hub.work().await;
        assert_eq!(*region.calls.lock().unwrap(), 2);
        assert_eq!(states(), [MessageState::NotDelivered, MessageState::Delivered, MessageState::Delivered]);
        let kinds = hub.kinds(Uuid::from_u128(100)).await;
        assert_eq!(kinds, ["message.accepted", "message.set-aside", "message.delivered"]);
    });
}

#[test]
fn what_an_administrator_gives_up_is_told_and_the_chain_goes_on() {
    let refusing =
        Region { fails: Some(PortError::Unusable("inadmissible".to_owned())), ..Region::default() };
    let hub = Hub::new(&Arc::new(refusing));
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.send(parcel(101, 200)).await.unwrap();
        hub.work().await;
        let region = Arc::new(Region::default());
        hub.open(&region);
        let stuck = hub.relay.items().await.unwrap();
        assert_eq!(hub.relay.give_up(stuck[0].id, order(" ")).await, Err(BoardError::NoReason));
        hub.relay.give_up(stuck[0].id, order("sent twice by mistake")).await.unwrap();
        hub.work().await;
        let states = hub.port.told.lock().unwrap().iter().map(|it| it.state).collect::<Vec<_>>();
        assert_eq!(
            states,
            [MessageState::NotDelivered, MessageState::DeliveryStopped, MessageState::Delivered]
        );
        let kinds = hub.kinds(Uuid::from_u128(100)).await;
        assert_eq!(kinds, ["message.accepted", "message.set-aside", "message.stopped"]);
        let orders = service::ports::store::StreamId("administration".to_owned());
        let orders = service::ports::Store::load(&*hub.store, &orders, 0).await.unwrap();
        assert_eq!(orders.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["administration.given-up"]);
        let public: serde_json::Value = serde_json::from_slice(&orders[0].public).unwrap();
        assert_eq!((&public["by"], &public["why"]), (&"admin".into(), &"sent twice by mistake".into()));
        assert_eq!(hub.relay.retry(stuck[0].id, order("again")).await, Err(BoardError::Unknown));
    });
}
