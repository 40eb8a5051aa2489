// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes real material and hands it to one parser until the time is over; the same seed tries the same bytes.
//!
//! ```text
//! cargo run -p eds --example fuzz -- --make DIR
//! cargo run -p eds --example fuzz -- --parser cms --seconds 120 [--seed 1] [--corpus DIR] [--state FILE]
//! ```
//!
//! Seconds are those of the processor, so that a busy machine tries no less.
//!
//! `--make` writes a set of signed files of every kind, with openssl. The changes know the tree of DER, the tags of XML and
//! the objects of PDF. Bytes that bring an answer of a new shape are kept and changed further. A panic, a broken
//! promise (what is valid was signed by somebody; a canonical form is its own) or a try of more than five seconds ends
//! the program and leaves the bytes in a file; a crash of the process leaves the state to go on from in `--state`.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "a tool for programmers: it prints and may stop"
)]

mod der;
mod judge;
mod markup;
mod pages;
mod seeds;
mod steps;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use eds::pkcs12::{KeyFileFault, open};
use eds::{Certificate, Context, Evidence, Kind, Policy, Purpose, Revocation, Trust};
use jiff::Timestamp;

use crate::judge::{PARSERS, PASSWORD, kind, tried};
use crate::steps::Steps;

const CHANGES_MAX: usize = 5;
/// Inputs kept because their answer had a new shape.
const KEPT_MAX: usize = 3000;
const KEPT_BYTES_MAX: usize = 64 * 1024;
/// Inputs longer than this are cut.
const INPUT_BYTES_MAX: usize = 1024 * 1024;
const TRY_MAX: Duration = Duration::from_secs(5);
/// Tries between two writings of the state.
const STATE_EVERY: u64 = 512;
const ARCHIVE: &[u8] = br#"{"version":1,"content":{"form":"attached"},"signature":"MAA=","policy":{},"verdict":{},"evidence":{},"seals":[]}"#;

fn built_in(parser: &str) -> Vec<u8> {
    match parser {
        "pdf" | "sign-pdf" => b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R>>\nstartxref\n44\n%%EOF\n".to_vec(),
        "xml" | "c14n" | "sign-xml" | "part-xml" => b"<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:Signature><ds:SignedInfo/></ds:Signature></a>".to_vec(),
        "archive" => ARCHIVE.to_vec(),
        "index" => b"EDSCRLI\x01\x30\x06\x30\x00\x04\x02ab".to_vec(),
        "request" => eds::tsp::request(eds::algorithm::DigestAlgorithm::Sha256, b"x", Some(&[7; 8])).unwrap_or_default(),
        _ => vec![0x30, 0x06, 0x30, 0x00, 0x30, 0x00, 0x03, 0x00],
    }
}

fn option(name: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|it| it == name)?;
    arguments.get(place + 1).cloned()
}

/// A file to begin with, and the time for which it is judged.
#[derive(Clone)]
struct Seed {
    bytes: Vec<u8>,
    at: Timestamp,
}

/// What everything is judged against.
struct Ground {
    parser: String,
    policy: Policy,
    evidence: Evidence,
    all: Vec<Vec<u8>>,
    seeds: Vec<Seed>,
    /// What was signed by somebody.
    signed: HashSet<Vec<u8>>,
}

impl Ground {
    fn new(parser: &str, all: Vec<Vec<u8>>) -> Self {
        let is_root = |it: &&Vec<u8>| Certificate::parse(it).is_ok_and(|it| it.extensions().is_authority);
        let trust =
            Trust::from_certificates(all.iter().filter(is_root).map(Vec::as_slice)).unwrap_or_default();
        let mut policy = Policy::new(trust, Purpose::AnySignature);
        policy.revocation = Revocation::NotChecked;
        let is_ours = |it: &&Vec<u8>| kind(parser).is_none() || Kind::of(it) == kind(parser);
        let mut chosen: Vec<Vec<u8>> = all.iter().filter(is_ours).cloned().collect();
        if let Some(root) = policy.trust.roots().first().filter(|_| parser == "index") {
            let lists = all.iter().filter_map(|it| eds::crl::Index::read(it, root).ok());
            chosen = lists.map(|it| it.to_bytes()).collect();
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
        let evidence = Evidence::default();
        let mut own = Self {
            parser: parser.to_owned(),
            policy,
            evidence,
            all,
            seeds: Vec::new(),
            signed: HashSet::new(),
        };
        let leaves = own.all.iter().filter_map(|it| Certificate::parse(it).ok()).map(|it| it.not_before());
        let times: Vec<Timestamp> = leaves.chain(["2021-06-01T00:00:00Z".parse().expect("a time")]).collect();
        for bytes in chosen {
            let good = times.iter().copied().find_map(|at| {
                let said = own.judged(&Seed { bytes: bytes.clone(), at });
                said.is_valid.then_some((at, said.signed))
            });
            if let Some((_, signed)) = &good {
                own.signed.insert(signed.clone());
            }
            let at = good.map_or("2021-06-01T00:00:00Z".parse().expect("a time"), |it| it.0);
            own.seeds.push(Seed { bytes, at });
        }
        own
    }

    fn judged(&self, seed: &Seed) -> judge::Said {
        let context = Context { evidence: &self.evidence, at: seed.at, policy: &self.policy };
        tried(&self.parser, &seed.bytes, &context)
    }

    fn time(&self, seed: &Seed) -> Duration {
        let begun = worked();
        self.judged(seed);
        worked().saturating_sub(begun)
    }

    fn change(&self, steps: &mut Steps, bytes: &mut Vec<u8>) {
        let aware = match kind(&self.parser) {
            Some(Kind::Xml) => markup::change,
            Some(Kind::Pdf) => pages::change,
            Some(Kind::Archive) => markup_or_bytes,
            None if self.parser == "index" => Steps::bytes,
            Some(_) | None => der::change,
        };
        if steps.next(6) == 0 {
            steps.bytes(bytes, &self.all);
        } else {
            aware(steps, bytes, &self.all);
        }
        bytes.truncate(INPUT_BYTES_MAX);
    }
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

/// How long the processor has worked for this thread; where the system does not tell, how long it has run.
fn worked() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|it| it.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

fn stop(parser: &str, what: &str, bytes: &[u8]) -> ! {
    let name = format!("fuzz-{parser}.bin");
    std::fs::write(&name, bytes).expect("a file");
    println!("{parser}: {what}; the bytes are in {name}");
    std::process::exit(1);
}

fn run(ground: &Ground, seconds: u64, seed: u64) {
    let parser = ground.parser.as_str();
    let state = option("--state");
    let (mut steps, mut tries, mut valid, mut longest) = (Steps(seed), 0u64, 0u64, Duration::ZERO);
    let (mut shapes, mut kept) = (HashSet::new(), Vec::new());
    loop {
        if tries.is_multiple_of(STATE_EVERY) {
            let worked = worked();
            if let Some(file) = &state {
                std::fs::write(file, format!("{tries} tries, {} shapes, {worked:?}", shapes.len()))
                    .expect("a file");
            }
            if worked >= Duration::from_secs(seconds) {
                break;
            }
        }
        let from: &[Seed] = if kept.is_empty() || steps.next(3) == 0 { &ground.seeds } else { &kept };
        let mut input = from[steps.next(from.len())].clone();
        for _ in 0..=steps.next(CHANGES_MAX) {
            ground.change(&mut steps, &mut input.bytes);
        }
        if let Some(file) = option_last() {
            std::fs::write(file, &input.bytes).expect("a file");
        }
        let begun = Instant::now();
        let Ok(said) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ground.judged(&input)))
        else {
            stop(parser, &format!("a panic after {tries} tries"), &input.bytes);
        };
        let took = begun.elapsed();
        longest = longest.max(took);
        // A busy machine makes any try long; the bytes make the processor work long.
        if took > TRY_MAX && ground.time(&input) > TRY_MAX {
            stop(parser, &format!("{took:?} after {tries} tries"), &input.bytes);
        }
        tries += 1;
        valid += u64::from(said.is_valid);
        // A change outside what is signed may leave a signature as good as it was, of the same bytes.
        if said.is_valid
            && parser != "pdf"
            && !said.signed.is_empty()
            && !ground.signed.contains(&said.signed)
        {
            stop(parser, &format!("valid, but nobody signed that; after {tries} tries"), &input.bytes);
        }
        if kept.len() < KEPT_MAX && input.bytes.len() <= KEPT_BYTES_MAX && shapes.insert(said.shape) {
            kept.push(input);
        }
    }
    println!(
        "{parser}: {tries} tries from {} seeds in {seconds} s of one core, seed {seed}: no panic, longest {longest:?}, {} shapes of answers, still good {valid}",
        ground.seeds.len(),
        shapes.len()
    );
}

/// The file that holds the bytes being tried, where one is wanted: a crash of the process leaves them there.
fn option_last() -> Option<&'static str> {
    static LAST: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    LAST.get_or_init(|| option("--last")).as_deref()
}

fn main() {
    if let Some(folder) = option("--make") {
        seeds::make(Path::new(&folder)).expect("openssl makes the set");
        return println!("the set is in {folder}");
    }
    let parser = option("--parser").unwrap_or_else(|| "cms".to_owned());
    assert!(PARSERS.contains(&parser.as_str()), "parsers are {PARSERS:?}");
    let seconds = option("--seconds").and_then(|it| it.parse().ok()).unwrap_or(10);
    let seed = option("--seed").and_then(|it| it.parse().ok()).unwrap_or(20_261_122);
    let shared =
        || std::env::var("QYZMET_SHARED").unwrap_or_else(|_| "../shared".to_owned()) + "/vectors/eds";
    let mut all = Vec::new();
    seeds::files(&PathBuf::from(shared()), &mut all);
    if let Some(folder) = option("--corpus") {
        seeds::files(&PathBuf::from(folder), &mut all);
    }
    run(&Ground::new(&parser, all), seconds, seed);
}
