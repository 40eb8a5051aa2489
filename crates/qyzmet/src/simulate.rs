// SPDX-License-Identifier: MIT OR Apache-2.0
//! Simulated registers, in the process of a demonstration or as programs of their own behind a socket.
//!
//! The program answers `POST /shep/sync` by the same envelopes as a register would, says at `GET /healthz` what it is, and
//! takes fault switches at `POST /faults` from this machine only. Every answer is marked as simulated: by its ids, which
//! begin with `SIM-`, and by a header.

mod carrier;

use crate::parts::StartError;
use axum::Router;
use gateway::Endpoint;
use service::contracts::RegisterContract;
use service::ports::Clock;
use simulators::ca::DevCa;
use simulators::faults::FaultsError;
use simulators::{Faults, GbdFl, Identity, People, Records, Register, Rows};
use std::sync::Arc;

/// Bytes of a question that are read.
pub const QUESTION_BYTES_MAX: usize = 17 * 1024 * 1024;
/// Questions served at once; one more is told to come again.
pub const QUESTIONS_AT_ONCE_MAX: usize = 512;
/// The header that says of every answer that it is simulated, with the code of the register.
pub const SIMULATED_HEADER: &str = "x-qyzmet-simulated";

/// What simulated registers answer from.
#[derive(Debug, Clone)]
pub struct World {
    /// The authority under whose keys is asked and answered.
    pub authority: Arc<DevCa>,
    /// The people.
    pub people: Arc<People>,
    /// Rows of registers of the profile of named values.
    pub rows: Arc<Rows>,
}

impl World {
    /// Returns the simulated register of a contract; nothing for one whose payload no simulator speaks.
    pub fn register(&self, contract: &RegisterContract) -> Result<Option<Arc<dyn Register>>, StartError> {
        let identity = self.identity(&contract.id.to_uppercase().replace('-', ""))?;
        let people = || Arc::clone(&self.people);
        Ok(Some(match contract.transport.as_str() {
            "gbd-fl" => Arc::new(GbdFl::of_service(identity, people(), &contract.service_id)),
            "records" => {
                let named = (contract.id.as_str(), contract.service_id.as_str());
                Arc::new(Records::new(identity, people(), named, &self.rows))
            }
            _ => return Ok(None),
        }))
    }

    fn identity(&self, code: &str) -> Result<Identity, StartError> {
        let failed = || StartError::Authority(format!("there is no key of {code}"));
        let holder = self.authority.transport("gateway").ok_or_else(failed)?;
        let trust = self.authority.trust().map_err(|it| StartError::Authority(it.to_string()))?;
        let authority = Arc::clone(&self.authority);
        Identity::new(code, holder, trust, move |needs, now, evidence| authority.meet(needs, now, evidence))
            .ok_or_else(failed)
    }
}

/// A simulated register as an endpoint of a hub.
#[derive(Debug)]
pub struct Simulated {
    /// The register.
    pub register: Arc<dyn Register>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

#[async_trait::async_trait]
impl Endpoint for Simulated {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        self.register.answer(&envelope, self.clock.now())
    }
}

/// Returns the routes of a simulated register that is a program of its own. The socket must tell who connects:
/// `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn app(
    id: &str,
    register: Arc<dyn Register>,
    clock: Arc<dyn Clock>,
    faults: Faults,
) -> Result<Router, FaultsError> {
    Ok(carrier::router(carrier::Carrier::new(id, register, clock, faults.check()?)))
}
