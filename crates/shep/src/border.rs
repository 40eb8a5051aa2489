// SPDX-License-Identifier: MIT OR Apache-2.0
//! The border between portal and region: the form import of the portal's asynchronous channel.
//!
//! Published is the element `typedRequestFormImportData` with the names of its fields and the kinds of values in
//! `updatedValues`. Its schema is not, so the order of the header and the shapes inside lists are our reading of it.
//! What the published form has no place for travels as `updatedValues` whose codes begin with [`OURS`]: a portal that
//! does not know them sees fields of a form that it may pass over. Each such item says **ours** in its documentation. With a
//! portal that knows the published form only nothing of it is spoken: `docs/decisions/0015-a-region-behind-another-portal.md`.
//!
//! An application goes as REQUEST, interim answers as NOTIFICATION, the final one as RESPONSE, all under the
//! correlation id that is repeated here as [`FormImport::chain_id`].

mod codec;
mod ours;
mod value;

use jiff::Timestamp;
use jiff::civil::Date;

pub use value::{Field, File, FileContent, Item, Value};

/// The interaction's id, as the portal's.
pub const SERVICE_ID: &str = "MON_ES_REQUEST_FORM_IMPORT";
/// The key of the message's property that names the service. Published.
pub const SERVICE_PROPERTY: &str = "ADDL_CLIENT_KEY";
/// The beginning of the codes of values that are **ours**.
pub const OURS: &str = "qyzmet.";
/// The most fields of one message.
pub const FIELDS_MAX: usize = 1_000;
/// The most values of one field, and the most fields in a complex value.
pub const VALUES_MAX: usize = 500;
/// The deepest nesting of complex values.
pub const VALUE_DEPTH_MAX: usize = 4;
/// The most files of one message.
pub const FILES_MAX: usize = 100;
/// The most steps told in one message.
pub const STEPS_MAX: usize = 500;

/// What crosses the border: an application, an interim answer or the final one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormImport {
    /// Id of the form. Published.
    pub id: Option<String>,
    /// Which system the values come from. Published.
    pub import_source: String,
    /// The fields of the form. Published; those whose codes begin with [`OURS`] are not here but in [`Self::ours`].
    pub values: Vec<Field>,
    /// Codes of fields taken back. Published; that they are codes is our reading.
    pub deleted_values: Vec<String>,
    /// Id of the chain: the correlation id. Published.
    pub chain_id: String,
    /// Id of the application in the system it was made in: the application's number. Published.
    pub request_id: String,
    /// The system the application was made in. Published.
    pub origin_system: Option<String>,
    /// How far the application is. Published; of its words only `IN_PROGRESS`.
    pub stage: Option<Stage>,
    /// Who applies. Published.
    pub requester: Requester,
    /// Who applies for them. Published.
    pub representative: Option<Person>,
    /// How it ended. Published; of its words only `NO_RESOLUTION`.
    pub resolution: Option<Resolution>,
    /// Who provides the service. Published.
    pub provider: Provider,
    /// The service by the portal's code and names. Published.
    pub service: ServiceName,
    /// What the published form has no place for.
    pub ours: Ours,
}

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `IN_PROGRESS`. Published.
    InProgress,
    /// `COMPLETED`. **Ours.**
    Completed,
    /// Another word.
    Other(String),
}

/// How an application ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// `NO_RESOLUTION`: not ended. Published.
    None,
    /// `POSITIVE`: issued. The word is **ours**; the paper is [`Ours::result`].
    Issued {
        /// When. Published.
        date: Date,
    },
    /// `NEGATIVE`: refused. The word is **ours**; the reason's fields are published.
    Refused {
        /// When.
        date: Date,
        /// Why.
        reason: Refusal,
    },
    /// Another word: a portal's own.
    Other {
        /// The word.
        word: String,
        /// When.
        date: Option<Date>,
        /// Why, where it is a refusal.
        reason: Option<Refusal>,
    },
}

/// Why an application is refused. Published, all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// The ground's code.
    pub code: String,
    /// The ground's name in Kazakh.
    pub value_kk: Option<String>,
    /// The ground's name in Russian.
    pub value_ru: Option<String>,
    /// The reason in Kazakh.
    pub text_kk: Option<String>,
    /// The reason in Russian.
    pub text_ru: Option<String>,
    /// The documents that are missing, in Kazakh.
    pub missing_kk: Option<String>,
    /// The documents that are missing, in Russian.
    pub missing_ru: Option<String>,
}

/// Who applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requester {
    /// A person.
    Person(Person),
    /// An organisation, by its BIN.
    Organization(String),
}

/// A person. Published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The person's number.
    pub iin: String,
    /// Name.
    pub first_name: Option<String>,
    /// Surname.
    pub last_name: Option<String>,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// Date of birth.
    pub birth_date: Option<Date>,
}

/// Who provides the service. Published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// Its BIN.
    pub bin: Option<String>,
    /// Its IIN, where the provider is a person.
    pub iin: Option<String>,
    /// Code of its territory (KATO).
    pub location_code: Option<String>,
    /// Full name of the one who has the application.
    pub assignee_name: Option<String>,
    /// Position in Kazakh.
    pub assignee_position_kk: Option<String>,
    /// Position in Russian.
    pub assignee_position_ru: Option<String>,
    /// Telephone.
    pub assignee_phone: Option<String>,
}

/// The service by the portal's code and names. Published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceName {
    /// The code; answers may leave it out.
    pub code: Option<String>,
    /// Name in Kazakh.
    pub name_kk: Option<String>,
    /// Name in Russian.
    pub name_ru: Option<String>,
}

/// What the published form has no place for. **All of it is ours.**
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ours {
    /// By which text the application is judged: `qyzmet.edition`.
    pub edition: Option<Edition>,
    /// Files of the application or the answer: `qyzmet.file`, each with its digest.
    pub files: Vec<File>,
    /// Parts done on the sender's side, in order: `qyzmet.step`.
    pub steps: Vec<StepDone>,
    /// Where the case stands on the sender's side: `qyzmet.place`.
    pub places: Vec<Place>,
    /// How and when it ended on the sender's side: `qyzmet.end`.
    pub end: Option<End>,
    /// Numbers given on the sender's side, by what they number (`incoming`, `result`): `qyzmet.number`.
    pub numbers: Vec<(String, String)>,
    /// The signed result: `qyzmet.result`; its bytes are among the files, found by the digest.
    pub result: Option<ResultPaper>,
    /// Anything else, by codes without the beginning [`OURS`]; they may not be those of the items above.
    pub extra: Vec<Field>,
}

/// By which text of which regulation an application is judged. **Ours.**
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The service.
    pub service: String,
    /// The edition.
    pub edition: String,
    /// SHA-256 of the regulation, lower-case hexadecimal.
    pub regulation_sha256: String,
    /// The procedure.
    pub procedure: String,
    /// The channel it came by.
    pub channel: Option<String>,
    /// When the documents were accepted.
    pub accepted_at: Option<Timestamp>,
    /// When the request came that they are of, signed: earlier, where its signature could not be judged at once.
    pub received_at: Option<Timestamp>,
}

/// A part that was done on the sender's side. **Ours.**
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepDone {
    /// The part's id.
    pub part: String,
    /// When.
    pub at: Timestamp,
    /// Who, where a person did it.
    pub by: Option<String>,
    /// For a condition, whether it held.
    pub held: Option<bool>,
}

/// A place in a running procedure. **Ours.**
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The procedure.
    pub procedure: String,
    /// The step.
    pub step: String,
    /// The part of the step.
    pub part: String,
    /// Since when.
    pub since: Timestamp,
}

/// How a case ended on the sender's side. **Ours.**
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The end's name in the regulation.
    pub end: String,
    /// When.
    pub at: Timestamp,
}

/// The signed result. **Ours.**
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultPaper {
    /// SHA-256 of its file, lower-case hexadecimal.
    pub sha256: String,
    /// The key of its public check.
    pub check_key: String,
    /// Position and name of the signer as printed.
    pub signer: String,
    /// When it was signed.
    pub signed_at: Timestamp,
}
