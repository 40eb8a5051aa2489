// SPDX-License-Identifier: MIT OR Apache-2.0
//! Making RSA keys, several at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::OsRng;

use super::DevCaError;

/// Length of the keys made here.
const KEY_BITS: usize = 2048;
/// Threads that make keys at once.
const THREADS_MAX: usize = 8;

/// Returns `count` new private keys, PKCS#8 DER.
// Made by the `rsa` crate because ring makes no keys; signing is by ring.
pub(super) fn make(count: usize) -> Result<Vec<Vec<u8>>, DevCaError> {
    let begun = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(count));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            scope.spawn(|| {
                while begun.fetch_add(1, Ordering::Relaxed) < count {
                    let Some(key) = make_one() else { return };
                    if let Ok(mut made) = made.lock() {
                        made.push(key);
                    }
                }
            });
        }
    });
    let made = made.into_inner().map_err(|_| DevCaError::Key)?;
    if made.len() == count { Ok(made) } else { Err(DevCaError::Key) }
}

fn make_one() -> Option<Vec<u8>> {
    let key = RsaPrivateKey::new(&mut OsRng, KEY_BITS).ok()?;
    key.to_pkcs8_der().ok().map(|der| der.as_bytes().to_vec())
}
