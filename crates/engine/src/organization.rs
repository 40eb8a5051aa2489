// SPDX-License-Identifier: MIT OR Apache-2.0
//! An organisation of `organizations/`: names, codes, hours, departments, seats, and the orders that it gave.

mod read;
mod route;

pub use route::{Route, Stop};

use crate::{
    body::{Body, Setting},
    case::{PersonId, Value},
};
use jiff::civil::Date;
use regulation::model::{Actor, EditionId, FactId, RegisterId, ServiceId, System, Text};
use serde::Deserialize;
use std::fmt;

/// Largest file that is read.
const TEXT_BYTES_MAX: usize = 200_000;
/// Where the levels of a KATO code end: region, district or city, rural district.
const KATO_LEVELS: [usize; 3] = [2, 4, 6];
/// Digits of a KATO code that name the district.
const DISTRICT_DIGITS: usize = 4;

/// A mistake in an organisation's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationMistake {
    /// Where: a key, a seat or `line N`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for OrganizationMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for OrganizationMistake {}

/// A unit inside an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its id inside the organisation.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// Who sits in a seat. Invented in the files of this repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Full name. Personal.
    pub full_name: String,
    /// IIN. Personal.
    pub iin: String,
    /// Whether the person is invented.
    pub invented: bool,
}

/// A workplace with a capacity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Its id, unique everywhere: the engine's [`PersonId`] of whoever acts from it.
    pub id: String,
    /// In what capacity it acts.
    pub actor: Actor,
    /// The department.
    pub department: String,
    /// The post, as printed under a signature.
    pub post: Text,
    /// Who sits there.
    pub holder: Holder,
}

/// An order of the organisation that sets a fact, such as the permission of the automatic way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationOrder {
    /// The fact that it sets.
    pub fact: FactId,
    /// For which services; empty means all.
    pub services: Vec<ServiceId>,
    /// The seat of the person it names, whose responsibility the stamp carries.
    pub authorised: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// Until when it holds.
    pub to: Option<Date>,
    /// Whether it is invented.
    pub invented: bool,
}

/// Which edition of a service an organisation executes, where it is not the newest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutedEdition {
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
}

/// One organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// Its id, the file's name.
    pub id: String,
    /// The system at which it works: `region` for a provider, `center` for a one-stop-shop.
    pub system: System,
    /// Its name.
    pub name: Text,
    /// The territory it serves.
    pub territory: Text,
    /// KATO code of the territory.
    pub kato: String,
    /// What stands before the serial in numbers of its results, where another body of the same territory gives numbers too.
    pub index: String,
    /// BIN.
    pub bin: String,
    /// Whether the organisation's numbers and people are invented.
    pub invented: bool,
    /// Address where people come. Invented where `invented`.
    pub address: Text,
    /// Id of the calendar.
    pub calendar: String,
    /// Where the hours come from.
    pub hours_source: String,
    /// Units.
    pub departments: Vec<Department>,
    /// Seats.
    pub seats: Vec<Seat>,
    /// The services that it serves; empty means all.
    pub services: Vec<ServiceId>,
    /// The editions that it executes, where not the newest.
    pub editions: Vec<ExecutedEdition>,
    /// Where a mobile center comes to; `None` for a body that stays where it is.
    pub route: Option<Route>,
    /// Registers that it keeps itself: the region answers for them from its own rows.
    pub keeps: Vec<RegisterId>,
    /// Orders in force or once in force.
    pub orders: Vec<OrganizationOrder>,
    /// Its hours and what its orders set, for [`crate::World`].
    pub body: Body,
}

impl Organization {
    /// Reads an organisation; every mistake at once.
    pub fn parse(text: &str) -> Result<Self, Vec<OrganizationMistake>> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(vec![read::mistake("file", "is larger than an organisation can be")]);
        }
        let file: read::File = toml::from_str(text).map_err(|error| vec![read::syntax(text, &error)])?;
        read::build(file)
    }

    /// Returns whether it serves this service.
    pub fn serves(&self, service: &ServiceId) -> bool {
        self.services.is_empty() || self.services.contains(service)
    }

    /// Returns the edition of a service that it executes instead of the newest, if it names one.
    pub fn edition_of(&self, service: &ServiceId) -> Option<&EditionId> {
        self.editions.iter().find(|it| it.service == *service).map(|it| &it.edition)
    }

    /// Returns whether it is a provider: its head signs results.
    pub fn is_provider(&self) -> bool {
        self.seats_of(Actor::ProviderHead).next().is_some()
    }

    /// Returns the code of the district or city that it belongs to: the first four digits of its own.
    pub fn district(&self) -> &str {
        self.kato.get(..DISTRICT_DIGITS).unwrap_or(&self.kato)
    }

    /// Returns whether another body's territory lies in its own.
    pub fn covers(&self, other: &Self) -> bool {
        other.kato.starts_with(self.territory_digits())
    }

    /// Returns how the codes begin of all that lies in its territory: a level that is zero means everything below the one above
    /// it. The code of a district may itself end with a zero, as 3540.
    pub fn territory_digits(&self) -> &str {
        let levels = KATO_LEVELS.iter().filter_map(|it| self.kato.split_at_checked(*it));
        let whole = |below: &str| below.bytes().all(|it| it == b'0');
        levels.filter(|it| whole(it.1)).map(|it| it.0).next().unwrap_or(&self.kato)
    }

    /// Returns the seat of that id.
    pub fn seat(&self, id: &PersonId) -> Option<&Seat> {
        self.seats.iter().find(|it| it.id == id.0)
    }

    /// Returns the seats of that capacity.
    pub fn seats_of(&self, actor: Actor) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |it| it.actor == actor)
    }

    /// Returns the seat of the person whom an order in force names for that fact and service.
    pub fn authorised(
        &self,
        fact: &FactId,
        service: &ServiceId,
        on: Date,
    ) -> Option<(&Seat, &OrganizationOrder)> {
        let order = self.orders.iter().find(|it| {
            it.fact == *fact
                && (it.services.is_empty() || it.services.contains(service))
                && it.date <= on
                && it.to.is_none_or(|to| on <= to)
        })?;
        Some((self.seats.iter().find(|it| it.id == order.authorised)?, order))
    }
}

impl OrganizationOrder {
    fn setting(&self) -> Setting {
        Setting {
            fact: self.fact.clone(),
            services: self.services.clone(),
            value: Value::Bool(true),
            basis: format!("№ {}, {}, {}", self.number, self.date, self.authorised),
            from: Some(self.date),
            to: self.to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(kato: &str) -> Organization {
        let text = include_str!("../../../organizations/osakarov-education.toml");
        Organization { kato: kato.to_owned(), ..Organization::parse(text).unwrap() }
    }

    #[test]
    fn a_territory_ends_with_a_whole_level_and_not_with_a_zero() {
        // Bukhar-Zhyrau is 3540: Karkaraly, 3548, is not in it.
        assert!(!at("354000000").covers(&at("354800000")));
        assert!(at("354000000").covers(&at("354063100")));
        assert!(!at("100000000").covers(&at("194600000")), "Abai region is 10");
        assert!(at("100000000").covers(&at("101033102")));
        assert!(at("350000000").covers(&at("353263000")));
        assert!(at("353263000").covers(&at("353263100")) && !at("353263000").covers(&at("353264100")));
        assert!(at("353263100").covers(&at("353263100")));
    }
}
