// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sums of norms against the terms of the service.

use super::graph::targets;
use super::{Finding, procedure_place};
use crate::code::Code;
use crate::facts::CHANNEL;
use crate::model::{Channel, Expr, Norm, Procedure, Regulation, StepId, Target, Term, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Terms of the whole service begin so (`service`, `service-manual`): only these bound the sum of the steps.
const SERVICE_SCOPE: &str = "service";
/// Minutes of a working day, for comparing sums only.
const DAY_MINUTES: u64 = 8 * 60;

/// A sum of norms: days by their kind, and the rest in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Sum {
    calendar_days: u64,
    working_days: u64,
    seconds: u64,
}

impl Sum {
    fn with(self, norm: Norm) -> Self {
        let max = u64::from(norm.max);
        match norm.unit {
            Unit::CalendarDays => Self { calendar_days: self.calendar_days + max, ..self },
            Unit::WorkingDays => Self { working_days: self.working_days + max, ..self },
            Unit::Minutes => Self { seconds: self.seconds + max * 60, ..self },
            Unit::Seconds => Self { seconds: self.seconds + max, ..self },
        }
    }

    /// A term in days equals the sum of its day norms: the minutes fall into the first and the last day.
    fn minutes(self) -> u64 {
        let days = self.calendar_days * 24 * 60 + self.working_days * DAY_MINUTES;
        if days > 0 { days } else { self.seconds.div_ceil(60) }
    }
}

pub(super) fn lint(regulation: &Regulation, procedure: &Procedure, findings: &mut Vec<Finding>) {
    let Some(start) = procedure.steps.first() else { return };
    let mut known = BTreeMap::new();
    let sum = longest(procedure, &start.id, &mut known, procedure.steps.len());
    let channels = channels(regulation, procedure);
    let applies = |term: &&Term| {
        let when = term.when.as_ref();
        term.scope.starts_with(SERVICE_SCOPE)
            && when.is_none_or(|it| channels.iter().any(|channel| judge(it, *channel) != Some(false)))
    };
    for term in regulation.terms.iter().filter(applies) {
        if sum.minutes() <= term.norm.upper_minutes(DAY_MINUTES) {
            continue;
        }
        let message = format!(
            "the norms of procedure `{}` add up to {}, the term of clause {} is {}",
            procedure.id,
            words(sum),
            term.clause.as_deref().unwrap_or("of the Standard (assumed)"),
            term.norm
        );
        let help = "correct the norms, or let an anomaly accept it and say which binds";
        findings.push(Finding::new(Code::NormsExceedTerm, procedure_place(procedure), message, help));
    }
}

/// The channels by which applications reach a procedure: its own, and those of the procedures that run it; all where
/// nothing says it.
fn channels(regulation: &Regulation, procedure: &Procedure) -> BTreeSet<Channel> {
    let runs = |it: &&Procedure| it.steps.iter().any(|step| step.runs.as_ref() == Some(&procedure.id));
    let outer = regulation.procedures.iter().filter(runs).flat_map(|it| &it.intake);
    let found: BTreeSet<Channel> = procedure.intake.iter().chain(outer).copied().collect();
    if found.is_empty() { Channel::ALL.iter().copied().collect() } else { found }
}

/// Whether a condition holds in a channel, as far as the channel alone decides it.
fn judge(expr: &Expr, channel: Channel) -> Option<bool> {
    match expr {
        Expr::Equals(fact, text) if fact.as_str() == CHANNEL => Some(text == channel.as_str()),
        Expr::Fact(_) | Expr::Equals(..) => None,
        Expr::Not(inner) => judge(inner, channel).map(|it| !it),
        Expr::All(of) => all(of.iter().map(|it| judge(it, channel))),
        Expr::Any(of) => all(of.iter().map(|it| judge(it, channel).map(|it| !it))).map(|it| !it),
    }
}

/// One `false` decides; otherwise what is not known stays unknown.
fn all(of: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for it in of {
        match it {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

/// The longest way from a step to an end; `left` bounds the walk where steps go in a circle.
fn longest<'p>(
    procedure: &'p Procedure,
    from: &'p StepId,
    known: &mut BTreeMap<&'p StepId, Sum>,
    left: usize,
) -> Sum {
    if let Some(sum) = known.get(from) {
        return *sum;
    }
    let Some(step) = procedure.step(from).filter(|_| left > 0) else { return Sum::default() };
    // A step that leads back to itself adds its norm once.
    known.insert(from, Sum::default());
    let rest = targets(step)
        .into_iter()
        .filter_map(|it| match it {
            Target::Step(next) => Some(longest(procedure, next, known, left - 1)),
            Target::End(_) => None,
        })
        .max_by_key(|it| it.minutes())
        .unwrap_or_default();
    let sum = step.norm.map_or(rest, |norm| rest.with(norm));
    known.insert(from, sum);
    sum
}

fn words(sum: Sum) -> String {
    let mut words = Vec::new();
    for (figure, unit) in [
        (sum.calendar_days, Unit::CalendarDays),
        (sum.working_days, Unit::WorkingDays),
        (sum.seconds / 60, Unit::Minutes),
        (sum.seconds % 60, Unit::Seconds),
    ] {
        if figure > 0 {
            words.push(format!("{figure} {unit}"));
        }
    }
    words.join(" and ")
}
