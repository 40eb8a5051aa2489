// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sign-in by EDS: a challenge of this browser is signed; the certificate's IIN names the account.
//!
//! The first sign-in makes the account, proved and without a password. An account that only claims the IIN is taken over by
//! nobody who does not know its password: a stranger may have registered it and would keep that ([`super::claims`]).

use super::SignInRefused;
use super::challenges::{CHALLENGE_MINUTES, CMS_BYTES_MAX, Challenge};
use super::claims::Claim;
use super::log::Entry;
use super::officials::{LOGIN_BYTES_MAX, Official};
use super::sessions::Who;
use crate::codec::account::{AccountEvent, How, WhyRefused};
use crate::ports::evidence::{Judgement, Signatory};
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use eds::OfficialRole;
use engine::case::PersonId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// Namespace of the challenge; another than that of a proof, so that neither serves for the other.
const NAMESPACE: &str = "urn:qyzmet:sign-in:1";

/// Checks that fail for a certificate that was the person's: his account shall tell that somebody came with it.
const TOLD: [&str; 3] = ["certificate-expired", "certificate-revoked", "certificate-not-yet-valid"];

/// What a sign-in by EDS brought about.
#[derive(Debug, Clone, PartialEq)]
pub enum EdsSignIn {
    /// The person is signed in.
    Yes {
        /// His account.
        account: PersonId,
        /// The token of the new session.
        token: String,
        /// Whether the account was made now.
        first: bool,
    },
    /// An account with a password claims the IIN: the person says whether it is his, by the same signature. Or he has said
    /// so, and the password was refused, or there is no such account any more.
    Claimed(Option<SignInRefused>),
    /// The signature was not confirmed; machine code of the first failed check.
    No(Option<String>),
    /// The signature can be judged only later; machine code of the first check that could not be made.
    Unknown(Option<String>),
    /// The challenge is too old, was answered before or was given to another browser: take a new one.
    Stale,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    browser: String,
    bytes: String,
    until: Timestamp,
    answered: bool,
}

/// A challenge that is being answered.
struct Asked {
    /// What must be signed.
    signed: Vec<u8>,
    /// That it was answered.
    answered: RowChange,
}

fn hashed(browser: &str) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, browser.as_bytes()))
}

impl Service {
    /// Returns a secret by which a browser is known until it has signed in.
    pub fn browser_secret(&self) -> String {
        let mut secret = [0; 32];
        self.ports.clock.fill(&mut secret);
        hex::encode(secret)
    }

    /// Makes a challenge for whoever signs in from the browser that holds this secret.
    pub async fn sign_in_challenge(&self, browser: &str) -> Result<Challenge, SubmitError> {
        let (id, now) = (self.uuid(), self.now());
        let bytes = self.challenge_bytes(("sign-in", NAMESPACE), id);
        let until = now + SignedDuration::from_mins(CHALLENGE_MINUTES);
        let stored = Stored { browser: hashed(browser), bytes: bytes.clone(), until, answered: false };
        let row = rows::expiring(tables::CHALLENGES, id.to_string(), until, &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(Challenge { id, bytes: bytes.into_bytes() })
    }

    /// Takes the signed answer to such a challenge, from an address if it is known. A challenge serves once; who is asked
    /// about accounts that claim his IIN answers with the same signature.
    pub async fn sign_in_by_eds(
        &self,
        (id, browser): (Uuid, &str),
        cms: &[u8],
        claim: Claim<'_>,
        from: Option<IpAddr>,
    ) -> Result<EdsSignIn, SubmitError> {
        let Some(asked) = self.asked(id, browser).await? else { return Ok(EdsSignIn::Stale) };
        if cms.len() > CMS_BYTES_MAX {
            return Ok(EdsSignIn::No(None));
        }
        let judgement = self.judge(&asked.signed, cms, &Signatory::AnyPerson).await?;
        let Some(valid) = judgement.at_once() else { return Ok(EdsSignIn::Unknown(judgement.code)) };
        let (along, outcome) = match (valid, judgement.iin.clone()) {
            (true, Some(iin)) => self.enter(&iin, &judgement, claim, from).await?,
            _ => self.turn_away(&judgement, from).await?,
        };
        if matches!(outcome, EdsSignIn::Claimed(_)) {
            return Ok(outcome);
        }
        self.spend(asked, along, outcome).await
    }

    /// Returns a challenge that this browser was given and can still answer, for who signs it on another device.
    pub async fn given_sign_in_challenge(
        &self,
        id: Uuid,
        browser: &str,
    ) -> Result<Option<Challenge>, SubmitError> {
        Ok(self.asked(id, browser).await?.map(|it| Challenge { id, bytes: it.signed }))
    }

    /// Takes the signed answer of an official: his own certificate for his organisation, or an administrator's own who
    /// belongs to none. Whether there is such an account is not told.
    pub async fn sign_in_official_by_eds(
        &self,
        login: &str,
        (id, browser): (Uuid, &str),
        cms: &[u8],
        from: Option<IpAddr>,
    ) -> Result<EdsSignIn, SubmitError> {
        let Some(asked) = self.asked(id, browser).await? else { return Ok(EdsSignIn::Stale) };
        if cms.len() > CMS_BYTES_MAX || login.len() > LOGIN_BYTES_MAX {
            return Ok(EdsSignIn::No(None));
        }
        let official = self.official(login).await?.filter(|it| !it.seat.iin.is_empty());
        let (valid, code) = match self.judge(&asked.signed, cms, &Signatory::AnyHolder).await? {
            // What the key must be the account demands; nobody but its holder is judged by that.
            Judgement { valid: Some(true), iin: Some(iin), .. } => match &official {
                Some(it) if it.seat.iin == iin => {
                    let judgement = self.judge(&asked.signed, cms, &self.signatory(it)).await?;
                    (judgement.valid, judgement.code)
                }
                _ => (Some(false), None),
            },
            Judgement { valid, code, .. } => (valid.map(|_| false), code),
        };
        let Some(valid) = valid else { return Ok(EdsSignIn::Unknown(code)) };
        let (along, outcome) = match official {
            None => (Along::default(), EdsSignIn::No(None)),
            Some(official) if valid => self.enter_official(official, from).await?,
            Some(official) => {
                let from = from.map(|it| it.to_string());
                let event = AccountEvent::SignInRefused { why: WhyRefused::KeyRefused, until: None, from };
                let appends = vec![self.happened(&official.seat.person, &event).await?];
                (Along { appends, ..Along::default() }, EdsSignIn::No(None))
            }
        };
        self.spend(asked, along, outcome).await
    }

    /// Returns the session of an official.
    async fn enter_official(
        &self,
        official: Official,
        from: Option<IpAddr>,
    ) -> Result<(Along, EdsSignIn), SubmitError> {
        let account = official.seat.person;
        let (token, session) = self.new_session(Who::Official(official.login), How::Eds);
        let event = AccountEvent::SignedIn { how: How::Eds, from: from.map(|it| it.to_string()) };
        let appends = vec![self.happened(&account, &event).await?];
        let along = Along { rows: vec![session], appends, ..Along::default() };
        Ok((along, EdsSignIn::Yes { account, token, first: false }))
    }

    fn signatory(&self, official: &Official) -> Signatory {
        let iin = official.seat.iin.clone();
        match self.settings.organization(&official.seat.organization) {
            Some(it) => Signatory::Official { iin, bin: it.bin.clone(), role: OfficialRole::Employee },
            None => Signatory::Person { iin },
        }
    }

    /// Returns the challenge of this browser, if it can still be answered.
    async fn asked(&self, id: Uuid, browser: &str) -> Result<Option<Asked>, SubmitError> {
        let row = self.ports.store.row(tables::CHALLENGES, &id.to_string()).await?;
        // A challenge to prove an account is another kind of row and cannot be read as this one.
        let stored = row.as_ref().and_then(|it| rows::body::<Stored>(it).ok());
        let (Some(row), Some(stored)) = (row, stored) else { return Ok(None) };
        if stored.answered || stored.until < self.now() || stored.browser != hashed(browser) {
            return Ok(None);
        }
        let signed = stored.bytes.clone().into_bytes();
        let until = stored.until;
        let spent =
            rows::expiring(tables::CHALLENGES, id.to_string(), until, &Stored { answered: true, ..stored });
        Ok(Some(Asked { signed, answered: RowChange::PutIf(spent, row.revision) }))
    }

    /// Commits what an answer brought about; the challenge serves no other.
    async fn spend(&self, asked: Asked, along: Along, outcome: EdsSignIn) -> Result<EdsSignIn, SubmitError> {
        match self.put_along(Along::from(vec![asked.answered]).and(along)).await {
            Ok(()) => Ok(outcome),
            Err(SubmitError::Changed) => Ok(EdsSignIn::Stale),
            Err(failed) => Err(failed),
        }
    }

    /// Returns the session of the person's account: of the proved one, else of the one that he says is his, else of a new one.
    async fn enter(
        &self,
        iin: &str,
        judgement: &Judgement,
        claim: Claim<'_>,
        from: Option<IpAddr>,
    ) -> Result<(Along, EdsSignIn), SubmitError> {
        let held = self.accounts_held(iin).await?;
        let known = self.proved_account(iin).await?;
        let first = known.is_none() && !matches!(claim, Claim::Mine(_));
        let (account, along) = if let Some(account) = known {
            (account, Along::default())
        } else {
            let (account, mut along) = match self.bound(iin, judgement, claim, from).await {
                Ok(Some(bound)) => bound,
                Ok(None) => return Ok((Along::default(), EdsSignIn::Claimed(None))),
                Err(SignInRefused::Failed(failed)) => return Err(failed),
                Err(refused) => return Ok((Along::default(), EdsSignIn::Claimed(Some(refused)))),
            };
            along.rows.push(held);
            (account, along)
        };
        let (token, session) = self.entered(&account, Entry { how: How::Eds, from }).await?;
        Ok((along.and(session), EdsSignIn::Yes { account, token, first }))
    }

    /// Returns what a refused sign-in leaves behind: where the certificate was the person's, his account tells him.
    async fn turn_away(
        &self,
        judgement: &Judgement,
        from: Option<IpAddr>,
    ) -> Result<(Along, EdsSignIn), SubmitError> {
        let mut along = Along::default();
        let told = judgement.code.as_deref().is_some_and(|code| TOLD.contains(&code));
        if let (true, Some(iin)) = (told, &judgement.iin)
            && let Some(account) = self.proved_account(iin).await?
        {
            let from = from.map(|it| it.to_string());
            let event = AccountEvent::SignInRefused { why: WhyRefused::KeyRefused, until: None, from };
            along.appends.push(self.happened(&account, &event).await?);
        }
        Ok((along, EdsSignIn::No(judgement.code.clone())))
    }
}
