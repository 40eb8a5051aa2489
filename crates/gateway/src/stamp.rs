// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stamps of organisations: by a key in a file, or by a key that a device keeps.
//!
//! Where the law demands a certified tool, the key lies in one and is reached by PKCS#11 ([`DeviceKey`]); this program itself
//! is not certified. No key signs here but by `aws-lc-rs` or by the device. An administrator installs a stamp by
//! [`StampConfig`] and [`Stamp::install`].

mod config;
mod device;
mod install;

use crate::keys::KeysError;
use async_trait::async_trait;
use eds::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use eds::{Certificate, RsaSigner, assemble, signed_attributes};
use jiff::Timestamp;
use service::ports::{PortError, Signer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

pub use config::{DeviceConfig, KeyFileConfig, StampConfig};
pub use device::{Device, DeviceError, DeviceKey, TokenName};
pub use install::{InstallError, InstallFault, StampState};

/// What is signed once when a key is added, to see whether it is the key of the certificate.
const PROBE: &[u8] = b"is this the key of the certificate";
/// Signatures that one stamp makes at once; a device that hangs holds no more threads than these.
const AT_ONCE_MAX: usize = 4;
/// How long a device may take for a signature, with those that wait before it.
const SIGN_SECONDS_MAX: u64 = 60;

/// A private key that makes stamps, wherever it lies.
pub trait StampKey: std::fmt::Debug + Send + Sync {
    /// Returns the algorithm; its digest must be SHA-256, because papers are handed over by it.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// Returns the signature of `bytes`, or in a word why there is none.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, String>;
}

impl StampKey for RsaSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RsaSha256
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        Self::sign(self, bytes).map_err(|it| it.to_string())
    }
}

/// A key and the chain that is sent along, its own certificate first.
#[derive(Debug)]
struct Seal {
    key: Box<dyn StampKey>,
    own: Certificate,
    along: Vec<Certificate>,
    permits: Arc<Semaphore>,
}

impl Seal {
    fn new(key: Box<dyn StampKey>, own: Certificate, along: Vec<Certificate>) -> Self {
        Self { key, own, along, permits: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }

    /// Returns whether the key is the key of the certificate, by trying it.
    fn probe(&self) -> Result<(), KeysError> {
        if self.key.algorithm().digest() != DigestAlgorithm::Sha256 {
            return Err(KeysError::Algorithm);
        }
        self.sign(PROBE).map(drop).map_err(|failed| match failed {
            PortError::Unavailable(_) => KeysError::Silent,
            PortError::Unusable(_) => KeysError::Mismatch,
        })
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, PortError> {
        let signature = self.key.sign(bytes).map_err(PortError::Unavailable)?;
        // What does not verify is not given out, whoever made it.
        match self.key.algorithm().verify(self.own.spki(), bytes, &signature) {
            Ok(()) => Ok(signature),
            Err(fault) => {
                Err(PortError::Unusable(format!("the stamp made no good signature: {}", fault.word())))
            }
        }
    }

    fn stamp(&self, sha256: [u8; 32], at: Timestamp) -> Result<Vec<u8>, PortError> {
        if at < self.own.not_before() || at > self.own.not_after() {
            return Err(PortError::Unusable("the certificate of the stamp is not in its term".to_owned()));
        }
        let attributes = signed_attributes(sha256, &self.own, at);
        let signature = self.sign(attributes.to_be_signed())?;
        let chain: Vec<Certificate> = std::iter::once(&self.own).chain(&self.along).cloned().collect();
        assemble(&attributes, &signature, &chain, None)
            .map_err(|fault| PortError::Unusable(fault.to_string()))
    }
}

/// The stamp keys of the organisations of this installation, by the organisation's id.
#[derive(Debug, Default)]
pub struct Stamp {
    stamps: BTreeMap<String, Arc<Seal>>,
    /// Devices by their libraries: each is loaded once.
    devices: BTreeMap<PathBuf, Device>,
}

impl Stamp {
    /// Returns a signer without stamps.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an organisation's stamp: its certificate, the certificates to send along, and its key in PKCS#8.
    pub fn add(
        &mut self,
        organization: impl Into<String>,
        certificate: &[u8],
        along: &[&[u8]],
        pkcs8: &[u8],
    ) -> Result<(), KeysError> {
        let key = RsaSigner::from_pkcs8(pkcs8).map_err(|_| KeysError::Key)?;
        self.add_key(organization, certificate, along, Box::new(key))
    }

    /// Adds an organisation's stamp whose key lies elsewhere, such as in a device.
    pub fn add_key(
        &mut self,
        organization: impl Into<String>,
        certificate: &[u8],
        along: &[&[u8]],
        key: Box<dyn StampKey>,
    ) -> Result<(), KeysError> {
        let parse = |der: &[u8]| Certificate::parse(der).map_err(|_| KeysError::Certificate);
        let along = along.iter().copied().map(parse).collect::<Result<_, _>>()?;
        let seal = Seal::new(key, parse(certificate)?, along);
        seal.probe()?;
        self.stamps.insert(organization.into(), Arc::new(seal));
        Ok(())
    }
}

impl Stamp {
    /// Returns the certificate of an organisation's stamp.
    pub fn certificate(&self, organization: &str) -> Option<&Certificate> {
        self.stamps.get(organization).map(|it| &it.own)
    }
}

#[async_trait]
impl Signer for Stamp {
    async fn stamp(&self, organization: &str, sha256: [u8; 32], at: Timestamp) -> Result<Vec<u8>, PortError> {
        let seal = self
            .stamps
            .get(organization)
            .map(Arc::clone)
            .ok_or_else(|| PortError::Unusable("the organisation has no stamp here".to_owned()))?;
        // A device may take its time, or hang.
        let made = async move {
            let permit = Arc::clone(&seal.permits).acquire_owned().await;
            tokio::task::spawn_blocking(move || {
                let stamped = seal.stamp(sha256, at);
                drop(permit);
                stamped
            })
            .await
        };
        match tokio::time::timeout(Duration::from_secs(SIGN_SECONDS_MAX), made).await {
            Ok(Ok(stamped)) => stamped,
            Ok(Err(_)) => Err(PortError::Unavailable("the stamp stopped".to_owned())),
            Err(_) => Err(PortError::Unavailable("the stamp takes too long".to_owned())),
        }
    }
}
