// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that the gateway took and does not bring: it has set them aside or given them up, and told so. Nobody sends them
//! again by itself, so the administrator orders it, once the cause is gone; the new message has an id of its own.

use super::{BoardError, ITEMS_MAX, Reason};
use crate::border::KeptMessage;
use crate::carried::{TROUBLED, Told};
use crate::ports::Store;
use crate::ports::store::{
    Append, Built, Commit, CommitError, LIST_MAX, ListQuery, OutboxRow, Row, RowChange, StoreError, Stuck,
};
use crate::registers::id_of;
use crate::{rows, tables};
use uuid::Uuid;

/// A message that came back, as the work that sent it.
#[derive(Debug)]
pub(super) struct Returned {
    pub(super) stuck: Stuck,
    row: Row,
}

/// Returns the messages that the gateway does not bring, oldest first.
pub(super) async fn all(store: &dyn Store) -> Result<Vec<Returned>, StoreError> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < ITEMS_MAX {
        let query = ListQuery {
            table: tables::CARRIED.to_owned(),
            list: TROUBLED.to_owned(),
            after,
            descending: false,
            limit: LIST_MAX,
        };
        let page = store.list(query).await?;
        after = page.last().map(|it| (it.sort.clone(), it.key.clone()));
        if page.is_empty() {
            break;
        }
        for row in page {
            found.extend(of(store, row).await?);
        }
    }
    Ok(found)
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
    let why = Some(Reason::NotBrought.why(&told.code));
    Ok(Some(Returned {
        stuck: Stuck { row: sent, attempts: 1, why, set_aside: true, ready_at: told.at },
        row,
    }))
}

impl Returned {
    /// Has it sent again, with the event of the order, in one transaction.
    pub(super) async fn send_again(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        // Told again of the same message, it may be sent again once more.
        let id = id_of(&["sent-again", &self.row.key, &self.row.revision.to_string()]);
        let again = OutboxRow { id, not_before: event.at, ..self.stuck.row.clone() };
        self.take_down(store, event, (id, vec![again])).await
    }

    /// Leaves it, with the event of the order, in one transaction.
    pub(super) async fn leave(&self, store: &dyn Store, event: Append) -> Result<(), BoardError> {
        let id = id_of(&["left", &self.row.key, &self.row.revision.to_string()]);
        self.take_down(store, event, (id, Vec::new())).await
    }

    async fn take_down(
        &self,
        store: &dyn Store,
        event: Append,
        (order, outbox): (Uuid, Vec<OutboxRow>),
    ) -> Result<(), BoardError> {
        let rows = vec![RowChange::PutIf(Row { list: None, ..self.row.clone() }, self.row.revision)];
        let at = event.at;
        let build = Box::new(move |_: &[u64]| Built { rows, outbox, ..Built::default() });
        let commit =
            Commit { order: Some(order), stream: None, numbers: Vec::new(), appends: vec![event], build, at };
        match store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            // Told something newer meanwhile.
            Err(CommitError::RowLost | CommitError::VersionLost) => Err(BoardError::Unknown),
            Err(failed) => Err(BoardError::Unavailable(failed.to_string())),
        }
    }
}
