// SPDX-License-Identifier: MIT OR Apache-2.0
//! Forms that came after their session had ended: kept sealed until the same person signs in again.

use crate::accounts::Who;
use crate::ports::store::RowChange;
use crate::submit::SubmitError;
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a form is kept.
pub const KEPT_HOURS: i64 = 24;
/// Largest form kept, in bytes of its names and values.
pub const KEPT_BYTES_MAX: usize = 512 * 1024;

/// A form as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForm {
    /// Path that it was sent to, without the language.
    pub path: String,
    /// Names and values in their order. Personal.
    pub values: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    until: Timestamp,
    sealed: String,
}

impl Service {
    /// Keeps a form that came under the token of a session that has ended; the last one of an account is kept.
    /// Returns whether it was: a token that was no citizen's session in the last [`KEPT_HOURS`] keeps nothing.
    pub async fn keep_form(&self, token: &str, form: &KeptForm) -> Result<bool, SubmitError> {
        let kept = SignedDuration::from_hours(KEPT_HOURS);
        let bytes: usize = form.values.iter().map(|(name, value)| name.len() + value.len()).sum();
        let Some(Who::Citizen(account)) = self.once(token, kept).await?.filter(|_| bytes <= KEPT_BYTES_MAX)
        else {
            return Ok(false);
        };
        let until = self.now() + kept;
        let stored = Stored { until, sealed: self.seal_json(&account.0, form).await? };
        let row = rows::expiring(tables::KEPT, &account.0, until, &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(true)
    }

    /// Returns the form kept for an account, if it is not older than [`KEPT_HOURS`].
    pub async fn kept_form(&self, account: &PersonId) -> Result<Option<KeptForm>, SubmitError> {
        let stored: Option<Stored> = rows::read(&*self.ports.store, tables::KEPT, &account.0).await?;
        match stored {
            Some(stored) if stored.until >= self.now() => self.open_json(&account.0, &stored.sealed).await,
            _ => Ok(None),
        }
    }

    /// Forgets the form kept for an account.
    pub async fn forget_form(&self, account: &PersonId) -> Result<(), SubmitError> {
        self.put(vec![RowChange::Delete { table: tables::KEPT.to_owned(), key: account.0.clone() }]).await
    }
}
