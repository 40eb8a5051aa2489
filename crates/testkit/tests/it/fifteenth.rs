// SPDX-License-Identifier: MIT OR Apache-2.0
//! A fifteenth service is one file: an invented one, of which no line of Rust knows, runs to every end by every channel.

use regulation::{Proof, Severity, check, coverage, parse, render};
use testkit::script;

const NAME: &str = "crates/testkit/tests/fifteenth/2026.toml";
const TEXT: &str = include_str!("../fifteenth/2026.toml");

const OFFICE: &str = "12:00 office accepts
12:05 head instructs executor-1 | Қараңыз
12:10 executor-1";

/// Where the application comes in, on what medium, what happens before the office, the proposal, how the office gives out,
/// and what follows.
type Way = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PORTAL: &str = "10:00 applicant opens\n10:01 applicant fills days=3\n10:02 applicant signs valid";
const CENTER: &str = "10:00 operator opens\n10:01 operator fills days=3\n10:02 register gbd-fl found
10:03 operator scans all\n10:04 operator signs valid";
const AT_OFFICE: &str = "10:00 office opens days=3 instrument=other";
const COURIER: &str = "15:00 office dispatches | Курьер (ойдан шығарылған)
16:00 operator hands-over | Өтініш беруші | жеке куәлік";
const IN_HAND: &str = "15:00 office hands-over | Өтініш беруші | жеке куәлік";
const GRANTS: &str = "grants";
const REFUSES: &str = "refuses quiet-street | Көше тыныш";

const WAYS: [Way; 6] = [
    ("portal", "electronic", PORTAL, GRANTS, "15:00 office dispatches"),
    ("portal", "electronic", PORTAL, REFUSES, "15:00 office dispatches"),
    ("center", "paper", CENTER, GRANTS, COURIER),
    ("center", "paper", CENTER, REFUSES, COURIER),
    ("provider", "paper", AT_OFFICE, GRANTS, IN_HAND),
    ("provider", "paper", AT_OFFICE, REFUSES, IN_HAND),
];

/// Ends before there is an office.
const EARLY: [(&str, &str); 3] = [
    ("portal", "10:00 applicant signs-in refused"),
    ("portal", "10:00 applicant opens\n10:01 applicant fills\n10:02 applicant signs invalid revoked"),
    ("center", "10:00 operator opens\n10:01 operator fills\n10:02 register gbd-fl none"),
];

fn head(by: &str, medium: &str) -> String {
    format!(
        "title: т\nregulation: {NAME}\nprovider: abai-education\nby: {by}\nmedium: {medium}\n\n2026-11-23 "
    )
}

fn played() -> Vec<String> {
    let whole = WAYS.iter().map(|(by, medium, before, proposal, after)| {
        let signs = if *by == "provider" { "signs-by-hand" } else { "signs" };
        format!("{}{before}\n{OFFICE} {proposal}\n14:40 head {signs}\n{after}\n", head(by, medium))
    });
    let early = EARLY.iter().map(|(by, lines)| format!("{}{lines}\n", head(by, "electronic")));
    whole.chain(early).map(|it| script::play(&it).unwrap_or_else(|why| format!("{why}\n{it}"))).collect()
}

#[test]
fn its_file_is_all_that_the_lint_asks_for() {
    let found: Vec<_> =
        check(NAME, TEXT).diagnostics.into_iter().filter(|it| it.severity != Severity::Note).collect();
    assert!(found.is_empty(), "{}", render(&found, NAME, TEXT, false));
}

#[test]
fn it_runs_to_every_end_by_every_channel() {
    let played = played();
    let proofs: Vec<Proof> = played.iter().filter_map(|it| Proof::read("fifteenth", it)).collect();
    let table = coverage(&[parse(NAME, TEXT).unwrap()], &proofs);
    assert!(table.empty().is_empty(), "{:#?}\n{}", table.empty(), played.join("\n"));
    let refused: Vec<&str> =
        played.iter().flat_map(|it| it.lines()).filter(|it| it.contains("ҚАБЫЛДАНБАДЫ")).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn its_fee_is_worked_out_and_its_paper_is_named() {
    let played = played();
    assert!(played[0].contains("дайындалды: «Рұқсат»"), "{}", played[0]);
    assert!(played[0].contains("days * rate.mci = 3 * 4325 = 12975"), "{}", played[0]);
}
