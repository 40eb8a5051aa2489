// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values of the port as columns and back.

use jiff::Timestamp;
use rusqlite::types::Type;
use service::ports::store::{OutboxRow, Row, Sealed, StoredEvent, StreamId};
use uuid::Uuid;

/// Columns of an event, in the order of [`event`].
pub(super) const EVENT: &str =
    "stream, version, at, kind, format, public, private_key, private, previous, hash";

/// Columns of a row, in the order of [`row`].
pub(super) const ROW: &str = "tbl, key, list, sort, body, revision";

/// Columns of work, in the order of [`work`].
pub(super) const WORK: &str = "id, lane, kind, payload, not_before";

pub(super) fn event(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredEvent> {
    let private = match (row.get::<_, Option<String>>(6)?, row.get::<_, Option<Vec<u8>>>(7)?) {
        (Some(key), Some(bytes)) => Some(Sealed { key, bytes }),
        (_, _) => None,
    };
    Ok(StoredEvent {
        stream: StreamId(row.get(0)?),
        version: unsigned(row, 1)?,
        at: time(row, 2)?,
        kind: row.get(3)?,
        format: row.get(4)?,
        public: row.get(5)?,
        private,
        previous: row.get(8)?,
        hash: row.get(9)?,
    })
}

pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        table: row.get(0)?,
        key: row.get(1)?,
        list: row.get(2)?,
        sort: row.get(3)?,
        body: row.get(4)?,
        revision: unsigned(row, 5)?,
    })
}

pub(super) fn work(row: &rusqlite::Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        id: Uuid::from_bytes(row.get(0)?),
        lane: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        not_before: time(row, 4)?,
    })
}

/// Reads a count or version.
pub(super) fn unsigned(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// Reads a time.
pub(super) fn time(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let value: i64 = row.get(column)?;
    Timestamp::from_nanosecond(i128::from(value))
        .map_err(|it| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(it)))
}

/// Returns a time as nanoseconds, exactly; `None` outside of the years 1678 to 2262.
pub(super) fn exact(at: Timestamp) -> Option<i64> {
    i64::try_from(at.as_nanosecond()).ok()
}

/// Returns a time as nanoseconds; far times become the farthest that can be written.
pub(super) fn nearest(at: Timestamp) -> i64 {
    exact(at).unwrap_or(if at.as_nanosecond() < 0 { i64::MIN } else { i64::MAX })
}

/// Returns a limit or version as a column; what is too large to be stored matches nothing stored.
pub(super) fn column<N: TryInto<i64>>(number: N) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
