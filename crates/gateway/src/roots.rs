// SPDX-License-Identifier: MIT OR Apache-2.0
//! The roots that the operator installed: certificates in a folder, each with the hash by which he confirmed it.
//!
//! The hash comes from elsewhere (a paper, the authority's office), not from where the file came. Every time the roots
//! are read each file is hashed again. Production takes no root without a confirmed hash and none of development.

use eds::{Certificate, Trust};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Name of the list of roots in the folder.
const LIST: &str = "roots.json";
/// How the names of development authorities end.
const DEVELOPMENT: &str = " DEV";
/// Bytes of the list that are read.
const LIST_BYTES_MAX: u64 = 1024 * 1024;

/// An installed root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// SHA-256 of the certificate in hexadecimal; its file is named by it.
    pub sha256: String,
    /// Name of the authority.
    pub subject: String,
    /// Last instant of its term.
    pub not_after: Timestamp,
    /// When it was installed.
    pub installed: Timestamp,
    /// Whether the operator confirmed the hash.
    pub confirmed: bool,
    /// Whether it is the root of a development authority.
    pub development: bool,
}

/// How a root is installed.
#[derive(Debug, Clone, Copy)]
pub struct Install<'a> {
    /// The hash that the operator confirms, in hexadecimal; colons and spaces are read past.
    pub sha256: Option<&'a str>,
    /// Whether it is the root of a development authority.
    pub development: bool,
    /// When.
    pub at: Timestamp,
}

/// For what the roots are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real people: confirmed hashes, no development authority.
    Production,
    /// Invented people.
    Development,
}

/// Why a root is not installed, or the roots are not read.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// A file cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The list is damaged.
    #[error("{path} is damaged", path = .0.display())]
    Damaged(PathBuf),
    /// The file is no certificate.
    #[error("the file is no certificate")]
    NotCertificate,
    /// The certificate may not issue others.
    #[error("the certificate is not of a certification authority")]
    NotAuthority,
    /// The hash is not the one that the operator confirms.
    #[error("the SHA-256 of the certificate is {0}, not the one given")]
    OtherHash(String),
    /// The file of a root is not the one that was installed.
    #[error("the file of root {0} is not the one that was installed")]
    Changed(String),
    /// A root has no confirmed hash.
    #[error("root {0} has no confirmed hash; install it again with its SHA-256")]
    Unconfirmed(String),
    /// A root is of a development authority.
    #[error("root {0} is of a development authority, which production does not take")]
    Development(String),
    /// Too many roots.
    #[error("there are more than {} roots", eds::limits::ROOTS_MAX)]
    TooMany,
}

/// The installed roots.
#[derive(Debug, Clone)]
pub struct Roots {
    folder: PathBuf,
    list: Vec<Root>,
}

impl Roots {
    /// Opens the roots in a folder; where there is none yet, nothing is installed.
    pub fn open(folder: &Path) -> Result<Self, RootsError> {
        let path = folder.join(LIST);
        let list = match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(RootsError::File(path, error)),
            Ok(about) if about.len() > LIST_BYTES_MAX => return Err(RootsError::Damaged(path)),
            Ok(_) => {
                let bytes = read(&path)?;
                serde_json::from_slice(&bytes).map_err(|_| RootsError::Damaged(path))?
            }
        };
        Ok(Self { folder: folder.to_owned(), list })
    }

    /// Returns what is installed.
    #[must_use]
    pub fn list(&self) -> &[Root] {
        &self.list
    }

    /// Installs a root, DER or PEM. The same one again is confirmed anew; nothing is written if the hash differs.
    pub fn install(&mut self, bytes: &[u8], how: Install<'_>) -> Result<Root, RootsError> {
        let certificate = Certificate::parse(bytes).map_err(|_| RootsError::NotCertificate)?;
        if !certificate.extensions().is_authority {
            return Err(RootsError::NotAuthority);
        }
        let sha256 = certificate.sha256_hex();
        let plain = |it: &str| -> String {
            it.chars().filter(char::is_ascii_alphanumeric).map(|it| it.to_ascii_lowercase()).collect()
        };
        if how.sha256.is_some_and(|given| plain(given) != sha256) {
            return Err(RootsError::OtherHash(sha256));
        }
        let root = Root {
            development: how.development || is_of_development(&certificate),
            subject: certificate.subject().line(),
            not_after: certificate.not_after(),
            installed: how.at,
            confirmed: how.sha256.is_some(),
            sha256,
        };
        self.list.retain(|it| it.sha256 != root.sha256);
        if self.list.len() >= eds::limits::ROOTS_MAX {
            return Err(RootsError::TooMany);
        }
        self.list.push(root.clone());
        std::fs::create_dir_all(&self.folder).map_err(|it| RootsError::File(self.folder.clone(), it))?;
        write(&self.file(&root), certificate.der())?;
        let json = serde_json::to_vec_pretty(&self.list);
        let path = self.folder.join(LIST);
        write(&path, &json.map_err(|_| RootsError::Damaged(path.clone()))?)?;
        Ok(root)
    }

    /// Returns trust in the installed roots, each file hashed again.
    pub fn trust(&self, mode: Mode) -> Result<Trust, RootsError> {
        let mut files = Vec::new();
        for root in &self.list {
            if mode == Mode::Production && !root.confirmed {
                return Err(RootsError::Unconfirmed(root.sha256.clone()));
            }
            if mode == Mode::Production && root.development {
                return Err(RootsError::Development(root.sha256.clone()));
            }
            let bytes = read(&self.file(root))?;
            let found = Certificate::parse(&bytes).ok().filter(|it| it.sha256_hex() == root.sha256);
            let found = found.ok_or_else(|| RootsError::Changed(root.sha256.clone()))?;
            if mode == Mode::Production && is_of_development(&found) {
                return Err(RootsError::Development(root.sha256.clone()));
            }
            files.push(bytes);
        }
        let trust = Trust::from_certificates(files.iter().map(Vec::as_slice));
        let trust = trust.map_err(|_| RootsError::TooMany)?;
        let all_confirmed = self.list.iter().all(|it| it.confirmed && !it.development);
        Ok(if all_confirmed { trust.confirmed() } else { trust })
    }

    fn file(&self, root: &Root) -> PathBuf {
        let plain: String = root.sha256.chars().filter(char::is_ascii_hexdigit).collect();
        self.folder.join(format!("{plain}.cer"))
    }
}

/// Says whether a root calls itself one of development, whatever the operator said of it.
fn is_of_development(root: &Certificate) -> bool {
    root.subject().first(&eds::oids::COMMON_NAME).is_some_and(|it| it.ends_with(DEVELOPMENT))
}

fn read(path: &Path) -> Result<Vec<u8>, RootsError> {
    std::fs::read(path).map_err(|it| RootsError::File(path.to_owned(), it))
}

/// Writes a file beside and puts it in place at once.
fn write(path: &Path, bytes: &[u8]) -> Result<(), RootsError> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|it| RootsError::File(path.to_owned(), it))
}
