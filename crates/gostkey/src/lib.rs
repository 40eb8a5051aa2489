// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing by GOST R 34.10-2012 in time that does not depend on the key.
//!
//! For three places only: the page, where a person signs with a key file and the key does not leave it (as a module of
//! WebAssembly), the development authority, and tests. Signatures are verified by `eds`, which shares no code with this.
//!
//! - No branch and no place in memory depends on the key, the nonce or what is calculated of them: one complete formula
//!   for points, fixed windows whose tables are read whole, masks instead of choices, Streebog without tables for what is secret.
//! - The nonce follows from the key, the digest and extra randomness ([`Key512::sign`]).
//! - A signature is verified before it is given out.
//! - Keys and nonces are wiped from memory after use, as far as a language can promise.
//!
//! **Not a certified cryptographic tool**, and a compiler or an interpreter of WebAssembly promises nothing about time:
//! what was measured stands in the decision record. Where the law demands a certified tool, the person signs with
//! `NCALayer` and the organisation with a certified device.
#![no_std]

#[cfg(test)]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod curve;
mod keys;
mod limbs;
mod modulus;
mod nonce;
mod scheme;
mod sets;
mod streebog;

pub use keys::{Fault, Key256, Key512, RANDOM_BYTES};
pub use streebog::{Streebog, Streebog512};
