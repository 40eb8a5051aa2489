// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may be called now: a silent port is asked by one caller at a time and stands in nobody else's way.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Calls to one port at a time: most of those in flight, and never all.
pub(super) const CALLS_MAX: usize = 96;
/// Longest wait between two trials, without what chance adds.
pub(super) const BACKOFF_SECONDS_MAX: i64 = 300;
/// How long a call waits for its turn at a busy port.
const BUSY: SignedDuration = SignedDuration::from_secs(1);

/// The ports that are called.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<BTreeMap<String, Port>>);

#[derive(Debug, Default)]
struct Port {
    calls: usize,
    silences: u32,
    closed_until: Option<Timestamp>,
}

/// When a port may be called that may not be called now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// At this time: others call it already.
    Busy(Timestamp),
    /// At this time: it was silent a moment ago.
    Silent(Timestamp),
}

/// A call that gives its turn back however it ends, by being dropped too.
#[derive(Debug)]
pub(super) struct Call<'a> {
    turns: &'a Turns,
    port: &'a str,
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.turns.with(self.port, |it| it.calls = it.calls.saturating_sub(1));
    }
}

/// Returns the wait after so many failures in a row.
pub(super) fn backoff(failures: u32) -> SignedDuration {
    SignedDuration::from_secs((1_i64 << failures.min(16)).min(BACKOFF_SECONDS_MAX))
}

impl Turns {
    fn with<T>(&self, port: &str, look: impl FnOnce(&mut Port) -> T) -> T {
        let mut ports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match ports.get_mut(port) {
            Some(it) => look(it),
            // Only ports of the configuration are called, so there are not more than systems.
            None => look(ports.entry(port.to_owned()).or_default()),
        }
    }

    /// Asks for a turn at a port.
    pub(super) fn enter<'a>(&'a self, port: &'a str, now: Timestamp) -> Result<Call<'a>, Turn> {
        let later = self.with(port, |it| {
            // A clock that was set back closes nothing for longer than the longest wait.
            let longest = now + SignedDuration::from_secs(BACKOFF_SECONDS_MAX);
            match it.closed_until.filter(|until| *until > now && *until <= longest) {
                Some(until) => Some(Turn::Silent(until)),
                None if it.silences > 0 && it.calls > 0 => Some(Turn::Silent(now + backoff(it.silences))),
                None if it.calls >= CALLS_MAX => Some(Turn::Busy(now + BUSY)),
                None => {
                    it.calls += 1;
                    None
                }
            }
        });
        later.map_or(Ok(Call { turns: self, port }), Err)
    }

    /// The port answered.
    pub(super) fn answered(&self, port: &str) {
        self.with(port, |it| (it.silences, it.closed_until) = (0, None));
    }

    /// The port was silent.
    pub(super) fn silent(&self, port: &str, now: Timestamp) {
        self.with(port, |it| {
            it.closed_until = Some(now + backoff(it.silences));
            it.silences = it.silences.saturating_add(1);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_silent_port_is_probed_by_one_caller_and_opens_when_it_answers() {
        let turns = Turns::default();
        let first = turns.enter("region", at(0)).unwrap();
        turns.silent("region", at(0));
        drop(first);
        assert_eq!(turns.enter("region", at(0)).unwrap_err(), Turn::Silent(at(1)));
        let probe = turns.enter("region", at(1)).unwrap();
        assert_eq!(turns.enter("region", at(1)).unwrap_err(), Turn::Silent(at(3)));
        turns.answered("region");
        let second = turns.enter("region", at(1)).unwrap();
        drop((probe, second));
        assert!(turns.enter("other", at(1)).is_ok());
    }

    #[test]
    fn a_busy_port_keeps_nobody_else_waiting() {
        let turns = Turns::default();
        let calls: Vec<_> = (0..CALLS_MAX).map(|_| turns.enter("region", at(0)).unwrap()).collect();
        assert_eq!(turns.enter("region", at(0)).unwrap_err(), Turn::Busy(at(1)));
        assert!(turns.enter("other", at(0)).is_ok());
        drop(calls);
        assert!(turns.enter("region", at(0)).is_ok());
    }

    #[test]
    fn a_clock_set_back_closes_no_port_for_long() {
        let turns = Turns::default();
        turns.silent("region", at(90_000));
        assert!(turns.enter("region", at(0)).is_ok());
    }
}
