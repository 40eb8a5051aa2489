// SPDX-License-Identifier: MIT OR Apache-2.0
//! The notaries' information system: a notarised power of attorney.
//!
//! **This contract is ours.** No form of the notaries' service is published; the question and the answer below are
//! carried in the gateway's published envelope and can be exchanged for another contract without touching anything else.

use crate::part::id;
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};
use jiff::Timestamp;
use jiff::civil::Date;

/// The interaction's id. Ours.
pub const SERVICE_ID: &str = "QYZMET_ENIS_POWER_SYNC";
/// The payload's namespace. Ours.
pub const NAMESPACE: &str = "urn:qyzmet:register:enis:v1";
/// The most powers in one answer.
pub const POWERS_MAX: usize = 20;

/// A question: may this person act for that one by this power?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question's id.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The asker's code.
    pub sender_code: String,
    /// Who gave the power.
    pub principal_iin: String,
    /// Who acts by it.
    pub representative_iin: String,
    /// The power's number.
    pub number: String,
    /// The power's date.
    pub date: Date,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The answer's id.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The id of the question.
    pub request_id: String,
    /// The powers found, those that are over among them.
    pub powers: Vec<Power>,
}

/// A notarised power of attorney.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// The notary.
    pub notary: String,
    /// Until when it is given; absent where it names no day.
    pub to: Option<Date>,
    /// When it was revoked.
    pub revoked: Option<Date>,
}

impl Power {
    /// Tells whether the power gives the right to act on that day.
    pub fn in_force(&self, day: Date) -> bool {
        self.date <= day && self.to.is_none_or(|to| day <= to) && self.revoked.is_none_or(|it| day < it)
    }
}

fn root<'a, 'i>(
    doc: &'a roxmltree::Document<'i>,
    name: &'static str,
    expected: &'static str,
) -> Result<Part<'a, 'i>, Error> {
    let root = tree::payload(doc, name, expected)?;
    let ours = root.0.tag_name().namespace() == Some(NAMESPACE);
    if ours { Ok(root) } else { Err(Error::WrongPayload { expected }) }
}

fn write_root(name: &str, content: impl FnOnce(&mut Writer)) -> Result<String, Error> {
    let mut out = Writer::default();
    out.raw(&format!("<n:{name} xmlns:n=\"{NAMESPACE}\">"));
    content(&mut out);
    out.raw(&format!("</n:{name}>"));
    out.finish()
}

fn required_date(part: Part<'_, '_>, name: &'static str) -> Result<Date, Error> {
    part.date(name)?.ok_or(Error::Missing { what: name })
}

impl Request {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("powerRequest", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("senderCode", &self.sender_code);
            out.required("principalIin", &self.principal_iin);
            out.required("representativeIin", &self.representative_iin);
            out.required("number", &self.number);
            out.date("date", Some(self.date));
        })
    }

    /// Reads the payload of a request; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "power request";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "powerRequest", EXPECTED)?;
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            sender_code: id(root, "senderCode")?,
            principal_iin: id(root, "principalIin")?,
            representative_iin: id(root, "representativeIin")?,
            number: root.required_text("number")?,
            date: required_date(root, "date")?,
        })
    }
}

impl Response {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("powerResponse", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("requestId", &self.request_id);
            if self.powers.len() > POWERS_MAX {
                out.fail(Error::TooMany { what: "powers" });
            }
            out.within("powers", |out| self.powers.iter().for_each(|it| it.write(out)));
        })
    }

    /// Reads the payload of an answer; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "power response";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "powerResponse", EXPECTED)?;
        let powers = root.required_child("powers")?;
        let powers = powers.each("power").map(Power::read).collect::<Result<Vec<_>, _>>()?;
        if powers.len() > POWERS_MAX {
            return Err(Error::TooMany { what: "powers" });
        }
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            request_id: id(root, "requestId")?,
            powers,
        })
    }
}

impl Power {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            number: part.required_text("number")?,
            date: required_date(part, "date")?,
            notary: part.required_text("notary")?,
            to: part.date("to")?,
            revoked: part.date("revoked")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("power", |out| {
            out.required("number", &self.number);
            out.date("date", Some(self.date));
            out.required("notary", &self.notary);
            out.date("to", self.to);
            out.date("revoked", self.revoked);
        });
    }
}
