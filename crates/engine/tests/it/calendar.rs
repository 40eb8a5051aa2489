// SPDX-License-Identifier: MIT OR Apache-2.0
//! Days off, counted.

use engine::{Calendar, Organization, Week, calendar::DayKind};
use jiff::civil::{Date, date};
use testkit::Desk;

fn desk() -> Desk {
    Desk::guardianship().unwrap_or_else(|why| panic!("{why}"))
}

/// Days off on weekdays of the five-day week as facts/gateway.md §6 lists them, written down again by hand.
const WEEKDAYS_OFF: [(i16, &str); 4] = [
    (2024, "1-1 1-2 3-8 3-21 3-22 3-25 5-1 5-7 5-8 5-9 7-8 8-30 10-25 12-16"),
    (2025, "1-1 1-2 1-3 1-7 3-10 3-21 3-24 3-25 5-1 5-7 5-9 6-6 7-7 9-1 10-27 12-16"),
    (2026, "1-1 1-2 1-7 3-9 3-23 3-24 3-25 5-1 5-7 5-11 5-27 7-6 10-26 12-16"),
    (2027, "1-1 1-4 1-7 3-8 3-15 3-22 3-23 3-24 5-3 5-7 5-10 7-6 10-25 12-16"),
];

#[test]
fn every_year_has_as_many_working_days_as_the_source_counts() {
    let calendar = desk().calendar;
    assert_eq!(calendar.five_day_counts.len(), 16);
    for (year, count) in &calendar.five_day_counts {
        assert_eq!(calendar.working_days(Week::FiveDay, *year), *count, "{year}");
    }
}

#[test]
fn weekdays_off_of_2024_to_2027_are_those_of_the_facts() {
    let calendar = desk().calendar;
    for (year, expected) in WEEKDAYS_OFF {
        let off: Vec<String> = calendar
            .days_off(Week::FiveDay, year)
            .filter(|it| it.date.weekday().to_monday_one_offset() < 6)
            .map(|it| format!("{}-{}", it.date.month(), it.date.day()))
            .collect();
        assert_eq!(off.join(" "), expected, "{year}");
    }
}

#[test]
fn the_substituted_day_of_2020_was_moved_to_the_eighth_of_may() {
    let calendar = desk().calendar;
    assert!(!calendar.is_working(Week::FiveDay, date(2020, 5, 8)));
    assert!(calendar.is_working(Week::FiveDay, date(2020, 5, 11)));
    assert!(calendar.is_working(Week::SixDay, date(2020, 5, 8)));
}

#[test]
fn a_swapped_saturday_is_worked() {
    let calendar = desk().calendar;
    assert!(calendar.is_working(Week::FiveDay, date(2024, 5, 4)));
    assert!(!calendar.is_working(Week::FiveDay, date(2024, 5, 8)));
    // Saturday is worked in a six-day week anyway: nothing is moved.
    assert!(calendar.is_working(Week::SixDay, date(2024, 5, 8)));
}

#[test]
fn the_six_day_week_substitutes_sundays_only() {
    let calendar = desk().calendar;
    let substituted: Vec<(Date, Date)> = calendar
        .days_off(Week::SixDay, 2026)
        .filter_map(|it| match it.kind {
            DayKind::Substitute { of } => Some((of, it.date)),
            DayKind::Holiday | DayKind::NoSubstitute | DayKind::Swap { .. } | DayKind::Weekly => None,
        })
        .collect();
    let expected = [
        (date(2026, 3, 8), date(2026, 3, 9)),
        (date(2026, 3, 22), date(2026, 3, 24)),
        (date(2026, 10, 25), date(2026, 10, 26)),
    ];
    assert_eq!(substituted, expected);
}

#[test]
fn the_thirtieth_of_august_2026_is_worked_and_the_kurban_ait_of_2027_is_not_confirmed() {
    let calendar = desk().calendar;
    assert!(calendar.is_working(Week::SixDay, date(2026, 8, 31)));
    assert_eq!(calendar.days_off(Week::SixDay, 2026).filter(|it| it.date == date(2026, 8, 30)).count(), 0);
    let ait = calendar.day_off(Week::SixDay, date(2027, 5, 16)).unwrap();
    assert!(!ait.confirmed);
}

#[test]
fn a_broken_calendar_tells_every_mistake_at_once() {
    let text = r#"
        id = "kz"
        version = "1"
        first_year = 2026
        last_year = 2026
        source = "none"
        day = [
          { date = "2026-13-01", kind = "holiday", name = "a", act = "holidays-law-5" },
          { date = "2030-01-01", kind = "holiday", name = "a", act = "holidays-law-5" },
          { date = "2026-01-01", kind = "holiday", name = "b", act = "none" },
        ]
        [acts.holidays-law-5]
        kk = "a"
        ru = "a"
        en = "a"
        [names.a]
        kk = "a"
        ru = "a"
        en = "a"
    "#;
    let mistakes: Vec<String> = Calendar::parse(text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(mistakes.len(), 4, "{mistakes:?}");
    assert!(Calendar::parse("id = ").unwrap_err()[0].at.starts_with("line 1"));
}

#[test]
fn every_organisation_of_the_repository_is_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organizations");
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let organization =
            Organization::parse(&text).unwrap_or_else(|it| panic!("{}: {it:?}", path.display()));
        assert_eq!(Some(organization.id.as_str()), path.file_stem().and_then(|it| it.to_str()));
        assert!(organization.invented && organization.seats.iter().all(|it| it.holder.invented));
        ids.push(organization.id);
    }
    for known in ["abai-education", "abai-social", "karaganda-corporation", "kurma-akim"] {
        assert!(ids.iter().any(|it| it == known), "{known} is not among {ids:?}");
    }
}
