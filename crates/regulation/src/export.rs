// SPDX-License-Identifier: MIT OR Apache-2.0
//! The export for comparison with other readings of the acts: printed steps only, our steps are passed over.

use crate::model::{
    Anomaly, Exit, Norm, Origin, Procedure, Regulation, Step, StepId, StepKind, System, Target, Term, Text,
    Unit,
};
use serde::Serialize;

/// How many steps of ours may follow one another between two printed ones.
const MAX_PASSED: usize = 32;

/// Every regulation, as the export prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    /// The regulations.
    pub regulations: Vec<ExportedRegulation>,
    /// Anomalies of all of them.
    pub anomalies: Vec<ExportedAnomaly>,
}

/// One regulation, one edition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedRegulation {
    /// The service.
    pub service: String,
    /// The edition.
    pub edition: String,
    /// What adopts it.
    pub act: ExportedAct,
    /// Its procedures.
    pub procedures: Vec<ExportedProcedure>,
    /// Norms that belong to no step.
    pub terms: Vec<ExportedTerm>,
}

/// The act; what is not known is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedAct {
    /// Title in Kazakh.
    pub title_kk: String,
    /// Number.
    pub number: Option<String>,
    /// Date.
    pub date: Option<String>,
    /// Territory, KATO code.
    pub territory: Option<String>,
    /// In force from.
    pub in_force_from: Option<String>,
    /// In force to.
    pub in_force_to: Option<String>,
    /// What repealed it, in English.
    pub repealed_by: Option<String>,
    /// File of its text.
    pub source: String,
}

/// One procedure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedProcedure {
    /// Its id.
    pub channel: String,
    /// Its printed steps.
    pub steps: Vec<ExportedStep>,
}

/// One printed step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedStep {
    /// Its id.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// The number printed before it.
    pub printed_no: Option<u32>,
    /// The label printed.
    pub printed_label: Option<String>,
    /// Process or condition.
    pub kind: StepKind,
    /// Who acts; a system where the act names nobody.
    pub actor: OneOrMore,
    /// The systems that the act names.
    pub systems: Vec<System>,
    /// The act's words.
    pub text_kk: String,
    /// The printed norm.
    pub norm: Option<Norm>,
    /// What it leaves.
    pub result_kk: Option<String>,
    /// Where a process leads: a step or `end:…`.
    pub next: Option<String>,
    /// Where a condition leads when it holds.
    pub yes: Option<String>,
    /// Where it leads when it does not.
    pub no: Option<String>,
}

/// One id, or several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

/// A norm of no step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedTerm {
    /// What it covers.
    pub scope: String,
    /// Lower figure.
    pub min: u32,
    /// Upper figure.
    pub max: u32,
    /// Unit.
    pub unit: Unit,
    /// Condition, as the file writes it.
    pub when: Option<String>,
}

/// An anomaly; explanations in English, the quotation in Kazakh.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportedAnomaly {
    /// The service.
    pub service: String,
    /// The edition.
    pub edition: String,
    /// The clause.
    pub clause: String,
    /// The act's words.
    pub quote_kk: String,
    /// What is wrong.
    pub what: String,
    /// What is executed.
    pub rule: String,
}

/// Makes the export.
pub fn export<'r>(regulations: impl IntoIterator<Item = &'r Regulation>) -> Export {
    let mut export = Export { regulations: Vec::new(), anomalies: Vec::new() };
    for regulation in regulations {
        export.regulations.push(exported(regulation));
        export.anomalies.extend(regulation.anomalies.iter().map(|it| anomaly(regulation, it)));
    }
    export
}

fn exported(regulation: &Regulation) -> ExportedRegulation {
    let act = &regulation.act;
    ExportedRegulation {
        service: regulation.service.0.clone(),
        edition: regulation.edition.0.clone(),
        act: ExportedAct {
            title_kk: act.title.kk.clone(),
            number: act.number.clone(),
            date: act.date.clone(),
            territory: act.territory.clone(),
            in_force_from: act.in_force_from.clone(),
            in_force_to: act.in_force_to.clone(),
            repealed_by: act.repealed_by.as_ref().map(|it| it.en.clone()),
            source: act.source.clone(),
        },
        procedures: regulation.procedures.iter().map(procedure).collect(),
        terms: regulation.terms.iter().map(term).collect(),
    }
}

fn procedure(procedure: &Procedure) -> ExportedProcedure {
    let printed = procedure.steps.iter().filter(|it| it.origin == Origin::Printed);
    ExportedProcedure {
        channel: procedure.id.0.clone(),
        steps: printed.map(|it| step(procedure, it)).collect(),
    }
}

fn step(procedure: &Procedure, step: &Step) -> ExportedStep {
    let (next, yes, no) = match &step.exit {
        Exit::Next(next) => (Some(printed(procedure, next)), None, None),
        Exit::Branch { yes, no } => (None, Some(printed(procedure, yes)), Some(printed(procedure, no))),
    };
    ExportedStep {
        id: step.id.0.clone(),
        clause: step.clause.clone(),
        printed_no: step.printed_no,
        printed_label: step.printed_label.clone(),
        kind: step.kind,
        actor: actor(step),
        systems: step.systems.clone(),
        text_kk: step.text.kk.clone(),
        norm: step.norm,
        result_kk: step.result.as_ref().map(|it: &Text| it.kk.clone()),
        next,
        yes,
        no,
    }
}

fn actor(step: &Step) -> OneOrMore {
    match step.actors.as_slice() {
        [] => OneOrMore::One(step.at.to_string()),
        [one] => OneOrMore::One(one.to_string()),
        more => OneOrMore::More(more.iter().map(ToString::to_string).collect()),
    }
}

/// Goes past steps of ours: on the way of the act a condition of ours holds.
fn printed(procedure: &Procedure, target: &Target) -> String {
    let mut target = target;
    for _ in 0..MAX_PASSED {
        let Target::Step(id) = target else { break };
        match procedure.step(id).filter(|it| it.origin != Origin::Printed).map(|it| &it.exit) {
            Some(Exit::Next(next)) => target = next,
            Some(Exit::Branch { yes, .. }) => target = yes,
            None => break,
        }
    }
    match target {
        Target::Step(StepId(id)) => id.clone(),
        Target::End(end) => format!("end:{end}"),
    }
}

fn term(term: &Term) -> ExportedTerm {
    ExportedTerm {
        scope: term.scope.clone(),
        min: term.norm.min,
        max: term.norm.max,
        unit: term.norm.unit,
        when: term.when.as_ref().map(ToString::to_string),
    }
}

fn anomaly(regulation: &Regulation, anomaly: &Anomaly) -> ExportedAnomaly {
    ExportedAnomaly {
        service: regulation.service.0.clone(),
        edition: regulation.edition.0.clone(),
        clause: anomaly.clause.clone(),
        quote_kk: anomaly.quote_kk.clone(),
        what: anomaly.what.en.clone(),
        rule: anomaly.rule.en.clone(),
    }
}
