// SPDX-License-Identifier: MIT OR Apache-2.0
//! The curves: both implementations agree with each other and with the standards' own examples.

mod arithmetic;
mod differential;
mod standards;

use num_bigint::BigUint;

/// A small generator, so that every run tries the same numbers.
pub(super) struct Steps(pub(super) u64);

impl Steps {
    pub(super) fn limb(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.limb() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(super) fn limbs<const N: usize>(&mut self) -> [u64; N] {
        [(); N].map(|()| self.limb())
    }

    /// A number below the limit, other than zero.
    pub(super) fn number(&mut self, limit: &BigUint) -> BigUint {
        let limbs: [u64; 9] = self.limbs();
        big(&limbs) % (limit - 1u8) + 1u8
    }
}

pub(super) fn big(limbs: &[u64]) -> BigUint {
    limbs.iter().rev().fold(BigUint::ZERO, |sum, limb| (sum << 64) + limb)
}

pub(super) fn limbs_of<const N: usize>(number: &BigUint) -> [u64; N] {
    let digits = number.to_u64_digits();
    std::array::from_fn(|place| digits.get(place).copied().unwrap_or(0))
}

pub(super) fn hex(digits: &str) -> BigUint {
    let digits: String = digits.split_whitespace().collect();
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap()
}
