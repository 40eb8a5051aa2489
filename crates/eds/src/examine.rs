// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any file of the trade, known by its content and judged as what it is: for command lines and services that others
//! hand files to.

mod kind;
mod lists;
mod report;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub use kind::Kind;
pub use report::{Report, Told, Words};

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::cms::{Content, verify_cms};
use crate::findings::Findings;
use crate::path::{Context, judge_certificate, judge_path};
use crate::profile::{self, Timing};
use crate::signed_pdf::verify_pdf;
use crate::signed_xml::verify_xml;
use crate::tsp;
use crate::verdict::{
    Check, CheckCode, CheckResult, JudgedTime, Need, Outcome, Subject, TimeBasis, TimeStamp, Verdict,
};

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// What the file is.
    pub kind: Kind,
    /// The verdict.
    pub verdict: Verdict,
    /// The time stamp that the file is, or the seals of the archive that it is.
    pub stamps: Vec<TimeStamp>,
    /// What the file says about itself, unverified, by machine words.
    pub facts: BTreeMap<&'static str, String>,
}

/// Judges a file as what it is: CMS, XML, PDF, archive, certificate, time stamp, OCSP response or revocation list.
///
/// `signed` is what a detached signature or a time stamp was made over. Nothing is fetched. `None` where the file is
/// none of these.
///
/// ```
/// use eds::{Context, Evidence, Policy, Purpose, Trust, examine};
/// let policy = Policy::new(Trust::default(), Purpose::AnySignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let context = Context { evidence: &Evidence::default(), at, policy: &policy };
/// assert!(examine(b"a letter", None, &context).is_none());
/// let found = examine(b"<a/>", None, &context).unwrap();
/// assert_eq!(found.verdict.failed_codes(), ["signers-absent"]);
/// ```
#[must_use]
pub fn examine(bytes: &[u8], signed: Option<&[u8]>, context: &Context<'_>) -> Option<Examination> {
    let kind = Kind::of(bytes)?;
    let (evidence, at, policy) = (context.evidence, context.at, context.policy);
    let mut found = Examination {
        kind,
        verdict: Findings::default().into_verdict(at, Vec::new()),
        stamps: Vec::new(),
        facts: BTreeMap::new(),
    };
    match kind {
        Kind::Cms => {
            let given = signed.map_or(Content::Attached, Content::Detached);
            found.verdict = verify_cms(&given, bytes, evidence, at, policy);
        }
        Kind::Xml => found.verdict = verify_xml(bytes, evidence, at, policy),
        Kind::Pdf => found.verdict = verify_pdf(bytes, evidence, at, policy),
        Kind::Archive => match crate::verify_archive(bytes, &policy.trust, at) {
            Ok(judged) => {
                (found.verdict, found.stamps) = (judged.verdict, judged.seals);
                let renew = judged.renew_before.map(|it| ("renew-before", it.to_string()));
                found.facts.extend(renew);
            }
            Err(fault) => found.verdict = malformed(&fault.to_string(), at),
        },
        Kind::TimeStamp => time_stamp(bytes, signed, context, &mut found),
        Kind::Certificate => certificate(bytes, context, &mut found),
        Kind::Ocsp => lists::response(bytes, context, &mut found),
        Kind::RevocationList => lists::list(bytes, context, &mut found),
    }
    Some(found)
}

fn malformed(fault: &str, at: Timestamp) -> Verdict {
    let mut findings = Findings::default();
    let (code, detail) = (CheckCode::ContainerMalformed, Some(fault.to_owned()));
    findings.note(code, &Subject::Container, CheckResult::Failed, detail);
    findings.into_verdict(at, Vec::new())
}

/// Returns the certificates at hand: installed roots, then those of the evidence.
fn known(context: &Context<'_>) -> Vec<Certificate> {
    let mut known = context.policy.trust.roots().to_vec();
    let beside = context.evidence.certificates.iter().take(crate::limits::EVIDENCE_ITEMS_MAX);
    known.extend(beside.filter_map(|bytes| Certificate::parse(bytes).ok()));
    known
}

fn time_stamp(bytes: &[u8], stamped: Option<&[u8]>, context: &Context<'_>, found: &mut Examination) {
    let over = stamped.unwrap_or_default();
    let mut stamp = tsp::verify_stamp(over, bytes, context.evidence, context.at, context.policy);
    let mut findings = Findings { needs: needs_of(&stamp), ..Findings::default() };
    for check in &mut stamp.checks {
        if check.code == CheckCode::TimeStampImprint && stamped.is_none() {
            // What was stamped is not at hand; all else is judged.
            (check.result, check.detail) = (CheckResult::Unknown, Some("content-absent".to_owned()));
        }
    }
    findings.checks.clone_from(&stamp.checks);
    stamp.outcome = findings.outcome();
    let time = stamp.time.map(|it| ("time", it.to_string()));
    found.facts.extend(time);
    found.facts.extend(stamp.serial_hex.clone().map(|it| ("serial", it)));
    found.facts.extend(stamp.policy.clone().map(|it| ("policy", it)));
    found.facts.extend(stamp.authority.clone().map(|it| ("authority", it)));
    found.verdict = findings.into_verdict(context.at, Vec::new());
    found.stamps.push(stamp);
}

fn needs_of(stamp: &TimeStamp) -> Vec<Need> {
    match &stamp.outcome {
        Outcome::Indeterminate { needs } => needs.clone(),
        Outcome::Valid | Outcome::Invalid => Vec::new(),
    }
}

fn certificate(bytes: &[u8], context: &Context<'_>, found: &mut Examination) {
    let certificate = match Certificate::parse(bytes) {
        Ok(certificate) => certificate,
        Err(fault) => return found.verdict = malformed(&fault.to_string(), context.at),
    };
    let subject = Subject::Certificate(certificate.serial_hex());
    let mut findings = Findings::default();
    findings.check(CheckCode::CertificateMalformed, &subject, true);
    let is_authority = certificate.extensions().is_authority;
    if context.policy.trust.roots().contains(&certificate) {
        findings.check(CheckCode::ChainUntrusted, &subject, true);
    } else if is_authority {
        judge_path(&certificate, &[], context, &subject, &mut findings);
    } else {
        judge_certificate(&certificate, &[], context, &subject, &mut findings);
    }
    let algorithm = SignatureAlgorithm::from_oid(&certificate.signature_oid());
    found.facts.extend([
        ("serial", certificate.serial_hex()),
        ("issuer", certificate.issuer().line()),
        ("not-before", certificate.not_before().to_string()),
        ("not-after", certificate.not_after().to_string()),
        ("sha256", certificate.sha256_hex()),
        ("is-authority", is_authority.to_string()),
        ("signature-algorithm", certificate.signature_oid().to_string()),
        ("signature-algorithm-known", algorithm.is_some().to_string()),
    ]);
    let outcome = findings.outcome();
    let time = JudgedTime { at: context.at, by: TimeBasis::Received };
    let timing = Timing { claimed: None, time, stamps: Vec::new() };
    let signer = (!is_authority).then(|| profile::signer(&certificate, outcome, timing));
    found.verdict = findings.into_verdict(context.at, signer.into_iter().collect());
}

/// Notes a check about the whole file.
fn note(findings: &mut Findings, code: CheckCode, result: CheckResult, detail: Option<&str>) {
    let check = Check { code, result, subject: Subject::Container, detail: detail.map(str::to_owned) };
    findings.checks.push(check);
}
