// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any register of the profile of named values: its contract says everything, no code is about it.

use super::{Asked, Record, Told};
use jiff::civil::Date;
use shep::records::{Request, Response};
use shep::{Data, Error};

/// From which day a record counts, if it says so.
const FROM: &str = "from";
/// The last day on which a record counts, if it says so.
const TO: &str = "to";
/// The day from which a record counts no more, whatever else it says.
const REVOKED: &str = "revoked";
/// The value that a record has when it does not count on the day of the answer; contracts name it in `unless`.
const ENDED: &str = "ended";

pub(super) fn document(asked: &Asked<'_>) -> Result<String, Error> {
    Request {
        message_id: asked.id.to_owned(),
        message_date: asked.at,
        sender_code: asked.sender.to_owned(),
        register: asked.register.to_owned(),
        iin: asked.iin.to_owned(),
        asked: asked.values.clone(),
    }
    .write()
}

pub(super) fn told(data: &Data, asked: &Asked<'_>) -> Result<Told, Error> {
    let response = Response::read(data)?;
    if response.register != asked.register {
        return Err(Error::Invalid { what: "register" });
    }
    let today = service::local_date(asked.at);
    Ok(Told {
        records: response.records.into_iter().map(|it| dated(it, today)).collect::<Result<_, _>>()?,
        // The profile has no such code: what fails is a fault of the envelope.
        result: None,
        simulated: response.message_id.starts_with(super::SIMULATED),
        message: response.message_id,
        request: response.request_id,
    })
}

/// Marks a record that has not begun, is over or revoked. A day that cannot be read is an error: it must not count by accident.
fn dated(mut record: Record, today: Date) -> Result<Record, Error> {
    let day = |name: &'static str| -> Result<Option<Date>, Error> {
        record.get(name).map(|it| it.parse().map_err(|_| Error::Invalid { what: name })).transpose()
    };
    let (from, to, revoked) = (day(FROM)?, day(TO)?, day(REVOKED)?);
    let over = revoked
        .filter(|revoked| *revoked <= today)
        .or_else(|| to.filter(|to| *to < today))
        .or_else(|| from.filter(|from| today < *from));
    if let Some(day) = over {
        record.entry(ENDED.to_owned()).or_insert_with(|| day.to_string());
    }
    Ok(record)
}
