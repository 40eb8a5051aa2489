// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one clock of all roles, the authority and the sessions; a demonstration may move it forward, and a trial may set it
//! wrong while the program runs.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use jiff::{SignedDuration, Timestamp};
use service::ports::Clock;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How often the file is looked at that says how wrong the clock is.
const LOOK: Duration = Duration::from_millis(500);

/// The real clock, moved by a number of milliseconds.
#[derive(Debug)]
pub struct SystemClock {
    moved_milliseconds: AtomicI64,
    random: SystemRandom,
    wrong: Option<Wrong>,
}

/// By how many seconds the clock is wrong: a number in a file.
#[derive(Debug)]
struct Wrong {
    file: PathBuf,
    /// When the file was looked at, and what it said.
    looked: Mutex<Option<(Instant, i64)>>,
}

impl Wrong {
    fn by(&self) -> SignedDuration {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = match *looked {
            Some((when, seconds)) if when.elapsed() < LOOK => seconds,
            _ => {
                let text = std::fs::read_to_string(&self.file).unwrap_or_default();
                let seconds = text.trim().parse().unwrap_or(0);
                *looked = Some((Instant::now(), seconds));
                seconds
            }
        };
        SignedDuration::from_secs(seconds)
    }
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
            wrong: None,
        }
    }

    /// Returns the clock, wrong by the seconds that a file holds as long as it holds any: for trials of development alone.
    #[must_use]
    pub fn wrong_by(mut self, file: Option<PathBuf>) -> Self {
        self.wrong = file.map(|file| Wrong { file, looked: Mutex::default() });
        self
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
        let wrong = self.wrong.as_ref().map_or(SignedDuration::ZERO, Wrong::by);
        let moved = moved.checked_add(wrong).unwrap_or(moved);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_wrong_as_long_as_its_file_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clock");
        let right = SystemClock::new(None);
        let off = |clock: &SystemClock| clock.now().duration_since(right.now()).as_secs();
        assert_eq!(off(&SystemClock::new(None).wrong_by(Some(file.clone()))), 0, "a file that is not there");
        for (text, seconds) in [("86400\n", 86_400), ("-3600", -3_600), ("tomorrow", 0)] {
            std::fs::write(&file, text).unwrap();
            let clock = SystemClock::new(None).wrong_by(Some(file.clone()));
            assert!((off(&clock) - seconds).abs() <= 1, "{text}");
        }
    }
}
