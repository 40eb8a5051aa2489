// SPDX-License-Identifier: MIT OR Apache-2.0
//! Use cases, access rules, views and codecs; one door: [`Service::submit`].
//!
//! One [`Service`] is one role (portal, center or region) over its own store. Pages call the use cases in
//! [`portal`], [`region`], [`center`] and [`accounts`]; workers call [`Service::work_once`]; the border calls
//! [`ports::border::Receive`].

pub mod access;
pub mod accounts;
pub mod archives;
pub mod board;
pub mod border;
pub mod carried;
pub mod cases;
pub mod center;
pub mod codec;
pub mod contracts;
pub mod dates;
pub mod drafts;
mod inbox;
pub mod intake;
pub mod journals;
pub mod kept;
pub mod originals;
pub mod paper_spec;
pub mod papers;
pub mod portal;
pub mod ports;
pub mod provisional;
pub mod published;
pub mod pump;
pub mod readings;
pub mod region;
pub mod registers;
pub mod rows;
pub mod settings;
pub mod sheets;
pub mod signing;
pub mod submit;
pub mod sweep;
pub mod tables;
pub mod turns;
pub mod uploads;
pub mod vault;
pub mod verify;
pub mod views;
pub mod work;
pub mod worker;
pub mod workplace;

pub use settings::Settings;
pub use submit::{Along, SubmitError, Submitted};

use jiff::Timestamp;
use ports::{Border, Clock, Evidence, Press, Registers, Signer, Store};
use pump::Pump;
use regulation::model::System;
use std::sync::Arc;
use turns::Turns;
use vault::Vault;

/// The zone in which people read times and offices count days.
pub const ZONE: &str = "Asia/Almaty";

/// Returns the date of a moment where the offices are.
pub fn local_date(at: Timestamp) -> jiff::civil::Date {
    let zone = jiff::tz::TimeZone::get(ZONE).unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// What a service needs of the world.
#[derive(Debug, Clone)]
pub struct Ports {
    /// Journal, rows, outbox, files.
    pub store: Arc<dyn Store>,
    /// Time and randomness.
    pub clock: Arc<dyn Clock>,
    /// Registers over the gateway.
    pub registers: Arc<dyn Registers>,
    /// The border to the other side.
    pub border: Arc<dyn Border>,
    /// Judging signatures.
    pub evidence: Arc<dyn Evidence>,
    /// The organisation's stamp.
    pub signer: Arc<dyn Signer>,
    /// The press.
    pub press: Arc<dyn Press>,
}

/// One role of the system.
#[derive(Debug)]
pub struct Service {
    /// Which role: portal, center or region.
    pub here: System,
    /// At a center, the one-stop-shop whose are the cases that name none: from before several served in one role.
    pub center: Option<String>,
    /// What this installation is.
    pub settings: Arc<Settings>,
    ports: Ports,
    vault: Vault,
    turns: Turns,
    pump: Pump,
}

impl Service {
    /// Returns the service of a role; `master` wraps the keys of persons.
    pub fn new(
        here: System,
        center: Option<String>,
        settings: Arc<Settings>,
        ports: Ports,
        master: [u8; 32],
    ) -> Self {
        let vault = Vault::new(Arc::clone(&ports.store), Arc::clone(&ports.clock), master);
        let turns = Turns::new(worker::CALLS_MAX);
        let pump = Pump::new(Arc::clone(&ports.store), Arc::clone(&ports.clock), worker::PLACES);
        Self { here, center, settings, ports, vault, turns, pump }
    }

    /// Returns the time in this system.
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// Returns the one-stop-shop that has the case, at a center.
    pub(crate) fn center_of<'a>(&'a self, case: &'a engine::case::Case) -> Option<&'a str> {
        if self.here != System::Center {
            return None;
        }
        access::center_of(self.center.as_deref(), case)
    }

    /// Returns a fresh id.
    pub fn uuid(&self) -> uuid::Uuid {
        self.ports.clock.uuid()
    }

    /// Returns a file that a case or draft names; the caller has checked the right to read it.
    pub(crate) async fn file(&self, hash: &engine::case::FileHash) -> Result<Vec<u8>, SubmitError> {
        match self.ports.store.file(hash).await? {
            Some(bytes) => Ok(bytes),
            None => Err(SubmitError::Unusable("a file is missing".to_owned())),
        }
    }
}

/// Returns what a port's failure means to an order.
pub(crate) fn from_port(it: ports::PortError) -> SubmitError {
    match it {
        ports::PortError::Unavailable(why) => SubmitError::Unavailable(why),
        ports::PortError::Unusable(why) => SubmitError::Unusable(why),
    }
}
