// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values that nobody wrote: every field that a regulation asks for, invented.

use engine::{Value, form::is_asked};
use regulation::model::{Channel, Field, FieldId, FieldKind};
use std::collections::BTreeMap;

/// Values by field.
pub(crate) type Values = BTreeMap<FieldId, Value>;

/// What a scenario says of some fields: `FIELD` by its value, `GROUP` by the number of its entries, `GROUP.FIELD` by the
/// value that it has in every entry, `GROUP.N.FIELD` by the value in the entry `N`, from 0.
pub(crate) type Said = BTreeMap<String, String>;

/// Most entries of a group that a scenario asks for.
const ENTRIES_MAX: usize = 20;

/// Returns every required field that is asked for in `channel`, invented, with what was `said` of some of them. What is
/// `known` besides decides which fields are asked for.
pub(crate) fn values(fields: &[Field], channel: Channel, known: &Values, said: &Said) -> Values {
    let mut found = Values::new();
    for field in fields {
        let all = known.iter().chain(&found).map(|(id, it)| (id.clone(), it.clone())).collect();
        let named = said.contains_key(field.id.as_str());
        if named || (is_wanted(field) && is_asked(field, &all, Some(channel))) {
            found.insert(field.id.clone(), value(field, said));
        }
    }
    found
}

fn is_wanted(field: &Field) -> bool {
    field.required || matches!(field.kind, FieldKind::Group { min, .. } if min > 0)
}

fn value(field: &Field, said: &Said) -> Value {
    let named = said.get(field.id.as_str()).cloned();
    match &field.kind {
        FieldKind::Group { fields, .. } => {
            let count = named.and_then(|it| it.parse::<usize>().ok()).unwrap_or(1).min(ENTRIES_MAX);
            Value::Entries((0..count).map(|index| entry((&field.id, index), fields, said)).collect())
        }
        FieldKind::Tick => Value::Bool(named.is_none_or(|it| it == "true")),
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Date
        | FieldKind::Iin
        | FieldKind::Phone
        | FieldKind::Number
        | FieldKind::Money
        | FieldKind::Choice(_) => Value::Text(named.unwrap_or_else(|| text(field))),
    }
}

fn entry((group, index): (&FieldId, usize), fields: &[Field], said: &Said) -> BTreeMap<FieldId, String> {
    let named = |it: &Field| {
        let here = said.get(&format!("{group}.{index}.{}", it.id));
        here.or_else(|| said.get(&format!("{group}.{}", it.id))).cloned()
    };
    let wanted = |it: &Field| it.required && it.formula.is_none();
    let kept = fields.iter().filter(|it| wanted(it) || named(it).is_some());
    kept.map(|it| (it.id.clone(), named(it).unwrap_or_else(|| text(it)))).collect()
}

fn text(field: &Field) -> String {
    // Whoever is invented was born in 2012.
    let young = field.ages.iter().flat_map(|it| &it.answers).find(|it| it.below.is_some());
    if let Some(answer) = young {
        return answer.value.clone();
    }
    let text = match &field.kind {
        FieldKind::Choice(choices) => choices.first().map(|(value, _)| value.as_str()).unwrap_or_default(),
        FieldKind::Date if field.id.as_str() == "birth_date" => "2012-09-14",
        FieldKind::Date => "2026-12-01",
        FieldKind::Iin => "120914599917",
        FieldKind::Phone => "+7 700 000 00 00",
        FieldKind::Number => "2",
        FieldKind::Money => "40000",
        FieldKind::Tick => "true",
        FieldKind::Line | FieldKind::Lines | FieldKind::Group { .. } => "ойдан шығарылған",
    };
    text.to_owned()
}
