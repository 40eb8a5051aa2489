// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who takes part in a demonstration: invented citizens and officials, their accounts and key files.

use super::{Demo, DemoError};
use engine::Organization;
use engine::case::PersonId;
use regulation::model::Actor;
use service::accounts::{Official, RegisterRefused};
use service::access::Seat;
use service::{Service, Settings};
use simulators::ca::{self, Person, Position, Standing};

/// Password of every citizen's account in a demonstration.
pub const CITIZEN_PASSWORD: &str = "Qyzmet-2026";
/// Password of every official's account in a demonstration.
pub const OFFICIAL_PASSWORD: &str = "Qyzmet-2026";

/// A citizen of the demonstration. Invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoCitizen {
    /// Name of the key, without `.p12`.
    pub key: &'static str,
    /// IIN.
    pub iin: &'static str,
    /// Name of the key file.
    pub key_file: &'static str,
    /// What he shows.
    pub what: &'static str,
    surname: &'static str,
    given: &'static str,
    patronymic: &'static str,
}

/// Invented, from the list of invented persons; the IIN have serial numbers that are never issued.
const CITIZENS: [DemoCitizen; 3] = [
    DemoCitizen {
        key: "abdiqadyrova",
        iin: "580308499930",
        key_file: "abdiqadyrova.p12",
        what: "guardian, the register knows it: the automatic way",
        surname: "ӘБДІҚАДЫРОВА",
        given: "ГҮЛЖАҺАН",
        patronymic: "ҚУАНЫШБЕКҚЫЗЫ",
    },
    DemoCitizen {
        key: "otegulov",
        iin: "711130399969",
        key_file: "otegulov.p12",
        what: "guardian, the register knows it: the automatic way",
        surname: "ӨТЕҒҰЛОВ",
        given: "ҰЛЫҚБЕК",
        patronymic: "ІҢКӘРБЕКҰЛЫ",
    },
    DemoCitizen {
        key: "qulynshaqov",
        iin: "530825399926",
        key_file: "qulynshaqov.p12",
        what: "guardian, the register does not know it: the manual way",
        surname: "ҚҰЛЫНШАҚОВ",
        given: "ҒАНИ",
        patronymic: "ҺАМИТҰЛЫ",
    },
];

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
    }
}

/// Returns everybody who holds a key.
pub(super) fn key_holders(settings: &Settings) -> Vec<Person> {
    let citizens = CITIZENS.iter().map(|it| Person {
        name: it.key.to_owned(),
        iin: it.iin.to_owned(),
        surname: it.surname.to_owned(),
        given: it.given.to_owned(),
        patronymic: Some(it.patronymic.to_owned()),
        standing: Standing::Individual,
    });
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
                    position: if seat.actor == Actor::ProviderHead { Position::Head } else { Position::Employee },
                },
            }
        })
    });
    citizens.chain(officials).collect()
}

/// Makes the accounts that are not there yet.
pub(super) async fn accounts(demo: &Demo) -> Result<(), DemoError> {
    for citizen in CITIZENS {
        if demo.portal.is_registered(citizen.iin).await? {
            continue;
        }
        match demo.portal.register_citizen(citizen.iin, CITIZEN_PASSWORD).await {
            Ok(_) => {}
            Err(RegisterRefused::Failed(failed)) => return Err(failed.into()),
            Err(other) => return Err(DemoError::Shipped("demo citizens".to_owned(), other.to_string())),
        }
    }
    for organization in demo.region.settings.organizations.values() {
        let at: &Service = if organization.system == regulation::model::System::Center { &demo.center } else { &demo.region };
        for seat in &organization.seats {
            at.add_official(&official_of(organization, seat), OFFICIAL_PASSWORD).await?;
        }
    }
    Ok(())
}

impl Demo {
    /// Returns the citizens, for the list that is printed.
    pub fn citizens(&self) -> &'static [DemoCitizen] {
        &CITIZENS
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
