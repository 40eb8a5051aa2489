// SPDX-License-Identifier: MIT OR Apache-2.0
//! Limbs, fields and orders against big integers.

use num_bigint::BigUint;

use super::{Steps, big, limbs_of};
use crate::gost::field::Fe;
use crate::gost::limbs::{self, Limbs};
use crate::gost::scalar::Modulus;

/// Numbers at the edges, and the rest at random.
fn numbers<const N: usize>(steps: &mut Steps, prime: &Limbs<N>) -> Vec<Limbs<N>> {
    let prime = big(prime);
    let full = (BigUint::from(1u8) << (64 * N)) - 1u8;
    let mut numbers: Vec<Limbs<N>> = [0u8, 1, 2, 3]
        .iter()
        .flat_map(|few| [BigUint::from(*few), &prime - few, &full - few])
        .chain([&prime + 1u8, &prime + 300u16, BigUint::from(1u8) << 64, (BigUint::from(1u8) << 64) - 1u8])
        .map(|number| limbs_of(&number))
        .collect();
    numbers.extend((0..40).map(|_| steps.limbs::<N>()));
    // Full and empty limbs carry and borrow far.
    numbers.extend((0..40).map(|_| std::array::from_fn(|_| [0, 1, u64::MAX, u64::MAX - 1][steps.below(4)])));
    numbers
}

fn field_agrees<const N: usize, const C: u64>() {
    let prime = Fe::<N, C>::prime();
    let p = big(&prime);
    assert_eq!((BigUint::from(1u8) << (64 * N)) - C, p);
    let numbers = numbers::<N>(&mut Steps(1), &prime);
    let value = |element: Fe<N, C>| big(&element.0) % &p;
    for a in &numbers {
        let (own, x) = (Fe::<N, C>(*a), big(a) % &p);
        assert_eq!(own.is_zero(), x == BigUint::ZERO, "{a:x?}");
        assert_eq!(value(own.double()), &x * 2u8 % &p, "{a:x?}");
        assert_eq!(value(own.square()), &x * &x % &p, "{a:x?}");
        assert_eq!(value(own.negate()), (&p - &x) % &p, "{a:x?}");
        assert_eq!(Fe::<N, C>::from_canonical(*a).is_some(), big(a) < p, "{a:x?}");
        for b in &numbers {
            let (other, y) = (Fe::<N, C>(*b), big(b) % &p);
            assert_eq!(value(own.add(&other)), (&x + &y) % &p, "{a:x?} {b:x?}");
            assert_eq!(value(own.subtract(&other)), (&x + &p - &y) % &p, "{a:x?} {b:x?}");
            assert_eq!(value(own.multiply(&other)), &x * &y % &p, "{a:x?} {b:x?}");
            assert_eq!(own.equals(&other), x == y, "{a:x?} {b:x?}");
        }
    }
    for a in numbers.iter().take(24) {
        let x = big(a) % &p;
        let expected = x.modinv(&p).unwrap_or_default();
        assert_eq!(value(Fe::<N, C>(*a).invert()), expected, "{a:x?}");
    }
}

#[test]
fn fields_agree_with_big_integers() {
    field_agrees::<8, 569>();
    field_agrees::<4, 617>();
}

fn order_agrees<const N: usize>(order: Modulus<N>) {
    let q = big(&order.value);
    let numbers = numbers::<N>(&mut Steps(2), &order.value);
    for a in &numbers {
        let reduced = order.reduce(a);
        let x = big(a) % &q;
        assert_eq!(big(&reduced), x);
        assert_eq!(big(&order.negate(&reduced)), (&q - &x) % &q);
        for b in &numbers {
            let expected = &x * (big(b) % &q) % &q;
            assert_eq!(big(&order.multiply(&reduced, &order.reduce(b))), expected, "{a:x?} {b:x?}");
        }
        if x != BigUint::ZERO {
            assert_eq!(big(&order.invert(&reduced)), x.modinv(&q).unwrap(), "{a:x?}");
        }
    }
}

#[test]
fn orders_agree_with_big_integers() {
    order_agrees(crate::gost::curve::TC26_512_A.order);
    order_agrees(crate::gost::curve::TC26_256_A.order);
    order_agrees(crate::gost::curve::CRYPTO_PRO_A.order);
}

#[test]
fn bytes_of_another_length_are_no_number() {
    assert_eq!(limbs::from_le::<1>(&[1, 2, 0, 0, 0, 0, 0, 0x80]), Some([0x8000_0000_0000_0201]));
    assert_eq!(limbs::from_le::<4>(&[0; 31]), None);
    assert_eq!(limbs::from_le::<4>(&[0; 33]), None);
}
