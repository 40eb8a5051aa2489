// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was verified before: nothing that a verdict depends on, only the time it takes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Lists that a key was found to have signed, and whether anything in them is not understood; by the digest of list and key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memo(Arc<Mutex<BTreeMap<[u8; 32], bool>>>);

impl Memo {
    /// Returns by what a list of this digest, signed by this key, is known.
    pub(crate) fn key(list: &[u8; 32], spki: &[u8]) -> [u8; 32] {
        crate::sha256(&[list.as_slice(), spki].concat())
    }

    pub(crate) fn find(&self, key: &[u8; 32]) -> Option<bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }

    pub(crate) fn keep(&self, key: [u8; 32], is_strange: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, is_strange);
    }
}

impl PartialEq for Memo {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Memo {}
