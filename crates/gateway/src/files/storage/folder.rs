// SPDX-License-Identifier: MIT OR Apache-2.0
//! A bounded folder of encrypted files with a last moment each.

use jiff::{SignedDuration, Timestamp};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bounds of a temporary storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FolderLimits {
    /// Bytes of all files together.
    pub bytes_max: u64,
    /// Files.
    pub files_max: usize,
    /// Bytes of one file.
    pub file_bytes_max: usize,
    /// The longest time that a file is kept, in hours.
    pub hours_max: u32,
}

impl Default for FolderLimits {
    fn default() -> Self {
        Self {
            bytes_max: 4 * 1024 * 1024 * 1024,
            files_max: 10_000,
            file_bytes_max: shep::temp_storage::FILE_BYTES_MAX,
            hours_max: 24,
        }
    }
}

/// The key under which files lie. It shows itself to nobody.
#[derive(Clone)]
pub struct StorageKey([u8; 32]);

impl std::fmt::Debug for StorageKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StorageKey")
    }
}

impl StorageKey {
    /// Takes a key that is kept elsewhere: files outlive this process.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Makes a key that ends with this process: what lay there before cannot be read by anybody. A sender that got no
    /// receipt puts its files in again, so nothing is lost.
    pub fn fresh() -> Result<Self, FolderError> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| FolderError::Key)?;
        Ok(Self(bytes))
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
    /// The file is longer than one may be.
    #[error("the file is too long")]
    TooLong,
    /// Somebody else put a file under this identifier.
    #[error("another sender put a file there")]
    Others,
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

/// What stands before the bytes of a file, encrypted with them.
#[derive(Serialize, Deserialize)]
struct Head {
    sender: String,
    name: String,
}

/// What is known of a file without opening it.
#[derive(Debug, Clone, Copy)]
struct Known {
    bytes: u64,
    until: Timestamp,
}

/// A bounded folder.
pub struct TempFolder {
    path: PathBuf,
    key: LessSafeKey,
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

impl TempFolder {
    /// Opens the folder; files in it that this key does not open, or that are over, are removed.
    pub fn open(
        path: &Path,
        key: &StorageKey,
        limits: FolderLimits,
        now: Timestamp,
    ) -> Result<Self, FolderError> {
        std::fs::create_dir_all(path).map_err(|it| FolderError::File(path.to_owned(), it))?;
        let key = UnboundKey::new(&AES_256_GCM, &key.0).map_err(|_| FolderError::Key)?;
        let folder =
            Self { path: path.to_owned(), key: LessSafeKey::new(key), limits, known: Mutex::default() };
        let failed = |it| FolderError::File(path.to_owned(), it);
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let ours = file.extension().is_some_and(|it| it == SUFFIX);
            let Some(name) = file.file_stem().and_then(|it| it.to_str()).filter(|_| ours) else { continue };
            match folder.read(name)? {
                Some((until, _, bytes)) if until > now => {
                    folder.with(|it| it.insert(name.to_owned(), Known { bytes, until }));
                }
                Some(_) | None => std::fs::remove_file(&file).map_err(|it| FolderError::File(file, it))?,
            }
        }
        Ok(folder)
    }

    fn with<T>(&self, with: impl FnOnce(&mut BTreeMap<String, Known>) -> T) -> T {
        with(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name).with_extension(SUFFIX)
    }

    /// Keeps a file for a time; its own sender may replace it.
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
        let longest = SignedDuration::from_hours(i64::from(self.limits.hours_max));
        let until = now.saturating_add(life.clamp(SignedDuration::ZERO, longest)).unwrap_or(now);
        let sealed = self.seal(&name, until, entry)?;
        let bytes = u64::try_from(sealed.len()).unwrap_or(u64::MAX);
        self.sweep(now)?;
        // The lock is held while it is written: two uploads of one identifier come one after the other.
        self.with(|known| {
            if known.contains_key(&name) {
                let before = self.read(&name)?;
                if before.is_some_and(|(_, it, _)| it.sender != entry.sender) {
                    return Err(FolderError::Others);
                }
            }
            let others = known.iter().filter(|it| *it.0 != name);
            let sum: u64 = others.clone().map(|it| it.1.bytes).sum();
            if sum.saturating_add(bytes) > self.limits.bytes_max || others.count() >= self.limits.files_max {
                return Err(FolderError::Full);
            }
            write(&self.file(&name), &sealed)?;
            known.insert(name, Known { bytes, until });
            Ok(())
        })
    }

    /// Returns a file whose time is not over.
    pub fn get(&self, identifier: &str, now: Timestamp) -> Result<Option<Entry>, FolderError> {
        let name = name_of(identifier);
        let known = self.with(|it| it.get(&name).copied());
        if known.is_none_or(|it| it.until <= now) {
            return Ok(None);
        }
        Ok(self.read(&name)?.map(|it| it.1))
    }

    /// Forgets a file.
    pub fn remove(&self, identifier: &str) -> Result<(), FolderError> {
        self.with(|known| self.drop_file(known, &name_of(identifier)))
    }

    /// Removes the files whose time is over; returns how many.
    pub fn sweep(&self, now: Timestamp) -> Result<usize, FolderError> {
        self.with(|known| {
            let over: Vec<String> =
                known.iter().filter(|it| it.1.until <= now).map(|it| it.0.clone()).collect();
            for name in &over {
                self.drop_file(known, name)?;
            }
            Ok(over.len())
        })
    }

    fn drop_file(&self, known: &mut BTreeMap<String, Known>, name: &str) -> Result<(), FolderError> {
        if known.remove(name).is_none() {
            return Ok(());
        }
        let path = self.file(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(FolderError::File(path, error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns the bytes of a file in the folder: its last moment, a nonce, and the rest encrypted.
    fn seal(&self, name: &str, until: Timestamp, entry: &Entry) -> Result<Vec<u8>, FolderError> {
        let head = Head { sender: entry.sender.clone(), name: entry.name.clone() };
        let head = serde_json::to_vec(&head).map_err(|_| FolderError::Key)?;
        let length = u32::try_from(head.len()).map_err(|_| FolderError::TooLong)?;
        let mut inside = length.to_be_bytes().to_vec();
        inside.extend_from_slice(&head);
        inside.extend_from_slice(&entry.bytes);
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| FolderError::Key)?;
        let until = until.as_millisecond().to_be_bytes();
        let aad = Aad::from([name.as_bytes(), &until].concat());
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut inside)
            .map_err(|_| FolderError::Key)?;
        Ok([until.as_slice(), &nonce, &inside].concat())
    }

    /// Reads a file; one that is not there, or that this key does not open, is none.
    fn read(&self, name: &str) -> Result<Option<(Timestamp, Entry, u64)>, FolderError> {
        let path = self.file(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FolderError::File(path, error)),
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(self.unseal(name, &bytes).map(|(until, entry)| (until, entry, length)))
    }

    fn unseal(&self, name: &str, bytes: &[u8]) -> Option<(Timestamp, Entry)> {
        let (until, rest) = bytes.split_first_chunk::<8>()?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>()?;
        let aad = Aad::from([name.as_bytes(), until].concat());
        let mut inside = rest.to_vec();
        let opened = self.key.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut inside).ok()?;
        let (length, rest) = opened.split_first_chunk::<4>()?;
        let (head, bytes) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let until = Timestamp::from_millisecond(i64::from_be_bytes(*until)).ok()?;
        Some((until, Entry { sender: head.sender, name: head.name, bytes: bytes.to_vec() }))
    }
}

fn name_of(identifier: &str) -> String {
    hex::encode(eds::sha256(identifier.as_bytes()))
}

/// Writes a file beside and puts it in place at once.
fn write(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|it| FolderError::File(path.to_owned(), it))
}
