// SPDX-License-Identifier: MIT OR Apache-2.0
//! Points in Jacobian coordinates: `x = X / Z^2`, `y = Y / Z^3`; the point at infinity has `Z = 0`.

use super::field::Fe;

/// A point with `Z = 1`, never the point at infinity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Affine<const N: usize, const C: u64> {
    pub(super) x: Fe<N, C>,
    pub(super) y: Fe<N, C>,
}

/// Any point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jacobian<const N: usize, const C: u64> {
    pub(super) x: Fe<N, C>,
    pub(super) y: Fe<N, C>,
    pub(super) z: Fe<N, C>,
}

/// A point that is added often, with the powers of its `Z`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cached<const N: usize, const C: u64> {
    point: Jacobian<N, C>,
    z_square: Fe<N, C>,
    z_cube: Fe<N, C>,
}

/// The coefficient `a` of a curve.
#[derive(Debug, Clone, Copy)]
pub(super) enum CoefficientA<const N: usize, const C: u64> {
    /// Minus three, which makes doubling cheaper.
    MinusThree,
    /// Any other.
    Other(Fe<N, C>),
}

impl<const N: usize, const C: u64> Affine<N, C> {
    /// Returns the point with the opposite `y`.
    pub(super) fn negate(&self) -> Self {
        Self { x: self.x, y: self.y.negate() }
    }

    /// Returns the point in Jacobian coordinates.
    pub(super) fn to_jacobian(self) -> Jacobian<N, C> {
        Jacobian { x: self.x, y: self.y, z: Fe::ONE }
    }
}

impl<const N: usize, const C: u64> Cached<N, C> {
    /// Returns the point with the opposite `y`.
    pub(super) fn negate(&self) -> Self {
        let point = Jacobian { y: self.point.y.negate(), ..self.point };
        Self { point, ..*self }
    }
}

impl<const N: usize, const C: u64> Jacobian<N, C> {
    /// The point at infinity.
    pub(super) const INFINITY: Self = Self { x: Fe::ONE, y: Fe::ONE, z: Fe::ZERO };

    /// Returns whether it is the point at infinity.
    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Returns the point with the powers of its `Z`.
    pub(super) fn cached(&self) -> Cached<N, C> {
        let z_square = self.z.square();
        Cached { point: *self, z_square, z_cube: z_square.multiply(&self.z) }
    }

    /// Returns the point with `Z = 1`, given the inverse of its `Z`.
    pub(super) fn to_affine(self, inverse: &Fe<N, C>) -> Affine<N, C> {
        let square = inverse.square();
        Affine { x: self.x.multiply(&square), y: self.y.multiply(&square.multiply(inverse)) }
    }

    /// Returns twice the point; infinity and points of order two double to `Z = 0` by themselves.
    pub(super) fn double(&self, a: &CoefficientA<N, C>) -> Self {
        let y_square = self.y.square();
        let quarter = self.x.multiply(&y_square);
        let slope = match a {
            CoefficientA::MinusThree => {
                let z_square = self.z.square();
                let product = self.x.subtract(&z_square).multiply(&self.x.add(&z_square));
                product.double().add(&product)
            }
            CoefficientA::Other(a) => {
                let x_square = self.x.square();
                let last = self.z.square().square().multiply(a);
                x_square.double().add(&x_square).add(&last)
            }
        };
        let whole = quarter.double().double();
        let x = slope.square().subtract(&whole.double());
        let eight = y_square.double().square().double();
        let y = slope.multiply(&whole.subtract(&x)).subtract(&eight);
        let z = self.y.multiply(&self.z).double();
        Self { x, y, z }
    }

    /// Returns the sum with a point whose `Z` is one.
    pub(super) fn add_affine(&self, other: &Affine<N, C>, a: &CoefficientA<N, C>) -> Self {
        if self.is_infinity() {
            return other.to_jacobian();
        }
        let z_square = self.z.square();
        let there = (other.x.multiply(&z_square), other.y.multiply(&z_square.multiply(&self.z)));
        self.add_scaled((self.x, self.y), there, self.z, a)
    }

    /// Returns the sum with a point whose powers of `Z` are known.
    pub(super) fn add_cached(&self, other: &Cached<N, C>, a: &CoefficientA<N, C>) -> Self {
        if self.is_infinity() {
            return other.point;
        }
        if other.point.is_infinity() {
            return *self;
        }
        let z_square = self.z.square();
        let here = (self.x.multiply(&other.z_square), self.y.multiply(&other.z_cube));
        let there = (other.point.x.multiply(&z_square), other.point.y.multiply(&z_square.multiply(&self.z)));
        self.add_scaled(here, there, self.z.multiply(&other.point.z), a)
    }

    /// Adds two points brought to the common `z`; equal and opposite ones are told apart here.
    #[inline]
    fn add_scaled(
        &self,
        here: (Fe<N, C>, Fe<N, C>),
        there: (Fe<N, C>, Fe<N, C>),
        z: Fe<N, C>,
        a: &CoefficientA<N, C>,
    ) -> Self {
        let (width, height) = (there.0.subtract(&here.0), there.1.subtract(&here.1));
        if width.is_zero() {
            return if height.is_zero() { self.double(a) } else { Self::INFINITY };
        }
        let square = width.square();
        let cube = square.multiply(&width);
        let middle = here.0.multiply(&square);
        let x = height.square().subtract(&cube).subtract(&middle.double());
        let y = height.multiply(&middle.subtract(&x)).subtract(&here.1.multiply(&cube));
        Self { x, y, z: z.multiply(&width) }
    }
}
