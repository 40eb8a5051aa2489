// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state database of persons: a person by IIN, by name and birth date, or by the number of a document.

use super::{Asked, Record, SIMULATED, Told, record};
use shep::Data;
use shep::gbd_fl::{
    Address, Consent, Entry, Exclusion, Person, RESULT_PROCESSED, Request, Response, SERVICE_ID_WITH_CONSENT,
    Search,
};

/// What a contract takes from the form to search otherwise than by number, and the person's consent.
const SURNAME: &str = "surname";
const GIVEN: &str = "given";
const PATRONYMIC: &str = "patronymic";
const BIRTH_DATE: &str = "birth_date";
const DOCUMENT_NUMBER: &str = "document_number";
const CONSENT_TOKEN: &str = "consent_token";
const CONSENT_KEY: &str = "consent_key";

pub(super) fn document(asked: &Asked<'_>) -> Result<String, shep::Error> {
    let consent = match (text(asked, CONSENT_TOKEN), text(asked, CONSENT_KEY)) {
        (Some(token), Some(public_key)) => Some(Consent { token, public_key }),
        (None, None) if asked.service != SERVICE_ID_WITH_CONSENT => None,
        (None, _) => return Err(shep::Error::Missing { what: "kdpToken" }),
        (Some(_), None) => return Err(shep::Error::Missing { what: "publicKey" }),
    };
    Request {
        message_id: asked.id.to_owned(),
        message_date: asked.at,
        sender_code: asked.sender.to_owned(),
        search: search(asked)?,
        consent,
    }
    .write()
}

fn text(asked: &Asked<'_>, name: &str) -> Option<String> {
    asked.values.get(name).filter(|it| !it.is_empty()).cloned()
}

/// Searches by number, unless the contract takes from the form what is searched by: a document's number, or a date of birth
/// with a name.
fn search(asked: &Asked<'_>) -> Result<Search, shep::Error> {
    if let Some(number) = text(asked, DOCUMENT_NUMBER) {
        return Ok(Search::Document(number));
    }
    let Some(birth_date) = text(asked, BIRTH_DATE) else { return Ok(Search::Iin(asked.iin.to_owned())) };
    Ok(Search::Name {
        surname: text(asked, SURNAME),
        name: text(asked, GIVEN),
        patronymic: text(asked, PATRONYMIC),
        birth_date: birth_date.parse().map_err(|_| shep::Error::Invalid { what: "birthDate" })?,
    })
}

/// Of the persons told by number only the one who was asked about counts; a search by anything else may find several.
pub(super) fn told(data: &Data, asked: &Asked<'_>) -> Result<Told, shep::Error> {
    let response = Response::read(data)?;
    let records = match search(asked)? {
        Search::Iin(iin) => response.person(&iin).map(person).into_iter().collect(),
        Search::Name { .. } | Search::Document(_) => response.persons.iter().map(person).collect(),
    };
    Ok(Told {
        records,
        result: Some(response.result.code).filter(|it| it != RESULT_PROCESSED),
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
