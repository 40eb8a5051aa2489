// SPDX-License-Identifier: MIT OR Apache-2.0
//! A role of ours is told by the gateway what became of its messages.

use super::hub::{Hub, PortalPort, parcel, sealed, wire};
use crate::border::{Region, accepts};
use crate::world::{now, peer, wait};
use async_trait::async_trait;
use gateway::border::{Accepts, Form, KnownSender};
use gateway::{BorderEndpoint, Transport};
use service::board::{Board as _, Order, Reason, What};
use service::ports::PortError;
use service::ports::border::{Arrival, Carried, CarrierNotice, Parcel, Receive};
use shep::asynchronous::{DeliveryStatus, MessageState, StatusChange};
use shep::{Channel, Envelope, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

const ORDER: Order<'_> = Order { by: "admin", why: "sent twice by mistake" };

/// A portal that knows one message of its own, or none.
#[derive(Debug, Default)]
struct Portal {
    sent: Option<String>,
    told: Mutex<Vec<CarrierNotice>>,
}

#[async_trait]
impl Receive for Portal {
    async fn receive(&self, _: Parcel, _: Arrival) -> Result<(), PortError> {
        Ok(())
    }

    async fn told(&self, notice: CarrierNotice) -> Result<bool, PortError> {
        let known = self.sent.as_ref() == Some(&notice.message);
        self.told.lock().unwrap().push(notice);
        Ok(known)
    }
}

/// Opens the client port of a portal of ours, behind this carrier.
fn open(hub: &Hub, portal: &Arc<Portal>, carrier: Option<&str>) {
    let (role, addressees, form) = ("region".to_owned(), BTreeSet::new(), Form::Ours);
    let sender = KnownSender { peer: peer("region"), carrier: carrier.map(peer), role, addressees, form };
    let senders = BTreeMap::from([("qyzmet-region".to_owned(), sender)]);
    let accepts = Accepts { senders, ..accepts() };
    let wire = wire("qyzmet-portal", "transport-portal", &hub.clock);
    let receive = Arc::clone(portal) as Arc<dyn Receive>;
    hub.transport.register("portal", Arc::new(BorderEndpoint::new(wire, accepts, receive)));
}

#[test]
fn a_portal_of_ours_takes_the_notice_that_its_message_arrived() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let message = parcel(100, 200);
    let portal = Arc::new(Portal { sent: Some(message.id.to_string()), ..Portal::default() });
    open(&hub, &portal, Some("gateway"));
    wait(async {
        hub.send(message.clone()).await.unwrap();
        hub.work().await;
        assert_eq!(hub.relay.items().await.unwrap(), [], "the notice is taken at once");
    });
    let told = portal.told.lock().unwrap();
    let states: Vec<_> = told.iter().map(|it| (it.message.clone(), it.state, it.code.as_str())).collect();
    assert_eq!(states, [(message.id.to_string(), Carried::Delivered, "SCSS001")]);
    eds::xml::verify_body(&told[0].envelope).unwrap();
}

#[test]
fn a_notice_that_comes_before_the_message_is_known_comes_again() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let portal = Arc::new(Portal::default());
    open(&hub, &portal, Some("gateway"));
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        let stuck = hub.relay.items().await.unwrap();
        let notice = |it: &What| matches!(it, What::Message { notice: true, .. });
        let shown: Vec<_> = stuck.iter().map(|it| (notice(&it.what), it.is_aside())).collect();
        assert_eq!(shown, [(true, false)]);
        hub.clock.pass(60);
        hub.work().await;
    });
    assert_eq!(portal.told.lock().unwrap().len(), 2);
}

/// A hub before a region that refuses everything.
fn refusing() -> Hub {
    let fails = Some(PortError::Unusable("inadmissible".to_owned()));
    Hub::new(&Arc::new(Region { fails, ..Region::default() }))
}

/// Returns what is on the board of the gateway: whether it is a notice, why, and whether it is set aside.
async fn board(hub: &Hub) -> Vec<(bool, Reason, bool)> {
    let notice = |it: &What| matches!(it, What::Message { notice: true, .. });
    let stuck = hub.relay.items().await.unwrap();
    stuck.iter().map(|it| (notice(&it.what), it.reason, it.is_aside())).collect()
}

/// Gives up the one message on the board.
async fn give_up(hub: &Hub) {
    assert_eq!(board(hub).await.iter().filter(|it| !it.0).count(), 1);
    let stuck = hub.relay.items().await.unwrap();
    let message = stuck.iter().find(|it| !matches!(it.what, What::Message { notice: true, .. })).unwrap();
    hub.relay.give_up(message.id, ORDER).await.unwrap();
}

#[test]
fn a_refused_notice_of_what_was_given_up_stays_on_the_gateways_board_until_it_is_taken() {
    let hub = refusing();
    let message = parcel(100, 200);
    let portal = Arc::new(Portal { sent: Some(message.id.to_string()), ..Portal::default() });
    // It does not believe the gateway's certificate yet.
    open(&hub, &portal, None);
    wait(async {
        hub.send(message).await.unwrap();
        hub.work().await;
        assert_eq!(board(&hub).await, [(false, Reason::RefusedFormat, true)]);
        give_up(&hub).await;
        hub.work().await;
        assert_eq!(board(&hub).await, [(true, Reason::RefusedCertificate, true)]);
        open(&hub, &portal, Some("gateway"));
        let stuck = hub.relay.items().await.unwrap();
        hub.relay.retry(stuck[0].id, ORDER).await.unwrap();
        hub.work().await;
        assert_eq!(hub.relay.items().await.unwrap(), []);
    });
    let told: Vec<_> = portal.told.lock().unwrap().iter().map(|it| it.state).collect();
    assert_eq!(told, [Carried::Stopped]);
}

#[test]
fn a_sender_who_was_away_for_long_still_learns_what_was_given_up() {
    let hub = refusing();
    hub.close("portal");
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        give_up(&hub).await;
        hub.clock.pass(8 * 24 * 3600);
        for _ in 0..3 {
            hub.work().await;
            hub.clock.pass(400);
        }
        assert_eq!(board(&hub).await, [(true, Reason::Silent, true)]);
        hub.transport.register("portal", Arc::<PortalPort>::clone(&hub.port));
        let stuck = hub.relay.items().await.unwrap();
        hub.relay.retry(stuck[0].id, ORDER).await.unwrap();
        hub.work().await;
        assert_eq!(hub.relay.items().await.unwrap(), []);
    });
    let told: Vec<_> = hub.port.told.lock().unwrap().iter().map(|it| it.state).collect();
    assert_eq!(told, [MessageState::DeliveryStopped]);
}

#[test]
fn nobody_but_the_gateway_that_carries_tells_what_became_of_a_message() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let change = StatusChange {
        notification_id: "n-1".to_owned(),
        message_id: "m-1".to_owned(),
        notification_date: now(),
        state: MessageState::Delivered,
        status: DeliveryStatus { code: "SCSS001".to_owned(), message: "delivered".to_owned(), date: now() },
        error: None,
        request_date: now(),
        session_id: None,
    };
    let portal = Arc::new(Portal { sent: Some("m-1".to_owned()), ..Portal::default() });
    let cases = [
        (Some("gateway"), "transport-gateway", true),
        (Some("gateway"), "transport-region", false),
        (None, "transport-gateway", false),
    ];
    for (carrier, holder, taken) in cases {
        open(&hub, &portal, carrier);
        let notice = sealed(Channel::Client, Message::StatusChange(change.clone()), holder);
        let answer = wait(hub.transport.exchange("portal", notice)).unwrap();
        let answer = Envelope::read(&answer).unwrap().message;
        assert_eq!(matches!(answer, Message::StatusChangeReceipt(_)), taken, "{carrier:?} {holder}");
        if let Message::Fault(fault) = answer {
            assert_eq!(fault.detail.unwrap().1.code.as_str(), "SCE005");
        }
    }
    assert_eq!(portal.told.lock().unwrap().len(), 1);
}
