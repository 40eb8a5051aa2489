// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging people's signatures with evidence fetched for it.
//!
//! A signature is judged for the time at which it was received here, or for an earlier one that a time stamp of its own
//! proves. Stamps of ours come afterwards, with the archive.

use crate::lists::Lists;
use crate::source::{self, Errand, EvidenceSource, JUDGEMENT_WAIT, ROUNDS_MAX};
use async_trait::async_trait;
use eds::limits::PATH_LENGTH_MAX;
use eds::{
    Certificate, CheckCode, Content, Need, OfficialRole, Outcome, Policy, Purpose, Trust, Verdict, verify_cms,
};
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
            Signatory::AnyHolder => Policy::new(self.trust.clone(), Purpose::OperatorSignature { bin: None }),
            Signatory::Official { iin, bin, role } => {
                let purpose = Purpose::OfficialSignature { bin: bin.clone(), role: *role };
                Policy::new(self.trust.clone(), purpose).for_iin(iin)
            }
            Signatory::AnyOfficial { bin } => {
                let role = OfficialRole::RightToSign;
                Policy::new(self.trust.clone(), Purpose::OfficialSignature { bin: bin.clone(), role })
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
    async fn judge_received(
        &self,
        (signed, cms): (&[u8], &[u8]),
        by: &Signatory,
        received: Timestamp,
        now: Timestamp,
    ) -> Result<Judgement, PortError> {
        let content = Content::Detached(signed);
        let mut policy = self.policy(by);
        policy.evidence_until = (received < now).then_some(now);
        let (known, mut at) = (self.known(), received);
        let mut errand = Errand::new(&*self.source, self.lists.as_deref(), JUDGEMENT_WAIT);
        let (mut verdict, mut evidence) = settle(&mut errand, (&content, cms), known, (&policy, at)).await;
        if received < now && is_late(&verdict) {
            errand.fetch(&list_of_signer(&verdict), &mut evidence).await;
            verdict = verify_cms(&content, cms, &evidence, at, &policy);
            if is_late(&verdict) {
                // Nobody will ever say how the key stood: so it counts as it stands now.
                at = now;
                verdict = verify_cms(&content, cms, &evidence, at, &policy);
            }
        }
        let is_decided = !matches!(verdict.outcome, Outcome::Indeterminate { .. });
        if is_decided
            && let Some(lists) = &self.lists
            && !lists.keep(&evidence).await
        {
            // A list that nobody could show later has decided nothing.
            evidence.indexes.clear();
            verdict = verify_cms(&content, cms, &evidence, at, &policy);
        }
        let valid = decided(&verdict, cms, &evidence, &errand);
        Ok(Judgement { valid, ..judgement(&verdict, &evidence) })
    }

    async fn stamp(
        &self,
        act: (&[u8], &[u8]),
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Option<Vec<u8>>, PortError> {
        crate::archive::stamp((&*self.source, self.known()), self.policy(by), act, at).await
    }

    async fn archive(
        &self,
        act: (&[u8], &[u8]),
        stamp: Option<Vec<u8>>,
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Archived, PortError> {
        let mut known = self.known();
        known.stamps.extend(stamp);
        crate::archive::archive((&*self.source, known), self.policy(by), act, at).await
    }

    async fn renew(&self, archive: &[u8], at: Timestamp) -> Result<Archived, PortError> {
        crate::archive::renew(&*self.source, &self.trust, archive, at).await
    }
}

/// Judges a signature as far as the source has answers; the evidence is what was known and what was fetched for it.
pub(crate) async fn settle(
    errand: &mut Errand<'_>,
    (content, cms): (&Content<'_>, &[u8]),
    known: eds::Evidence,
    (policy, at): (&Policy, Timestamp),
) -> (Verdict, eds::Evidence) {
    let mut evidence = known;
    let mut verdict = verify_cms(content, cms, &evidence, at, policy);
    for _ in 0..ROUNDS_MAX {
        let needs = verdict.needs().to_vec();
        if needs.is_empty() || errand.fetch(&needs, &mut evidence).await == 0 {
            break;
        }
        verdict = verify_cms(content, cms, &evidence, at, policy);
    }
    let issuers = || verdict.needs().iter().filter(|it| matches!(it, Need::Issuer { .. }));
    if issuers().next().is_some() && issuers().all(|it| errand.sought(it)) {
        // A stamp of which nobody names the issuer does not hold up for ever what is invalid without it.
        let sought = Policy { issuers_sought: true, ..policy.clone() };
        verdict = verify_cms(content, cms, &evidence, at, &sought);
    }
    (verdict, evidence)
}

/// Returns whether whoever is asked now says no more how a key stood: authorities forget keys that have ended.
pub(crate) fn is_late(verdict: &Verdict) -> bool {
    verdict.needs().iter().any(|it| matches!(it, Need::Answer { .. }))
}

/// Returns the need of the list that the signer's certificate names: one that was made before its end may still tell.
pub(crate) fn list_of_signer(verdict: &Verdict) -> Vec<Need> {
    let leaf = verdict.signer().and_then(|it| Certificate::parse(&it.certificate).ok());
    let need = |leaf: Certificate| {
        let url = leaf.extensions().crl_urls.first()?.clone();
        Some(Need::Crl { serial_hex: leaf.serial_hex(), issuer: leaf.issuer().line(), url })
    };
    leaf.and_then(need).into_iter().collect()
}

/// Returns whether a signature counts, does not, or waits. What nothing that may still come would decide waits no longer: a
/// signature under an authority that was sought in vain does not count. One under an authority of which only the root is not
/// installed here waits for it.
fn decided(verdict: &Verdict, cms: &[u8], evidence: &eds::Evidence, errand: &Errand<'_>) -> Option<bool> {
    // No version of the program and no content come while it waits.
    let comes = |it: &Need| !matches!(it, Need::Algorithm { .. } | Need::Content) && !errand.sought(it);
    let waits = match &verdict.outcome {
        Outcome::Valid => return Some(true),
        Outcome::Invalid => false,
        Outcome::Indeterminate { needs } => needs.iter().any(comes),
    };
    (!waits && !is_of_new_authority(verdict, cms, evidence)).then_some(false)
}

/// Returns whether nothing is wrong but that the root is not installed, while a host that may be asked publishes the authority.
fn is_of_new_authority(verdict: &Verdict, cms: &[u8], evidence: &eds::Evidence) -> bool {
    let untrusted = CheckCode::ChainUntrusted.as_str();
    let doubts = [verdict.failed_codes(), verdict.unknown_codes()].concat();
    if doubts.iter().any(|it| *it != untrusted) {
        return false;
    }
    let Some(leaf) = verdict.signer().and_then(|it| Certificate::parse(&it.certificate).ok()) else {
        return false;
    };
    let published: Vec<Certificate> =
        evidence.certificates.iter().filter_map(|it| Certificate::parse(it).ok()).collect();
    let is_new = is_published(&leaf, &published, &eds::certificates(cms).unwrap_or_default());
    if is_new {
        tracing::warn!(issuer = leaf.issuer().line(), "the root of this authority is not installed");
    }
    is_new
}

/// Returns whether a published authority issued this certificate, directly or by authorities that came along.
fn is_published(leaf: &Certificate, published: &[Certificate], along: &[Certificate]) -> bool {
    let issued = |lower: &Certificate, it: &Certificate| {
        it.extensions().is_authority && lower.names_as_issuer(it) && lower.is_signed_by(it).is_ok()
    };
    let mut lower = leaf;
    for _ in 0..PATH_LENGTH_MAX {
        if published.iter().any(|it| issued(lower, it)) {
            return true;
        }
        let Some(upper) = along.iter().find(|it| issued(lower, it)) else { return false };
        lower = upper;
    }
    false
}

/// Returns what is stored beside the act: the verdict and, where it is one, the evidence and, by SHA-256, the lists that are
/// kept apart. What decided nothing is fetched anew.
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
    if valid.is_some() {
        stored.insert("evidence".to_owned(), serde_json::json!(evidence));
        let lists: Vec<String> = evidence.indexes.iter().flat_map(|it| it.sha256_hex()).collect();
        if !lists.is_empty() {
            stored.insert("lists".to_owned(), serde_json::json!(lists));
        }
    }
    Judgement {
        valid,
        code: first(verdict.failed_codes()).or_else(|| first(verdict.unknown_codes())),
        signer: signer.and_then(full_name),
        iin: signer.and_then(|it| it.iin.clone()),
        serial: signer.map(|it| it.serial_hex.clone()),
        judged_for: signer.map(|it| it.time.at),
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
