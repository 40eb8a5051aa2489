// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signer against other implementations.

#![cfg(test)]

mod engine;

use gostkey::{Fault, Key256, Key512, Streebog512};
use streebog::Digest;

fn bytes(text: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

#[test]
fn streebog_of_rfc_6986() {
    // M1 of the standard is written from its end.
    let first = b"012345678901234567890123456789012345678901234567890123456789012";
    let expected = bytes(
        "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
    );
    assert_eq!(Streebog512::digest(first).to_vec(), expected);
    let second = bytes(
        "d1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb",
    );
    let expected = bytes(
        "1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
    );
    assert_eq!(Streebog512::digest(&second).to_vec(), expected);
}

#[test]
fn streebog_is_the_one_of_another_crate_at_every_length_and_cut() {
    let text: Vec<u8> = (0..300_u32).map(|at| u8::try_from(at * 167 % 256).unwrap()).collect();
    for length in 0..text.len() {
        let (left, right) = text[..length].split_at(length / 3);
        let mut hash = Streebog512::new();
        hash.update(left);
        hash.update(right);
        assert_eq!(hash.finish().as_slice(), streebog::Streebog512::digest(&text[..length]).as_slice());
    }
}

#[test]
fn a_signature_holds_for_its_key_and_digest_and_no_other() {
    let (key, other) = (Key512::new(&[5; 64]).unwrap(), Key512::new(&[6; 64]).unwrap());
    let digest = Streebog512::digest(b"the act");
    let signature = key.sign(&digest, &[1; 32]).unwrap();
    assert!(Key512::verify(key.public(), &digest, &signature));
    assert!(!Key512::verify(other.public(), &digest, &signature));
    assert!(!Key512::verify(key.public(), &Streebog512::digest(b"another act"), &signature));
    for at in (0..128).step_by(9) {
        let mut changed = signature;
        changed[at] ^= 1;
        assert!(!Key512::verify(key.public(), &digest, &changed), "byte {at}");
        let mut point = *key.public();
        point[at] ^= 1;
        assert!(!Key512::verify(&point, &digest, &signature), "byte {at} of the key");
    }
}

#[test]
fn randomness_changes_the_signature_and_its_absence_does_not_break_it() {
    let key = Key256::new(&[5; 32]).unwrap();
    let one = key.sign(&[9; 32], &[0; 32]).unwrap();
    assert_eq!(one, key.sign(&[9; 32], &[0; 32]).unwrap());
    let two = key.sign(&[9; 32], &[1; 32]).unwrap();
    assert_ne!(one[..32], two[..32]);
    assert!(Key256::verify(key.public(), &[9; 32], &two));
    // Another digest never meets the same nonce.
    assert_ne!(one[..32], key.sign(&[8; 32], &[0; 32]).unwrap()[..32]);
}

#[test]
fn a_digest_of_zero_is_signed_as_one() {
    let key = Key512::new(&[5; 64]).unwrap();
    let signature = key.sign(&[0; 64], &[0; 32]).unwrap();
    let mut one = [0; 64];
    one[0] = 1;
    assert!(Key512::verify(key.public(), &[0; 64], &signature));
    assert!(Key512::verify(key.public(), &one, &signature));
}

#[test]
fn a_number_outside_of_the_curve_is_no_key() {
    assert_eq!(Key512::new(&[0; 64]).unwrap_err(), Fault::KeyOutOfRange);
    assert_eq!(Key512::new(&[0xff; 64]).unwrap_err(), Fault::KeyOutOfRange);
    let order = |text: &str| bytes(text).into_iter().rev().collect::<Vec<_>>();
    let mut q = order("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893");
    assert_eq!(Key256::new(&q.clone().try_into().unwrap()).unwrap_err(), Fault::KeyOutOfRange);
    q[0] -= 1;
    let key = Key256::new(&q.try_into().unwrap()).unwrap();
    assert!(Key256::verify(key.public(), &[3; 32], &key.sign(&[3; 32], &[0; 32]).unwrap()));
}

#[test]
fn a_key_does_not_print_itself() {
    let text = format!("{:?} {:?}", Key512::new(&[5; 64]).unwrap(), Streebog512::new());
    assert_eq!(text, "Key512 { .. } Streebog { .. }");
}
