// SPDX-License-Identifier: MIT OR Apache-2.0
//! A calendar's file: TOML in, every mistake out.

use super::{Calendar, DayKind, DayOff, Swap, Table};
use jiff::civil::Date;
use regulation::model::Text;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt};

/// Largest file that is read.
const TEXT_BYTES_MAX: usize = 1_000_000;
/// The act of the rule of substitution.
const SUBSTITUTION_ACT: &str = "holidays-law-5";

/// A mistake in a calendar's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarMistake {
    /// Where: a date, a key or `line N`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for CalendarMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for CalendarMistake {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: String,
    first_year: i16,
    last_year: i16,
    source: String,
    day: Vec<DayRow>,
    #[serde(default)]
    swap: Vec<SwapRow>,
    acts: BTreeMap<String, Text>,
    names: BTreeMap<String, Text>,
    #[serde(default)]
    five_day_counts: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayRow {
    date: String,
    kind: RowKind,
    name: String,
    act: String,
    source: Option<String>,
    confirmed: Option<bool>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RowKind {
    Holiday,
    NoSubstitute,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwapRow {
    off: String,
    worked: String,
    act: String,
    source: Option<String>,
    confirmed: Option<bool>,
}

pub(super) fn parse(text: &str) -> Result<Calendar, Vec<CalendarMistake>> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(vec![mistake("file", "is larger than a calendar can be")]);
    }
    let file: File = toml::from_str(text).map_err(|error| vec![syntax(text, &error)])?;
    let mut mistakes = Vec::new();
    let mut rows = BTreeMap::new();
    for row in &file.day {
        let Some(day) = day(&file, row, &mut mistakes) else {
            continue;
        };
        if rows.insert(day.date, day).is_some() {
            mistakes.push(mistake(&row.date, "the day is written twice"));
        }
    }
    let swaps = file.swap.iter().filter_map(|row| swap(&file, row, &mut mistakes)).collect();
    let substitution = act(&file, SUBSTITUTION_ACT, "acts", &mut mistakes);
    let five_day_counts = counts(&file, &mut mistakes);
    let Some(substitution) = substitution.filter(|_| mistakes.is_empty()) else {
        return Err(mistakes);
    };
    let mut calendar = Calendar {
        id: file.id,
        version: file.version,
        first_year: file.first_year,
        last_year: file.last_year,
        five_day_counts,
        rows,
        swaps,
        substitution,
        five: Table::default(),
        six: Table::default(),
    };
    calendar.build();
    Ok(calendar)
}

fn day(file: &File, row: &DayRow, mistakes: &mut Vec<CalendarMistake>) -> Option<DayOff> {
    let date = date(file, &row.date, mistakes);
    let act = act(file, &row.act, &row.date, mistakes);
    let name = file.names.get(&row.name).cloned();
    if name.is_none() {
        mistakes.push(mistake(&row.date, &format!("no name `{}` in [names]", row.name)));
    }
    let kind = match row.kind {
        RowKind::Holiday => DayKind::Holiday,
        RowKind::NoSubstitute => DayKind::NoSubstitute,
    };
    let source = row.source.clone().unwrap_or_else(|| file.source.clone());
    Some(DayOff {
        date: date?,
        kind,
        name: name?,
        act: act?,
        source,
        confirmed: row.confirmed.unwrap_or(true),
    })
}

fn swap(file: &File, row: &SwapRow, mistakes: &mut Vec<CalendarMistake>) -> Option<Swap> {
    let (off, worked) = (date(file, &row.off, mistakes), date(file, &row.worked, mistakes));
    let act = act(file, &row.act, &row.off, mistakes);
    let source = row.source.clone().unwrap_or_else(|| file.source.clone());
    Some(Swap { off: off?, worked: worked?, act: act?, source, confirmed: row.confirmed.unwrap_or(true) })
}

fn date(file: &File, text: &str, mistakes: &mut Vec<CalendarMistake>) -> Option<Date> {
    match text.parse::<Date>() {
        Ok(date) if (file.first_year..=file.last_year).contains(&date.year()) => Some(date),
        Ok(_) => {
            mistakes.push(mistake(text, "lies outside first_year and last_year"));
            None
        }
        Err(_) => {
            mistakes.push(mistake(text, "is not a date as YYYY-MM-DD"));
            None
        }
    }
}

fn act(file: &File, id: &str, at: &str, mistakes: &mut Vec<CalendarMistake>) -> Option<Text> {
    let act = file.acts.get(id).cloned();
    if act.is_none() {
        mistakes.push(mistake(at, &format!("no act `{id}` in [acts]")));
    }
    act
}

fn counts(file: &File, mistakes: &mut Vec<CalendarMistake>) -> BTreeMap<i16, u32> {
    let mut counts = BTreeMap::new();
    for (year, count) in &file.five_day_counts {
        match year.parse::<i16>() {
            Ok(year) => {
                counts.insert(year, *count);
            }
            Err(_) => mistakes.push(mistake(year, "is not a year")),
        }
    }
    counts
}

fn mistake(at: &str, what: &str) -> CalendarMistake {
    CalendarMistake { at: at.to_owned(), what: what.to_owned() }
}

fn syntax(text: &str, error: &toml::de::Error) -> CalendarMistake {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
    mistake(&format!("line {line}"), error.message())
}
