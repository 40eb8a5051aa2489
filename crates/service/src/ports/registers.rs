// SPDX-License-Identifier: MIT OR Apache-2.0
//! The registers: questions and answers as flat records, whatever the wire says.

use super::{Judged, PortError};
use async_trait::async_trait;
use regulation::model::RegisterId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A question to a register about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The register.
    pub register: RegisterId,
    /// IIN of the person.
    pub iin: String,
    /// What the contract takes from the form besides, by name. Personal.
    pub values: BTreeMap<String, String>,
    /// Id of the asking message.
    pub message: Uuid,
    /// The chain it belongs to: a case or a draft.
    pub correlation: Uuid,
}

/// A record of an answer: names of values are those of `registers/<id>/register.toml`.
pub type Record = BTreeMap<String, String>;

/// What a register answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Id of the answering message.
    pub message: String,
    /// The records found; empty when there is none.
    pub records: Vec<Record>,
    /// The signed question, exactly as sent, kept as evidence.
    pub question: Vec<u8>,
    /// The signed answer, exactly as received, kept as evidence.
    pub envelope: Vec<u8>,
    /// What the certificates of its signatures were judged by.
    pub judged: Judged,
    /// Whether it came from a simulator.
    pub simulated: bool,
}

/// Asks registers over the gateway.
#[async_trait]
pub trait Registers: std::fmt::Debug + Send + Sync {
    /// Asks one question.
    async fn ask(&self, question: &Question) -> Result<Answer, PortError>;
}
