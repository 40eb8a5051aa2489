// SPDX-License-Identifier: MIT OR Apache-2.0
//! CMS signed data (RFC 5652) and `CAdES`: read as received, verified, and made for servers.

mod algorithm;
mod attributes;
mod embed;
mod inside;
mod place;
mod sign;
mod verify;

pub(crate) use attributes::STAMPS_MAX;
pub use attributes::SignedAttributes;
pub use embed::{embed_stamp, signature_values};
pub(crate) use inside::{make_whole, with_inside};
pub(crate) use place::place_of_content;
pub(crate) use sign::sign_token;
pub use sign::{
    RsaSigner, SignFault, assemble, sign_cms_attached, sign_cms_detached, signed_attributes,
    signed_attributes_by,
};
pub use verify::{Content, verify_cms, verify_cms_digest};
pub(crate) use verify::{Judged, Known, judge_cms, judge_signer};

use std::borrow::Cow;
use std::collections::BTreeSet;

use const_oid::ObjectIdentifier;

use crate::algorithm::algorithm_identifier;
use crate::asn1::{
    self, Asn1Error, Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, context, context_primitive,
};
use crate::certificate::{Certificate, Name, hex, serial_hex};
use crate::oids;

/// Largest container read.
pub const CMS_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Signers judged in one container.
pub const SIGNERS_MAX: usize = 16;
/// Certificates of one container that are looked at.
pub const CERTIFICATES_MAX: usize = 32;
/// Certificates read of one container, to find those that its signers name.
const CERTIFICATES_READ_MAX: usize = 256;

/// Returns the content inside an attached signature, unverified; nothing if the signature is detached.
///
/// ```
/// assert!(eds::attached_content(b"no signature").is_err());
/// ```
pub fn attached_content(cms: &[u8]) -> Result<Option<Vec<u8>>, Asn1Error> {
    let der = normalise(cms)?;
    SignedData::parse(&der).map(|data| data.content.map(<[u8]>::to_vec))
}

/// Returns the certificates inside a signature, unverified.
///
/// ```
/// assert!(eds::certificates(b"no signature").is_err());
/// ```
pub fn certificates(cms: &[u8]) -> Result<Vec<Certificate>, Asn1Error> {
    let der = normalise(cms)?;
    SignedData::parse(&der).map(|data| data.certificates)
}

/// Returns DER from DER, BER, PEM or bare base64.
fn normalise(cms: &[u8]) -> Result<Cow<'_, [u8]>, Asn1Error> {
    if cms.len() > CMS_BYTES_MAX {
        return Err(Asn1Error::Limit);
    }
    match asn1::from_pem(cms)? {
        Cow::Borrowed(bytes) => asn1::ber::to_der(bytes),
        Cow::Owned(bytes) => Ok(Cow::Owned(asn1::ber::to_der(&bytes)?.into_owned())),
    }
}

/// Signed data, borrowed from the bytes received.
pub(crate) struct SignedData<'a> {
    digests: Vec<ObjectIdentifier>,
    pub(crate) content_type: ObjectIdentifier,
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Vec<Certificate>,
    /// What lies among the certificates and is none that can be read.
    unreadable: Vec<&'a [u8]>,
    /// Lists and other answers about revocation.
    revocations: Option<Element<'a>>,
    pub(crate) signers: Vec<SignerInfo<'a>>,
}

/// How a signer names its certificate.
enum SignerId<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKey(&'a [u8]),
}

pub(crate) struct SignerInfo<'a> {
    id: SignerId<'a>,
    digest: ObjectIdentifier,
    attributes: Option<Element<'a>>,
    algorithm: ObjectIdentifier,
    signature: &'a [u8],
    /// Time stamps among the unsigned attributes.
    stamps: Vec<&'a [u8]>,
    unsigned: Option<Element<'a>>,
}

impl<'a> SignedData<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, Asn1Error> {
        let mut info = Element::parse(der)?.expect(SEQUENCE)?.reader();
        if info.any()?.oid()? != oids::SIGNED_DATA {
            return Err(Asn1Error::Value);
        }
        let mut fields = Element::parse(info.take(context(0))?.value)?.expect(SEQUENCE)?.reader();
        info.finish()?;
        if !(1..=5).contains(&fields.take(INTEGER)?.small()?) {
            return Err(Asn1Error::Value);
        }
        let mut digests = Vec::new();
        for element in fields.take(SET)?.reader().all(SIGNERS_MAX)? {
            digests.push(algorithm_identifier(element)?);
        }
        let mut inner = fields.take(SEQUENCE)?.reader();
        let content_type = inner.any()?.oid()?;
        let content = match inner.optional(context(0))? {
            Some(wrapped) => Some(Element::parse(wrapped.value)?.expect(OCTET_STRING)?.value),
            None => None,
        };
        inner.finish()?;
        let certificates = fields.optional(context(0))?;
        let revocations = fields.optional(context(1))?;
        let mut signers = Vec::new();
        for element in fields.take(SET)?.reader().all(SIGNERS_MAX)? {
            signers.push(SignerInfo::parse(element)?);
        }
        fields.finish()?;
        let (certificates, unreadable) = certificates_inside(certificates, &signers)?;
        Ok(Self { digests, content_type, content, certificates, unreadable, revocations, signers })
    }
}

/// Returns the certificates inside, each once, and what is none that can be read. Of too many those that the signers name come first;
/// the rest is left unread.
fn certificates_inside<'a>(
    set: Option<Element<'a>>,
    signers: &[SignerInfo<'_>],
) -> Result<(Vec<Certificate>, Vec<&'a [u8]>), Asn1Error> {
    let (mut certificates, mut unreadable, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut reader = Reader::new(set.map_or(&[][..], |it| it.value));
    while !reader.is_empty() && seen.len() < CERTIFICATES_READ_MAX {
        let element = reader.any()?;
        if seen.insert(element.raw) {
            match Certificate::parse(element.raw) {
                Ok(certificate) => certificates.push(certificate),
                Err(_) => unreadable.push(element.raw),
            }
        }
    }
    if certificates.len() > CERTIFICATES_MAX {
        certificates.sort_by_key(|it| !signers.iter().any(|info| info.names(it)));
        certificates.truncate(CERTIFICATES_MAX);
    }
    Ok((certificates, unreadable))
}

impl<'a> SignerInfo<'a> {
    fn parse(element: Element<'a>) -> Result<Self, Asn1Error> {
        let mut fields = element.expect(SEQUENCE)?.reader();
        let version = fields.take(INTEGER)?.small()?;
        let named = fields.any()?;
        let id = match (named.tag, version) {
            (SEQUENCE, 1) => {
                let mut parts = named.reader();
                let (issuer, serial) = (parts.take(SEQUENCE)?.raw, parts.take(INTEGER)?.value);
                parts.finish()?;
                SignerId::IssuerAndSerial { issuer, serial }
            }
            (tag, 3) if tag == context_primitive(0) => SignerId::SubjectKey(named.value),
            _ => return Err(Asn1Error::Value),
        };
        let digest = algorithm_identifier(fields.take(SEQUENCE)?)?;
        let attributes = fields.optional(context(0))?;
        let algorithm = algorithm_identifier(fields.take(SEQUENCE)?)?;
        let signature = fields.take(OCTET_STRING)?.value;
        let unsigned = fields.optional(context(1))?;
        fields.finish()?;
        let stamps = unsigned.map(attributes::stamps).unwrap_or_default();
        Ok(Self { id, digest, attributes, algorithm, signature, stamps, unsigned })
    }

    /// Returns what the signer says of its certificate: issuer and serial number, or the key.
    fn named(&self) -> String {
        match self.id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                let issuer = Element::parse(issuer).and_then(Name::parse).map(|it| it.line());
                format!("{}, serial {}", issuer.unwrap_or_default(), serial_hex(serial))
            }
            SignerId::SubjectKey(id) => format!("key {}", hex(id)),
        }
    }

    /// Returns whether what cannot be read bears the number or the key that the signer names.
    fn is_meant_by(&self, unreadable: &[u8]) -> bool {
        let (SignerId::IssuerAndSerial { serial: id, .. } | SignerId::SubjectKey(id)) = self.id;
        !id.is_empty() && unreadable.windows(id.len()).any(|it| it == id)
    }

    fn names(&self, certificate: &Certificate) -> bool {
        match self.id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate.issuer().raw() == issuer && certificate.serial() == serial
            }
            SignerId::SubjectKey(id) => certificate.extensions().subject_key_id.as_deref() == Some(id),
        }
    }
}
