// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files too long for a message lie beside it, under an identifier; the signed message holds their digests.

mod remote;
mod storage;

pub use remote::{LIFE_DAYS_DEFAULT, PARTS_MAX, RemoteFiles};
pub use storage::{
    Entry, FolderError, FolderLimits, Known, StorageKey, TempFolder, TempStorage, UNNAMED_DAYS_MAX,
};

use async_trait::async_trait;
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The most bytes of one file beside a message: no store takes a longer one.
pub const BESIDE_BYTES_MAX: usize = service::ports::store::FILE_BYTES_MAX;

/// The most bytes of all files beside one message: as many scans as an application may have, and its papers.
pub const BESIDE_BYTES_SUM_MAX: usize = 256 * 1024 * 1024;

/// The most bytes that lie in the memory of one process.
pub const PARKED_BYTES_MAX: usize = 512 * 1024 * 1024;

/// A temporary storage of files. What it gives back is not trusted: the digest in the message decides.
#[async_trait]
pub trait TempFiles: std::fmt::Debug + Send + Sync {
    /// Keeps bytes under an identifier for the time of a delivery; the same identifier again replaces them.
    async fn put(&self, identifier: &str, bytes: Vec<u8>) -> Result<(), PortError>;
    /// Returns the bytes.
    async fn get(&self, identifier: &str) -> Result<Option<Vec<u8>>, PortError>;
    /// Forgets the bytes.
    async fn forget(&self, identifier: &str);
}

/// A temporary storage in the memory of this process, for roles that share it. Nothing is lost with it: a delivery
/// that was not received puts its files in again.
#[derive(Default)]
pub struct ParkedFiles {
    files: Mutex<BTreeMap<String, Arc<Vec<u8>>>>,
}

impl ParkedFiles {
    /// Keeps bytes that whoever gives them may go on holding; says whether there is room.
    pub(crate) fn keep(&self, identifier: &str, bytes: Arc<Vec<u8>>) -> bool {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.remove(identifier);
        let sum: usize = files.values().map(|it| it.len()).sum();
        let fits = sum.saturating_add(bytes.len()) <= PARKED_BYTES_MAX;
        if fits {
            files.insert(identifier.to_owned(), bytes);
        }
        fits
    }

    /// Returns the bytes, which are still held here.
    pub(crate) fn kept(&self, identifier: &str) -> Option<Arc<Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).get(identifier).cloned()
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl std::fmt::Debug for ParkedFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ParkedFiles")
    }
}

#[async_trait]
impl TempFiles for ParkedFiles {
    async fn put(&self, identifier: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        if self.keep(identifier, Arc::new(bytes)) {
            Ok(())
        } else {
            Err(PortError::Unavailable("the temporary storage is full".to_owned()))
        }
    }

    async fn get(&self, identifier: &str) -> Result<Option<Vec<u8>>, PortError> {
        Ok(self.kept(identifier).map(Arc::unwrap_or_clone))
    }

    async fn forget(&self, identifier: &str) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(identifier);
    }
}
