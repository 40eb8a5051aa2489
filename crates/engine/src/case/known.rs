// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is known of a case, for conditions.

use super::{Case, Proposal, Value};
use regulation::model::{FactId, FieldId, Regulation};
use std::collections::BTreeMap;

impl Case {
    /// Returns what is known of a fact: recorded, given by the case itself, or a field of the application. A field that
    /// was left empty is known to be empty.
    pub fn known(&self, regulation: &Regulation, id: &FactId) -> Option<Value> {
        if let Some(fact) = self.facts.get(id) {
            return Some(fact.value.clone());
        }
        let given = |text: &str| Some(Value::Text(text.to_owned()));
        match id.as_str() {
            regulation::facts::CHANNEL => return given(self.channel.as_str()),
            regulation::facts::MEDIUM => return given(self.application.medium.as_str()),
            regulation::facts::RESULT_BEFORE => return Some(Value::Bool(!self.earlier.is_empty())),
            regulation::facts::PROPOSAL_GROUND => {
                return self.proposal.as_ref().map(|(it, _)| match it {
                    Proposal::Refuse { ground, .. } => Value::Text(ground.as_str().to_owned()),
                    Proposal::Grant { .. } => Value::Text(String::new()),
                });
            }
            _ => {}
        }
        let field = regulation.facts.iter().find(|it| it.id == *id)?.field.as_ref()?;
        Some(self.application.fields.get(field).cloned().unwrap_or_else(|| Value::Text(String::new())))
    }

    /// Returns the fields of the application with what conditions over fields know besides: the channel, the medium, whether
    /// an earlier result was given.
    pub fn known_fields(&self) -> BTreeMap<FieldId, Value> {
        let mut known = self.application.fields.clone();
        let text = |it: &str| Value::Text(it.to_owned());
        known.insert(FieldId::from(regulation::facts::CHANNEL), text(self.channel.as_str()));
        known.insert(FieldId::from(regulation::facts::MEDIUM), text(self.application.medium.as_str()));
        let before = Value::Bool(!self.earlier.is_empty());
        known.insert(FieldId::from(regulation::facts::RESULT_BEFORE), before);
        known
    }
}
