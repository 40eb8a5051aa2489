// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several accounts that name one IIN: what its person signed is his who proved it, whatever account sent it. What an account
//! that proved nothing wrote and nobody signed stays its own.

use super::Citizen;
use crate::Service;
use crate::portal::PAGE;
use crate::submit::SubmitError;
use crate::views::{CaseHead, Notice};
use engine::case::{Case, CaseId, PersonId};
use std::cmp::Reverse;

impl Service {
    /// Returns the account that was proved to be of the person of an IIN.
    pub(super) async fn proved_account(&self, iin: &str) -> Result<Option<PersonId>, SubmitError> {
        Ok(self.accounts_named(iin).await?.into_iter().find_map(|(id, is_proved)| is_proved.then_some(id)))
    }

    /// Returns the account that has a case of the portal: the one that sent it; where the key of the applicant signed it and
    /// he has proved an account, that one.
    pub(crate) async fn account_of(&self, case: &Case) -> Result<PersonId, SubmitError> {
        let is_signed = case.signature.as_ref().is_some_and(|it| it.valid == Some(true));
        let proved = if is_signed { self.proved_account(&case.application.iin).await? } else { None };
        Ok(proved.unwrap_or_else(|| case.application.applicant.clone()))
    }

    /// Returns whether the person of a citizen's IIN has proved another account: then this one sends nothing any more.
    pub async fn is_proved_elsewhere(&self, citizen: &Citizen) -> Result<bool, SubmitError> {
        Ok(self.proved_account(&citizen.iin).await?.is_some_and(|it| it != citizen.id))
    }

    /// Returns the cases of a citizen, the latest first («Қызметтерді алу тарихы»).
    pub async fn cases_of(&self, citizen: &Citizen) -> Result<Vec<CaseHead>, SubmitError> {
        let (accounts, is_one) = self.accounts_beside(citizen).await?;
        let mut found = Vec::new();
        for account in accounts {
            for head in self.history(&account).await? {
                if is_one || self.has(citizen, head.case).await? {
                    found.push(head);
                }
            }
        }
        found.sort_by_key(|it| Reverse(it.opened_at));
        found.truncate(PAGE);
        Ok(found)
    }

    /// Returns the notices of a citizen, the latest first («Хабарлама»).
    pub async fn notices_of(&self, citizen: &Citizen) -> Result<Vec<Notice>, SubmitError> {
        let (accounts, is_one) = self.accounts_beside(citizen).await?;
        let mut found = Vec::new();
        for account in accounts {
            for notice in self.notices_to(&account).await? {
                if is_one || self.has(citizen, notice.case).await? {
                    found.push(notice);
                }
            }
        }
        found.sort_by_key(|it| Reverse(it.at));
        found.truncate(PAGE);
        Ok(found)
    }

    /// Returns the accounts among whose cases a citizen's are: of who has proved one, all that name his IIN; and whether no
    /// other names it.
    async fn accounts_beside(&self, citizen: &Citizen) -> Result<(Vec<PersonId>, bool), SubmitError> {
        let named = self.accounts_named(&citizen.iin).await?;
        let is_one = named.len() <= 1;
        let is_looked_in = |it: &PersonId| citizen.proof.is_some() || *it == citizen.id;
        Ok((named.into_iter().map(|(id, _)| id).filter(is_looked_in).collect(), is_one))
    }

    async fn has(&self, citizen: &Citizen, case: CaseId) -> Result<bool, SubmitError> {
        Ok(self.account_of(&self.load(case).await?.case).await? == citizen.id)
    }
}
