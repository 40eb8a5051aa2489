// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is asked of a gateway about a message of the portal that waits for the one-stop-shop, and what is no question.

use super::forge::{Kind, Plan, replaced, with_key, without};
use super::ports::WAITS;
use super::{ANSWERED, CARRIED, NOTHING, Row, TAKEN, row};
use crate::border::Region;
use crate::relay::{Hub, routes, sealed, wire};
use crate::world::{now, wait};
use gateway::{AsyncRelay, Endpoint as _, InProcess};
use shep::asynchronous::{
    Accepted, AsyncInfo, AsyncMessage, DeliveryNotification, DeliveryStatus, GetMessageStatus, GetMessages,
    MessageState, MessageType, Messages, ReceiveStatus, Resend, StatusChange,
};
use shep::border::SERVICE_ID;
use shep::fault::Blame;
use shep::sync::{ResponseInfo, SyncResponse};
use shep::{BodyId, Channel, Code, Data, Envelope, Fault, Message, Sender, SessionId, Status};
use std::sync::Arc;
use store::SqliteStore;
use uuid::Uuid;

const FORMAT: &str = "SCE001";
const SERVICE: &str = "SCE004";
const CERTIFICATE: &str = "SCE005";
const WRONG: &str = "SCE006";
const UNSIGNED: &str = "SCE007";
const NO_SUCH: &str = "SCSE001";

const PORTAL: (&str, &str) = ("qyzmet-portal", "transport-portal");
const CENTER: (&str, &str) = ("qyzmet-center", "transport-center");
const REGION: (&str, &str) = ("qyzmet-region", "transport-region");

pub(super) fn rows() -> Vec<Row> {
    let mut rows = messages();
    rows.extend(status());
    rows.extend(notices());
    rows.extend(other());
    rows
}

/// A row of `/shep/async` alone: the other ports know no such operation.
fn there(what: &str, bytes: impl Into<Vec<u8>>, expected: &'static str) -> Row {
    row(what, bytes, FORMAT).at_relays(expected, FORMAT)
}

fn sender(id: &str) -> Sender {
    Sender { id: id.to_owned(), password: None }
}

fn waiting() -> String {
    Uuid::from_u128(WAITS).to_string()
}

fn unsigned(message: Message) -> String {
    let body_id = BodyId::new("id-1");
    Envelope { channel: Channel::Async, body_id, message }.write().unwrap()
}

/// Changes it, then signs it.
fn changed(message: Message, holder: &str, change: impl FnOnce(String) -> String) -> String {
    let text = change(unsigned(message));
    with_key(holder, |it| eds::xml::sign_body(&text, it)).unwrap()
}

fn signed(message: Message, holder: &str) -> String {
    changed(message, holder, |it| it)
}

fn get(sender_id: Option<&str>) -> GetMessages {
    GetMessages {
        message_id: None,
        correlation_id: None,
        request_date: Some(now()),
        service_id: SERVICE_ID.to_owned(),
        sender: sender_id.map(sender),
        amount: Some(1),
        properties: Vec::new(),
    }
}

fn messages() -> Vec<Row> {
    let by = |sender, holder| signed(Message::GetMessages(get(sender)), holder);
    let of_center = || Message::GetMessages(get(Some(CENTER.0)));
    let that = GetMessages { message_id: Some(waiting()), ..get(Some(REGION.0)) };
    let unknown = GetMessages { service_id: "ANOTHER_SERVICE".to_owned(), ..get(Some(CENTER.0)) };
    let twice = |it: String| replaced(&it, "<sender>", "<sender><senderId>x</senderId></sender><sender>");
    vec![
        there("`getMessages` of the addressee", by(Some(CENTER.0), CENTER.1), ANSWERED),
        there(
            "`getMessages` in his name, by another system's key",
            by(Some(CENTER.0), REGION.1),
            CERTIFICATE,
        ),
        there("`getMessages` of another system", by(Some(REGION.0), REGION.1), NOTHING),
        there("`getMessages` of another system, that names no sender", by(None, REGION.1), NOTHING),
        there(
            "`getMessages` of another system, for this message",
            signed(Message::GetMessages(that), REGION.1),
            NOTHING,
        ),
        there("`getMessages` of who sent it", by(Some(PORTAL.0), PORTAL.1), NOTHING),
        there("`getMessages` of a system that is not known", by(Some("somebody"), CENTER.1), CERTIFICATE),
        there("`getMessages` that names no sender, by the key of a person", by(None, "p01"), CERTIFICATE),
        there("`getMessages` that names no sender, by a revoked key", by(None, "revoked"), CERTIFICATE),
        there(
            "`getMessages` by a service that is not known",
            signed(Message::GetMessages(unknown), CENTER.1),
            SERVICE,
        ),
        there("`getMessages` that is not signed", unsigned(of_center()), UNSIGNED),
        there(
            "`getMessages` that names no sender and is not signed",
            unsigned(Message::GetMessages(get(None))),
            UNSIGNED,
        ),
        there(
            "`getMessages` that was changed on the way",
            replaced(&signed(of_center(), CENTER.1), "<amount>1<", "<amount>9<"),
            WRONG,
        ),
        there("`getMessages` of two senders", changed(of_center(), CENTER.1, twice), FORMAT),
        there(
            "`getMessages` for so many that there is no such number",
            changed(of_center(), CENTER.1, |it| replaced(&it, "<amount>1<", "<amount>99999999999<")),
            FORMAT,
        ),
    ]
}

fn status() -> Vec<Row> {
    let of = |id: &str| {
        Message::GetMessageStatus(GetMessageStatus {
            message_id: waiting(),
            request_date: now(),
            sender: sender(id),
            properties: Vec::new(),
        })
    };
    let own = |it: (&str, &str)| signed(of(it.0), it.1);
    let nobody = |it: String| without(&it, "<sender>", "</sender>");
    vec![
        there("`getMessageStatus` of who sent it", own(PORTAL), ANSWERED),
        there("`getMessageStatus` of the addressee", own(CENTER), NO_SUCH),
        there("`getMessageStatus` of another system", own(REGION), NO_SUCH),
        there(
            "`getMessageStatus` in the sender's name, by another system's key",
            signed(of(PORTAL.0), REGION.1),
            CERTIFICATE,
        ),
        there("`getMessageStatus` without a sender", changed(of(PORTAL.0), PORTAL.1, nobody), FORMAT),
        there("`getMessageStatus` that is not signed", unsigned(of(PORTAL.0)), UNSIGNED),
    ]
}

/// A notice of this system that it has the message.
fn taken(id: Option<&str>) -> DeliveryNotification {
    DeliveryNotification {
        message_id: waiting(),
        service_id: SERVICE_ID.to_owned(),
        notification_date: now(),
        receive_status: ReceiveStatus::Accepted,
        status_date: now(),
        resend: Resend::NotResend,
        error: None,
        request_date: now(),
        sender: id.map(sender),
    }
}

fn notices() -> Vec<Row> {
    let by = |id: Option<&str>, holder: &str| signed(Message::DeliveryNotification(taken(id)), holder);
    let own = |it: (&'static str, &str)| by(Some(it.0), it.1);
    let refusing = |id| {
        let receive_status = ReceiveStatus::NotAccepted;
        Message::DeliveryNotification(DeliveryNotification { receive_status, ..taken(Some(id)) })
    };
    let another = DeliveryNotification { message_id: "another".to_owned(), ..taken(Some(CENTER.0)) };
    let unknown = DeliveryNotification { service_id: "ANOTHER_SERVICE".to_owned(), ..taken(Some(CENTER.0)) };
    let bent = replaced(&signed(refusing(CENTER.0), CENTER.1), "MESSAGE_NOT_ACCTEPTED", "MESSAGE_ACCEPTED");
    let no_word = |it: String| replaced(&it, "MESSAGE_NOT_ACCTEPTED", "MESSAGE_LOST");
    vec![
        there("a notice of the addressee that he has it", own(CENTER), ANSWERED),
        there("a notice of another system that it has it", own(REGION), NO_SUCH),
        there("a notice of who sent it that it arrived", own(PORTAL), NO_SUCH),
        there("a notice of another system, that names no sender", by(None, REGION.1), NO_SUCH),
        there("a notice of another system that refuses it", signed(refusing(REGION.0), REGION.1), NO_SUCH),
        there(
            "a notice in the addressee's name, by another system's key",
            by(Some(CENTER.0), REGION.1),
            CERTIFICATE,
        ),
        there(
            "a notice about a message that is not there",
            signed(Message::DeliveryNotification(another), CENTER.1),
            NO_SUCH,
        ),
        there(
            "a notice about a service that is not known",
            signed(Message::DeliveryNotification(unknown), CENTER.1),
            SERVICE,
        ),
        there("a notice that is not signed", unsigned(refusing(CENTER.0)), UNSIGNED),
        there("a refusal that was made a receipt on the way", bent, WRONG),
        there("a notice that says neither", changed(refusing(CENTER.0), CENTER.1, no_word), FORMAT),
    ]
}

/// Rightly signed, and nothing that is asked or sent there.
fn other() -> Vec<Row> {
    let session_id = SessionId::new(&waiting());
    let fault = Fault { blame: Blame::Server, reason: "later".to_owned(), detail: None };
    let receipt = Accepted {
        message_id: waiting(),
        correlation_id: "c-1".to_owned(),
        response_date: now(),
        session_id: session_id.clone(),
    };
    let given =
        Messages { response_date: now(), session_id: session_id.clone().unwrap(), messages: Vec::new() };
    let delivered = DeliveryStatus { code: "SCSS001".to_owned(), message: String::new(), date: now() };
    let told = StatusChange {
        notification_id: "n-1".to_owned(),
        message_id: waiting(),
        notification_date: now(),
        state: MessageState::Delivered,
        status: delivered,
        error: None,
        request_date: now(),
        session_id: session_id.clone(),
    };
    let well = Status { code: Code::Success, message: String::new() };
    let info = ResponseInfo {
        message_id: "r-1".to_owned(),
        correlation_id: None,
        response_date: now(),
        status: well,
        session_id,
    };
    let answer = Message::SyncResponse(SyncResponse { info, data: None });
    let by_region = |it: Message| sealed(Channel::Async, it, REGION.1);
    let question = Plan::good(Kind::Question);
    let asked = question.bare();
    let inside = asked.split_once("/v10/Types\">").unwrap().1.rsplit_once("</typ:SendMessage>").unwrap().0;
    let namespace = Kind::Question.namespace();
    let bare =
        format!("<q:syncSendMessageRequest xmlns:q=\"{namespace}\">{inside}</q:syncSendMessageRequest>");
    vec![
        row("a message", Plan::good(Kind::Message).make(), TAKEN).at_relays(CARRIED, FORMAT),
        row("a question", question.make(), FORMAT).at_relays(FORMAT, CARRIED),
        row("a question without an envelope", bare, FORMAT).at_relays(FORMAT, UNSIGNED),
        row("a receipt", by_region(Message::Accepted(receipt)), FORMAT),
        row("an answer to `getMessages`", by_region(Message::Messages(given)), FORMAT),
        row("an answer of a register", sealed(Channel::Sync, answer, REGION.1), FORMAT),
        row("a fault", by_region(Message::Fault(fault)), FORMAT),
        row(
            "what a gateway tells a sender, by a gateway that brings nothing hither",
            sealed(Channel::Client, Message::StatusChange(told), "transport-gateway"),
            CERTIFICATE,
        )
        .at_relays(FORMAT, FORMAT),
    ]
}

/// Gives a gateway a signed message and returns its answer.
fn told(relay: &AsyncRelay, message: Message, holder: &str) -> Message {
    let answer = wait(relay.handle(signed(message, holder).into_bytes()));
    Envelope::read(&answer).unwrap().message
}

/// Sends a message of the portal.
fn sent(relay: &AsyncRelay, (id, route): (&str, &str), payload: &str) -> Message {
    let info = AsyncInfo {
        message_id: Some(id.to_owned()),
        correlation_id: None,
        service_id: SERVICE_ID.to_owned(),
        message_type: MessageType::Request,
        route_id: Some(route.to_owned()),
        message_date: now(),
        sender: sender(PORTAL.0),
        properties: Vec::new(),
        session_id: None,
    };
    let payload = with_key(PORTAL.1, |it| eds::xml::sign_enveloped(payload, it)).unwrap();
    let data = Data::element(payload).unwrap();
    told(relay, Message::SendMessage(AsyncMessage { info, data }), PORTAL.1)
}

/// A payload as deep as a message may hold one; among those that are asked for it would lie one deeper.
fn deep() -> String {
    let levels = shep::DEPTH_MAX - 6;
    format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels))
}

#[test]
fn what_is_accepted_keeps_nothing_behind_it_from_being_given() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let deep = deep();
    let Message::Fault(fault) = sent(&hub.relay, ("deep", "center"), &deep) else { panic!("it is accepted") };
    assert_eq!(fault.detail.unwrap().1.code.as_str(), FORMAT);
    let brought = sent(&hub.relay, ("deep", "abai-education"), &deep);
    assert!(matches!(brought, Message::Accepted(_)), "{brought:?}");
    // One may declare as many namespaces, and two together may not.
    let many = "<x xmlns:n=\"urn:n\"/>".repeat(shep::NAMESPACE_DECLARATIONS_MAX / 2);
    let ids = ["many-1", "many-2"];
    for id in ids {
        let accepted = sent(&hub.relay, (id, "center"), &format!("<p>{many}</p>"));
        assert!(matches!(accepted, Message::Accepted(_)), "{accepted:?}");
    }
    for id in ids {
        let asked = GetMessages { amount: None, ..get(Some(CENTER.0)) };
        let given = told(&hub.relay, Message::GetMessages(asked), CENTER.1);
        let Message::Messages(given) = given else { panic!("{given:?}") };
        let given: Vec<_> = given.messages.iter().map(|it| it.info.message_id.as_deref()).collect();
        assert_eq!(given, [Some(id)]);
        let notice = DeliveryNotification { message_id: id.to_owned(), ..taken(Some(CENTER.0)) };
        let noticed = told(&hub.relay, Message::DeliveryNotification(notice), CENTER.1);
        assert!(matches!(noticed, Message::DeliveryReceipt(_)), "{noticed:?}");
    }
}

#[test]
fn what_was_accepted_gets_its_receipt_again_though_it_cannot_be_given() {
    let hub = Hub::new(&Arc::new(Region::default()));
    // The one-stop-shop was called when it came; now it asks.
    let mut routes = routes();
    routes.systems.get_mut(CENTER.0).unwrap().endpoint = Some("center".to_owned());
    let gateway = wire("qyzmet-gateway", "transport-gateway", &hub.clock);
    let (store, transport) = (Arc::<SqliteStore>::clone(&hub.store), Arc::<InProcess>::clone(&hub.transport));
    let calling = AsyncRelay::new(gateway, store, transport, routes);
    let first = sent(&calling, ("deep", "center"), &deep());
    assert!(matches!(first, Message::Accepted(_)), "{first:?}");
    assert_eq!(sent(&hub.relay, ("deep", "center"), &deep()), first);
}

#[test]
fn what_fits_an_answer_only_unsigned_is_refused() {
    let hub = Hub::new(&Arc::new(Region::default()));
    let declaring = |count| format!("<p>{}</p>", "<x xmlns:n=\"urn:n\"/>".repeat(count));
    // The message itself declares six namespaces more; an answer with it seven, two of them in its signature.
    let most = shep::NAMESPACE_DECLARATIONS_MAX - 7;
    let more = declaring(most + 1);
    let brought = sent(&hub.relay, ("more", "abai-education"), &more);
    assert!(matches!(brought, Message::Accepted(_)), "{brought:?}");
    let Message::Fault(fault) = sent(&hub.relay, ("more-2", "center"), &more) else {
        panic!("it is accepted")
    };
    assert_eq!((fault.blame, fault.detail.unwrap().1.code.as_str()), (Blame::Client, FORMAT));
    let accepted = sent(&hub.relay, ("most", "center"), &declaring(most));
    assert!(matches!(accepted, Message::Accepted(_)), "{accepted:?}");
    let Message::Messages(given) = told(&hub.relay, Message::GetMessages(get(Some(CENTER.0))), CENTER.1)
    else {
        panic!("nothing is given")
    };
    assert_eq!(given.messages.len(), 1);
}
