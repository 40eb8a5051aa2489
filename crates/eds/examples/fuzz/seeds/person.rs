// SPDX-License-Identifier: MIT OR Apache-2.0
//! Somebody who signs: a certificate, and a key of RSA or of GOST.

use std::path::Path;

use eds::algorithm::SignatureAlgorithm;
use eds::{Certificate, RsaSigner, assemble, signed_attributes_by};

use super::Made;

/// Returns the signature of these bytes.
pub(super) type Sign = Box<dyn Fn(&[u8]) -> Made<Vec<u8>>>;

/// A certificate and the way to sign with its key.
pub(super) struct Person {
    pub(super) certificate: Certificate,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) sign: Sign,
}

impl Person {
    /// Returns the holder of an RSA key that openssl made in the folder.
    pub(super) fn rsa(folder: &Path, name: &str) -> Made<Self> {
        let read = |ending: &str| std::fs::read(folder.join(format!("{name}.{ending}")));
        let certificate = Certificate::parse(&read("der")?)?;
        let signer = RsaSigner::from_pkcs8(&read("key")?)?;
        let sign: Sign = Box::new(move |bytes: &[u8]| Ok(signer.sign(bytes)?));
        Ok(Self { certificate, algorithm: SignatureAlgorithm::RsaSha256, sign })
    }

    /// Returns a `CAdES` signature of the content, which lies inside or beside it.
    pub(super) fn cms(&self, content: &[u8], is_attached: bool) -> Made<Vec<u8>> {
        let digest = self.algorithm.digest().digest(content);
        let time = self.certificate.not_before();
        let attributes = signed_attributes_by(self.algorithm, &digest, &self.certificate, time);
        let signature = (self.sign)(attributes.to_be_signed())?;
        let chain = std::slice::from_ref(&self.certificate);
        Ok(assemble(&attributes, &signature, chain, is_attached.then_some(content))?)
    }
}
