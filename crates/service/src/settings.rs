// SPDX-License-Identifier: MIT OR Apache-2.0
//! What one installation is: its regulations, calendar, organisations, addresses.

use crate::contracts::RegisterContract;
use crate::published::PublishedForms;
use engine::calendar::Calendar;
use engine::organization::Organization;
use engine::rates::Rates;
use jiff::Timestamp;
use regulation::model::{Channel, EditionId, RegisterId, Regulation, ServiceId, System};
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
    /// How applications of portals that know the published form only are understood.
    pub published: PublishedForms,
    /// Address by which people reach the public check, without a slash at the end.
    pub base_url: String,
    /// Archives stamped before this moment are stamped again, because an algorithm or an authority of time is given up:
    /// set once the new stamps are made in another way.
    pub restamp_before: Option<Timestamp>,
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

    /// Returns whether the region answers for a register from its own rows when a case of this organisation asks.
    pub fn answers_itself(&self, register: &RegisterId, organization: &str) -> bool {
        let of_the_region = self.registers.get(register.as_str()).is_some_and(RegisterContract::is_own);
        of_the_region || self.organization(organization).is_some_and(|it| it.keeps.contains(register))
    }

    /// Returns the registers that an organisation keeps: those that it names, and those of the region's own that the services
    /// which it provides write.
    pub fn keeps<'a>(&'a self, organization: &'a str) -> impl Iterator<Item = &'a RegisterContract> {
        let body = self.organization(organization).filter(|it| it.system == System::Region);
        self.registers.values().filter(move |register| {
            let id = RegisterId(register.id.clone());
            body.is_some_and(|it| {
                it.keeps.contains(&id) || (register.is_own() && it.is_provider() && self.writes(it, &id))
            })
        })
    }

    fn writes(&self, body: &Organization, register: &RegisterId) -> bool {
        self.regulations
            .iter()
            .any(|it| body.serves(&it.service) && it.entries.iter().any(|entry| entry.register == *register))
    }

    /// Returns the providers that serve a service.
    pub fn providers_of<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Organization> {
        self.organizations
            .values()
            .filter(|it| it.system == System::Region && it.is_provider() && it.serves(service))
    }

    /// Returns the providers of a service to which a one-stop-shop sends: those in its territory.
    pub fn providers_at<'a>(
        &'a self,
        center: &str,
        service: &'a ServiceId,
    ) -> impl Iterator<Item = &'a Organization> {
        let center = self.organization(center).filter(|it| it.system == System::Center && it.serves(service));
        self.providers_of(service).filter(move |it| center.is_some_and(|center| center.covers(it)))
    }

    /// Returns the edition of a service that a one-stop-shop takes in: the newest that a provider of its territory executes.
    pub fn taken_at(&self, center: &str, service: &ServiceId) -> Option<&Arc<Regulation>> {
        let executed = self.providers_at(center, service).filter_map(|it| self.current_for(service, &it.id));
        let place = |it: &&Arc<Regulation>| {
            self.regulations
                .iter()
                .position(|known| (&known.service, &known.edition) == (&it.service, &it.edition))
        };
        executed.filter(|it| it.intake(Channel::Center).is_some()).max_by_key(place)
    }

    /// Returns the one-stop-shops that take a service in for providers of their territory.
    pub fn centers_of<'a>(&'a self, service: &'a ServiceId) -> impl Iterator<Item = &'a Organization> {
        let centers = self.organizations.values().filter(|it| it.system == System::Center);
        centers.filter(|it| self.taken_at(&it.id, service).is_some())
    }

    /// Returns an organisation.
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.get(id)
    }
}
