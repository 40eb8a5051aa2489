// SPDX-License-Identifier: MIT OR Apache-2.0
//! The application's fields and documents against the regulation: every mistake at once, each by its field.

use crate::{
    case::{Application, Value},
    holds::Holds,
    iin,
};
use jiff::civil::Date;
use regulation::model::{Channel, FactId, Field, FieldId, FieldKind, Regulation};
use std::collections::BTreeMap;

/// Longest text that a person writes into an act.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Most attachments of one application.
pub const ATTACHMENTS_MAX: usize = 20;
const PHONE_DIGITS_MIN: usize = 10;
const PHONE_DIGITS_MAX: usize = 15;
/// Tiyn have two places.
const MONEY_PLACES: usize = 2;
const FIGURE_DIGITS_MAX: usize = 12;

/// A mistake in the form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The field: `phone`, `children`, `children.0.surname`; for a document `document.<id>`.
    pub path: String,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It must be filled.
    Missing,
    /// It is longer than this many characters.
    TooLong {
        /// The most.
        max: u32,
    },
    /// It is not a date as `YYYY-MM-DD`.
    NotADate,
    /// It is not twelve digits with a right check digit.
    NotAnIin,
    /// It is not a phone number.
    NotAPhone,
    /// It is not a whole number.
    NotANumber,
    /// It is not an amount of tenge.
    NotMoney,
    /// It is none of the choices.
    NotAChoice,
    /// It has fewer entries.
    TooFew {
        /// The least.
        min: u32,
    },
    /// It has more entries.
    TooMany {
        /// The most.
        max: u32,
    },
    /// It does not go with the date of birth beside it.
    NotOfThatAge,
    /// It is a value of another kind, such as a list where one line is asked.
    WrongKind,
    /// The regulation has no such field or document.
    Unknown,
}

/// Checks the whole application: what is given, and that nothing required is missing.
pub fn problems(regulation: &Regulation, channel: Channel, application: &Application) -> Vec<Problem> {
    let mut found = mistakes(regulation, application);
    let values = &application.fields;
    required(&regulation.fields, (values, values), Some(channel), &mut found);
    for document in regulation.documents.iter().filter(|it| it.required && it.channels.contains(&channel)) {
        if !application.attachments.iter().any(|it| it.document == document.id) {
            found.push(problem(format!("document.{}", document.id), ProblemKind::Missing));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Checks what the executor adds for a paper that is granted, against [`Regulation::result_fields`]; which of them are
/// asked for depends on the channel and may depend on the application.
pub fn result_problems(
    regulation: &Regulation,
    channel: Channel,
    application: &BTreeMap<FieldId, Value>,
    values: &BTreeMap<FieldId, Value>,
) -> Vec<Problem> {
    let mut found = Vec::new();
    let reason = |id: &FieldId| is_reason(&regulation.result_fields, id);
    let fields: BTreeMap<_, _> =
        values.iter().filter(|(id, _)| !reason(id)).map(|(id, it)| (id.clone(), it.clone())).collect();
    given(&regulation.result_fields, &fields, &mut found);
    let known = application.iter().chain(&fields).map(|(id, it)| (id.clone(), it.clone())).collect();
    required(&regulation.result_fields, (&fields, &known), Some(channel), &mut found);
    found.sort();
    found.dedup();
    found
}

/// Checks only what is given; a draft may be incomplete.
pub fn mistakes(regulation: &Regulation, application: &Application) -> Vec<Problem> {
    let mut found = Vec::new();
    given(&regulation.fields, &application.fields, &mut found);
    for attachment in &application.attachments {
        if !regulation.documents.iter().any(|it| it.id == attachment.document) {
            found.push(problem(format!("document.{}", attachment.document), ProblemKind::Unknown));
        }
    }
    if application.attachments.len() > ATTACHMENTS_MAX {
        let max = u32::try_from(ATTACHMENTS_MAX).unwrap_or(u32::MAX);
        found.push(problem("document".to_owned(), ProblemKind::TooMany { max }));
    }
    found.sort();
    found.dedup();
    found
}

/// Checks the answers that speak of an age against the dates of birth beside them, on the day of the application.
pub fn ages(regulation: &Regulation, application: &Application, on: Date) -> Vec<Problem> {
    let mut found = Vec::new();
    for group in &regulation.fields {
        let (FieldKind::Group { max, fields, .. }, Some(Value::Entries(entries))) =
            (&group.kind, application.fields.get(&group.id))
        else {
            continue;
        };
        let bound = usize::try_from(*max).unwrap_or(usize::MAX);
        for (index, entry) in entries.iter().take(bound).enumerate() {
            let wrong = fields.iter().filter(|it| !is_of_age(it, entry, on));
            let path = |it: &Field| format!("{}.{index}.{}", group.id, it.id);
            found.extend(wrong.map(|it| problem(path(it), ProblemKind::NotOfThatAge)));
        }
    }
    found
}

/// Returns whether the answer of a field goes with the date of birth in its entry; what is not given is no answer.
fn is_of_age(field: &Field, entry: &BTreeMap<FieldId, String>, on: Date) -> bool {
    let said = |id: &FieldId| entry.get(id).map(|it| it.trim());
    let Some(ages) = &field.ages else { return true };
    let answer = ages.answers.iter().find(|it| said(&field.id) == Some(it.value.as_str()));
    let born = said(&ages.born).and_then(|it| it.parse::<Date>().ok());
    let (Some(answer), Some(born)) = (answer, born) else { return true };
    let reached = |years: u32| birthday(born, years).is_some_and(|it| it <= on);
    answer.from.is_none_or(reached) && !answer.below.is_some_and(reached)
}

/// Returns the day on which somebody reaches an age; a birthday of 29 February is kept on 1 March.
pub fn birthday(born: Date, years: u32) -> Option<Date> {
    let year = born.year().checked_add(i16::try_from(years).ok()?)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

fn given(fields: &[Field], values: &BTreeMap<FieldId, Value>, found: &mut Vec<Problem>) {
    for (id, value) in values {
        match fields.iter().find(|it| it.id == *id) {
            Some(field) => check(field, value, id.as_str(), found),
            None => found.push(problem(id.as_str().to_owned(), ProblemKind::Unknown)),
        }
    }
}

/// Returns whether a field is asked for in that channel, the others being as given.
pub fn is_asked(field: &Field, values: &BTreeMap<FieldId, Value>, channel: Option<Channel>) -> bool {
    let empty = || Value::Text(String::new());
    let value = |id: &FactId| {
        let known = values.get(&FieldId::from(id.as_str())).cloned();
        let told = channel.filter(|_| id.as_str() == regulation::facts::CHANNEL);
        Some(known.or_else(|| Some(Value::Text(told?.as_str().to_owned()))).unwrap_or_else(empty))
    };
    channel.is_none_or(|it| field.is_asked_in(it))
        && field.when.as_ref().is_none_or(|when| Holds::judge(when, &value) == Holds::Yes)
}

/// `known` decides which fields are asked for; `values` must hold those of them that are required.
fn required(
    fields: &[Field],
    (values, known): (&BTreeMap<FieldId, Value>, &BTreeMap<FieldId, Value>),
    channel: Option<Channel>,
    found: &mut Vec<Problem>,
) {
    for field in fields.iter().filter(|it| is_asked(it, known, channel)) {
        if is_required(field) && values.get(&field.id).is_none_or(is_empty) {
            found.push(problem(field.id.as_str().to_owned(), ProblemKind::Missing));
        }
    }
}

fn check(field: &Field, value: &Value, path: &str, found: &mut Vec<Problem>) {
    match (&field.kind, value) {
        (FieldKind::Group { min, max, fields }, Value::Entries(entries)) => {
            let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            if count > *max {
                found.push(problem(path.to_owned(), ProblemKind::TooMany { max: *max }));
            } else if count < *min && count > 0 {
                found.push(problem(path.to_owned(), ProblemKind::TooFew { min: *min }));
            }
            let bound = usize::try_from(*max).unwrap_or(usize::MAX);
            for (index, entry) in entries.iter().take(bound).enumerate() {
                check_entry(fields, entry, &format!("{path}.{index}"), found);
            }
        }
        (FieldKind::Tick, Value::Bool(_)) => {}
        (FieldKind::Group { .. }, _) | (_, Value::Bool(_) | Value::Entries(_)) => {
            found.push(problem(path.to_owned(), ProblemKind::WrongKind));
        }
        (_, Value::Text(text)) => check_text(field, text, path, found),
    }
}

fn check_entry(fields: &[Field], entry: &BTreeMap<FieldId, String>, path: &str, found: &mut Vec<Problem>) {
    for field in fields {
        let path = format!("{path}.{}", field.id);
        match entry.get(&field.id) {
            Some(text) if !text.trim().is_empty() => check_text(field, text, &path, found),
            _ if field.required => found.push(problem(path, ProblemKind::Missing)),
            _ => {}
        }
    }
    let known = |id: &FieldId| fields.iter().any(|it| it.id == *id) || is_reason(fields, id);
    for id in entry.keys().filter(|id| !known(id)) {
        found.push(problem(format!("{path}.{id}"), ProblemKind::Unknown));
    }
}

fn check_text(field: &Field, text: &str, path: &str, found: &mut Vec<Problem>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let longest = usize::try_from(field.max_chars).unwrap_or(usize::MAX);
    if text.chars().count() > longest {
        found.push(problem(path.to_owned(), ProblemKind::TooLong { max: field.max_chars }));
        return;
    }
    let kind = match &field.kind {
        FieldKind::Date if text.parse::<Date>().is_err() => ProblemKind::NotADate,
        FieldKind::Iin if !iin::is_well_formed(text) => ProblemKind::NotAnIin,
        FieldKind::Phone if !is_phone(text) => ProblemKind::NotAPhone,
        FieldKind::Number if !is_figure(text, 0) => ProblemKind::NotANumber,
        FieldKind::Money if !is_figure(text, MONEY_PLACES) => ProblemKind::NotMoney,
        FieldKind::Choice(choices) if !choices.iter().any(|(value, _)| value == text) => {
            ProblemKind::NotAChoice
        }
        FieldKind::Tick if !matches!(text, "true" | "false") => ProblemKind::WrongKind,
        FieldKind::Group { .. } => ProblemKind::WrongKind,
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Date
        | FieldKind::Iin
        | FieldKind::Phone
        | FieldKind::Number
        | FieldKind::Money
        | FieldKind::Tick
        | FieldKind::Choice(_) => return,
    };
    found.push(problem(path.to_owned(), kind));
}

/// Digits, with at most so many behind a point.
fn is_figure(text: &str, places: usize) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    digits(whole)
        && whole.len() <= FIGURE_DIGITS_MAX
        && digits(rest)
        && (!text.contains('.') || rest.len() <= places)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.chars().all(|it| it.is_ascii_digit() || matches!(it, '+' | ' ' | '-' | '(' | ')'));
    plain && (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits)
}

fn is_required(field: &Field) -> bool {
    field.required || matches!(field.kind, FieldKind::Group { min, .. } if min > 0)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => !yes,
        Value::Text(text) => text.trim().is_empty(),
        Value::Entries(entries) => entries.is_empty(),
    }
}

/// Returns whether it names the reason why another figure than a calculated one is given.
fn is_reason(fields: &[Field], id: &FieldId) -> bool {
    let of = id.as_str().strip_suffix(crate::calculation::REASON);
    of.is_some_and(|of| fields.iter().any(|it| it.formula.is_some() && it.id.as_str() == of))
}

fn problem(path: String, kind: ProblemKind) -> Problem {
    Problem { path, kind }
}
