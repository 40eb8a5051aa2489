// SPDX-License-Identifier: MIT OR Apache-2.0
//! The act, its words that are not steps, its gaps.

use super::{Channel, Medium, Text};
use serde::{Deserialize, Serialize};

/// The act that adopts a regulation. What is not known is `None`, never invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Title.
    pub title: Text,
    /// Number.
    pub number: Option<String>,
    /// Date of adoption, ISO 8601.
    pub date: Option<String>,
    /// Territory, KATO code.
    pub territory: Option<String>,
    /// In force from, ISO 8601.
    pub in_force_from: Option<String>,
    /// In force to, ISO 8601.
    pub in_force_to: Option<String>,
    /// What repealed it.
    pub repealed_by: Option<Text>,
    /// The source file of the act's text.
    pub source: String,
    /// Every clause of the act, in its order; whatever cites a clause cites one of these.
    pub clauses: Vec<String>,
}

/// Words of the act that are not a step: who serves, in what form, which units take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provision {
    /// The clause.
    pub clause: String,
    /// The act's words.
    pub text: Text,
}

/// A gap or contradiction of an act and the rule executed instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    /// Its id inside the regulation.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The act's words.
    pub quote_kk: String,
    /// What is wrong.
    pub what: Text,
    /// What we execute, and why.
    pub rule: Text,
    /// Findings of the lint that this anomaly answers for, such as `qz-reg-25 provider`.
    pub accepts: Vec<String>,
}

/// In what form the act gives the result to who applied through a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaOf {
    /// The clause that says so.
    pub clause: String,
    /// The channel.
    pub channel: Channel,
    /// The forms.
    pub media: Vec<Medium>,
}
