// SPDX-License-Identifier: MIT OR Apache-2.0
//! How long it takes to read and lint every regulation, and what they weigh in memory: `cargo bench -p regulation`.

#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use regulation::{Checked, Severity, check};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often everything is read; the quickest and the middle one are told.
const ROUNDS: usize = 11;
/// What issue and design ask for.
const BUDGET: Duration = Duration::from_millis(100);

fn main() -> Result<(), Box<dyn Error>> {
    let files = files()?;
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let before = resident();
    let kept = read(&files);
    let after = resident();
    let grave = kept.iter().flat_map(|it| &it.diagnostics).filter(|it| it.severity != Severity::Note).count();
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| timed(&files)).collect();
    rounds.sort();
    let quickest = rounds.first().copied().unwrap_or_default();
    let middle = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    println!("regulations: {}, {bytes} bytes, findings: {grave}", files.len());
    println!("read and linted: quickest {quickest:.1?}, median {middle:.1?}, budget {BUDGET:?}");
    println!("resident memory: {before} KiB before, {after} KiB with all of them held");
    // A busy machine only makes it slower: the quickest round is what the program needs.
    if quickest > BUDGET {
        return Err("over the budget".into());
    }
    Ok(())
}

fn files() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../regulations");
    let mut found = Vec::new();
    for service in std::fs::read_dir(root)?.flatten().filter(|it| it.path().is_dir()) {
        for file in std::fs::read_dir(service.path())?.flatten() {
            if file.path().extension().is_some_and(|it| it == "toml") {
                let (service, edition) = (service.file_name(), file.file_name());
                let name = format!("regulations/{}/{}", service.display(), edition.display());
                found.push((name, std::fs::read_to_string(file.path())?));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(files: &[(String, String)]) -> Vec<Checked> {
    files.iter().map(|(name, text)| check(name, text)).collect()
}

fn timed(files: &[(String, String)]) -> Duration {
    let started = Instant::now();
    std::hint::black_box(read(files));
    started.elapsed()
}

/// Resident memory in KiB where the system tells it, else 0.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.and_then(|it| it.split_whitespace().next()).and_then(|it| it.parse().ok()).unwrap_or_default()
}
