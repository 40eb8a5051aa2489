// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is stuck, since when, why, and what an administrator can do about it.

use super::accept::AsyncRelay;
use super::letter::{self, Letter, Said, State};
use super::mail::Errand;
use super::settle::Change;
use jiff::Timestamp;
use serde::Serialize;
use service::ports::store::{Append, Built, Commit, Settlement, StoreError, StreamId, Stuck};
use shep::Code;
use uuid::Uuid;

/// The stream of administrators' orders.
const ADMINISTRATION: &str = "administration";
/// Who looks after what is the gateway's own fault.
const GATEWAY: &str = "gateway";
/// The most stuck messages that are looked through.
const STUCK_MAX: usize = 500;

/// Why a message is stuck; what to do about it is told by the page in the reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StuckReason {
    /// The port gives no answer: look at the link and at the other side; nothing is lost.
    Silent,
    /// The other side answers that it cannot now, or not so that it counts: it is tried again.
    NotNow,
    /// Others are brought there now: it is tried again in a moment.
    Busy,
    /// The other side finds the message malformed, or what it says inadmissible.
    RefusedFormat,
    /// The other side does not know the service.
    RefusedService,
    /// The other side does not believe a certificate.
    RefusedCertificate,
    /// The other side finds a signature wrong or missing.
    RefusedSignature,
    /// The other side refuses by another code.
    Refused,
    /// The configuration has no way to the addressee.
    NoRoute,
    /// The transport cannot be used as configured.
    Transport,
    /// The kept message is gone from the store: restore it.
    FileGone,
    /// The kept message or its work cannot be read.
    Unreadable,
    /// There was no answer for too many days.
    Patience,
    /// Begun and cut off, or no reason is known.
    Unknown,
}

/// The reasons with their codes.
const REASONS: [(StuckReason, &str); 14] = [
    (StuckReason::Silent, "silent"),
    (StuckReason::NotNow, "not-now"),
    (StuckReason::Busy, "busy"),
    (StuckReason::RefusedFormat, "refused-format"),
    (StuckReason::RefusedService, "refused-service"),
    (StuckReason::RefusedCertificate, "refused-certificate"),
    (StuckReason::RefusedSignature, "refused-signature"),
    (StuckReason::Refused, "refused"),
    (StuckReason::NoRoute, "no-route"),
    (StuckReason::Transport, "transport"),
    (StuckReason::FileGone, "file-gone"),
    (StuckReason::Unreadable, "unreadable"),
    (StuckReason::Patience, "patience"),
    (StuckReason::Unknown, "unknown"),
];

impl StuckReason {
    /// Returns the code that stands for the reason and for what to do about it.
    pub fn code(self) -> &'static str {
        REASONS.iter().find(|it| it.0 == self).map_or("unknown", |it| it.1)
    }

    /// Returns the reason of a refusal by this code.
    pub(super) fn refused(code: Option<&Code>) -> Self {
        match code {
            Some(Code::Format) => Self::RefusedFormat,
            Some(Code::ServiceUnknown) => Self::RefusedService,
            Some(Code::TransportCertificate | Code::DataCertificate) => Self::RefusedCertificate,
            Some(
                Code::TransportSignature | Code::TransportUnsigned | Code::DataSignature | Code::DataUnsigned,
            ) => Self::RefusedSignature,
            _ => Self::Refused,
        }
    }

    /// Writes the reason before its words, as a settlement keeps both.
    pub(super) fn why(self, words: &str) -> String {
        format!("{}: {words}", self.code())
    }

    /// Reads the reason and the words of a settlement.
    fn read(why: Option<&str>) -> (Self, String) {
        let Some(why) = why else { return (Self::Unknown, String::new()) };
        let known = why
            .split_once(": ")
            .and_then(|(code, words)| Some((REASONS.iter().find(|it| it.1 == code)?.0, words.to_owned())));
        known.unwrap_or_else(|| (Self::Unknown, why.to_owned()))
    }

    /// Returns who has to look: the sender, the addressee, or the gateway itself.
    fn owner(self, letter: &Letter) -> &str {
        match self {
            Self::RefusedFormat | Self::Refused => &letter.sender,
            Self::Silent | Self::NotNow | Self::RefusedService | Self::Patience => &letter.to,
            Self::Busy
            | Self::RefusedCertificate
            | Self::RefusedSignature
            | Self::NoRoute
            | Self::Transport
            | Self::FileGone
            | Self::Unreadable
            | Self::Unknown => GATEWAY,
        }
    }
}

/// A message, or a notice about one, that did not go at the first trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckMessage {
    /// Its work, for [`AsyncRelay::retry`] and [`AsyncRelay::give_up`].
    pub id: Uuid,
    /// Whether it is only a notice for the sender.
    pub notice: bool,
    /// The system that sent it.
    pub sender: String,
    /// Its id.
    pub message: String,
    /// Its chain: whatever follows in it waits too.
    pub correlation: String,
    /// The service.
    pub service: String,
    /// The system that it is for.
    pub to: String,
    /// Since when it is on its way.
    pub since: Timestamp,
    /// How many times it was tried.
    pub attempts: u32,
    /// Whether it is set aside: nothing happens until somebody orders it.
    pub set_aside: bool,
    /// Why.
    pub reason: StuckReason,
    /// The words of the last trial, without personal data.
    pub words: String,
    /// Who has to look: a system, or `gateway`.
    pub owner: String,
}

/// Why an administrator's order was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// No such work: done meanwhile.
    #[error("there is no such work any more")]
    Unknown,
    /// The store is not there.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

impl From<StoreError> for BoardError {
    fn from(it: StoreError) -> Self {
        Self::Unavailable(it.0)
    }
}

/// The open part of an administrator's order.
#[derive(Debug, Serialize)]
struct Ordered<'a> {
    work: Uuid,
    kind: &'a str,
    lane: &'a str,
    by: &'a str,
    reason: &'a str,
}

impl AsyncRelay {
    /// Returns what did not go at the first trial, the oldest first.
    pub async fn stuck(&self, most: usize) -> Result<Vec<StuckMessage>, StoreError> {
        let mut found = Vec::new();
        for stuck in self.store.stuck(most.min(STUCK_MAX)).await? {
            found.push(self.shown(stuck).await?);
        }
        Ok(found)
    }

    async fn shown(&self, stuck: Stuck) -> Result<StuckMessage, StoreError> {
        let (reason, words) = StuckReason::read(stuck.why.as_deref());
        let (key, notice) = match serde_json::from_slice(&stuck.row.payload) {
            Ok(Errand::Deliver { letter }) => (letter, false),
            Ok(Errand::Tell { letter, .. }) => (letter, true),
            Err(_) => (stuck.row.id, false),
        };
        let letter = Letter::find(&*self.store, key).await?.map(|it| it.0);
        let text = |of: fn(&Letter) -> &str| letter.as_ref().map(of).unwrap_or_default().to_owned();
        let (from, to) = (text(|it| &it.sender), text(|it| &it.to));
        Ok(StuckMessage {
            id: stuck.row.id,
            notice,
            message: text(|it| &it.message),
            correlation: text(|it| &it.correlation),
            service: text(|it| &it.service),
            // A notice goes the other way.
            to: if notice { from.clone() } else { to },
            sender: if notice { GATEWAY.to_owned() } else { from },
            since: letter.as_ref().map_or(stuck.row.not_before, |it| it.accepted_at),
            attempts: stuck.attempts,
            set_aside: stuck.set_aside,
            owner: letter.as_ref().map_or(GATEWAY, |it| reason.owner(it)).to_owned(),
            reason,
            words,
        })
    }

    /// An administrator orders that stuck work is tried again now.
    pub async fn retry(&self, id: Uuid, by: &str, reason: &str) -> Result<(), BoardError> {
        let stuck = self.stuck_work(id).await?;
        let order = self.ordered(&stuck, "relay.retried", by, reason);
        self.write_down(order).await?;
        let why = StuckReason::read(stuck.why.as_deref());
        let again = Settlement::Again { at: self.clock.now(), why: why.0.why(&why.1) };
        self.store.settle(id, again).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// An administrator orders that a message is not brought any more; its sender is told, and its chain goes on.
    pub async fn give_up(&self, id: Uuid, by: &str, reason: &str) -> Result<(), BoardError> {
        let stuck = self.stuck_work(id).await?;
        let order = self.ordered(&stuck, "relay.given-up", by, reason);
        if let Ok(Errand::Deliver { letter }) = serde_json::from_slice(&stuck.row.payload) {
            let said = Said {
                state: State::Stopped,
                code: Code::Internal.as_str().to_owned(),
                words: "given up by the gateway's administrator".to_owned(),
                at: self.clock.now(),
            };
            let change = || Change {
                what: "stopped",
                kind: "message.stopped",
                said: said.clone(),
                along: vec![order.clone()],
            };
            self.change(letter, change).await?;
        } else {
            self.write_down(order).await?;
        }
        self.store.settle(id, Settlement::Done).await?;
        self.wake.notify_one();
        Ok(())
    }

    async fn stuck_work(&self, id: Uuid) -> Result<Stuck, BoardError> {
        let all = self.store.stuck(STUCK_MAX).await?;
        all.into_iter().find(|it| it.row.id == id).ok_or(BoardError::Unknown)
    }

    fn ordered(&self, stuck: &Stuck, kind: &str, by: &str, reason: &str) -> Append {
        let row = &stuck.row;
        let ordered = Ordered { work: row.id, kind: &row.kind, lane: &row.lane, by, reason };
        letter::append(StreamId(ADMINISTRATION.to_owned()), kind, self.clock.now(), &ordered)
    }

    async fn write_down(&self, order: Append) -> Result<(), BoardError> {
        let at = order.at;
        let commit = Commit {
            order: None,
            stream: None,
            numbers: Vec::new(),
            appends: vec![order],
            build: Box::new(|_| Built::default()),
            at,
        };
        self.store.commit(commit).await.map(drop).map_err(|it| BoardError::Unavailable(it.to_string()))
    }
}
