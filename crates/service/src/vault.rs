// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys of persons: personal parts are sealed under a key of the person; erasing the key erases the person.

use crate::ports::store::{CommitError, Row, RowChange, Sealed, StoreError};
use crate::ports::{Clock, Store};
use crate::tables;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many opened keys are held in memory.
const KEYS_HELD_MAX: usize = 4_096;

type Key = [u8; 32];

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key could not be kept.
    #[error("a new key could not be kept: {0}")]
    Keep(#[from] CommitError),
    /// The bytes do not open under the key.
    #[error("a sealed part does not open under its key")]
    Broken,
}

/// Seals and opens personal parts.
#[derive(Debug)]
pub struct Vault {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    master: Key,
    held: Mutex<HashMap<String, Option<Key>>>,
}

impl Vault {
    /// Returns a vault over the keys of `store`, wrapped under `master`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, master: [u8; 32]) -> Self {
        Self { store, clock, master, held: Mutex::new(HashMap::new()) }
    }

    /// Returns the pseudonym of an IIN: the same in this store for ever, meaningless without its master key.
    pub fn pseudonym(&self, iin: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.master);
        let tag = hmac::sign(&key, iin.as_bytes());
        format!("p-{}", hex::encode(tag.as_ref().get(..16).unwrap_or_default()))
    }

    /// Returns a word that is the same for the same words in this store for ever, and tells nothing without its master key.
    pub fn blind(&self, words: &[&str]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.master);
        let tag = hmac::sign(&key, words.join("\u{1f}").as_bytes());
        hex::encode(tag.as_ref().get(..16).unwrap_or_default())
    }

    /// Seals `plain` under the key of `person`, making the key when there is none.
    pub async fn seal(&self, person: &str, plain: &[u8]) -> Result<Sealed, VaultError> {
        let key = match self.key(person).await? {
            Some(key) => key,
            None => self.make(person).await?,
        };
        Ok(Sealed { key: person.to_owned(), bytes: encrypt(&key, person, plain, &*self.clock)? })
    }

    /// Opens a sealed part; `None` when the person's key was erased.
    pub async fn open(&self, sealed: &Sealed) -> Result<Option<Vec<u8>>, VaultError> {
        match self.key(&sealed.key).await? {
            Some(key) => decrypt(&key, &sealed.key, &sealed.bytes).map(Some),
            None => Ok(None),
        }
    }

    async fn key(&self, person: &str) -> Result<Option<Key>, VaultError> {
        if let Some(known) = self.held.lock().unwrap_or_else(PoisonError::into_inner).get(person) {
            return Ok(*known);
        }
        let Some(row) = self.store.row(tables::KEYS, person).await? else {
            return Ok(None);
        };
        let plain = decrypt(&self.master, person, &row.body)?;
        let key: Key = plain.try_into().map_err(|_| VaultError::Broken)?;
        self.hold(person, key);
        Ok(Some(key))
    }

    async fn make(&self, person: &str) -> Result<Key, VaultError> {
        let mut key = [0; 32];
        self.clock.fill(&mut key);
        let body = encrypt(&self.master, person, &key, &*self.clock)?;
        let row = Row {
            table: tables::KEYS.to_owned(),
            key: person.to_owned(),
            list: None,
            sort: String::new(),
            body,
            revision: 0,
        };
        match crate::rows::put(&*self.store, self.clock.now(), vec![RowChange::PutIf(row, 0)]).await {
            Ok(()) => {
                self.hold(person, key);
                Ok(key)
            }
            // Another task made it first.
            Err(CommitError::RowLost) => self.key(person).await?.ok_or(VaultError::Broken),
            Err(other) => Err(other.into()),
        }
    }

    fn hold(&self, person: &str, key: Key) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= KEYS_HELD_MAX {
            held.clear();
        }
        held.insert(person.to_owned(), Some(key));
    }
}

fn encrypt(key: &Key, aad: &str, plain: &[u8], clock: &dyn Clock) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0; NONCE_LEN];
    clock.fill(&mut nonce);
    let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| VaultError::Broken)?);
    let mut bytes = plain.to_vec();
    sealing
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad.as_bytes()), &mut bytes)
        .map_err(|_| VaultError::Broken)?;
    let mut out = nonce.to_vec();
    out.append(&mut bytes);
    Ok(out)
}

fn decrypt(key: &Key, aad: &str, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or(VaultError::Broken)?;
    let nonce: [u8; NONCE_LEN] = nonce.try_into().map_err(|_| VaultError::Broken)?;
    let opening = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| VaultError::Broken)?);
    let mut buffer = sealed.to_vec();
    let plain = opening
        .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad.as_bytes()), &mut buffer)
        .map_err(|_| VaultError::Broken)?;
    Ok(plain.to_vec())
}
