// SPDX-License-Identifier: MIT OR Apache-2.0
//! Places where a test may fail or end the process, so that each boundary of a commit is proven to hold.

use std::sync::Arc;

/// A boundary in the work of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// The transaction of a batch has begun; nothing is written.
    BatchBegun,
    /// Numbers were taken; the builder was not called.
    NumbersTaken,
    /// The builder was called; its content is not written.
    Built,
    /// The events are written, the rows are not.
    EventsWritten,
    /// The rows are written, the outbox is not.
    RowsWritten,
    /// A request is written whole; others of its batch may follow.
    RequestApplied,
    /// The batch is written; it is not committed.
    BatchApplied,
    /// The batch is durable; nobody was told.
    BatchCommitted,
    /// The first request of a batch was told; the others were not.
    FirstAnswered,
    /// A file has its bytes under a temporary name; they may not be on the disk.
    FileWritten,
    /// A file is on the disk under a temporary name.
    FileSynced,
    /// A file has its name; the name may not be on the disk.
    FileRenamed,
}

impl FailPoint {
    /// Every boundary.
    pub const ALL: [Self; 12] = [
        Self::BatchBegun,
        Self::NumbersTaken,
        Self::Built,
        Self::EventsWritten,
        Self::RowsWritten,
        Self::RequestApplied,
        Self::BatchApplied,
        Self::BatchCommitted,
        Self::FirstAnswered,
        Self::FileWritten,
        Self::FileSynced,
        Self::FileRenamed,
    ];
}

type Hook = dyn Fn(FailPoint) -> Result<(), String> + Send + Sync;

/// What happens at the boundaries; nothing, unless a test says otherwise.
#[derive(Clone, Default)]
pub struct Faults(Option<Arc<Hook>>);

impl Faults {
    /// Calls `hook` at each boundary; an error there is as an error of the disk. The hook may end the process.
    pub fn new(hook: impl Fn(FailPoint) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hook)))
    }

    pub(crate) fn pass(&self, point: FailPoint) -> Result<(), String> {
        match &self.0 {
            Some(hook) => hook(point),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Faults").field(&self.0.is_some()).finish()
    }
}
