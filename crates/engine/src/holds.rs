// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a condition holds, given the facts known so far.

use crate::case::Value;
use regulation::model::{Expr, FactId};
use std::collections::BTreeSet;

/// Whether a condition holds, given the facts known so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// The facts satisfy the condition.
    Yes,
    /// The facts contradict it.
    No,
    /// These facts must be asked for first.
    // INVARIANT: never empty.
    Unknown(BTreeSet<FactId>),
}

impl Holds {
    /// Judges `expr`; `fact` says what is known.
    pub fn judge(expr: &Expr, fact: &impl Fn(&FactId) -> Option<Value>) -> Self {
        match expr {
            Expr::Fact(id) => fact(id).map_or_else(
                || Self::Unknown(BTreeSet::from([id.clone()])),
                |value| Self::from(is_true(&value)),
            ),
            Expr::Equals(id, text) => fact(id).map_or_else(
                || Self::Unknown(BTreeSet::from([id.clone()])),
                |value| Self::from(value == Value::Text(text.clone())),
            ),
            Expr::Not(inner) => match Self::judge(inner, fact) {
                Self::Yes => Self::No,
                Self::No => Self::Yes,
                unknown @ Self::Unknown(_) => unknown,
            },
            Expr::All(list) => Self::fold(list.iter().map(|it| Self::judge(it, fact)), &Self::No, Self::Yes),
            Expr::Any(list) => Self::fold(list.iter().map(|it| Self::judge(it, fact)), &Self::Yes, Self::No),
        }
    }

    /// One `decisive` answer settles it; otherwise what is unknown stays unknown.
    fn fold(answers: impl Iterator<Item = Self>, decisive: &Self, otherwise: Self) -> Self {
        let mut missing = BTreeSet::new();
        for answer in answers {
            if answer == *decisive {
                return answer;
            }
            if let Self::Unknown(facts) = answer {
                missing.extend(facts);
            }
        }
        if missing.is_empty() { otherwise } else { Self::Unknown(missing) }
    }
}

impl From<bool> for Holds {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Returns whether the expression speaks of this fact.
pub fn mentions(expr: &Expr, fact: &str) -> bool {
    match expr {
        Expr::Fact(id) | Expr::Equals(id, _) => id.as_str() == fact,
        Expr::Not(inner) => mentions(inner, fact),
        Expr::All(list) | Expr::Any(list) => list.iter().any(|it| mentions(it, fact)),
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Text(text) => text == "true",
        Value::Entries(entries) => !entries.is_empty(),
    }
}
