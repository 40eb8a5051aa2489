// SPDX-License-Identifier: MIT OR Apache-2.0
//! Officials: accounts made by the administrator, by login.

use super::{SignInRefused, Who, password};
use crate::Service;
use crate::access::Seat;
use crate::codec::account::AccountEvent;
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::{Along, SubmitError};
use crate::{rows, tables};
use engine::case::PersonId;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Longest login that is looked for: attempts are counted by login, whoever invents it.
const LOGIN_BYTES_MAX: usize = 200;

/// Officials of one organisation that are listed.
const OFFICIALS_MAX: usize = 200;

/// An official's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Official {
    /// The login.
    pub login: String,
    /// The seat.
    pub seat: Seat,
    /// Position, in Kazakh and Russian, as printed under papers.
    pub position_kk: String,
    /// Position in Russian.
    pub position_ru: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    password: String,
    official: Official,
}

impl Service {
    /// Makes an official's account, unless the login has one.
    pub async fn add_official(&self, official: &Official, password: &str) -> Result<(), SubmitError> {
        let key = format!("official/{}", official.login);
        if self.ports.store.row(tables::ACCOUNTS, &key).await?.is_some() {
            return Ok(());
        }
        let mut salt = [0; 16];
        self.ports.clock.fill(&mut salt);
        let stored = Stored { password: password::hash(password, salt).await?, official: official.clone() };
        let list = format!("officials/{}", official.seat.organization);
        let row = rows::row(tables::ACCOUNTS, key, Some(list), official.login.clone(), &stored);
        let event = AccountEvent::Appointed {
            login: official.login.clone(),
            organization: official.seat.organization.clone(),
            actors: official.seat.actors.clone(),
            name: official.seat.name.clone(),
            iin: official.seat.iin.clone(),
        };
        let appends = vec![self.happened(&official.seat.person, &event).await?];
        self.put_along(Along { rows: vec![RowChange::Put(row)], appends, ..Along::default() }).await
    }

    /// Signs an official in, from an address if it is known; returns the account and the token of the new session.
    pub async fn sign_in_official(
        &self,
        login: &str,
        password: &str,
        from: Option<IpAddr>,
    ) -> Result<(Official, String), SignInRefused> {
        if login.len() > LOGIN_BYTES_MAX {
            return Err(SignInRefused::Wrong { left: 0 });
        }
        let key = format!("official/{login}");
        let attempt = self.begin_attempt(&key).await?;
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::ACCOUNTS, &key).await.map_err(SubmitError::from)?;
        let phc = stored.as_ref().map(|it| it.password.as_str());
        let right = password::matches(password, phc).await?;
        match stored {
            Some(Stored { official, .. }) if right => {
                let who = Who::Official(official.login.clone());
                let token = self.signed_in((&official.seat.person, who), &key, from).await?;
                Ok((official, token))
            }
            stored => {
                let named: Vec<PersonId> = stored.into_iter().map(|it| it.official.seat.person).collect();
                self.journal_refused(&named, attempt, from).await?;
                Err(attempt.refused())
            }
        }
    }

    /// Returns an official.
    pub async fn official(&self, login: &str) -> Result<Option<Official>, SubmitError> {
        let key = format!("official/{login}");
        Ok(rows::read::<Stored>(&*self.ports.store, tables::ACCOUNTS, &key).await?.map(|it| it.official))
    }

    /// Returns the officials of an organisation, by login.
    pub async fn officials(&self, organization: &str) -> Result<Vec<Official>, SubmitError> {
        let query = ListQuery {
            table: tables::ACCOUNTS.to_owned(),
            list: format!("officials/{organization}"),
            after: None,
            descending: false,
            limit: OFFICIALS_MAX,
        };
        let found = self.ports.store.list(query).await?;
        found.iter().map(|row| Ok(rows::body::<Stored>(row)?.official)).collect()
    }
}
