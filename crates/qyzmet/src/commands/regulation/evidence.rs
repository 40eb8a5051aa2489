// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reads the golden outputs of scenarios: what they prove.

use super::read;
use crate::commands::Error;
use regulation::Proof;
use std::fs;
use std::path::{Path, PathBuf};

/// Largest golden output that is read.
const MAX_GOLDEN_BYTES: u64 = 1024 * 1024;
/// Most scenarios that are read.
const MAX_SCENARIOS: usize = 10_000;
/// How the name of a golden output ends.
const GOLDEN: &str = ".golden.txt";

/// Returns what the scenarios below `root` prove: `SERVICE/scenarios/NAME.golden.txt`.
pub(super) fn proofs(root: &Path) -> Result<Vec<Proof>, Error> {
    let mut found = Vec::new();
    for service in entries(root)? {
        let folder = service.join("scenarios");
        if !folder.is_dir() {
            continue;
        }
        let service = service.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        for path in entries(&folder)? {
            let file = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            let Some(name) = file.strip_suffix(GOLDEN).filter(|_| found.len() < MAX_SCENARIOS) else {
                continue;
            };
            let golden = read(&path, MAX_GOLDEN_BYTES)?;
            found.extend(Proof::read(&format!("{service}/{name}"), &golden));
        }
    }
    Ok(found)
}

/// What is in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |source| Error::Read { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        found.push(entry.map_err(unreadable)?.path());
    }
    found.sort();
    Ok(found)
}
