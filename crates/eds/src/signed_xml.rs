// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed XML judged like every other container: the signatures by [`crate::xml`], the certificates here.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::certificate::Certificate;
use crate::cms::with_inside;
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::path::{Context, judge_certificate};
use crate::policy::Policy;
use crate::profile;
use crate::tsp::{self, Inside, Sought};
use crate::verdict::{CheckCode, CheckResult, Signer, Subject, TimeStamp, Verdict};
use crate::xml::{
    Covered, Error, Signed, Unsigned, count_signatures, is_envelope, verify_body, verify_elements,
    verify_enveloped_each,
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
    judge_found(verify_enveloped_each(xml), context, proof, Findings::default())
}

/// Judges signed XML of any kind and says what of it is covered: the whole document, the body of an envelope, or elements.
///
/// Where only elements are signed the document is invalid, for nobody signed the rest; who signed them is told all the same.
pub(crate) fn examine_xml(xml: &[u8], context: &Context<'_>) -> (Verdict, BTreeMap<&'static str, String>) {
    let mut findings = Findings::default();
    let whole = match verify_enveloped_each(xml) {
        Err(Error::NotSigned) if count_signatures(xml) > 0 => Err(Error::SignatureMisplaced),
        whole => whole,
    };
    let found = match whole {
        Err(whole @ (Error::NotSigned | Error::SignatureMisplaced)) if is_envelope(xml) => {
            match verify_body(xml) {
                Err(Error::NotSigned) => Err(whole),
                body => body.map(|signed| vec![signed]),
            }
        }
        Err(whole @ (Error::ReferenceElsewhere | Error::SignatureMisplaced)) => match verify_elements(xml) {
            // Not all of them name an element.
            Err(Error::ReferenceForeign) => Err(whole),
            elements => {
                note_error(&whole, &mut findings);
                elements
            }
        },
        found => found,
    };
    let facts = found.as_ref().map(|found| covered(xml, found)).unwrap_or_default();
    (judge_found(found, context, &[], findings), facts)
}

/// Returns what the signatures cover, and how many others stand in the document that are not judged.
fn covered(xml: &[u8], found: &[Signed]) -> BTreeMap<&'static str, String> {
    let (mut parts, mut places) = (Vec::new(), Vec::new());
    for signed in found {
        let (part, range) = match &signed.covered {
            Covered::Document => ("document".to_owned(), None),
            Covered::Element { id, range } => (format!("#{id}"), Some(range)),
            Covered::Body { range, .. } => ("body".to_owned(), Some(range)),
        };
        parts.push(part);
        places.extend(range.map(|it| format!("{}-{}", it.start, it.end)));
    }
    let others = count_signatures(xml).saturating_sub(found.len());
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
    judge_found(found, &Context { evidence, at, policy }, &[], Findings::default())
}

fn judge_found(
    found: Result<Vec<Signed>, Error>,
    context: &Context<'_>,
    proof: &[TimeStamp],
    mut findings: Findings,
) -> Verdict {
    let mut signers = Vec::new();
    match found {
        Err(error) => note_error(&error, &mut findings),
        Ok(found) => {
            let inside = evidence_inside(&found);
            let evidence = with_inside(context.evidence, inside, context.policy);
            let context = &Context { evidence: &evidence, ..*context };
            findings.check(CheckCode::ContainerMalformed, &Subject::Container, true);
            findings.check(CheckCode::SignersAbsent, &Subject::Container, !found.is_empty());
            for (index, signed) in found.iter().enumerate() {
                let mut own = Findings::default();
                signers.extend(judge_one((index, signed), context, proof, &mut own));
                findings.extend(own);
            }
        }
    }
    findings.into_verdict(context.at, signers)
}

/// Returns what stands unsigned beside the signatures, to judge all of them by.
fn evidence_inside(found: &[Signed]) -> Evidence {
    let mut all = Evidence::default();
    for Unsigned { evidence, .. } in found.iter().map(|it| &it.unsigned) {
        all.certificates.extend_from_slice(&evidence.certificates);
        all.ocsp.extend_from_slice(&evidence.ocsp);
        all.crls.extend_from_slice(&evidence.crls);
    }
    all
}

fn judge_one(
    (index, signed): (usize, &Signed),
    context: &Context<'_>,
    proof: &[TimeStamp],
    findings: &mut Findings,
) -> Option<Signer> {
    let subject = Subject::Signer(index);
    findings.check(CheckCode::DigestMismatch, &subject, true);
    findings.check(CheckCode::SignatureMismatch, &subject, true);
    if signed.names_certificate {
        findings.check(CheckCode::SigningCertificateMismatch, &subject, true);
    }
    let Ok(certificate) = Certificate::parse(&signed.certificate_der) else {
        findings.fail(CheckCode::CertificateMalformed, &subject);
        return None;
    };
    let stamps = signed.unsigned.stamps.iter();
    let inside: Vec<Inside<'_>> = stamps.map(|it| Inside { over: &it.over, token: &it.token }).collect();
    let sought = Sought {
        subject: &subject,
        signature: &signed.signature_value,
        inside: &inside,
        proof,
        claimed: signed.claimed_time,
        spare: &[],
    };
    let timing = tsp::judge(&sought, context, findings, &|context, findings| {
        judge_certificate(&certificate, &[], context, &subject, findings);
    });
    Some(profile::signer(&certificate, findings.outcome(), timing))
}

fn note_error(error: &Error, findings: &mut Findings) {
    let whole = Subject::Container;
    let code = match error.code() {
        "not-signed" => CheckCode::SignersAbsent,
        "reference-foreign" | "reference-missing" | "reference-ambiguous" | "transforms" => {
            CheckCode::ReferenceNotAdmitted
        }
        "reference-elsewhere" | "signature-misplaced" | "signature-doubled" => CheckCode::ContentNotCovered,
        "unknown-algorithm" => CheckCode::AlgorithmUnknown,
        "certificate-missing" => CheckCode::CertificateAbsent,
        "certificate-malformed" => CheckCode::CertificateMalformed,
        "certificate-other" => CheckCode::SigningCertificateMismatch,
        "certificate-key" | "algorithm-mixed" => CheckCode::AlgorithmMismatch,
        "digest-mismatch" => CheckCode::DigestMismatch,
        "signature-mismatch" => CheckCode::SignatureMismatch,
        _ => CheckCode::ContainerMalformed,
    };
    findings.note(code, &whole, CheckResult::Failed, Some(error.code().to_owned()));
}
