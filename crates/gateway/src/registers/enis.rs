// SPDX-License-Identifier: MIT OR Apache-2.0
//! The notaries' information system: a notarised power of attorney.

use super::{Asked, Told, record};
use shep::enis::{Request, Response};
use shep::{Data, Error};

pub(super) fn document(asked: &Asked<'_>) -> Result<String, Error> {
    let value = |name: &'static str| asked.values.get(name).cloned().ok_or(Error::Missing { what: name });
    Request {
        message_id: asked.id.to_owned(),
        message_date: asked.at,
        sender_code: asked.sender.to_owned(),
        principal_iin: asked.iin.to_owned(),
        representative_iin: value("representative_iin")?,
        number: value("number")?,
        date: value("date")?.parse().map_err(|_| Error::Missing { what: "date" })?,
    }
    .write()
}

pub(super) fn told(data: &Data, asked: &Asked<'_>) -> Result<Told, Error> {
    let response = Response::read(data)?;
    let today = service::local_date(asked.at);
    let power = |it: &shep::enis::Power| {
        let ended = (!it.in_force(today)).then(|| it.revoked.or(it.to).unwrap_or(it.date).to_string());
        record([
            ("number", Some(it.number.clone())),
            ("date", Some(it.date.to_string())),
            ("notary", Some(it.notary.clone())),
            ("to", it.to.map(|it| it.to_string())),
            ("ended", ended),
        ])
    };
    Ok(Told {
        records: response.powers.iter().map(power).collect(),
        simulated: response.message_id.starts_with(super::SIMULATED),
        message: response.message_id,
        request: response.request_id,
    })
}
