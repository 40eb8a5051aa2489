// SPDX-License-Identifier: MIT OR Apache-2.0
//! The examples of the standards.

use num_bigint::BigUint;

use super::hex;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::Element;
use crate::gost::reference::Parameters;
use crate::gost::{Curve, Refusal};

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

/// The curve of the example with 512 bits.
fn test_512() -> Parameters {
    Parameters::from_hex([
        "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373",
        "7",
        "1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC",
        "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
        "24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A",
        "2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E",
    ])
}

#[test]
fn example_of_gost_34_10_2012_with_512_bits_signs_and_verifies_in_the_plain_implementation() {
    // GOST R 34.10-2012, A.2.
    let own = test_512();
    let secret = hex(
        "BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
    );
    let digest = hex(
        "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
    );
    let once = hex(
        "359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F365886748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
    );
    let key = own.multiply(&secret, &own.base);
    let expected = (
        hex(
            "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        ),
        hex(
            "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        ),
    );
    assert_eq!(key, Some(expected));
    let signature = (
        hex(
            "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
        ),
        hex(
            "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
        ),
    );
    assert_eq!(own.sign(&secret, &digest, &once), Some(signature.clone()));
    assert!(own.verifies(&key, &digest, &signature));
}

/// The certificates of RFC 9215, appendix A, each signed by its own key.
const CERTIFICATES: [&str; 3] = [
    "MIIBLTCB26ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4YW1wbGUwZjAfBggqhQMHAQEBATATBgcqhQMCAiMABggqhQMHAQECAgNDAARAC9hv5djbiWaPeJtOHbqFhcVQi0XsW1nYkG3bcOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7lzpByIXRHXDWibTxJqMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAgNBAE1T8BL+CBd2UH1Nm7gfAO/bTu/Uq4O6xLrPc1Fzz6gcQaoo0vGrFIKAzZ7Vb+2kGXQFNVSkJ2e4OtBD/TncBJM=",
    "MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4YW1wbGUwXjAXBggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP7APqP68YROAdnaYLZFCTpV4m38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzEaRpjGOKjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoUDBwEBAwIDQQAUC02pEksJyw1c6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6DglzGOeubudp",
    "MIIBqjCCARagAwIBAgIBCzAKBggqhQMHAQEDAzASMRAwDgYDVQQDEwdFeGFtcGxlMCAXDTAxMDEwMTAwMDAwMFoYDzIwNTAxMjMxMDAwMDAwWjASMRAwDgYDVQQDEwdFeGFtcGxlMIGgMBcGCCqFAwcBAQECMAsGCSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz3dmdHVxBRVz3302LTJJbvGmvFDPRVlhRWt0hRoUMMlxbgcEzvmVaqMTUQOe5io1ZSHsMdpa8xV0R7L53NqnsNX/y/TmTH04RTLjNo1knCsfw5/9D2UGUGeph/Sq3f12fY1I9O1CgT2PioM9Rt8E63CFWDwvUDMnHN6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAwOBgQBBVwPYkvGl8/aMQ1MYmn7iB7gLVjHvnUlSmk1rVCws+hWqLqzxH0cP3n2VSFaQPDX9j5Ve8wDZXHdTSnJKDu5wL4b6YKCBCRoj3XleHjxonuUSo8gu4NzCZDx47qj8rNNUklWEhrIPHJ7Bl8kGmYUCYMk7y82cXDMX4ZNE4XOuNg==",
];

#[test]
fn certificates_of_rfc_9215_are_signed_by_their_own_keys() {
    let test_256 = Parameters::from_hex([
        "8000000000000000000000000000000000000000000000000000000000000431",
        "7",
        "5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E",
        "8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
        "2",
        "8E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8",
    ]);
    let curves = [test_256, Parameters::of(Curve::Bits256), test_512()];
    for (index, (text, own)) in CERTIFICATES.iter().zip(curves).enumerate() {
        let der = crate::asn1::from_pem(text.as_bytes()).unwrap();
        let mut fields = Element::parse(&der).unwrap().reader();
        let tbs = fields.any().unwrap().raw;
        fields.any().unwrap();
        // The RFC writes `s` and `r` with the highest byte first; the national order is the reverse of all of it.
        let mut signature = fields.any().unwrap().bit_string().unwrap().to_vec();
        signature.reverse();
        let certificate = crate::Certificate::parse(&der).unwrap();
        let key = Element::parse(certificate.key_bits().unwrap()).unwrap().value;
        let algorithm =
            if key.len() == 128 { DigestAlgorithm::Streebog512 } else { DigestAlgorithm::Streebog256 };
        let digest = algorithm.digest(tbs);
        let pair = |bytes: &[u8]| {
            let (first, second) = bytes.split_at(bytes.len() / 2);
            (BigUint::from_bytes_le(first), BigUint::from_bytes_le(second))
        };
        assert!(
            own.verifies(&Some(pair(key)), &BigUint::from_bytes_le(&digest), &pair(&signature)),
            "{index}"
        );
        assert!(!own.verifies(&Some(pair(key)), &BigUint::from(7u8), &pair(&signature)), "{index}");
        if index == 1 {
            assert_eq!(Curve::Bits256.verify(key, &digest, &signature), Ok(()));
            assert_eq!(Curve::Bits256.verify(key, &digest[..31], &signature), Err(Refusal::Digest));
        }
    }
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
