// SPDX-License-Identifier: MIT OR Apache-2.0
//! Times of DER to seconds by arithmetic alone: a national revocation list holds 420 000 of them.

use super::{Asn1Error, GENERALIZED_TIME, UTC_TIME};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// The last second that a [`jiff::Timestamp`] holds: the day before the end of 9999, which stands for no end (RFC 5280, 4.1.2.5).
const SECONDS_MAX: i64 = 253_402_207_200;

/// Returns the seconds since 1970 of a `UTCTime` or `GeneralizedTime` with seconds and `Z`, of later times the last that is held.
pub(crate) fn seconds(tag: u8, value: &[u8]) -> Result<i64, Asn1Error> {
    let digits = value.strip_suffix(b"Z").ok_or(Asn1Error::Value)?;
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let (year, rest) = digits.split_at(2);
            let year = number(year)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (GENERALIZED_TIME, 14..) => {
            // DER allows a fraction of a second here; it is cut off.
            let (whole, fraction) = digits.split_at(14);
            let is_fraction = match fraction.split_first() {
                None => true,
                Some((point, digits)) => *point == b'.' && digits.iter().all(u8::is_ascii_digit),
            };
            if !is_fraction {
                return Err(Asn1Error::Value);
            }
            let (year, rest) = whole.split_at(4);
            (number(year)?, rest)
        }
        _ => return Err(Asn1Error::Value),
    };
    let mut parts = [0i64; 5];
    for (part, pair) in parts.iter_mut().zip(rest.chunks_exact(2)) {
        *part = number(pair)?;
    }
    let [month, day, hour, minute, second] = parts;
    let in_bounds = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !in_bounds {
        return Err(Asn1Error::Value);
    }
    let seconds = days_since_1970(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    Ok(seconds.min(SECONDS_MAX))
}

fn number(digits: &[u8]) -> Result<i64, Asn1Error> {
    digits.iter().try_fold(0, |sum: i64, digit| match digit {
        b'0'..=b'9' => Ok(sum * 10 + i64::from(digit - b'0')),
        _ => Err(Asn1Error::Value),
    })
}

const fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days from 1970-01-01 to a day of the Gregorian calendar, by years that begin in March.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp, tz::TimeZone};

    #[test]
    fn arithmetic_agrees_with_the_calendar_for_every_day_of_eleven_centuries() {
        let mut time: Timestamp = "1000-01-01T23:59:58Z".parse().unwrap();
        let end: Timestamp = "2110-01-01T00:00:00Z".parse().unwrap();
        while time < end {
            let zoned = time.to_zoned(TimeZone::UTC);
            let text = zoned.strftime("%Y%m%d%H%M%SZ").to_string();
            assert_eq!(seconds(GENERALIZED_TIME, text.as_bytes()), Ok(time.as_second()), "{text}");
            if (1950..2050).contains(&zoned.year()) {
                let short = zoned.strftime("%y%m%d%H%M%SZ").to_string();
                assert_eq!(seconds(UTC_TIME, short.as_bytes()), Ok(time.as_second()), "{short}");
            }
            time = time.checked_add(SignedDuration::from_secs(86_400 - 7)).unwrap();
        }
    }

    #[test]
    fn no_end_is_the_last_time_that_is_held() {
        assert_eq!(SECONDS_MAX, Timestamp::MAX.as_second());
        for text in ["99991231235959Z", "99991231235959.9Z", "99991230220001Z"] {
            assert_eq!(seconds(GENERALIZED_TIME, text.as_bytes()), Ok(SECONDS_MAX), "{text}");
        }
        assert_eq!(seconds(GENERALIZED_TIME, b"99991230215959Z"), Ok(SECONDS_MAX - 1));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "20230229000000Z",
            "21000229000000Z",
            "20231301000000Z",
            "20230100000000Z",
            "20230101240000Z",
            "20230101006000Z",
            "20230101000060Z",
            "20230101000000",
            "2023010100000Z",
            "20230101000000.x0Z",
            "2023010100000 Z",
            "20230101000000+Z",
            "",
        ] {
            assert_eq!(seconds(GENERALIZED_TIME, text.as_bytes()), Err(Asn1Error::Value), "{text}");
        }
        for text in ["230229000000Z", "2302280000Z", "230228000000+0000", "23022800000\u{661}Z"] {
            assert_eq!(seconds(UTC_TIME, text.as_bytes()), Err(Asn1Error::Value), "{text}");
        }
        assert!(seconds(GENERALIZED_TIME, b"20240229120000.123Z").is_ok());
    }
}
