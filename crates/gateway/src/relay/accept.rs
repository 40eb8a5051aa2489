// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway's asynchronous port: what is sent is checked, kept, and only then acknowledged.

use super::deliver::{CALLS_MAX, IN_FLIGHT_MAX};
use super::letter::{self, Letter, Receipt, Said, State};
use super::mail::Errand;
use super::poll;
use super::routes::{Member, Routes};
use super::seals::Seals;
use super::taken::Given;
use crate::inbound::Refusal;
use crate::transport::{Endpoint, Transport};
use crate::wire::Wire;
use async_trait::async_trait;
use engine::case::FileHash;
use jiff::Timestamp;
use service::ports::store::{Built, Commit, CommitError, OutboxRow, RowChange, StoreError, StoredEvent};
use service::ports::{Clock, PortError, Store};
use service::pump::Pump;
use service::turns::Turns;
use shep::asynchronous::{Accepted, AsyncMessage};
use shep::fault::Operation;
use shep::{Channel, Code, Envelope, Message, SessionId};
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Files that are written or read at a time: a store takes only so many in its queue.
const FILES_MAX: usize = 16;

/// The gateway's hub of messages: takes them in, brings them to their addressees and tells their senders.
#[derive(Debug)]
pub struct AsyncRelay {
    pub(super) routes: Routes,
    pub(super) seals: Seals,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) turns: Turns,
    pub(super) pump: Pump,
    pub(super) given: Given,
    files: Semaphore,
}

/// A message that was checked, about to be kept.
struct Checked {
    key: Uuid,
    letter: Letter,
    accepted: Accepted,
    /// Whether it is brought to the addressee, or waits until he asks.
    brought: bool,
}

impl AsyncRelay {
    /// Returns the hub of these routes; `transport` reaches the addressees' ports.
    pub fn new(wire: Wire, store: Arc<dyn Store>, transport: Arc<dyn Transport>, routes: Routes) -> Self {
        let clock = Arc::clone(&wire.clock);
        Self::with_seals(Seals::Signed(wire), (store, clock), transport, routes)
    }

    pub(super) fn with_seals(
        seals: Seals,
        (store, clock): (Arc<dyn Store>, Arc<dyn Clock>),
        transport: Arc<dyn Transport>,
        routes: Routes,
    ) -> Self {
        let pump = Pump::new(Arc::clone(&store), Arc::clone(&clock), IN_FLIGHT_MAX);
        let (turns, files) = (Turns::new(CALLS_MAX), Semaphore::new(FILES_MAX));
        Self { routes, seals, store, clock, transport, turns, pump, given: Given::default(), files }
    }

    /// Takes a message and returns the receipt, signed.
    async fn take(&self, bytes: Vec<u8>, message: AsyncMessage) -> Result<Vec<u8>, Refusal> {
        let checked = self.check(&bytes, &message).await?;
        match self.store.answer(checked.key).await.map_err(|it| busy(&it))? {
            Some(answer) => self.receipt(&again(&answer, &checked)?, checked.key, &bytes),
            None => self.keep(bytes, message, checked).await,
        }
    }

    /// The documented order: the service, the sender, the body's signature, the payload's, and only then what it says.
    async fn check(&self, bytes: &[u8], message: &AsyncMessage) -> Result<Checked, Refusal> {
        let sender = self.sender(message)?;
        self.seals.check_body(bytes, &sender.peer).await?;
        let covered = self.seals.check_payload(&message.data, sender.payload()).await?;
        let info = &message.info;
        let (to, member) = self
            .routes
            .addressee(&info.service_id, info.route_id.as_deref())
            .ok_or_else(|| Refusal::client(Code::ServiceUnknown, "the addressee is not known here"))?;
        let now = self.clock.now();
        let meaning = letter::meaning(info, &covered);
        let given = || letter::given_id(&info.sender.id, &meaning).to_string();
        let id = info.message_id.clone().unwrap_or_else(given);
        let key = letter::message_key(&info.sender.id, &id);
        let correlation = info.correlation_id.clone().unwrap_or_else(|| id.clone());
        let accepted = Accepted {
            message_id: id.clone(),
            correlation_id: info.correlation_id.clone().unwrap_or_default(),
            response_date: now,
            session_id: SessionId::new(&key.to_string()),
        };
        let said = |at: Timestamp| Said {
            state: State::OnDelivery,
            code: Code::Success.as_str().to_owned(),
            words: "accepted for delivery".to_owned(),
            at,
        };
        let letter = Letter {
            sender: info.sender.id.clone(),
            message: id,
            correlation,
            service: info.service_id.clone(),
            kind: info.message_type.as_str().to_owned(),
            to: to.to_owned(),
            envelope: FileHash(hex::encode(eds::sha256(bytes))),
            meaning,
            receipt: String::new(),
            accepted_at: now,
            place: None,
            said: said(now),
        };
        let brought = member.endpoint.is_some();
        Ok(Checked { key, letter, accepted, brought })
    }

    fn sender(&self, message: &AsyncMessage) -> Result<&Member, Refusal> {
        let service = self.routes.services.get(&message.info.service_id);
        let service =
            service.ok_or_else(|| Refusal::client(Code::ServiceUnknown, "the service is not known here"))?;
        let allowed = service.senders.contains(&message.info.sender.id);
        // No code for a sender that may not send is public: its certificate is not valid here.
        let unknown =
            || Refusal::client(Code::TransportCertificate, "the sender may not send by this service");
        self.routes.systems.get(&message.info.sender.id).filter(|_| allowed).ok_or_else(unknown)
    }

    /// One transaction; what it makes is durable before the receipt leaves.
    async fn keep(
        &self,
        bytes: Vec<u8>,
        message: AsyncMessage,
        mut checked: Checked,
    ) -> Result<Vec<u8>, Refusal> {
        let key = checked.key;
        let receipt = self.receipt(&checked.accepted, key, &bytes)?;
        can_go(message, &checked, &receipt)?;
        checked.letter.receipt = hex::encode(eds::sha256(&receipt));
        let kept = self.put_file(bytes.clone()).await.map_err(|it| busy(&it))?;
        if kept != checked.letter.envelope {
            return Err(Refusal::server(Code::Internal, "the store keeps another file"));
        }
        match self.store.commit(commit(&checked)).await {
            Ok(_) => {
                self.pump.wake();
                Ok(receipt)
            }
            Err(CommitError::Repeated(answer)) => self.receipt(&again(&answer, &checked)?, key, &bytes),
            // The order is forgotten after some time, the stream never.
            Err(CommitError::VersionLost | CommitError::RowLost) => {
                self.receipt(&self.known(&checked).await?, key, &bytes)
            }
            Err(CommitError::Unavailable(why)) => Err(busy(&StoreError(why))),
            Err(CommitError::Unusable(why)) => {
                tracing::error!(why, "a message cannot be kept");
                Err(Refusal::server(Code::Internal, "the message cannot be kept"))
            }
        }
    }

    async fn known(&self, checked: &Checked) -> Result<Accepted, Refusal> {
        let first = Letter::find(&*self.store, checked.key).await.map_err(|it| busy(&it))?;
        let (first, _) = first.ok_or_else(|| Refusal::server(Code::Internal, "the message's row is gone"))?;
        let receipt = Receipt {
            message: first.message,
            correlation: checked.accepted.correlation_id.clone(),
            at: first.accepted_at,
            meaning: first.meaning,
        };
        same(receipt, checked)
    }

    pub(super) async fn put_file(&self, bytes: Vec<u8>) -> Result<FileHash, StoreError> {
        let _turn = self.files.acquire().await;
        self.store.put_file(bytes).await
    }

    /// Returns a kept message.
    pub(super) async fn file(&self, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        let _turn = self.files.acquire().await;
        self.store.file(hash).await
    }

    /// Returns the receipt of a message, which names the SHA-256 of the very bytes that it confirms.
    fn receipt(&self, accepted: &Accepted, key: Uuid, question: &[u8]) -> Result<Vec<u8>, Refusal> {
        let message = Message::Accepted(accepted.clone());
        let signed = self.seals.answer(Channel::Async, message, key, question);
        signed.map_err(|it| Refusal::server(Code::Internal, it.to_string()))
    }

    async fn answer(&self, envelope: &[u8]) -> Result<Vec<u8>, PortError> {
        let message = match Envelope::read(envelope) {
            Ok(it) => it.message,
            Err(error) => return self.refuse(error.into(), Operation::SendMessage, envelope),
        };
        let operation = operation(&message);
        let answered = match message {
            Message::SendMessage(it) => match self.take(envelope.to_vec(), it).await {
                Ok(receipt) => return Ok(receipt),
                Err(refusal) => Err(refusal),
            },
            Message::GetMessages(it) => match self.messages(envelope, &it).await {
                Ok(given) => return Ok(given),
                Err(refusal) => Err(refusal),
            },
            Message::GetMessageStatus(it) => self.status(envelope, &it).await.map(Message::MessageStatus),
            Message::DeliveryNotification(it) => {
                self.noticed(envelope, &it).await.map(Message::DeliveryReceipt)
            }
            Message::SyncRequest(_)
            | Message::SyncResponse(_)
            | Message::Accepted(_)
            | Message::Messages(_)
            | Message::MessageStatus(_)
            | Message::DeliveryReceipt(_)
            | Message::StatusChange(_)
            | Message::StatusChangeReceipt(_)
            | Message::Fault(_) => Err(Refusal::client(Code::Format, "this operation is not answered here")),
        };
        match answered {
            Ok(message) => self.seals.answer(Channel::Async, message, self.clock.uuid(), envelope),
            Err(refusal) => self.refuse(refusal, operation, envelope),
        }
    }

    fn refuse(&self, refusal: Refusal, operation: Operation, question: &[u8]) -> Result<Vec<u8>, PortError> {
        tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a message is refused");
        let fault = refusal.into_fault(operation, self.clock.now());
        self.seals.answer(Channel::Async, fault, self.clock.uuid(), question)
    }
}

#[async_trait]
impl Endpoint for AsyncRelay {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        self.answer(&envelope).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "an answer cannot be signed");
            Vec::new()
        })
    }
}

const fn operation(message: &Message) -> Operation {
    if matches!(message, Message::GetMessages(_)) {
        Operation::GetMessages
    } else if matches!(message, Message::GetMessageStatus(_)) {
        Operation::GetMessageStatus
    } else if matches!(message, Message::DeliveryNotification(_)) {
        Operation::SendDeliveryNotification
    } else {
        Operation::SendMessage
    }
}

/// The store is not there now: the sender keeps its message and sends it again.
pub(crate) fn busy(error: &StoreError) -> Refusal {
    tracing::error!(error = %error, "the store of the relay");
    Refusal::server(Code::Internal, "the store is unavailable")
}

/// Refuses now, and not when it is brought or asked for, what came so that it cannot be written again. The receipt is signed as
/// the answer would be in which it is given.
fn can_go(mut message: AsyncMessage, checked: &Checked, receipt: &[u8]) -> Result<(), Refusal> {
    message.info.message_id = Some(checked.letter.message.clone());
    message.info.session_id.clone_from(&checked.accepted.session_id);
    if checked.brought {
        let message = Message::SendMessage(message);
        Envelope { channel: Channel::Client, body_id: None, message }.write()?;
        return Ok(());
    }
    Ok(poll::can_be_given(message, receipt)?)
}

fn commit(checked: &Checked) -> Commit {
    let (key, mut letter, brought) = (checked.key, checked.letter.clone(), checked.brought);
    let receipt = Receipt {
        message: letter.message.clone(),
        correlation: checked.accepted.correlation_id.clone(),
        at: checked.accepted.response_date,
        meaning: letter.meaning.clone(),
    };
    let at = letter.accepted_at;
    let numbers = if brought { Vec::new() } else { vec![Letter::polled(&letter.to, &letter.service)] };
    let build = move |numbers: &[u64]| {
        letter.place = numbers.first().copied();
        let outbox = vec![if brought { work(key, &letter) } else { poll::end(key, &letter) }];
        Built {
            events: vec![first(key, &letter)],
            rows: vec![RowChange::PutIf(letter.row(key), 0), RowChange::Put(letter.handed_row(key))],
            outbox,
            answer: serde_json::to_vec(&receipt).unwrap_or_default(),
        }
    };
    let stream = Some((letter::stream(key), 0));
    Commit { order: Some(key), stream, numbers, appends: Vec::new(), build: Box::new(build), at }
}

fn first(key: Uuid, letter: &Letter) -> StoredEvent {
    letter::event(key, "message.accepted", letter.accepted_at, letter).behind((0, [0; 32]))
}

/// Work that brings a message: one after the other in its sender's chain, beside everything else.
fn work(key: Uuid, letter: &Letter) -> OutboxRow {
    OutboxRow {
        id: key,
        lane: format!("deliver/{}/{}/{}", letter.to, letter.sender, letter.correlation),
        kind: "deliver".to_owned(),
        payload: serde_json::to_vec(&Errand::Deliver { letter: key }).unwrap_or_default(),
        not_before: letter.accepted_at,
    }
}

fn again(answer: &[u8], checked: &Checked) -> Result<Accepted, Refusal> {
    let receipt = serde_json::from_slice(answer)
        .map_err(|_| Refusal::server(Code::Internal, "a stored answer cannot be read"))?;
    same(receipt, checked)
}

/// The same message gets the receipt of the first time; another one under its id is no message of that sender.
fn same(first: Receipt, checked: &Checked) -> Result<Accepted, Refusal> {
    if first.meaning != checked.letter.meaning {
        return Err(Refusal::client(Code::Format, "another message came under this id before"));
    }
    Ok(Accepted {
        message_id: first.message,
        correlation_id: first.correlation,
        response_date: first.at,
        session_id: SessionId::new(&checked.key.to_string()),
    })
}
