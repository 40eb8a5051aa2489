// SPDX-License-Identifier: MIT OR Apache-2.0
//! A signed PDF judged like every other container: each signature over its revision, the last over the whole file.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::cms::{Content, judge_cms, with_inside};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::pades::{EmbeddedSignature, Form, PadesError, VISIBLE, with_store};
use crate::path::Context;
use crate::policy::Policy;
use crate::tsp::{Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, Outcome, Signer, StampPlace, Subject, TimeStamp, Verdict,
};

/// Pieces of each kind that are taken of the store, so that what lies inside the signatures has its place.
const STORED_MAX: usize = EVIDENCE_ITEMS_MAX / 2;
/// A person must look; nothing that could be fetched would decide it.
const UNDECIDED: Outcome = Outcome::Indeterminate { needs: Vec::new() };

/// Verifies every signature of a PDF.
///
/// Every signer must pass every check, nothing but evidence or white space may have been appended after the last signature or
/// time stamp, and between them nothing but signatures and time stamps that are not seen, and evidence. A time stamp over the document
/// (`ETSI.RFC3161`) proves when all signatures before it existed; until it is decided the document is not.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, verify_pdf};
/// let policy = Policy::new(Trust::default(), Purpose::AnySignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let verdict = verify_pdf(b"no document", &Evidence::default(), at, &policy);
/// assert_eq!(verdict.failed_codes(), ["container-malformed"]);
/// ```
#[must_use]
pub fn verify_pdf(pdf: &[u8], evidence: &Evidence, at: Timestamp, policy: &Policy) -> Verdict {
    examine_pdf(pdf, &Context { evidence, at, policy }).0
}

/// Judges a signed PDF and says what stands in it after the last signature.
pub(crate) fn examine_pdf(pdf: &[u8], context: &Context<'_>) -> (Verdict, BTreeMap<&'static str, String>) {
    let (mut findings, mut signers, mut facts) = (Findings::default(), Vec::new(), BTreeMap::new());
    match with_store(pdf) {
        Err(fault) => {
            let code = match fault {
                PadesError::ByteRange => CheckCode::ContentNotCovered,
                PadesError::Encrypted => CheckCode::PdfEncrypted,
                PadesError::SubFilter => CheckCode::SignatureFormUnsupported,
                PadesError::OutOfBounds { .. } => CheckCode::PdfTooLarge,
                PadesError::NotPdf
                | PadesError::EndMissing
                | PadesError::HeadNotFirst
                | PadesError::Unusual { .. }
                | PadesError::TooLarge { .. }
                | PadesError::Changed => CheckCode::ContainerMalformed,
            };
            // Nothing is known of a file that was not read.
            let unread =
                [CheckCode::PdfTooLarge, CheckCode::PdfEncrypted, CheckCode::SignatureFormUnsupported];
            let is_unread = unread.contains(&code);
            let result = if is_unread { CheckResult::Unknown } else { CheckResult::Failed };
            findings.note(code, &Subject::Container, result, Some(fault.to_string()));
        }
        Ok((found, mut stored)) => {
            let store = &mut stored.evidence;
            for list in [&mut store.certificates, &mut store.ocsp, &mut store.crls] {
                list.truncate(STORED_MAX);
            }
            if stored.has_attached && found.is_empty() {
                let detail = Some("signatures-attached".to_owned());
                findings.note(CheckCode::SignersAbsent, &Subject::Container, CheckResult::Failed, detail);
                return (findings.into_verdict(context.at, signers), facts);
            }
            let active = stored.active.filter(|_| !found.is_empty());
            let covered = store.ocsp.iter().cloned().zip(stored.covered_by).collect();
            let evidence = with_inside(context.evidence, stored.evidence, context.policy).into_owned();
            let paper = Paper { pdf, found: &found, active, covered, evidence };
            paper.judge(context, &mut findings, &mut signers);
            if let Some(last) = found.last() {
                let is_blank = last.covers_whole_file && last.end() < pdf.len();
                let added =
                    if last.evidence_follows { Some("evidence") } else { is_blank.then_some("white-space") };
                facts.extend(added.map(|it| ("added-after-signing", it.to_owned())));
            }
        }
    }
    (findings.into_verdict(context.at, signers), facts)
}

/// A file that was read.
struct Paper<'a> {
    pdf: &'a [u8],
    found: &'a [EmbeddedSignature],
    /// By what it may change what it shows.
    active: Option<&'static str>,
    /// The answers of the store, each with the place of the first signature or stamp that covers it.
    covered: Vec<(Vec<u8>, Option<usize>)>,
    /// What was given, and what the store holds.
    evidence: Evidence,
}

impl Paper<'_> {
    fn judge(mut self, context: &Context<'_>, findings: &mut Findings, signers: &mut Vec<Signer>) {
        let mut added = judge_container(self.found, findings);
        if let Some(by) = self.active {
            findings.note(
                CheckCode::ActiveContent,
                &Subject::Container,
                CheckResult::Unknown,
                Some(by.to_owned()),
            );
            added.push((self.found.len(), UNDECIDED));
        }
        let stamps = self.judge_stamps(context);
        // One that is not valid does not only prove nothing: nobody vouches for what was appended with it.
        for (place, stamp) in &stamps {
            judge_cover(stamp, findings);
            added.push((*place, stamp.outcome.clone()));
        }
        self.date(&stamps, context);
        for (place, one) in self.found.iter().enumerate().filter(|it| it.1.form == Form::Signature) {
            let proof: Vec<TimeStamp> =
                stamps.iter().filter(|it| it.0 > place).map(|it| it.1.clone()).collect();
            let policy = existing_at(earliest(&proof), context);
            let context = &Context { evidence: &self.evidence, policy: &policy, ..*context };
            let covered = one.pieces(self.pdf).map_or(Content::Sha256(one.digest), Content::Pieces);
            let verdict = judge_cms(&covered, &one.cms, context, &proof);
            findings.extend(Findings {
                needs: verdict.needs().to_vec(),
                checks: verdict.checks.into_iter().map(|it| moved(it, signers.len())).collect(),
            });
            // What is shown of the file is what this one signed only where all that came later is in order.
            let later: Vec<&Outcome> = added.iter().filter(|it| it.0 > place).map(|it| &it.1).collect();
            let lowered =
                |it: Signer| Signer { outcome: later.iter().fold(it.outcome, |own, it| own.with(it)), ..it };
            signers.extend(verdict.signers.into_iter().map(lowered));
        }
    }

    /// Judges the stamps over the document, the last one first, because it proves when those before it existed.
    fn judge_stamps(&mut self, context: &Context<'_>) -> Vec<(usize, TimeStamp)> {
        let mut judged: Vec<(usize, TimeStamp)> = Vec::new();
        for (place, one) in self.found.iter().enumerate().rev().filter(|it| it.1.form == Form::TimeStamp) {
            self.date(&judged, context);
            let policy = existing_at(earliest(judged.iter().map(|it| &it.1)), context);
            let context = &Context { evidence: &self.evidence, policy: &policy, ..*context };
            judged.push((place, judge_stamp(self.pdf, one, context)));
        }
        judged.reverse();
        judged
    }

    /// Notes when the answers existed by these stamps: an answer of the store by those that cover it, and by no other.
    fn date(&mut self, stamps: &[(usize, TimeStamp)], context: &Context<'_>) {
        let existed = |answer: &Vec<u8>| {
            let held = self.covered.iter().filter(|it| it.0 == *answer);
            let first = held.filter_map(|it| it.1).min()?;
            earliest(stamps.iter().filter(|it| it.0 >= first).map(|it| &it.1))
        };
        let given = &context.evidence.origins.existed;
        let own = |place: usize| given.get(place).copied().flatten();
        let answers = self.evidence.ocsp.iter().enumerate();
        let times = answers.map(|(place, it)| existed(it).into_iter().chain(own(place)).min()).collect();
        self.evidence.origins.existed = times;
    }
}

/// Judges what the signatures cover, and what was changed between them. Returns what that means for the signatures before each
/// place.
fn judge_container(found: &[EmbeddedSignature], findings: &mut Findings) -> Vec<(usize, Outcome)> {
    let whole = Subject::Container;
    let is_signed = found.iter().any(|it| it.form == Form::Signature);
    findings.check(CheckCode::SignersAbsent, &whole, is_signed);
    let is_whole = found.last().is_none_or(|it| it.covers_whole_file || it.evidence_follows);
    let changes = || found.iter().enumerate().filter_map(|(place, it)| Some((place + 1, it.changed?)));
    if !is_whole {
        let detail = Some("added-after-last-signature".to_owned());
        findings.note(CheckCode::ContentNotCovered, &whole, CheckResult::Failed, detail);
    } else if !found.is_empty() && changes().all(|it| it.1 == VISIBLE) {
        findings.check(CheckCode::ContentNotCovered, &whole, true);
    }
    if changes().any(|it| it.1 == VISIBLE) {
        let detail = Some(VISIBLE.to_owned());
        findings.note(CheckCode::AppearanceAdded, &whole, CheckResult::Unknown, detail);
    }
    for (_, changed) in changes().filter(|it| it.1 != VISIBLE) {
        let detail = Some(format!("changed-after-signing: {changed}"));
        findings.note(CheckCode::ContentNotCovered, &whole, CheckResult::Failed, detail);
    }
    let means = |changed| match changed {
        VISIBLE => UNDECIDED,
        _ => Outcome::Invalid,
    };
    let uncovered = (!is_whole).then_some((found.len(), Outcome::Invalid));
    changes().map(|(place, changed)| (place, means(changed))).chain(uncovered).collect()
}

/// Judges whether a stamp vouches for what was appended with it.
fn judge_cover(stamp: &TimeStamp, findings: &mut Findings) {
    let whole = Subject::Container;
    match &stamp.outcome {
        Outcome::Valid => {}
        Outcome::Indeterminate { needs } => {
            findings.unknown(CheckCode::ContentNotCovered, &whole, needs.iter().cloned());
        }
        Outcome::Invalid => {
            let detail = Some(format!("time-stamp: {}", stamp.failed_codes().join(" ")));
            findings.note(CheckCode::ContentNotCovered, &whole, CheckResult::Failed, detail);
        }
    }
}

fn earliest<'s>(stamps: impl IntoIterator<Item = &'s TimeStamp>) -> Option<Timestamp> {
    stamps.into_iter().filter(|it| it.is_valid()).filter_map(|it| it.time).min()
}

/// Returns the policy where the stamps before are known to have existed then: those in the document, over which the later one
/// stands, not those that were given beside it.
fn existing_at(existed: Option<Timestamp>, context: &Context<'_>) -> Policy {
    let (own, beside) = (context.policy.stamps_existed_at, &context.evidence.stamps);
    let apart = beside.iter().take(EVIDENCE_ITEMS_MAX).map(|it| (it.clone(), own)).collect();
    Policy { stamps_existed_at: existed.or(own), stamps_apart: apart, ..context.policy.clone() }
}

fn judge_stamp(pdf: &[u8], stamp: &EmbeddedSignature, context: &Context<'_>) -> TimeStamp {
    let bytes = stamp.pieces(pdf).map(|it| it.concat()).unwrap_or_default();
    let stamped = Stamped { bytes: Some(&bytes), token: &stamp.cms, place: StampPlace::Document, spare: &[] };
    judge_token(&stamped, context)
}

/// Returns the check with its signer counted over the whole file.
fn moved(mut check: Check, by: usize) -> Check {
    if let Subject::Signer(index) = &mut check.subject {
        *index += by;
    }
    check
}
