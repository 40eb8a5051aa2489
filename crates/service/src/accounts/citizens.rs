// SPDX-License-Identifier: MIT OR Apache-2.0
//! Citizens: registration, sign-in, proof by EDS.

use super::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, Session, SignInRefused, Who, password};
use crate::codec::account::{AccountEvent, WhyEnded};
use crate::ports::store::{LIST_MAX, ListQuery, Row, RowChange, Sealed};
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// Unproven accounts that may name the same IIN at a time.
const UNPROVEN_MAX: usize = 5;
/// After so long an account that was never proven gives way to a new one, so that nobody can hold another's IIN.
const UNPROVEN_HOURS: i64 = 24;
/// How often a registration is begun again when the accounts of the IIN changed meanwhile.
const REGISTER_AGAIN_MAX: u32 = 8;
/// The most accounts of an IIN whose passwords are compared with one that is given.
const OPENED_MAX: usize = UNPROVEN_MAX + 1;
/// The most pages of accounts of one IIN.
const PAGES_MAX: u32 = 5;

/// Why registration was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegisterRefused {
    /// The IIN has not twelve digits or its check digit is wrong.
    #[error("the IIN is not well formed")]
    Iin,
    /// The password is too short or too long.
    #[error("the password is too short or too long")]
    Password,
    /// The IIN has a proven account, or too many unproven ones. The person is told neither.
    #[error("registration cannot be completed")]
    NotDone,
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

/// Why a password was not set.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PasswordRefused {
    /// The session did not begin by EDS.
    #[error("the person did not sign in by EDS")]
    NotByEds,
    /// The password is too short or too long.
    #[error("the password is too short or too long")]
    Length,
    /// The store did not answer.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

/// Proof that the account is the person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// Serial number of the certificate.
    pub certificate: String,
}

/// A citizen's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citizen {
    /// Its id.
    pub id: PersonId,
    /// IIN that was entered. Personal.
    pub iin: String,
    /// Full name, known once proven: from the certificate. Personal.
    pub full_name: Option<String>,
    /// Proof by EDS, if given.
    pub proof: Option<Proof>,
    /// When it was registered.
    pub registered_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    /// Empty for an account that has none: its holder signs in by EDS.
    password: String,
    registered_at: Timestamp,
    proof: Option<Proof>,
    sealed: String,
    /// Sessions from before are over: since then it is known to be his who came by EDS and its password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Personal {
    iin: String,
    full_name: Option<String>,
}

fn is_password(text: &str) -> bool {
    text.chars().count() >= PASSWORD_CHARS_MIN && text.len() <= PASSWORD_BYTES_MAX
}

impl Service {
    /// Registers an account for an IIN; what it may see is nothing until proof by EDS.
    pub async fn register_citizen(&self, iin: &str, password: &str) -> Result<PersonId, RegisterRefused> {
        if !engine::iin::is_well_formed(iin) {
            return Err(RegisterRefused::Iin);
        }
        if !is_password(password) {
            return Err(RegisterRefused::Password);
        }
        self.room_for_another(iin).await?;
        let id = PersonId(format!("a-{}", self.uuid().simple()));
        let mut salt = [0; 16];
        self.ports.clock.fill(&mut salt);
        let password = password::hash(password, salt).await?;
        for _ in 0..REGISTER_AGAIN_MAX {
            match self.put_unproven((&id, iin), &password).await {
                Err(RegisterRefused::Failed(SubmitError::Changed)) => {}
                Err(refused) => return Err(refused),
                Ok(()) => return Ok(id),
            }
        }
        Err(SubmitError::Unavailable("too many registrations at once".to_owned()).into())
    }

    /// Writes an account that proves nothing, unless the accounts of the IIN change meanwhile.
    async fn put_unproven(
        &self,
        (id, iin): (&PersonId, &str),
        password: &str,
    ) -> Result<(), RegisterRefused> {
        let held = self.accounts_held(iin).await?;
        let mut along = self.room_for_another(iin).await?;
        let personal = Personal { iin: iin.to_owned(), full_name: None };
        let stored = Stored {
            password: password.to_owned(),
            registered_at: self.now(),
            proof: None,
            sealed: self.seal_json(&id.0, &personal).await?,
            since: None,
        };
        along.rows.extend([held, RowChange::PutIf(self.account_row(id, iin, &stored), 0)]);
        let event = AccountEvent::Registered { iin: iin.to_owned() };
        along.appends.push(self.happened(id, &event).await?);
        Ok(self.put_along(along).await?)
    }

    /// Returns what makes room for one more account of an IIN: its oldest gives way where they are too many.
    async fn room_for_another(&self, iin: &str) -> Result<Along, RegisterRefused> {
        let others = self.accounts_of(iin).await?;
        if others.iter().any(|(_, it)| it.proof.is_some()) {
            return Err(RegisterRefused::NotDone);
        }
        if others.len() < UNPROVEN_MAX {
            return Ok(Along::default());
        }
        let oldest = self.oldest_gives_way(&others).await?;
        Ok(self.ended(oldest, WhyEnded::GaveWay).await?)
    }

    /// Sets the password of the citizen whose session this is, a first one or another; the session must have begun by EDS.
    pub async fn set_password(&self, session: &Session, password: &str) -> Result<(), PasswordRefused> {
        let Who::Citizen(id) = &session.who else { return Err(PasswordRefused::NotByEds) };
        let row = self.ports.store.row(tables::ACCOUNTS, &id.0).await.map_err(SubmitError::from)?;
        let row = row.filter(|_| session.by_eds).ok_or(PasswordRefused::NotByEds)?;
        if !is_password(password) {
            return Err(PasswordRefused::Length);
        }
        let stored: Stored = rows::body(&row).map_err(SubmitError::from)?;
        let mut salt = [0; 16];
        self.ports.clock.fill(&mut salt);
        let stored = Stored { password: password::hash(password, salt).await?, ..stored };
        let body = rows::row(&row.table, &row.key, row.list.clone(), row.sort.clone(), &stored);
        let mut along = Along::from(vec![RowChange::PutIf(body, row.revision)]);
        along.appends.push(self.happened(id, &AccountEvent::PasswordSet).await?);
        self.put_along(along).await?;
        Ok(())
    }

    /// Returns the oldest account that may end, of those of an IIN in their order.
    async fn oldest_gives_way<'a>(
        &self,
        others: &'a [(PersonId, Stored)],
    ) -> Result<&'a PersonId, RegisterRefused> {
        for (id, stored) in others {
            if self.now().duration_since(stored.registered_at) < SignedDuration::from_hours(UNPROVEN_HOURS) {
                break;
            }
            if !self.is_under_way(id).await? {
                return Ok(id);
            }
        }
        Err(RegisterRefused::NotDone)
    }

    /// Returns what ends an account.
    async fn ended(&self, id: &PersonId, why: WhyEnded) -> Result<Along, SubmitError> {
        let row = RowChange::Delete { table: tables::ACCOUNTS.to_owned(), key: id.0.clone() };
        Ok(Along {
            rows: vec![row],
            appends: vec![self.happened(id, &AccountEvent::Ended { why }).await?],
            ..Along::default()
        })
    }

    /// Returns whether any account names the IIN; nobody is told this but the program itself.
    pub async fn is_registered(&self, iin: &str) -> Result<bool, SubmitError> {
        Ok(!self.accounts_of(iin).await?.is_empty())
    }

    /// Signs a citizen in, from an address if it is known; returns the account and the token of the new session.
    pub async fn sign_in_citizen(
        &self,
        iin: &str,
        password: &str,
        from: Option<IpAddr>,
    ) -> Result<(PersonId, String), SignInRefused> {
        let attempts = self.attempts_of(iin);
        let id = self.opened_by(iin, password, &attempts, from).await?;
        let who = Who::Citizen(id.clone());
        let token = self.signed_in((&id, who), &attempts, from).await?;
        Ok((id, token))
    }

    /// Returns the account of an IIN that a password opens; the attempt is counted under this name.
    pub(super) async fn opened_by(
        &self,
        iin: &str,
        password: &str,
        attempts: &str,
        from: Option<IpAddr>,
    ) -> Result<PersonId, SignInRefused> {
        let attempt = self.begin_attempt(attempts).await?;
        let mut accounts = self.accounts_of(iin).await?;
        accounts.truncate(OPENED_MAX);
        if accounts.is_empty() {
            password::matches(password, None).await?;
        }
        for (id, stored) in &accounts {
            let own = Some(stored.password.as_str()).filter(|it| !it.is_empty());
            if password::matches(password, own).await? {
                return Ok(id.clone());
            }
        }
        let named: Vec<PersonId> = accounts.into_iter().map(|(id, _)| id).collect();
        self.journal_refused(&named, attempt, from).await?;
        Err(attempt.refused())
    }

    /// Returns a citizen.
    pub async fn citizen(&self, id: &PersonId) -> Result<Option<Citizen>, SubmitError> {
        let Some(stored) = rows::read::<Stored>(&*self.ports.store, tables::ACCOUNTS, &id.0).await? else {
            return Ok(None);
        };
        let personal: Personal = self.open_json(&id.0, &stored.sealed).await?.unwrap_or_default();
        Ok(Some(Citizen {
            id: id.clone(),
            iin: personal.iin,
            full_name: personal.full_name,
            proof: stored.proof,
            registered_at: stored.registered_at,
        }))
    }

    /// Returns since when an account is known to be his who signed in by EDS and said so: sessions from before are over.
    pub(super) async fn claimed_since(&self, id: &PersonId) -> Result<Option<Timestamp>, SubmitError> {
        let stored: Option<Stored> = rows::read(&*self.ports.store, tables::ACCOUNTS, &id.0).await?;
        Ok(stored.and_then(|it| it.since))
    }

    /// Returns what binds an account to its IIN after a valid signature; others that claim it end. Nothing changes where the
    /// person has proved one already.
    pub(crate) async fn proven(
        &self,
        citizen: &Citizen,
        full_name: &str,
        certificate: &str,
    ) -> Result<Along, SubmitError> {
        let held = self.accounts_held(&citizen.iin).await?;
        let mut along = self.proves(citizen, full_name, certificate, None).await?;
        if !along.rows.is_empty() {
            along.rows.push(held);
        }
        Ok(along)
    }

    /// Returns the same for who holds the accounts of the IIN already; sessions from before `since` are over.
    pub(super) async fn proves(
        &self,
        citizen: &Citizen,
        full_name: &str,
        certificate: &str,
        since: Option<Timestamp>,
    ) -> Result<Along, SubmitError> {
        let accounts = self.accounts_of(&citizen.iin).await?;
        let is_proved = accounts.iter().any(|(_, it)| it.proof.is_some());
        let own = accounts.into_iter().find(|(id, _)| *id == citizen.id).filter(|_| !is_proved);
        let Some((id, mut stored)) = own else { return Ok(Along::default()) };
        let mut along = self.claims_end(&citizen.iin, Some(&id)).await?;
        let personal = Personal { iin: citizen.iin.clone(), full_name: Some(full_name.to_owned()) };
        stored.sealed = self.seal_json(&id.0, &personal).await?;
        stored.proof = Some(Proof { at: self.now(), certificate: certificate.to_owned() });
        stored.since = since;
        let (certificate, full_name) = (certificate.to_owned(), full_name.to_owned());
        let event = AccountEvent::Proved { certificate, full_name };
        along.appends.push(self.happened(&id, &event).await?);
        along.rows.push(RowChange::Put(self.account_row(&id, &citizen.iin, &stored)));
        Ok(along)
    }

    /// Returns what ends the accounts that only claim an IIN, but for one of them. One whose application is under way does
    /// not end: it may be the person's own.
    async fn claims_end(&self, iin: &str, but: Option<&PersonId>) -> Result<Along, SubmitError> {
        let (mut along, mut passwords) = (Along::default(), Vec::new());
        for (id, stored) in self.accounts_of(iin).await? {
            if Some(&id) == but || self.is_under_way(&id).await? {
                continue;
            }
            along = along.and(self.ended(&id, WhyEnded::AnotherProved).await?);
            passwords.push(stored.password);
        }
        Ok(along.and(self.past(iin, passwords)))
    }

    /// Returns the accounts of an IIN and whether each was proved to be of its person.
    pub(super) async fn accounts_named(&self, iin: &str) -> Result<Vec<(PersonId, bool)>, SubmitError> {
        Ok(self.accounts_of(iin).await?.into_iter().map(|(id, it)| (id, it.proof.is_some())).collect())
    }

    /// Returns what makes a proved account without a password; accounts that only claimed the IIN end.
    pub(super) async fn proved_at_once(
        &self,
        iin: &str,
        full_name: &str,
        certificate: &str,
    ) -> Result<(PersonId, Along), SubmitError> {
        let mut along = self.claims_end(iin, None).await?;
        let id = PersonId(format!("a-{}", self.uuid().simple()));
        let personal = Personal { iin: iin.to_owned(), full_name: Some(full_name.to_owned()) };
        let stored = Stored {
            password: String::new(),
            registered_at: self.now(),
            proof: Some(Proof { at: self.now(), certificate: certificate.to_owned() }),
            sealed: self.seal_json(&id.0, &personal).await?,
            since: None,
        };
        along.rows.push(RowChange::PutIf(self.account_row(&id, iin, &stored), 0));
        along.appends.push(self.happened(&id, &AccountEvent::Registered { iin: iin.to_owned() }).await?);
        let (certificate, full_name) = (certificate.to_owned(), full_name.to_owned());
        along.appends.push(self.happened(&id, &AccountEvent::Proved { certificate, full_name }).await?);
        Ok((id, along))
    }

    /// Returns the accounts of an IIN: the proved one first, then the oldest.
    async fn accounts_of(&self, iin: &str) -> Result<Vec<(PersonId, Stored)>, SubmitError> {
        let list = self.vault.pseudonym(iin);
        let (mut found, mut after) = (Vec::<(PersonId, Stored)>::new(), None);
        for _ in 0..PAGES_MAX {
            let table = tables::ACCOUNTS.to_owned();
            let query = ListQuery { table, list: list.clone(), after, descending: false, limit: LIST_MAX };
            let page = self.ports.store.list(query).await?;
            for row in &page {
                found.push((PersonId(row.key.clone()), rows::body(row)?));
            }
            match page.last() {
                Some(end) if page.len() == LIST_MAX => after = Some((end.sort.clone(), end.key.clone())),
                _ => break,
            }
        }
        found.sort_by_key(|(_, it)| it.proof.is_none());
        Ok(found)
    }

    fn account_row(&self, id: &PersonId, iin: &str, stored: &Stored) -> Row {
        let sort = crate::views::sortable(stored.registered_at);
        rows::row(tables::ACCOUNTS, &id.0, Some(self.vault.pseudonym(iin)), sort, stored)
    }

    /// Seals a value under a person's key, as hexadecimal.
    pub(crate) async fn seal_json<T: Serialize + Sync>(
        &self,
        key: &str,
        value: &T,
    ) -> Result<String, SubmitError> {
        let plain = serde_json::to_vec(value).map_err(|_| SubmitError::Unusable("a row".to_owned()))?;
        Ok(hex::encode(self.vault.seal(key, &plain).await?.bytes))
    }

    /// Opens what [`Service::seal_json`] sealed; `None` when the person's key was erased.
    pub(crate) async fn open_json<T: for<'a> Deserialize<'a>>(
        &self,
        key: &str,
        sealed: &str,
    ) -> Result<Option<T>, SubmitError> {
        let bytes = hex::decode(sealed).map_err(|_| SubmitError::Unusable("a sealed row".to_owned()))?;
        let plain = self.vault.open(&Sealed { key: key.to_owned(), bytes }).await?;
        Ok(plain.and_then(|it| serde_json::from_slice(&it).ok()))
    }
}
