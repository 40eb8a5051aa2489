// SPDX-License-Identifier: MIT OR Apache-2.0
//! Checking a package offline.

use super::journal::Journal;
use super::manifest::{CertificateEntry, FILE, FORMAT, Manifest, What};
use super::messages::{self, Read};
use super::{PART_BYTES_MAX, PARTS_MAX, PackageError};
use eds::{Certificate, Context, Evidence, Findings, Outcome, Policy, Purpose, Revocation, Subject, Trust};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// A part is there and has its digest.
    Part,
    /// The folder holds nothing that the manifest does not name.
    Unlisted,
    /// A signature fits the message.
    Signature,
    /// The answer names the question.
    Binding,
    /// A certificate was valid when the message came.
    Certificate,
    /// The event has the hash of its content and names the message.
    Event,
    /// The event is in a seal, and the seal is signed by a certificate of the package.
    Seal,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// Of what.
    pub of: String,
    /// Whether it holds; absent if that cannot be known from the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// Why not, a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What the check of a package found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The id of the message.
    pub message: String,
    /// Each check.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Says whether the package proves what it says: `None` if something cannot be known from it.
    pub fn holds(&self) -> Option<bool> {
        if self.findings.iter().any(|it| it.holds == Some(false)) {
            return Some(false);
        }
        self.findings.iter().all(|it| it.holds == Some(true)).then_some(true)
    }

    fn note(&mut self, check: Check, of: impl Into<String>, holds: Option<bool>, why: Option<String>) {
        self.findings.push(Finding { check, of: of.into(), holds, why });
    }
}

/// Checks a package under these roots; nothing is fetched.
pub fn verify(folder: &Path, trust: &Trust) -> Result<Report, PackageError> {
    let path = folder.join(FILE);
    let manifest: Manifest = serde_json::from_slice(&read(&path)?)
        .ok()
        .filter(|it: &Manifest| it.format == FORMAT && it.parts.len() <= PARTS_MAX)
        .ok_or(PackageError::Manifest(path))?;
    let mut report = Report { message: manifest.message.clone(), findings: Vec::new() };
    let parts = parts(folder, &manifest, &mut report)?;
    let package = Package { manifest: &manifest, parts: &parts, trust };
    package.check_messages(&mut report);
    package.check_certificates(&mut report);
    package.check_journal(&mut report);
    Ok(report)
}

/// Reads the parts and compares their digests; what the manifest does not name is named.
fn parts(
    folder: &Path,
    manifest: &Manifest,
    report: &mut Report,
) -> Result<BTreeMap<String, Vec<u8>>, PackageError> {
    let mut parts = BTreeMap::new();
    for part in &manifest.parts {
        // A name that leads out of the folder is no name of a part.
        let plain = part.file.split('/').all(|it| !it.is_empty() && it != ".." && !it.contains(['\\', ':']));
        let path = folder.join(&part.file);
        if !plain || !path.is_file() {
            report.note(Check::Part, &part.file, Some(false), Some("missing".to_owned()));
            continue;
        }
        let bytes = read(&path)?;
        let same = hex::encode(eds::sha256(&bytes)) == part.sha256;
        let why = (!same).then(|| "another digest".to_owned());
        report.note(Check::Part, &part.file, Some(same), why);
        parts.insert(part.file.clone(), bytes);
    }
    for (at, prefix) in [
        (folder.to_owned(), ""),
        (folder.join("certificates"), "certificates/"),
        (folder.join("evidence"), "evidence/"),
    ] {
        for entry in std::fs::read_dir(&at).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_file() && name != FILE && !manifest.parts.iter().any(|it| it.file == name) {
                report.note(Check::Unlisted, name, Some(false), None);
            }
        }
    }
    Ok(parts)
}

struct Package<'a> {
    manifest: &'a Manifest,
    parts: &'a BTreeMap<String, Vec<u8>>,
    trust: &'a Trust,
}

impl Package<'_> {
    fn part(&self, what: What) -> Option<&[u8]> {
        let named = self.manifest.parts.iter().find(|it| it.what == what)?;
        self.parts.get(&named.file).map(Vec::as_slice)
    }

    fn check_messages(&self, report: &mut Report) {
        let (question, answer) = (self.part(What::Question), self.part(What::Answer));
        let mut read = Vec::new();
        for bytes in [question, answer].into_iter().flatten() {
            match messages::read(bytes) {
                Ok(it) => {
                    self.check_signatures(&it, report);
                    read.push(it);
                }
                Err(error) => {
                    report.note(Check::Signature, "message", Some(false), Some(error.code().to_owned()));
                }
            }
        }
        let (Some(question), [_, answer]) = (question, read.as_slice()) else { return };
        if answer.body.is_err() {
            return;
        }
        let told = answer.answered();
        let holds = told.as_ref().map(|it| *it == hex::encode(eds::sha256(question)));
        let why = match holds {
            Some(true) => None,
            Some(false) => Some("another-question".to_owned()),
            None => Some("bound-by-ids-only".to_owned()),
        };
        report.note(Check::Binding, "answer", holds, why);
    }

    /// Every signature fits, and its certificate is one that the manifest names for it.
    fn check_signatures(&self, read: &Read, report: &mut Report) {
        let side = read.side.as_str();
        let payload = read.payload.as_ref().map(|it| (format!("{side}-payload"), it));
        for (name, signed) in [(format!("{side}-body"), &read.body)].into_iter().chain(payload) {
            let why = match signed {
                Err(error) => Some(error.code().to_owned()),
                Ok(signed) => {
                    let sha256 = hex::encode(eds::sha256(&signed.certificate_der));
                    let named = |it: &CertificateEntry| it.sha256 == sha256 && it.signs.contains(&name);
                    (!self.manifest.certificates.iter().any(named)).then(|| "certificate-unlisted".to_owned())
                }
            };
            report.note(Check::Signature, name, Some(why.is_none()), why);
        }
    }

    /// Judges each certificate that was judged then, for the time of then, by what it was judged by.
    fn check_certificates(&self, report: &mut Report) {
        for entry in &self.manifest.certificates {
            let (holds, why) = match self.judged(entry) {
                // Our own key: the other side asked whether it was revoked, not we.
                Some(Outcome::Valid) if entry.evidence.is_empty() => {
                    (Some(true), Some("revocation-not-asked".to_owned()))
                }
                Some(Outcome::Valid) => (Some(true), None),
                Some(Outcome::Invalid) => (Some(false), Some("invalid".to_owned())),
                Some(Outcome::Indeterminate { .. }) => (None, Some("evidence-missing".to_owned())),
                None => (Some(false), Some("unreadable".to_owned())),
            };
            report.note(Check::Certificate, entry.subject.as_deref().unwrap_or(&entry.file), holds, why);
        }
    }

    fn judged(&self, entry: &CertificateEntry) -> Option<Outcome> {
        let der = self.parts.get(&entry.file).filter(|it| hex::encode(eds::sha256(it)) == entry.sha256)?;
        let certificate = Certificate::parse(der).ok()?;
        let at = self.manifest.judged_at.unwrap_or(self.manifest.made_at);
        let mut evidence = Evidence::default();
        for name in &entry.evidence {
            let what = self.manifest.parts.iter().find(|it| it.file == *name)?.what;
            let bytes = self.parts.get(name)?.clone();
            match what {
                What::Ocsp => evidence.ocsp.push(bytes),
                What::List => evidence.crls.push(bytes),
                What::Authority => evidence.certificates.push(bytes),
                What::Question | What::Answer | What::Certificate | What::Journal | What::Readme => {
                    return None;
                }
            }
        }
        let mut policy = Policy::new(self.trust.clone(), Purpose::GatewayTransport { bin: None });
        if entry.evidence.is_empty() {
            // The authorities above it are those of the other certificates.
            let authorities = self.manifest.parts.iter().filter(|it| it.what == What::Authority);
            evidence.certificates.extend(authorities.filter_map(|it| self.parts.get(&it.file)).cloned());
            policy.revocation = Revocation::NotChecked;
        }
        let mut findings = Findings::default();
        let context = Context { evidence: &evidence, at, policy: &policy };
        eds::judge_certificate(&certificate, &[], &context, &Subject::Signer(0), &mut findings);
        Some(findings.outcome())
    }

    fn check_journal(&self, report: &mut Report) {
        let Some(bytes) = self.part(What::Journal) else { return };
        let journal: Option<Journal> = serde_json::from_slice(bytes).ok();
        let Some((journal, event)) = journal.and_then(|it| it.event().map(|event| (it, event))) else {
            return report.note(Check::Event, "journal.json", Some(false), Some("unreadable".to_owned()));
        };
        let why = if service::codec::hash_of(&event) != event.hash {
            Some("another hash")
        } else if !names(&event.public, &self.manifest.message) {
            Some("another message")
        } else {
            None
        };
        let name = format!("{} {}", event.stream.0, event.version);
        report.note(Check::Event, &name, Some(why.is_none()), why.map(str::to_owned));
        let Some(seal) = &journal.seal else {
            return report.note(Check::Seal, name, None, Some("not-sealed".to_owned()));
        };
        let sealers = self.manifest.certificates.iter().filter(|it| it.signs.iter().any(|it| it == "seal"));
        let mut keys = sealers.filter_map(|it| Certificate::parse(self.parts.get(&it.file)?).ok());
        let (holds, why) = match keys.next() {
            _ if !seal.covers(&event.hash) => (Some(false), Some("another root")),
            Some(key) if seal.is_signed_by(&key) => (Some(true), None),
            Some(_) => (Some(false), Some("signature-wrong")),
            None => (None, Some("certificate-missing")),
        };
        report.note(Check::Seal, name, holds, why.map(str::to_owned));
    }
}

/// Says whether the open part of an event names the message.
fn names(public: &[u8], message: &str) -> bool {
    let public: Option<serde_json::Value> = serde_json::from_slice(public).ok();
    public.is_some_and(|it| it.get("message").and_then(serde_json::Value::as_str) == Some(message))
}

fn read(path: &Path) -> Result<Vec<u8>, PackageError> {
    let failed = |it| PackageError::File(path.to_owned(), it);
    if std::fs::metadata(path).map_err(failed)?.len() > PART_BYTES_MAX {
        return Err(PackageError::TooLarge(path.to_owned()));
    }
    std::fs::read(path).map_err(failed)
}
