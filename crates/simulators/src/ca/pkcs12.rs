// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key files (PKCS#12): PBES2 with AES-256-CBC and PBKDF2, integrity by HMAC, all with SHA-256.

use std::num::NonZeroU32;

use aes::Aes256;
use cbc::cipher::{BlockEncryptMut, KeyIvInit, block_padding::Pkcs7};
use const_oid::ObjectIdentifier;
use eds::asn1::{context, context_primitive, write};
use eds::oids;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};

use super::DevCaError;

/// Rounds of both key derivations, as many as openssl takes; pages in the browser must bear them.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(2047);
/// Block of SHA-256, to which the derivation of PKCS#12 pads.
const BLOCK_BYTES: usize = 64;
/// Purpose of a derived key: integrity.
const FOR_MAC: u8 = 3;

const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const SHROUDED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const HMAC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

/// Returns a key file with a key (PKCS#8) and its chain (DER, the key's own certificate first).
pub(super) fn file(name: &str, pkcs8: &[u8], chain: &[&[u8]], password: &str) -> Result<Vec<u8>, DevCaError> {
    let key_id = chain.first().map(|own| eds::sha256(own)).unwrap_or_default();
    let attributes = attributes(name, &key_id);
    let mut bags = Vec::new();
    for (index, certificate) in chain.iter().enumerate() {
        let inner =
            write::sequence(&[&write::oid(&X509), &write::tlv(context(0), &write::octets(certificate))]);
        let own = if index == 0 { attributes.as_slice() } else { &[] };
        bags.extend(write::sequence(&[&write::oid(&CERTIFICATE_BAG), &write::tlv(context(0), &inner), own]));
    }
    let (algorithm, sealed) = seal(&write::sequence(&[&bags]), password)?;
    let certificates =
        write::sequence(&[&write::oid(&oids::DATA), &algorithm, &write::tlv(context_primitive(0), &sealed)]);
    let certificates = write::sequence(&[&write::small(0), &certificates]);

    let (algorithm, sealed) = seal(pkcs8, password)?;
    let shrouded = write::sequence(&[&algorithm, &write::octets(&sealed)]);
    let key = write::sequence(&[&write::oid(&SHROUDED_KEY), &write::tlv(context(0), &shrouded), &attributes]);

    let safe = write::sequence(&[
        &info(&ENCRYPTED_DATA, &certificates),
        &info(&oids::DATA, &write::octets(&write::sequence(&[&key]))),
    ]);
    let mac = mac(&safe, password)?;
    Ok(write::sequence(&[&write::small(3), &info(&oids::DATA, &write::octets(&safe)), &mac]))
}

fn info(kind: &ObjectIdentifier, content: &[u8]) -> Vec<u8> {
    write::sequence(&[&write::oid(kind), &write::tlv(context(0), content)])
}

/// Returns the attributes that tie a key to its certificate.
fn attributes(name: &str, key_id: &[u8]) -> Vec<u8> {
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let attribute = |kind, value| write::sequence(&[&write::oid(kind), &write::set_of(vec![value])]);
    write::set_of(vec![
        attribute(&FRIENDLY_NAME, write::tlv(0x1e, &wide)),
        attribute(&LOCAL_KEY_ID, write::octets(key_id)),
    ])
}

fn random<const N: usize>() -> Result<[u8; N], DevCaError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| DevCaError::Key)?;
    Ok(bytes)
}

/// Encrypts under the password; returns the algorithm with its parameters, and the ciphertext.
fn seal(plain: &[u8], password: &str) -> Result<(Vec<u8>, Vec<u8>), DevCaError> {
    let (salt, iv) = (random::<16>()?, random::<16>()?);
    let mut key = [0; 32];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, password.as_bytes(), &mut key);
    let cipher = cbc::Encryptor::<Aes256>::new(&key.into(), &iv.into());
    let sealed = cipher.encrypt_padded_vec_mut::<Pkcs7>(plain);
    let derivation = write::sequence(&[
        &write::oid(&PBKDF2),
        &write::sequence(&[
            &write::octets(&salt),
            &write::small(ROUNDS.get()),
            &write::algorithm_null(&HMAC_SHA256),
        ]),
    ]);
    let encryption = write::sequence(&[&write::oid(&AES_256_CBC), &write::octets(&iv)]);
    let algorithm = write::sequence(&[&write::oid(&PBES2), &write::sequence(&[&derivation, &encryption])]);
    Ok((algorithm, sealed))
}

/// Returns the integrity value of the file's contents.
fn mac(safe: &[u8], password: &str) -> Result<Vec<u8>, DevCaError> {
    let salt = random::<16>()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &derive_mac_key(password, &salt));
    let tag = hmac::sign(&key, safe);
    let value = write::sequence(&[&write::algorithm_null(&oids::SHA256), &write::octets(tag.as_ref())]);
    Ok(write::sequence(&[&value, &write::octets(&salt), &write::small(ROUNDS.get())]))
}

/// Returns the key for integrity: RFC 7292, appendix B.2, of which one block of SHA-256 is enough.
fn derive_mac_key(password: &str, salt: &[u8]) -> [u8; 32] {
    let wide: Vec<u8> = password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes).collect();
    let padded = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(BLOCK_BYTES) * BLOCK_BYTES;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let mut value =
        digest::digest(&digest::SHA256, &[vec![FOR_MAC; BLOCK_BYTES], padded(salt), padded(&wide)].concat());
    for _ in 1..ROUNDS.get() {
        value = digest::digest(&digest::SHA256, value.as_ref());
    }
    let mut key = [0; 32];
    key.copy_from_slice(value.as_ref());
    key
}
