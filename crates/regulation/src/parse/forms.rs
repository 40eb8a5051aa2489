// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fields of forms.

use super::{condition_over, formula, standard::channels};
use crate::code::Code;
use crate::model::{AgeOf, Ages, Field, FieldId, FieldKind};
use crate::place::Kind;
use crate::reading::{Node, Reading, Written};

/// How many characters a value may have where the file does not say.
const DEFAULT_MAX_CHARS: u32 = 200;
/// How many entries a repeated group may have where the file does not say.
const DEFAULT_MAX_ENTRIES: u32 = 20;
/// How deep groups may nest: a group of plain fields.
const MAX_GROUP_DEPTH: usize = 1;

#[derive(Debug, Clone, Copy)]
enum Type {
    Line,
    Lines,
    Date,
    Iin,
    Phone,
    Number,
    Money,
    Tick,
    Choice,
    Group,
}

const TYPES: &[(&str, Type)] = &[
    ("line", Type::Line),
    ("lines", Type::Lines),
    ("date", Type::Date),
    ("iin", Type::Iin),
    ("phone", Type::Phone),
    ("number", Type::Number),
    ("money", Type::Money),
    ("tick", Type::Tick),
    ("choice", Type::Choice),
    ("group", Type::Group),
];

pub(super) fn fields(
    reading: &mut Reading<'_>,
    top: &mut Node<'_>,
    key: &'static str,
    kind: Kind,
) -> Vec<Field> {
    let nodes = reading.nodes(top, key);
    nodes
        .into_iter()
        .map(|mut node| {
            let id = reading.id(&mut node, kind);
            field(reading, &mut node, id, 0)
        })
        .collect()
}

fn field(reading: &mut Reading<'_>, node: &mut Node<'_>, id: Written, depth: usize) -> Field {
    let label = reading.required_text(node, "label");
    let written = reading.required(node, "type", "say what the field takes, such as `line`");
    let mut ages = Vec::new();
    let kind = match reading.name("field type", &written, TYPES) {
        Some(Type::Choice) => choice(reading, node, &mut ages),
        Some(Type::Group) => group(reading, node, depth),
        Some(Type::Lines) => FieldKind::Lines,
        Some(Type::Date) => FieldKind::Date,
        Some(Type::Iin) => FieldKind::Iin,
        Some(Type::Phone) => FieldKind::Phone,
        Some(Type::Number) => FieldKind::Number,
        Some(Type::Money) => FieldKind::Money,
        Some(Type::Tick) => FieldKind::Tick,
        Some(Type::Line) | None => FieldKind::Line,
    };
    if depth > 0 {
        unread(reading, node);
    }
    let ages = of_ages(reading, node, ages);
    let written = reading.strings(node, "channels");
    let field = Field {
        id: FieldId(id.text),
        label,
        hint: reading.text(node, "hint"),
        kind,
        required: reading.flag(node, "required"),
        max_chars: reading.number(node, "max-chars").unwrap_or(DEFAULT_MAX_CHARS),
        prefill: reading.string(node, "prefill").map(|it| it.text),
        when: condition_over(reading, node, "when", Some(Kind::Field)),
        channels: written.iter().filter_map(|it| reading.name("channel", it, &channels())).collect(),
        formula: formula(reading, node),
        ages,
    };
    reading.close(node);
    field
}

/// Says which keys a field of a group does not have: nothing would heed them.
fn unread(reading: &mut Reading<'_>, node: &Node<'_>) {
    for key in ["when", "channels", "prefill"] {
        if node.has(key) {
            let message = format!("`{key}` is not read inside a group");
            let help = "put it on the group itself, or make the field a field of its own";
            reading.error(Code::UnknownKey, node.span.clone(), message, help);
        }
    }
}

/// Reads whose age the answers of a choice speak of.
fn of_ages(reading: &mut Reading<'_>, node: &mut Node<'_>, answers: Vec<AgeOf>) -> Option<Ages> {
    let born = reading.string(node, "age-of");
    if born.is_none() && !answers.is_empty() {
        reading.missing(
            node,
            "age-of",
            "name the date of birth in the same entry: `age-of = \"birth_date\"`",
        );
    }
    Some(Ages { born: FieldId(born?.text), answers })
}

fn choice(reading: &mut Reading<'_>, node: &mut Node<'_>, ages: &mut Vec<AgeOf>) -> FieldKind {
    if !node.has("choices") {
        reading.missing(node, "choices", "list them: `[[field.choices]]` with `value` and `label`");
    }
    let mut choices = Vec::new();
    for mut inner in reading.nodes(node, "choices") {
        let value = reading.required(&mut inner, "value", "the value that is stored");
        reading.check_id("choice", &value);
        let (from, below) = (reading.number(&mut inner, "from-age"), reading.number(&mut inner, "below-age"));
        if from.is_some() || below.is_some() {
            ages.push(AgeOf { value: value.text.clone(), from, below });
        }
        choices.push((value.text, reading.required_text(&mut inner, "label")));
        reading.close(&inner);
    }
    FieldKind::Choice(choices)
}

fn group(reading: &mut Reading<'_>, node: &mut Node<'_>, depth: usize) -> FieldKind {
    let min = reading.number(node, "min").unwrap_or(0);
    let max = reading.number(node, "max").unwrap_or(DEFAULT_MAX_ENTRIES);
    if min > max || max == 0 {
        let message = format!("a group of {min} to {max} entries cannot be filled");
        reading.error(Code::TooLarge, node.span.clone(), message, "`min` must not be above `max`");
    }
    if depth >= MAX_GROUP_DEPTH {
        let help = "a group holds plain fields; move the inner group to the top";
        reading.error(Code::TooLarge, node.span.clone(), "groups nest too deep".to_owned(), help);
        return FieldKind::Group { min, max, fields: Vec::new() };
    }
    if !node.has("fields") {
        reading.missing(node, "fields", "list them: `[[field.fields]]`");
    }
    let mut seen: Vec<String> = Vec::new();
    let mut fields = Vec::new();
    for mut inner in reading.nodes(node, "fields") {
        let id = reading.required(&mut inner, "id", "give the field an id");
        reading.check_id("field", &id);
        if seen.contains(&id.text) {
            let message = format!("field `{}` is declared twice in its group", id.text);
            reading.error(Code::DuplicateId, id.span.clone(), message, "give it another id");
        }
        seen.push(id.text.clone());
        fields.push(field(reading, &mut inner, id, depth + 1));
    }
    for of in fields.iter().filter_map(|it| it.ages.as_ref()) {
        if !fields.iter().any(|it| it.id == of.born && it.kind == FieldKind::Date) {
            let message = format!("`{}` is no date of this group", of.born);
            reading.error(
                Code::Undeclared,
                node.span.clone(),
                message,
                "name a field of type `date` beside it",
            );
        }
    }
    FieldKind::Group { min, max, fields }
}
