// SPDX-License-Identifier: MIT OR Apache-2.0
//! The data folder: one folder a role, the development authority, the master key.

use std::path::{Path, PathBuf};

use crate::parts::StartError;

/// The data folder of a demonstration.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder, emptied first if `fresh`.
    pub(super) fn open(path: &Path, fresh: bool) -> Result<Self, StartError> {
        let marker = path.join("qyzmet-demo");
        if fresh && path.exists() {
            // Only a folder that we made ourselves is removed.
            if !marker.exists() {
                return Err(StartError::NotOurs(path.to_owned()));
            }
            std::fs::remove_dir_all(path).map_err(|it| StartError::File(path.to_owned(), it))?;
        }
        std::fs::create_dir_all(path).map_err(|it| StartError::File(path.to_owned(), it))?;
        std::fs::write(&marker, "made by qyzmet demo; invented people only\n")
            .map_err(|it| StartError::File(marker.clone(), it))?;
        Ok(Self(path.to_owned()))
    }

    /// Returns the folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the folder of a part.
    pub(super) fn of(&self, part: &str) -> PathBuf {
        self.0.join(part)
    }
}
