// SPDX-License-Identifier: MIT OR Apache-2.0
//! A bounded folder of encrypted files with a last moment each.

mod sealed;

pub use sealed::StorageKey;

use jiff::{SignedDuration, Timestamp};
use sealed::Cipher;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bounds of a temporary storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FolderLimits {
    /// Bytes of all files together.
    pub bytes_max: u64,
    /// Bytes of the files of one sender.
    pub sender_bytes_max: u64,
    /// Files.
    pub files_max: usize,
    /// Files of one sender.
    pub sender_files_max: usize,
    /// Bytes of one file.
    pub file_bytes_max: usize,
    /// The longest time that a file is kept, in days; a file beside a message that waits is kept as long as it waits.
    pub days_max: u32,
    /// Bytes of the disk that are left to others: with fewer free ones no file is taken.
    pub reserve_bytes: u64,
}

impl Default for FolderLimits {
    fn default() -> Self {
        Self {
            bytes_max: 4 * 1024 * 1024 * 1024,
            sender_bytes_max: 2 * 1024 * 1024 * 1024,
            files_max: 10_000,
            sender_files_max: 5_000,
            file_bytes_max: shep::temp_storage::FILE_BYTES_MAX,
            days_max: 60,
            reserve_bytes: 512 * 1024 * 1024,
        }
    }
}

/// Why a file is not kept, or not given back.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// There is no key, or no randomness.
    #[error("files cannot be encrypted")]
    Key,
    /// It would hold more than it may.
    #[error("the temporary storage is full")]
    Full,
    /// It would hold more of this sender than it may.
    #[error("the sender's part of the temporary storage is full")]
    SenderFull,
    /// The disk has no room to spare.
    #[error("the disk of the temporary storage is full")]
    DiskFull,
    /// The file is longer than one may be.
    #[error("the file is too long")]
    TooLong,
    /// Somebody else put a file under this identifier.
    #[error("another sender put a file there")]
    Others,
    /// It cannot be known which messages wait.
    #[error("the relay's store: {0}")]
    Relay(String),
    /// The work was cut off.
    #[error("the work was cut off")]
    Cut,
}

impl FolderError {
    /// Says whether there was only no room: what is over may be in the way.
    pub(super) const fn is_no_room(&self) -> bool {
        matches!(self, Self::Full | Self::SenderFull | Self::DiskFull)
    }

    /// Returns the words for this that another maker's fault would not use: what a client may pass on.
    pub(in crate::files) fn words(text: &str) -> Option<String> {
        [Self::Full, Self::SenderFull, Self::DiskFull, Self::TooLong, Self::Others]
            .iter()
            .map(Self::to_string)
            .find(|it| it == text)
    }
}

/// A file of the storage.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who put it.
    pub sender: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// What is known of a file without reading its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Under which identifier it lies.
    pub identifier: String,
    /// Who put it.
    pub sender: String,
    /// Its last moment.
    pub until: Timestamp,
    /// Bytes that it takes.
    pub bytes: u64,
}

/// A bounded folder.
pub struct TempFolder {
    path: PathBuf,
    cipher: Cipher,
    limits: FolderLimits,
    known: Mutex<BTreeMap<String, Known>>,
}

impl std::fmt::Debug for TempFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TempFolder").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// How files of the storage are called in its folder.
const SUFFIX: &str = "tmpfile";
/// How they are called while they are written.
const UNFINISHED: &str = "new";

impl TempFolder {
    /// Opens the folder; files in it that this key does not open, and those that were not finished, are removed.
    pub fn open(path: &Path, key: &StorageKey, limits: FolderLimits) -> Result<Self, FolderError> {
        std::fs::create_dir_all(path).map_err(|it| FolderError::File(path.to_owned(), it))?;
        let cipher = Cipher::new(key)?;
        let folder = Self { path: path.to_owned(), cipher, limits, known: Mutex::default() };
        for file in files(path).map_err(|it| FolderError::File(path.to_owned(), it))? {
            let Some(name) = file.file_stem().and_then(|it| it.to_str()) else { continue };
            let failed = |it| FolderError::File(file.clone(), it);
            let known = match file.extension().and_then(|it| it.to_str()) {
                Some(SUFFIX) => folder.cipher.known(name, &file).map_err(failed)?,
                Some(UNFINISHED) => None,
                _ => continue,
            };
            match known {
                Some(known) => drop(folder.with(|it| it.insert(name.to_owned(), known))),
                None => std::fs::remove_file(&file).map_err(failed)?,
            }
        }
        Ok(folder)
    }

    /// Returns how many files lie in a folder, whoever keeps it, and their bytes together.
    pub fn usage(path: &Path) -> std::io::Result<(usize, u64)> {
        let mut sum = (0, 0);
        for file in files(path)?.iter().filter(|it| it.extension().is_some_and(|it| it == SUFFIX)) {
            sum = (sum.0 + 1, sum.1 + std::fs::metadata(file).map_or(0, |it| it.len()));
        }
        Ok(sum)
    }

    fn with<T>(&self, with: impl FnOnce(&mut BTreeMap<String, Known>) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name).with_extension(SUFFIX)
    }

    /// Keeps a file for a time, durably; its own sender may replace it.
    pub fn put(
        &self,
        identifier: &str,
        entry: &Entry,
        (now, life): (Timestamp, SignedDuration),
    ) -> Result<(), FolderError> {
        if entry.bytes.len() > self.limits.file_bytes_max {
            return Err(FolderError::TooLong);
        }
        let name = name_of(identifier);
        let longest = SignedDuration::from_hours(24 * i64::from(self.limits.days_max));
        let until = now.saturating_add(life.clamp(SignedDuration::ZERO, longest)).unwrap_or(now);
        let sealed = self.cipher.seal((&name, identifier), until, entry)?;
        let bytes = u64::try_from(sealed.len()).unwrap_or(u64::MAX);
        let about = Known { identifier: identifier.to_owned(), sender: entry.sender.clone(), until, bytes };
        // The lock is held while it is written: two uploads of one identifier come one after the other.
        self.with(|known| {
            self.admit(known, (&name, &about))?;
            write(&self.file(&name), &sealed)?;
            known.insert(name, about);
            Ok(())
        })
    }

    /// Says whether there is room, and whether the place is the sender's.
    fn admit(&self, known: &BTreeMap<String, Known>, (name, new): (&str, &Known)) -> Result<(), FolderError> {
        if known.get(name).is_some_and(|it| it.sender != new.sender) {
            return Err(FolderError::Others);
        }
        let (mut count, mut all) = (0, new.bytes);
        let (mut own_count, mut own) = (0, new.bytes);
        for (_, it) in known.iter().filter(|it| it.0 != name) {
            (count, all) = (count + 1, all.saturating_add(it.bytes));
            if it.sender == new.sender {
                (own_count, own) = (own_count + 1, own.saturating_add(it.bytes));
            }
        }
        if all > self.limits.bytes_max || count >= self.limits.files_max {
            return Err(FolderError::Full);
        }
        if own > self.limits.sender_bytes_max || own_count >= self.limits.sender_files_max {
            return Err(FolderError::SenderFull);
        }
        let free = rustix::fs::statvfs(&self.path).map(|it| it.f_bavail.saturating_mul(it.f_frsize));
        if free.is_ok_and(|it| it.saturating_sub(new.bytes) < self.limits.reserve_bytes) {
            return Err(FolderError::DiskFull);
        }
        Ok(())
    }

    /// Returns what is known of a file.
    pub fn about(&self, identifier: &str) -> Option<Known> {
        self.with(|it| it.get(&name_of(identifier)).cloned())
    }

    /// Returns what is known of every file.
    pub fn all(&self) -> Vec<Known> {
        self.with(|it| it.values().cloned().collect())
    }

    /// Returns a file, whether its time is over or not; one that was changed in the folder is none.
    pub fn get(&self, identifier: &str) -> Result<Option<Entry>, FolderError> {
        let name = name_of(identifier);
        if self.with(|it| !it.contains_key(&name)) {
            return Ok(None);
        }
        let path = self.file(&name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(self.cipher.unseal(&name, &bytes)),
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FolderError::File(path, error)),
        }
    }

    /// Forgets a file.
    pub fn remove(&self, identifier: &str) -> Result<(), FolderError> {
        let name = name_of(identifier);
        self.with(|known| {
            if known.remove(&name).is_none() {
                return Ok(());
            }
            let path = self.file(&name);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(FolderError::File(path, error))
                }
                Ok(()) | Err(_) => Ok(()),
            }
        })
    }
}

fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::read_dir(path)?.map(|it| it.map(|it| it.path())).collect()
}

fn name_of(identifier: &str) -> String {
    hex::encode(eds::sha256(identifier.as_bytes()))
}

/// Writes a file beside and puts it in place at once; it is on the disk when this returns.
fn write(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let beside = path.with_extension(UNFINISHED);
    let written = std::fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path))
        .and_then(|()| std::fs::File::open(path.parent().unwrap_or(path))?.sync_all());
    written.map_err(|error| {
        // What was begun takes room that is needed; if it cannot be removed now, it is at the next start.
        drop(std::fs::remove_file(&beside));
        let full = [std::io::ErrorKind::StorageFull, std::io::ErrorKind::QuotaExceeded];
        if full.contains(&error.kind()) {
            FolderError::DiskFull
        } else {
            FolderError::File(path.to_owned(), error)
        }
    })
}
