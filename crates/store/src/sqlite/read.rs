// SPDX-License-Identifier: MIT OR Apache-2.0
//! Readings: streams, rows, lists.

use super::codec;
use rusqlite::{Connection, OptionalExtension, params};
use service::ports::store::{LIST_MAX, ListQuery, Row, StoredEvent, StreamId};
use uuid::Uuid;

pub(super) fn load(db: &Connection, stream: &StreamId, after: u64) -> rusqlite::Result<Vec<StoredEvent>> {
    let sql =
        format!("SELECT {} FROM events WHERE stream = ?1 AND version > ?2 ORDER BY version", codec::EVENT);
    let mut found = db.prepare_cached(&sql)?;
    found.query_map(params![stream.0, codec::column(after)], codec::event)?.collect()
}

pub(super) fn head(db: &Connection, stream: &StreamId) -> rusqlite::Result<Option<(u64, [u8; 32])>> {
    db.prepare_cached("SELECT version, hash FROM events WHERE stream = ?1 ORDER BY version DESC LIMIT 1")?
        .query_row([&stream.0], |row| Ok((codec::unsigned(row, 0)?, row.get(1)?)))
        .optional()
}

/// Returns the answer given to an order that is still known.
pub(super) fn answer(db: &Connection, order: Uuid) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT answer FROM orders WHERE id = ?1")?
        .query_row([order.as_bytes()], |row| row.get(0))
        .optional()
}

pub(super) fn row(db: &Connection, table: &str, key: &str) -> rusqlite::Result<Option<Row>> {
    let sql = format!("SELECT {} FROM view_rows WHERE tbl = ?1 AND key = ?2", codec::ROW);
    db.prepare_cached(&sql)?.query_row([table, key], codec::row).optional()
}

pub(super) fn list(db: &Connection, query: &ListQuery) -> rusqlite::Result<Vec<Row>> {
    let (behind, order) = if query.descending { ("<", "DESC") } else { (">", "ASC") };
    let after = match query.after {
        Some(_) => format!("AND (sort, key) {behind} (?4, ?5)"),
        None => String::new(),
    };
    let sql = format!(
        "SELECT {} FROM view_rows WHERE tbl = ?1 AND list = ?2 {after} ORDER BY sort {order}, key {order} LIMIT ?3",
        codec::ROW
    );
    let limit = codec::column(query.limit.min(LIST_MAX));
    let mut found = db.prepare_cached(&sql)?;
    let rows = match &query.after {
        Some((sort, key)) => {
            found.query_map(params![query.table, query.list, limit, sort, key], codec::row)?
        }
        None => found.query_map(params![query.table, query.list, limit], codec::row)?,
    };
    rows.collect()
}

pub(super) fn count(db: &Connection, table: &str, list: &str, most: usize) -> rusqlite::Result<usize> {
    let counted = db
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM view_rows WHERE tbl = ?1 AND list = ?2 LIMIT ?3)",
        )?
        .query_row(params![table, list, codec::column(most)], |row| codec::unsigned(row, 0))?;
    Ok(usize::try_from(counted).unwrap_or(most))
}
