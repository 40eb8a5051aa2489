// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the use cases need of the world. A port is listed here or it does not exist.

pub mod store;

pub use store::Store;

use jiff::Timestamp;

/// Time, identifiers and randomness, injected so that a seed replays a run.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Returns the time in this system.
    fn now(&self) -> Timestamp;
    /// Returns a fresh UUIDv7.
    fn uuid(&self) -> uuid::Uuid;
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}
