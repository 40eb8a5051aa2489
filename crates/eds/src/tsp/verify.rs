// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging a time stamp by itself.

use jiff::Timestamp;

use super::info::{StampInfo, named_authority};
use super::{STAMP_BYTES_MAX, response, timing};
use crate::algorithm::{DigestAlgorithm, Foreign};
use crate::asn1::{Asn1Error, Element, context};
use crate::certificate::{Certificate, Name, hex};
use crate::cms::{Judged, Known, SignedData, judge_signer, with_inside};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::oids;
use crate::path::Context;
use crate::policy::{Policy, Purpose, SigningCertificate};
use crate::revocation::later;
use crate::verdict::{Check, CheckCode, CheckResult, Need, Outcome, StampPlace, Subject, TimeStamp};

/// Returns what a token (or a whole response) says, unverified.
///
/// ```
/// assert!(eds::tsp::info(b"no token").is_err());
/// ```
pub fn info(token: &[u8]) -> Result<StampInfo, Asn1Error> {
    let der = response::token(token).map_err(|_| Asn1Error::Value)?;
    let data = SignedData::parse(&der)?;
    said(&data)
}

/// Judges a time stamp over `bytes` at `at`, under the roots of `policy`; its other demands do not concern stamps.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, tsp::verify_stamp};
/// let policy = Policy::new(Trust::default(), Purpose::AnySignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let stamp = verify_stamp(b"signature value", b"no token", &Evidence::default(), at, &policy);
/// assert_eq!(stamp.failed_codes(), ["container-malformed"]);
/// ```
#[must_use]
pub fn verify_stamp(
    bytes: &[u8],
    token: &[u8],
    evidence: &Evidence,
    at: Timestamp,
    policy: &Policy,
) -> TimeStamp {
    let context = Context { evidence, at, policy };
    judge_token(&Stamped { bytes: Some(bytes), token, place: StampPlace::Beside, spare: &[] }, &context)
}

/// A token and what it should be the stamp of.
pub(crate) struct Stamped<'a> {
    /// Absent where what was stamped is not at hand: all else is judged.
    pub(crate) bytes: Option<&'a [u8]>,
    pub(crate) token: &'a [u8],
    pub(crate) place: StampPlace,
    /// Certificates that came along; not trusted.
    pub(crate) spare: &'a [Certificate],
}

fn said(data: &SignedData<'_>) -> Result<StampInfo, Asn1Error> {
    if data.content_type != oids::TST_INFO || data.signers.len() != 1 {
        return Err(Asn1Error::Value);
    }
    StampInfo::parse(data.content.ok_or(Asn1Error::Value)?)
}

/// Judges one token. What it proves by itself, while the key of its authority serves, it proves under a later stamp too.
pub(crate) fn judge_token(stamped: &Stamped<'_>, context: &Context<'_>) -> TimeStamp {
    let stamp = judge_once(stamped, context);
    let is_open = matches!(stamp.outcome, Outcome::Indeterminate { .. });
    if !is_open || context.policy.stamps_existed_at.is_none() {
        return stamp;
    }
    let policy = Policy { stamps_existed_at: None, ..context.policy.clone() };
    let alone = judge_once(stamped, &Context { policy: &policy, ..*context });
    if alone.is_valid() { alone } else { stamp }
}

fn judge_once(stamped: &Stamped<'_>, context: &Context<'_>) -> TimeStamp {
    let mut findings = Findings::default();
    let mut stamp = TimeStamp {
        outcome: findings.outcome(),
        place: stamped.place,
        time: None,
        accuracy_milliseconds: None,
        serial_hex: None,
        policy: None,
        authority: None,
        key_until: None,
        checks: Vec::new(),
    };
    if let Err(fault) = judge_parts(stamped, context, &mut stamp, &mut findings) {
        let detail = Some(fault.to_string());
        findings.note(CheckCode::ContainerMalformed, &Subject::TimeStamp, CheckResult::Failed, detail);
    }
    stamp.outcome = findings.outcome();
    stamp.checks = findings.checks;
    stamp
}

fn judge_parts(
    stamped: &Stamped<'_>,
    context: &Context<'_>,
    stamp: &mut TimeStamp,
    findings: &mut Findings,
) -> Result<(), Asn1Error> {
    if stamped.token.len() > STAMP_BYTES_MAX {
        return Err(Asn1Error::Limit);
    }
    let der = response::token(stamped.token).map_err(|_| Asn1Error::Value)?;
    let mut data = SignedData::parse(&der)?;
    let info = said(&data)?;
    findings.check(CheckCode::ContainerMalformed, &Subject::TimeStamp, true);
    stamp.time = Some(info.time);
    stamp.accuracy_milliseconds = info.accuracy.map(super::Accuracy::milliseconds);
    stamp.serial_hex = Some(info.serial_hex());
    stamp.policy = Some(info.policy.to_string());
    judge_imprint(&info, stamped.bytes, findings);
    judge_time(&info, stamped.place, context, findings);

    data.certificates.extend(stamped.spare.iter().cloned());
    let policy = authority_policy(context.policy, timing::present(context));
    let evidence = with_inside(context.evidence, data.evidence(), &policy);
    let then = Context { evidence: &evidence, at: info.time, policy: &policy };
    let (Some(signer), Some(inside)) = (data.signers.first(), data.content) else {
        return Err(Asn1Error::Value);
    };
    let judged =
        Judged { info: signer, data: &data, known: Known::Bytes(inside), subject: Subject::TimeStamp };
    if let Some((certificate, _)) = judge_signer(&judged, &then, &[], findings) {
        judge_name(inside, &certificate, findings);
        let until = path_until(&certificate, context.policy, findings);
        stamp.authority = Some(certificate.subject().line());
        stamp.key_until = Some(until);
        judge_proof(until, context, findings);
    }
    Ok(())
}

/// Judges whether the name by which the stamp names its authority, where it does, is one of the certificate (RFC 3161, 2.4.2).
fn judge_name(content: &[u8], certificate: &Certificate, findings: &mut Findings) {
    let Some(named) = named_authority(content) else { return };
    let name = Element::parse(named.value).and_then(Name::parse).ok().filter(|_| named.tag == context(4));
    let is_subject = name.as_ref().is_some_and(|it| it.says_same(certificate.subject()));
    let is_other = certificate.extensions().alt_names.iter().any(|it| it.as_slice() == named.raw);
    if !(is_subject || is_other) {
        let detail = name.map_or_else(|| hex(named.raw), |it| it.line());
        let code = CheckCode::SigningCertificateMismatch;
        findings.note(code, &Subject::TimeStamp, CheckResult::Failed, Some(detail));
    }
}

/// Judges whether the stamp can have been there at the time judged, and is exact enough to prove its own time. Stamps over files are
/// evidence that may be made later, until the present.
fn judge_time(info: &StampInfo, place: StampPlace, context: &Context<'_>, findings: &mut Findings) {
    let skew = context.policy.clock_skew_max;
    let latest = match place {
        StampPlace::Inside | StampPlace::Beside => context.at,
        StampPlace::Document | StampPlace::Archive => timing::present(context),
    };
    let inexact = info.accuracy.map(super::Accuracy::milliseconds);
    let fault = match inexact.filter(|it| i128::from(*it) > skew.as_millis()) {
        Some(milliseconds) => Some(format!("accuracy {milliseconds} ms")),
        None => (info.time > later(latest, skew)).then(|| format!("after {latest}")),
    };
    let result = if fault.is_some() { CheckResult::Failed } else { CheckResult::Passed };
    findings.note(CheckCode::TimeStampTime, &Subject::TimeStamp, result, fault);
}

/// Returns the first end of a term on the path, as its checks tell it. Installed roots are left out: whoever keeps one installed
/// answers for its key.
fn path_until(certificate: &Certificate, policy: &Policy, findings: &Findings) -> Timestamp {
    let is_root = |check: &Check, until: Timestamp| {
        let named = |it: &Certificate| check.subject == Subject::Certificate(it.serial_hex());
        policy.trust.roots().iter().any(|it| named(it) && it.not_after() == until)
    };
    let terms = findings.checks.iter().filter(|it| it.code == CheckCode::CertificateExpired);
    let ends = terms.filter_map(|it| {
        let until: Timestamp = it.detail.as_deref()?.parse().ok()?;
        (!is_root(it, until)).then_some(until)
    });
    ends.fold(certificate.not_after(), std::cmp::min)
}

fn judge_imprint(info: &StampInfo, bytes: Option<&[u8]>, findings: &mut Findings) {
    let (code, subject) = (CheckCode::TimeStampImprint, Subject::TimeStamp);
    let named = info.imprint.algorithm;
    match (DigestAlgorithm::from_oid(&named), bytes) {
        (Some(algorithm), Some(bytes)) => {
            let is_same = algorithm.digest(bytes) == info.imprint.digest;
            if is_same && algorithm == DigestAlgorithm::Sha1 {
                // Whoever made the stamp can have made other bytes with the same digest.
                findings.note(code, &subject, CheckResult::Unknown, Some(format!("weak-digest {named}")));
            } else {
                findings.check(code, &subject, is_same);
            }
        }
        (Some(_), None) => {
            findings.note(code, &subject, CheckResult::Unknown, Some("content-absent".to_owned()));
            findings.needs.push(Need::Content);
        }
        (None, _) if Foreign::from_oid(&named) == Some(Foreign::Digest) => {
            findings.note(code, &subject, CheckResult::Unknown, Some(named.to_string()));
            findings.need_algorithm(&named.to_string());
        }
        (None, _) => findings.not_computed(&subject, &named.to_string(), false),
    }
}

/// Judges whether the stamp was there while the key of its authority served: made with a key that ended, at whatever time it
/// says, it would look the same, and nobody tells any more whether that key was lost.
fn judge_proof(until: Timestamp, context: &Context<'_>, findings: &mut Findings) {
    let existed = context.policy.stamps_existed_at.unwrap_or(context.at);
    if existed.as_second() <= until.as_second() {
        findings.check(CheckCode::TimeStampProof, &Subject::TimeStamp, true);
    } else {
        let (code, detail) = (CheckCode::TimeStampProof, Some(format!("ended {until}")));
        findings.note(code, &Subject::TimeStamp, CheckResult::Unknown, detail);
    }
}

/// Returns what is demanded of an authority that stamps time: RFC 3161 has it name its certificate (ESS).
fn authority_policy(policy: &Policy, present: Timestamp) -> Policy {
    let mut own = policy.clone();
    own.purpose = Purpose::TimeStamping;
    own.also.clear();
    (own.expected_iin, own.expected_bin, own.expected_role) = (None, None, None);
    own.signing_certificate = SigningCertificate::Required;
    own.signing_time_skew_max = None;
    own.evidence_until = Some(present);
    own
}
