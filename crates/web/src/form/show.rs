// SPDX-License-Identifier: MIT OR Apache-2.0
//! From declared fields, values and mistakes to the parts of a page.

use super::said;
use crate::words::Words;
use crate::{format, ui};
use engine::case::Value;
use engine::form::{Problem, ProblemKind};
use regulation::model::{Field, FieldId, FieldKind};
use std::collections::BTreeMap;

/// How a date is typed, as an example.
const DATE_EXAMPLE: &str = "21.11.2016";

/// One thing of the form.
#[derive(Debug, Clone)]
pub enum Item {
    /// A line to type in.
    Line(ui::Field),
    /// One of several answers.
    Choice(ui::Choices),
    /// A box to tick.
    Tick(ui::Choices),
    /// Entries that repeat, such as children.
    Group(Group),
}

/// Entries that repeat.
#[derive(Debug, Clone)]
pub struct Group {
    /// Id of the field.
    pub name: String,
    /// What the entries are.
    pub legend: String,
    /// Help.
    pub hint: Option<String>,
    /// What is wrong with the whole.
    pub error: Option<String>,
    /// The entries, each with its fields.
    pub entries: Vec<Vec<Item>>,
    /// Whether one more may be added.
    pub may_add: bool,
    /// Whether one may be taken away.
    pub may_remove: bool,
}

impl Item {
    /// Returns the line.
    pub fn as_line(&self) -> Option<&ui::Field> {
        if let Self::Line(it) = self { Some(it) } else { None }
    }

    /// Returns the question with several answers.
    pub fn as_choice(&self) -> Option<&ui::Choices> {
        if let Self::Choice(it) = self { Some(it) } else { None }
    }

    /// Returns the box to tick.
    pub fn as_tick(&self) -> Option<&ui::Choices> {
        if let Self::Tick(it) = self { Some(it) } else { None }
    }

    /// Returns the entries that repeat.
    pub fn as_group(&self) -> Option<&Group> {
        if let Self::Group(it) = self { Some(it) } else { None }
    }
}

impl Group {
    /// Returns the id of its element.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    /// Returns the number of an entry as people count.
    pub fn number(&self, index0: &usize) -> usize {
        index0 + 1
    }

    /// Returns what the button that takes an entry away posts.
    pub fn entry(&self, index0: &usize) -> String {
        format!("{}.{index0}", self.name)
    }
}

/// Draws the declared fields.
pub fn show(
    w: Words,
    fields: &[Field],
    values: &BTreeMap<FieldId, Value>,
    mistakes: &[Problem],
) -> Vec<Item> {
    let drawing = Drawing { w, mistakes };
    fields.iter().map(|it| drawing.field(it, it.id.as_str(), values.get(&it.id))).collect()
}

/// Returns the lines of the error summary, in the order of the form.
pub fn problems(items: &[Item]) -> Vec<ui::Problem> {
    let mut found = Vec::new();
    for item in items {
        match item {
            Item::Line(it) => found.extend(it.problem().map(|it| named(it, &item_label(item)))),
            Item::Choice(it) | Item::Tick(it) => {
                found.extend(it.problem().map(|it| named(it, &item_label(item))));
            }
            Item::Group(group) => {
                let whole = group.error.clone();
                found.extend(whole.map(|text| {
                    named(ui::Problem { href: format!("#{}", group.id()), text }, &group.legend)
                }));
                found.extend(group.entries.iter().flat_map(|it| problems(it)));
            }
        }
    }
    found
}

/// Puts the name of its field before a line of the error summary.
pub fn named(problem: ui::Problem, label: &str) -> ui::Problem {
    ui::Problem { text: format!("{label}: {}", problem.text), ..problem }
}

fn item_label(item: &Item) -> String {
    match item {
        Item::Line(it) => it.label.clone(),
        Item::Choice(it) => it.legend.clone(),
        Item::Tick(it) => it.options.first().map(|it| it.label.clone()).unwrap_or_default(),
        Item::Group(it) => it.legend.clone(),
    }
}

/// Returns what is wrong, in words.
pub fn problem_text(w: Words, kind: ProblemKind, given: usize) -> String {
    match kind {
        ProblemKind::Missing => w.verr_required().to_owned(),
        ProblemKind::TooLong { max } => w.verr_too_long(given, max),
        ProblemKind::NotADate => w.verr_date().to_owned(),
        ProblemKind::NotAnIin => w.verr_iin_wrong().to_owned(),
        ProblemKind::NotAPhone => w.verr_phone().to_owned(),
        ProblemKind::NotANumber => w.verr_number().to_owned(),
        ProblemKind::NotMoney => w.verr_money().to_owned(),
        ProblemKind::NotAChoice => w.verr_choose().to_owned(),
        ProblemKind::TooFew { min } => w.verr_too_few(min),
        ProblemKind::TooMany { max } => w.verr_too_many(max),
        ProblemKind::WrongKind | ProblemKind::Unknown => w.verr_unknown().to_owned(),
    }
}

/// Returns an ISO date as people write it; what is no date stays as it was typed.
pub fn date_shown(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), format::date)
}

struct Drawing<'a> {
    w: Words,
    mistakes: &'a [Problem],
}

impl Drawing<'_> {
    fn error(&self, path: &str, given: usize) -> Option<String> {
        let found = self.mistakes.iter().find(|it| it.path == path)?;
        Some(problem_text(self.w, found.kind, given))
    }

    fn field(&self, field: &Field, path: &str, value: Option<&Value>) -> Item {
        let label = said(self.w.lang(), &field.label);
        match (&field.kind, value) {
            (FieldKind::Group { .. }, value) => {
                let entries =
                    if let Some(Value::Entries(entries)) = value { entries.as_slice() } else { &[] };
                Item::Group(self.group(field, path, entries))
            }
            (FieldKind::Tick, value) => {
                let ticked = matches!(value, Some(Value::Bool(true)));
                let missing = self.mistakes.iter().any(|it| it.path == path);
                let error = missing.then(|| self.w.verr_consent());
                let options = vec![ui::Choice::new("true", label, ticked)];
                Item::Tick(ui::Choices::new(path, "", options).error(error))
            }
            (_, value) => {
                let text = if let Some(Value::Text(text)) = value { text.as_str() } else { "" };
                self.text(field, path, text)
            }
        }
    }

    fn text(&self, field: &Field, path: &str, text: &str) -> Item {
        let label = said(self.w.lang(), &field.label);
        let error = self.error(path, text.chars().count());
        if let FieldKind::Choice(choices) = &field.kind {
            let option = |(value, label): &(String, regulation::model::Text)| {
                ui::Choice::new(value, said(self.w.lang(), label), value == text)
            };
            let error = error.map(|_| self.w.verr_choose());
            let mut asked = ui::Choices::new(path, label, choices.iter().map(option).collect()).error(error);
            asked.hint = field.hint.as_ref().map(|it| said(self.w.lang(), it).to_owned());
            return Item::Choice(asked);
        }
        let shown = if field.kind == FieldKind::Date { date_shown(text) } else { text.to_owned() };
        let mut line = ui::Field::new(path, label).value(shown).error(error).kind(match field.kind {
            FieldKind::Lines => ui::FieldKind::Lines,
            FieldKind::Date => ui::FieldKind::Date,
            FieldKind::Iin | FieldKind::Number | FieldKind::Money => ui::FieldKind::Digits,
            FieldKind::Phone => ui::FieldKind::Phone,
            FieldKind::Line | FieldKind::Tick | FieldKind::Choice(_) | FieldKind::Group { .. } => {
                ui::FieldKind::Text
            }
        });
        let date = (field.kind == FieldKind::Date).then(|| self.w.form_date_hint(DATE_EXAMPLE));
        line.hint = field.hint.as_ref().map(|it| said(self.w.lang(), it).to_owned()).or(date);
        line.optional = !field.required;
        line.max_length = (field.kind != FieldKind::Date).then_some(field.max_chars);
        line.width = match field.kind {
            FieldKind::Date => Some(10),
            FieldKind::Iin | FieldKind::Phone | FieldKind::Number | FieldKind::Money => Some(20),
            FieldKind::Line
            | FieldKind::Lines
            | FieldKind::Tick
            | FieldKind::Choice(_)
            | FieldKind::Group { .. } => None,
        };
        Item::Line(line)
    }

    fn group(&self, field: &Field, path: &str, entries: &[BTreeMap<FieldId, String>]) -> Group {
        let (min, max, inner) = if let FieldKind::Group { min, max, fields } = &field.kind {
            (*min, *max, fields.as_slice())
        } else {
            (0, 0, [].as_slice())
        };
        let shown = entries.len().max(usize::try_from(min).unwrap_or(1)).max(1);
        let entry = |index: usize| {
            let drawn = |it: &Field| {
                let text = entries.get(index).and_then(|entry| entry.get(&it.id)).map_or("", String::as_str);
                self.text(it, &format!("{path}.{index}.{}", it.id), text)
            };
            inner.iter().map(drawn).collect()
        };
        Group {
            name: path.to_owned(),
            legend: said(self.w.lang(), &field.label).to_owned(),
            hint: field.hint.as_ref().map(|it| said(self.w.lang(), it).to_owned()),
            error: self.error(path, entries.len()),
            entries: (0..shown).map(entry).collect(),
            may_add: shown < usize::try_from(max).unwrap_or(usize::MAX),
            may_remove: shown > 1,
        }
    }
}
