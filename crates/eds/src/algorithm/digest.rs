// SPDX-License-Identifier: MIT OR Apache-2.0
//! Digests, at once or piece by piece.

use aws_lc_rs::digest;
use const_oid::ObjectIdentifier;
use gost94::Gost94Test;
use streebog::{Digest, Streebog256, Streebog512};

use crate::oids;

/// Beginning of the names of the national algorithms in signed XML: a digest.
const XML_DIGEST: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-";

/// A digest algorithm by its identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// SHA-1: only where it names a certificate (OCSP, ESS v1) or shows that a stamp is of other content, never under a signature.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Streebog-256 (GOST R 34.11-2015).
    Streebog256,
    /// Streebog-512 (GOST R 34.11-2015).
    Streebog512,
    /// GOST 34.311-95 with the substitution box of the standard's test, as the national authority uses it.
    Gost34311,
}

impl DigestAlgorithm {
    /// Returns the algorithm of this identifier, if known.
    #[must_use]
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        let known = [
            (oids::SHA1, Self::Sha1),
            (oids::SHA256, Self::Sha256),
            (oids::SHA384, Self::Sha384),
            (oids::SHA512, Self::Sha512),
            (oids::STREEBOG_256, Self::Streebog256),
            (oids::STREEBOG_512, Self::Streebog512),
            (oids::STREEBOG_256_RUSSIAN, Self::Streebog256),
            (oids::STREEBOG_512_RUSSIAN, Self::Streebog512),
            (oids::GOST_34311, Self::Gost34311),
        ];
        known.into_iter().find(|(known, _)| known == oid).map(|(_, algorithm)| algorithm)
    }

    /// Returns the identifier by which messages name it.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha1 => oids::SHA1,
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
            Self::Streebog256 => oids::STREEBOG_256,
            Self::Streebog512 => oids::STREEBOG_512,
            Self::Gost34311 => oids::GOST_34311,
        }
    }

    /// Returns whether one is the other, or both are of SHA-2.
    pub(crate) fn is_akin(self, other: Self) -> bool {
        let is_sha2 = |it: Self| matches!(it, Self::Sha256 | Self::Sha384 | Self::Sha512);
        self == other || is_sha2(self) && is_sha2(other)
    }

    /// Returns the algorithm of a `DigestMethod` in signed XML; SHA-1 is none.
    #[must_use]
    pub fn from_xml(uri: &str) -> Option<Self> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Some(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Some(Self::Sha512),
            "http://www.w3.org/2001/04/xmldsig-more#gost34311" => Some(Self::Gost34311),
            _ => match uri.strip_prefix(XML_DIGEST) {
                Some("512") => Some(Self::Streebog512),
                Some("256") => Some(Self::Streebog256),
                _ => None,
            },
        }
    }

    /// Returns the digest of `bytes`.
    ///
    /// ```
    /// use eds::algorithm::DigestAlgorithm;
    /// assert_eq!(DigestAlgorithm::Streebog512.digest(b"")[..2], [0x8e, 0x94]);
    /// ```
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Starts a digest of bytes that come in pieces.
    ///
    /// ```
    /// use eds::algorithm::DigestAlgorithm;
    /// let mut hasher = DigestAlgorithm::Gost34311.hasher();
    /// hasher.update(b"piece by ");
    /// hasher.update(b"piece");
    /// assert_eq!(hasher.finish(), DigestAlgorithm::Gost34311.digest(b"piece by piece"));
    /// ```
    #[must_use]
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Sha1 => State::Sha(Box::new(digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY))),
            Self::Sha256 => State::Sha(Box::new(digest::Context::new(&digest::SHA256))),
            Self::Sha384 => State::Sha(Box::new(digest::Context::new(&digest::SHA384))),
            Self::Sha512 => State::Sha(Box::new(digest::Context::new(&digest::SHA512))),
            Self::Streebog256 => State::Streebog256(Box::default()),
            Self::Streebog512 => State::Streebog512(Box::default()),
            Self::Gost34311 => State::Gost34311(Box::default()),
        })
    }
}

/// A digest in the making.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha(Box<digest::Context>),
    Streebog256(Box<Streebog256>),
    Streebog512(Box<Streebog512>),
    Gost34311(Box<Gost94Test>),
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.0 {
            State::Sha(context) => context.update(piece),
            State::Streebog256(state) => state.update(piece),
            State::Streebog512(state) => state.update(piece),
            State::Gost34311(state) => state.update(piece),
        }
    }

    /// Returns the digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Sha(context) => context.finish().as_ref().to_vec(),
            State::Streebog256(state) => state.finalize().to_vec(),
            State::Streebog512(state) => state.finalize().to_vec(),
            State::Gost34311(state) => state.finalize().to_vec(),
        }
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}
