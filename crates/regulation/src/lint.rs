// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is proved of a regulation before anything runs by it.

mod graph;
mod meaning;
mod norms;
mod quotes;
mod values;

pub use quotes::lint_against;

use crate::code::Code;
use crate::diagnostic::Severity;
use crate::model::{Procedure, Regulation, Step, StepId};
use crate::place::{Kind, Place};

/// One finding of the lint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// What it is about.
    pub place: Place,
}

impl Finding {
    fn new(code: Code, place: Place, message: String, help: &str) -> Self {
        Self { code, severity: Severity::Error, message, help: help.to_owned(), place }
    }

    fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// The words by which an anomaly accepts it: the code and the id of the thing.
    fn key(&self) -> String {
        match &self.place {
            Place::File => self.code.to_string(),
            Place::Named(_, id) => format!("{} {id}", self.code),
            Place::Nth(kind, n) => format!("{} {} {n}", self.code, kind.noun()),
        }
    }
}

/// Checks the meaning of a regulation. Findings that an anomaly accepts become notes.
pub fn lint(regulation: &Regulation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for procedure in &regulation.procedures {
        graph::lint(procedure, &mut findings);
        meaning::procedure(regulation, procedure, &mut findings);
        norms::lint(regulation, procedure, &mut findings);
    }
    meaning::regulation(regulation, &mut findings);
    accept(regulation, &mut findings);
    findings
}

/// Lowers what anomalies answer for to notes, and finds acceptances of nothing.
fn accept(regulation: &Regulation, findings: &mut Vec<Finding>) {
    let mut stale = Vec::new();
    for anomaly in &regulation.anomalies {
        for key in &anomaly.accepts {
            let mut met = false;
            for finding in findings.iter_mut().filter(|it| it.key() == *key) {
                finding.severity = Severity::Note;
                finding.help = format!("anomaly `{}`: {}", anomaly.id, anomaly.rule.en);
                met = true;
            }
            if !met {
                let message = format!("anomaly `{}` accepts `{key}`, which is not found", anomaly.id);
                let place = Place::Named(Kind::Anomaly, anomaly.id.clone());
                stale.push(Finding::new(Code::StaleAcceptance, place, message, "drop it from `accepts`"));
            }
        }
    }
    findings.extend(stale);
}

fn step_place(step: &StepId) -> Place {
    Place::Named(Kind::Step, step.0.clone())
}

fn procedure_place(procedure: &Procedure) -> Place {
    Place::Named(Kind::Procedure, procedure.id.0.clone())
}

fn has(step: &Step, action: impl Fn(&crate::model::Action) -> bool) -> bool {
    step.parts.iter().any(|it| action(&it.action))
}
