// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands in the relay's outbox, and the workers that do it.

use super::accept::AsyncRelay;
use super::deliver::IN_FLIGHT_MAX;
use super::letter::Said;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use service::ports::store::{Claimed, Settlement, StoreError};
use service::turns::{BACKOFF_SECONDS_MAX, backoff};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Rows claimed at a time.
const CLAIM_MAX: usize = 64;
/// How long a claim hides its row: longer than a call waits for its answer.
const LEASE_SECONDS: i64 = 120;
/// How often the outbox is looked into when nobody wakes the worker.
const IDLE_MILLISECONDS: u64 = 500;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub(super) enum Errand {
    /// Bring a message to its addressee.
    Deliver {
        /// Its key.
        letter: Uuid,
    },
    /// Tell the sender what became of it.
    Tell {
        /// Its key.
        letter: Uuid,
        /// What.
        said: Said,
    },
}

impl AsyncRelay {
    /// Works until the task is dropped; a port that is silent keeps nothing from being brought to others.
    pub async fn work(self: Arc<Self>) {
        let idle = Duration::from_millis(IDLE_MILLISECONDS);
        let mut tasks = JoinSet::new();
        loop {
            while tasks.try_join_next().is_some() {}
            let room = IN_FLIGHT_MAX.saturating_sub(tasks.len()).min(CLAIM_MAX);
            let claimed = if room == 0 { Ok(Vec::new()) } else { self.claim(room).await };
            let claimed = claimed.unwrap_or_else(|failed| {
                tracing::error!(error = %failed, "the outbox of the relay cannot be read");
                Vec::new()
            });
            let found = claimed.len();
            for it in claimed {
                let relay = Arc::clone(&self);
                tasks.spawn(async move { relay.run(it).await });
            }
            if found > 0 && found == room {
                continue;
            }
            tokio::select! {
                Some(_) = tasks.join_next() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(idle) => {}
            }
        }
    }

    /// Does the work that is due now and returns how many rows were claimed.
    pub async fn work_once(self: &Arc<Self>) -> Result<usize, StoreError> {
        let claimed = self.claim(CLAIM_MAX).await?;
        let count = claimed.len();
        let mut tasks = JoinSet::new();
        for it in claimed {
            let relay = Arc::clone(self);
            tasks.spawn(async move { relay.do_claimed(it).await });
        }
        while let Some(done) = tasks.join_next().await {
            if let Ok(Err(failed)) = done {
                return Err(failed);
            }
        }
        Ok(count)
    }

    async fn claim(&self, most: usize) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        self.store.claim(now, now + SignedDuration::from_secs(LEASE_SECONDS), most).await
    }

    async fn run(&self, claimed: Claimed) {
        if let Err(failed) = self.do_claimed(claimed).await {
            // The lease runs out and the work is claimed again: it is done as often as it takes.
            tracing::error!(error = %failed, "work of the relay cannot be settled");
        }
    }

    async fn do_claimed(&self, claimed: Claimed) -> Result<(), StoreError> {
        let settlement = match serde_json::from_slice::<Errand>(&claimed.row.payload) {
            Ok(Errand::Deliver { letter }) => self.deliver(letter, claimed.attempts).await?,
            Ok(Errand::Tell { letter, said }) => self.tell(letter, said, &claimed).await?,
            Err(_) => Settlement::SetAside { why: "unusable: the work cannot be read".to_owned() },
        };
        self.store.settle(claimed.row.id, settlement).await
    }

    /// Returns when work is tried again that failed so many times before.
    pub(super) fn next_trial(&self, attempts: u32) -> Timestamp {
        self.clock.now() + self.scattered(backoff(attempts))
    }

    /// Adds up to a quarter by chance, so that what failed together does not come back together.
    pub(super) fn scattered(&self, wait: SignedDuration) -> SignedDuration {
        let mut chance = [0; 1];
        self.clock.fill(&mut chance);
        let [chance] = chance;
        let seconds = wait.as_secs().clamp(1, BACKOFF_SECONDS_MAX);
        wait + SignedDuration::from_millis(seconds * i64::from(chance))
    }
}
