// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands for object identifiers that cannot be held: longer than 39 bytes, with numbers beyond 32 bits, as UUIDs have
//! (2.25), or with a second one beyond 39 (2.999).

use const_oid::{Arc, ObjectIdentifier};

use super::Asn1Error;

/// A root under which no identifier is given out.
const ROOT: [Arc; 2] = [2, 39];
/// Numbers of a digest that can be held.
const NUMBERS: usize = 7;

/// Returns what stands for these bytes, and for no others: numbers of their SHA-256.
pub(super) fn of(bytes: &[u8]) -> Result<ObjectIdentifier, Asn1Error> {
    // Each number ends with a byte below 0x80 and begins with none that says nothing (X.690, 8.19.2).
    let is_whole = bytes.last().is_some_and(|last| *last < 0x80);
    let is_padded = bytes.first() == Some(&0x80) || bytes.windows(2).any(|it| matches!(it, [0..=0x7f, 0x80]));
    if !is_whole || is_padded {
        return Err(Asn1Error::Value);
    }
    let digest = crate::sha256(bytes);
    let (numbers, _) = digest.as_chunks::<4>();
    let numbers = numbers.iter().take(NUMBERS).map(|it| Arc::from_be_bytes(*it));
    ObjectIdentifier::from_arcs(ROOT.into_iter().chain(numbers)).map_err(|_| Asn1Error::Value)
}

#[cfg(test)]
mod tests {
    use crate::asn1::{Asn1Error, Element, OID, write};
    use std::collections::BTreeSet;

    #[test]
    fn those_that_cannot_be_held_are_told_from_one_another_and_from_all_others() {
        let uuid = |last: u8| [&[0x69, 0x83][..], &[0xff; 16], &[last]].concat();
        let all = [uuid(1), uuid(2), vec![0x88, 0x37], vec![0x88, 0x37, 1], vec![1; 40], vec![1; 41]];
        let held = |bytes: &[u8]| Element::parse(&write::tlv(OID, bytes)).unwrap().oid();
        let found: BTreeSet<_> = all.iter().map(|it| held(it).unwrap()).collect();
        assert_eq!(found.len(), all.len());
        assert!(found.iter().all(|it| it.to_string().starts_with("2.39.")), "{found:?}");
        assert_eq!(held(&uuid(1)), held(&uuid(1)));
        assert_eq!(held(&[0x55, 0x1d, 0x0f]), Ok(crate::oids::KEY_USAGE));
        for broken in [&[][..], &[0x88], &[0x80, 0x88, 0x37], &[0x88, 0x37, 0x80, 1]] {
            assert_eq!(held(broken), Err(Asn1Error::Value), "{broken:02x?}");
        }
    }
}
