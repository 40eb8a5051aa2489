// SPDX-License-Identifier: MIT OR Apache-2.0
//! Events of a register that the region owns, `register/<id>`: who was entered on what ground, how an entry ended. Format 1.
//!
//! Names, numbers and the words of officials are personal; the open part tells which entry, by whom, on what day.

use super::decode::Parts;
use super::encode::{Encoded, sealed};
use super::{CodecError, FORMAT};
use engine::case::{CaseId, FileHash, PersonId};
use jiff::civil::Date;
use regulation::model::{Actor, RegisterId, ServiceId};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// On what ground somebody was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Ground {
    /// A granted result of a service.
    Case {
        /// The service.
        service: ServiceId,
        /// The case.
        case: CaseId,
        /// Number of the result.
        result_number: Option<String>,
    },
    /// An official entered it by hand from a document.
    Hand {
        /// His seat.
        by: PersonId,
        /// The scan of the document.
        file: FileHash,
        /// What the scan is.
        media_type: String,
    },
    /// A file that the office kept before.
    Import {
        /// The file.
        file: FileHash,
        /// Its line, or its record, counted from one.
        line: u32,
        /// The seat of who uploaded it; nobody where it lay there at the start.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
}

/// A document by which somebody is entered by hand. Personal: its title may name people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is called.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: String,
    /// Whose it is.
    pub body: String,
}

/// What happened in a register. Personal values are empty once the person's key was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterEvent {
    /// Somebody was entered.
    Entered {
        /// The entry.
        entry: Uuid,
        /// The register.
        register: RegisterId,
        /// The organisation.
        organization: String,
        /// The person, by pseudonym.
        person: String,
        /// On what ground.
        ground: Ground,
        /// IIN. Personal.
        iin: String,
        /// Full name. Personal.
        full_name: String,
        /// Values. Personal.
        record: BTreeMap<String, String>,
        /// The document of an entry by hand. Personal.
        document: Option<Document>,
    },
    /// An entry was ended before its time.
    Ended {
        /// The entry.
        entry: Uuid,
        /// The register.
        register: RegisterId,
        /// The organisation.
        organization: String,
        /// By whom, by seat.
        by: PersonId,
        /// In what capacities.
        capacity: Vec<Actor>,
        /// The first day on which it does not count.
        on: Date,
        /// On what ground, in the official's words. Personal.
        ground: String,
    },
}

/// Returns the stored form of an event.
pub fn encode(event: &RegisterEvent) -> Encoded {
    match event {
        RegisterEvent::Entered {
            entry,
            register,
            organization,
            person,
            ground,
            iin,
            full_name,
            record,
            document,
        } => sealed(
            "register.entered",
            json!({"entry": entry, "register": register, "organization": organization, "person": person,
                   "ground": ground}),
            json!({"iin": iin, "full_name": full_name, "record": record, "document": document}),
        ),
        RegisterEvent::Ended { entry, register, organization, by, capacity, on, ground } => sealed(
            "register.ended",
            json!({"entry": entry, "register": register, "organization": organization, "by": by,
                   "capacity": capacity, "on": on}),
            json!({"ground": ground}),
        ),
    }
}

/// Returns the event of a stored kind and its parts.
pub fn decode(
    kind: &str,
    format: u16,
    public: &Json,
    private: Option<&Json>,
) -> Result<RegisterEvent, CodecError> {
    let unknown = || CodecError::Unknown(kind.to_owned(), format);
    if format != FORMAT {
        return Err(unknown());
    }
    let parts = Parts { kind, public, private };
    let (entry, register, organization) =
        (parts.open("entry")?, parts.open("register")?, parts.open("organization")?);
    Ok(match kind {
        "register.entered" => RegisterEvent::Entered {
            entry,
            register,
            organization,
            person: parts.open("person")?,
            ground: parts.open("ground")?,
            iin: parts.personal("iin")?,
            full_name: parts.personal("full_name")?,
            record: parts.personal("record")?,
            document: parts.personal("document")?,
        },
        "register.ended" => RegisterEvent::Ended {
            entry,
            register,
            organization,
            by: parts.open("by")?,
            capacity: parts.open("capacity")?,
            on: parts.open("on")?,
            ground: parts.personal("ground")?,
        },
        _ => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<RegisterEvent> {
        let entered = |ground, document| RegisterEvent::Entered {
            entry: Uuid::from_u128(9),
            register: "unemployed".into(),
            organization: "abai-social".to_owned(),
            person: "p-01".to_owned(),
            ground,
            iin: "580308499930".to_owned(),
            full_name: "Гүлжаһан".to_owned(),
            record: BTreeMap::from([("from".to_owned(), "2026-11-20".to_owned())]),
            document,
        };
        let file = FileHash("ab".to_owned());
        let document = Document {
            title: "Қаулы: Гүлжаһан".to_owned(),
            number: "17".to_owned(),
            date: "2026-11-19".to_owned(),
            body: "Абай ауданының әкімдігі".to_owned(),
        };
        let by = PersonId("abai-social.office".to_owned());
        let case = Ground::Case {
            service: "unemployed-registration".into(),
            case: CaseId(Uuid::from_u128(7)),
            result_number: Some("353200000-2026-S00001".to_owned()),
        };
        let hand = Ground::Hand { by: by.clone(), file: file.clone(), media_type: "image/png".to_owned() };
        vec![
            entered(case, None),
            entered(hand, Some(document)),
            entered(Ground::Import { file: file.clone(), line: 3, by: None }, None),
            entered(Ground::Import { file, line: 4, by: Some(by.clone()) }, None),
            RegisterEvent::Ended {
                entry: Uuid::from_u128(9),
                register: "unemployed".into(),
                organization: "abai-social".to_owned(),
                by,
                capacity: vec![Actor::ProviderOffice],
                on: jiff::civil::date(2026, 11, 23),
                ground: "Гүлжаһан жұмысқа орналасты".to_owned(),
            },
        ]
    }

    #[test]
    fn every_event_is_read_back_as_it_was_written() {
        for event in samples() {
            let it = encode(&event);
            assert_eq!(decode(it.kind, FORMAT, &it.public, it.private.as_ref()), Ok(event));
        }
    }

    #[test]
    fn the_open_part_holds_nothing_personal_and_suffices_after_erasure() {
        for event in samples() {
            let it = encode(&event);
            for personal in ["580308499930", "Гүлжаһан", "2026-11-20", "2026-11-19"] {
                assert!(!it.public.to_string().contains(personal), "`{}` tells {personal}", it.kind);
            }
            decode(it.kind, FORMAT, &it.public, None).unwrap();
        }
    }

    #[test]
    fn the_bytes_of_format_one_never_change() {
        let private = |it: Option<Json>| it.map(|it| it.to_string()).unwrap_or_default();
        let line = |it: Encoded| format!("{} {} {}", it.kind, it.public, private(it.private));
        let written: Vec<String> = samples().iter().map(|event| line(encode(event))).collect();
        insta::assert_snapshot!(written.join("\n"));
    }

    #[test]
    fn an_unknown_format_is_not_guessed() {
        let event = encode(&samples()[4]);
        let read = |kind, format| decode(kind, format, &event.public, None);
        assert!(matches!(read("register.ended", 2), Err(CodecError::Unknown(_, 2))));
        assert!(matches!(read("register.other", 1), Err(CodecError::Unknown(_, 1))));
    }
}
