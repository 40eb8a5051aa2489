// SPDX-License-Identifier: MIT OR Apache-2.0
//! The simulated notaries' information system.

use super::desk::{Asked, Desk, Identity, Reply};
use super::{SIMULATED, Switch};
use crate::people::People;
use jiff::Timestamp;
use shep::enis::{Power, Request, Response, SERVICE_ID};
use shep::{Code, Data};
use std::sync::Arc;

/// Answers whether a person may act for another by a power.
#[derive(Debug)]
pub struct Enis {
    desk: Desk,
    people: Arc<People>,
}

impl Enis {
    /// Returns the register of these people's powers.
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
        let known = |iin: &str| self.people.by_iin(iin).map(|it| it.id.as_str());
        let (principal, representative) = (known(&request.principal_iin), known(&request.representative_iin));
        let asks = |it: &&crate::people::Power| {
            Some(it.principal.as_str()) == principal
                && Some(it.representative.as_str()) == representative
                && it.number == request.number
                && it.date == request.date
        };
        let found = self.people.powers().filter(asks).filter(|_| asked.switch != Switch::NoPerson);
        let wrong = asked.switch == Switch::WrongRequest;
        let response = Response {
            message_id: asked.id.clone(),
            message_date: asked.now,
            powers: found
                .map(|it| Power {
                    number: it.number.clone(),
                    date: it.date,
                    notary: it.notary.clone(),
                    to: it.to,
                    revoked: it.revoked,
                })
                .collect(),
            request_id: if wrong { format!("{SIMULATED}other") } else { request.message_id },
        };
        Ok(Reply { code: Code::Success, document: response.write()?, data: Data::element })
    }
}
