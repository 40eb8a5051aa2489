// SPDX-License-Identifier: MIT OR Apache-2.0
//! From declared fields, values and mistakes to the parts of a page.

use super::condition::speaks_only_of;
use super::{Named, said};
use crate::words::Words;
use crate::{format, ui};
use engine::case::Value;
use engine::form::{Problem, ProblemKind};
use regulation::model::{Field, FieldId, FieldKind};
use std::collections::BTreeMap;

/// How a date is typed, as an example.
pub const DATE_EXAMPLE: &str = "21.11.2016";

/// The field by which a person agrees that registers are asked.
const CONSENT: &str = "consent";

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
    /// One of the others, asked for only under a condition.
    When(Box<Whenever>),
}

/// What is asked for only under a condition over other answers of the same form.
#[derive(Debug, Clone)]
pub struct Whenever {
    /// The condition, for the script.
    pub condition: String,
    /// The condition in words, for people without it.
    pub hint: Option<String>,
    /// What is asked.
    pub item: Item,
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
    /// Returns what is asked for under a condition.
    pub fn as_when(&self) -> Option<&Whenever> {
        if let Self::When(it) = self { Some(it) } else { None }
    }

    /// Returns the line of that name, also one that is asked for under a condition.
    pub fn line_named(&mut self, name: &str) -> Option<&mut ui::Field> {
        match self {
            Self::Line(it) if it.name == name => Some(it),
            Self::When(it) => it.item.line_named(name),
            Self::Line(_) | Self::Choice(_) | Self::Tick(_) | Self::Group(_) => None,
        }
    }

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
pub fn show<'a>(
    w: Words,
    fields: impl IntoIterator<Item = &'a Field>,
    values: &BTreeMap<FieldId, Value>,
    mistakes: &[Problem],
) -> Vec<Item> {
    let fields: Vec<&Field> = fields.into_iter().collect();
    let drawing = Drawing { w, mistakes };
    let drawn = |it: &&Field| {
        let item = drawing.field(it, it.id.as_str(), values.get(&it.id));
        conditional(w, &fields, it, item)
    };
    fields.iter().map(drawn).collect()
}

/// A condition over other answers of the form is told; one over anything else was judged by who chose the fields.
fn conditional(w: Words, fields: &[&Field], field: &Field, item: Item) -> Item {
    let Some(when) = field.when.as_ref().filter(|it| speaks_only_of(it, fields)) else { return item };
    let Ok(condition) = serde_json::to_string(when) else { return item };
    let named = Named { w, fields, facts: &[] };
    let hint = named.condition(when).map(|it| w.form_when(it));
    Item::When(Box::new(Whenever { condition, hint, item }))
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
            Item::When(it) => found.extend(problems(std::slice::from_ref(&it.item))),
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
        Item::When(it) => item_label(&it.item),
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
        ProblemKind::NotOfThatAge => w.verr_age().to_owned(),
        ProblemKind::WrongKind | ProblemKind::Unknown => w.verr_unknown().to_owned(),
    }
}

/// Returns an ISO date as people write it; what is no date stays as it was typed.
pub fn date_shown(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), format::date)
}

/// Returns an amount as people write it: `14 675,50`.
pub fn money_shown(text: &str) -> String {
    let (whole, rest) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), format::number);
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole},{rest}"))
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
                let told = if path == CONSENT { self.w.verr_consent() } else { self.w.verr_tick() };
                let error = missing.then_some(told);
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
            asked.optional = !field.required;
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
