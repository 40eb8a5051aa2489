// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed attributes: what exactly a signer of CMS signs.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::inside::items;
use crate::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use crate::asn1::{Asn1Error, Element, OCTET_STRING, SEQUENCE, SET, context};
use crate::certificate::Certificate;
use crate::oids;

/// Attributes of one signer.
const ATTRIBUTES_MAX: usize = 32;

/// Time stamps read of one signer.
pub(crate) const STAMPS_MAX: usize = 8;

/// The attributes that are looked at.
const KNOWN: [ObjectIdentifier; 5] = [
    oids::CONTENT_TYPE,
    oids::MESSAGE_DIGEST,
    oids::SIGNING_TIME,
    oids::SIGNING_CERTIFICATE,
    oids::SIGNING_CERTIFICATE_V2,
];

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

/// Why signed attributes are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttributesFault {
    /// They cannot be read.
    Malformed(Asn1Error),
    /// This attribute is absent, repeated, or malformed.
    Of(&'static str, ObjectIdentifier),
}

impl From<Asn1Error> for AttributesFault {
    fn from(fault: Asn1Error) -> Self {
        Self::Malformed(fault)
    }
}

impl std::fmt::Display for AttributesFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(fault) => write!(f, "malformed: {fault}"),
            Self::Of(what, kind) => write!(f, "{what} {kind}"),
        }
    }
}

/// What signed attributes say of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// They name it.
    This,
    /// They name one by this digest, which is not computed here.
    By(ObjectIdentifier),
    /// They name another one.
    Another,
}

impl<'a> Received<'a> {
    /// Parses signed attributes; each known one may stand there once, with one value. Of others any number may, such as
    /// stamps over the content (ETSI EN 319 122-1, 5.2.8).
    pub(super) fn parse(element: Element<'a>) -> Result<Self, AttributesFault> {
        let (_, rest) = element.expect(context(0))?.raw.split_first().ok_or(Asn1Error::Truncated)?;
        let signed = [&[SET], rest].concat();
        let mut values: Vec<(ObjectIdentifier, Element<'a>)> = Vec::new();
        for attribute in element.reader().all(ATTRIBUTES_MAX)? {
            let mut fields = attribute.expect(SEQUENCE)?.reader();
            let kind = fields.any()?.oid()?;
            let set = fields.take(SET)?;
            fields.finish()?;
            if !KNOWN.contains(&kind) {
                continue;
            }
            if values.iter().any(|(known, _)| *known == kind) {
                return Err(AttributesFault::Of("repeated", kind));
            }
            values.push((kind, Element::parse(set.value).map_err(malformed(kind))?));
        }
        let find = |kind| values.iter().find(|(own, _)| *own == kind).map(|(_, value)| *value);
        let needed = |kind| find(kind).ok_or(AttributesFault::Of("absent", kind));
        let content_type = needed(oids::CONTENT_TYPE)?.oid().map_err(malformed(oids::CONTENT_TYPE))?;
        let digest = needed(oids::MESSAGE_DIGEST)?.expect(OCTET_STRING);
        let signing_time = find(oids::SIGNING_TIME).map(|value| value.time()).transpose();
        Ok(Self {
            signed,
            content_type,
            digest: digest.map_err(malformed(oids::MESSAGE_DIGEST))?.value,
            signing_time: signing_time.map_err(malformed(oids::SIGNING_TIME))?,
            certificate_v1: find(oids::SIGNING_CERTIFICATE),
            certificate_v2: find(oids::SIGNING_CERTIFICATE_V2),
        })
    }

    /// Returns what the attributes say of this certificate, of two the worse; nothing if they name none. One that cannot be
    /// read names no certificate at all.
    pub(super) fn names(&self, certificate: &Certificate) -> Option<Named> {
        let v1 = self.certificate_v1.map(|value| names_v1(value, certificate));
        let v2 = self.certificate_v2.map(|value| names_v2(value, certificate));
        [v1, v2].into_iter().flatten().map(|it| it.unwrap_or(Named::Another)).max()
    }
}

fn malformed(kind: ObjectIdentifier) -> impl FnOnce(Asn1Error) -> AttributesFault {
    move |_| AttributesFault::Of("malformed", kind)
}

/// Returns the time stamps among unsigned attributes. Those prove themselves or nothing: what cannot be read is passed over.
pub(super) fn stamps(unsigned: Element<'_>) -> Vec<&[u8]> {
    let found = items(unsigned.reader()).filter_map(|it| stamps_of(it).ok().flatten());
    found.flat_map(|values| items(values.reader())).map(|value| value.raw).take(STAMPS_MAX).collect()
}

/// Returns the values of an attribute that holds time stamps.
fn stamps_of(attribute: Element<'_>) -> Result<Option<Element<'_>>, Asn1Error> {
    let mut fields = attribute.expect(SEQUENCE)?.reader();
    if fields.any()?.oid()? == oids::SIGNATURE_TIME_STAMP { fields.take(SET).map(Some) } else { Ok(None) }
}

/// Returns the first certificate identifier of an ESS attribute.
fn first_id(value: Element<'_>) -> Result<Element<'_>, Asn1Error> {
    value.expect(SEQUENCE)?.reader().take(SEQUENCE)?.reader().take(SEQUENCE)
}

fn names_v1(value: Element<'_>, certificate: &Certificate) -> Result<Named, Asn1Error> {
    let hash = first_id(value)?.reader().take(OCTET_STRING)?.value;
    Ok(Named::by(DigestAlgorithm::Sha1, hash, certificate))
}

fn names_v2(value: Element<'_>, certificate: &Certificate) -> Result<Named, Asn1Error> {
    let mut fields = first_id(value)?.reader();
    let algorithm = match fields.optional(SEQUENCE)? {
        Some(algorithm) => crate::algorithm::algorithm_identifier(algorithm)?,
        None => oids::SHA256,
    };
    let hash = fields.take(OCTET_STRING)?.value;
    let known = DigestAlgorithm::from_oid(&algorithm);
    Ok(known.map_or(Named::By(algorithm), |known| Named::by(known, hash, certificate)))
}

impl Named {
    fn by(algorithm: DigestAlgorithm, hash: &[u8], certificate: &Certificate) -> Self {
        if algorithm.digest(certificate.der()) == hash { Self::This } else { Self::Another }
    }
}
