// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers as arrays of 64-bit limbs, the least significant one first.

#![expect(clippy::indexing_slicing, reason = "every index is below the constant length of the array")]

/// A number of `N` limbs.
pub(super) type Limbs<const N: usize> = [u64; N];

/// Returns the low half of a double limb.
#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
pub(super) const fn low(wide: u128) -> u64 {
    wide as u64
}

/// Returns the high half of a double limb.
pub(super) const fn high(wide: u128) -> u64 {
    low(wide >> 64)
}

/// Returns `a + b * c + carry` as a limb and the next carry; it cannot overflow.
#[inline]
pub(super) const fn multiply_add(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let wide = (a as u128).wrapping_add((b as u128).wrapping_mul(c as u128)).wrapping_add(carry as u128);
    (low(wide), high(wide))
}

/// Returns the sum and whether it overflowed.
#[inline]
pub(super) fn add<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> (Limbs<N>, bool) {
    let (mut sum, mut carry) = ([0; N], false);
    for i in 0..N {
        (sum[i], carry) = a[i].carrying_add(b[i], carry);
    }
    (sum, carry)
}

/// Returns the difference and whether it underflowed.
#[inline]
pub(super) fn subtract<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> (Limbs<N>, bool) {
    let (mut difference, mut borrow) = ([0; N], false);
    for i in 0..N {
        (difference[i], borrow) = a[i].borrowing_sub(b[i], borrow);
    }
    (difference, borrow)
}

/// Returns the product: its low half and its high half.
#[inline]
pub(super) fn multiply<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> (Limbs<N>, Limbs<N>) {
    let (mut below, mut above) = ([0; N], [0; N]);
    for i in 0..N {
        let (limb, mut carry) = multiply_add(above[0], a[0], b[i], 0);
        below[i] = limb;
        for j in 1..N {
            (above[j - 1], carry) = multiply_add(above[j], a[j], b[i], carry);
        }
        above[N - 1] = carry;
    }
    (below, above)
}

/// Returns the square: its low half and its high half.
#[inline]
pub(super) fn square<const N: usize>(a: &Limbs<N>) -> [Limbs<N>; 2] {
    let mut halves = [[0; N]; 2];
    let wide = halves.as_flattened_mut();
    for i in 0..N {
        let mut carry = 0;
        for j in i + 1..N {
            (wide[i + j], carry) = multiply_add(wide[i + j], a[i], a[j], carry);
        }
        wide[i + N] = carry;
    }
    // Each product of two different limbs counts twice, each square once.
    let (mut top, mut carry) = (0, false);
    for i in 0..N {
        let own = u128::from(a[i]).wrapping_mul(u128::from(a[i]));
        let (first, second) = (wide[2 * i], wide[2 * i + 1]);
        (wide[2 * i], carry) = ((first << 1) | top).carrying_add(low(own), carry);
        (wide[2 * i + 1], carry) = ((second << 1) | (first >> 63)).carrying_add(high(own), carry);
        top = second >> 63;
    }
    halves
}

/// Returns the half, `carry` being the bit above the highest.
pub(super) fn halve<const N: usize>(a: &Limbs<N>, carry: bool) -> Limbs<N> {
    let (mut half, mut above) = ([0; N], u64::from(carry));
    for i in (0..N).rev() {
        half[i] = (a[i] >> 1) | (above << 63);
        above = a[i] & 1;
    }
    half
}

/// Returns whether `a < b`.
pub(super) fn is_less<const N: usize>(a: &Limbs<N>, b: &Limbs<N>) -> bool {
    subtract(a, b).1
}

/// Returns whether it is zero.
pub(super) fn is_zero<const N: usize>(a: &Limbs<N>) -> bool {
    a.iter().all(|limb| *limb == 0)
}

/// Returns the small number as limbs.
pub(super) const fn small<const N: usize>(value: u64) -> Limbs<N> {
    let mut limbs = [0; N];
    limbs[0] = value;
    limbs
}

/// Returns the number in little-endian bytes, if there are exactly `8 * N`.
pub(super) fn from_le<const N: usize>(bytes: &[u8]) -> Option<Limbs<N>> {
    if bytes.len() != 8 * N {
        return None;
    }
    let mut limbs = [0; N];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
        *limb = chunk.iter().rev().fold(0, |value, byte| (value << 8) | u64::from(*byte));
    }
    Some(limbs)
}

/// Returns the bit at `position`; above the highest limb there are zeros.
pub(super) fn bit<const N: usize>(a: &Limbs<N>, position: usize) -> u64 {
    a.get(position / 64).map_or(0, |limb| (limb >> (position % 64)) & 1)
}

/// Returns `count` bits from `position` on, `count` being less than 64.
pub(super) fn bits<const N: usize>(a: &Limbs<N>, position: usize, count: usize) -> u64 {
    let (index, shift) = (position / 64, position % 64);
    let pair = u128::from(a.get(index).copied().unwrap_or(0))
        | (u128::from(a.get(index + 1).copied().unwrap_or(0)) << 64);
    low(pair >> shift) & ((1 << count) - 1)
}
