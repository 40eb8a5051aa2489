// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tables of published forms against the regulations: every mistake at once, with what to write.

mod course;
mod fault;

pub use fault::{TableFault, TableFaultKind};

use super::application::listed;
use super::read::{self, BORN, LANGUAGE, LANGUAGES, REPRESENTATIVE_IIN, REPRESENTATIVE_NAME};
use super::{PublishedForm, PublishedForms};
use crate::Settings;
use engine::case::Value;
use engine::holds::Holds;
use regulation::facts::CHANNEL;
use regulation::model::{Channel, FactId, Field, FieldKind, Regulation, StandardDocument};
use std::collections::{BTreeMap, BTreeSet};

/// Ids named in one fault.
const IDS_NAMED_MAX: usize = 60;

/// Holds the tables against the regulations as the organisations execute them whose workplaces are here.
pub fn check(forms: &PublishedForms, settings: &Settings) -> Vec<TableFault> {
    let mut found = BTreeSet::new();
    for (service, form) in &forms.services {
        let told = of_service(form, &forms.providers, settings);
        let fault = |(key, kind)| TableFault { service: service.clone(), key, kind };
        found.extend(told.into_iter().map(fault));
    }
    found.into_iter().collect()
}

/// What is wrong, by the key in the table.
type Told = Vec<(String, TableFaultKind)>;

fn of_service(form: &PublishedForm, here: &BTreeSet<String>, settings: &Settings) -> Told {
    let (service, key) = (&form.service, || "service".to_owned());
    if settings.current(service).is_none() {
        return vec![(key(), TableFaultKind::NoService(service.clone()))];
    }
    let (mut taken, mut found) = (Vec::new(), Told::new());
    for body in settings.providers_of(service).filter(|it| here.contains(&it.id)) {
        let edition = settings.current_for(service, &body.id);
        match edition.and_then(|it| Some((it, it.intake(Channel::Portal)?))) {
            Some(executed) => taken.push(executed),
            None => found.push((key(), TableFaultKind::NotTakenAt(body.id.clone()))),
        }
    }
    if taken.is_empty() {
        let kind = if found.is_empty() { TableFaultKind::NoProvider } else { TableFaultKind::NoIntake };
        return vec![(key(), kind(service.clone()))];
    }
    for (regulation, intake) in taken {
        let mut table = Table { form, regulation, found: Told::new() };
        table.course(intake);
        table.codes();
        table.fields();
        table.joined();
        table.choices();
        table.fixed();
        table.documents();
        table.demanded();
        found.append(&mut table.found);
    }
    found
}

/// The table of a service against one edition.
struct Table<'t> {
    form: &'t PublishedForm,
    regulation: &'t Regulation,
    found: Told,
}

impl<'t> Table<'t> {
    fn told(&mut self, key: impl Into<String>, kind: TableFaultKind) {
        self.found.push((key.into(), kind));
    }

    /// Returns the field that a key names; tells what is wrong where the portal's form has none.
    fn target(&mut self, place: &str, target: &str) -> Option<&'t Field> {
        let regulation = self.regulation;
        let asked = read::asked_of(regulation, target);
        if asked.is_none() {
            let kind = if read::target_of(regulation, target).is_some() {
                TableFaultKind::NotAsked(target.to_owned())
            } else {
                TableFaultKind::NoField(target.to_owned(), fields_beside(regulation, target))
            };
            self.told(place, kind);
        }
        asked
    }

    /// Finds codes that stand twice, or where nothing comes to.
    fn codes(&mut self) {
        let form = self.form;
        if form.result.trim().is_empty() {
            self.told("result", TableFaultKind::NoResult);
        }
        let mut seen = BTreeSet::new();
        let fields = form.fields.keys().map(|it| (key("fields", it), it));
        let parts = form.joined.iter().flat_map(|(target, codes)| codes.iter().map(move |it| (target, it)));
        let parts = parts.map(|(target, it)| (part_key(target, it), it));
        let documents = form.documents.keys().map(|it| (key("documents", it), it));
        let others = form.language.iter().map(|it| (key("language", it), it));
        let ignored = form.ignored.iter().map(|it| (key("ignored", it), it));
        for (place, code) in fields.chain(parts).chain(documents).chain(others).chain(ignored) {
            if let Some(whole) = above(code).find(|it| self.is_whole(it)) {
                self.told(place.as_str(), TableFaultKind::NeverRead(whole.to_owned()));
            }
            if !seen.insert(code) {
                self.told(place, TableFaultKind::InTwoTables);
            }
        }
    }

    fn fields(&mut self) {
        let form = self.form;
        let mut times: BTreeMap<&String, usize> = BTreeMap::new();
        for target in form.fields.values() {
            *times.entry(target).or_default() += 1;
        }
        for (code, target) in &form.fields {
            let Some(field) = self.target(&key("fields", code), target) else { continue };
            if times.get(target).is_some_and(|it| *it > 1) {
                self.told(key("fields", code), TableFaultKind::FilledTwice(target.clone()));
            }
            let inside = |it: &String| it.strip_prefix(code.as_str()).is_some_and(|it| it.starts_with('.'));
            if is_group(field) && !form.fields.keys().any(inside) {
                self.told(key("fields", code), TableFaultKind::EmptyGroup(target.clone(), code.clone()));
            }
            if let Some((group, _)) = target.split_once('.')
                && let Some(here) = self.group_above(code)
                && here != group
            {
                let kind = TableFaultKind::AnotherGroup(target.clone(), here.to_owned());
                self.told(key("fields", code), kind);
            }
        }
    }

    fn joined(&mut self) {
        let form = self.form;
        for (target, codes) in &form.joined {
            let place = key("joined", target);
            let Some(field) = self.target(&place, target) else { continue };
            if !read::is_text(&field.kind) || target.contains('.') {
                self.told(place.as_str(), TableFaultKind::NotJoined(target.clone()));
            }
            if form.fields.values().any(|it| it == target) {
                self.told(place, TableFaultKind::FilledTwice(target.clone()));
            }
            for code in codes {
                if let Some(here) = self.group_above(code) {
                    let kind = TableFaultKind::AnotherGroup(target.clone(), here.to_owned());
                    self.told(part_key(target, code), kind);
                }
            }
        }
    }

    fn choices(&mut self) {
        let form = self.form;
        for (target, answers) in &form.choices {
            let place = key("choices", target);
            let known = if target == LANGUAGE {
                Some(LANGUAGES.to_vec())
            } else {
                let Some(field) = self.target(&place, target) else { continue };
                if read::is_text(&field.kind) {
                    continue;
                }
                answers_of(&field.kind)
            };
            let Some(known) = known else {
                self.told(place, TableFaultKind::NoChoice(target.clone()));
                continue;
            };
            for (code, answer) in answers.iter().filter(|it| !known.contains(&it.1.as_str())) {
                let kind = TableFaultKind::NoAnswer(answer.clone(), known.join(", "));
                self.told(format!("{place} {code:?}"), kind);
            }
        }
    }

    fn fixed(&mut self) {
        let form = self.form;
        for (target, answer) in &form.fixed {
            let place = key("fixed", target);
            let Some(field) = self.target(&place, target) else { continue };
            if field.kind != FieldKind::Tick || target.contains('.') {
                self.told(place, TableFaultKind::NotFixed(target.clone()));
                continue;
            }
            let known = answers_of(&field.kind).unwrap_or_default();
            if !known.contains(&answer.as_str()) {
                self.told(place.as_str(), TableFaultKind::NoAnswer(answer.clone(), known.join(", ")));
            }
            if form.fields.values().any(|it| it == target) {
                self.told(place, TableFaultKind::FixedToo(target.clone()));
            }
        }
    }

    fn documents(&mut self) {
        let (form, regulation) = (self.form, self.regulation);
        for (code, document) in &form.documents {
            let is_taken = |it: &&StandardDocument| it.channels.contains(&Channel::Portal);
            let taken = regulation.documents.iter().filter(is_taken).map(|it| &it.id);
            if !taken.clone().any(|it| it == document) {
                let kind = TableFaultKind::NoDocument(document.clone(), ids(taken.map(ToString::to_string)));
                self.told(key("documents", code), kind);
            }
        }
    }

    /// Finds what every application has to hold and nothing brings.
    fn demanded(&mut self) {
        let (form, regulation) = (self.form, self.regulation);
        for field in &regulation.fields {
            let filled = self.is_filled(field);
            if is_demanded(field) && !filled && self.is_asked(field) {
                self.told("fields", TableFaultKind::Unfilled(field.id.as_str().to_owned()));
            }
            let FieldKind::Group { fields, .. } = &field.kind else { continue };
            for inner in fields.iter().filter(|it| filled && it.required) {
                let target = format!("{}.{}", field.id, inner.id);
                if !form.fields.values().any(|it| *it == target) {
                    self.told("fields", TableFaultKind::Unfilled(target));
                }
            }
        }
        for document in regulation.documents.iter().filter(|it| it.required) {
            let brought = form.documents.values().any(|it| *it == document.id);
            if document.channels.contains(&Channel::Portal) && !brought {
                self.told("documents", TableFaultKind::Unattached(document.id.clone()));
            }
        }
    }

    /// Whether everything inside a code is taken or left with it.
    fn is_whole(&self, code: &str) -> bool {
        let form = self.form;
        let field = form.fields.get(code).and_then(|it| read::target_of(self.regulation, it));
        field.is_some_and(|it| !is_group(it))
            || form.joined_into(code).is_some()
            || form.documents.contains_key(code)
            || form.ignored.contains(code)
            || form.language.as_deref() == Some(code)
    }

    /// Returns the group in whose entries a code stands.
    fn group_above(&self, code: &str) -> Option<&'t str> {
        let (form, regulation) = (self.form, self.regulation);
        above(code).find_map(|it| {
            let target = form.fields.get(it)?;
            read::target_of(regulation, target).is_some_and(is_group).then_some(target.as_str())
        })
    }

    /// Whether the tables, what else the form says or a calculation fills a field.
    fn is_filled(&self, field: &Field) -> bool {
        let (id, inside) = (field.id.as_str(), format!("{}.", field.id));
        [REPRESENTATIVE_IIN, REPRESENTATIVE_NAME].contains(&id)
            || field.formula.is_some()
            || field.prefill.as_deref() == Some(BORN)
            || self.form.fixed.contains_key(id)
            || self.form.joined.get(id).is_some_and(|it| !it.is_empty())
            || self.form.fields.values().any(|it| it == id || it.starts_with(&inside))
    }

    /// Whether a field may be asked for at the portal: what nothing fills is empty, the rest is not known yet.
    fn is_asked(&self, field: &Field) -> bool {
        let known = |id: &FactId| {
            if id.as_str() == CHANNEL {
                return Some(Value::Text(Channel::Portal.as_str().to_owned()));
            }
            let other = self.regulation.fields.iter().find(|it| it.id.as_str() == id.as_str());
            let open = other.is_some_and(|it| self.is_filled(it));
            (!open).then(|| Value::Text(String::new()))
        };
        let never = field.when.as_ref().is_some_and(|it| Holds::judge(it, &known) == Holds::No);
        field.is_asked_in(Channel::Portal) && !never
    }
}

fn key(table: &str, code: &str) -> String {
    format!("{table} {code:?}")
}

fn part_key(target: &str, code: &str) -> String {
    format!("{} {code:?}", key("joined", target))
}

/// Returns the ids of the fields that a key could name: those of the group that it names, else of the form.
fn fields_beside(regulation: &Regulation, target: &str) -> String {
    let is_asked = |it: &&Field| it.is_asked_in(Channel::Portal);
    let group = target.split_once('.').and_then(|it| read::asked_of(regulation, it.0));
    if let Some((group, FieldKind::Group { fields, .. })) = group.map(|it| (&it.id, &it.kind)) {
        return ids(fields.iter().filter(is_asked).map(|it| format!("{group}.{}", it.id)));
    }
    ids(regulation.fields.iter().filter(is_asked).map(|it| it.id.to_string()))
}

fn ids(all: impl Iterator<Item = String>) -> String {
    let told = listed(all, IDS_NAMED_MAX);
    if told.is_empty() { "–".to_owned() } else { told }
}

/// Returns the codes in whose values a code stands, the nearest first.
fn above(code: &str) -> impl Iterator<Item = &str> {
    code.rmatch_indices('.').filter_map(move |(at, _)| code.get(..at))
}

const fn is_group(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Group { .. })
}

fn is_demanded(field: &Field) -> bool {
    field.required || matches!(field.kind, FieldKind::Group { min, .. } if min > 0)
}

/// Returns the stored values of a field that has answers.
fn answers_of(kind: &FieldKind) -> Option<Vec<&str>> {
    match kind {
        FieldKind::Choice(answers) => Some(answers.iter().map(|it| it.0.as_str()).collect()),
        FieldKind::Tick => Some(vec!["true", "false"]),
        FieldKind::Line
        | FieldKind::Lines
        | FieldKind::Date
        | FieldKind::Iin
        | FieldKind::Phone
        | FieldKind::Number
        | FieldKind::Money
        | FieldKind::Group { .. } => None,
    }
}
