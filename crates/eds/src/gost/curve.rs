// SPDX-License-Identifier: MIT OR Apache-2.0
//! The three curves, ready for verification, and the sum `z1 P + z2 Q` on them.

use std::sync::LazyLock;

use super::field::Fe;
use super::limbs::{self, Limbs};
use super::point::{Affine, Cached, CoefficientA, Jacobian};
use super::scalar::Modulus;

/// Width of the signed windows over the multiplier of the base point, whose multiples are kept.
const BASE_WIDTH: usize = 8;
/// Odd multiples of the base point: the digits of a window are odd and of either sign.
const BASE_MULTIPLES: usize = 1 << (BASE_WIDTH - 2);
/// Width of the signed windows over the multiplier of a key.
const KEY_WIDTH: usize = 5;
/// Odd multiples of a key.
const KEY_MULTIPLES: usize = 1 << (KEY_WIDTH - 2);

/// A curve `y^2 = x^3 + a x + b` over the field of `2^(64 N) - C`.
#[derive(Debug)]
pub(super) struct Curve<const N: usize, const C: u64> {
    a: CoefficientA<N, C>,
    b: Fe<N, C>,
    /// Whether there are points outside of the group of the base point.
    has_cofactor: bool,
    pub(super) order: Modulus<N>,
    base: Vec<Affine<N, C>>,
}

/// `id-tc26-gost-3410-12-512-paramSetA` of RFC 7836.
pub(super) static TC26_512_A: LazyLock<Curve<8, 569>> = LazyLock::new(|| {
    let [b, order, x, y] = [
        "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265\
         ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
        "3",
        "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921\
         df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
    ]
    .map(number);
    Curve::new(CoefficientA::MinusThree, b, order, (x, y))
});

/// `id-GostR3410-2001-CryptoPro-A-ParamSet` of RFC 4357.
pub(super) static CRYPTO_PRO_A: LazyLock<Curve<4, 617>> = LazyLock::new(|| {
    let [b, order, x, y] = [
        "a6",
        "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893",
        "1",
        "8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14",
    ]
    .map(number);
    Curve::new(CoefficientA::MinusThree, b, order, (x, y))
});

/// `id-tc26-gost-3410-2012-256-paramSetA` of RFC 7836, in the form of Weierstrass.
pub(super) static TC26_256_A: LazyLock<Curve<4, 617>> = LazyLock::new(|| {
    let [a, b, order, x, y] = [
        "c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335",
        "295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513",
        "400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67",
        "91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28",
        "32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c",
    ]
    .map(number);
    let mut curve = Curve::new(CoefficientA::Other(Fe(a)), b, order, (x, y));
    curve.has_cofactor = true;
    curve
});

/// Returns the number of hexadecimal digits; the constants above are the only ones.
fn number<const N: usize>(digits: &str) -> Limbs<N> {
    let mut number = [0; N];
    for (limb, chunk) in number.iter_mut().zip(digits.as_bytes().rchunks(16)) {
        *limb = chunk
            .iter()
            .filter_map(|digit| char::from(*digit).to_digit(16))
            .fold(0, |value, digit| (value << 4) | u64::from(digit));
    }
    number
}

impl<const N: usize, const C: u64> Curve<N, C> {
    fn new(a: CoefficientA<N, C>, b: Limbs<N>, order: Limbs<N>, base: (Limbs<N>, Limbs<N>)) -> Self {
        let base = Affine { x: Fe(base.0), y: Fe(base.1) };
        let mut own = Self { a, b: Fe(b), has_cofactor: false, order: Modulus::new(order), base: Vec::new() };
        own.base = own
            .odd_multiples::<BASE_MULTIPLES>(&base)
            .iter()
            .map(|point| point.to_affine(&point.z.invert()))
            .collect();
        own
    }

    /// Returns the point of these coordinates, if it lies on the curve and in the group of the base point.
    pub(super) fn key(&self, x: Limbs<N>, y: Limbs<N>) -> Option<Affine<N, C>> {
        let key = Affine { x: Fe::from_canonical(x)?, y: Fe::from_canonical(y)? };
        let x_square = key.x.square();
        let linear = match &self.a {
            CoefficientA::MinusThree => x_square.subtract(&Fe(limbs::small(3))),
            CoefficientA::Other(a) => x_square.add(a),
        };
        let on_curve = linear.multiply(&key.x).add(&self.b).equals(&key.y.square());
        let in_group = || !self.has_cofactor || self.combine(&[0; N], &self.order.value, &key).is_infinity();
        (on_curve && in_group()).then_some(key)
    }

    /// Returns `z1` times the base point plus `z2` times the key.
    pub(super) fn combine(&self, z1: &Limbs<N>, z2: &Limbs<N>, key: &Affine<N, C>) -> Jacobian<N, C> {
        let multiples = self.odd_multiples::<KEY_MULTIPLES>(key).map(|point| point.cached());
        let (base_digits, key_digits) = (signed_windows(z1, BASE_WIDTH), signed_windows(z2, KEY_WIDTH));
        let mut sum = Jacobian::INFINITY;
        for (base_digit, key_digit) in base_digits.into_iter().zip(key_digits).rev() {
            sum = sum.double(&self.a);
            if let Some(multiple) = chosen(&self.base, base_digit) {
                let multiple = if base_digit < 0 { multiple.negate() } else { *multiple };
                sum = sum.add_affine(&multiple, &self.a);
            }
            if let Some(multiple) = chosen::<Cached<N, C>>(&multiples, key_digit) {
                let multiple = if key_digit < 0 { multiple.negate() } else { *multiple };
                sum = sum.add_cached(&multiple, &self.a);
            }
        }
        sum
    }

    /// Returns whether the `x` of the point is `r` modulo the order.
    pub(super) fn has_x(&self, point: &Jacobian<N, C>, r: &Limbs<N>) -> bool {
        if point.is_infinity() {
            return false;
        }
        let z_square = point.z.square();
        let mut candidate = *r;
        // The order may be below the prime, so `x` may be some multiples of the order above `r`.
        while let Some(x) = Fe::from_canonical(candidate) {
            if x.multiply(&z_square).equals(&point.x) {
                return true;
            }
            let (next, carry) = limbs::add(&candidate, &self.order.value);
            if carry {
                break;
            }
            candidate = next;
        }
        false
    }

    /// Returns the point times 1, 3, 5 and so on.
    fn odd_multiples<const COUNT: usize>(&self, point: &Affine<N, C>) -> [Jacobian<N, C>; COUNT] {
        let twice = point.to_jacobian().double(&self.a).cached();
        let mut next = point.to_jacobian();
        [(); COUNT].map(|()| {
            let own = next;
            next = own.add_cached(&twice, &self.a);
            own
        })
    }
}

/// Returns the multiple for a digit, regardless of its sign; zero has none.
fn chosen<T>(multiples: &[T], digit: i16) -> Option<&T> {
    if digit == 0 { None } else { multiples.get(usize::from(digit.unsigned_abs()) / 2) }
}

/// Returns signed odd digits, least significant first, any two of them at least `width` places apart.
fn signed_windows<const N: usize>(number: &Limbs<N>, width: usize) -> Vec<i16> {
    let length = 64 * N;
    let mut digits = vec![0; length + 1];
    let (mut position, mut carry) = (0, 0);
    while position < length {
        if limbs::bit(number, position) == carry {
            position += 1;
            continue;
        }
        let taken = width.min(length - position);
        let window = i64::try_from(limbs::bits(number, position, taken) + carry).unwrap_or(0);
        carry = u64::from(window >= 1 << (width - 1));
        let digit = if carry == 1 { window - (1 << width) } else { window };
        if let Some(place) = digits.get_mut(position) {
            *place = i16::try_from(digit).unwrap_or(0);
        }
        position += taken;
    }
    if let Some(last) = digits.last_mut() {
        *last = i16::from(carry == 1);
    }
    digits
}
