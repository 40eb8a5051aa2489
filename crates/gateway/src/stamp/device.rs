// SPDX-License-Identifier: MIT OR Apache-2.0
//! A stamp's key that a device keeps (a token, a security module), reached by PKCS#11. The key never leaves the device.

use super::StampKey;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use eds::algorithm::SignatureAlgorithm;
use eds::asn1::write;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Why a device gives no key or no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The library of the device cannot be loaded.
    #[error("the library of the device cannot be loaded")]
    Library,
    /// No token has this name.
    #[error("there is no token with this label or serial number")]
    Token,
    /// Several tokens have this label.
    #[error("several tokens have this label; name one by its serial number")]
    Tokens,
    /// The token does not take the PIN. It is not tried again, so that the token does not lock itself.
    #[error("the token does not take the pin; it is not tried again before a restart")]
    Pin,
    /// The token holds no RSA key, or more than one, with this label.
    #[error("the token holds no rsa key, or more than one, with this label")]
    Key,
    /// The token holds no certificate with the number of the key.
    #[error("the token holds no certificate, or more than one, with the number of the key")]
    Certificate,
    /// The device failed; the function that did, and its code.
    #[error("the device failed: {0}")]
    Failed(String),
}

impl From<Error> for DeviceError {
    fn from(error: Error) -> Self {
        if let Error::Pkcs11(code, function) = error {
            Self::Failed(format!("{function:?} {code:?}"))
        } else {
            Self::Failed("it answered what it may not".to_owned())
        }
    }
}

/// By what a token is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenName {
    /// By its label.
    Label(String),
    /// By its serial number.
    Serial(String),
}

type KeyName = (TokenName, String);

/// A device: the library that its maker gives. Load each library once; its signatures are made one after another.
#[derive(Debug, Clone)]
pub struct Device(Arc<Mutex<Loaded>>);

#[derive(Debug)]
struct Loaded {
    library: PathBuf,
    context: Pkcs11,
    /// Sessions of keys; all of one context, so that a handle never outlives it.
    open: BTreeMap<KeyName, (Session, ObjectHandle)>,
}

impl Device {
    /// Loads the library of a device.
    ///
    /// The library runs in this process: name only one that the operator installed.
    pub fn load(library: &Path) -> Result<Self, DeviceError> {
        let (library, context) = (library.to_owned(), started(library)?);
        Ok(Self(Arc::new(Mutex::new(Loaded { library, context, open: BTreeMap::new() }))))
    }

    /// Returns the RSA key with this label of this token. Nothing is asked of the device yet.
    pub fn key(&self, token: TokenName, label: &str, pin: String) -> DeviceKey {
        DeviceKey {
            device: self.clone(),
            name: (token, label.to_owned()),
            pin: AuthPin::from(pin),
            refused: AtomicBool::new(false),
        }
    }
}

fn started(library: &Path) -> Result<Pkcs11, DeviceError> {
    let context = Pkcs11::new(library).map_err(|_| DeviceError::Library)?;
    match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(context),
        Err(_) => Err(DeviceError::Library),
    }
}

impl Loaded {
    /// Begins anew: some libraries see a token that was put in again only so.
    fn restart(&mut self) -> Result<(), DeviceError> {
        self.open.clear();
        self.context.clone().finalize()?;
        self.context = started(&self.library)?;
        Ok(())
    }

    fn slot(&self, token: &TokenName) -> Result<Slot, DeviceError> {
        let mut found = self.context.get_slots_with_token()?.into_iter().filter(|slot| {
            self.context.get_token_info(*slot).is_ok_and(|it| match token {
                TokenName::Label(label) => it.label() == label,
                TokenName::Serial(serial) => it.serial_number() == serial,
            })
        });
        match (found.next(), found.next()) {
            (Some(slot), None) => Ok(slot),
            (Some(_), Some(_)) => Err(DeviceError::Tokens),
            (None, _) => Err(DeviceError::Token),
        }
    }
}

/// An RSA key in a device.
pub struct DeviceKey {
    device: Device,
    name: KeyName,
    pin: AuthPin,
    /// Whether the token refused the PIN.
    refused: AtomicBool,
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeviceKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl DeviceKey {
    /// Opens the key, if it is not open.
    pub fn open(&self) -> Result<(), DeviceError> {
        self.with(|_, _| Ok(()))
    }

    /// Returns the certificate that lies beside the key in the token, DER.
    pub fn certificate(&self) -> Result<Vec<u8>, DeviceError> {
        self.with(|session, key| {
            let number = session.get_attributes(key, &[AttributeType::Id])?.into_iter();
            let mut wanted: Vec<Attribute> = number.filter(|it| matches!(it, Attribute::Id(_))).collect();
            wanted.push(Attribute::Class(ObjectClass::CERTIFICATE));
            let [certificate] = *session.find_objects(&wanted)? else { return Err(DeviceError::Certificate) };
            let values = session.get_attributes(certificate, &[AttributeType::Value])?;
            let value = values
                .into_iter()
                .find_map(|it| if let Attribute::Value(der) = it { Some(der) } else { None });
            value.ok_or(DeviceError::Certificate)
        })
    }

    /// Calls `act` with the open key: again with a new session, and once more with the library begun anew, if it fails.
    fn with<T>(
        &self,
        act: impl Fn(&Session, ObjectHandle) -> Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        let mut loaded = self.device.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((session, key)) = loaded.open.get(&self.name)
            && let Ok(done) = act(session, *key)
        {
            return Ok(done);
        }
        loaded.open.remove(&self.name);
        let done = match self.opened(&mut loaded, &act) {
            Err(DeviceError::Token | DeviceError::Failed(_)) => {
                loaded.restart()?;
                self.opened(&mut loaded, &act)
            }
            other => other,
        };
        if done.is_err() {
            loaded.open.remove(&self.name);
        }
        done
    }

    fn opened<T>(
        &self,
        loaded: &mut Loaded,
        act: impl Fn(&Session, ObjectHandle) -> Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        let session = loaded.context.open_ro_session(loaded.slot(&self.name.0)?)?;
        self.log_in(&session)?;
        let wanted = [
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::KeyType(KeyType::RSA),
            Attribute::Label(self.name.1.as_bytes().to_vec()),
        ];
        let [key] = *session.find_objects(&wanted)? else { return Err(DeviceError::Key) };
        let done = act(&session, key);
        loaded.open.insert(self.name.clone(), (session, key));
        done
    }

    fn log_in(&self, session: &Session) -> Result<(), DeviceError> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(DeviceError::Pin);
        }
        match session.login(UserType::User, Some(&self.pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(Error::Pkcs11(
                RvError::PinIncorrect
                | RvError::PinInvalid
                | RvError::PinLenRange
                | RvError::PinLocked
                | RvError::PinExpired,
                _,
            )) => {
                self.refused.store(true, Ordering::Relaxed);
                Err(DeviceError::Pin)
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// Returns the signature of `bytes`; a token that does not hash signs the digest.
fn signed(session: &Session, key: ObjectHandle, bytes: &[u8]) -> Result<Vec<u8>, DeviceError> {
    match session.sign(&Mechanism::Sha256RsaPkcs, key, bytes) {
        Err(Error::Pkcs11(RvError::MechanismInvalid, _)) => {
            let digest = write::sequence(&[
                &write::algorithm_null(&eds::oids::SHA256),
                &write::octets(&eds::sha256(bytes)),
            ]);
            Ok(session.sign(&Mechanism::RsaPkcs, key, &digest)?)
        }
        signed => Ok(signed?),
    }
}

impl StampKey for DeviceKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RsaSha256
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        self.with(|session, key| signed(session, key, bytes)).map_err(|it| it.to_string())
    }
}
