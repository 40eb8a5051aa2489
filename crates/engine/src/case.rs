// SPDX-License-Identifier: MIT OR Apache-2.0
//! The state of one case on one side of the border.

use jiff::Timestamp;
use regulation::model::{
    Channel, DocumentId, EditionId, End, FactId, FieldId, GroundId, ProcedureId, RegisterId, ServiceId,
    StepId,
};

mod known;
mod originals;
mod papers;

pub use originals::{Holder, Sheets, Transfer};
pub use papers::{Earlier, Letter, OnPaper, Refused, SignedResult};
pub use regulation::model::Medium;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Id of a case; the same on both sides of the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub Uuid);

/// Id of a person or official known to this side (an account, a seat), never an IIN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub String);

/// Lower-case hexadecimal SHA-256 of a stored file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileHash(pub String);

/// The value of a fact or of a form field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A text, a date in ISO 8601, an IIN.
    Text(String),
    /// Entries of a repeated group, such as children.
    Entries(Vec<BTreeMap<FieldId, String>>),
}

/// Where a fact came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provenance {
    /// The answer of a register: which, and by which message.
    Register {
        /// The register.
        register: RegisterId,
        /// Id of the answering message; evidence is kept under it.
        message: String,
    },
    /// The verdict on a signature: file of the signature.
    Signature(FileHash),
    /// What a person did in a part of a step.
    Person(PersonId),
    /// A rule or setting of the organisation, such as the order that permits the automatic way.
    Setting(String),
    /// Known when the case was opened: from the session, or told by the other side of the border.
    Before,
}

/// A fact with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its value.
    pub value: Value,
    /// Its origin.
    pub provenance: Provenance,
    /// When it became known here.
    pub at: Timestamp,
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Which document of the Standard it is.
    pub document: DocumentId,
    /// The name that the person gave it. Personal.
    pub name: String,
    /// Media type found from the content.
    pub media_type: String,
    /// Its bytes.
    pub file: FileHash,
    /// Its size.
    pub size_bytes: u64,
}

/// What the applicant asked for; never changes once signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The applicant. The account at the portal; elsewhere an opaque id derived from the case.
    pub applicant: PersonId,
    /// IIN of the applicant. Personal.
    pub iin: String,
    /// Full name of the applicant. Personal.
    pub full_name: String,
    /// Values of the form. Personal.
    pub fields: BTreeMap<FieldId, Value>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// How the result is wanted.
    pub medium: Medium,
    /// Language of the person: `kk`, `ru` or `en`.
    pub lang: String,
    /// The provider that is asked: its id in `organizations/`.
    pub provider: String,
    /// The rural akim's office that took it in: its id in `organizations/`.
    pub akim: Option<String>,
    /// The one-stop-shop that took it in: its id in `organizations/`.
    pub center: Option<String>,
    /// The signed XML of the application, once frozen at review.
    pub content: Option<FileHash>,
    /// The detached signature under it, where the other side of the border sent both.
    pub signature: Option<FileHash>,
}

/// A place in a running procedure; the last of the stack is the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The procedure.
    pub procedure: ProcedureId,
    /// The step.
    pub step: StepId,
    /// The part of the step.
    pub part: StepId,
    /// When the step was entered: its norm runs from here.
    pub since: Timestamp,
}

/// A part that is done, here or elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The part.
    pub part: StepId,
    /// When.
    pub at: Timestamp,
    /// Who, where a person did it: id on the side where it was done.
    pub by: Option<PersonId>,
    /// For a condition, whether it held.
    pub held: Option<bool>,
}

/// What the executor proposes to the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proposal {
    /// The paper is to be issued, with these values added to those of the application.
    Grant {
        /// Values that the paper needs, such as the act of appointment. Personal.
        values: BTreeMap<FieldId, Value>,
    },
    /// The service is to be refused.
    Refuse {
        /// On which ground.
        ground: GroundId,
        /// Why, in the executor's words. Personal.
        reason: String,
    },
}

/// The applicant's or operator's signature under the request, and the last verdict on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSignature {
    /// The signed content.
    pub content: FileHash,
    /// The detached CMS.
    pub signature: FileHash,
    /// The stored verdict.
    pub verdict: FileHash,
    /// `None` is indeterminate: the case waits.
    pub valid: Option<bool>,
    /// Machine code of the first failed check.
    pub code: Option<String>,
    /// When it was judged last.
    pub at: Timestamp,
    /// When it came: it is judged for this time, however late that can be.
    pub received_at: Timestamp,
}

/// Who took the result, on what document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Who took it. Personal.
    pub taken_by: String,
    /// On what document. Personal.
    pub document: String,
    /// When.
    pub at: Timestamp,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// How many events made it; zero before the first.
    pub version: u64,
    /// The service.
    pub service: ServiceId,
    /// The edition it stays on.
    pub edition: EditionId,
    /// SHA-256 of the regulation.
    pub regulation_sha256: String,
    /// The procedure by which it came in.
    pub procedure: ProcedureId,
    /// The channel.
    pub channel: Channel,
    /// When it was opened here.
    pub opened_at: Timestamp,
    /// When the documents were accepted: the term of the service starts from here.
    pub accepted_at: Option<Timestamp>,
    /// What was asked.
    pub application: Application,
    /// Whether the system that it came from tells nothing more: what its steps do with an answer counts as done with it.
    #[serde(default)]
    pub one_way: bool,
    /// Facts known.
    pub facts: BTreeMap<FactId, Fact>,
    /// Where it stands; empty when it has ended.
    pub stack: Vec<Place>,
    /// What is done, in order.
    pub done: Vec<Done>,
    /// Registers asked and not yet answered.
    pub asked: BTreeMap<RegisterId, Timestamp>,
    /// Registers that did not answer: since when we wait.
    pub unanswered: BTreeMap<RegisterId, Timestamp>,
    /// Registers that did not answer the other side, as it told last.
    pub silent_there: BTreeMap<RegisterId, Timestamp>,
    /// Application number, `KATO-YYYY-serial`.
    pub number: Option<String>,
    /// Number of the incoming journal of the provider's office.
    pub incoming_number: Option<String>,
    /// Number of the result.
    pub result_number: Option<String>,
    /// Number of the rural akim's journal of incoming papers.
    pub akim_number: Option<String>,
    /// Number of the covering letter.
    pub letter_number: Option<String>,
    /// The covering letter. Personal.
    pub letter: Option<Letter>,
    /// Why it was not accepted. Personal.
    pub refused: Option<Refused>,
    /// The head's instruction. Personal.
    pub instruction: Option<String>,
    /// Executor named by the head.
    pub executor: Option<PersonId>,
    /// What was proposed, and by whom.
    pub proposal: Option<(Proposal, PersonId)>,
    /// The signed result.
    pub result: Option<SignedResult>,
    /// Results that others followed, such as the notification before the contract.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
    /// How and when it ended here.
    pub end: Option<(End, Timestamp)>,
    /// Registers that answered, and when.
    pub answered: BTreeMap<RegisterId, Timestamp>,
    /// The signature under the request.
    pub signature: Option<RequestSignature>,
    /// Why the head returned the last proposal; cleared by the next one. Personal.
    pub remark: Option<String>,
    /// The courier who signed for the result. Personal.
    pub courier: Option<String>,
    /// The handing over.
    pub handed_over: Option<HandedOver>,
    /// Movements of the originals of the papers, in order.
    pub originals: Vec<Transfer>,
    /// Result numbers given to papers that were never signed; never used again.
    pub voided: Vec<String>,
    /// Messages of the other side that were taken in.
    pub told: BTreeSet<String>,
    /// Deadlines missed: of which part (`None` for the service), due when.
    pub missed: Vec<(Option<StepId>, Timestamp)>,
}

impl Case {
    /// Returns the state before the first event.
    pub fn empty(id: CaseId) -> Self {
        Self {
            id,
            version: 0,
            service: ServiceId(String::new()),
            edition: EditionId(String::new()),
            regulation_sha256: String::new(),
            procedure: ProcedureId(String::new()),
            channel: Channel::Portal,
            opened_at: Timestamp::UNIX_EPOCH,
            accepted_at: None,
            application: Application::empty(),
            one_way: false,
            facts: BTreeMap::new(),
            stack: Vec::new(),
            done: Vec::new(),
            asked: BTreeMap::new(),
            unanswered: BTreeMap::new(),
            silent_there: BTreeMap::new(),
            number: None,
            incoming_number: None,
            result_number: None,
            akim_number: None,
            letter_number: None,
            letter: None,
            refused: None,
            instruction: None,
            executor: None,
            proposal: None,
            result: None,
            earlier: Vec::new(),
            end: None,
            answered: BTreeMap::new(),
            signature: None,
            remark: None,
            courier: None,
            handed_over: None,
            originals: Vec::new(),
            voided: Vec::new(),
            told: BTreeSet::new(),
            missed: Vec::new(),
        }
    }

    /// Returns where the case stands; `None` before it is opened and after its end.
    pub fn current(&self) -> Option<&Place> {
        self.stack.last()
    }

    /// Returns the registers that keep the case waiting, here or at the other side, and since when.
    pub fn silent(&self) -> BTreeMap<RegisterId, Timestamp> {
        let mut silent = self.silent_there.clone();
        silent.extend(self.unanswered.clone());
        if self.end.is_some() {
            silent.clear();
        }
        silent
    }

    /// Returns the last time that this part was done.
    pub fn last_done(&self, part: &StepId) -> Option<&Done> {
        self.done.iter().rev().find(|it| it.part == *part)
    }

    /// Returns the results, in the order in which they were signed, with their numbers.
    pub fn results(&self) -> impl Iterator<Item = (Option<&str>, &SignedResult)> {
        let earlier = self.earlier.iter().map(|it| (it.number.as_deref(), &it.result));
        earlier.chain(self.result.iter().map(|it| (self.result_number.as_deref(), it)))
    }

    /// Returns whether the application came in at an office of the region, into hands.
    pub fn came_by_hand(&self) -> bool {
        matches!(self.channel, Channel::Provider | Channel::RuralAkim)
    }

    /// Returns whether it was opened.
    pub fn is_open(&self) -> bool {
        self.version > 0
    }
}

impl Application {
    /// Returns an application that asks nothing.
    pub fn empty() -> Self {
        Self {
            applicant: PersonId(String::new()),
            iin: String::new(),
            full_name: String::new(),
            fields: BTreeMap::new(),
            attachments: Vec::new(),
            medium: Medium::Electronic,
            lang: "kk".to_owned(),
            provider: String::new(),
            akim: None,
            center: None,
            content: None,
            signature: None,
        }
    }
}
