// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging the certificates of a package: whose they are, and whether they were valid then.

use super::{Check, Package, Report};
use crate::evidence_package::manifest::{CertificateEntry, What};
use crate::evidence_package::messages::Read;
use eds::{Certificate, Context, Evidence, Findings, Outcome, Policy, Purpose, Revocation, Subject, oids};

/// Whether a certificate holds, and what is to be said about it.
type Told = (Option<bool>, Option<&'static str>);

/// Why it is not known whether the key of a person is one that it had to be.
pub(super) const PEER_NOT_NAMED: &str = "peer-not-named";
/// What is told of a certificate that is for no messages at all, or was not valid then.
const INVALID: Told = (Some(false), Some("invalid"));

impl Package<'_> {
    /// Judges each certificate that was judged then, for the time of then, by what it was judged by. It is named as it names
    /// itself: anybody writes the manifest.
    pub(super) fn check_certificates(&self, report: &mut Report) {
        for entry in &self.manifest.certificates {
            let Some(certificate) = self.certificate(entry) else {
                report.note(Check::Certificate, &entry.file, Some(false), Some("unreadable".to_owned()));
                continue;
            };
            let (holds, why) = self.told(entry, &certificate);
            report.note(Check::Certificate, names(entry, &certificate), holds, why.map(str::to_owned));
        }
    }

    pub(super) fn certificate(&self, entry: &CertificateEntry) -> Option<Certificate> {
        let der = self.parts.get(&entry.file).filter(|it| hex::encode(eds::sha256(it)) == entry.sha256)?;
        Certificate::parse(der).ok()
    }

    /// Tells of a certificate. Whose key it had to be was judged when the message came, and the package does not show it: of
    /// a system its own names say it. Every organisation has employees with keys under the same roots, each of whom could
    /// make a whole package: a person seals nothing, signs no message of ours, and signs else for a named organisation alone.
    fn told(&self, entry: &CertificateEntry, certificate: &Certificate) -> Told {
        let name = certificate.subject().first(&oids::COMMON_NAME);
        if entry.subject.as_deref().is_some_and(|it| Some(it) != name) {
            return (Some(false), Some("another-subject"));
        }
        let bin = certificate.subject().bin().one().map(str::to_owned);
        let is_named = bin.as_ref().is_some_and(|it| self.peers.contains(it));
        let is_theirs = self.theirs().is_some_and(|it| it.is_signed_by(certificate.der()));
        if is_theirs && !self.peers.is_empty() && !is_named {
            return (Some(false), Some("another-organisation"));
        }
        let as_system = self.judged(entry, certificate, None);
        if as_system != INVALID {
            return as_system;
        }
        let as_person = self.judged(entry, certificate, bin);
        if as_person == INVALID {
            return INVALID;
        }
        let body = self.ours().and_then(|it| it.body.as_ref().ok());
        let signs_ours = body.is_some_and(|it| it.certificate_der == certificate.der());
        if signs_ours || entry.signs.iter().any(|it| it == "seal") {
            return (Some(false), Some("key-of-a-person"));
        }
        if is_named { as_person } else { (None, Some(PEER_NOT_NAMED)) }
    }

    /// Judges a certificate as one of a system, or, where an organisation is given, as one of its people too.
    fn judged(&self, entry: &CertificateEntry, certificate: &Certificate, bin: Option<String>) -> Told {
        let Some(mut evidence) = self.evidence(entry) else { return (Some(false), Some("unreadable")) };
        let at = self.manifest.judged_at.unwrap_or(self.manifest.made_at);
        let mut policy = Policy::new(self.trust.clone(), Purpose::GatewayTransport { bin });
        let asked = !entry.evidence.is_empty();
        if !asked {
            // The authorities above it are those of the other certificates.
            let authorities = self.manifest.parts.iter().filter(|it| it.what == What::Authority);
            evidence.certificates.extend(authorities.filter_map(|it| self.parts.get(&it.file)).cloned());
            policy.revocation = Revocation::NotChecked;
        }
        let mut findings = Findings::default();
        let context = Context { evidence: &evidence, at, policy: &policy };
        eds::judge_certificate(certificate, &[], &context, &Subject::Signer(0), &mut findings);
        match findings.outcome() {
            Outcome::Valid if asked => (Some(true), None),
            Outcome::Valid if self.is_ours(certificate) => (Some(true), Some("revocation-not-asked")),
            Outcome::Invalid => INVALID,
            Outcome::Valid | Outcome::Indeterminate { .. } => (None, Some("evidence-missing")),
        }
    }

    /// Returns what a certificate was judged by.
    fn evidence(&self, entry: &CertificateEntry) -> Option<Evidence> {
        let mut evidence = Evidence::default();
        for name in &entry.evidence {
            let what = self.manifest.parts.iter().find(|it| it.file == *name)?.what;
            let bytes = self.parts.get(name)?.clone();
            match what {
                What::Ocsp => evidence.ocsp.push(bytes),
                What::List => evidence.crls.push(bytes),
                What::Authority => evidence.certificates.push(bytes),
                What::Question
                | What::Answer
                | What::Own
                | What::Receipt
                | What::Certificate
                | What::Journal
                | What::Readme => return None,
            }
        }
        Some(evidence)
    }

    /// Says whether a certificate signs on our side alone: there the other side asked whether it was revoked, not we.
    fn is_ours(&self, certificate: &Certificate) -> bool {
        let signs = |it: &Read| it.is_signed_by(certificate.der());
        !self.theirs().is_some_and(signs)
            && (self.ours().is_some_and(signs) || self.is_our_system(certificate))
    }
}

/// Returns the names that a certificate gives itself.
fn names(entry: &CertificateEntry, certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let name = subject.first(&oids::COMMON_NAME).unwrap_or(&entry.file);
    subject.bin().one().map_or_else(|| name.to_owned(), |bin| format!("{name}, BIN {bin}"))
}
