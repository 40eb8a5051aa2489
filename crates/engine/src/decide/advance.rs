// SPDX-License-Identifier: MIT OR Apache-2.0
//! The system's own parts are completed at once, as far as they need nothing from outside.

use super::{ADVANCE_MAX, Run, STACK_MAX};
use crate::{
    case::{Place, Provenance},
    event::{Effect, Event, Series},
    holds::Holds,
};
use regulation::model::{
    Action, Channel, End, Exit, Expr, FactId, NoticeKind, ProcedureId, RegisterId, Step, StepId, Target,
};
use std::collections::BTreeSet;

/// Completes parts until one waits for a person, a register, a stamp, a fact or another system.
pub(super) fn advance(run: &mut Run) {
    for _ in 0..ADVANCE_MAX {
        if !go_on(run) {
            return;
        }
    }
}

/// Says whether a part of another system that tells nothing more counts as done with the answer.
pub const fn is_done_untold(action: &Action) -> bool {
    matches!(action, Action::Notify(_) | Action::Deliver)
}

/// Returns whether the case moved.
fn go_on(run: &mut Run) -> bool {
    let Some(place) = run.case.stack.last().cloned() else {
        return false;
    };
    let Some((_, step, part)) = run.find(&place.part) else {
        return false;
    };
    let elsewhere = step.at != run.world.here;
    // Who tells nothing more cannot tell that an answer was passed on: it is, once it was sent.
    if elsewhere && !(run.case.one_way && is_done_untold(&part.action)) {
        return false;
    }
    if let Some(inner) = &step.runs {
        return enter_inner(run, inner);
    }
    if let Some(when) = &part.when {
        match judge(run, when) {
            Some(true) => {}
            // What does not apply is not done, and nothing is recorded of it.
            Some(false) => return leave(run, step, &place.part, None),
            None => return false,
        }
    }
    let mut held = None;
    match &part.action {
        Action::QueryRegister(register) => {
            if !run.case.answered.contains_key(register) {
                ask(run, register);
                return false;
            }
        }
        Action::Judge => match step.when.as_ref().and_then(|it| judge(run, it)) {
            Some(answer) => held = Some(answer),
            None => return false,
        },
        Action::Notify(_) | Action::Deliver if elsewhere => {}
        Action::Send => send(run),
        Action::RegisterDocument => accept_documents(run),
        Action::StampResult => {
            if reserve(run) {
                run.effect(Effect::StampResult { part: part.id.clone() });
            }
            return false;
        }
        Action::Notify(kind) => run.effect(Effect::Notice { kind: *kind }),
        Action::Deliver => run.effect(Effect::Notice { kind: NoticeKind::ResultReady }),
        Action::NextResult => run.emit(Event::ResultKept { at: run.now }),
        Action::CreateAccount
        | Action::SignIn
        | Action::RefuseSignIn
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
        | Action::SignLetter => return false,
    }
    run.done(part, None, held);
    leave(run, step, &place.part, held)
}

/// Goes to the next part of the step, or out of it. Returns whether the case moved.
pub(super) fn leave(run: &mut Run, step: &Step, part: &StepId, held: Option<bool>) -> bool {
    let next = step.parts.iter().skip_while(|it| it.id != *part).nth(1);
    if let (Some(next), Some(place)) = (next, run.case.stack.last_mut()) {
        place.part = next.id.clone();
        return true;
    }
    let target = match &step.exit {
        Exit::Next(target) => target,
        Exit::Branch { yes, no } => {
            if held == Some(true) {
                yes
            } else {
                no
            }
        }
    };
    match target {
        Target::Step(id) => go_to(run, id),
        Target::End(end) => end_procedure(run, *end),
    }
}

fn go_to(run: &mut Run, id: &StepId) -> bool {
    let Some(place) = run.case.stack.last() else {
        return false;
    };
    let procedure = run.world.regulation.procedure(&place.procedure);
    let first = procedure.and_then(|it| it.step(id)).and_then(|step| step.parts.first());
    let since = run.now;
    // A target that is missing is the linter's business; the case stays where it is.
    let (Some(first), Some(place)) = (first, run.case.stack.last_mut()) else {
        return false;
    };
    *place = Place { procedure: place.procedure.clone(), step: id.clone(), part: first.id.clone(), since };
    true
}

/// Ends the innermost procedure; its end decides the branch of the step that ran it.
fn end_procedure(run: &mut Run, end: End) -> bool {
    run.case.stack.pop();
    let Some(outer) = run.case.stack.last().cloned() else {
        let at = run.now;
        run.emit(Event::Ended { end, at });
        return true;
    };
    let Some((_, step, part)) = run.find(&outer.part) else {
        return false;
    };
    let held = Some(end == End::Issued);
    run.done(part, None, held);
    leave(run, step, &outer.part, held)
}

fn enter_inner(run: &mut Run, inner: &ProcedureId) -> bool {
    let procedure = run.world.regulation.procedure(inner);
    let first = procedure.and_then(|it| it.steps.first()).and_then(|step| Some((step, step.parts.first()?)));
    let Some((step, part)) = first else {
        return false;
    };
    if run.case.stack.len() >= STACK_MAX {
        return false;
    }
    let (procedure, since) = (inner.clone(), run.now);
    run.case.stack.push(Place { procedure, step: step.id.clone(), part: part.id.clone(), since });
    true
}

fn ask(run: &mut Run, register: &RegisterId) {
    if run.case.asked.contains_key(register) {
        return;
    }
    let at = run.now;
    run.emit(Event::Asked { register: register.clone(), at });
    run.effect(Effect::AskRegister { register: register.clone(), not_before: at });
}

/// Judges a condition; what is missing and belongs to a register is asked.
fn judge(run: &mut Run, expr: &Expr) -> Option<bool> {
    record_settings(run, expr);
    let (case, regulation) = (&run.case, run.world.regulation);
    match Holds::judge(expr, &|id: &FactId| case.known(regulation, id)) {
        Holds::Yes => Some(true),
        Holds::No => Some(false),
        Holds::Unknown(missing) => {
            for register in registers_of(run, &missing) {
                ask(run, &register);
            }
            None
        }
    }
}

/// Facts that the organisation sets itself are recorded when a condition first needs them.
fn record_settings(run: &mut Run, expr: &Expr) {
    for fact in facts_of(expr) {
        if run.case.facts.contains_key(&fact) {
            continue;
        }
        if let Some((value, basis)) = run.setting(&fact, &run.case.service) {
            run.fact(fact.as_str(), value, Provenance::Setting(basis));
        }
    }
}

fn facts_of(expr: &Expr) -> BTreeSet<FactId> {
    match expr {
        Expr::Fact(id) | Expr::Equals(id, _) => BTreeSet::from([id.clone()]),
        Expr::Not(inner) => facts_of(inner),
        Expr::All(list) | Expr::Any(list) => list.iter().flat_map(facts_of).collect(),
    }
}

/// Returns the registers that can still say something of these facts.
fn registers_of(run: &Run, facts: &BTreeSet<FactId>) -> BTreeSet<RegisterId> {
    let declared = run.world.regulation.facts.iter().filter(|it| facts.contains(&it.id));
    declared.filter_map(|it| it.register.clone()).filter(|it| !run.case.answered.contains_key(it)).collect()
}

fn send(run: &mut Run) {
    accept_documents(run);
    run.effect(Effect::SendApplication);
    if run.case.channel == Channel::Portal {
        run.effect(Effect::Notice { kind: NoticeKind::Sent });
    }
}

/// The documents count as accepted, and the application has its number, from the first system that takes it on.
pub(super) fn accept_documents(run: &mut Run) {
    let at = run.now;
    if run.case.accepted_at.is_none() {
        run.emit(Event::DocumentsAccepted { at });
    }
    if run.case.number.is_none() {
        run.number(Series::Application);
    }
}

/// Reserves the number of the result; returns whether it was new.
pub(super) fn reserve(run: &mut Run) -> bool {
    let new = run.case.result_number.is_none();
    if new {
        run.number(Series::Result);
    }
    new
}
