// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one installation is: its regulations, calendar, organisations, addresses.

use crate::contracts::RegisterContract;
use engine::calendar::Calendar;
use engine::organization::Organization;
use engine::rates::Rates;
use regulation::model::{EditionId, Regulation, ServiceId, System};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings of an installation; read once at start.
#[derive(Debug)]
pub struct Settings {
    /// Editions that can be executed, newest last for each service.
    pub regulations: Vec<Arc<Regulation>>,
    /// Editions with what an organisation confirmed of the Standard laid over them.
    pub laid: Vec<Laid>,
    /// Days off.
    pub calendar: Calendar,
    /// Rates of decisions.
    pub rates: Rates,
    /// Bodies by id.
    pub organizations: BTreeMap<String, Organization>,
    /// Contracts of registers by id.
    pub registers: BTreeMap<String, RegisterContract>,
    /// Address by which people reach the public check, without a slash at the end.
    pub base_url: String,
    /// Whether this is a demonstration: invented people, simulated registers, a clock that can be moved.
    pub demo: bool,
}

/// An edition as one organisation executes it.
#[derive(Debug)]
pub struct Laid {
    /// The organisation.
    pub organization: String,
    /// The edition, with its overlay.
    pub regulation: Arc<Regulation>,
}

impl Settings {
    /// Returns an edition as an organisation executes it: with what it confirmed of the Standard.
    pub fn edition_at(
        &self,
        service: &ServiceId,
        edition: &EditionId,
        organization: &str,
    ) -> Option<&Arc<Regulation>> {
        let own = self.laid.iter().find(|it| {
            it.organization == organization
                && it.regulation.service == *service
                && it.regulation.edition == *edition
        });
        own.map(|it| &it.regulation).or_else(|| self.edition(service, edition))
    }

    /// Returns the edition that a running case stays on.
    pub fn edition(&self, service: &ServiceId, edition: &EditionId) -> Option<&Arc<Regulation>> {
        self.regulations.iter().find(|it| it.service == *service && it.edition == *edition)
    }

    /// Returns the edition under which a new case of `service` opens.
    pub fn current(&self, service: &ServiceId) -> Option<&Arc<Regulation>> {
        self.regulations.iter().rev().find(|it| it.service == *service)
    }

    /// Returns the edition that an organisation executes in new cases: the one it names, else the newest.
    pub fn current_for(&self, service: &ServiceId, organization: &str) -> Option<&Arc<Regulation>> {
        let named = self.organization(organization).and_then(|it| it.edition_of(service));
        let edition = match named {
            Some(edition) => edition,
            None => &self.current(service)?.edition,
        };
        self.edition_at(service, edition, organization)
    }

    /// Returns the providers that serve a service.
    pub fn providers_of<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Organization> {
        self.organizations
            .values()
            .filter(|it| it.system == System::Region && it.is_provider() && it.serves(service))
    }

    /// Returns an organisation.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.get(id)
    }
}
