// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why an order is not accepted now. Shown to the person who gave it; holds no personal data.

use crate::{case::PersonId, form::Problem};
use jiff::Timestamp;
use regulation::model::{Actor, End, GroundId, ProcedureId, RegisterId, StepId};
use std::fmt;

/// A text that a person must write and did not, or wrote too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The head's instruction.
    Instruction,
    /// The reason of a refusal.
    Reason,
    /// The remark with which a proposal is returned.
    Remark,
    /// The courier's name.
    Courier,
    /// How many pages of the originals.
    Pages,
    /// Who took the result.
    TakenBy,
    /// The document on which the result was handed over.
    Document,
    /// The executor named in the instruction.
    Executor,
    /// The covering letter.
    Letter,
    /// The reason why a calculated value was replaced.
    Override,
}

/// Why an order is not accepted now; the case stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inadmissible {
    /// The order names another case.
    OtherCase,
    /// The case is not opened yet.
    NotOpen,
    /// The case is opened already.
    AlreadyOpen,
    /// The case has ended.
    Ended {
        /// How.
        end: End,
        /// When.
        at: Timestamp,
    },
    /// The service, edition or SHA-256 is not that of the regulation here.
    UnknownRegulation,
    /// The regulation has no such procedure.
    UnknownProcedure(ProcedureId),
    /// The procedure takes no applications by that channel.
    NotAnIntake(ProcedureId),
    /// The regulation has no such part.
    UnknownPart(StepId),
    /// The parts done before lead to a sign-in step, an end or a condition without its answer: no case begins there. Of an
    /// application that was only sent: no way, or more than one, leads on from there to what is here.
    CannotBeginAt(Option<StepId>),
    /// Somebody was faster: the part is done.
    AlreadyDone {
        /// Which.
        part: StepId,
        /// By whom, where a person did it here.
        by: Option<PersonId>,
        /// When.
        at: Timestamp,
        /// Where the case stands now.
        current: Option<StepId>,
    },
    /// The case stands elsewhere, in another part or at another system.
    NotHere {
        /// Where it stands now.
        current: Option<StepId>,
    },
    /// The part belongs to another role.
    WrongRole {
        /// The role that it needs.
        needs: Actor,
    },
    /// Only the system does this.
    SystemOnly,
    /// The case belongs to another applicant.
    NotTheApplicant,
    /// The official sits in another organisation.
    OtherOrganization,
    /// The instruction names another executor.
    NotTheExecutor,
    /// Who prepared the result cannot sign it.
    PreparerSigns,
    /// This act does not complete this part.
    WrongAct {
        /// The part.
        part: StepId,
    },
    /// The regulation has no such ground of refusal.
    UnknownGround(GroundId),
    /// A text is empty.
    Empty(Input),
    /// A text is longer than [`crate::form::TEXT_CHARS_MAX`].
    TooLong(Input),
    /// The form has mistakes, each by its field.
    Form(Vec<Problem>),
    /// The signature is not valid, and the act foresees no branch for it: sign again.
    SignatureNotValid {
        /// Machine code of the first failed check.
        code: Option<String>,
    },
    /// The result has no number yet: [`crate::command::Act::ResultReserved`] comes first.
    NumberNotReserved,
    /// The act has the result signed by hand, on paper.
    PaperOnly,
    /// The result is an electronic document and cannot be signed by hand.
    NotOnPaper,
    /// The applicant signs this paper too, and has not.
    NotCountersigned,
    /// The act does not give the result in this form to who applies through this channel.
    OtherMedium,
    /// The act lets nobody in this capacity refuse to accept this application.
    MustAccept,
    /// The originals of the papers are in other hands, or did not travel at all.
    OriginalsElsewhere,
    /// The provider has not ordered that originals travel.
    OriginalsStay,
    /// The register was not asked, or has answered already.
    NotAsked(RegisterId),
    /// The answer says nothing of the facts declared for that register.
    AnswerSaysNothing(RegisterId),
    /// More parts, facts or places than the engine takes.
    TooMuch,
}

impl fmt::Display for Inadmissible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherCase => f.write_str("the order names another case"),
            Self::NotOpen => f.write_str("the case is not opened yet"),
            Self::AlreadyOpen => f.write_str("the case is opened already"),
            Self::Ended { .. } => f.write_str("the case has ended"),
            Self::UnknownRegulation => f.write_str("the regulation is not known here"),
            Self::UnknownProcedure(id) => write!(f, "the regulation has no procedure `{id}`"),
            Self::NotAnIntake(id) => write!(f, "procedure `{id}` takes no applications by this channel"),
            Self::UnknownPart(id) => write!(f, "the regulation has no part `{id}`"),
            Self::CannotBeginAt(Some(id)) => write!(f, "a case cannot begin at `{id}`"),
            Self::CannotBeginAt(None) => f.write_str("a case cannot begin at an end"),
            Self::AlreadyDone { part, .. } => write!(f, "part `{part}` is done already"),
            Self::NotHere { current: Some(part) } => write!(f, "the case stands at `{part}`"),
            Self::NotHere { current: None } => f.write_str("the case stands nowhere"),
            Self::WrongRole { needs } => write!(f, "this part belongs to {needs:?}"),
            Self::SystemOnly => f.write_str("only the system does this"),
            Self::NotTheApplicant => f.write_str("the case belongs to another applicant"),
            Self::OtherOrganization => f.write_str("the case belongs to another organisation"),
            Self::NotTheExecutor => f.write_str("the instruction names another executor"),
            Self::PreparerSigns => f.write_str("who prepared the result cannot sign it"),
            Self::WrongAct { part } => write!(f, "this act does not complete part `{part}`"),
            Self::UnknownGround(id) => write!(f, "the regulation has no ground `{id}`"),
            Self::Empty(input) => write!(f, "{input:?} is empty"),
            Self::TooLong(input) => write!(f, "{input:?} is too long"),
            Self::Form(problems) => write!(f, "the form has {} mistakes", problems.len()),
            Self::SignatureNotValid { .. } => f.write_str("the signature is not valid"),
            Self::NumberNotReserved => f.write_str("the result has no number yet"),
            Self::PaperOnly => f.write_str("the result is signed by hand, on paper"),
            Self::NotOnPaper => f.write_str("the result is an electronic document"),
            Self::NotCountersigned => f.write_str("the applicant has not signed the paper"),
            Self::OtherMedium => f.write_str("the act gives the result in another form in this channel"),
            Self::OriginalsElsewhere => f.write_str("the originals are in other hands"),
            Self::OriginalsStay => f.write_str("the provider has not ordered that originals travel"),
            Self::MustAccept => f.write_str("the application cannot be refused at acceptance"),
            Self::NotAsked(id) => write!(f, "register `{id}` is not waited for"),
            Self::AnswerSaysNothing(id) => write!(f, "the answer of register `{id}` has none of its facts"),
            Self::TooMuch => f.write_str("the order is larger than a case takes"),
        }
    }
}

impl std::error::Error for Inadmissible {}
