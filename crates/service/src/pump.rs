// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pump of an outbox: what is due is claimed, carried out beside other work, and settled. The store claims one row of a
//! lane at a time, so that rows of a lane keep their order.

use crate::ports::store::{Claimed, Settlement, StoreError};
use crate::ports::{Clock, Store};
use crate::turns::{BACKOFF_SECONDS_MAX, backoff};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};

/// Rows claimed at a time.
const CLAIM_MAX: usize = 64;
/// How long a claim hides its row: longer than a call waits for its answer.
const LEASE_SECONDS: i64 = 120;
/// How often the outbox is looked into when nobody wakes the pump.
const IDLE_MILLISECONDS: u64 = 500;

/// Who carries out what was claimed.
#[async_trait]
pub trait Worker: Send + Sync + 'static {
    /// Carries out work and returns how it ended; after an error it is claimed again when its lease has run out.
    async fn carry_out(&self, claimed: &Claimed) -> Result<Settlement, StoreError>;
}

/// The pump of one outbox.
#[derive(Debug)]
pub struct Pump {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    places: usize,
    wake: Notify,
}

/// What is under way.
type Tasks = JoinSet<Result<(), StoreError>>;

impl Pump {
    /// Returns a pump that has at most so many rows under way at a time.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, places: usize) -> Self {
        Self { store, clock, places, wake: Notify::new() }
    }

    /// There may be work: the outbox is looked into now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Works until it is dropped, with all that is under way; what hangs or panics keeps nothing else from being done.
    pub async fn run(&self, worker: &Arc<impl Worker>) {
        let idle = Duration::from_millis(IDLE_MILLISECONDS);
        let mut tasks = Tasks::new();
        loop {
            while let Some(ended) = tasks.try_join_next() {
                note(&ended);
            }
            let room = self.places.saturating_sub(tasks.len()).min(CLAIM_MAX);
            let claimed = if room == 0 { Ok(Vec::new()) } else { self.claim(room).await };
            let claimed = claimed.unwrap_or_else(|failed| {
                tracing::error!(error = %failed, "the outbox cannot be read");
                Vec::new()
            });
            let found = claimed.len();
            self.begin(claimed, worker, &mut tasks);
            if found > 0 && found == room {
                continue;
            }
            tokio::select! {
                Some(ended) = tasks.join_next() => note(&ended),
                () = self.wake.notified() => {}
                () = tokio::time::sleep(idle) => {}
            }
        }
    }

    /// Does the work that is due now and returns how many rows were claimed.
    pub async fn once(&self, worker: &Arc<impl Worker>) -> Result<usize, StoreError> {
        let claimed = self.claim(CLAIM_MAX).await?;
        let count = claimed.len();
        let mut tasks = Tasks::new();
        self.begin(claimed, worker, &mut tasks);
        while let Some(ended) = tasks.join_next().await {
            if let Ok(Err(failed)) = ended {
                return Err(failed);
            }
        }
        Ok(count)
    }

    /// Returns when work is tried again that failed so many times before.
    pub fn next_trial(&self, attempts: u32) -> Timestamp {
        self.scattered(self.clock.now(), backoff(attempts))
    }

    /// Returns this time or, if it is past, now; either a little later.
    pub fn later(&self, at: Timestamp) -> Timestamp {
        let now = self.clock.now();
        self.scattered(now, at.duration_since(now).max(SignedDuration::ZERO))
    }

    async fn claim(&self, most: usize) -> Result<Vec<Claimed>, StoreError> {
        // Whose turn it is, is not asked here: a row names its lane and no port. What is refused a turn is settled for later.
        let now = self.clock.now();
        self.store.claim(now, now + SignedDuration::from_secs(LEASE_SECONDS), most).await
    }

    fn begin(&self, claimed: Vec<Claimed>, worker: &Arc<impl Worker>, tasks: &mut Tasks) {
        for it in claimed {
            let (store, worker) = (Arc::clone(&self.store), Arc::clone(worker));
            tasks.spawn(async move {
                let settlement = worker.carry_out(&it).await?;
                store.settle(it.row.id, settlement).await
            });
        }
    }

    /// Adds up to a quarter of a wait by chance: what waits for the same does not come together.
    fn scattered(&self, now: Timestamp, wait: SignedDuration) -> Timestamp {
        let mut chance = [0; 1];
        self.clock.fill(&mut chance);
        let [chance] = chance;
        let seconds = wait.as_secs().clamp(1, BACKOFF_SECONDS_MAX);
        now + wait + SignedDuration::from_millis(seconds * i64::from(chance))
    }
}

fn note(ended: &Result<Result<(), StoreError>, JoinError>) {
    if let Ok(Err(failed)) = ended {
        // The lease runs out and the work is claimed again: it is done as often as it takes.
        tracing::error!(error = %failed, "work cannot be settled");
    }
}
