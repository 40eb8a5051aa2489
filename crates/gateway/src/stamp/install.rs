// SPDX-License-Identifier: MIT OR Apache-2.0
//! A stamp is installed as the configuration says.

use super::config::{DeviceConfig, KeyFileConfig, StampConfig};
use super::device::{Device, DeviceError, TokenName};
use super::{Seal, Stamp};
use crate::keys::{self, KeysError};
use eds::{Certificate, RsaSigner};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of a key file, a certificate or a secret that are read.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// How an installed stamp stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StampState {
    /// It signs.
    Ready,
    /// Its device does not answer now; it is asked again at each stamp, and cases wait until then.
    Awaited(DeviceError),
}

/// Why a stamp is not installed, and whose.
#[derive(Debug, thiserror::Error)]
#[error("the stamp of {organization}: {fault}")]
pub struct InstallError {
    /// The organisation.
    pub organization: String,
    /// Why.
    pub fault: InstallFault,
}

/// Why a stamp is not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallFault {
    /// The organisation is not of this installation.
    #[error("there is no such organisation here")]
    UnknownOrganization,
    /// The key has no place, or two.
    #[error("the key lies in exactly one of pkcs12 and pkcs11 (in development, of key with certificate)")]
    Place,
    /// The token is named by nothing, or by two things.
    #[error("the token is named by exactly one of token and serial")]
    TokenName,
    /// A file cannot be read, or is too large.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The key or the certificate is not one that stamps.
    #[error("{0}")]
    Keys(#[from] KeysError),
    /// The device does not give the key.
    #[error("{0}")]
    Device(#[from] DeviceError),
    /// The certificate is not of this organisation.
    #[error("the certificate does not bear the bin of the organisation")]
    OtherOrganization,
}

impl Stamp {
    /// Installs the stamp of an organisation with this BIN.
    pub fn install(&mut self, config: &StampConfig, bin: &str) -> Result<StampState, InstallError> {
        self.installed(config, bin)
            .map_err(|fault| InstallError { organization: config.organization.clone(), fault })
    }

    fn installed(&mut self, config: &StampConfig, bin: &str) -> Result<StampState, InstallFault> {
        let certificate = config.certificate.as_deref().map(certificate).transpose()?;
        let along = config.along.iter().map(|it| self::certificate(it)).collect::<Result<Vec<_>, _>>()?;
        let (mut seal, state) = match (&config.pkcs12, &config.pkcs11, &config.key, certificate) {
            (Some(file), None, None, certificate) => (of_file(file, certificate)?, StampState::Ready),
            (None, Some(device), None, certificate) => self.of_device(device, certificate)?,
            (None, None, Some(key), Some(own)) => {
                let signer = RsaSigner::from_pkcs8(&bytes(key)?).map_err(|_| KeysError::Key)?;
                (Seal::new(Box::new(signer), own, Vec::new()), StampState::Ready)
            }
            _ => return Err(InstallFault::Place),
        };
        seal.along.extend(along);
        if seal.own.subject().bin().one() != Some(bin) {
            return Err(InstallFault::OtherOrganization);
        }
        if state == StampState::Ready {
            seal.probe()?;
        }
        self.stamps.insert(config.organization.clone(), Arc::new(seal));
        Ok(state)
    }

    fn of_device(
        &mut self,
        config: &DeviceConfig,
        certificate: Option<Certificate>,
    ) -> Result<(Seal, StampState), InstallFault> {
        let token = match (&config.token, &config.serial) {
            (Some(label), None) => TokenName::Label(label.clone()),
            (None, Some(serial)) => TokenName::Serial(serial.clone()),
            (Some(_), Some(_)) | (None, None) => return Err(InstallFault::TokenName),
        };
        let pin = secret(&config.pin_file)?;
        let device = self.device(&config.module)?;
        let key = device.key(token, &config.key, pin);
        let state = match (key.open(), &certificate) {
            (Ok(()), _) => StampState::Ready,
            // Without the certificate nothing can be made ready.
            (Err(fault @ (DeviceError::Token | DeviceError::Failed(_))), Some(_)) => {
                StampState::Awaited(fault)
            }
            (Err(fault), _) => return Err(fault.into()),
        };
        let own = match certificate {
            Some(own) => own,
            None => Certificate::parse(&key.certificate()?).map_err(|_| KeysError::Certificate)?,
        };
        Ok((Seal::new(Box::new(key), own, Vec::new()), state))
    }

    fn device(&mut self, module: &Path) -> Result<&Device, DeviceError> {
        if !self.devices.contains_key(module) {
            self.devices.insert(module.to_owned(), Device::load(module)?);
        }
        self.devices.get(module).ok_or(DeviceError::Library)
    }
}

fn of_file(config: &KeyFileConfig, certificate: Option<Certificate>) -> Result<Seal, InstallFault> {
    let password = secret(&config.password_file)?;
    let (signer, own, along) = keys::from_file(&bytes(&config.path)?, &password, certificate)?;
    Ok(Seal::new(Box::new(signer), own, along))
}

fn certificate(path: &Path) -> Result<Certificate, InstallFault> {
    Ok(Certificate::parse(&bytes(path)?).map_err(|_| KeysError::Certificate)?)
}

/// Returns the first line of a file.
fn secret(path: &Path) -> Result<String, InstallFault> {
    let text = String::from_utf8(bytes(path)?).map_err(|_| {
        let fault = std::io::Error::new(std::io::ErrorKind::InvalidData, "the first line is no text");
        InstallFault::File(path.to_owned(), fault)
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn bytes(path: &Path) -> Result<Vec<u8>, InstallFault> {
    let fault = |it| InstallFault::File(path.to_owned(), it);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fault)?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(fault(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "the file is too large")));
    }
    Ok(bytes)
}
