// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts of citizens and officials, and their sessions.
//!
//! An IIN and a password prove nothing: an account is not bound to an IIN before proof by EDS, so several unproven
//! accounts may name the same IIN; the first that proves itself is the person's, and the others end.

mod challenges;
mod citizens;
mod officials;
mod password;
mod sessions;

pub use challenges::{CHALLENGE_MINUTES, Challenge, Proved};
pub use citizens::{Citizen, Proof, RegisterRefused};
pub use officials::Official;
pub use sessions::{Session, Who};

use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Wrong passwords in a row before sign-in waits.
pub const ATTEMPTS_MAX: u32 = 5;

/// How long sign-in waits after too many attempts.
pub const LOCKED_MINUTES: i64 = 15;

/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;

/// Longest password, in bytes.
pub const PASSWORD_BYTES_MAX: usize = 256;

/// Why sign-in was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignInRefused {
    /// No such account with that password; so many attempts are left.
    #[error("no account has these credentials")]
    Wrong {
        /// Attempts left.
        left: u32,
    },
    /// Too many attempts: wait until then.
    #[error("sign-in waits until {until}")]
    Locked {
        /// Until when.
        until: Timestamp,
    },
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Attempts {
    failed: u32,
    until: Option<Timestamp>,
}

impl Service {
    /// Refuses when the name is locked.
    async fn check_attempts(&self, key: &str) -> Result<(), SignInRefused> {
        let attempts = self.attempts(key).await?;
        match attempts.until {
            Some(until) if until > self.now() => Err(SignInRefused::Locked { until }),
            _ => Ok(()),
        }
    }

    async fn attempts(&self, key: &str) -> Result<Attempts, SubmitError> {
        Ok(rows::read(&*self.ports.store, tables::ATTEMPTS, key).await?.unwrap_or_default())
    }

    /// Counts a failed attempt and returns the refusal.
    async fn count_attempt(&self, key: &str) -> SignInRefused {
        let now = self.now();
        let mut attempts = match self.attempts(key).await {
            Ok(attempts) => attempts,
            Err(failed) => return failed.into(),
        };
        if attempts.until.is_some_and(|until| until <= now) {
            attempts = Attempts::default();
        }
        attempts.failed += 1;
        let locked = attempts.failed >= ATTEMPTS_MAX;
        let until = now + SignedDuration::from_mins(LOCKED_MINUTES);
        attempts.until = locked.then_some(until);
        let row = rows::row(tables::ATTEMPTS, key, None, String::new(), &attempts);
        if let Err(failed) = self.put(vec![crate::ports::store::RowChange::Put(row)]).await {
            return failed.into();
        }
        if locked {
            SignInRefused::Locked { until }
        } else {
            SignInRefused::Wrong { left: ATTEMPTS_MAX - attempts.failed }
        }
    }

    async fn forget_attempts(&self, key: &str) -> Result<(), SubmitError> {
        let change = crate::ports::store::RowChange::Delete {
            table: tables::ATTEMPTS.to_owned(),
            key: key.to_owned(),
        };
        self.put(vec![change]).await
    }

    /// Commits changes of rows that belong to no stream.
    pub(crate) async fn put(&self, changes: Vec<crate::ports::store::RowChange>) -> Result<(), SubmitError> {
        use crate::ports::store::CommitError;
        rows::put(&*self.ports.store, self.now(), changes).await.map_err(|it| match it {
            CommitError::RowLost => SubmitError::Changed,
            CommitError::VersionLost | CommitError::Repeated(_) => SubmitError::Unavailable(it.to_string()),
            CommitError::Unavailable(why) => SubmitError::Unavailable(why),
            CommitError::Unusable(why) => SubmitError::Unusable(why),
        })
    }
}
