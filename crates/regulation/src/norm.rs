// SPDX-License-Identifier: MIT OR Apache-2.0
//! A time norm as a file and the command line write it: `15 minutes`, `30-60 seconds`, `3 working-days`.

use crate::model::{Norm, Unit};
use std::fmt;

/// The largest figure a norm may hold.
pub const MAX_FIGURE: u32 = 100_000;

/// Why a norm cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadNorm {
    /// Not `figure unit`.
    Shape,
    /// The figure is not a whole number from 1 to [`MAX_FIGURE`].
    Figure(String),
    /// The lower figure is above the upper one.
    Order,
    /// The unit is unknown.
    Unit(String),
}

impl fmt::Display for BadNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape => f.write_str("a norm is a figure and a unit"),
            Self::Figure(text) => write!(f, "`{text}` is not a whole number from 1 to {MAX_FIGURE}"),
            Self::Order => f.write_str("the lower figure of a norm is above the upper one"),
            Self::Unit(text) => write!(f, "unknown unit `{text}`"),
        }
    }
}

impl std::error::Error for BadNorm {}

impl std::str::FromStr for Norm {
    type Err = BadNorm;

    fn from_str(text: &str) -> Result<Self, BadNorm> {
        let mut words = text.split_whitespace();
        let (Some(figures), Some(unit), None) = (words.next(), words.next(), words.next()) else {
            return Err(BadNorm::Shape);
        };
        let (min, max) = figures.split_once('-').unwrap_or((figures, figures));
        let (min, max) = (figure(min)?, figure(max)?);
        if min > max {
            return Err(BadNorm::Order);
        }
        let unit = unit_of(unit).ok_or_else(|| BadNorm::Unit(unit.to_owned()))?;
        Ok(Self { min, max, unit })
    }
}

fn figure(text: &str) -> Result<u32, BadNorm> {
    text.parse()
        .ok()
        .filter(|it| (1..=MAX_FIGURE).contains(it))
        .ok_or_else(|| BadNorm::Figure(text.to_owned()))
}

/// Takes the singular too: `1 minute`.
fn unit_of(text: &str) -> Option<Unit> {
    Unit::from_name(text).or_else(|| Unit::from_name(&format!("{text}s")))
}

impl fmt::Display for Norm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min != self.max {
            write!(f, "{}-", self.min)?;
        }
        write!(f, "{} {}", self.max, self.unit)
    }
}

impl Norm {
    /// Returns the upper figure in minutes, with a working day of `day_minutes`; calendar days are whole.
    pub fn upper_minutes(&self, day_minutes: u64) -> u64 {
        let max = u64::from(self.max);
        match self.unit {
            Unit::Seconds => max.div_ceil(60),
            Unit::Minutes => max,
            Unit::WorkingDays => max.saturating_mul(day_minutes),
            Unit::CalendarDays => max.saturating_mul(24 * 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_norm_reads_back_what_it_prints() {
        for text in ["15 minutes", "30-60 seconds", "3 working-days", "30 calendar-days"] {
            assert_eq!(text.parse::<Norm>().map(|it| it.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_bad_norm_says_what_is_bad() {
        for (text, error) in [
            ("", BadNorm::Shape),
            ("15", BadNorm::Shape),
            ("x minutes", BadNorm::Figure("x".into())),
            ("0 minutes", BadNorm::Figure("0".into())),
            ("5-3 minutes", BadNorm::Order),
            ("5 weeks", BadNorm::Unit("weeks".into())),
        ] {
            assert_eq!(text.parse::<Norm>(), Err(error), "{text}");
        }
    }
}
