// SPDX-License-Identifier: MIT OR Apache-2.0
//! The simulated register of guardianship and custody.

use super::desk::{Asked, Desk, Identity, Reply};
use super::{SIMULATED, Switch};
use crate::people::{Appointment, CUSTODY_AGE_YEARS, FULL_AGE_YEARS, People, Person};
use jiff::Timestamp;
use jiff::civil::Date;
use shep::guardianship::{Child, Kind, Record, Request, Response, SERVICE_ID};
use shep::{Code, Data};
use std::sync::Arc;

/// Answers of whom a person is the guardian.
#[derive(Debug)]
pub struct Guardianship {
    desk: Desk,
    people: Arc<People>,
}

impl Guardianship {
    /// Returns the register of these people.
    pub fn new(identity: Identity, people: Arc<People>) -> Self {
        Self { desk: Desk::new(identity, SERVICE_ID), people }
    }

    /// Makes the register misbehave, or behave again.
    pub fn set(&self, switch: Switch) {
        self.desk.set(switch);
    }

    /// Returns how it behaves.
    pub fn switch(&self) -> Switch {
        self.desk.switch()
    }

    /// Answers an envelope; empty bytes are silence.
    pub fn answer(&self, envelope: &[u8], now: Timestamp) -> Vec<u8> {
        self.desk.answer(envelope, now, |asked| self.reply(asked))
    }

    pub(super) const fn desk(&self) -> &Desk {
        &self.desk
    }

    fn reply(&self, asked: &Asked<'_>) -> Result<Reply, shep::Error> {
        let request = Request::read(asked.data)?;
        let today = asked.now.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(5))).date();
        let guardian = self.people.by_iin(&request.guardian_iin);
        let guardian = guardian.filter(|_| asked.switch != Switch::NoPerson);
        let wrong = asked.switch == Switch::WrongRequest;
        let response = Response {
            message_id: asked.id.clone(),
            message_date: asked.now,
            request_id: if wrong { format!("{SIMULATED}other") } else { request.message_id },
            records: guardian
                .into_iter()
                .flat_map(|it| self.people.appointments(it))
                .filter(|(appointment, _)| appointment.act.date <= today)
                .map(|(appointment, child)| record(appointment, child, today))
                .collect(),
        };
        Ok(Reply { code: Code::Success, document: response.write()?, data: Data::element })
    }
}

fn record(it: &Appointment, child: &Person, today: Date) -> Record {
    let full_age = child.reaches(FULL_AGE_YEARS);
    let early = it.to.filter(|to| *to <= today);
    let to = early.or_else(|| (full_age <= today).then(|| full_age.yesterday().unwrap_or(full_age)));
    let last = to.unwrap_or(today);
    let kind = if child.reaches(CUSTODY_AGE_YEARS) <= last { Kind::Custodian } else { Kind::Guardian };
    Record {
        kind,
        child: Child { iin: Some(child.iin.clone()), full_name: child.name.full(), birth_date: child.birth },
        act_number: it.act.number.clone(),
        act_date: it.act.date,
        act_body: it.act.body.clone(),
        from: it.act.date,
        to,
        end_ground: to
            .map(|_| if early.is_some() { "босатылды" } else { "кәмелетке толды" }.to_owned()),
    }
}
