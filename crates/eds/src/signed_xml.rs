// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed XML judged like every other container: the signatures by [`crate::xml`], the certificates here.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::certificate::Certificate;
use crate::cms::with_inside;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::path::{Context, judge_certificate};
use crate::policy::Policy;
use crate::profile::{self, Timing};
use crate::tsp::{self, Inside, Sought};
use crate::verdict::{CheckCode, CheckResult, JudgedTime, Signer, Subject, TimeBasis, TimeStamp, Verdict};
use crate::xml::{
    Covered, Error, Found, Signed, Unsigned, count_signatures, find_body, find_elements, find_enveloped_each,
    is_envelope,
};

/// Verifies a document with enveloped signatures that cover it whole, as `NCALayer` makes them.
///
/// Every signer must pass every check. Nothing is fetched: what is missing is named in the outcome.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, verify_xml};
/// let policy = Policy::new(Trust::default(), Purpose::ApplicantSignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let verdict = verify_xml(b"<a/>", &Evidence::default(), at, &policy);
/// assert_eq!(verdict.failed_codes(), ["signers-absent"]);
/// ```
#[must_use]
pub fn verify_xml(xml: &[u8], evidence: &Evidence, at: Timestamp, policy: &Policy) -> Verdict {
    judge_xml(xml, &Context { evidence, at, policy }, &[])
}

/// Judges a document of which `proof`, judged already, proves when it existed.
pub(crate) fn judge_xml(xml: &[u8], context: &Context<'_>, proof: &[TimeStamp]) -> Verdict {
    judge_found(find_enveloped_each(xml, &given(context)), context, proof, Findings::default())
}

/// Judges signed XML of any kind and says what of it is covered: the whole document, the body of an envelope, or elements.
///
/// Where only elements are signed the document is invalid, for nobody signed the rest; who signed them is told all the same.
pub(crate) fn examine_xml(xml: &[u8], context: &Context<'_>) -> (Verdict, BTreeMap<&'static str, String>) {
    let (mut findings, given) = (Findings::default(), given(context));
    let whole = match find_enveloped_each(xml, &given) {
        Err(Error::NotSigned) if count_signatures(xml) > 0 => Err(Error::SignatureMisplaced),
        whole => whole,
    };
    let found = match whole.as_ref().map_or_else(Some, |each| first_error(each)) {
        Some(Error::NotSigned | Error::SignatureMisplaced) if is_envelope(xml) => {
            match find_body(xml, &given) {
                Err(Error::NotSigned) => whole,
                body => body.map(|found| vec![found]),
            }
        }
        Some(error @ (Error::ReferenceElsewhere | Error::SignatureMisplaced)) => {
            match find_elements(xml, &given) {
                // Not all of them name an element.
                Ok(each) if first_error(&each) == Some(&Error::ReferenceForeign) => whole,
                elements => {
                    note_error(error, None, &Subject::Container, &mut findings);
                    elements
                }
            }
        }
        Some(_) | None => whole,
    };
    let good: Vec<&Signed> = found.iter().flatten().filter_map(|it| it.signed.as_ref().ok()).collect();
    let facts = if good.is_empty() {
        BTreeMap::new()
    } else {
        covered(xml, &good, found.as_ref().map_or(0, Vec::len))
    };
    (judge_found(found, context, &[], findings), facts)
}

/// Returns the certificates that were given, for signatures that carry none.
fn given(context: &Context<'_>) -> Vec<Vec<u8>> {
    let given = context.evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX);
    let mut given: Vec<Vec<u8>> =
        given.filter_map(|it| Certificate::parse(it).ok()).map(|it| it.der().to_vec()).collect();
    given.sort();
    given.dedup();
    given
}

fn first_error(each: &[Found]) -> Option<&Error> {
    each.iter().find_map(|it| it.signed.as_ref().err())
}

/// Returns what the signatures cover, and how many others stand in the document that are not judged.
fn covered(xml: &[u8], found: &[&Signed], judged: usize) -> BTreeMap<&'static str, String> {
    let (mut parts, mut places) = (Vec::new(), Vec::new());
    for signed in found {
        let (part, range) = match &signed.covered {
            Covered::Document => ("document".to_owned(), None),
            Covered::Element { id, range } => (format!("#{id}"), range.as_ref()),
            Covered::Body { range, .. } => ("body".to_owned(), Some(range)),
        };
        parts.push(part);
        places.extend(range.map(|it| format!("{}-{}", it.start, it.end)));
    }
    let others = count_signatures(xml).saturating_sub(judged);
    let mut facts = BTreeMap::from([("covered", parts.join("; "))]);
    facts.extend((!places.is_empty()).then(|| ("covered-bytes", places.join("; "))));
    facts.extend((others > 0).then(|| ("signatures-not-judged", others.to_string())));
    facts
}

/// Gives the verdict on signatures of XML that were found to fit their text, or on why they were not.
///
/// For the other kinds of signed XML: an element, the body of an envelope.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, judge_signed, xml};
/// let policy = Policy::new(Trust::default(), Purpose::GatewayTransport { bin: None });
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let found = xml::verify_body(b"<a/>").map(|signed| vec![signed]);
/// assert!(!judge_signed(found, &Evidence::default(), at, &policy).is_valid());
/// ```
#[must_use]
pub fn judge_signed(
    found: Result<Vec<Signed>, Error>,
    evidence: &Evidence,
    at: Timestamp,
    policy: &Policy,
) -> Verdict {
    let found = found.map(|all| all.into_iter().map(Found::good).collect());
    judge_found(found, &Context { evidence, at, policy }, &[], Findings::default())
}

fn judge_found(
    found: Result<Vec<Found>, Error>,
    context: &Context<'_>,
    proof: &[TimeStamp],
    mut findings: Findings,
) -> Verdict {
    let mut signers = Vec::new();
    match found {
        Err(error) => note_error(&error, None, &Subject::Container, &mut findings),
        Ok(found) => {
            let inside = evidence_inside(&found);
            let evidence = with_inside(context.evidence, inside, context.policy);
            let context = &Context { evidence: &evidence, ..*context };
            // Of a file of which a part is not well formed only that is said.
            let mut faults = found.iter().filter_map(|it| it.signed.as_ref().err());
            if !faults.any(|it| code_of(it) == CheckCode::ContainerMalformed) {
                findings.check(CheckCode::ContainerMalformed, &Subject::Container, true);
            }
            findings.check(CheckCode::SignersAbsent, &Subject::Container, !found.is_empty());
            for (index, one) in found.iter().enumerate() {
                let (mut own, subject) = (Findings::default(), Subject::Signer(index));
                signers.extend(match &one.signed {
                    Ok(signed) => judge_one((&subject, signed), context, proof, &mut own),
                    Err(error) => judge_broken((&subject, error), one, context, &mut own),
                });
                findings.extend(own);
            }
        }
    }
    findings.into_verdict(context.at, signers)
}

/// Returns what stands unsigned beside the signatures, to judge all of them by.
fn evidence_inside(found: &[Found]) -> Evidence {
    let mut all = Evidence::default();
    let good = found.iter().filter_map(|it| it.signed.as_ref().ok());
    for Unsigned { evidence, .. } in good.map(|it| &it.unsigned) {
        fill(&mut all.certificates, &evidence.certificates);
        fill(&mut all.ocsp, &evidence.ocsp);
        fill(&mut all.crls, &evidence.crls);
    }
    all
}

/// Takes no more than is ever looked at.
fn fill(all: &mut Vec<Vec<u8>>, more: &[Vec<u8>]) {
    let places = EVIDENCE_ITEMS_MAX.saturating_sub(all.len());
    all.extend(more.iter().take(places).cloned());
}

fn judge_one(
    (subject, signed): (&Subject, &Signed),
    context: &Context<'_>,
    proof: &[TimeStamp],
    findings: &mut Findings,
) -> Option<Signer> {
    findings.check(CheckCode::DigestMismatch, subject, true);
    findings.check(CheckCode::SignatureMismatch, subject, true);
    if signed.names_certificate {
        findings.check(CheckCode::SigningCertificateMismatch, subject, true);
    }
    let Ok(certificate) = Certificate::parse(&signed.certificate_der) else {
        findings.fail(CheckCode::CertificateMalformed, subject);
        return None;
    };
    let stamps = signed.unsigned.stamps.iter();
    let inside: Vec<Inside<'_>> = stamps.map(|it| Inside { over: &it.over, token: &it.token }).collect();
    let sought = Sought {
        subject,
        signature: &signed.signature_value,
        inside: &inside,
        proof,
        claimed: signed.claimed_time,
        since: certificate.not_before(),
        spare: &[],
    };
    let timing = tsp::judge(&sought, context, findings, &|context, findings| {
        judge_certificate(&certificate, &[], context, subject, findings);
    });
    Some(profile::signer(&certificate, findings.outcome(), timing))
}

/// Says why a signature is not good, or not known to be, and all the same whose it says it is and what was demanded of him.
fn judge_broken(
    (subject, error): (&Subject, &Error),
    found: &Found,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Signer> {
    if *error == Error::SignatureMismatch {
        findings.check(CheckCode::DigestMismatch, subject, true);
    }
    note_error(error, found.named.as_deref(), subject, findings);
    let certificate = Certificate::parse(found.certificate_der.as_deref()?).ok()?;
    judge_certificate(&certificate, &[], context, subject, findings);
    let time = JudgedTime { at: context.at, by: TimeBasis::Received };
    let timing = Timing { claimed: None, time, stamps: Vec::new() };
    Some(profile::signer(&certificate, findings.outcome(), timing))
}

/// Notes what is wrong; a certificate that is not there is told by what the signature calls it.
fn note_error(error: &Error, named: Option<&str>, subject: &Subject, findings: &mut Findings) {
    if let Error::ForeignAlgorithm { algorithm } = error {
        return findings.not_computed(subject, algorithm, true);
    }
    let named = named.filter(|_| *error == Error::CertificateMissing).or(error.algorithm_name());
    let detail = named.unwrap_or_else(|| error.code());
    findings.note(code_of(error), subject, CheckResult::Failed, Some(detail.to_owned()));
}

/// Returns the check that an error fails.
fn code_of(error: &Error) -> CheckCode {
    match error.code() {
        "not-signed" => CheckCode::SignersAbsent,
        "reference-foreign"
        | "reference-missing"
        | "reference-ambiguous"
        | "references-several"
        | "transforms" => CheckCode::ReferenceNotAdmitted,
        "reference-elsewhere" | "signature-misplaced" | "signature-doubled" | "unsigned-inside" => {
            CheckCode::ContentNotCovered
        }
        "foreign-algorithm" | "unknown-algorithm" => CheckCode::AlgorithmUnknown,
        "certificate-missing" => CheckCode::CertificateAbsent,
        "certificate-form" | "certificate-malformed" => CheckCode::CertificateMalformed,
        "certificate-other" => CheckCode::SigningCertificateMismatch,
        "certificate-key" | "algorithm-mixed" => CheckCode::AlgorithmMismatch,
        "digest-mismatch" => CheckCode::DigestMismatch,
        "signature-mismatch" => CheckCode::SignatureMismatch,
        _ => CheckCode::ContainerMalformed,
    }
}
