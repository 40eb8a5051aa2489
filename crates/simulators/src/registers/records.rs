// SPDX-License-Identifier: MIT OR Apache-2.0
//! A simulated register of the profile of named values: any contract, and rows of a file or of what people.toml says.

use super::desk::{Asked, Desk, Identity, Reply};
use super::{SIMULATED, Switch};
use crate::people::{Appointment, CUSTODY_AGE_YEARS, FULL_AGE_YEARS, People, Person, Power};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use shep::records::{RECORDS_MAX, Request, Response, Values};
use shep::{Code, Data};
use std::sync::Arc;

/// The rows of the house, compiled in.
const HOUSE: &str = include_str!("../../../../demo/records.toml");
/// The most rows of one file.
const ROWS_MAX: usize = 100_000;

/// What simulated registers hold: rows about invented people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows(Vec<Row>);

/// One row of a register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The register.
    pub register: String,
    /// Short id of the person, such as `p01`.
    pub person: String,
    /// What stands in it, by name.
    pub values: Values,
}

/// Why there are no rows.
#[derive(Debug)]
pub enum RowsError {
    /// The file cannot be read; with its line.
    File(Box<toml::de::Error>),
    /// The file does not say that its people are invented.
    NotInvented,
    /// There is no such person.
    Reference(String),
    /// More rows than are taken.
    TooMany,
}

impl std::fmt::Display for RowsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(error) => write!(f, "the file of rows cannot be read: {error}"),
            Self::NotInvented => write!(f, "the file does not say that its people are invented"),
            Self::Reference(id) => write!(f, "there is no person `{id}`"),
            Self::TooMany => write!(f, "more than {ROWS_MAX} rows"),
        }
    }
}

impl std::error::Error for RowsError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    invented: bool,
    #[serde(default)]
    row: Vec<Row>,
}

impl Rows {
    /// Returns those of the house.
    pub fn house(people: &People) -> Result<Self, RowsError> {
        Self::parse(HOUSE, people)
    }

    /// Reads the rows of a file, beside those of the powers and appointments of these people; everybody in it must be one of
    /// them.
    pub fn parse(text: &str, people: &People) -> Result<Self, RowsError> {
        let file: File = toml::from_str(text).map_err(|it| RowsError::File(Box::new(it)))?;
        if !file.invented {
            return Err(RowsError::NotInvented);
        }
        if file.row.len() > ROWS_MAX {
            return Err(RowsError::TooMany);
        }
        if let Some(it) = file.row.iter().find(|it| people.by_id(&it.person).is_none()) {
            return Err(RowsError::Reference(it.person.clone()));
        }
        let powers = people.powers().filter_map(|it| power(it, people));
        let appointments = people.appointments().flat_map(|(it, child)| appointment(it, child));
        Ok(Self(file.row.into_iter().chain(powers).chain(appointments).collect()))
    }

    /// Returns the rows of one register.
    pub fn of(&self, register: &str) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |it| it.register == register)
    }
}

/// Answers what its rows hold of a person.
#[derive(Debug)]
pub struct Records {
    desk: Desk,
    people: Arc<People>,
    register: String,
    rows: Vec<Row>,
}

impl Records {
    /// Returns the register of this id, which answers this interaction from its rows.
    pub fn new(
        identity: Identity,
        people: Arc<People>,
        (register, service_id): (&str, &str),
        rows: &Rows,
    ) -> Self {
        Self {
            desk: Desk::new(identity, service_id),
            people,
            register: register.to_owned(),
            rows: rows.of(register).cloned().collect(),
        }
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
        if request.register != self.register {
            return Err(shep::Error::Invalid { what: "register" });
        }
        let person = self.people.by_iin(&request.iin).filter(|_| asked.switch != Switch::NoPerson);
        // What is asked by besides narrows the rows; a row that says nothing of it fits.
        let fits = |it: &&Row| {
            Some(it.person.as_str()) == person.map(|it| it.id.as_str())
                && request
                    .asked
                    .iter()
                    .all(|(name, value)| it.values.get(name).is_none_or(|own| own == value))
        };
        let wrong = asked.switch == Switch::WrongRequest;
        let response = Response {
            message_id: asked.id.clone(),
            message_date: asked.now,
            request_id: if wrong { format!("{SIMULATED}other") } else { request.message_id },
            register: self.register.clone(),
            records: self.rows.iter().filter(fits).take(RECORDS_MAX).map(|it| it.values.clone()).collect(),
        };
        Ok(Reply { code: Code::Success, document: response.write()?, data: Data::element })
    }
}

fn row(register: &str, person: &str, values: &[(&str, Option<String>)]) -> Row {
    let there = |(name, value): &(&str, Option<String>)| Some(((*name).to_owned(), value.clone()?));
    Row {
        register: register.to_owned(),
        person: person.to_owned(),
        values: values.iter().filter_map(there).collect(),
    }
}

/// Returns what the notaries' register holds of a power, under who gave it.
fn power(it: &Power, people: &People) -> Option<Row> {
    let day = |it: Option<Date>| it.map(|it| it.to_string());
    let values = [
        ("representative_iin", Some(people.by_id(&it.representative)?.iin.clone())),
        ("number", Some(it.number.clone())),
        ("date", day(Some(it.date))),
        ("notary", Some(it.notary.clone())),
        ("from", day(Some(it.date))),
        ("to", day(it.to)),
        ("revoked", day(it.revoked)),
    ];
    Some(row("enis", &it.principal, &values))
}

/// Returns what the register of guardianship holds of an appointment: custody takes the place of guardianship on the child's
/// fourteenth birthday, by the same act, and ends before the eighteenth.
fn appointment(it: &Appointment, child: &Person) -> Vec<Row> {
    let (custody, full_age) = (child.reaches(CUSTODY_AGE_YEARS), child.reaches(FULL_AGE_YEARS));
    let before = |day: Date| day.yesterday().unwrap_or(day);
    let last = it.to.filter(|to| *to < full_age).unwrap_or_else(|| before(full_age));
    let parts =
        [("guardian", it.act.date, last.min(before(custody))), ("custodian", it.act.date.max(custody), last)];
    let name = &child.name;
    let row = |(kind, from, to): (&str, Date, Date)| {
        let values = [
            ("kind", Some(kind.to_owned())),
            ("child_iin", Some(child.iin.clone())),
            ("child_full_name", Some(name.full())),
            ("child_surname", Some(name.surname.clone())),
            ("child_given", Some(name.given.clone())),
            ("child_patronymic", name.patronymic.clone()),
            ("child_birth_date", Some(child.birth.to_string())),
            ("act_number", Some(it.act.number.clone())),
            ("act_date", Some(it.act.date.to_string())),
            ("act_body", Some(it.act.body.clone())),
            ("from", Some(from.to_string())),
            ("to", Some(to.to_string())),
        ];
        row("guardianship", &it.guardian, &values)
    };
    parts.into_iter().filter(|(_, from, to)| from <= to).map(row).collect()
}
