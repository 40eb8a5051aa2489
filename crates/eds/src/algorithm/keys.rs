// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys inside a `SubjectPublicKeyInfo`: the algorithm and its parameters must be those expected.

use const_oid::ObjectIdentifier;

use super::{SignatureAlgorithm, SignatureFault};
use crate::asn1::{Asn1Error, Element, NULL, OCTET_STRING, SEQUENCE};
use crate::oids;

/// The algorithms whose keys have a curve.
const WITH_CURVE: [SignatureAlgorithm; 3] =
    [SignatureAlgorithm::Gost2015Bits512, SignatureAlgorithm::Gost2015Bits256, SignatureAlgorithm::Gost2004];

/// Returns the `RSAPublicKey`.
pub(super) fn rsa(spki: &[u8]) -> Result<&[u8], Asn1Error> {
    let (algorithm, parameters, key) = parts(spki)?;
    let plain = parameters.is_none_or(|it| it.tag == NULL && it.value.is_empty());
    if algorithm == oids::RSA && plain { Ok(key) } else { Err(Asn1Error::Value) }
}

/// Returns the bits of the modulus of an `RSAPublicKey`.
pub(super) fn rsa_bits(key: &[u8]) -> Result<usize, Asn1Error> {
    let modulus = Element::parse(key)?.expect(SEQUENCE)?.reader().any()?.value;
    let digits =
        modulus.iter().position(|byte| *byte != 0).and_then(|start| modulus.get(start..)).unwrap_or_default();
    let zeros = digits.first().map_or(0, |first| first.leading_zeros() as usize);
    Ok(digits.len() * 8 - zeros)
}

/// Returns both coordinates of a key of this GOST algorithm: `x` and `y`, little-endian.
pub(super) fn gost(spki: &[u8], algorithm: SignatureAlgorithm) -> Result<&[u8], SignatureFault> {
    let (named, parameters, key) = parts(spki).map_err(|_| SignatureFault::KeyMismatch)?;
    if algorithm.key_oids().is_none_or(|[own, ..]| named != own) {
        return Err(SignatureFault::KeyMismatch);
    }
    if !parameters.is_some_and(|given| are_parameters_of(given, &named)) {
        return Err(SignatureFault::KeyParameters);
    }
    let key = Element::parse(key).and_then(|key| key.expect(OCTET_STRING));
    key.map(|key| key.value).map_err(|_| SignatureFault::KeyMismatch)
}

/// Returns the identifier by which a key says what it is.
pub(crate) fn named(spki: &[u8]) -> Option<ObjectIdentifier> {
    parts(spki).ok().map(|(named, ..)| named)
}

/// Returns whether these are the parameters of keys with this identifier: the curve and, where it is said, the digest.
pub(super) fn are_parameters_of(given: Element<'_>, key: &ObjectIdentifier) -> bool {
    let own = WITH_CURVE.iter().filter_map(|algorithm| algorithm.key_oids()).find(|[own, ..]| own == key);
    let Some([_, curve, digest]) = own else { return false };
    let named = || -> Result<bool, Asn1Error> {
        let mut fields = given.expect(SEQUENCE)?.reader();
        let same_curve = fields.any()?.oid()? == curve;
        let same_digest = fields.is_empty() || fields.any()?.oid()? == digest;
        fields.finish()?;
        Ok(same_curve && same_digest)
    };
    named().unwrap_or(false)
}

/// Returns the identifier, the parameters and the bits of a key.
fn parts(spki: &[u8]) -> Result<(ObjectIdentifier, Option<Element<'_>>, &[u8]), Asn1Error> {
    let mut info = Element::parse(spki)?.expect(SEQUENCE)?.reader();
    let mut algorithm = info.take(SEQUENCE)?.reader();
    let key = info.any()?.bit_string()?;
    info.finish()?;
    let named = algorithm.any()?.oid()?;
    let parameters = if algorithm.is_empty() { None } else { Some(algorithm.any()?) };
    algorithm.finish()?;
    Ok((named, parameters, key))
}
