// SPDX-License-Identifier: MIT OR Apache-2.0
//! From what the browser posted to the values of an application.

use crate::format;
use engine::case::Value;
use engine::form::is_asked;
use regulation::model::{Channel, Field, FieldId, FieldKind};
use std::collections::BTreeMap;

/// Fields of a posted form that are looked at; more than any regulation needs.
const POSTED_MAX: usize = 2_000;

/// What the browser posted, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// Returns what was posted.
    pub fn new(mut posted: Vec<(String, String)>) -> Self {
        posted.truncate(POSTED_MAX);
        Self(posted)
    }

    /// Returns the first value of that name without white space around it; nothing when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.trim())
    }

    /// Returns every value of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.trim())
    }

    /// Returns whether a field of that name was posted.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(it, _)| it == name)
    }

    /// Returns the id in a hidden field.
    pub fn id(&self, name: &str) -> Option<uuid::Uuid> {
        self.get(name).parse().ok()
    }

    /// Adds what did not come by the form, such as a field of a multipart part.
    pub fn push(&mut self, name: String, value: String) {
        if self.0.len() < POSTED_MAX {
            self.0.push((name, value));
        }
    }
}

/// Returns the values of the declared fields; empty ones are left out.
pub fn read<'a>(fields: impl IntoIterator<Item = &'a Field>, given: &Given) -> BTreeMap<FieldId, Value> {
    let mut values = BTreeMap::new();
    for field in fields {
        let id = field.id.as_str();
        let value = match &field.kind {
            FieldKind::Tick => given.has(id).then_some(Value::Bool(true)),
            FieldKind::Group { max, fields: inner, .. } => {
                let entries = entries(id, inner, usize::try_from(*max).unwrap_or(usize::MAX), given);
                (!entries.is_empty()).then_some(Value::Entries(entries))
            }
            FieldKind::Line
            | FieldKind::Lines
            | FieldKind::Date
            | FieldKind::Iin
            | FieldKind::Phone
            | FieldKind::Number
            | FieldKind::Money
            | FieldKind::Choice(_) => text(&field.kind, given.get(id)).map(Value::Text),
        };
        values.extend(value.map(|it| (field.id.clone(), it)));
    }
    values
}

/// Forgets the values of fields that are not asked for in that channel, or not with these answers.
pub fn only_asked(fields: &[Field], channel: Channel, values: &mut BTreeMap<FieldId, Value>) {
    // One forgotten answer may settle another field: at most as often as there are fields.
    for _ in fields {
        let kept = values.len();
        for field in fields {
            if values.contains_key(&field.id) && !is_asked(field, values, Some(channel)) {
                values.remove(&field.id);
            }
        }
        if values.len() == kept {
            return;
        }
    }
}

/// Adds or takes away an entry of a group when such a button was pressed; tells whether one was.
pub fn rearranged(fields: &[Field], given: &Given, values: &mut BTreeMap<FieldId, Value>) -> bool {
    let added = FieldId::from(given.get("add"));
    let group = fields.iter().find(|it| it.id == added);
    if let Some(FieldKind::Group { min, .. }) = group.map(|it| &it.kind) {
        let empty = || Value::Entries(Vec::new());
        if let Value::Entries(entries) = values.entry(added).or_insert_with(empty) {
            // The page shows empty entries where there are none yet; the one added comes behind them.
            let seen = entries.len().max(usize::try_from(*min).unwrap_or(1)).max(1);
            entries.resize_with(seen + 1, BTreeMap::new);
        }
        return true;
    }
    let Some((group, index)) = given.get("remove").rsplit_once('.') else { return false };
    let Ok(index) = index.parse::<usize>() else { return false };
    if let Some(Value::Entries(entries)) = values.get_mut(&FieldId::from(group))
        && index < entries.len()
    {
        entries.remove(index);
    }
    true
}

fn entries(group: &str, inner: &[Field], max: usize, given: &Given) -> Vec<BTreeMap<FieldId, String>> {
    let mut found = Vec::new();
    // One more than allowed is read, so that the engine can say that they are too many.
    for index in 0..=max {
        let mut entry = BTreeMap::new();
        let mut posted = false;
        for field in inner {
            let name = format!("{group}.{index}.{}", field.id);
            posted |= given.has(&name);
            entry.extend(text(&field.kind, given.get(&name)).map(|it| (field.id.clone(), it)));
        }
        if posted {
            found.push(entry);
        }
    }
    // An entry left empty at the end is one that nobody filled.
    while found.last().is_some_and(BTreeMap::is_empty) {
        found.pop();
    }
    found
}

fn text(kind: &FieldKind, posted: &str) -> Option<String> {
    if posted.is_empty() {
        return None;
    }
    if *kind == FieldKind::Date
        && let Ok(date) = format::read_date(posted)
    {
        return Some(date.to_string());
    }
    match kind {
        FieldKind::Iin | FieldKind::Number => Some(posted.split_whitespace().collect()),
        // An amount as people write it: `14 675,50`.
        FieldKind::Money => Some(posted.split_whitespace().collect::<String>().replace(',', ".")),
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Date
        | FieldKind::Phone
        | FieldKind::Tick
        | FieldKind::Choice(_)
        | FieldKind::Group { .. } => Some(posted.to_owned()),
    }
}
