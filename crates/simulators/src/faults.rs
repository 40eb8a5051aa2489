// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a simulated register that stands behind a socket misbehaves: what is wrong with the answers, and with the carrying.
//!
//! A pure value and a pure plan: who carries the answers does what the plan says.

use crate::registers::Switch;
use serde::{Deserialize, Serialize};

/// The longest delay.
pub const DELAY_MILLISECONDS_MAX: u64 = 600_000;
/// The longest run of flapping.
pub const RUN_MAX: u64 = 1_000_000;

/// The fault switches of a register; none of them by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// How long each answer is held back.
    pub delay_ms: u64,
    /// What is wrong with the answer itself.
    pub answer: Switch,
    /// Every second question is answered by the answer before it, once more.
    pub duplicate: bool,
    /// Two questions under way at once get each other's answers.
    pub reorder: bool,
    /// The connection ends in the middle of the answer.
    pub truncate: bool,
    /// The server answers this status of 500 to 599 and no envelope.
    pub status: Option<u16>,
    /// It comes and goes.
    pub flapping: Option<Flapping>,
}

/// A register that comes and goes: so many good answers, then so many of status 503, and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flapping {
    /// Answers in a row as the other switches say.
    pub good: u64,
    /// Refusals in a row.
    pub bad: u64,
}

/// Why switches are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultsError {
    /// The delay is longer than [`DELAY_MILLISECONDS_MAX`].
    Delay,
    /// The status is not one of 500 to 599.
    Status,
    /// A run of flapping is empty or longer than [`RUN_MAX`].
    Run,
}

impl std::fmt::Display for FaultsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Delay => write!(f, "`delay_ms` is more than {DELAY_MILLISECONDS_MAX}"),
            Self::Status => write!(f, "`status` is not one of 500 to 599"),
            Self::Run => write!(f, "a run of `flapping` is not one of 1 to {RUN_MAX}"),
        }
    }
}

impl std::error::Error for FaultsError {}

/// How one answer is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// As it is.
    Whole,
    /// Ended in the middle.
    Truncated,
    /// Exchanged with that of a question under way at the same time.
    Exchanged,
    /// Not at all: the answer given before it stands in its place.
    Before,
    /// Not at all: this status stands in its place.
    Status(u16),
}

impl Faults {
    /// Checks the bounds.
    pub fn check(self) -> Result<Self, FaultsError> {
        if self.delay_ms > DELAY_MILLISECONDS_MAX {
            return Err(FaultsError::Delay);
        }
        if self.status.is_some_and(|it| !(500..=599).contains(&it)) {
            return Err(FaultsError::Status);
        }
        let runs = self.flapping.map_or([1, 1], |it| [it.good, it.bad]);
        if runs.iter().any(|it| !(1..=RUN_MAX).contains(it)) {
            return Err(FaultsError::Run);
        }
        Ok(self)
    }

    /// Returns how the question of that number (from 0, since the switches were set) is served.
    #[must_use]
    pub fn carry(self, number: u64) -> Carry {
        let down = self.flapping.is_some_and(|it| {
            let turn = it.good.saturating_add(it.bad).max(1);
            number % turn >= it.good
        });
        match self.status {
            _ if down => Carry::Status(503),
            Some(status) => Carry::Status(status),
            None if self.duplicate && number % 2 == 1 => Carry::Before,
            None if self.reorder => Carry::Exchanged,
            None if self.truncate => Carry::Truncated,
            None => Carry::Whole,
        }
    }
}
