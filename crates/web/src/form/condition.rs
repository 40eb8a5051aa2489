// SPDX-License-Identifier: MIT OR Apache-2.0
//! Conditions of a regulation in words, for people.

use super::said;
use crate::words::{Word, Words};
use regulation::facts::{CHANNEL, MEDIUM, PROPOSAL_GROUND, RESULT_BEFORE};
use regulation::model::{Expr, FactDecl, FactId, Field, FieldKind};

/// What a condition may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The language.
    pub w: Words,
    /// Fields.
    pub fields: &'a [&'a Field],
    /// Facts.
    pub facts: &'a [FactDecl],
}

impl Named<'_> {
    /// Returns a condition in words; nothing where it speaks of something that has no name.
    pub fn condition(&self, expr: &Expr) -> Option<String> {
        let w = self.w;
        match expr {
            Expr::Fact(id) => self.name(id).map(str::to_owned),
            Expr::Equals(id, value) => {
                Some(w.cond_equals(self.name(id)?, self.value(id, value).unwrap_or(value)))
            }
            Expr::Not(inner) => Some(w.pass_when_not(self.condition(inner)?)),
            Expr::All(list) => Some(self.all(list)?.join("; ")),
            Expr::Any(list) => match self.one_of(list) {
                Some(one) => Some(one),
                None => Some(self.all(list)?.join(w.cond_or())),
            },
        }
    }

    fn all(&self, list: &[Expr]) -> Option<Vec<String>> {
        list.iter().map(|it| self.condition(it)).collect()
    }

    /// Several values of one field: its name is said once.
    fn one_of(&self, list: &[Expr]) -> Option<String> {
        let mut named: Option<&FactId> = None;
        let mut values = Vec::new();
        for it in list {
            let Expr::Equals(id, value) = it else { return None };
            if *named.get_or_insert(id) != id {
                return None;
            }
            values.push(self.value(id, value).unwrap_or(value));
        }
        Some(self.w.cond_equals(self.name(named?)?, values.join(self.w.cond_or())))
    }

    fn field(&self, id: &FactId) -> Option<&Field> {
        let declared = self.facts.iter().find(|it| it.id == *id).and_then(|it| it.field.as_ref());
        let id = declared.map_or(id.as_str(), |it| it.as_str());
        self.fields.iter().find(|it| it.id.as_str() == id).copied()
    }

    fn name(&self, id: &FactId) -> Option<&str> {
        match id.as_str() {
            CHANNEL => return Some(self.w.cond_channel()),
            MEDIUM => return Some(self.w.passport_result_medium()),
            PROPOSAL_GROUND => return Some(self.w.off_ground()),
            RESULT_BEFORE => return Some(self.w.cond_result_before()),
            _ => {}
        }
        if let Some(field) = self.field(id) {
            return Some(said(self.w.lang(), &field.label));
        }
        self.facts.iter().find(|it| it.id == *id).map(|it| said(self.w.lang(), &it.title))
    }

    fn value(&self, id: &FactId, value: &str) -> Option<&str> {
        let word = match (id.as_str(), value) {
            (CHANNEL, "portal") => Word::RgChannelPortal,
            (CHANNEL, "center") => Word::RgChannelCenter,
            (CHANNEL, "provider") => Word::RgChannelProvider,
            (CHANNEL, "rural-akim") => Word::RgChannelAkim,
            (MEDIUM, "electronic") => Word::CondElectronic,
            (MEDIUM, "paper") => Word::CondPaper,
            _ => {
                let FieldKind::Choice(options) = &self.field(id)?.kind else { return None };
                let (_, label) = options.iter().find(|(known, _)| known == value)?;
                return Some(said(self.w.lang(), label));
            }
        };
        Some(self.w.of(word))
    }
}

/// Returns whether every fact of a condition is one of these fields.
pub(super) fn speaks_only_of(expr: &Expr, fields: &[&Field]) -> bool {
    match expr {
        Expr::Fact(id) | Expr::Equals(id, _) => fields.iter().any(|it| it.id.as_str() == id.as_str()),
        Expr::Not(inner) => speaks_only_of(inner, fields),
        Expr::All(list) | Expr::Any(list) => list.iter().all(|it| speaks_only_of(it, fields)),
    }
}
