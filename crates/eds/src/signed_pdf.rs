// SPDX-License-Identifier: MIT OR Apache-2.0
//! A signed PDF judged like every other container: each signature over its revision, the last over the whole file.

use jiff::Timestamp;

use crate::cms::{Content, judge_cms};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::pades::{EmbeddedSignature, Form, PadesError, embedded};
use crate::path::Context;
use crate::policy::Policy;
use crate::tsp::{Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, Outcome, Signer, StampPlace, Subject, TimeStamp, Verdict,
};

/// Verifies every signature of a PDF.
///
/// Every signer must pass every check, nothing may have been appended after the last signature or time stamp, and between
/// them nothing but signatures, time stamps and evidence. A time stamp over the document (`ETSI.RFC3161`) proves when
/// all signatures before it existed.
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
    let (mut findings, mut signers) = (Findings::default(), Vec::new());
    match embedded(pdf) {
        Err(fault) => {
            let code = if fault == PadesError::ByteRange {
                CheckCode::ContentNotCovered
            } else {
                CheckCode::ContainerMalformed
            };
            findings.note(code, &Subject::Container, CheckResult::Failed, Some(fault.to_string()));
        }
        Ok(found) => judge(pdf, &found, &Context { evidence, at, policy }, &mut findings, &mut signers),
    }
    findings.into_verdict(at, signers)
}

fn judge(
    pdf: &[u8],
    found: &[EmbeddedSignature],
    context: &Context<'_>,
    findings: &mut Findings,
    signers: &mut Vec<Signer>,
) {
    let whole = Subject::Container;
    let is_signed = found.iter().any(|it| it.form == Form::Signature);
    findings.check(CheckCode::SignersAbsent, &whole, is_signed);
    if let Some(last) = found.last() {
        findings.check(CheckCode::ContentNotCovered, &whole, last.covers_whole_file);
    }
    for changed in found.iter().filter_map(|it| it.changed) {
        let detail = Some(format!("changed-after-signing: {changed}"));
        findings.note(CheckCode::ContentNotCovered, &whole, CheckResult::Failed, detail);
    }
    let stamps: Vec<(usize, TimeStamp)> = found
        .iter()
        .enumerate()
        .filter(|it| it.1.form == Form::TimeStamp)
        .map(|(place, it)| (place, judge_stamp(pdf, it, context)))
        .collect();
    for (_, stamp) in stamps.iter().filter(|it| it.1.outcome == Outcome::Invalid) {
        // It does not only prove nothing: nobody vouches for what was appended with it.
        let detail = Some(format!("time-stamp: {}", stamp.failed_codes().join(" ")));
        findings.note(CheckCode::ContentNotCovered, &whole, CheckResult::Failed, detail);
    }
    for (place, one) in found.iter().enumerate().filter(|it| it.1.form == Form::Signature) {
        let proof: Vec<TimeStamp> = stamps.iter().filter(|it| it.0 > place).map(|it| it.1.clone()).collect();
        let covered = one.pieces(pdf).map_or(Content::Sha256(one.digest), Content::Pieces);
        let verdict = judge_cms(&covered, &one.cms, context, &proof);
        findings.extend(Findings {
            needs: verdict.needs().to_vec(),
            checks: verdict.checks.into_iter().map(|it| moved(it, signers.len())).collect(),
        });
        signers.extend(verdict.signers);
    }
}

fn judge_stamp(pdf: &[u8], stamp: &EmbeddedSignature, context: &Context<'_>) -> TimeStamp {
    let bytes = stamp.pieces(pdf).map(|it| it.concat()).unwrap_or_default();
    let stamped = Stamped { bytes: &bytes, token: &stamp.cms, place: StampPlace::Document, spare: &[] };
    judge_token(&stamped, context)
}

/// Returns the check with its signer counted over the whole file.
fn moved(mut check: Check, by: usize) -> Check {
    if let Subject::Signer(index) = &mut check.subject {
        *index += by;
    }
    check
}
