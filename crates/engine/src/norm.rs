// SPDX-License-Identifier: MIT OR Apache-2.0
//! Time norms: from when, until when, and why.

use crate::{
    body::Body,
    calendar::{Calendar, DayOff},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, civil::Time};
use regulation::model::{Norm, Unit};

/// Longest norm in days that is counted; a longer one ends there.
pub const NORM_DAYS_MAX: u32 = 3_660;
/// A stretch of work is looked for no farther than this.
const SEARCH_DAYS_MAX: i32 = 366;

/// By which clock minutes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// People's: inside the working hours of the body.
    Working,
    /// A system's: the wall clock.
    Wall,
}

/// One reason of a deadline; in order they tell how it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Counting starts from this moment.
    StartsAt(Timestamp),
    /// A system's time: the wall clock.
    WallClock,
    /// People's time: working hours of the body, opening and close.
    WorkingHours {
        /// Opening.
        opens: Time,
        /// The break.
        lunch: Option<(Time, Time)>,
        /// Close.
        closes: Time,
    },
    /// It came outside working hours and counts from the next working time.
    OutsideHours {
        /// When it came.
        at: Timestamp,
        /// From when it counts.
        counts_from: Timestamp,
    },
    /// The day of acceptance is not counted.
    FirstDayNotCounted(Date),
    /// A day that was counted.
    Counted {
        /// The day.
        date: Date,
        /// Which one it is.
        number: u32,
    },
    /// A day that was skipped.
    Skipped(DayOff),
    /// A term in calendar days would end on this day off and moves to the next working day: our rule.
    MovedFrom(DayOff),
    /// The last day ends at the close of the body.
    EndsAtClose {
        /// The day.
        date: Date,
        /// The close.
        closes: Time,
    },
    /// The calendar has no rows for this year: only weekly days off are known.
    YearNotCovered(i16),
}

/// When a norm is due, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The moment.
    pub at: Timestamp,
    /// How it was counted.
    pub reasons: Vec<Reason>,
}

/// Counts a norm from `start`. Day norms always leave the first day out and end at the close of the last.
pub fn due(calendar: &Calendar, body: &Body, start: Timestamp, norm: Norm, clock: Clock) -> Due {
    let mut counting = Counting { calendar, body, reasons: vec![Reason::StartsAt(start)] };
    let at = match (norm.unit, clock) {
        (Unit::Seconds | Unit::Minutes, Clock::Wall) => {
            counting.reasons.push(Reason::WallClock);
            start.saturating_add(length(norm)).unwrap_or(Timestamp::MAX)
        }
        (Unit::Seconds | Unit::Minutes, Clock::Working) => counting.minutes(start, length(norm)),
        (Unit::WorkingDays, _) => counting.working_days(start, norm.max.min(NORM_DAYS_MAX)),
        (Unit::CalendarDays, _) => counting.calendar_days(start, norm.max.min(NORM_DAYS_MAX)),
    };
    Due { at, reasons: counting.reasons }
}

fn length(norm: Norm) -> SignedDuration {
    let seconds = i64::from(norm.max);
    match norm.unit {
        Unit::Minutes => SignedDuration::from_secs(seconds.saturating_mul(60)),
        Unit::Seconds | Unit::WorkingDays | Unit::CalendarDays => SignedDuration::from_secs(seconds),
    }
}

struct Counting<'a> {
    calendar: &'a Calendar,
    body: &'a Body,
    reasons: Vec<Reason>,
}

impl Counting<'_> {
    /// Runs through the stretches of work until the minutes are used up.
    fn minutes(&mut self, start: Timestamp, mut left: SignedDuration) -> Timestamp {
        self.hours();
        let from = self.admit(start);
        let mut date = self.body.local(from).date();
        for _ in 0..SEARCH_DAYS_MAX {
            if let Some(day) = self.off(date) {
                self.reasons.push(Reason::Skipped(day));
            } else {
                for (opens, closes) in self.body.hours.stretches() {
                    let opens = self.body.instant(date, opens).max(from);
                    let room = opens.duration_until(self.body.instant(date, closes));
                    if room >= left && room > SignedDuration::ZERO {
                        return opens.saturating_add(left).unwrap_or(Timestamp::MAX);
                    }
                    left = left.saturating_sub(room.max(SignedDuration::ZERO));
                }
            }
            date = date.saturating_add(1.day());
        }
        self.body.instant(date, self.body.hours.closes)
    }

    fn working_days(&mut self, start: Timestamp, days: u32) -> Timestamp {
        let from = self.admit(start);
        let mut date = self.body.local(from).date();
        self.reasons.push(Reason::FirstDayNotCounted(date));
        let mut number = 0;
        for _ in 0..NORM_DAYS_MAX.saturating_mul(3) {
            if number >= days {
                break;
            }
            date = date.saturating_add(1.day());
            if let Some(day) = self.off(date) {
                self.reasons.push(Reason::Skipped(day));
            } else {
                number += 1;
                self.reasons.push(Reason::Counted { date, number });
            }
        }
        self.close(date)
    }

    /// LAW: the acts are silent on a last day that is off; it moves to the next working day (our rule, law.md 21).
    fn calendar_days(&mut self, start: Timestamp, days: u32) -> Timestamp {
        let from = self.admit(start);
        let first = self.body.local(from).date();
        self.reasons.push(Reason::FirstDayNotCounted(first));
        let mut date = first.saturating_add(i64::from(days).days());
        for _ in 0..SEARCH_DAYS_MAX {
            match self.off(date) {
                Some(day) => self.reasons.push(Reason::MovedFrom(day)),
                None => break,
            }
            date = date.saturating_add(1.day());
        }
        self.close(date)
    }

    /// Returns `start` if the body works then, else the next moment when it does.
    fn admit(&mut self, start: Timestamp) -> Timestamp {
        let mut date = self.body.local(start).date();
        let mut skipped = Vec::new();
        for _ in 0..SEARCH_DAYS_MAX {
            match self.off(date) {
                Some(day) => skipped.push(Reason::Skipped(day)),
                None if start < self.body.instant(date, self.body.hours.closes) => break,
                None => {}
            }
            date = date.saturating_add(1.day());
        }
        let opens = self.body.instant(date, self.body.hours.opens);
        if opens > start {
            self.reasons.push(Reason::OutsideHours { at: start, counts_from: opens });
            self.reasons.append(&mut skipped);
        }
        opens.max(start)
    }

    fn off(&mut self, date: Date) -> Option<DayOff> {
        let unknown = Reason::YearNotCovered(date.year());
        if !self.calendar.covers(date) && !self.reasons.contains(&unknown) {
            self.reasons.push(unknown);
        }
        self.calendar.day_off(self.body.week, date)
    }

    fn hours(&mut self) {
        let hours = self.body.hours;
        self.reasons.push(Reason::WorkingHours {
            opens: hours.opens,
            lunch: hours.lunch,
            closes: hours.closes,
        });
    }

    fn close(&mut self, date: Date) -> Timestamp {
        let closes = self.body.hours.closes;
        self.reasons.push(Reason::EndsAtClose { date, closes });
        self.body.instant(date, closes)
    }
}
