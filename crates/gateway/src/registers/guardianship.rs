// SPDX-License-Identifier: MIT OR Apache-2.0
//! The register of guardianship and custody: children by the guardian's IIN.

use super::{Asked, Record, Told, record};
use jiff::civil::Date;
use shep::Data;
use shep::guardianship::{Kind, Request, Response};

pub(super) fn document(asked: &Asked<'_>) -> Result<String, shep::Error> {
    Request {
        message_id: asked.id.to_owned(),
        message_date: asked.at,
        sender_code: asked.sender.to_owned(),
        guardian_iin: asked.iin.to_owned(),
    }
    .write()
}

pub(super) fn told(data: &Data, asked: &Asked<'_>) -> Result<Told, shep::Error> {
    let response = Response::read(data)?;
    let today = service::local_date(asked.at);
    Ok(Told {
        records: response.records.iter().map(|it| appointment(it, today)).collect(),
        simulated: response.message_id.starts_with(super::SIMULATED),
        message: response.message_id,
        request: response.request_id,
    })
}

fn appointment(it: &shep::guardianship::Record, today: Date) -> Record {
    let kind = match it.kind {
        Kind::Guardian => "guardian",
        Kind::Custodian => "custodian",
    };
    // The wire has the child's full name only: surname, name, the rest is the patronymic.
    let mut words = it.child.full_name.split_whitespace();
    let (surname, given) = (words.next(), words.next());
    let patronymic = words.collect::<Vec<_>>().join(" ");
    // One that has not begun counts as little as one that is over.
    let ended = (!it.in_force(today)).then(|| it.to.unwrap_or(it.from).to_string());
    record([
        ("kind", Some(kind.to_owned())),
        ("child_iin", it.child.iin.clone()),
        ("child_full_name", Some(it.child.full_name.clone())),
        ("child_surname", surname.map(str::to_owned)),
        ("child_given", given.map(str::to_owned)),
        ("child_patronymic", Some(patronymic)),
        ("child_birth_date", Some(it.child.birth_date.to_string())),
        ("act_number", Some(it.act_number.clone())),
        ("act_date", Some(it.act_date.to_string())),
        ("act_body", Some(it.act_body.clone())),
        ("from", Some(it.from.to_string())),
        ("to", it.to.map(|it| it.to_string())),
        ("ended", ended),
    ])
}
