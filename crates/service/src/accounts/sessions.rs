// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sessions: an opaque token in a cookie, its hash in a row.

use crate::codec::account::{AccountEvent, How};
use crate::kept::KEPT_HOURS;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a session lives without a request.
const IDLE_MINUTES: i64 = 60;
/// How long a session lives at most.
const LIFE_HOURS: i64 = 12;
/// A session's last request is written at most so often.
const TOUCH_MINUTES: i64 = 5;

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// A citizen, by account.
    Citizen(PersonId),
    /// An official, by login.
    Official(String),
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub who: Who,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// When the last request came, to within some minutes.
    pub seen_at: Timestamp,
    /// Whether the person proved himself by EDS when he signed in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_eds: bool,
}

fn key(token: &str) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()))
}

impl Service {
    /// Returns the token of a new session and its row.
    pub(super) fn new_session(&self, who: Who, how: How) -> (String, RowChange) {
        let mut secret = [0; 32];
        self.ports.clock.fill(&mut secret);
        let token = hex::encode(secret);
        let now = self.now();
        let row =
            session_row(&token, &Session { who, signed_in_at: now, seen_at: now, by_eds: how == How::Eds });
        (token, row)
    }

    /// Returns the session of a token, if it lives.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, SubmitError> {
        let Some(mut session) =
            rows::read::<Session>(&*self.ports.store, tables::SESSIONS, &key(token)).await?
        else {
            return Ok(None);
        };
        let now = self.now();
        let idle = now.duration_since(session.seen_at);
        let life = now.duration_since(session.signed_in_at);
        if idle > SignedDuration::from_mins(IDLE_MINUTES) || life > SignedDuration::from_hours(LIFE_HOURS) {
            return Ok(None);
        }
        if let Who::Official(login) = &session.who {
            let account = self.open_official(login).await?;
            // Before the account was as it is now, or when there is none: the session is over.
            if account.is_none_or(|it| it.since.is_some_and(|since| session.signed_in_at < since)) {
                return Ok(None);
            }
        }
        if self.is_shut_out(&session).await? {
            return Ok(None);
        }
        if idle > SignedDuration::from_mins(TOUCH_MINUTES) {
            session.seen_at = now;
            self.put(vec![session_row(token, &session)]).await?;
        }
        Ok(Some(session))
    }

    /// Returns whose session a token is or was, if its last request came not longer ago than this.
    pub(crate) async fn once(&self, token: &str, ago: SignedDuration) -> Result<Option<Who>, SubmitError> {
        let session: Option<Session> = rows::read(&*self.ports.store, tables::SESSIONS, &key(token)).await?;
        let session = session.filter(|it| self.now().duration_since(it.seen_at) <= ago);
        let Some(session) = session else { return Ok(None) };
        let is_shut_out = self.is_shut_out(&session).await?;
        Ok((!is_shut_out).then_some(session.who))
    }

    /// Returns whether its account is known, only since the session began, to be his who came by EDS and its password: whoever
    /// was in it before need not be he.
    async fn is_shut_out(&self, session: &Session) -> Result<bool, SubmitError> {
        let Who::Citizen(id) = &session.who else { return Ok(false) };
        Ok(self.claimed_since(id).await?.is_some_and(|since| session.signed_in_at < since))
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<(), SubmitError> {
        let key = key(token);
        let Some(session) = rows::read::<Session>(&*self.ports.store, tables::SESSIONS, &key).await? else {
            return Ok(());
        };
        let mut along = Along::from(vec![RowChange::Delete { table: tables::SESSIONS.to_owned(), key }]);
        let account = match session.who {
            Who::Citizen(account) => Some(account),
            Who::Official(login) => self.official(&login).await?.map(|it| it.seat.person),
        };
        if let Some(account) = account {
            along.appends.push(self.happened(&account, &AccountEvent::SignedOut).await?);
        }
        self.put_along(along).await
    }
}

/// A session's row outlives it as long as a form that came late may be kept for its holder.
fn session_row(token: &str, session: &Session) -> RowChange {
    let until = session.seen_at + SignedDuration::from_hours(KEPT_HOURS);
    RowChange::Put(rows::expiring(tables::SESSIONS, key(token), until, session))
}
