// SPDX-License-Identifier: MIT OR Apache-2.0
//! Revocation lists and OCSP responses that come alone.

use jiff::Timestamp;

use super::{Examination, known, malformed, note};
use crate::asn1;
use crate::certificate::Certificate;
use crate::findings::Findings;
use crate::path::{Context, judge_path};
use crate::revocation::Unusable;
use crate::revocation::crl::{CRL_BYTES_MAX, List, Number};
use crate::revocation::ocsp::look;
use crate::verdict::{CheckCode, CheckResult, Subject};

/// Judges a list: form, signature of its authority, path of that authority, freshness.
pub(super) fn list(bytes: &[u8], context: &Context<'_>, found: &mut Examination) {
    let der = asn1::from_pem(bytes).ok().filter(|_| bytes.len() <= CRL_BYTES_MAX);
    let Some((der, list)) = der.as_ref().and_then(|der| Some((der, List::parse(der).ok()?))) else {
        return found.verdict = malformed("the list cannot be read", context.at);
    };
    let mut findings = Findings::default();
    note(&mut findings, CheckCode::ContainerMalformed, CheckResult::Passed, None);
    let edition = list.edition(der);
    let issuers: Vec<Certificate> =
        known(context).into_iter().filter(|it| it.subject().raw() == list.issuer).collect();
    let signer = issuers.iter().find(|it| list.judge_signer(it).is_ok()).or(issuers.first());
    judge_authority(signer, signer.map(|it| list.judge_signer(it)), context, &mut findings);
    judge_age(edition.this_update, edition.next_update, context, &mut findings);
    found.facts.insert("this-update", edition.this_update.to_string());
    found.facts.extend(edition.next_update.map(|it| ("next-update", it.to_string())));
    found.facts.extend(edition.number.as_ref().map(|it| ("number", Number::hex(it))));
    found.facts.extend(edition.base.as_ref().map(|it| ("changes-since", Number::hex(it))));
    found.facts.insert("entries", list.count().to_string());
    found.facts.insert("sha256", crate::certificate::hex(&edition.sha256));
    if list.is_partial {
        found.facts.insert("scope", "partial".to_owned());
    }
    if list.has_two_algorithms {
        found.facts.insert("tolerated", "algorithm-identifiers-differ".to_owned());
    }
    found.verdict = findings.into_verdict(context.at, Vec::new());
}

/// Judges a response: form, signature of the authority or its delegate, path of the authority, freshness.
pub(super) fn response(bytes: &[u8], context: &Context<'_>, found: &mut Examination) {
    let bytes = asn1::from_pem(bytes).unwrap_or(std::borrow::Cow::Borrowed(bytes));
    let looked = match look(&bytes, &known(context), context) {
        Ok(looked) => looked,
        Err(fault) => return found.verdict = malformed(fault.word(), context.at),
    };
    let mut findings = Findings::default();
    note(&mut findings, CheckCode::ContainerMalformed, CheckResult::Passed, None);
    judge_authority(looked.issuer.as_ref(), looked.signed, context, &mut findings);
    for answer in &looked.answers {
        judge_age(answer.this_update, answer.next_update, context, &mut findings);
    }
    let line = |it: &crate::revocation::ocsp::Looked| {
        format!("{} {} ({})", it.serial_hex, it.status, it.this_update)
    };
    let answers: Vec<String> = looked.answers.iter().map(line).collect();
    found.facts.insert("answers", answers.join("; "));
    found.verdict = findings.into_verdict(context.at, Vec::new());
}

/// Notes who signed and whether that authority stands on a path to a root.
fn judge_authority(
    authority: Option<&Certificate>,
    signed: Option<Result<(), Unusable>>,
    context: &Context<'_>,
    findings: &mut Findings,
) {
    let (Some(authority), Some(signed)) = (authority, signed) else {
        note(findings, CheckCode::SignatureMismatch, CheckResult::Unknown, Some("issuer-absent"));
        return note(findings, CheckCode::ChainUntrusted, CheckResult::Unknown, Some("issuer-absent"));
    };
    match signed {
        Ok(()) => note(findings, CheckCode::SignatureMismatch, CheckResult::Passed, None),
        Err(fault) => note(findings, CheckCode::SignatureMismatch, CheckResult::Failed, Some(fault.word())),
    }
    let subject = Subject::Certificate(authority.serial_hex());
    if context.policy.trust.roots().contains(authority) {
        findings.check(CheckCode::ChainUntrusted, &subject, true);
    } else {
        judge_path(authority, &[], context, &subject, findings);
    }
}

/// Notes whether an answer speaks about the time judged.
fn judge_age(made: Timestamp, until: Option<Timestamp>, context: &Context<'_>, findings: &mut Findings) {
    let policy = context.policy;
    let age_max = if until.is_some() { policy.crl_age_max } else { policy.ocsp_age_max };
    let end = until.or_else(|| made.checked_add(age_max).ok()).unwrap_or(made);
    let word = if context.at < made {
        Some("from-the-future")
    } else if context.at > end {
        Some("stale")
    } else {
        None
    };
    let result = if word.is_some() { CheckResult::Unknown } else { CheckResult::Passed };
    note(findings, CheckCode::RevocationEvidence, result, word);
}
