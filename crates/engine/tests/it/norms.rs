// SPDX-License-Identifier: MIT OR Apache-2.0
//! From when, until when, and why.

use engine::{
    deadline::expected,
    norm::{Clock, Due, Reason, due},
};
use jiff::{
    Timestamp,
    civil::{Date, date},
};
use regulation::model::{Norm, System, Unit};
use testkit::Desk;

fn desk() -> Desk {
    Desk::guardianship().unwrap_or_else(|why| panic!("{why}"))
}

fn at(desk: &Desk, day: Date, hour: i8, minute: i8) -> Timestamp {
    desk.provider.body.instant(day, jiff::civil::time(hour, minute, 0, 0))
}

fn count(desk: &Desk, start: Timestamp, max: u32, unit: Unit) -> Due {
    let norm = Norm { min: max, max, unit };
    due(&desk.calendar, &desk.provider.body, start, norm, Clock::Working)
}

#[test]
fn minutes_of_people_step_over_lunch() {
    let desk = desk();
    let start = at(&desk, date(2026, 11, 23), 12, 50);
    let due = count(&desk, start, 20, Unit::Minutes);
    assert_eq!(due.at, at(&desk, date(2026, 11, 23), 14, 40));
}

#[test]
fn minutes_that_end_at_the_close_are_due_at_the_close() {
    let desk = desk();
    let start = at(&desk, date(2026, 11, 23), 18, 10);
    assert_eq!(count(&desk, start, 20, Unit::Minutes).at, at(&desk, date(2026, 11, 23), 18, 30));
    assert_eq!(count(&desk, start, 21, Unit::Minutes).at, at(&desk, date(2026, 11, 24), 9, 1));
}

#[test]
fn minutes_of_a_system_run_by_the_wall_clock() {
    let desk = desk();
    let start = at(&desk, date(2026, 11, 22), 23, 50);
    let norm = Norm { min: 5, max: 5, unit: Unit::Minutes };
    let due = due(&desk.calendar, &desk.provider.body, start, norm, Clock::Wall);
    assert_eq!(due.at, at(&desk, date(2026, 11, 22), 23, 55));
}

#[test]
fn three_working_days_leave_the_day_of_acceptance_out_and_end_at_the_close() {
    let desk = desk();
    let due = count(&desk, at(&desk, date(2026, 11, 20), 10, 0), 3, Unit::WorkingDays);
    assert_eq!(due.at, at(&desk, date(2026, 11, 25), 18, 30));
    assert!(due.reasons.contains(&Reason::FirstDayNotCounted(date(2026, 11, 20))));
    let skipped: Vec<Date> = due
        .reasons
        .iter()
        .filter_map(|it| if let Reason::Skipped(day) = it { Some(day.date) } else { None })
        .collect();
    assert_eq!(skipped, [date(2026, 11, 21), date(2026, 11, 22)]);
}

#[test]
fn what_is_filed_after_hours_counts_from_the_next_working_day() {
    let desk = desk();
    let evening = count(&desk, at(&desk, date(2026, 11, 20), 19, 0), 3, Unit::WorkingDays);
    let monday = count(&desk, at(&desk, date(2026, 11, 23), 9, 0), 3, Unit::WorkingDays);
    assert_eq!(evening.at, monday.at);
    assert_eq!(evening.at, at(&desk, date(2026, 11, 26), 18, 30));
}

#[test]
fn calendar_days_that_end_on_a_day_off_move_to_the_next_working_day() {
    let desk = desk();
    // Thirty calendar days from 16 November end on 16 December, Independence Day.
    let due = count(&desk, at(&desk, date(2026, 11, 16), 10, 0), 30, Unit::CalendarDays);
    assert_eq!(due.at, at(&desk, date(2026, 12, 17), 18, 30));
    assert!(
        due.reasons.iter().any(|it| matches!(it, Reason::MovedFrom(day) if day.date == date(2026, 12, 16)))
    );
}

#[test]
fn the_change_of_the_zone_on_the_first_of_march_2024_is_counted() {
    let desk = desk();
    let due = count(&desk, at(&desk, date(2024, 2, 28), 12, 0), 2, Unit::WorkingDays);
    // The close at 18:30 is 13:30 UTC by the new time, 12:30 UTC by the old.
    assert_eq!(due.at.to_string(), "2024-03-01T13:30:00Z");
    let before = count(&desk, at(&desk, date(2024, 2, 28), 12, 0), 1, Unit::WorkingDays);
    assert_eq!(before.at.to_string(), "2024-02-29T12:30:00Z");
}

#[test]
fn a_year_without_rows_is_told() {
    let desk = desk();
    let due = count(&desk, at(&desk, date(2027, 12, 30), 10, 0), 3, Unit::WorkingDays);
    assert!(due.reasons.contains(&Reason::YearNotCovered(2028)));
}

#[test]
fn the_center_counts_its_saturday_and_the_provider_does_not() {
    let desk = desk();
    let start = at(&desk, date(2026, 11, 20), 10, 0);
    let norm = Norm { min: 1, max: 1, unit: Unit::WorkingDays };
    let center = due(&desk.calendar, &desk.center.body, start, norm, Clock::Working);
    assert_eq!(center.at, at(&desk, date(2026, 11, 21), 20, 0));
}

#[test]
fn the_passport_expects_five_minutes_or_three_working_days() {
    let desk = desk();
    let accepted = at(&desk, date(2026, 11, 23), 10, 0);
    let expected = expected(&desk.world(System::Portal), accepted);
    let due: Vec<Timestamp> = expected.iter().map(|it| it.deadline.due).collect();
    assert_eq!(due, [at(&desk, date(2026, 11, 23), 10, 5), at(&desk, date(2026, 11, 26), 18, 30)]);
}
