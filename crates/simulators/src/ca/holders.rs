// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys with their certificates, kept as files: `NAME.key` (PKCS#8), `NAME.cer`, `NAME.p12`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eds::{Certificate, RsaSigner, oids};
use jiff::{SignedDuration, Timestamp};

use super::build::{Issuer, Kind, Leaf, SERIAL_BYTES, issue, name};
use super::keys::{self, Family};
use super::seed::Seed;
use super::{DEV_PASSWORD, DevCaError, pkcs12};

/// Term of root and intermediate.
const AUTHORITY_TERM: SignedDuration = SignedDuration::from_hours(24 * 365 * 10);
/// Beginning of the term of root and intermediate: before everything they ever issue.
const AUTHORITY_BEGUN_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 365 * 5);

/// A key and its certificate.
#[derive(Debug)]
pub struct Holder<K = RsaSigner> {
    certificate: Certificate,
    signer: K,
    pkcs8: hidden::Key,
}

impl<K: Family> Holder<K> {
    /// Returns the certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Returns the key that signs.
    pub const fn signer(&self) -> &K {
        &self.signer
    }

    /// Returns the signature of `message`.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.signer.sign(message)
    }

    /// Returns the private key, PKCS#8 DER; a development key guards nothing.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8.0
    }
}

/// A private key that no debug output shows.
mod hidden {
    pub(super) struct Key(pub(super) Vec<u8>);

    impl std::fmt::Debug for Key {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Key")
        }
    }
}

/// The authorities themselves.
pub(super) struct Authorities<K> {
    pub(super) root: Holder<K>,
    pub(super) authority: Holder<K>,
    pub(super) responder: Holder<K>,
    pub(super) stamper: Holder<K>,
}

/// Where keys are kept, and of what they are made.
#[derive(Clone, Copy)]
pub(super) struct Workshop<'a> {
    pub(super) folder: &'a Path,
    pub(super) now: Timestamp,
    pub(super) seed: &'a Seed,
}

impl Workshop<'_> {
    /// Opens or makes root, intermediate, responder and the authority of time.
    pub(super) fn authorities<K: Family>(&self) -> Result<Authorities<K>, DevCaError> {
        let from = self.now.checked_sub(AUTHORITY_BEGUN_BEFORE).unwrap_or(self.now);
        let until = self.now.checked_add(AUTHORITY_TERM).unwrap_or(self.now);
        let leaf = |common_name: &str, usages| Leaf {
            subject: vec![
                (oids::COMMON_NAME, common_name.replace("{}", K::NAME)),
                (oids::COUNTRY, "KZ".to_owned()),
            ],
            usages,
            hosts: Vec::new(),
            from,
            until,
        };
        let plans = [
            ("root", Kind::Root, leaf("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({}) DEV", vec![])),
            ("nca", Kind::Intermediate, leaf("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({}) DEV", vec![])),
            ("ocsp", Kind::Responder, leaf("OCSP RESPONDER DEV", vec![oids::OCSP_SIGNING])),
            ("tsa", Kind::Stamper, leaf("УАҚЫТ БЕЛГІСІ ҚЫЗМЕТІ DEV", vec![oids::TIME_STAMPING])),
        ];
        let mut keys = self.keys::<K>(plans.iter().map(|(name, ..)| *name))?;
        let mut made: Vec<Holder<K>> = Vec::with_capacity(plans.len());
        for (file, kind, leaf) in &plans {
            let (signer, pkcs8) = self.key::<K>(file, &mut keys)?;
            // The root signs itself and the intermediate; the intermediate signs the others.
            let issuer = match made.iter().take(2).next_back() {
                None => Issuer { name: name(&leaf.subject), key_id: None, signer: &signer },
                Some(above) => issuer_of(above),
            };
            let certificate = self.open_or_issue(file, (leaf, *kind), &signer, &issuer)?;
            made.push(Holder { certificate, signer, pkcs8: hidden::Key(pkcs8) });
        }
        let mut made = made.into_iter();
        match (made.next(), made.next(), made.next(), made.next()) {
            (Some(root), Some(authority), Some(responder), Some(stamper)) => {
                Ok(Authorities { root, authority, responder, stamper })
            }
            _ => Err(DevCaError::Key),
        }
    }

    /// Opens or issues the keys of people and systems.
    pub(super) fn leaves<K: Family>(
        &self,
        plans: &BTreeMap<String, Leaf>,
        authority: &Holder<K>,
    ) -> Result<BTreeMap<String, Holder<K>>, DevCaError> {
        let mut keys = self.keys::<K>(plans.keys().map(String::as_str))?;
        let issuer = issuer_of(authority);
        let mut holders = BTreeMap::new();
        for (name, leaf) in plans {
            let (signer, pkcs8) = self.key::<K>(name, &mut keys)?;
            let certificate = self.open_or_issue(name, (leaf, Kind::Person), &signer, &issuer)?;
            let p12 = self.folder.join(format!("{name}.p12"));
            if !p12.exists() {
                let chain = [certificate.der(), authority.certificate.der()];
                let contents = pkcs12::Contents { name, pkcs8: &pkcs8, chain: &chain };
                write(&p12, &contents.file(K::form(), DEV_PASSWORD, self.seed)?)?;
            }
            holders.insert(name.clone(), Holder { certificate, signer, pkcs8: hidden::Key(pkcs8) });
        }
        Ok(holders)
    }

    /// Makes the keys that are not there yet.
    fn keys<'b, K: Family>(
        &self,
        names: impl Iterator<Item = &'b str>,
    ) -> Result<BTreeMap<String, Vec<u8>>, DevCaError> {
        let missing: Vec<&str> = names.filter(|name| !key_path(self.folder, name).exists()).collect();
        keys::make::<K>(self.seed, &missing)
    }

    /// Reads a key, or keeps the new one of this name.
    fn key<K: Family>(
        &self,
        name: &str,
        new: &mut BTreeMap<String, Vec<u8>>,
    ) -> Result<(K, Vec<u8>), DevCaError> {
        let path = key_path(self.folder, name);
        let pkcs8 = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = new.remove(name).ok_or(DevCaError::Key)?;
                write(&path, &key)?;
                key
            }
            Err(error) => return Err(DevCaError::File(path, error)),
        };
        let signer = K::read(&pkcs8).ok_or(DevCaError::Damaged(path))?;
        Ok((signer, pkcs8))
    }

    /// Reads a certificate if it still serves; issues it otherwise.
    fn open_or_issue<K: Family>(
        &self,
        file: &str,
        (leaf, kind): (&Leaf, Kind),
        signer: &K,
        issuer: &Issuer<'_, K>,
    ) -> Result<Certificate, DevCaError> {
        let path = self.folder.join(format!("{file}.cer"));
        let kept = std::fs::read(&path).ok().and_then(|bytes| Certificate::parse(&bytes).ok());
        let serves = |certificate: &Certificate| {
            let same_key =
                issuer.key_id.is_none() || certificate.extensions().authority_key_id == issuer.key_id;
            let same_issuer = certificate.issuer().raw() == issuer.name && same_key;
            // One that is meant to be out of term stays so.
            let in_term = certificate.is_in_term(self.now) || leaf.until < self.now;
            let same_subject = certificate.subject().raw() == name(&leaf.subject);
            let same_usages = certificate.extensions().usages == leaf.usages;
            signer.is_key_of(certificate) && same_issuer && in_term && same_subject && same_usages
        };
        if let Some(certificate) = kept.filter(serves) {
            return Ok(certificate);
        }
        // A renewed certificate has another term, so another number.
        let serial = self.seed.bytes::<SERIAL_BYTES>(&["serial", file, &leaf.from.to_string()])?;
        let certificate = issue(leaf, kind, &signer.spki(), issuer, *serial)?;
        write(&path, certificate.der())?;
        // A key file made with the certificate before would not match.
        let p12 = self.folder.join(format!("{file}.p12"));
        match std::fs::remove_file(&p12) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DevCaError::File(p12, error)),
            _ => Ok(certificate),
        }
    }
}

fn issuer_of<K: Family>(holder: &Holder<K>) -> Issuer<'_, K> {
    Issuer {
        name: holder.certificate.subject().raw().to_vec(),
        key_id: holder.certificate.extensions().subject_key_id.clone(),
        signer: &holder.signer,
    }
}

fn key_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.key"))
}

/// Writes a file whole: under another name first.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), DevCaError> {
    let failed = |error| DevCaError::File(path.to_owned(), error);
    let draft = path.with_extension("new");
    std::fs::write(&draft, bytes).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    }
    std::fs::rename(&draft, path).map_err(failed)
}
