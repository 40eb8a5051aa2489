// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every step reachable, an end reachable from every step, branches that differ, refusals with a reason.

use super::{Finding, has, step_place};
use crate::code::Code;
use crate::model::{Action, End, Exit, Procedure, Step, StepId, Target};
use std::collections::BTreeSet;

/// The ways out of a step.
pub(super) fn targets(step: &Step) -> Vec<&Target> {
    match &step.exit {
        Exit::Next(next) => vec![next],
        Exit::Branch { yes, no } => vec![yes, no],
    }
}

/// Steps reachable from the start, going through those that `pass`.
pub(super) fn reachable(procedure: &Procedure, pass: impl Fn(&Step) -> bool) -> BTreeSet<&StepId> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&StepId> = procedure.steps.first().map(|it| &it.id).into_iter().collect();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Some(step) = procedure.step(id).filter(|it| pass(it)) else { continue };
        for target in targets(step) {
            if let Target::Step(next) = target {
                open.push(next);
            }
        }
    }
    seen
}

/// Steps from which an end can be reached.
fn ending(procedure: &Procedure) -> BTreeSet<&StepId> {
    let mut ending: BTreeSet<&StepId> = BTreeSet::new();
    // Each round adds a step or is the last.
    for _ in 0..=procedure.steps.len() {
        let before = ending.len();
        for step in &procedure.steps {
            let ends = targets(step).into_iter().any(|it| match it {
                Target::End(_) => true,
                Target::Step(next) => ending.contains(next),
            });
            if ends {
                ending.insert(&step.id);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    ending
}

pub(super) fn lint(procedure: &Procedure, findings: &mut Vec<Finding>) {
    let reached = reachable(procedure, |_| true);
    let ending = ending(procedure);
    for step in &procedure.steps {
        let place = step_place(&step.id);
        if !reached.contains(&step.id) {
            let message = format!("nothing leads to step `{}`", step.id);
            findings.push(Finding::new(
                Code::Unreachable,
                place.clone(),
                message,
                "lead an earlier step here",
            ));
        }
        if !ending.contains(&step.id) {
            let message = format!("no end can be reached from step `{}`", step.id);
            findings.push(Finding::new(Code::NoEnd, place.clone(), message, "lead it on, or to an `end:…`"));
        }
        if let Exit::Branch { yes, no } = &step.exit
            && yes == no
        {
            let message = format!("both branches of `{}` lead to the same place", step.id);
            findings.push(Finding::new(
                Code::SameBranches,
                place,
                message,
                "a condition decides between two ways",
            ));
        }
    }
    reasons(procedure, findings);
}

/// On every way to an end that is not a result, something written is given to the applicant.
fn reasons(procedure: &Procedure, findings: &mut Vec<Finding>) {
    let silent = reachable(procedure, |step| !gives_reason(step));
    for step in procedure.steps.iter().filter(|it| silent.contains(&it.id) && !gives_reason(it)) {
        for target in targets(step) {
            let Target::End(end) = target else { continue };
            if *end != End::Issued {
                let message = format!("step `{}` leads to `end:{end}` with no written reason", step.id);
                let help =
                    "make a notice (`notify`), refuse the sign-in by a notice, or sign a refusal before";
                findings.push(Finding::new(Code::NoReason, step_place(&step.id), message, help));
            }
        }
    }
}

fn gives_reason(step: &Step) -> bool {
    has(step, |action| matches!(action, Action::Notify(_) | Action::RefuseSignIn | Action::SignResult))
}
