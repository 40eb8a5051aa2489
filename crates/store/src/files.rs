// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files named by their content, encrypted at rest.
//!
//! `files/ab/cdef…` holds the file whose SHA-256 is `abcdef…`: `QZF1`, the id of the key, then AES-256-GCM ciphertext.
//! Each file has a key of its own, derived from the master key and the hash, so a key never encrypts two contents and
//! the nonce may be constant. A file is on the disk under its name before its hash is given out.

use crate::fault::{FailPoint, Faults};
use crate::merkle::hash;
use crate::sqlite::OpenError;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use engine::case::FileHash;
use jiff::Timestamp;
use service::ports::store::{FILE_BYTES_MAX, StoreError};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

const MAGIC: &[u8; 4] = b"QZF1";
const KEY_ID_BYTES: usize = 8;
const TAG_BYTES: usize = 16;
/// Holds the id of the key with which the folder is encrypted.
const KEY_FILE: &str = "key";
const TEMPORARY: &str = "temporary";

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Files that stay.
    pub kept: u64,
    /// Files that were removed.
    pub removed: u64,
}

/// The folder of files.
pub(crate) struct Files {
    dir: PathBuf,
    master: Prk,
    key_id: [u8; KEY_ID_BYTES],
    faults: Faults,
    temporary_names: AtomicU64,
    /// Held while a name appears or goes, so that a sweep never removes a file that is being put again.
    naming: Mutex<()>,
}

impl Files {
    /// Opens the folder, making it and its 256 folders if needed, and removes what a crash left half written.
    pub(crate) fn open(dir: &Path, master_key: &[u8; 32], faults: Faults) -> Result<Self, OpenError> {
        let files = Self::of(dir, master_key, faults)?;
        let temporary = dir.join(TEMPORARY);
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        fs::create_dir_all(&temporary)?;
        for first in 0..=u8::MAX {
            fs::create_dir_all(dir.join(hex::encode([first])))?;
        }
        files.check_key()?;
        sync_folder(dir)?;
        if let Some(parent) = dir.parent() {
            sync_folder(parent)?;
        }
        Ok(files)
    }

    /// Opens the folder of another process to be read; nothing in it is made or removed.
    pub(crate) fn beside(dir: &Path, master_key: &[u8; 32]) -> Result<Self, OpenError> {
        let files = Self::of(dir, master_key, Faults::default())?;
        let written = fs::read_to_string(dir.join(KEY_FILE))?;
        if written == hex::encode(files.key_id) { Ok(files) } else { Err(OpenError::WrongKey) }
    }

    fn of(dir: &Path, master_key: &[u8; 32], faults: Faults) -> Result<Self, OpenError> {
        let master = Salt::new(HKDF_SHA256, b"qyzmet files 1").extract(master_key);
        let mut key_id = [0; KEY_ID_BYTES];
        derive(&master, b"id of the key", &mut key_id).map_err(std::io::Error::other)?;
        Ok(Self {
            dir: dir.to_owned(),
            master,
            key_id,
            faults,
            temporary_names: AtomicU64::new(0),
            naming: Mutex::new(()),
        })
    }

    fn check_key(&self) -> Result<(), OpenError> {
        let path = self.dir.join(KEY_FILE);
        let id = hex::encode(self.key_id);
        match fs::read_to_string(&path) {
            Ok(written) if written == id => Ok(()),
            Ok(_) => Err(OpenError::WrongKey),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let temporary = self.dir.join(TEMPORARY).join(KEY_FILE);
                write_synced(&temporary, id.as_bytes())?;
                Ok(fs::rename(temporary, path)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a file; durable when it returns.
    pub(crate) fn put(&self, mut bytes: Vec<u8>) -> Result<FileHash, StoreError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(StoreError(format!("a file is longer than {FILE_BYTES_MAX} bytes")));
        }
        let name = FileHash(hex::encode(hash(&[&bytes])));
        let path = self.path(&name).ok_or_else(|| StoreError("no path for a file".to_owned()))?;
        self.key(&name)?
            .seal_in_place_append_tag(nonce(), Aad::from(self.head()), &mut bytes)
            .map_err(|_| StoreError("a file could not be encrypted".to_owned()))?;
        let number = self.temporary_names.fetch_add(1, Ordering::Relaxed);
        let temporary = self.dir.join(TEMPORARY).join(number.to_string());
        let named = self.name(&temporary, &path, &bytes);
        if named.is_err() {
            // What stays is removed at the next opening.
            fs::remove_file(&temporary).ok();
        }
        named.map(|()| name)
    }

    fn name(&self, temporary: &Path, path: &Path, sealed: &[u8]) -> Result<(), StoreError> {
        let mut file = File::create(temporary).map_err(|it| failed("written", &it))?;
        file.write_all(&self.head())
            .and_then(|()| file.write_all(sealed))
            .map_err(|it| failed("written", &it))?;
        self.pass(FailPoint::FileWritten)?;
        file.sync_all().map_err(|it| failed("written", &it))?;
        self.pass(FailPoint::FileSynced)?;
        let _naming = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        fs::rename(temporary, path).map_err(|it| failed("named", &it))?;
        self.pass(FailPoint::FileRenamed)?;
        let folder = path.parent().unwrap_or(&self.dir);
        sync_folder(folder).map_err(|it| failed("named", &it))
    }

    /// Returns a file, checked against its hash.
    pub(crate) fn get(&self, name: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(path) = self.path(name) else { return Ok(None) };
        let stored = match read_bounded(&path) {
            Ok(stored) => stored,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &error)),
        };
        let damaged = || StoreError(format!("file `{}` is damaged", name.0));
        let head = self.head();
        let mut bytes = stored.strip_prefix(head.as_slice()).ok_or_else(damaged)?.to_vec();
        let key = self.key(name)?;
        let length = key.open_in_place(nonce(), Aad::from(head), &mut bytes).map_err(|_| damaged())?.len();
        bytes.truncate(length);
        if hex::encode(hash(&[&bytes])) == name.0 { Ok(Some(bytes)) } else { Err(damaged()) }
    }

    /// Removes files last written before `older_than` that nobody wants to `keep`.
    pub(crate) fn sweep(
        &self,
        keep: &dyn Fn(&FileHash) -> bool,
        older_than: Timestamp,
    ) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        for first in 0..=u8::MAX {
            let first = hex::encode([first]);
            let folder = self.dir.join(&first);
            let before = swept.removed;
            for entry in fs::read_dir(&folder).map_err(|it| failed("listed", &it))? {
                let rest = entry.map_err(|it| failed("listed", &it))?.file_name();
                let name = FileHash(format!("{first}{}", rest.to_string_lossy()));
                let Some(path) = self.path(&name) else { continue };
                if !keep(&name) && self.remove_old(&path, older_than).map_err(|it| failed("removed", &it))? {
                    swept.removed += 1;
                } else {
                    swept.kept += 1;
                }
            }
            if swept.removed > before {
                sync_folder(&folder).map_err(|it| failed("removed", &it))?;
            }
        }
        Ok(swept)
    }

    fn remove_old(&self, path: &Path, older_than: Timestamp) -> std::io::Result<bool> {
        let _naming = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        let written = Timestamp::try_from(fs::metadata(path)?.modified()?).map_err(std::io::Error::other)?;
        if written < older_than {
            fs::remove_file(path)?;
        }
        Ok(written < older_than)
    }

    /// Returns where a file is; `None` if that is not the name of any file.
    fn path(&self, name: &FileHash) -> Option<PathBuf> {
        let lower = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        if name.0.len() != 64 || !name.0.bytes().all(lower) {
            return None;
        }
        let (first, rest) = name.0.split_at_checked(2)?;
        Some(self.dir.join(first).join(rest))
    }

    fn head(&self) -> [u8; MAGIC.len() + KEY_ID_BYTES] {
        let mut head = [0; MAGIC.len() + KEY_ID_BYTES];
        for (to, from) in head.iter_mut().zip(MAGIC.iter().chain(&self.key_id)) {
            *to = *from;
        }
        head
    }

    fn key(&self, name: &FileHash) -> Result<LessSafeKey, StoreError> {
        let mut key = [0; 32];
        derive(&self.master, name.0.as_bytes(), &mut key)
            .and_then(|()| UnboundKey::new(&AES_256_GCM, &key).map_err(|_| "a key could not be made"))
            .map(LessSafeKey::new)
            .map_err(|it| StoreError(it.to_owned()))
    }

    fn pass(&self, point: FailPoint) -> Result<(), StoreError> {
        self.faults.pass(point).map_err(StoreError)
    }
}

/// The nonce is constant because each key encrypts one content only.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

struct Length(usize);

impl aws_lc_rs::hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive(master: &Prk, info: &[u8], key: &mut [u8]) -> Result<(), &'static str> {
    master
        .expand(&[info], Length(key.len()))
        .and_then(|it| it.fill(key))
        .map_err(|_| "a key could not be derived")
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a file that may not be longer than the longest that was put.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = (FILE_BYTES_MAX + MAGIC.len() + KEY_ID_BYTES + TAG_BYTES) as u64;
    if fs::metadata(path)?.len() > most {
        return Err(std::io::Error::other("it is too long"));
    }
    fs::read(path)
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(dir: &Path) -> std::io::Result<()> {
    File::open(dir)?.sync_all()
}

fn failed(what: &str, error: &std::io::Error) -> StoreError {
    StoreError(format!("a file could not be {what}: {error}"))
}
