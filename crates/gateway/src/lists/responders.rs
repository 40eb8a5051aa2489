// SPDX-License-Identifier: MIT OR Apache-2.0
//! Responders that were silent: where a list is kept in their place, they keep nobody waiting again and again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long a responder that was silent is asked by nobody.
const REST: Duration = Duration::from_mins(1);
/// Silent responders that are remembered.
const RESPONDERS_MAX: usize = 64;

/// Until when each silent responder rests, by its address.
#[derive(Debug, Default)]
pub(super) struct Responders(Mutex<BTreeMap<String, Instant>>);

impl Responders {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<String, Instant>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Says whether a responder rests. Who first learns that its rest is over asks it, and the others go on without it.
    pub(super) fn rests(&self, url: &str) -> bool {
        let now = Instant::now();
        self.with(|it| match it.get_mut(url) {
            Some(until) if *until > now => true,
            Some(until) => {
                *until = now + REST;
                false
            }
            None => false,
        })
    }

    /// Remembers whether a responder answered.
    pub(super) fn asked(&self, url: &str, answered: bool) {
        let until = Instant::now() + REST;
        self.with(|it| {
            if answered {
                it.remove(url);
            } else if it.len() < RESPONDERS_MAX || it.contains_key(url) {
                it.insert(url.to_owned(), until);
            }
        });
    }
}
