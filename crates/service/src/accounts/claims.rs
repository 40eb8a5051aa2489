// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts that only claim an IIN, when its person comes by EDS for the first time: he says whether one of them is his.
//!
//! It is his if he knows its password: then his signature proves it. Of others he sees nothing.

use super::{SignInRefused, attempts_forgotten, password};
use crate::ports::evidence::Judgement;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::worker::awaited;
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// How long who comes by the password of an account that ended is told why it serves no more.
const PAST_HOURS: i64 = 90 * 24;

/// The most passwords of ended accounts that are remembered of an IIN.
const PAST_MAX: usize = 6;

/// How long a change of the accounts of an IIN is remembered: longer than another change takes.
const HELD_MINUTES: i64 = 10;

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

/// A change of the accounts of an IIN, remembered while two at once could make too many.
#[derive(Serialize)]
struct Held {}

/// Passwords of accounts that ended because their IIN was proved by another.
#[derive(Default, Serialize, Deserialize)]
struct Past {
    passwords: Vec<String>,
}

impl Service {
    /// Returns what loses the commit that it goes along with if the accounts of the IIN change after now: they are read next.
    pub(super) async fn accounts_held(&self, iin: &str) -> Result<RowChange, SubmitError> {
        let key = format!("first/{}", self.vault.pseudonym(iin));
        let revision = self.ports.store.row(tables::CHALLENGES, &key).await?.map_or(0, |it| it.revision);
        let until = self.now() + SignedDuration::from_mins(HELD_MINUTES);
        Ok(RowChange::PutIf(rows::expiring(tables::CHALLENGES, key, until, &Held {}), revision))
    }

    /// Returns the account that becomes the person's by his valid signature, and what makes it so; nothing where he is to
    /// be asked, or asked again, for the account that he says is his is there no more. The accounts of the IIN are held
    /// already.
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
            Claim::Mine(_) if !is_claimed => Ok(None),
            Claim::Mine(password) => {
                // Nobody counts here but who has the key of this IIN: a stranger's wrong passwords do not lock him out.
                let attempts = format!("claim/{}", self.vault.pseudonym(iin));
                let id = self.opened_by(iin, password, &attempts, from).await?;
                let citizen = self.citizen(&id).await?.ok_or(SubmitError::Changed)?;
                let mut along = self.proves(&citizen, &name, &serial, Some(self.now())).await?;
                for counted in [&attempts, &self.attempts_of(iin)] {
                    along.rows.push(attempts_forgotten(counted));
                }
                Ok(Some((id, along)))
            }
            Claim::Unsaid | Claim::NotMine => Ok(Some(self.proved_at_once(iin, &name, &serial).await?)),
        }
    }

    /// Returns whether an application of an account is under way. One whose signature waits for nothing any more is not: its
    /// applicant was told to apply again.
    pub(super) async fn is_under_way(&self, id: &PersonId) -> Result<bool, SubmitError> {
        for head in self.history(id).await?.into_iter().filter(|it| it.end.is_none()) {
            let signature = self.load(head.case).await?.case.signature.filter(|it| it.valid.is_none());
            if signature.is_none_or(|it| !awaited(&it, self.now()).is_over()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns under what attempts to open the accounts of an IIN are counted.
    pub(super) fn attempts_of(&self, iin: &str) -> String {
        format!("citizen/{}", self.vault.pseudonym(iin))
    }

    /// Returns what remembers the passwords of accounts that end.
    pub(super) fn past(&self, iin: &str, mut passwords: Vec<String>) -> Along {
        passwords.truncate(PAST_MAX);
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
