// SPDX-License-Identifier: MIT OR Apache-2.0
//! The data folder: one folder a role, the development authority, the master key.

use service::ports::Clock;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::DemoError;

/// The data folder of a demonstration.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder, emptied first if `fresh`.
    pub(super) fn open(path: &Path, fresh: bool) -> Result<Self, DemoError> {
        let marker = path.join("qyzmet-demo");
        if fresh && path.exists() {
            // Only a folder that we made ourselves is removed.
            if !marker.exists() {
                return Err(DemoError::NotOurs(path.to_owned()));
            }
            std::fs::remove_dir_all(path).map_err(|it| DemoError::File(path.to_owned(), it))?;
        }
        std::fs::create_dir_all(path).map_err(|it| DemoError::File(path.to_owned(), it))?;
        std::fs::write(&marker, "made by qyzmet demo; invented people only\n")
            .map_err(|it| DemoError::File(marker.clone(), it))?;
        Ok(Self(path.to_owned()))
    }

    /// Returns the folder of a part.
    pub(super) fn of(&self, part: &str) -> PathBuf {
        self.0.join(part)
    }

    /// Returns the key that wraps the keys of persons and files, made at the first start.
    pub(super) fn master_key(&self, clock: &dyn Clock) -> Result<[u8; 32], DemoError> {
        let path = self.of("master.key");
        match std::fs::read(&path) {
            Ok(bytes) => bytes.try_into().map_err(|_| DemoError::MasterKey(path)),
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                clock.fill(&mut key);
                write_secret(&path, &key).map_err(|it| DemoError::File(path.clone(), it))?;
                Ok(key)
            }
            Err(other) => Err(DemoError::File(path, other)),
        }
    }
}

#[cfg(unix)]
fn write_secret(path: &Path, key: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(key)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_secret(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(key)?;
    file.sync_all()
}
