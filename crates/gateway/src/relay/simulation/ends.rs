// SPDX-License-Identifier: MIT OR Apache-2.0
//! The two ends: a portal whose outbox sends what its commits ordered, and a region whose inbox keeps each order once.
//!
//! Both keep to the protocol of `service`: work stands in the transaction of its event, the message's id is the order's id.

use super::store::SimStore;
use super::world::{Link, World};
use crate::inbound::{self, Refusal};
use crate::relay::letter;
use crate::relay::seals::Seals;
use crate::transport::{Endpoint, Transport};
use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use service::ports::store::{Built, Commit, CommitError, OutboxRow, Settlement, StoreError, StreamId};
use service::ports::{Clock, PortError, Store};
use service::turns::backoff;
use shep::asynchronous::{
    Accepted, AsyncInfo, AsyncMessage, MessageState, MessageType, StatusChange, StatusChangeReceipt,
};
use shep::fault::Operation;
use shep::{Channel, Code, Data, Envelope, Message, Sender, SessionId};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub(super) const SERVICE: &str = "S";

/// What a case has to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) id: Uuid,
    pub(super) case: u64,
    pub(super) number: u64,
}

impl Word {
    fn stream(&self) -> StreamId {
        StreamId(format!("case/{}", self.case))
    }
}

/// The portal's process.
#[derive(Debug)]
pub(super) struct Portal {
    pub(super) store: Arc<SimStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) link: Arc<Link>,
    /// What it was told, wherever its processes have been.
    pub(super) told: Arc<Mutex<BTreeSet<(String, &'static str)>>>,
}

impl Portal {
    /// A citizen acts: an event and its work in one transaction. Sent again until it stands.
    pub(super) async fn say(&self, word: &Word) -> Result<(), CommitError> {
        let store = &*self.store;
        let head = store.head(&word.stream()).await.map_err(|it| CommitError::Unavailable(it.0))?;
        let head = head.unwrap_or_default();
        let event = letter::append(word.stream(), "said", self.clock.now(), word).behind(head);
        let row = OutboxRow {
            id: word.id,
            lane: format!("border/{}", word.case),
            kind: "send".to_owned(),
            payload: serde_json::to_vec(word).unwrap(),
            not_before: self.clock.now(),
        };
        let build =
            Box::new(|_: &[u64]| Built { events: vec![event], outbox: vec![row], ..Built::default() });
        let (order, stream) = (Some(word.id), Some((word.stream(), head.0)));
        let commit =
            Commit { order, stream, numbers: Vec::new(), appends: Vec::new(), build, at: self.clock.now() };
        match store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    pub(super) async fn work_once(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let claimed = self.store.claim(now, now + SignedDuration::from_secs(120), 8).await?;
        let count = claimed.len();
        for it in claimed {
            let word: Word = serde_json::from_slice(&it.row.payload).unwrap();
            let settlement = match self.send(&word).await {
                Ok(()) => Settlement::Done,
                Err(PortError::Unavailable(why)) => {
                    Settlement::Again { at: self.clock.now() + backoff(it.attempts), why }
                }
                Err(PortError::Unusable(why)) => Settlement::SetAside { why },
            };
            self.store.settle(it.row.id, settlement).await?;
        }
        Ok(count)
    }

    async fn send(&self, word: &Word) -> Result<(), PortError> {
        let info = AsyncInfo {
            message_id: Some(word.id.to_string()),
            correlation_id: Some(word.case.to_string()),
            service_id: SERVICE.to_owned(),
            message_type: MessageType::Request,
            route_id: Some("region".to_owned()),
            message_date: self.clock.now(),
            sender: Sender { id: "portal".to_owned(), password: None },
            properties: Vec::new(),
            session_id: None,
        };
        let data = Data::element(format!("<word>{}</word>", word.number)).unwrap();
        let message = Message::SendMessage(AsyncMessage { info, data });
        let envelope = Seals::Plain.envelope(Channel::Async, message, word.id)?;
        let answer = self.link.exchange("gateway", envelope).await?;
        let message = Envelope::read(&answer).unwrap().message;
        if let Message::Fault(fault) = &message {
            return Err(inbound::told_fault(fault, true));
        }
        let Message::Accepted(it) = message else { panic!("{message:?}") };
        assert_eq!(it.message_id, word.id.to_string());
        Ok(())
    }
}

#[async_trait]
impl Endpoint for Portal {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let Message::StatusChange(it) = Envelope::read(&envelope).unwrap().message else { return Vec::new() };
        let StatusChange { message_id, state, session_id, .. } = it;
        assert_ne!(state, MessageState::DeliveryStopped);
        self.told.lock().unwrap().insert((message_id, state.as_str()));
        let session_id = session_id.unwrap();
        let receipt = StatusChangeReceipt { response_date: self.clock.now(), session_id };
        Seals::Plain.envelope(Channel::Client, Message::StatusChangeReceipt(receipt), Uuid::nil()).unwrap()
    }
}

/// The region's process.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) world: Arc<World>,
    pub(super) store: Arc<SimStore>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Region {
    async fn take(&self, envelope: &[u8]) -> Result<Accepted, Refusal> {
        let Message::SendMessage(message) = Envelope::read(envelope)?.message else {
            return Err(Refusal::client(Code::Format, "another operation"));
        };
        let info = message.info;
        let id: Uuid = info.message_id.unwrap().parse().unwrap();
        let text = message.data.document().unwrap().to_owned();
        let number = text.trim_start_matches("<word>").trim_end_matches("</word>").parse().unwrap();
        let case = info.correlation_id.clone().unwrap().parse().unwrap();
        let word = Word { id, case, number };
        if self.world.happens(|it| it.store) {
            return Err(Refusal::server(Code::Internal, "not now"));
        }
        self.keep(&word).await.map_err(|it| Refusal::server(Code::Internal, it.to_string()))?;
        Ok(Accepted {
            message_id: id.to_string(),
            correlation_id: case.to_string(),
            response_date: self.clock.now(),
            session_id: SessionId::new(&id.to_string()),
        })
    }

    async fn keep(&self, word: &Word) -> Result<(), CommitError> {
        let head = self.store.head(&word.stream()).await.map_err(|it| CommitError::Unavailable(it.0))?;
        let head = head.unwrap_or_default();
        let event = letter::append(word.stream(), "taken", self.clock.now(), word).behind(head);
        let build = Box::new(|_: &[u64]| Built { events: vec![event], ..Built::default() });
        let (order, stream) = (Some(word.id), Some((word.stream(), head.0)));
        let commit =
            Commit { order, stream, numbers: Vec::new(), appends: Vec::new(), build, at: self.clock.now() };
        match self.store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }
}

#[async_trait]
impl Endpoint for Region {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let message = match self.take(&envelope).await {
            Ok(it) => Message::Accepted(it),
            Err(it) => it.into_fault(Operation::SendMessage, self.clock.now()),
        };
        Seals::Plain.envelope(Channel::Client, message, Uuid::nil()).unwrap()
    }
}
