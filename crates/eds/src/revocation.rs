// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a certificate was revoked, as signed answers tell; anything less is "not known".

pub(crate) mod crl;
pub(crate) mod ocsp;

use jiff::{SignedDuration, Timestamp};

use crate::algorithm::SignatureFault;
use crate::certificate::Certificate;
use crate::evidence::EVIDENCE_ITEMS_MAX;
use crate::findings::Findings;
use crate::path::Context;
use crate::policy::{Purpose, Revocation};
use crate::verdict::{CheckCode, CheckResult, Need, Subject};

/// For how long the promise of a next answer of OCSP is believed, whatever it says: until then it can be replayed.
pub(crate) const OCSP_PROMISED_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);
/// For how long the promise of a next list is believed; those of authorities are made once or twice a year.
pub(crate) const LIST_PROMISED_MAX: SignedDuration = SignedDuration::from_hours(24 * 400);

/// What a trustworthy, fresh answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not revoked at the time judged.
    Good,
    /// Revoked since this time.
    Revoked(Timestamp),
    /// The authority does not know the certificate.
    NotIssued,
}

/// A believable answer, and where it comes from, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) proof: String,
}

/// Why an answer counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It is about another certificate or by another authority.
    OtherSubject,
    /// It is malformed.
    Malformed,
    /// Its signer is not the authority nor its delegate.
    SignerUntrusted,
    /// It is too old.
    Stale,
    /// It is from the future.
    Future,
    /// It does not echo the nonce.
    Nonce,
    /// The responder gave an error instead.
    Refused,
    /// It covers less than is asked, or uses a feature that is not understood.
    Partial,
}

impl Unusable {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::OtherSubject => "other-subject",
            Self::Malformed => "malformed",
            Self::SignerUntrusted => "signer-untrusted",
            Self::Stale => "stale",
            Self::Future => "from-the-future",
            Self::Nonce => "nonce-differs",
            Self::Refused => "responder-error",
            Self::Partial => "partial",
        }
    }
}

impl From<crate::asn1::Asn1Error> for Unusable {
    fn from(_: crate::asn1::Asn1Error) -> Self {
        Self::Malformed
    }
}

impl From<SignatureFault> for Unusable {
    fn from(_: SignatureFault) -> Self {
        Self::SignerUntrusted
    }
}

/// Returns what is found about the revocation of `certificate` alone; that `issuer` issued it is taken as known.
///
/// [`crate::judge_certificate`] judges this for every certificate of a path; here a caller that already knows the
/// issuer may ask whether an answer of OCSP or a list counts.
#[must_use]
pub fn revocation_of(certificate: &Certificate, issuer: &Certificate, context: &Context<'_>) -> Findings {
    let mut findings = Findings::default();
    let subject = Subject::Certificate(certificate.serial_hex());
    judge(certificate, issuer, context, &subject, &mut findings);
    findings
}

/// Judges whether `certificate`, issued by `issuer`, was revoked at the time of the context.
pub(crate) fn judge(
    certificate: &Certificate,
    issuer: &Certificate,
    context: &Context<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    let (evidence, policy) = (context.evidence, context.policy);
    let by_ocsp = evidence.ocsp.iter().take(EVIDENCE_ITEMS_MAX);
    let mut answers: Vec<_> =
        by_ocsp.map(|bytes| ocsp::status(bytes, certificate, issuer, context)).collect();
    let lists_admitted = policy.revocation == Revocation::OcspOrCrl || certificate.extensions().is_authority;
    if lists_admitted {
        answers.extend(crl::answers(certificate, issuer, context));
    }
    let says = |wanted: fn(&Status) -> bool| answers.iter().flatten().find(|it| wanted(&it.status));
    if let Some(Answer { status: Status::Revoked(since), .. }) =
        says(|status| matches!(status, Status::Revoked(_)))
    {
        let detail = Some(since.to_string());
        findings.note(CheckCode::CertificateRevoked, subject, CheckResult::Failed, detail);
    } else if says(|status| *status == Status::NotIssued).is_some() {
        findings.unknown(CheckCode::CertificateNotIssued, subject, needs(certificate, issuer, context));
    } else if let Some(good) = says(|status| *status == Status::Good) {
        let detail = Some(good.proof.clone());
        findings.note(CheckCode::CertificateRevoked, subject, CheckResult::Passed, detail);
    } else {
        for unusable in answers.iter().filter_map(|answer| answer.as_ref().err()) {
            if *unusable != Unusable::OtherSubject {
                let detail = Some(unusable.word().to_owned());
                findings.note(CheckCode::RevocationEvidence, subject, CheckResult::Unknown, detail);
            }
        }
        findings.unknown(CheckCode::RevocationUnknown, subject, needs(certificate, issuer, context));
    }
}

/// Returns what to fetch about a certificate: OCSP where there is a responder, else its list; where the certificate names
/// neither, an answer from wherever it may be had.
fn needs(certificate: &Certificate, issuer: &Certificate, context: &Context<'_>) -> Option<Need> {
    let extensions = certificate.extensions();
    let (serial_hex, name) = (certificate.serial_hex(), certificate.issuer().line());
    if let Some(url) = extensions.ocsp_urls.first() {
        let request = ocsp::request(certificate, issuer, context.policy.ocsp_nonce.as_deref()).ok()?;
        let lists_admitted = context.policy.revocation == Revocation::OcspOrCrl;
        let crl_urls = if lists_admitted { extensions.crl_urls.clone() } else { Vec::new() };
        return Some(Need::Ocsp { serial_hex, issuer: name, url: url.clone(), request, crl_urls });
    }
    let Some(url) = extensions.crl_urls.first() else {
        return Some(Need::Answer { issuer: name, at: context.at });
    };
    Some(Need::Crl { serial_hex, issuer: name, url: url.clone() })
}

/// Reasons of RFC 5280 that exclude a compromised key: unspecified (said, not left out), affiliation changed, superseded,
/// cessation of operation.
const HARMLESS: [u8; 4] = [0, 3, 4, 5];

/// Returns whether a revocation concerns what was signed at the time judged: what was signed before it stays.
///
/// A time stamp is another matter (RFC 3161, 4): whoever has the key of its authority states any time he likes. Unless the
/// reason excludes a compromise, or something later proves that the stamp existed before, the stamp proves nothing.
fn concerns(since: Timestamp, reason: Option<u8>, context: &Context<'_>) -> bool {
    if since <= context.at {
        return true;
    }
    let is_stamp = context.policy.purpose == Purpose::TimeStamping;
    let is_harmless = reason.is_some_and(|it| HARMLESS.contains(&it));
    let existed = context.policy.stamps_existed_at.is_some_and(|it| it < since);
    is_stamp && !is_harmless && !existed
}

/// Says whether an answer made at `made` (and promised until `until`) speaks about the time judged.
fn judge_freshness(
    made: Timestamp,
    until: Option<Timestamp>,
    age_max: SignedDuration,
    certificate: &Certificate,
    context: &Context<'_>,
) -> Result<(), Unusable> {
    let skew = context.policy.clock_skew_max;
    let present = context.policy.evidence_until.map_or(context.at, |present| present.max(context.at));
    if made > later(present, skew) {
        return Err(Unusable::Future);
    }
    if made > context.at {
        // Made after the time judged. Once the term is over, authorities forget the certificate.
        return if made <= later(certificate.not_after(), skew) { Ok(()) } else { Err(Unusable::Stale) };
    }
    let end = until.unwrap_or_else(|| later(made, age_max));
    if context.at <= later(end, skew) { Ok(()) } else { Err(Unusable::Stale) }
}

/// Returns until when an answer made at `made` promises to hold, as far as that is believed.
pub(crate) fn promised(until: Option<Timestamp>, made: Timestamp, max: SignedDuration) -> Option<Timestamp> {
    until.map(|until| until.min(later(made, max)))
}

pub(crate) fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::policy::{Policy, Trust};

    /// Judges a revocation of June for what was signed in March, known to exist by `existed`.
    fn is_undone(purpose: Purpose, reason: Option<u8>, existed: Option<&str>) -> bool {
        let mut policy = Policy::new(Trust::default(), purpose);
        policy.stamps_existed_at = existed.map(|it| it.parse().unwrap());
        let (at, since) = ("2026-03-01T00:00:00Z".parse().unwrap(), "2026-06-01T00:00:00Z".parse().unwrap());
        concerns(since, reason, &Context { evidence: &Evidence::default(), at, policy: &policy })
    }

    #[test]
    fn a_promise_is_believed_for_a_limited_time() {
        let made: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let until = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let (near, far) = (until("2026-03-02T03:00:00Z"), until("2099-01-01T00:00:00Z"));
        for (said, max, believed) in [
            (near, OCSP_PROMISED_MAX, near),
            (far, OCSP_PROMISED_MAX, until("2026-03-08T00:00:00Z")),
            (near, LIST_PROMISED_MAX, near),
            (far, LIST_PROMISED_MAX, until("2027-04-05T00:00:00Z")),
            (None, OCSP_PROMISED_MAX, None),
        ] {
            assert_eq!(promised(said, made, max), believed);
        }
    }

    #[test]
    fn what_a_person_signed_before_stays() {
        for reason in [None, Some(0), Some(1), Some(4)] {
            assert!(!is_undone(Purpose::ApplicantSignature, reason, None));
        }
    }

    #[test]
    fn stamps_of_a_key_that_may_be_compromised_prove_nothing() {
        let stamp = |reason, existed| is_undone(Purpose::TimeStamping, reason, existed);
        for harmless in HARMLESS {
            assert!(!stamp(Some(harmless), None));
        }
        for reason in [None, Some(1), Some(2), Some(6), Some(10)] {
            assert!(stamp(reason, None), "{reason:?}");
            assert!(stamp(reason, Some("2026-07-01T00:00:00Z")), "a later seal came too late");
            assert!(!stamp(reason, Some("2026-05-01T00:00:00Z")), "a seal of May proves the stamp of March");
        }
    }
}
