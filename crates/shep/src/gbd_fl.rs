// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state database of persons (ЖТ МДҚ), its universal service: a person by IIN.
//!
//! Of a person the fields that services need are read; the rest of the answer is passed over and stays in the raw
//! bytes, which are the evidence. Dictionary codes are not public in full, so no decision rests on a code alone.

mod codec;

use jiff::Timestamp;
use jiff::civil::Date;

/// The interaction without a consent token.
pub const SERVICE_ID: &str = "GBDFL_UniversalServiceSync";
/// The interaction that wants a token of the person's consent.
pub const SERVICE_ID_WITH_CONSENT: &str = "GBDFLUniversal_token";
/// The most persons in one answer.
pub const PERSONS_MAX: usize = 50;
/// The most documents of one person.
pub const DOCUMENTS_MAX: usize = 200;
/// The longest id of a request, by the schema.
pub const MESSAGE_ID_CHARS_MAX: usize = 36;
/// The code of a processed message in [`Response::result`].
pub const RESULT_PROCESSED: &str = "00000";

/// What is searched by; the register wants exactly one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// By the person's number.
    Iin(String),
    /// By name and date of birth; a name left out means a person without that name.
    Name {
        /// Surname.
        surname: Option<String>,
        /// Name.
        name: Option<String>,
        /// Patronymic.
        patronymic: Option<String>,
        /// Date of birth.
        birth_date: Date,
    },
    /// By the number of an identity document.
    Document(String),
}

/// A token of the person's consent and the key to check it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The token.
    pub token: String,
    /// The public key.
    pub public_key: String,
}

/// A question to the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The question's id: at most [`MESSAGE_ID_CHARS_MAX`] ASCII characters.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The asker's code, given by the register.
    pub sender_code: String,
    /// What is searched by.
    pub search: Search,
    /// Consent, for [`SERVICE_ID_WITH_CONSENT`].
    pub consent: Option<Consent>,
}

/// An entry of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The code.
    pub code: String,
    /// The words in Russian.
    pub name_ru: String,
    /// The words in Kazakh.
    pub name_kk: String,
}

/// An answer of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The answer's id.
    pub message_id: String,
    /// When it was made.
    pub message_date: Timestamp,
    /// The id of the question: an answer to another question is not an answer.
    pub request_id: String,
    /// The register.
    pub sender: Entry,
    /// The asker.
    pub receiver: Entry,
    /// How the register fared; [`RESULT_PROCESSED`] is the one code known.
    pub result: Entry,
    /// The persons found; empty when nobody is.
    pub persons: Vec<Person>,
}

impl Response {
    /// Returns the person with that number, if the answer holds exactly one such person.
    pub fn person(&self, iin: &str) -> Option<&Person> {
        let mut found = self.persons.iter().filter(|it| it.iin == iin);
        match (found.next(), found.next()) {
            (Some(person), None) => Some(person),
            _ => None,
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The person's number.
    pub iin: String,
    /// Surname.
    pub surname: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Date of birth: from here, never from the digits of the number.
    pub birth_date: Option<Date>,
    /// Date of death.
    pub death_date: Option<Date>,
    /// Sex: `1` male, `2` female.
    pub gender: Entry,
    /// Nationality.
    pub nationality: Entry,
    /// Citizenship: `398` is Kazakhstan.
    pub citizenship: Entry,
    /// Life status: `0` is normal, other codes are not public.
    pub life_status: Entry,
    /// The number of the certificate of death, where there is one; empty where it has no number.
    pub death_certificate: Option<String>,
    /// Registered address; children may have none.
    pub registered_address: Option<Address>,
    /// What a court ruled of legal capacity.
    pub capable_status: Option<CapableStatus>,
    /// Why the person is excluded from the register.
    pub exclude_status: Option<ExcludeStatus>,
    /// Documents, those out of date among them.
    pub documents: Vec<Document>,
    /// Whether the record is removed from the register.
    pub removed: bool,
}

/// Why a person cannot be served: any one ground is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exclusion {
    /// The date of death is known.
    DeathDate(Date),
    /// There is a certificate of death.
    DeathCertificate,
    /// The life status is not the normal one; with its code.
    LifeStatus(String),
    /// The record is removed from the register.
    Removed,
    /// The person is excluded from the register; with the code of the reason.
    Excluded(String),
}

impl Person {
    /// Returns why the person is dead or excluded by this record; empty when nothing says so.
    ///
    /// Codes for death are not public, so every sign of it counts by itself.
    pub fn exclusions(&self) -> Vec<Exclusion> {
        let life = Some(self.life_status.code.trim_start_matches('0')).filter(|it| !it.is_empty());
        let excluded = self.exclude_status.as_ref().map(|it| it.reason.code.clone());
        let grounds = [
            self.death_date.map(Exclusion::DeathDate),
            self.death_certificate.as_ref().map(|_| Exclusion::DeathCertificate),
            life.map(|_| Exclusion::LifeStatus(self.life_status.code.clone())),
            self.removed.then_some(Exclusion::Removed),
            excluded.map(Exclusion::Excluded),
        ];
        grounds.into_iter().flatten().collect()
    }

    /// Returns surname, name and patronymic, those there are.
    pub fn full_name(&self) -> String {
        let parts = [&self.surname, &self.name, &self.patronymic];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Returns the document to name the person by: a valid identity card, else a valid passport.
    pub fn valid_document(&self) -> Option<&Document> {
        let valid =
            |kind: &str| self.documents.iter().find(|it| it.kind.code == kind && it.status.code == "00");
        valid("002").or_else(|| valid("001"))
    }
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Country.
    pub country: Option<Entry>,
    /// Province or city of republican significance.
    pub district: Option<Entry>,
    /// District or city of the province.
    pub region: Option<Entry>,
    /// Settlement.
    pub city: Option<String>,
    /// Street.
    pub street: Option<String>,
    /// House.
    pub building: Option<String>,
    /// Block.
    pub corpus: Option<String>,
    /// Flat.
    pub flat: Option<String>,
    /// Since when.
    pub begin_date: Option<Date>,
    /// Until when.
    pub end_date: Option<Date>,
    /// Code of the address register, 16 digits.
    pub address_code: Option<String>,
}

/// What a court ruled of a person's legal capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapableStatus {
    /// The status.
    pub status: Entry,
    /// Since when.
    pub date: Option<Date>,
    /// Until when.
    pub end_date: Option<Date>,
    /// The number of the court's case.
    pub number: Option<String>,
    /// The court.
    pub court: Option<Entry>,
}

/// Why a person is excluded from the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcludeStatus {
    /// The reason.
    pub reason: Entry,
    /// When the reason arose.
    pub reason_date: Option<Date>,
    /// When the person was excluded.
    pub date: Option<Date>,
}

/// An identity document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its kind: `001` passport, `002` identity card.
    pub kind: Entry,
    /// Its number.
    pub number: String,
    /// Its series.
    pub series: Option<String>,
    /// Since when.
    pub begin_date: Option<Date>,
    /// Until when.
    pub end_date: Option<Date>,
    /// Who issued it.
    pub issuer: Entry,
    /// Its status: `00` is valid.
    pub status: Entry,
}
