// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was demanded of a file, told with the verdict: neither says anything without the other.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::path::Context;
use crate::policy::{OfficialRole, Policy, Purpose, Revocation};

/// What was demanded of a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Demanded {
    /// What it is for, by [`Purpose::word`].
    pub purpose: String,
    /// The IIN that the certificate must hold.
    pub iin: Option<String>,
    /// The BIN that the certificate must hold.
    pub bin: Option<String>,
    /// The least role.
    pub role: Option<OfficialRole>,
    /// The time for which it was judged.
    pub at: Timestamp,
    /// Whether it was asked if certificates were revoked.
    pub revocation: RevocationAsked,
    /// Whether the roots were confirmed.
    pub roots: RootsAre,
}

impl std::fmt::Debug for Demanded {
    // The person stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demanded")
            .field("purpose", &self.purpose)
            .field("at", &self.at)
            .field("revocation", &self.revocation)
            .field("roots", &self.roots)
            .finish_non_exhaustive()
    }
}

/// Whether it was asked if certificates were revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationAsked {
    /// Without a trustworthy answer nothing is valid.
    Required,
    /// The verdict says nothing about it.
    NotAsked,
}

/// Whether the roots were confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootsAre {
    /// The hash of each was confirmed from elsewhere, and none is of a development authority.
    Confirmed,
    /// Whoever asked vouches for them.
    Unconfirmed,
    /// There is none.
    Absent,
}

impl Demanded {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let policy = context.policy;
        let bin = policy.expected_bin.as_deref().or(policy.purpose.bin());
        Self {
            purpose: policy.purpose.word().to_owned(),
            iin: policy.expected_iin.clone(),
            bin: bin.map(str::to_owned),
            role: policy.expected_role.or(policy.purpose.role()),
            at: context.at,
            revocation: match policy.revocation {
                Revocation::OcspOrCrl | Revocation::OcspOnly => RevocationAsked::Required,
                Revocation::NotChecked => RevocationAsked::NotAsked,
            },
            roots: match (policy.trust.roots().is_empty(), policy.trust.is_confirmed()) {
                (true, _) => RootsAre::Absent,
                (false, true) => RootsAre::Confirmed,
                (false, false) => RootsAre::Unconfirmed,
            },
        }
    }
}

/// Returns whether anything is demanded that certificates of persons alone can meet.
pub(super) fn is_about_person(policy: &Policy) -> bool {
    let of_subject = policy.expected_iin.is_some() || policy.expected_bin.is_some();
    policy.purpose != Purpose::AnySignature || of_subject || policy.expected_role.is_some()
}
