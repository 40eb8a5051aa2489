// SPDX-License-Identifier: MIT OR Apache-2.0
//! Applications of portals that know the published form only: how their codes are understood here, and what is made of them.
//!
//! What stands in none of the tables is refused with its code named, for the administrator; nothing is passed over in silence.

mod application;
pub mod check;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use application::{Asked, asked};
pub(crate) use read::BORN;

use crate::ports::foreign::AnswerWords;
use regulation::model::{DocumentId, ServiceId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The tables of the configuration: `[published]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PublishedForms {
    /// Forms by the portal's code of the service: the property of the message, else the form's service type.
    pub services: BTreeMap<String, PublishedForm>,
    /// Words of answers.
    pub words: AnswerWords,
    /// Providers whose workplaces are here: nobody else is applied to. Filled from the role, not from the tables.
    #[serde(skip)]
    pub providers: BTreeSet<String>,
}

/// How a service's form is understood.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedForm {
    /// The service.
    pub service: ServiceId,
    /// The code of the field in which the paper is sent back.
    pub result: String,
    /// Whether the portal takes answers before the end.
    #[serde(default = "takes_interim")]
    pub interim: bool,
    /// The code of the field that tells the language of the answer; Kazakh if absent. Its dictionary is `choices.language`.
    #[serde(default)]
    pub language: Option<String>,
    /// Their fields to ours; inside a value of fields, and inside our groups, with a dot: `child.name` to `children.given`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Texts of ours that several of their fields make together, in the order in which they are joined; not inside a group.
    #[serde(default)]
    pub joined: BTreeMap<String, Vec<String>>,
    /// Codes of their dictionaries to our answers, by our field; of a text, to any words.
    #[serde(default)]
    pub choices: BTreeMap<String, BTreeMap<String, String>>,
    /// Their fields that hold files, with a dot too.
    #[serde(default)]
    pub documents: BTreeMap<String, DocumentId>,
    /// Ticks of ours that every application of the portal presupposes, such as a consent that is given before its form; no
    /// field of theirs goes to them.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Their fields that are not needed here: the evidence keeps them, nothing else does.
    #[serde(default)]
    pub ignored: BTreeSet<String>,
}

const fn takes_interim() -> bool {
    true
}

impl PublishedForm {
    /// Returns the text of ours that a field of theirs is a part of.
    fn joined_into(&self, code: &str) -> Option<&str> {
        let parts_of = |codes: &[String]| codes.iter().any(|it| it == code);
        self.joined.iter().find(|it| parts_of(it.1)).map(|it| it.0.as_str())
    }
}
