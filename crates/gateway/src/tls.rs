// SPDX-License-Identifier: MIT OR Apache-2.0
//! TLS between systems: each side shows a certificate and believes only the roots that its operator named.

use jiff::Timestamp;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Bytes of a file of certificates or of a key.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where the keys for TLS lie; each file in PEM or DER.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// Our certificate, then those of the authorities above it, in one file or several.
    pub certificates: Vec<PathBuf>,
    /// Our private key, PKCS#8.
    pub key: PathBuf,
    /// The roots under which the other side is believed.
    pub roots: Vec<PathBuf>,
}

/// Why TLS cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// A file is too long or holds nothing that can be used.
    #[error("{path} holds no {1} in PEM or DER", path = .0.display())]
    Unusable(PathBuf, &'static str),
    /// The key does not belong to the certificate, or an algorithm is none that is spoken.
    #[error("{path}: {1}", path = .0.display())]
    Refused(PathBuf, String),
}

impl TlsFiles {
    /// Returns how a server speaks: nobody without a certificate under our roots gets a word.
    pub fn server(&self) -> Result<ServerConfig, TlsError> {
        let refused = |it: String| TlsError::Refused(self.key.clone(), it);
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|it| refused(it.to_string()))?;
        let (chain, key) = self.own()?;
        builder
            .with_client_cert_verifier(self.verifier()?)
            .with_single_cert(chain, key)
            .map_err(|it| refused(it.to_string()))
    }

    /// Returns how a client speaks: it shows our certificate and believes our roots.
    pub fn client(&self) -> Result<ClientConfig, TlsError> {
        let refused = |it: rustls::Error| TlsError::Refused(self.key.clone(), it.to_string());
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(refused)?;
        let (chain, key) = self.own()?;
        builder.with_root_certificates(self.roots()?).with_client_auth_cert(chain, key).map_err(refused)
    }

    /// Returns our certificate, DER.
    pub fn certificate(&self) -> Result<Vec<u8>, TlsError> {
        let (chain, _) = self.own()?;
        let path = self.certificates.first().cloned().unwrap_or_default();
        chain.first().map(|it| it.to_vec()).ok_or(TlsError::Unusable(path, "certificate"))
    }

    /// Says whether who has our roots would believe our certificate and those above it then.
    pub fn examine(&self, at: Timestamp) -> Result<(), TlsError> {
        let path = || self.certificates.first().cloned().unwrap_or_default();
        let (chain, _) = self.own()?;
        let (own, above) = chain.split_first().ok_or_else(|| TlsError::Unusable(path(), "certificate"))?;
        let since = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default());
        let judged = self.verifier()?.verify_client_cert(own, above, UnixTime::since_unix_epoch(since));
        judged.map(drop).map_err(|it| TlsError::Refused(path(), it.to_string()))
    }

    /// Returns who judges the certificates of clients.
    fn verifier(&self) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots()?), provider());
        builder.build().map_err(|it| TlsError::Refused(self.key.clone(), it.to_string()))
    }

    fn own(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
        let mut chain = Vec::new();
        for path in &self.certificates {
            chain.extend(certificates(path)?);
        }
        let bytes = read(&self.key)?;
        let key = PrivateKeyDer::from_pem_slice(&bytes).ok();
        let key = key.or_else(|| PrivateKeyDer::try_from(bytes).ok());
        Ok((chain, key.ok_or_else(|| TlsError::Unusable(self.key.clone(), "private key"))?))
    }

    fn roots(&self) -> Result<RootCertStore, TlsError> {
        let mut store = RootCertStore::empty();
        for path in &self.roots {
            for it in certificates(path)? {
                store.add(it).map_err(|it| TlsError::Refused(path.clone(), it.to_string()))?;
            }
        }
        Ok(store)
    }
}

/// Returns how a client speaks that is to believe nobody: plain HTTP alone.
pub(crate) fn nobody() -> Option<ClientConfig> {
    let builder =
        ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().ok()?;
    Some(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let bytes = read(path)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&bytes).flatten().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    match eds::Certificate::parse(&bytes) {
        Ok(_) => Ok(vec![CertificateDer::from(bytes)]),
        Err(_) => Err(TlsError::Unusable(path.to_owned(), "certificate")),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |it| TlsError::File(path.to_owned(), it);
    if std::fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(TlsError::Unusable(path.to_owned(), "certificate or key"));
    }
    std::fs::read(path).map_err(failed)
}
