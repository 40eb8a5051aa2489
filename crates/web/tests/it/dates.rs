// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates and numbers as people write them.

use jiff::Timestamp;
use jiff::civil::date;
use web::format;
use web::{Lang, Word};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn dates_are_written_as_each_language_writes_them() {
    let day = date(2026, 11, 21);
    assert_eq!(format::date(day), "21.11.2026");
    assert_eq!(format::date_long(Lang::Kk, day), "2026 жылғы 21 қараша");
    assert_eq!(format::date_long(Lang::Ru, day), "21 ноября 2026 года");
    assert_eq!(format::date_long(Lang::En, day), "21 November 2026");
    assert_eq!(format::on_date_long(Lang::Kk, day), "2026 жылғы 21 қарашада");
    assert_eq!(format::on_date_long(Lang::Kk, date(2026, 9, 1)), "2026 жылғы 1 қыркүйекте");
    assert_eq!(format::on_date_long(Lang::En, day), "on 21 November 2026");
    assert_eq!(format::weekday(Lang::Kk, day), "сенбі");
}

#[test]
fn times_are_shown_by_the_clock_of_astana() {
    assert_eq!(format::date_time(at("2026-11-21T20:30:00Z")), "22.11.2026 01:30");
    assert_eq!(
        format::date_time(at("2023-11-21T20:30:00Z")),
        "22.11.2023 02:30",
        "before March 2024 it was UTC+6"
    );
    assert_eq!(format::machine(at("2026-11-21T09:30:00Z")), "2026-11-21T14:30:00+05:00");
}

#[test]
fn typed_dates_are_read_or_refused_with_the_right_words() {
    assert_eq!(format::read_date(" 21.11.2026 "), Ok(date(2026, 11, 21)));
    assert_eq!(format::read_date("1.2.2026"), Ok(date(2026, 2, 1)));
    for wrong in ["", "21/11/2026", "21.11.26", "aa.bb.cccc", "1.1.1.2026", "21.11.20261", "+1.11.2026x"] {
        assert_eq!(format::read_date(wrong), Err(Word::VerrDate), "{wrong}");
    }
    assert_eq!(format::read_date("30.02.2026"), Err(Word::VerrDateNone));
    assert_eq!(format::read_date("00.01.2026"), Err(Word::VerrDateNone));
}

#[test]
fn thousands_stand_apart_from_five_digits_on() {
    assert_eq!(format::number(999), "999");
    assert_eq!(format::number(1250), "1250");
    assert_eq!(format::number(12_500), "12\u{a0}500");
    assert_eq!(format::number(1_234_567), "1\u{a0}234\u{a0}567");
}
