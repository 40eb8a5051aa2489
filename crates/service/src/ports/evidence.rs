// SPDX-License-Identifier: MIT OR Apache-2.0
//! Judging and stamping signatures with evidence from outside, and signing with the organisation's stamp.

use super::PortError;
use async_trait::async_trait;
use eds::OfficialRole;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who must have signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum Signatory {
    /// The person of this IIN, for himself.
    Person {
        /// The IIN.
        iin: String,
    },
    /// Any person, for himself: who it is the certificate says.
    AnyPerson,
    /// Any person, for himself or as an employee of whatever organisation: who it is the certificate says.
    AnyHolder,
    /// An employee of the organisation of this BIN.
    Official {
        /// His IIN.
        iin: String,
        /// The BIN.
        bin: String,
        /// The least role that his certificate must name; what was kept before roles were asked for needs the least.
        #[serde(default = "employee")]
        role: OfficialRole,
    },
    /// An employee of the organisation of this BIN who has the right to sign for it: who it is the certificate says.
    AnyOfficial {
        /// The BIN.
        bin: String,
    },
    /// The organisation of this BIN itself, by its stamp.
    Organization {
        /// The BIN.
        bin: String,
    },
}

const fn employee() -> OfficialRole {
    OfficialRole::Employee
}

/// Code of the port's error where the authority of time gave no stamp: it alone is asked again later.
pub const NO_STAMP: &str = "time-stamp-absent";

/// A signature stamped with time and archived with everything that judging it again needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The archive ([`eds::Archive`]).
    pub archive: Vec<u8>,
    /// The time that the stamp proves.
    pub stamped_at: Timestamp,
    /// Name of the authority that stamped it.
    pub authority: String,
    /// The end of the key of the last time stamp, or of an answer over which none stands: before it the archive is stamped again.
    pub renew_before: Option<Timestamp>,
}

/// What was found. Stored beside the act, with the evidence inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// `Some(true)` valid, `Some(false)` invalid, `None` indeterminate: wait and judge again.
    pub valid: Option<bool>,
    /// Machine code of the first check that failed or could not be made.
    pub code: Option<String>,
    /// Common name of the signer's certificate. Personal.
    pub signer: Option<String>,
    /// IIN of the signer's certificate; stored in the verdict, not beside it. Personal.
    #[serde(skip)]
    pub iin: Option<String>,
    /// Serial number of the certificate, hexadecimal.
    pub serial: Option<String>,
    /// The time for which the signer was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_for: Option<Timestamp>,
    /// The whole verdict with every check and the evidence, JSON.
    pub verdict: serde_json::Value,
}

impl Judgement {
    /// Returns what somebody is told who waits at the page: that who issued his key is not known here is an answer too.
    pub fn at_once(&self) -> Option<bool> {
        let is_answer = self.code.as_deref() == Some("chain-untrusted");
        self.valid.or_else(|| is_answer.then_some(false))
    }
}

/// Judges a signature, fetching what is needed: OCSP, CRL, time stamps, at most three rounds.
#[async_trait]
pub trait Evidence: std::fmt::Debug + Send + Sync {
    /// Judges `cms` over `signed` at `at`.
    async fn judge(
        &self,
        signed: &[u8],
        cms: &[u8],
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Judgement, PortError> {
        self.judge_received((signed, cms), by, at, at).await
    }

    /// Judges what was signed and the signature over it for the time at which they came, by what is known now.
    async fn judge_received(
        &self,
        act: (&[u8], &[u8]),
        by: &Signatory,
        received: Timestamp,
        now: Timestamp,
    ) -> Result<Judgement, PortError>;

    /// Has a signature stamped with time before it can be judged, and returns the stamp; nothing where it holds a stamp of its
    /// own. Unavailable while the authority of time is silent.
    async fn stamp(
        &self,
        act: (&[u8], &[u8]),
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Option<Vec<u8>>, PortError>;

    /// Returns the archive of what was signed and the signature over it: proved by `stamp`, or by one that is asked for now.
    /// Unavailable while the authority of time is silent.
    async fn archive(
        &self,
        act: (&[u8], &[u8]),
        stamp: Option<Vec<u8>>,
        by: &Signatory,
        at: Timestamp,
    ) -> Result<Archived, PortError>;

    /// Has an archive stamped again over all that it holds, with what is known now about its authorities; unavailable while
    /// the authority of time is silent, unusable where the archive does not prove its act any more.
    async fn renew(&self, archive: &[u8], at: Timestamp) -> Result<Archived, PortError>;
}

/// The organisation's stamp.
#[async_trait]
pub trait Signer: std::fmt::Debug + Send + Sync {
    /// Signs a digest with the stamp of the organisation of that id and returns a detached CMS.
    async fn stamp(&self, organization: &str, sha256: [u8; 32], at: Timestamp) -> Result<Vec<u8>, PortError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_at_the_page_is_answered_where_no_authority_need_be_waited_for() {
        let told = |valid: Option<bool>, code: &str| {
            let (code, verdict) = (Some(code.to_owned()), serde_json::Value::Null);
            Judgement { valid, code, signer: None, iin: None, serial: None, judged_for: None, verdict }
                .at_once()
        };
        assert_eq!(told(None, "chain-untrusted"), Some(false));
        assert_eq!(told(None, "revocation-unknown"), None);
        assert_eq!(told(Some(true), ""), Some(true));
    }
}
