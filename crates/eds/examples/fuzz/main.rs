// SPDX-License-Identifier: MIT OR Apache-2.0
//! Changes real material and hands it to one parser until the time is over; the same seed tries the same bytes.
//!
//! ```text
//! cargo run -p eds --example fuzz -- --make DIR
//! cargo run -p eds --example fuzz -- --parser cms --seconds 120 [--seed 1] [--corpus DIR] [--state FILE]
//! cargo run -p eds --example fuzz -- --parser small --seconds 3600 --corpus DIR
//! ```
//!
//! `small` is the eleven parsers of which none is worth a long run of its own, in turns: each gets the same time of the
//! processor.
//!
//! Seconds are those of the processor, so that a busy machine tries no less.
//!
//! `--make` writes a set of signed files of every kind, with openssl and its engine of GOST, and ends in an error unless each
//! begins as it should: what was honestly signed is valid, what can be taken for two things is not. The changes know the
//! tree of DER, the tags of XML and the objects of PDF. Bytes that bring an answer of a new shape are kept and changed
//! further. A panic, a broken promise (what is valid was signed by that person at that time; a canonical form is its own) or
//! a try of more than five seconds ends the program and leaves the bytes in a file; a crash of the process leaves the state
//! to go on from in `--state`.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "a tool for programmers: it prints and may stop"
)]

mod der;
mod ground;
mod judge;
mod markup;
mod pages;
mod seeds;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::ground::{Ground, Seed};
use crate::judge::{PARSERS, SMALL};
use crate::steps::Steps;

const CHANGES_MAX: usize = 5;
/// Inputs kept because their answer had a new shape.
const KEPT_MAX: usize = 3000;
const KEPT_BYTES_MAX: usize = 64 * 1024;
const TRY_MAX: Duration = Duration::from_secs(5);
/// Tries between two writings of the state: one turn.
const STATE_EVERY: u64 = 512;

fn option(name: &str) -> Option<String> {
    let arguments: Vec<String> = std::env::args().collect();
    let place = arguments.iter().position(|it| it == name)?;
    arguments.get(place + 1).cloned()
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

/// The run of one parser.
struct Run<'a> {
    ground: Ground<'a>,
    steps: Steps,
    tries: u64,
    valid: u64,
    longest: Duration,
    /// What the processor worked for it.
    spent: Duration,
    shapes: HashSet<String>,
    kept: Vec<Seed>,
}

impl<'a> Run<'a> {
    fn new(ground: Ground<'a>, seed: u64) -> Self {
        Self {
            ground,
            steps: Steps(seed),
            tries: 0,
            valid: 0,
            longest: Duration::ZERO,
            spent: Duration::ZERO,
            shapes: HashSet::new(),
            kept: Vec::new(),
        }
    }

    fn turn(&mut self) {
        let begun = worked();
        for _ in 0..STATE_EVERY {
            self.once();
        }
        self.spent += worked().saturating_sub(begun);
    }

    fn once(&mut self) {
        let (ground, steps) = (&self.ground, &mut self.steps);
        let parser = ground.parser.as_str();
        let from: &[Seed] =
            if self.kept.is_empty() || steps.next(3) == 0 { &ground.seeds } else { &self.kept };
        let mut input = from[steps.next(from.len())].clone();
        for _ in 0..=steps.next(CHANGES_MAX) {
            ground.change(steps, &mut input.bytes);
        }
        if let Some(file) = option_last() {
            std::fs::write(file, &input.bytes).expect("a file");
        }
        let begun = Instant::now();
        let Ok(said) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ground.judged(&input)))
        else {
            stop(parser, &format!("a panic after {} tries", self.tries), &input.bytes);
        };
        let took = begun.elapsed();
        self.longest = self.longest.max(took);
        // A busy machine makes any try long; the bytes make the processor work long.
        if took > TRY_MAX && time(ground, &input) > TRY_MAX {
            stop(parser, &format!("{took:?} after {} tries", self.tries), &input.bytes);
        }
        self.tries += 1;
        self.valid += u64::from(said.is_valid);
        if ground.is_forged(&said) {
            let what = format!("valid, but nobody signed that; after {} tries", self.tries);
            stop(parser, &what, &input.bytes);
        }
        if self.kept.len() < KEPT_MAX && input.bytes.len() <= KEPT_BYTES_MAX && self.shapes.insert(said.shape)
        {
            self.kept.push(input);
        }
    }

    fn state(&self) -> String {
        let parser = &self.ground.parser;
        format!("{parser}: {} tries, {} shapes, {:?}\n", self.tries, self.shapes.len(), self.spent)
    }

    fn report(&self, seed: u64) {
        println!(
            "{}: {} tries from {} seeds in {} s of one core, seed {seed}: no panic, longest {:?}, {} shapes of answers, still good {}",
            self.ground.parser,
            self.tries,
            self.ground.seeds.len(),
            self.spent.as_secs(),
            self.longest,
            self.shapes.len(),
            self.valid
        );
    }
}

/// How long the processor works for one try.
fn time(ground: &Ground<'_>, seed: &Seed) -> Duration {
    let begun = worked();
    ground.judged(seed);
    worked().saturating_sub(begun)
}

/// Returns the run whose turn it is: the one that had least of the processor.
fn next<'r, 'a>(runs: &'r mut [Run<'a>]) -> Option<&'r mut Run<'a>> {
    runs.iter_mut().min_by_key(|it| (it.spent, it.tries))
}

fn run(runs: &mut [Run<'_>], seconds: u64) {
    let state = option("--state");
    while worked() < Duration::from_secs(seconds) {
        if let Some(file) = &state {
            let told: Vec<String> = runs.iter().map(Run::state).collect();
            std::fs::write(file, told.concat()).expect("a file");
        }
        let Some(next) = next(runs) else { return };
        next.turn();
    }
}

/// The file that holds the bytes being tried, where one is wanted: a crash of the process leaves them there.
fn option_last() -> Option<&'static str> {
    static LAST: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    LAST.get_or_init(|| option("--last")).as_deref()
}

fn main() {
    if let Some(folder) = option("--make") {
        let folder = Path::new(&folder);
        seeds::make(folder).expect("openssl, with the engine gost, makes the set");
        let unlike = ground::unlike(folder);
        assert!(unlike.is_empty(), "these do not begin as they should: {unlike:?}");
        return println!("the set is in {}", folder.display());
    }
    let parser = option("--parser").unwrap_or_else(|| "cms".to_owned());
    let chosen = if parser == "small" { SMALL.to_vec() } else { vec![parser.as_str()] };
    assert!(chosen.iter().all(|it| PARSERS.contains(it)), "parsers are small (in turns) and {PARSERS:?}");
    let seconds = option("--seconds").and_then(|it| it.parse().ok()).unwrap_or(10);
    let seed = option("--seed").and_then(|it| it.parse().ok()).unwrap_or(20_261_122);
    let shared =
        || std::env::var("QYZMET_SHARED").unwrap_or_else(|_| "../shared".to_owned()) + "/vectors/eds";
    let mut all = Vec::new();
    seeds::files(&PathBuf::from(shared()), &mut all);
    if let Some(folder) = option("--corpus") {
        seeds::files(&PathBuf::from(folder), &mut all);
    }
    let mut runs: Vec<Run<'_>> = chosen.into_iter().map(|it| Run::new(Ground::new(it, &all), seed)).collect();
    run(&mut runs, seconds);
    for run in &runs {
        run.report(seed);
    }
}
