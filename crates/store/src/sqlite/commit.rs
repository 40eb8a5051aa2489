// SPDX-License-Identifier: MIT OR Apache-2.0
//! One commit, inside its savepoint.

use super::codec::{column, exact, nearest};
use super::outbox;
use super::read;
use crate::fault::{FailPoint, Faults};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use service::ports::store::{Build, Built, Commit, CommitError, Row, RowChange, StoredEvent, StreamId};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How long an order is known after it was done.
const ORDERS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How many old orders a commit forgets; more than one, so that they grow fewer.
const ORDERS_FORGOTTEN_MAX: i64 = 64;
/// How many events, rows, pieces of work and numbers a commit has at most.
const PARTS_MAX: usize = 1_024;

/// Why a commit does not stand.
enum Refusal {
    Sql(rusqlite::Error),
    Port(CommitError),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        Self::Port(error)
    }
}

/// Applies a commit; the savepoint around it undoes what was written before an error.
pub(super) fn apply(tx: &Connection, commit: Commit, faults: &Faults) -> Result<Vec<u8>, CommitError> {
    write(tx, commit, faults).map_err(|it| match it {
        Refusal::Sql(error) => CommitError::Unavailable(error.to_string()),
        Refusal::Port(error) => error,
    })
}

fn write(tx: &Connection, commit: Commit, faults: &Faults) -> Result<Vec<u8>, Refusal> {
    let pass = |point| faults.pass(point).map_err(CommitError::Unavailable);
    forget_old_orders(tx, commit.at)?;
    if let Some(order) = commit.order
        && let Some(answer) = read::answer(tx, order)?
    {
        return Err(CommitError::Repeated(answer).into());
    }
    let previous = match &commit.stream {
        Some((stream, expected)) => checked_head(tx, stream, *expected)?,
        None => [0; 32],
    };
    if commit.appends.len() > PARTS_MAX {
        return Err(unusable("it appends too many events"));
    }
    let numbers = take_numbers(tx, &commit.numbers)?;
    pass(FailPoint::NumbersTaken)?;
    let built = call(commit.build, &numbers)?;
    pass(FailPoint::Built)?;
    check_events(&built.events, commit.stream.as_ref(), previous)?;
    for event in &built.events {
        add_event(tx, event)?;
    }
    for append in &commit.appends {
        let head = read::head(tx, &append.stream)?.unwrap_or_default();
        add_event(tx, &append.behind(head))?;
    }
    pass(FailPoint::EventsWritten)?;
    for change in &built.rows {
        change_row(tx, change)?;
    }
    pass(FailPoint::RowsWritten)?;
    for work in &built.outbox {
        if !outbox::add(tx, work)? {
            return Err(unusable("its work has an id that waits already"));
        }
    }
    if let Some(order) = commit.order {
        tx.prepare_cached("INSERT INTO orders (id, at, answer) VALUES (?1, ?2, ?3)")?.execute(params![
            order.as_bytes(),
            nearest(commit.at),
            built.answer
        ])?;
    }
    Ok(built.answer)
}

fn unusable(why: &str) -> Refusal {
    Refusal::Port(CommitError::Unusable(why.to_owned()))
}

fn forget_old_orders(tx: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let Ok(before) = now.checked_sub(ORDERS_KEPT) else { return Ok(()) };
    tx.prepare_cached(
        "DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE at < ?1 ORDER BY at LIMIT ?2)",
    )?
    .execute(params![nearest(before), ORDERS_FORGOTTEN_MAX])?;
    Ok(())
}

/// Returns the hash of the stream's last event if the stream has the expected version.
fn checked_head(tx: &Connection, stream: &StreamId, expected: u64) -> Result<[u8; 32], Refusal> {
    let (version, hash) = read::head(tx, stream)?.unwrap_or_default();
    if version == expected { Ok(hash) } else { Err(CommitError::VersionLost.into()) }
}

fn take_numbers(tx: &Connection, series: &[String]) -> Result<Vec<u64>, Refusal> {
    if series.len() > PARTS_MAX {
        return Err(unusable("it takes too many numbers"));
    }
    let mut next = tx.prepare_cached(
        "INSERT INTO numbers (series, last) VALUES (?1, 1)
         ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
    )?;
    let mut numbers = Vec::with_capacity(series.len());
    for series in series {
        numbers.push(next.query_row([series], |row| super::codec::unsigned(row, 0))?);
    }
    Ok(numbers)
}

fn call(build: Build, numbers: &[u64]) -> Result<Built, Refusal> {
    // The builder is used up by the call, and the savepoint undoes the numbers: nothing half done is seen again.
    let made =
        catch_unwind(AssertUnwindSafe(|| build(numbers))).map_err(|_| unusable("its builder panicked"))?;
    let most = made.events.len().max(made.rows.len()).max(made.outbox.len());
    if most > PARTS_MAX { Err(unusable("it has too many parts")) } else { Ok(made) }
}

fn check_events(
    events: &[StoredEvent],
    stream: Option<&(StreamId, u64)>,
    mut previous: [u8; 32],
) -> Result<(), Refusal> {
    let Some((stream, mut version)) = stream.map(|(stream, version)| (stream, *version)) else {
        return if events.is_empty() { Ok(()) } else { Err(unusable("it has events and no stream")) };
    };
    for event in events {
        version += 1;
        if event.stream != *stream {
            return Err(unusable("an event is of another stream"));
        }
        if event.version != version {
            return Err(unusable("an event has a wrong version"));
        }
        if event.previous != previous {
            return Err(unusable("an event is not linked to the one before it"));
        }
        previous = event.hash;
    }
    Ok(())
}

fn add_event(tx: &Connection, event: &StoredEvent) -> Result<(), Refusal> {
    let Some(at) = exact(event.at) else { return Err(unusable("an event is out of time")) };
    tx.prepare_cached(
        "INSERT INTO events
         (stream, version, at, kind, format, public, private_key, private, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        event.stream.0,
        column(event.version),
        at,
        event.kind,
        event.format,
        event.public,
        event.private.as_ref().map(|it| &it.key),
        event.private.as_ref().map(|it| &it.bytes),
        event.previous,
        event.hash
    ])?;
    Ok(())
}

fn change_row(tx: &Connection, change: &RowChange) -> Result<(), Refusal> {
    match change {
        RowChange::Put(row) => put_row(tx, row)?,
        RowChange::PutIf(row, revision) => {
            let stored = tx
                .prepare_cached("SELECT revision FROM view_rows WHERE tbl = ?1 AND key = ?2")?
                .query_row([&row.table, &row.key], |it| super::codec::unsigned(it, 0))
                .optional()?;
            if stored.unwrap_or(0) != *revision {
                return Err(CommitError::RowLost.into());
            }
            put_row(tx, row)?;
        }
        RowChange::Delete { table, key } => {
            tx.prepare_cached("DELETE FROM view_rows WHERE tbl = ?1 AND key = ?2")?.execute([table, key])?;
        }
    }
    Ok(())
}

fn put_row(tx: &Connection, row: &Row) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO view_rows (tbl, key, list, sort, body, revision) VALUES (?1, ?2, ?3, ?4, ?5, 1)
         ON CONFLICT (tbl, key) DO UPDATE SET
         list = excluded.list, sort = excluded.sort, body = excluded.body, revision = revision + 1",
    )?
    .execute(params![row.table, row.key, row.list, row.sort, row.body])?;
    Ok(())
}
