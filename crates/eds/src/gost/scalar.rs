// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers modulo the order of the base point, which is odd and of no special form: Montgomery's way.

#![expect(clippy::indexing_slicing, reason = "every index is below the constant length of the array")]

use super::limbs::{self, Limbs, multiply_add};

/// An odd modulus with what Montgomery's multiplication needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Modulus<const N: usize> {
    /// The modulus itself.
    pub(super) value: Limbs<N>,
    /// The negative inverse of the lowest limb, modulo a limb.
    inverse: u64,
    /// `2^(128 N)` modulo the modulus.
    square: Limbs<N>,
}

impl<const N: usize> Modulus<N> {
    /// Prepares a modulus.
    pub(super) fn new(value: Limbs<N>) -> Self {
        // Newton: each step doubles the number of bits that are right, and an odd number is its own inverse in three.
        let mut inverse = value[0];
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(value[0].wrapping_mul(inverse)));
        }
        let mut own = Self { value, inverse: inverse.wrapping_neg(), square: limbs::small(1) };
        for _ in 0..128 * N {
            own.square = own.add(&own.square, &own.square);
        }
        own
    }

    /// Returns any number reduced; meant for numbers of few times the modulus.
    pub(super) fn reduce(&self, number: &Limbs<N>) -> Limbs<N> {
        let mut reduced = *number;
        while !limbs::is_less(&reduced, &self.value) {
            (reduced, _) = limbs::subtract(&reduced, &self.value);
        }
        reduced
    }

    /// Returns the sum of reduced numbers.
    fn add(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        let (sum, carry) = limbs::add(a, b);
        self.reduce_once(&sum, carry)
    }

    /// Returns the negative of a reduced number.
    pub(super) fn negate(&self, a: &Limbs<N>) -> Limbs<N> {
        if limbs::is_zero(a) { *a } else { limbs::subtract(&self.value, a).0 }
    }

    /// Returns the product of reduced numbers.
    pub(super) fn multiply(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        self.montgomery(&self.montgomery(a, b), &self.square)
    }

    /// Returns the inverse of a reduced number other than zero (the modulus is prime), by halving.
    pub(super) fn invert(&self, number: &Limbs<N>) -> Limbs<N> {
        // Each of `u` and `v` is its `x` or `y` times the number, modulo the modulus.
        let (mut u, mut v) = (*number, self.value);
        let (mut x, mut y) = (limbs::small(1), [0; N]);
        let one = limbs::small(1);
        while u != one && v != one {
            while u[0] & 1 == 0 {
                u = limbs::halve(&u, false);
                x = self.half(&x);
            }
            while v[0] & 1 == 0 {
                v = limbs::halve(&v, false);
                y = self.half(&y);
            }
            let (difference, is_less) = limbs::subtract(&u, &v);
            if is_less {
                (v, _) = limbs::subtract(&v, &u);
                y = self.subtract(&y, &x);
            } else {
                u = difference;
                x = self.subtract(&x, &y);
            }
        }
        if u == one { x } else { y }
    }

    fn half(&self, a: &Limbs<N>) -> Limbs<N> {
        if a[0] & 1 == 0 {
            return limbs::halve(a, false);
        }
        let (sum, carry) = limbs::add(a, &self.value);
        limbs::halve(&sum, carry)
    }

    fn subtract(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        let (difference, borrow) = limbs::subtract(a, b);
        if borrow { limbs::add(&difference, &self.value).0 } else { difference }
    }

    /// Returns the product divided by `2^(64 N)`.
    fn montgomery(&self, a: &Limbs<N>, b: &Limbs<N>) -> Limbs<N> {
        let (mut sum, mut top) = ([0; N], false);
        for limb in *b {
            let mut carry = 0;
            for j in 0..N {
                (sum[j], carry) = multiply_add(sum[j], a[j], limb, carry);
            }
            let above = carry;
            let factor = sum[0].wrapping_mul(self.inverse);
            let (_, mut carry) = multiply_add(sum[0], factor, self.value[0], 0);
            for j in 1..N {
                (sum[j - 1], carry) = multiply_add(sum[j], factor, self.value[j], carry);
            }
            let (partial, first) = above.overflowing_add(carry);
            let (last, second) = partial.overflowing_add(u64::from(top));
            (sum[N - 1], top) = (last, first | second);
        }
        self.reduce_once(&sum, top)
    }

    fn reduce_once(&self, number: &Limbs<N>, carry: bool) -> Limbs<N> {
        let (reduced, borrow) = limbs::subtract(number, &self.value);
        if carry || !borrow { reduced } else { *number }
    }
}
