// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging people's signatures with evidence fetched for it.
//!
//! A signature is judged for the time at which it was received here, or for an earlier one that a time stamp of its own
//! proves. Stamps of ours come afterwards, with the archive.

use crate::lists::Lists;
use crate::source::{self, EvidenceSource, ROUNDS_MAX};
use async_trait::async_trait;
use eds::{Content, Need, Outcome, Policy, Purpose, Trust, Verdict, verify_cms};
use jiff::Timestamp;
use service::ports::evidence::{Archived, Judgement, Signatory};
use service::ports::{Evidence, PortError};
use std::sync::Arc;

/// Judges signatures under the installed roots; asks the source for what is missing, at most [`ROUNDS_MAX`] times.
#[derive(Debug)]
pub struct EvidenceClient {
    trust: Trust,
    source: Arc<dyn EvidenceSource>,
    lists: Option<Arc<Lists>>,
}

impl EvidenceClient {
    /// Returns the judge of people's signatures.
    pub fn new(trust: Trust, source: Arc<dyn EvidenceSource>) -> Self {
        Self { trust, source, lists: None }
    }

    /// Takes the lists that are kept in place of fetching them.
    #[must_use]
    pub fn with_lists(mut self, lists: Arc<Lists>) -> Self {
        self.lists = Some(lists);
        self
    }

    /// Returns what is known before anything is fetched: programs of signers often send the certificate alone, and the
    /// authorities that are installed here complete its path.
    fn known(&self) -> eds::Evidence {
        let certificates = self.lists.as_deref().map(Lists::authorities).unwrap_or_default();
        eds::Evidence { certificates, ..eds::Evidence::default() }
    }

    fn policy(&self, by: &Signatory) -> Policy {
        let mut policy = match by {
            Signatory::Person { iin } => {
                Policy::new(self.trust.clone(), Purpose::ApplicantSignature).for_iin(iin)
            }
            Signatory::AnyPerson => Policy::new(self.trust.clone(), Purpose::ApplicantSignature),
            Signatory::Official { iin, bin, role } => {
                let purpose = Purpose::OfficialSignature { bin: bin.clone(), role: *role };
                Policy::new(self.trust.clone(), purpose).for_iin(iin)
            }
            Signatory::Organization { bin } => {
                Policy::new(self.trust.clone(), Purpose::OrganisationStamp { bin: bin.clone() })
            }
        };
        source::ask_with_nonce(&mut policy, &*self.source);
        policy
    }
}

#[async_trait]
impl Evidence for EvidenceClient {
    async fn judge(
        &self,
        signed: &[u8],
        cms: &[u8],
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Judgement, PortError> {
        let content = Content::Detached(signed);
        let policy = self.policy(by);
        let known = self.known();
        let from = (&*self.source, self.lists.as_deref());
        let (mut verdict, mut evidence) = settle(from, (&content, cms), known, (&policy, at)).await;
        let is_decided = !matches!(verdict.outcome, Outcome::Indeterminate { .. });
        if is_decided
            && let Some(lists) = &self.lists
            && !lists.keep(&evidence).await
        {
            // A list that nobody could show later has decided nothing.
            evidence.indexes.clear();
            verdict = verify_cms(&content, cms, &evidence, at, &policy);
        }
        Ok(judgement(&verdict, &evidence))
    }

    async fn archive(
        &self,
        signed: &[u8],
        cms: &[u8],
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Archived, PortError> {
        let from = (&*self.source, self.known());
        crate::archive::archive(from, self.policy(by), (signed, cms), at).await
    }

    async fn renew(&self, archive: &[u8], at: Timestamp) -> Result<Archived, PortError> {
        crate::archive::renew(&*self.source, &self.trust, archive, at).await
    }
}

/// Judges a signature as far as the source has answers; the evidence is what was known and what was fetched for it.
pub(crate) async fn settle(
    (source, lists): (&dyn EvidenceSource, Option<&Lists>),
    (content, cms): (&Content<'_>, &[u8]),
    known: eds::Evidence,
    (policy, at): (&Policy, Timestamp),
) -> (Verdict, eds::Evidence) {
    let mut evidence = known;
    let mut verdict = verify_cms(content, cms, &evidence, at, policy);
    for _ in 0..ROUNDS_MAX {
        let needs = verdict.needs().to_vec();
        if needs.is_empty() || source::fetch(source, lists, &needs, &mut evidence).await == 0 {
            break;
        }
        verdict = verify_cms(content, cms, &evidence, at, policy);
    }
    if verdict.needs().iter().any(|it| matches!(it, Need::Issuer { .. })) {
        // A stamp of which nobody names the issuer does not hold up for ever what is invalid without it.
        let sought = Policy { issuers_sought: true, ..policy.clone() };
        verdict = verify_cms(content, cms, &evidence, at, &sought);
    }
    (verdict, evidence)
}

/// Returns what is stored beside the act: the verdict, the evidence and, by SHA-256, the lists that are kept apart.
fn judgement(verdict: &Verdict, evidence: &eds::Evidence) -> Judgement {
    let valid = match verdict.outcome {
        Outcome::Valid => Some(true),
        Outcome::Invalid => Some(false),
        Outcome::Indeterminate { .. } => None,
    };
    let first = |codes: Vec<&'static str>| codes.first().map(|it| (*it).to_owned());
    let signer = verdict.signer();
    let mut stored = serde_json::Map::new();
    stored.insert("verdict".to_owned(), serde_json::json!(verdict));
    stored.insert("evidence".to_owned(), serde_json::json!(evidence));
    if valid.is_some() && !evidence.indexes.is_empty() {
        let lists: Vec<String> = evidence.indexes.iter().flat_map(|it| it.sha256_hex()).collect();
        stored.insert("lists".to_owned(), serde_json::json!(lists));
    }
    Judgement {
        valid,
        code: first(verdict.failed_codes()).or_else(|| first(verdict.unknown_codes())),
        signer: signer.and_then(full_name),
        iin: signer.and_then(|it| it.iin.clone()),
        serial: signer.map(|it| it.serial_hex.clone()),
        verdict: serde_json::Value::Object(stored),
    }
}

/// Returns "SURNAME GIVEN PATRONYMIC"; the certificate holds surname and name as its common name.
fn full_name(it: &eds::Signer) -> Option<String> {
    let name = match (&it.surname, &it.given) {
        (Some(surname), Some(given)) => format!("{surname} {given}"),
        _ => it.common_name.clone()?,
    };
    Some(it.patronymic.as_ref().map_or_else(|| name.clone(), |patronymic| format!("{name} {patronymic}")))
}
