// SPDX-License-Identifier: MIT OR Apache-2.0
//! The archive of a signed act: everything that a judgement needs, in one file that is judged offline after years.
//!
//! It holds the signed bytes (or their digest), the signature, the certificates, the answers about revocation, the
//! time stamps, what was demanded and what was found. Before the key of the last time stamp ends, the whole is
//! stamped again ([`Archive::seal_request`], [`Archive::sealed`]): each seal is a time stamp over a list of digests
//! of everything before it, with what is then known about the authorities of the earlier stamps (the idea of
//! RFC 4998, kept to one chain).
//!
//! Answers of responders are archived whole. A list is archived whole only up to [`ARCHIVED_LIST_BYTES_MAX`]: the
//! lists of authorities are that short; about a person the responder is asked instead of keeping the national list.
//!
//! The same archive has the same bytes: evidence is ordered, keys of objects are sorted.

mod demands;
mod digests;
mod known;
mod read;
mod verify;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use demands::Demands;
pub use verify::{ArchiveVerdict, judge_archive, verify_archive};

use crate::algorithm::DigestAlgorithm;
use crate::evidence::{EVIDENCE_ITEMS_MAX, Evidence, base64_bytes};
use crate::policy::Policy;
use crate::tsp;
use crate::verdict::Verdict;

/// What some programs write before text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The form of archives written by this version.
pub const ARCHIVE_VERSION: u32 = 1;
/// Bytes of an archive that is read.
pub const ARCHIVE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of a revocation list that is archived.
pub const ARCHIVED_LIST_BYTES_MAX: usize = 256 * 1024;
/// Seals of one archive: one every two years for a century fit.
pub const SEALS_MAX: usize = 64;

/// What was signed, as it is archived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum ArchivedContent {
    /// Bytes beside a CMS.
    Detached {
        /// The bytes.
        #[serde(with = "base64_bytes")]
        bytes: Vec<u8>,
    },
    /// Bytes beside a CMS, of which the SHA-256 is archived; the bytes are kept elsewhere.
    Sha256 {
        /// The SHA-256.
        #[serde(with = "base64_bytes")]
        sha256: Vec<u8>,
    },
    /// Inside the CMS.
    Attached,
    /// An XML document with its signatures in it.
    Xml {
        /// The document.
        #[serde(with = "base64_bytes")]
        bytes: Vec<u8>,
    },
}

/// Why there is no archive, or none that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// The bytes are no archive.
    Malformed,
    /// It is of a form that this version does not read.
    Version(u32),
    /// It is longer than [`ARCHIVE_BYTES_MAX`], has more than [`SEALS_MAX`] seals or more evidence of one kind than is
    /// looked at, or its demands or its verdict are far longer than is written.
    TooLarge,
    /// A revocation list is longer than [`ARCHIVED_LIST_BYTES_MAX`]: ask the responder instead.
    ListTooLarge,
    /// A signature stands where none belongs, or is missing.
    Signature,
    /// The time stamp is not over this archive.
    OtherImprint,
}

impl std::fmt::Display for ArchiveFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed => write!(f, "the file is no archive of a signature"),
            Self::Version(version) => {
                write!(f, "the archive is of version `{version}`, which is not read here")
            }
            Self::TooLarge => write!(f, "the archive is too large"),
            Self::ListTooLarge => {
                write!(f, "a revocation list is too large for an archive; ask the responder")
            }
            Self::Signature => write!(f, "the signature is missing, or there is one too many"),
            Self::OtherImprint => write!(f, "the time stamp is not over this archive"),
        }
    }
}

impl std::error::Error for ArchiveFault {}

/// A time stamp over everything before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    /// What was known of the authorities of the earlier stamps when this seal was made.
    evidence: Evidence,
    /// The time stamp.
    #[serde(with = "base64_bytes")]
    token: Vec<u8>,
}

/// The archive of one signature, or of the signatures of one document.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    version: u32,
    content: ArchivedContent,
    #[serde(with = "base64_bytes", default, skip_serializing_if = "Vec::is_empty")]
    signature: Vec<u8>,
    // Kept as they were written: what a later version adds must not change what was sealed.
    policy: Value,
    verdict: Value,
    evidence: Evidence,
    #[serde(default)]
    seals: Vec<Seal>,
}

impl std::fmt::Debug for Archive {
    // The content and the person stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive")
            .field("version", &self.version)
            .field("seals", &self.seals.len())
            .finish_non_exhaustive()
    }
}

/// A signature with what it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedAct {
    /// What was signed.
    pub content: ArchivedContent,
    /// The CMS; empty for signatures inside the content.
    pub signature: Vec<u8>,
}

impl Archive {
    /// Returns the archive of an act, with the evidence under which `verdict` was reached.
    pub fn new(
        act: ArchivedAct,
        policy: &Policy,
        evidence: Evidence,
        verdict: &Verdict,
    ) -> Result<Self, ArchiveFault> {
        let is_inside = matches!(act.content, ArchivedContent::Xml { .. });
        if is_inside != act.signature.is_empty() {
            return Err(ArchiveFault::Signature);
        }
        let value = |it: Result<Value, serde_json::Error>| it.map_err(|_| ArchiveFault::Malformed);
        Ok(Self {
            version: ARCHIVE_VERSION,
            content: act.content,
            signature: act.signature,
            policy: value(serde_json::to_value(Demands::of(policy))).and_then(read::readable)?,
            verdict: value(serde_json::to_value(verdict)).and_then(read::readable)?,
            evidence: archived(evidence)?,
            seals: Vec::new(),
        })
    }

    /// Parses an archive. Its white space and the order of its names are free; each name stands once in its object, numbers are
    /// whole, and evidence stands in its order, each piece once.
    ///
    /// ```
    /// assert_eq!(eds::Archive::parse(b"{}"), Err(eds::ArchiveFault::Malformed));
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, ArchiveFault> {
        if bytes.len() > ARCHIVE_BYTES_MAX {
            return Err(ArchiveFault::TooLarge);
        }
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        read::judge(bytes)?;
        let value: Value = serde_json::from_slice(bytes).map_err(|_| ArchiveFault::Malformed)?;
        let version = value.get("version").and_then(Value::as_u64).ok_or(ArchiveFault::Malformed)?;
        if version != u64::from(ARCHIVE_VERSION) {
            return Err(ArchiveFault::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        read::judge_evidence(&value)?;
        let given = digests::canonical(&value);
        let archive = Self::deserialize(value).map_err(|_| ArchiveFault::Malformed)?;
        if archive.seals.len() > SEALS_MAX {
            return Err(ArchiveFault::TooLarge);
        }
        for evidence in std::iter::once(&archive.evidence).chain(archive.seals.iter().map(|it| &it.evidence))
        {
            judge_archived(evidence)?;
        }
        // What is not understood, or not in the form that is written, would stand outside every seal.
        let is_whole = archive.to_bytes()? == given;
        if is_whole { Ok(archive) } else { Err(ArchiveFault::Malformed) }
    }

    /// Returns the bytes to be stored: JSON, the same for the same archive.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ArchiveFault> {
        let value = serde_json::to_value(self).map_err(|_| ArchiveFault::Malformed)?;
        let bytes = digests::canonical(&value);
        if bytes.len() > ARCHIVE_BYTES_MAX { Err(ArchiveFault::TooLarge) } else { Ok(bytes) }
    }

    /// Returns what was signed.
    #[must_use]
    pub const fn content(&self) -> &ArchivedContent {
        &self.content
    }

    /// Returns how many times it was stamped again.
    #[must_use]
    pub const fn seals(&self) -> usize {
        self.seals.len()
    }

    /// Returns the verdict as it was when the act was archived.
    #[must_use]
    pub const fn verdict(&self) -> &Value {
        &self.verdict
    }

    /// Returns the evidence under which the act was judged.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Returns the request for a further time stamp over everything in the archive and over `evidence`: what is known
    /// now about the authorities of its time stamps.
    pub fn seal_request(&self, evidence: &Evidence, nonce: &[u8]) -> Result<Vec<u8>, ArchiveFault> {
        let list = self.list(self.seals.len(), &archived(evidence.clone())?);
        tsp::request(DigestAlgorithm::Sha256, &list, Some(nonce)).ok_or(ArchiveFault::Malformed)
    }

    /// Returns the archive with the time stamp that answered [`Archive::seal_request`] for the same evidence.
    pub fn sealed(mut self, evidence: Evidence, token: &[u8]) -> Result<Self, ArchiveFault> {
        if self.seals.len() >= SEALS_MAX {
            return Err(ArchiveFault::TooLarge);
        }
        let evidence = archived(evidence)?;
        let token = tsp::token(token).map_err(|_| ArchiveFault::Malformed)?;
        let info = tsp::info(&token).map_err(|_| ArchiveFault::Malformed)?;
        if info.imprint.is_of(&self.list(self.seals.len(), &evidence)) != Some(true) {
            return Err(ArchiveFault::OtherImprint);
        }
        self.seals.push(Seal { evidence, token });
        Ok(self)
    }
}

/// Returns the evidence in the order in which it is archived, each piece once.
fn archived(mut evidence: Evidence) -> Result<Evidence, ArchiveFault> {
    for list in [&mut evidence.certificates, &mut evidence.ocsp, &mut evidence.crls, &mut evidence.stamps] {
        list.sort();
        list.dedup();
    }
    judge_archived(&evidence)?;
    Ok(evidence)
}

/// Says whether evidence stands as it is archived.
fn judge_archived(evidence: &Evidence) -> Result<(), ArchiveFault> {
    if evidence.crls.iter().any(|list| list.len() > ARCHIVED_LIST_BYTES_MAX) {
        return Err(ArchiveFault::ListTooLarge);
    }
    for list in [&evidence.certificates, &evidence.ocsp, &evidence.crls, &evidence.stamps] {
        if list.len() > EVIDENCE_ITEMS_MAX {
            return Err(ArchiveFault::TooLarge);
        }
        let is_ordered = list.iter().zip(list.iter().skip(1)).all(|(one, next)| one < next);
        if !is_ordered {
            return Err(ArchiveFault::Malformed);
        }
    }
    Ok(())
}
