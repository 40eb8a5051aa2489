// SPDX-License-Identifier: MIT OR Apache-2.0
//! Requests for time stamps.

use const_oid::ObjectIdentifier;

use super::info::Imprint;
use super::{NONCE_BYTES_MAX, STAMP_BYTES_MAX};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Asn1Error, BOOLEAN, Element, INTEGER, OID, SEQUENCE, context, write};

/// Returns a request to stamp `bytes` (a signature value, a digest list), DER; the authority sees only their digest.
///
/// `nonce` are unpredictable bytes; the answer must repeat them. The certificate of the authority is asked for.
/// Nothing is returned where the digest is not computed, or may not stand under a stamp.
///
/// ```
/// use eds::algorithm::DigestAlgorithm;
/// let query = eds::tsp::request(DigestAlgorithm::Sha256, b"signature value", Some(&[7; 8])).unwrap();
/// let asked = eds::tsp::Request::parse(&query).unwrap();
/// assert_eq!(asked.imprint.digest, eds::sha256(b"signature value"));
/// assert!(asked.wants_certificate);
/// ```
#[must_use]
pub fn request(algorithm: DigestAlgorithm, bytes: &[u8], nonce: Option<&[u8]>) -> Option<Vec<u8>> {
    if algorithm == DigestAlgorithm::Sha1 {
        return None;
    }
    let digest = algorithm.digest(bytes);
    let nonce = nonce.filter(|nonce| !nonce.is_empty() && nonce.len() <= NONCE_BYTES_MAX);
    Some(write::sequence(&[
        &write::small(1),
        &write::sequence(&[&write::algorithm_null(&algorithm.oid()), &write::octets(&digest)]),
        &nonce.map(write::unsigned).unwrap_or_default(),
        &write::truth(),
    ]))
}

/// A request as an authority reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The digest to be stamped.
    pub imprint: Imprint,
    /// The policy asked for.
    pub policy: Option<ObjectIdentifier>,
    /// Contents of the nonce (big-endian, may be negative).
    pub nonce: Option<Vec<u8>>,
    /// Whether the authority's certificate is to be sent along.
    pub wants_certificate: bool,
}

impl Request {
    /// Parses a request, DER; extensions are read past.
    pub fn parse(bytes: &[u8]) -> Result<Self, Asn1Error> {
        if bytes.len() > STAMP_BYTES_MAX {
            return Err(Asn1Error::Limit);
        }
        let mut fields = Element::parse(bytes)?.expect(SEQUENCE)?.reader();
        if fields.take(INTEGER)?.small()? != 1 {
            return Err(Asn1Error::Value);
        }
        let imprint = Imprint::parse(fields.any()?)?;
        let policy = fields.optional(OID)?.map(|it| it.oid()).transpose()?;
        let nonce = fields.optional(INTEGER)?.map(|it| it.value.to_vec());
        let wants_certificate = fields.optional(BOOLEAN)?.map_or(Ok(false), |it| it.boolean())?;
        fields.optional(context(0))?;
        fields.finish()?;
        Ok(Self { imprint, policy, nonce, wants_certificate })
    }
}
