// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was demanded of an archived signature, and how much of it counts for whoever judges the archive.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::policy::{OfficialRole, Policy, Purpose, Revocation, SigningCertificate};
use crate::verdict::CheckCode;

/// What was demanded of the signature, without the roots: those are the verifier's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Demands {
    pub(super) purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<OfficialRole>,
    revocation: Revocation,
    signing_certificate: SigningCertificate,
    ocsp_age_seconds: i64,
    crl_age_seconds: i64,
    clock_skew_seconds: i64,
}

impl Demands {
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            purpose: policy.purpose.clone(),
            iin: policy.expected_iin.clone(),
            bin: policy.expected_bin.clone(),
            role: policy.expected_role,
            revocation: policy.revocation,
            signing_certificate: policy.signing_certificate,
            ocsp_age_seconds: policy.ocsp_age_max.as_secs(),
            crl_age_seconds: policy.crl_age_max.as_secs(),
            clock_skew_seconds: policy.clock_skew_max.as_secs(),
        }
    }

    /// Returns what `policy` demands and what was demanded then, the stricter of each.
    ///
    /// Before its first seal anybody can write an archive: it may ask for more than the caller, never for less.
    pub(super) fn tightened(&self, policy: &Policy) -> Policy {
        let mut also = policy.also.clone();
        if self.purpose != policy.purpose && self.purpose != Purpose::AnySignature {
            also.push(self.purpose.clone());
        }
        Policy {
            also,
            expected_iin: policy.expected_iin.clone().or_else(|| self.iin.clone()),
            expected_bin: policy.expected_bin.clone().or_else(|| self.bin.clone()),
            expected_role: policy.expected_role.max(self.role),
            revocation: match (policy.revocation, self.revocation) {
                (Revocation::NotChecked, _) => Revocation::NotChecked,
                (Revocation::OcspOnly, _) | (_, Revocation::OcspOnly) => Revocation::OcspOnly,
                (Revocation::OcspOrCrl, _) => Revocation::OcspOrCrl,
            },
            signing_certificate: match (policy.signing_certificate, self.signing_certificate) {
                (SigningCertificate::IfPresent, SigningCertificate::IfPresent) => {
                    SigningCertificate::IfPresent
                }
                (SigningCertificate::Required, _) | (_, SigningCertificate::Required) => {
                    SigningCertificate::Required
                }
            },
            ocsp_age_max: shorter(self.ocsp_age_seconds, policy.ocsp_age_max),
            crl_age_max: shorter(self.crl_age_seconds, policy.crl_age_max),
            clock_skew_max: shorter(self.clock_skew_seconds, policy.clock_skew_max),
            ..policy.clone()
        }
    }

    /// Returns in what the archive demands another person or organisation than `policy`: no certificate is of both.
    pub(super) fn contradicted(&self, policy: &Policy) -> Vec<CheckCode> {
        let differs =
            |own: Option<&str>, asked: Option<&str>| own.zip(asked).is_some_and(|(own, asked)| own != asked);
        let both = [
            (CheckCode::IinMismatch, differs(self.iin.as_deref(), policy.expected_iin.as_deref())),
            (CheckCode::BinMismatch, differs(self.bin.as_deref(), policy.expected_bin.as_deref())),
        ];
        both.into_iter().filter(|(_, differs)| *differs).map(|(code, _)| code).collect()
    }
}

/// Returns the shorter time; one below zero, which could run over when it is added, is none.
fn shorter(seconds: i64, limit: SignedDuration) -> SignedDuration {
    SignedDuration::from_secs(seconds).max(SignedDuration::ZERO).min(limit)
}
