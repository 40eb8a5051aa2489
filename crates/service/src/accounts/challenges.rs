// SPDX-License-Identifier: MIT OR Apache-2.0
//! Proof of an account by EDS: the person signs a challenge that only this account was given.

use super::Citizen;
use crate::ports::evidence::Signatory;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError};
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a challenge may be answered.
pub const CHALLENGE_MINUTES: i64 = 10;
/// How often a proof is begun again when the accounts of the IIN changed meanwhile.
const PROVE_AGAIN_MAX: u32 = 8;
/// Largest signature taken.
pub(super) const CMS_BYTES_MAX: usize = 256 * 1024;
/// Namespace of the challenge; ours, version 1.
const NAMESPACE: &str = "urn:qyzmet:proof:1";

/// What the person signs to prove that the account is his.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its id.
    pub id: Uuid,
    /// Exactly these bytes are signed.
    pub bytes: Vec<u8>,
}

/// What an answer to a challenge brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proved {
    /// The account is the person's.
    Yes,
    /// The signature was not confirmed; machine code of the first failed check.
    No(Option<String>),
    /// The signature can be judged only later; machine code of the first check that could not be made.
    Unknown(Option<String>),
    /// The challenge is too old, was answered before or belongs to another account: take a new one.
    Stale,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    account: PersonId,
    bytes: String,
    until: Timestamp,
}

impl Service {
    /// Makes a challenge for an account.
    pub async fn challenge(&self, citizen: &Citizen) -> Result<Challenge, SubmitError> {
        let (id, now) = (self.uuid(), self.now());
        let bytes = self.challenge_bytes(("proof", NAMESPACE), id);
        let stored = Stored {
            account: citizen.id.clone(),
            bytes: bytes.clone(),
            until: now + SignedDuration::from_mins(CHALLENGE_MINUTES),
        };
        let row = rows::expiring(tables::CHALLENGES, id.to_string(), stored.until, &stored);
        self.put(vec![RowChange::Put(row)]).await?;
        Ok(Challenge { id, bytes: bytes.into_bytes() })
    }

    /// Returns what is signed: what it is, for whose site, when, and what nobody could know before.
    pub(super) fn challenge_bytes(&self, (element, namespace): (&str, &str), id: Uuid) -> String {
        let mut nonce = [0; 32];
        self.ports.clock.fill(&mut nonce);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{element} xmlns=\"{namespace}\" site=\"{}\" id=\"{id}\" at=\"{}\" nonce=\"{}\"/>\n",
            self.settings.base_url,
            self.now(),
            hex::encode(nonce)
        )
    }

    /// Returns a challenge that this account was given and can still answer, for who signs it on another device.
    pub async fn given_challenge(
        &self,
        citizen: &Citizen,
        id: Uuid,
    ) -> Result<Option<Challenge>, SubmitError> {
        Ok(self.unanswered(citizen, id).await?.map(|it| Challenge { id, bytes: it.bytes.into_bytes() }))
    }

    async fn unanswered(&self, citizen: &Citizen, id: Uuid) -> Result<Option<Stored>, SubmitError> {
        let row = self.ports.store.row(tables::CHALLENGES, &id.to_string()).await?;
        // A challenge to sign in is another kind of row and cannot be read as this one.
        let stored = row.as_ref().and_then(|it| rows::body::<Stored>(it).ok());
        Ok(stored.filter(|it| it.account == citizen.id && it.until >= self.now()))
    }

    /// Takes the signed answer to a challenge; a challenge is judged once.
    pub async fn answer_challenge(
        &self,
        citizen: &Citizen,
        id: Uuid,
        cms: &[u8],
    ) -> Result<Proved, SubmitError> {
        let Some(stored) = self.unanswered(citizen, id).await? else { return Ok(Proved::Stale) };
        if cms.len() > CMS_BYTES_MAX {
            return Ok(Proved::No(None));
        }
        let signatory = Signatory::Person { iin: citizen.iin.clone() };
        let judgement = self.judge(stored.bytes.as_bytes(), cms, &signatory).await?;
        let proved = match judgement.at_once() {
            Some(true) => Proved::Yes,
            Some(false) => Proved::No(judgement.code),
            None => return Ok(Proved::Unknown(judgement.code)),
        };
        let answered = RowChange::Delete { table: tables::CHALLENGES.to_owned(), key: id.to_string() };
        let (name, serial) = (judgement.signer.unwrap_or_default(), judgement.serial.unwrap_or_default());
        for _ in 0..PROVE_AGAIN_MAX {
            let mut along = Along::from(vec![answered.clone()]);
            if proved == Proved::Yes {
                along = along.and(self.proven(citizen, &name, &serial).await?);
            }
            match self.put_along(along).await {
                Err(SubmitError::Changed) => {}
                done => return done.map(|()| proved),
            }
        }
        Err(SubmitError::Changed)
    }
}
