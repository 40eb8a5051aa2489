// SPDX-License-Identifier: MIT OR Apache-2.0
//! Work to be done after a commit: lanes, leases, settlements.
//!
//! Only the oldest row of a lane, its head, is ever claimed; a claim moves `ready_at` to the end of the lease, so
//! that a worker who crashed gives the row back by the passing of time.

use super::codec::{self, column, nearest};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use service::ports::store::{Claimed, OutboxRow, Settlement, Stuck};
use uuid::Uuid;

/// How many rows are claimed at once.
const CLAIMED_MAX: usize = 256;
/// How many stuck rows are shown.
const STUCK_MAX: usize = 500;

/// Adds work behind its lane; `false` if its id waits already.
pub(super) fn add(tx: &Connection, work: &OutboxRow) -> rusqlite::Result<bool> {
    let added = tx
        .prepare_cached(
            "INSERT INTO outbox (id, lane, kind, payload, not_before, ready_at, head)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, NOT EXISTS (SELECT 1 FROM outbox WHERE lane = ?2))
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![work.id.as_bytes(), work.lane, work.kind, work.payload, nearest(work.not_before)])?;
    Ok(added == 1)
}

pub(super) fn claim(
    tx: &Connection,
    now: Timestamp,
    lease_until: Timestamp,
    most: usize,
) -> rusqlite::Result<Vec<Claimed>> {
    let sql = format!(
        "UPDATE outbox SET ready_at = ?2, attempts = attempts + 1
         WHERE seq IN (SELECT seq FROM outbox WHERE head = 1 AND set_aside = 0 AND ready_at <= ?1
                       ORDER BY ready_at, seq LIMIT ?3)
         RETURNING {}, attempts - 1, seq",
        codec::WORK
    );
    let most = column(most.min(CLAIMED_MAX));
    let mut claiming = tx.prepare_cached(&sql)?;
    let claimed = claiming.query_map(params![nearest(now), nearest(lease_until), most], |row| {
        Ok((row.get::<_, i64>(6)?, Claimed { row: codec::work(row)?, attempts: row.get(5)? }))
    })?;
    let mut claimed = claimed.collect::<rusqlite::Result<Vec<_>>>()?;
    claimed.sort_by_key(|(seq, _)| *seq);
    Ok(claimed.into_iter().map(|(_, claimed)| claimed).collect())
}

/// Settles work, claimed or not; of work that is done already nothing changes.
pub(super) fn settle(tx: &Connection, id: Uuid, settlement: &Settlement) -> rusqlite::Result<()> {
    match settlement {
        Settlement::Done => {
            let lane: Option<String> = tx
                .prepare_cached("DELETE FROM outbox WHERE id = ?1 RETURNING lane")?
                .query_row([id.as_bytes()], |row| row.get(0))
                .optional()?;
            if let Some(lane) = lane {
                tx.prepare_cached(
                    "UPDATE outbox SET head = 1
                     WHERE seq = (SELECT min(seq) FROM outbox WHERE lane = ?1) AND head = 0",
                )?
                .execute([lane])?;
            }
        }
        Settlement::Again { at, why } => {
            tx.prepare_cached("UPDATE outbox SET ready_at = ?2, why = ?3, set_aside = 0 WHERE id = ?1")?
                .execute(params![id.as_bytes(), nearest(*at), why])?;
        }
        Settlement::Untried { at, why } => {
            tx.prepare_cached(
                "UPDATE outbox SET ready_at = ?2, why = ?3, set_aside = 0, attempts = max(attempts - 1, 0)
                 WHERE id = ?1",
            )?
            .execute(params![id.as_bytes(), nearest(*at), why])?;
        }
        Settlement::SetAside { why } => {
            tx.prepare_cached("UPDATE outbox SET why = ?2, set_aside = 1 WHERE id = ?1")?
                .execute(params![id.as_bytes(), why])?;
        }
    }
    Ok(())
}

pub(super) fn next_due(db: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    db.prepare_cached(
        "SELECT ready_at FROM outbox WHERE head = 1 AND set_aside = 0 ORDER BY ready_at, seq LIMIT 1",
    )?
    .query_row([], |row| codec::time(row, 0))
    .optional()
}

/// Returns what did not go at the first trial: settled otherwise than done, or claimed more than once. What is set aside is
/// first: it waits for a person, and whatever is tried again must not hide it.
pub(super) fn stuck(db: &Connection, most: usize) -> rusqlite::Result<Vec<Stuck>> {
    // The condition and the order are those of the index `outbox_stuck`.
    let sql = format!(
        "SELECT {}, attempts, why, set_aside, ready_at FROM outbox WHERE why IS NOT NULL OR attempts > 1
         ORDER BY set_aside DESC, seq LIMIT ?1",
        codec::WORK
    );
    db.prepare_cached(&sql)?.query_map([column(most.min(STUCK_MAX))], shown)?.collect()
}

/// Returns one work.
pub(super) fn stuck_one(db: &Connection, id: Uuid) -> rusqlite::Result<Option<Stuck>> {
    let sql = format!("SELECT {}, attempts, why, set_aside, ready_at FROM outbox WHERE id = ?1", codec::WORK);
    db.prepare_cached(&sql)?.query_row([id.as_bytes()], shown).optional()
}

/// Returns all work of a kind.
pub(super) fn waiting(db: &Connection, kind: &str, most: usize) -> rusqlite::Result<Vec<Stuck>> {
    let sql = format!(
        "SELECT {}, attempts, why, set_aside, ready_at FROM outbox WHERE kind = ?1 ORDER BY seq LIMIT ?2",
        codec::WORK
    );
    db.prepare_cached(&sql)?.query_map(params![kind, column(most.min(STUCK_MAX))], shown)?.collect()
}

fn shown(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stuck> {
    Ok(Stuck {
        row: codec::work(row)?,
        attempts: row.get(5)?,
        why: row.get(6)?,
        set_aside: row.get(7)?,
        ready_at: codec::time(row, 8)?,
    })
}
