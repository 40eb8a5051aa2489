// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers of a case: the covering letter, the refusal to accept, the signed result.

use super::{FileHash, PersonId};
use jiff::Timestamp;
use regulation::model::DocumentId;
use serde::{Deserialize, Serialize};

/// The covering letter with which a rural akim passes the papers on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its words. Personal.
    pub text: String,
    /// Who prepared it.
    pub by: PersonId,
    /// The scan of the signed sheet; `None` until it is signed.
    pub signed: Option<FileHash>,
}

/// Why an application was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Documents that were missing or had expired.
    pub missing: Vec<DocumentId>,
    /// In the words of who refused. Personal.
    pub reason: String,
    /// Who refused.
    pub by: PersonId,
}

/// A signed result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedResult {
    /// The signed PDF; on paper the scan of the signed sheet.
    pub file: FileHash,
    /// Key of the public check, 128 random bits in hexadecimal.
    pub check_key: String,
    /// Position and name of the signer as printed. Personal.
    pub signer: String,
    /// When.
    pub at: Timestamp,
    /// How it was signed by hand; `None` where it is an electronic document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_paper: Option<OnPaper>,
}

/// How a sheet was signed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnPaper {
    /// The day that stands under the signature.
    pub on: jiff::civil::Date,
    /// Whether the seal was put.
    pub sealed: bool,
    /// Whether the applicant has signed the sheet too, as a contract is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub countersigned: bool,
}

/// A result of the case that another one followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// Its number.
    pub number: Option<String>,
    /// The signed paper.
    pub result: SignedResult,
}
