// SPDX-License-Identifier: MIT OR Apache-2.0
//! Work that follows a commit: what stands in the outbox.

use crate::archives::SignedAct;
use engine::Effect;
use engine::case::CaseId;
use jiff::Timestamp;
use regulation::model::{RegisterId, StepId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Task {
    /// Ask a register.
    AskRegister {
        /// Which.
        register: RegisterId,
        /// Why it was asked in vain before, in words without personal data.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// Send the application, with all that was done before.
    SendApplication,
    /// Tell the other side.
    TellProgress,
    /// Make and stamp the result of the automatic way.
    StampResult {
        /// The part that waits.
        part: StepId,
    },
    /// Judge the request's signature again.
    VerifyAgain,
    /// Stamp the request's signature with time though it is not judged yet.
    StampReceipt,
    /// Stamp the signature of an act with time and archive it.
    StampTime {
        /// Which act.
        act: SignedAct,
    },
    /// Look whether the archive of an act is to be stamped again, before its last stamp proves nothing any more.
    RenewArchive {
        /// Which act.
        act: SignedAct,
    },
    /// Wake the case.
    Wake,
}

/// A row of the outbox, as stored. Names a version of the stream, never personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The case.
    pub case: CaseId,
    /// Version of the case after the order that made this work.
    pub version: u64,
    /// The work.
    #[serde(flatten)]
    pub task: Task,
}

impl Work {
    /// Returns the work of an effect, `None` for one that is done in the commit itself.
    pub fn of(case: CaseId, version: u64, effect: &Effect) -> Option<Self> {
        let task = match effect {
            Effect::AskRegister { register, .. } => {
                Task::AskRegister { register: register.clone(), why: None }
            }
            Effect::SendApplication => Task::SendApplication,
            Effect::TellProgress => Task::TellProgress,
            Effect::StampResult { part } => Task::StampResult { part: part.clone() },
            Effect::VerifyAgain { .. } => Task::VerifyAgain,
            Effect::WakeAt(_) => Task::Wake,
            Effect::Notice { .. } => return None,
        };
        Some(Self { case, version, task })
    }

    /// Returns the lane: what must keep its order stands in one.
    pub fn lane(&self, id: Uuid) -> String {
        let case = self.case.0;
        match &self.task {
            Task::AskRegister { register, .. } => format!("ask/{case}/{register}"),
            Task::SendApplication | Task::TellProgress => format!("border/{case}"),
            Task::StampResult { .. } => format!("stamp/{case}"),
            Task::VerifyAgain => format!("verify/{case}"),
            Task::StampReceipt => format!("receipt/{case}"),
            Task::StampTime { act } | Task::RenewArchive { act } => format!("time/{case}/{}", act.as_str()),
            Task::Wake => format!("wake/{id}"),
        }
    }

    /// Returns the name of the kind.
    pub fn kind(&self) -> &'static str {
        match self.task {
            Task::AskRegister { .. } => "ask-register",
            Task::SendApplication => "send-application",
            Task::TellProgress => "tell-progress",
            Task::StampResult { .. } => "stamp-result",
            Task::VerifyAgain => "verify-again",
            Task::StampReceipt | Task::StampTime { .. } => "stamp-time",
            Task::RenewArchive { .. } => "renew-archive",
            Task::Wake => "wake",
        }
    }

    /// Returns when it may begin.
    pub fn not_before(effect: &Effect, now: Timestamp) -> Timestamp {
        match effect {
            Effect::AskRegister { not_before, .. } | Effect::VerifyAgain { not_before } => *not_before,
            Effect::WakeAt(at) => *at,
            Effect::SendApplication
            | Effect::TellProgress
            | Effect::StampResult { .. }
            | Effect::Notice { .. } => now,
        }
    }
}
