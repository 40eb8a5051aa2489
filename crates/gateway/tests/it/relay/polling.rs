// SPDX-License-Identifier: MIT OR Apache-2.0
//! A system that cannot be called asks for what is there, and says what it took.

use super::hub::{Hub, Moving, parcel, routes, sealed, wire};
use crate::border::Region;
use crate::world::{CA, keys, now, peer, wait};
use gateway::relay::PATIENCE_DAYS_MAX;
use gateway::{
    AsyncRelay, BorderClient, Directory, Endpoint, EvidenceSource, InProcess, TransportTrust, Wire,
};
use service::board::{Acts, Board as _, Order, Reason};
use service::ports::Border as _;
use shep::asynchronous::{
    DeliveryNotification, GetMessageStatus, GetMessages, MessageState, ReceiveStatus, Resend,
};
use shep::border::SERVICE_ID;
use shep::{Channel, Data, Envelope, Message, Sender};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::SqliteStore;
use uuid::Uuid;

async fn ask(hub: &Hub, message: Message, holder: &str) -> Message {
    let answer = hub.relay.handle(sealed(Channel::Async, message, holder)).await;
    eds::xml::verify_body(&answer).unwrap();
    Envelope::read(&answer).unwrap().message
}

fn center() -> Sender {
    Sender { id: "qyzmet-center".to_owned(), password: None }
}

fn asked(sender: Option<Sender>, amount: Option<u32>) -> GetMessages {
    GetMessages {
        message_id: None,
        correlation_id: None,
        request_date: Some(now()),
        service_id: SERVICE_ID.to_owned(),
        sender,
        amount,
        properties: Vec::new(),
    }
}

/// Sends a message of the portal to the center and returns its id.
async fn to_center(hub: &Hub, id: u128) -> String {
    let mut parcel = parcel(id, 200);
    "center".clone_into(&mut parcel.to);
    let id = parcel.id.to_string();
    hub.send(parcel).await.unwrap();
    id
}

async fn waiting(hub: &Hub, sender: Option<Sender>, amount: Option<u32>) -> Vec<String> {
    let answer = ask(hub, Message::GetMessages(asked(sender, amount)), "transport-center").await;
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
    state_for(hub, "portal", id).await
}

/// Returns the state of a message that this system sent.
async fn state_for(hub: &Hub, system: &str, id: u128) -> MessageState {
    let asked = GetMessageStatus {
        message_id: Uuid::from_u128(id).to_string(),
        request_date: now(),
        sender: Sender { id: format!("qyzmet-{system}"), password: None },
        properties: Vec::new(),
    };
    let answer = ask(hub, Message::GetMessageStatus(asked), &format!("transport-{system}")).await;
    let Message::MessageStatus(it) = answer else { panic!("{answer:?}") };
    it.state
}

#[test]
fn what_waits_is_brought_in_order_until_it_is_taken() {
    let hub = Hub::new(&Arc::new(Region::default()));
    wait(async {
        for id in 100..103 {
            to_center(&hub, id).await;
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
        to_center(&hub, 100).await;
        let asked = asked(Some(center()), None);
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
        let id = to_center(&hub, 100).await;
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
            to_center(&hub, id).await;
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

#[test]
fn what_was_kept_and_fits_no_answer_is_set_aside_and_keeps_nothing_behind_it() {
    let hub = Hub::new(&Arc::new(Region::default()));
    // As deep as a message may be; among those that are asked for it lies one deeper.
    let levels = shep::DEPTH_MAX - 6;
    let deep = Data::element(format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels))).unwrap();
    wait(async {
        for id in 100..104 {
            to_center(&hub, id).await;
        }
        for id in 101..103 {
            hub.keep_with(id, deep.clone()).await;
        }
        let [first, last] = [100, 103].map(|it| Uuid::from_u128(it).to_string());
        // Together they fit no answer, and the first one does.
        assert_eq!(waiting(&hub, Some(center()), None).await, [first]);
        assert_eq!(hub.relay.items().await.unwrap(), []);
        say(&hub, 100, ReceiveStatus::Accepted, Resend::NotResend).await;
        assert_eq!(waiting(&hub, Some(center()), Some(1)).await, [last]);
        let stuck = hub.relay.items().await.unwrap();
        let shown: Vec<_> = stuck.iter().map(|it| (it.reason, it.is_aside())).collect();
        assert_eq!(shown, [(Reason::Unusable, true); 2]);
        let states = [state(&hub, 101).await, state(&hub, 102).await, state(&hub, 103).await];
        let expected = [MessageState::NotDelivered, MessageState::NotDelivered, MessageState::OnDelivery];
        assert_eq!(states, expected);
    });
}

#[test]
fn what_its_addressee_refuses_is_set_aside_given_again_when_ordered_and_told_when_given_up() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let told = || hub.port.told.lock().unwrap().iter().map(|it| it.state).collect::<Vec<_>>();
    wait(async {
        let id = to_center(&hub, 100).await;
        let mut times = Vec::new();
        for _ in 0..2 {
            assert_eq!(waiting(&hub, Some(center()), None).await, std::slice::from_ref(&id));
            // The receipt of the first notice was lost.
            for _ in 0..2 {
                say(&hub, 100, ReceiveStatus::NotAccepted, Resend::NotResend).await;
            }
            hub.work().await;
            times.push(MessageState::NotDelivered);
            assert_eq!(told(), times);
            assert_eq!(waiting(&hub, Some(center()), None).await, [""; 0]);
            let stuck = hub.relay.items().await.unwrap();
            let shown: Vec<_> = stuck.iter().map(|it| (it.reason, it.acts.clone(), it.is_aside())).collect();
            assert_eq!(shown, [(Reason::Refused, Acts::Other(Some("qyzmet-portal".to_owned())), true)]);
            let order = Order { by: "admin", why: "the center was mended" };
            hub.relay.retry(stuck[0].id, order).await.unwrap();
            hub.work().await;
            assert_eq!(state(&hub, 100).await, MessageState::OnDelivery);
        }
        say(&hub, 100, ReceiveStatus::NotAccepted, Resend::NotResend).await;
        let stuck = hub.relay.items().await.unwrap();
        let order = Order { by: "admin", why: "it was sent to the wrong center" };
        hub.relay.give_up(stuck[0].id, order).await.unwrap();
        hub.work().await;
        times.extend([MessageState::NotDelivered, MessageState::DeliveryStopped]);
        assert_eq!(told(), times);
        assert_eq!(hub.relay.items().await.unwrap(), []);
    });
}

#[test]
fn of_one_id_from_two_senders_one_is_given_at_a_time_and_a_repeated_notice_takes_no_other() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let directory = Directory::new().carried("center", "gateway", peer("gateway"));
    let sends = Arc::<InProcess>::clone(&hub.transport);
    let region = BorderClient::new(wire("qyzmet-region", "transport-region", &hub.clock), sends, directory);
    wait(async {
        let states = async |id| [state_for(&hub, "portal", id).await, state_for(&hub, "region", id).await];
        for (first, waits) in [(100, "portal"), (101, "region")] {
            let mut parcel = parcel(first, 201);
            "center".clone_into(&mut parcel.to);
            let id = parcel.id.to_string();
            if waits == "portal" {
                region.deliver(parcel).await.unwrap();
                to_center(&hub, first).await;
            } else {
                to_center(&hub, first).await;
                region.deliver(parcel).await.unwrap();
            }
            assert_eq!(waiting(&hub, Some(center()), None).await, std::slice::from_ref(&id));
            // The receipt of the first notice was lost.
            for _ in 0..2 {
                say(&hub, first, ReceiveStatus::Accepted, Resend::NotResend).await;
            }
            let mut expected = [MessageState::Delivered; 2];
            expected[usize::from(waits == "region")] = MessageState::OnDelivery;
            assert_eq!(states(first).await, expected);
            assert_eq!(waiting(&hub, Some(center()), None).await, [id]);
            say(&hub, first, ReceiveStatus::Accepted, Resend::NotResend).await;
            assert_eq!(states(first).await, [MessageState::Delivered; 2]);
            assert_eq!(waiting(&hub, Some(center()), None).await, [""; 0]);
        }
    });
}

/// Evidence that nobody gives; it counts who asks.
#[derive(Debug, Default)]
struct Counted(AtomicUsize);

impl Counted {
    fn none(&self) -> Option<Vec<u8>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        None
    }
}

#[async_trait::async_trait]
impl EvidenceSource for Counted {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        self.none()
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        self.none()
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        self.none()
    }
}

#[test]
fn who_asks_without_a_name_is_judged_once_and_not_for_each_system() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let mut routes = routes();
    for it in routes.systems.values_mut() {
        it.peer = peer("center");
    }
    let [named, unnamed] = [Some(center()), None].map(|sender| {
        let source = Arc::new(Counted::default());
        let asks = Arc::<Counted>::clone(&source);
        let trust = Arc::new(TransportTrust::new(CA.trust().unwrap(), asks));
        let keys = keys("qyzmet-gateway", "transport-gateway");
        let wire = Wire::new(keys, trust, Arc::<Moving>::clone(&hub.clock));
        let (store, transport) =
            (Arc::<SqliteStore>::clone(&hub.store), Arc::<InProcess>::clone(&hub.transport));
        let relay = AsyncRelay::new(wire, store, transport, routes.clone());
        let question = sealed(Channel::Async, Message::GetMessages(asked(sender, None)), "transport-center");
        let Message::Fault(fault) = Envelope::read(&wait(relay.handle(question))).unwrap().message else {
            panic!("it was believed without evidence")
        };
        assert_eq!(fault.detail.unwrap().1.code.as_str(), "SCE005");
        source.0.load(Ordering::Relaxed)
    });
    assert_eq!(unnamed, named);
    assert!(named > 0);
}
