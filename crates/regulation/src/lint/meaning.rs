// SPDX-License-Identifier: MIT OR Apache-2.0
//! Actors where they can act, facts established before they are asked for, papers that can be filled, intake.

use super::graph::reachable;
use super::{Finding, has, procedure_place, step_place, values};
use crate::code::Code;
use crate::facts;
use crate::model::{
    Action, Actor, Block, Channel, Expr, FactId, Field, FieldKind, PaperRole, Part, Procedure, ProcedureId,
    Regulation, Step, System, Text,
};
use crate::place::{Kind, Place};
use std::collections::BTreeSet;

/// Where an actor has a workplace.
const fn workplace(actor: Actor) -> System {
    match actor {
        Actor::Applicant => System::Portal,
        Actor::CenterOperator | Actor::CenterCourier => System::Center,
        Actor::Provider
        | Actor::ProviderOffice
        | Actor::ProviderHead
        | Actor::ProviderExecutor
        | Actor::RuralAkimSpecialist
        | Actor::RuralAkim
        | Actor::RuralAkimExecutor => System::Region,
    }
}

/// Whether a person does it; the rest is done by the system at the step.
const fn needs_person(action: &Action) -> bool {
    match action {
        Action::CreateAccount
        | Action::SignIn
        | Action::FillForm
        | Action::SignRequest
        | Action::Accept
        | Action::Instruct
        | Action::Prepare
        | Action::SignResult
        | Action::Dispatch
        | Action::HandOver
        | Action::Issue
        | Action::PrepareLetter
        | Action::SignLetter => true,
        Action::RefuseSignIn
        | Action::QueryRegister(_)
        | Action::Judge
        | Action::Send
        | Action::RegisterDocument
        | Action::StampResult
        | Action::Notify(_)
        | Action::Deliver
        | Action::NextResult => false,
    }
}

pub(super) fn procedure(regulation: &Regulation, procedure: &Procedure, findings: &mut Vec<Finding>) {
    for step in &procedure.steps {
        for part in &step.parts {
            hands(step, part, findings);
        }
        for when in step.parts.iter().filter_map(|it| it.when.as_ref()).chain(&step.when) {
            when.for_each_fact(&mut |fact| established(regulation, procedure, step, fact, findings));
        }
    }
    if circular(regulation, procedure) {
        let message = format!("procedure `{}` runs itself", procedure.id);
        let help = "an inner procedure must end by its own steps";
        findings.push(Finding::new(Code::Intake, procedure_place(procedure), message, help));
    }
}

fn hands(step: &Step, part: &Part, findings: &mut Vec<Finding>) {
    let hands: Vec<Actor> = part.actor.into_iter().chain(part.rural_actor).collect();
    let wrong = |actor: &Actor| {
        if !needs_person(&part.action) {
            Some(format!("part `{}` is done by the system, not by `{actor}`", part.id))
        } else if workplace(*actor) != step.at {
            Some(format!("`{actor}` has no workplace at `{}`, where `{}` is carried out", step.at, part.id))
        } else if !named(step, *actor) {
            Some(format!("`{actor}` acts in `{}`, but is not among the actors of the step", part.id))
        } else {
            None
        }
    };
    let message = if hands.is_empty() && needs_person(&part.action) {
        format!("part `{}` needs a person, and names none", part.id)
    } else if let Some(message) = hands.iter().find_map(wrong) {
        message
    } else {
        return;
    };
    let help = "correct the actor, the action or the system; what the act does not name needs an anomaly that accepts it";
    findings.push(Finding::new(Code::Actor, step_place(&step.id), message, help));
}

/// Whether the step names the actor; `provider` names all its units.
fn named(step: &Step, actor: Actor) -> bool {
    let of_provider = matches!(actor, Actor::ProviderOffice | Actor::ProviderHead | Actor::ProviderExecutor);
    step.actors.contains(&actor) || (of_provider && step.actors.contains(&Actor::Provider))
}

/// A fact must be set by a step from which the condition can be reached.
fn established(
    regulation: &Regulation,
    procedure: &Procedure,
    step: &Step,
    fact: &FactId,
    findings: &mut Vec<Finding>,
) {
    let declared = regulation.facts.iter().find(|it| it.id == *fact);
    let given = facts::GIVEN.contains(&fact.as_str()) || facts::SET_BY_ORDER.contains(&fact.as_str());
    if given || declared.is_some_and(|it| it.field.is_some()) {
        return;
    }
    let sets = |action: &Action| match (declared.and_then(|it| it.register.as_ref()), fact.as_str()) {
        (Some(register), _) => *action == Action::QueryRegister(register.clone()),
        (None, facts::SIGNATURE_VALID) => *action == Action::SignRequest,
        (None, facts::SIGN_IN_VALID) => *action == Action::SignIn,
        (None, facts::PROPOSAL_GRANTED | facts::DOCUMENTS_CONFORM) => *action == Action::Prepare,
        (None, _) => false,
    };
    // If the condition is reachable without passing a step that sets the fact, the fact may be missing.
    let without = reachable(procedure, |it| !has(it, sets));
    if without.contains(&step.id) && !has(step, sets) {
        let message = format!("`{}` asks for `{fact}`, which no step before it establishes", step.id);
        let help =
            "ask its register, take the signature or prepare the proposal on every way to the condition";
        findings.push(Finding::new(Code::Fact, step_place(&step.id), message, help));
    }
}

fn circular(regulation: &Regulation, start: &Procedure) -> bool {
    let mut seen: BTreeSet<&ProcedureId> = BTreeSet::new();
    let mut open = vec![start];
    while let Some(procedure) = open.pop() {
        for runs in procedure.steps.iter().filter_map(|it| it.runs.as_ref()) {
            if *runs == start.id {
                return true;
            }
            if seen.insert(runs) {
                open.extend(regulation.procedure(runs));
            }
        }
    }
    false
}

pub(super) fn regulation(regulation: &Regulation, findings: &mut Vec<Finding>) {
    intake(regulation, findings);
    unused(regulation, findings);
    refusals(regulation, findings);
    uncited(regulation, findings);
    values::lint(regulation, findings);
    for paper in &regulation.papers {
        for block in &paper.blocks {
            for name in wanted(block) {
                if !known_value(regulation, &name) {
                    let place = Place::Named(Kind::Paper, paper.id.0.clone());
                    let message = format!("nothing fills `{{{name}}}` of paper `{}`", paper.id);
                    let help = "name a field, a result field or one of the values that every paper has";
                    findings.push(Finding::new(Code::Placeholder, place, message, help));
                }
            }
        }
    }
}

fn intake(regulation: &Regulation, findings: &mut Vec<Finding>) {
    for (n, of) in regulation.media_of.iter().enumerate() {
        let twice = regulation.media_of.iter().take(n).any(|it| it.channel == of.channel);
        let known = !of.media.is_empty() && of.media.iter().all(|it| regulation.media.contains(it));
        if twice || !known || regulation.intake(of.channel).is_none() {
            let message =
                format!("`media-of` says of channel `{}` what the regulation does not know", of.channel);
            let help = "name each channel of intake once, with forms that stand in `media`";
            findings.push(Finding::new(Code::Intake, Place::File, message, help));
        }
    }
    if regulation.procedures.iter().all(|it| it.intake.is_empty()) {
        let message = "no procedure takes applications in".to_owned();
        findings.push(Finding::new(Code::Intake, Place::File, message, "give one `intake = \"portal\"`"));
    }
    for channel in Channel::ALL {
        for second in regulation.procedures.iter().filter(|it| it.intake.contains(channel)).skip(1) {
            let message = format!("applications through `{channel}` come in by another procedure already");
            let help = "one procedure takes in each channel";
            findings.push(Finding::new(Code::Intake, procedure_place(second), message, help));
        }
    }
}

fn unused(regulation: &Regulation, findings: &mut Vec<Finding>) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for when in conditions(regulation) {
        when.for_each_fact(&mut |fact| {
            used.insert(fact.0.clone());
        });
    }
    let fields = regulation.fields.iter().chain(&regulation.result_fields);
    used.extend(fields.filter_map(|it| it.prefill.clone()));
    let own = |id: &FactId| facts::OWN.contains(&id.as_str());
    for fact in regulation.facts.iter().filter(|it| !used.contains(it.id.as_str()) && !own(&it.id)) {
        let place = Place::Named(Kind::Fact, fact.id.0.clone());
        let message = format!("nothing asks for fact `{}`", fact.id);
        findings
            .push(Finding::new(Code::Fact, place, message, "use it in a condition, or drop it").warning());
    }
}

/// Every condition over facts.
fn conditions(regulation: &Regulation) -> impl Iterator<Item = &Expr> {
    let procedures = regulation.procedures.iter();
    let steps = || regulation.procedures.iter().flat_map(|it| &it.steps);
    procedures
        .filter_map(|it| it.intake_when.as_ref())
        .chain(steps().filter_map(|it| it.when.as_ref()))
        .chain(steps().flat_map(|it| &it.parts).filter_map(|it| it.when.as_ref()))
        .chain(regulation.terms.iter().filter_map(|it| it.when.as_ref()))
        .chain(regulation.papers.iter().filter_map(|it| it.when.as_ref()))
        .chain(regulation.entries.iter().filter_map(|it| it.when.as_ref()))
}

/// Where a refusal can be proposed there must be a ground to quote and a paper to write it on.
fn refusals(regulation: &Regulation, findings: &mut Vec<Finding>) {
    let proposed = regulation
        .procedures
        .iter()
        .flat_map(|it| &it.steps)
        .any(|it| has(it, |action| *action == Action::Prepare));
    if proposed
        && (regulation.grounds.is_empty() || regulation.papers_of(PaperRole::Refusal).next().is_none())
    {
        let message = "a refusal can be proposed, but there is no ground or no paper `refusal`".to_owned();
        let help = "add `[[refusal]]` grounds and a `[[paper]]` of `role = \"refusal\"`";
        findings.push(Finding::new(Code::NoReason, Place::File, message, help));
    }
}

/// Every clause of the act became a step, a term, a rule or words that are shown; or an anomaly says what became of it. The
/// head of a list is cited by its items.
fn uncited(regulation: &Regulation, findings: &mut Vec<Finding>) {
    let steps = regulation.procedures.iter().flat_map(|it| &it.steps).map(|it| &it.clause);
    let cited: BTreeSet<&str> = steps
        .chain(regulation.procedures.iter().map(|it| &it.clause))
        .chain(regulation.provisions.iter().map(|it| &it.clause))
        .chain(regulation.terms.iter().filter_map(|it| it.clause.as_ref()))
        .chain(regulation.not_accepted.iter().map(|it| &it.clause))
        .chain(regulation.media_of.iter().map(|it| &it.clause))
        .chain(regulation.anomalies.iter().map(|it| &it.clause))
        .map(String::as_str)
        .collect();
    let item = |of: &str| cited.iter().any(|it| it.strip_prefix(of).is_some_and(|it| it.starts_with('.')));
    for clause in regulation.act.clauses.iter().filter(|it| !cited.contains(it.as_str()) && !item(it)) {
        let message = format!("nothing cites clause {clause} of the act");
        let help = "make it a step, a term or a `[[provision]]`, or let an anomaly say what became of it";
        findings.push(Finding::new(Code::UncitedClause, Place::File, message, help).warning());
    }
}

/// Names of the values that a block prints.
fn wanted(block: &Block) -> Vec<String> {
    match block {
        Block::Heading(text) | Block::Text(text) => placeholders(text),
        Block::Field { value, .. } | Block::Table { value, .. } => vec![value.clone()],
        Block::Calculation | Block::Sign(_) | Block::Seal | Block::Qr => Vec::new(),
    }
}

/// Names in braces, of all three languages.
fn placeholders(text: &Text) -> Vec<String> {
    let mut names = Vec::new();
    for words in [&text.kk, &text.ru, &text.en] {
        for piece in words.split('{').skip(1) {
            names.extend(piece.split_once('}').map(|it| it.0.to_owned()));
        }
    }
    names.sort();
    names.dedup();
    names
}

fn known_value(regulation: &Regulation, name: &str) -> bool {
    let named = |field: &Field| {
        field.id.as_str() == name
            || matches!(&field.kind, FieldKind::Group { fields, .. } if fields.iter().any(|it| it.id.as_str() == name))
    };
    facts::PAPER_VALUES.contains(&name)
        || regulation.fields.iter().any(named)
        || regulation.result_fields.iter().any(named)
}
