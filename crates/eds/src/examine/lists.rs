// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists and OCSP responses that come alone.

use jiff::Timestamp;

use super::{Examination, judge_alone, known, malformed, note, unanswered};
use crate::algorithm::Foreign;
use crate::asn1::{self, Element};
use crate::certificate::{Certificate, Name};
use crate::findings::Findings;
use crate::path::Context;
use crate::revocation::crl::{CRL_BYTES_MAX, List, Number};
use crate::revocation::ocsp::{look, refusal};
use crate::revocation::{LIST_PROMISED_MAX, OCSP_PROMISED_MAX, Unusable, later, promised};
use crate::verdict::{CheckCode, CheckResult, Need, Subject};

/// Judges a list: form, signature of its authority, path of that authority, freshness.
pub(super) fn list(bytes: &[u8], context: &Context<'_>, found: &mut Examination) {
    let der = asn1::from_pem(bytes).ok().filter(|_| bytes.len() <= CRL_BYTES_MAX);
    let Some((der, list)) = der.as_ref().and_then(|der| Some((der, List::parse(der).ok()?))) else {
        let code = CheckCode::ContainerMalformed;
        return found.verdict = malformed(code, "the list cannot be read", context.at);
    };
    let mut findings = Findings::default();
    note(&mut findings, CheckCode::ContainerMalformed, CheckResult::Passed, None);
    let edition = list.edition(der);
    let issuers: Vec<Certificate> =
        known(context).into_iter().filter(|it| it.subject().raw() == list.issuer).collect();
    let signer = issuers.iter().find(|it| list.judge_signer(it).is_ok()).or(issuers.first());
    let name = Element::parse(list.issuer).and_then(Name::parse).map(|it| it.line()).unwrap_or_default();
    judge_authority((signer, &name), signer.map(|it| list.judge_signer(it)), context, &mut findings);
    let until = promised(edition.next_update, edition.this_update, LIST_PROMISED_MAX);
    let until = until.unwrap_or_else(|| later(edition.this_update, context.policy.crl_age_max));
    judge_age(&name, (edition.this_update, until), context, &mut findings);
    found.facts.extend((!name.is_empty()).then_some(("authority", name)));
    found.facts.insert("this-update", edition.this_update.to_string());
    found.facts.extend(edition.next_update.map(|it| ("next-update", it.to_string())));
    found.facts.extend(edition.number.as_ref().map(|it| ("number", Number::hex(it))));
    found.facts.extend(edition.base.as_ref().map(|it| ("changes-since", Number::hex(it))));
    found.facts.insert("entries", list.count().to_string());
    found.facts.insert("sha256", crate::certificate::hex(&edition.sha256));
    if list.is_partial || list.is_of_some() || list.is_strange() {
        found.facts.insert("scope", "partial".to_owned());
    }
    if list.has_two_algorithms {
        found.facts.insert("tolerated", "algorithm-identifiers-differ".to_owned());
    }
    found.verdict = findings.into_verdict(context.at, Vec::new());
}

/// Judges a response: form, signature of the authority or its delegate, path of the authority, freshness.
pub(super) fn response(bytes: &[u8], context: &Context<'_>, found: &mut Examination) {
    let looked = match look(bytes, &known(context), context) {
        Ok(looked) => looked,
        Err(Unusable::Refused(status)) => {
            return unanswered(CheckCode::RevocationUnknown, refusal(status), context.at, found);
        }
        Err(fault) => {
            return found.verdict = malformed(CheckCode::ContainerMalformed, fault.word(), context.at);
        }
    };
    let mut findings = Findings::default();
    note(&mut findings, CheckCode::ContainerMalformed, CheckResult::Passed, None);
    judge_authority((looked.issuer.as_ref(), &looked.named), looked.signed, context, &mut findings);
    for answer in &looked.answers {
        let until = promised(answer.next_update, answer.this_update, OCSP_PROMISED_MAX);
        let until = until.unwrap_or_else(|| later(answer.this_update, context.policy.ocsp_age_max));
        judge_age(&looked.named, (answer.this_update, until), context, &mut findings);
    }
    let line = |it: &crate::revocation::ocsp::Looked| {
        format!("{} {} ({})", it.serial_hex, it.status, it.this_update)
    };
    let answers: Vec<String> = looked.answers.iter().map(line).collect();
    found.facts.extend((!looked.named.is_empty()).then_some(("authority", looked.named)));
    found.facts.insert("answers", answers.join("; "));
    let mut says: Vec<String> = looked.answers.into_iter().map(|it| it.status).collect();
    says.dedup();
    found.facts.insert("says", says.join("; "));
    found.verdict = findings.into_verdict(context.at, Vec::new());
}

/// Notes who signed and whether that authority, of this name, stands on a path to a root.
fn judge_authority(
    (authority, name): (Option<&Certificate>, &str),
    signed: Option<Result<(), Unusable>>,
    context: &Context<'_>,
    findings: &mut Findings,
) {
    let (Some(authority), Some(signed)) = (authority, signed) else {
        note(findings, CheckCode::SignatureMismatch, CheckResult::Unknown, Some("issuer-absent"));
        findings.needs.push(Need::Issuer { issuer: name.to_owned(), urls: Vec::new() });
        return note(findings, CheckCode::ChainUntrusted, CheckResult::Unknown, Some("issuer-absent"));
    };
    match signed {
        Ok(()) => note(findings, CheckCode::SignatureMismatch, CheckResult::Passed, None),
        Err(Unusable::Algorithm(oid)) => {
            let is_strong = Foreign::from_oid(&oid).is_some();
            findings.not_computed(&Subject::Container, &oid.to_string(), is_strong);
        }
        Err(fault) => note(findings, CheckCode::SignatureMismatch, CheckResult::Failed, Some(fault.word())),
    }
    let subject = Subject::Certificate(authority.serial_hex());
    judge_alone(authority, context, &subject, findings);
}

/// Notes whether an answer of the authority of this name, believed from the one time until the other, speaks about the time
/// judged; the same difference of clocks is forgiven as where an answer decides about a certificate.
///
/// What was made after the time judged may still answer about a certificate that was in term; of none is asked here.
fn judge_age(
    name: &str,
    (made, until): (Timestamp, Timestamp),
    context: &Context<'_>,
    findings: &mut Findings,
) {
    let skew = context.policy.clock_skew_max;
    let word = if made > later(context.at, skew) {
        Some("from-the-future")
    } else if context.at > later(until, skew) {
        Some("stale")
    } else {
        None
    };
    let result = if word.is_some() { CheckResult::Unknown } else { CheckResult::Passed };
    note(findings, CheckCode::RevocationTime, result, word);
    let need = Need::Answer { issuer: name.to_owned(), at: context.at };
    if word.is_some() && !findings.needs.contains(&need) {
        findings.needs.push(need);
    }
}
