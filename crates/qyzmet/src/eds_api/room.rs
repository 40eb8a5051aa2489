// SPDX-License-Identifier: MIT OR Apache-2.0
//! What requests hold until they are answered: bounded in all, and for one address, so that it leaves room to others.

use super::Problem;
use axum::http::StatusCode;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use web::limit::{Place, network};

/// Requests and their bytes that are held at once; whoever comes beside them is asked to come again.
pub(super) const ALL: Held = Held { requests: 40, bytes: 64 * 1024 * 1024 };
/// Those of one address.
pub(super) const OF_ONE: Held = Held { requests: 10, bytes: 32 * 1024 * 1024 };

const BUSY: Problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the verifier is busy; come again");
const TOO_MUCH: Problem = Problem::new(
    StatusCode::TOO_MANY_REQUESTS,
    "too much at once from this address; wait for the answers and come again",
);

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) requests: usize,
    pub(super) bytes: usize,
}

impl Held {
    const fn and(self, other: Self) -> Self {
        Self { requests: self.requests + other.requests, bytes: self.bytes + other.bytes }
    }

    const fn fits(self, most: Self) -> bool {
        self.requests <= most.requests && self.bytes <= most.bytes
    }
}

/// What is held, by address.
#[derive(Debug, Default)]
pub(super) struct Room(Mutex<HashMap<Option<IpAddr>, Held>>);

impl Room {
    /// Lets a request in, as long as there is room.
    pub(super) fn enter(self: &Arc<Self>, place: Place) -> Result<Stay, Problem> {
        let (address, held) = (place.0.map(network), Held { requests: 1, bytes: 0 });
        self.hold(address, held)?;
        Ok(Stay { room: Arc::clone(self), address, held })
    }

    fn hold(&self, address: Option<IpAddr>, more: Held) -> Result<(), Problem> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = places.get(&address).map_or(more, |it| it.and(more));
        if !of_one.fits(OF_ONE) {
            return Err(TOO_MUCH);
        }
        if !places.values().fold(more, |sum, it| sum.and(*it)).fits(ALL) {
            return Err(BUSY);
        }
        places.insert(address, of_one);
        Ok(())
    }

    fn free(&self, address: Option<IpAddr>, held: Held) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
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
pub(super) struct Stay {
    room: Arc<Room>,
    address: Option<IpAddr>,
    held: Held,
}

impl Stay {
    /// Holds as many bytes more.
    pub(super) fn grow(&mut self, bytes: usize) -> Result<(), Problem> {
        let more = Held { requests: 0, bytes };
        self.room.hold(self.address, more)?;
        self.held = self.held.and(more);
        Ok(())
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.room.free(self.address, self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: usize = OF_ONE.bytes / 2;

    fn place(text: &str) -> Place {
        Place(Some(text.parse().unwrap()))
    }

    #[test]
    fn one_address_leaves_room_to_others() {
        let room = Arc::new(Room::default());
        let many: Vec<_> =
            (0..OF_ONE.requests).map(|_| room.enter(place("2001:db8::1")).expect("room")).collect();
        assert_eq!(room.enter(place("2001:db8::2")).unwrap_err(), TOO_MUCH, "the same network");
        let mut other = room.enter(place("192.0.2.1")).expect("room");
        other.grow(HALF).expect("room");
        other.grow(HALF).expect("room");
        assert_eq!(other.grow(1).unwrap_err(), TOO_MUCH);
        drop((many, other));
        assert!(room.0.lock().expect("a lock").is_empty());
    }

    #[test]
    fn all_together_hold_no_more_than_there_is() {
        let room = Arc::new(Room::default());
        let whole = |last: u8| {
            let mut stay = room.enter(Place(Some([192, 0, 2, last].into()))).expect("room");
            stay.grow(OF_ONE.bytes).map(|()| stay)
        };
        let (first, second) = (whole(1).expect("room"), whole(2).expect("room"));
        assert_eq!(whole(3).unwrap_err(), BUSY);
        drop(first);
        let third = whole(3).expect("room");
        drop((second, third));
    }
}
