// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts of citizens and officials, and their sessions.
//!
//! An IIN and a password prove nothing: an account is not bound to an IIN before proof by EDS, so several unproven
//! accounts may name the same IIN; the first that proves itself is the person's, and the others end, but for one whose
//! application is under way.
//!
//! What happens to an account is an event of its stream ([`crate::codec::account`]); its row is a view, written in the same
//! commit. Sessions, challenges and counts of attempts are rows that expire.

mod by_eds;
mod challenges;
mod citizens;
mod claims;
mod kept;
mod log;
mod officials;
mod password;
mod sessions;
mod several;

pub use by_eds::EdsSignIn;
pub use challenges::{CHALLENGE_MINUTES, Challenge, Proved};
pub use citizens::{Citizen, PasswordRefused, Proof, RegisterRefused};
pub use claims::Claim;
pub use kept::{ACCOUNTS_MAX, Followed, ListRefused, ListedAccount};
pub use log::{Happened, LOG_MAX};
pub use officials::Official;
pub use password::{is_phc, phc};
pub use sessions::{Session, Who};

use crate::ports::store::{CommitError, RowChange};
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Wrong passwords in a row before sign-in waits.
pub const ATTEMPTS_MAX: u32 = 5;

/// How long sign-in waits after too many attempts.
pub const LOCKED_MINUTES: i64 = 15;

/// How long a count below [`ATTEMPTS_MAX`] is remembered after its last attempt.
const ATTEMPTS_HOURS: i64 = 24;

/// How often a count is begun again when another attempt was counted at the same moment.
const COUNT_AGAIN_MAX: u32 = 32;

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

impl Attempts {
    /// Returns the refusal of an attempt that was counted and had a wrong password.
    fn refused(self) -> SignInRefused {
        match self.until {
            Some(until) => SignInRefused::Locked { until },
            None => SignInRefused::Wrong { left: ATTEMPTS_MAX.saturating_sub(self.failed) },
        }
    }
}

impl Service {
    /// Counts an attempt before its password is looked at, so that many at once are not one; refuses when the name is
    /// locked. A right password forgets the count.
    async fn begin_attempt(&self, key: &str) -> Result<Attempts, SignInRefused> {
        for _ in 0..COUNT_AGAIN_MAX {
            let now = self.now();
            let row = self.ports.store.row(tables::ATTEMPTS, key).await.map_err(SubmitError::from)?;
            let revision = row.as_ref().map_or(0, |it| it.revision);
            let mut attempts = match &row {
                Some(row) => rows::body(row).map_err(SubmitError::from)?,
                None => Attempts::default(),
            };
            match attempts.until {
                Some(until) if until > now => return Err(SignInRefused::Locked { until }),
                Some(_) => attempts = Attempts::default(),
                None => {}
            }
            attempts.failed += 1;
            let until = now + SignedDuration::from_mins(LOCKED_MINUTES);
            attempts.until = (attempts.failed >= ATTEMPTS_MAX).then_some(until);
            let forgotten_at = attempts.until.unwrap_or(now + SignedDuration::from_hours(ATTEMPTS_HOURS));
            let row = rows::expiring(tables::ATTEMPTS, key, forgotten_at, &attempts);
            match self.put(vec![RowChange::PutIf(row, revision)]).await {
                Ok(()) => return Ok(attempts),
                Err(SubmitError::Changed) => {}
                Err(failed) => return Err(failed.into()),
            }
        }
        Err(SubmitError::Unavailable("too many attempts at once".to_owned()).into())
    }

    /// Commits changes of rows that belong to no stream.
    pub(crate) async fn put(&self, changes: Vec<RowChange>) -> Result<(), SubmitError> {
        self.put_along(Along::from(changes)).await
    }

    /// Commits changes of rows with events for the ends of streams.
    pub(crate) async fn put_along(&self, along: Along) -> Result<(), SubmitError> {
        rows::put_along(&*self.ports.store, self.now(), along).await.map_err(|it| match it {
            CommitError::RowLost => SubmitError::Changed,
            CommitError::VersionLost | CommitError::Repeated(_) => SubmitError::Unavailable(it.to_string()),
            CommitError::Unavailable(why) => SubmitError::Unavailable(why),
            CommitError::Unusable(why) => SubmitError::Unusable(why),
        })
    }
}

/// Forgets the attempts of a name: its password was right.
fn attempts_forgotten(key: &str) -> RowChange {
    RowChange::Delete { table: tables::ATTEMPTS.to_owned(), key: key.to_owned() }
}
