// SPDX-License-Identifier: MIT OR Apache-2.0
//! That an application was sent says what its system did before: what lies on the only way to a step that is here.

use crate::{
    case::{Done, Value},
    command::Command,
    decide::Run,
    holds::Holds,
    inadmissible::Inadmissible,
};
use jiff::Timestamp;
use regulation::facts::{CHANNEL, MEDIUM, RESULT_BEFORE};
use regulation::model::{
    Action, Channel, Exit, Expr, FactId, Part, Procedure, Regulation, Step, StepId, System, Target,
};
use std::collections::BTreeSet;

/// Returns the parts from the start of the course to the first step that is here, on the only way that sends the
/// application to it. A branch is decided by what the order tells; what it does not tell was as the sending needs it.
pub(super) fn sent(
    run: &Run,
    course: &Procedure,
    order: &Command,
    at: Timestamp,
) -> Result<Vec<Done>, Inadmissible> {
    let Command::Open { channel, application, facts, .. } = order else {
        return Err(Inadmissible::NotOpen);
    };
    let mut asked = run.case.clone();
    asked.channel = *channel;
    asked.application = (**application).clone();
    let regulation = run.world.regulation;
    let known = |id: &FactId| facts.get(id).cloned().or_else(|| asked.known(regulation, id));
    let sender = Sender { course, here: run.world.here, known: &known };
    sender.way(at)
}

/// Returns the step of a course at which it would be guessed by which way an application was sent: none leads here through a
/// `send`, or several do and no field of the form decides between them.
pub fn guessed_at(
    regulation: &Regulation,
    course: &Procedure,
    here: System,
    channel: Channel,
) -> Option<StepId> {
    let known = |id: &FactId| match id.as_str() {
        CHANNEL => Some(Value::Text(channel.as_str().to_owned())),
        RESULT_BEFORE => Some(Value::Bool(false)),
        _ => None,
    };
    let is_told = |id: &FactId| {
        id.as_str() == MEDIUM || regulation.facts.iter().any(|it| it.id == *id && it.field.is_some())
    };
    Sender { course, here, known: &known }.guessed_at(&is_told)
}

/// The side of a course that another system carries out.
struct Sender<'a> {
    course: &'a Procedure,
    /// The system to which it sends.
    here: System,
    /// What is told of a fact.
    known: &'a dyn Fn(&FactId) -> Option<Value>,
}

impl<'a> Sender<'a> {
    fn way(&self, at: Timestamp) -> Result<Vec<Done>, Inadmissible> {
        let (mut done, mut passed, mut sent) = (Vec::new(), BTreeSet::new(), false);
        let mut next = self.course.steps.first();
        for _ in 0..=self.course.steps.len() {
            let Some(step) = next else { break };
            let refused = || Inadmissible::CannotBeginAt(Some(step.id.clone()));
            if step.at == self.here {
                return if sent { Ok(done) } else { Err(refused()) };
            }
            passed.insert(&step.id);
            sent = sent || self.sends(step);
            let mut ways = self.exits(step);
            ways.retain(|(_, target)| self.leads_here(target, &passed, sent));
            // Two answers that both send it would be a guess, and a guess is nothing that was done.
            let &[(held, target)] = ways.as_slice() else { return Err(refused()) };
            done.extend(self.parts(step).map(|part| {
                let held = held.filter(|_| part.action == Action::Judge);
                Done { part: part.id.clone(), at, by: None, held }
            }));
            next = self.step(target);
        }
        Err(Inadmissible::CannotBeginAt(None))
    }

    /// Returns the first step from which not one way leads here, and not several between which decides what is told.
    fn guessed_at(&self, is_told: &impl Fn(&FactId) -> bool) -> Option<StepId> {
        let first = self.course.steps.first().map(|it| (it, BTreeSet::new(), false));
        let (mut open, mut seen): (Vec<_>, _) = (first.into_iter().collect(), BTreeSet::new());
        while let Some((step, mut passed, sent)) = open.pop() {
            if step.at == self.here && sent {
                continue;
            }
            // INVARIANT: no step is looked at more than twice, once before the sending and once after it.
            if !seen.insert((&step.id, sent)) {
                continue;
            }
            passed.insert(&step.id);
            let sent = sent || self.sends(step);
            let mut ways = self.exits(step);
            ways.retain(|(_, target)| self.leads_here(target, &passed, sent));
            let is_guess = ways.len() > 1 && !self.is_decided(step, is_told);
            if step.at == self.here || ways.is_empty() || is_guess {
                return Some(step.id.clone());
            }
            let next = ways.into_iter().filter_map(|(_, target)| self.step(target));
            open.extend(next.map(|it| (it, passed.clone(), sent)));
        }
        None
    }

    /// Says whether what is told decides by which way a step is left.
    fn is_decided(&self, step: &Step, is_told: &impl Fn(&FactId) -> bool) -> bool {
        step.when.as_ref().is_some_and(|it| match Holds::judge(it, &self.known) {
            Holds::Unknown(missing) => missing.iter().all(is_told),
            Holds::Yes | Holds::No => true,
        })
    }

    /// Says whether a way leads from there to a step that is here and passes a `send`, over none of the steps passed
    /// already: what is done again, such as a signature, leads to the same place.
    fn leads_here(&self, target: &Target, passed: &BTreeSet<&StepId>, sent: bool) -> bool {
        let (mut open, mut seen) = (vec![(target, sent)], BTreeSet::new());
        while let Some((target, sent)) = open.pop() {
            let Some(step) = self.step(target) else { continue };
            let is_here = step.at == self.here;
            if is_here && sent {
                return true;
            }
            // INVARIANT: no step is looked at more than twice, once before the sending and once after it.
            if is_here || passed.contains(&step.id) || !seen.insert((&step.id, sent)) {
                continue;
            }
            let sent = sent || self.sends(step);
            open.extend(self.exits(step).into_iter().map(|(_, target)| (target, sent)));
        }
        false
    }

    /// Returns the ways out of a step by which an application may have gone, with the answer of the condition: none where
    /// its applicant was sent away, or where another procedure ran, of which nothing is told.
    fn exits(&self, step: &'a Step) -> Vec<(Option<bool>, &'a Target)> {
        if step.runs.is_some() || self.parts(step).any(|it| it.action == Action::RefuseSignIn) {
            return Vec::new();
        }
        match &step.exit {
            Exit::Next(target) => vec![(None, target)],
            Exit::Branch { yes, no } => match step.when.as_ref().map(|it| Holds::judge(it, &self.known)) {
                Some(Holds::Yes) => vec![(Some(true), yes)],
                Some(Holds::No) => vec![(Some(false), no)],
                Some(Holds::Unknown(_)) | None => vec![(Some(true), yes), (Some(false), no)],
            },
        }
    }

    /// Returns the parts of a step that were done there: not those of which it is unknown here whether they applied.
    fn parts(&self, step: &'a Step) -> impl Iterator<Item = &'a Part> {
        let applies = move |it: &Expr| Holds::judge(it, &self.known) == Holds::Yes;
        step.parts.iter().filter(move |it| it.when.as_ref().is_none_or(applies))
    }

    fn sends(&self, step: &'a Step) -> bool {
        self.parts(step).any(|it| it.action == Action::Send)
    }

    fn step(&self, target: &Target) -> Option<&'a Step> {
        match target {
            Target::Step(id) => self.course.step(id),
            Target::End(_) => None,
        }
    }
}
