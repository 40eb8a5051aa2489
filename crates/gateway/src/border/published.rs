// SPDX-License-Identifier: MIT OR Apache-2.0
//! The published fields of the form, for those who read no others: between our own roles nothing depends on them.

use engine::case::{Application, Proposal, Value};
use engine::command::Progress;
use service::ports::border::{Parcel, Published, RequestParcel};
use shep::border::{Person, Provider, Refusal, Resolution, ServiceName};

/// Stands for the applicant where the other side needs no number to know the case: answers carry no IIN.
const NOT_TOLD: &str = "000000000000";

/// The fields of every regulation that lets somebody apply for another.
const REPRESENTATIVE_IIN: &str = "representative_iin";
const REPRESENTATIVE_NAME: &str = "representative_name";
/// Digits of an IIN.
const IIN_DIGITS: usize = 12;

/// Returns who applies.
pub(super) fn requester(parcel: &Parcel) -> Person {
    match &parcel.request {
        Some(request) => Person {
            birth_date: parcel.published.born,
            ..person(&request.application.iin, &request.application.full_name)
        },
        None => Person { iin: NOT_TOLD.to_owned(), ..Person::default() },
    }
}

/// Returns who applies for the applicant, where the form names one.
pub(super) fn representative(request: &RequestParcel) -> Option<Person> {
    let iin = text(&request.application, REPRESENTATIVE_IIN)?;
    let name = text(&request.application, REPRESENTATIVE_NAME).unwrap_or_default();
    is_iin(iin).then(|| person(iin, name))
}

/// Says whether a text has the digits of an IIN.
fn is_iin(text: &str) -> bool {
    text.len() == IIN_DIGITS && text.bytes().all(|it| it.is_ascii_digit())
}

/// Returns the body that provides the service.
pub(super) fn provider(told: &Published) -> Provider {
    Provider {
        bin: told.provider_bin.clone(),
        location_code: told.provider_kato.clone(),
        ..Provider::default()
    }
}

/// Returns the service by its id and names; answers leave it out.
pub(super) fn service_name(parcel: &Parcel) -> ServiceName {
    let Some(request) = &parcel.request else { return ServiceName::default() };
    let name = parcel.published.service.as_ref();
    ServiceName {
        code: Some(request.service.as_str().to_owned()),
        name_kk: name.map(|it| it.kk.clone()),
        name_ru: name.map(|it| it.ru.clone()),
    }
}

/// Returns the words about the end.
pub(super) fn resolution(progress: &Progress, told: &Published) -> Resolution {
    let Some((end, at)) = &progress.end else { return Resolution::None };
    let date = service::local_date(*at);
    match (end.as_str(), &progress.proposal) {
        ("issued", _) => Resolution::Issued { date },
        (_, Some(Proposal::Refuse { ground, reason })) => {
            let (kk, ru) = if told.lang == "ru" { (None, Some(reason)) } else { (Some(reason), None) };
            let reason = Refusal {
                code: ground.as_str().to_owned(),
                value_kk: told.ground.as_ref().map(|it| it.kk.clone()),
                value_ru: told.ground.as_ref().map(|it| it.ru.clone()),
                text_kk: kk.cloned(),
                text_ru: ru.cloned(),
                ..Refusal::default()
            };
            Resolution::Refused { date, reason }
        }
        (other, _) => {
            Resolution::Refused { date, reason: Refusal { code: other.to_owned(), ..Refusal::default() } }
        }
    }
}

/// Names are entered and certified in one order everywhere: surname, given name, patronymic if there is one.
fn person(iin: &str, full_name: &str) -> Person {
    let mut words = full_name.split_whitespace().map(str::to_owned);
    let (last_name, first_name) = (words.next(), words.next());
    let middle = words.collect::<Vec<_>>().join(" ");
    let middle_name = Some(middle).filter(|it| !it.is_empty());
    Person { iin: iin.to_owned(), first_name, last_name, middle_name, birth_date: None }
}

fn text<'a>(application: &'a Application, field: &str) -> Option<&'a str> {
    let found = application.fields.iter().find(|it| it.0.as_str() == field)?;
    match found.1 {
        Value::Text(text) => Some(text.trim()).filter(|it| !it.is_empty()),
        Value::Bool(_) | Value::Entries(_) => None,
    }
}
