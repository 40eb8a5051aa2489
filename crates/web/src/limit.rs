// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often something may be tried from one place: numbers follow one another and passwords are guessed, so trying them
//! must be slow.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};

use crate::errors::PageError;

/// Checks of a paper by number, from one place in a window.
const CHECKS_MAX: u32 = 20;
/// Sign-ins from one place in a window: an office stands behind one address.
const SIGN_INS_MAX: u32 = 60;
/// Challenges to sign in by EDS given to one place in a window.
const CHALLENGES_MAX: u32 = 60;
/// Registrations from one place in a window.
const REGISTRATIONS_MAX: u32 = 20;
/// Length of a window.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Places remembered; when more come, those whose window is over are forgotten, and then all.
const PLACES_MAX: usize = 10_000;

/// The limits of this program.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Checks of a paper by number.
    pub(crate) checks: Limiter,
    /// Sign-ins of citizens and officials.
    pub(crate) sign_ins: Limiter,
    /// Challenges to sign in by EDS.
    pub(crate) challenges: Limiter,
    /// Registrations.
    pub(crate) registrations: Limiter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            checks: Limiter::new(CHECKS_MAX),
            sign_ins: Limiter::new(SIGN_INS_MAX),
            challenges: Limiter::new(CHALLENGES_MAX),
            registrations: Limiter::new(REGISTRATIONS_MAX),
        }
    }
}

/// Where a request comes from, if that is known; behind a proxy the program sees the proxy.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip())))
    }
}

/// Counts trials by place.
#[derive(Debug)]
pub struct Limiter {
    trials_max: u32,
    places: Mutex<HashMap<Option<IpAddr>, (Timestamp, u32)>>,
}

impl Limiter {
    /// Returns a limit of so many trials a minute from one place.
    pub fn new(trials_max: u32) -> Self {
        Self { trials_max, places: Mutex::default() }
    }

    /// Counts a trial; one too many is refused. Requests without a known place share one count.
    pub fn admit(&self, place: Place, now: Timestamp) -> Result<(), PageError> {
        if self.admits(place.0, now) { Ok(()) } else { Err(PageError::TooMany) }
    }

    fn admits(&self, place: Option<IpAddr>, now: Timestamp) -> bool {
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
        *trials <= self.trials_max
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
        let limiter = Limiter::new(20);
        for _ in 0..20 {
            assert!(limiter.admits(Some(place(1)), at(0)));
        }
        assert!(!limiter.admits(Some(place(1)), at(59)));
        assert!(limiter.admits(Some(place(2)), at(59)), "another place has its own count");
        assert!(limiter.admits(Some(place(1)), at(60)), "a new minute begins");
    }

    #[test]
    fn places_are_bounded() {
        let limiter = Limiter::new(20);
        for number in 0..u32::try_from(PLACES_MAX + 5).expect("a number") {
            assert!(limiter.admits(Some(IpAddr::from(number.to_be_bytes())), at(0)));
        }
        assert!(limiter.places.lock().expect("a lock").len() <= PLACES_MAX);
    }
}
