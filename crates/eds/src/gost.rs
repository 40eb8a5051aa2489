// SPDX-License-Identifier: MIT OR Apache-2.0
//! Verification by GOST R 34.10-2012 (2015) and GOST 34.310-2004, which is the same equation on other curves.
//!
//! Only public data is handled, so nothing here is constant-time; nothing here can sign. The three curves of the
//! national authority are fixed:
//!
//! | curve | national parameters | is | seen |
//! |---|---|---|---|
//! | [`Curve::Bits512`] | `1.2.398.3.10.1.1.2.2.1` | `id-tc26-gost-3410-12-512-paramSetA`, RFC 7836 | in certificates of the authority |
//! | [`Curve::Bits2004`] | `1.2.398.3.10.1.1.1.1.1` | `id-GostR3410-2001-CryptoPro-A-ParamSet`, RFC 4357 | in certificates of the authority |
//! | [`Curve::Bits256`] | `1.2.398.3.10.1.1.2.1.1` | assumed: `id-tc26-gost-3410-2012-256-paramSetA`, RFC 7836 | never: see [`Curve::Bits256`] |
//!
//! The bytes are those of the authority: a key is `x` and `y`, a signature `r` and `s`, a digest one number, each
//! little-endian. A second implementation, plainly after the standard, is in `reference` (for tests); the
//! two are compared on thousands of cases, and both with another library.

mod curve;
mod field;
mod limbs;
mod point;
#[cfg(any(test, feature = "reference"))]
pub mod reference;
mod scalar;
#[cfg(test)]
mod tests;

use curve::{CRYPTO_PRO_A, TC26_256_A, TC26_512_A};
use limbs::Limbs;

/// A curve with its base point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// For GOST R 34.10-2015 with 512 bits.
    Bits512,
    /// For GOST R 34.10-2015 with 256 bits.
    ///
    /// An assumption: no certificate or signature with it was ever seen. Descriptions of the authority's library by
    /// others name this curve; it has cofactor four, so keys outside of the group of the base point are refused.
    Bits256,
    /// For GOST 34.310-2004.
    Bits2004,
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The key is not two coordinates of the curve's length, or not a point of the curve's group.
    Key,
    /// The signature is not two numbers of the curve's length, each from one to the order less one.
    Range,
    /// The digest is not of the curve's length.
    Digest,
    /// The signature is not this key's signature of this digest.
    Mismatch,
}

impl Curve {
    /// Returns the bytes of a coordinate, of a digest and of each half of a signature.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bits512 => 64,
            Self::Bits256 | Self::Bits2004 => 32,
        }
    }

    /// Says whether `signature` is the signature of a message with this digest, by this key.
    ///
    /// ```
    /// use eds::gost::{Curve, Refusal};
    /// assert_eq!(Curve::Bits512.verify(&[1; 128], &[0; 64], &[1; 128]), Err(Refusal::Key));
    /// ```
    pub fn verify(self, key: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        match self {
            Self::Bits512 => verify(&TC26_512_A, key, digest, signature),
            Self::Bits256 => verify(&TC26_256_A, key, digest, signature),
            Self::Bits2004 => verify(&CRYPTO_PRO_A, key, digest, signature),
        }
    }
}

fn verify<const N: usize, const C: u64>(
    curve: &curve::Curve<N, C>,
    key: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Refusal> {
    let order = &curve.order;
    let (x, y) = pair(key).ok_or(Refusal::Key)?;
    let key = curve.key(x, y).ok_or(Refusal::Key)?;
    let (r, s) = pair(signature).ok_or(Refusal::Range)?;
    let is_in_range = |number: &Limbs<N>| !limbs::is_zero(number) && limbs::is_less(number, &order.value);
    if !is_in_range(&r) || !is_in_range(&s) {
        return Err(Refusal::Range);
    }
    let digest = order.reduce(&limbs::from_le(digest).ok_or(Refusal::Digest)?);
    // The standard puts one in the place of a digest that is zero.
    let digest = if limbs::is_zero(&digest) { limbs::small(1) } else { digest };
    let inverse = order.invert(&digest);
    let z1 = order.multiply(&s, &inverse);
    let z2 = order.negate(&order.multiply(&r, &inverse));
    if curve.has_x(&curve.combine(&z1, &z2, &key), &r) { Ok(()) } else { Err(Refusal::Mismatch) }
}

/// Returns the two numbers that follow one another.
fn pair<const N: usize>(bytes: &[u8]) -> Option<(Limbs<N>, Limbs<N>)> {
    let (first, second) = bytes.split_at_checked(8 * N)?;
    Some((limbs::from_le(first)?, limbs::from_le(second)?))
}
