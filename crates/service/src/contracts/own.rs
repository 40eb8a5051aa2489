// SPDX-License-Identifier: MIT OR Apache-2.0
//! How an organisation keeps a register itself: the values of an entry, what makes two entries the same, and what follows from
//! a birth date.
//!
//! ```toml
//! [own]
//! same = ["child_surname", "child_given", "child_birth_date"]   # one entry in force for these; empty: one for a person
//! [own.age]                          # what follows from an age
//! born = "child_birth_date"
//! ends = 18                          # an entry ends on this birthday
//! record = "kind"                    # and this value is computed, not kept
//! steps = [[0, "guardian"], [14, "custodian"]]
//! [[own.column]]
//! name = "child_surname"
//! is = "line"                        # or "date", "iin", "choice"
//! required = true
//! from-document = "number"           # taken from the document: "number", "date" or "body"
//! listed = true                      # stands in the list
//! [own.column.title]
//! kk = "…"; ru = "…"; en = "…"
//! [[own.column.choices]]
//! value = "…"
//! ```
//!
//! Every entry has besides these `from`, the first day on which it counts, and may have `to`, the last.

use crate::ports::registers::Record;
use jiff::civil::Date;
use regulation::model::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Name of the first day.
pub const FROM: &str = "from";
/// Name of the last day.
pub const TO: &str = "to";
/// Name of the day since when, or until when, an entry does not count, in an answer.
pub const ENDED: &str = "ended";
/// The most characters of a value.
pub const VALUE_CHARS_MAX: usize = 300;

/// The rules of a register that an organisation keeps itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRules {
    /// Columns by which two entries of a person in force are the same; empty: a person has one.
    #[serde(default)]
    pub same: Vec<String>,
    /// What follows from an age.
    #[serde(default)]
    pub age: Option<AgeRule>,
    /// The values of an entry.
    #[serde(default)]
    pub column: Vec<Column>,
}

/// What follows from a birth date in an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRule {
    /// The column of the birth date.
    pub born: String,
    /// The age at which an entry ends.
    pub ends: i16,
    /// The value that follows from the age.
    pub record: String,
    /// From which age it is what, ascending.
    pub steps: Vec<(i16, String)>,
}

/// A value of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Column {
    /// Its name in records.
    pub name: String,
    /// What it is.
    pub is: Is,
    /// Whether an entry must have it.
    #[serde(default)]
    pub required: bool,
    /// Whether it is taken from the document on whose ground somebody is entered.
    #[serde(default)]
    pub from_document: Option<OfDocument>,
    /// Whether it stands in the list.
    #[serde(default)]
    pub listed: bool,
    /// Its name for people.
    pub title: Text,
    /// The values of a choice.
    #[serde(default)]
    pub choices: Vec<ColumnChoice>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Is {
    /// A line of text.
    Line,
    /// A day.
    Date,
    /// A number of a person.
    Iin,
    /// One of the choices.
    Choice,
    /// Computed from an age; never entered.
    Computed,
}

/// A value that the document has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OfDocument {
    /// Its number.
    Number,
    /// Its date.
    Date,
    /// The body whose it is.
    Body,
}

/// A value of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChoice {
    /// The stored value.
    pub value: String,
    /// Its name for people.
    pub title: Text,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It must be given.
    Missing,
    /// It is longer than [`VALUE_CHARS_MAX`].
    TooLong,
    /// It is not a day.
    NotADate,
    /// It is no number of a person.
    NotAnIin,
    /// It is none of the choices.
    NotAChoice,
    /// The last day is before the first.
    BeforeTheFirst,
    /// The day is still to come, or too far ahead.
    ToCome,
    /// The person has an entry in force that is about the same.
    Entered,
    /// The register has no such value.
    Unknown,
}

impl Wrong {
    /// Returns what is wrong, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "must be given",
            Self::TooLong => "is too long",
            Self::NotADate => "is not a date as YYYY-MM-DD",
            Self::NotAnIin => "is no IIN",
            Self::NotAChoice => "is none of the values",
            Self::BeforeTheFirst => "is before the first day",
            Self::ToCome => "is a day to come",
            Self::Entered => "is entered already",
            Self::Unknown => "is no value of this register",
        }
    }
}

impl OwnRules {
    /// Returns the column of that name.
    pub fn named(&self, name: &str) -> Option<&Column> {
        self.column.iter().find(|it| it.name == name)
    }

    /// Returns the columns that a person fills in: neither computed nor taken from the document.
    pub fn asked(&self) -> impl Iterator<Item = &Column> {
        self.column.iter().filter(|it| it.is != Is::Computed && it.from_document.is_none())
    }

    /// Returns what is wrong with the values of a new entry, each by its column.
    pub fn problems(&self, record: &Record) -> Vec<(String, Wrong)> {
        let mut found = Vec::new();
        for column in self.column.iter().filter(|it| it.is != Is::Computed) {
            let given = record.get(&column.name).map(String::as_str).unwrap_or_default();
            found.extend(column.problem(given).map(|it| (column.name.clone(), it)));
        }
        found.extend(days(record));
        let known = |name: &str| {
            [FROM, TO].contains(&name) || self.named(name).is_some_and(|it| it.is != Is::Computed)
        };
        found.extend(record.keys().filter(|it| !known(it)).map(|it| (it.clone(), Wrong::Unknown)));
        found
    }

    /// Returns whether two records of one person are about the same.
    pub fn is_same(&self, one: &Record, other: &Record) -> bool {
        let fold = |it: Option<&String>| it.map(|it| super::folded(it)).unwrap_or_default();
        self.same.iter().all(|it| fold(one.get(it)) == fold(other.get(it)))
    }

    /// Returns the last day on which a record counts; `None` where nothing ends it.
    fn last_day(&self, record: &Record, stopped: Option<Date>) -> Option<Date> {
        let grown = self.age.as_ref().and_then(|it| birthday(day(record, &it.born)?, it.ends));
        let before = |it: Date| it.yesterday().unwrap_or(it);
        [day(record, TO), stopped.map(before), grown.map(before)].into_iter().flatten().min()
    }

    /// Returns whether a new record of a person says what another says already: both are about the same and there is a day from
    /// today on that both count on. With how long the other goes on, compared with the new one.
    pub fn clash(
        &self,
        (held, stopped): (&Record, Option<Date>),
        new: &Record,
        today: Date,
    ) -> Option<std::cmp::Ordering> {
        let lasts = |it: Option<Date>| it.unwrap_or(Date::MAX);
        let (old_last, new_last) = (lasts(self.last_day(held, stopped)), lasts(self.last_day(new, None)));
        let begins = [day(held, FROM), day(new, FROM), Some(today)].into_iter().flatten().max()?;
        let meet = self.is_same(held, new) && begins <= old_last.min(new_last);
        meet.then(|| old_last.cmp(&new_last))
    }

    /// Returns a record as it is on a day: with what follows from the age, and `ended` where it does not count.
    pub fn on(&self, mut record: Record, stopped: Option<Date>, today: Date) -> Record {
        let mut out = stopped.filter(|it| *it <= today);
        if let Some(age) = &self.age {
            let born = day(&record, &age.born);
            let grown = born.and_then(|it| birthday(it, age.ends));
            let last = out.or_else(|| day(&record, TO).filter(|it| *it < today)).unwrap_or(today);
            let value = born.and_then(|it| age.value(it, grown.map_or(last, |it| it.min(last))));
            record.extend(value.map(|it| (age.record.clone(), it.to_owned())));
            out = out.or_else(|| grown.filter(|it| *it <= today));
        }
        let over = day(&record, TO).filter(|to| *to < today);
        let not_begun = day(&record, FROM).filter(|from| *from > today);
        if let Some(day) = out.or(over).or(not_begun) {
            record.insert(ENDED.to_owned(), day.to_string());
        }
        record
    }
}

fn day(record: &Record, name: &str) -> Option<Date> {
    record.get(name).and_then(|it| it.parse().ok())
}

fn days(record: &Record) -> Vec<(String, Wrong)> {
    let day = |name: &str| record.get(name).map(|it| it.parse::<Date>());
    match (day(FROM), day(TO)) {
        (None, _) => vec![(FROM.to_owned(), Wrong::Missing)],
        (Some(Err(_)), _) => vec![(FROM.to_owned(), Wrong::NotADate)],
        (Some(Ok(_)), Some(Err(_))) => vec![(TO.to_owned(), Wrong::NotADate)],
        (Some(Ok(from)), Some(Ok(to))) if to < from => vec![(TO.to_owned(), Wrong::BeforeTheFirst)],
        (Some(Ok(_)), _) => Vec::new(),
    }
}

fn birthday(born: Date, years: i16) -> Option<Date> {
    engine::form::birthday(born, u32::try_from(years).ok()?)
}

impl AgeRule {
    fn value(&self, born: Date, on: Date) -> Option<&str> {
        let reached = |years: i16| birthday(born, years).is_some_and(|it| it <= on);
        self.steps.iter().rev().find(|(years, _)| reached(*years)).map(|(_, value)| value.as_str())
    }
}

impl Column {
    fn problem(&self, given: &str) -> Option<Wrong> {
        if given.is_empty() {
            return self.required.then_some(Wrong::Missing);
        }
        if given.chars().count() > VALUE_CHARS_MAX {
            return Some(Wrong::TooLong);
        }
        match self.is {
            Is::Line | Is::Computed => None,
            Is::Date => given.parse::<Date>().is_err().then_some(Wrong::NotADate),
            Is::Iin => (!engine::iin::is_well_formed(given)).then_some(Wrong::NotAnIin),
            Is::Choice => (!self.choices.iter().any(|it| it.value == given)).then_some(Wrong::NotAChoice),
        }
    }

    /// Returns the name for people of a value; `None` where it speaks for itself.
    pub fn title_of(&self, value: &str) -> Option<&Text> {
        self.choices.iter().find(|it| it.value == value).map(|it| &it.title)
    }
}

/// Returns a record without values that are empty.
pub fn trimmed(record: BTreeMap<String, String>) -> Record {
    let values = record.into_iter().map(|(name, value)| (name, value.trim().to_owned()));
    values.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn guardianship() -> OwnRules {
        let text = include_str!("../../../../registers/guardianship/register.toml");
        super::super::RegisterContract::parse(text).unwrap().own.unwrap()
    }

    fn ward(born: &str) -> Record {
        let values = [("child_birth_date", born), (FROM, "2015-02-05")];
        values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn a_guardian_becomes_a_custodian_at_fourteen_and_nothing_at_eighteen() {
        let rules = guardianship();
        let on = |day| rules.on(ward("2012-09-14"), None, day);
        assert_eq!(on(date(2026, 9, 13))["kind"], "guardian");
        assert_eq!(on(date(2026, 9, 14))["kind"], "custodian");
        assert_eq!(on(date(2030, 9, 13)).get(ENDED), None);
        assert_eq!(on(date(2030, 9, 14))[ENDED], "2030-09-14");
    }

    #[test]
    fn what_ended_before_its_time_says_what_it_was_then() {
        let rules = guardianship();
        let ended = rules.on(ward("2012-09-14"), Some(date(2020, 1, 1)), date(2027, 1, 1));
        assert_eq!((ended["kind"].as_str(), ended[ENDED].as_str()), ("guardian", "2020-01-01"));
        let announced = rules.on(ward("2012-09-14"), Some(date(2027, 1, 2)), date(2027, 1, 1));
        assert_eq!(announced.get(ENDED), None, "an end that is still to come does not end it");
    }

    #[test]
    fn an_entry_counts_from_its_first_day_to_its_last() {
        let rules = OwnRules::default();
        let record = Record::from([(FROM.into(), "2026-11-20".into()), (TO.into(), "2026-11-30".into())]);
        let counts = |day| !rules.on(record.clone(), None, day).contains_key(ENDED);
        let days = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 30), date(2026, 12, 1)];
        assert_eq!(days.map(counts), [false, true, true, false]);
    }

    #[test]
    fn two_records_clash_where_both_count_on_a_day_from_today_on() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let rules = OwnRules::default();
        let record = |from: &str, to: &str| {
            let values = [(FROM, from), (TO, to)].into_iter().filter(|(_, it)| !it.is_empty());
            values.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Record>()
        };
        let today = date(2026, 11, 23);
        let clash = |held: (&str, &str), stopped, new: (&str, &str)| {
            rules.clash((&record(held.0, held.1), stopped), &record(new.0, new.1), today)
        };
        assert_eq!(clash(("2026-11-01", ""), None, ("2026-11-20", "")), Some(Equal));
        assert_eq!(clash(("2026-11-01", ""), None, ("2027-01-01", "2027-03-31")), Some(Greater));
        assert_eq!(clash(("2026-12-01", ""), None, ("2026-12-01", "")), Some(Equal), "both still to begin");
        assert_eq!(clash(("2026-10-01", "2026-12-31"), None, ("2026-12-01", "2027-02-28")), Some(Less));
        assert_eq!(clash(("2026-10-01", "2026-12-31"), None, ("2027-01-01", "2027-03-31")), None);
        assert_eq!(clash(("2026-10-01", "2026-10-31"), None, ("2026-10-15", "2026-10-31")), None, "past");
        assert_eq!(clash(("2026-11-01", ""), Some(today), ("2026-11-23", "")), None, "ended today");
    }

    #[test]
    fn every_mistake_of_an_entry_is_told_by_its_column() {
        let values =
            [("child_birth_date", "14.09.2012"), ("child_iin", "120914599910"), (FROM, "x"), ("odd", "1")];
        let record = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let found = guardianship().problems(&record);
        for expected in [
            ("child_birth_date", Wrong::NotADate),
            ("child_iin", Wrong::NotAnIin),
            ("child_surname", Wrong::Missing),
            (FROM, Wrong::NotADate),
            ("odd", Wrong::Unknown),
        ] {
            assert!(found.contains(&(expected.0.to_owned(), expected.1)), "{expected:?}: {found:?}");
        }
    }

    #[test]
    fn who_is_entered_once_is_the_same_whatever_stands_in_the_entry() {
        let one = Record::from([("education".to_owned(), "higher".to_owned())]);
        assert!(OwnRules::default().is_same(&one, &Record::new()));
        let rules = OwnRules { same: vec!["kind".to_owned()], ..OwnRules::default() };
        let of = |kind: &str| Record::from([("kind".to_owned(), kind.to_owned())]);
        assert!(rules.is_same(&of("a"), &of(" A ")) && !rules.is_same(&of("a"), &of("b")));
    }
}
