// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may be called now: what is silent is asked by one caller at a time and stands in nobody else's way; what is slow does
//! not take every place.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Longest wait between two trials, without what chance adds.
pub const BACKOFF_SECONDS_MAX: i64 = 300;
/// How long a call waits for its turn at a busy port.
const BUSY: SignedDuration = SignedDuration::from_secs(1);

/// The ports that are called, each by its name: an endpoint, a register, an authority.
#[derive(Debug)]
pub struct Turns {
    calls_max: usize,
    ports: Mutex<BTreeMap<String, Port>>,
}

#[derive(Debug, Default)]
struct Port {
    calls: usize,
    silences: u32,
    closed_until: Option<Timestamp>,
}

/// When a port may be called that may not be called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// At this time: others call it already.
    Busy(Timestamp),
    /// At this time: it was silent a moment ago.
    Silent(Timestamp),
}

/// A call that gives its turn back however it ends, by being dropped too.
#[derive(Debug)]
pub struct Call<'a> {
    turns: &'a Turns,
    port: &'a str,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.turns.with(self.port, |it| it.calls = it.calls.saturating_sub(1));
    }
}

/// Returns the wait after so many failures in a row.
pub fn backoff(failures: u32) -> SignedDuration {
    SignedDuration::from_secs((1_i64 << failures.min(16)).min(BACKOFF_SECONDS_MAX))
}

impl Port {
    /// Returns until when nobody calls it.
    fn closed(&self, now: Timestamp) -> Option<Timestamp> {
        // A clock that was set back closes nothing for longer than the longest wait.
        let longest = now + SignedDuration::from_secs(BACKOFF_SECONDS_MAX);
        self.closed_until.filter(|until| *until > now && *until <= longest)
    }
}

impl Turns {
    /// Returns turns for at most so many calls to one port at a time.
    pub const fn new(calls_max: usize) -> Self {
        Self { calls_max, ports: Mutex::new(BTreeMap::new()) }
    }

    fn with<T>(&self, port: &str, look: impl FnOnce(&mut Port) -> T) -> T {
        let mut ports = self.ports.lock().unwrap_or_else(PoisonError::into_inner);
        match ports.get_mut(port) {
            Some(it) => look(it),
            // Only ports of the configuration are called, so there are not more than systems.
            None => look(ports.entry(port.to_owned()).or_default()),
        }
    }

    /// Asks for a turn at a port.
    pub fn enter<'a>(&'a self, port: &'a str, now: Timestamp) -> Result<Call<'a>, Turn> {
        let later = self.with(port, |it| match it.closed(now) {
            Some(until) => Some(Turn::Silent(until)),
            None if it.silences > 0 && it.calls > 0 => Some(Turn::Silent(now + backoff(it.silences))),
            None if it.calls >= self.calls_max => Some(Turn::Busy(now + BUSY)),
            None => {
                it.calls += 1;
                None
            }
        });
        // A call is made only where there is a turn: dropped, it would give back somebody else's.
        later.map_or_else(|| Ok(Call { turns: self, port }), Err)
    }

    /// The port answered.
    pub fn answered(&self, port: &str) {
        self.with(port, |it| (it.silences, it.closed_until) = (0, None));
    }

    /// The port was silent. Calls that were made together and fall silent together are one silence.
    pub fn silent(&self, port: &str, now: Timestamp) {
        self.with(port, |it| {
            if it.closed(now).is_some() {
                return;
            }
            it.closed_until = Some(now + backoff(it.silences));
            it.silences = it.silences.saturating_add(1);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLS_MAX: usize = 4;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_silent_port_is_probed_by_one_caller_and_opens_when_it_answers() {
        let turns = Turns::new(CALLS_MAX);
        let first = turns.enter("region", at(0)).unwrap();
        turns.silent("region", at(0));
        drop(first);
        assert_eq!(turns.enter("region", at(0)).unwrap_err(), Turn::Silent(at(1)));
        let probe = turns.enter("region", at(1)).unwrap();
        for _ in 0..2 {
            assert_eq!(turns.enter("region", at(1)).unwrap_err(), Turn::Silent(at(3)));
        }
        turns.answered("region");
        let second = turns.enter("region", at(1)).unwrap();
        drop((probe, second));
        assert!(turns.enter("other", at(1)).is_ok());
    }

    #[test]
    fn a_busy_port_keeps_nobody_else_waiting() {
        let turns = Turns::new(CALLS_MAX);
        let calls: Vec<_> = (0..CALLS_MAX).map(|_| turns.enter("region", at(0)).unwrap()).collect();
        assert_eq!(turns.enter("region", at(0)).unwrap_err(), Turn::Busy(at(1)));
        assert!(turns.enter("other", at(0)).is_ok());
        assert_eq!(
            turns.enter("region", at(0)).unwrap_err(),
            Turn::Busy(at(1)),
            "who is refused takes no turn"
        );
        drop(calls);
        assert!(turns.enter("region", at(0)).is_ok());
    }

    #[test]
    fn calls_that_fall_silent_together_close_a_port_once() {
        let turns = Turns::new(CALLS_MAX);
        let calls: Vec<_> = (0..CALLS_MAX).map(|_| turns.enter("region", at(0)).unwrap()).collect();
        for _ in 0..CALLS_MAX {
            turns.silent("region", at(60));
        }
        drop(calls);
        assert_eq!(turns.enter("region", at(60)).unwrap_err(), Turn::Silent(at(61)));
        assert!(turns.enter("region", at(61)).is_ok());
    }

    #[test]
    fn a_clock_set_back_closes_no_port_for_long() {
        let turns = Turns::new(CALLS_MAX);
        turns.silent("region", at(90_000));
        assert!(turns.enter("region", at(0)).is_ok());
    }
}
