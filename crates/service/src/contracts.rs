// SPDX-License-Identifier: MIT OR Apache-2.0
//! Contracts of registers: `registers/<id>/register.toml` says how records become facts.
//!
//! ```toml
//! id = "guardianship"
//! transport = "records"               # the payload codec of the gateway
//! not_found = ["…"]                   # codes of the payload that say: there is no such person; any other code waits
//! [[asked]]                           # what the question holds besides the applicant's IIN
//! name = "number"; field = "power_number"
//! required = true                     # without it nothing is asked
//! [title]
//! kk = "…"; ru = "…"; en = "…"
//! [[fact]]
//! id = "guardianship.found"
//! rule = "entries-match"              # or "exists"
//! field = "children"                  # the form's group; each entry must match a record
//! on = [["birth_date", "child_birth_date"], ["surname", "child_surname"]]
//! unless = ["ended"]                  # records with any of these values present do not count
//! only = [["kind", "…"]]             # only records with these values count
//! [[value]]
//! fact = "guardianship.act_number"    # a text fact for papers, taken from the first record that counts
//! record = "act_number"
//! [[prefill]]
//! name = "surname"                    # `prefill = "gbd-fl.surname"` of a form field
//! record = "surname"
//! ```
//!
//! How an organisation keeps the register itself, where it does: [`own`].

pub mod own;

use crate::ports::registers::Record;
use engine::case::{Application, Value};
use regulation::model::{FactId, FieldId, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The transport of a register that the region owns.
pub const OWN_TRANSPORT: &str = "own";

/// How a fact follows from records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// True when a record counts.
    Exists,
    /// True when every entry of a group of the form matches a record that counts.
    EntriesMatch,
}

/// A fact of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// The fact.
    pub id: FactId,
    /// The rule.
    pub rule: Rule,
    /// The group of the form, for [`Rule::EntriesMatch`].
    #[serde(default)]
    pub field: Option<FieldId>,
    /// Pairs of the entry's field and the record's value that must be equal.
    #[serde(default)]
    pub on: Vec<(FieldId, String)>,
    /// Records with any of these values do not count.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Only records with these values count.
    #[serde(default)]
    pub only: Vec<(String, String)>,
}

/// A value of the form that the question holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRule {
    /// Its name in the question.
    pub name: String,
    /// The field of the form.
    pub field: FieldId,
    /// Whether nothing is asked without it: a question by less would find more than was meant.
    #[serde(default)]
    pub required: bool,
}

/// A text fact taken from a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRule {
    /// The fact.
    pub fact: FactId,
    /// The record's value.
    pub record: String,
}

/// A value that a form may be prefilled with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefillRule {
    /// Its name after the register's id.
    pub name: String,
    /// The record's value.
    pub record: String,
}

/// A register's contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterContract {
    /// The register's id.
    pub id: String,
    /// The payload codec of the gateway.
    pub transport: String,
    /// Id of the interaction in the gateway's register of interactions.
    pub service_id: String,
    /// Whether the contract is published or ours.
    pub ours: bool,
    /// Its name.
    pub title: Text,
    /// Codes of its payload that say that there is no such person, besides that of a processed question.
    #[serde(default)]
    pub not_found: Vec<String>,
    /// What the question holds besides the applicant's IIN.
    #[serde(default)]
    pub asked: Vec<AskedRule>,
    /// Facts.
    #[serde(default)]
    pub fact: Vec<FactRule>,
    /// Text facts.
    #[serde(default)]
    pub value: Vec<ValueRule>,
    /// Values for prefilling.
    #[serde(default)]
    pub prefill: Vec<PrefillRule>,
    /// How an organisation keeps it itself.
    #[serde(default)]
    pub own: Option<own::OwnRules>,
}

impl RegisterContract {
    /// Reads a contract.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Returns whether the region owns it and answers from its own rows.
    pub fn is_own(&self) -> bool {
        self.transport == OWN_TRANSPORT
    }

    /// Returns what the question about an application holds; a field that was left out is left out.
    pub fn question(&self, application: &Application) -> BTreeMap<String, String> {
        let value = |rule: &AskedRule| match application.fields.get(&rule.field) {
            Some(Value::Text(text)) if !text.trim().is_empty() => {
                Some((rule.name.clone(), text.trim().to_owned()))
            }
            Some(_) | None => None,
        };
        self.asked.iter().filter_map(value).collect()
    }

    /// Returns the ids of the facts that it tells.
    pub fn told(&self) -> impl Iterator<Item = &FactId> {
        self.fact.iter().map(|it| &it.id).chain(self.value.iter().map(|it| &it.fact))
    }

    /// Returns the facts that an answer tells about an application.
    pub fn facts(&self, records: &[Record], application: &Application) -> BTreeMap<FactId, Value> {
        let mut facts = BTreeMap::new();
        for rule in &self.fact {
            facts.insert(rule.id.clone(), Value::Bool(rule.holds(records, application)));
        }
        let telling = self.fact.first().and_then(|rule| rule.telling(records, application));
        if let Some(record) = telling {
            for rule in &self.value {
                if let Some(text) = record.get(&rule.record) {
                    facts.insert(rule.fact.clone(), Value::Text(text.clone()));
                }
            }
        }
        facts
    }

    /// Returns the values that forms may be prefilled with, named `<register>.<name>`: those of the first record that counts.
    pub fn prefill(&self, records: &[Record]) -> BTreeMap<String, String> {
        let counted = |rule: &FactRule| rule.counted(records).next();
        let Some(record) = self.fact.first().map_or(records.first(), counted) else {
            return BTreeMap::new();
        };
        self.prefill
            .iter()
            .filter_map(|rule| {
                Some((format!("{}.{}", self.id, rule.name), record.get(&rule.record)?.clone()))
            })
            .collect()
    }
}

impl FactRule {
    fn counted<'a>(&self, records: &'a [Record]) -> impl Iterator<Item = &'a Record> {
        let (unless, only) = (self.unless.clone(), self.only.clone());
        records.iter().filter(move |record| {
            let is_set = |name: &String| record.get(name).is_some_and(|it| !it.is_empty() && it != "false");
            !unless.iter().any(is_set) && only.iter().all(|(name, value)| record.get(name) == Some(value))
        })
    }

    fn holds(&self, records: &[Record], application: &Application) -> bool {
        match self.rule {
            Rule::Exists => self.counted(records).next().is_some(),
            Rule::EntriesMatch => {
                let entries = self.entries(application);
                !entries.is_empty()
                    && entries
                        .iter()
                        .all(|entry| self.counted(records).any(|record| self.fits(entry, record)))
            }
        }
    }

    /// Returns the record whose values stand on papers: the first that counts and that the form speaks of.
    fn telling<'a>(&self, records: &'a [Record], application: &Application) -> Option<&'a Record> {
        match self.rule {
            Rule::Exists => self.counted(records).next(),
            Rule::EntriesMatch => {
                let entries = self.entries(application);
                self.counted(records).find(|record| entries.iter().any(|entry| self.fits(entry, record)))
            }
        }
    }

    fn entries<'a>(&self, application: &'a Application) -> &'a [BTreeMap<FieldId, String>] {
        match self.field.as_ref().and_then(|it| application.fields.get(it)) {
            Some(Value::Entries(entries)) => entries,
            Some(Value::Bool(_) | Value::Text(_)) | None => &[],
        }
    }

    fn fits(&self, entry: &BTreeMap<FieldId, String>, record: &Record) -> bool {
        self.on.iter().all(|(field, name)| same(entry.get(field), record.get(name)))
    }
}

/// Compares what a person typed with what a register holds: case and surrounding spaces do not matter.
fn same(typed: Option<&String>, held: Option<&String>) -> bool {
    match (typed, held) {
        (Some(typed), Some(held)) => folded(typed) == folded(held),
        (None, None) => true,
        (Some(one), None) | (None, Some(one)) => one.trim().is_empty(),
    }
}

/// Returns a text as it is compared: case and surrounding spaces do not matter.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
