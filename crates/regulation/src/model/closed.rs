// SPDX-License-Identifier: MIT OR Apache-2.0
//! The closed lists of the regulations.

use serde::{Deserialize, Serialize};

/// Who acts: the closed list of the regulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The one who applies.
    Applicant,
    /// The provider, where the act names no unit.
    Provider,
    /// The provider's office.
    ProviderOffice,
    /// The provider's head.
    ProviderHead,
    /// The provider's executor.
    ProviderExecutor,
    /// Specialist of a rural akim's office.
    RuralAkimSpecialist,
    /// Akim of a rural district.
    RuralAkim,
    /// Executor in a rural akim's office.
    RuralAkimExecutor,
    /// Operator of the one-stop-shop.
    CenterOperator,
    /// Courier of the one-stop-shop.
    CenterCourier,
}

/// An information system named by the regulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// The portal of electronic government.
    Portal,
    /// The workplace system of the one-stop-shop.
    Center,
    /// The gateway.
    Gateway,
    /// The regional gateway's workplaces.
    Region,
    /// The persons register.
    GbdFl,
    /// The notaries' register.
    Enis,
}

/// How an application comes in; a procedure with intake names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The portal.
    Portal,
    /// The one-stop-shop.
    Center,
    /// The provider's office.
    Provider,
    /// A rural akim's office.
    RuralAkim,
}

/// How the applicant wants the result, and how the act lets it be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// An electronic document.
    Electronic,
    /// On paper.
    Paper,
}

/// What a paper is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperRole {
    /// What is granted.
    Grant,
    /// The reasoned refusal.
    Refusal,
    /// The receipt for the documents accepted.
    Receipt,
    /// The receipt given where the application is not accepted.
    NotAccepted,
    /// The covering letter.
    Letter,
    /// A slip, such as the tear-off part of a referral.
    Slip,
}

/// In which situation of life people look for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Situation {
    /// Family and children.
    FamilyAndChildren,
    /// Income and aid.
    IncomeAndAid,
    /// Work.
    Work,
    /// Disability and care.
    DisabilityAndCare,
    /// Life in a village.
    RuralLife,
}

/// The unit a time norm is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Working days.
    WorkingDays,
    /// Calendar days.
    CalendarDays,
}

/// The notices that steps make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Sign-in refused.
    SignInRefused,
    /// The persons register has no data.
    DataUnavailable,
    /// The signature was not confirmed.
    SignatureNotConfirmed,
    /// The service is refused because of the documents.
    ServiceRefused,
    /// The request was accepted and sent.
    Sent,
    /// The result is ready.
    ResultReady,
}

/// Process or condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Something is done.
    Process,
    /// Something is decided.
    Condition,
}

/// How a case can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The result was issued.
    Issued,
    /// The service was refused with a reason.
    Refused,
    /// The documents were not accepted.
    NotAccepted,
    /// Sign-in was refused.
    SignInRefused,
    /// The register had no data.
    DataUnavailable,
}
