// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which step ended which procedure, and how: what a played scenario proves.

use engine::{Event, case::Done};
use jiff::Timestamp;
use regulation::model::{Action, Exit, Procedure, Regulation, StepId, Target};
use regulation::proof::Reached;

/// Returns the ends that a journal tells of, inner procedures' too.
pub(super) fn reached(regulation: &Regulation, journal: &[Event]) -> Vec<Reached> {
    let mut found: Vec<Reached> = Vec::new();
    let mut at = None;
    for event in journal {
        if let Event::Moved { stack, .. } = event {
            at = stack.last().cloned();
        }
        let end = if let Event::Completed { done } = event {
            closing(regulation, done)
        } else if let Event::NotAccepted { .. } = event {
            at.as_ref().map(|it| Reached {
                procedure: it.procedure.clone(),
                step: it.step.clone(),
                end: regulation::model::End::NotAccepted,
            })
        } else {
            None
        };
        found.extend(end.filter(|it| !found.contains(it)));
    }
    found
}

/// Returns the end to which a part done leads at once.
fn closing(regulation: &Regulation, done: &Done) -> Option<Reached> {
    let (procedure, step, part) = regulation.part(&done.part)?;
    if step.parts.last()?.id != part.id {
        return None;
    }
    let target = match (&step.exit, done.held) {
        (Exit::Next(target), _) => target,
        (Exit::Branch { yes, .. }, Some(true)) => yes,
        (Exit::Branch { no, .. }, _) => no,
    };
    let Target::End(end) = target else { return None };
    Some(Reached { procedure: procedure.id.clone(), step: step.id.clone(), end: *end })
}

/// Returns the parts of the session that come before the case: an account, sign-in, its check, a form filled before them.
pub(super) fn session(procedure: &Procedure, at: Timestamp) -> Vec<Done> {
    let (mut found, mut filled) = (Vec::new(), Vec::new());
    let mut next = procedure.steps.first();
    for _ in 0..procedure.steps.len() {
        let Some(step) = next else { break };
        for part in &step.parts {
            let done = |held| Done { part: part.id.clone(), at, by: None, held };
            if part.action == Action::FillForm {
                filled.push(done(None));
            } else if matches!(part.action, Action::CreateAccount | Action::SignIn) {
                found.append(&mut filled);
                found.push(done(None));
            } else if part.action == Action::Judge && judges_sign_in(step) {
                found.push(done(Some(true)));
            } else {
                return found;
            }
        }
        next = match &step.exit {
            Exit::Next(Target::Step(id)) | Exit::Branch { yes: Target::Step(id), .. } => procedure.step(id),
            Exit::Next(Target::End(_)) | Exit::Branch { yes: Target::End(_), .. } => None,
        };
    }
    found
}

/// Returns the steps from the check of a sign-in that fails to its end.
pub(super) fn refused_sign_in(procedure: &Procedure) -> Result<(Vec<StepId>, Reached), String> {
    let check = procedure.steps.iter().find(|it| judges_sign_in(it)).ok_or("no step checks the sign-in")?;
    let mut parts: Vec<StepId> = check.parts.iter().map(|it| it.id.clone()).collect();
    let (mut last, mut exit) = (check, &check.exit);
    for _ in 0..procedure.steps.len() {
        let target = match exit {
            Exit::Next(target) => target,
            Exit::Branch { no, .. } => no,
        };
        match target {
            Target::End(end) => {
                let (procedure, step) = (procedure.id.clone(), last.id.clone());
                return Ok((parts, Reached { procedure, step, end: *end }));
            }
            Target::Step(id) => {
                last = procedure.step(id).ok_or("a step is missing")?;
                parts.extend(last.parts.iter().map(|it| it.id.clone()));
                exit = &last.exit;
            }
        }
    }
    Err("a refused sign-in has no end".to_owned())
}

fn judges_sign_in(step: &regulation::model::Step) -> bool {
    step.when.as_ref().is_some_and(|it| engine::holds::mentions(it, regulation::facts::SIGN_IN_VALID))
}
