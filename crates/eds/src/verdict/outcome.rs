// SPDX-License-Identifier: MIT OR Apache-2.0
//! Valid, invalid, or what is needed to decide.

use serde::{Deserialize, Serialize};

use super::Need;

/// Valid, invalid or indeterminate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// Every check passed.
    Valid,
    /// At least one check failed.
    Invalid,
    /// Nothing failed, but something could not be decided. Never to be treated as valid.
    Indeterminate {
        /// What would decide it.
        needs: Vec<Need>,
    },
}

impl Outcome {
    /// Returns the worse of both; of what is undecided all is needed.
    pub(crate) fn with(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Invalid, _) | (_, Self::Invalid) => Self::Invalid,
            (own, Self::Valid) => own,
            (Self::Valid, other) => other.clone(),
            (Self::Indeterminate { mut needs }, Self::Indeterminate { needs: more }) => {
                needs.extend(more.iter().filter(|it| !needs.contains(it)).cloned().collect::<Vec<_>>());
                Self::Indeterminate { needs }
            }
        }
    }
}
