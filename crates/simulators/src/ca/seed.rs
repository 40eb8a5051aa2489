// SPDX-License-Identifier: MIT OR Apache-2.0
//! Everything random of the development authority follows from one seed: the same seed and time make the same authority.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::{hkdf, hmac};
use rsa::rand_core::{CryptoRng, Error, RngCore};
use zeroize::Zeroizing;

use super::DevCaError;

/// Bytes of a seed.
pub const SEED_BYTES: usize = 32;

/// A seed.
pub(super) struct Seed(hkdf::Prk);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed")
    }
}

impl Seed {
    /// Returns the seed of these bytes, apart for each family of keys.
    pub(super) fn new(bytes: &[u8; SEED_BYTES], family: &str) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, family.as_bytes()).extract(bytes))
    }

    /// Returns bytes for this use; the same for the same use.
    pub(super) fn bytes<const N: usize>(&self, used_for: &[&str]) -> Result<Zeroizing<[u8; N]>, DevCaError> {
        let info: Vec<&[u8]> = used_for.iter().flat_map(|part| [part.as_bytes(), &[0]]).collect();
        let mut bytes = Zeroizing::new([0; N]);
        let expanded = self.0.expand(&info, Length(N)).map_err(|_| DevCaError::Key)?;
        expanded.fill(bytes.as_mut()).map_err(|_| DevCaError::Key)?;
        Ok(bytes)
    }

    /// Returns a stream of numbers for this use.
    pub(super) fn stream(&self, used_for: &[&str]) -> Result<Stream, DevCaError> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.bytes::<32>(used_for)?.as_ref());
        Ok(Stream { key, counter: 0, rest: Vec::new() })
    }
}

/// Returns a seed of the system's randomness.
pub(super) fn fresh() -> Result<[u8; SEED_BYTES], DevCaError> {
    let mut bytes = [0; SEED_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| DevCaError::Key)?;
    Ok(bytes)
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// A stream of numbers: HMAC-SHA-256 of a counter.
pub(super) struct Stream {
    key: hmac::Key,
    counter: u64,
    rest: Vec<u8>,
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = loop {
                if let Some(byte) = self.rest.pop() {
                    break byte;
                }
                self.rest = hmac::sign(&self.key, &self.counter.to_le_bytes()).as_ref().to_vec();
                self.counter += 1;
            };
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Stream {}
