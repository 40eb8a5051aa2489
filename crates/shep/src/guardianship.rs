// SPDX-License-Identifier: MIT OR Apache-2.0
//! The register of guardianship and custody.
//!
//! **This contract is ours.** No public register gives guardianship by a guardian's IIN in a published form; the
//! question and the answer below are carried in the gateway's published envelope and can be exchanged for another
//! contract without touching anything else.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::part::id;
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};

/// The interaction's id. Ours.
pub const SERVICE_ID: &str = "QYZMET_GUARDIANSHIP_SYNC";
/// The payload's namespace. Ours.
pub const NAMESPACE: &str = "urn:qyzmet:register:guardianship:v1";
/// The most records in one answer.
pub const RECORDS_MAX: usize = 100;

/// A question: of whom is this person the guardian or custodian?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question's id.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The asker's code.
    pub sender_code: String,
    /// The guardian's number.
    pub guardian_iin: String,
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
    /// The records found, those that have ended among them; empty when there are none.
    pub records: Vec<Record>,
}

/// Guardianship is established over a child under fourteen, custody over one from fourteen to eighteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Guardian (қорғаншы).
    Guardian,
    /// Custodian (қамқоршы).
    Custodian,
}

/// A child under guardianship or custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// The child's number, where there is one.
    pub iin: Option<String>,
    /// Full name.
    pub full_name: String,
    /// Date of birth.
    pub birth_date: Date,
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Guardianship or custody.
    pub kind: Kind,
    /// The child.
    pub child: Child,
    /// The number of the act of appointment.
    pub act_number: String,
    /// Its date.
    pub act_date: Date,
    /// The body that issued it.
    pub act_body: String,
    /// Since when.
    pub from: Date,
    /// Until when; absent while it lasts.
    pub to: Option<Date>,
    /// On what ground it ended.
    pub end_ground: Option<String>,
}

impl Record {
    /// Tells whether the appointment is in force on that day.
    pub fn in_force(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Guardian => "GUARDIAN",
            Self::Custodian => "CUSTODIAN",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Guardian, Self::Custodian].into_iter().find(|it| it.as_str() == word)
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
    out.raw(&format!("<g:{name} xmlns:g=\"{NAMESPACE}\">"));
    content(&mut out);
    out.raw(&format!("</g:{name}>"));
    out.finish()
}

impl Request {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("guardianshipRequest", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("senderCode", &self.sender_code);
            out.required("guardianIin", &self.guardian_iin);
        })
    }

    /// Reads the payload of a request; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "guardianship request";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "guardianshipRequest", EXPECTED)?;
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            sender_code: id(root, "senderCode")?,
            guardian_iin: id(root, "guardianIin")?,
        })
    }
}

impl Response {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("guardianshipResponse", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("requestId", &self.request_id);
            if self.records.len() > RECORDS_MAX {
                out.fail(Error::TooMany { what: "records" });
            }
            out.within("records", |out| self.records.iter().for_each(|it| it.write(out)));
        })
    }

    /// Reads the payload of an answer; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "guardianship response";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "guardianshipResponse", EXPECTED)?;
        let records = root.required_child("records")?;
        let records = records.each("record").map(Record::read).collect::<Result<Vec<_>, _>>()?;
        if records.len() > RECORDS_MAX {
            return Err(Error::TooMany { what: "records" });
        }
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            request_id: id(root, "requestId")?,
            records,
        })
    }
}

impl Record {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let required_date = |part: Part<'_, '_>, name| part.date(name)?.ok_or(Error::Missing { what: name });
        let child = part.required_child("child")?;
        let act = part.required_child("act")?;
        let kind = part.parsed("kind", Kind::from_word)?;
        Ok(Self {
            kind: kind.ok_or(Error::Missing { what: "kind" })?,
            child: Child {
                iin: child.text("iin")?,
                full_name: child.required_text("fullName")?,
                birth_date: required_date(child, "birthDate")?,
            },
            act_number: act.required_text("number")?,
            act_date: required_date(act, "date")?,
            act_body: act.required_text("body")?,
            from: required_date(part, "from")?,
            to: part.date("to")?,
            end_ground: part.text("endGround")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("record", |out| {
            out.leaf("kind", self.kind.as_str());
            out.within("child", |out| {
                out.optional("iin", self.child.iin.as_deref());
                out.required("fullName", &self.child.full_name);
                out.date("birthDate", Some(self.child.birth_date));
            });
            out.within("act", |out| {
                out.required("number", &self.act_number);
                out.date("date", Some(self.act_date));
                out.required("body", &self.act_body);
            });
            out.date("from", Some(self.from));
            out.date("to", self.to);
            out.optional("endGround", self.end_ground.as_deref());
        });
    }
}
