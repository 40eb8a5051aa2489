// SPDX-License-Identifier: MIT OR Apache-2.0
//! Processes that end in the middle of their work: killed at any moment, or ended at each boundary of a commit.
//!
//! A child process commits orders from several threads and says on its output what was acknowledged. The parent ends
//! it, opens the same folder and compares what is there with what was said. Every life goes on where the last ended.

mod child;
mod inspect;

use child::Said;
use inspect::Known;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use store::FailPoint;
use tempfile::TempDir;

const KILLS: u64 = 25;
/// A child is killed after so many acknowledged orders at most.
const ORDERS_BEFORE_KILL_MAX: u64 = 120;
/// At each boundary a child ends the first time it comes there, and once more in the thick of it.
const HITS: [u32; 2] = [1, 9];

#[test]
fn nothing_acknowledged_is_lost_or_done_twice_by_kill_9() {
    let dir = TempDir::new().unwrap();
    let mut known = Known::default();
    let mut random: u64 = 0x51_7a_6d_65_74;
    for life in 1..=KILLS {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let orders = 1 + (random >> 33) % ORDERS_BEFORE_KILL_MAX;
        let (mut process, lines) = start(&dir, life, None);
        let mut done = 0;
        let mut said = Vec::new();
        for line in lines {
            said.push(line);
            done += u64::from(matches!(said.last(), Some(Said::Done { .. })));
            if done == orders {
                // SIGKILL. What the child said before it died is still in the pipe and counts.
                process.kill().unwrap();
            }
        }
        assert!(done >= orders, "life {life} ended by itself: {:?}", process.wait());
        process.wait().unwrap();
        known.check(&dir, life, said);
    }
    println!("{KILLS} kills: {known}");
}

#[test]
fn nothing_acknowledged_is_lost_or_done_twice_at_any_boundary() {
    let dir = TempDir::new().unwrap();
    let mut known = Known::default();
    let mut life = 0;
    for (place, point) in FailPoint::ALL.into_iter().enumerate() {
        for hit in HITS {
            life += 1;
            let (mut process, lines) = start(&dir, life, Some(format!("{place}:{hit}")));
            let said = lines.collect();
            let ended = process.wait().unwrap();
            assert!(ended.code().is_none(), "at {point:?} the child should be ended by a signal: {ended}");
            known.check(&dir, life, said);
        }
    }
    println!("{life} ends at boundaries: {known}");
}

fn start(dir: &TempDir, life: u64, fault: Option<String>) -> (Child, impl Iterator<Item = Said> + use<>) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child::TEST, "--nocapture", "--test-threads=1"])
        .env(child::DIR, dir.path())
        .env(child::LIFE, life.to_string())
        .env(child::FAULT, fault.unwrap_or_default())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output: BufReader<ChildStdout> = BufReader::new(process.stdout.take().unwrap());
    // A last line that was cut off was not said.
    let lines =
        output.split(b'\n').map_while(Result::ok).filter_map(|it| Said::read(&String::from_utf8(it).ok()?));
    (process, lines)
}
