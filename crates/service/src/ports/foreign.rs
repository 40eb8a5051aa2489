// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a portal says that knows the published form only: nothing of it is in our words yet.
//!
//! Which senders are such portals is configured, never guessed from what is absent: else a message of our own portal with a
//! part cut off would be read as one of theirs.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

/// An application as the published form tells it. Written down it is what the message says, without the dates and signatures
/// of its way: the same message signed anew is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Foreign {
    /// Its id at the system that sent it; any text.
    pub message: String,
    /// The chain that the portal knows the application by; any text. Answers repeat it.
    pub chain: String,
    /// The application's number at the portal. Answers repeat it.
    pub request: String,
    /// The code of the service among the message's properties. Answers repeat it.
    pub client_key: Option<String>,
    /// The code of the service in the form.
    pub service_type: Option<String>,
    /// BIN of the provider.
    pub provider_bin: Option<String>,
    /// Code of the provider's territory (KATO).
    pub provider_kato: Option<String>,
    /// Who applies.
    pub applicant: ForeignPerson,
    /// Who applies for them.
    pub representative: Option<ForeignPerson>,
    /// The fields of the form.
    pub fields: Vec<ForeignField>,
    /// When the portal made the message, as it says.
    #[serde(skip)]
    pub sent_at: Timestamp,
    /// The signed form, exactly as received: it stands for the application that the applicant signed.
    #[serde(skip)]
    pub form: Vec<u8>,
}

/// A person as the published form names one. Personal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ForeignPerson {
    /// The person's number.
    pub iin: String,
    /// Surname.
    pub surname: Option<String>,
    /// Given name.
    pub given: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth.
    pub born: Option<Date>,
}

/// A field of the form by the portal's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignField {
    /// The code.
    pub code: String,
    /// Its values; none where it was left empty.
    pub values: Vec<ForeignValue>,
}

/// A value of a field. Personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ForeignValue {
    /// A text or a number, as written; a date as `YYYY-MM-DD`.
    Text(String),
    /// An entry of a dictionary of the portal.
    Item {
        /// The code.
        code: String,
        /// The words in Kazakh; empty where the message has none.
        kk: String,
        /// The words in Russian; empty where the message has none.
        ru: String,
    },
    /// Yes or no.
    Flag(bool),
    /// Fields within a field.
    Entry(Vec<ForeignField>),
    /// A file.
    File(ForeignFile),
    /// A cell of a table: no regulation has a field for it.
    Cell,
}

impl ForeignValue {
    /// Returns whether it was left empty: then it says nothing, whatever its code.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Item { code, kk, ru } => [code, kk, ru].iter().all(|it| it.trim().is_empty()),
            Self::Entry(fields) => fields.iter().all(|it| it.values.iter().all(Self::is_empty)),
            Self::Flag(_) | Self::File(_) | Self::Cell => false,
        }
    }
}

/// A file of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignFile {
    /// Name shown to people. Personal.
    pub name: String,
    /// Its bytes; their SHA-256 where it is written down.
    #[serde(serialize_with = "as_digest")]
    pub bytes: Vec<u8>,
}

fn as_digest<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&hex::encode(eds::sha256(bytes)))
}

/// A message of such a portal that cannot be read as an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unread {
    /// Its id at the system that sent it, if it has one.
    pub message: Option<String>,
    /// The chain, as far as the form could be read.
    pub chain: Option<String>,
    /// The application's number at the portal, as far as the form could be read.
    pub number: Option<String>,
    /// Why, without any value of it.
    pub why: String,
}

/// Why an application was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Something here does not answer: the same may be sent again.
    #[error("unavailable: {0}")]
    Later(String),
    /// A service, a body or a code of a field that stands in none of the tables here: the same may be sent again once the
    /// administrator has added it.
    #[error("unknown here: {0}")]
    Unknown(String),
    /// It cannot be taken as it is. Names fields, never their values.
    #[error("unusable: {0}")]
    Unusable(String),
}

/// What an answer to such a portal repeats of the application, and the portal's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The chain.
    pub chain: String,
    /// The application's number at the portal.
    pub request: String,
    /// The code of the service among the message's properties.
    pub client_key: Option<String>,
    /// IIN of who applied. Personal.
    pub iin: String,
    /// The code of the field that takes the paper.
    pub result: String,
    /// The portal's words.
    pub words: AnswerWords,
}

/// The words of answers. Published are those about what is not ended; those about an end are a guess of ours until the
/// portal's own are configured.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct AnswerWords {
    /// The entry of `processing_status` until the end. Published.
    pub in_processing: StatusWords,
    /// The entry of `processing_status` at the end.
    pub processed: StatusWords,
    /// `processingStatus` at the end.
    pub completed: String,
    /// `resolutionType` where the paper was issued.
    pub positive: String,
    /// `resolutionType` where the service was refused or the case ended otherwise.
    pub negative: String,
    /// `resolutionType` where a paper was issued and the case goes on, as a notification before a contract; if absent it is told
    /// as not ended, which is published.
    pub issued_before_end: Option<String>,
}

/// An entry of the portal's dictionary of states.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusWords {
    /// The code.
    pub code: String,
    /// The words in Kazakh.
    pub kk: String,
    /// The words in Russian.
    pub ru: String,
}

impl StatusWords {
    fn new(code: &str, kk: &str, ru: &str) -> Self {
        Self { code: code.to_owned(), kk: kk.to_owned(), ru: ru.to_owned() }
    }
}

impl Default for StatusWords {
    fn default() -> Self {
        Self::new("IN_PROCESSING", "Өңделуде", "В обработке")
    }
}

impl Default for AnswerWords {
    fn default() -> Self {
        Self {
            in_processing: StatusWords::default(),
            processed: StatusWords::new("PROCESSED", "Өңделді", "Обработано"),
            completed: "COMPLETED".to_owned(),
            positive: "POSITIVE".to_owned(),
            negative: "NEGATIVE".to_owned(),
            issued_before_end: None,
        }
    }
}
