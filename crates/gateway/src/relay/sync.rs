// SPDX-License-Identifier: MIT OR Apache-2.0
//! The gateway's synchronous port: a question goes to the register it names, the answer comes back, both are kept.
//!
//! Nothing is cached: a question asked again is asked again.

use super::accept::busy;
use super::kept::{self, KeptExchange};
use super::letter;
use super::routes::{RegisterPlace, Routes};
use super::seals::{Answer, Seals};
use crate::files::TempStorage;
use crate::inbound::Refusal;
use crate::transport::{Endpoint, Transport};
use crate::wire::Wire;
use async_trait::async_trait;
use engine::case::FileHash;
use serde::Serialize;
use service::ports::store::{Append, Built, Commit, RowChange, StoreError, StreamId};
use service::ports::{Clock, PortError, Store};
use service::rows;
use shep::fault::{Blame, Operation};
use shep::sync::{SyncRequest, SyncResponse};
use shep::temp_storage;
use shep::{Channel, Code, Data, Envelope, Fault, Message, SessionId};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a register's answer is waited for: less than those wait who ask here.
pub const QUESTION_WAIT_SECONDS_MAX: u64 = 75;
/// Questions, by the ids of their exchanges; listed by sender and message id.
const QUESTIONS: &str = "relay-questions";

/// The gateway between those who ask and the registers.
#[derive(Debug)]
pub struct SyncRelay {
    routes: Routes,
    seals: Seals,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    storage: Option<Arc<TempStorage>>,
}

/// The open part of the event of a question.
#[derive(Debug, Serialize)]
struct Asked<'a> {
    sender: &'a str,
    message: &'a str,
    correlation: Option<&'a str>,
    service: &'a str,
    /// The question as received.
    envelope: &'a FileHash,
    /// SHA-256 of the question as it went on to the register.
    forwarded: String,
}

/// The open part of the event of an answer.
#[derive(Debug, Serialize)]
struct Answered<'a> {
    /// The id of the question.
    message: &'a str,
    /// SHA-256 of the question that went to the register: what this answers.
    to: &'a str,
    /// The answer as received, if there was one.
    envelope: Option<&'a FileHash>,
    /// The code, or why there is no answer.
    outcome: &'a str,
}

/// A question that was checked and kept.
struct Kept<'a> {
    exchange: Uuid,
    place: &'a RegisterPlace,
    message: String,
    service: String,
    correlation: Option<String>,
    forwarded: Vec<u8>,
    digest: String,
}

impl SyncRelay {
    /// Returns the gateway of these routes; `transport` reaches the registers.
    pub fn new(wire: Wire, store: Arc<dyn Store>, transport: Arc<dyn Transport>, routes: Routes) -> Self {
        let clock = Arc::clone(&wire.clock);
        Self { routes, seals: Seals::Signed(wire), store, clock, transport, storage: None }
    }

    /// Says which temporary storage answers here, unless the routes name a register for its service.
    #[must_use]
    pub fn with_storage(mut self, storage: Arc<TempStorage>) -> Self {
        self.storage = Some(storage);
        self
    }

    async fn take(&self, bytes: Vec<u8>, exchange: Uuid) -> Result<Message, Refusal> {
        let Message::SyncRequest(request) = Envelope::read(&bytes)?.message else {
            return Err(Refusal::client(Code::Format, "only `SendMessage` is answered here"));
        };
        let service = &request.info.service_id;
        let storage = self.storage.as_ref().filter(|_| !self.routes.registers.contains_key(service));
        if let Some(storage) = storage.filter(|_| service == temp_storage::SERVICE_ID) {
            return storage.answer(&bytes, &request).await;
        }
        let kept = self.keep(bytes, request, exchange).await?;
        let wait = Duration::from_secs(QUESTION_WAIT_SECONDS_MAX);
        let call = self.transport.exchange(&kept.place.endpoint, kept.forwarded.clone());
        let answer = match tokio::time::timeout(wait, call).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(PortError::Unavailable(why) | PortError::Unusable(why))) => {
                return self.unanswered(&kept, &why).await;
            }
            Err(_) => return self.unanswered(&kept, "no answer came in time").await,
        };
        let (judged, checked) = self.judge(&kept, &answer).await;
        let outcome = match &judged {
            Ok(Message::SyncResponse(it)) => it.info.status.code.as_str().to_owned(),
            Ok(_) => "fault".to_owned(),
            Err(refusal) => refusal.reason.clone(),
        };
        let file = self.store.put_file(answer).await.map_err(|it| busy(&it))?;
        let row = match &checked {
            Some(checked) => {
                Some(self.exchange(&kept, (file.clone(), checked)).await.map_err(|it| busy(&it))?)
            }
            None => None,
        };
        self.write_down(&kept, (Some(&file), row), &outcome).await?;
        judged
    }

    /// The documented order, then the question is kept before it leaves.
    async fn keep(
        &self,
        bytes: Vec<u8>,
        mut request: SyncRequest,
        exchange: Uuid,
    ) -> Result<Kept<'_>, Refusal> {
        let info = &request.info;
        let place = self.routes.registers.get(&info.service_id);
        let place =
            place.ok_or_else(|| Refusal::client(Code::ServiceUnknown, "the service is not known here"))?;
        let allowed = place.senders.contains(&info.sender.id);
        let sender = self.routes.systems.get(&info.sender.id).filter(|_| allowed);
        let sender = sender.ok_or_else(|| {
            Refusal::client(Code::TransportCertificate, "the sender may not ask this register")
        })?;
        self.seals.check_body(&bytes, &sender.peer).await?;
        self.seals.check_payload(signed(request.data.as_ref())?, sender.payload()).await?;
        request.info.session_id = SessionId::new(&exchange.to_string());
        let message = Message::SyncRequest(request.clone());
        let forwarded = self.seals.envelope(Channel::Sync, message, exchange).map_err(|it| unsealed(&it))?;
        let digest = hex::encode(eds::sha256(&forwarded));
        let file = self.store.put_file(bytes).await.map_err(|it| busy(&it))?;
        let info = request.info;
        let asked = Asked {
            sender: &info.sender.id,
            message: &info.message_id,
            correlation: info.correlation_id.as_deref(),
            service: &info.service_id,
            envelope: &file,
            forwarded: digest.clone(),
        };
        let list = Some(format!("message/{}/{}", info.sender.id, info.message_id));
        let now = self.clock.now();
        let sort = service::views::sortable(now);
        let row = rows::row(QUESTIONS, exchange.to_string(), list, sort, &asked);
        let event = letter::append(stream(exchange), "question.asked", now, &asked);
        self.commit(event, vec![RowChange::Put(row)]).await?;
        let (message, service, correlation) = (info.message_id, info.service_id, info.correlation_id);
        Ok(Kept { exchange, place, message, service, correlation, forwarded, digest })
    }

    /// Both layers of the answer are checked before it goes on; its payload goes on as it came. Returns the checked answer
    /// too, if the register signed it for this question.
    async fn judge(&self, kept: &Kept<'_>, bytes: &[u8]) -> (Result<Message, Refusal>, Option<Answer>) {
        let question = eds::sha256(&kept.forwarded);
        match self.seals.check_answer(bytes, &kept.place.peer, question).await {
            Ok(it) if it.ours => (self.judge_contents(kept, bytes).await, Some(it)),
            Ok(_) => {
                let other = "the register answers another question";
                (Err(Refusal::server(Code::Internal, other)), None)
            }
            Err(it) => (Err(theirs(&it)), None),
        }
    }

    async fn judge_contents(&self, kept: &Kept<'_>, bytes: &[u8]) -> Result<Message, Refusal> {
        let envelope = Envelope::read(bytes).map_err(|it| theirs(&it.into()))?;
        if let Message::Fault(fault) = envelope.message {
            return Ok(Message::Fault(told(fault)));
        }
        let Message::SyncResponse(response) = envelope.message else {
            return Err(Refusal::server(Code::Internal, "the register's answer is no answer"));
        };
        self.response(kept, response).await
    }

    async fn response(&self, kept: &Kept<'_>, mut response: SyncResponse) -> Result<Message, Refusal> {
        if kept.correlation.is_some() && response.info.correlation_id != kept.correlation {
            return Err(Refusal::server(Code::Internal, "the register answers another question"));
        }
        if let Some(data) = &response.data {
            self.seals.check_payload(data, kept.place.payload()).await.map_err(|it| theirs(&it))?;
        }
        response.info.session_id = SessionId::new(&kept.exchange.to_string());
        Ok(Message::SyncResponse(response))
    }

    /// Returns the row of an exchange whose answer is the register's.
    async fn exchange(&self, kept: &Kept<'_>, answer: (FileHash, &Answer)) -> Result<RowChange, StoreError> {
        let question = kept.forwarded.clone();
        let both = kept::keep(&*self.store, &kept.service, question, answer).await?;
        let stream = stream(kept.exchange).0;
        let exchange = KeptExchange { message: kept.message.clone(), stream, kept: both };
        Ok(exchange.row(kept.exchange, self.clock.now()))
    }

    async fn unanswered(&self, kept: &Kept<'_>, why: &str) -> Result<Message, Refusal> {
        self.write_down(kept, (None, None), why).await?;
        Err(Refusal::server(Code::ServiceUnknown, "the register gives no answer"))
    }

    async fn write_down(
        &self,
        kept: &Kept<'_>,
        (file, row): (Option<&FileHash>, Option<RowChange>),
        outcome: &str,
    ) -> Result<(), Refusal> {
        let answered = Answered { message: &kept.message, to: &kept.digest, envelope: file, outcome };
        let kind = if file.is_some() { "question.answered" } else { "question.unanswered" };
        let event = letter::append(stream(kept.exchange), kind, self.clock.now(), &answered);
        self.commit(event, row.into_iter().collect()).await
    }

    async fn commit(&self, event: Append, rows: Vec<RowChange>) -> Result<(), Refusal> {
        let at = event.at;
        let build = Box::new(move |_: &[u64]| Built { rows, ..Built::default() });
        let commit =
            Commit { order: None, stream: None, numbers: Vec::new(), appends: vec![event], build, at };
        self.store.commit(commit).await.map(drop).map_err(|it| busy(&StoreError(it.to_string())))
    }
}

#[async_trait]
impl Endpoint for SyncRelay {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let exchange = self.clock.uuid();
        let message = self.take(envelope.clone(), exchange).await.unwrap_or_else(|refusal| {
            tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a question is refused");
            refusal.into_fault(Operation::SyncSendMessage, self.clock.now())
        });
        self.seals.answer(Channel::Sync, message, exchange, &envelope).unwrap_or_else(|error| {
            tracing::error!(error = %error, "an answer cannot be signed");
            Vec::new()
        })
    }
}

fn theirs(it: &Refusal) -> Refusal {
    Refusal::server(Code::Internal, format!("the register's answer: {}", it.reason))
}

fn stream(exchange: Uuid) -> StreamId {
    StreamId(format!("question/{exchange}"))
}

fn signed(data: Option<&Data>) -> Result<&Data, Refusal> {
    data.ok_or_else(|| Refusal::client(Code::DataUnsigned, "the question has no payload"))
}

fn unsealed(error: &PortError) -> Refusal {
    match error {
        PortError::Unavailable(why) => Refusal::server(Code::Internal, why.clone()),
        PortError::Unusable(why) => Refusal::client(Code::Format, why.clone()),
    }
}

/// A fault of the register about our signature is ours to mend, and no fault of the one who asks.
fn told(mut fault: Fault) -> Fault {
    let ours = fault.detail.as_ref().is_some_and(|it| {
        matches!(it.1.code, Code::TransportSignature | Code::TransportUnsigned | Code::TransportCertificate)
    });
    if ours {
        fault.blame = Blame::Server;
        if let Some((_, info)) = &mut fault.detail {
            info.code = Code::Internal;
        }
    }
    fault
}
