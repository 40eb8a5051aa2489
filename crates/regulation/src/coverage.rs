// SPDX-License-Identifier: MIT OR Apache-2.0
//! Procedures × ends: which are foreseen, and which scenarios reach them.

use crate::model::{
    Actor, Channel, EditionId, End, Exit, Procedure, ProcedureId, Regulation, ServiceId, StepId, Target,
};
use crate::proof::Proof;
use std::collections::BTreeSet;
use std::fmt;

/// A cell of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The act foresees no such end of this procedure.
    NotForeseen,
    /// So many scenarios reach it, by every step that leads to it.
    Proved(usize),
    /// No scenario reaches it by these steps; none at all where the list is empty.
    Empty(Vec<StepId>),
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// The procedure.
    pub procedure: ProcedureId,
    /// How applications come in by it: its channels; `inner` where another procedure runs it; `trial` where neither, and
    /// scenarios play it on trial.
    pub comes_in: String,
    /// Its cells, in the order of [`End::ALL`].
    pub cells: Vec<Cell>,
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Its rows.
    pub rows: Vec<Row>,
    /// How many scenarios there are.
    pub scenarios: usize,
}

/// Compares what the regulations foresee with what scenarios prove.
pub fn coverage(regulations: &[Regulation], proofs: &[Proof]) -> Coverage {
    let mut rows = Vec::new();
    for regulation in regulations {
        let own: Vec<&Proof> = proofs.iter().filter(|it| is_of(it, regulation)).collect();
        for procedure in &regulation.procedures {
            let cells = End::ALL.iter().map(|end| cell(regulation, procedure, *end, &own)).collect();
            rows.push(Row {
                service: regulation.service.clone(),
                edition: regulation.edition.clone(),
                procedure: procedure.id.clone(),
                comes_in: comes_in(regulation, procedure),
                cells,
            });
        }
    }
    Coverage { rows, scenarios: proofs.len() }
}

/// Whether a scenario plays this regulation.
pub(crate) fn is_of(proof: &Proof, regulation: &Regulation) -> bool {
    proof.service == regulation.service && proof.edition == regulation.edition
}

fn comes_in(regulation: &Regulation, procedure: &Procedure) -> String {
    let inner = regulation.procedures.iter().flat_map(|it| &it.steps);
    let mut ways: Vec<&str> = procedure.intake.iter().map(|it| it.as_str()).collect();
    if inner.filter_map(|it| it.runs.as_ref()).any(|it| *it == procedure.id) {
        ways.push("inner");
    }
    if ways.is_empty() { "trial".to_owned() } else { ways.join(", ") }
}

fn cell(regulation: &Regulation, procedure: &Procedure, end: End, proofs: &[&Proof]) -> Cell {
    let steps: Vec<&StepId> =
        procedure.steps.iter().filter(|it| leads_to(&it.exit, end)).map(|it| &it.id).collect();
    let by_acceptance = end == End::NotAccepted && may_refuse(regulation, procedure);
    if steps.is_empty() && !by_acceptance {
        return Cell::NotForeseen;
    }
    let mut scenarios: BTreeSet<&str> = BTreeSet::new();
    let mut met: BTreeSet<&StepId> = BTreeSet::new();
    for proof in proofs {
        for it in proof.reached.iter().filter(|it| it.procedure == procedure.id && it.end == end) {
            scenarios.insert(&proof.scenario);
            met.insert(&it.step);
        }
    }
    let unmet: Vec<StepId> = steps.into_iter().filter(|it| !met.contains(it)).cloned().collect();
    if unmet.is_empty() && !scenarios.is_empty() { Cell::Proved(scenarios.len()) } else { Cell::Empty(unmet) }
}

fn leads_to(exit: &Exit, end: End) -> bool {
    let is = |target: &Target| *target == Target::End(end);
    match exit {
        Exit::Next(target) => is(target),
        Exit::Branch { yes, no } => is(yes) || is(no),
    }
}

/// Whether somebody who takes applications in by this procedure may refuse to accept them.
fn may_refuse(regulation: &Regulation, procedure: &Procedure) -> bool {
    let actor = |channel: &Channel| match channel {
        Channel::Portal => None,
        Channel::Center => Some(Actor::CenterOperator),
        Channel::Provider => Some(Actor::ProviderOffice),
        Channel::RuralAkim => Some(Actor::RuralAkimSpecialist),
    };
    procedure.intake.iter().filter_map(actor).any(|it| regulation.not_accepted_by(it).is_some())
}

impl Coverage {
    /// Returns the cells that no scenario fills: the row, the end, the steps.
    pub fn empty(&self) -> Vec<String> {
        let mut found = Vec::new();
        for row in &self.rows {
            for (end, cell) in End::ALL.iter().zip(&row.cells) {
                if let Cell::Empty(steps) = cell {
                    let steps: Vec<&str> = steps.iter().map(StepId::as_str).collect();
                    found.push(format!(
                        "{}@{} {}: end:{end} {}",
                        row.service,
                        row.edition,
                        row.procedure,
                        steps.join(", ")
                    ));
                }
            }
        }
        found
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ENDS: [&str; 5] = ["issued", "refused", "not-accepted", "sign-in-refused", "data-unavailable"];
        write!(f, "{:<38} {:<22} {:<22}", "service@edition", "procedure", "comes in by")?;
        ENDS.iter().try_for_each(|it| write!(f, " {it:>16}"))?;
        writeln!(f)?;
        for row in &self.rows {
            let name = format!("{}@{}", row.service, row.edition);
            write!(f, "{name:<38} {:<22} {:<22}", row.procedure.as_str(), row.comes_in)?;
            for cell in &row.cells {
                let shown = match cell {
                    Cell::NotForeseen => "–".to_owned(),
                    Cell::Proved(count) => count.to_string(),
                    Cell::Empty(_) => "EMPTY".to_owned(),
                };
                write!(f, " {shown:>16}")?;
            }
            writeln!(f)?;
        }
        let cells = self.rows.iter().flat_map(|it| &it.cells);
        let foreseen = cells.filter(|it| **it != Cell::NotForeseen).count();
        let empty = self.empty();
        writeln!(
            f,
            "procedures: {}, ends foreseen: {foreseen}, empty: {}, scenarios: {}",
            self.rows.len(),
            empty.len(),
            self.scenarios
        )?;
        empty.iter().try_for_each(|it| writeln!(f, "empty: {it}"))
    }
}
