// SPDX-License-Identifier: MIT OR Apache-2.0
//! Events of an account's stream, `account/<id>`: of a citizen by account, of an official by seat. Format 1.

use super::decode::Parts;
use super::encode::{Encoded, open, sealed};
use super::{CodecError, FORMAT};
use jiff::Timestamp;
use regulation::model::Actor;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// What happened to an account. Personal values are empty once the person's key was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountEvent {
    /// A citizen registered it.
    Registered {
        /// The IIN that was entered. Personal.
        iin: String,
    },
    /// The administrator made it for an official, or changed it.
    Appointed {
        /// The login.
        login: String,
        /// The organisation.
        organization: String,
        /// The capacities.
        actors: Vec<Actor>,
        /// Whether he administers the system.
        administers: bool,
        /// Surname and given names. Personal.
        name: String,
        /// IIN. Personal.
        iin: String,
    },
    /// Its holder signed in.
    SignedIn {
        /// By what.
        how: How,
        /// Address that the request came from, if known. Personal.
        from: Option<String>,
    },
    /// Somebody was refused.
    SignInRefused {
        /// Why.
        why: WhyRefused,
        /// Until when nothing is looked at, after too many attempts.
        until: Option<Timestamp>,
        /// Address that the request came from, if known. Personal.
        from: Option<String>,
    },
    /// It was proved to be the person's by EDS.
    Proved {
        /// Serial number of the certificate.
        certificate: String,
        /// Name in the certificate. Personal.
        full_name: String,
    },
    /// Its holder set a password, in a session that began by EDS.
    PasswordSet,
    /// A session was ended by its holder.
    SignedOut,
    /// It ended.
    Ended {
        /// Why.
        why: WhyEnded,
    },
}

/// By what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By password.
    Password,
    /// By EDS.
    Eds,
}

/// Why sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyRefused {
    /// The password was wrong.
    WrongPassword,
    /// The password was wrong as many times as is let: sign-in waits.
    AttemptsSpent,
    /// The certificate of the EDS had expired, was revoked or not yet valid.
    KeyRefused,
}

/// Why an account ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyEnded {
    /// Another account of the same IIN was proved.
    AnotherProved,
    /// It was never proved and gave way to a new one.
    GaveWay,
    /// The administrator closed it.
    Closed,
}

/// Returns the stored form of an event.
pub fn encode(event: &AccountEvent) -> Encoded {
    match event {
        AccountEvent::Registered { iin } => sealed("account.registered", json!({}), json!({"iin": iin})),
        AccountEvent::Appointed { login, organization, actors, administers, name, iin } => {
            let mut public = json!({"login": login, "organization": organization, "actors": actors});
            if *administers && let Some(public) = public.as_object_mut() {
                public.insert("administers".to_owned(), Json::Bool(true));
            }
            sealed("account.appointed", public, json!({"name": name, "iin": iin}))
        }
        AccountEvent::SignedIn { how, from } => {
            sealed("account.signed-in", json!({"how": how}), json!({"from": from}))
        }
        AccountEvent::SignInRefused { why, until, from } => {
            sealed("account.sign-in-refused", json!({"why": why, "until": until}), json!({"from": from}))
        }
        AccountEvent::Proved { certificate, full_name } => {
            sealed("account.proved", json!({"certificate": certificate}), json!({"full_name": full_name}))
        }
        AccountEvent::PasswordSet => open("account.password-set", json!({})),
        AccountEvent::SignedOut => open("account.signed-out", json!({})),
        AccountEvent::Ended { why } => open("account.ended", json!({"why": why})),
    }
}

/// Returns the event of a stored kind and its parts.
pub fn decode(
    kind: &str,
    format: u16,
    public: &Json,
    private: Option<&Json>,
) -> Result<AccountEvent, CodecError> {
    let unknown = || CodecError::Unknown(kind.to_owned(), format);
    if format != FORMAT {
        return Err(unknown());
    }
    let parts = Parts { kind, public, private };
    Ok(match kind {
        "account.registered" => AccountEvent::Registered { iin: parts.personal("iin")? },
        "account.appointed" => AccountEvent::Appointed {
            login: parts.open("login")?,
            organization: parts.open("organization")?,
            actors: parts.open("actors")?,
            administers: public.get("administers") == Some(&Json::Bool(true)),
            name: parts.personal("name")?,
            iin: parts.personal("iin")?,
        },
        "account.signed-in" => {
            AccountEvent::SignedIn { how: parts.open("how")?, from: parts.personal("from")? }
        }
        "account.sign-in-refused" => AccountEvent::SignInRefused {
            why: parts.open("why")?,
            until: parts.open("until")?,
            from: parts.personal("from")?,
        },
        "account.proved" => AccountEvent::Proved {
            certificate: parts.open("certificate")?,
            full_name: parts.personal("full_name")?,
        },
        "account.password-set" => AccountEvent::PasswordSet,
        "account.signed-out" => AccountEvent::SignedOut,
        "account.ended" => AccountEvent::Ended { why: parts.open("why")? },
        _ => return Err(unknown()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<AccountEvent> {
        let from = Some("192.0.2.7".to_owned());
        let refused = |why, until| AccountEvent::SignInRefused { why, until, from: from.clone() };
        vec![
            AccountEvent::Registered { iin: "580308499930".to_owned() },
            AccountEvent::Appointed {
                login: "abai-education.head".to_owned(),
                organization: "abai-education".to_owned(),
                actors: vec![Actor::ProviderHead],
                administers: false,
                name: "Әбдіқадырова Гүлжаһан".to_owned(),
                iin: "580308499930".to_owned(),
            },
            AccountEvent::SignedIn { how: How::Password, from: from.clone() },
            AccountEvent::SignedIn { how: How::Eds, from: from.clone() },
            refused(WhyRefused::WrongPassword, None),
            refused(WhyRefused::KeyRefused, None),
            refused(WhyRefused::AttemptsSpent, "2026-11-21T05:15:00Z".parse().ok()),
            AccountEvent::Proved { certificate: "7f".to_owned(), full_name: "Гүлжаһан".to_owned() },
            AccountEvent::SignedOut,
            AccountEvent::Ended { why: WhyEnded::AnotherProved },
            AccountEvent::Ended { why: WhyEnded::GaveWay },
            AccountEvent::PasswordSet,
            AccountEvent::Appointed {
                login: "administrator".to_owned(),
                organization: String::new(),
                actors: Vec::new(),
                administers: true,
                name: "Әбдіқадырова Гүлжаһан".to_owned(),
                iin: "580308499930".to_owned(),
            },
            AccountEvent::Ended { why: WhyEnded::Closed },
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
            for personal in ["580308499930", "Гүлжаһан", "192.0.2.7"] {
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
        assert!(matches!(decode("account.signed-out", 2, &json!({}), None), Err(CodecError::Unknown(_, 2))));
        assert!(matches!(decode("account.other", 1, &json!({}), None), Err(CodecError::Unknown(_, 1))));
    }
}
