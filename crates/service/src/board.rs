// SPDX-License-Identifier: MIT OR Apache-2.0
//! The administrator's board: what did not go at the first trial, since when, why, who must act, and what he orders about it.
//!
//! One vocabulary for the use cases ([`WorkBoard`]) and for the gateway between systems; the page and the command say it in
//! words. Nothing on it is personal: ids, codes, and words without numbers of persons.

mod reason;
mod refused;
mod returned;
mod work;

pub use reason::Reason;
pub(crate) use refused::{KeptAnomaly, KeptNotTaken, anomaly_row, not_taken_row, taken_row};
pub(crate) use work::KEY_BY_ORDER;
pub use work::WorkBoard;

use crate::ports::Store;
use crate::ports::store::{
    Append, Built, Commit, CommitError, LIST_MAX, ListQuery, OutboxRow, Row, RowChange, StoreError, StreamId,
    Stuck,
};
use async_trait::async_trait;
use engine::case::CaseId;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// The most items of a board.
pub const ITEMS_MAX: usize = 500;
/// Longest reason of an order, in characters; what is longer is cut.
pub const WHY_CHARS_MAX: usize = 500;
/// Longest words of a trial, in characters; what is longer is cut.
const WORDS_CHARS_MAX: usize = 300;
/// As many digits in a row may be the number of a person.
const PERSONAL_DIGITS: usize = 10;
/// The stream of administrators' orders.
const ADMINISTRATION: &str = "administration";
/// The format of its events.
const FORMAT: u16 = 1;

/// What is stuck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum What {
    /// Work of a case.
    Work {
        /// Its kind, such as `send-application`.
        kind: String,
        /// Its case, if the work can be read.
        case: Option<CaseId>,
        /// The register that is asked.
        register: Option<String>,
    },
    /// A message between systems, or a notice for its sender.
    Message {
        /// Whether it is only a notice for the sender.
        notice: bool,
        /// Its id.
        message: String,
        /// Its chain: whatever follows in it waits too.
        chain: String,
        /// The service.
        service: String,
        /// The system that sent it.
        from: String,
        /// The system that it is for.
        to: String,
    },
    /// A message that came under an id that its sender had used for another: it was refused, and there is nothing to be tried.
    Anomaly {
        /// Its id.
        message: String,
        /// The case that it is about.
        case: CaseId,
        /// The system that sent it.
        from: String,
    },
    /// An application in the published form that could not be taken: the sender may send it again, and here there is nothing
    /// to be tried. All of it is any text of the portal's.
    NotTaken {
        /// Its number at the portal, which whoever applied knows; empty where the message cannot be read.
        number: String,
        /// The id of the message that came last.
        message: String,
        /// The system that sent it.
        from: String,
    },
}

/// Who must act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "who", content = "name", rename_all = "kebab-case")]
pub enum Acts {
    /// Nobody: it goes on by itself.
    Nobody,
    /// Those who keep another system, by its name where it is known.
    Other(Option<String>),
    /// The administrator of this system.
    Administrator,
    /// The makers of the program.
    Makers,
}

/// What giving up brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The case goes no further by itself.
    CaseStops,
    /// Something of a case is not done, and the case goes on.
    Left,
    /// The sender of the message is told that it is not delivered.
    SenderTold,
    /// It is taken down: it was looked into, and nothing else changes.
    Noted,
}

/// Something stuck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its id, for orders about it.
    pub id: Uuid,
    /// What.
    pub what: What,
    /// Since when.
    pub since: Timestamp,
    /// How many times it was tried.
    pub attempts: u32,
    /// When it is tried again by itself; nothing where it is set aside.
    pub next: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
    /// The words of the last trial.
    pub words: String,
    /// Who must act.
    pub acts: Acts,
    /// What giving up brings about; nothing where it cannot be given up.
    pub ending: Option<Ending>,
}

impl Item {
    /// Returns whether it is set aside: nothing happens until somebody orders it, and what is behind it waits.
    pub const fn is_aside(&self) -> bool {
        self.next.is_none()
    }

    /// Returns whether it can be tried again.
    pub const fn can_be_retried(&self) -> bool {
        !matches!(self.what, What::Anomaly { .. } | What::NotTaken { .. })
    }
}

/// Whose order it is, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// Who: the login, or what the command was called by.
    pub by: &'a str,
    /// Why.
    pub why: &'a str,
}

/// Why an order was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// No such item: done meanwhile.
    #[error("there is no such work any more")]
    Unknown,
    /// It is needed or goes on by itself.
    #[error("it cannot be given up: it is tried again by itself, and its case cannot go on without it")]
    Needed,
    /// There is nothing to be tried.
    #[error("there is nothing to be tried again: give it up with a reason once it was looked into")]
    NothingToTry,
    /// Whoever gives something up says why.
    #[error("the reason is missing")]
    NoReason,
    /// The store is not there.
    #[error("unavailable: {0}")]
    Unavailable(String),
}

impl From<StoreError> for BoardError {
    fn from(it: StoreError) -> Self {
        Self::Unavailable(it.0)
    }
}

/// A board: what is stuck in one store, and orders about it. An order is in the stream `administration` before it is carried
/// out.
#[async_trait]
pub trait Board: std::fmt::Debug + Send + Sync {
    /// Returns what is stuck, the oldest first, at most [`ITEMS_MAX`]; where there is more, work that is set aside is not left
    /// out for messages that were refused, and neither for what is tried again.
    async fn items(&self) -> Result<Vec<Item>, BoardError>;

    /// Has it tried again now.
    async fn retry(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError>;

    /// Ends it undone, once; what waits behind it goes on.
    async fn give_up(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError>;
}

/// The open part of an order's event.
#[derive(Debug, Serialize)]
struct Ordered<'a> {
    work: Uuid,
    kind: &'a str,
    lane: &'a str,
    attempts: u32,
    by: &'a str,
    why: String,
}

/// Returns the event of an order to try again.
pub fn retried(stuck: &Stuck, order: Order<'_>, at: Timestamp) -> Append {
    ordered("administration.retried", stuck, order, at)
}

/// Returns the event of an order to give up, which must have a reason.
pub fn given_up(stuck: &Stuck, order: Order<'_>, at: Timestamp) -> Result<Append, BoardError> {
    if order.why.trim().is_empty() {
        return Err(BoardError::NoReason);
    }
    Ok(ordered("administration.given-up", stuck, order, at))
}

fn ordered(kind: &str, stuck: &Stuck, order: Order<'_>, at: Timestamp) -> Append {
    let row = &stuck.row;
    let why = without_numbers(order.why.trim(), WHY_CHARS_MAX);
    let public = Ordered {
        work: row.id,
        kind: &row.kind,
        lane: &row.lane,
        attempts: stuck.attempts,
        by: order.by,
        why,
    };
    Append {
        stream: StreamId(ADMINISTRATION.to_owned()),
        at,
        kind: kind.to_owned(),
        format: FORMAT,
        public: serde_json::to_vec(&public).unwrap_or_default(),
        private: None,
    }
}

/// Writes an order down. `once` is the id of an order that is written once however often it is given.
pub async fn write_down(store: &dyn Store, event: Append, once: Option<Uuid>) -> Result<(), BoardError> {
    let at = event.at;
    let build = Box::new(|_: &[u64]| Built::default());
    let commit = Commit { order: once, stream: None, numbers: Vec::new(), appends: vec![event], build, at };
    match store.commit(commit).await {
        Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
        Err(failed) => Err(BoardError::Unavailable(failed.to_string())),
    }
}

/// Takes a row off its list, with the event of the order and the work that follows, in one transaction.
async fn take_down(
    store: &dyn Store,
    row: &Row,
    event: Append,
    (order, outbox): (Uuid, Vec<OutboxRow>),
) -> Result<(), BoardError> {
    let rows = vec![RowChange::PutIf(Row { list: None, ..row.clone() }, row.revision)];
    let at = event.at;
    let build = Box::new(move |_: &[u64]| Built { rows, outbox, ..Built::default() });
    let commit =
        Commit { order: Some(order), stream: None, numbers: Vec::new(), appends: vec![event], build, at };
    match store.commit(commit).await {
        Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
        // Something newer came meanwhile.
        Err(CommitError::RowLost | CommitError::VersionLost) => Err(BoardError::Unknown),
        Err(failed) => Err(BoardError::Unavailable(failed.to_string())),
    }
}

/// Returns the rows of a list, oldest first, at most [`ITEMS_MAX`].
async fn listed(store: &dyn Store, table: &str, list: &str) -> Result<Vec<Row>, StoreError> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..ITEMS_MAX.div_ceil(LIST_MAX) {
        let query = ListQuery {
            table: table.to_owned(),
            list: list.to_owned(),
            after,
            descending: false,
            limit: LIST_MAX,
        };
        let page = store.list(query).await?;
        let Some(end) = page.last() else { break };
        after = Some((end.sort.clone(), end.key.clone()));
        found.extend(page);
    }
    Ok(found)
}

/// Returns the words of a trial as they may be shown: of bounded length, without what may be the number of a person.
pub fn shown_words(words: &str) -> String {
    without_numbers(words, WORDS_CHARS_MAX)
}

fn without_numbers(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    // The end of the text ends a number too.
    for it in text.chars().take(most).map(Some).chain([None]) {
        match it {
            Some(digit) if digit.is_ascii_digit() => digits.push(digit),
            other => {
                if digits.len() < PERSONAL_DIGITS {
                    out.push_str(&digits);
                } else {
                    out.push('…');
                }
                digits.clear();
                out.extend(other);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_show_no_number_of_a_person() {
        let id = "0193c7f0-0000-7000-8000-0a0b0c0d0e07";
        let words = shown_words(&format!("person 580308499930 of {id} at 2026-11-21: SCE004"));
        assert_eq!(words, format!("person … of {id} at 2026-11-21: SCE004"));
        assert_eq!(shown_words(&"x".repeat(1_000)).len(), WORDS_CHARS_MAX);
        assert_eq!(shown_words("5803084999"), "…");
    }
}
