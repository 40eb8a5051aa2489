// SPDX-License-Identifier: MIT OR Apache-2.0
//! An organisation of `organizations/`: names, codes, hours, departments, seats, and the orders that it gave.

use crate::{
    body::{Body, Hours, Setting, Week},
    case::{PersonId, Value},
    iin,
};
use jiff::civil::{Date, Time};
use regulation::model::{Actor, FactId, ServiceId, System, Text};
use serde::Deserialize;
use std::fmt;

/// Largest file that is read.
const TEXT_BYTES_MAX: usize = 200_000;

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
    /// Orders in force or once in force.
    pub orders: Vec<OrganizationOrder>,
    /// Its hours and what its orders set, for [`crate::World`].
    pub body: Body,
}

impl Organization {
    /// Reads an organisation; every mistake at once.
    pub fn parse(text: &str) -> Result<Self, Vec<OrganizationMistake>> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(vec![mistake("file", "is larger than an organisation can be")]);
        }
        let file: File = toml::from_str(text).map_err(|error| vec![syntax(text, &error)])?;
        build(file)
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    system: System,
    name: Text,
    territory: Text,
    kato: String,
    bin: String,
    invented: bool,
    address: Text,
    calendar: String,
    work: Work,
    #[serde(default)]
    department: Vec<Department>,
    #[serde(default)]
    seat: Vec<Seat>,
    #[serde(default)]
    order: Vec<OrderRow>,
    /// Facts that need an order: without one they are `false`, never unknown.
    #[serde(default)]
    ordered_facts: Vec<FactId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Work {
    zone: String,
    week: WeekRow,
    opens: String,
    closes: String,
    lunch: Option<[String; 2]>,
    source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WeekRow {
    FiveDay,
    SixDay,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderRow {
    fact: FactId,
    #[serde(default)]
    services: Vec<ServiceId>,
    authorised: String,
    number: String,
    date: String,
    to: Option<String>,
    invented: bool,
}

fn build(file: File) -> Result<Organization, Vec<OrganizationMistake>> {
    let mut mistakes = check(&file);
    let body = body(&file, &mut mistakes);
    let mut orders = Vec::new();
    for row in file.order {
        let (date, to) = (row.date.parse::<Date>(), row.to.map(|it| it.parse::<Date>()).transpose());
        match (date, to) {
            (Ok(date), Ok(to)) => orders.push(OrganizationOrder {
                fact: row.fact,
                services: row.services,
                authorised: row.authorised,
                number: row.number,
                date,
                to,
                invented: row.invented,
            }),
            _ => mistakes.push(mistake(&row.number, "the order's dates are not as YYYY-MM-DD")),
        }
    }
    let Some(mut body) = body.filter(|_| mistakes.is_empty()) else {
        return Err(mistakes);
    };
    body.settings.extend(orders.iter().map(OrganizationOrder::setting));
    Ok(Organization {
        id: file.id,
        system: file.system,
        name: file.name,
        territory: file.territory,
        kato: file.kato,
        bin: file.bin,
        invented: file.invented,
        address: file.address,
        calendar: file.calendar,
        hours_source: file.work.source,
        departments: file.department,
        seats: file.seat,
        orders,
        body,
    })
}

fn check(file: &File) -> Vec<OrganizationMistake> {
    let mut mistakes = Vec::new();
    if file.kato.len() != 9 || !file.kato.bytes().all(|it| it.is_ascii_digit()) {
        mistakes.push(mistake("kato", "is not nine digits"));
    }
    if !iin::is_well_formed(&file.bin) {
        mistakes.push(mistake("bin", "is not twelve digits with a right check digit"));
    }
    for seat in &file.seat {
        if !file.department.iter().any(|it| it.id == seat.department) {
            mistakes.push(mistake(&seat.id, &format!("no department `{}`", seat.department)));
        }
        if !iin::is_well_formed(&seat.holder.iin) {
            mistakes.push(mistake(&seat.id, "the holder's iin has no right check digit"));
        }
        if file.seat.iter().filter(|it| it.id == seat.id).count() > 1 {
            mistakes.push(mistake(&seat.id, "the seat is written twice"));
        }
    }
    for order in &file.order {
        if !file.seat.iter().any(|it| it.id == order.authorised) {
            mistakes.push(mistake(&order.number, &format!("no seat `{}`", order.authorised)));
        }
    }
    mistakes
}

fn body(file: &File, mistakes: &mut Vec<OrganizationMistake>) -> Option<Body> {
    let zone = Body::zone_named(&file.work.zone);
    if zone.is_none() {
        mistakes.push(mistake("work.zone", "is no zone of the bundled database"));
    }
    let mut time = |key: &str, text: &str| {
        let time = text.parse::<Time>().ok();
        if time.is_none() {
            mistakes.push(mistake(key, "is not a time as HH:MM"));
        }
        time
    };
    let (opens, closes) = (time("work.opens", &file.work.opens), time("work.closes", &file.work.closes));
    let lunch = match &file.work.lunch {
        Some([from, to]) => Some((time("work.lunch", from)?, time("work.lunch", to)?)),
        None => None,
    };
    let hours = Hours { opens: opens?, closes: closes?, lunch };
    let (first, last) = lunch.unwrap_or((hours.opens, hours.closes));
    if !(hours.opens <= first && first < last && last <= hours.closes) {
        mistakes.push(mistake("work", "opening, break and close are not in order"));
    }
    let week = match file.work.week {
        WeekRow::FiveDay => Week::FiveDay,
        WeekRow::SixDay => Week::SixDay,
    };
    let settings = file.ordered_facts.iter().map(never).collect();
    Some(Body { id: file.id.clone(), zone: zone?, week, hours, settings })
}

/// A setting that no day satisfies: the fact is declared, so it is `false` and not unknown.
fn never(fact: &FactId) -> Setting {
    let (from, to) = (Some(Date::MAX), Some(Date::MIN));
    let (value, basis) = (Value::Bool(false), String::new());
    Setting { fact: fact.clone(), services: Vec::new(), value, basis, from, to }
}

fn mistake(at: &str, what: &str) -> OrganizationMistake {
    OrganizationMistake { at: at.to_owned(), what: what.to_owned() }
}

fn syntax(text: &str, error: &toml::de::Error) -> OrganizationMistake {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|it| *it == b'\n').count() + 1;
    mistake(&format!("line {line}"), error.message())
}
