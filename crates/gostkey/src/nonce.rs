// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nonces from the key, the digest and extra randomness, in the manner of RFC 6979 with HMAC-Streebog-512.
//!
//! Without the randomness a nonce is still secret and never repeats for two digests; with it, a fault injected into
//! one of two equal calculations gives nothing away.

use crate::limbs::{Limbs, is_less, is_zero, read};
use crate::streebog::{BLOCK_BYTES, SecretStreebog512};
use zeroize::{Zeroize, Zeroizing};

/// HMAC-Streebog-512 (RFC 7836) with a key of one block or less.
struct Hmac {
    inside: SecretStreebog512,
    outside: SecretStreebog512,
}

impl Hmac {
    fn new(key: &[u8; BLOCK_BYTES]) -> Self {
        let padded = |pad: u8| {
            let mut block = Zeroizing::new(key.map(|byte| byte ^ pad));
            let mut hash = SecretStreebog512::new();
            hash.update(block.as_ref());
            block.zeroize();
            hash
        };
        Self { inside: padded(0x36), outside: padded(0x5c) }
    }

    fn tag(mut self, parts: &[&[u8]]) -> Zeroizing<[u8; BLOCK_BYTES]> {
        for part in parts {
            self.inside.update(part);
        }
        self.outside.update(Zeroizing::new(self.inside.finish()).as_ref());
        Zeroizing::new(self.outside.finish())
    }
}

/// A generator of candidates for one signature.
pub(crate) struct Nonces {
    key: Zeroizing<[u8; BLOCK_BYTES]>,
    value: Zeroizing<[u8; BLOCK_BYTES]>,
}

impl Nonces {
    /// Begins with the private key, the digest and the extra randomness.
    pub(crate) fn new(private: &[u8], digest: &[u8], extra: &[u8]) -> Self {
        let mut nonces =
            Self { key: Zeroizing::new([0; BLOCK_BYTES]), value: Zeroizing::new([1; BLOCK_BYTES]) };
        nonces.stir(0, &[private, digest, extra]);
        nonces.stir(1, &[private, digest, extra]);
        nonces
    }

    /// Returns the next number from 1 to `below - 1`. That another round is needed is as rare as it is harmless.
    pub(crate) fn next<const L: usize>(&mut self, below: &Limbs<L>) -> Zeroizing<Limbs<L>> {
        loop {
            self.value = Hmac::new(&self.key).tag(&[self.value.as_ref()]);
            let candidate = Zeroizing::new(read(self.value.as_ref()));
            self.stir(0, &[]);
            if is_less(&candidate, below) & !is_zero(&candidate) != 0 {
                return candidate;
            }
        }
    }

    fn stir(&mut self, mark: u8, seed: &[&[u8]]) {
        let empty: &[u8] = &[];
        let part = |index: usize| seed.get(index).copied().unwrap_or(empty);
        let parts = [self.value.as_slice(), &[mark], part(0), part(1), part(2)];
        self.key = Hmac::new(&self.key).tag(&parts);
        self.value = Hmac::new(&self.key).tag(&[self.value.as_ref()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn bytes(text: &str) -> Vec<u8> {
        let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
        text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
    }

    #[test]
    fn hmac_of_rfc_7836_a_1_2() {
        let mut key = [0; 64];
        for (to, from) in key.iter_mut().zip(0_u8..32) {
            *to = from;
        }
        let data = bytes("0126bdb87800af214341456563780100");
        let expected = bytes(
            "a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6",
        );
        assert_eq!(Hmac::new(&key).tag(&[&data]).to_vec(), expected);
    }

    #[test]
    fn nonces_depend_on_the_key_the_digest_and_the_randomness() {
        let below = [u64::MAX; 8];
        let first = |key: &[u8], digest: &[u8], extra: &[u8]| *Nonces::new(key, digest, extra).next(&below);
        let one = first(&[1; 64], &[2; 64], &[3; 32]);
        assert_eq!(one, first(&[1; 64], &[2; 64], &[3; 32]));
        assert_ne!(one, first(&[9; 64], &[2; 64], &[3; 32]));
        assert_ne!(one, first(&[1; 64], &[9; 64], &[3; 32]));
        assert_ne!(one, first(&[1; 64], &[2; 64], &[9; 32]));
        let mut nonces = Nonces::new(&[1; 64], &[2; 64], &[3; 32]);
        assert_ne!(nonces.next(&below), nonces.next(&below));
    }
}
