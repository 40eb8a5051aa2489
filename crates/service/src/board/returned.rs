// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that the gateway took and does not bring any more: its administrator has given them up, and it told so. Nobody sends
//! them again by itself, so the sender's administrator orders it, once the cause is gone; the new message has an id of its own.

use super::{BoardError, Reason, listed, take_down};
use crate::border::KeptMessage;
use crate::carried::{STOPPED, Told};
use crate::ports::Store;
use crate::ports::border::Carried;
use crate::ports::store::{Append, OutboxRow, Row, StoreError, StreamId, Stuck};
use crate::registers::id_of;
use crate::work::Work;
use crate::{rows, tables};
use uuid::Uuid;

/// A message that came back, as the work that sent it.
#[derive(Debug)]
pub(super) struct Returned {
    pub(super) stuck: Stuck,
    work: Work,
    row: Row,
}

/// Returns the messages that the gateway does not bring, oldest first.
pub(super) async fn all(store: &dyn Store) -> Result<Vec<Returned>, StoreError> {
    let mut found = Vec::new();
    for row in listed(store, tables::CARRIED, STOPPED).await? {
        found.extend(of(store, row).await?);
    }
    Ok(found)
}

/// Returns the message of this id, if the gateway does not bring it.
pub(super) async fn one(store: &dyn Store, id: Uuid) -> Result<Option<Returned>, StoreError> {
    match store.row(tables::CARRIED, &id.to_string()).await? {
        Some(row) if row.list.as_deref() == Some(STOPPED) => of(store, row).await,
        _ => Ok(None),
    }
}

/// Returns the message of a row; `None` if it was not sent by work of a case.
async fn of(store: &dyn Store, row: Row) -> Result<Option<Returned>, StoreError> {
    let told: Told = rows::body(&row)?;
    let kept: Option<KeptMessage> = rows::read(store, tables::MESSAGES, &row.key).await?;
    let Some((work, id)) = kept.and_then(|it| it.work).zip(row.key.parse().ok()) else { return Ok(None) };
    let sent = OutboxRow {
        id,
        lane: work.lane(id),
        kind: work.kind().to_owned(),
        payload: serde_json::to_vec(&work).unwrap_or_default(),
        not_before: told.at,
    };
    // What was set aside on its way is on the gateway's own board; here it stands only where the addressee itself refused it.
    let reason = if told.state == Carried::NotDelivered { Reason::Refused } else { Reason::NotBrought };
    let why = Some(reason.why(&told.code));
    Ok(Some(Returned {
        stuck: Stuck { row: sent, attempts: 1, why, set_aside: true, ready_at: told.at },
        work,
        row,
    }))
}

impl Returned {
    /// Has it sent again, with the event of the order, in one transaction.
    pub(super) async fn send_again(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        // Told again of the same message, it may be sent again once more.
        let id = id_of(&["sent-again", &self.row.key, &self.row.revision.to_string()]);
        // It tells what is known now, so that nothing older overtakes what was told meanwhile.
        let events = store.load(&StreamId(format!("case/{}", self.work.case.0)), self.work.version).await?;
        let version = events.last().map_or(self.work.version, |it| it.version);
        let payload = serde_json::to_vec(&Work { version, ..self.work.clone() }).unwrap_or_default();
        let again = OutboxRow { id, payload, not_before: event.at, ..self.stuck.row.clone() };
        take_down(store, &self.row, event, (id, vec![again])).await
    }

    /// Leaves it, with the event of the order, in one transaction.
    pub(super) async fn leave(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        let id = id_of(&["left", &self.row.key, &self.row.revision.to_string()]);
        take_down(store, &self.row, event, (id, Vec::new())).await
    }
}
