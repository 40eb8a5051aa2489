// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rows of plain tables: JSON bodies, sealed where they are personal.

use crate::ports::Store;
use crate::ports::store::{Built, Commit, CommitError, Row, RowChange, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Commits changes of rows that belong to no stream.
pub async fn put(store: &dyn Store, at: Timestamp, rows: Vec<RowChange>) -> Result<(), CommitError> {
    let build = Box::new(move |_: &[u64]| Built { rows, ..Built::default() });
    store.commit(Commit { order: None, stream: None, numbers: Vec::new(), build, at }).await.map(drop)
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
