// SPDX-License-Identifier: MIT OR Apache-2.0
//! Both sides of the border played together: what one sends, the other takes in.

use crate::{desk::Desk, side::Side};
use engine::{Before, Case, Command, Effect, Event, Inadmissible, Outcome, Party, case::CaseId, progress};
use jiff::Timestamp;
use regulation::model::{Channel, System};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A message over the border brings at most this many further ones.
const MESSAGES_MAX: u32 = 32;

/// What happened at a system, for the record.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) here: System,
    pub(crate) outcome: Outcome,
}

/// The portal or center on one side, the region on the other.
#[derive(Debug, Clone)]
pub struct Play {
    /// The files.
    pub desk: Desk,
    /// The portal or the center.
    pub front: Side,
    /// The region.
    pub region: Side,
    /// By which channel the application comes in.
    pub channel: Channel,
    /// The time.
    pub now: Timestamp,
    /// Whether the front knows the published form only: of what it did it says that it sent, and it tells nothing more.
    pub published: bool,
    messages: u32,
    wakes: Vec<(System, Timestamp)>,
}

impl Play {
    /// Returns both sides before the first order. What comes in at an office of the region has no other side.
    pub fn new(desk: Desk, channel: Channel, now: Timestamp) -> Self {
        let id = CaseId(Uuid::from_u128(1));
        let front = match channel {
            Channel::Portal => System::Portal,
            Channel::Center => System::Center,
            Channel::Provider | Channel::RuralAkim => System::Region,
        };
        let (front, region) = (Side::new(front, id), Side::new(System::Region, id));
        let (published, messages, wakes) = (false, 0, Vec::new());
        Self { desk, front, region, channel, now, published, messages, wakes }
    }

    /// Gives an order at a system, and carries what it sends over the border.
    pub(crate) fn order(
        &mut self,
        at: System,
        by: Party,
        command: Command,
    ) -> Result<Vec<Happened>, Inadmissible> {
        let now = self.now;
        let desk = self.desk.clone();
        let outcome = self.side(at).order(&desk, by, command, now)?;
        let mut happened = vec![self.record(at, outcome)];
        for _ in 0..MESSAGES_MAX {
            match self.carry()? {
                Some(next) => happened.push(next),
                None => break,
            }
        }
        Ok(happened)
    }

    /// Moves the time; the cases are woken on the way.
    pub(crate) fn advance_to(
        &mut self,
        until: Timestamp,
    ) -> Result<Vec<(Timestamp, Happened)>, Inadmissible> {
        let mut happened = Vec::new();
        for _ in 0..MESSAGES_MAX {
            self.wakes.sort_by_key(|(_, at)| *at);
            let Some(first) = self.wakes.iter().position(|(_, at)| *at <= until) else {
                break;
            };
            let (here, at) = self.wakes.remove(first);
            self.now = self.now.max(at);
            for it in self.order(here, Party::System, Command::Wake)? {
                if it.outcome.events.iter().any(|it| matches!(it, Event::DeadlineMissed { .. })) {
                    happened.push((self.now, it));
                }
            }
        }
        self.now = self.now.max(until);
        Ok(happened)
    }

    /// Returns a case as it stands at a system.
    pub(crate) fn case(&self, here: System) -> &Case {
        if here == System::Region { &self.region.case } else { &self.front.case }
    }

    /// Returns a side.
    pub(crate) fn side(&mut self, here: System) -> &mut Side {
        if here == System::Region { &mut self.region } else { &mut self.front }
    }

    fn record(&mut self, here: System, outcome: Outcome) -> Happened {
        for effect in &outcome.effects {
            if let Effect::WakeAt(at) = effect {
                self.wakes.push((here, *at));
            }
        }
        Happened { here, outcome }
    }

    /// Carries one message over the border, if one waits.
    fn carry(&mut self) -> Result<Option<Happened>, Inadmissible> {
        let (front, now) = (self.front.here, self.now);
        for from in [front, System::Region] {
            let side = self.side(from);
            let crosses = |it: &Effect| matches!(it, Effect::SendApplication | Effect::TellProgress);
            let Some(index) = side.outbox.iter().position(crosses) else {
                continue;
            };
            let effect = side.outbox.remove(index);
            if self.published && effect == Effect::TellProgress {
                continue;
            }
            self.messages += 1;
            let message = format!("message-{}", self.messages);
            let to = if from == System::Region { front } else { System::Region };
            let command = if effect == Effect::SendApplication {
                self.application()
            } else {
                Command::Remote(Box::new(progress(&self.side(from).case, 0, message)))
            };
            let desk = self.desk.clone();
            let outcome = self.side(to).order(&desk, Party::System, command, now)?;
            return Ok(Some(self.record(to, outcome)));
        }
        Ok(None)
    }

    /// What the border carries of a signed application.
    fn application(&self) -> Command {
        let case = &self.front.case;
        Command::Open {
            service: case.service.clone(),
            edition: case.edition.clone(),
            regulation_sha256: case.regulation_sha256.clone(),
            procedure: case.procedure.clone(),
            channel: case.channel,
            application: Box::new(case.application.clone()),
            before: if self.published {
                Before::Sent { at: self.now }
            } else {
                Before::Done(case.done.clone())
            },
            // A message over the border carries none: what the other side found out stays there.
            facts: BTreeMap::new(),
            number: case.number.clone(),
            accepted_at: case.accepted_at,
        }
    }
}
