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
use crate::verdict::{Check, CheckCode, CheckResult, Outcome, StampPlace, Subject, TimeStamp, Verdict};

/// What an archive proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveVerdict {
    /// The verdict on the act, from nothing but the archive and the installed roots.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The seals, in order.
    pub seals: Vec<TimeStamp>,
    /// Until when the archive should be stamped again: the end of the key of its last time stamp.
    pub renew_before: Option<Timestamp>,
}

/// Judges an archive under `trust` at `now`. Nothing is fetched.
///
/// The act is judged for the earliest time that a valid stamp proves; each seal must be valid, in order, and over
/// everything before it. The roots of that time must still be installed.
///
/// ```
/// let now = "2026-11-22T05:00:00Z".parse().unwrap();
/// assert!(eds::verify_archive(b"no archive", &eds::Trust::default(), now).is_err());
/// ```
pub fn verify_archive(bytes: &[u8], trust: &Trust, now: Timestamp) -> Result<ArchiveVerdict, ArchiveFault> {
    let archive = Archive::parse(bytes)?;
    let mut policy = archive.policy(trust)?;
    policy.evidence_until = Some(now);
    let evidence = archive.all_evidence();
    let context = Context { evidence: &evidence, at: now, policy: &policy };
    let seals = archive.judge_seals(&context);
    let verdict = archive.judge(&context, &seals);
    let latest = seals.last().or_else(|| {
        let stamps = verdict.signers.iter().flat_map(|signer| &signer.stamps);
        stamps.filter(|stamp| stamp.is_valid()).max_by_key(|stamp| stamp.time)
    });
    let renew_before = latest.and_then(|stamp| stamp.key_until);
    Ok(ArchiveVerdict { verdict: with_seals(verdict, &seals), renew_before, seals })
}

impl Archive {
    /// Returns what was demanded of the signature, under these roots.
    pub fn policy(&self, trust: &Trust) -> Result<Policy, ArchiveFault> {
        let demands: Demands =
            serde_json::from_value(self.policy.clone()).map_err(|_| ArchiveFault::Malformed)?;
        Ok(demands.policy(trust))
    }

    fn all_evidence(&self) -> Evidence {
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
        all
    }

    /// Judges the seals; one that is older than the one before it is out of order.
    fn judge_seals(&self, context: &Context<'_>) -> Vec<TimeStamp> {
        let mut judged: Vec<TimeStamp> = Vec::with_capacity(self.seals.len());
        for (index, seal) in self.seals.iter().enumerate() {
            let list = self.list(index, &seal.evidence);
            let stamped =
                Stamped { bytes: &list, token: &seal.token, place: StampPlace::Archive, spare: &[] };
            let mut stamp = judge_token(&stamped, context);
            if judged.last().is_some_and(|before| stamp.time < before.time) {
                let (code, subject) = (CheckCode::TimeStampTime, Subject::TimeStamp);
                stamp.checks.push(Check { code, result: CheckResult::Failed, subject, detail: None });
                stamp.outcome = Outcome::Invalid;
            }
            judged.push(stamp);
        }
        judged
    }

    fn judge(&self, context: &Context<'_>, seals: &[TimeStamp]) -> Verdict {
        let sha256 = |digest: &[u8]| <[u8; 32]>::try_from(digest).unwrap_or_default();
        let given = match &self.content {
            ArchivedContent::Xml { bytes } => return judge_xml(bytes, context, seals),
            ArchivedContent::Detached { bytes } => Content::Detached(bytes),
            ArchivedContent::Sha256 { sha256: digest } => Content::Sha256(sha256(digest)),
            ArchivedContent::Attached => Content::Attached,
        };
        judge_cms(&given, &self.signature, context, seals)
    }
}

/// Returns the verdict to which each seal adds its check: an archive with a broken seal was changed.
fn with_seals(verdict: Verdict, seals: &[TimeStamp]) -> Verdict {
    let needs = verdict.needs().to_vec();
    let mut findings = Findings { checks: verdict.checks, needs };
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
