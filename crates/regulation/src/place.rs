// SPDX-License-Identifier: MIT OR Apache-2.0
//! What findings point to.

/// A thing of a regulation that findings point to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The file as a whole.
    File,
    /// A named thing: its kind and id.
    Named(Kind, String),
    /// A thing without an id: its kind and its number in the file, from 0.
    Nth(Kind, usize),
}

/// Kinds of things that a file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A procedure.
    Procedure,
    /// A step.
    Step,
    /// A part of a step.
    Part,
    /// A fact.
    Fact,
    /// A field of the application.
    Field,
    /// A field of the result.
    ResultField,
    /// A document of the Standard.
    Document,
    /// A ground of refusal.
    Ground,
    /// A paper.
    Paper,
    /// An anomaly.
    Anomaly,
    /// A clause of the act.
    Clause,
    /// A term.
    Term,
    /// A provision.
    Provision,
}

impl Kind {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Step => "step",
            Self::Part => "part",
            Self::Fact => "fact",
            Self::Field => "field",
            Self::ResultField => "result field",
            Self::Document => "document",
            Self::Ground => "refusal ground",
            Self::Paper => "paper",
            Self::Anomaly => "anomaly",
            Self::Clause => "clause",
            Self::Term => "term",
            Self::Provision => "provision",
        }
    }
}

/// The header of a table that declares a thing of that kind.
pub(crate) const fn header(kind: Kind) -> &'static str {
    match kind {
        Kind::Step => "procedure.step",
        Kind::Part => "procedure.step.part",
        Kind::ResultField => "result-field",
        Kind::Ground => "refusal",
        Kind::Procedure
        | Kind::Fact
        | Kind::Field
        | Kind::Document
        | Kind::Paper
        | Kind::Anomaly
        | Kind::Clause
        | Kind::Term
        | Kind::Provision => kind.noun(),
    }
}
