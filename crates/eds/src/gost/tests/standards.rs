// SPDX-License-Identifier: MIT OR Apache-2.0
//! The examples of the standards.

use num_bigint::BigUint;

use super::hex;
use crate::algorithm::DigestAlgorithm;
use crate::gost::Curve;
use crate::gost::reference::Parameters;

fn digest_hex(algorithm: DigestAlgorithm, bytes: &[u8]) -> String {
    crate::certificate::hex(&algorithm.digest(bytes))
}

#[test]
fn curves_are_those_of_both_implementations_and_hold_their_base_points() {
    for curve in [Curve::Bits512, Curve::Bits256, Curve::Bits2004] {
        let own = Parameters::of(curve);
        assert!(own.holds(&own.base));
        assert_eq!(own.multiply(&own.q, &own.base), None);
        assert_eq!(own.p.bits(), 8 * curve.bytes() as u64);
        assert_eq!(own.multiply(&BigUint::from(2u8), &own.base), own.add(&own.base, &own.base));
    }
}

#[test]
fn example_of_rfc_7091_signs_and_verifies_in_the_plain_implementation() {
    // RFC 7091, 7.1: 256 bits, on a curve of the example only.
    let own = Parameters::from_hex([
        "8000000000000000000000000000000000000000000000000000000000000431",
        "7",
        "5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E",
        "8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
        "2",
        "8E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8",
    ]);
    let secret = hex("7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28");
    let digest = hex("2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5");
    let once = hex("77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3");
    let key = own.multiply(&secret, &own.base);
    let expected = (
        hex("7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B"),
        hex("26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA"),
    );
    assert_eq!(key.as_ref().map(|(x, _)| x.clone()), Some(expected.0));
    assert_eq!(key.as_ref().map(|(_, y)| y.clone()), Some(expected.1));
    let signature = (
        hex("41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493"),
        hex("1456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40"),
    );
    assert_eq!(own.sign(&secret, &digest, &once), Some(signature.clone()));
    assert!(own.verifies(&key, &digest, &signature));
    assert!(!own.verifies(&key, &(digest + 1u8), &signature));
}

/// The messages of RFC 6986, 10, in the order of their bytes.
const M1: &[u8] = b"012345678901234567890123456789012345678901234567890123456789012";
const M2: [u8; 72] = [
    0xd1, 0xe5, 0x20, 0xe2, 0xe5, 0xf2, 0xf0, 0xe8, 0x2c, 0x20, 0xd1, 0xf2, 0xf0, 0xe8, 0xe1, 0xee, 0xe6,
    0xe8, 0x20, 0xe2, 0xed, 0xf3, 0xf6, 0xe8, 0x2c, 0x20, 0xe2, 0xe5, 0xfe, 0xf2, 0xfa, 0x20, 0xf1, 0x20,
    0xec, 0xee, 0xf0, 0xff, 0x20, 0xf1, 0xf2, 0xf0, 0xe5, 0xeb, 0xe0, 0xec, 0xe8, 0x20, 0xed, 0xe0, 0x20,
    0xf5, 0xf0, 0xe0, 0xe1, 0xf0, 0xfb, 0xff, 0x20, 0xef, 0xeb, 0xfa, 0xea, 0xfb, 0x20, 0xc8, 0xe3, 0xee,
    0xf0, 0xe5, 0xe2, 0xfb,
];

#[test]
fn digests_are_those_of_rfc_6986() {
    // The RFC writes numbers with the highest byte first: the digest's bytes in reverse.
    let reversed = |digits: &str| {
        let bytes = hex(digits).to_bytes_le();
        crate::certificate::hex(&bytes)
    };
    let cases = [
        (
            DigestAlgorithm::Streebog512,
            M1,
            "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00\
             fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b",
        ),
        (
            DigestAlgorithm::Streebog256,
            M1,
            "00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d",
        ),
        (
            DigestAlgorithm::Streebog512,
            &M2,
            "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03\
             7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e",
        ),
        (
            DigestAlgorithm::Streebog256,
            &M2,
            "508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d",
        ),
    ];
    for (algorithm, message, expected) in cases {
        let mut expected = reversed(expected);
        while expected.len() < 2 * algorithm.digest(b"").len() {
            expected.push('0');
        }
        assert_eq!(digest_hex(algorithm, message), expected, "{algorithm:?}");
    }
}

#[test]
fn digests_of_34_311_are_those_of_the_standards_test_box() {
    // RFC 5831, 7.3, and the digest of nothing with the same box.
    let cases: [(&[u8], &str); 3] = [
        (b"", "ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d"),
        (
            b"This is message, length=32 bytes",
            "b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa",
        ),
        (
            b"Suppose the original message has length = 50 bytes",
            "471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208",
        ),
    ];
    for (message, expected) in cases {
        assert_eq!(digest_hex(DigestAlgorithm::Gost34311, message), expected);
    }
}
