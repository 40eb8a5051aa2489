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
use crate::verdict::{Check, CheckCode, CheckResult, Need, Outcome, StampPlace, Subject, TimeStamp, Verdict};

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
    let (verdict, seals) = archive.judged(&archive.all_evidence(), trust, now)?;
    let latest = seals.last().or_else(|| {
        let stamps = verdict.signers.iter().flat_map(|signer| &signer.stamps);
        stamps.filter(|stamp| stamp.is_valid()).max_by_key(|stamp| stamp.time)
    });
    let renew_before = latest.and_then(|stamp| stamp.key_until);
    Ok(ArchiveVerdict { verdict, seals, renew_before })
}

impl Archive {
    /// Returns what was demanded of the signature, under these roots.
    pub fn policy(&self, trust: &Trust) -> Result<Policy, ArchiveFault> {
        let demands: Demands =
            serde_json::from_value(self.policy.clone()).map_err(|_| ArchiveFault::Malformed)?;
        Ok(demands.policy(trust))
    }

    /// Returns what to fetch to know how the authorities of the signature and of its stamps stand at `now`: asked before the
    /// archive is stamped again, so that the new stamp stands over the answers.
    pub fn needs_now(&self, trust: &Trust, now: Timestamp) -> Result<Vec<Need>, ArchiveFault> {
        let known = Evidence { ocsp: Vec::new(), crls: Vec::new(), ..self.all_evidence() };
        let (verdict, _) = self.judged(&known, trust, now)?;
        Ok(verdict.needs().to_vec())
    }

    /// Judges the act and the seals.
    fn judged(
        &self,
        evidence: &Evidence,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<(Verdict, Vec<TimeStamp>), ArchiveFault> {
        let mut policy = self.policy(trust)?;
        policy.evidence_until = Some(now);
        let seals = self.judge_seals(&Context { evidence, at: now, policy: &policy });
        policy.stamps_existed_at = seals.first().and_then(proven);
        let verdict = self.judge(&Context { evidence, at: now, policy: &policy }, &seals);
        Ok((with_seals(verdict, &seals), seals))
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

    /// Judges the seals, the last one first, because it proves when those before it existed; one that is older than the one
    /// before it is out of order.
    fn judge_seals(&self, context: &Context<'_>) -> Vec<TimeStamp> {
        let mut judged: Vec<TimeStamp> = Vec::with_capacity(self.seals.len());
        let mut policy = context.policy.clone();
        for (index, seal) in self.seals.iter().enumerate().rev() {
            let list = self.list(index, &seal.evidence);
            let stamped =
                Stamped { bytes: &list, token: &seal.token, place: StampPlace::Archive, spare: &[] };
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

/// Returns the time that a stamp proves.
fn proven(stamp: &TimeStamp) -> Option<Timestamp> {
    stamp.time.filter(|_| stamp.is_valid())
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
