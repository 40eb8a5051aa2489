// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging an archive, offline.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::known::Known;
use super::{Archive, ArchiveFault, ArchivedContent, Demands};
use crate::cms::{Content, judge_cms};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::pades;
use crate::path::Context;
use crate::policy::{Policy, Trust};
use crate::revocation::later;
use crate::signed_xml::judge_xml;
use crate::tsp::{Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, Need, Outcome, Signer, StampPlace, Subject, TimeStamp, Verdict,
};

/// Detail of a seal that is older than the one before it.
const OUT_OF_ORDER: &str = "before-the-seal-before";

/// What was found of the act and of each seal.
type Found = (Verdict, Vec<TimeStamp>);

/// What an archive proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArchiveVerdict {
    /// The verdict on the act.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The seals, in order.
    pub seals: Vec<TimeStamp>,
    /// Until when the archive should be stamped again: the end of the key of its last seal, or that of an earlier one of which no
    /// answer in it says that it was not lost before the seal over it; where there is no seal, the first end of a key by which a
    /// signer's time is proven, or that signed an answer. Nothing where the act is not proven now.
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
/// first seal anybody can write one. `given` is compared with what was archived; of a PDF that holds the signature, what that covers.
/// Nothing is fetched.
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
        let covered = given.map(|it| self.covered(it));
        let (given, known) = (covered.as_deref(), self.known(context.evidence));
        let asks = context.policy.ocsp_nonce.is_some() && !context.policy.answers_sought;
        let found =
            if asks { self.asking(given, known, context)? } else { self.judged(given, &known, context)? };
        // What is not proven any more no stamp proves again.
        let renew_before = if found.0.is_valid() { self.renew_before(given, &found, context)? } else { None };
        let (verdict, seals) = found;
        Ok(ArchiveVerdict { verdict, seals, renew_before })
    }

    /// Returns until when the archive should be stamped again.
    fn renew_before(
        &self,
        given: Option<&[u8]>,
        (verdict, seals): &Found,
        context: &Context<'_>,
    ) -> Result<Option<Timestamp>, ArchiveFault> {
        let of_signer = |signer: &Signer| {
            let valid = signer.stamps.iter().filter(|stamp| stamp.is_valid());
            valid.min_by_key(|stamp| stamp.time).and_then(|stamp| stamp.key_until)
        };
        let ends = verdict.signers.iter().filter_map(of_signer);
        let Some(last) = seals.last().and_then(|it| it.key_until) else {
            return Ok(ends.chain(verdict.answers_until()).min());
        };
        // Once the key of an earlier stamp ends, an answer must say that it was not lost before the stamp over it.
        let certificates = context.evidence.certificates.clone();
        let own = Evidence { certificates, ..Evidence::default() };
        let policy = Policy { ocsp_nonce: None, evidence_until: Some(last), ..context.policy.clone() };
        let then = Context { evidence: &own, at: last, policy: &policy };
        if self.judged(given, &self.known(&own), &then)?.0.is_valid() {
            return Ok(Some(last));
        }
        let ends = ends.chain(seals.iter().filter_map(|it| it.key_until));
        Ok(ends.filter(|end| *end >= context.at).min())
    }

    /// Judges for whoever can ask. Anybody can put anything into an archive: answers count only under a valid seal, and only
    /// those that nobody can have chosen.
    fn asking(
        &self,
        given: Option<&[u8]>,
        known: Known<'_>,
        context: &Context<'_>,
    ) -> Result<Found, ArchiveFault> {
        // The answers in the archive were asked for with nonces of their own.
        let policy = Policy { ocsp_nonce: None, ..context.policy.clone() };
        let found = self.judged(given, &known, &Context { policy: &policy, ..*context })?;
        let Some(last) = found.1.iter().rposition(|it| proven(it).is_some()) else {
            return self.judged(given, &known.silent_from(0), context);
        };
        if found.0.outcome == Outcome::Invalid {
            // What tells against it tells so with fewer answers in its favour too.
            return Ok(found);
        }
        // A seal stands over the act, over the seals before it and over its own evidence.
        self.judged(given, &known.silent_from(last + 2).kept(), context)
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

    /// Returns what to compare with what was archived: of a PDF that holds this very signature, and to which nothing but further
    /// signatures and evidence was added, what the signature covers.
    fn covered<'g>(&self, given: &'g [u8]) -> Cow<'g, [u8]> {
        let is_beside =
            matches!(self.content, ArchivedContent::Detached { .. } | ArchivedContent::Sha256 { .. });
        let is_pdf = is_beside && given.starts_with(b"%PDF-");
        let found = if is_pdf { pades::embedded(given).unwrap_or_default() } else { Vec::new() };
        let is_whole = found.last().is_some_and(|it| it.covers_whole_file || it.evidence_follows);
        let is_whole = is_whole && found.iter().all(|it| it.changed.is_none());
        let own = found.iter().find(|it| is_whole && it.cms == self.signature);
        own.and_then(|it| it.pieces(given)).map_or(Cow::Borrowed(given), |it| Cow::Owned(it.concat()))
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
        judge_order(&mut judged, context.policy.clock_skew_max);
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

/// Judges whether each seal is later than the one before it, as far as clocks agree.
fn judge_order(seals: &mut [TimeStamp], skew: SignedDuration) {
    let mut latest: Option<Timestamp> = None;
    for stamp in seals {
        if stamp.time.is_some_and(|time| latest.is_some_and(|latest| later(time, skew) < latest)) {
            let (code, subject) = (CheckCode::TimeStampTime, Subject::TimeStamp);
            let detail = Some(OUT_OF_ORDER.to_owned());
            stamp.checks.push(Check { code, result: CheckResult::Failed, subject, detail });
            stamp.outcome = Outcome::Invalid;
        }
        latest = latest.max(stamp.time);
    }
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
