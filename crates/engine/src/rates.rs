// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rates of decisions by date, each with the act that sets it: `rates/*.toml`.

use jiff::civil::Date;
use regulation::model::Text;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::fmt;

/// Largest file that is read.
const TEXT_BYTES_MAX: usize = 1_000_000;

/// A mistake in a file of rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateMistake {
    /// Where: a rate or `line N`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for RateMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for RateMistake {}

/// A value of a rate, in force from a day until the next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateValue {
    /// From when.
    pub from: Date,
    /// Tenge.
    pub amount: Decimal,
    /// The act that sets it.
    pub act: Text,
    /// Where it was read.
    pub source: String,
    /// Whether it was read and not worked out or recalled.
    #[serde(default = "yes")]
    pub confirmed: bool,
}

const fn yes() -> bool {
    true
}

/// A rate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Its id: `mci` for `rate.mci`.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Its values by date.
    #[serde(rename = "value")]
    pub values: Vec<RateValue>,
}

/// All rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates(Vec<Rate>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rate: Vec<Rate>,
}

impl Rates {
    /// Reads a file of rates; every mistake at once.
    pub fn parse(text: &str) -> Result<Self, Vec<RateMistake>> {
        let mistake = |at: &str, what: &str| RateMistake { at: at.to_owned(), what: what.to_owned() };
        if text.len() > TEXT_BYTES_MAX {
            return Err(vec![mistake("file", "is larger than a file of rates can be")]);
        }
        let file: File = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
            vec![mistake(&format!("line {line}"), error.message())]
        })?;
        let mut found = Vec::new();
        for rate in &file.rate {
            if file.rate.iter().filter(|it| it.id == rate.id).count() > 1 {
                found.push(mistake(&rate.id, "the rate is written twice"));
            }
            if !rate.values.is_sorted_by(|a, b| a.from < b.from) {
                found.push(mistake(&rate.id, "its days are not in order, or one stands twice"));
            }
            if rate.values.iter().any(|it| it.amount.is_sign_negative()) {
                found.push(mistake(&rate.id, "an amount is negative"));
            }
        }
        if found.is_empty() { Ok(Self(file.rate)) } else { Err(found) }
    }

    /// Returns a rate.
    pub fn rate(&self, id: &str) -> Option<&Rate> {
        self.0.iter().find(|it| it.id == id)
    }

    /// Returns the rate and its value in force on a day.
    pub fn on(&self, id: &str, on: Date) -> Option<(&Rate, &RateValue)> {
        let rate = self.0.iter().find(|it| it.id == id)?;
        Some((rate, rate.values.iter().rfind(|it| it.from <= on)?))
    }
}
