// SPDX-License-Identifier: MIT OR Apache-2.0
//! The path from a certificate to an installed root, and everything a path must satisfy.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::algorithm::{SignatureAlgorithm, SignatureFault};
use crate::certificate::{Certificate, KeyUsage};
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::oids;
use crate::policy::{Policy, Purpose, Revocation};
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
    // What came along is tried after what was given.
    let given = context.evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX);
    let mut known: Vec<Certificate> = given.filter_map(|bytes| Certificate::parse(bytes).ok()).collect();
    known.extend_from_slice(spare);
    let path = match find_path(certificate, &known, context) {
        Ok(path) => path,
        Err(fault) => {
            judge_issuers((certificate, &fault), &known, context, subject, findings);
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
    // A root is trusted by its installation, for whatever use.
    for authority in path.iter().rev().skip(1) {
        judge_bounds(certificate, authority, &context.policy.purpose, findings);
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

/// Judges whether an authority issues certificates for this use, where it says for which it does (RFC 5280, 6.1.3 d to f).
///
/// The national authorities name policies of their own arc, and their certificates follow others of it: policies bind here only
/// where the authority names none of the arc.
fn judge_bounds(
    certificate: &Certificate,
    authority: &Certificate,
    purpose: &Purpose,
    findings: &mut Findings,
) {
    let subject = Subject::Certificate(authority.serial_hex());
    let (own, leaf) = (authority.extensions(), certificate.extensions());
    if !own.usages.is_empty() && !leaf.usages.is_empty() {
        // The use that is relied on; keys of systems name nothing but their roles.
        let relied = [oids::TIME_STAMPING, oids::EMAIL_PROTECTION].into_iter();
        let relied =
            relied.skip(usize::from(*purpose != Purpose::TimeStamping)).find(|it| leaf.usages.contains(it));
        let fits =
            |it: &ObjectIdentifier| relied.map_or_else(|| leaf.usages.contains(it), |relied| relied == *it);
        let shared = own.usages.iter().any(|it| *it == oids::ANY_USAGE || fits(it));
        findings.check(CheckCode::IssuerNotAuthority, &subject, shared);
    }
    let is_national = |it: &ObjectIdentifier| oids::is_under(it, &oids::AUTHORITY_ARC);
    if !own.policies.is_empty() && leaf.policies.iter().any(is_national) {
        let follows = own.policies.iter().any(|it| *it == oids::ANY_POLICY || is_national(it));
        findings.check(CheckCode::CertificatePolicy, &subject, follows);
    }
}

/// Says whether an issuer at hand signed the certificate, though no path leads to a root, and else why not; or that it is
/// signed by an algorithm of which nothing can be said.
fn judge_issuers(
    (certificate, why): (&Certificate, &PathFault),
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
    let named = format!("issuer {}", issuer.serial_hex());
    match fault {
        Ok(()) => findings.note(code, subject, CheckResult::Passed, Some(named)),
        Err(fault) => {
            let detail = Some(format!("{named}: {}", fault.word()));
            // Of a certificate that came along nobody knows whether it is the issuer's.
            let is_forged = matches!(why, PathFault::Forged);
            let result = if is_forged { CheckResult::Failed } else { CheckResult::Unknown };
            findings.note(code, subject, result, detail);
        }
    }
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
    /// The path ends at a foreign root, or is too long.
    Untrusted,
    /// The issuer is trusted, named by its key, and did not sign this certificate.
    Forged,
    /// Too many certificates came along to try them all.
    TooMany,
    /// An issuer may not issue certificates, or not at this depth.
    NotAuthority,
}

fn note_fault(fault: &PathFault, certificate: &Certificate, subject: &Subject, findings: &mut Findings) {
    match fault {
        PathFault::IssuerUnknown { issuer, urls } if !urls.is_empty() => {
            let need = Need::Issuer { issuer: issuer.clone(), urls: urls.clone() };
            findings.unknown(CheckCode::ChainUntrusted, subject, [need]);
        }
        PathFault::IssuerUnknown { .. } | PathFault::Untrusted | PathFault::Forged => {
            findings.fail(CheckCode::ChainUntrusted, subject);
        }
        PathFault::TooMany => {
            let detail = Some("too-many-certificates".to_owned());
            findings.note(CheckCode::ChainUntrusted, subject, CheckResult::Unknown, detail);
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
        let urls = lower.extensions().issuer_urls.clone();
        let unknown = PathFault::IssuerUnknown { issuer: lower.issuer().line(), urls };
        if path.len() + 1 >= PATH_LENGTH_MAX {
            return Err(PathFault::Untrusted);
        }
        let (mut worst, mut strangers) = (None, Vec::new());
        let roots = self.context.policy.trust.roots();
        let candidates = roots.iter().map(|root| (root, true)).chain(self.known.iter().map(|it| (it, false)));
        for (candidate, is_root) in candidates {
            let repeated = path.contains(&candidate) || candidate == lower;
            let skipped = self.only_in_term && !candidate.is_in_term(self.context.at);
            if repeated || skipped || !lower.names_as_issuer(candidate) {
                continue;
            }
            match self.step(lower, candidate, path.len()) {
                Ok(Step::Up) => {}
                Ok(Step::NotSigned) => {
                    strangers.push((candidate, is_root));
                    continue;
                }
                Err(PathFault::TooMany) => return Err(PathFault::TooMany),
                Err(fault) => {
                    worst = Some(fault);
                    continue;
                }
            }
            path.push(candidate);
            if is_root {
                return Ok(());
            }
            match self.climb(candidate, path) {
                Ok(()) => return Ok(()),
                Err(PathFault::TooMany) => return Err(PathFault::TooMany),
                // One that its issuer did not sign says nothing of who is under it.
                Err(PathFault::Forged) => {}
                Err(fault) => worst = Some(fault),
            }
            path.pop();
        }
        if self.are_trusted(lower, &strangers, path) {
            return Err(PathFault::Forged);
        }
        // A foreign root names itself as its issuer: nothing that could be fetched would help.
        let is_foreign_root = lower.issuer().raw() == lower.subject().raw();
        Err(match worst {
            None if is_foreign_root => PathFault::Untrusted,
            // What came along leads nowhere; the issuer's own certificate may, once it is fetched.
            Some(PathFault::Untrusted) if self.may_fetch(lower) => unknown,
            None => unknown,
            Some(fault) => fault,
        })
    }

    /// Returns whether one of these, which did not sign, is trusted and has the key that the certificate names.
    fn are_trusted(
        &mut self,
        lower: &Certificate,
        strangers: &[(&'a Certificate, bool)],
        path: &[&'a Certificate],
    ) -> bool {
        lower.extensions().authority_key_id.is_some()
            && strangers.iter().any(|(candidate, is_root)| {
                let is_named = candidate.extensions().subject_key_id.is_some();
                is_named && (*is_root || self.climb(candidate, &mut path.to_vec()).is_ok())
            })
    }

    fn may_fetch(&self, lower: &Certificate) -> bool {
        !self.context.policy.issuers_sought && !lower.extensions().issuer_urls.is_empty()
    }

    /// Says whether `authority` signed `lower`, and may issue certificates at this depth.
    fn step(
        &mut self,
        lower: &Certificate,
        authority: &Certificate,
        below: usize,
    ) -> Result<Step, PathFault> {
        self.signatures_left = self.signatures_left.checked_sub(1).ok_or(PathFault::TooMany)?;
        if lower.is_signed_by(authority).is_err() {
            return Ok(Step::NotSigned);
        }
        let extensions = authority.extensions();
        let signs = extensions.key_usage.is_none_or(|usage| usage.contains(KeyUsage::CERT_SIGN));
        let deep_enough = extensions.path_length.is_none_or(|length| below as u64 <= length);
        if extensions.is_authority && signs && deep_enough {
            Ok(Step::Up)
        } else {
            Err(PathFault::NotAuthority)
        }
    }
}

/// What came of one candidate.
enum Step {
    /// It signed and may.
    Up,
    /// It bears the name, but did not sign.
    NotSigned,
}
