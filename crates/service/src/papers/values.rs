// SPDX-License-Identifier: MIT OR Apache-2.0
//! The named values that a paper's blocks speak of, in both languages.

use super::both;
use crate::dates::date;
use crate::paper_spec::{Bilingual, Block, COLUMNS_MAX, PaperTable};
use engine::Proposal;
use engine::case::{Application, Case, Value};
use jiff::civil::Date;
use regulation::model::{Column, FactId, Field, FieldId, FieldKind, Regulation, Text};
use std::collections::BTreeMap;

/// Named values.
#[derive(Debug, Default)]
pub(crate) struct Values(BTreeMap<String, Bilingual>);

impl Values {
    /// Returns the values of an application: its fields, `applicant`, `iin`.
    pub(crate) fn of_application(regulation: &Regulation, application: &Application) -> Self {
        let mut values = Self::default();
        values.put("applicant", Bilingual::same(&application.full_name));
        values.put("iin", Bilingual::same(&application.iin));
        for field in &regulation.fields {
            if let Some(value) = application.fields.get(&field.id) {
                values.put(field.id.as_str(), print(field, value));
            }
        }
        values
    }

    /// Adds what registers and the executor gave: a fact `register.name` also answers to `name`.
    pub(crate) fn add_case(&mut self, regulation: &Regulation, case: &Case) {
        for (fact, known) in &case.facts {
            if let Value::Text(text) = &known.value {
                let printed = plain(text);
                if let Some((_, name)) = fact.as_str().split_once('.') {
                    self.0.entry(name.to_owned()).or_insert_with(|| printed.clone());
                }
                self.put(fact.as_str(), printed);
            }
        }
        // What a register said of a result's field stands on the paper; an executor's word may replace it.
        for field in &regulation.result_fields {
            let fact = field.prefill.as_deref().map(FactId::from).and_then(|it| case.facts.get(&it));
            if let Some(fact) = fact {
                self.put(field.id.as_str(), print(field, &fact.value));
            }
        }
        match &case.proposal {
            Some((Proposal::Grant { values }, _)) => self.add_given(regulation, values),
            Some((Proposal::Refuse { ground, reason }, _)) => {
                if let Some(ground) = regulation.ground(ground) {
                    self.put("ground", both(&ground.text));
                }
                self.put("reason", Bilingual::same(reason));
            }
            None => {}
        }
    }

    fn add_given(&mut self, regulation: &Regulation, given: &BTreeMap<FieldId, Value>) {
        for (id, value) in given {
            let printed = match regulation.result_fields.iter().find(|it| it.id == *id) {
                Some(field) => print(field, value),
                None => continue,
            };
            if !printed.kk.is_empty() {
                self.put(id.as_str(), printed);
            }
        }
    }

    /// Names a value.
    pub(crate) fn put(&mut self, name: &str, value: Bilingual) {
        self.0.insert(name.to_owned(), value);
    }

    /// Returns a value.
    pub(crate) fn get(&self, name: &str) -> Option<&Bilingual> {
        self.0.get(name)
    }

    /// Returns a text with its `{placeholders}` filled; one that has no value becomes a dash.
    pub(crate) fn fill(&self, text: &Text) -> Bilingual {
        Bilingual::new(self.fill_one(&text.kk, |it| &it.kk), self.fill_one(&text.ru, |it| &it.ru))
    }

    fn fill_one(&self, text: &str, side: impl Fn(&Bilingual) -> &String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = behind.split_once('}') else {
                out.push('{');
                rest = behind;
                continue;
            };
            out.push_str(self.0.get(name).map_or("—", |it| side(it).as_str()));
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

fn plain(text: &str) -> Bilingual {
    match text.parse::<Date>() {
        Ok(it) => date(it),
        Err(_) => Bilingual::same(text.trim()),
    }
}

fn print(field: &Field, value: &Value) -> Bilingual {
    match (value, &field.kind) {
        (Value::Text(text), FieldKind::Choice(choices)) => choices
            .iter()
            .find(|(id, _)| id == text)
            .map_or_else(|| Bilingual::same(text), |(_, label)| both(label)),
        (Value::Text(text), FieldKind::Date) => plain(text),
        (Value::Text(text), FieldKind::Money) => super::calculation::money(text),
        (Value::Text(text), _) => Bilingual::same(text.trim()),
        (Value::Bool(true), _) => Bilingual::new("иә", "да"),
        (Value::Bool(false), _) => Bilingual::new("жоқ", "нет"),
        (Value::Entries(_), _) => Bilingual::same(""),
    }
}

/// Returns the entries of a group of the application or of what the executor gave as a table with these columns; `None` where
/// there are none.
pub(crate) fn table(
    regulation: &Regulation,
    (application, given): (&BTreeMap<FieldId, Value>, &BTreeMap<FieldId, Value>),
    group: &str,
    columns: &[Column],
) -> Option<PaperTable> {
    let find = |it: &&Field| it.id.as_str() == group;
    let asked = || regulation.fields.iter().find(find).map(|it| (it, application));
    let (field, values) = regulation.result_fields.iter().find(find).map(|it| (it, given)).or_else(asked)?;
    let FieldKind::Group { fields, .. } = &field.kind else { return None };
    let entries = entries_of(values, &field.id)?;
    let cell = |entry: &Entry, column: &Column| match fields.iter().find(|it| it.id.as_str() == column.field)
    {
        Some(field) => entry.get(&field.id).map(|it| print(field, &Value::Text(it.clone()))),
        None => Some(Bilingual::same(full_name(entry))),
    };
    // A column that nobody filled is not printed.
    let kept: Vec<&Column> = columns
        .iter()
        .filter(|column| entries.iter().any(|it| cell(it, column).is_some_and(|cell| !cell.kk.is_empty())))
        .collect();
    let empty = || Bilingual::same("");
    Some(PaperTable {
        columns: kept.iter().map(|it| both(&it.label)).collect(),
        rows: entries
            .iter()
            .map(|entry| kept.iter().map(|it| cell(entry, it).unwrap_or_else(empty)).collect())
            .collect(),
    })
}

/// Returns the entries of a group with all its fields as columns; the name in one.
pub(crate) fn whole_table(application: &Application, group: &Field, fields: &[Field]) -> Option<PaperTable> {
    let entries = entries_of(&application.fields, &group.id)?;
    let named = NAME_PARTS.iter().all(|part| fields.iter().any(|it| it.id.as_str() == *part));
    let rest: Vec<&Field> =
        fields.iter().filter(|it| !named || !NAME_PARTS.contains(&it.id.as_str())).collect();
    let mut columns: Vec<Bilingual> = named
        .then(|| Bilingual::new("Тегі, аты, әкесінің аты", "Фамилия, имя, отчество"))
        .into_iter()
        .collect();
    columns.extend(rest.iter().map(|it| both(&it.label)));
    let row = |entry: &Entry| {
        let name = named.then(|| Bilingual::same(full_name(entry)));
        let cells = rest.iter().map(|it| {
            entry
                .get(&it.id)
                .map_or_else(|| Bilingual::same(""), |text| print(it, &Value::Text(text.clone())))
        });
        name.into_iter().chain(cells).collect()
    };
    Some(PaperTable { columns, rows: entries.iter().map(row).collect() })
}

/// Returns a table that fits the sheet as it is, and one with more columns split into several below one another; the
/// first column says in each whose row it is.
pub(crate) fn fitting(table: PaperTable) -> Vec<Block> {
    if table.columns.len() <= COLUMNS_MAX {
        return vec![Block::Table(table)];
    }
    let part = |of: &[Bilingual], from: usize| -> Vec<Bilingual> {
        of.iter().take(1).chain(of.iter().skip(from).take(COLUMNS_MAX - 1)).cloned().collect()
    };
    let split = (1..table.columns.len()).step_by(COLUMNS_MAX - 1).map(|from| PaperTable {
        columns: part(&table.columns, from),
        rows: table.rows.iter().map(|it| part(it, from)).collect(),
    });
    split.map(Block::Table).collect()
}

/// The fields of an entry that make a name.
const NAME_PARTS: [&str; 3] = ["surname", "given", "patronymic"];

type Entry = BTreeMap<FieldId, String>;

fn entries_of<'a>(values: &'a BTreeMap<FieldId, Value>, group: &FieldId) -> Option<&'a [Entry]> {
    match values.get(group) {
        Some(Value::Entries(entries)) if !entries.is_empty() => Some(entries),
        Some(_) | None => None,
    }
}

pub(super) fn full_name(entry: &Entry) -> String {
    let part = |name: &&str| entry.get(&FieldId::from(*name)).map(|it| it.trim()).filter(|it| !it.is_empty());
    NAME_PARTS.iter().filter_map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_table_is_split_and_its_first_column_stands_in_each() {
        let row = |count: usize| (0..count).map(|it| Bilingual::same(it.to_string())).collect::<Vec<_>>();
        let table = |count| PaperTable { columns: row(count), rows: vec![row(count)] };
        assert_eq!(fitting(table(COLUMNS_MAX)).len(), 1);
        let split = fitting(table(COLUMNS_MAX + 4));
        let columns = split.iter().map(|it| match it {
            Block::Table(it) => it.columns.iter().map(|it| it.kk.clone()).collect::<String>(),
            Block::Heading(_)
            | Block::Text(_)
            | Block::Field { .. }
            | Block::Sign(_)
            | Block::Seal
            | Block::Qr { .. } => String::new(),
        });
        assert_eq!(columns.collect::<Vec<_>>(), ["012345", "06789"]);
    }
}
