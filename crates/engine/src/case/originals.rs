// SPDX-License-Identifier: MIT OR Apache-2.0
//! The originals of the papers: who holds them, and every movement from hand to hand.

use super::PersonId;
use jiff::Timestamp;
use regulation::model::DocumentId;
use serde::{Deserialize, Serialize};

/// Who holds the originals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// The courier, on the way to the provider.
    ToProvider,
    /// The provider's office.
    Provider,
    /// The courier, on the way back to the one-stop-shop.
    ToCenter,
    /// The one-stop-shop.
    Center,
    /// The applicant: they were given back.
    Applicant,
}

/// A document and how many pages of it were passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    /// Which document of the Standard.
    pub document: DocumentId,
    /// How many pages.
    pub pages: u32,
}

/// A movement of originals from hand to hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Who holds them since.
    pub to: Holder,
    /// What was passed on, or received.
    pub sheets: Vec<Sheets>,
    /// What was on the list and did not come, whole or in part.
    pub missing: Vec<DocumentId>,
    /// The courier who took them. Personal.
    pub courier: Option<String>,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}
