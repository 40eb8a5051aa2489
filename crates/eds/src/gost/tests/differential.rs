// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fast implementation against the plain one.

use num_bigint::BigUint;

use super::{Steps, limbs_of};
use crate::gost::Curve;
use crate::gost::Refusal;
use crate::gost::curve::{self, CRYPTO_PRO_A, TC26_256_A, TC26_512_A};
use crate::gost::point::{Affine, Jacobian};
use crate::gost::reference::{Parameters, Point};

const CURVES: [Curve; 3] = [Curve::Bits512, Curve::Bits256, Curve::Bits2004];

/// Signatures per curve that are made, verified and then tampered with.
const SIGNATURES: usize = 12;

/// What both implementations say, which must be the same.
fn both(curve: Curve, own: &Parameters, key: &Point, digest: &[u8], signature: &(BigUint, BigUint)) -> bool {
    let fast = curve.verify(&bytes(curve, key), digest, &curve.pair_to_bytes(signature));
    let plain = own.verifies(key, &BigUint::from_bytes_le(digest), signature);
    assert_eq!(fast.is_ok(), plain, "{curve:?} {key:?} {digest:x?} {signature:?}: {fast:?}");
    plain
}

fn bytes(curve: Curve, key: &Point) -> Vec<u8> {
    curve.pair_to_bytes(key.as_ref().unwrap())
}

fn digest_of(curve: Curve, number: &BigUint) -> Vec<u8> {
    let mut digest = number.to_bytes_le();
    digest.resize(curve.bytes(), 0);
    digest
}

#[test]
fn random_signatures_verify_and_tampered_ones_do_not_in_both() {
    for (seed, curve) in (10..).zip(CURVES) {
        let (own, mut steps) = (Parameters::of(curve), Steps(seed));
        for round in 0..SIGNATURES {
            let (secret, once) = (steps.number(&own.q), steps.number(&own.q));
            let key = own.multiply(&secret, &own.base);
            let digest: Vec<u8> = (0..curve.bytes()).map(|_| steps.limb().to_le_bytes()[0]).collect();
            let signature = own.sign(&secret, &BigUint::from_bytes_le(&digest), &once).unwrap();
            assert!(both(curve, &own, &key, &digest, &signature), "{curve:?} {round}");
            let mut other = digest.clone();
            other[steps.below(curve.bytes())] ^= 1 << steps.below(8);
            assert!(!both(curve, &own, &key, &other, &signature));
            let (r, s) = signature.clone();
            let changed = [
                (s.clone(), r.clone()),
                (&own.q - &r, s.clone()),
                (r.clone(), &own.q - &s),
                (steps.number(&own.q), s.clone()),
                (r.clone(), steps.number(&own.q)),
            ];
            assert!(!changed.iter().any(|changed| both(curve, &own, &key, &digest, changed)));
            let another = own.multiply(&steps.number(&own.q), &own.base);
            assert!(!both(curve, &own, &another, &digest, &signature));
            let (x, y) = key.unwrap();
            let opposite = Some((x, &own.p - y));
            assert!(!both(curve, &own, &opposite, &digest, &signature));
        }
    }
}

/// Numbers at the edges of the range, and beyond it.
fn edges(q: &BigUint) -> Vec<BigUint> {
    let half: BigUint = q >> 1;
    let mut edges: Vec<BigUint> = (0u8..4).map(BigUint::from).collect();
    edges.extend((0u8..4).map(|few| q - few));
    edges.extend([half.clone(), half + 1u8, BigUint::from(u64::MAX), q + 1u8]);
    edges
}

#[test]
fn signatures_at_the_edges_of_the_range_agree() {
    for (seed, curve) in (20..).zip(CURVES) {
        let (own, mut steps) = (Parameters::of(curve), Steps(seed));
        let full = (BigUint::from(1u8) << (8 * curve.bytes())) - 1u8;
        let key = own.multiply(&steps.number(&own.q), &own.base);
        for r in edges(&own.q) {
            for s in edges(&own.q).into_iter().filter(|it| *it <= full) {
                if r <= full {
                    assert!(!both(
                        curve,
                        &own,
                        &key,
                        &digest_of(curve, &BigUint::from(7u8)),
                        &(r.clone(), s)
                    ));
                }
            }
        }
        // Digests that are zero, the order, multiples of it and beyond are reduced, zero becomes one.
        let (secret, once) = (steps.number(&own.q), steps.number(&own.q));
        let key = own.multiply(&secret, &own.base);
        let of_one = own.sign(&secret, &BigUint::from(1u8), &once).unwrap();
        let values = [
            BigUint::ZERO,
            BigUint::from(1u8),
            own.q.clone(),
            &own.q + 1u8,
            &own.q - 1u8,
            full.clone(),
            &full - 1u8,
            (&own.q << 1) & &full,
        ];
        for digest in values {
            let bytes = digest_of(curve, &digest);
            let signature = own.sign(&secret, &digest, &once).unwrap();
            assert!(both(curve, &own, &key, &bytes, &signature), "{curve:?} {digest:x}");
            // The equation does not tell a digest from its negative: a property of the standard itself.
            let is_one = &digest % &own.q <= BigUint::from(1u8) || digest == &own.q - 1u8;
            assert_eq!(both(curve, &own, &key, &bytes, &of_one), is_one, "{curve:?} {digest:x}");
        }
    }
}

fn sums_agree<const N: usize, const C: u64>(fast: &curve::Curve<N, C>, curve: Curve, seed: u64) -> usize {
    let (own, mut steps) = (Parameters::of(curve), Steps(seed));
    let mut cases = 0;
    let one = BigUint::from(1u8);
    // Keys that are small multiples of the base point: sums meet doubles, opposites and infinity on the way.
    let mut factors: Vec<BigUint> = [1u8, 2, 3, 16, 31].map(BigUint::from).to_vec();
    factors.extend([&own.q - 1u8, (&own.q + 1u8) >> 1, steps.number(&own.q)]);
    for factor in factors {
        let key = own.multiply(&factor, &own.base);
        let (x, y) = key.clone().unwrap();
        let point = fast.key(limbs_of(&x), limbs_of(&y)).unwrap();
        let inverse = factor.modinv(&own.q).unwrap();
        let mut pairs = vec![
            (BigUint::ZERO, BigUint::ZERO),
            (own.q.clone(), own.q.clone()),
            ((BigUint::from(1u8) << (64 * N)) - 1u8, (BigUint::from(1u8) << (64 * N)) - 1u8),
        ];
        for z in edges(&own.q).into_iter().chain((0..1).map(|_| steps.number(&own.q))) {
            pairs.extend([
                (z.clone(), z.clone()),
                (z.clone(), BigUint::ZERO),
                (BigUint::ZERO, z.clone()),
                // z1 P = ± z2 Q: a double, and infinity.
                (&z * &factor % &own.q, z.clone()),
                ((&own.q - &z * &factor % &own.q) % &own.q, z.clone()),
                (z.clone(), &z * &inverse % &own.q),
                (z.clone(), (&own.q - &z * &inverse % &own.q) % &own.q),
                (&z + &one, z),
            ]);
        }
        for (z1, z2) in pairs.into_iter().filter(|(z1, z2)| z1.bits().max(z2.bits()) <= 64 * N as u64) {
            let sum = fast.combine(&limbs_of(&z1), &limbs_of(&z2), &point);
            let expected = own.add(&own.multiply(&z1, &own.base), &own.multiply(&z2, &key));
            assert_eq!(plain(&sum), expected, "{curve:?} {factor:x} {z1:x} {z2:x}");
            cases += 1;
        }
    }
    cases
}

fn plain<const N: usize, const C: u64>(point: &Jacobian<N, C>) -> Point {
    let p = super::big(&crate::gost::field::Fe::<N, C>::prime());
    let Affine { x, y } = point.to_affine(&point.z.invert());
    (!point.is_infinity()).then(|| (super::big(&x.0) % &p, super::big(&y.0) % &p))
}

#[test]
fn sums_agree_where_points_meet_their_doubles_opposites_and_infinity() {
    let cases = sums_agree(&TC26_512_A, Curve::Bits512, 31)
        + sums_agree(&TC26_256_A, Curve::Bits256, 32)
        + sums_agree(&CRYPTO_PRO_A, Curve::Bits2004, 33);
    assert!(cases > 2_000, "{cases}");
}

#[test]
fn keys_off_the_curve_out_of_the_field_or_of_another_length_are_refused() {
    for (seed, curve) in (40..).zip(CURVES) {
        let (own, mut steps) = (Parameters::of(curve), Steps(seed));
        let (secret, once) = (steps.number(&own.q), steps.number(&own.q));
        let digest = digest_of(curve, &BigUint::from(7u8));
        let signature = own.sign(&secret, &BigUint::from(7u8), &once).unwrap();
        let signature = curve.pair_to_bytes(&signature);
        let (x, y) = own.multiply(&secret, &own.base).unwrap();
        let key = curve.pair_to_bytes(&(x.clone(), y.clone()));
        assert_eq!(curve.verify(&key, &digest, &signature), Ok(()));
        for key in [(BigUint::ZERO, BigUint::ZERO), (x.clone(), &y + 1u8), (y.clone(), x.clone())] {
            assert_eq!(curve.verify(&curve.pair_to_bytes(&key), &digest, &signature), Err(Refusal::Key));
        }
        for length in [0, 1, curve.bytes(), 2 * curve.bytes() - 1] {
            assert_eq!(curve.verify(&key[..length], &digest, &signature), Err(Refusal::Key));
            assert_eq!(curve.verify(&key, &digest, &signature[..length]), Err(Refusal::Range));
        }
        assert_eq!(curve.verify(&[&key[..], &[0]].concat(), &digest, &signature), Err(Refusal::Key));
        assert_eq!(curve.verify(&key, &digest, &[&signature[..], &[0]].concat()), Err(Refusal::Range));
        assert_eq!(curve.verify(&key, &digest[1..], &signature), Err(Refusal::Digest));
        for number in [BigUint::ZERO, own.q.clone(), &own.q + 1u8] {
            let whole = [(number.clone(), BigUint::from(1u8)), (BigUint::from(1u8), number)];
            for pair in whole {
                let given = curve.pair_to_bytes(&pair);
                assert_eq!(curve.verify(&key, &digest, &given), Err(Refusal::Range));
            }
        }
    }
    // The base point of CryptoPro-A has x = 1: the same coordinate not reduced is refused.
    let own = Parameters::of(Curve::Bits2004);
    let (x, y) = own.base.clone().unwrap();
    let key = Curve::Bits2004.pair_to_bytes(&(x + &own.p, y));
    assert_eq!(Curve::Bits2004.verify(&key, &[1; 32], &[1; 64]), Err(Refusal::Key));
}

#[test]
fn keys_outside_of_the_group_of_the_base_point_are_refused() {
    // On the curve with cofactor four: the base point plus the point of order two.
    let own = Parameters::of(Curve::Bits256);
    let p = &own.p;
    // x of a point of order two is a root of x^3 + a x + b; it is found from q times a point off the group.
    let mut x = BigUint::from(1u8);
    let outside = loop {
        x += 1u8;
        let square = (&x * &x * &x + &own.a * &x + &own.b) % p;
        // The prime is 3 modulo 4.
        let y = square.modpow(&((p + 1u8) >> 2), p);
        let point = Some((x.clone(), y.clone()));
        if &y * &y % p == square && own.multiply(&own.q, &point).is_some() {
            break point;
        }
    };
    assert!(own.holds(&outside));
    let small = own.multiply(&own.q, &outside);
    for key in [outside, small.clone(), own.add(&small, &own.base)] {
        let bytes = bytes(Curve::Bits256, &key);
        assert_eq!(Curve::Bits256.verify(&bytes, &[1; 32], &[1; 64]), Err(Refusal::Key));
    }
}
