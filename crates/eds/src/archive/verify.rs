// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging an archive, offline.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::known::{About, Known, inside, is_unchosen};
use super::{Archive, ArchiveFault, ArchivedContent, Demands};
use crate::cms::{Content, judge_cms};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::path::Context;
use crate::policy::{Policy, Trust};
use crate::signed_xml::judge_xml;
use crate::tsp::{Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, JudgedTime, Need, Outcome, Signer, StampPlace, Subject, TimeBasis,
    TimeStamp, Verdict,
};

/// The only name by which answers stand inside signed XML, whatever its prefix.
const ANSWERS_IN_XML: &[u8] = b"RevocationValues";

/// What was found of the act and of each seal.
type Found = (Verdict, Vec<TimeStamp>);

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
        Demands::deserialize(&self.policy).map_err(|_| ArchiveFault::Malformed)
    }

    fn verified(&self, given: Option<&[u8]>, context: &Context<'_>) -> Result<ArchiveVerdict, ArchiveFault> {
        // The answers in the archive were asked for with nonces of their own.
        let policy = Policy { ocsp_nonce: None, ..context.policy.clone() };
        let offline = Context { policy: &policy, ..*context };
        let mut found = self.judged(given, &self.known(context.evidence), &offline)?;
        if context.policy.answers_sought {
            found = self.judged(given, &self.known(context.evidence), context)?;
        } else if context.policy.ocsp_nonce.is_some() {
            let silent = || self.judged(given, &self.known(context.evidence).silent_from(0), context);
            found = self.judged_by_seals(given, found, &offline)?.map_or_else(silent, Ok)?;
        }
        let (verdict, seals) = found;
        let renew_before = renew_before(&verdict, &seals);
        Ok(ArchiveVerdict { verdict, seals, renew_before })
    }

    /// Judges for whoever can ask. Anybody can put anything into an archive: answers count only under a valid seal, and those
    /// about the signers only where they cannot have chosen them. Nothing where no seal decides.
    fn judged_by_seals(
        &self,
        content: Option<&[u8]>,
        found: Found,
        offline: &Context<'_>,
    ) -> Result<Option<Found>, ArchiveFault> {
        let (verdict, seals) = &found;
        let last = seals.iter().rposition(|it| proven(it).is_some()).filter(|_| is_proven(verdict));
        let (Some(last), Some(signers)) = (last, About::signers(verdict, offline)) else { return Ok(None) };
        if verdict.outcome == Outcome::Invalid {
            // What tells against it tells so with fewer answers in its favour too.
            return Ok(Some(found));
        }
        if !self.is_inside_unchosen(&signers, offline) {
            return Ok(None);
        }
        // A seal stands over the act, over the seals before it and over its own evidence.
        let known = self.known(offline.evidence).silent_from(last + 2).unchosen(&signers, offline);
        let again = self.judged(content, &known, offline)?;
        // Without what was taken away another time may be proven, for which other answers would have to go.
        Ok((times(&again.0) == times(verdict)).then_some(again))
    }

    /// Returns whether nothing lies inside the signature that the signers may have chosen to be said about themselves: without a
    /// nonce it would count.
    fn is_inside_unchosen(&self, signers: &[About], context: &Context<'_>) -> bool {
        if let ArchivedContent::Xml { bytes } = &self.content {
            return !bytes.windows(ANSWERS_IN_XML.len()).any(|it| it == ANSWERS_IN_XML);
        }
        inside(&self.signature).is_ok_and(|it| is_unchosen(&it, signers, context))
    }

    /// Returns what is known: what the caller has, and everything in the archive.
    fn known<'a>(&'a self, given: &'a Evidence) -> Known<'a> {
        let seals = self.seals.iter().map(|it| &it.evidence);
        Known::new(given, std::iter::once(&self.evidence).chain(seals))
    }

    /// Returns what to fetch to know how the authorities of the signature and of its stamps stand at `now`: asked before the
    /// archive is stamped again, so that the new stamp stands over the answers.
    pub fn needs_now(&self, trust: &Trust, now: Timestamp) -> Result<Vec<Need>, ArchiveFault> {
        let (given, policy) = (Evidence::default(), self.policy(trust)?);
        let context = Context { evidence: &given, at: now, policy: &policy };
        let (verdict, _) = self.judged(None, &self.known(&given).silent_from(0), &context)?;
        Ok(verdict.needs().to_vec())
    }

    /// Judges the act and the seals, each by the evidence nearest to it.
    fn judged(
        &self,
        given: Option<&[u8]>,
        known: &Known<'_>,
        context: &Context<'_>,
    ) -> Result<Found, ArchiveFault> {
        let demands = self.demands()?;
        let mut policy = demands.tightened(context.policy);
        policy.evidence_until = context.policy.evidence_until.or(Some(context.at));
        let seals = self.judge_seals(known, &Context { policy: &policy, ..*context });
        // The first seal stands over what lies with the act, each seal over its own evidence.
        let evidence = known.nearest(0, |layer| seals.get(layer.saturating_sub(1)).and_then(proven));
        policy.stamps_existed_at = seals.first().and_then(proven);
        policy.stamps_apart = self.stamps_apart(&evidence.stamps, &seals);
        let own = Context { evidence: &evidence, at: context.at, policy: &policy };
        let verdict = self.judge(given, &own, &seals);
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
    fn judge_seals(&self, known: &Known<'_>, context: &Context<'_>) -> Vec<TimeStamp> {
        let mut judged: Vec<TimeStamp> = Vec::with_capacity(self.seals.len());
        let mut policy = context.policy.clone();
        for (index, seal) in self.seals.iter().enumerate().rev() {
            let list = self.list(index, &seal.evidence);
            let stamped =
                Stamped { bytes: Some(&list), token: &seal.token, place: StampPlace::Archive, spare: &[] };
            // The next seal stands over all until here.
            let existed = policy.stamps_existed_at;
            let later = |layer: usize| judged.get(self.seals.len().checked_sub(layer)?).and_then(proven);
            let sealed = |layer| if layer <= index + 1 { existed } else { later(layer) };
            let evidence = known.nearest(index + 1, sealed);
            let own = Context { evidence: &evidence, at: context.at, policy: &policy };
            let stamp = judge_token(&stamped, &own);
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

/// Returns for which time each signer was judged.
fn times(verdict: &Verdict) -> Vec<JudgedTime> {
    verdict.signers.iter().map(|it| it.time).collect()
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
