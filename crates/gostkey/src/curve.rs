// SPDX-License-Identifier: MIT OR Apache-2.0
//! Points of a curve `y² = x³ + a x + b` whose number of points is an odd prime.
//!
//! One formula adds any two points: equal, opposite, or none at all (Renes, Costello, Batina: *Complete addition
//! formulas for prime order elliptic curves*, 2015, algorithm 1). So there is no special case whose appearance could
//! be seen from outside, and doubling is adding a point to itself.
#![expect(clippy::indexing_slicing, reason = "loops over arrays whose length is a constant of the type")]

use crate::limbs::{Limbs, equal, is_zero, select};
use crate::modulus::Modulus;
use zeroize::Zeroize;

/// Bits taken from a factor at a time.
const WINDOW: usize = 4;

/// A curve and its point of reference.
#[derive(Debug)]
pub(crate) struct Curve<const L: usize> {
    /// The field.
    pub(crate) p: Modulus<L>,
    /// The factors: the number of points.
    pub(crate) q: Modulus<L>,
    a: Limbs<L>,
    b: Limbs<L>,
    b3: Limbs<L>,
    /// The point of reference.
    pub(crate) base: Point<L>,
}

/// A point in projective coordinates, Montgomery's form; `z` is zero for none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point<const L: usize> {
    x: Limbs<L>,
    y: Limbs<L>,
    z: Limbs<L>,
}

/// A curve as a standard writes it: hexadecimal digits.
pub(crate) struct Written {
    pub(crate) p: &'static str,
    pub(crate) q: &'static str,
    pub(crate) a: &'static str,
    pub(crate) b: &'static str,
    pub(crate) x: &'static str,
    pub(crate) y: &'static str,
}

impl<const L: usize> Zeroize for Point<L> {
    fn zeroize(&mut self) {
        self.x.zeroize();
        self.y.zeroize();
        self.z.zeroize();
    }
}

impl<const L: usize> Curve<L> {
    /// Returns the curve of a standard.
    pub(crate) const fn new(written: &Written) -> Self {
        let p = Modulus::new(written.p);
        let (a, b) = (p.constant(written.a), p.constant(written.b));
        let base = Point { x: p.constant(written.x), y: p.constant(written.y), z: *p.one() };
        Self { b3: p.thrice(&b), q: Modulus::new(written.q), p, a, b, base }
    }

    /// Returns the point of these coordinates if it lies on the curve.
    pub(crate) fn point(&self, x: &Limbs<L>, y: &Limbs<L>) -> Option<Point<L>> {
        let f = &self.p;
        let inside = |value: &Limbs<L>| crate::limbs::is_less(value, f.value()) != 0;
        let point = Point { x: f.enter(x), y: f.enter(y), z: *f.one() };
        let Point { x: ex, y: ey, .. } = &point;
        let right = f.add(&f.multiply(&f.add(&f.multiply(ex, ex), &self.a), ex), &self.b);
        let on = is_zero(&f.subtract(&f.multiply(ey, ey), &right)) != 0;
        (inside(x) && inside(y) && on).then_some(point)
    }

    /// Returns `p + q`.
    #[expect(clippy::many_single_char_names, reason = "the names of the formula")]
    pub(crate) fn add(&self, p: &Point<L>, q: &Point<L>) -> Point<L> {
        let f = &self.p;
        let (xx, yy, zz) = (f.multiply(&p.x, &q.x), f.multiply(&p.y, &q.y), f.multiply(&p.z, &q.z));
        // The mixed products, each from one multiplication: x1 y2 + x2 y1 and so on.
        let mixed = |a1, b1, a2, b2, aa, bb| {
            let product = f.multiply(&f.add(a1, b1), &f.add(a2, b2));
            f.subtract(&product, &f.add(aa, bb))
        };
        let xy = mixed(&p.x, &p.y, &q.x, &q.y, &xx, &yy);
        let xz = mixed(&p.x, &p.z, &q.x, &q.z, &xx, &zz);
        let yz = mixed(&p.y, &p.z, &q.y, &q.z, &yy, &zz);
        let azz = f.multiply(&self.a, &zz);
        let u = f.add(&f.multiply(&self.a, &xz), &f.multiply(&self.b3, &zz));
        let v = f.add(&f.multiply(&self.b3, &xz), &f.multiply(&self.a, &f.subtract(&xx, &azz)));
        let w = f.add(&f.add(&f.add(&xx, &xx), &xx), &azz);
        let (less, more) = (f.subtract(&yy, &u), f.add(&yy, &u));
        Point {
            x: f.subtract(&f.multiply(&xy, &less), &f.multiply(&yz, &v)),
            y: f.add(&f.multiply(&less, &more), &f.multiply(&w, &v)),
            z: f.add(&f.multiply(&yz, &more), &f.multiply(&xy, &w)),
        }
    }

    /// Returns `factor * point` by the same steps for every factor: all multiples up to 15 are read for each digit.
    pub(crate) fn multiply(&self, factor: &Limbs<L>, point: &Point<L>) -> Point<L> {
        let none = Point { x: [0; L], y: *self.p.one(), z: [0; L] };
        let mut multiples = [none; 1 << WINDOW];
        for i in 1..multiples.len() {
            multiples[i] = self.add(&multiples[i - 1], point);
        }
        let mut sum = none;
        for word in factor.iter().rev() {
            for place in (0..64 / WINDOW).rev() {
                for _ in 0..WINDOW {
                    sum = self.add(&sum, &sum);
                }
                let digit = word >> (place * WINDOW) & ((1 << WINDOW) - 1);
                let mut chosen = pick(&multiples, digit);
                sum = self.add(&sum, &chosen);
                chosen.zeroize();
            }
        }
        sum
    }

    /// Returns the coordinates as numbers; zeros for none.
    pub(crate) fn coordinates(&self, point: &Point<L>) -> (Limbs<L>, Limbs<L>) {
        let f = &self.p;
        let mut inverse = f.invert(&point.z);
        let at = |coordinate| f.leave(&f.multiply(coordinate, &inverse));
        let both = (at(&point.x), at(&point.y));
        inverse.zeroize();
        both
    }
}

/// Returns the multiple of this number, having read them all.
fn pick<const L: usize>(multiples: &[Point<L>; 1 << WINDOW], digit: u64) -> Point<L> {
    let mut chosen = multiples[0];
    for (number, multiple) in (0..).zip(multiples) {
        let this = equal(number, digit);
        chosen.x = select(this, &multiple.x, &chosen.x);
        chosen.y = select(this, &multiple.y, &chosen.y);
        chosen.z = select(this, &multiple.z, &chosen.z);
    }
    chosen
}
