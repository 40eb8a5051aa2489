// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an order makes of a case: events and effects, or why it is inadmissible. Asks nothing of the world.

mod advance;
mod complete;
mod open;
mod originals;
mod paper;
mod remote;
mod request;

pub use advance::is_done_untold;
pub use open::guessed_at;
pub use remote::progress;

use crate::{
    apply::apply,
    case::{Case, Done, PersonId, Place, Value},
    command::{Command, Order, Party},
    deadline,
    event::{Effect, Event, Outcome, Series},
    inadmissible::Inadmissible,
    world::World,
};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Action, Part, Procedure, RegisterId, Step, StepId, System};
use std::collections::BTreeMap;

/// Most procedures inside one another.
pub const STACK_MAX: usize = 8;
/// Most parts that one order completes.
pub const ADVANCE_MAX: usize = 64;
/// Most parts done that an order may bring.
pub const DONE_MAX: usize = 512;
/// Most facts that an order may bring.
pub const FACTS_MAX: usize = 64;
/// After how long an indeterminate signature is judged again.
pub const VERIFY_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Decides an order. Total: it never panics, and an inadmissible order changes nothing.
pub fn decide(world: &World, case: &Case, order: &Order, now: Timestamp) -> Result<Outcome, Inadmissible> {
    if order.case != case.id {
        return Err(Inadmissible::OtherCase);
    }
    let mut run = Run::new(world, case, now);
    if matches!(order.command, Command::Open { .. }) {
        open::open(&mut run, order)?;
        return Ok(run.finish());
    }
    run.admit()?;
    match &order.command {
        Command::Open { .. } => return Err(Inadmissible::AlreadyOpen),
        Command::Complete { part, act } => complete::complete(&mut run, &order.by, part, act)?,
        Command::Answer { register, message, facts } => {
            only_system(&order.by)?;
            run.answer(register, message, facts)?;
        }
        Command::NoAnswer { register, again_at } => {
            only_system(&order.by)?;
            run.no_answer(register, *again_at)?;
        }
        Command::Remote(told) => {
            only_system(&order.by)?;
            remote::remote(&mut run, told)?;
        }
        Command::Originals(movement) => originals::moved(&mut run, &order.by, movement)?,
        Command::Wake => {
            only_system(&order.by)?;
            run.wake();
        }
    }
    Ok(run.finish())
}

/// One decision in the making: the case as it will be, and what has happened so far.
struct Run<'a> {
    world: &'a World<'a>,
    case: Case,
    now: Timestamp,
    outcome: Outcome,
    stack_before: Vec<Place>,
    unanswered_before: BTreeMap<RegisterId, Timestamp>,
    completed_here: bool,
    sent_before: bool,
    woken: bool,
}

impl<'a> Run<'a> {
    fn new(world: &'a World<'a>, case: &Case, now: Timestamp) -> Self {
        let sent = |done: &Done| {
            world.regulation.part(&done.part).is_some_and(|(_, _, part)| part.action == Action::Send)
        };
        Self {
            world,
            case: case.clone(),
            now,
            outcome: Outcome::default(),
            stack_before: case.stack.clone(),
            unanswered_before: case.unanswered.clone(),
            completed_here: false,
            sent_before: case.done.iter().any(sent),
            woken: false,
        }
    }

    /// Every order but the first needs an open case under this regulation.
    fn admit(&self) -> Result<(), Inadmissible> {
        if !self.case.is_open() {
            return Err(Inadmissible::NotOpen);
        }
        if self.case.regulation_sha256 != self.world.regulation.sha256 {
            return Err(Inadmissible::UnknownRegulation);
        }
        Ok(())
    }

    /// Returns the day where the body is.
    fn today(&self) -> jiff::civil::Date {
        self.world.body.local(self.now).date()
    }

    fn emit(&mut self, event: Event) {
        apply(&mut self.case, &event);
        self.outcome.events.push(event);
    }

    fn effect(&mut self, effect: Effect) {
        self.outcome.effects.push(effect);
    }

    fn find(&self, part: &StepId) -> Option<(&'a Procedure, &'a Step, &'a Part)> {
        self.world.regulation.part(part)
    }

    fn fact(&mut self, fact: &str, value: Value, provenance: crate::case::Provenance) {
        let at = self.now;
        self.emit(Event::FactRecorded { fact: fact.into(), value, provenance, at });
    }

    /// What the settings of the bodies here say of a fact, and on what basis.
    fn setting(
        &self,
        fact: &regulation::model::FactId,
        service: &regulation::model::ServiceId,
    ) -> Option<(Value, String)> {
        let bodies = [self.world.akim, Some(self.world.body)];
        let stated = bodies.into_iter().flatten().find_map(|it| it.setting(fact, service, self.now));
        // What only an order could set does not hold where nobody speaks of it: a case never waits for an order.
        let unordered = || {
            let ordered = regulation::facts::SET_BY_ORDER.contains(&fact.as_str());
            ordered.then(|| (Value::Bool(false), String::new()))
        };
        stated.or_else(unordered)
    }

    fn number(&mut self, series: Series) {
        let at = self.now;
        self.emit(Event::Numbered { series, number: String::new(), at });
    }

    fn done(&mut self, part: &Part, by: Option<PersonId>, held: Option<bool>) {
        let done = Done { part: part.id.clone(), at: self.now, by, held };
        self.completed_here = true;
        self.emit(Event::Completed { done });
    }

    fn answer(
        &mut self,
        register: &RegisterId,
        message: &str,
        facts: &BTreeMap<regulation::model::FactId, Value>,
    ) -> Result<(), Inadmissible> {
        self.not_ended()?;
        if !self.case.asked.contains_key(register) {
            return Err(Inadmissible::NotAsked(register.clone()));
        }
        if facts.len() > FACTS_MAX {
            return Err(Inadmissible::TooMuch);
        }
        let declared = &self.world.regulation.facts;
        let owner = |fact: &regulation::model::FactId| {
            declared.iter().find(|it| it.id == *fact).and_then(|it| it.register.as_ref())
        };
        if !facts.keys().any(|it| owner(it) == Some(register)) {
            return Err(Inadmissible::AnswerSaysNothing(register.clone()));
        }
        let at = self.now;
        self.emit(Event::Answered { register: register.clone(), message: message.to_owned(), at });
        for (fact, value) in facts.iter().filter(|(it, _)| owner(it).is_none_or(|owner| owner == register)) {
            let provenance =
                crate::case::Provenance::Register { register: register.clone(), message: message.to_owned() };
            self.fact(fact.as_str(), value.clone(), provenance);
        }
        advance::advance(self);
        Ok(())
    }

    fn no_answer(&mut self, register: &RegisterId, again_at: Timestamp) -> Result<(), Inadmissible> {
        self.not_ended()?;
        if !self.case.asked.contains_key(register) {
            return Err(Inadmissible::NotAsked(register.clone()));
        }
        let at = self.now;
        self.emit(Event::Unanswered { register: register.clone(), at, again_at });
        self.effect(Effect::AskRegister { register: register.clone(), not_before: again_at });
        Ok(())
    }

    fn wake(&mut self) {
        self.woken = true;
        for missed in deadline::deadlines(self.world, &self.case, self.now) {
            let part = missed.of.part().cloned();
            if missed.due < self.now && !self.case.missed.contains(&(part.clone(), missed.due)) {
                self.emit(Event::DeadlineMissed { part, due: missed.due });
            }
        }
    }

    fn not_ended(&self) -> Result<(), Inadmissible> {
        match self.case.end {
            Some((end, at)) => Err(Inadmissible::Ended { end, at }),
            None => Ok(()),
        }
    }

    /// Whether the other side must hear of what was completed here, or of a register that fell silent or answers again.
    fn must_tell(&self) -> bool {
        let here = self.world.here;
        let other_side = self
            .world
            .regulation
            .procedure(&self.case.procedure)
            .is_some_and(|procedure| procedure.steps.iter().any(|step| step.at != here));
        // Who waits for the region sees for what; nobody waits for a portal or a one-stop-shop.
        let silence = here == System::Region && self.case.unanswered != self.unanswered_before;
        other_side && (silence || self.completed_here && (here == System::Region || self.sent_before))
    }

    /// Whether originals were moved here; what the other side told it knows.
    fn moved_originals(&self) -> bool {
        let events = &self.outcome.events;
        events.iter().any(|it| matches!(it, Event::OriginalsMoved { .. }))
            && !events.iter().any(|it| matches!(it, Event::RemoteTold { .. }))
    }

    fn finish(mut self) -> Outcome {
        let moved = self.case.end.is_none() && self.case.stack != self.stack_before;
        if moved {
            let (at, stack) = (self.now, self.case.stack.clone());
            self.emit(Event::Moved { at, stack });
        }
        if self.must_tell() || self.moved_originals() {
            self.effect(Effect::TellProgress);
        }
        if moved || self.woken {
            let wake = deadline::next_wake(self.world, &self.case, self.now);
            self.outcome.effects.extend(wake.map(Effect::WakeAt));
        }
        self.outcome
    }
}

fn only_system(by: &Party) -> Result<(), Inadmissible> {
    match by {
        Party::System => Ok(()),
        Party::Person { .. } => Err(Inadmissible::SystemOnly),
    }
}
