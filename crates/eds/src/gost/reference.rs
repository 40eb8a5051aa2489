// SPDX-License-Identifier: MIT OR Apache-2.0
//! GOST R 34.10-2012 word for word after RFC 7091, with big integers and one bit of a multiplier after another.
//!
//! For tests only (feature `reference`): slow, and signing here is neither constant-time nor meant for real keys.
//! It shares no line with the implementation that verifies, except the names of the curves.

#![expect(clippy::many_single_char_names, reason = "the names of the standard")]

use num_bigint::BigUint;

use super::Curve;

/// A curve `y^2 = x^3 + a x + b` over the field of `p`, with a base point `(x, y)` of the order `q`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    /// The prime.
    pub p: BigUint,
    /// Coefficient of `x`.
    pub a: BigUint,
    /// The constant.
    pub b: BigUint,
    /// Order of the base point.
    pub q: BigUint,
    /// The base point.
    pub base: Point,
}

/// A point; nothing is the point at infinity.
pub type Point = Option<(BigUint, BigUint)>;

/// A point as `x / z` and `y / z`; at infinity `z` is zero.
#[derive(Clone)]
struct Projective {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

fn hex(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default()
}

impl Parameters {
    /// Returns parameters from hexadecimal digits of `p`, `a`, `b`, `q`, `x` and `y`.
    #[must_use]
    pub fn from_hex(digits: [&str; 6]) -> Self {
        let [p, a, b, q, x, y] = digits.map(hex);
        Self { p, a, b, q, base: Some((x, y)) }
    }

    /// Returns the parameters of a curve.
    #[must_use]
    pub fn of(curve: Curve) -> Self {
        match curve {
            Curve::Bits512 => Self::from_hex([
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7",
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC4",
                "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
                "3",
                "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
            ]),
            Curve::Bits256 => Self::from_hex([
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97",
                "C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335",
                "295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513",
                "400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67",
                "91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28",
                "32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C",
            ]),
            Curve::Bits2004 => Self::from_hex([
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97",
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD94",
                "A6",
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893",
                "1",
                "8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14",
            ]),
        }
    }

    /// Returns whether the point lies on the curve.
    #[must_use]
    pub fn holds(&self, point: &Point) -> bool {
        point.as_ref().is_none_or(|(x, y)| {
            x < &self.p && y < &self.p && (x * x * x + &self.a * x + &self.b) % &self.p == y * y % &self.p
        })
    }

    /// Returns the sum of two points.
    #[must_use]
    pub fn add(&self, one: &Point, other: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (one, other) else {
            return one.clone().or_else(|| other.clone());
        };
        let p = &self.p;
        let (above, below) = if x1 != x2 {
            (y2 + p - y1, x2 + p - x1)
        } else if y1 == y2 && *y1 != BigUint::ZERO {
            (3u8 * x1 * x1 + &self.a, 2u8 * y1)
        } else {
            return None;
        };
        let slope = above * below.modinv(p)? % p;
        let x = (&slope * &slope + 2u8 * p - x1 - x2) % p;
        let y = (slope * (x1 + p - &x) + p - y1) % p;
        Some((x, y))
    }

    /// Returns the multiple of a point, bit by bit, with fractions kept apart until the end.
    #[must_use]
    pub fn multiply(&self, times: &BigUint, point: &Point) -> Point {
        let Some((x, y)) = point else { return None };
        let one = Projective { x: x.clone(), y: y.clone(), z: BigUint::from(1u8) };
        let mut sum = Projective { x: BigUint::ZERO, y: BigUint::from(1u8), z: BigUint::ZERO };
        for position in (0..times.bits()).rev() {
            sum = self.sum(&sum, &sum);
            if times.bit(position) {
                sum = self.sum(&sum, &one);
            }
        }
        let inverse = sum.z.modinv(&self.p)?;
        Some((sum.x * &inverse % &self.p, sum.y * inverse % &self.p))
    }

    /// Returns the sum of two points, `x / z` and `y / z`: the slope is `above / below`, as in [`Self::add`].
    fn sum(&self, one: &Projective, other: &Projective) -> Projective {
        let p = &self.p;
        if one.z == BigUint::ZERO {
            return other.clone();
        }
        if other.z == BigUint::ZERO {
            return one.clone();
        }
        let (x1, y1) = (&one.x * &other.z % p, &one.y * &other.z % p);
        let (x2, y2) = (&other.x * &one.z % p, &other.y * &one.z % p);
        let z = &one.z * &other.z % p;
        // x1 / z and so on are the coordinates now: one denominator for both points.
        let (above, below) = if x1 != x2 {
            ((&y2 + p - &y1) % p, (&x2 + p - &x1) % p)
        } else if y1 == y2 {
            ((3u8 * &x1 * &x1 + &self.a * &z % p * &z) % p, 2u8 * &y1 * &z % p)
        } else {
            return Projective { x: BigUint::ZERO, y: BigUint::from(1u8), z: BigUint::ZERO };
        };
        let square = &below * &below % p;
        let cube = &square * &below % p;
        // x3 = (above / below)^2 - (x1 + x2) / z over the denominator below^2 z.
        let x3 = (&above * &above % p * &z + p * p - &square * ((&x1 + &x2) % p)) % p;
        let y3 = (&above * ((&square * &x1 + p * p - &x3) % p) + p * p - &cube * &y1) % p;
        Projective { x: &below * x3 % p, y: y3, z: cube * z % p }
    }

    /// Returns the number that stands for a digest, which is given as a number.
    fn reduced(&self, digest: &BigUint) -> BigUint {
        let digest = digest % &self.q;
        if digest == BigUint::ZERO { BigUint::from(1u8) } else { digest }
    }

    /// Returns whether `(r, s)` is a signature of a message with this digest (RFC 7091, 6.2).
    #[must_use]
    pub fn verifies(&self, key: &Point, digest: &BigUint, signature: &(BigUint, BigUint)) -> bool {
        let ((r, s), q) = (signature, &self.q);
        let is_in_range = |number: &BigUint| *number != BigUint::ZERO && number < q;
        let is_in_group = key.is_some() && self.holds(key) && self.multiply(q, key).is_none();
        if !is_in_range(r) || !is_in_range(s) || !is_in_group {
            return false;
        }
        let Some(v) = self.reduced(digest).modinv(q) else { return false };
        let (z1, z2) = (s * &v % q, (q - r) * &v % q);
        let sum = self.add(&self.multiply(&z1, &self.base), &self.multiply(&z2, key));
        sum.is_some_and(|(x, _)| &(x % q) == r)
    }

    /// Returns the signature with this one-time number, unless it is one of the few that give none (RFC 7091, 6.1).
    #[must_use]
    pub fn sign(&self, secret: &BigUint, digest: &BigUint, once: &BigUint) -> Option<(BigUint, BigUint)> {
        let r = self.multiply(once, &self.base)?.0 % &self.q;
        let s = (&r * secret + once * self.reduced(digest)) % &self.q;
        (r != BigUint::ZERO && s != BigUint::ZERO).then_some((r, s))
    }
}

impl Curve {
    /// Returns two numbers, each little-endian: a key's coordinates, or a signature's `r` and `s`.
    #[must_use]
    pub fn pair_to_bytes(self, pair: &(BigUint, BigUint)) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 * self.bytes());
        for number in [&pair.0, &pair.1] {
            let mut half = number.to_bytes_le();
            half.resize(self.bytes(), 0);
            bytes.extend(half);
        }
        bytes
    }
}
