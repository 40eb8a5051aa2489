// SPDX-License-Identifier: MIT OR Apache-2.0
//! Events of a reader's stream, `access/<seat>`: what an official read, when, in what capacity. Format 1.
//!
//! A stream a reader, so that readers do not wait for each other's place in a chain. Nothing in it is personal.

use super::decode::Parts;
use super::encode::{Encoded, open};
use super::{CodecError, FORMAT};
use engine::case::{CaseId, FileHash, PersonId};
use regulation::model::{Actor, RegisterId};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// A reading of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEvent {
    /// Who, by seat.
    pub reader: PersonId,
    /// The organisation.
    pub organization: String,
    /// In what capacities.
    pub capacity: Vec<Actor>,
    /// What.
    pub what: What,
    /// The file, if one was read.
    pub file: Option<FileHash>,
    /// The cases; of a list each that stood in it.
    pub cases: Vec<CaseId>,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The page of a case.
    Case,
    /// A file of a case: an attachment, the signed request, the result.
    File,
    /// A paper in the making: a scan, the request before its signature, the result before its signature.
    Paper,
    /// What waits for the official.
    Queue,
    /// The list of all cases of the organisation.
    Journal,
    /// Entries of a register that the organisation keeps: its list, or what was sought in it.
    Register,
    /// The page of an entry.
    Entry,
    /// The document on whose ground somebody was entered.
    Ground,
}

/// A reading of a register that the organisation keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRead {
    /// Who, by seat.
    pub reader: PersonId,
    /// The organisation.
    pub organization: String,
    /// In what capacities.
    pub capacity: Vec<Actor>,
    /// What.
    pub what: What,
    /// The register.
    pub register: RegisterId,
    /// The entries; of a list each that stood in it.
    pub entries: Vec<Uuid>,
    /// Who was sought by number, by pseudonym, found or not.
    pub sought: Option<String>,
}

/// Returns the stored form of a reading of a register.
pub fn encode_register(it: &RegisterRead) -> Encoded {
    open(
        "access.register-read",
        json!({"reader": it.reader, "organization": it.organization, "capacity": it.capacity, "what": it.what,
               "register": it.register, "entries": it.entries, "sought": it.sought}),
    )
}

/// Returns the reading of a register of a stored kind and its open part.
pub fn decode_register(kind: &str, format: u16, public: &Json) -> Result<RegisterRead, CodecError> {
    if (kind, format) != ("access.register-read", FORMAT) {
        return Err(CodecError::Unknown(kind.to_owned(), format));
    }
    let parts = Parts { kind, public, private: None };
    Ok(RegisterRead {
        reader: parts.open("reader")?,
        organization: parts.open("organization")?,
        capacity: parts.open("capacity")?,
        what: parts.open("what")?,
        register: parts.open("register")?,
        entries: parts.open("entries")?,
        sought: parts.open("sought")?,
    })
}

/// Returns the stored form of a reading.
pub fn encode(it: &AccessEvent) -> Encoded {
    open(
        "access.read",
        json!({"reader": it.reader, "organization": it.organization, "capacity": it.capacity, "what": it.what,
               "file": it.file, "cases": it.cases}),
    )
}

/// Returns the reading of a stored kind and its open part.
pub fn decode(kind: &str, format: u16, public: &Json) -> Result<AccessEvent, CodecError> {
    if (kind, format) != ("access.read", FORMAT) {
        return Err(CodecError::Unknown(kind.to_owned(), format));
    }
    let parts = Parts { kind, public, private: None };
    Ok(AccessEvent {
        reader: parts.open("reader")?,
        organization: parts.open("organization")?,
        capacity: parts.open("capacity")?,
        what: parts.open("what")?,
        file: parts.open("file")?,
        cases: parts.open("cases")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<AccessEvent> {
        let whats = [What::Case, What::File, What::Paper, What::Queue, What::Journal];
        let sample = |what| AccessEvent {
            reader: PersonId("abai-education.head".to_owned()),
            organization: "abai-education".to_owned(),
            capacity: vec![Actor::ProviderHead],
            what,
            file: matches!(what, What::File | What::Paper).then(|| FileHash("ab".to_owned())),
            cases: vec![CaseId(uuid::Uuid::from_u128(7))],
        };
        whats.map(sample).to_vec()
    }

    #[test]
    fn every_reading_is_read_back_as_it_was_written() {
        for event in samples() {
            let it = encode(&event);
            assert_eq!((it.private, decode(it.kind, FORMAT, &it.public)), (None, Ok(event)));
        }
    }

    #[test]
    fn the_bytes_of_format_one_never_change() {
        let line = |it: Encoded| format!("{} {}", it.kind, it.public);
        let written: Vec<String> = samples().iter().map(|event| line(encode(event))).collect();
        insta::assert_snapshot!(written.join("\n"));
    }

    fn of_registers() -> Vec<RegisterRead> {
        let sample = |what, sought: Option<&str>| RegisterRead {
            reader: PersonId("abai-social.head".to_owned()),
            organization: "abai-social".to_owned(),
            capacity: vec![Actor::ProviderHead],
            what,
            register: "unemployed".into(),
            entries: vec![Uuid::from_u128(9)],
            sought: sought.map(str::to_owned),
        };
        vec![
            sample(What::Register, None),
            sample(What::Register, Some("p-01")),
            sample(What::Entry, None),
            sample(What::Ground, None),
        ]
    }

    #[test]
    fn every_reading_of_a_register_is_read_back_and_its_bytes_never_change() {
        let mut written = Vec::new();
        for event in of_registers() {
            let it = encode_register(&event);
            written.push(format!("{} {}", it.kind, it.public));
            assert_eq!((it.private, decode_register(it.kind, FORMAT, &it.public)), (None, Ok(event)));
        }
        insta::assert_snapshot!(written.join("\n"));
    }

    #[test]
    fn an_unknown_format_is_not_guessed() {
        assert!(matches!(decode("access.read", 2, &json!({})), Err(CodecError::Unknown(_, 2))));
        assert!(matches!(decode("access.other", 1, &json!({})), Err(CodecError::Unknown(_, 1))));
    }
}
