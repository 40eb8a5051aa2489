// SPDX-License-Identifier: MIT OR Apache-2.0
//! One case on one side of the border, with a writer that fills numbers as the store does.

use crate::desk::Desk;
use engine::{
    Act, Case, Command, Effect, Event, Inadmissible, Order, Outcome, Party, apply,
    case::{CaseId, PersonId},
    command::OrderId,
    decide,
    event::Series,
};
use jiff::Timestamp;
use regulation::model::{Actor, StepId, System};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One case on one side of the border.
#[derive(Debug, Clone)]
pub struct Side {
    /// Which system this is.
    pub here: System,
    /// The case as it stands.
    pub case: Case,
    /// Everything that happened, numbers filled.
    pub journal: Vec<Event>,
    /// Effects not carried out yet.
    pub outbox: Vec<Effect>,
    serials: BTreeMap<Series, u32>,
    orders: u128,
}

impl Side {
    /// Returns a side where nothing has happened.
    pub fn new(here: System, id: CaseId) -> Self {
        let (journal, outbox, serials) = (Vec::new(), Vec::new(), BTreeMap::new());
        Self { here, case: Case::empty(id), journal, outbox, serials, orders: 0 }
    }

    /// Gives an order; what it brings is applied and kept.
    pub fn order(
        &mut self,
        desk: &Desk,
        by: Party,
        command: Command,
        now: Timestamp,
    ) -> Result<Outcome, Inadmissible> {
        self.orders += 1;
        let order = Order { id: OrderId(Uuid::from_u128(self.orders)), case: self.case.id, by, command };
        let mut outcome = decide(&desk.world(self.here), &self.case, &order, now)?;
        for event in &mut outcome.events {
            self.fill(desk, event);
            apply(&mut self.case, event);
        }
        self.journal.extend(outcome.events.iter().cloned());
        self.outbox.extend(outcome.effects.iter().cloned());
        Ok(outcome)
    }

    /// Completes the part where the case stands.
    pub fn complete(
        &mut self,
        desk: &Desk,
        by: Party,
        act: Act,
        now: Timestamp,
    ) -> Result<Outcome, Inadmissible> {
        let part = self.case.current().map_or_else(|| StepId::from("nowhere"), |it| it.part.clone());
        self.order(desk, by, Command::Complete { part, act }, now)
    }

    /// Returns the part where the case stands.
    pub fn part(&self) -> Option<&str> {
        self.case.current().map(|it| it.part.as_str())
    }

    /// The writer's work: numbers are gap-free within office and year.
    fn fill(&mut self, desk: &Desk, event: &mut Event) {
        let Event::Numbered { series, number, at } = event else {
            return;
        };
        if !number.is_empty() {
            return;
        }
        let serial = self.serials.entry(*series).or_insert(0);
        *serial += 1;
        let year = desk.provider.body.local(*at).year();
        *number = match series {
            Series::Application => format!("{}-{year}-{serial:06}", desk.provider.kato),
            Series::Incoming => format!("К-{year}-{serial:04}"),
            Series::Result => format!("А-{year}-{serial:04}"),
            Series::AkimIncoming => format!("ӘК-{year}-{serial:04}"),
            Series::Letter => format!("ІХ-{year}-{serial:04}"),
        };
    }
}

/// Returns an official in his seat, such as `abai-education.head`.
pub fn official(seat: &str, actor: Actor) -> Party {
    let organization = seat.split('.').next().map(ToOwned::to_owned);
    Party::Person { id: PersonId(seat.to_owned()), actor, organization }
}
