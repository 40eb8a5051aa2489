// SPDX-License-Identifier: MIT OR Apache-2.0
//! A system that cannot be called asks for what is there, and says what it took.

use super::hub::{Hub, parcel, sealed};
use crate::border::Region;
use crate::world::{now, wait};
use gateway::Endpoint;
use gateway::relay::PATIENCE_DAYS_MAX;
use service::board::{Acts, Board as _, Order, Reason};
use shep::asynchronous::{
    DeliveryNotification, GetMessageStatus, GetMessages, MessageState, ReceiveStatus, Resend,
};
use shep::border::SERVICE_ID;
use shep::{Channel, Envelope, Message, Sender};
use std::sync::Arc;
use uuid::Uuid;

async fn ask(hub: &Hub, message: Message, holder: &str) -> Message {
    let answer = hub.relay.handle(sealed(Channel::Async, message, holder)).await;
    eds::xml::verify_body(&answer).unwrap();
    Envelope::read(&answer).unwrap().message
}

fn center() -> Sender {
    Sender { id: "qyzmet-center".to_owned(), password: None }
}

async fn waiting(hub: &Hub, sender: Option<Sender>, amount: Option<u32>) -> Vec<String> {
    let asked = GetMessages {
        message_id: None,
        correlation_id: None,
        request_date: Some(now()),
        service_id: SERVICE_ID.to_owned(),
        sender,
        amount,
        properties: Vec::new(),
    };
    let answer = ask(hub, Message::GetMessages(asked), "transport-center").await;
    let Message::Messages(it) = answer else { panic!("{answer:?}") };
    for message in &it.messages {
        eds::xml::verify_enveloped(message.data.document().unwrap().as_bytes()).unwrap();
    }
    it.messages.into_iter().map(|it| it.info.message_id.unwrap()).collect()
}

async fn say(hub: &Hub, id: u128, receive_status: ReceiveStatus, resend: Resend) {
    let notice = DeliveryNotification {
        message_id: Uuid::from_u128(id).to_string(),
        service_id: SERVICE_ID.to_owned(),
        notification_date: now(),
        receive_status,
        status_date: now(),
        resend,
        error: None,
        request_date: now(),
        sender: Some(center()),
    };
    let answer = ask(hub, Message::DeliveryNotification(notice), "transport-center").await;
    assert!(matches!(answer, Message::DeliveryReceipt(_)), "{answer:?}");
}

async fn state(hub: &Hub, id: u128) -> MessageState {
    let asked = GetMessageStatus {
        message_id: Uuid::from_u128(id).to_string(),
        request_date: now(),
        sender: Sender { id: "qyzmet-portal".to_owned(), password: None },
        properties: Vec::new(),
    };
    let answer = ask(hub, Message::GetMessageStatus(asked), "transport-portal").await;
    let Message::MessageStatus(it) = answer else { panic!("{answer:?}") };
    it.state
}

#[test]
fn what_waits_is_brought_in_order_until_it_is_taken() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        for id in 100..103 {
            let mut parcel = parcel(id, 200);
            "center".clone_into(&mut parcel.to);
            hub.send(parcel).await.unwrap();
        }
        let ids = |ids: &[u128]| ids.iter().map(|it| Uuid::from_u128(*it).to_string()).collect::<Vec<_>>();
        assert_eq!(waiting(&hub, Some(center()), Some(2)).await, ids(&[100, 101]));
        // The schema lets the sender be left out; the signature says who asks.
        assert_eq!(waiting(&hub, None, None).await, ids(&[100, 101, 102]));
        assert_eq!(state(&hub, 100).await, MessageState::OnDelivery);
        say(&hub, 100, ReceiveStatus::Accepted, Resend::NotResend).await;
        say(&hub, 100, ReceiveStatus::Accepted, Resend::NotResend).await;
        say(&hub, 101, ReceiveStatus::NotAccepted, Resend::Resend).await;
        say(&hub, 102, ReceiveStatus::NotAccepted, Resend::NotResend).await;
        assert_eq!(waiting(&hub, Some(center()), None).await, ids(&[101]));
        let states = [state(&hub, 100).await, state(&hub, 101).await, state(&hub, 102).await];
        assert_eq!(states, [MessageState::Delivered, MessageState::OnDelivery, MessageState::NotDelivered]);
        hub.work().await;
        assert_eq!(hub.port.told.lock().unwrap().len(), 2);
    });
}

#[test]
fn nobody_gets_what_is_for_another() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        let mut parcel = parcel(100, 200);
        "center".clone_into(&mut parcel.to);
        hub.send(parcel).await.unwrap();
        let asked = GetMessages {
            message_id: None,
            correlation_id: None,
            request_date: None,
            service_id: SERVICE_ID.to_owned(),
            sender: Some(center()),
            amount: None,
            properties: Vec::new(),
        };
        let stolen = ask(&hub, Message::GetMessages(asked.clone()), "transport-region").await;
        let Message::Fault(fault) = stolen else { panic!("{stolen:?}") };
        assert_eq!(fault.detail.unwrap().1.code.as_str(), "SCE005");
        let own = GetMessages { sender: None, ..asked };
        let Message::Messages(it) = ask(&hub, Message::GetMessages(own), "transport-region").await else {
            panic!()
        };
        assert_eq!(it.messages, []);
    });
}

#[test]
fn what_nobody_asks_for_is_set_aside_after_the_gateways_patience_and_waits_again_when_ordered() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        let mut parcel = parcel(100, 200);
        "center".clone_into(&mut parcel.to);
        let id = parcel.id.to_string();
        hub.send(parcel).await.unwrap();
        hub.clock.pass(PATIENCE_DAYS_MAX * 24 * 3600 - 1);
        hub.work().await;
        assert_eq!(state(&hub, 100).await, MessageState::OnDelivery);
        assert_eq!(hub.relay.items().await.unwrap(), []);
        hub.clock.pass(1);
        hub.work().await;
        assert_eq!(state(&hub, 100).await, MessageState::NotDelivered);
        assert_eq!(waiting(&hub, Some(center()), None).await, [""; 0]);
        let stuck = hub.relay.items().await.unwrap();
        let shown: Vec<_> = stuck.iter().map(|it| (it.reason, it.acts.clone(), it.is_aside())).collect();
        let other = Acts::Other(Some("qyzmet-center".to_owned()));
        assert_eq!(shown, [(Reason::Patience, other, true)]);
        assert_eq!(hub.port.told.lock().unwrap().len(), 1, "the sender is told");
        let order = Order { by: "admin", why: "the center is back" };
        hub.relay.retry(stuck[0].id, order).await.unwrap();
        hub.work().await;
        assert_eq!(waiting(&hub, Some(center()), None).await, [id]);
        say(&hub, 100, ReceiveStatus::Accepted, Resend::NotResend).await;
        assert_eq!(hub.relay.items().await.unwrap(), [], "nothing is left to be done");
    });
}

#[test]
fn what_cannot_be_read_any_more_is_set_aside_and_keeps_nothing_behind_it() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        for id in 100..102 {
            let mut parcel = parcel(id, 200);
            "center".clone_into(&mut parcel.to);
            hub.send(parcel).await.unwrap();
        }
        hub.lose(100).await;
        let second = Uuid::from_u128(101).to_string();
        assert_eq!(waiting(&hub, Some(center()), None).await, [second]);
        let stuck = hub.relay.items().await.unwrap();
        let shown: Vec<_> = stuck.iter().map(|it| (it.reason, it.acts.clone(), it.is_aside())).collect();
        assert_eq!(shown, [(Reason::FileGone, Acts::Administrator, true)]);
        assert_eq!(state(&hub, 100).await, MessageState::NotDelivered);
    });
}
