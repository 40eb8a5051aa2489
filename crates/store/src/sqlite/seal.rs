// SPDX-License-Identifier: MIT OR Apache-2.0
//! Seals: a signed Merkle root over the events since the last one, in the order of commit, with the root before it.
//!
//! `root = SHA-256("qyzmet seal 1" ‖ previous root ‖ first seq ‖ last seq ‖ at ‖ tree)`, numbers as eight bytes, big end
//! first, `at` in nanoseconds; `tree` is the root of RFC 6962 over the hashes of the events.

use super::codec;
use crate::merkle;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use service::ports::store::StoreError;

/// How many events one seal covers at most.
pub const SEAL_EVENTS_MAX: usize = 1_000;

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealInfo {
    /// Its number, from 1.
    pub number: u64,
    /// Place in the journal of the first event that it covers.
    pub first_seq: u64,
    /// Place in the journal of the last.
    pub last_seq: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The root of the seal before it; zeroes for the first.
    pub previous: [u8; 32],
    /// Its root, which is signed.
    pub root: [u8; 32],
    /// The signature.
    pub signature: Vec<u8>,
}

/// The last seal's number, root and last event, and the hashes that wait for the next.
pub(super) struct Pending {
    number: u64,
    previous: [u8; 32],
    sealed_to: u64,
    hashes: Vec<[u8; 32]>,
}

pub(super) fn pending(db: &Connection) -> rusqlite::Result<Pending> {
    let (number, previous, sealed_to) = last(db)?;
    let hashes = hashes(db, sealed_to + 1, sealed_to + SEAL_EVENTS_MAX as u64)?;
    Ok(Pending { number, previous, sealed_to, hashes })
}

/// Makes the next seal; `None` if no event waits.
pub(super) fn made(
    pending: &Pending,
    sign: &(dyn Fn(&[u8; 32]) -> Vec<u8> + Sync),
    now: Timestamp,
) -> Option<SealInfo> {
    if pending.hashes.is_empty() {
        return None;
    }
    let mut seal = SealInfo {
        number: pending.number + 1,
        first_seq: pending.sealed_to + 1,
        last_seq: pending.sealed_to + pending.hashes.len() as u64,
        at: now,
        previous: pending.previous,
        root: [0; 32],
        signature: Vec::new(),
    };
    seal.root = root(&seal, &pending.hashes);
    seal.signature = sign(&seal.root);
    Some(seal)
}

/// Returns the root that a seal must have over these hashes.
pub(super) fn root(seal: &SealInfo, hashes: &[[u8; 32]]) -> [u8; 32] {
    merkle::hash(&[
        b"qyzmet seal 1",
        &seal.previous,
        &seal.first_seq.to_be_bytes(),
        &seal.last_seq.to_be_bytes(),
        &codec::nearest(seal.at).to_be_bytes(),
        &merkle::root(hashes),
    ])
}

/// Adds a seal; `false` if another sealer was faster.
pub(super) fn add(tx: &Connection, seal: &SealInfo) -> Result<bool, StoreError> {
    let (number, previous, _) = last(tx).map_err(super::unavailable)?;
    if (number + 1, previous) != (seal.number, seal.previous) {
        return Ok(false);
    }
    tx.prepare_cached(
        "INSERT INTO seals (number, first_seq, last_seq, at, previous, root, signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .and_then(|mut it| {
        it.execute(params![
            codec::column(seal.number),
            codec::column(seal.first_seq),
            codec::column(seal.last_seq),
            codec::nearest(seal.at),
            seal.previous,
            seal.root,
            seal.signature
        ])
    })
    .map_err(super::unavailable)?;
    Ok(true)
}

/// Returns the hashes of a run of events that are there, in order.
pub(super) fn hashes(db: &Connection, first_seq: u64, last_seq: u64) -> rusqlite::Result<Vec<[u8; 32]>> {
    db.prepare_cached("SELECT hash FROM events WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq")?
        .query_map([codec::column(first_seq), codec::column(last_seq)], |row| row.get(0))?
        .collect()
}

fn last(db: &Connection) -> rusqlite::Result<(u64, [u8; 32], u64)> {
    let last = db
        .prepare_cached("SELECT number, root, last_seq FROM seals ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((codec::unsigned(row, 0)?, row.get(1)?, codec::unsigned(row, 2)?)))
        .optional()?;
    Ok(last.unwrap_or_default())
}
