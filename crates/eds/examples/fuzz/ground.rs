// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one parser begins with and is judged against.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use eds::pkcs12::{KeyFileFault, open};
use eds::{Certificate, Context, Evidence, Kind, Policy, Purpose, Revocation, Trust};
use jiff::Timestamp;

use crate::judge::{PASSWORD, Said, kind, tried};
use crate::seeds::{Begins, files, made};
use crate::steps::Steps;
use crate::{der, markup, pages};

/// Inputs longer than this are cut.
const INPUT_BYTES_MAX: usize = 1024 * 1024;
/// When real material was in term.
const EARLIER: &str = "2021-06-01T00:00:00Z";
const ARCHIVE: &[u8] = br#"{"version":1,"content":{"form":"attached"},"signature":"MAA=","policy":{},"verdict":{},"evidence":{},"seals":[]}"#;

fn built_in(parser: &str) -> Vec<u8> {
    match parser {
        "pdf" | "sign-pdf" => b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R>>\nstartxref\n44\n%%EOF\n".to_vec(),
        "xml" | "c14n" | "sign-xml" | "part-xml" => b"<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:Signature><ds:SignedInfo/></ds:Signature></a>".to_vec(),
        "archive" => ARCHIVE.to_vec(),
        "index" => b"EDSCRLI\x02\x30\x06\x30\x00\x04\x02ab".to_vec(),
        "request" => eds::tsp::request(eds::algorithm::DigestAlgorithm::Sha256, b"x", Some(&[7; 8])).unwrap_or_default(),
        _ => vec![0x30, 0x06, 0x30, 0x00, 0x30, 0x00, 0x03, 0x00],
    }
}

/// A file to begin with, the time for which it is judged, and whether revocation is asked about.
#[derive(Clone)]
pub(crate) struct Seed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: Timestamp,
    pub(crate) asks: bool,
}

/// What everything is judged against.
pub(crate) struct Ground<'a> {
    pub(crate) parser: String,
    policy: Policy,
    /// The same where revocation is asked about: what lies inside must answer.
    asking: Policy,
    evidence: Evidence,
    all: &'a [Vec<u8>],
    pub(crate) seeds: Vec<Seed>,
    /// What was signed by somebody.
    signed: HashSet<Vec<u8>>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(parser: &str, all: &'a [Vec<u8>]) -> Self {
        let is_root = |it: &&Vec<u8>| Certificate::parse(it).is_ok_and(|it| it.extensions().is_authority);
        let trust =
            Trust::from_certificates(all.iter().filter(is_root).map(Vec::as_slice)).unwrap_or_default();
        let asking = Policy::new(trust, Purpose::AnySignature);
        let policy = Policy { revocation: Revocation::NotChecked, ..asking.clone() };
        let chosen = chosen(parser, all, &policy.trust);
        let earlier: Timestamp = EARLIER.parse().expect("a time");
        let mut own = Self {
            parser: parser.to_owned(),
            policy,
            asking,
            evidence: Evidence::default(),
            all,
            seeds: Vec::new(),
            signed: HashSet::new(),
        };
        let inside = all.iter().filter_map(|it| eds::certificates(it).ok()).flatten();
        let known = all.iter().filter_map(|it| Certificate::parse(it).ok()).chain(inside);
        let times: BTreeSet<Timestamp> = known.map(|it| it.not_before()).chain([earlier]).collect();
        for bytes in chosen {
            let mut seed = Seed { bytes, at: earlier, asks: false };
            let mut is_found = false;
            for (asks, at) in
                [true, false].into_iter().flat_map(|asks| times.iter().map(move |at| (asks, *at)))
            {
                let said = own.judged(&Seed { at, asks, ..seed.clone() });
                // Somebody signed that even where another signer of the file is not valid.
                own.signed.extend(said.signed);
                if said.is_valid && !is_found {
                    (seed.at, seed.asks, is_found) = (at, asks, true);
                }
            }
            own.seeds.push(seed);
        }
        own
    }

    /// Judges a seed or what became of it.
    pub(crate) fn judged(&self, seed: &Seed) -> Said {
        let policy = if seed.asks { &self.asking } else { &self.policy };
        tried(&self.parser, &seed.bytes, &Context { evidence: &self.evidence, at: seed.at, policy })
    }

    /// Returns whether it was found valid and is nothing that somebody signed. A change outside what is signed may leave a
    /// signature as good as it was, of the same bytes.
    pub(crate) fn is_forged(&self, said: &Said) -> bool {
        said.is_valid && said.signed.iter().any(|it| !self.signed.contains(it))
    }

    pub(crate) fn change(&self, steps: &mut Steps, bytes: &mut Vec<u8>) {
        let aware = match kind(&self.parser) {
            Some(Kind::Xml) => markup::change,
            Some(Kind::Pdf) => pages::change,
            Some(Kind::Archive) => markup_or_bytes,
            None if self.parser == "index" => Steps::bytes,
            Some(_) | None => der::change,
        };
        if steps.next(6) == 0 {
            steps.bytes(bytes, self.all);
        } else {
            aware(steps, bytes, self.all);
        }
        bytes.truncate(INPUT_BYTES_MAX);
    }

    /// Returns whether the file is a seed that begins so.
    fn holds(&self, bytes: &[u8], begins: Begins) -> bool {
        let Some(seed) = self.seeds.iter().find(|it| it.bytes == bytes) else { return false };
        let is_valid = self.judged(seed).is_valid;
        match begins {
            Begins::Valid => is_valid,
            Begins::WithEvidence => is_valid && seed.asks,
            Begins::Refused => !is_valid,
        }
    }
}

/// Returns the files that this parser begins with.
fn chosen(parser: &str, all: &[Vec<u8>], trust: &Trust) -> Vec<Vec<u8>> {
    let is_ours = |it: &&Vec<u8>| kind(parser).is_none() || Kind::of(it) == kind(parser);
    let mut chosen: Vec<Vec<u8>> = all.iter().filter(is_ours).cloned().collect();
    if parser == "index" {
        let lists = trust.roots().iter().flat_map(|root| all.iter().map(move |it| (it, root)));
        let read = lists.filter_map(|(it, root)| eds::crl::Index::read(it, root).ok());
        chosen = read.map(|it| it.to_bytes()).collect();
    }
    if parser == "pkcs12" {
        chosen.retain(|it| !matches!(open(it, PASSWORD), Err(KeyFileFault::Malformed)));
    }
    if parser == "cert" {
        // What lies inside signatures may come out of them again.
        let inside = all.iter().filter_map(|it| eds::certificates(it).ok()).flatten();
        chosen.extend(inside.map(|it| it.der().to_vec()));
    }
    chosen.push(built_in(parser));
    chosen
}

/// Returns the files of the set in a folder that do not begin as they should.
pub(crate) fn unlike(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    files(folder, &mut all);
    let made = made();
    let parsers: BTreeSet<&str> = made.iter().map(|it| it.1).collect();
    let mut unlike = Vec::new();
    for parser in parsers {
        let ground = Ground::new(parser, &all);
        for (name, _, begins) in made.iter().filter(|it| it.1 == parser) {
            let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
            if !ground.holds(&bytes, *begins) {
                unlike.push(format!("{name} ({begins:?})"));
            }
        }
    }
    unlike
}

/// Changes of JSON: its strings and numbers are pieces between quotes and commas.
fn markup_or_bytes(steps: &mut Steps, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return steps.bytes(bytes, others) };
    let mut pieces: Vec<String> =
        text.split_inclusive([',', ':', '{', '}', '[', ']']).map(str::to_owned).collect();
    if pieces.is_empty() {
        return;
    }
    let (one, two) = (steps.next(pieces.len()), steps.next(pieces.len()));
    match steps.next(5) {
        0 => drop(pieces.remove(one)),
        1 => pieces.swap(one, two),
        2 => {
            let other = pieces[two].clone();
            pieces[one] = other;
        }
        3 => {
            let words = ["null,", "\"\",", "[]", "{}", "-1,", "1e99,", "18446744073709551616,", "\"AA==\","];
            steps.of(&words).unwrap_or_default().clone_into(&mut pieces[one]);
        }
        _ => return steps.bytes(bytes, others),
    }
    *bytes = pieces.concat().into_bytes();
}
