// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key files (PKCS#12) under a password, as openssl and the programs of authorities write them.
//!
//! Read are PBES2 (PBKDF2 with SHA-1 or SHA-256, AES-128 or AES-256 in CBC) and triple DES with SHA-1; files without
//! integrity are refused. Certificates under RC2, as older programs write them, are counted and left unread. Signing is
//! by whoever takes the key; nothing is calculated with it here.

use aes::{Aes128, Aes256};
use aws_lc_rs::{digest, hmac, pbkdf2};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipher, BlockDecryptMut, KeyInit, KeyIvInit};
use const_oid::ObjectIdentifier;
use des::TdesEde3;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

use crate::asn1::{Asn1Error, Element, OCTET_STRING, SEQUENCE, ber, context, context_primitive};
use crate::certificate::Certificate;
use crate::oids;

/// Largest key file read.
pub const KEY_FILE_BYTES_MAX: usize = 256 * 1024;
/// Rounds of a derivation: more than any known program writes would only keep the machine busy.
pub const ROUNDS_MAX: u64 = 2_000_000;
/// Parts, and bags in a part.
const PARTS_MAX: usize = 32;
/// Block of SHA-1 and SHA-256, to which the derivation of PKCS#12 pads.
const BLOCK_BYTES: usize = 64;

const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const HMAC_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const AES_128_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.2");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");
const SHA1_AND_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum DerivedFor {
    /// The key of a cipher.
    Key = 1,
    /// Its first block.
    Iv = 2,
    /// Integrity.
    Mac = 3,
}

/// Why a key file does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFileFault {
    /// It is no key file, or damaged.
    Malformed,
    /// The password is another one, or the file was changed.
    Password,
    /// It is encrypted in a way that is not read.
    Unsupported,
}

impl std::fmt::Display for KeyFileFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the file is no key file (pkcs#12), or it is damaged",
            Self::Password => "the password is not the password of the key file",
            Self::Unsupported => {
                "the key file is encrypted in a way that is not read; write it anew by openssl"
            }
        })
    }
}

impl std::error::Error for KeyFileFault {}

impl From<Asn1Error> for KeyFileFault {
    fn from(_: Asn1Error) -> Self {
        Self::Malformed
    }
}

/// An opened key file.
#[derive(Default)]
pub struct KeyFile {
    /// The private keys, PKCS#8 DER.
    pub keys: Vec<Zeroizing<Vec<u8>>>,
    /// The certificates.
    pub certificates: Vec<Certificate>,
    /// Parts that are encrypted in a way that is not read, such as certificates under RC2.
    pub unread: usize,
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

/// Opens a key file with its password.
///
/// ```
/// use eds::pkcs12::{KeyFileFault, open};
/// assert_eq!(open(b"no key file", "password").unwrap_err(), KeyFileFault::Malformed);
/// ```
pub fn open(bytes: &[u8], password: &str) -> Result<KeyFile, KeyFileFault> {
    if bytes.len() > KEY_FILE_BYTES_MAX {
        return Err(KeyFileFault::Malformed);
    }
    let bytes = ber::to_der(bytes)?;
    let mut fields = Element::parse(&bytes)?.expect(SEQUENCE)?.reader();
    let version = fields.any()?.small()?;
    let safe = contents(fields.take(SEQUENCE)?, &oids::DATA)?.expect(OCTET_STRING)?.value;
    if version != 3 || fields.is_empty() {
        return Err(KeyFileFault::Malformed);
    }
    check_mac(fields.take(SEQUENCE)?, safe, password)?;
    let mut opened = KeyFile::default();
    for part in Element::parse(safe)?.expect(SEQUENCE)?.reader().all(PARTS_MAX)? {
        match contents(part, &oids::DATA) {
            Ok(plain) => collect(plain.expect(OCTET_STRING)?.value, password, &mut opened)?,
            Err(_) => match decrypted(part, password) {
                Ok(bags) => collect(&bags, password, &mut opened)?,
                Err(KeyFileFault::Unsupported) => opened.unread += 1,
                Err(fault) => return Err(fault),
            },
        }
    }
    if opened.keys.is_empty() && opened.unread > 0 {
        return Err(KeyFileFault::Unsupported);
    }
    Ok(opened)
}

/// Returns what a `ContentInfo` of this type holds.
fn contents<'a>(info: Element<'a>, kind: &ObjectIdentifier) -> Result<Element<'a>, Asn1Error> {
    let mut fields = info.expect(SEQUENCE)?.reader();
    if fields.any()?.oid()? != *kind {
        return Err(Asn1Error::Value);
    }
    Element::parse(fields.take(context(0))?.value)
}

fn decrypted(part: Element<'_>, password: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileFault> {
    let mut data = contents(part, &ENCRYPTED_DATA)?.expect(SEQUENCE)?.reader();
    data.any()?;
    let mut info = data.take(SEQUENCE)?.reader();
    info.any()?;
    let algorithm = info.take(SEQUENCE)?;
    decrypt(algorithm, info.take(context_primitive(0))?.value, password)
}

fn collect(bags: &[u8], password: &str, opened: &mut KeyFile) -> Result<(), KeyFileFault> {
    for bag in Element::parse(bags)?.expect(SEQUENCE)?.reader().all(PARTS_MAX)? {
        let mut fields = bag.expect(SEQUENCE)?.reader();
        let kind = fields.any()?.oid()?;
        let value = Element::parse(fields.take(context(0))?.value)?;
        match kind {
            KEY_BAG => opened.keys.push(Zeroizing::new(value.raw.to_vec())),
            SHROUDED_KEY => {
                let mut shrouded = value.expect(SEQUENCE)?.reader();
                let algorithm = shrouded.take(SEQUENCE)?;
                opened.keys.push(decrypt(algorithm, shrouded.take(OCTET_STRING)?.value, password)?);
            }
            CERTIFICATE_BAG => {
                let mut inner = value.expect(SEQUENCE)?.reader();
                if inner.any()?.oid()? == X509 {
                    let der = Element::parse(inner.take(context(0))?.value)?.expect(OCTET_STRING)?.value;
                    opened.certificates.push(Certificate::parse(der)?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Decrypts by the algorithm that stands beside the text.
fn decrypt(
    algorithm: Element<'_>,
    sealed: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, KeyFileFault> {
    let mut fields = algorithm.reader();
    let scheme = fields.any()?.oid()?;
    let mut parameters = fields.take(SEQUENCE)?.reader();
    match scheme {
        PBES2 => {
            let key = derivation(parameters.take(SEQUENCE)?)?;
            let mut cipher = parameters.take(SEQUENCE)?.reader();
            let kind = cipher.any()?.oid()?;
            let iv = cipher.take(OCTET_STRING)?.value;
            match kind {
                AES_256_CBC => unlock::<Aes256>(key.bytes::<32>(password).as_ref(), iv, sealed),
                AES_128_CBC => unlock::<Aes128>(key.bytes::<16>(password).as_ref(), iv, sealed),
                _ => Err(KeyFileFault::Unsupported),
            }
        }
        SHA1_AND_3DES => {
            let salt = parameters.take(OCTET_STRING)?.value;
            let rounds = rounds(parameters.any()?)?;
            let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
            let key = Zeroizing::new(derive::<24>(sha1, DerivedFor::Key, password, (salt, rounds)));
            let iv = derive::<8>(sha1, DerivedFor::Iv, password, (salt, rounds));
            unlock::<TdesEde3>(key.as_ref(), &iv, sealed)
        }
        _ => Err(KeyFileFault::Unsupported),
    }
}

fn unlock<C>(key: &[u8], iv: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFileFault>
where
    C: BlockCipher + cbc::cipher::BlockDecrypt + cbc::cipher::BlockDecryptMut + KeyInit,
    cbc::Decryptor<C>: KeyIvInit + BlockDecryptMut,
{
    let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).map_err(|_| KeyFileFault::Malformed)?;
    // Padding that does not fit is how a wrong password shows.
    let plain = cipher.decrypt_padded_vec_mut::<Pkcs7>(sealed).map_err(|_| KeyFileFault::Password)?;
    Ok(Zeroizing::new(plain))
}

/// PBKDF2 as a file asks for it.
struct Derivation<'a> {
    hash: pbkdf2::Algorithm,
    salt: &'a [u8],
    rounds: NonZeroU32,
}

impl Derivation<'_> {
    fn bytes<const N: usize>(&self, password: &str) -> Zeroizing<[u8; N]> {
        let mut bytes = Zeroizing::new([0; N]);
        pbkdf2::derive(self.hash, self.rounds, self.salt, password.as_bytes(), bytes.as_mut());
        bytes
    }
}

fn derivation(element: Element<'_>) -> Result<Derivation<'_>, KeyFileFault> {
    let mut fields = element.reader();
    if fields.any()?.oid()? != PBKDF2 {
        return Err(KeyFileFault::Unsupported);
    }
    let mut parameters = fields.take(SEQUENCE)?.reader();
    let salt = parameters.take(OCTET_STRING)?.value;
    let rounds = rounds(parameters.any()?)?;
    // The length of the key may stand between.
    parameters.optional(crate::asn1::INTEGER)?;
    let hash = match parameters.optional(SEQUENCE)?.map(|it| it.reader().any()?.oid()).transpose()? {
        None | Some(HMAC_SHA1) => pbkdf2::PBKDF2_HMAC_SHA1,
        Some(HMAC_SHA256) => pbkdf2::PBKDF2_HMAC_SHA256,
        Some(_) => return Err(KeyFileFault::Unsupported),
    };
    Ok(Derivation { hash, salt, rounds })
}

fn rounds(element: Element<'_>) -> Result<NonZeroU32, KeyFileFault> {
    let asked = element.small()?;
    let rounds = u32::try_from(asked).ok().filter(|_| asked <= ROUNDS_MAX).and_then(NonZeroU32::new);
    rounds.ok_or(KeyFileFault::Unsupported)
}

fn check_mac(mac: Element<'_>, safe: &[u8], password: &str) -> Result<(), KeyFileFault> {
    let mut fields = mac.reader();
    let mut value = fields.take(SEQUENCE)?.reader();
    let hash = value.take(SEQUENCE)?.reader().any()?.oid()?;
    let expected = value.take(OCTET_STRING)?.value;
    let salt = fields.take(OCTET_STRING)?.value;
    let rounds = if fields.is_empty() { NonZeroU32::MIN } else { rounds(fields.any()?)? };
    let key = match hash {
        oids::SHA256 => {
            let key = derive::<32>(&digest::SHA256, DerivedFor::Mac, password, (salt, rounds));
            hmac::Key::new(hmac::HMAC_SHA256, &key)
        }
        oids::SHA1 => {
            let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
            let key = derive::<20>(sha1, DerivedFor::Mac, password, (salt, rounds));
            hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key)
        }
        _ => return Err(KeyFileFault::Unsupported),
    };
    hmac::verify(&key, safe, expected).map_err(|_| KeyFileFault::Password)
}

/// Returns bytes derived from the password with a salt in so many rounds: RFC 7292, appendix B.2.
#[must_use]
pub fn derive<const N: usize>(
    hash: &'static digest::Algorithm,
    purpose: DerivedFor,
    password: &str,
    (salt, rounds): (&[u8], NonZeroU32),
) -> [u8; N] {
    let wide: Zeroizing<Vec<u8>> =
        Zeroizing::new(password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect());
    let padded = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(BLOCK_BYTES) * BLOCK_BYTES;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let mut input = Zeroizing::new([padded(salt), padded(&wide)].concat());
    let mut derived = [0; N];
    for part in derived.chunks_mut(hash.output_len()) {
        let mut first = digest::Context::new(hash);
        first.update(&[purpose as u8; BLOCK_BYTES]);
        first.update(&input);
        let mut value = first.finish();
        for _ in 1..rounds.get() {
            value = digest::digest(hash, value.as_ref());
        }
        part.iter_mut().zip(value.as_ref()).for_each(|(to, from)| *to = *from);
        let addend: Vec<u8> = value.as_ref().iter().copied().cycle().take(BLOCK_BYTES).collect();
        for block in input.chunks_mut(BLOCK_BYTES) {
            let mut carry = 1_u8;
            for (byte, more) in block.iter_mut().zip(&addend).rev() {
                let [high, low] = (u16::from(*byte) + u16::from(*more) + u16::from(carry)).to_be_bytes();
                (carry, *byte) = (high, low);
            }
        }
    }
    derived
}
