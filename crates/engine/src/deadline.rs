// SPDX-License-Identifier: MIT OR Apache-2.0
//! The deadlines of a case, each explaining itself; and what an applicant may expect before applying.

use crate::{
    body::Body,
    case::{Case, Place},
    holds::Holds,
    norm::{self, Clock, Reason},
    world::World,
};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Actor, Expr, Norm, Part, Step, StepId, Term, Text};

/// Terms whose scope begins so cover the whole service.
const SERVICE_SCOPE: &str = "service";

/// What a deadline is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineOf {
    /// The part where the case stands, by the norm of its step.
    Part {
        /// The step.
        step: StepId,
        /// The part.
        part: StepId,
    },
    /// The service.
    Term {
        /// Its scope in the regulation.
        scope: String,
        /// The clause that states it.
        clause: Option<String>,
    },
}

/// A norm turned into a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// Of what.
    pub of: DeadlineOf,
    /// The norm as printed.
    pub norm: Norm,
    /// When it is due; done at that very moment is in time.
    pub due: Timestamp,
    /// How it was counted.
    pub reasons: Vec<Reason>,
    /// Version of the calendar it was counted with.
    pub calendar: String,
    /// Whether it has passed.
    pub missed: bool,
}

/// What an applicant may expect: a term of the service, counted as if the documents were accepted at a given time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// When it holds; `None` means always.
    pub when: Option<Expr>,
    /// What the act says.
    pub text: Text,
    /// The deadline.
    pub deadline: Deadline,
}

impl DeadlineOf {
    /// Returns the part, for a deadline of one.
    pub fn part(&self) -> Option<&StepId> {
        match self {
            Self::Part { part, .. } => Some(part),
            Self::Term { .. } => None,
        }
    }
}

/// Returns the deadlines that run now: of the part where the case stands, and the terms of the service that are known
/// to hold. An applicant's own part has none; an ended case has none.
pub fn deadlines(world: &World, case: &Case, now: Timestamp) -> Vec<Deadline> {
    if case.end.is_some() {
        return Vec::new();
    }
    let mut found: Vec<Deadline> =
        case.current().and_then(|it| of_part(world, case, it, now)).into_iter().collect();
    if let Some(accepted_at) = case.accepted_at {
        let holds = |term: &&Term| {
            term.when
                .as_ref()
                .is_none_or(|expr| Holds::judge(expr, &|id| case.known(world.regulation, id)) == Holds::Yes)
        };
        // The terms are those of the first result; what follows it has none in the acts.
        let terms = service_terms(world).filter(|_| case.earlier.is_empty()).filter(holds);
        found.extend(terms.map(|term| of_term(world, term, accepted_at, now)));
    }
    found
}

/// Returns the terms of the service counted from `accepted_at`, whatever the registers will say.
pub fn expected(world: &World, accepted_at: Timestamp) -> Vec<Expected> {
    let counted = |term: &Term| Expected {
        when: term.when.clone(),
        text: term.text.clone(),
        deadline: of_term(world, term, accepted_at, accepted_at),
    };
    service_terms(world).map(counted).collect()
}

/// Returns when the case must be woken next: a second after its next deadline, at once for one missed and not recorded.
pub(crate) fn next_wake(world: &World, case: &Case, now: Timestamp) -> Option<Timestamp> {
    let recorded = |it: &Deadline| case.missed.contains(&(it.of.part().cloned(), it.due));
    let running = deadlines(world, case, now).into_iter().filter(|it| !recorded(it));
    let after = |it: Deadline| it.due.saturating_add(SignedDuration::from_secs(1)).unwrap_or(it.due).max(now);
    running.map(after).min()
}

fn service_terms<'a>(world: &World<'a>) -> impl Iterator<Item = &'a Term> + use<'a> {
    world.regulation.terms.iter().filter(|it| it.scope.starts_with(SERVICE_SCOPE))
}

fn of_part(world: &World, case: &Case, place: &Place, now: Timestamp) -> Option<Deadline> {
    let (_, step, part) = world.regulation.part(&place.part)?;
    let actor = part.actor_in(case.channel);
    if actor == Some(Actor::Applicant) {
        return None;
    }
    let norm = step.norm?;
    let of = DeadlineOf::Part { step: step.id.clone(), part: part.id.clone() };
    Some(deadline(world, (of, norm), (place.since, now), (body_of(world, step, actor), clock_of(part))))
}

fn of_term(world: &World, term: &Term, accepted_at: Timestamp, now: Timestamp) -> Deadline {
    let of = DeadlineOf::Term { scope: term.scope.clone(), clause: term.clause.clone() };
    // A term in minutes is the systems' own; a term in days is counted in days by either clock.
    deadline(world, (of, term.norm), (accepted_at, now), (world.provider, Clock::Wall))
}

fn deadline(
    world: &World,
    (of, norm): (DeadlineOf, Norm),
    (start, now): (Timestamp, Timestamp),
    (body, clock): (&Body, Clock),
) -> Deadline {
    let due = norm::due(world.calendar, body, start, norm, clock);
    let (calendar, missed) = (world.calendar.version.clone(), due.at < now);
    Deadline { of, norm, due: due.at, reasons: due.reasons, calendar, missed }
}

/// Norms of the provider's steps run in the provider's hours wherever they are looked at.
fn body_of<'a>(world: &World<'a>, step: &Step, actor: Option<Actor>) -> &'a Body {
    match actor {
        Some(Actor::RuralAkimSpecialist | Actor::RuralAkim | Actor::RuralAkimExecutor) => {
            world.akim.unwrap_or(world.provider)
        }
        _ if step.at == regulation::model::System::Region => world.provider,
        _ => world.body,
    }
}

fn clock_of(part: &Part) -> Clock {
    if part.actor.is_some() { Clock::Working } else { Clock::Wall }
}
