// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happened to a case, and what the world must do about it.

use crate::case::{
    Application, Attachment, Done, FileHash, PersonId, Place, Proposal, Provenance, Refused, SignedResult,
    Transfer, Value,
};
use jiff::Timestamp;
use regulation::model::{
    Channel, EditionId, End, FactId, FieldId, NoticeKind, ProcedureId, RegisterId, ServiceId, StepId,
};
use std::collections::BTreeMap;

/// Which series a number is taken from. Numbers are gap-free within office and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// Application number.
    Application,
    /// The office's journal of incoming documents.
    Incoming,
    /// Results issued.
    Result,
    /// The rural akim's journal of incoming papers.
    AkimIncoming,
    /// The rural akim's journal of outgoing letters.
    Letter,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The case was opened.
    Opened {
        /// When.
        at: Timestamp,
        /// The service.
        service: ServiceId,
        /// The edition.
        edition: EditionId,
        /// SHA-256 of the regulation.
        regulation_sha256: String,
        /// The procedure.
        procedure: ProcedureId,
        /// The channel.
        channel: Channel,
        /// What is asked.
        application: Box<Application>,
        /// Parts done before.
        done: Vec<Done>,
        /// When the documents were accepted, if that happened before.
        accepted_at: Option<Timestamp>,
        /// Whether the system that it came from tells nothing more.
        one_way: bool,
    },
    /// The case moved: these places are where it stands now.
    Moved {
        /// When.
        at: Timestamp,
        /// The new stack.
        stack: Vec<Place>,
    },
    /// A part was completed.
    Completed {
        /// What.
        done: Done,
    },
    /// Values and files were added to the application.
    Filled {
        /// Values. Personal.
        fields: BTreeMap<FieldId, Value>,
        /// Files.
        attachments: Vec<Attachment>,
    },
    /// The request was signed and the signature judged.
    RequestSigned {
        /// When.
        at: Timestamp,
        /// The signed content.
        content: FileHash,
        /// The detached CMS.
        signature: FileHash,
        /// The stored verdict.
        verdict: FileHash,
        /// `None` is indeterminate.
        valid: Option<bool>,
        /// Machine code of the first failed check.
        code: Option<String>,
    },
    /// The documents were accepted: the term of the service starts.
    DocumentsAccepted {
        /// When.
        at: Timestamp,
    },
    /// A fact became known.
    FactRecorded {
        /// Which.
        fact: FactId,
        /// Its value.
        value: Value,
        /// From where.
        provenance: Provenance,
        /// When.
        at: Timestamp,
    },
    /// A register was asked.
    Asked {
        /// Which.
        register: RegisterId,
        /// When.
        at: Timestamp,
    },
    /// A register answered.
    Answered {
        /// Which.
        register: RegisterId,
        /// By which message.
        message: String,
        /// When.
        at: Timestamp,
    },
    /// A register gave no answer.
    Unanswered {
        /// Which.
        register: RegisterId,
        /// When.
        at: Timestamp,
        /// When it is asked again.
        again_at: Timestamp,
    },
    /// A number was given. `decide` leaves it empty and the writer fills it in the same transaction; a number that the
    /// other side gave comes filled and stays.
    Numbered {
        /// From which series.
        series: Series,
        /// The number; empty until the writer fills it, never empty in the journal.
        number: String,
        /// When.
        at: Timestamp,
    },
    /// The result given so far stays with the case, and another one is prepared.
    ResultKept {
        /// When.
        at: Timestamp,
    },
    /// A number was given to a paper that will never be signed; it is never used again.
    NumberVoided {
        /// From which series.
        series: Series,
        /// The number.
        number: String,
        /// When.
        at: Timestamp,
    },
    /// The head gave an instruction.
    Instructed {
        /// Its words. Personal.
        text: String,
        /// The executor.
        executor: PersonId,
    },
    /// The executor proposed.
    Proposed {
        /// What.
        proposal: Proposal,
        /// Who.
        by: PersonId,
    },
    /// The head returned the proposal.
    ProposalReturned {
        /// Why. Personal.
        remark: String,
        /// Who.
        by: PersonId,
    },
    /// The application was not accepted.
    NotAccepted {
        /// Why, and by whom.
        refused: Refused,
        /// When.
        at: Timestamp,
    },
    /// The covering letter was prepared.
    LetterPrepared {
        /// Its words. Personal.
        text: String,
        /// Who.
        by: PersonId,
    },
    /// The covering letter was signed by hand.
    LetterSigned {
        /// The scan of the signed sheet.
        file: FileHash,
        /// When.
        at: Timestamp,
    },
    /// The result was signed.
    ResultSigned {
        /// The result.
        result: SignedResult,
    },
    /// The result left the office.
    Dispatched {
        /// The courier. Personal.
        courier: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// The result was handed over.
    HandedOver {
        /// Who took it. Personal.
        taken_by: String,
        /// On what document. Personal.
        document: String,
        /// When.
        at: Timestamp,
    },
    /// The originals of the papers passed from hand to hand.
    OriginalsMoved {
        /// The movement.
        transfer: Transfer,
    },
    /// The other side told of its progress.
    RemoteTold {
        /// By which message.
        message: String,
        /// Registers that do not answer there: since when.
        silent: BTreeMap<RegisterId, Timestamp>,
        /// When it was recorded here.
        at: Timestamp,
    },
    /// A deadline passed.
    DeadlineMissed {
        /// Of which part; `None` for the term of the service.
        part: Option<StepId>,
        /// When it was due.
        due: Timestamp,
    },
    /// The case ended here.
    Ended {
        /// How.
        end: End,
        /// When.
        at: Timestamp,
    },
}

/// What the world must do; written to the outbox in the transaction of the events.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask a register about the applicant; its answer comes back as an order.
    AskRegister {
        /// Which.
        register: RegisterId,
        /// Not before.
        not_before: Timestamp,
    },
    /// Send the signed application over the border (REQUEST).
    SendApplication,
    /// Tell the other side what was done here (NOTIFICATION; RESPONSE when a result or an end goes with it).
    TellProgress,
    /// Make the result of the automatic way and stamp it; it comes back as an order.
    StampResult {
        /// The part that waits for it.
        part: StepId,
    },
    /// Judge the request's signature again: evidence was missing.
    VerifyAgain {
        /// Not before.
        not_before: Timestamp,
    },
    /// Put a notice into the applicant's cabinet.
    Notice {
        /// Which.
        kind: NoticeKind,
    },
    /// Wake the case at this time.
    WakeAt(Timestamp),
}

/// What `decide` returns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// What must be done.
    pub effects: Vec<Effect>,
}
