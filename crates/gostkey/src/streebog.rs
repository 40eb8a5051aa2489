// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streebog (GOST R 34.11-2012, RFC 6986), in two ways.
//!
//! Documents are hashed fast, by tables that are read at places the document chooses. What is secret is not: there the
//! substitution is computed for all 64 bytes of the state at once, the state cut into eight planes, one for each bit of a
//! byte, and each bit of the result a tree of selections between constants; the linear transformation adds rows under
//! masks. So the private key is hashed into a nonce without a trace in caches.
#![expect(clippy::indexing_slicing, reason = "loops over arrays whose length is a constant of the type")]

mod tables;

use tables::{PI, ROUNDS, ROWS};
use zeroize::Zeroize;

/// Bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 64;

type State = [u64; 8];

/// Where the trees of selections begin: for each bit of π, the functions of the two lowest bits as their truth tables.
const LEAVES: [[u8; 64]; 8] = leaves();
/// Substitution and linear transformation of each byte at each place of a word: for documents only.
static TABLES: [[u64; 256]; 8] = tables();

/// A digest of a document.
pub type Streebog512 = Streebog<false>;
/// A digest of what is secret.
pub(crate) type SecretStreebog512 = Streebog<true>;

/// A digest in the making; `SECRET` says whether no place in memory may depend on the bytes.
#[derive(Clone)]
pub struct Streebog<const SECRET: bool> {
    hash: State,
    length: State,
    sum: State,
    rest: [u8; BLOCK_BYTES],
    filled: usize,
}

impl<const SECRET: bool> Drop for Streebog<SECRET> {
    fn drop(&mut self) {
        self.hash.zeroize();
        self.sum.zeroize();
        self.rest.zeroize();
    }
}

impl<const SECRET: bool> core::fmt::Debug for Streebog<SECRET> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Streebog").finish_non_exhaustive()
    }
}

impl<const SECRET: bool> Default for Streebog<SECRET> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const SECRET: bool> Streebog<SECRET> {
    /// Begins a digest.
    #[must_use]
    pub const fn new() -> Self {
        Self { hash: [0; 8], length: [0; 8], sum: [0; 8], rest: [0; BLOCK_BYTES], filled: 0 }
    }

    /// Adds bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let take = (BLOCK_BYTES - self.filled).min(bytes.len());
            let (now, later) = bytes.split_at(take);
            self.rest[self.filled..self.filled + take].copy_from_slice(now);
            self.filled += take;
            bytes = later;
            if self.filled == BLOCK_BYTES {
                self.block(BLOCK_BYTES);
            }
        }
    }

    /// Ends the digest: 64 bytes in the order in which the national authority writes them.
    #[must_use]
    pub fn finish(mut self) -> [u8; BLOCK_BYTES] {
        let filled = self.filled;
        self.rest[filled..].fill(0);
        self.rest[filled] = 1;
        self.block(filled);
        self.hash = compress::<SECRET>(&self.hash, &self.length, &[0; 8]);
        self.hash = compress::<SECRET>(&self.hash, &self.sum, &[0; 8]);
        let mut digest = [0; BLOCK_BYTES];
        crate::limbs::write(&self.hash, &mut digest);
        digest
    }

    /// Returns the digest of bytes.
    ///
    /// ```
    /// assert_eq!(gostkey::Streebog512::digest(b"")[..4], [0x8e, 0x94, 0x5d, 0xa2]);
    /// ```
    #[must_use]
    pub fn digest(bytes: &[u8]) -> [u8; BLOCK_BYTES] {
        let mut hash = Self::new();
        hash.update(bytes);
        hash.finish()
    }

    fn block(&mut self, bytes: usize) {
        let message = crate::limbs::read(&self.rest);
        self.hash = compress::<SECRET>(&self.hash, &message, &self.length);
        let mut more = [0; 8];
        more[0] = bytes as u64 * 8;
        self.length = crate::limbs::add(&self.length, &more).0;
        self.sum = crate::limbs::add(&self.sum, &message).0;
        self.filled = 0;
    }
}

/// The function of compression.
fn compress<const SECRET: bool>(hash: &State, message: &State, length: &State) -> State {
    let transform = if SECRET { transform_secret } else { transform_document };
    let mut key = transform(&xor(hash, length));
    let mut state = *message;
    for round in &ROUNDS {
        state = transform(&xor(&state, &key));
        key = transform(&xor(&key, round));
    }
    xor(&xor(&state, &key), &xor(hash, message))
}

fn xor(a: &State, b: &State) -> State {
    core::array::from_fn(|i| a[i] ^ b[i])
}

/// Substitution, transposition of the bytes, linear transformation, by tables.
fn transform_document(state: &State) -> State {
    core::array::from_fn(|row| {
        let bytes = state.iter().map(|word| word.to_le_bytes()[row]);
        TABLES.iter().zip(bytes).fold(0, |sum, (table, byte)| sum ^ table[usize::from(byte)])
    })
}

/// The same without tables.
fn transform_secret(state: &State) -> State {
    let planes = transpose_bytes(&state.map(transpose_bits));
    let substituted = transpose_bytes(&substitute(&planes)).map(transpose_bits);
    transpose_bytes(&substituted).map(linear)
}

/// Substitutes all bytes, given and returned as the planes of their bits.
fn substitute(planes: &State) -> State {
    // Every function of the two lowest bits by its truth table: bit 2 * x1 + x0 of the number.
    let (x0, x1) = (planes[0], planes[1]);
    let cases = [!x1 & !x0, !x1 & x0, x1 & !x0, x1 & x0];
    let functions: [u64; 16] = core::array::from_fn(|table| {
        (0..4).filter(|case| table >> case & 1 == 1).fold(0, |all, case| all | cases[case])
    });
    core::array::from_fn(|bit| {
        let mut tree: [u64; 64] = LEAVES[bit].map(|table| functions[usize::from(table)]);
        let mut size = tree.len();
        for plane in &planes[2..] {
            size /= 2;
            for i in 0..size {
                let (low, high) = (tree[2 * i], tree[2 * i + 1]);
                tree[i] = low ^ (plane & (low ^ high));
            }
        }
        tree[0]
    })
}

/// The linear transformation of a word.
fn linear(word: u64) -> u64 {
    let mut sum = 0;
    for (bit, row) in ROWS.iter().enumerate() {
        sum ^= row & 0_u64.wrapping_sub(word >> bit & 1);
    }
    sum
}

/// Turns a word as a square of eight by eight bits over its diagonal.
const fn transpose_bits(word: u64) -> u64 {
    let word = swap(word, 7, 0x00aa_00aa_00aa_00aa);
    let word = swap(word, 14, 0x0000_cccc_0000_cccc);
    swap(word, 28, 0x0000_0000_f0f0_f0f0)
}

const fn swap(word: u64, by: u32, mask: u64) -> u64 {
    let moved = (word ^ (word >> by)) & mask;
    word ^ moved ^ (moved << by)
}

/// Turns the state as a square of eight by eight bytes over its diagonal.
fn transpose_bytes(state: &State) -> State {
    let mut state = *state;
    for (apart, mask) in [(4, 0x0000_0000_ffff_ffff), (2, 0x0000_ffff_0000_ffff), (1, 0x00ff_00ff_00ff_00ff)]
    {
        for i in (0..8).filter(|i| i & apart == 0) {
            let (a, b) = (state[i], state[i + apart]);
            let moved = ((a >> (8 * apart)) ^ b) & mask;
            state[i] = a ^ (moved << (8 * apart));
            state[i + apart] = b ^ moved;
        }
    }
    state
}

const fn leaves() -> [[u8; 64]; 8] {
    let (mut leaves, mut bit) = ([[0; 64]; 8], 0);
    while bit < 8 {
        let mut value = 0;
        while value < 256 {
            leaves[bit][value / 4] |= (PI[value] >> bit & 1) << (value % 4);
            value += 1;
        }
        bit += 1;
    }
    leaves
}

const fn tables() -> [[u64; 256]; 8] {
    let (mut tables, mut place) = ([[0; 256]; 8], 0);
    while place < 8 {
        let mut value = 0;
        while value < 256 {
            let mut bit = 0;
            while bit < 8 {
                if PI[value] >> bit & 1 == 1 {
                    tables[place][value] ^= ROWS[8 * place + bit];
                }
                bit += 1;
            }
            value += 1;
        }
        place += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_one_function() {
        let mut bytes = [0; 200];
        for (length, seed) in (0..bytes.len()).zip(0_u8..) {
            bytes[length] = seed.wrapping_mul(91);
            let text = &bytes[..length];
            assert_eq!(SecretStreebog512::digest(text), Streebog512::digest(text));
        }
    }
}
