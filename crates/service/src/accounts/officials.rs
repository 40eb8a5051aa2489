// SPDX-License-Identifier: MIT OR Apache-2.0
//! Officials and administrators: accounts made for them, by login.

use super::{SignInRefused, Who, password};
use crate::Service;
use crate::access::Seat;
use crate::codec::account::AccountEvent;
use crate::ports::store::{ListQuery, Row, RowChange};
use crate::submit::{Along, SubmitError};
use crate::{rows, tables};
use engine::case::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Longest login that is looked for: attempts are counted by login, whoever invents it.
pub(super) const LOGIN_BYTES_MAX: usize = 200;

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
    /// Whether he administers this system: the board of what is stuck is his. It gives no right to any case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub administers: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    /// None signs in by EDS alone.
    pub(super) password: Option<String>,
    pub(super) official: Official,
    /// Nobody signs in, and no session lives.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) closed: bool,
    /// Sessions from before this moment are over: the password was another, or the account was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Timestamp>,
}

impl Stored {
    pub(super) fn row(&self) -> Row {
        let login = self.official.login.clone();
        let list = format!("officials/{}", self.official.seat.organization);
        rows::row(tables::ACCOUNTS, key(&login), Some(list), login, self)
    }

    pub(super) fn appointed(&self) -> AccountEvent {
        let seat = &self.official.seat;
        AccountEvent::Appointed {
            login: self.official.login.clone(),
            organization: seat.organization.clone(),
            actors: seat.actors.clone(),
            administers: self.official.administers,
            name: seat.name.clone(),
            iin: seat.iin.clone(),
        }
    }
}

pub(super) fn key(login: &str) -> String {
    format!("official/{login}")
}

impl Service {
    /// Makes an official's account, unless the login has one.
    pub async fn add_official(&self, official: &Official, password: &str) -> Result<(), SubmitError> {
        if self.stored_official(&official.login).await?.is_some() {
            return Ok(());
        }
        let mut salt = [0; 16];
        self.ports.clock.fill(&mut salt);
        let password = Some(password::hash(password, salt).await?);
        let stored = Stored { password, official: official.clone(), closed: false, since: None };
        let appends = vec![self.happened(&official.seat.person, &stored.appointed()).await?];
        let rows = vec![RowChange::Put(stored.row())];
        self.put_along(Along { rows, appends, ..Along::default() }).await
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
        let key = key(login);
        let attempt = self.begin_attempt(&key).await?;
        let stored = self.open_official(login).await?;
        let phc = stored.as_ref().and_then(|it| it.password.as_deref());
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

    /// Returns an official whose account is open.
    pub async fn official(&self, login: &str) -> Result<Option<Official>, SubmitError> {
        Ok(self.open_official(login).await?.map(|it| it.official))
    }

    pub(super) async fn open_official(&self, login: &str) -> Result<Option<Stored>, SubmitError> {
        Ok(self.stored_official(login).await?.filter(|it| !it.closed))
    }

    pub(super) async fn stored_official(&self, login: &str) -> Result<Option<Stored>, SubmitError> {
        Ok(rows::read(&*self.ports.store, tables::ACCOUNTS, &key(login)).await?)
    }

    /// Returns the officials of an organisation whose accounts are open, by login.
    pub async fn officials(&self, organization: &str) -> Result<Vec<Official>, SubmitError> {
        let query = ListQuery {
            table: tables::ACCOUNTS.to_owned(),
            list: format!("officials/{organization}"),
            after: None,
            descending: false,
            limit: OFFICIALS_MAX,
        };
        let found = self.ports.store.list(query).await?;
        let mut open = Vec::new();
        for row in &found {
            let Stored { official, closed, .. } = rows::body(row)?;
            open.extend((!closed).then_some(official));
        }
        Ok(open)
    }
}
