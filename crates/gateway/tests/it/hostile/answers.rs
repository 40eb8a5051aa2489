// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile and broken answers of those whom a gateway calls: its addressees and registers.

use super::CARRIED;
use super::forge::{Kind, Plan, replaced, with_key};
use super::ports::{asking, read};
use crate::border::Region;
use crate::relay::{Hub, parcel};
use crate::world::{now, wait};
use gateway::Endpoint;
use shep::asynchronous::{Accepted, StatusChangeReceipt};
use shep::fault::{Blame, Operation};
use shep::sync::{ResponseInfo, SyncResponse};
use shep::{BodyId, Channel, Code, Envelope, ErrorInfo, Fault, Message, SessionId, Status};
use std::sync::Arc;
use uuid::Uuid;

/// Gives an answer to a question in place of the right one.
type Bend = fn(Right) -> Vec<u8>;

/// What is wrong with an answer, how it is made, what becomes of the message and what who asked is told.
type Answer = (&'static str, Bend, &'static str, &'static str);

const DELIVERED: &str = "delivered";
const WAITS: &str = "brought again";
const ASIDE: &str = "set aside";
const INTERNAL: &str = "SCE909";
const US: &str = "transport-region";

const ANSWERS: [Answer; 16] = [
    ("as it should be", |it| it.by(US), DELIVERED, CARRIED),
    ("nothing", |_| Vec::new(), WAITS, "SCE004"),
    ("a page of HTML", |_| b"<html><body>502 Bad Gateway</body></html>".to_vec(), WAITS, INTERNAL),
    ("the question itself", |it| it.question, WAITS, INTERNAL),
    ("it is not signed", |it| it.text().into_bytes(), WAITS, INTERNAL),
    (
        "it was changed on the way",
        |it| {
            let text = String::from_utf8(it.by(US)).unwrap();
            replaced(&text, "<responseDate>2026", "<responseDate>2025").into_bytes()
        },
        WAITS,
        INTERNAL,
    ),
    ("another system's key signed it", |it| it.by("transport-center"), WAITS, INTERNAL),
    ("the gateway's own key signed it", |it| it.by("transport-gateway"), WAITS, INTERNAL),
    ("it names another question", |it| Right { names: Some([9; 32]), ..it }.by(US), WAITS, INTERNAL),
    (
        "it names no question, as answers of other makers",
        |it| Right { names: None, ..it }.by(US),
        DELIVERED,
        CARRIED,
    ),
    ("it is about another message", Right::about_another, WAITS, INTERNAL),
    (
        "it answers another operation",
        |it| {
            let session_id = SessionId::new(&Uuid::nil().to_string()).unwrap();
            let receipt = StatusChangeReceipt { response_date: now(), session_id };
            Right { channel: Channel::Client, message: Message::StatusChangeReceipt(receipt), ..it }.by(US)
        },
        ASIDE,
        INTERNAL,
    ),
    ("a fault", |it| it.fault().by(US), ASIDE, "SCE001"),
    ("a fault that is not signed", |it| it.fault().text().into_bytes(), WAITS, INTERNAL),
    (
        "a fault that names another question",
        |it| Right { names: Some([9; 32]), ..it.fault() }.by(US),
        WAITS,
        INTERNAL,
    ),
    (
        "a fault without words and code",
        |it| {
            let fault = Fault { blame: Blame::Server, reason: "words".to_owned(), detail: None };
            let text = Right { message: Message::Fault(fault), ..it }.text();
            signed(&replaced(&text, ">words<", "><"), US)
        },
        WAITS,
        INTERNAL,
    ),
];

fn signed(text: &str, holder: &str) -> Vec<u8> {
    with_key(holder, |it| eds::xml::sign_body(text, it)).unwrap().into_bytes()
}

/// The right answer to a question.
pub(super) struct Right {
    channel: Channel,
    message: Message,
    /// SHA-256 of the question that it names.
    names: Option<[u8; 32]>,
    question: Vec<u8>,
}

impl Right {
    pub(super) fn to(question: Vec<u8>) -> Self {
        let (channel, message) = match Envelope::read(&question).unwrap().message {
            Message::SendMessage(it) => {
                let accepted = Accepted {
                    message_id: it.info.message_id.unwrap(),
                    correlation_id: it.info.correlation_id.unwrap(),
                    response_date: now(),
                    session_id: None,
                };
                (Channel::Async, Message::Accepted(accepted))
            }
            Message::SyncRequest(it) => {
                let info = ResponseInfo {
                    message_id: "r-1".to_owned(),
                    correlation_id: it.info.correlation_id,
                    response_date: now(),
                    status: Status { code: Code::Success, message: String::new() },
                    session_id: None,
                };
                (Channel::Sync, Message::SyncResponse(SyncResponse { info, data: None }))
            }
            other => panic!("{other:?}"),
        };
        Self { channel, message, names: Some(eds::sha256(&question)), question }
    }

    fn text(self) -> String {
        let envelope =
            Envelope { channel: self.channel, body_id: BodyId::new("id-1"), message: self.message };
        match self.names {
            Some(question) => envelope.write_answering(&question).unwrap(),
            None => envelope.write().unwrap(),
        }
    }

    pub(super) fn by(self, holder: &str) -> Vec<u8> {
        signed(&self.text(), holder)
    }

    fn about_another(mut self) -> Vec<u8> {
        match &mut self.message {
            Message::Accepted(it) => "another".clone_into(&mut it.message_id),
            Message::SyncResponse(it) => it.info.correlation_id = Some("another".to_owned()),
            other => panic!("{other:?}"),
        }
        self.by(US)
    }

    /// The message is refused.
    fn fault(self) -> Self {
        let operation = match self.channel {
            Channel::Sync => Operation::SyncSendMessage,
            Channel::Async | Channel::Client => Operation::SendMessage,
        };
        let info = ErrorInfo {
            code: Code::Format,
            message: String::new(),
            data: None,
            date: now(),
            sub_error: None,
            session_id: None,
        };
        let (blame, reason) = (Blame::Client, "refused".to_owned());
        Self { message: Message::Fault(Fault { blame, reason, detail: Some((operation, info)) }), ..self }
    }
}

/// An addressee and a register that answers so.
#[derive(Debug)]
struct Bent(Bend);

#[async_trait::async_trait]
impl Endpoint for Bent {
    async fn handle(&self, question: Vec<u8>) -> Vec<u8> {
        (self.0)(Right::to(question))
    }
}

/// Returns what becomes of a message whose addressee answers so.
fn brought(bend: Bend) -> &'static str {
    let hub = Hub::new(&Arc::new(Region::default()));
    hub.transport.register("region", Arc::new(Bent(bend)));
    wait(async {
        hub.send(parcel(100, 200)).await.unwrap();
        hub.work().await;
        match hub.kinds(Uuid::from_u128(100)).await.as_slice() {
            [_] => WAITS,
            [_, last] if last == "message.delivered" => DELIVERED,
            _ => ASIDE,
        }
    })
}

/// Returns what is told to who asked a register that answers so.
fn asked(bend: Bend, question: &[u8]) -> String {
    let (relay, _folder) = asking(Arc::new(Bent(bend)));
    let answer = wait(relay.handle(question.to_vec()));
    match read(&answer, "gateway", question) {
        Message::SyncResponse(_) => CARRIED.to_owned(),
        Message::Fault(fault) => fault.detail.unwrap().1.code.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// Returns the table, as it was found to be.
pub(super) fn section() -> String {
    let question = Plan::good(Kind::Question).make();
    let mut page =
        "\n## What a gateway is answered\n\n| answer | the message of `/shep/async` | who asked at \
                    `/shep/sync` is told |\n|---|---|---|\n"
            .to_owned();
    for (what, bend, message, told) in ANSWERS {
        assert_eq!((brought(bend), asked(bend, question.as_bytes()).as_str()), (message, told), "{what}");
        page += &format!("| {what} | {message} | {told} |\n");
    }
    page
}
