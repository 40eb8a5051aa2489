// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys with their certificates, kept as files: `NAME.key` (PKCS#8), `NAME.cer`, `NAME.p12`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use eds::asn1::write as der;
use eds::{Certificate, RsaSigner, oids};
use jiff::{SignedDuration, Timestamp};

use super::build::{Issuer, Kind, Leaf, issue, name};
use super::{DEV_PASSWORD, DevCaError, keys, pkcs12};

/// Term of root and intermediate.
const AUTHORITY_TERM: SignedDuration = SignedDuration::from_hours(24 * 365 * 10);
/// Beginning of the term of root and intermediate: before everything they ever issue.
const AUTHORITY_BEGUN_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 365 * 5);

/// A key and its certificate.
#[derive(Debug)]
pub struct Holder {
    certificate: Certificate,
    signer: RsaSigner,
    pkcs8: hidden::Key,
}

impl Holder {
    /// Returns the certificate.
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Returns the key that signs.
    pub const fn signer(&self) -> &RsaSigner {
        &self.signer
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
pub(super) struct Authorities {
    pub(super) root: Holder,
    pub(super) authority: Holder,
    pub(super) responder: Holder,
}

/// Opens or makes root, intermediate and responder.
pub(super) fn authorities(folder: &Path, now: Timestamp) -> Result<Authorities, DevCaError> {
    let from = now.checked_sub(AUTHORITY_BEGUN_BEFORE).unwrap_or(now);
    let until = now.checked_add(AUTHORITY_TERM).unwrap_or(now);
    let leaf = |common_name: &str, usages| Leaf {
        subject: vec![(oids::COMMON_NAME, common_name.to_owned()), (oids::COUNTRY, "KZ".to_owned())],
        usages,
        from,
        until,
    };
    let plans = [
        ("root", Kind::Root, leaf("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEV", vec![])),
        ("nca", Kind::Intermediate, leaf("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) DEV", vec![])),
        ("ocsp", Kind::Responder, leaf("OCSP RESPONDER DEV", vec![oids::OCSP_SIGNING])),
    ];
    let missing = plans.iter().filter(|(name, ..)| !key_path(folder, name).exists()).count();
    let mut spare = keys::make(missing)?;
    let mut made: Vec<Holder> = Vec::with_capacity(plans.len());
    for (file, kind, leaf) in &plans {
        let pkcs8 = key(folder, file, &mut spare)?;
        let signer =
            RsaSigner::from_pkcs8(&pkcs8).map_err(|_| DevCaError::Damaged(key_path(folder, file)))?;
        // The root signs itself and the intermediate; the intermediate signs the responder.
        let issuer = match made.last() {
            None => Issuer { name: name(&leaf.subject), key_id: None, signer: &signer },
            Some(above) => issuer_of(above),
        };
        let certificate = open_or_issue(folder, file, (leaf, *kind), &signer, (&issuer, now))?;
        made.push(Holder { certificate, signer, pkcs8: hidden::Key(pkcs8) });
    }
    let mut made = made.into_iter();
    match (made.next(), made.next(), made.next()) {
        (Some(root), Some(authority), Some(responder)) => Ok(Authorities { root, authority, responder }),
        _ => Err(DevCaError::Key),
    }
}

/// Opens or issues the keys of people and systems.
pub(super) fn leaves(
    folder: &Path,
    now: Timestamp,
    plans: &BTreeMap<String, Leaf>,
    authority: &Holder,
) -> Result<BTreeMap<String, Holder>, DevCaError> {
    let missing = plans.keys().filter(|name| !key_path(folder, name).exists()).count();
    let mut spare = keys::make(missing)?;
    let issuer = issuer_of(authority);
    let mut holders = BTreeMap::new();
    for (name, leaf) in plans {
        let pkcs8 = key(folder, name, &mut spare)?;
        let signer =
            RsaSigner::from_pkcs8(&pkcs8).map_err(|_| DevCaError::Damaged(key_path(folder, name)))?;
        let certificate = open_or_issue(folder, name, (leaf, Kind::Person), &signer, (&issuer, now))?;
        let p12 = folder.join(format!("{name}.p12"));
        if !p12.exists() {
            let chain = [certificate.der(), authority.certificate.der()];
            write(&p12, &pkcs12::file(name, &pkcs8, &chain, DEV_PASSWORD)?)?;
        }
        holders.insert(name.clone(), Holder { certificate, signer, pkcs8: hidden::Key(pkcs8) });
    }
    Ok(holders)
}

fn issuer_of(holder: &Holder) -> Issuer<'_> {
    Issuer {
        name: holder.certificate.subject().raw().to_vec(),
        key_id: holder.certificate.extensions().subject_key_id.clone(),
        signer: &holder.signer,
    }
}

fn key_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.key"))
}

/// Reads a key, or keeps one of the spare ones under this name.
fn key(folder: &Path, name: &str, spare: &mut Vec<Vec<u8>>) -> Result<Vec<u8>, DevCaError> {
    let path = key_path(folder, name);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = spare.pop().ok_or(DevCaError::Key)?;
            write(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(DevCaError::File(path, error)),
    }
}

/// Reads a certificate if it still serves; issues it otherwise.
fn open_or_issue(
    folder: &Path,
    file: &str,
    (leaf, kind): (&Leaf, Kind),
    signer: &RsaSigner,
    (issuer, now): (&Issuer<'_>, Timestamp),
) -> Result<Certificate, DevCaError> {
    let path = folder.join(format!("{file}.cer"));
    let kept = std::fs::read(&path).ok().and_then(|bytes| Certificate::parse(&bytes).ok());
    let serves = |certificate: &Certificate| {
        let same_key = issuer.key_id.is_none() || certificate.extensions().authority_key_id == issuer.key_id;
        let same_issuer = certificate.issuer().raw() == issuer.name && same_key;
        // One that is meant to be out of term stays so.
        let in_term = certificate.is_in_term(now) || leaf.until < now;
        let same_subject = certificate.subject().raw() == name(&leaf.subject);
        signer.is_key_of(certificate) && same_issuer && in_term && same_subject
    };
    if let Some(certificate) = kept.filter(serves) {
        return Ok(certificate);
    }
    let spki = der::sequence(&[&der::algorithm_null(&oids::RSA), &der::bits(&signer.public_key())]);
    let certificate = issue(leaf, kind, &spki, issuer)?;
    write(&path, certificate.der())?;
    // A key file made with the certificate before would not match.
    let p12 = folder.join(format!("{file}.p12"));
    match std::fs::remove_file(&p12) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(DevCaError::File(p12, error)),
        _ => Ok(certificate),
    }
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
