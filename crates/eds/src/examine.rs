// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any file of the trade, known by its content and judged as what it is: for command lines and services that others
//! hand files to.

mod bundle;
mod demanded;
mod kind;
mod lists;
mod report;
mod texts;
mod unread;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub use bundle::handed_over;
use demanded::is_about_person;
pub use demanded::{Demanded, RevocationAsked, RootsAre};
pub use kind::Kind;
pub use report::{Report, Told, Words};
pub use unread::Unread;

use crate::algorithm::SignatureAlgorithm;
use crate::asn1::{self, BIT_STRING, Element, SEQUENCE};
use crate::certificate::Certificate;
use crate::cms::{Content, verify_cms};
use crate::findings::Findings;
use crate::path::{Context, judge_key, judge_path, judge_term};
use crate::policy::Purpose;
use crate::profile::{self, Timing};
use crate::signed_pdf::examine_pdf;
use crate::signed_xml::examine_xml;
use crate::tsp::{self, Stamped, judge_token};
use crate::verdict::{
    Check, CheckCode, CheckResult, JudgedTime, Need, Outcome, StampPlace, Subject, TimeBasis, TimeStamp,
    Verdict,
};

/// Parts of the status of a response about time: a number, a text and why.
const STATUS_PARTS_MAX: usize = 3;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Examination {
    /// What the file is.
    pub kind: Kind,
    /// What was demanded of it.
    pub demands: Demanded,
    /// The verdict.
    pub verdict: Verdict,
    /// The time stamp that the file is, or the seals of the archive that it is.
    pub stamps: Vec<TimeStamp>,
    /// What the file says about itself, unverified, by machine words.
    pub facts: BTreeMap<&'static str, String>,
}

/// Judges a file as what it is: CMS, XML, PDF, archive, certificate, time stamp, OCSP response or revocation list.
///
/// `signed` is what a detached signature or a time stamp was made over, or what an archive should hold; the other kinds
/// have nothing beside them. Without it all but the content is judged, and the content is named as a need. Demands on a
/// person are judged of every certificate, of a list or an answer never; with them a certificate that comes alone is never valid,
/// because nobody signed. Nothing is fetched. `None` where the file is none
/// of these.
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
    let bytes = &*texts::unwrapped(bytes);
    let kind = Kind::of(bytes)?;
    let (evidence, at, policy) = (context.evidence, context.at, context.policy);
    let mut found = Examination {
        kind,
        demands: Demanded::of(context),
        verdict: Findings::default().into_verdict(at, Vec::new()),
        stamps: Vec::new(),
        facts: BTreeMap::new(),
    };
    match kind {
        Kind::Cms => {
            let given = signed.map_or(Content::NotGiven, Content::Detached);
            found.verdict = verify_cms(&given, bytes, evidence, at, policy);
        }
        Kind::Xml => (found.verdict, found.facts) = examine_xml(bytes, context),
        Kind::Pdf => (found.verdict, found.facts) = examine_pdf(bytes, context),
        Kind::Archive => match crate::judge_archive(bytes, signed, context) {
            Ok(judged) => {
                (found.verdict, found.stamps) = (judged.verdict, judged.seals);
                let renew = judged.renew_before.map(|it| ("renew-before", it.to_string()));
                found.facts.extend(renew);
            }
            Err(fault) => {
                found.verdict = malformed(CheckCode::ContainerMalformed, &fault.to_string(), at);
            }
        },
        Kind::TimeStamp => time_stamp(bytes, signed, context, &mut found),
        Kind::Certificate => certificate(bytes, context, &mut found),
        Kind::Ocsp => lists::response(bytes, context, &mut found),
        Kind::RevocationList => lists::list(bytes, context, &mut found),
    }
    Some(found)
}

/// Returns the verdict on a file that cannot be read.
fn malformed(code: CheckCode, fault: &str, at: Timestamp) -> Verdict {
    let mut findings = Findings::default();
    findings.note(code, &Subject::Container, CheckResult::Failed, Some(fault.to_owned()));
    findings.into_verdict(at, Vec::new())
}

/// Returns the certificates at hand: installed roots, then those of the evidence.
fn known(context: &Context<'_>) -> Vec<Certificate> {
    let mut known = context.policy.trust.roots().to_vec();
    let beside = context.evidence.certificates.iter().take(crate::limits::EVIDENCE_ITEMS_MAX);
    known.extend(beside.filter_map(|bytes| Certificate::parse(bytes).ok()));
    known
}

/// Tells of a message that is well formed, in which its sender says no more than why he answers nothing.
fn unanswered(code: CheckCode, why: &str, at: Timestamp, found: &mut Examination) {
    let mut findings = Findings::default();
    note(&mut findings, CheckCode::ContainerMalformed, CheckResult::Passed, None);
    note(&mut findings, code, CheckResult::Unknown, Some(why));
    found.facts.insert("status", why.to_owned());
    found.verdict = findings.into_verdict(at, Vec::new());
}

fn time_stamp(bytes: &[u8], stamped: Option<&[u8]>, context: &Context<'_>, found: &mut Examination) {
    if let Err(tsp::StampFault::Refused(status)) = tsp::token(bytes) {
        unanswered(CheckCode::TimeStampAbsent, tsp::refusal(status), context.at, found);
        return found.facts.extend(refused_for(bytes).map(|it| ("failure", it)));
    }
    let given = Stamped { bytes: stamped, token: bytes, place: StampPlace::Beside, spare: &[] };
    let stamp = judge_token(&given, context);
    let findings = Findings { checks: stamp.checks.clone(), needs: needs_of(&stamp) };
    let time = stamp.time.map(|it| ("time", it.to_string()));
    found.facts.extend(time);
    found.facts.extend(stamp.serial_hex.clone().map(|it| ("serial", it)));
    found.facts.extend(stamp.policy.clone().map(|it| ("policy", it)));
    found.facts.extend(stamp.authority.clone().map(|it| ("authority", it)));
    found.verdict = findings.into_verdict(context.at, Vec::new());
    found.stamps.push(stamp);
}

/// Returns why an authority of time refuses, where it says so (RFC 3161, 2.4.2).
fn refused_for(response: &[u8]) -> Option<String> {
    const WORDS: [(usize, &str); 8] = [
        (0, "bad-algorithm"),
        (2, "bad-request"),
        (5, "bad-data-format"),
        (14, "time-not-available"),
        (15, "unaccepted-policy"),
        (16, "unaccepted-extension"),
        (17, "information-not-available"),
        (25, "system-failure"),
    ];
    let der = asn1::from_pem(response).ok()?;
    let der = asn1::ber::to_der(&der).ok()?;
    let status = Element::parse(&der).ok()?.reader().take(SEQUENCE).ok()?;
    let parts = status.reader().all(STATUS_PARTS_MAX).ok()?;
    let (_unused, bits) = parts.iter().find(|it| it.tag == BIT_STRING)?.value.split_first()?;
    let is_set = |bit: usize| bits.get(bit / 8).is_some_and(|it| it & (0x80_u8 >> (bit % 8)) != 0);
    let said: Vec<&str> = WORDS.iter().filter(|(bit, _)| is_set(*bit)).map(|(_, word)| *word).collect();
    (!said.is_empty()).then(|| said.join(" "))
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
        Err(fault) => {
            let code = CheckCode::CertificateMalformed;
            return found.verdict = malformed(code, &fault.to_string(), context.at);
        }
    };
    let subject = Subject::Certificate(certificate.serial_hex());
    let mut findings = Findings::default();
    findings.check(CheckCode::CertificateMalformed, &subject, true);
    if is_about_person(context.policy) && context.policy.purpose != Purpose::TimeStamping {
        // Somebody's certificate lies in every file that he signed: whoever sends it alone has signed nothing.
        note(&mut findings, CheckCode::SignersAbsent, CheckResult::Failed, Some("certificate-alone"));
    }
    let is_authority = certificate.extensions().is_authority;
    if !is_authority || is_about_person(context.policy) {
        // What a certificate is for is told; it is judged where a purpose is demanded.
        let is_demanded = context.policy.purpose != Purpose::AnySignature;
        let judge = if is_demanded { profile::judge } else { profile::judge_holder };
        judge(&certificate, context.policy, &subject, &mut findings);
        if is_demanded {
            judge_key(&certificate, &subject, &mut findings);
        }
    }
    judge_alone(&certificate, context, &subject, &mut findings);
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
    let extensions = certificate.extensions();
    found.facts.extend(extensions.key_usage.map(|it| ("key-usage", it.words().join(" "))));
    let usages: Vec<String> = extensions.usages.iter().map(ToString::to_string).collect();
    found.facts.extend((!usages.is_empty()).then(|| ("extended-key-usage", usages.join(" "))));
    let outcome = findings.outcome();
    let time = JudgedTime { at: context.at, by: TimeBasis::Received };
    let timing = Timing { claimed: None, time, stamps: Vec::new() };
    let signer = (!is_authority).then(|| profile::signer(&certificate, outcome, timing));
    found.verdict = findings.into_verdict(context.at, signer.into_iter().collect());
}

/// Judges a path, or the term of an installed root: nothing stands above it.
fn judge_alone(certificate: &Certificate, context: &Context<'_>, subject: &Subject, findings: &mut Findings) {
    if context.policy.trust.roots().contains(certificate) {
        findings.check(CheckCode::ChainUntrusted, subject, true);
        judge_term(certificate, context.at, subject, findings);
    } else {
        judge_path(certificate, &[], context, subject, findings);
    }
}

/// Notes a check about the whole file.
fn note(findings: &mut Findings, code: CheckCode, result: CheckResult, detail: Option<&str>) {
    let check = Check { code, result, subject: Subject::Container, detail: detail.map(str::to_owned) };
    findings.checks.push(check);
}
