// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an organisation confirms, changes or adds of the Standard, beside a regulation and without a new release of it.
//!
//! ```toml
//! organization = "abai-social"
//! service = "child-allowance"
//! edition = "2015"
//! confirmed-by = "Жұмабеков Қ. С., бөлім басшысы"   # a named person
//! confirmed-on = "2026-11-20"
//! [[document]]                     # a document of the Standard: confirmed, changed, or new
//! id = "family-income"
//! clause = "9-т. 3)"               # of the Standard
//! required = true                  # absent: as it was
//! channels = ["provider"]          # absent: as it was
//! title = { kk = "…", ru = "…", en = "…" }   # absent: as it was; a new one needs it
//! [[document]]
//! id = "personal-plot"
//! clause = "9-т."
//! drop = true                      # the Standard does not ask for it
//! [[refusal]]
//! id = "false-data"
//! clause = "10-т. 1)"
//! [[term]]
//! scope = "service"
//! clause = "4-т."
//! norm = "10 working-days"         # absent: as it was
//! ```
//!
//! Steps, conditions and papers are the act's and no overlay touches them; the hash of the regulation stays.

use crate::model::{
    Channel, DocumentId, EditionId, Ground, GroundId, Norm, Regulation, ServiceId, StandardDocument, Text,
};
use serde::Deserialize;
use std::fmt;

/// Largest file that is read.
const TEXT_BYTES_MAX: usize = 200_000;

/// A mistake in an overlay, or in laying it over its regulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayMistake {
    /// Where: an id, a key or `line N`.
    pub at: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for OverlayMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}

impl std::error::Error for OverlayMistake {}

/// An overlay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Overlay {
    /// The organisation for whose cases it holds.
    pub organization: String,
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// Who confirmed it: name and post.
    pub confirmed_by: String,
    /// The day on which it was confirmed, ISO 8601.
    pub confirmed_on: String,
    #[serde(default)]
    document: Vec<DocumentRow>,
    #[serde(default)]
    refusal: Vec<GroundRow>,
    #[serde(default)]
    term: Vec<TermRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentRow {
    id: DocumentId,
    clause: String,
    title: Option<Text>,
    channels: Option<Vec<Channel>>,
    required: Option<bool>,
    #[serde(default)]
    drop: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroundRow {
    id: GroundId,
    clause: String,
    text: Option<Text>,
    #[serde(default)]
    drop: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermRow {
    scope: String,
    clause: String,
    norm: Option<String>,
    #[serde(default)]
    drop: bool,
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    ///
    /// The mistake, with its line.
    pub fn parse(text: &str) -> Result<Self, OverlayMistake> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(mistake("file", "is larger than an overlay can be"));
        }
        let overlay: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            mistake(&format!("line {}", crate::reading::line_of(text, start)), error.message())
        })?;
        if overlay.confirmed_by.trim().is_empty() {
            return Err(mistake("confirmed-by", "names nobody: the Standard is confirmed by a named person"));
        }
        Ok(overlay)
    }

    /// Lays it over its regulation.
    ///
    /// # Errors
    ///
    /// Every mistake: another regulation, a term that is not there, a new document without words.
    pub fn apply(&self, to: &Regulation) -> Result<Regulation, Vec<OverlayMistake>> {
        if (&self.service, &self.edition) != (&to.service, &to.edition) {
            return Err(vec![mistake("service", "the overlay is of another regulation")]);
        }
        let mut laid = to.clone();
        let mut found = Vec::new();
        for row in &self.document {
            found.extend(self.document(row, &mut laid.documents).err());
        }
        for row in &self.refusal {
            found.extend(self.ground(row, &mut laid.grounds).err());
        }
        for row in &self.term {
            found.extend(Self::term(row, &mut laid).err());
        }
        if found.is_empty() { Ok(laid) } else { Err(found) }
    }

    /// Where a confirmed entry comes from, as pages and papers quote it.
    fn source(&self, clause: &str) -> String {
        format!("Standard, {clause}; confirmed by {}, {}", self.confirmed_by, self.confirmed_on)
    }

    fn document(
        &self,
        row: &DocumentRow,
        documents: &mut Vec<StandardDocument>,
    ) -> Result<(), OverlayMistake> {
        if row.drop {
            documents.retain(|it| it.id != row.id);
            return Ok(());
        }
        let source = self.source(&row.clause);
        if let Some(known) = documents.iter_mut().find(|it| it.id == row.id) {
            known.title = row.title.clone().unwrap_or_else(|| known.title.clone());
            known.channels = row.channels.clone().unwrap_or_else(|| known.channels.clone());
            known.required = row.required.unwrap_or(known.required);
            known.assumed = false;
            known.source = source;
            return Ok(());
        }
        let (Some(title), Some(channels)) = (row.title.clone(), row.channels.clone()) else {
            return Err(mistake(row.id.as_str(), "is new and needs `title` and `channels`"));
        };
        let (id, required) = (row.id.clone(), row.required.unwrap_or(true));
        documents.push(StandardDocument { id, title, channels, required, assumed: false, source });
        Ok(())
    }

    fn ground(&self, row: &GroundRow, grounds: &mut Vec<Ground>) -> Result<(), OverlayMistake> {
        if row.drop {
            grounds.retain(|it| it.id != row.id);
            return Ok(());
        }
        let source = self.source(&row.clause);
        if let Some(known) = grounds.iter_mut().find(|it| it.id == row.id) {
            known.text = row.text.clone().unwrap_or_else(|| known.text.clone());
            known.assumed = false;
            known.source = source;
            return Ok(());
        }
        let Some(text) = row.text.clone() else {
            return Err(mistake(row.id.as_str(), "is new and needs `text`"));
        };
        grounds.push(Ground { id: row.id.clone(), text, assumed: false, source });
        Ok(())
    }

    fn term(row: &TermRow, laid: &mut Regulation) -> Result<(), OverlayMistake> {
        let is_it = |it: &crate::model::Term| it.scope == row.scope && it.assumed.is_some();
        if row.drop {
            laid.terms.retain(|it| !is_it(it));
            return Ok(());
        }
        // LAW: what the act itself states of time is not the Standard's to change here.
        let Some(known) = laid.terms.iter_mut().find(|it| is_it(it)) else {
            return Err(mistake(&row.scope, "is no assumed term of the regulation"));
        };
        if let Some(norm) = &row.norm {
            known.norm = norm.parse::<Norm>().map_err(|bad| mistake(&row.scope, &bad.to_string()))?;
        }
        known.assumed = None;
        Ok(())
    }
}

impl Regulation {
    /// Returns the regulation as production executes it: what is only assumed of the Standard is neither demanded nor quoted.
    // LAW: law.md 2: an assumed document cannot be demanded, an assumed ground cannot be quoted, until confirmed.
    #[must_use]
    pub fn confirmed_only(&self) -> Self {
        let mut kept = self.clone();
        kept.confirmed_only = true;
        for document in kept.documents.iter_mut().filter(|it| it.assumed) {
            document.required = false;
        }
        kept.grounds.retain(|it| !it.assumed);
        kept.terms.retain(|it| it.assumed.is_none());
        kept
    }
}

fn mistake(at: &str, what: &str) -> OverlayMistake {
    OverlayMistake { at: at.to_owned(), what: what.to_owned() }
}
