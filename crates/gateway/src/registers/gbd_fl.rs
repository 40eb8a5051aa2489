// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state database of persons: a person by IIN.

use super::{Asked, Record, SIMULATED, Told, record};
use shep::Data;
use shep::gbd_fl::{Address, Entry, Exclusion, Person, Request, Response, Search};

pub(super) fn document(asked: &Asked<'_>) -> Result<String, shep::Error> {
    Request {
        message_id: asked.id.to_owned(),
        message_date: asked.at,
        sender_code: asked.sender.to_owned(),
        search: Search::Iin(asked.iin.to_owned()),
        consent: None,
    }
    .write()
}

/// Of the persons told only the one who was asked about counts.
pub(super) fn told(data: &Data, asked: &Asked<'_>) -> Result<Told, shep::Error> {
    let response = Response::read(data)?;
    let records = response.person(asked.iin).map(person).into_iter().collect();
    Ok(Told {
        records,
        simulated: response.sender.code.starts_with(SIMULATED),
        message: response.message_id,
        request: response.request_id,
    })
}

fn person(it: &Person) -> Record {
    let exclusions = it.exclusions();
    let dead =
        exclusions.iter().any(|it| matches!(it, Exclusion::DeathDate(_) | Exclusion::DeathCertificate));
    let excluded: Vec<&str> = exclusions.iter().map(ground).collect();
    let document = it.valid_document();
    let sex = match it.gender.code.as_str() {
        "1" => Some("male".to_owned()),
        "2" => Some("female".to_owned()),
        _ => None,
    };
    record([
        ("iin", Some(it.iin.clone())),
        ("surname", it.surname.clone()),
        ("given", it.name.clone()),
        ("patronymic", it.patronymic.clone()),
        ("full_name", Some(it.full_name())),
        ("birth_date", it.birth_date.map(|it| it.to_string())),
        ("sex", sex),
        ("citizenship", Some(it.citizenship.code.clone())),
        ("death_date", it.death_date.map(|it| it.to_string())),
        ("deceased", dead.then(|| "true".to_owned())),
        ("excluded", Some(excluded.join(","))),
        ("document_kind", document.map(|it| it.kind.code.clone())),
        ("document_number", document.map(|it| it.number.clone())),
        ("address", it.registered_address.as_ref().map(address)),
        ("address_code", it.registered_address.as_ref().and_then(|it| it.address_code.clone())),
    ])
}

const fn ground(it: &Exclusion) -> &'static str {
    match it {
        Exclusion::DeathDate(_) => "death-date",
        Exclusion::DeathCertificate => "death-certificate",
        Exclusion::LifeStatus(_) => "life-status",
        Exclusion::Removed => "removed",
        Exclusion::Excluded(_) => "excluded",
    }
}

/// Returns an address as one line, in Kazakh where the register has both languages.
fn address(it: &Address) -> String {
    let entry = |it: &Option<Entry>| it.as_ref().map(|it| it.name_kk.clone());
    let parts = [
        entry(&it.district),
        entry(&it.region),
        it.city.clone(),
        it.street.clone(),
        it.building.clone(),
        it.corpus.clone(),
        it.flat.clone(),
    ];
    parts.into_iter().flatten().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
}
