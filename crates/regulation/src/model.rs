// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a regulation is, once read: plain values, no behaviour but look-ups.

mod act;
mod closed;
mod ids;
mod standard;

pub use act::{Act, Anomaly, MediaOf, Provision};
pub use closed::{Actor, Channel, End, Medium, NoticeKind, PaperRole, Situation, StepKind, System, Unit};
pub use ids::{
    DocumentId, EditionId, FactId, FieldId, GroundId, PaperId, ProcedureId, RegisterId, ServiceId, StepId,
};
pub use standard::{AgeOf, Ages, Block, Column, Field, FieldKind, Ground, Paper, SignedBy, StandardDocument};

pub use crate::formula::Formula;
use serde::{Deserialize, Serialize};

/// A text in the three languages of the system; `kk` is verbatim where it comes from an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// A time norm as printed; one figure means `min == max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Norm {
    /// The lower figure.
    pub min: u32,
    /// The upper figure, the one that binds.
    pub max: u32,
    /// The unit.
    pub unit: Unit,
}

/// A norm that belongs to no step: the whole service, waiting, processing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// What it covers: `service`, `service-manual`, `processing`, `waiting` …
    pub scope: String,
    /// The clause that states it; `None` where only the Standard would.
    pub clause: Option<String>,
    /// Where it comes from, for a proposed default that the act does not state.
    pub assumed: Option<String>,
    /// The norm.
    #[serde(flatten)]
    pub norm: Norm,
    /// When it holds, over facts; `None` means always.
    pub when: Option<Expr>,
    /// Whether the day of acceptance is left out.
    pub excludes_acceptance_day: bool,
    /// What the act says, verbatim.
    pub text: Text,
}

/// A closed expression over declared facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expr {
    /// The fact is true.
    Fact(FactId),
    /// The fact equals a text.
    Equals(FactId, String),
    /// Not.
    Not(Box<Expr>),
    /// All of them.
    All(Vec<Expr>),
    /// Any of them.
    Any(Vec<Expr>),
}

/// What a part of a step does: the closed set that the engine knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A session step: the person registers at the system.
    CreateAccount,
    /// A session step: login and password are entered.
    SignIn,
    /// A session step: the sign-in is refused with a notice.
    RefuseSignIn,
    /// The request form is shown and filled; papers are attached or scanned.
    FillForm,
    /// A register is asked about the applicant; the answer sets facts.
    QueryRegister(RegisterId),
    /// A condition is judged from the facts by the system.
    Judge,
    /// The request is signed by the applicant or the operator; the verdict sets the fact `signature.valid`.
    SignRequest,
    /// The signed e-document is sent over the border.
    Send,
    /// The e-document is registered by the system.
    RegisterDocument,
    /// A person of the office accepts the documents and registers them in the incoming journal.
    Accept,
    /// The head puts an instruction and names the executor.
    Instruct,
    /// The executor examines and prepares the result, or proposes a refusal on a ground.
    Prepare,
    /// The authorised person signs what was prepared.
    SignResult,
    /// The organisation's stamp signs the result under an order that names the authorised person.
    StampResult,
    /// The office gives the result to the courier or releases it electronically.
    Dispatch,
    /// A notice of this kind is made for the applicant.
    Notify(NoticeKind),
    /// The result appears in the personal cabinet.
    Deliver,
    /// The result is handed over: who took it, on what document.
    HandOver,
    /// The body gives the result out: into hands where the application came in at this body, else it is passed on.
    Issue,
    /// The result given so far stays with the case; the executor prepares another one, such as the contract after the notification.
    NextResult,
    /// A rural akim's executor examines the papers and prepares the covering letter.
    PrepareLetter,
    /// The rural akim signs the covering letter.
    SignLetter,
}

/// Whether a step stands in the act or is ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Printed in the act.
    Printed,
    /// Not printed: justified by this anomaly.
    Rule(String),
}

/// Where a step leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// To a step of the same procedure.
    Step(StepId),
    /// To an end.
    End(End),
}

/// The ways out of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// One way.
    Next(Target),
    /// Two ways of a condition.
    Branch {
        /// When it holds.
        yes: Target,
        /// When it does not.
        no: Target,
    },
}

/// What one hand does inside a step; a step has at least one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The step's id, or with a letter (`….b`) where the step has several parts.
    pub id: StepId,
    /// Who does it; `None` when the system at `Step::at` does.
    pub actor: Option<Actor>,
    /// Who does it instead where a rural akim's office took the application in.
    pub rural_actor: Option<Actor>,
    /// What is done.
    pub action: Action,
    /// When it is done at all, over facts; `None` means always.
    pub when: Option<Expr>,
    /// Whether a sign-in is by the certificate of an EDS.
    pub by_eds: bool,
    /// A short name for screens.
    pub title: Text,
}

/// One step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// The clause of the act, such as `11.6`.
    pub clause: String,
    /// The number printed before it, if any.
    pub printed_no: Option<u32>,
    /// The label as printed, such as `5-процесс`.
    pub printed_label: Option<String>,
    /// Process or condition.
    pub kind: StepKind,
    /// The actors that the act names.
    pub actors: Vec<Actor>,
    /// The systems that the act names.
    pub systems: Vec<System>,
    /// The system that carries it out: portal, center or region.
    pub at: System,
    /// The hands inside it, in order; never empty.
    pub parts: Vec<Part>,
    /// The condition, for a condition that is judged from facts.
    pub when: Option<Expr>,
    /// The procedure that it runs and whose end decides the branch (issued = yes).
    pub runs: Option<ProcedureId>,
    /// The act's words.
    pub text: Text,
    /// The paper or state that it leaves, in the act's words.
    pub result: Option<Text>,
    /// The printed norm.
    pub norm: Option<Norm>,
    /// Where it leads.
    pub exit: Exit,
    /// Printed or ours.
    pub origin: Origin,
}

/// One course inside a regulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Its id.
    pub id: ProcedureId,
    /// The clause that describes it.
    pub clause: String,
    /// Its name.
    pub title: Text,
    /// How applications come in by it; empty where none do.
    pub intake: Vec<Channel>,
    /// The condition under which it takes applications in, over settings of the organisation.
    pub intake_when: Option<Expr>,
    /// Its steps; the first is the start.
    pub steps: Vec<Step>,
}

/// A fact that conditions speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactDecl {
    /// Its id.
    pub id: FactId,
    /// What it means.
    pub title: Text,
    /// The register that answers it, if one does.
    pub register: Option<RegisterId>,
    /// The field of the application whose value it is, if it is one.
    pub field: Option<FieldId>,
}

/// Who may refuse to accept an application, and what he gives instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAccepted {
    /// The clause that foresees it.
    pub clause: String,
    /// Who refuses.
    pub actors: Vec<Actor>,
    /// The receipt that is given; `None` where the act names none.
    pub paper: Option<PaperId>,
    /// The act's words.
    pub text: Text,
}

/// What a granted result writes into a register that the region owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The register.
    pub register: RegisterId,
    /// Fields of the result or of the application that are copied.
    pub fields: Vec<FieldId>,
    /// The group of the application whose entries with an IIN are entered beside the applicant.
    pub subjects: Option<FieldId>,
    /// The field that holds the first day; `None` means the day of the result.
    pub from: Option<FieldId>,
    /// The field that holds the last day; `None` means until it is ended.
    pub to: Option<FieldId>,
    /// When it is written; `None` means with every grant.
    pub when: Option<Expr>,
}

/// One regulation, one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regulation {
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// Name of the service.
    pub title: Text,
    /// What the applicant gets, in plain words.
    pub outcome: Text,
    /// The act.
    pub act: Act,
    /// Name of the provider in the act's words.
    pub provider: Text,
    /// Form of the service, in the act's words.
    pub form: Text,
    /// In what form the act lets the result be given.
    pub media: Vec<Medium>,
    /// Channels for which the act gives the result in some of these forms only.
    pub media_of: Vec<MediaOf>,
    /// In which situations of life people look for it.
    pub situations: Vec<Situation>,
    /// Words that people search by, in any language.
    pub keywords: Vec<String>,
    /// Words of the act that are not steps.
    pub provisions: Vec<Provision>,
    /// Norms that belong to no step.
    pub terms: Vec<Term>,
    /// Documents by the Standard.
    pub documents: Vec<StandardDocument>,
    /// Grounds of refusal.
    pub grounds: Vec<Ground>,
    /// The application's fields.
    pub fields: Vec<Field>,
    /// What the executor adds to the paper that is granted, such as the act of appointment.
    pub result_fields: Vec<Field>,
    /// Papers that come out.
    pub papers: Vec<Paper>,
    /// Who may refuse to accept an application.
    pub not_accepted: Vec<NotAccepted>,
    /// What a granted result writes into registers of the region.
    pub entries: Vec<Entry>,
    /// Declared facts.
    pub facts: Vec<FactDecl>,
    /// The procedures.
    pub procedures: Vec<Procedure>,
    /// Anomalies kept.
    pub anomalies: Vec<Anomaly>,
    /// Whether it is executed as in production: what is only assumed of the Standard is neither demanded nor quoted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed_only: bool,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

impl Regulation {
    /// Returns the procedure of that id.
    pub fn procedure(&self, id: &ProcedureId) -> Option<&Procedure> {
        self.procedures.iter().find(|it| it.id == *id)
    }

    /// Returns the procedure by which applications come in through `channel`.
    pub fn intake(&self, channel: Channel) -> Option<&Procedure> {
        self.procedures.iter().find(|it| it.intake.contains(&channel))
    }

    /// Returns the procedure, the step and the part of that part id.
    pub fn part(&self, id: &StepId) -> Option<(&Procedure, &Step, &Part)> {
        self.procedures.iter().find_map(|procedure| {
            procedure.steps.iter().find_map(|step| {
                step.parts.iter().find(|part| part.id == *id).map(|part| (procedure, step, part))
            })
        })
    }

    /// Returns the paper of that id.
    pub fn paper(&self, id: &str) -> Option<&Paper> {
        self.papers.iter().find(|it| it.id.as_str() == id)
    }

    /// Returns the papers of that role, in the order of the file.
    pub fn papers_of(&self, role: PaperRole) -> impl Iterator<Item = &Paper> {
        self.papers.iter().filter(move |it| it.role == role)
    }

    /// Returns the rule by which that actor may refuse to accept an application.
    pub fn not_accepted_by(&self, actor: Actor) -> Option<&NotAccepted> {
        self.not_accepted.iter().find(|it| it.actors.contains(&actor))
    }

    /// Returns in what form the result is given to who applied through that channel.
    pub fn media_in(&self, channel: Channel) -> &[Medium] {
        self.media_of.iter().find(|it| it.channel == channel).map_or(&self.media, |it| &it.media)
    }

    /// Returns whether the act knows the result on paper only, so that it is signed by hand. Where a channel alone gives paper it
    /// may be made electronically and printed.
    pub fn is_paper_only(&self) -> bool {
        self.media == [Medium::Paper]
    }

    /// Returns the ground of that id.
    pub fn ground(&self, id: &GroundId) -> Option<&Ground> {
        self.grounds.iter().find(|it| it.id == *id)
    }
}

impl Part {
    /// Returns who does it in a case that came in by that channel; `None` when the system does.
    pub fn actor_in(&self, channel: Channel) -> Option<Actor> {
        self.rural_actor.filter(|_| channel == Channel::RuralAkim).or(self.actor)
    }
}

impl Procedure {
    /// Returns the step of that id.
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().find(|it| it.id == *id)
    }
}
