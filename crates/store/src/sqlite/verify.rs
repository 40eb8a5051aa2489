// SPDX-License-Identifier: MIT OR Apache-2.0
//! Walks the journal and its seals and names what does not fit.

use super::codec;
use super::seal::{self, SEAL_EVENTS_MAX, SealInfo};
use rusqlite::{Connection, params};
use service::ports::store::{StoredEvent, StreamId};
use std::collections::BTreeMap;

/// How many faults are named; a report that has so many may leave out others.
pub const FAULTS_MAX: usize = 1_000;
/// How many events or seals are read at once, so that the log of the journal can be cut between.
const PAGE: i64 = 1_000;

/// Something in the journal that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainFault {
    /// An event has another hash than its content.
    Changed {
        /// Its stream.
        stream: StreamId,
        /// Its version.
        version: u64,
    },
    /// An event is not linked to the one before it.
    Unlinked {
        /// Its stream.
        stream: StreamId,
        /// Its version.
        version: u64,
    },
    /// Events before this one are missing in its stream.
    Gap {
        /// The stream.
        stream: StreamId,
        /// The version that should follow.
        expected: u64,
        /// The version that follows.
        found: u64,
    },
    /// A row cannot be read as an event.
    UnreadableEvent {
        /// Its place in the journal.
        seq: u64,
    },
    /// A row cannot be read as a seal.
    UnreadableSeal {
        /// Its number.
        number: u64,
    },
    /// A seal does not follow the one before it: its number, first event or previous root.
    SealUnlinked {
        /// Its number.
        number: u64,
    },
    /// A seal does not cover these events: one was changed, added or removed.
    SealBroken {
        /// Its number.
        number: u64,
    },
    /// The signature of a seal is not genuine.
    SealForged {
        /// Its number.
        number: u64,
    },
}

/// How much of one kind was walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindCount {
    /// Streams.
    pub streams: u64,
    /// Events.
    pub events: u64,
}

/// What was walked and what does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainReport {
    /// Streams walked.
    pub streams: u64,
    /// Events walked.
    pub events: u64,
    /// The same by kind of stream: what stands before the slash in its name.
    pub kinds: BTreeMap<String, KindCount>,
    /// Seals checked.
    pub seals: u64,
    /// Events behind the last seal.
    pub unsealed: u64,
    /// What does not fit, at most [`FAULTS_MAX`].
    pub faults: Vec<ChainFault>,
}

impl ChainReport {
    fn blame(&mut self, fault: ChainFault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }
}

/// Walks what is in the journal now; what is written meanwhile is left to the next walk.
pub(super) fn chain(
    db: &Connection,
    hash_of: &dyn Fn(&StoredEvent) -> [u8; 32],
    genuine: &dyn Fn(&[u8; 32], &[u8]) -> bool,
) -> rusqlite::Result<ChainReport> {
    let mut report = ChainReport::default();
    // The seals before the events: a seal made between the two covers events that the first look does not know.
    let last_seal: i64 = one(db, "SELECT coalesce(max(number), 0) FROM seals")?;
    let last_seq: i64 = one(db, "SELECT coalesce(max(seq), 0) FROM events")?;
    streams(db, last_seq, hash_of, &mut report)?;
    let sealed_to = seals(db, last_seal, genuine, &mut report)?;
    report.unsealed = u64::try_from(last_seq).unwrap_or(0).saturating_sub(sealed_to);
    Ok(report)
}

fn one(db: &Connection, sql: &str) -> rusqlite::Result<i64> {
    db.query_row(sql, [], |row| row.get(0))
}

/// Where the walk stands: the last event of the current stream.
#[derive(Default)]
struct Walk {
    stream: String,
    version: u64,
    hash: [u8; 32],
}

fn streams(
    db: &Connection,
    last_seq: i64,
    hash_of: &dyn Fn(&StoredEvent) -> [u8; 32],
    report: &mut ChainReport,
) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT {}, seq FROM events WHERE (stream, version) > (?1, ?2) AND seq <= ?3
         ORDER BY stream, version LIMIT ?4",
        codec::EVENT
    );
    let mut walk = Walk::default();
    // The cursor is apart from the walk: an unreadable event moves it too.
    let (mut stream, mut version) = (String::new(), i64::MIN);
    loop {
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query(params![stream, version, last_seq, PAGE])?;
        let mut read = 0;
        while let Some(row) = rows.next()? {
            (stream, version) = (row.get(0)?, row.get(1)?);
            read += 1;
            match codec::event(row) {
                Ok(event) => step(&mut walk, &event, hash_of, report),
                Err(_) => report.blame(ChainFault::UnreadableEvent { seq: codec::unsigned(row, 10)? }),
            }
        }
        if read < PAGE {
            return Ok(());
        }
    }
}

fn step(
    walk: &mut Walk,
    event: &StoredEvent,
    hash_of: &dyn Fn(&StoredEvent) -> [u8; 32],
    report: &mut ChainReport,
) {
    let begins = report.streams == 0 || walk.stream != event.stream.0;
    let kind = event.stream.0.split('/').next().unwrap_or_default();
    let count = report.kinds.entry(kind.to_owned()).or_default();
    count.streams += u64::from(begins);
    count.events += 1;
    if begins {
        report.streams += 1;
        *walk = Walk { stream: event.stream.0.clone(), ..Walk::default() };
    }
    report.events += 1;
    let (stream, version) = (event.stream.clone(), event.version);
    if version != walk.version + 1 {
        report.blame(ChainFault::Gap { stream, expected: walk.version + 1, found: version });
    } else if event.previous != walk.hash {
        report.blame(ChainFault::Unlinked { stream, version });
    }
    if hash_of(event) != event.hash {
        report.blame(ChainFault::Changed { stream: event.stream.clone(), version });
    }
    (walk.version, walk.hash) = (version, event.hash);
}

/// Checks the seals and returns the last event that they cover.
fn seals(
    db: &Connection,
    last_seal: i64,
    genuine: &dyn Fn(&[u8; 32], &[u8]) -> bool,
    report: &mut ChainReport,
) -> rusqlite::Result<u64> {
    let mut statement = db.prepare(
        "SELECT number, first_seq, last_seq, at, previous, root, signature FROM seals
         WHERE number > ?1 AND number <= ?2 ORDER BY number LIMIT ?3",
    )?;
    let (mut number, mut root, mut sealed_to) = (0, [0; 32], 0);
    loop {
        let mut rows = statement.query([number, last_seal, PAGE])?;
        let mut read = 0;
        while let Some(row) = rows.next()? {
            let expected = codec::column(number) + 1;
            number = row.get(0)?;
            read += 1;
            report.seals += 1;
            let Ok(seal) = read_seal(row) else {
                report.blame(ChainFault::UnreadableSeal { number: codec::unsigned(row, 0)? });
                continue;
            };
            if (number, seal.first_seq, seal.previous) != (expected, sealed_to + 1, root) {
                report.blame(ChainFault::SealUnlinked { number: seal.number });
            }
            check_seal(db, &seal, genuine, report);
            (root, sealed_to) = (seal.root, seal.last_seq);
        }
        if read < PAGE {
            return Ok(sealed_to);
        }
    }
}

fn check_seal(
    db: &Connection,
    seal: &SealInfo,
    genuine: &dyn Fn(&[u8; 32], &[u8]) -> bool,
    report: &mut ChainReport,
) {
    let number = seal.number;
    let count = seal.last_seq.saturating_sub(seal.first_seq).saturating_add(1);
    let hashes = if count > SEAL_EVENTS_MAX as u64 {
        Vec::new()
    } else {
        // A hash that cannot be read breaks the seal like one that was changed.
        seal::hashes(db, seal.first_seq, seal.last_seq).unwrap_or_default()
    };
    if hashes.len() as u64 != count || seal::root(seal, &hashes) != seal.root {
        report.blame(ChainFault::SealBroken { number });
    }
    if !genuine(&seal.root, &seal.signature) {
        report.blame(ChainFault::SealForged { number });
    }
}

pub(super) fn read_seal(row: &rusqlite::Row<'_>) -> rusqlite::Result<SealInfo> {
    Ok(SealInfo {
        number: codec::unsigned(row, 0)?,
        first_seq: codec::unsigned(row, 1)?,
        last_seq: codec::unsigned(row, 2)?,
        at: codec::time(row, 3)?,
        previous: row.get(4)?,
        root: row.get(5)?,
        signature: row.get(6)?,
    })
}
