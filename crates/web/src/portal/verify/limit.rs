// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often numbers may be tried from one place: numbers follow one another, so guessing them must be slow.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Trials from one place in a window.
const TRIALS_MAX: u32 = 20;
/// Length of a window.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Places remembered; when more come, those whose window is over are forgotten, and then all.
const PLACES_MAX: usize = 10_000;

/// Counts trials by place.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    places: Mutex<HashMap<Option<IpAddr>, (Timestamp, u32)>>,
}

impl Limiter {
    /// Counts a trial and returns whether it is admitted. Requests without a known place share one count.
    pub(super) fn admits(&self, place: Option<IpAddr>, now: Timestamp) -> bool {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES_MAX && !places.contains_key(&place) {
            places.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
            if places.len() >= PLACES_MAX {
                places.clear();
            }
        }
        let (since, trials) = places.entry(place).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *trials) = (now, 0);
        }
        *trials = trials.saturating_add(1);
        *trials <= TRIALS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).expect("an instant")
    }

    fn place(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn twenty_trials_a_minute_are_admitted_and_no_more() {
        let limiter = Limiter::default();
        for _ in 0..TRIALS_MAX {
            assert!(limiter.admits(Some(place(1)), at(0)));
        }
        assert!(!limiter.admits(Some(place(1)), at(59)));
        assert!(limiter.admits(Some(place(2)), at(59)), "another place has its own count");
        assert!(limiter.admits(Some(place(1)), at(60)), "a new minute begins");
    }

    #[test]
    fn places_are_bounded() {
        let limiter = Limiter::default();
        for number in 0..u32::try_from(PLACES_MAX + 5).expect("a number") {
            assert!(limiter.admits(Some(IpAddr::from(number.to_be_bytes())), at(0)));
        }
        assert!(limiter.places.lock().expect("a lock").len() <= PLACES_MAX);
    }
}
