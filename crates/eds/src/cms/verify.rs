// SPDX-License-Identifier: MIT OR Apache-2.0
//! Verification of CMS signed data, signer by signer.

use jiff::Timestamp;

use super::algorithm::judge_algorithm;
use super::attributes::{Named, Received};
use super::{SignedData, SignerInfo, normalise, with_inside};
use crate::algorithm::{DigestAlgorithm, Foreign, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::oids;
use crate::path::{Context, Signed, judge_certificate, judge_signature};
use crate::policy::{Policy, SigningCertificate};
use crate::profile::{self, Timing};
use crate::tsp::{self, Inside, Sought};
use crate::verdict::{CheckCode, CheckResult, Need, Signer, Subject, TimeStamp, Verdict};

/// Different keys that are tried where several certificates bear the name of a signer, and issuers of each.
const TWINS_MAX: usize = 4;

/// What was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// It lies inside the signature.
    Attached,
    /// Nothing was given: where it lies inside it is judged, else all but the content is, and the content is named as a
    /// need.
    NotGiven,
    /// It lies beside the signature; if it also lies inside, both must be equal.
    Detached(&'a [u8]),
    /// It lies beside the signature, in two pieces, as the byte range of a PDF.
    Pieces([&'a [u8]; 2]),
    /// Only its SHA-256 is known: enough for signers by RSA with it. Any other stays indeterminate whatever is fetched, for its
    /// digest is another one: whoever may meet such signers gives the bytes.
    Sha256([u8; 32]),
}

/// Verifies CMS or `CAdES`, attached or detached; DER, BER, PEM or base64.
///
/// Every signer must pass every check. Nothing is fetched: what is missing is named in the outcome.
///
/// ```no_run
/// # fn f(xml: &[u8], cms: &[u8], root: &[u8], at: jiff::Timestamp) -> Result<(), eds::TrustFault> {
/// use eds::{Content, Evidence, Outcome, Policy, Purpose, Trust, verify_cms};
/// let trust = Trust::from_certificates([root])?;
/// let policy = Policy::new(trust, Purpose::ApplicantSignature).for_iin("991231300123");
/// let verdict = verify_cms(&Content::Detached(xml), cms, &Evidence::default(), at, &policy);
/// if let Outcome::Indeterminate { needs } = &verdict.outcome {
///     println!("to be fetched: {needs:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn verify_cms(
    content: &Content<'_>,
    cms: &[u8],
    evidence: &Evidence,
    at: Timestamp,
    policy: &Policy,
) -> Verdict {
    judge_cms(content, cms, &Context { evidence, at, policy }, &[])
}

/// Judges CMS of which `proof`, judged already, proves when it existed.
pub(crate) fn judge_cms(
    given: &Content<'_>,
    cms: &[u8],
    context: &Context<'_>,
    proof: &[TimeStamp],
) -> Verdict {
    let mut findings = Findings::default();
    let mut signers = Vec::new();
    let parsed = normalise(cms);
    match parsed.as_deref().map_err(|fault| *fault).and_then(SignedData::parse) {
        Err(fault) => {
            let detail = Some(fault.to_string());
            findings.note(CheckCode::ContainerMalformed, &Subject::Container, CheckResult::Failed, detail);
        }
        Ok(data) => {
            findings.check(CheckCode::ContainerMalformed, &Subject::Container, true);
            let evidence = with_inside(context.evidence, data.evidence(), context.policy);
            let ground = Ground { context: &Context { evidence: &evidence, ..*context }, proof };
            signers = judge_container(given, &data, &ground, &mut findings);
        }
    }
    findings.into_verdict(context.at, signers)
}

/// What a container is judged against.
struct Ground<'a> {
    context: &'a Context<'a>,
    proof: &'a [TimeStamp],
}

/// Verifies a detached CMS of which only the SHA-256 of the content is known.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, sha256, verify_cms_digest};
/// let policy = Policy::new(Trust::default(), Purpose::AnySignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// assert!(!verify_cms_digest(sha256(b"range"), b"", &Evidence::default(), at, &policy).is_valid());
/// ```
#[must_use]
pub fn verify_cms_digest(
    digest: [u8; 32],
    cms: &[u8],
    evidence: &Evidence,
    at: Timestamp,
    policy: &Policy,
) -> Verdict {
    verify_cms(&Content::Sha256(digest), cms, evidence, at, policy)
}

/// The content as far as it is known.
#[derive(Clone, Copy)]
pub(crate) enum Known<'a> {
    Bytes(&'a [u8]),
    Pieces([&'a [u8]; 2]),
    Sha256([u8; 32]),
    /// Its digests by all algorithms that are asked for, each computed once: GOST takes its time over large content.
    Digests(&'a [(DigestAlgorithm, Option<Vec<u8>>)]),
}

impl Known<'_> {
    /// Returns the digest, or nothing where it cannot be computed.
    fn digest(self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        match (self, algorithm) {
            (Self::Bytes(bytes), _) => Some(algorithm.digest(bytes)),
            (Self::Pieces(pieces), _) => {
                let mut hasher = algorithm.hasher();
                for piece in pieces {
                    hasher.update(piece);
                }
                Some(hasher.finish())
            }
            (Self::Sha256(digest), DigestAlgorithm::Sha256) => Some(digest.to_vec()),
            (Self::Sha256(_), _) => None,
            (Self::Digests(all), _) => all.iter().find(|(own, _)| *own == algorithm)?.1.clone(),
        }
    }

    /// Returns the digests that the signers name.
    fn digests(self, data: &SignedData<'_>) -> Vec<(DigestAlgorithm, Option<Vec<u8>>)> {
        let mut digests: Vec<(DigestAlgorithm, Option<Vec<u8>>)> = Vec::new();
        for algorithm in data.signers.iter().filter_map(|info| DigestAlgorithm::from_oid(&info.digest)) {
            if !digests.iter().any(|(own, _)| *own == algorithm) {
                digests.push((algorithm, self.digest(algorithm)));
            }
        }
        digests
    }
}

/// Notes whether what lies inside is what was given; where nothing lies inside there is nothing to compare.
fn check_inside(equal: Option<bool>, findings: &mut Findings) {
    if let Some(equal) = equal {
        findings.check(CheckCode::ContentMismatch, &Subject::Container, equal);
    }
}

fn judge_container(
    content: &Content<'_>,
    data: &SignedData<'_>,
    ground: &Ground<'_>,
    findings: &mut Findings,
) -> Vec<Signer> {
    let whole = Subject::Container;
    if !findings.check(CheckCode::SignersAbsent, &whole, !data.signers.is_empty()) {
        return Vec::new();
    }
    findings.check(CheckCode::ContentTypeMismatch, &whole, data.content_type == oids::DATA);
    let known = match (*content, data.content) {
        (Content::Attached | Content::NotGiven, Some(inside)) => Known::Bytes(inside),
        (Content::Attached, None) => {
            findings.fail(CheckCode::ContentAbsent, &whole);
            return Vec::new();
        }
        (Content::NotGiven, None) => {
            findings.unknown(CheckCode::ContentAbsent, &whole, [Need::Content]);
            Known::Digests(&[])
        }
        (Content::Detached(given), inside) => {
            check_inside(inside.map(|inside| inside == given), findings);
            Known::Bytes(given)
        }
        (Content::Pieces(given @ [first, second]), inside) => {
            check_inside(inside.map(|inside| inside.strip_prefix(first) == Some(second)), findings);
            Known::Pieces(given)
        }
        (Content::Sha256(given), inside) => {
            check_inside(inside.map(|inside| crate::sha256(inside) == given), findings);
            Known::Sha256(given)
        }
    };
    let digests = known.digests(data);
    let known = Known::Digests(&digests);
    let mut signers = Vec::new();
    for (index, info) in data.signers.iter().enumerate() {
        let mut own = Findings::default();
        let judged = Judged { info, data, known, subject: Subject::Signer(index) };
        if let Some((certificate, timing)) = judge_signer(&judged, ground.context, ground.proof, &mut own) {
            signers.push(profile::signer(&certificate, own.outcome(), timing));
        }
        findings.extend(own);
    }
    signers
}

/// A signer with everything that it signs.
pub(crate) struct Judged<'a, 'b> {
    pub(crate) info: &'b SignerInfo<'a>,
    pub(crate) data: &'b SignedData<'a>,
    pub(crate) known: Known<'b>,
    pub(crate) subject: Subject,
}

/// Judges one signer and returns its certificate and for which time it was judged.
///
/// `proof` are stamps over more than this signature, judged already.
pub(crate) fn judge_signer(
    judged: &Judged<'_, '_>,
    context: &Context<'_>,
    proof: &[TimeStamp],
    findings: &mut Findings,
) -> Option<(Certificate, Timing)> {
    let subject = judged.subject.clone();
    let Some(certificate) = find_certificate(judged, context) else {
        // One that is there and cannot be read would be sent again in vain.
        let is_there = judged.data.unreadable.iter().any(|it| judged.info.is_meant_by(it));
        let code = if is_there { CheckCode::CertificateMalformed } else { CheckCode::CertificateAbsent };
        findings.note(code, &subject, CheckResult::Failed, Some(judged.info.named()));
        return None;
    };
    findings.check(CheckCode::CertificateAbsent, &subject, true);
    let mut claimed = None;
    if let Ok(algorithm) = judge_algorithm(judged, &certificate, &subject, findings) {
        match judged.info.attributes.map(Received::parse) {
            Some(Ok(attributes)) => {
                findings.check(CheckCode::SignedAttributes, &subject, true);
                claimed = attributes.signing_time;
                judge_attributes(&attributes, judged, &certificate, context.policy, findings);
                let signed = Signed { message: &attributes.signed, signature: judged.info.signature };
                if let Some(algorithm) = algorithm {
                    judge_signature(algorithm, &certificate, &signed, &subject, findings);
                }
            }
            // Without signed attributes the content could be taken for attributes, and the reverse.
            faulty => {
                let fault = faulty.and_then(Result::err);
                let fault = fault.map_or_else(|| "absent".to_owned(), |it| it.to_string());
                findings.note(CheckCode::SignedAttributes, &subject, CheckResult::Failed, Some(fault));
            }
        }
    }
    let spare = &judged.data.certificates;
    let signature = judged.info.signature;
    let inside = judged.info.stamps.iter().map(|token| Inside { over: signature, token }).collect::<Vec<_>>();
    let since = certificate.not_before();
    let sought = Sought { subject: &subject, signature, inside: &inside, proof, claimed, since, spare };
    let timing = tsp::judge(&sought, context, findings, &|context, findings| {
        judge_time(claimed, context, &subject, findings);
        judge_certificate(&certificate, spare, context, &subject, findings);
    });
    Some((certificate, timing))
}

/// Returns the certificate that the signer names. Nobody signed which ones came along: of several of that name it is the one that the
/// signed attributes name too, else one whose key made the signature, signed by an issuer at hand rather than by nobody.
fn find_certificate(judged: &Judged<'_, '_>, context: &Context<'_>) -> Option<Certificate> {
    let inside = judged.data.certificates.iter().filter(|it| judged.info.names(it)).cloned();
    let given: Vec<Certificate> = given(context.evidence).collect();
    let mut named: Vec<Certificate> = Vec::new();
    for certificate in inside.chain(given.iter().filter(|it| judged.info.names(it)).cloned()) {
        if !named.contains(&certificate) {
            named.push(certificate);
        }
    }
    if named.len() < 2 {
        return named.pop();
    }
    let attributes = judged.info.attributes.and_then(|it| Received::parse(it).ok());
    let is_meant = |it: &Certificate| attributes.as_ref().and_then(|own| own.names(it)) == Some(Named::This);
    if let Some(place) = named.iter().position(is_meant) {
        return Some(named.swap_remove(place));
    }
    let makers = attributes.map(|it| makers(judged.info, &it, &named)).unwrap_or_default();
    let roots = context.policy.trust.roots().iter();
    let issuers: Vec<&Certificate> = roots.chain(&given).chain(&judged.data.certificates).collect();
    let is_issued = |it: &Certificate| {
        let named = issuers.iter().filter(|issuer| it.names_as_issuer(issuer));
        named.take(TWINS_MAX).any(|issuer| it.is_signed_by(issuer).is_ok())
    };
    let place = named.iter().position(|it| makers.contains(&it.spki().to_vec()) && is_issued(it));
    let place = place.or_else(|| named.iter().position(|it| makers.contains(&it.spki().to_vec())));
    Some(named.swap_remove(place.unwrap_or_default()))
}

fn given(evidence: &Evidence) -> impl Iterator<Item = Certificate> {
    let certificates = evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX);
    certificates.filter_map(|bytes| Certificate::parse(bytes).ok())
}

/// Returns the keys that made the signature; only so many different ones are tried.
fn makers(info: &SignerInfo<'_>, attributes: &Received<'_>, named: &[Certificate]) -> Vec<Vec<u8>> {
    let algorithm = DigestAlgorithm::from_oid(&info.digest)
        .and_then(|digest| SignatureAlgorithm::from_cms(&info.algorithm, digest));
    let Some(algorithm) = algorithm else { return Vec::new() };
    let mut keys: Vec<Vec<u8>> = named.iter().map(|it| it.spki().to_vec()).collect();
    keys.sort();
    keys.dedup();
    keys.truncate(TWINS_MAX);
    keys.retain(|key| algorithm.verify(key, &attributes.signed, info.signature).is_ok());
    keys
}

fn judge_attributes(
    attributes: &Received<'_>,
    judged: &Judged<'_, '_>,
    certificate: &Certificate,
    policy: &Policy,
    findings: &mut Findings,
) {
    let subject = judged.subject.clone();
    let same_type = attributes.content_type == judged.data.content_type;
    findings.check(CheckCode::ContentTypeMismatch, &subject, same_type);
    let algorithm = DigestAlgorithm::from_oid(&judged.info.digest);
    match algorithm.and_then(|algorithm| judged.known.digest(algorithm)) {
        Some(digest) => {
            findings.check(CheckCode::DigestMismatch, &subject, digest == attributes.digest);
        }
        // The content is not at hand, or only another digest of it than the one that was signed.
        None => findings.unknown(CheckCode::DigestMismatch, &subject, algorithm.map(|_| Need::Content)),
    }
    match (attributes.names(certificate), policy.signing_certificate) {
        (Some(Named::By(digest)), _) => {
            let oid = digest.to_string();
            if Foreign::from_oid(&digest) == Some(Foreign::Digest) {
                findings.need_algorithm(&oid);
                let code = CheckCode::SigningCertificateMismatch;
                findings.note(code, &subject, CheckResult::Unknown, Some(oid));
            } else {
                findings.not_computed(&subject, &oid, false);
            }
        }
        (Some(named), _) => {
            findings.check(CheckCode::SigningCertificateMismatch, &subject, named == Named::This);
        }
        (None, SigningCertificate::Required) => {
            findings.fail(CheckCode::SigningCertificateMismatch, &subject);
        }
        (None, SigningCertificate::IfPresent) => {}
    }
}

fn judge_time(claimed: Option<Timestamp>, context: &Context<'_>, subject: &Subject, findings: &mut Findings) {
    if let Some(skew_max) = context.policy.signing_time_skew_max {
        let near = claimed.is_some_and(|time| time.duration_since(context.at).abs() <= skew_max);
        findings.check(CheckCode::SigningTime, subject, near);
    }
}
