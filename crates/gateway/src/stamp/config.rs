// SPDX-License-Identifier: MIT OR Apache-2.0
//! How the configuration of a server names a stamp. Secrets stand in files of their own, never here.

use serde::Deserialize;
use std::path::PathBuf;

/// The stamp of one organisation: its key lies in a key file or in a device (or, in development, in an open file),
/// exactly one of them.
///
/// ```
/// let file: gateway::StampConfig = serde_json::from_value(serde_json::json!({
///     "organization": "abai-education",
///     "pkcs12": { "path": "/etc/qyzmet/abai.p12", "password_file": "/run/secrets/abai-password" },
/// })).unwrap();
/// assert!(file.pkcs11.is_none());
/// let device: gateway::StampConfig = serde_json::from_value(serde_json::json!({
///     "organization": "abai-education",
///     "certificate": "/etc/qyzmet/abai.cer",
///     "along": ["/etc/qyzmet/nca.cer"],
///     "pkcs11": {
///         "module": "/usr/lib/softhsm/libsofthsm2.so",
///         "token": "abai",
///         "key": "stamp",
///         "pin_file": "/run/secrets/abai-pin",
///     },
/// })).unwrap();
/// assert_eq!(device.along.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampConfig {
    /// Id of the organisation.
    pub organization: String,
    /// Certificate of the key, DER or PEM; without it, that of the key file or of the token.
    #[serde(default)]
    pub certificate: Option<PathBuf>,
    /// Certificates of authorities to be sent along with each stamp.
    #[serde(default)]
    pub along: Vec<PathBuf>,
    /// The key lies open in a file, PKCS#8, its certificate beside it: for development.
    #[serde(default)]
    pub key: Option<PathBuf>,
    /// The key lies in a key file.
    #[serde(default)]
    pub pkcs12: Option<KeyFileConfig>,
    /// The key lies in a device.
    #[serde(default)]
    pub pkcs11: Option<DeviceConfig>,
}

impl StampConfig {
    /// Returns every path in it, such as to count them from the folder of the configuration.
    pub fn paths_mut(&mut self) -> Vec<&mut PathBuf> {
        let mut paths: Vec<&mut PathBuf> =
            self.certificate.iter_mut().chain(&mut self.along).chain(&mut self.key).collect();
        if let Some(file) = &mut self.pkcs12 {
            paths.extend([&mut file.path, &mut file.password_file]);
        }
        if let Some(device) = &mut self.pkcs11 {
            paths.extend([&mut device.module, &mut device.pin_file]);
        }
        paths
    }
}

/// A key file (PKCS#12) with an RSA key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFileConfig {
    /// The key file.
    pub path: PathBuf,
    /// The file whose first line is its password.
    pub password_file: PathBuf,
}

/// An RSA key in a device, reached by PKCS#11.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceConfig {
    /// The library that the device's maker gives. It runs inside this program.
    pub module: PathBuf,
    /// Label of the token; or its serial number stands.
    #[serde(default)]
    pub token: Option<String>,
    /// Serial number of the token.
    #[serde(default)]
    pub serial: Option<String>,
    /// Label of the private key.
    pub key: String,
    /// The file whose first line is the PIN.
    pub pin_file: PathBuf,
}
