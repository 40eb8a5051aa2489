// SPDX-License-Identifier: MIT OR Apache-2.0
//! The field of a prime `2^(64 N) - C` with a small `C`: what overflows comes back multiplied by `C`.

#![expect(clippy::indexing_slicing, reason = "every index is below the constant length of the array")]

use super::limbs::{self, Limbs, multiply_add};

/// An element, in `0 .. 2^(64 N)`: the few values not below the prime stand for themselves less the prime.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fe<const N: usize, const C: u64>(pub(super) Limbs<N>);

impl<const N: usize, const C: u64> Fe<N, C> {
    /// Zero.
    pub(super) const ZERO: Self = Self([0; N]);
    /// One.
    pub(super) const ONE: Self = Self(limbs::small(1));

    /// Returns the prime.
    pub(super) const fn prime() -> Limbs<N> {
        let mut prime = [u64::MAX; N];
        prime[0] = u64::MAX - C + 1;
        prime
    }

    /// Returns the element if the number is below the prime.
    pub(super) fn from_canonical(number: Limbs<N>) -> Option<Self> {
        limbs::is_less(&number, &Self::prime()).then_some(Self(number))
    }

    /// Returns whether it is zero.
    pub(super) fn is_zero(&self) -> bool {
        limbs::is_zero(&self.0) || self.0 == Self::prime()
    }

    /// Returns whether both stand for the same element.
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.subtract(other).is_zero()
    }

    /// Returns the sum.
    #[inline]
    pub(super) fn add(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(&self.0, &other.0);
        Self::plus_small(sum, if carry { C } else { 0 })
    }

    /// Returns twice the element.
    #[inline]
    pub(super) fn double(&self) -> Self {
        self.add(self)
    }

    /// Returns the difference.
    #[inline]
    pub(super) fn subtract(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::subtract(&self.0, &other.0);
        Self::minus_small(difference, if borrow { C } else { 0 })
    }

    /// Returns the negative.
    pub(super) fn negate(&self) -> Self {
        Self::ZERO.subtract(self)
    }

    /// Returns the product.
    #[inline]
    pub(super) fn multiply(&self, other: &Self) -> Self {
        let (below, above) = limbs::multiply(&self.0, &other.0);
        Self::fold(&below, &above)
    }

    /// Returns the square.
    #[inline]
    pub(super) fn square(&self) -> Self {
        let [below, above] = limbs::square(&self.0);
        Self::fold(&below, &above)
    }

    /// Returns the inverse, by Fermat: the power of the prime less two; of zero, zero.
    pub(super) fn invert(&self) -> Self {
        let (exponent, _) = limbs::subtract(&Self::prime(), &limbs::small(2));
        let mut power = Self::ONE;
        for position in (0..64 * N).rev() {
            power = power.square();
            if limbs::bit(&exponent, position) == 1 {
                power = power.multiply(self);
            }
        }
        power
    }

    /// Reduces a double-length number.
    #[inline]
    fn fold(below: &Limbs<N>, above: &Limbs<N>) -> Self {
        let (mut folded, mut carry) = ([0; N], 0);
        for i in 0..N {
            (folded[i], carry) = multiply_add(below[i], above[i], C, carry);
        }
        // The carry is not above C, so the product is far below one limb.
        Self::plus_small(folded, carry.wrapping_mul(C))
    }

    #[inline]
    fn plus_small(mut number: Limbs<N>, small: u64) -> Self {
        let carry;
        (number[0], carry) = number[0].overflowing_add(small);
        if carry {
            Self::carry_up(&mut number);
        }
        Self(number)
    }

    #[inline]
    fn minus_small(mut number: Limbs<N>, small: u64) -> Self {
        let borrow;
        (number[0], borrow) = number[0].overflowing_sub(small);
        if borrow {
            Self::borrow_up(&mut number);
        }
        Self(number)
    }

    /// Carries out of the lowest limb; random numbers hardly ever need it.
    #[cold]
    fn carry_up(number: &mut Limbs<N>) {
        for limb in number.iter_mut().skip(1) {
            let carry;
            (*limb, carry) = limb.overflowing_add(1);
            if !carry {
                return;
            }
        }
        // All higher limbs are zero now and the lowest is below what was added to it.
        number[0] = number[0].wrapping_add(C);
    }

    /// Borrows into the lowest limb; random numbers hardly ever need it.
    #[cold]
    fn borrow_up(number: &mut Limbs<N>) {
        for limb in number.iter_mut().skip(1) {
            let borrow;
            (*limb, borrow) = limb.overflowing_sub(1);
            if !borrow {
                return;
            }
        }
        // All higher limbs are full now and the lowest is within a few C of full.
        number[0] = number[0].wrapping_sub(C);
    }
}
