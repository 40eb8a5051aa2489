// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one seam through which every signature of every container is verified.
//!
//! RSA with SHA-256 is verified. The GOST algorithms of the national authority are recognised and answered
//! [`SignatureFault::Unsupported`]: nothing signed by them is ever accepted until they are verified here.

use const_oid::ObjectIdentifier;
use ring::{digest, signature};

use crate::asn1::{Asn1Error, Element, NULL, SEQUENCE};
use crate::oids;

/// Smallest RSA modulus accepted.
pub const RSA_BITS_MIN: usize = 2048;
/// Largest RSA modulus accepted.
pub const RSA_BITS_MAX: usize = 4096;

/// A digest algorithm by its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// SHA-1: only where it names a certificate (OCSP, ESS v1), never under a signature.
    Sha1,
    /// SHA-256.
    Sha256,
    /// Streebog-256, not computed yet.
    Streebog256,
    /// Streebog-512, not computed yet.
    Streebog512,
    /// GOST 34.311-95, not computed yet.
    Gost34311,
}

impl DigestAlgorithm {
    /// Returns the algorithm of this identifier, if known.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let known = [
            (oids::SHA1, Self::Sha1),
            (oids::SHA256, Self::Sha256),
            (oids::STREEBOG_256, Self::Streebog256),
            (oids::STREEBOG_512, Self::Streebog512),
            (oids::GOST_34311, Self::Gost34311),
        ];
        known.into_iter().find(|(known, _)| known == oid).map(|(_, algorithm)| algorithm)
    }

    /// Returns the digest of `bytes`, or nothing where the algorithm is not computed yet.
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Streebog256 | Self::Streebog512 | Self::Gost34311 => return None,
        };
        Some(digest::digest(algorithm, bytes).as_ref().to_vec())
    }
}

/// A signature algorithm: how the bytes are hashed and what key signs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// GOST R 34.10-2015 with 512 bits and Streebog-512; not verified yet.
    Gost2015Bits512,
    /// GOST R 34.10-2015 with 256 bits and Streebog-256; not verified yet.
    Gost2015Bits256,
    /// GOST 34.310-2004 with GOST 34.311-95; not verified yet.
    Gost2004,
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureFault {
    /// The algorithm is known but not verified by this version.
    Unsupported,
    /// The algorithm is not one that signatures may use.
    Unknown,
    /// The key is of another algorithm, or malformed.
    KeyMismatch,
    /// The key is shorter than [`RSA_BITS_MIN`] or longer than [`RSA_BITS_MAX`].
    KeySize,
    /// The signature is not this key's signature of these bytes.
    Mismatch,
}

impl SignatureAlgorithm {
    /// Returns the algorithm of this identifier, as certificates, CRLs and OCSP name it.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let known = [
            (oids::RSA_SHA256, Self::RsaSha256),
            (oids::GOST_2015_512, Self::Gost2015Bits512),
            (oids::GOST_2015_256, Self::Gost2015Bits256),
            (oids::GOST_2004, Self::Gost2004),
        ];
        known.into_iter().find(|(known, _)| known == oid).map(|(_, algorithm)| algorithm)
    }

    /// Returns the algorithm as CMS names it, where the key's identifier may stand instead.
    #[must_use]
    pub fn from_cms(oid: &ObjectIdentifier, digest: DigestAlgorithm) -> Option<Self> {
        let algorithm = match *oid {
            oids::RSA => Self::RsaSha256,
            oids::GOST_2015_512_KEY => Self::Gost2015Bits512,
            oids::GOST_2015_256_KEY => Self::Gost2015Bits256,
            oids::GOST_2004_KEY => Self::Gost2004,
            _ => Self::from_oid(oid)?,
        };
        (algorithm.digest() == digest).then_some(algorithm)
    }

    /// Returns the algorithm of a `SignatureMethod` in signed XML.
    #[must_use]
    pub fn from_xml(uri: &str) -> Option<Self> {
        const NATIONAL: &str =
            "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-";
        match uri {
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Some(Self::RsaSha256),
            "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311" => Some(Self::Gost2004),
            _ => match uri.strip_prefix(NATIONAL) {
                Some("512") => Some(Self::Gost2015Bits512),
                Some("256") => Some(Self::Gost2015Bits256),
                _ => None,
            },
        }
    }

    /// Returns the identifier by which certificates name it.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::RsaSha256 => oids::RSA_SHA256,
            Self::Gost2015Bits512 => oids::GOST_2015_512,
            Self::Gost2015Bits256 => oids::GOST_2015_256,
            Self::Gost2004 => oids::GOST_2004,
        }
    }

    /// Returns the digest under the signature.
    #[must_use]
    pub const fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaSha256 => DigestAlgorithm::Sha256,
            Self::Gost2015Bits512 => DigestAlgorithm::Streebog512,
            Self::Gost2015Bits256 => DigestAlgorithm::Streebog256,
            Self::Gost2004 => DigestAlgorithm::Gost34311,
        }
    }

    /// Returns whether this version verifies it.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        match self {
            Self::RsaSha256 => true,
            Self::Gost2015Bits512 | Self::Gost2015Bits256 | Self::Gost2004 => false,
        }
    }

    /// Says whether `signature` is the signature of `message` by the key in `spki` (`SubjectPublicKeyInfo`, DER).
    ///
    /// ```
    /// use eds::algorithm::{SignatureAlgorithm, SignatureFault};
    /// let verdict = SignatureAlgorithm::Gost2004.verify(&[], b"message", b"signature");
    /// assert_eq!(verdict, Err(SignatureFault::Unsupported));
    /// ```
    pub fn verify(self, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        match self {
            Self::RsaSha256 => verify_rsa(spki, message, signature),
            Self::Gost2015Bits512 | Self::Gost2015Bits256 | Self::Gost2004 => {
                Err(SignatureFault::Unsupported)
            }
        }
    }
}

fn verify_rsa(spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
    let key = rsa_key(spki).map_err(|_| SignatureFault::KeyMismatch)?;
    let bits = rsa_bits(key).map_err(|_| SignatureFault::KeyMismatch)?;
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(SignatureFault::KeySize);
    }
    signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, key)
        .verify(message, signature)
        .map_err(|_| SignatureFault::Mismatch)
}

/// Returns the `RSAPublicKey` inside a `SubjectPublicKeyInfo`.
fn rsa_key(spki: &[u8]) -> Result<&[u8], Asn1Error> {
    let mut info = Element::parse(spki)?.expect(SEQUENCE)?.reader();
    let algorithm = algorithm_identifier(info.take(SEQUENCE)?)?;
    let key = info.any()?.bit_string()?;
    info.finish()?;
    if algorithm == oids::RSA { Ok(key) } else { Err(Asn1Error::Value) }
}

fn rsa_bits(key: &[u8]) -> Result<usize, Asn1Error> {
    let modulus = Element::parse(key)?.expect(SEQUENCE)?.reader().any()?.value;
    let digits =
        modulus.iter().position(|byte| *byte != 0).and_then(|start| modulus.get(start..)).unwrap_or_default();
    let zeros = digits.first().map_or(0, |first| first.leading_zeros() as usize);
    Ok(digits.len() * 8 - zeros)
}

/// Returns the identifier of an algorithm; only the national ones may have parameters other than NULL.
pub(crate) fn algorithm_identifier(element: Element<'_>) -> Result<ObjectIdentifier, Asn1Error> {
    let mut reader = element.expect(SEQUENCE)?.reader();
    let algorithm = reader.any()?.oid()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.any()?) };
    let is_plain = parameters.is_none_or(|it| it.tag == NULL && it.value.is_empty());
    reader.finish()?;
    if is_plain || oids::is_under(&algorithm, &oids::NATIONAL_ALGORITHMS) {
        Ok(algorithm)
    } else {
        Err(Asn1Error::Value)
    }
}
