// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store port on `SQLite`; content-addressed files.
//!
//! ```text
//! commit, claim, settle ──► bounded queue ──► one writer thread: BEGIN, a savepoint a request, COMMIT (fsync) ──► answers
//! load, row, list, count ──► reader threads, beside the writer
//! put_file, file ──► file threads: encrypt, write, fsync, rename, fsync the folder
//! ```
//! Nothing is acknowledged before it is on the disk. An order that got no answer may have been done: sent again
//! with the same id, it is answered as the first time.

mod fault;
mod files;
mod merkle;
mod sqlite;
mod workers;

pub use fault::{FailPoint, Faults};
pub use files::Swept;
pub use sqlite::{
    ChainFault, ChainReport, FAULTS_MAX, KindCount, OpenError, SEAL_EVENTS_MAX, SealInfo, SealProof,
    SqliteStore,
};
