// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stream of an account: what happened to it, and who tried.

use super::{Attempts, Who, attempts_forgotten};
use crate::Service;
use crate::codec::FORMAT;
use crate::codec::account::{AccountEvent, How, WhyRefused, decode, encode};
use crate::ports::store::{Append, StreamId};
use crate::submit::{Along, SubmitError};
use engine::case::PersonId;
use jiff::Timestamp;
use std::net::IpAddr;

/// The longest part of an account's stream that is shown.
pub const LOG_MAX: u64 = 100;

/// Whose stream takes what was tried for a name that no account has: a refusal costs the same time and leaves the same
/// trace whether there is an account or not.
const NOBODY: &str = "nobody";

/// How somebody came in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// By what.
    pub(super) how: How,
    /// From where, if known.
    pub(super) from: Option<IpAddr>,
}

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AccountEvent,
}

fn signed_in_event(Entry { how, from }: Entry) -> AccountEvent {
    AccountEvent::SignedIn { how, from: from.map(|it| it.to_string()) }
}

fn stream(account: &PersonId) -> StreamId {
    StreamId(format!("account/{}", account.0))
}

impl Service {
    /// Returns an event for the end of an account's stream, its personal part sealed under the account's key.
    pub(crate) async fn happened(
        &self,
        account: &PersonId,
        event: &AccountEvent,
    ) -> Result<Append, SubmitError> {
        let encoded = encode(event);
        let private = match encoded.private {
            Some(part) => Some(self.vault.seal(&account.0, part.to_string().as_bytes()).await?),
            None => None,
        };
        Ok(Append {
            stream: stream(account),
            at: self.now(),
            kind: encoded.kind.to_owned(),
            format: FORMAT,
            public: encoded.public.to_string().into_bytes(),
            private,
        })
    }

    /// Opens a session for who gave the right password: the session, the event and the forgotten attempts are one commit.
    pub(super) async fn signed_in(
        &self,
        (account, who): (&PersonId, Who),
        attempts: &str,
        from: Option<IpAddr>,
    ) -> Result<String, SubmitError> {
        let (token, session) = self.new_session(who, How::Password);
        let event = signed_in_event(Entry { how: How::Password, from });
        let appends = vec![self.happened(account, &event).await?];
        self.put_along(Along {
            rows: vec![attempts_forgotten(attempts), session],
            appends,
            ..Along::default()
        })
        .await?;
        Ok(token)
    }

    /// Returns the token of a citizen's new session, with its row and its event.
    pub(super) async fn entered(
        &self,
        account: &PersonId,
        entry: Entry,
    ) -> Result<(String, Along), SubmitError> {
        let (token, session) = self.new_session(Who::Citizen(account.clone()), entry.how);
        let appends = vec![self.happened(account, &signed_in_event(entry)).await?];
        Ok((token, Along { rows: vec![session], appends, ..Along::default() }))
    }

    /// Journals a refused attempt in the streams of the accounts that it named.
    pub(super) async fn journal_refused(
        &self,
        accounts: &[PersonId],
        attempt: Attempts,
        from: Option<IpAddr>,
    ) -> Result<(), SubmitError> {
        let why = if attempt.until.is_some() { WhyRefused::AttemptsSpent } else { WhyRefused::WrongPassword };
        let from = from.map(|it| it.to_string());
        let event = AccountEvent::SignInRefused { why, until: attempt.until, from };
        let nobody = [PersonId(NOBODY.to_owned())];
        let mut along = Along::default();
        for account in if accounts.is_empty() { &nobody } else { accounts } {
            along.appends.push(self.happened(account, &event).await?);
        }
        self.put_along(along).await
    }

    /// Returns what happened to an account, the latest first, at most [`LOG_MAX`].
    pub async fn account_log(&self, account: &PersonId) -> Result<Vec<Happened>, SubmitError> {
        let stream = stream(account);
        let Some((last, _)) = self.ports.store.head(&stream).await? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for stored in self.ports.store.load(&stream, last.saturating_sub(LOG_MAX)).await? {
            let (public, private) = self.opened_parts(&stored).await?;
            let event = decode(&stored.kind, stored.format, &public, private.as_ref())?;
            found.push(Happened { at: stored.at, event });
        }
        found.reverse();
        Ok(found)
    }
}
