// SPDX-License-Identifier: MIT OR Apache-2.0
//! Certificates: parsed once, kept as received.

mod extensions;
mod name;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

pub(crate) use extensions::parts as extension_parts;
pub use extensions::{Extensions, KeyUsage};
pub use name::{Name, NameIds};

use crate::algorithm::{SignatureAlgorithm, SignatureFault, algorithm_identifier};
use crate::asn1::{self, Asn1Error, Element, INTEGER, SEQUENCE, context};

/// Largest certificate read.
pub const CERTIFICATE_BYTES_MAX: usize = 64 * 1024;

/// A certificate of a person, an organisation or an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    signature_oid: ObjectIdentifier,
    spki: Vec<u8>,
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    extensions: Extensions,
}

impl Certificate {
    /// Parses one certificate, DER or PEM.
    ///
    /// ```
    /// assert!(eds::Certificate::parse(b"no certificate").is_err());
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, Asn1Error> {
        if bytes.len() > CERTIFICATE_BYTES_MAX {
            return Err(Asn1Error::Limit);
        }
        let der = asn1::from_noted_pem(bytes)?;
        let mut outer = Element::parse(&der)?.expect(SEQUENCE)?.reader();
        let tbs = outer.take(SEQUENCE)?;
        let signature_algorithm = outer.take(SEQUENCE)?;
        let signature_oid = algorithm_identifier(signature_algorithm)?;
        let signature = outer.any()?.bit_string()?;
        outer.finish()?;

        let mut fields = tbs.reader();
        if let Some(version) = fields.optional(context(0))? {
            let mut version = version.reader();
            if version.take(INTEGER)?.small()? > 2 {
                return Err(Asn1Error::Value);
            }
            version.finish()?;
        }
        let serial = fields.take(INTEGER)?.value;
        // The inner identifier is under the signature; parameters may differ in form (NULL or absent).
        let inner_oid = algorithm_identifier(fields.take(SEQUENCE)?)?;
        if inner_oid != signature_oid || serial.is_empty() {
            return Err(Asn1Error::Value);
        }
        let issuer = Name::parse(fields.take(SEQUENCE)?)?;
        let mut validity = fields.take(SEQUENCE)?.reader();
        let (not_before, not_after) = (validity.any()?.time()?, validity.any()?.time()?);
        validity.finish()?;
        let subject = Name::parse(fields.take(SEQUENCE)?)?;
        let spki = fields.take(SEQUENCE)?.raw;
        // Unique identifiers of version 2 are obsolete and not admitted.
        let extensions = match fields.optional(context(3))? {
            Some(list) => Extensions::parse(Element::parse(list.value)?.expect(SEQUENCE)?)?,
            None => Extensions::default(),
        };
        fields.finish()?;
        Ok(Self {
            tbs: tbs.raw.to_vec(),
            signature: signature.to_vec(),
            signature_oid,
            spki: spki.to_vec(),
            serial: serial.to_vec(),
            issuer,
            subject,
            not_before,
            not_after,
            extensions,
            der: der.to_vec(),
        })
    }

    /// Returns the bytes as received.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Returns the `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Returns the contents of the serial number (big-endian, may be negative).
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Returns the serial number in hexadecimal, without a leading zero byte.
    #[must_use]
    pub fn serial_hex(&self) -> String {
        serial_hex(&self.serial)
    }

    /// Returns the issuer's name.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Returns the subject's name.
    #[must_use]
    pub const fn subject(&self) -> &Name {
        &self.subject
    }

    /// Returns the first instant of validity.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Returns the last instant of validity.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Returns the extensions.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Returns the SHA-256 of the certificate in hexadecimal, by which operators confirm a root.
    #[must_use]
    pub fn sha256_hex(&self) -> String {
        hex(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.der).as_ref())
    }

    /// Returns whether `at` lies within the term of validity, to which the whole of its last second belongs (RFC 5280, 4.1.2.5).
    #[must_use]
    pub fn is_in_term(&self, at: Timestamp) -> bool {
        (self.not_before.as_second()..=self.not_after.as_second()).contains(&at.as_second())
    }

    /// Returns whether `authority` is named as the issuer, by name and, where both say it, by key.
    #[must_use]
    pub fn names_as_issuer(&self, authority: &Self) -> bool {
        let same_key = match (&self.extensions.authority_key_id, &authority.extensions.subject_key_id) {
            (Some(named), Some(own)) => named == own,
            _ => true,
        };
        self.issuer.raw() == authority.subject.raw() && same_key
    }

    /// Says whether the key of `authority` signed this certificate.
    pub fn is_signed_by(&self, authority: &Self) -> Result<(), SignatureFault> {
        SignatureAlgorithm::from_oid(&self.signature_oid).ok_or(SignatureFault::Unknown)?.verify(
            &authority.spki,
            &self.tbs,
            &self.signature,
        )
    }

    /// Returns the identifier of the algorithm that signed this certificate.
    #[must_use]
    pub const fn signature_oid(&self) -> ObjectIdentifier {
        self.signature_oid
    }

    /// Returns the bits of the public key, as OCSP hashes them and as `RSAPublicKey` stands in them.
    pub fn key_bits(&self) -> Result<&[u8], Asn1Error> {
        let mut info = Element::parse(&self.spki)?.reader();
        info.take(SEQUENCE)?;
        info.any()?.bit_string()
    }
}

/// Returns a serial number in hexadecimal, without a leading zero byte.
pub(crate) fn serial_hex(serial: &[u8]) -> String {
    hex(match serial {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    })
}

/// Returns lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        out
    })
}
