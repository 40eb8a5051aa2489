// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates as papers and pages write them: the closed set of month names, in one place.

use crate::paper_spec::Bilingual;
use jiff::civil::Date;

/// Months as they stand in a Kazakh date.
pub const MONTHS_KK: [&str; 12] = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
];
/// Months as they stand in a Russian date: declined.
pub const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// Returns a date as official papers write it.
pub fn date(date: Date) -> Bilingual {
    let month = usize::try_from(date.month() - 1).unwrap_or(0);
    let (kk, ru) = (MONTHS_KK.get(month).unwrap_or(&""), MONTHS_RU.get(month).unwrap_or(&""));
    Bilingual::new(
        format!("{} жылғы {} {kk}", date.year(), date.day()),
        format!("{} {ru} {} года", date.day(), date.year()),
    )
}
