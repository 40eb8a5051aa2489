// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet calendar explain`: output and exit status.

use std::process::{Command, Output};

fn explain(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qyzmet")).args(["calendar", "explain"]).args(args).output().unwrap()
}

#[test]
fn a_term_filed_on_a_friday_evening_tells_every_day() {
    let output = explain(&["--from", "2026-12-11T19:16", "--norm", "3 working-days", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(0));
    let expected = "\
Norm: 3 working days
Education Department of Abai District
five-day week, 09:00–18:30, break 13:00–14:30

Start: 2026-12-11 Fri 19:16:00
Came outside working hours, counted from: 2026-12-14 Mon 09:00:00
2026-12-12 Sat  not counted: Saturday (working week of the organisation)
2026-12-13 Sun  not counted: Sunday (working week of the organisation)
2026-12-14 Mon  the day of acceptance is not counted
2026-12-15 Tue  day 1
2026-12-16 Wed  not counted: Independence Day (Law No. 267-II of 13 December 2001 on holidays)
2026-12-17 Thu  day 2
2026-12-18 Fri  day 3
2026-12-18 Fri  the last day ends at the close: 18:30

Due: 2026-12-18 Fri 18:30:00
Calendar: kz, 2026-11-21
";
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn the_default_language_is_kazakh_and_an_instant_is_the_same_moment() {
    let local = explain(&["--from", "2024-02-28T12:00", "--norm", "2 working-days"]);
    let instant = explain(&["--from", "2024-02-28T06:00:00Z", "--norm", "2 working-days"]);
    assert_eq!(local.stdout, instant.stdout);
    assert!(String::from_utf8(local.stdout).unwrap().contains("Мерзімі: 2024-03-01 жм 18:30:00"));
}

#[test]
fn the_six_day_week_of_the_center_works_on_saturday() {
    let office = ["--office", "karaganda-corporation", "--lang", "ru"];
    let output = explain(&[["--from", "2026-11-20T10:00", "--norm", "1 working-days"], office].concat());
    assert!(String::from_utf8(output.stdout).unwrap().contains("Срок истекает: 2026-11-21 сб 20:00:00"));
}

#[test]
fn wrong_usage_exits_with_2_and_names_what_there_is() {
    let output = explain(&["--from", "2026-11-20T10:00", "--norm", "1 working-days", "--office", "none"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("one of: abai-education, osakarov-education"));
    let output = explain(&["--from", "yesterday", "--norm", "soon"]);
    assert_eq!(output.status.code(), Some(2));
}
