// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the use cases need of the world. A port is listed here or it does not exist.

pub mod border;
pub mod evidence;
pub mod foreign;
pub mod registers;
pub mod store;

pub use border::Border;
pub use evidence::{Evidence, Signer};
pub use registers::Registers;
pub use store::Store;

use crate::paper_spec::PaperSpec;
use async_trait::async_trait;
use jiff::Timestamp;

/// Why a port did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// Wait and try again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A person must look.
    #[error("unusable: {0}")]
    Unusable(String),
}

/// What the certificates of an exchange were judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// When.
    pub at: Timestamp,
    /// The evidence, in a format of the carrier; the same as long as the same evidence serves.
    pub evidence: Vec<u8>,
}

/// The press: a paper's values become a PDF.
#[async_trait]
pub trait Press: std::fmt::Debug + Send + Sync {
    /// Returns the PDF of a paper; the same values give the same bytes.
    async fn press(&self, spec: &PaperSpec) -> Result<Vec<u8>, PortError>;
}

/// Time, identifiers and randomness, injected so that a seed replays a run.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Returns the time in this system.
    fn now(&self) -> Timestamp;
    /// Returns a fresh id, a UUID of version 7.
    fn uuid(&self) -> uuid::Uuid;
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}
