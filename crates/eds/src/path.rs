// SPDX-License-Identifier: MIT OR Apache-2.0
//! The path from a certificate to an installed root, and everything a path must satisfy.

use jiff::Timestamp;

use crate::algorithm::{SignatureAlgorithm, SignatureFault};
use crate::certificate::{Certificate, KeyUsage};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::policy::{Policy, Revocation};
use crate::verdict::{CheckCode, CheckResult, Need, Subject};
use crate::{profile, revocation};

/// Certificates in one path, root included.
pub const PATH_LENGTH_MAX: usize = 6;
/// Issuers at hand that are tried where there is no path.
const ISSUERS_TRIED_MAX: usize = 4;
/// Signatures of certificates verified while one path is sought.
const SIGNATURES_MAX: usize = 64;

/// What a certificate is judged against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What was fetched.
    pub evidence: &'a Evidence,
    /// The time for which it is judged.
    pub at: Timestamp,
    /// What is demanded.
    pub policy: &'a Policy,
}

/// Bytes and their signature.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The bytes that were signed, as received.
    pub message: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
}

/// Judges a signature by the key of a certificate and notes the fault, for every container alike.
///
/// ```no_run
/// # fn f(certificate: eds::Certificate) {
/// use eds::{Findings, Signed, Subject, algorithm::SignatureAlgorithm, judge_signature};
/// let mut findings = Findings::default();
/// let signed = Signed { message: b"signed bytes", signature: b"signature value" };
/// judge_signature(SignatureAlgorithm::RsaSha256, &certificate, &signed, &Subject::Signer(0), &mut findings);
/// # }
/// ```
pub fn judge_signature(
    algorithm: SignatureAlgorithm,
    certificate: &Certificate,
    signed: &Signed<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    match algorithm.verify(certificate.spki(), signed.message, signed.signature) {
        Ok(()) => {
            let caveat = algorithm.caveat().map(str::to_owned);
            findings.note(CheckCode::SignatureMismatch, subject, CheckResult::Passed, caveat);
        }
        Err(fault) => {
            let code = match fault {
                SignatureFault::Mismatch | SignatureFault::Malformed => CheckCode::SignatureMismatch,
                SignatureFault::KeySize => CheckCode::KeySize,
                SignatureFault::KeyMismatch | SignatureFault::KeyParameters | SignatureFault::KeyPoint => {
                    CheckCode::AlgorithmMismatch
                }
                SignatureFault::Unknown => CheckCode::AlgorithmUnknown,
            };
            findings.note(code, subject, CheckResult::Failed, Some(fault.word().to_owned()));
        }
    }
}

/// Judges a signer's certificate: path, terms, revocation, purpose and person.
///
/// `spare` are certificates that came with the signature; like those of the evidence they are not trusted.
///
/// ```no_run
/// # fn f(certificate: eds::Certificate, evidence: eds::Evidence, policy: eds::Policy, at: jiff::Timestamp) {
/// let mut findings = eds::Findings::default();
/// let context = eds::Context { evidence: &evidence, at, policy: &policy };
/// eds::judge_certificate(&certificate, &[], &context, &eds::Subject::Signer(0), &mut findings);
/// println!("{:?}", findings.outcome());
/// # }
/// ```
pub fn judge_certificate(
    certificate: &Certificate,
    spare: &[Certificate],
    context: &Context<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    profile::judge(certificate, context.policy, subject, findings);
    judge_path(certificate, spare, context, subject, findings);
}

/// Judges path, terms and revocation, whatever the certificate is for.
pub(crate) fn judge_path(
    certificate: &Certificate,
    spare: &[Certificate],
    context: &Context<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    let mut known: Vec<Certificate> = spare.to_vec();
    for bytes in context.evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX) {
        known.extend(Certificate::parse(bytes));
    }
    let path = match find_path(certificate, &known, context) {
        Ok(path) => path,
        Err(fault) => {
            judge_issuers(certificate, &known, context, subject, findings);
            judge_term(certificate, context.at, subject, findings);
            return note_fault(&fault, certificate, subject, findings);
        }
    };
    findings.check(CheckCode::ChainUntrusted, subject, true);
    judge_term(certificate, context.at, subject, findings);
    findings.check(
        CheckCode::CriticalExtension,
        subject,
        certificate.extensions().unknown_critical.is_empty(),
    );
    for authority in &path {
        let subject = Subject::Certificate(authority.serial_hex());
        judge_term(authority, context.at, &subject, findings);
        let understood = authority.extensions().unknown_critical.is_empty();
        findings.check(CheckCode::CriticalExtension, &subject, understood);
    }
    if context.policy.revocation == Revocation::NotChecked {
        return;
    }
    let mut judged = certificate;
    for authority in &path {
        let own = if std::ptr::eq(judged, certificate) {
            subject.clone()
        } else {
            Subject::Certificate(judged.serial_hex())
        };
        revocation::judge(judged, authority, context, &own, findings);
        judged = authority;
    }
}

/// Says whether an issuer at hand signed the certificate, though no path leads to a root; or that it is signed by an
/// algorithm of which nothing can be said.
fn judge_issuers(
    certificate: &Certificate,
    known: &[Certificate],
    context: &Context<'_>,
    subject: &Subject,
    findings: &mut Findings,
) {
    let algorithm = certificate.signature_oid();
    if SignatureAlgorithm::from_oid(&algorithm).is_none() {
        let detail = Some(algorithm.to_string());
        return findings.note(CheckCode::AlgorithmUnknown, subject, CheckResult::Failed, detail);
    }
    let roots = context.policy.trust.roots().iter();
    let mut named = roots.chain(known).filter(|it| certificate.names_as_issuer(it)).take(ISSUERS_TRIED_MAX);
    let Some(first) = named.next() else { return };
    let code = CheckCode::CertificateSignatureMismatch;
    let signed = std::iter::once(first).chain(named).map(|it| (it, certificate.is_signed_by(it)));
    let (issuer, fault) = signed.fold((first, Err(SignatureFault::Mismatch)), |best, one| match best.1 {
        Ok(()) => best,
        Err(_) => one,
    });
    let result = if fault.is_ok() { CheckResult::Passed } else { CheckResult::Failed };
    findings.note(code, subject, result, Some(format!("issuer {}", issuer.serial_hex())));
}

/// Judges the term of a certificate.
pub(crate) fn judge_term(
    certificate: &Certificate,
    at: Timestamp,
    subject: &Subject,
    findings: &mut Findings,
) {
    let result = |passed| if passed { CheckResult::Passed } else { CheckResult::Failed };
    let (from, until) = (certificate.not_before(), certificate.not_after());
    findings.note(CheckCode::CertificateNotYetValid, subject, result(from <= at), Some(from.to_string()));
    findings.note(CheckCode::CertificateExpired, subject, result(at <= until), Some(until.to_string()));
}

/// Why there is no path.
#[derive(Debug)]
enum PathFault {
    /// The issuer of this certificate is not known; it may be found at these addresses.
    IssuerUnknown { issuer: String, urls: Vec<String> },
    /// An issuer is known by name, but did not sign, or the path ends at a foreign root.
    Untrusted,
    /// An issuer may not issue certificates, or not at this depth.
    NotAuthority,
}

fn note_fault(fault: &PathFault, certificate: &Certificate, subject: &Subject, findings: &mut Findings) {
    match fault {
        PathFault::IssuerUnknown { issuer, urls } if !urls.is_empty() => {
            let need = Need::Issuer { issuer: issuer.clone(), urls: urls.clone() };
            findings.unknown(CheckCode::ChainUntrusted, subject, [need]);
        }
        PathFault::IssuerUnknown { .. } | PathFault::Untrusted => {
            findings.fail(CheckCode::ChainUntrusted, subject);
        }
        PathFault::NotAuthority => findings.fail(CheckCode::IssuerNotAuthority, subject),
    }
    findings.check(
        CheckCode::CriticalExtension,
        subject,
        certificate.extensions().unknown_critical.is_empty(),
    );
}

/// Returns the authorities from the issuer of `leaf` to an installed root.
fn find_path<'a>(
    leaf: &Certificate,
    known: &'a [Certificate],
    context: &Context<'a>,
) -> Result<Vec<&'a Certificate>, PathFault> {
    // Authorities in term are preferred: an authority renewed with the same key has two certificates.
    let mut search = Search { known, context, only_in_term: true, signatures_left: SIGNATURES_MAX };
    let mut path = Vec::new();
    if search.climb(leaf, &mut path).is_ok() {
        return Ok(path);
    }
    search.only_in_term = false;
    path.clear();
    search.climb(leaf, &mut path).map(|()| path)
}

struct Search<'a, 'b> {
    known: &'a [Certificate],
    context: &'b Context<'a>,
    only_in_term: bool,
    signatures_left: usize,
}

impl<'a> Search<'a, '_> {
    fn climb(&mut self, lower: &Certificate, path: &mut Vec<&'a Certificate>) -> Result<(), PathFault> {
        let mut worst = PathFault::IssuerUnknown {
            issuer: lower.issuer().line(),
            urls: lower.extensions().issuer_urls.clone(),
        };
        if path.len() + 1 >= PATH_LENGTH_MAX {
            return Err(PathFault::Untrusted);
        }
        let roots = self.context.policy.trust.roots();
        let candidates = roots.iter().map(|root| (root, true)).chain(self.known.iter().map(|it| (it, false)));
        for (candidate, is_root) in candidates {
            let repeated = path.contains(&candidate) || candidate == lower;
            let skipped = self.only_in_term && !candidate.is_in_term(self.context.at);
            if repeated || skipped || !lower.names_as_issuer(candidate) {
                continue;
            }
            if let Err(fault) = self.step(lower, candidate, path.len()) {
                worst = fault;
                continue;
            }
            path.push(candidate);
            if is_root {
                return Ok(());
            }
            match self.climb(candidate, path) {
                Ok(()) => return Ok(()),
                Err(fault) => worst = fault,
            }
            path.pop();
        }
        // A foreign root names itself as its issuer: nothing that could be fetched would help.
        let is_foreign_root = lower.issuer().raw() == lower.subject().raw();
        if is_foreign_root && matches!(worst, PathFault::IssuerUnknown { .. }) {
            return Err(PathFault::Untrusted);
        }
        Err(worst)
    }

    /// Says whether `authority` may issue certificates at this depth and did sign `lower`.
    fn step(&mut self, lower: &Certificate, authority: &Certificate, below: usize) -> Result<(), PathFault> {
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathFault::Untrusted)?;
        lower.is_signed_by(authority).map_err(|_| PathFault::Untrusted)?;
        let extensions = authority.extensions();
        let signs = extensions.key_usage.is_none_or(|usage| usage.contains(KeyUsage::CERT_SIGN));
        let deep_enough = extensions.path_length.is_none_or(|length| below as u64 <= length);
        if extensions.is_authority && signs && deep_enough { Ok(()) } else { Err(PathFault::NotAuthority) }
    }
}
