// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be wrong in the tables of published forms, and what to write instead.

use regulation::model::{DocumentId, ServiceId, StepId};
use std::fmt;

/// What is wrong in the table of a service, or missing in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableFault {
    /// The portal's code of the service.
    pub service: String,
    /// The key in its table, such as `fields "child.name"`.
    pub key: String,
    /// What is wrong.
    pub kind: TableFaultKind,
}

/// What is wrong with a key of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum TableFaultKind {
    /// No regulation is of that service.
    #[error("there is no service `{0}`: write the id of a regulation, the name of its folder")]
    NoService(ServiceId),
    /// Nobody here serves it.
    #[error(
        "no organisation whose workplaces are here serves `{0}`: add the one that does to `organizations`, or take the table out"
    )]
    NoProvider(ServiceId),
    /// Nobody here takes it in at the portal.
    #[error("no organisation whose workplaces are here takes `{0}` in at the portal: take the table out")]
    NoIntake(ServiceId),
    /// This organisation does not, others here do.
    #[error("`{0}` takes nothing of this service in at the portal: applications to it are refused")]
    NotTakenAt(String),
    /// The region judges the applicant's signature in this step.
    #[error(
        "step `{0}` judges the applicant's signature here, and it does not come along: take the table out"
    )]
    JudgesSignature(StepId),
    /// Nothing says by which way an application came here, from this step on.
    #[error(
        "from step `{0}` no way leads here through a `send`, or several do and the form decides between none: take the table out"
    )]
    NoWay(StepId),
    /// The case would wait for what the portal never tells.
    #[error(
        "step `{0}` waits for the portal, which tells nothing more: cases would never end: take the table out"
    )]
    NeverEnds(StepId),
    /// The code of the field that takes the paper is empty.
    #[error("it is empty: write the code of the portal's field that takes the paper")]
    NoResult,
    /// The edition has no such field.
    #[error(
        "the form has no field `{0}`: write one that it has, inside a group with a dot, as `group.field`: {1}"
    )]
    NoField(String, String),
    /// The edition asks for it in other channels only.
    #[error(
        "the form does not ask for `{0}` at the portal: take the line out, and write the code into `ignored`"
    )]
    NotAsked(String),
    /// Several codes go to one field.
    #[error(
        "several codes go to the field `{0}`: leave one and write the others into `ignored`, or put texts together by `joined`"
    )]
    FilledTwice(String),
    /// Several codes go to what is no text of the form.
    #[error("`{0}` is no text, or inside a group: only texts outside groups are put together")]
    NotJoined(String),
    /// A value of fields of which none is taken.
    #[error("`{0}` is a group: write what inside it goes where, as `\"{1}.CODE\" = \"{0}.field\"`")]
    EmptyGroup(String, String),
    /// The code stands in the entries of one group, the field in another.
    #[error("the field `{0}` is not of the group `{1}` that the code stands in: write a field of that group")]
    AnotherGroup(String, String),
    /// What is above the code is read or ignored as a whole.
    #[error("it is never read, because `{0}` is taken as a whole: take one of the two out")]
    NeverRead(String),
    /// The same code stands in several tables, or twice in one.
    #[error("it stands twice in `language`, `fields`, `joined`, `documents` and `ignored`: leave it once")]
    InTwoTables,
    /// The field has no answers to choose from.
    #[error("the field `{0}` is no choice, no tick and no text: take its answers out")]
    NoChoice(String),
    /// The field has no such answer.
    #[error("`{0}` is none of its answers: write one of {1}")]
    NoAnswer(String, String),
    /// Only a tick outside groups has an answer that a form presupposes.
    #[error(
        "`{0}` is no tick, or inside a group: only ticks outside groups are presupposed: take the line out"
    )]
    NotFixed(String),
    /// A code goes to it besides.
    #[error(
        "a code goes to `{0}` too, and left empty it would be presupposed: take one of the two lines out"
    )]
    FixedToo(String),
    /// The edition takes no such document from a portal.
    #[error(
        "the form takes no document `{0}` at the portal: write one that it takes ({1}), or put the code into `ignored`"
    )]
    NoDocument(DocumentId, String),
    /// Nothing goes to a field that is demanded.
    #[error(
        "no code goes to the field `{0}`, which is demanded: applications without it are refused; a tick that every application presupposes goes into `fixed`"
    )]
    Unfilled(String),
    /// Nothing brings a document that is demanded.
    #[error("no code brings the document `{0}`, which is demanded: applications without it are refused")]
    Unattached(DocumentId),
}

impl TableFault {
    /// Returns where it stands.
    pub fn place(&self) -> String {
        format!("[published.services.{:?}] {}", self.service, self.key)
    }

    /// Returns whether the tables can be worked by all the same: some applications will be refused, none misread.
    pub fn is_warning(&self) -> bool {
        use TableFaultKind::{NotTakenAt, Unattached, Unfilled};
        matches!(self.kind, NotTakenAt(_) | Unattached(_) | Unfilled(_))
    }
}

impl fmt::Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.kind)
    }
}
