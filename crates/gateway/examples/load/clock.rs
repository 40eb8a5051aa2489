// SPDX-License-Identifier: MIT OR Apache-2.0
//! One time that passes faster, a clock of each process that may be set wrong, and chance that comes of a seed.

use jiff::{SignedDuration, Timestamp};
use service::ports::Clock;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// How much faster time passes here.
const FASTER: i64 = 30;

/// Numbers that come of a seed.
#[derive(Debug)]
pub(crate) struct Chance(AtomicU64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number (splitmix64).
    pub(crate) fn next(&self) -> u64 {
        let state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

/// The time of the world: it passes faster and jumps when told.
#[derive(Debug)]
pub(crate) struct Time {
    start: Timestamp,
    began: Instant,
    jumped: AtomicI64,
    chance: Chance,
}

impl Time {
    pub(crate) fn new(start: Timestamp, seed: u64) -> Self {
        Self { start, began: Instant::now(), jumped: AtomicI64::new(0), chance: Chance::new(seed) }
    }

    /// Lets so many seconds pass at once.
    pub(crate) fn jump(&self, seconds: i64) {
        self.jumped.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        let real = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let jumped = SignedDuration::from_secs(self.jumped.load(Ordering::Relaxed));
        self.start + SignedDuration::from_millis(real * FASTER) + jumped
    }
}

/// The clock of one process.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) time: Arc<Time>,
    /// Seconds by which it is wrong.
    pub(crate) wrong: AtomicI64,
}

impl Own {
    pub(crate) fn new(time: &Arc<Time>) -> Arc<Self> {
        Arc::new(Self { time: Arc::clone(time), wrong: AtomicI64::new(0) })
    }
}

impl Clock for Own {
    fn now(&self) -> Timestamp {
        self.time.now() + SignedDuration::from_secs(self.wrong.load(Ordering::Relaxed))
    }

    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            for (to, from) in piece.iter_mut().zip(self.time.chance.next().to_le_bytes()) {
                *to = from;
            }
        }
    }
}
