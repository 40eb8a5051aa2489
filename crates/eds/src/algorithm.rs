// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one seam through which every signature of every container is verified.
//!
//! RSA with SHA-256, SHA-384 and SHA-512, and the GOST algorithms of the national authority ([`crate::gost`]). The 512 bits of
//! GOST R 34.10-2015 and GOST 34.310-2004 were tried on certificates, lists, answers and signatures that the authority
//! made; for the 256 bits of GOST R 34.10-2015 no such vector was ever seen ([`SignatureAlgorithm::caveat`]).

mod digest;
mod foreign;
mod keys;

use aws_lc_rs::signature;
use const_oid::ObjectIdentifier;

use crate::asn1::{Asn1Error, Element, NULL, OID, SEQUENCE};
use crate::gost::{Curve, Refusal};
use crate::oids;

pub use digest::{DigestAlgorithm, Hasher};
pub(crate) use foreign::{Foreign, is_foreign_form};
pub(crate) use keys::named as named_key;

/// Smallest RSA modulus accepted.
pub const RSA_BITS_MIN: usize = 2048;
/// Largest RSA modulus accepted.
pub const RSA_BITS_MAX: usize = 4096;

/// Beginning of the names of the national algorithms in signed XML: a signature.
const XML_SIGNATURE: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-";

/// A signature algorithm: how the bytes are hashed and what key signs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// GOST R 34.10-2015 with 512 bits and Streebog-512.
    Gost2015Bits512,
    /// GOST R 34.10-2015 with 256 bits and Streebog-256: its curve is an assumption ([`Curve::Bits256`]).
    Gost2015Bits256,
    /// GOST 34.310-2004 with GOST 34.311-95.
    Gost2004,
}

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureFault {
    /// The algorithm is not one that signatures may use.
    Unknown,
    /// The key is of another algorithm, or malformed.
    KeyMismatch,
    /// The key names another curve or another digest than those of the algorithm.
    KeyParameters,
    /// The key is not a point of the curve's group.
    KeyPoint,
    /// The key is shorter than [`RSA_BITS_MIN`] or longer than [`RSA_BITS_MAX`].
    KeySize,
    /// The signature is of another length, or its numbers are out of range.
    Malformed,
    /// The signature is not this key's signature of these bytes.
    Mismatch,
}

impl SignatureFault {
    /// Returns the word for details of checks.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "algorithm-unknown",
            Self::KeyMismatch => "key-of-another-algorithm",
            Self::KeyParameters => "key-parameters-differ",
            Self::KeyPoint => "key-not-on-the-curve",
            Self::KeySize => "key-size",
            Self::Malformed => "signature-malformed",
            Self::Mismatch => "signature-of-other-bytes-or-key",
        }
    }
}

impl SignatureAlgorithm {
    /// Returns the algorithm of this identifier, as certificates, CRLs and OCSP name it.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let known = [
            (oids::RSA_SHA256, Self::RsaSha256),
            (oids::RSA_SHA384, Self::RsaSha384),
            (oids::RSA_SHA512, Self::RsaSha512),
            (oids::GOST_2015_512, Self::Gost2015Bits512),
            (oids::GOST_2015_256, Self::Gost2015Bits256),
            (oids::GOST_2004, Self::Gost2004),
        ];
        known.into_iter().find(|(known, _)| known == oid).map(|(_, algorithm)| algorithm)
    }

    /// Returns the algorithm as CMS names it, where the key's identifier may stand instead.
    #[must_use]
    pub fn from_cms(oid: &ObjectIdentifier, digest: DigestAlgorithm) -> Option<Self> {
        let named = match (*oid, digest) {
            (oids::RSA, DigestAlgorithm::Sha384) => Some(Self::RsaSha384),
            (oids::RSA, DigestAlgorithm::Sha512) => Some(Self::RsaSha512),
            _ => Self::named_in_cms(oid),
        };
        named.filter(|algorithm| algorithm.digest() == digest)
    }

    /// Returns the algorithm as CMS names it, whatever digest stands beside it.
    pub(crate) fn named_in_cms(oid: &ObjectIdentifier) -> Option<Self> {
        match *oid {
            oids::RSA => Some(Self::RsaSha256),
            oids::GOST_2015_512_KEY => Some(Self::Gost2015Bits512),
            oids::GOST_2015_256_KEY => Some(Self::Gost2015Bits256),
            oids::GOST_2004_KEY => Some(Self::Gost2004),
            _ => Self::from_oid(oid),
        }
    }

    /// Returns the algorithm of a `SignatureMethod` in signed XML.
    #[must_use]
    pub fn from_xml(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Some(Self::RsaSha256),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Some(Self::RsaSha384),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Some(Self::RsaSha512),
            "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311" => Some(Self::Gost2004),
            _ => match uri.strip_prefix(XML_SIGNATURE) {
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
            Self::RsaSha384 => oids::RSA_SHA384,
            Self::RsaSha512 => oids::RSA_SHA512,
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
            Self::RsaSha384 => DigestAlgorithm::Sha384,
            Self::RsaSha512 => DigestAlgorithm::Sha512,
            Self::Gost2015Bits512 => DigestAlgorithm::Streebog512,
            Self::Gost2015Bits256 => DigestAlgorithm::Streebog256,
            Self::Gost2004 => DigestAlgorithm::Gost34311,
        }
    }

    /// Returns whether this version verifies it: all that are known are.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        match self {
            Self::RsaSha256
            | Self::RsaSha384
            | Self::RsaSha512
            | Self::Gost2015Bits512
            | Self::Gost2015Bits256
            | Self::Gost2004 => true,
        }
    }

    /// Returns what has to be said beside "verified", for details of checks.
    #[must_use]
    pub const fn caveat(self) -> Option<&'static str> {
        match self {
            Self::Gost2015Bits256 => Some("no real vector seen"),
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 | Self::Gost2015Bits512 | Self::Gost2004 => {
                None
            }
        }
    }

    /// Says whether `signature` is the signature of `message` by the key in `spki` (`SubjectPublicKeyInfo`, DER).
    ///
    /// ```
    /// use eds::algorithm::{SignatureAlgorithm, SignatureFault};
    /// let verdict = SignatureAlgorithm::Gost2015Bits512.verify(&[], b"message", b"signature");
    /// assert_eq!(verdict, Err(SignatureFault::KeyMismatch));
    /// ```
    pub fn verify(self, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        match self.curve() {
            None => self.verify_rsa(spki, message, signature),
            Some(curve) => {
                let key = keys::gost(spki, self)?;
                let digest = self.digest().digest(message);
                curve.verify(key, &digest, signature).map_err(|refusal| match refusal {
                    Refusal::Key => SignatureFault::KeyPoint,
                    Refusal::Range | Refusal::Digest => SignatureFault::Malformed,
                    Refusal::Mismatch => SignatureFault::Mismatch,
                })
            }
        }
    }

    fn verify_rsa(self, spki: &[u8], message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        let key = rsa_key(spki)?;
        let parameters = match self {
            Self::RsaSha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Self::RsaSha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Self::RsaSha256 | Self::Gost2015Bits512 | Self::Gost2015Bits256 | Self::Gost2004 => {
                &signature::RSA_PKCS1_2048_8192_SHA256
            }
        };
        signature::UnparsedPublicKey::new(parameters, key)
            .verify(message, signature)
            .map_err(|_| SignatureFault::Mismatch)
    }

    /// Returns whether a key says that it is of this algorithm.
    pub(crate) fn takes(self, spki: &[u8]) -> bool {
        keys::named(spki) == Some(self.key_oids().map_or(oids::RSA, |[own, ..]| own))
    }

    /// Returns the curve, of an algorithm that has one.
    const fn curve(self) -> Option<Curve> {
        match self {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => None,
            Self::Gost2015Bits512 => Some(Curve::Bits512),
            Self::Gost2015Bits256 => Some(Curve::Bits256),
            Self::Gost2004 => Some(Curve::Bits2004),
        }
    }

    /// Returns the identifiers of keys: of the key, of its curve and of its digest.
    const fn key_oids(self) -> Option<[ObjectIdentifier; 3]> {
        match self {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => None,
            Self::Gost2015Bits512 => {
                Some([oids::GOST_2015_512_KEY, oids::GOST_2015_512_CURVE, oids::STREEBOG_512])
            }
            Self::Gost2015Bits256 => {
                Some([oids::GOST_2015_256_KEY, oids::GOST_2015_256_CURVE, oids::STREEBOG_256])
            }
            Self::Gost2004 => Some([oids::GOST_2004_KEY, oids::GOST_2004_CURVE, oids::GOST_34311_BOX]),
        }
    }
}

/// Returns the `RSAPublicKey` of a key whose size is admitted.
fn rsa_key(spki: &[u8]) -> Result<&[u8], SignatureFault> {
    let key = keys::rsa(spki).map_err(|_| SignatureFault::KeyMismatch)?;
    let bits = keys::rsa_bits(key).map_err(|_| SignatureFault::KeyMismatch)?;
    if (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) { Ok(key) } else { Err(SignatureFault::KeySize) }
}

/// Says whether signatures by a key can be accepted, where there is none to judge.
pub(crate) fn judge_key(spki: &[u8]) -> Result<(), SignatureFault> {
    let Some(named) = keys::named(spki) else { return Err(SignatureFault::KeyMismatch) };
    match SignatureAlgorithm::named_in_cms(&named).filter(|it| it.takes(spki)) {
        None => Err(SignatureFault::Unknown),
        Some(algorithm) if algorithm.curve().is_some() => keys::gost(spki, algorithm).map(drop),
        Some(_) => rsa_key(spki).map(drop),
    }
}

/// Returns the identifier of an algorithm of signatures or digests.
///
/// Parameters of one that is computed here are absent or NULL; beside the identifier of a national key or of GOST 34.311-95
/// those that keys name may stand too, and no others. Any other algorithm is refused where it is judged, by its name:
/// what its parameters say (those of RSA-PSS, say) is not looked at.
pub(crate) fn algorithm_identifier(element: Element<'_>) -> Result<ObjectIdentifier, Asn1Error> {
    let mut reader = element.expect(SEQUENCE)?.reader();
    let algorithm = reader.any()?.oid()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.any()?) };
    reader.finish()?;
    let fit = parameters.is_none_or(|given| match given.tag {
        _ if !is_computed(&algorithm) => true,
        NULL => given.value.is_empty(),
        OID => algorithm == oids::GOST_34311 && given.oid() == Ok(oids::GOST_34311_BOX),
        SEQUENCE => keys::are_parameters_of(given, &algorithm),
        _ => false,
    });
    if fit { Ok(algorithm) } else { Err(Asn1Error::Value) }
}

/// Returns whether signatures or digests by this algorithm are computed anywhere here.
fn is_computed(algorithm: &ObjectIdentifier) -> bool {
    SignatureAlgorithm::named_in_cms(algorithm).is_some() || DigestAlgorithm::from_oid(algorithm).is_some()
}
