// SPDX-License-Identifier: MIT OR Apache-2.0
//! Key files (PKCS#12) in two forms: as programs write them now, and as the national authority does.

use std::num::NonZeroU32;

use aes::Aes256;
use aws_lc_rs::{digest, hmac, pbkdf2};
use cbc::cipher::{BlockEncryptMut, KeyIvInit, block_padding::Pkcs7};
use const_oid::ObjectIdentifier;
use des::TdesEde3;
use eds::asn1::{context, context_primitive, write};
use eds::oids;
use eds::pkcs12::{DerivedFor, derive};

use super::DevCaError;
use super::seed::Seed;

/// Rounds of all key derivations, as many as openssl takes; pages in the browser must bear them.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(2047);

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
const SHA1_AND_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");

/// How a key file is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// PBES2 with AES-256-CBC and PBKDF2, integrity by HMAC, all with SHA-256.
    Modern,
    /// Triple DES and HMAC, both with SHA-1: what the authority's program writes for keys (for certificates it takes RC2).
    Authority,
}

/// What a key file holds: a key (PKCS#8) and its chain (DER, the key's own certificate first).
pub(super) struct Contents<'a> {
    pub(super) name: &'a str,
    pub(super) pkcs8: &'a [u8],
    pub(super) chain: &'a [&'a [u8]],
}

impl Contents<'_> {
    /// Returns the key file.
    pub(super) fn file(&self, form: Form, password: &str, seed: &Seed) -> Result<Vec<u8>, DevCaError> {
        let lock = Lock { form, password, seed, name: self.name };
        let key_id = self.chain.first().map(|own| eds::sha256(own)).unwrap_or_default();
        let attributes = attributes(self.name, &key_id);
        let mut bags = Vec::new();
        for (index, certificate) in self.chain.iter().enumerate() {
            let inner =
                write::sequence(&[&write::oid(&X509), &write::tlv(context(0), &write::octets(certificate))]);
            let own = if index == 0 { attributes.as_slice() } else { &[] };
            bags.extend(write::sequence(&[
                &write::oid(&CERTIFICATE_BAG),
                &write::tlv(context(0), &inner),
                own,
            ]));
        }
        let (algorithm, sealed) = lock.seal(&write::sequence(&[&bags]), "certificates")?;
        let certificates = write::sequence(&[
            &write::oid(&oids::DATA),
            &algorithm,
            &write::tlv(context_primitive(0), &sealed),
        ]);
        let certificates = write::sequence(&[&write::small(0), &certificates]);

        let (algorithm, sealed) = lock.seal(self.pkcs8, "key")?;
        let shrouded = write::sequence(&[&algorithm, &write::octets(&sealed)]);
        let key =
            write::sequence(&[&write::oid(&SHROUDED_KEY), &write::tlv(context(0), &shrouded), &attributes]);

        let safe = write::sequence(&[
            &info(&ENCRYPTED_DATA, &certificates),
            &info(&oids::DATA, &write::octets(&write::sequence(&[&key]))),
        ]);
        let mac = lock.mac(&safe)?;
        Ok(write::sequence(&[&write::small(3), &info(&oids::DATA, &write::octets(&safe)), &mac]))
    }
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

/// What encrypts.
struct Lock<'a> {
    form: Form,
    password: &'a str,
    seed: &'a Seed,
    name: &'a str,
}

impl Lock<'_> {
    fn salt<const N: usize>(&self, part: &str, what: &str) -> Result<[u8; N], DevCaError> {
        Ok(*self.seed.bytes(&["key file", self.name, part, what])?)
    }

    /// Encrypts under the password; returns the algorithm with its parameters, and the ciphertext.
    fn seal(&self, plain: &[u8], part: &str) -> Result<(Vec<u8>, Vec<u8>), DevCaError> {
        match self.form {
            Form::Modern => self.seal_aes(plain, part),
            Form::Authority => self.seal_3des(plain, part),
        }
    }

    fn seal_aes(&self, plain: &[u8], part: &str) -> Result<(Vec<u8>, Vec<u8>), DevCaError> {
        let (salt, iv) = (self.salt::<16>(part, "salt")?, self.salt::<16>(part, "iv")?);
        let mut key = [0; 32];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, self.password.as_bytes(), &mut key);
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
        let parameters = write::sequence(&[&derivation, &encryption]);
        Ok((write::sequence(&[&write::oid(&PBES2), &parameters]), sealed))
    }

    fn seal_3des(&self, plain: &[u8], part: &str) -> Result<(Vec<u8>, Vec<u8>), DevCaError> {
        let salt = self.salt::<8>(part, "salt")?;
        let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
        let key: [u8; 24] = derive(sha1, DerivedFor::Key, self.password, (&salt, ROUNDS));
        let iv: [u8; 8] = derive(sha1, DerivedFor::Iv, self.password, (&salt, ROUNDS));
        let cipher = cbc::Encryptor::<TdesEde3>::new(&key.into(), &iv.into());
        let parameters = write::sequence(&[&write::octets(&salt), &write::small(ROUNDS.get())]);
        let algorithm = write::sequence(&[&write::oid(&SHA1_AND_3DES), &parameters]);
        Ok((algorithm, cipher.encrypt_padded_vec_mut::<Pkcs7>(plain)))
    }

    /// Returns the integrity value of the file's contents.
    fn mac(&self, safe: &[u8]) -> Result<Vec<u8>, DevCaError> {
        let salt = self.salt::<16>("mac", "salt")?;
        let (oid, key) = match self.form {
            Form::Modern => {
                let key: [u8; 32] = derive(&digest::SHA256, DerivedFor::Mac, self.password, (&salt, ROUNDS));
                (oids::SHA256, hmac::Key::new(hmac::HMAC_SHA256, &key))
            }
            Form::Authority => {
                let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
                let key: [u8; 20] = derive(sha1, DerivedFor::Mac, self.password, (&salt, ROUNDS));
                (oids::SHA1, hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key))
            }
        };
        let tag = hmac::sign(&key, safe);
        let value = write::sequence(&[&write::algorithm_null(&oid), &write::octets(tag.as_ref())]);
        Ok(write::sequence(&[&value, &write::octets(&salt), &write::small(ROUNDS.get())]))
    }
}
