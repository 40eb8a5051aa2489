// SPDX-License-Identifier: MIT OR Apache-2.0
//! The named values that a paper's blocks speak of, in both languages.

use super::both;
use crate::dates::date;
use crate::paper_spec::{Bilingual, PaperChild};
use engine::Proposal;
use engine::case::{Application, Case, Value};
use jiff::civil::Date;
use regulation::model::{FactId, Field, FieldId, FieldKind, Regulation, Text};
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
        (Value::Text(text), _) => Bilingual::same(text.trim()),
        (Value::Bool(true), _) => Bilingual::new("иә", "да"),
        (Value::Bool(false), _) => Bilingual::new("жоқ", "нет"),
        (Value::Entries(_), _) => Bilingual::same(""),
    }
}

/// Returns the children that an application names.
pub(crate) fn children(application: &Application) -> Vec<PaperChild> {
    let groups = application.fields.values().filter_map(|it| match it {
        Value::Entries(entries) => Some(entries),
        Value::Bool(_) | Value::Text(_) => None,
    });
    groups.flatten().filter_map(child).collect()
}

fn child(entry: &BTreeMap<FieldId, String>) -> Option<PaperChild> {
    let text = |name: &str| entry.get(&FieldId::from(name)).map(|it| it.trim()).filter(|it| !it.is_empty());
    let name: Vec<&str> = ["surname", "given", "patronymic"].iter().filter_map(|it| text(it)).collect();
    let born = text("birth_date")?.parse().ok()?;
    Some(PaperChild { name: name.join(" "), born, iin: text("iin").map(str::to_owned) })
}
