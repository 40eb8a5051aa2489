// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole numbers of a fixed number of words, the lowest word first. Nothing here branches on a value or looks up by it.
#![expect(clippy::indexing_slicing, reason = "loops over arrays whose length is a constant of the type")]

use core::hint::black_box;

/// A number of `L` words of 64 bits.
pub(crate) type Limbs<const L: usize> = [u64; L];

/// Returns `a + b + carry` and the new carry, 0 or 1.
pub(crate) const fn add_carry(a: u64, b: u64, carry: u64) -> (u64, u64) {
    let (sum, first) = a.overflowing_add(b);
    let (sum, second) = sum.overflowing_add(carry);
    (sum, first as u64 | second as u64)
}

/// Returns `a - b - borrow` and the new borrow, 0 or 1.
pub(crate) const fn subtract_borrow(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let (rest, first) = a.overflowing_sub(b);
    let (rest, second) = rest.overflowing_sub(borrow);
    (rest, first as u64 | second as u64)
}

/// Returns the low and the high word of `sum + a * b + carry`, which two words always hold.
#[inline]
pub(crate) const fn multiply_add(sum: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let (low, high) = multiply(a, b);
    let (low, first) = add_carry(low, sum, 0);
    let (low, second) = add_carry(low, carry, 0);
    (low, high + first + second)
}

/// Returns the low and the high word of `a * b`.
#[cfg(not(target_arch = "wasm32"))]
const fn multiply(a: u64, b: u64) -> (u64, u64) {
    let [low, high] = split(a as u128 * b as u128);
    (low, high)
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::cast_possible_truncation, reason = "the low word is what is wanted")]
const fn split(wide: u128) -> [u64; 2] {
    [wide as u64, (wide >> 64) as u64]
}

/// Returns the low and the high word of `a * b`, of halves: WebAssembly has no wider product than a word.
#[cfg(any(test, target_arch = "wasm32"))]
#[inline]
const fn multiply_halves(a: u64, b: u64) -> (u64, u64) {
    const LOW: u64 = 0xffff_ffff;
    let (a0, a1, b0, b1) = (a & LOW, a >> 32, b & LOW, b >> 32);
    let (low, mixed, other, high) = (a0 * b0, a0 * b1, a1 * b0, a1 * b1);
    let middle = (low >> 32) + (mixed & LOW) + (other & LOW);
    ((low & LOW) | (middle << 32), high + (mixed >> 32) + (other >> 32) + (middle >> 32))
}

#[cfg(target_arch = "wasm32")]
use multiply_halves as multiply;

/// Returns the sum and its carry.
pub(crate) const fn add<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> (Limbs<L>, u64) {
    let (mut sum, mut carry, mut i) = ([0; L], 0, 0);
    while i < L {
        (sum[i], carry) = add_carry(a[i], b[i], carry);
        i += 1;
    }
    (sum, carry)
}

/// Returns the difference and its borrow.
pub(crate) const fn subtract<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> (Limbs<L>, u64) {
    let (mut rest, mut borrow, mut i) = ([0; L], 0, 0);
    while i < L {
        (rest[i], borrow) = subtract_borrow(a[i], b[i], borrow);
        i += 1;
    }
    (rest, borrow)
}

/// Returns a mask, which the compiler cannot follow back to the truth it was made from: all ones for 1, zero for 0.
pub(crate) fn mask(bit: u64) -> u64 {
    black_box(0_u64.wrapping_sub(bit))
}

/// Returns a mask of all ones where both are equal.
pub(crate) fn equal(a: u64, b: u64) -> u64 {
    let difference = a ^ b;
    mask(1 ^ ((difference | difference.wrapping_neg()) >> 63))
}

/// Returns `yes` where the mask is all ones, `no` where it is zero.
pub(crate) fn select<const L: usize>(mask: u64, yes: &Limbs<L>, no: &Limbs<L>) -> Limbs<L> {
    let mut chosen = [0; L];
    for i in 0..L {
        chosen[i] = no[i] ^ (mask & (yes[i] ^ no[i]));
    }
    chosen
}

/// Returns a mask of all ones where the number is zero.
pub(crate) fn is_zero<const L: usize>(value: &Limbs<L>) -> u64 {
    equal(value.iter().fold(0, |all, word| all | word), 0)
}

/// Returns a mask of all ones where `a` is smaller than `b`.
pub(crate) fn is_less<const L: usize>(a: &Limbs<L>, b: &Limbs<L>) -> u64 {
    mask(subtract(a, b).1)
}

/// Reads a number, the lowest byte first; bytes that are not there are zero.
pub(crate) fn read<const L: usize>(bytes: &[u8]) -> Limbs<L> {
    let mut value = [0; L];
    for (word, chunk) in value.iter_mut().zip(bytes.chunks(8)) {
        let mut whole = [0; 8];
        whole.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        *word = u64::from_le_bytes(whole);
    }
    value
}

/// Writes a number, the lowest byte first.
pub(crate) fn write<const L: usize>(value: &Limbs<L>, bytes: &mut [u8]) {
    for (word, chunk) in value.iter().zip(bytes.chunks_mut(8)) {
        chunk.iter_mut().zip(word.to_le_bytes()).for_each(|(to, from)| *to = from);
    }
}

/// Reads a constant of a standard: hexadecimal digits, the highest first.
pub(crate) const fn hex<const L: usize>(text: &str) -> Limbs<L> {
    let (digits, mut value, mut i) = (text.as_bytes(), [0; L], 0);
    while i < digits.len() {
        let place = digits.len() - 1 - i;
        let digit = digits[i];
        let digit = if digit.is_ascii_digit() { digit - b'0' } else { digit - b'A' + 10 };
        value[place / 16] |= (digit as u64) << (place % 16 * 4);
        i += 1;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_products_are_one() {
        let mut number = 1_u64;
        for round in 0..1000_u64 {
            let other = number.rotate_left(23) ^ round;
            assert_eq!(multiply(number, other), multiply_halves(number, other));
            number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(round);
        }
        for pair in [(u64::MAX, u64::MAX), (0, u64::MAX), (1 << 32, u64::MAX), (u64::MAX >> 32, 1 << 63)] {
            assert_eq!(multiply(pair.0, pair.1), multiply_halves(pair.0, pair.1));
        }
    }
}
