// SPDX-License-Identifier: MIT OR Apache-2.0
//! One exchange as a folder that proves itself: question, answer, certificates, what these were judged by, and the event of
//! the journal with the way to its seal. It is checked offline, without this system's data: [`verify`].
//!
//! `manifest.json` names every part by its SHA-256 (`docs/schemas/gateway-evidence.json`); it is not signed, for what it
//! says is checked against what is signed.

mod journal;
mod manifest;
mod messages;
mod parts;
mod verify;
mod write;

pub use journal::Sealing;
pub use manifest::{CertificateEntry, Manifest, Part, What};
pub use verify::{Check, Finding, Report, verify};
pub use write::write;

use jiff::Timestamp;
use service::ports::Judged;
use service::ports::store::StoredEvent;
use std::path::PathBuf;

/// The largest part read back.
pub const PART_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The most parts of a package.
pub const PARTS_MAX: usize = 256;

/// An exchange as it was kept.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The id under which it was kept, or the sender's own where the event names it by that.
    pub message: String,
    /// The role that kept it.
    pub role: String,
    /// The register or the other side.
    pub with: String,
    /// The signed bytes received: an answer, or a message that came in.
    pub received: Vec<u8>,
    /// The signed bytes of ours that they answer.
    pub sent: Option<Vec<u8>>,
    /// Of a message that came in: one of ours in its chain, so that it is known whose key sealed.
    pub own: Option<Own>,
    /// What the certificates were judged by.
    pub judged: Option<Judged>,
    /// The event that names the message.
    pub event: Option<StoredEvent>,
    /// What shows that the event is sealed.
    pub sealing: Option<Sealing>,
    /// When the package is made.
    pub at: Timestamp,
}

/// A message of ours that the other side confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The signed bytes as sent.
    pub sent: Vec<u8>,
    /// The other side's signed receipt as received.
    pub receipt: Vec<u8>,
}

/// Why a package was not written or not read.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The folder holds something already.
    #[error("{path} is not empty; name another folder", path = .0.display())]
    NotEmpty(PathBuf),
    /// What was kept is no signed message.
    #[error("what was kept under this id is no message of the gateway: {0}")]
    NoMessage(shep::Error),
    /// The manifest cannot be read.
    #[error("{path} is no manifest of a package", path = .0.display())]
    Manifest(PathBuf),
    /// A part is larger than its limit.
    #[error("{path} is larger than a part may be", path = .0.display())]
    TooLarge(PathBuf),
}
