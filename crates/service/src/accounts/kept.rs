// SPDX-License-Identifier: MIT OR Apache-2.0
//! Accounts of officials and administrators as the administrator of the server lists them: the list is the truth, and the
//! store follows it.

use super::officials::{Official, Stored};
use crate::codec::account::{AccountEvent, WhyEnded};
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most accounts of a list.
pub const ACCOUNTS_MAX: usize = 400;

/// The row that remembers whom the list named.
const LISTED: &str = "listed";

/// An account of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAccount {
    /// Whose.
    pub official: Official,
    /// The PHC string of the password ([`super::phc`]); none signs in by EDS alone.
    pub password: Option<String>,
}

/// What following the list changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Followed {
    /// Accounts that were made, or opened again.
    pub opened: usize,
    /// Accounts that were changed.
    pub changed: usize,
    /// Accounts that were closed.
    pub closed: usize,
}

/// Why the list is not followed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ListRefused {
    /// The list is too long.
    #[error("the list has more than {ACCOUNTS_MAX} accounts")]
    TooLong,
    /// A login stands in the journal for a person.
    #[error(
        "the IIN of `{0}` is another than before: a login is one person's for ever, give the other person a new one"
    )]
    AnotherPerson(String),
    /// The store did not take it.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Listed {
    logins: BTreeSet<String>,
}

impl Service {
    /// Makes, changes and closes accounts so that they are those of the list; accounts that never stood in it are left
    /// alone. All in one commit. Whoever's password changed, and whoever is not in the list any more, has no session.
    pub async fn follow_list(&self, accounts: &[ListedAccount]) -> Result<Followed, ListRefused> {
        if accounts.len() > ACCOUNTS_MAX {
            return Err(ListRefused::TooLong);
        }
        let before: Listed = rows::read(&*self.ports.store, tables::ACCOUNTS, LISTED)
            .await
            .map_err(SubmitError::from)?
            .unwrap_or_default();
        let (mut along, mut followed) = (Along::default(), Followed::default());
        for account in accounts {
            self.follow(account, &mut along, &mut followed).await?;
        }
        let logins: BTreeSet<String> = accounts.iter().map(|it| it.official.login.clone()).collect();
        for login in before.logins.difference(&logins) {
            self.close(login, &mut along, &mut followed).await?;
        }
        if logins != before.logins {
            let row = rows::row(tables::ACCOUNTS, LISTED, None, String::new(), &Listed { logins });
            along.rows.push(RowChange::Put(row));
        }
        if !along.rows.is_empty() {
            self.put_along(along).await?;
        }
        Ok(followed)
    }

    async fn follow(
        &self,
        account: &ListedAccount,
        along: &mut Along,
        followed: &mut Followed,
    ) -> Result<(), ListRefused> {
        let ListedAccount { official, password } = account;
        let known = self.stored_official(&official.login).await?;
        let iin = known.as_ref().map_or("", |it| it.official.seat.iin.as_str());
        if !iin.is_empty() && iin != official.seat.iin {
            return Err(ListRefused::AnotherPerson(official.login.clone()));
        }
        let is_over = known.as_ref().is_some_and(|it| it.closed || it.password != *password);
        let since = if is_over { Some(self.now()) } else { known.as_ref().and_then(|it| it.since) };
        let wanted = Stored { password: password.clone(), official: official.clone(), closed: false, since };
        match &known {
            Some(it) if *it == wanted => return Ok(()),
            Some(it) if !it.closed => followed.changed += 1,
            _ => followed.opened += 1,
        }
        along.rows.push(RowChange::Put(wanted.row()));
        along.appends.push(self.happened(&official.seat.person, &wanted.appointed()).await?);
        Ok(())
    }

    async fn close(
        &self,
        login: &str,
        along: &mut Along,
        followed: &mut Followed,
    ) -> Result<(), SubmitError> {
        let Some(mut stored) = self.open_official(login).await? else { return Ok(()) };
        (stored.closed, stored.since) = (true, Some(self.now()));
        let event = AccountEvent::Ended { why: WhyEnded::Closed };
        along.appends.push(self.happened(&stored.official.seat.person, &event).await?);
        along.rows.push(RowChange::Put(stored.row()));
        followed.closed += 1;
        Ok(())
    }
}
