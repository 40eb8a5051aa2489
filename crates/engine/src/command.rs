// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be asked of a case, and by whom.

use crate::case::{
    Application, Attachment, CaseId, Done, FileHash, PersonId, Place, Proposal, Sheets, SignedResult,
    Transfer, Value,
};
use jiff::Timestamp;
use regulation::model::{
    Actor, Channel, DocumentId, EditionId, End, FactId, FieldId, ProcedureId, RegisterId, ServiceId, StepId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Id of an order, given by its sender: the same id twice is one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderId(pub Uuid);

/// Who gives an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// A person in a capacity.
    Person {
        /// Who.
        id: PersonId,
        /// In what capacity.
        actor: Actor,
        /// The organisation whose seat it is: its id in `organizations/`; `None` for an applicant.
        organization: Option<String>,
    },
    /// The system itself: timers, workers, registers' answers, the other side of the border.
    System,
}

/// An order to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The case.
    pub case: CaseId,
    /// Who gives it.
    pub by: Party,
    /// What is ordered.
    pub command: Command,
}

/// What can be ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// A case is opened in a procedure; what is `before` happened already, in a session or on the other side.
    Open {
        /// The service.
        service: ServiceId,
        /// The edition.
        edition: EditionId,
        /// SHA-256 of the regulation; one that is not ours is inadmissible.
        regulation_sha256: String,
        /// The procedure.
        procedure: ProcedureId,
        /// The channel.
        channel: Channel,
        /// What is asked.
        application: Box<Application>,
        /// What was done before.
        before: Before,
        /// Facts known before, such as the verdict that the other side found.
        facts: BTreeMap<FactId, Value>,
        /// Application number, when the other side gave it.
        number: Option<String>,
        /// When the documents were accepted, when the other side did.
        accepted_at: Option<Timestamp>,
    },
    /// The current part is completed by this act.
    Complete {
        /// The part that the person saw; another one means that somebody was faster.
        part: StepId,
        /// What was done.
        act: Act,
    },
    /// A register answered.
    Answer {
        /// Which.
        register: RegisterId,
        /// Id of the answering message.
        message: String,
        /// What it says of the declared facts.
        facts: BTreeMap<FactId, Value>,
    },
    /// A register gave no answer; the case waits and asks again.
    NoAnswer {
        /// Which.
        register: RegisterId,
        /// When it will be asked again.
        again_at: Timestamp,
    },
    /// The other side tells what was done there, by a signed message.
    Remote(Box<Progress>),
    /// The originals of the papers pass from hand to hand, beside the steps.
    Originals(Movement),
    /// Time has passed.
    Wake,
}

/// What was done before a case is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Before {
    /// These parts, in order.
    Done(Vec<Done>),
    /// All that the applicant's system does up to handing the application over; nobody told by whom or when. There must be
    /// one way only to what is here through [`regulation::model::Action::Send`], by the facts and fields of the order: what
    /// lies on it is written down as done elsewhere.
    Sent {
        /// The one time that is known: of the message that brought it.
        at: Timestamp,
    },
}

/// What is done with the originals of the papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// They are given to the courier: at the one-stop-shop for the provider, at the provider's office for the way back.
    Handed {
        /// What is given.
        sheets: Vec<Sheets>,
        /// The courier. Personal.
        courier: String,
    },
    /// The courier brought them: what really came.
    Received {
        /// What came.
        sheets: Vec<Sheets>,
    },
    /// The one-stop-shop gives them back to the applicant.
    GivenBack,
}

/// What one side of the border tells the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Id of the message that told it.
    pub message: String,
    /// Parts done there, in order, all since the last told.
    pub done: Vec<Done>,
    /// Where the case stands.
    pub stack: Vec<Place>,
    /// How it ended there.
    pub end: Option<(End, Timestamp)>,
    /// Number given there in the incoming journal.
    pub incoming_number: Option<String>,
    /// Number of the result.
    pub result_number: Option<String>,
    /// A proposal that was signed: the refusal's ground and reason, or the grant.
    pub proposal: Option<Proposal>,
    /// The signed result; its file is stored before the order is given.
    pub result: Option<SignedResult>,
    /// Every movement of the originals that is known there.
    pub originals: Vec<Transfer>,
    /// Registers that do not answer there: since when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub silent: BTreeMap<RegisterId, Timestamp>,
}

/// What completes a part; each kind of action takes one kind of act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// [`regulation::model::Action::FillForm`]: values and scans added to the application.
    Filled {
        /// Values. Personal.
        fields: BTreeMap<FieldId, Value>,
        /// Files.
        attachments: Vec<Attachment>,
    },
    /// [`regulation::model::Action::SignRequest`]: the signature was given and judged.
    Signed {
        /// The signed content.
        content: FileHash,
        /// The detached CMS.
        signature: FileHash,
        /// The stored verdict with its evidence.
        verdict: FileHash,
        /// `Some(true)` valid, `Some(false)` invalid, `None` indeterminate: the case waits.
        valid: Option<bool>,
        /// Machine code of the first failed check.
        code: Option<String>,
    },
    /// [`regulation::model::Action::Accept`]: registered in the incoming journal.
    Accepted,
    /// [`regulation::model::Action::Instruct`].
    Instructed {
        /// The instruction's words. Personal.
        text: String,
        /// Who executes.
        executor: PersonId,
    },
    /// [`regulation::model::Action::Prepare`].
    Prepared(Proposal),
    /// Before [`regulation::model::Action::SignResult`]: the signer begins, and the paper needs its number. The number is
    /// reserved once and stays with the case; the part is not completed. [`Act::ResultSigned`] is inadmissible before it.
    /// A stamp's number is reserved when its part is entered, so there this changes nothing. A proposal that is returned
    /// voids the number.
    ResultReserved,
    /// [`regulation::model::Action::SignResult`] or [`regulation::model::Action::StampResult`].
    ResultSigned(SignedResult),
    /// The head returns what was prepared to the executor with a remark.
    Returned {
        /// Why. Personal.
        remark: String,
    },
    /// [`regulation::model::Action::Dispatch`]; [`regulation::model::Action::Issue`] where the result goes to another system.
    Dispatched {
        /// Name of the courier who signed for it, on the paper way. Personal.
        courier: Option<String>,
    },
    /// At [`regulation::model::Action::Accept`] or [`regulation::model::Action::FillForm`]: the papers are not accepted,
    /// where the regulation lets this actor refuse. The case ends.
    NotAccepted {
        /// Documents that are missing or have expired.
        missing: Vec<DocumentId>,
        /// Why. Personal.
        reason: String,
    },
    /// [`regulation::model::Action::PrepareLetter`].
    LetterPrepared {
        /// Its words. Personal.
        text: String,
    },
    /// [`regulation::model::Action::SignLetter`]: signed by hand; the scan of the signed sheet.
    LetterSigned {
        /// The scan.
        file: FileHash,
    },
    /// [`regulation::model::Action::HandOver`]; [`regulation::model::Action::Issue`] where the application came in by hand.
    HandedOver {
        /// Who took it. Personal.
        taken_by: String,
        /// On what document. Personal.
        document: String,
    },
}
