// SPDX-License-Identifier: MIT OR Apache-2.0
//! The key with which a system signs its messages.

use eds::{Certificate, RsaSigner};

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
    /// The key signs by another digest than SHA-256.
    #[error("the key does not sign by sha-256")]
    Algorithm,
    /// The device that keeps the key does not sign.
    #[error("the device that keeps the key does not sign")]
    Silent,
    /// The certificate lies in the key file in a way that is not read.
    #[error(
        "the certificate in the key file is encrypted in a way that is not read; give it as a file beside"
    )]
    Unread,
    /// The key file does not open.
    #[error("{0}")]
    File(eds::pkcs12::KeyFileFault),
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

    /// Returns the keys of the system from a key file (PKCS#12).
    pub fn from_file(sender: impl Into<String>, file: &[u8], password: &str) -> Result<Self, KeysError> {
        let (signer, certificate, _) = from_file(file, password, None)?;
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
        self.signer.sign(bytes).ok()
    }

    /// Calls `with` with the signer of signed XML.
    pub(crate) fn sign_xml<T>(&self, with: impl FnOnce(&eds::xml::Signer<'_>) -> T) -> T {
        let sign =
            |bytes: &[u8]| self.signer.sign(bytes).map_err(|it| eds::xml::SignerFailed(it.to_string()));
        with(&eds::xml::Signer { certificate_der: self.certificate.der(), sign: &sign })
    }
}

/// Returns the RSA key of a key file, its certificate (in the file or the one given), and the other certificates.
pub(crate) fn from_file(
    file: &[u8],
    password: &str,
    certificate: Option<Certificate>,
) -> Result<(RsaSigner, Certificate, Vec<Certificate>), KeysError> {
    let opened = eds::pkcs12::open(file, password).map_err(KeysError::File)?;
    let signers: Vec<RsaSigner> =
        opened.keys.iter().filter_map(|key| RsaSigner::from_pkcs8(key).ok()).collect();
    if signers.is_empty() {
        return Err(KeysError::Key);
    }
    let pair = |of: &Certificate| signers.iter().position(|it| it.is_key_of(of));
    let own = match certificate {
        Some(it) => Some(it),
        None => opened.certificates.iter().find(|it| pair(it).is_some()).cloned(),
    };
    // Older programs encrypt certificates in a way that is not read.
    let Some(own) = own else {
        return Err(if opened.unread > 0 { KeysError::Unread } else { KeysError::Mismatch });
    };
    let at = pair(&own).ok_or(KeysError::Mismatch)?;
    let along = opened.certificates.into_iter().filter(|it| *it != own).collect();
    let signer = signers.into_iter().nth(at).ok_or(KeysError::Mismatch)?;
    Ok((signer, own, along))
}
