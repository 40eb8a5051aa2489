// SPDX-License-Identifier: MIT OR Apache-2.0
//! A form in the portal's codes becomes one in ours: every mistake at once, each by its code and never with its value.

use super::PublishedForm;
use crate::ports::foreign::{Foreign, ForeignField, ForeignFile, ForeignPerson, ForeignValue};
use engine::case::Value;
use engine::iin;
use regulation::model::{Channel, DocumentId, Field, FieldId, FieldKind, Regulation};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Fields of every regulation that lets somebody apply for another.
pub(crate) const REPRESENTATIVE_IIN: &str = "representative_iin";
pub(crate) const REPRESENTATIVE_NAME: &str = "representative_name";
/// What a form field of the applicant's own date of birth is filled with.
pub(crate) const BORN: &str = "gbd-fl.birth_date";
/// The key of [`PublishedForm::choices`] for the language.
pub(crate) const LANGUAGE: &str = "language";
/// Languages of answers; the first is that of a form that tells none.
pub(crate) const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// Between the lines of a text.
const LINES: &str = "\n";

/// What a form says in our words.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// The fields of the form.
    pub(super) fields: BTreeMap<FieldId, Value>,
    /// Files, with the documents that they are and the fields that they came in.
    pub(super) files: Vec<(DocumentId, String, &'a ForeignFile)>,
    /// The language of the answer.
    pub(super) language: Option<String>,
    /// Fields whose answers the tables presuppose, and not the form.
    pub(super) presupposed: Vec<FieldId>,
    /// What the tables do not know.
    pub(super) unknown: BTreeSet<String>,
    /// What cannot be taken, and why.
    pub(super) wrong: BTreeMap<String, &'static str>,
}

/// Where a field of theirs stands in the form.
#[derive(Clone, Copy)]
enum Within<'a> {
    /// Nowhere inside a group of ours.
    Form,
    /// In an entry of a group of ours, at any depth.
    Entry { group: &'a str, at: usize },
}

/// Reads the fields of a form.
pub(super) fn read<'a>(form: &PublishedForm, regulation: &Regulation, foreign: &'a Foreign) -> Said<'a> {
    let mut reader = Reader { form, regulation, parts: BTreeMap::new(), said: Said::default() };
    // Words of dictionaries are taken in the language of the application.
    if let Some(code) = &form.language
        && let Some(values) = values_of(&foreign.fields, code)
    {
        reader.language(code, values);
    }
    for field in &foreign.fields {
        reader.field(&field.code, &field.values, Within::Form);
    }
    if let Some(person) = &foreign.representative {
        reader.representative(person);
    }
    reader.joined();
    reader.born(&foreign.applicant);
    reader.fixed();
    reader.said
}

/// Returns a person's name in the order in which names are entered and certified everywhere.
pub(super) fn full_name(person: &ForeignPerson) -> String {
    let names = [&person.surname, &person.given, &person.patronymic];
    let words = names.into_iter().flatten().flat_map(|it| it.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

struct Reader<'f, 'a> {
    form: &'f PublishedForm,
    regulation: &'f Regulation,
    /// What is joined, by the codes.
    parts: BTreeMap<String, String>,
    said: Said<'a>,
}

impl<'f, 'a> Reader<'f, 'a> {
    fn field(&mut self, path: &str, values: &'a [ForeignValue], within: Within<'f>) {
        let was_read = self.form.language.as_deref() == Some(path);
        if was_read || values.iter().all(ForeignValue::is_empty) || self.form.ignored.contains(path) {
            return;
        }
        if let Some(document) = self.form.documents.get(path) {
            return self.files(path, values, document);
        }
        if let Some(target) = self.form.joined_into(path) {
            return self.part(path, values, (target, within));
        }
        match (self.form.fields.get(path), within) {
            (Some(target), _) if self.is_group(target) => self.entries(path, values, target),
            (Some(target), _) => self.set(path, values, (target, within)),
            // A value of fields that is no group of ours: what is inside has codes of its own.
            (None, _) if self.has_codes_below(path) => {
                let [ForeignValue::Entry(fields)] = values else { return self.wrong(path, "no-fields") };
                for field in fields {
                    self.field(&format!("{path}.{}", field.code), &field.values, within);
                }
            }
            (None, _) => {
                self.said.unknown.insert(path.to_owned());
            }
        }
    }

    fn has_codes_below(&self, path: &str) -> bool {
        let below = |code: &String| code.strip_prefix(path).is_some_and(|it| it.starts_with('.'));
        let form = self.form;
        let named = form.fields.keys().chain(form.documents.keys()).chain(form.joined.values().flatten());
        named.chain(&form.language).chain(&form.ignored).any(below)
    }

    fn is_group(&self, target: &str) -> bool {
        self.kind_of(target).is_some_and(|it| matches!(it, FieldKind::Group { .. }))
    }

    /// Returns the kind of a field of ours that is asked at the portal, inside a group with a dot.
    fn kind_of(&self, target: &str) -> Option<&'f FieldKind> {
        asked_of(self.regulation, target).map(|it| &it.kind)
    }

    fn entries(&mut self, path: &str, values: &'a [ForeignValue], group: &'f str) {
        for (at, value) in values.iter().enumerate() {
            let ForeignValue::Entry(fields) = value else { return self.wrong(path, "no-fields") };
            // An entry stands even where nothing of it is known: its place is told by the mistakes about it.
            self.entry(group, at);
            for field in fields {
                let within = Within::Entry { group, at };
                self.field(&format!("{path}.{}", field.code), &field.values, within);
            }
        }
    }

    /// Returns an entry of a group, with those before it.
    fn entry(&mut self, group: &str, at: usize) -> Option<&mut BTreeMap<FieldId, String>> {
        let entries =
            self.said.fields.entry(FieldId::from(group)).or_insert_with(|| Value::Entries(Vec::new()));
        let Value::Entries(entries) = entries else { return None };
        if entries.len() <= at {
            entries.resize_with(at + 1, BTreeMap::new);
        }
        entries.get_mut(at)
    }

    fn set(&mut self, path: &str, values: &'a [ForeignValue], (target, within): (&'f str, Within<'f>)) {
        let Some((kind, text)) = self.texts(path, values, target) else { return };
        let is_new = match (target.split_once('.'), within) {
            (Some((group, inner)), Within::Entry { group: here, at }) if group == here => {
                self.entry(group, at).is_some_and(|it| it.insert(FieldId::from(inner), text).is_none())
            }
            // A form with one child has no list of children.
            (Some((group, inner)), Within::Form) => {
                self.entry(group, 0).is_some_and(|it| it.insert(FieldId::from(inner), text).is_none())
            }
            (Some(_), Within::Entry { .. }) => return self.wrong(path, "another-group"),
            (None, _) => {
                let value =
                    if *kind == FieldKind::Tick { Value::Bool(text == "true") } else { Value::Text(text) };
                self.said.fields.insert(FieldId::from(target), value).is_none()
            }
        };
        if !is_new {
            self.wrong(path, "twice");
        }
    }

    /// Keeps a part of what is joined.
    fn part(&mut self, path: &str, values: &'a [ForeignValue], (target, within): (&str, Within<'f>)) {
        if matches!(within, Within::Entry { .. }) {
            return self.wrong(path, "another-group");
        }
        let Some((_, text)) = self.texts(path, values, target) else { return };
        if self.parts.insert(path.to_owned(), text).is_some() {
            self.wrong(path, "twice");
        }
    }

    fn joined(&mut self) {
        for (target, codes) in &self.form.joined {
            let between = if self.kind_of(target) == Some(&FieldKind::Lines) { LINES } else { ", " };
            let parts = codes.iter().filter_map(|it| self.parts.get(it).map(String::as_str));
            let text = parts.collect::<Vec<_>>().join(between);
            if text.is_empty() {
                continue;
            }
            let id = FieldId::from(target.as_str());
            if self.said.fields.insert(id, Value::Text(text)).is_some() {
                self.wrong(target, "twice");
            }
        }
    }

    /// Returns what the values of a field are in our words, and the kind of our field; several are lines.
    fn texts(
        &mut self,
        path: &str,
        values: &'a [ForeignValue],
        target: &str,
    ) -> Option<(&'f FieldKind, String)> {
        let Some(kind) = self.kind_of(target) else {
            self.said.unknown.insert(path.to_owned());
            return None;
        };
        if values.len() > 1 && *kind != FieldKind::Lines {
            self.wrong(path, "several-values");
            return None;
        }
        let mut texts = Vec::with_capacity(values.len());
        for value in values.iter().filter(|it| !it.is_empty()) {
            texts.push(self.text(path, value, (target, kind))?);
        }
        Some((kind, texts.join(LINES)))
    }

    /// Returns what a value is in our words.
    fn text(&mut self, path: &str, value: &'a ForeignValue, of: (&str, &FieldKind)) -> Option<String> {
        let (target, kind) = of;
        let raw = match value {
            ForeignValue::Text(text) => text.trim(),
            ForeignValue::Flag(true) => "true",
            ForeignValue::Flag(false) => "false",
            ForeignValue::Item { code, .. } if has_entries(kind) => code.trim(),
            ForeignValue::Item { .. }
            | ForeignValue::Entry(_)
            | ForeignValue::File(_)
            | ForeignValue::Cell => {
                self.wrong(path, "another-kind");
                return None;
            }
        };
        let answers = self.form.choices.get(target);
        if let Some(ours) = answers.and_then(|it| it.get(raw)) {
            return Some(ours.clone());
        }
        let ours = match kind {
            FieldKind::Choice(answers) => answers.iter().any(|it| it.0 == raw).then_some(raw),
            FieldKind::Tick => matches!(raw, "true" | "false").then_some(raw),
            FieldKind::Line | FieldKind::Lines => {
                if let ForeignValue::Item { kk, ru, .. } = value {
                    self.words(kk, ru)
                } else {
                    // Where codes have words, a code without them is no text; parts of an address may be both.
                    let is_plain = answers.is_none() || self.form.joined.contains_key(target);
                    is_plain.then_some(raw)
                }
            }
            FieldKind::Date
            | FieldKind::Iin
            | FieldKind::Phone
            | FieldKind::Number
            | FieldKind::Money
            | FieldKind::Group { .. } => Some(raw),
        };
        if ours.is_none() {
            // The code of a dictionary's entry may tell of a person's health: only whose dictionary it is, is said.
            self.said.unknown.insert(format!("{path} (choices.{target})"));
        }
        ours.map(str::to_owned)
    }

    /// Returns the words of a dictionary's entry in the language of the application, else in the other.
    fn words<'w>(&self, kk: &'w str, ru: &'w str) -> Option<&'w str> {
        let is_russian = self.said.language.as_deref() == Some("ru");
        let words = if is_russian { [ru, kk] } else { [kk, ru] };
        words.into_iter().map(str::trim).find(|it| !it.is_empty())
    }

    fn files(&mut self, path: &str, values: &'a [ForeignValue], document: &DocumentId) {
        for value in values {
            if let ForeignValue::File(file) = value {
                self.said.files.push((document.clone(), path.to_owned(), file));
            } else {
                self.wrong(path, "no-file");
            }
        }
    }

    fn language(&mut self, path: &str, values: &'a [ForeignValue]) {
        if values.iter().all(ForeignValue::is_empty) {
            return;
        }
        let [ForeignValue::Text(code) | ForeignValue::Item { code, .. }] = values else {
            return self.wrong(path, "another-kind");
        };
        let code = code.trim();
        let told = self.form.choices.get(LANGUAGE).and_then(|it| it.get(code)).map_or(code, String::as_str);
        if LANGUAGES.contains(&told) {
            self.said.language = Some(told.to_owned());
        } else {
            self.said.unknown.insert(format!("{path} (choices.{LANGUAGE})"));
        }
    }

    /// Somebody applies for the applicant only where the regulation has a place for him at the portal.
    fn representative(&mut self, person: &ForeignPerson) {
        if asked_of(self.regulation, REPRESENTATIVE_IIN).is_none() {
            return self.wrong("requesterDelegateIin", "nobody-applies-for-another");
        }
        if !iin::is_well_formed(&person.iin) {
            self.wrong("requesterDelegateIin", "not-an-iin");
        }
        let told = [(REPRESENTATIVE_IIN, person.iin.clone()), (REPRESENTATIVE_NAME, full_name(person))];
        for (field, text) in told.into_iter().filter(|it| !it.1.is_empty()) {
            if asked_of(self.regulation, field).is_some() {
                self.said.fields.entry(FieldId::from(field)).or_insert(Value::Text(text));
            }
        }
    }

    fn born(&mut self, person: &ForeignPerson) {
        let is_born = |it: &&Field| it.prefill.as_deref() == Some(BORN) && it.is_asked_in(Channel::Portal);
        let field = self.regulation.fields.iter().find(is_born);
        if let Some((field, born)) = field.zip(person.born) {
            self.said.fields.entry(field.id.clone()).or_insert_with(|| Value::Text(born.to_string()));
        }
    }

    fn fixed(&mut self) {
        for (target, text) in &self.form.fixed {
            let is_tick = self.kind_of(target) == Some(&FieldKind::Tick);
            let place = self.said.fields.entry(FieldId::from(target.as_str()));
            if let (true, Entry::Vacant(place)) = (is_tick, place) {
                self.said.presupposed.push(place.key().clone());
                place.insert(Value::Bool(text == "true"));
            }
        }
    }

    fn wrong(&mut self, path: &str, why: &'static str) {
        self.said.wrong.insert(path.to_owned(), why);
    }
}

/// Returns the field of a regulation that a table names, inside a group with a dot.
pub(crate) fn target_of<'r>(regulation: &'r Regulation, target: &str) -> Option<&'r Field> {
    let (outer, inner) = target.split_once('.').map_or((target, None), |it| (it.0, Some(it.1)));
    let field = regulation.fields.iter().find(|it| it.id.as_str() == outer)?;
    let Some(inner) = inner else { return Some(field) };
    let FieldKind::Group { fields, .. } = &field.kind else { return None };
    fields.iter().find(|it| it.id.as_str() == inner)
}

/// Returns such a field where the portal asks for it.
pub(crate) fn asked_of<'r>(regulation: &'r Regulation, target: &str) -> Option<&'r Field> {
    let outer = target.split_once('.').map_or(target, |it| it.0);
    let asked = |target: &str| target_of(regulation, target).filter(|it| it.is_asked_in(Channel::Portal));
    asked(outer).and_then(|_| asked(target))
}

/// Says whether a text of ours is entered, which may take the words of a dictionary.
pub(super) const fn is_text(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Line | FieldKind::Lines)
}

/// Says whether the entry of a dictionary can be meant.
const fn has_entries(kind: &FieldKind) -> bool {
    is_text(kind) || matches!(kind, FieldKind::Choice(_) | FieldKind::Tick)
}

/// Returns the values of a field by its code, wherever it stands.
fn values_of<'a>(fields: &'a [ForeignField], code: &str) -> Option<&'a [ForeignValue]> {
    fields.iter().find_map(|field| {
        let rest = code.strip_prefix(field.code.as_str())?;
        if rest.is_empty() {
            return Some(field.values.as_slice());
        }
        let rest = rest.strip_prefix('.')?;
        field.values.iter().find_map(|it| {
            let ForeignValue::Entry(inner) = it else { return None };
            values_of(inner, rest)
        })
    })
}
