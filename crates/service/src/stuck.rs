// SPDX-License-Identifier: MIT OR Apache-2.0
//! The board of an administrator: work that did not go at the first trial, why, and what he orders about it.

use crate::Service;
use crate::ports::store::{Append, Built, Commit, Settlement, StoreError, StreamId, Stuck};
use crate::work::Work;
use engine::case::CaseId;
use jiff::Timestamp;
use uuid::Uuid;

/// The most stuck work that is looked through.
const STUCK_MAX: usize = 500;
/// The stream of administrators' orders.
const ADMINISTRATION: &str = "administration";
/// The format of its events.
const FORMAT: u16 = 1;

/// Why work is stuck; what to do about it is told by the page in the reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkReason {
    /// The other side gives no answer: look at the link; nothing is lost.
    Silent,
    /// The other side refuses: look at the code in the words.
    Refused,
    /// The configuration has no way to the addressee.
    NoRoute,
    /// Evidence or a time stamp could not be had: look at the authority's services.
    Evidence,
    /// The store failed: look at the disk.
    Store,
    /// The work, or what it rests on, cannot be read or is inadmissible: a programmer must look.
    Unusable,
    /// Begun and cut off: it is done again by itself.
    CutOff,
    /// Tried again by itself; the words say why.
    Waiting,
}

impl WorkReason {
    /// Returns the code that stands for the reason and for what to do about it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Refused => "refused",
            Self::NoRoute => "no-route",
            Self::Evidence => "evidence",
            Self::Store => "store",
            Self::Unusable => "unusable",
            Self::CutOff => "cut-off",
            Self::Waiting => "waiting",
        }
    }

    fn of(stuck: &Stuck) -> Self {
        let Some(why) = &stuck.why else { return Self::CutOff };
        let says = |all: &[&str]| all.iter().any(|it| why.contains(it));
        if says(&["the other side refused"]) {
            Self::Refused
        } else if says(&["not in the directory", "no address is configured", "has no route"]) {
            Self::NoRoute
        } else if says(&["the store", "disk", "too many requests wait"]) {
            Self::Store
        } else if matches!(stuck.row.kind.as_str(), "verify-again" | "stamp-time") && !stuck.set_aside {
            Self::Evidence
        } else if says(&["silent", "no receipt", "no answer", "in time", "not there", "answers 5"]) {
            Self::Silent
        } else if stuck.set_aside {
            Self::Unusable
        } else {
            Self::Waiting
        }
    }
}

/// Work that did not go at the first trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StuckWork {
    /// Its id, for [`Service::retry_work`] and [`Service::give_up_work`].
    pub id: Uuid,
    /// Its case, if the work can be read.
    pub case: Option<CaseId>,
    /// What is to be done, such as `send-application`.
    pub what: String,
    /// Since when it is due.
    pub since: Timestamp,
    /// How many times it was tried.
    pub attempts: u32,
    /// Whether it is set aside: nothing happens until somebody orders it, and what is behind it waits.
    pub set_aside: bool,
    /// Why.
    pub reason: WorkReason,
    /// The words of the last trial, without personal data.
    pub words: String,
}

/// Why an administrator's order was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StuckError {
    /// No such work: done meanwhile.
    #[error("there is no such work any more")]
    Unknown,
    /// The store is not there.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

impl From<StoreError> for StuckError {
    fn from(it: StoreError) -> Self {
        Self::Unavailable(it.0)
    }
}

impl Service {
    /// Returns the work that did not go at the first trial, the oldest first.
    pub async fn stuck_work(&self, most: usize) -> Result<Vec<StuckWork>, StoreError> {
        Ok(self.ports.store.stuck(most.min(STUCK_MAX)).await?.iter().map(shown).collect())
    }

    /// An administrator orders that stuck work is tried again now.
    pub async fn retry_work(&self, id: Uuid, by: &str, reason: &str) -> Result<(), StuckError> {
        let stuck = self.find_stuck(id).await?;
        self.write_down("administration.work-retried", &stuck, (by, reason)).await?;
        let why = stuck.why.unwrap_or_default();
        self.ports.store.settle(id, Settlement::Again { at: self.now(), why }).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// An administrator orders that stuck work is not done any more; what waits behind it goes on.
    pub async fn give_up_work(&self, id: Uuid, by: &str, reason: &str) -> Result<(), StuckError> {
        let stuck = self.find_stuck(id).await?;
        self.write_down("administration.work-given-up", &stuck, (by, reason)).await?;
        self.ports.store.settle(id, Settlement::Done).await?;
        self.wake.notify_one();
        Ok(())
    }

    async fn find_stuck(&self, id: Uuid) -> Result<Stuck, StuckError> {
        let all = self.ports.store.stuck(STUCK_MAX).await?;
        all.into_iter().find(|it| it.row.id == id).ok_or(StuckError::Unknown)
    }

    /// The order is durable before it is carried out; given again it is written down again.
    async fn write_down(
        &self,
        kind: &str,
        stuck: &Stuck,
        (by, reason): (&str, &str),
    ) -> Result<(), StuckError> {
        let row = &stuck.row;
        let public = serde_json::json!({
            "work": row.id, "kind": row.kind, "lane": row.lane, "attempts": stuck.attempts,
            "by": by, "reason": reason,
        });
        let order = Append {
            stream: StreamId(ADMINISTRATION.to_owned()),
            at: self.now(),
            kind: kind.to_owned(),
            format: FORMAT,
            public: public.to_string().into_bytes(),
            private: None,
        };
        let at = order.at;
        let build = Box::new(|_: &[u64]| Built::default());
        let commit =
            Commit { order: None, stream: None, numbers: Vec::new(), appends: vec![order], build, at };
        let done = self.ports.store.commit(commit).await;
        done.map(drop).map_err(|it| StuckError::Unavailable(it.to_string()))
    }
}

fn shown(stuck: &Stuck) -> StuckWork {
    let work: Option<Work> = serde_json::from_slice(&stuck.row.payload).ok();
    StuckWork {
        id: stuck.row.id,
        case: work.map(|it| it.case),
        what: stuck.row.kind.clone(),
        since: stuck.row.not_before,
        attempts: stuck.attempts,
        set_aside: stuck.set_aside,
        reason: WorkReason::of(stuck),
        words: stuck.why.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::store::OutboxRow;

    fn reason(kind: &str, why: Option<&str>, set_aside: bool) -> &'static str {
        let row = OutboxRow {
            id: Uuid::nil(),
            lane: "l".to_owned(),
            kind: kind.to_owned(),
            payload: Vec::new(),
            not_before: Timestamp::UNIX_EPOCH,
        };
        WorkReason::of(&Stuck { row, attempts: 2, why: why.map(str::to_owned), set_aside }).code()
    }

    #[test]
    fn each_reason_has_its_advice() {
        assert_eq!(reason("send-application", Some("the endpoint is silent"), false), "silent");
        assert_eq!(reason("send-application", Some("the other side refused: SCE004"), false), "refused");
        assert_eq!(
            reason("send-application", Some("unusable: the addressee is not in the directory"), true),
            "no-route"
        );
        assert_eq!(reason("stamp-time", Some("revocation-unknown"), false), "evidence");
        assert_eq!(reason("tell-progress", Some("the store is unavailable: x"), false), "store");
        assert_eq!(reason("wake", Some("inadmissible: x"), true), "unusable");
        assert_eq!(reason("wake", None, false), "cut-off");
    }
}
