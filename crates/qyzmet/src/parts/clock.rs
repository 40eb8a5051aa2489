// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one clock of all roles, the authority and the sessions; a demonstration may move it forward.

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use service::ports::Clock;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// The real clock, moved by a number of milliseconds.
#[derive(Debug)]
pub struct SystemClock {
    moved_milliseconds: AtomicI64,
    random: SystemRandom,
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else takes as a parameter")]
fn real() -> Timestamp {
    Timestamp::now()
}

impl SystemClock {
    /// Returns a clock that shows `at` now, or the real time.
    pub fn new(at: Option<Timestamp>) -> Self {
        let moved = at.map_or(0, |at| at.duration_since(real()).as_millis());
        Self {
            moved_milliseconds: AtomicI64::new(i64::try_from(moved).unwrap_or(0)),
            random: SystemRandom::new(),
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: SignedDuration) {
        let milliseconds = i64::try_from(by.as_millis()).unwrap_or(0).max(0);
        self.moved_milliseconds.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Returns whether the clock shows another time than the real one.
    pub fn is_moved(&self) -> bool {
        self.moved_milliseconds.load(Ordering::SeqCst) != 0
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let moved = SignedDuration::from_millis(self.moved_milliseconds.load(Ordering::SeqCst));
        real().saturating_add(moved).unwrap_or(Timestamp::MAX)
    }

    fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        let milliseconds = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        while self.random.fill(bytes).is_err() {
            // A system without randomness must not go on with predictable keys; it gets it as soon as it has booted.
            std::thread::yield_now();
        }
    }
}
