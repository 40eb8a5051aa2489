// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the Standard adds: documents, grounds, forms, papers.

use super::{Channel, DocumentId, Expr, FieldId, Formula, GroundId, PaperId, PaperRole, Text};
use serde::{Deserialize, Serialize};

/// A document that the Standard demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandardDocument {
    /// Its id.
    pub id: DocumentId,
    /// Its name.
    pub title: Text,
    /// In which channels it is asked for.
    pub channels: Vec<Channel>,
    /// Whether an application without it is incomplete.
    pub required: bool,
    /// Whether this is a proposed default and not a quotation.
    pub assumed: bool,
    /// Where it comes from.
    pub source: String,
}

/// A ground of refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Its id.
    pub id: GroundId,
    /// Its words.
    pub text: Text,
    /// Whether this is a proposed default and not a quotation.
    pub assumed: bool,
    /// Where it comes from.
    pub source: String,
}

/// What kind of value a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A date.
    Date,
    /// An IIN.
    Iin,
    /// A phone number.
    Phone,
    /// A whole number.
    Number,
    /// An amount of tenge.
    Money,
    /// Yes or no.
    Tick,
    /// One of these; `(value, label)`.
    Choice(Vec<(String, Text)>),
    /// A repeated group of fields.
    Group {
        /// At least so many.
        min: u32,
        /// At most so many.
        max: u32,
        /// The fields of one entry.
        fields: Vec<Field>,
    },
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its label.
    pub label: Text,
    /// A hint below the label.
    pub hint: Option<Text>,
    /// Its kind.
    pub kind: FieldKind,
    /// Whether it must be filled.
    pub required: bool,
    /// Longest value in characters.
    pub max_chars: u32,
    /// Where a value is taken from after proof by EDS, such as `gbd-fl.surname`.
    pub prefill: Option<String>,
    /// When it is asked for, over other fields; `None` means always.
    pub when: Option<Expr>,
    /// In which channels it is asked for; empty means in all.
    pub channels: Vec<Channel>,
    /// How its value is calculated; an official may give another one with a reason.
    pub formula: Option<Formula>,
    /// Which answers of a choice an age allows.
    pub ages: Option<Ages>,
}

/// Which answers of a choice an age allows, on the day of the application: who is called a minor is not of age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ages {
    /// The date of birth, in the same entry of the group.
    pub born: FieldId,
    /// Answers with their bounds; an answer that is not here is open to any age.
    pub answers: Vec<AgeOf>,
}

/// Of what age somebody may be for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeOf {
    /// The stored value of the answer.
    pub value: String,
    /// From this age on.
    pub from: Option<u32>,
    /// Below this age.
    pub below: Option<u32>,
}

impl Field {
    /// Returns whether it is asked for in that channel.
    pub fn is_asked_in(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }
}

/// One block of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A heading; placeholders `{field}` are filled with values.
    Heading(Text),
    /// A paragraph; placeholders `{field}` are filled with values.
    Text(Text),
    /// A labelled value.
    Field {
        /// Its label.
        label: Text,
        /// The value's name.
        value: String,
    },
    /// The entries of a repeated group, a row each.
    Table {
        /// The group's name.
        value: String,
        /// Its columns.
        columns: Vec<Column>,
    },
    /// How the calculated values were found, with the rates.
    Calculation,
    /// A line for a signature.
    Sign(SignedBy),
    /// Place of the seal, on paper results.
    Seal,
    /// The QR code of the public check.
    Qr,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The field of the group; `full_name` joins surname, given name and patronymic.
    pub field: String,
    /// Its heading.
    pub label: Text,
}

/// Who signs on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedBy {
    /// Who signs the result, with position and name.
    Signer,
    /// The applicant.
    Applicant,
}

/// A paper that comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its id, such as `certificate`.
    pub id: PaperId,
    /// What it is for.
    pub role: PaperRole,
    /// When it is the one, where several share the role: over facts, fields and result fields.
    pub when: Option<Expr>,
    /// Its title.
    pub title: Text,
    /// Whether its form is a proposed default.
    pub assumed: bool,
    /// Its blocks.
    pub blocks: Vec<Block>,
}
