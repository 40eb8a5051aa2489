// SPDX-License-Identifier: MIT OR Apache-2.0
//! The two families of keys that the national authority issues: RSA and GOST R 34.10-2015 with 512 bits.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use const_oid::ObjectIdentifier;
use eds::asn1::{Element, OCTET_STRING, SEQUENCE, write};
use eds::{Certificate, RsaSigner, oids};
use gostkey::{Key512, RANDOM_BYTES, Streebog512};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey;

use super::DevCaError;
use super::pkcs12::Form;
use super::seed::Seed;

/// Length of the RSA keys made here.
const KEY_BITS: usize = 2048;
/// Threads that make keys at once.
const THREADS_MAX: usize = 8;
/// The curve of GOST keys.
const CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.398.3.10.1.1.2.2.1");

/// A private key of one family, and how its authority differs from that of the other.
pub trait Family: Sized + std::fmt::Debug + Send + Sync {
    /// Name of the family in names of authorities.
    const NAME: &'static str;
    /// Where the addresses of its authority begin.
    const PATH: &'static str;

    /// Returns a new key, PKCS#8 DER.
    #[doc(hidden)]
    fn make(seed: &SeedOf<'_>, name: &str) -> Option<Vec<u8>>;
    /// Reads a key.
    fn read(pkcs8: &[u8]) -> Option<Self>;
    /// Returns the public key, `SubjectPublicKeyInfo` DER.
    fn spki(&self) -> Vec<u8>;
    /// Returns whether this is the key of `certificate`.
    fn is_key_of(&self, certificate: &Certificate) -> bool;
    /// Returns the signature of `message`.
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>>;
    /// Returns the identifier of the signature's algorithm, DER.
    fn algorithm() -> Vec<u8>;
    /// Returns the bits of key usage of people.
    fn usage() -> [u8; 2];
    /// Returns how key files are encrypted.
    #[doc(hidden)]
    fn form() -> Form;
}

/// A seed, as a family sees it.
#[derive(Debug)]
pub struct SeedOf<'a>(pub(super) &'a Seed);

impl Family for RsaSigner {
    const NAME: &'static str = "RSA";
    const PATH: &'static str = "";

    // Made by the `rsa` crate because its keys come of the seed; signing is by aws-lc-rs.
    fn make(seed: &SeedOf<'_>, name: &str) -> Option<Vec<u8>> {
        let key = RsaPrivateKey::new(&mut seed.0.stream(&["key", name]).ok()?, KEY_BITS).ok()?;
        key.to_pkcs8_der().ok().map(|der| der.as_bytes().to_vec())
    }

    fn read(pkcs8: &[u8]) -> Option<Self> {
        Self::from_pkcs8(pkcs8).ok()
    }

    fn spki(&self) -> Vec<u8> {
        write::sequence(&[&write::algorithm_null(&oids::RSA), &write::bits(&self.public_key())])
    }

    fn is_key_of(&self, certificate: &Certificate) -> bool {
        Self::is_key_of(self, certificate)
    }

    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        Self::sign(self, message).ok()
    }

    fn algorithm() -> Vec<u8> {
        write::algorithm_null(&oids::RSA_SHA256)
    }

    /// Digital signature, non-repudiation.
    fn usage() -> [u8; 2] {
        [0x06, 0xc0]
    }

    fn form() -> Form {
        Form::Modern
    }
}

/// A GOST key of 512 bits.
#[derive(Debug)]
pub struct GostSigner(Key512);

impl GostSigner {
    fn algorithm_of_key() -> Vec<u8> {
        let parameters = write::sequence(&[&write::oid(&CURVE), &write::oid(&oids::STREEBOG_512)]);
        write::sequence(&[&write::oid(&oids::GOST_2015_512_KEY), &parameters])
    }

    /// Returns the number in the PKCS#8 of the authority's library: an octet string in the octet string.
    fn number(pkcs8: &[u8]) -> Option<[u8; 64]> {
        let mut fields = Element::parse(pkcs8).ok()?.expect(SEQUENCE).ok()?.reader();
        fields.any().ok()?;
        fields.any().ok()?;
        let outer = fields.take(OCTET_STRING).ok()?.value;
        Element::parse(outer).ok()?.expect(OCTET_STRING).ok()?.value.try_into().ok()
    }
}

impl Family for GostSigner {
    const NAME: &'static str = "GOST";
    const PATH: &'static str = "/gost";

    fn make(seed: &SeedOf<'_>, name: &str) -> Option<Vec<u8>> {
        let number = seed.0.bytes::<64>(&["key", name]).ok()?;
        Key512::new(&number).ok()?;
        let inside = write::octets(&write::octets(number.as_ref()));
        Some(write::sequence(&[&write::small(0), &Self::algorithm_of_key(), &inside]))
    }

    fn read(pkcs8: &[u8]) -> Option<Self> {
        Key512::new(&Self::number(pkcs8)?).ok().map(Self)
    }

    fn spki(&self) -> Vec<u8> {
        write::sequence(&[&Self::algorithm_of_key(), &write::bits(&write::octets(self.0.public()))])
    }

    fn is_key_of(&self, certificate: &Certificate) -> bool {
        certificate.key_bits().is_ok_and(|bits| bits == write::octets(self.0.public()))
    }

    // No randomness: the same authority signs the same bytes alike. The nonce is no less secret.
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature = self.0.sign(&Streebog512::digest(message), &[0; RANDOM_BYTES]);
        signature.ok().map(|it| it.to_vec())
    }

    fn algorithm() -> Vec<u8> {
        write::algorithm_null(&oids::GOST_2015_512)
    }

    /// Digital signature, non-repudiation, key agreement: one key for signing and signing in.
    fn usage() -> [u8; 2] {
        [0x03, 0xc8]
    }

    fn form() -> Form {
        Form::Authority
    }
}

/// Returns new private keys for these names, PKCS#8 DER, several made at once.
pub(super) fn make<K: Family>(seed: &Seed, names: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, DevCaError> {
    let begun = AtomicUsize::new(0);
    let made = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(names.len()) {
            scope.spawn(|| {
                while let Some(name) = names.get(begun.fetch_add(1, Ordering::Relaxed)) {
                    let Some(key) = K::make(&SeedOf(seed), name) else { return };
                    if let Ok(mut made) = made.lock() {
                        made.insert((*name).to_owned(), key);
                    }
                }
            });
        }
    });
    let made = made.into_inner().map_err(|_| DevCaError::Key)?;
    if made.len() == names.len() { Ok(made) } else { Err(DevCaError::Key) }
}
