// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any register that tells of a person by named values: one payload for all of them.
//!
//! **This profile is ours.** It is for registers whose own form is not published: the question names the register, the
//! person and what else the contract asks by; the answer is a list of records, each a list of named values. It travels in
//! the gateway's published envelope, so a register of this profile is added by a folder with its contract and no code.

use crate::part::id;
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Data, Error};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The payload's namespace. Ours.
pub const NAMESPACE: &str = "urn:qyzmet:register:records:v1";
/// The most records in one answer.
pub const RECORDS_MAX: usize = 500;
/// The most values in one record, and in one question.
pub const VALUES_MAX: usize = 64;
/// The most characters of a value's name.
pub const NAME_CHARS_MAX: usize = 40;
/// The most characters of a value.
pub const VALUE_CHARS_MAX: usize = 2_000;

/// Values by their names.
pub type Values = BTreeMap<String, String>;

/// A question: what does this register hold of this person?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question's id.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The asker's code.
    pub sender_code: String,
    /// The register.
    pub register: String,
    /// The person.
    pub iin: String,
    /// What the contract asks by besides.
    pub asked: Values,
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
    /// The register.
    pub register: String,
    /// What it holds, nothing where it knows nobody; what is over stands here too.
    pub records: Vec<Values>,
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

/// Says whether a name can be one of a value: small letters, digits, `_` and `-`.
fn is_name(name: &str) -> bool {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '-');
    !name.is_empty() && name.len() <= NAME_CHARS_MAX && name.chars().all(plain)
}

fn write_values(values: &Values, out: &mut Writer) {
    if values.len() > VALUES_MAX {
        out.fail(Error::TooMany { what: "value" });
    }
    for (name, text) in values {
        if !is_name(name) {
            out.fail(Error::Unwritable { what: "name" });
        }
        if text.chars().count() > VALUE_CHARS_MAX {
            out.fail(Error::TooLong { what: "text" });
        }
        out.within("value", |out| {
            out.required("name", name);
            out.required("text", text);
        });
    }
}

fn read_values(part: Part<'_, '_>) -> Result<Values, Error> {
    let mut values = Values::new();
    for it in part.each("value") {
        let name = it.required_text("name")?;
        if !is_name(&name) {
            return Err(Error::Invalid { what: "name" });
        }
        let text = it.text("text")?.unwrap_or_default();
        if text.chars().count() > VALUE_CHARS_MAX {
            return Err(Error::TooLong { what: "text" });
        }
        // An empty value is as good as none.
        if text.is_empty() {
            continue;
        }
        if values.insert(name, text).is_some() {
            return Err(Error::Doubled { what: "value" });
        }
        if values.len() > VALUES_MAX {
            return Err(Error::TooMany { what: "value" });
        }
    }
    Ok(values)
}

impl Request {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("recordsRequest", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("senderCode", &self.sender_code);
            out.required("register", &self.register);
            out.required("iin", &self.iin);
            out.within("asked", |out| write_values(&self.asked, out));
        })
    }

    /// Reads the payload of a request; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "records request";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "recordsRequest", EXPECTED)?;
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            sender_code: id(root, "senderCode")?,
            register: id(root, "register")?,
            iin: id(root, "iin")?,
            asked: root.child("asked")?.map(read_values).transpose()?.unwrap_or_default(),
        })
    }
}

impl Response {
    /// Writes the payload's document, to be signed and put into an envelope by [`Data::element`].
    pub fn write(&self) -> Result<String, Error> {
        write_root("recordsResponse", |out| {
            out.required("messageId", &self.message_id);
            out.time("messageDate", self.message_date);
            out.required("requestId", &self.request_id);
            out.required("register", &self.register);
            if self.records.len() > RECORDS_MAX {
                out.fail(Error::TooMany { what: "record" });
            }
            out.within("records", |out| {
                for it in &self.records {
                    out.within("record", |out| write_values(it, out));
                }
            });
        })
    }

    /// Reads the payload of an answer; a signature in it is passed over.
    pub fn read(data: &Data) -> Result<Self, Error> {
        const EXPECTED: &str = "records response";
        let doc = tree::parse(data.require_document(EXPECTED)?)?;
        let root = root(&doc, "recordsResponse", EXPECTED)?;
        let records = root.required_child("records")?;
        let records =
            records.each("record").take(RECORDS_MAX + 1).map(read_values).collect::<Result<Vec<_>, _>>()?;
        if records.len() > RECORDS_MAX {
            return Err(Error::TooMany { what: "record" });
        }
        Ok(Self {
            message_id: id(root, "messageId")?,
            message_date: root.required_time("messageDate")?,
            request_id: id(root, "requestId")?,
            register: id(root, "register")?,
            records,
        })
    }
}
