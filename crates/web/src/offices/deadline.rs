// SPDX-License-Identifier: MIT OR Apache-2.0
//! Terms as people read them: until when, and every day of the count with its reason.

use crate::form::said;
use crate::format;
use crate::ui::{Cell, Tag, TagKind};
use crate::words::Words;
use engine::calendar::DayOff;
use engine::deadline::{Deadline, DeadlineOf};
use engine::norm::Reason;
use jiff::Timestamp;
use jiff::civil::Time;
use regulation::model::Regulation;

/// A term that runs.
#[derive(Debug, Clone)]
pub struct TermView {
    /// Of what.
    pub title: String,
    /// Until when.
    pub due: String,
    /// Overdue or today, in words.
    pub tag: Option<Tag>,
    /// How it was counted, in order.
    pub reasons: Vec<String>,
}

/// Returns a term for a page.
pub fn term(w: Words, regulation: &Regulation, it: &Deadline, now: Timestamp) -> TermView {
    let title = match &it.of {
        DeadlineOf::Part { part, .. } => regulation
            .part(part)
            .map_or_else(|| w.tl_now().to_owned(), |(_, _, part)| said(w.lang(), &part.title).to_owned()),
        DeadlineOf::Term { .. } => w.passport_term().to_owned(),
    };
    TermView {
        title,
        due: format::date_time(it.due),
        tag: tag(w, it.due, now),
        reasons: reasons(w, &it.reasons),
    }
}

/// Returns overdue or today in words; nothing when there is time.
pub fn tag(w: Words, due: Timestamp, now: Timestamp) -> Option<Tag> {
    if due < now {
        Some(Tag::new(TagKind::Bad, w.of_overdue()))
    } else if format::day_of(due) == format::day_of(now) {
        Some(Tag::new(TagKind::Wait, w.date_today()))
    } else {
        None
    }
}

/// Returns the cell of a due time in a list.
pub fn due_cell(w: Words, due: Option<Timestamp>, now: Timestamp) -> Cell {
    match due {
        Some(due) => Cell { text: format::date_time(due), href: None, tag: tag(w, due, now) },
        None => Cell::text(w.off_no_term()),
    }
}

/// Returns the reasons of a term, one sentence each.
pub fn reasons(w: Words, reasons: &[Reason]) -> Vec<String> {
    let mut told = Vec::new();
    for it in reasons {
        tell(w, it, &mut told);
    }
    told
}

fn tell(w: Words, reason: &Reason, told: &mut Vec<String>) {
    match reason {
        Reason::StartsAt(at) => told.push(w.why_start(format::date_time(*at))),
        Reason::WallClock => told.push(w.why_wall().to_owned()),
        Reason::WorkingHours { opens, lunch, closes } => {
            told.push(w.why_hours(hour(*closes), hour(*opens)));
            told.extend(lunch.map(|(from, to)| w.why_lunch(hour(to), hour(from))));
        }
        Reason::OutsideHours { counts_from, .. } => {
            told.push(w.why_outside(format::date_time(*counts_from)));
        }
        Reason::FirstDayNotCounted(date) => told.push(w.why_first(format::date(*date))),
        Reason::Counted { date, number } => told.push(w.why_counted(format::date(*date), *number)),
        Reason::Skipped(day) => told.push(w.why_skipped(format::date(day.date), day_off(w, day))),
        Reason::MovedFrom(day) => told.push(w.why_moved(format::date(day.date), day_off(w, day))),
        Reason::EndsAtClose { date, closes } => {
            told.push(w.why_close(format::date(*date), hour(*closes)));
        }
        Reason::YearNotCovered(year) => told.push(w.why_year(year.to_string())),
    }
}

fn day_off(w: Words, day: &DayOff) -> String {
    format!("{}; {}", said(w.lang(), &day.name), said(w.lang(), &day.act))
}

fn hour(at: Time) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}
