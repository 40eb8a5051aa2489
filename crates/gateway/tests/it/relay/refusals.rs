// SPDX-License-Identifier: MIT OR Apache-2.0
//! The documented order of checks and its codes.

use super::hub::{Hub, sealed, with_key};
use crate::border::Region;
use crate::world::{now, wait};
use gateway::Endpoint;
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::{Channel, Data, Envelope, Message, Sender};
use std::sync::Arc;

fn message(service: &str, sender: &str, route: &str, payload: &str) -> Message {
    let info = AsyncInfo {
        message_id: Some("m-1".to_owned()),
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
        let answer = wait(hub.relay.handle(envelope));
        eds::xml::verify_body(&answer).unwrap();
        let Message::Fault(fault) = Envelope::read(&answer).unwrap().message else { panic!("{place}") };
        assert_eq!(fault.detail.unwrap().1.code.as_str(), code, "case {place}: {}", fault.reason);
    }
    let accepted = portal(message(SERVICE, "qyzmet-portal", "354000000", &good));
    let first = wait(hub.relay.handle(accepted.clone()));
    let Message::Accepted(receipt) = Envelope::read(&first).unwrap().message else { panic!() };
    assert_eq!((receipt.message_id.as_str(), receipt.correlation_id.as_str()), ("m-1", "c-1"));
    hub.clock.pass(60);
    assert_eq!(wait(hub.relay.handle(accepted)), first, "the same receipt, byte for byte");
}
