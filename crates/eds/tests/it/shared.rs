// SPDX-License-Identifier: MIT OR Apache-2.0
//! The shared vectors, which lie beside the project and are never committed to it.

use std::path::{Path, PathBuf};

/// Returns a file of the shared vectors, or nothing where they are knowingly absent.
pub(crate) fn vector(name: &str) -> Option<Vec<u8>> {
    let path = folder().join("vectors/eds").join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(_) if std::env::var_os("QYZMET_WITHOUT_SHARED").is_some_and(|value| value == "1") => {
            println!("without the shared vector {name}");
            None
        }
        Err(error) => panic!("{}: {error}; QYZMET_WITHOUT_SHARED=1 skips it", path.display()),
    }
}

/// Returns the shared folder: where the environment says, or beside the project (or beside its worktrees).
fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("QYZMET_SHARED") {
        return PathBuf::from(folder);
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../../shared", "../../../../shared"];
    let found = places.iter().map(|place| here.join(place)).find(|place| place.join("vectors").is_dir());
    found.unwrap_or_else(|| here.join("../../../shared"))
}
