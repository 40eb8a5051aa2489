// SPDX-License-Identifier: MIT OR Apache-2.0
//! The scheme of GOST R 34.10-2012 (RFC 7091, section 6) over any curve of [`curve`](crate::curve).

use crate::curve::{Curve, Point};
use crate::limbs::{Limbs, is_less, is_zero, select};
use crate::modulus::Modulus;
use zeroize::Zeroizing;

/// A signature as two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair<const L: usize> {
    pub(crate) r: Limbs<L>,
    pub(crate) s: Limbs<L>,
}

/// Returns whether a number may be a private key or a half of a signature: from 1 to `q - 1`.
pub(crate) fn is_inside<const L: usize>(value: &Limbs<L>, q: &Modulus<L>) -> bool {
    is_less(value, q.value()) & !is_zero(value) != 0
}

/// Returns the coordinates of the public key.
pub(crate) fn public<const L: usize>(curve: &Curve<L>, private: &Limbs<L>) -> (Limbs<L>, Limbs<L>) {
    curve.coordinates(&Zeroizing::new(curve.multiply(private, &curve.base)))
}

/// Returns the signature of a digest by a key with this nonce; nothing if another nonce is needed.
pub(crate) fn sign<const L: usize>(
    curve: &Curve<L>,
    private: &Limbs<L>,
    digest: &Limbs<L>,
    nonce: &Limbs<L>,
) -> Option<Pair<L>> {
    let q = &curve.q;
    let (x, _) = public(curve, nonce);
    let r = q.enter(&x);
    let by_key = Zeroizing::new(q.multiply(&r, &Zeroizing::new(q.enter(private))));
    let by_nonce = Zeroizing::new(q.multiply(&number(digest, q), &Zeroizing::new(q.enter(nonce))));
    let pair = Pair { r: q.leave(&r), s: q.leave(&q.add(&by_key, &by_nonce)) };
    ((is_zero(&pair.r) | is_zero(&pair.s)) == 0).then_some(pair)
}

/// Returns whether this is the signature of a digest by the key of that point.
pub(crate) fn verify<const L: usize>(
    curve: &Curve<L>,
    key: &Point<L>,
    digest: &Limbs<L>,
    pair: &Pair<L>,
) -> bool {
    let q = &curve.q;
    if !is_inside(&pair.r, q) || !is_inside(&pair.s, q) {
        return false;
    }
    let inverse = q.invert(&number(digest, q));
    let by_base = q.leave(&q.multiply(&q.enter(&pair.s), &inverse));
    let by_key = q.leave(&q.subtract(&[0; L], &q.multiply(&q.enter(&pair.r), &inverse)));
    let sum = curve.add(&curve.multiply(&by_base, &curve.base), &curve.multiply(&by_key, key));
    let (x, _) = curve.coordinates(&sum);
    q.leave(&q.enter(&x)) == pair.r
}

/// Returns the digest as a residue; one instead of zero.
fn number<const L: usize>(digest: &Limbs<L>, q: &Modulus<L>) -> Limbs<L> {
    let residue = q.enter(digest);
    select(is_zero(&residue), q.one(), &residue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::Written;
    use crate::limbs::hex;

    // The curves of RFC 7091, 7.1 and 7.2: other ones than those in use, so the arithmetic is tested, not the constants.
    static CURVE_256: Curve<4> = Curve::new(&Written {
        p: "8000000000000000000000000000000000000000000000000000000000000431",
        q: "8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3",
        a: "7",
        b: "5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E",
        x: "2",
        y: "8E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8",
    });
    static CURVE_512: Curve<8> = Curve::new(&Written {
        p: "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373",
        q: "4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF",
        a: "7",
        b: "1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC",
        x: "24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A",
        y: "2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E",
    });

    #[expect(clippy::many_single_char_names, reason = "the names of the standard")]
    fn agrees<const L: usize>(curve: &Curve<L>, [d, e, k, r, s]: [&str; 5]) {
        let pair = sign(curve, &hex(d), &hex(e), &hex(k)).unwrap();
        assert_eq!(pair, Pair { r: hex(r), s: hex(s) });
        let (x, y) = public(curve, &hex(d));
        let key = curve.point(&x, &y).unwrap();
        assert!(verify(curve, &key, &hex(e), &pair));
        assert!(!verify(curve, &key, &hex(k), &pair));
        assert!(!verify(curve, &key, &hex(e), &Pair { r: pair.s, s: pair.r }));
        assert!(!verify(curve, &curve.base, &hex(e), &pair));
    }

    #[test]
    fn example_of_rfc_7091_with_256_bits() {
        let x = hex("7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B");
        let y = hex("26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA");
        let d = "7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28";
        assert_eq!(public(&CURVE_256, &hex(d)), (x, y));
        agrees(
            &CURVE_256,
            [
                d,
                "2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5",
                "77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3",
                "41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493",
                "1456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40",
            ],
        );
    }

    #[test]
    fn example_of_rfc_7091_with_512_bits() {
        agrees(
            &CURVE_512,
            [
                "BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4",
                "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C5917184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
                "359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F365886748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1",
                "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD35492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
                "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
            ],
        );
    }
}
