// SPDX-License-Identifier: MIT OR Apache-2.0
//! Each clause of an act → what executes it → the scenarios that prove it; or why nothing executes it.

use crate::coverage::is_of;
use crate::model::{Regulation, Step};
use crate::proof::Proof;
use std::collections::BTreeSet;
use std::fmt;

/// Most scenarios named in one line; the rest is counted.
const SCENARIOS_SHOWN: usize = 3;

/// What a clause became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A step: its id, and whether a scenario does it.
    Step(String, bool),
    /// A step of which every part is done only under a condition that no scenario meets: its id, the anomalies of the clause.
    Conditional(String, Vec<String>),
    /// A term that the engine watches: its scope.
    Term(String),
    /// The rule by which papers are not accepted.
    NotAccepted,
    /// The head of a procedure: its id.
    Procedure(String),
    /// Words that are shown; there is nothing to do.
    Provision,
    /// An anomaly says what is done with it: its id.
    Anomaly(String),
}

/// One clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The clause.
    pub clause: String,
    /// What it became.
    pub by: Vec<By>,
    /// The scenarios that prove it.
    pub scenarios: BTreeSet<String>,
}

/// The clauses of one regulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// `service@edition`.
    pub regulation: String,
    /// The file of the act.
    pub act: String,
    /// Its clauses, in their order.
    pub clauses: Vec<Clause>,
}

/// Traces every clause of a regulation.
pub fn trace(regulation: &Regulation, proofs: &[Proof]) -> Trace {
    let own: Vec<&Proof> = proofs.iter().filter(|it| is_of(it, regulation)).collect();
    Trace {
        regulation: format!("{}@{}", regulation.service, regulation.edition),
        act: regulation.act.source.clone(),
        clauses: regulation.act.clauses.iter().map(|it| clause(regulation, it, &own)).collect(),
    }
}

fn clause(regulation: &Regulation, id: &str, proofs: &[&Proof]) -> Clause {
    let (mut by, mut scenarios) = (Vec::new(), BTreeSet::new());
    for step in regulation.procedures.iter().flat_map(|it| &it.steps).filter(|it| it.clause == id) {
        let proving = proofs.iter().filter(|it| does(it, step));
        let names: Vec<String> = proving.map(|it| it.scenario.clone()).collect();
        let conditional = step.parts.iter().all(|it| it.when.is_some());
        by.push(if names.is_empty() && conditional {
            let anomalies = regulation.anomalies.iter().filter(|it| it.clause == id);
            By::Conditional(step.id.to_string(), anomalies.map(|it| it.id.clone()).collect())
        } else {
            By::Step(step.id.to_string(), !names.is_empty())
        });
        scenarios.extend(names);
    }
    for term in regulation.terms.iter().filter(|it| it.clause.as_deref() == Some(id)) {
        scenarios.extend(proofs.iter().filter(|it| it.terms.contains(id)).map(|it| it.scenario.clone()));
        by.push(By::Term(term.scope.clone()));
    }
    if regulation.not_accepted.iter().any(|it| it.clause == id) {
        let refused = |it: &&&Proof| it.reached.iter().any(|it| it.end == crate::model::End::NotAccepted);
        scenarios.extend(proofs.iter().filter(refused).map(|it| it.scenario.clone()));
        by.push(By::NotAccepted);
    }
    let procedures = regulation.procedures.iter().filter(|it| it.clause == id);
    by.extend(procedures.map(|it| By::Procedure(it.id.to_string())));
    if regulation.provisions.iter().any(|it| it.clause == id) {
        by.push(By::Provision);
    }
    if by.is_empty() {
        let anomalies = regulation.anomalies.iter().filter(|it| it.clause == id);
        by.extend(anomalies.map(|it| By::Anomaly(it.id.clone())));
    }
    Clause { clause: id.to_owned(), by, scenarios }
}

/// A step is proved by any of its parts, or by the inner procedure that it runs.
fn does(proof: &Proof, step: &Step) -> bool {
    step.parts.iter().any(|it| proof.parts.contains(&it.id))
}

impl Clause {
    /// Returns why nothing executes it; `None` where something does.
    pub fn reason(&self) -> Option<String> {
        let executes = |it: &By| matches!(it, By::Step(..) | By::Term(_) | By::NotAccepted);
        if self.by.iter().any(executes) {
            return None;
        }
        let reasons: Vec<String> = self
            .by
            .iter()
            .filter_map(|it| match it {
                By::Procedure(id) => Some(format!("head of procedure {id}, executed by its steps")),
                By::Provision => Some("provision: its words are shown, there is nothing to do".to_owned()),
                By::Anomaly(id) => Some(format!("explained by anomaly {id}")),
                By::Conditional(step, by) => Some(format!(
                    "step {step} is passed over, its condition does not hold: {}",
                    by.join(", ")
                )),
                By::Step(..) | By::Term(_) | By::NotAccepted => None,
            })
            .collect();
        Some(if reasons.is_empty() { "NOTHING CITES IT".to_owned() } else { reasons.join("; ") })
    }

    /// Returns the steps that no scenario does.
    pub fn unproved(&self) -> Vec<&str> {
        let steps = self.by.iter().filter_map(|it| match it {
            By::Step(id, false) => Some(id.as_str()),
            By::Conditional(id, anomalies) if anomalies.is_empty() => Some(id.as_str()),
            By::Step(_, true)
            | By::Conditional(..)
            | By::Term(_)
            | By::NotAccepted
            | By::Procedure(_)
            | By::Provision
            | By::Anomaly(_) => None,
        });
        steps.collect()
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by: Vec<String> = self
            .by
            .iter()
            .filter_map(|it| match it {
                By::Step(id, true) => Some(id.clone()),
                By::Step(id, false) => Some(format!("{id} (no scenario)")),
                By::Term(scope) => Some(format!("term {scope}")),
                By::NotAccepted => Some("refusal to accept".to_owned()),
                By::Conditional(..) | By::Procedure(_) | By::Provision | By::Anomaly(_) => None,
            })
            .collect();
        let shown: Vec<&str> = self.scenarios.iter().take(SCENARIOS_SHOWN).map(String::as_str).collect();
        let more = self.scenarios.len().saturating_sub(SCENARIOS_SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        match self.reason() {
            Some(reason) => write!(f, "  {:<22} – {reason}", self.clause),
            None => write!(f, "  {:<22} → {} → {}{more}", self.clause, by.join(", "), shown.join(", ")),
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} · {}", self.regulation, self.act)?;
        self.clauses.iter().try_for_each(|it| writeln!(f, "{it}"))?;
        let unexecuted = self.clauses.iter().filter(|it| it.reason().is_some()).count();
        let unproved: Vec<&str> = self.clauses.iter().flat_map(Clause::unproved).collect();
        writeln!(
            f,
            "  clauses: {}, executed: {}, with a reason not executed: {unexecuted}, steps without a scenario: {}",
            self.clauses.len(),
            self.clauses.len() - unexecuted,
            unproved.len()
        )
    }
}
