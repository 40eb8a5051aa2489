// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mutates real material and hands it to one parser until the time is over; the same seed tries the same bytes.
//!
//! `cargo run -p eds --example fuzz -- --parser cms --seconds 120 [--seed 1] [--corpus DIR]`
//!
//! A panic ends the program and leaves the bytes in a file.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a tool for programmers: it prints and may stop"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eds::{Certificate, Context, Evidence, Kind, Outcome, Policy, Purpose, Revocation, Trust, examine};

const FILES_MAX: usize = 256;
const SEED_BYTES_MAX: usize = 256 * 1024;
const CHANGES_MAX: usize = 6;
/// A document with an empty signature, to begin with where there is no other.
const PDF: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
4 0 obj<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 30]/Contents<3000>>>endobj\nxref\n0 3\n\
0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \ntrailer<</Size 5/Root 1 0 R>>\nstartxref\n193\n%%EOF\n";
const XML: &[u8] =
    b"<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:Signature><ds:SignedInfo/></ds:Signature></a>";
const ARCHIVE: &[u8] = br#"{"version":1,"content":{"form":"attached"},"signature":"MAA=","policy":{},"verdict":{},"evidence":{},"seals":[]}"#;
const INTERESTING: [u8; 14] = [0, 1, 2, 3, 4, 5, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff];

/// A small generator.
struct Steps(u64);

impl Steps {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % below.max(1)
    }

    fn change(&mut self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        let place = self.next(bytes.len());
        let end = (place + 1 + self.next(64)).min(bytes.len());
        match self.next(7) {
            0 => drop(bytes.drain(place.min(end)..end)),
            1 => {
                let piece = bytes.get(place..end).unwrap_or_default().to_vec();
                let to = self.next(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
            2 => {
                let byte = INTERESTING.get(self.next(INTERESTING.len())).copied().unwrap_or_default();
                bytes.get_mut(place).into_iter().for_each(|it| *it = byte);
            }
            3 => {
                let bit = 1u8 << self.next(8);
                bytes.get_mut(place).into_iter().for_each(|it| *it ^= bit);
            }
            4 => bytes.truncate(place.max(1)),
            5 => {
                let other = others.get(self.next(others.len())).map_or(&[][..], Vec::as_slice);
                let from = self.next(other.len());
                let until = (from + self.next(512)).min(other.len());
                let piece = other.get(from..until).unwrap_or_default().to_vec();
                drop(bytes.splice(place.min(end)..end, piece));
            }
            _ => bytes.extend((0..self.next(32)).map(|it| u8::try_from(it).unwrap_or_default())),
        }
    }
}

fn files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|it| it.path()).collect();
    paths.sort();
    for path in paths.into_iter().take(FILES_MAX) {
        if path.is_dir() {
            files(&path, found);
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.len() <= SEED_BYTES_MAX
        {
            found.push(bytes);
        }
    }
}

fn kind(parser: &str) -> Option<Kind> {
    Some(match parser {
        "cms" => Kind::Cms,
        "xml" => Kind::Xml,
        "pdf" => Kind::Pdf,
        "cert" => Kind::Certificate,
        "crl" => Kind::RevocationList,
        "ocsp" => Kind::Ocsp,
        "tsp" => Kind::TimeStamp,
        "archive" => Kind::Archive,
        _ => return None,
    })
}

fn built_in(parser: &str) -> Vec<u8> {
    match parser {
        "pdf" => PDF.to_vec(),
        "xml" => XML.to_vec(),
        "archive" => ARCHIVE.to_vec(),
        "index" => b"EDSCRLI\x01\x30\x06\x30\x00\x04\x02ab".to_vec(),
        _ => vec![0x30, 0x06, 0x30, 0x00, 0x30, 0x00, 0x03, 0x00],
    }
}

/// Hands the bytes to the parser as what they should be; says whether they were found valid.
fn tried(parser: &str, bytes: &[u8], context: &Context<'_>) -> bool {
    let (evidence, at, policy) = (context.evidence, context.at, context.policy);
    match parser {
        "cms" => {
            let given = eds::Content::Detached(b"test123");
            eds::verify_cms(&eds::Content::Attached, bytes, evidence, at, policy).is_valid()
                || eds::verify_cms(&given, bytes, evidence, at, policy).is_valid()
        }
        "xml" => eds::verify_xml(bytes, evidence, at, policy).is_valid(),
        "pdf" => eds::verify_pdf(bytes, evidence, at, policy).is_valid(),
        "cert" => Certificate::parse(bytes).is_ok_and(|it| {
            let mut findings = eds::Findings::default();
            eds::judge_certificate(&it, &[], context, &eds::Subject::Signer(0), &mut findings);
            findings.outcome() == Outcome::Valid
        }),
        "crl" => policy.trust.roots().iter().any(|root| eds::crl::Index::read(bytes, root).is_ok()),
        "archive" => eds::verify_archive(bytes, &policy.trust, at).is_ok_and(|it| it.verdict.is_valid()),
        "index" => eds::crl::Index::from_bytes(bytes).is_ok(),
        _ => {
            let _info = eds::tsp::info(bytes);
            examine(bytes, Some(b"test123"), context).is_some_and(|it| it.verdict.is_valid())
        }
    }
}

fn option(name: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|it| it == name)?;
    arguments.get(place + 1).cloned()
}

fn main() {
    let parser = option("--parser").unwrap_or_else(|| "cms".to_owned());
    let seconds = option("--seconds").and_then(|it| it.parse().ok()).unwrap_or(10);
    let seed = option("--seed").and_then(|it| it.parse().ok()).unwrap_or(20_261_122);
    let shared =
        || std::env::var("QYZMET_SHARED").unwrap_or_else(|_| "../shared".to_owned()) + "/vectors/eds";
    let mut all = Vec::new();
    files(&PathBuf::from(option("--corpus").unwrap_or_else(shared)), &mut all);
    all.push(built_in(&parser));
    let is_root = |it: &&Vec<u8>| Certificate::parse(it).is_ok_and(|it| it.extensions().is_authority);
    let trust = Trust::from_certificates(all.iter().filter(is_root).map(Vec::as_slice)).unwrap_or_default();
    let mut policy = Policy::new(trust, Purpose::AnySignature);
    policy.revocation = Revocation::NotChecked;
    let mut seeds: Vec<Vec<u8>> =
        all.iter().filter(|it| kind(&parser).is_some() && Kind::of(it) == kind(&parser)).cloned().collect();
    seeds.push(built_in(&parser));
    let evidence = Evidence::default();
    let context =
        Context { evidence: &evidence, at: "2021-06-01T00:00:00Z".parse().expect("a time"), policy: &policy };
    let (mut steps, mut tries, mut valid, mut longest) = (Steps(seed), 0u64, 0u64, Duration::ZERO);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        let mut bytes = seeds.get(steps.next(seeds.len())).cloned().unwrap_or_default();
        for _ in 0..=steps.next(CHANGES_MAX) {
            steps.change(&mut bytes, &all);
        }
        let begun = Instant::now();
        let Ok(good) = std::panic::catch_unwind(|| tried(&parser, &bytes, &context)) else {
            std::fs::write("fuzz-panic.bin", &bytes).expect("a file");
            println!("{parser}: a panic after {tries} tries; the bytes are in fuzz-panic.bin");
            std::process::exit(1);
        };
        longest = longest.max(begun.elapsed());
        tries += 1;
        // A change outside what is signed may leave a signature as good as it was.
        valid += u64::from(good);
    }
    println!(
        "{parser}: {tries} tries from {} seeds in {seconds} s, seed {seed}: no panic, longest {longest:?}, still good {valid}",
        seeds.len()
    );
}
