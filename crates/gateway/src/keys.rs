// SPDX-License-Identifier: MIT OR Apache-2.0
//! The key with which a system signs its messages.

use eds::{Certificate, RsaSigner};
use ring::rand::SystemRandom;

/// A system's id at the gateway, its certificate and its key.
pub struct Keys {
    sender: String,
    certificate: Certificate,
    signer: RsaSigner,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("sender", &self.sender).finish_non_exhaustive()
    }
}

/// Why there are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The certificate cannot be read.
    #[error("the certificate cannot be read")]
    Certificate,
    /// The key cannot be used.
    #[error("the key is no rsa key of 2048 to 4096 bits in pkcs#8")]
    Key,
    /// The key belongs to another certificate.
    #[error("the key is not the key of the certificate")]
    Mismatch,
}

impl Keys {
    /// Returns the keys of the system with that sender id: certificate in DER or PEM, key in unencrypted PKCS#8.
    pub fn new(sender: impl Into<String>, certificate: &[u8], pkcs8: &[u8]) -> Result<Self, KeysError> {
        let certificate = Certificate::parse(certificate).map_err(|_| KeysError::Certificate)?;
        let signer = RsaSigner::from_pkcs8(pkcs8).map_err(|_| KeysError::Key)?;
        if !signer.is_key_of(&certificate) {
            return Err(KeysError::Mismatch);
        }
        Ok(Self { sender: sender.into(), certificate, signer })
    }

    /// Returns the sender id.
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// Returns the certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Returns the signature over these bytes.
    pub fn sign(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.signer.sign(bytes, &SystemRandom::new()).ok()
    }

    pub(crate) const fn signer(&self) -> &RsaSigner {
        &self.signer
    }

    /// Calls `with` with the signer of signed XML.
    pub(crate) fn sign_xml<T>(&self, with: impl FnOnce(&eds::xml::Signer<'_>) -> T) -> T {
        let random = SystemRandom::new();
        let sign = |bytes: &[u8]| {
            self.signer.sign(bytes, &random).map_err(|it| eds::xml::SignerFailed(it.to_string()))
        };
        with(&eds::xml::Signer { certificate_der: self.certificate.der(), sign: &sign })
    }
}
