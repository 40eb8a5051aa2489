// SPDX-License-Identifier: MIT OR Apache-2.0
//! The path from a certificate to an installed root, and everything a path must satisfy.

mod search;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::algorithm::{self, Foreign, SignatureAlgorithm, SignatureFault};
use crate::certificate::Certificate;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence};
use crate::findings::Findings;
use crate::oids;
use crate::policy::{Policy, Purpose, Revocation};
use crate::verdict::{CheckCode, CheckResult, Need, Outcome, Subject};
use crate::{profile, revocation};
use search::{PathFault, Search};

/// Certificates in one path, root included.
pub const PATH_LENGTH_MAX: usize = 6;
/// Issuers at hand that are tried where there is no path, and further paths where something tells against the first.
const ISSUERS_TRIED_MAX: usize = 4;

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
        Err(fault) => note_signature(fault, subject, findings),
    }
}

fn note_signature(fault: SignatureFault, subject: &Subject, findings: &mut Findings) {
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

/// Notes why no signature by the key of a certificate could be accepted, where there is none to judge.
pub(crate) fn judge_key(certificate: &Certificate, subject: &Subject, findings: &mut Findings) {
    match (algorithm::judge_key(certificate.spki()), algorithm::named_key(certificate.spki())) {
        (Ok(()), _) => {}
        (Err(SignatureFault::Unknown), Some(oid)) => {
            findings.not_computed(subject, &oid.to_string(), Foreign::is_key(&oid));
        }
        (Err(fault), _) => note_signature(fault, subject, findings),
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
    let outside = context.evidence.certificates_outside();
    let all = context.evidence.certificates.iter().take(EVIDENCE_ITEMS_MAX).enumerate();
    let (mut known, mut given) = (Vec::new(), 0);
    for (place, certificate) in all.filter_map(|it| Some((it.0, Certificate::parse(it.1).ok()?))) {
        known.push(certificate);
        given += usize::from(place < outside);
    }
    known.extend_from_slice(spare);
    let mut search = Search::new((&known, given), context);
    match search.find(certificate) {
        Ok(path) => findings.extend(Judging { certificate, context, subject, search }.best(path)),
        Err(fault) => {
            judge_issuers((certificate, &fault), &known, context, subject, findings);
            judge_term(certificate, context.at, subject, findings);
            note_fault(fault, certificate, subject, findings);
            let understood = certificate.extensions().unknown_critical.is_empty();
            findings.check(CheckCode::CriticalExtension, subject, understood);
        }
    }
}

/// A certificate whose paths are judged.
struct Judging<'a, 'b> {
    certificate: &'b Certificate,
    context: &'b Context<'a>,
    subject: &'b Subject,
    search: Search<'a, 'b>,
}

impl<'a> Judging<'a, '_> {
    /// Judges a path and, where something tells against an authority on it, paths around that one: an authority that was renewed
    /// with the same key has two certificates. Returns what is found about the best.
    fn best(mut self, mut path: Vec<&'a Certificate>) -> Findings {
        let rank = |findings: &Findings| match findings.outcome() {
            Outcome::Valid => 0,
            Outcome::Indeterminate { .. } => 1,
            Outcome::Invalid => 2,
        };
        let mut found = self.along(&path);
        let mut best = found.clone();
        for _ in 0..ISSUERS_TRIED_MAX {
            let doubted = found.checks.iter().filter(|it| it.result != CheckResult::Passed);
            let doubted: Vec<&Subject> = doubted.map(|it| &it.subject).collect();
            let is_doubted = |it: &&Certificate| doubted.contains(&&Subject::Certificate(it.serial_hex()));
            let avoided: Vec<&Certificate> = path.iter().copied().filter(is_doubted).collect();
            if avoided.is_empty() {
                break;
            }
            self.search.avoided.extend(avoided);
            let Ok(next) = self.search.find(self.certificate) else { break };
            found = self.along(&next);
            path = next;
            if rank(&found) < rank(&best) {
                best = found.clone();
            }
        }
        best
    }

    /// Judges one path.
    fn along(&mut self, path: &[&'a Certificate]) -> Findings {
        let Self { certificate, context, subject, .. } = *self;
        let mut findings = Findings::default();
        findings.check(CheckCode::ChainUntrusted, subject, true);
        judge_term(certificate, context.at, subject, &mut findings);
        let understood = certificate.extensions().unknown_critical.is_empty();
        findings.check(CheckCode::CriticalExtension, subject, understood);
        for authority in path {
            let subject = Subject::Certificate(authority.serial_hex());
            judge_term(authority, context.at, &subject, &mut findings);
            let understood = authority.extensions().unknown_critical.is_empty();
            findings.check(CheckCode::CriticalExtension, &subject, understood);
        }
        // A root is trusted by its installation, for whatever use.
        for authority in path.iter().rev().skip(1) {
            judge_bounds(certificate, authority, &context.policy.purpose, &mut findings);
        }
        if context.policy.revocation == Revocation::NotChecked {
            return findings;
        }
        let mut judged = certificate;
        for authority in path {
            let own = if std::ptr::eq(judged, certificate) {
                subject.clone()
            } else {
                Subject::Certificate(judged.serial_hex())
            };
            revocation::judge(judged, authority, context, &own, &mut findings);
            judged = authority;
        }
        self.judge_keys(path, &mut findings);
        findings
    }

    /// Judges whether a key of the path may be lost, as is told of another certificate with it: then it is lost for all of them.
    fn judge_keys(&mut self, path: &[&'a Certificate], findings: &mut Findings) {
        let (context, subject) = (self.context, self.subject);
        for owner in std::iter::once(self.certificate).chain(path.iter().copied()) {
            for twin in self.search.twins(owner) {
                match self.search.issuer(twin) {
                    Ok(Some(issuer)) => revocation::judge_twin(twin, issuer, context, findings),
                    // Nobody trusted issued it.
                    Ok(None) => {}
                    Err(fault) => return note_fault(fault, owner, subject, findings),
                }
            }
        }
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
        let is_strong = Foreign::from_oid(&algorithm).is_some();
        return findings.not_computed(subject, &algorithm.to_string(), is_strong);
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
    // Terms are of whole seconds, the last one too (RFC 5280, 4.1.2.5).
    let (begun, lasts) = (from.as_second() <= at.as_second(), at.as_second() <= until.as_second());
    findings.note(CheckCode::CertificateNotYetValid, subject, result(begun), Some(from.to_string()));
    findings.note(CheckCode::CertificateExpired, subject, result(lasts), Some(until.to_string()));
}

fn note_fault(fault: PathFault, certificate: &Certificate, subject: &Subject, findings: &mut Findings) {
    let code = CheckCode::ChainUntrusted;
    match fault {
        PathFault::IssuerUnknown { issuer, urls, end } => {
            findings.note(code, subject, CheckResult::Unknown, end);
            findings.extend(Findings { checks: Vec::new(), needs: vec![Need::Issuer { issuer, urls }] });
        }
        PathFault::Untrusted { end } => findings.note(code, subject, CheckResult::Failed, end),
        PathFault::Forged => findings.fail(code, subject),
        PathFault::TooMany => {
            let detail = Some("too-many-certificates".to_owned());
            findings.note(code, subject, CheckResult::Unknown, detail);
        }
        PathFault::Foreign { serial_hex, algorithm } => {
            let name = algorithm.to_string();
            if serial_hex != certificate.serial_hex() {
                findings.not_computed(&Subject::Certificate(serial_hex), &name, true);
            }
            findings.need_algorithm(&name);
            findings.note(code, subject, CheckResult::Unknown, Some(name));
        }
        PathFault::NotAuthority => findings.fail(CheckCode::IssuerNotAuthority, subject),
    }
}
