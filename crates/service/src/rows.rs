// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rows of plain tables: JSON bodies, sealed where they are personal.

use crate::ports::Store;
use crate::ports::store::{Built, Commit, CommitError, Row, RowChange, StoreError};
use crate::submit::Along;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The list of rows that are of no use after some time; each stands in it by that time, for
/// [`Service::sweep_expired`](crate::Service::sweep_expired).
pub const EXPIRING: &str = "expiring";

/// Commits changes of rows that belong to no stream.
pub async fn put(store: &dyn Store, at: Timestamp, rows: Vec<RowChange>) -> Result<(), CommitError> {
    put_along(store, at, Along::from(rows)).await
}

/// Commits changes of rows with events for the ends of streams.
pub async fn put_along(store: &dyn Store, at: Timestamp, along: Along) -> Result<(), CommitError> {
    let Along { rows, appends, outbox, .. } = along;
    let build = Box::new(move |_: &[u64]| Built { rows, outbox, ..Built::default() });
    let commit = Commit { order: None, stream: None, numbers: Vec::new(), appends, build, at };
    store.commit(commit).await.map(drop)
}

/// Returns a row with a JSON body that is of no use after `until`.
pub fn expiring<T: Serialize>(table: &str, key: impl Into<String>, until: Timestamp, body: &T) -> Row {
    row(table, key, Some(EXPIRING.to_owned()), crate::views::sortable(until), body)
}

/// Returns a row with a JSON body.
pub fn row<T: Serialize>(
    table: &str,
    key: impl Into<String>,
    list: Option<String>,
    sort: String,
    body: &T,
) -> Row {
    Row {
        table: table.to_owned(),
        key: key.into(),
        list,
        sort,
        body: serde_json::to_vec(body).unwrap_or_default(),
        revision: 0,
    }
}

/// Returns the JSON body of a row.
pub fn body<T: DeserializeOwned>(row: &Row) -> Result<T, StoreError> {
    serde_json::from_slice(&row.body)
        .map_err(|_| StoreError(format!("a row of `{}` cannot be read", row.table)))
}

/// Reads a row with a JSON body.
pub async fn read<T: DeserializeOwned>(
    store: &dyn Store,
    table: &str,
    key: &str,
) -> Result<Option<T>, StoreError> {
    match store.row(table, key).await? {
        Some(row) => body(&row).map(Some),
        None => Ok(None),
    }
}
