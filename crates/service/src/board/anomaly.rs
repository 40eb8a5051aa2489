// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that came under an id that their sender had used for another: refused, and nothing of ours is changed. The
//! administrator asks the sender's, and takes the item down with what he learned.

use super::{BoardError, Ending, Item, Reason, What, listed, take_down};
use crate::ports::Store;
use crate::ports::store::{Append, OutboxRow, Row, RowChange, StoreError, Stuck};
use crate::registers::id_of;
use crate::{rows, tables};
use engine::case::CaseId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The list of those that nobody has taken note of.
const OPEN: &str = "open";
/// The kind, as orders about it are journaled.
const KIND: &str = "message-anomaly";

/// Which message it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptAnomaly {
    /// The system that sent it.
    pub(crate) sender: String,
    /// Its id, which another had before.
    pub(crate) message: Uuid,
    /// The case that it is about.
    pub(crate) case: CaseId,
}

/// What stands in its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    of: KeptAnomaly,
    /// Since when it stands on the board.
    since: Timestamp,
    /// How many other contents came under the id.
    times: u32,
}

/// A message of a used id, as it stands on the board.
#[derive(Debug)]
pub(super) struct Anomaly {
    id: Uuid,
    stored: Stored,
    row: Row,
}

/// Returns the change that puts it on the board: one item for each id of a sender, whatever else comes under it.
pub(crate) async fn anomaly_row(
    store: &dyn Store,
    of: KeptAnomaly,
    now: Timestamp,
) -> Result<RowChange, StoreError> {
    let id = id_of(&["anomaly", &of.sender, &of.message.to_string()]).to_string();
    let known = store.row(tables::ANOMALIES, &id).await?;
    let before: Option<Stored> = known.as_ref().map(rows::body).transpose()?;
    let stands = known.as_ref().is_some_and(|it| it.list.is_some());
    let since = before.as_ref().filter(|_| stands).map_or(now, |it| it.since);
    let times = before.map_or(0, |it| it.times).saturating_add(1);
    let stored = Stored { of, since, times };
    let sort = crate::views::sortable(since);
    let row = rows::row(tables::ANOMALIES, id, Some(OPEN.to_owned()), sort, &stored);
    Ok(RowChange::PutIf(row, known.map_or(0, |it| it.revision)))
}

/// Returns those that nobody has taken note of, oldest first.
pub(super) async fn all(store: &dyn Store) -> Result<Vec<Anomaly>, StoreError> {
    let rows = listed(store, tables::ANOMALIES, OPEN).await?;
    Ok(rows.into_iter().map(of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Returns the one of this id, if nobody has taken note of it.
pub(super) async fn one(store: &dyn Store, id: Uuid) -> Result<Option<Anomaly>, StoreError> {
    match store.row(tables::ANOMALIES, &id.to_string()).await? {
        Some(row) if row.list.is_some() => of(row),
        _ => Ok(None),
    }
}

fn of(row: Row) -> Result<Option<Anomaly>, StoreError> {
    let stored: Stored = rows::body(&row)?;
    Ok(row.key.parse().ok().map(|id| Anomaly { id, stored, row }))
}

impl Anomaly {
    /// Returns it as the journal names work.
    pub(super) fn stuck(&self) -> Stuck {
        let row = OutboxRow {
            id: self.id,
            lane: format!("inbox/{}/{}", self.stored.of.sender, self.stored.of.message),
            kind: KIND.to_owned(),
            payload: Vec::new(),
            not_before: self.stored.since,
        };
        let (attempts, ready_at) = (self.stored.times, self.stored.since);
        Stuck { row, attempts, why: None, set_aside: true, ready_at }
    }

    /// Returns it as it is shown.
    pub(super) fn item(&self) -> Item {
        let KeptAnomaly { sender, message, case } = &self.stored.of;
        Item {
            id: self.id,
            since: self.stored.since,
            attempts: self.stored.times,
            next: None,
            acts: Reason::IdReused.acts(Some(sender), None),
            reason: Reason::IdReused,
            words: String::new(),
            ending: Some(Ending::Noted),
            what: What::Anomaly { message: message.to_string(), case: *case, from: sender.clone() },
        }
    }

    /// Takes it down, with the event of the order, in one transaction.
    pub(super) async fn note(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        let id = id_of(&["noted", &self.row.key, &self.row.revision.to_string()]);
        take_down(store, &self.row, event, (id, Vec::new())).await
    }
}
