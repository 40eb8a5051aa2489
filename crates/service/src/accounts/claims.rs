// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts that only claim an IIN, when its person comes by EDS for the first time: he says whether one of them is his.
//!
//! It is his if he knows its password: then his signature proves it. Of others he sees nothing.

use super::{SignInRefused, attempts_forgotten, password};
use crate::ports::evidence::Judgement;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// How long who comes by the password of an account that ended is told why it serves no more.
const PAST_HOURS: i64 = 90 * 24;

/// What a person says of the accounts that claim his IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim<'a> {
    /// He was not asked yet.
    Unsaid,
    /// One of them is his: its password.
    Mine(&'a str),
    /// None of them is his.
    NotMine,
}

/// Passwords of accounts that ended because their IIN was proved by another.
#[derive(Default, Serialize, Deserialize)]
struct Past {
    passwords: Vec<String>,
}

impl Service {
    /// Returns the account that becomes the person's by his valid signature, and what makes it so; nothing where he is to
    /// be asked first.
    pub(super) async fn bound(
        &self,
        iin: &str,
        judgement: &Judgement,
        claim: Claim<'_>,
        from: Option<IpAddr>,
    ) -> Result<Option<(PersonId, Along)>, SignInRefused> {
        let name = judgement.signer.clone().unwrap_or_default();
        let serial = judgement.serial.clone().unwrap_or_default();
        let is_claimed = self.is_registered(iin).await?;
        match claim {
            Claim::Unsaid if is_claimed => Ok(None),
            Claim::Mine(password) if is_claimed => {
                let id = self.opened_by(iin, password, from).await?;
                let citizen = self.citizen(&id).await?.ok_or(SubmitError::Changed)?;
                let mut along = self.proven(&citizen, &name, &serial).await?;
                along.rows.push(attempts_forgotten(&self.attempts_of(iin)));
                Ok(Some((id, along)))
            }
            Claim::Unsaid | Claim::Mine(_) | Claim::NotMine => {
                Ok(Some(self.proved_at_once(iin, &name, &serial).await?))
            }
        }
    }

    /// Returns what remembers the passwords of accounts that end.
    pub(super) fn past(&self, iin: &str, passwords: Vec<String>) -> Along {
        if passwords.is_empty() {
            return Along::default();
        }
        let until = self.now() + SignedDuration::from_hours(PAST_HOURS);
        let row = rows::expiring(tables::ATTEMPTS, self.past_key(iin), until, &Past { passwords });
        Along::from(vec![RowChange::Put(row)])
    }

    /// Returns whether a password opened an account that ended because its IIN was proved by another.
    pub async fn opened_before(&self, iin: &str, password: &str) -> Result<bool, SubmitError> {
        let past: Option<Past> =
            rows::read(&*self.ports.store, tables::ATTEMPTS, &self.past_key(iin)).await?;
        for own in past.unwrap_or_default().passwords {
            if password::matches(password, Some(&own)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn past_key(&self, iin: &str) -> String {
        format!("ended/{}", self.vault.pseudonym(iin))
    }
}
