// SPDX-License-Identifier: MIT OR Apache-2.0
//! The small values that messages of both channels are made of.

use std::fmt;

use crate::Error;
use crate::tree::Part;
use crate::write::Writer;

/// The longest identifier accepted, in characters.
pub const ID_CHARS_MAX: usize = 255;
/// The longest key of a property, by the schema.
pub const PROPERTY_KEY_CHARS_MAX: usize = 30;
/// The longest value of a property, by the schema.
pub const PROPERTY_VALUE_CHARS_MAX: usize = 500;
/// The most properties of one message.
pub const PROPERTIES_MAX: usize = 100;
/// The longest message of a status, by the schema; a longer one is cut when it is read.
pub const STATUS_MESSAGE_CHARS_MAX: usize = 250;

/// Who sends a message, by the gateway's register of systems.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    /// The system's id.
    pub id: String,
    /// The system's password, where the gateway asks for one.
    pub password: Option<String>,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Sender {
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self { id: id(part, "senderId")?, password: part.text("password")? })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("sender", |out| {
            out.required("senderId", &self.id);
            out.optional("password", self.password.as_deref());
        });
    }
}

/// A key and a value that travel with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

impl Property {
    /// Reads every `properties` element, whether it holds one pair or several; empty ones are passed over.
    pub(crate) fn read_each(part: Part<'_, '_>) -> Result<Vec<Self>, Error> {
        let mut found: Vec<Self> = Vec::new();
        for properties in part.each("properties") {
            for it in properties.elements() {
                match it.name() {
                    "key" => found.push(Self { key: it.own_text(), value: String::new() }),
                    "value" => {
                        let last = found.last_mut().ok_or(Error::Missing { what: "key" })?;
                        last.value = it.own_text();
                    }
                    _ => return Err(Error::Invalid { what: "properties" }),
                }
            }
        }
        found.retain(|it| !it.key.is_empty());
        if found.len() > PROPERTIES_MAX {
            return Err(Error::TooMany { what: "properties" });
        }
        for it in &found {
            it.check()?;
        }
        Ok(found)
    }

    pub(crate) fn write_each(properties: &[Self], out: &mut Writer) {
        if properties.len() > PROPERTIES_MAX {
            out.fail(Error::TooMany { what: "properties" });
        }
        for it in properties {
            if let Err(error) = it.check() {
                out.fail(error);
            }
            out.within("properties", |out| {
                out.required("key", &it.key);
                out.leaf("value", &it.value);
            });
        }
    }

    fn check(&self) -> Result<(), Error> {
        if self.key.chars().count() > PROPERTY_KEY_CHARS_MAX {
            return Err(Error::TooLong { what: "key" });
        }
        if self.value.chars().count() > PROPERTY_VALUE_CHARS_MAX {
            return Err(Error::TooLong { what: "value" });
        }
        Ok(())
    }
}

/// The id that the gateway gives an exchange: a GUID, on the wire in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// Takes a GUID with or without braces.
    pub fn new(text: &str) -> Option<Self> {
        let bare = text.strip_prefix('{').map_or(Some(text), |it| it.strip_suffix('}'))?;
        let groups: Vec<&str> = bare.split('-').collect();
        let hex = groups.iter().all(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
        if hex && lengths == [8, 4, 4, 4, 12] { Some(Self(bare.to_owned())) } else { None }
    }

    /// Returns the GUID without braces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the session, which is the gateway's own affair: what is not a GUID is passed over.
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Option<Self>, Error> {
        Ok(part.text("sessionId")?.and_then(|it| Self::new(&it)))
    }

    pub(crate) fn read_required(part: Part<'_, '_>) -> Result<Self, Error> {
        part.parsed("sessionId", Self::new)?.ok_or(Error::Missing { what: "sessionId" })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.leaf("sessionId", &format!("{{{}}}", self.0));
    }

    pub(crate) fn write_optional(session: Option<&Self>, out: &mut Writer) {
        if let Some(session) = session {
            session.write(out);
        }
    }
}

/// How the receiver of a synchronous request fared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The code.
    pub code: crate::Code,
    /// The words, at most [`STATUS_MESSAGE_CHARS_MAX`] characters.
    pub message: String,
}

impl Status {
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let message = part.text("message")?.unwrap_or_default();
        let message = message.chars().take(STATUS_MESSAGE_CHARS_MAX).collect();
        Ok(Self { code: crate::Code::from(id(part, "code")?.as_str()), message })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        if self.message.chars().count() > STATUS_MESSAGE_CHARS_MAX {
            out.fail(Error::TooLong { what: "message" });
        }
        out.within("status", |out| {
            out.required("code", self.code.as_str());
            out.leaf("message", &self.message);
        });
    }
}

/// Reads a required identifier.
pub(crate) fn id(part: Part<'_, '_>, name: &'static str) -> Result<String, Error> {
    optional_id(part, name)?.ok_or(Error::Missing { what: name })
}

/// Reads an identifier that may be absent.
pub(crate) fn optional_id(part: Part<'_, '_>, name: &'static str) -> Result<Option<String>, Error> {
    let text = part.text(name)?;
    if text.as_deref().is_some_and(|it| it.chars().count() > ID_CHARS_MAX) {
        return Err(Error::TooLong { what: name });
    }
    Ok(text)
}
