// SPDX-License-Identifier: MIT OR Apache-2.0
//! What requests hold in memory until they are answered: bounded in all, and for one address, so that it leaves room to others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::limit::{Place, network};

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Requests.
    pub requests: usize,
    /// Their bytes.
    pub bytes: usize,
}

impl Held {
    const fn and(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, bytes: self.bytes + other.bytes }
    }

    const fn fits(self, most: Self) -> bool {
        self.requests <= most.requests && self.bytes <= most.bytes
    }
}

/// Why nothing more is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// The address has its share.
    OfOne,
    /// All of it is taken.
    OfAll,
}

/// What may be held at once, and what is, by address.
#[derive(Debug)]
pub struct Space {
    all: Held,
    of_one: Held,
    places: Mutex<HashMap<Option<IpAddr>, Held>>,
}

impl Space {
    /// Returns room for so much in all, and for so much of one address.
    pub fn new(all: Held, of_one: Held) -> Self {
        Self { all, of_one, places: Mutex::default() }
    }

    /// Lets a request in, as long as there is room.
    pub fn enter(self: &Arc<Self>, place: Place) -> Result<Stay, Full> {
        let (address, held) = (place.0.map(network), Held { requests: 1, bytes: 0 });
        self.hold(address, held)?;
        Ok(Stay { space: Arc::clone(self), address, held })
    }

    fn hold(&self, address: Option<IpAddr>, more: Held) -> Result<(), Full> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = places.get(&address).map_or(more, |it| it.and(more));
        if !of_one.fits(self.of_one) {
            return Err(Full::OfOne);
        }
        if !places.values().fold(more, |sum, it| sum.and(*it)).fits(self.all) {
            return Err(Full::OfAll);
        }
        places.insert(address, of_one);
        Ok(())
    }

    fn free(&self, address: Option<IpAddr>, held: Held) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = places.get_mut(&address) {
            it.requests = it.requests.saturating_sub(held.requests);
            it.bytes = it.bytes.saturating_sub(held.bytes);
            if it.requests == 0 {
                places.remove(&address);
            }
        }
    }
}

/// What one request holds, for as long as this lives.
#[derive(Debug)]
pub struct Stay {
    space: Arc<Space>,
    address: Option<IpAddr>,
    held: Held,
}

impl Stay {
    /// Holds as many bytes more.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        let more = Held { requests: 0, bytes };
        self.space.hold(self.address, more)?;
        self.held = self.held.and(more);
        Ok(())
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.space.free(self.address, self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Held = Held { requests: 40, bytes: 200 };
    const OF_ONE: Held = Held { requests: 10, bytes: 100 };

    fn space() -> Arc<Space> {
        Arc::new(Space::new(ALL, OF_ONE))
    }

    fn place(text: &str) -> Place {
        Place(Some(text.parse().unwrap()))
    }

    #[test]
    fn one_address_leaves_room_to_others() {
        let space = space();
        let many: Vec<_> =
            (0..OF_ONE.requests).map(|_| space.enter(place("2001:db8::1")).expect("room")).collect();
        assert_eq!(space.enter(place("2001:db8::2")).unwrap_err(), Full::OfOne, "the same network");
        let mut other = space.enter(place("192.0.2.1")).expect("room");
        other.grow(OF_ONE.bytes / 2).expect("room");
        other.grow(OF_ONE.bytes / 2).expect("room");
        assert_eq!(other.grow(1).unwrap_err(), Full::OfOne);
        drop((many, other));
        assert!(space.places.lock().expect("a lock").is_empty());
    }

    #[test]
    fn all_together_hold_no_more_than_there_is() {
        let space = space();
        let whole = |last: u8| {
            let mut stay = space.enter(Place(Some([192, 0, 2, last].into()))).expect("room");
            stay.grow(OF_ONE.bytes).map(|()| stay)
        };
        let (first, second) = (whole(1).expect("room"), whole(2).expect("room"));
        assert_eq!(whole(3).unwrap_err(), Full::OfAll);
        drop(first);
        let third = whole(3).expect("room");
        drop((second, third));
    }
}
