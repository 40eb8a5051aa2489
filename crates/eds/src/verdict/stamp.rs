// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a verdict says about time: for when a signer was judged and why, and each time stamp.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Check, CheckResult, Outcome};

/// The time for which a signer was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JudgedTime {
    /// The time.
    pub at: Timestamp,
    /// Why that one.
    pub by: TimeBasis,
}

/// Why a signer was judged for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeBasis {
    /// A time stamp proves that the signature existed then.
    Stamp,
    /// The signature was there when it was received: the time the caller gave.
    Received,
    /// The signer claims it. Proves nothing; only where the policy says so.
    Claimed,
}

/// Where a time stamp was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampPlace {
    /// Among the unsigned attributes of the signature.
    Inside,
    /// In the evidence.
    Beside,
    /// In the document, over everything before it.
    Document,
    /// In the archive, over everything in it.
    Archive,
}

/// A time stamp and what was found about it. A stamp that is not valid proves nothing and harms nothing. `C` is the form of
/// its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimeStamp<C = Check> {
    /// Valid, invalid or indeterminate for this stamp alone.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Where it was found.
    pub place: StampPlace,
    /// The time it states, if it could be read.
    pub time: Option<Timestamp>,
    /// How exact the time is, as the authority says.
    pub accuracy_milliseconds: Option<u64>,
    /// Its serial number: contents of the INTEGER in hexadecimal; the national authority's are negative.
    pub serial_hex: Option<String>,
    /// The policy of the authority under which it was made.
    pub policy: Option<String>,
    /// Name of the authority in its certificate.
    pub authority: Option<String>,
    /// Until when the key proves: the first end of a certificate on its path, installed roots left out. A further stamp is due before.
    pub key_until: Option<Timestamp>,
    /// Each check, in order.
    pub checks: Vec<C>,
}

impl TimeStamp {
    /// Returns whether every check passed.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.outcome == Outcome::Valid
    }

    /// Returns the codes of the failed checks, each once.
    #[must_use]
    pub fn failed_codes(&self) -> Vec<&'static str> {
        super::codes_with(&self.checks, CheckResult::Failed)
    }

    /// Returns the codes of the checks that could not be decided, each once.
    #[must_use]
    pub fn unknown_codes(&self) -> Vec<&'static str> {
        super::codes_with(&self.checks, CheckResult::Unknown)
    }
}
