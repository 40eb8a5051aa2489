// SPDX-License-Identifier: MIT OR Apache-2.0
//! An answer of a responder, made by hand, so that each part of it can be wrong.

use eds::asn1::{ENUMERATED, INTEGER, context, context_primitive, write};
use eds::{Certificate, oids};
use jiff::SignedDuration;

use super::{NONCE, Responders};
use crate::maker::extension;

/// An answer made by hand.
pub(super) struct Made {
    pub(super) digest: eds::algorithm::DigestAlgorithm,
    pub(super) serial: Vec<u8>,
    pub(super) key_hash_of: &'static str,
    pub(super) status: Vec<u8>,
    /// What further answers say about the same certificate.
    pub(super) also: Vec<Vec<u8>>,
    /// Extensions of the answers.
    pub(super) narrowed: Vec<u8>,
    pub(super) extensions: Vec<u8>,
    pub(super) nonce_free: bool,
    /// How long before it was signed it speaks.
    pub(super) behind: SignedDuration,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            digest: eds::algorithm::DigestAlgorithm::Sha256,
            serial: vec![0x47, 0x11],
            key_hash_of: "root",
            status: write::tlv(context_primitive(0), &[]),
            also: Vec::new(),
            narrowed: Vec::new(),
            extensions: Vec::new(),
            nonce_free: true,
            behind: SignedDuration::ZERO,
        }
    }
}

impl Made {
    /// Returns the answer signed by the key of `key`, with the certificate of `name` as its signer's.
    pub(super) fn by(&self, own: &Responders, name: &str, key: &str) -> Vec<u8> {
        let read = |name: &str| Certificate::parse(&own.own.file(&format!("{name}.pem"))).unwrap();
        let (signer, at) = (read(name), own.own.leaf.not_before() + SignedDuration::from_hours(1));
        let oid =
            if self.digest == eds::algorithm::DigestAlgorithm::Sha1 { oids::SHA1 } else { oids::SHA256 };
        let hash = |bytes: &[u8]| write::octets(&self.digest.digest(bytes));
        let id = write::sequence(&[
            &write::algorithm_null(&oid),
            &hash(own.root.subject().raw()),
            &hash(read(self.key_hash_of).key_bits().unwrap()),
            &write::tlv(INTEGER, &self.serial),
        ]);
        let nonce = if self.nonce_free {
            Vec::new()
        } else {
            extension(&oids::OCSP_NONCE, false, &write::octets(NONCE))
        };
        let extensions = [self.extensions.clone(), nonce].concat();
        let extensions = if extensions.is_empty() {
            Vec::new()
        } else {
            write::tlv(context(1), &write::sequence(&[&extensions]))
        };
        let narrowed = if self.narrowed.is_empty() {
            Vec::new()
        } else {
            write::tlv(context(1), &write::sequence(&[&self.narrowed]))
        };
        let spoken = write::generalized_time(at - self.behind);
        let answer = |status: &Vec<u8>| write::sequence(&[&id, status, &spoken, &narrowed]);
        let answers: Vec<Vec<u8>> = std::iter::once(&self.status).chain(&self.also).map(answer).collect();
        let data = write::sequence(&[
            &write::tlv(context(1), signer.subject().raw()),
            &write::generalized_time(at),
            &write::sequence(&[&answers.concat()]),
            &extensions,
        ]);
        let signature = own.signer(key).sign(&data).unwrap();
        let basic = write::sequence(&[
            &data,
            &write::algorithm_null(&oids::RSA_SHA256),
            &write::bits(&signature),
            &write::tlv(context(0), &write::sequence(&[signer.der()])),
        ]);
        let typed = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(&basic)]);
        write::sequence(&[&write::tlv(ENUMERATED, &[0]), &write::tlv(context(0), &typed)])
    }
}
