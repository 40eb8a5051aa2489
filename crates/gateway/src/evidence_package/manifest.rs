// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a package holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the form.
pub(super) const FORMAT: u16 = 1;
/// Its file.
pub(super) const FILE: &str = "manifest.json";
/// Digits of a SHA-256 by which one of several parts is named.
const SHORT_CHARS: usize = 16;

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the form.
    pub format: u16,
    /// The id under which the exchange was kept.
    pub message: String,
    /// The role that kept it.
    pub role: String,
    /// The register or the other side.
    pub with: String,
    /// When the package was made.
    pub made_at: Timestamp,
    /// When the certificates were judged, which is when the message came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_at: Option<Timestamp>,
    /// Whether the signed answer names the SHA-256 of the question; absent where one of both is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_names_question: Option<bool>,
    /// Every file but this one.
    pub parts: Vec<Part>,
    /// The certificates of the signatures.
    pub certificates: Vec<CertificateEntry>,
}

/// A file of the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name in the folder.
    pub file: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// What it is.
    pub what: What,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The signed question.
    Question,
    /// The signed answer.
    Answer,
    /// A message of ours in the chain of one that came in: it shows whose key sealed.
    Own,
    /// The receipt for it, of the one from whom the other came.
    Receipt,
    /// The certificate of a signature, DER.
    Certificate,
    /// An OCSP answer, DER.
    Ocsp,
    /// A revocation list.
    List,
    /// The certificate of an authority.
    Authority,
    /// The event of the journal with the way to its seal.
    Journal,
    /// Words for people.
    Readme,
}

impl What {
    /// Returns the only name that a part of this kind may have. There is one file of a kind, or it is named by its SHA-256.
    pub(super) fn file(self, sha256: &str) -> String {
        let short = sha256.get(..SHORT_CHARS).unwrap_or_default();
        match self {
            Self::Question => "question.xml".to_owned(),
            Self::Answer => "answer.xml".to_owned(),
            Self::Own => "own.xml".to_owned(),
            Self::Receipt => "receipt.xml".to_owned(),
            Self::Journal => "journal.json".to_owned(),
            Self::Readme => "README.txt".to_owned(),
            Self::Certificate => format!("certificates/{short}.cer"),
            Self::Authority => format!("evidence/authority-{short}.cer"),
            Self::Ocsp => format!("evidence/ocsp-{short}.ocsp"),
            Self::List => format!("evidence/list-{short}.crl"),
        }
    }
}

/// A certificate of the exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateEntry {
    /// Its file.
    pub file: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its common name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The signatures made with its key: `question-body`, `question-payload`, `answer-body`, `answer-payload`, `seal`.
    pub signs: Vec<String>,
    /// The files it was judged by; none where it was not judged, as our own is not.
    pub evidence: Vec<String>,
}
