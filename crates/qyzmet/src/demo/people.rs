// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who takes part in a demonstration: invented citizens and officials, their accounts and key files.

use super::Demo;
use crate::parts::StartError;
use engine::Organization;
use engine::case::PersonId;
use regulation::model::{Actor, System};
use service::access::Seat;
use service::accounts::{Official, RegisterRefused};
use service::{Service, Settings};
use simulators::People;
use simulators::ca::{self, Person, Position, Standing};
use std::collections::BTreeSet;

/// Password of every citizen's account in a demonstration.
pub const CITIZEN_PASSWORD: &str = "Qyzmet-2026";
/// Password of every official's account in a demonstration.
pub const OFFICIAL_PASSWORD: &str = "Qyzmet-2026";

/// Login of the administrator of a demonstration; his password is that of officials.
pub const ADMINISTRATOR: &str = "administrator";

/// Citizens who have an account and a key file, by their ids in `demo/people.toml`, and what each shows.
const CITIZENS: [(&str, &str); 6] = [
    ("p01", "guardian of two children, the register knows it: the automatic way"),
    ("p02", "guardian of one child, the register knows it: the automatic way"),
    ("p55", "guardian of twins, the register knows it: the automatic way"),
    ("p40", "looks after a child, the register does not know it: the manual way"),
    ("p54", "an appointment that has ended: the manual way, to be refused"),
    ("p38", "the persons register does not know this number"),
];

/// A citizen of the demonstration, for the list that is printed. Invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCitizen {
    /// IIN.
    pub iin: String,
    /// Full name.
    pub name: String,
    /// Name of the key file.
    pub key_file: String,
    /// What the citizen shows.
    pub what: &'static str,
    /// Children whom the register of guardianship knows, with their birth dates.
    pub children: Vec<String>,
}

/// An official of the demonstration, for the list that is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOfficial {
    /// The login.
    pub login: String,
    /// Name of the key file.
    pub key_file: String,
    /// The post and the organisation.
    pub post: String,
}

/// Returns the name of the key of a seat.
fn key_name(seat: &str) -> String {
    seat.replace('.', "-")
}

fn official_of(organization: &Organization, seat: &engine::organization::Seat) -> Official {
    Official {
        login: seat.id.clone(),
        seat: Seat {
            person: PersonId(seat.id.clone()),
            organization: organization.id.clone(),
            actors: vec![seat.actor],
            name: seat.holder.full_name.clone(),
            iin: seat.holder.iin.clone(),
        },
        position_kk: seat.post.kk.clone(),
        position_ru: seat.post.ru.clone(),
        administers: false,
    }
}

/// Returns the administrator of a demonstration. Invented.
fn administrator() -> Official {
    Official {
        login: ADMINISTRATOR.to_owned(),
        seat: Seat {
            person: PersonId(ADMINISTRATOR.to_owned()),
            organization: String::new(),
            actors: Vec::new(),
            name: "Сынақов Әкімші".to_owned(),
            iin: String::new(),
        },
        position_kk: "Жүйе әкімшісі".to_owned(),
        position_ru: "Администратор системы".to_owned(),
        administers: true,
    }
}

/// Makes the administrator's account of one role if it is not there yet.
pub(crate) async fn administrator_of(service: &Service) -> Result<(), StartError> {
    Ok(service.add_official(&administrator(), OFFICIAL_PASSWORD).await?)
}

/// Returns everybody who holds a key.
pub(crate) fn key_holders(settings: &Settings, people: &People) -> Vec<Person> {
    let citizens =
        CITIZENS.iter().filter_map(|(id, _)| people.by_id(id)).map(simulators::people::Person::key);
    let officials = settings.organizations.values().flat_map(|organization| {
        organization.seats.iter().map(|seat| {
            let mut names = seat.holder.full_name.to_uppercase();
            let mut words = names.split_whitespace().map(str::to_owned).collect::<Vec<_>>().into_iter();
            names.clear();
            Person {
                name: key_name(&seat.id),
                iin: seat.holder.iin.clone(),
                surname: words.next().unwrap_or_default(),
                given: words.next().unwrap_or_default(),
                patronymic: words.next(),
                standing: Standing::Official {
                    organization: ca::Organization {
                        name: organization.name.kk.clone(),
                        bin: organization.bin.clone(),
                    },
                    // Who signs results has a key with that right.
                    position: if matches!(seat.actor, Actor::ProviderHead | Actor::RuralAkim) {
                        Position::Head
                    } else {
                        Position::Employee
                    },
                },
            }
        })
    });
    citizens.chain(officials).collect()
}

/// Makes the accounts that are not there yet.
pub(super) async fn accounts(demo: &Demo) -> Result<(), StartError> {
    for service in [&demo.portal, &demo.center, &demo.region] {
        accounts_of(service, &BTreeSet::new()).await?;
    }
    administrator_of(&demo.region).await?;
    Ok(())
}

/// Makes the accounts of one role that are not there yet: citizens at the portal, officials elsewhere; those of these
/// organisations alone, where any is named.
pub(crate) async fn accounts_of(
    service: &Service,
    organizations: &BTreeSet<String>,
) -> Result<(), StartError> {
    if service.here == System::Portal {
        return citizens(service).await;
    }
    for organization in service.settings.organizations.values() {
        let is_named = organizations.is_empty() || organizations.contains(&organization.id);
        if !is_named || (organization.system == System::Center) != (service.here == System::Center) {
            continue;
        }
        for seat in &organization.seats {
            service.add_official(&official_of(organization, seat), OFFICIAL_PASSWORD).await?;
        }
    }
    Ok(())
}

async fn citizens(portal: &Service) -> Result<(), StartError> {
    let people = house()?;
    for person in CITIZENS.iter().filter_map(|(id, _)| people.by_id(id)) {
        if portal.is_registered(&person.iin).await? {
            continue;
        }
        match portal.register_citizen(&person.iin, CITIZEN_PASSWORD).await {
            Ok(_) => {}
            Err(RegisterRefused::Failed(failed)) => return Err(failed.into()),
            Err(other) => return Err(StartError::Shipped("demo citizens".to_owned(), other.to_string())),
        }
    }
    Ok(())
}

/// Returns the invented people.
pub(crate) fn house() -> Result<People, StartError> {
    People::house().map_err(|it| StartError::Shipped("demo/people.toml".to_owned(), it.to_string()))
}

impl Demo {
    /// Returns the citizens, for the list that is printed.
    pub fn citizens(&self) -> Vec<DemoCitizen> {
        let told = |(id, what): &(&str, &'static str)| {
            let person = self.people.by_id(id)?;
            let children = self
                .people
                .appointments_of(person)
                .map(|(_, it)| format!("{}, {}", it.name.full(), it.birth));
            Some(DemoCitizen {
                iin: person.iin.clone(),
                name: person.name.full(),
                key_file: format!("{id}.p12"),
                what,
                children: children.collect(),
            })
        };
        CITIZENS.iter().filter_map(told).collect()
    }

    /// Returns the officials, for the list that is printed.
    pub fn officials(&self) -> Vec<DemoOfficial> {
        let organizations = self.region.settings.organizations.values();
        organizations
            .flat_map(|organization| {
                organization.seats.iter().map(|seat| DemoOfficial {
                    login: seat.id.clone(),
                    key_file: format!("{}.p12", key_name(&seat.id)),
                    post: format!("{}, {}", seat.post.kk, organization.name.kk),
                })
            })
            .collect()
    }
}
