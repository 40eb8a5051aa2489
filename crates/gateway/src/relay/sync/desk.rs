// SPDX-License-Identifier: MIT OR Apache-2.0
//! What becomes of a question: checked, kept, asked of its register in its turn, and ended in the journal.

use super::QUESTION_WAIT_SECONDS_MAX;
use crate::inbound::Refusal;
use crate::relay::busy;
use crate::relay::kept::{self, KeptExchange};
use crate::relay::letter;
use crate::relay::routes::{Member, RegisterPlace, Routes};
use crate::relay::seals::{Answer, Seals};
use crate::transport::Transport;
use engine::case::FileHash;
use serde::{Deserialize, Serialize};
use service::ports::store::{Append, Built, Commit, LIST_MAX, ListQuery, RowChange, StoreError, StreamId};
use service::ports::{Clock, PortError, Store};
use service::rows;
use service::turns::{Turn, Turns};
use shep::fault::Blame;
use shep::sync::{SyncRequest, SyncResponse};
use shep::{Channel, Code, Data, Envelope, Fault, Message, SessionId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};
use uuid::Uuid;

/// Questions, by the ids of their exchanges; listed by sender and message id.
const QUESTIONS: &str = "relay-questions";
/// Questions that were asked and have no end yet.
const OPEN: &str = "relay-questions-open";
/// Questions that one register is asked at a time: half of all, so that one that hangs leaves room for others.
const CALLS_MAX: usize = 24;
/// Questions that all registers are asked at a time: fewer than a port takes at once, so that the temporary storage always
/// has room beside them.
const ASKED_MAX: usize = 48;

/// What questions are asked with.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) seals: Seals,
    pub(super) clock: Arc<dyn Clock>,
    systems: BTreeMap<String, Member>,
    registers: BTreeMap<String, Arc<RegisterPlace>>,
    store: Arc<dyn Store>,
    transport: Arc<dyn Transport>,
    turns: Turns,
    places: Semaphore,
    /// Whether what an earlier process left open was ended.
    begun: OnceCell<()>,
}

/// A question that was checked, with the register that it goes to.
pub(super) struct Question {
    bytes: Vec<u8>,
    request: SyncRequest,
    place: Arc<RegisterPlace>,
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

/// What the end of a question needs.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Open {
    message: String,
    to: String,
}

/// A question that was checked and kept.
struct Kept {
    exchange: Uuid,
    place: Arc<RegisterPlace>,
    message: String,
    service: String,
    correlation: Option<String>,
    forwarded: Vec<u8>,
    digest: String,
}

impl Desk {
    pub(super) fn new(
        seals: Seals,
        (store, clock): (Arc<dyn Store>, Arc<dyn Clock>),
        transport: Arc<dyn Transport>,
        routes: Routes,
    ) -> Self {
        let registers = routes.registers.into_iter().map(|(id, it)| (id, Arc::new(it))).collect();
        let (turns, places) = (Turns::new(CALLS_MAX), Semaphore::new(ASKED_MAX));
        let (systems, begun) = (routes.systems, OnceCell::new());
        Self { seals, clock, systems, registers, store, transport, turns, places, begun }
    }

    /// Says whether a service is a register's.
    pub(super) fn knows(&self, service: &str) -> bool {
        self.registers.contains_key(service)
    }

    /// The documented order.
    pub(super) async fn check(&self, bytes: Vec<u8>, request: SyncRequest) -> Result<Question, Refusal> {
        let info = &request.info;
        let place = self.registers.get(&info.service_id);
        let place =
            place.ok_or_else(|| Refusal::client(Code::ServiceUnknown, "the service is not known here"))?;
        let allowed = place.senders.contains(&info.sender.id);
        let sender = self.systems.get(&info.sender.id).filter(|_| allowed);
        let sender = sender.ok_or_else(|| {
            Refusal::client(Code::TransportCertificate, "the sender may not ask this register")
        })?;
        self.seals.check_body(&bytes, &sender.peer).await?;
        self.seals.check_payload(signed(request.data.as_ref())?, sender.payload()).await?;
        Ok(Question { bytes, place: Arc::clone(place), request })
    }

    /// Asks the register; one that is silent is asked by one question at a time, and the others are answered at once.
    pub(super) async fn ask(&self, question: Question, exchange: Uuid) -> Result<Message, Refusal> {
        self.begun.get_or_try_init(|| self.end_open()).await?;
        let crowded = || Refusal::server(Code::ServiceUnknown, "too many questions are asked now");
        let place = Arc::clone(&question.place);
        let turn = self.turns.enter(&place.endpoint, self.clock.now()).map_err(|turn| match turn {
            Turn::Busy(_) => crowded(),
            Turn::Silent(_) => {
                Refusal::server(Code::ServiceUnknown, "the register was silent a moment ago; ask again later")
            }
        })?;
        let room = self.places.try_acquire().map_err(|_| crowded())?;
        let kept = self.keep(question, exchange).await?;
        let answer = self.call(&kept).await;
        drop((turn, room));
        match answer {
            Ok(answer) => self.take(&kept, answer).await,
            Err(why) => {
                self.write_down(&kept, (None, None), &why).await?;
                Err(Refusal::server(Code::ServiceUnknown, "the register gives no answer"))
            }
        }
    }

    /// The question is kept before it leaves.
    async fn keep(&self, question: Question, exchange: Uuid) -> Result<Kept, Refusal> {
        let Question { bytes, mut request, place } = question;
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
        let row = rows::row(QUESTIONS, exchange.to_string(), list, sort.clone(), &asked);
        let open = Open { message: info.message_id.clone(), to: digest.clone() };
        let open = rows::row(OPEN, exchange.to_string(), Some(OPEN.to_owned()), sort, &open);
        let event = letter::append(stream(exchange), "question.asked", now, &asked);
        self.commit(vec![event], vec![RowChange::Put(row), RowChange::Put(open)]).await?;
        let (message, service, correlation) = (info.message_id, info.service_id, info.correlation_id);
        Ok(Kept { exchange, place, message, service, correlation, forwarded, digest })
    }

    /// Returns the register's answer, or why there is none.
    async fn call(&self, kept: &Kept) -> Result<Vec<u8>, String> {
        let wait = Duration::from_secs(QUESTION_WAIT_SECONDS_MAX);
        let endpoint = &kept.place.endpoint;
        let call = self.transport.exchange(endpoint, kept.forwarded.clone());
        let late = |_| Err(PortError::Unavailable("no answer came in time".to_owned()));
        match tokio::time::timeout(wait, call).await.unwrap_or_else(late) {
            Ok(answer) => {
                self.turns.answered(endpoint);
                Ok(answer)
            }
            Err(PortError::Unavailable(why)) => {
                self.turns.silent(endpoint, self.clock.now());
                Err(why)
            }
            Err(PortError::Unusable(why)) => Err(why),
        }
    }

    /// Judges an answer and keeps it.
    async fn take(&self, kept: &Kept, answer: Vec<u8>) -> Result<Message, Refusal> {
        let (judged, checked) = self.judge(kept, &answer).await;
        let outcome = match &judged {
            Ok(Message::SyncResponse(it)) => it.info.status.code.as_str().to_owned(),
            Ok(_) => "fault".to_owned(),
            Err(refusal) => refusal.reason.clone(),
        };
        let file = self.store.put_file(answer).await.map_err(|it| busy(&it))?;
        let row = match &checked {
            Some(checked) => {
                Some(self.exchange(kept, (file.clone(), checked)).await.map_err(|it| busy(&it))?)
            }
            None => None,
        };
        self.write_down(kept, (Some(&file), row), &outcome).await?;
        judged
    }

    /// Both layers of the answer are checked before it goes on; its payload goes on as it came. Returns the checked answer
    /// too, if the register signed it for this question.
    async fn judge(&self, kept: &Kept, bytes: &[u8]) -> (Result<Message, Refusal>, Option<Answer>) {
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

    async fn judge_contents(&self, kept: &Kept, bytes: &[u8]) -> Result<Message, Refusal> {
        let envelope = Envelope::read(bytes).map_err(|it| theirs(&it.into()))?;
        if let Message::Fault(fault) = envelope.message {
            return Ok(Message::Fault(told(fault)));
        }
        let Message::SyncResponse(response) = envelope.message else {
            return Err(Refusal::server(Code::Internal, "the register's answer is no answer"));
        };
        self.response(kept, response).await
    }

    async fn response(&self, kept: &Kept, mut response: SyncResponse) -> Result<Message, Refusal> {
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
    async fn exchange(&self, kept: &Kept, answer: (FileHash, &Answer)) -> Result<RowChange, StoreError> {
        let question = kept.forwarded.clone();
        let both = kept::keep(&*self.store, &kept.service, question, answer).await?;
        let stream = stream(kept.exchange).0;
        let exchange = KeptExchange { message: kept.message.clone(), stream, kept: both };
        Ok(exchange.row(kept.exchange, self.clock.now()))
    }

    async fn write_down(
        &self,
        kept: &Kept,
        (file, row): (Option<&FileHash>, Option<RowChange>),
        outcome: &str,
    ) -> Result<(), Refusal> {
        let answered = Answered { message: &kept.message, to: &kept.digest, envelope: file, outcome };
        let kind = if file.is_some() { "question.answered" } else { "question.unanswered" };
        let event = letter::append(stream(kept.exchange), kind, self.clock.now(), &answered);
        let rows = row.into_iter().chain([closed(kept.exchange.to_string())]).collect();
        self.commit(vec![event], rows).await
    }

    /// Ends what a process left open that was stopped while registers were asked; nothing of this one is open yet.
    async fn end_open(&self) -> Result<(), Refusal> {
        loop {
            let query = ListQuery {
                table: OPEN.to_owned(),
                list: OPEN.to_owned(),
                after: None,
                descending: false,
                limit: LIST_MAX,
            };
            let left = self.store.list(query).await.map_err(|it| busy(&it))?;
            let (mut events, mut rows) = (Vec::new(), Vec::new());
            for row in &left {
                // One that cannot be read has its end too: it must not keep others from being asked.
                let open: Open = rows::body(row).unwrap_or_default();
                let outcome = "the gateway was stopped before there was an answer";
                let end = Answered { message: &open.message, to: &open.to, envelope: None, outcome };
                let stream = StreamId(format!("question/{}", row.key));
                events.push(letter::append(stream, "question.unanswered", self.clock.now(), &end));
                rows.push(closed(row.key.clone()));
            }
            if left.is_empty() {
                return Ok(());
            }
            tracing::warn!(questions = left.len(), "questions of an earlier process had no end");
            self.commit(events, rows).await?;
        }
    }

    async fn commit(&self, appends: Vec<Append>, rows: Vec<RowChange>) -> Result<(), Refusal> {
        let at = self.clock.now();
        let build = Box::new(move |_: &[u64]| Built { rows, ..Built::default() });
        let commit = Commit { order: None, stream: None, numbers: Vec::new(), appends, build, at };
        self.store.commit(commit).await.map(drop).map_err(|it| busy(&StoreError(it.to_string())))
    }
}

fn theirs(it: &Refusal) -> Refusal {
    Refusal::server(Code::Internal, format!("the register's answer: {}", it.reason))
}

fn stream(exchange: Uuid) -> StreamId {
    StreamId(format!("question/{exchange}"))
}

/// A question that has its end is open no more.
fn closed(exchange: String) -> RowChange {
    RowChange::Delete { table: OPEN.to_owned(), key: exchange }
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
