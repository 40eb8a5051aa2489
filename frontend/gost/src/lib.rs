// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signer of `gostkey` as a module of the page: six functions over one exchange, no allocation, no imports.
//!
//! The page writes into the exchange, calls, reads the exchange. Answers: 0 is done; anything else is a fault, and
//! nothing is in the exchange. What was secret in it is wiped before a function returns.
#![no_std]

use core::cell::UnsafeCell;
use gostkey::{Fault, Key512, RANDOM_BYTES, Streebog512};
use zeroize::{Zeroize, Zeroizing};

/// Bytes of the exchange.
const EXCHANGE_BYTES: usize = 64 * 1024;

const DONE: i32 = 0;
const KEY_OUT_OF_RANGE: i32 = 1;
const SELF_CHECK: i32 = 2;
const MISUSED: i32 = 3;

/// What lives as long as the module.
struct Kept<T>(UnsafeCell<T>);

// SAFETY: the module has no threads: without the proposal of threads its memory is not shared, and no function calls
// back into the page, so no two functions run at once.
unsafe impl<T> Sync for Kept<T> {}

static EXCHANGE: Kept<[u8; EXCHANGE_BYTES]> = Kept(UnsafeCell::new([0; EXCHANGE_BYTES]));
static HASH: Kept<Streebog512> = Kept(UnsafeCell::new(Streebog512::new()));

impl<T> Kept<T> {
    fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: one thread, and no `act` below calls `with` of the same value again.
        act(unsafe { &mut *self.0.get() })
    }
}

/// Where the exchange begins.
#[unsafe(no_mangle)]
pub extern "C" fn exchange() -> *mut u8 {
    EXCHANGE.0.get().cast()
}

/// How long the exchange is.
#[unsafe(no_mangle)]
pub extern "C" fn exchange_bytes() -> usize {
    EXCHANGE_BYTES
}

/// Begins a digest, Streebog-512.
#[unsafe(no_mangle)]
pub extern "C" fn hash_begin() {
    HASH.with(|hash| *hash = Streebog512::new());
}

/// Adds so many bytes of the exchange to the digest.
#[unsafe(no_mangle)]
pub extern "C" fn hash_add(length: usize) -> i32 {
    EXCHANGE.with(|exchange| match exchange.get(..length) {
        Some(bytes) => {
            HASH.with(|hash| hash.update(bytes));
            DONE
        }
        None => MISUSED,
    })
}

/// Ends the digest: 64 bytes in the exchange.
#[unsafe(no_mangle)]
pub extern "C" fn hash_end() {
    let digest = HASH.with(|hash| core::mem::replace(hash, Streebog512::new()).finish());
    EXCHANGE.with(|exchange| put(exchange, &digest));
}

/// Takes a private key (64 bytes); leaves its public key (128 bytes).
#[unsafe(no_mangle)]
pub extern "C" fn public_key() -> i32 {
    EXCHANGE.with(|exchange| {
        let key = take::<64>(exchange, 0);
        exchange.zeroize();
        answer(exchange, Key512::new(&key).map(|key| *key.public()))
    })
}

/// Takes a private key (64 bytes), a digest (64) and randomness (32); leaves the signature (128 bytes).
#[unsafe(no_mangle)]
pub extern "C" fn sign() -> i32 {
    EXCHANGE.with(|exchange| {
        let (key, digest) = (take::<64>(exchange, 0), take::<64>(exchange, 64));
        let random = take::<RANDOM_BYTES>(exchange, 128);
        exchange.zeroize();
        answer(exchange, Key512::new(&key).and_then(|key| key.sign(&digest, &random)))
    })
}

fn take<const N: usize>(exchange: &[u8; EXCHANGE_BYTES], at: usize) -> Zeroizing<[u8; N]> {
    let mut taken = Zeroizing::new([0; N]);
    taken.iter_mut().zip(exchange.iter().skip(at)).for_each(|(to, from)| *to = *from);
    taken
}

fn put(exchange: &mut [u8; EXCHANGE_BYTES], bytes: &[u8]) {
    exchange.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
}

fn answer(exchange: &mut [u8; EXCHANGE_BYTES], result: Result<[u8; 128], Fault>) -> i32 {
    match result {
        Ok(bytes) => {
            put(exchange, &bytes);
            DONE
        }
        Err(Fault::KeyOutOfRange) => KEY_OUT_OF_RANGE,
        Err(Fault::SelfCheck) => SELF_CHECK,
    }
}

#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
