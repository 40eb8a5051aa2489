// SPDX-License-Identifier: MIT OR Apache-2.0
//! The master key: it wraps the keys of persons and files, and lies in the data folder, readable to its owner alone.

use super::StartError;
use service::ports::Clock;
use std::io::Write as _;
use std::path::Path;

/// Name of its file.
pub(crate) const FILE: &str = "master.key";

/// Returns the key in a data folder, made at the first start.
pub(crate) fn key(folder: &Path, clock: &dyn Clock) -> Result<[u8; 32], StartError> {
    let path = folder.join(FILE);
    match std::fs::read(&path) {
        Ok(bytes) => bytes.try_into().map_err(|_| StartError::MasterKey(path)),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            clock.fill(&mut key);
            write_secret(&path, &key).map_err(|it| StartError::File(path.clone(), it))?;
            Ok(key)
        }
        Err(other) => Err(StartError::File(path, other)),
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
