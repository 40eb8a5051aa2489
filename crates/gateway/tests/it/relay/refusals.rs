// SPDX-License-Identifier: MIT OR Apache-2.0
//! The documented order of checks and its codes.

use super::hub::{Hub, parcel, sealed, with_key};
use crate::border::Region;
use crate::world::{now, wait};
use gateway::Endpoint;
use service::board::{Board as _, Reason};
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::{Channel, Data, Envelope, Message, Sender};
use std::sync::Arc;
use uuid::Uuid;

fn message(service: &str, sender: &str, route: &str, payload: &str) -> Message {
    message_as(Some("m-1"), (service, sender, route), payload)
}

fn message_as(id: Option<&str>, (service, sender, route): (&str, &str, &str), payload: &str) -> Message {
    let info = AsyncInfo {
        message_id: id.map(str::to_owned),
        correlation_id: Some("c-1".to_owned()),
        service_id: service.to_owned(),
        message_type: MessageType::Request,
        route_id: Some(route.to_owned()),
        message_date: now(),
        sender: Sender { id: sender.to_owned(), password: None },
        properties: Vec::new(),
        session_id: None,
    };
    Message::SendMessage(AsyncMessage { info, data: Data::element(payload.to_owned()).unwrap() })
}

const SERVICE: &str = shep::border::SERVICE_ID;

#[test]
fn each_fault_has_its_code_and_the_first_in_the_documented_order_wins() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let signed = |holder| with_key(holder, |it| eds::xml::sign_enveloped("<p/>", it)).unwrap();
    let (good, other) = (signed("transport-portal"), signed("transport-center"));
    let portal = |message| sealed(Channel::Async, message, "transport-portal");
    let bare =
        |message| Envelope { channel: Channel::Async, body_id: None, message }.write().unwrap().into_bytes();
    let changed = |bytes: Vec<u8>| {
        String::from_utf8(bytes).unwrap().replacen(">REQUEST<", ">RESPONSE<", 1).into_bytes()
    };
    let cases = [
        ("SCE001", b"garbage".to_vec()),
        ("SCE004", bare(message("S", "nobody", "nobody", "<p/>"))),
        ("SCE005", bare(message(SERVICE, "nobody", "nobody", "<p/>"))),
        ("SCE005", bare(message(SERVICE, "qyzmet-center", "nobody", "<p/>"))),
        ("SCE007", bare(message(SERVICE, "qyzmet-portal", "nobody", "<p/>"))),
        ("SCE006", changed(portal(message(SERVICE, "qyzmet-portal", "nobody", "<p/>")))),
        (
            "SCE005",
            sealed(Channel::Async, message(SERVICE, "qyzmet-portal", "nobody", "<p/>"), "transport-center"),
        ),
        ("SCE017", portal(message(SERVICE, "qyzmet-portal", "nobody", "<p/>"))),
        (
            "SCE016",
            portal(message(SERVICE, "qyzmet-portal", "nobody", &good.replacen("<p>", "<p a=\"1\">", 1))),
        ),
        ("SCE015", portal(message(SERVICE, "qyzmet-portal", "nobody", &other))),
        ("SCE004", portal(message(SERVICE, "qyzmet-portal", "nobody", &good))),
    ];
    for (place, (code, envelope)) in cases.into_iter().enumerate() {
        let answer = wait(hub.relay.handle(envelope.clone()));
        assert_eq!(named(&answer), Some(hex::encode(eds::sha256(&envelope))), "case {place}");
        let Message::Fault(fault) = Envelope::read(&answer).unwrap().message else { panic!("{place}") };
        assert_eq!(fault.detail.unwrap().1.code.as_str(), code, "case {place}: {}", fault.reason);
    }
    let accepted = portal(message(SERVICE, "qyzmet-portal", "354000000", &good));
    let first = wait(hub.relay.handle(accepted.clone()));
    let Message::Accepted(receipt) = Envelope::read(&first).unwrap().message else { panic!() };
    assert_eq!((receipt.message_id.as_str(), receipt.correlation_id.as_str()), ("m-1", "c-1"));
    hub.clock.pass(60);
    assert_eq!(wait(hub.relay.handle(accepted.clone())), first, "the same receipt, byte for byte");
    assert_eq!(named(&first), Some(hex::encode(eds::sha256(&accepted))));
    // The same message in other bytes: the same receipt, bound to these.
    let again = [accepted.as_slice(), b"\n"].concat();
    let second = wait(hub.relay.handle(again.clone()));
    assert_eq!(named(&second), Some(hex::encode(eds::sha256(&again))));
}

#[test]
fn a_message_without_an_id_that_comes_again_is_one_message() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let signed =
        |payload: &str| with_key("transport-portal", |it| eds::xml::sign_enveloped(payload, it)).unwrap();
    let send = |payload: &str| {
        let message = message_as(None, (SERVICE, "qyzmet-portal", "354000000"), &signed(payload));
        let answer = wait(hub.relay.handle(sealed(Channel::Async, message, "transport-portal")));
        let Message::Accepted(receipt) = Envelope::read(&answer).unwrap().message else { panic!() };
        receipt
    };
    let first = send("<p/>");
    hub.clock.pass(60);
    assert_eq!(send("<p/>"), first);
    let other = send("<p>2</p>");
    assert_ne!(other.message_id, first.message_id);
    let kinds = |id: &str| wait(hub.kinds(id.parse().unwrap()));
    assert_eq!(kinds(&first.message_id), ["message.accepted"]);
    assert_eq!(kinds(&other.message_id), ["message.accepted"]);
}

/// Returns the question that a signed answer names.
fn named(answer: &[u8]) -> Option<String> {
    let signed = eds::xml::verify_body(answer).unwrap();
    shep::answered(std::str::from_utf8(&signed.signed_bytes).unwrap()).map(str::to_owned)
}

/// A region whose receipts are as they should be, and of another question.
#[derive(Debug)]
struct Elsewhere;

#[async_trait::async_trait]
impl Endpoint for Elsewhere {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let Message::SendMessage(it) = Envelope::read(&envelope).unwrap().message else { panic!() };
        let accepted = shep::asynchronous::Accepted {
            message_id: it.info.message_id.unwrap(),
            correlation_id: it.info.correlation_id.unwrap(),
            response_date: now(),
            session_id: None,
        };
        let message = Message::Accepted(accepted);
        let receipt = Envelope { channel: Channel::Async, body_id: shep::BodyId::new("id-1"), message };
        let text = receipt.write_answering(&[9; 32]).unwrap();
        with_key("transport-region", |it| eds::xml::sign_body(&text, it)).unwrap().into_bytes()
    }
}

#[test]
fn a_receipt_of_another_question_delivers_nothing() {
    let region = Arc::new(Region::default());
    let hub = Hub::new(&region);
    hub.transport.register("region", Arc::new(Elsewhere));
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted"]);
        let stuck = hub.relay.items().await.unwrap();
        assert_eq!((stuck[0].reason, stuck[0].is_aside()), (Reason::NotNow, false));
        hub.open(&region);
        hub.clock.pass(60);
        hub.work().await;
        assert_eq!(hub.kinds(Uuid::from_u128(100)).await, ["message.accepted", "message.delivered"]);
    });
}
