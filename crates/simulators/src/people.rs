// SPDX-License-Identifier: MIT OR Apache-2.0
//! Invented people: `demo/people.toml`, and as many more as a seed gives.

mod generated;

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The people of the house, compiled in.
const HOUSE: &str = include_str!("../../../demo/people.toml");
/// Age at which custody takes the place of guardianship.
pub const CUSTODY_AGE_YEARS: i16 = 14;
/// Age at which custody ends.
pub const FULL_AGE_YEARS: i16 = 18;
/// The most people in one world.
pub const PEOPLE_MAX: usize = 100_000;

/// Invented people and who is guardian of whom.
#[derive(Debug, Clone)]
pub struct People {
    by_number: BTreeMap<String, Person>,
    places: BTreeMap<String, Place>,
    appointments: Vec<Appointment>,
    powers: Vec<Power>,
}

/// Why there are no people.
#[derive(Debug)]
pub enum PeopleError {
    /// The file cannot be read; with its line.
    File(Box<toml::de::Error>),
    /// The file does not say that its people are invented.
    NotInvented,
    /// A number, or an id, stands twice, or a name that is not there is spoken of.
    Reference(String),
    /// More people than [`PEOPLE_MAX`].
    TooMany,
}

impl std::fmt::Display for PeopleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(error) => write!(f, "the file of people cannot be read: {error}"),
            Self::NotInvented => write!(f, "the file does not say that its people are invented"),
            Self::Reference(id) => write!(f, "`{id}` stands twice or is not there"),
            Self::TooMany => write!(f, "more than {PEOPLE_MAX} people"),
        }
    }
}

impl std::error::Error for PeopleError {}

/// A name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given: String,
    /// Patronymic.
    #[serde(default)]
    pub patronymic: Option<String>,
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name")
    }
}

impl Name {
    /// Returns surname, given name and patronymic.
    pub fn full(&self) -> String {
        let parts = [Some(&self.surname), Some(&self.given), self.patronymic.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Short id, such as `p01`.
    pub id: String,
    /// IIN, invented.
    pub iin: String,
    /// Name.
    pub name: Name,
    /// `m` or `f`.
    pub sex: Sex,
    /// Date of birth.
    pub birth: Date,
    /// Where registered: a key of the places.
    pub place: String,
    /// Date of death.
    #[serde(default)]
    pub death: Option<Date>,
    /// Whether the record is excluded from the state database.
    #[serde(default)]
    pub excluded: bool,
    /// Whether there is a valid identity document, from the age of sixteen.
    #[serde(default = "yes")]
    pub documents: bool,
    /// Whether the state database does not know the number.
    #[serde(default)]
    pub unknown: bool,
}

const fn yes() -> bool {
    true
}

/// Sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Sex {
    /// Male.
    #[serde(rename = "m")]
    Male,
    /// Female.
    #[serde(rename = "f")]
    Female,
}

/// A place of registration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Province.
    pub district: Entry,
    /// District of the province.
    pub region: Entry,
    /// Settlement.
    pub city: String,
}

/// An entry of a dictionary of places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Code.
    pub code: String,
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
}

/// An invented appointment of a guardian.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// Id of the guardian.
    pub guardian: String,
    /// Id of the child.
    pub child: String,
    /// The act of appointment.
    pub act: Act,
    /// When it ended before its time.
    #[serde(default)]
    pub to: Option<Date>,
}

/// An invented power of attorney.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// Id of who gave it.
    pub principal: String,
    /// Id of who acts by it.
    pub representative: String,
    /// Number.
    pub number: String,
    /// Date.
    pub date: Date,
    /// The notary, invented.
    pub notary: String,
    /// Until when it is given.
    #[serde(default)]
    pub to: Option<Date>,
    /// When it was revoked.
    #[serde(default)]
    pub revoked: Option<Date>,
}

/// An act of appointment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Number.
    pub number: String,
    /// Date.
    pub date: Date,
    /// The body that adopted it.
    pub body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    invented: bool,
    places: BTreeMap<String, Place>,
    person: Vec<Person>,
    #[serde(default)]
    appointment: Vec<Appointment>,
    #[serde(default)]
    power: Vec<Power>,
}

impl People {
    /// Returns those of the house.
    pub fn house() -> Result<Self, PeopleError> {
        Self::parse(HOUSE)
    }

    /// Reads people from the text of a file.
    pub fn parse(text: &str) -> Result<Self, PeopleError> {
        let file: File = toml::from_str(text).map_err(|error| PeopleError::File(Box::new(error)))?;
        if !file.invented {
            return Err(PeopleError::NotInvented);
        }
        let mut world = Self {
            by_number: BTreeMap::new(),
            places: file.places,
            appointments: file.appointment,
            powers: file.power,
        };
        for person in file.person {
            world.add(person)?;
        }
        let appointed = world.appointments.iter().flat_map(|it| [&it.guardian, &it.child]);
        let empowered = world.powers.iter().flat_map(|it| [&it.principal, &it.representative]);
        for id in appointed.chain(empowered) {
            if world.by_id(id).is_none() {
                return Err(PeopleError::Reference(id.clone()));
            }
        }
        Ok(world)
    }

    /// Adds a person whose number and id nobody has.
    pub fn add(&mut self, person: Person) -> Result<(), PeopleError> {
        if self.by_number.len() >= PEOPLE_MAX {
            return Err(PeopleError::TooMany);
        }
        if !self.places.contains_key(&person.place) {
            return Err(PeopleError::Reference(person.place));
        }
        if self.by_number.contains_key(&person.iin) {
            return Err(PeopleError::Reference(person.id));
        }
        self.by_number.insert(person.iin.clone(), person);
        Ok(())
    }

    /// Returns the person of an IIN.
    pub fn by_iin(&self, iin: &str) -> Option<&Person> {
        self.by_number.get(iin)
    }

    /// Returns the person of a short id.
    pub fn by_id(&self, id: &str) -> Option<&Person> {
        self.by_number.values().find(|it| it.id == id)
    }

    /// Returns everybody, in the order of numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_number.values()
    }

    /// Returns where a person is registered.
    pub fn place(&self, person: &Person) -> Option<&Place> {
        self.places.get(&person.place)
    }

    /// Returns every power of attorney.
    pub fn powers(&self) -> impl Iterator<Item = &Power> {
        self.powers.iter()
    }

    /// Returns every appointment, with the child.
    pub fn appointments(&self) -> impl Iterator<Item = (&Appointment, &Person)> {
        self.appointments.iter().filter_map(|it| Some((it, self.by_id(&it.child)?)))
    }

    /// Returns the appointments of a guardian, with the children.
    pub fn appointments_of<'a>(
        &'a self,
        guardian: &Person,
    ) -> impl Iterator<Item = (&'a Appointment, &'a Person)> {
        let id = guardian.id.clone();
        self.appointments().filter(move |(it, _)| it.guardian == id)
    }
}

impl Person {
    /// Returns the day on which the person reaches an age; a birthday of 29 February is kept on 1 March.
    pub fn reaches(&self, years: i16) -> Date {
        let year = self.birth.year().saturating_add(years);
        let day = Date::new(year, self.birth.month(), self.birth.day());
        day.or_else(|_| Date::new(year, 3, 1)).unwrap_or(self.birth)
    }

    /// Returns the person for the development authority: the key of an individual, in capital letters as there.
    pub fn key(&self) -> crate::ca::Person {
        crate::ca::Person {
            name: self.id.clone(),
            iin: self.iin.clone(),
            surname: self.name.surname.to_uppercase(),
            given: self.name.given.to_uppercase(),
            patronymic: self.name.patronymic.as_ref().map(|it| it.to_uppercase()),
            standing: crate::ca::Standing::Individual,
        }
    }
}
