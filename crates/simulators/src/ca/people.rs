// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whose keys the development authority holds.

use std::collections::BTreeMap;

use const_oid::ObjectIdentifier;
use eds::oids;
use jiff::{SignedDuration, Timestamp};

use super::build::{Leaf, Subject};
use super::{DevCaError, PEOPLE_MAX, TRANSPORTS};

/// A key is issued with a term beginning this long ago, so that yesterday's papers can be signed.
const BEGUN_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Term of a key: a year, as the national authority gives.
const TERM: SignedDuration = SignedDuration::from_hours(24 * 365);
/// BIN of the organisation of [`invented`] officials.
const INVENTED_BIN: &str = "990140000019";
/// BIN of the organisation that runs the simulated systems; invented.
const SYSTEMS_BIN: &str = "000000000000";

/// An invented person who gets a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Name of the key file, of `a-z`, `0-9` and `-`.
    pub name: String,
    /// IIN.
    pub iin: String,
    /// Surname.
    pub surname: String,
    /// Name.
    pub given: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// As whom the person signs.
    pub standing: Standing,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("name", &self.name).finish_non_exhaustive()
    }
}

/// As whom a person signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// For oneself.
    Individual,
    /// For an organisation.
    Official {
        /// The organisation.
        organization: Organization,
        /// What the person is there.
        position: Position,
    },
    /// No person but a system of the name `name`: it gets `transport-NAME` for its messages and `tls-NAME` for its
    /// connections.
    System {
        /// Names and addresses of hosts that the certificate for connections holds.
        hosts: Vec<String>,
    },
}

/// What an official is in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Its head.
    Head,
    /// Somebody with the right to sign.
    RightToSign,
    /// An employee.
    Employee,
}

/// An invented organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Name.
    pub name: String,
    /// BIN.
    pub bin: String,
}

/// Returns invented people and officials of an invented organisation, for an authority by itself.
#[must_use]
pub fn invented() -> Vec<Person> {
    let person = |name: &str, iin: &str, surname: &str, standing| Person {
        name: name.into(),
        iin: iin.into(),
        surname: surname.into(),
        given: "СЫНАҚ".into(),
        patronymic: Some("ҮЛГІҰЛЫ".into()),
        standing,
    };
    let official = |position| Standing::Official {
        organization: Organization { name: "«ҮЛГІ» БӨЛІМІ".into(), bin: INVENTED_BIN.into() },
        position,
    };
    vec![
        person("applicant", "900101300011", "ҮЛГІБАЕВ", Standing::Individual),
        person("neighbour", "900101300012", "КӨРШІБАЕВ", Standing::Individual),
        person("head", "800101300012", "БАСШЫБАЕВ", official(Position::Head)),
        person("deputy", "800101300013", "ОРЫНБАЕВ", official(Position::RightToSign)),
        person("clerk", "800101300014", "МАМАНБАЕВ", official(Position::Employee)),
    ]
}

/// Says whether these people can be served.
pub(super) fn check(people: &[Person]) -> Result<(), DevCaError> {
    let is_file_name = |name: &str| {
        let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
        !name.is_empty() && name.len() <= 64 && name.chars().all(plain)
    };
    let served = people.len() <= PEOPLE_MAX && people.iter().all(|person| is_file_name(&person.name));
    if served { Ok(()) } else { Err(DevCaError::People) }
}

/// Returns the certificates to be held, by name.
pub(super) fn plans(people: &[Person], now: Timestamp) -> BTreeMap<String, Leaf> {
    let ago = |span| now.checked_sub(span).unwrap_or(now);
    let from = ago(BEGUN_BEFORE);
    let until = from.checked_add(TERM).unwrap_or(now);
    let mut plans = BTreeMap::new();
    for person in people {
        if let Standing::System { hosts } = &person.standing {
            let owner = Organization { name: "QYZMET (DEV)".into(), bin: SYSTEMS_BIN.into() };
            let subject = organization_subject(&system_name(&person.name), &owner);
            let tls = Leaf { hosts: hosts.clone(), ..leaf(subject.clone(), tls_usages(), (from, until)) };
            plans.insert(format!("tls-{}", person.name), tls);
            plans.insert(format!("transport-{}", person.name), leaf(subject, system_usages(), (from, until)));
            continue;
        }
        plans.insert(person.name.clone(), leaf(person_subject(person), person_usages(person), (from, until)));
        if let Standing::Official { organization, .. } = &person.standing {
            let name = format!("stamp-{}", organization.bin);
            plans.entry(name).or_insert_with(|| {
                leaf(organization_subject(&organization.name, organization), system_usages(), (from, until))
            });
        }
    }
    for system in TRANSPORTS {
        let owner = Organization { name: "QYZMET (DEV)".into(), bin: SYSTEMS_BIN.into() };
        let subject = organization_subject(&system_name(system), &owner);
        plans
            .entry(format!("transport-{system}"))
            .or_insert_with(|| leaf(subject, system_usages(), (from, until)));
    }
    for (name, iin, surname) in [
        ("expired", "900101300981", "ЕСКІРГЕН"),
        ("revoked", "900101300982", "ҚАЙТАРЫЛҒАН"),
        ("other-iin", "900101300983", "БӨТЕН"),
    ] {
        let person = Person {
            name: name.into(),
            iin: iin.into(),
            surname: surname.into(),
            given: "ҮЛГІ".into(),
            patronymic: None,
            standing: Standing::Individual,
        };
        // `expired` and `revoked` are keys of the first applicant, so that only their state is wrong.
        let owner = people.iter().find(|it| it.standing == Standing::Individual);
        let person = owner.filter(|_| name != "other-iin").unwrap_or(&person);
        let term = if name == "expired" {
            let ended = ago(BEGUN_BEFORE);
            (ended.checked_sub(TERM).unwrap_or(ended), ended)
        } else {
            (from, until)
        };
        plans.insert(name.into(), leaf(person_subject(person), person_usages(person), term));
    }
    plans
}

fn leaf(subject: Subject, usages: Vec<ObjectIdentifier>, (from, until): (Timestamp, Timestamp)) -> Leaf {
    Leaf { subject, usages, hosts: Vec::new(), from, until }
}

/// The subject of a person, in the order and with the attributes of the national authority.
fn person_subject(person: &Person) -> Subject {
    let mut subject = vec![
        (oids::COMMON_NAME, format!("{} {}", person.surname, person.given)),
        (oids::SURNAME, person.surname.clone()),
        (oids::SERIAL_NUMBER, format!("IIN{}", person.iin)),
        (oids::COUNTRY, "KZ".to_owned()),
    ];
    // The national authority writes the patronymic as the given name.
    subject.extend(person.patronymic.clone().map(|patronymic| (oids::GIVEN_NAME, patronymic)));
    if let Standing::Official { organization, .. } = &person.standing {
        subject.push((oids::ORGANIZATION, organization.name.clone()));
        subject.push((oids::ORGANIZATIONAL_UNIT, format!("BIN{}", organization.bin)));
    }
    subject
}

fn organization_subject(name: &str, organization: &Organization) -> Subject {
    vec![
        (oids::COMMON_NAME, name.to_owned()),
        (oids::ORGANIZATION, organization.name.clone()),
        (oids::ORGANIZATIONAL_UNIT, format!("BIN{}", organization.bin)),
        (oids::COUNTRY, "KZ".to_owned()),
    ]
}

fn person_usages(person: &Person) -> Vec<ObjectIdentifier> {
    let mut usages = vec![oids::EMAIL_PROTECTION];
    match &person.standing {
        Standing::Individual | Standing::System { .. } => usages.push(oids::INDIVIDUAL),
        Standing::Official { position, .. } => {
            usages.push(oids::ORGANISATION);
            usages.push(match position {
                Position::Head => oids::HEAD,
                Position::RightToSign => oids::RIGHT_TO_SIGN,
                Position::Employee => oids::EMPLOYEE,
            });
        }
    }
    usages
}

/// Returns the common name of a system's certificates.
fn system_name(system: &str) -> String {
    format!("QYZMET {} (DEV)", system.to_uppercase())
}

fn tls_usages() -> Vec<ObjectIdentifier> {
    vec![oids::SERVER_AUTH, oids::CLIENT_AUTH]
}

fn system_usages() -> Vec<ObjectIdentifier> {
    vec![oids::EMAIL_PROTECTION, oids::CLIENT_AUTH, oids::ORGANISATION, oids::INFORMATION_SYSTEM]
}
