// SPDX-License-Identifier: MIT OR Apache-2.0
//! The same judge, changes and files under libFuzzer, led by coverage: the root of the crate in `../../fuzz`.
//!
//! ```text
//! cd crates/eds/fuzz
//! PARSER=cms FILES=DIR:DIR LAY_OUT=INPUTS cargo run --release
//! PARSER=cms FILES=DIR:DIR cargo run --release -- -max_total_time=3600 -max_len=300000 -print_final_stats=1 INPUTS
//! ```
//!
//! `FILES` are folders of `--make` and of real material. The first byte of an input says for which time it is judged and
//! whether revocation is asked about; the rest is the file.
#![no_main]
#![allow(dead_code, reason = "the example prints and makes what is only read here")]

mod der;
mod ground;
mod judge;
mod markup;
mod pages;
mod seeds;
mod steps;

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

use crate::ground::{Ground, Seed};
use crate::steps::Steps;

const CHANGES_MAX: usize = 5;

/// What the environment asks for: the parser and the files.
struct Begun {
    ground: Ground<'static>,
    /// Times and whether revocation is asked about, by the first byte.
    ways: Vec<Seed>,
}

static BEGUN: LazyLock<Begun> = LazyLock::new(|| {
    let parser = std::env::var("PARSER").expect("PARSER names a parser");
    let mut all = Vec::new();
    for folder in std::env::var("FILES").expect("FILES names folders").split(':') {
        seeds::files(Path::new(folder), &mut all);
    }
    let ground = Ground::new(&parser, Vec::leak(all));
    let mut ways: Vec<Seed> = Vec::new();
    for seed in &ground.seeds {
        if !ways.iter().any(|it| is_judged_like(it, seed)) {
            ways.push(seed.clone());
        }
    }
    Begun { ground, ways }
});

fn is_judged_like(one: &Seed, other: &Seed) -> bool {
    (one.at, one.asks) == (other.at, other.asks)
}

impl Begun {
    fn input(&self, data: &[u8]) -> Option<Seed> {
        let (way, bytes) = data.split_first()?;
        let way = self.ways.get(usize::from(*way) % self.ways.len())?;
        Some(Seed { bytes: bytes.to_vec(), ..way.clone() })
    }
}

/// Writes what to begin with, where that is asked for, and ends.
fn lay_out(folder: &Path) -> ! {
    for (number, seed) in BEGUN.ground.seeds.iter().enumerate() {
        let way = BEGUN.ways.iter().position(|it| is_judged_like(it, seed)).unwrap_or_default();
        let way = u8::try_from(way).expect("fewer than 256 ways");
        std::fs::write(folder.join(format!("seed-{number}")), [&[way][..], &seed.bytes].concat())
            .expect("a file");
    }
    std::process::exit(0);
}

fuzz_target!(
    init: {
        if let Ok(folder) = std::env::var("LAY_OUT") {
            lay_out(Path::new(&folder));
        }
    },
    |data: &[u8]| {
        let Some(input) = BEGUN.input(data) else { return };
        let said = BEGUN.ground.judged(&input);
        assert!(!BEGUN.ground.is_forged(&said), "valid, but nobody signed that");
    }
);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut steps = Steps(u64::from(seed) << 20 | 0x5eed);
    if size < 2 || steps.next(8) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut bytes = data[1..size].to_vec();
    for _ in 0..=steps.next(CHANGES_MAX) {
        BEGUN.ground.change(&mut steps, &mut bytes);
    }
    bytes.truncate(max_size - 1);
    data[1..=bytes.len()].copy_from_slice(&bytes);
    bytes.len() + 1
});
