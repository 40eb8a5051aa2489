// SPDX-License-Identifier: MIT OR Apache-2.0
//! Checking a package offline.

mod certificates;

use super::journal::Journal;
use super::manifest::{CertificateEntry, FILE, FORMAT, Manifest, What};
use super::messages::{self, Read, Side};
use super::parts::{self, Parts};
use super::{PARTS_MAX, PackageError};
use eds::{Certificate, Trust, oids};
use jiff::SignedDuration;
use serde::Serialize;
use service::ports::store::StoredEvent;
use std::path::Path;

/// Difference of clocks that is forgiven.
const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The hashes of the roots were confirmed, and none is of a development authority.
    Roots,
    /// A part is there, once, under its name and with its digest.
    Part,
    /// The folder holds nothing that the manifest does not name.
    Unlisted,
    /// A signature fits the message.
    Signature,
    /// The answer names the question; what is ours beside a message that came in is of its chain.
    Binding,
    /// There is a message, and one has the id that the package tells of.
    Message,
    /// The time for which certificates are judged fits what the messages and the event say.
    Time,
    /// A certificate was valid when the message came, and is of a system, or of a person of a named organisation.
    Certificate,
    /// The event has the hash of its content and names the message.
    Event,
    /// The event is in a seal, and the seal is signed by the system whose message of ours is in the package.
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

    /// Says whether nothing but the roots keeps the package from proving what it says: it proves nothing outside a test.
    pub fn is_of_a_test(&self) -> bool {
        let shown = |it: &Finding| it.holds == Some(true) || it.check == Check::Roots;
        self.holds().is_none() && self.findings.iter().all(shown)
    }

    /// Says whether the organisation is to be named for which a person signed.
    pub fn lacks_peer(&self) -> bool {
        self.findings.iter().any(|it| it.why.as_deref() == Some(certificates::PEER_NOT_NAMED))
    }

    pub(super) fn note(
        &mut self,
        check: Check,
        of: impl Into<String>,
        holds: Option<bool>,
        why: Option<String>,
    ) {
        self.findings.push(Finding { check, of: of.into(), holds, why });
    }
}

/// Checks a package under these roots; nothing is fetched. `peers` are the BINs of the organisations whose keys the other
/// side's had to be, where they are known: without them nobody but systems signs.
pub fn verify(folder: &Path, trust: &Trust, peers: &[String]) -> Result<Report, PackageError> {
    let path = folder.join(FILE);
    let manifest: Manifest = serde_json::from_slice(&parts::file(&path)?)
        .ok()
        .filter(|it: &Manifest| it.format == FORMAT && it.parts.len() <= PARTS_MAX)
        .ok_or(PackageError::Manifest(path))?;
    let mut report = Report { message: manifest.message.clone(), findings: Vec::new() };
    let parts = parts::read(folder, &manifest, &mut report)?;
    let question = message(&parts, Side::Question, &mut report);
    let answer = message(&parts, Side::Answer, &mut report);
    let own = match (&question, &answer) {
        (Some(arrived), None) => in_the_chain_of(arrived, &parts),
        (None, _) | (_, Some(_)) => None,
    };
    let package = Package { manifest: &manifest, parts: &parts, trust, peers, question, answer, own };
    package.check_roots(&mut report);
    package.check_messages(&mut report);
    package.check_time(&mut report);
    package.check_certificates(&mut report);
    package.check_journal(&mut report);
    Ok(report)
}

fn message(parts: &Parts, side: Side, report: &mut Report) -> Option<Read> {
    let read = messages::read(parts.get(&side.what().file(""))?);
    let (check, why) = match read {
        Ok(it) if it.side == side => return Some(it),
        Ok(_) => (Check::Message, "another-side"),
        Err(error) => (Check::Signature, error.code()),
    };
    report.note(check, side.as_str(), Some(false), Some(why.to_owned()));
    None
}

/// Returns the message of ours that lies beside one that came in, if it is of its chain and was accepted before by the one
/// who signed it: nobody can make that afterwards.
fn in_the_chain_of(arrived: &Read, parts: &Parts) -> Option<Read> {
    let sent = parts.get(&What::Own.file(""))?;
    let own = messages::read(sent).ok().filter(|it| it.body.is_ok())?;
    let receipt = messages::read(parts.get(&What::Receipt.file(""))?).ok()?;
    let signer = &arrived.body.as_ref().ok()?.certificate_der;
    let theirs = receipt.body.as_ref().is_ok_and(|it| it.certificate_der == *signer);
    let names = receipt.answered()? == hex::encode(eds::sha256(sent));
    let accepts = receipt.side == Side::Answer && receipt.ids.iter().any(|it| own.ids.contains(it));
    let same = own.chain.is_some() && own.chain == arrived.chain;
    let before = receipt.at?.duration_since(arrived.at?) <= CLOCK_SKEW_MAX;
    (theirs && names && accepts && same && before).then_some(own)
}

struct Package<'a> {
    manifest: &'a Manifest,
    parts: &'a Parts,
    trust: &'a Trust,
    /// The BINs of the organisations whose keys the other side's had to be; none if they are not known.
    peers: &'a [String],
    question: Option<Read>,
    answer: Option<Read>,
    /// The message of ours beside one that came in.
    own: Option<Read>,
}

impl Package<'_> {
    /// Returns the part of a kind of which there is one.
    fn part(&self, what: What) -> Option<&[u8]> {
        self.parts.get(&what.file("")).map(Vec::as_slice)
    }

    /// Returns what our side signed.
    fn ours(&self) -> Option<&Read> {
        match (&self.question, &self.answer) {
            (Some(question), Some(_)) => Some(question),
            (None, _) | (_, None) => self.own.as_ref(),
        }
    }

    /// Returns what the other side signed.
    fn theirs(&self) -> Option<&Read> {
        self.answer.as_ref().or(self.question.as_ref())
    }

    /// Says whether a certificate is that of the system whose message of ours is here, or its other one.
    fn is_our_system(&self, certificate: &Certificate) -> bool {
        let Some(Ok(signed)) = self.ours().map(|it| &it.body) else { return false };
        signed.certificate_der == certificate.der()
            || Certificate::parse(&signed.certificate_der).is_ok_and(|it| is_same_system(&it, certificate))
    }

    fn check_roots(&self, report: &mut Report) {
        let why = (!self.trust.is_confirmed()).then(|| "roots-unconfirmed".to_owned());
        report.note(Check::Roots, "roots", why.is_none().then_some(true), why);
    }

    fn check_messages(&self, report: &mut Report) {
        for read in self.question.iter().chain(&self.answer) {
            self.check_signatures(read, report);
        }
        self.check_binding(report);
        if self.part(What::Own).is_some() || self.part(What::Receipt).is_some() {
            let why = self.own.is_none().then(|| "another-chain".to_owned());
            // An honest one may be the later one, or of another key of the other side.
            report.note(Check::Binding, "own", why.is_none().then_some(true), why);
        }
        let mut read = self.question.iter().chain(&self.answer).peekable();
        let why = if read.peek().is_none() {
            Some("no-message")
        } else if read.any(|it| it.ids.contains(&self.manifest.message)) {
            None
        } else {
            Some("another-message")
        };
        report.note(Check::Message, &self.manifest.message, Some(why.is_none()), why.map(str::to_owned));
    }

    fn check_binding(&self, report: &mut Report) {
        let (Some(question), Some(answer)) = (self.part(What::Question), &self.answer) else { return };
        if self.question.is_none() || answer.body.is_err() {
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

    /// The manifest is not signed: the time that it names lies between the messages and the event, or nothing is decided, for
    /// clocks differ. Evidence speaks about its own time alone.
    fn check_time(&self, report: &mut Report) {
        let Some(at) = self.manifest.judged_at else {
            return report.note(Check::Time, "judged_at", None, Some("not-judged".to_owned()));
        };
        let made = self.question.iter().chain(&self.answer).filter_map(|it| it.at).max();
        let early = made.is_some_and(|it| it.duration_since(at) > CLOCK_SKEW_MAX);
        let told = self.journal().map(|(_, event)| event.at);
        let late = told.is_some_and(|it| at.duration_since(it) > CLOCK_SKEW_MAX);
        let why = (early || late).then(|| "another-time".to_owned());
        report.note(Check::Time, "judged_at", why.is_none().then_some(true), why);
    }

    fn journal(&self) -> Option<(Journal, StoredEvent)> {
        let journal: Journal = serde_json::from_slice(self.part(What::Journal)?).ok()?;
        let event = journal.event()?;
        Some((journal, event))
    }

    fn check_journal(&self, report: &mut Report) {
        if self.part(What::Journal).is_none() {
            return;
        }
        let Some((journal, event)) = self.journal() else {
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
        let mut keys = sealers.filter_map(|it| self.certificate(it));
        let (holds, why) = match keys.next() {
            _ if !seal.covers(&event.hash) => (Some(false), Some("another root")),
            Some(key) if !seal.is_signed_by(&key) => (Some(false), Some("signature-wrong")),
            Some(key) if self.is_our_system(&key) => (Some(true), None),
            // Any system could seal what it invents.
            Some(_) => (None, Some("sealer-not-shown")),
            None => (None, Some("certificate-missing")),
        };
        report.note(Check::Seal, name, holds, why.map(str::to_owned));
    }
}

/// Says whether both certificates are of one system: an organisation may have several.
fn is_same_system(one: &Certificate, other: &Certificate) -> bool {
    let names = |it: &Certificate| {
        let name = it.subject().first(&oids::COMMON_NAME)?.to_owned();
        Some((it.subject().bin().one()?.to_owned(), name))
    };
    names(one).is_some_and(|it| Some(it) == names(other))
}

/// Says whether the open part of an event names the message.
fn names(public: &[u8], message: &str) -> bool {
    let public: Option<serde_json::Value> = serde_json::from_slice(public).ok();
    public.is_some_and(|it| it.get("message").and_then(serde_json::Value::as_str) == Some(message))
}
