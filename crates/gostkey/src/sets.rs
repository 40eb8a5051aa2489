// SPDX-License-Identifier: MIT OR Apache-2.0
//! The two curves on which the national authority issues keys.

use crate::curve::{Curve, Written};

/// `id-tc26-gost-3410-12-512-paramSetA` (RFC 7836), national identifier 1.2.398.3.10.1.1.2.2.1.
pub(crate) static TC26_512_A: Curve<8> = Curve::new(&Written {
    p: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7",
    q: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    a: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC4",
    b: "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
    x: "3",
    y: "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
});

/// `id-GostR3410-2001-CryptoPro-A-ParamSet` (RFC 4357), national identifier 1.2.398.3.10.1.1.1.1.1.
pub(crate) static CRYPTOPRO_A: Curve<4> = Curve::new(&Written {
    p: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97",
    q: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893",
    a: "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD94",
    b: "A6",
    x: "1",
    y: "8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14",
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limbs::{hex, subtract};

    #[test]
    fn the_points_of_reference_lie_on_their_curves_and_have_the_order_that_is_written() {
        fn check<const L: usize>(curve: &Curve<L>) {
            let (x, y) = curve.coordinates(&curve.base);
            assert!(curve.point(&x, &y).is_some());
            assert_eq!(curve.coordinates(&curve.multiply(curve.q.value(), &curve.base)), ([0; L], [0; L]));
            let (last, _) = subtract(curve.q.value(), &hex("1"));
            let (opposite, below) = curve.coordinates(&curve.multiply(&last, &curve.base));
            assert_eq!((opposite, subtract(curve.p.value(), &below).0), (x, y));
            assert!(curve.point(&x, &x).is_none());
        }
        check(&TC26_512_A);
        check(&CRYPTOPRO_A);
    }
}
