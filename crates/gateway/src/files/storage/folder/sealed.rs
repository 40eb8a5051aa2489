// SPDX-License-Identifier: MIT OR Apache-2.0
//! A file of the storage as it lies in the folder: its last moment, who put it under which identifier, its bytes; all but the
//! moment encrypted, and nothing of it changeable.
//!
//! ```text
//! until (8) ‖ length of the head (4) ‖ nonce ‖ head, encrypted ‖ nonce ‖ bytes, encrypted
//! ```

use super::{Entry, FolderError, Known};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::io::Read as _;
use std::path::Path;

/// The most bytes of an encrypted head.
const HEAD_BYTES_MAX: usize = 4 * 1024;
/// What the key of the storage is derived for.
const PURPOSE: &[u8] = b"qyzmet temporary storage of files";

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

    /// Derives the key from the master key of a data folder.
    pub fn derived(master: &[u8; 32]) -> Result<Self, FolderError> {
        let mut bytes = [0; 32];
        Salt::new(HKDF_SHA256, &[])
            .extract(master)
            .expand(&[PURPOSE], HKDF_SHA256)
            .and_then(|it| it.fill(&mut bytes))
            .map_err(|_| FolderError::Key)?;
        Ok(Self(bytes))
    }
}

/// What stands before the bytes of a file.
#[derive(Serialize, Deserialize)]
struct Head {
    identifier: String,
    sender: String,
    name: String,
}

/// Encrypts and opens files.
pub(super) struct Cipher(LessSafeKey);

/// A file taken apart.
struct Apart<'a> {
    until: &'a [u8],
    head: &'a [u8],
    bytes: &'a [u8],
}

impl Cipher {
    pub(super) fn new(key: &StorageKey) -> Result<Self, FolderError> {
        let key = UnboundKey::new(&AES_256_GCM, &key.0).map_err(|_| FolderError::Key)?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Returns a file as it lies in the folder under `name`.
    pub(super) fn seal(
        &self,
        (name, identifier): (&str, &str),
        until: Timestamp,
        entry: &Entry,
    ) -> Result<Vec<u8>, FolderError> {
        let head = Head {
            identifier: identifier.to_owned(),
            sender: entry.sender.clone(),
            name: entry.name.clone(),
        };
        let head = serde_json::to_vec(&head).map_err(|_| FolderError::Key)?;
        let until = until.as_millisecond().to_be_bytes();
        let head = self.encrypted(&[name.as_bytes(), &until], head)?;
        if head.len() > HEAD_BYTES_MAX {
            return Err(FolderError::TooLong);
        }
        let length = u32::try_from(head.len()).map_err(|_| FolderError::TooLong)?.to_be_bytes();
        let bytes = self.encrypted(&[name.as_bytes(), &until, &head], entry.bytes.clone())?;
        Ok([until.as_slice(), &length, &head, &bytes].concat())
    }

    /// Reads what is known of a file, and not its bytes; nothing is known of one that the key does not open.
    pub(super) fn known(&self, name: &str, path: &Path) -> std::io::Result<Option<Known>> {
        let mut file = std::fs::File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut beginning = Vec::new();
        let most = u64::try_from(HEAD_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(12);
        file.by_ref().take(most).read_to_end(&mut beginning)?;
        let known = apart(&beginning).and_then(|it| {
            let (until, head) = (moment(it.until)?, self.head(name, &it)?);
            Some(Known { identifier: head.identifier, sender: head.sender, until, bytes })
        });
        Ok(known)
    }

    /// Opens a file; one that the key does not open is none.
    pub(super) fn unseal(&self, name: &str, bytes: &[u8]) -> Option<Entry> {
        let it = apart(bytes)?;
        let head = self.head(name, &it)?;
        let bytes = self.opened(&[name.as_bytes(), it.until, it.head], it.bytes)?;
        Some(Entry { sender: head.sender, name: head.name, bytes })
    }

    fn head(&self, name: &str, it: &Apart<'_>) -> Option<Head> {
        serde_json::from_slice(&self.opened(&[name.as_bytes(), it.until], it.head)?).ok()
    }

    fn encrypted(&self, about: &[&[u8]], mut inside: Vec<u8>) -> Result<Vec<u8>, FolderError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| FolderError::Key)?;
        let aad = Aad::from(about.concat());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut inside)
            .map_err(|_| FolderError::Key)?;
        Ok([nonce.as_slice(), &inside].concat())
    }

    fn opened(&self, about: &[&[u8]], bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut inside = rest.to_vec();
        let aad = Aad::from(about.concat());
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut inside).ok()?;
        let length = opened.len();
        inside.truncate(length);
        Some(inside)
    }
}

fn apart(bytes: &[u8]) -> Option<Apart<'_>> {
    let (until, rest) = bytes.split_at_checked(8)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|it| *it <= HEAD_BYTES_MAX)?;
    let (head, bytes) = rest.split_at_checked(length)?;
    Some(Apart { until, head, bytes })
}

fn moment(until: &[u8]) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::from_be_bytes(until.try_into().ok()?)).ok()
}
