// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed attributes: what exactly a signer of CMS signs.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Asn1Error, Element, OCTET_STRING, SEQUENCE, SET, context};
use crate::certificate::Certificate;
use crate::oids;

/// Attributes of one signer.
const ATTRIBUTES_MAX: usize = 32;

/// Time stamps read of one signer.
pub(crate) const STAMPS_MAX: usize = 8;

/// Signed attributes in the form that is signed: the DER of a SET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    pub(crate) der: Vec<u8>,
    pub(crate) algorithm: SignatureAlgorithm,
}

impl SignedAttributes {
    /// Returns the bytes over which the signature is made.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.der
    }
}

/// Signed attributes as received.
pub(super) struct Received<'a> {
    /// The bytes under the signature: as received, with the tag of a SET.
    pub(super) signed: Vec<u8>,
    pub(super) content_type: ObjectIdentifier,
    pub(super) digest: &'a [u8],
    pub(super) signing_time: Option<Timestamp>,
    certificate_v1: Option<Element<'a>>,
    certificate_v2: Option<Element<'a>>,
}

impl<'a> Received<'a> {
    /// Parses signed attributes; each known one may stand there once, with one value.
    pub(super) fn parse(element: Element<'a>) -> Result<Self, Asn1Error> {
        let (_, rest) = element.expect(context(0))?.raw.split_first().ok_or(Asn1Error::Truncated)?;
        let signed = [&[SET], rest].concat();
        let mut values: Vec<(ObjectIdentifier, Element<'a>)> = Vec::new();
        for attribute in element.reader().all(ATTRIBUTES_MAX)? {
            let mut fields = attribute.expect(SEQUENCE)?.reader();
            let kind = fields.any()?.oid()?;
            let set = fields.take(SET)?;
            fields.finish()?;
            if values.iter().any(|(known, _)| *known == kind) {
                return Err(Asn1Error::Value);
            }
            if matches!(
                kind,
                oids::CONTENT_TYPE
                    | oids::MESSAGE_DIGEST
                    | oids::SIGNING_TIME
                    | oids::SIGNING_CERTIFICATE
                    | oids::SIGNING_CERTIFICATE_V2
            ) {
                values.push((kind, Element::parse(set.value)?));
            } else {
                values.push((kind, set));
            }
        }
        let find = |kind| values.iter().find(|(own, _)| *own == kind).map(|(_, value)| *value);
        Ok(Self {
            signed,
            content_type: find(oids::CONTENT_TYPE).ok_or(Asn1Error::Value)?.oid()?,
            digest: find(oids::MESSAGE_DIGEST).ok_or(Asn1Error::Value)?.expect(OCTET_STRING)?.value,
            signing_time: find(oids::SIGNING_TIME).map(|value| value.time()).transpose()?,
            certificate_v1: find(oids::SIGNING_CERTIFICATE),
            certificate_v2: find(oids::SIGNING_CERTIFICATE_V2),
        })
    }

    /// Returns whether the attributes name this certificate; nothing if they name none.
    pub(super) fn names(&self, certificate: &Certificate) -> Option<bool> {
        let v1 = self.certificate_v1.map(|value| names_v1(value, certificate).unwrap_or(false));
        let v2 = self.certificate_v2.map(|value| names_v2(value, certificate).unwrap_or(false));
        match (v1, v2) {
            (None, None) => None,
            (one, other) => Some(one.unwrap_or(true) && other.unwrap_or(true)),
        }
    }
}

/// Returns the time stamps among unsigned attributes.
pub(super) fn stamps(unsigned: Element<'_>) -> Result<Vec<&[u8]>, Asn1Error> {
    let mut found = Vec::new();
    for attribute in unsigned.reader().all(ATTRIBUTES_MAX)? {
        let mut fields = attribute.expect(SEQUENCE)?.reader();
        if fields.any()?.oid()? == oids::SIGNATURE_TIME_STAMP {
            found.extend(fields.take(SET)?.reader().all(STAMPS_MAX)?.iter().map(|value| value.raw));
        }
    }
    found.truncate(STAMPS_MAX);
    Ok(found)
}

/// Returns the first certificate identifier of an ESS attribute.
fn first_id(value: Element<'_>) -> Result<Element<'_>, Asn1Error> {
    value.expect(SEQUENCE)?.reader().take(SEQUENCE)?.reader().take(SEQUENCE)
}

fn names_v1(value: Element<'_>, certificate: &Certificate) -> Result<bool, Asn1Error> {
    let hash = first_id(value)?.reader().take(OCTET_STRING)?.value;
    Ok(DigestAlgorithm::Sha1.digest(certificate.der()) == hash)
}

fn names_v2(value: Element<'_>, certificate: &Certificate) -> Result<bool, Asn1Error> {
    let mut fields = first_id(value)?.reader();
    let algorithm = match fields.optional(SEQUENCE)? {
        Some(algorithm) => DigestAlgorithm::from_oid(&crate::algorithm::algorithm_identifier(algorithm)?)
            .ok_or(Asn1Error::Value)?,
        None => DigestAlgorithm::Sha256,
    };
    let hash = fields.take(OCTET_STRING)?.value;
    Ok(algorithm.digest(certificate.der()) == hash)
}
