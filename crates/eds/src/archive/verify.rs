// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging an archive, offline.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Archive, ArchiveFault, ArchivedContent, Demands};
use crate::cms::{Content, judge_cms};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::path::Context;
use crate::policy::{Policy, Trust};
use crate::signed_xml::judge_xml;
use crate::tsp::{Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, Need, Outcome, Signer, StampPlace, Subject, TimeBasis, TimeStamp, Verdict,
};

/// What an archive proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveVerdict {
    /// The verdict on the act.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The seals, in order.
    pub seals: Vec<TimeStamp>,
    /// Until when the archive should be stamped again: the end of the key of its last time stamp.
    pub renew_before: Option<Timestamp>,
}

/// Judges an archive under `trust` at `now`, from nothing but the archive. Nothing is fetched.
///
/// The act is judged for the earliest time that a valid stamp proves; each seal must be valid, in order, and over
/// everything before it. The roots of that time must still be installed. Whose it should be, and for what, is what the
/// archive says of itself: whoever was handed it by others demands that by [`judge_archive`].
///
/// ```
/// let now = "2026-11-22T05:00:00Z".parse().unwrap();
/// assert!(eds::verify_archive(b"no archive", &eds::Trust::default(), now).is_err());
/// ```
pub fn verify_archive(bytes: &[u8], trust: &Trust, now: Timestamp) -> Result<ArchiveVerdict, ArchiveFault> {
    let archive = Archive::parse(bytes)?;
    let policy = archive.policy(trust)?;
    archive.verified(None, &Context { evidence: &Evidence::default(), at: now, policy: &policy })
}

/// Judges an archive under the caller's demands and under those with which it was archived, the stricter of each: before its
/// first seal anybody can write one. `content` is compared with what was archived. Nothing is fetched.
///
/// ```
/// use eds::{Context, Evidence, Policy, Purpose, Trust, judge_archive};
/// let policy = Policy::new(Trust::default(), Purpose::ApplicantSignature).for_iin("990101300017");
/// let at = "2026-11-22T05:00:00Z".parse().unwrap();
/// let context = Context { evidence: &Evidence::default(), at, policy: &policy };
/// assert!(judge_archive(b"no archive", None, &context).is_err());
/// ```
pub fn judge_archive(
    bytes: &[u8],
    given: Option<&[u8]>,
    context: &Context<'_>,
) -> Result<ArchiveVerdict, ArchiveFault> {
    Archive::parse(bytes)?.verified(given, context)
}

/// Returns until when the archive should be stamped again.
fn renew_before(verdict: &Verdict, seals: &[TimeStamp]) -> Option<Timestamp> {
    let latest = seals.last().or_else(|| {
        let stamps = verdict.signers.iter().flat_map(|signer| &signer.stamps);
        stamps.filter(|stamp| stamp.is_valid()).max_by_key(|stamp| stamp.time)
    });
    latest.and_then(|stamp| stamp.key_until)
}

impl Archive {
    /// Returns what was demanded of the signature, under these roots; never less than [`Policy::new`] demands.
    pub fn policy(&self, trust: &Trust) -> Result<Policy, ArchiveFault> {
        let demands = self.demands()?;
        Ok(demands.tightened(&Policy::new(trust.clone(), demands.purpose.clone())))
    }

    fn demands(&self) -> Result<Demands, ArchiveFault> {
        serde_json::from_value(self.policy.clone()).map_err(|_| ArchiveFault::Malformed)
    }

    fn verified(&self, given: Option<&[u8]>, context: &Context<'_>) -> Result<ArchiveVerdict, ArchiveFault> {
        let evidence = self.all_evidence(context.evidence);
        // The answers in the archive were asked for with nonces of their own.
        let policy = Policy { ocsp_nonce: None, ..context.policy.clone() };
        let offline = Context { evidence: &evidence, policy: &policy, ..*context };
        let (mut verdict, mut seals) = self.judged(given, &offline)?;
        if context.policy.ocsp_nonce.is_some() && !is_proven(&verdict) {
            // Nothing proves when they were put there: whoever can ask does not take their word.
            let Evidence { ocsp, crls, .. } = context.evidence.clone();
            let evidence = Evidence { ocsp, crls, ..evidence };
            (verdict, seals) = self.judged(given, &Context { evidence: &evidence, ..*context })?;
        }
        let renew_before = renew_before(&verdict, &seals);
        Ok(ArchiveVerdict { verdict, seals, renew_before })
    }

    /// Returns what to fetch to know how the authorities of the signature and of its stamps stand at `now`: asked before the
    /// archive is stamped again, so that the new stamp stands over the answers.
    pub fn needs_now(&self, trust: &Trust, now: Timestamp) -> Result<Vec<Need>, ArchiveFault> {
        let all = self.all_evidence(&Evidence::default());
        let known = Evidence { ocsp: Vec::new(), crls: Vec::new(), ..all };
        let policy = self.policy(trust)?;
        let (verdict, _) = self.judged(None, &Context { evidence: &known, at: now, policy: &policy })?;
        Ok(verdict.needs().to_vec())
    }

    /// Judges the act and the seals.
    fn judged(
        &self,
        given: Option<&[u8]>,
        context: &Context<'_>,
    ) -> Result<(Verdict, Vec<TimeStamp>), ArchiveFault> {
        let demands = self.demands()?;
        let mut policy = demands.tightened(context.policy);
        policy.evidence_until = context.policy.evidence_until.or(Some(context.at));
        let seals = self.judge_seals(&Context { policy: &policy, ..*context });
        policy.stamps_existed_at = seals.first().and_then(proven);
        policy.stamps_apart = self.stamps_apart(&context.evidence.stamps, &seals);
        let verdict = self.judge(given, &Context { policy: &policy, ..*context }, &seals);
        let mut findings = Findings::default();
        if let Some(equal) = given.and_then(|it| self.holds(it)) {
            findings.check(CheckCode::ContentMismatch, &Subject::Container, equal);
        }
        for code in demands.contradicted(context.policy) {
            let detail = Some("another-was-demanded-when-archived".to_owned());
            findings.note(code, &Subject::Container, CheckResult::Failed, detail);
        }
        Ok((with_seals(verdict, findings, &seals), seals))
    }

    /// Returns whether `given` is what was archived; nothing where the signature itself tells.
    fn holds(&self, given: &[u8]) -> Option<bool> {
        match &self.content {
            ArchivedContent::Detached { bytes } | ArchivedContent::Xml { bytes } => {
                Some(bytes.as_slice() == given)
            }
            ArchivedContent::Sha256 { sha256 } => Some(crate::sha256(given).as_slice() == sha256.as_slice()),
            ArchivedContent::Attached => None,
        }
    }

    /// Returns the evidence in the archive after what the caller has: of each kind only so many pieces are looked at.
    fn all_evidence(&self, given: &Evidence) -> Evidence {
        let mut all = self.evidence.clone();
        for seal in &self.seals {
            let own = seal.evidence.clone();
            all.certificates.extend(own.certificates);
            all.ocsp.extend(own.ocsp);
            all.crls.extend(own.crls);
            all.stamps.extend(own.stamps);
        }
        for list in [&mut all.certificates, &mut all.ocsp, &mut all.crls, &mut all.stamps] {
            list.sort();
            list.dedup();
        }
        let first = |given: &[Vec<u8>], own: &mut Vec<Vec<u8>>| {
            own.retain(|it| !given.contains(it));
            *own = given.iter().chain(own.iter()).cloned().collect();
        };
        first(&given.certificates, &mut all.certificates);
        first(&given.ocsp, &mut all.ocsp);
        first(&given.crls, &mut all.crls);
        first(&given.stamps, &mut all.stamps);
        all.indexes.clone_from(&given.indexes);
        all
    }

    /// Returns the stamps over which the first seal does not stand, each with the time of the seal that does: nothing proves
    /// when those of the caller existed.
    fn stamps_apart(&self, all: &[Vec<u8>], seals: &[TimeStamp]) -> Vec<(Vec<u8>, Option<Timestamp>)> {
        let existed = |stamp: &Vec<u8>| {
            let place = self.seals.iter().position(|seal| seal.evidence.stamps.contains(stamp))?;
            seals.get(place).and_then(proven)
        };
        let apart = all.iter().filter(|it| !self.evidence.stamps.contains(it));
        apart.map(|it| (it.clone(), existed(it))).collect()
    }

    /// Judges the seals, the last one first, because it proves when those before it existed; one that is older than the one
    /// before it is out of order.
    fn judge_seals(&self, context: &Context<'_>) -> Vec<TimeStamp> {
        let mut judged: Vec<TimeStamp> = Vec::with_capacity(self.seals.len());
        let mut policy = context.policy.clone();
        for (index, seal) in self.seals.iter().enumerate().rev() {
            let list = self.list(index, &seal.evidence);
            let stamped =
                Stamped { bytes: Some(&list), token: &seal.token, place: StampPlace::Archive, spare: &[] };
            let stamp = judge_token(&stamped, &Context { policy: &policy, ..*context });
            policy.stamps_existed_at = proven(&stamp);
            judged.push(stamp);
        }
        judged.reverse();
        let mut before = None;
        for stamp in &mut judged {
            if stamp.time < before {
                let (code, subject) = (CheckCode::TimeStampTime, Subject::TimeStamp);
                stamp.checks.push(Check { code, result: CheckResult::Failed, subject, detail: None });
                stamp.outcome = Outcome::Invalid;
            }
            before = stamp.time;
        }
        judged
    }

    fn judge(&self, given: Option<&[u8]>, context: &Context<'_>, seals: &[TimeStamp]) -> Verdict {
        let sha256 = |digest: &[u8]| <[u8; 32]>::try_from(digest).unwrap_or_default();
        // The bytes themselves tell more than their digest.
        let bytes_of_digest = given.filter(|it| self.holds(it) == Some(true));
        let signed = match (&self.content, given) {
            (ArchivedContent::Xml { bytes }, _) => return judge_xml(bytes, context, seals),
            (ArchivedContent::Detached { bytes }, _) => Content::Detached(bytes),
            (ArchivedContent::Sha256 { sha256: digest }, _) => {
                bytes_of_digest.map_or_else(|| Content::Sha256(sha256(digest)), Content::Detached)
            }
            (ArchivedContent::Attached, Some(bytes)) => Content::Detached(bytes),
            (ArchivedContent::Attached, None) => Content::Attached,
        };
        judge_cms(&signed, &self.signature, context, seals)
    }
}

/// Returns the time that a stamp proves.
fn proven(stamp: &TimeStamp) -> Option<Timestamp> {
    stamp.time.filter(|_| stamp.is_valid())
}

/// Returns whether a valid stamp gives the time for which each signer was judged.
fn is_proven(verdict: &Verdict) -> bool {
    let by_stamp = |signer: &Signer| {
        let gives = |it: &TimeStamp| proven(it) == Some(signer.time.at);
        signer.time.by == TimeBasis::Stamp && signer.stamps.iter().any(gives)
    };
    !verdict.signers.is_empty() && verdict.signers.iter().all(by_stamp)
}

/// Returns the verdict with what was found beside it and the check of each seal: an archive with a broken seal was changed.
fn with_seals(verdict: Verdict, beside: Findings, seals: &[TimeStamp]) -> Verdict {
    let needs = verdict.needs().to_vec();
    let mut findings = Findings { checks: verdict.checks, needs };
    findings.extend(beside);
    for stamp in seals {
        let detail = stamp.time.map(|time| time.to_string());
        let result = match &stamp.outcome {
            Outcome::Valid => CheckResult::Passed,
            Outcome::Invalid => CheckResult::Failed,
            Outcome::Indeterminate { needs } => {
                findings.needs.extend(needs.iter().cloned());
                CheckResult::Unknown
            }
        };
        findings.note(CheckCode::ArchiveSeal, &Subject::Container, result, detail);
    }
    findings.into_verdict(verdict.at, verdict.signers)
}
