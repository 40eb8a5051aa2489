// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates and times as the gateway writes them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The zone that times are written in, and that times without an offset are read in: UTC+5, the whole country's
/// since 1 March 2024.
const ZONE: TimeZone = TimeZone::fixed(jiff::tz::offset(5));

/// Returns the time as `2026-11-21T20:36:09.123+05:00`; finer than a millisecond only where the value is.
pub(crate) fn write_time(time: Timestamp) -> String {
    let fine = time.subsec_nanosecond() % 1_000_000 != 0;
    let form = if fine { "%Y-%m-%dT%H:%M:%S%.f%:z" } else { "%Y-%m-%dT%H:%M:%S%.3f%:z" };
    time.to_zoned(ZONE).strftime(form).to_string()
}

/// Reads a time with or without an offset.
pub(crate) fn read_time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: DateTime = text.parse().ok()?;
    Offset::constant(5).to_timestamp(civil).ok()
}

/// Reads a date; what some writers put after it, a time or a zone, is passed over.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let (date, rest) = text.split_at_checked(10)?;
    let known = rest.is_empty() || rest.starts_with(['T', '+', '-', 'Z']);
    if known { date.parse().ok() } else { None }
}
