// SPDX-License-Identifier: MIT OR Apache-2.0
//! Showing that an event is in the journal without showing the journal: its seal and the hashes beside its way to the root.

use super::codec;
use super::seal::{self, SealInfo};
use super::verify::read_seal;
use crate::merkle;
use rusqlite::{Connection, OptionalExtension, params};
use service::ports::store::StreamId;

/// What shows that an event is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealProof {
    /// The seal that covers the event.
    pub seal: SealInfo,
    /// The event's place in the journal.
    pub seq: u64,
    /// The hashes beside the way from the event to the root of its tree, from below (RFC 6962, section 2.1.1).
    pub path: Vec<[u8; 32]>,
}

/// Returns the proof of an event; `None` if there is no such event or it is not sealed yet.
pub(super) fn of(db: &Connection, stream: &StreamId, version: u64) -> rusqlite::Result<Option<SealProof>> {
    let seq = db
        .prepare_cached("SELECT seq FROM events WHERE stream = ?1 AND version = ?2")?
        .query_row(params![stream.0, codec::column(version)], |row| codec::unsigned(row, 0))
        .optional()?;
    let Some(seq) = seq else { return Ok(None) };
    let seal = db
        .prepare_cached(
            "SELECT number, first_seq, last_seq, at, previous, root, signature FROM seals
             WHERE last_seq >= ?1 ORDER BY number LIMIT 1",
        )?
        .query_row([codec::column(seq)], read_seal)
        .optional()?;
    let Some(seal) = seal.filter(|it| it.first_seq <= seq) else { return Ok(None) };
    let leaves = seal::hashes(db, seal.first_seq, seal.last_seq)?;
    let index = usize::try_from(seq - seal.first_seq).unwrap_or(usize::MAX);
    let path = merkle::path(&leaves, index);
    Ok(Some(SealProof { seal, seq, path }))
}
