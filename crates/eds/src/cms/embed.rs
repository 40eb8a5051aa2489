// SPDX-License-Identifier: MIT OR Apache-2.0
//! Putting a time stamp into a signature that exists, and finding what is to be stamped.

use super::attributes::STAMPS_MAX;
use super::{SIGNERS_MAX, SignedData, normalise};
use crate::asn1::{Asn1Error, Element, OCTET_STRING, OID, SEQUENCE, SET, context, write};
use crate::oids;

/// Returns the signature values of a CMS in the order of its signers: what time stamps stamp. Unverified.
///
/// ```
/// assert!(eds::signature_values(b"no signature").is_err());
/// ```
pub fn signature_values(cms: &[u8]) -> Result<Vec<Vec<u8>>, Asn1Error> {
    let der = normalise(cms)?;
    let data = SignedData::parse(&der)?;
    Ok(data.signers.iter().map(|signer| signer.signature.to_vec()).collect())
}

/// Returns the CMS with a time stamp among the unsigned attributes of its signer `index`, DER.
///
/// Everything that anybody signed (content, signed attributes, signature values, certificates) keeps its bytes; only
/// the lengths around them grow. The token must be of this signature value; whether it is good is judged later.
///
/// ```
/// assert!(eds::embed_stamp(b"no signature", 0, b"no token").is_err());
/// ```
pub fn embed_stamp(cms: &[u8], index: usize, token: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let token = crate::tsp::token(token).map_err(|_| Asn1Error::Value)?;
    let der = normalise(cms)?;
    {
        let data = SignedData::parse(&der)?;
        let signer = data.signers.get(index).ok_or(Asn1Error::Value)?;
        let is_of = crate::tsp::info(&token)?.imprint.is_of(signer.signature);
        if is_of != Some(true) || signer.stamps.len() >= STAMPS_MAX {
            return Err(Asn1Error::Value);
        }
    }
    let mut outer = Element::parse(&der)?.expect(SEQUENCE)?.reader();
    let kind = outer.take(OID)?;
    let data = Element::parse(outer.take(context(0))?.value)?.expect(SEQUENCE)?;
    let mut parts: Vec<&[u8]> = data.reader().all(SIGNED_DATA_PARTS_MAX)?.iter().map(|it| it.raw).collect();
    let infos = Element::parse(parts.pop().ok_or(Asn1Error::Truncated)?)?.expect(SET)?;
    let mut signers = Vec::new();
    for (place, info) in infos.reader().all(SIGNERS_MAX)?.into_iter().enumerate() {
        signers.push(if place == index { with_stamp(info, &token)? } else { info.raw.to_vec() });
    }
    let signers = write::tlv(SET, &signers.concat());
    parts.push(&signers);
    Ok(write::sequence(&[kind.raw, &write::tlv(context(0), &write::sequence(&parts))]))
}

/// Fields of signed data.
const SIGNED_DATA_PARTS_MAX: usize = 6;
/// Fields of a signer.
const SIGNER_PARTS_MAX: usize = 7;

fn with_stamp(info: Element<'_>, token: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let mut parts: Vec<&[u8]> = Vec::new();
    let mut unsigned: Vec<u8> = Vec::new();
    let mut is_signed = false;
    for part in info.expect(SEQUENCE)?.reader().all(SIGNER_PARTS_MAX)? {
        // The signature value stands between the two lists of attributes.
        is_signed = is_signed || part.tag == OCTET_STRING;
        if is_signed && part.tag == context(1) {
            unsigned = part.value.to_vec();
        } else {
            parts.push(part.raw);
        }
    }
    let value = write::constructed(SET, &[token]);
    unsigned.extend(write::sequence(&[&write::oid(&oids::SIGNATURE_TIME_STAMP), &value]));
    let unsigned = write::tlv(context(1), &unsigned);
    parts.push(&unsigned);
    Ok(write::sequence(&parts))
}
