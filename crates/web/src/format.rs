// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates, times, numbers and plural forms as people of Kazakhstan write them.
//!
//! Times are stored in UTC and shown by the clock of Astana (Asia/Almaty).

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::lang::Lang;
use crate::words::Word;

/// Plural category of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plural {
    /// 1 in English; 1, 21, 31 … but not 11 in Russian.
    One,
    /// 2–4, 22–24 … but not 12–14 in Russian.
    Few,
    /// Every other number in Russian.
    Many,
    /// Every number in Kazakh, every other number in English.
    Other,
}

/// A whole number to be told, from any of the types that pages hold; templates hand over references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u64);

impl From<u64> for Count {
    fn from(value: u64) -> Self {
        Self(value)
    }
}

impl From<&u64> for Count {
    fn from(value: &u64) -> Self {
        Self(*value)
    }
}

impl From<u32> for Count {
    fn from(value: u32) -> Self {
        Self(u64::from(value))
    }
}

impl From<&u32> for Count {
    fn from(value: &u32) -> Self {
        Self(u64::from(*value))
    }
}

impl From<usize> for Count {
    fn from(value: usize) -> Self {
        Self(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl From<&usize> for Count {
    fn from(value: &usize) -> Self {
        Self::from(*value)
    }
}

impl From<i32> for Count {
    fn from(value: i32) -> Self {
        Self(u64::try_from(value).unwrap_or_default())
    }
}

/// English months; Kazakh and Russian ones are those of papers.
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Kazakh months with the ending "in": the months are a closed set, so each ending is known.
const KAZAKH_MONTHS_IN: [&str; 12] = [
    "қаңтарда",
    "ақпанда",
    "наурызда",
    "сәуірде",
    "мамырда",
    "маусымда",
    "шілдеде",
    "тамызда",
    "қыркүйекте",
    "қазанда",
    "қарашада",
    "желтоқсанда",
];
/// Days of the week from Monday.
const WEEKDAYS: [[&str; 7]; 3] = [
    ["дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"],
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];
/// Clock of Astana since 2024-03-01, for a build without time zone data.
const ASTANA_HOURS_EAST: i8 = 5;

static ASTANA: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZone::get("Asia/Almaty").unwrap_or_else(|_| TimeZone::fixed(tz::offset(ASTANA_HOURS_EAST)))
});

/// Returns the instant by the clock of Astana.
pub fn local(at: Timestamp) -> Zoned {
    at.to_zoned(ASTANA.clone())
}

/// Returns the day of the instant by the clock of Astana.
pub fn day_of(at: Timestamp) -> Date {
    local(at).date()
}

/// `21.11.2026`, for tables, notices and inputs.
pub fn date(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

/// `14:30`.
pub fn time(at: Timestamp) -> String {
    let at = local(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `21.11.2026 14:30`.
pub fn date_time(at: Timestamp) -> String {
    format!("{} {}", date(day_of(at)), time(at))
}

/// `2026-11-21T14:30:00+05:00`, for the `datetime` attribute.
pub fn machine(at: Timestamp) -> String {
    local(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `2026 жылғы 21 қараша`, for text and papers.
pub fn date_long(lang: Lang, date: Date) -> String {
    let month = month(lang, date);
    let (day, year) = (date.day(), date.year());
    match lang {
        Lang::Kk => format!("{year} жылғы {day} {month}"),
        Lang::Ru => format!("{day} {month} {year} года"),
        Lang::En => format!("{day} {month} {year}"),
    }
}

/// `2026 жылғы 21 қарашада`: on the date.
pub fn on_date_long(lang: Lang, date: Date) -> String {
    let (day, year) = (date.day(), date.year());
    match lang {
        Lang::Kk => format!("{year} жылғы {day} {}", nth(&KAZAKH_MONTHS_IN, date.month())),
        Lang::Ru => date_long(lang, date),
        Lang::En => format!("on {}", date_long(lang, date)),
    }
}

/// `сенбі`.
pub fn weekday(lang: Lang, date: Date) -> &'static str {
    weekday_name(lang, date.weekday())
}

/// `сенбі`, of a day of every week.
pub fn weekday_name(lang: Lang, day: jiff::civil::Weekday) -> &'static str {
    let [kk, ru, en] = &WEEKDAYS;
    let days = match lang {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    };
    nth(days, day.to_monday_one_offset())
}

/// Reads `21.11.2026`; the error is the word to show beside the field.
pub fn read_date(text: &str) -> Result<Date, Word> {
    let parts: Vec<&str> = text.trim().split('.').collect();
    let [day, month, year] = parts.as_slice() else { return Err(Word::VerrDate) };
    if day.is_empty() || day.len() > 2 || month.is_empty() || month.len() > 2 || year.len() != 4 {
        return Err(Word::VerrDate);
    }
    let (Ok(day), Ok(month), Ok(year)) = (day.parse(), month.parse(), year.parse()) else {
        return Err(Word::VerrDate);
    };
    Date::new(year, month, day).map_err(|_| Word::VerrDateNone)
}

/// `12 500`: thousands apart by a no-break space from five digits on.
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// Returns the plural form of a number in a language (CLDR).
pub fn plural(lang: Lang, value: u64) -> Plural {
    let (ones, tens) = (value % 10, value % 100);
    match lang {
        Lang::En if value == 1 => Plural::One,
        Lang::Kk | Lang::En => Plural::Other,
        Lang::Ru if ones == 1 && tens != 11 => Plural::One,
        Lang::Ru if (2..=4).contains(&ones) && !(12..=14).contains(&tens) => Plural::Few,
        Lang::Ru => Plural::Many,
    }
}

/// Returns the name by which people know an authority, of a name in one line (`CN=…, C=KZ`); the whole where it has no such.
pub fn common_name(line: &str) -> &str {
    let begun = line.strip_prefix("CN=").or_else(|| line.split_once(", CN=").map(|(_, it)| it));
    let Some(name) = begun else { return line };
    // The name itself may have commas: it ends where another kind of name begins.
    let is_end = |at: &usize| name.get(at + 2..).is_some_and(begins_with_kind);
    let end = name.match_indices(", ").map(|(at, _)| at).find(is_end);
    end.and_then(|at| name.get(..at)).unwrap_or(name)
}

fn begins_with_kind(text: &str) -> bool {
    let is_kind = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'.');
    text.split_once('=').is_some_and(|(kind, _)| is_kind(kind))
}

fn month(lang: Lang, date: Date) -> &'static str {
    let (kk, ru, en) = (&service::dates::MONTHS_KK, &service::dates::MONTHS_RU, &MONTHS_EN);
    let months = match lang {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    };
    nth(months, date.month())
}

/// The name with a number counted from one.
fn nth(names: &'static [&'static str], number: i8) -> &'static str {
    let index = usize::try_from(number).unwrap_or_default().saturating_sub(1);
    names.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::common_name;

    #[test]
    fn an_authority_is_named_as_people_know_it() {
        for (line, name) in [
            ("CN=УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV, C=KZ", "УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV"),
            ("C=KZ, CN=ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)", "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA)"),
            ("CN=Trust, Time and Co, 2.5.4.97=#0c02474f", "Trust, Time and Co"),
            ("O=INVENTED, C=KZ", "O=INVENTED, C=KZ"),
            ("", ""),
        ] {
            assert_eq!(common_name(line), name, "{line}");
        }
    }
}
