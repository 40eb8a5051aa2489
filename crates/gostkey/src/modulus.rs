// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arithmetic modulo an odd number in Montgomery's form: a residue `x` stands as `x * 2^(64 L)`.
#![expect(clippy::indexing_slicing, reason = "loops over arrays whose length is a constant of the type")]

use crate::limbs::{Limbs, add, add_carry, hex, mask, multiply_add, select, subtract};

/// A modulus with what multiplication by it needs.
#[derive(Debug)]
pub(crate) struct Modulus<const L: usize> {
    value: Limbs<L>,
    /// `2^(64 L)`: one in Montgomery's form.
    one: Limbs<L>,
    /// `2^(128 L)`, by which a number enters the form.
    square: Limbs<L>,
    /// `-1 / value` modulo `2^64`.
    inverse: u64,
}

impl<const L: usize> Modulus<L> {
    /// Returns the modulus of a constant, which must be odd and use the highest word.
    pub(crate) const fn new(text: &str) -> Self {
        let value = hex(text);
        let mut one = [0; L];
        one[0] = 1;
        let one = shift(one, &value);
        // Each round of Newton's doubles the right bits of 1 / value; any odd number is right in three.
        let (mut inverse, mut round) = (value[0], 0);
        while round < 5 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(value[0].wrapping_mul(inverse)));
            round += 1;
        }
        Self { value, one, square: shift(one, &value), inverse: inverse.wrapping_neg() }
    }

    /// Returns the modulus itself.
    pub(crate) const fn value(&self) -> &Limbs<L> {
        &self.value
    }

    /// Returns one.
    pub(crate) const fn one(&self) -> &Limbs<L> {
        &self.one
    }

    /// Returns a public constant in Montgomery's form.
    pub(crate) const fn constant(&self, text: &str) -> Limbs<L> {
        shift(hex(text), &self.value)
    }

    /// Returns three times a public constant in Montgomery's form.
    pub(crate) const fn thrice(&self, constant: &Limbs<L>) -> Limbs<L> {
        reduce_public(add(&double_public(constant, &self.value), constant), &self.value)
    }

    /// Returns any number of `L` words, reduced and in Montgomery's form.
    pub(crate) fn enter(&self, value: &Limbs<L>) -> Limbs<L> {
        self.multiply(value, &self.square)
    }

    /// Returns a residue as a number.
    pub(crate) fn leave(&self, residue: &Limbs<L>) -> Limbs<L> {
        let mut one = [0; L];
        one[0] = 1;
        self.multiply(residue, &one)
    }

    /// Returns `a + b`.
    pub(crate) fn add(&self, a: &Limbs<L>, b: &Limbs<L>) -> Limbs<L> {
        let (sum, carry) = add(a, b);
        self.reduce(&sum, carry)
    }

    /// Returns `a - b`.
    pub(crate) fn subtract(&self, a: &Limbs<L>, b: &Limbs<L>) -> Limbs<L> {
        let (rest, borrow) = subtract(a, b);
        let back = select(mask(borrow), &self.value, &[0; L]);
        add(&rest, &back).0
    }

    /// Returns `a * b`; `a` may be any number of `L` words.
    pub(crate) fn multiply(&self, a: &Limbs<L>, b: &Limbs<L>) -> Limbs<L> {
        // The sum so far and its two words above; the lowest word becomes zero and is shifted out in every round.
        let (mut sum, mut high) = ([0; L], 0);
        for word in a {
            let mut carry = 0;
            for j in 0..L {
                (sum[j], carry) = multiply_add(sum[j], *word, b[j], carry);
            }
            let (above, over) = add_carry(high, carry, 0);
            let factor = sum[0].wrapping_mul(self.inverse);
            let (_, mut carry) = multiply_add(sum[0], factor, self.value[0], 0);
            for j in 1..L {
                (sum[j - 1], carry) = multiply_add(sum[j], factor, self.value[j], carry);
            }
            let (top, more) = add_carry(above, carry, 0);
            sum[L - 1] = top;
            high = over + more;
        }
        self.reduce(&sum, high)
    }

    /// Returns `1 / a`, and zero for zero: `a^(value - 2)`. The exponent is public.
    pub(crate) fn invert(&self, a: &Limbs<L>) -> Limbs<L> {
        let mut two = [0; L];
        two[0] = 2;
        let (exponent, _) = subtract(&self.value, &two);
        let mut power = self.one;
        for word in exponent.iter().rev() {
            for bit in (0..64).rev() {
                power = self.multiply(&power, &power);
                if word >> bit & 1 == 1 {
                    power = self.multiply(&power, a);
                }
            }
        }
        power
    }

    /// Returns `value + carry * 2^(64 L)`, which is smaller than twice the modulus, less the modulus if it is not smaller.
    fn reduce(&self, value: &Limbs<L>, carry: u64) -> Limbs<L> {
        let (less, borrow) = subtract(value, &self.value);
        select(mask(borrow & (carry ^ 1)), value, &less)
    }
}

/// Returns `value * 2^(64 L)` modulo `modulus`; both are public.
const fn shift<const L: usize>(mut value: Limbs<L>, modulus: &Limbs<L>) -> Limbs<L> {
    let mut i = 0;
    while i < 64 * L {
        value = double_public(&value, modulus);
        i += 1;
    }
    value
}

const fn double_public<const L: usize>(value: &Limbs<L>, modulus: &Limbs<L>) -> Limbs<L> {
    reduce_public(add(value, value), modulus)
}

const fn reduce_public<const L: usize>((sum, carry): (Limbs<L>, u64), modulus: &Limbs<L>) -> Limbs<L> {
    let (less, borrow) = subtract(&sum, modulus);
    if carry == 0 && borrow == 1 { sum } else { less }
}
