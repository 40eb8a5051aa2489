// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands in the relay's outbox, and who does it.

use super::accept::AsyncRelay;
use super::letter::Said;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use service::ports::store::{Claimed, Settlement, StoreError};
use service::pump::Worker;
use std::sync::Arc;
use uuid::Uuid;

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

#[async_trait]
impl Worker for AsyncRelay {
    async fn carry_out(&self, claimed: &Claimed) -> Result<Settlement, StoreError> {
        match serde_json::from_slice::<Errand>(&claimed.row.payload) {
            Ok(Errand::Deliver { letter }) => self.deliver(letter, claimed.attempts).await,
            Ok(Errand::Tell { letter, said }) => self.tell(letter, said, claimed).await,
            Err(_) => Ok(Settlement::SetAside { why: "unusable: the work cannot be read".to_owned() }),
        }
    }
}

impl AsyncRelay {
    /// Works until the task is dropped; a port that is silent keeps nothing from being brought to others.
    pub async fn work(self: Arc<Self>) {
        self.pump.run(&self).await;
    }

    /// Does the work that is due now and returns how many rows were claimed.
    pub async fn work_once(self: &Arc<Self>) -> Result<usize, StoreError> {
        self.pump.once(self).await
    }
}
