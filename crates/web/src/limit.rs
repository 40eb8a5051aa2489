// SPDX-License-Identifier: MIT OR Apache-2.0
//! How often something may be tried from one place: numbers follow one another and passwords are guessed, so trying them
//! must be slow.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use jiff::{SignedDuration, Timestamp};

use crate::errors::PageError;

/// Checks of a paper by number, from one place in a window.
const CHECKS_MAX: u32 = 20;
/// Sign-ins from one place in a window: an office stands behind one address.
const SIGN_INS_MAX: u32 = 60;
/// Challenges to sign in by EDS given to one place in a window: whoever shares it could take them from all others there.
const CHALLENGES_MAX: u32 = 300;
/// Registrations from one place in a window.
const REGISTRATIONS_MAX: u32 = 20;
/// Documents that one browser or session hands to telephones in a window.
const TELEPHONES_MAX: u32 = 20;
/// Documents that one place hands to telephones in a window.
const TELEPHONES_OF_PLACE_MAX: u32 = 300;
/// Length of a window.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Places remembered; when more come, the one that began first is forgotten.
const PLACES_MAX: usize = 10_000;
/// What of an IPv6 address is one place: whoever has one address there has the other half for himself.
const NETWORK: u128 = u128::MAX << 64;

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
    /// Documents handed to telephones, by the secret of the browser or of the session.
    pub(crate) telephones: Limiter<String>,
    /// The same by place.
    pub(crate) telephones_of_place: Limiter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            checks: Limiter::new(CHECKS_MAX),
            sign_ins: Limiter::new(SIGN_INS_MAX),
            challenges: Limiter::new(CHALLENGES_MAX),
            registrations: Limiter::new(REGISTRATIONS_MAX),
            telephones: Limiter::new(TELEPHONES_MAX),
            telephones_of_place: Limiter::new(TELEPHONES_OF_PLACE_MAX),
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

/// Counts trials by place, or by something else that is one's own.
pub struct Limiter<K = Option<IpAddr>> {
    trials_max: u32,
    places: Mutex<HashMap<K, (Timestamp, u32)>>,
}

impl<K> fmt::Debug for Limiter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").field("trials_max", &self.trials_max).finish_non_exhaustive()
    }
}

impl Limiter {
    /// Counts a trial; one too many is refused. Requests without a known place share one count.
    pub fn admit(&self, place: Place, now: Timestamp) -> Result<(), PageError> {
        self.admit_one(place.0.map(network), now)
    }
}

impl<K: Clone + Eq + Hash> Limiter<K> {
    /// Returns a limit of so many trials a minute from one place.
    pub fn new(trials_max: u32) -> Self {
        Self { trials_max, places: Mutex::new(HashMap::new()) }
    }

    /// Counts a trial of whoever this is; one too many is refused.
    pub(crate) fn admit_one(&self, who: K, now: Timestamp) -> Result<(), PageError> {
        if self.counts(who, now) <= self.trials_max { Ok(()) } else { Err(PageError::TooMany) }
    }

    /// Counts a trial and returns how many there are in the window.
    fn counts(&self, place: K, now: Timestamp) -> u32 {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= PLACES_MAX && !places.contains_key(&place) {
            let oldest = places.iter().min_by_key(|(_, (since, _))| *since).map(|(it, _)| it.clone());
            if let Some(it) = oldest {
                places.remove(&it);
            }
        }
        let (since, trials) = places.entry(place).or_insert((now, 0));
        if now.duration_since(*since) >= WINDOW {
            (*since, *trials) = (now, 0);
        }
        *trials = trials.saturating_add(1);
        *trials
    }
}

/// Returns what is counted as one place.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() & NETWORK).into(),
        IpAddr::V4(it) => it.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Limiter {
        fn admits(&self, place: Option<IpAddr>, now: Timestamp) -> bool {
            self.admit(Place(place), now).is_ok()
        }
    }

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
    fn what_is_ones_own_is_counted_by_itself() {
        let limiter = Limiter::<String>::new(1);
        assert!(limiter.admit_one("a".to_owned(), at(0)).is_ok());
        assert!(limiter.admit_one("a".to_owned(), at(0)).is_err());
        assert!(limiter.admit_one("b".to_owned(), at(0)).is_ok());
    }

    #[test]
    fn a_network_of_ipv6_is_one_place_and_a_mapped_address_is_the_address() {
        let limiter = Limiter::new(1);
        let admits = |text: &str| limiter.admits(Some(text.parse().expect("an address")), at(0));
        assert!(admits("2001:db8:0:1::1"));
        assert!(!admits("2001:db8:0:1:ffff::2"), "the same network");
        assert!(admits("2001:db8:0:2::1"), "the next one");
        assert!(admits("192.0.2.1"));
        assert!(!admits("::ffff:192.0.2.1"));
        assert!(admits("::ffff:192.0.2.2"));
    }

    #[test]
    fn places_are_bounded_and_the_oldest_is_forgotten_alone() {
        let limiter = Limiter::new(1);
        let many = u32::try_from(PLACES_MAX).expect("a number");
        let admits =
            |number: u32, seconds: i64| limiter.admits(Some(IpAddr::from(number.to_be_bytes())), at(seconds));
        assert!(admits(0, 0));
        for number in 1..=many {
            assert!(admits(number, 1));
        }
        assert_eq!(limiter.places.lock().expect("a lock").len(), PLACES_MAX);
        assert!(!admits(many, 2), "the others are still counted");
        assert!(admits(0, 2), "the first came anew");
    }
}
