// SPDX-License-Identifier: MIT OR Apache-2.0
//! Days off: rows are facts with their act, substitution is a rule.

mod parse;

pub use parse::CalendarMistake;

use crate::body::Week;
use jiff::civil::{Date, Weekday};
use regulation::model::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A substitute is looked for no farther than this.
const SUBSTITUTE_DAYS_MAX: usize = 60;

/// Why a day is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DayKind {
    /// A holiday; on a weekly day off it gives a substitute.
    Holiday,
    /// A day off that gives no substitute.
    NoSubstitute,
    /// The substitute of a holiday that fell on a weekly day off.
    Substitute {
        /// That holiday.
        of: Date,
    },
    /// Moved here by the Government from a day that is worked instead.
    Swap {
        /// The day that is worked.
        worked: Date,
    },
    /// The body's weekly day off.
    Weekly,
}

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayOff {
    /// The date.
    pub date: Date,
    /// Why.
    pub kind: DayKind,
    /// Its name.
    pub name: Text,
    /// The act that makes it a day off, or "act unknown".
    pub act: Text,
    /// Where the row was taken from.
    pub source: String,
    /// Whether the date was official when written.
    pub confirmed: bool,
}

/// A day off moved by the Government.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Swap {
    off: Date,
    worked: Date,
    act: Text,
    source: String,
    confirmed: bool,
}

/// Days off of a country, for both weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Its id, such as `kz`.
    pub id: String,
    /// Its version; a deadline names the one it was computed with.
    pub version: String,
    /// First year that it covers.
    pub first_year: i16,
    /// Last year that it covers.
    pub last_year: i16,
    /// Working days of the five-day week by year, as the source counts them.
    pub five_day_counts: BTreeMap<i16, u32>,
    rows: BTreeMap<Date, DayOff>,
    swaps: Vec<Swap>,
    substitution: Text,
    five: Table,
    six: Table,
}

/// What follows from the rows for one kind of week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Table {
    off: BTreeMap<Date, DayOff>,
    worked: BTreeSet<Date>,
}

impl Calendar {
    /// Reads a calendar; every mistake at once.
    pub fn parse(text: &str) -> Result<Self, Vec<CalendarMistake>> {
        parse::parse(text)
    }

    /// Returns why the day is off for a body of this week; `None` for a working day.
    pub fn day_off(&self, week: Week, date: Date) -> Option<DayOff> {
        let table = self.table(week);
        if let Some(day) = table.off.get(&date) {
            return Some(day.clone());
        }
        if is_weekly_off(week, date) && !table.worked.contains(&date) {
            return Some(weekly(date));
        }
        None
    }

    /// Returns whether a body of this week works on that day.
    pub fn is_working(&self, week: Week, date: Date) -> bool {
        self.day_off(week, date).is_none()
    }

    /// Returns whether the calendar has rows for the year of that day.
    pub fn covers(&self, date: Date) -> bool {
        (self.first_year..=self.last_year).contains(&date.year())
    }

    /// Returns how many days a body of this week works in a year.
    pub fn working_days(&self, week: Week, year: i16) -> u32 {
        let Ok(first) = Date::new(year, 1, 1) else {
            return 0;
        };
        let days = first.series(jiff::ToSpan::days(1)).take_while(|it| it.year() == year);
        let count = days.filter(|it| self.is_working(week, *it)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Returns the explicit days off of a year for this week, without plain weekly ones.
    pub fn days_off(&self, week: Week, year: i16) -> impl Iterator<Item = &DayOff> {
        self.table(week).off.values().filter(move |it| it.date.year() == year)
    }

    /// Returns this calendar with one more row, such as an administrator adds; `kind` is a holiday or without substitute.
    #[must_use]
    pub fn with_day_off(mut self, day: DayOff) -> Self {
        self.rows.entry(day.date).or_insert(day);
        self.build();
        self
    }

    fn table(&self, week: Week) -> &Table {
        match week {
            Week::FiveDay => &self.five,
            Week::SixDay => &self.six,
        }
    }

    fn build(&mut self) {
        self.five = self.tabulate(Week::FiveDay);
        self.six = self.tabulate(Week::SixDay);
    }

    /// Rows first, then swaps of weekly days off, then substitutes, then swaps of substitutes.
    fn tabulate(&self, week: Week) -> Table {
        let mut table = Table { off: self.rows.clone(), worked: BTreeSet::new() };
        for swap in self.swaps.iter().filter(|it| is_weekly_off(week, it.worked)) {
            table.swap(swap);
        }
        for holiday in self.rows.values().filter(|it| it.kind == DayKind::Holiday) {
            if !is_weekly_off(week, holiday.date) {
                continue;
            }
            let after = holiday.date.series(jiff::ToSpan::days(1)).skip(1).take(SUBSTITUTE_DAYS_MAX);
            let works = |it: &Date| {
                !table.off.contains_key(it) && (!is_weekly_off(week, *it) || table.worked.contains(it))
            };
            if let Some(date) = after.into_iter().find(works) {
                let kind = DayKind::Substitute { of: holiday.date };
                let day = DayOff { date, kind, act: self.substitution.clone(), ..holiday.clone() };
                table.off.insert(date, day);
            }
        }
        for swap in self.swaps.iter().filter(|it| !is_weekly_off(week, it.worked)) {
            if table.off.contains_key(&swap.worked) {
                table.swap(swap);
            }
        }
        table
    }
}

impl Table {
    fn swap(&mut self, swap: &Swap) {
        let substitute = |it: &DayOff| matches!(it.kind, DayKind::Substitute { .. });
        if self.off.get(&swap.worked).is_none_or(substitute) {
            self.off.remove(&swap.worked);
            self.worked.insert(swap.worked);
        }
        self.off.entry(swap.off).or_insert_with(|| DayOff {
            date: swap.off,
            kind: DayKind::Swap { worked: swap.worked },
            name: Text {
                kk: format!("ауыстырылған демалыс күні (орнына {} жұмыс күні)", swap.worked),
                ru: format!("перенесённый выходной (вместо него рабочий день {})", swap.worked),
                en: format!("day off moved by the Government ({} is worked)", swap.worked),
            },
            act: swap.act.clone(),
            source: swap.source.clone(),
            confirmed: swap.confirmed,
        });
    }
}

fn is_weekly_off(week: Week, date: Date) -> bool {
    match week {
        Week::FiveDay => matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        Week::SixDay => date.weekday() == Weekday::Sunday,
    }
}

fn weekly(date: Date) -> DayOff {
    let (kk, ru, en) = if date.weekday() == Weekday::Saturday {
        ("сенбі", "суббота", "Saturday")
    } else {
        ("жексенбі", "воскресенье", "Sunday")
    };
    DayOff {
        date,
        kind: DayKind::Weekly,
        name: Text { kk: kk.to_owned(), ru: ru.to_owned(), en: en.to_owned() },
        act: Text {
            kk: "мекеменің жұмыс аптасы".to_owned(),
            ru: "рабочая неделя организации".to_owned(),
            en: "working week of the organisation".to_owned(),
        },
        source: String::new(),
        confirmed: true,
    }
}
