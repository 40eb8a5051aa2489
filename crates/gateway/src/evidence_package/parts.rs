// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading the files of a package.

use super::manifest::{FILE, Manifest};
use super::verify::{Check, Report};
use super::{PART_BYTES_MAX, PackageError};
use std::collections::BTreeMap;
use std::path::Path;

/// The folders in a package.
const FOLDERS: [&str; 2] = ["certificates", "evidence"];

/// The parts of a package by their names.
pub(super) type Parts = BTreeMap<String, Vec<u8>>;

/// Reads the parts and compares their digests; what the manifest does not name is named.
pub(super) fn read(folder: &Path, manifest: &Manifest, report: &mut Report) -> Result<Parts, PackageError> {
    let mut parts = Parts::new();
    for part in &manifest.parts {
        // A name that leads out of the folder is no name of a part.
        let plain = part.file.split('/').all(|it| !it.is_empty() && it != ".." && !it.contains(['\\', ':']));
        let path = folder.join(&part.file);
        let why = if !plain || !path.is_file() {
            Some("missing")
        } else if part.file != part.what.file(&part.sha256) {
            // One file would be checked and another one read.
            Some("another-name")
        } else if parts.contains_key(&part.file) {
            Some("named-twice")
        } else {
            None
        };
        if why.is_some() {
            report.note(Check::Part, &part.file, Some(false), why.map(str::to_owned));
            continue;
        }
        let bytes = file(&path)?;
        let same = hex::encode(eds::sha256(&bytes)) == part.sha256;
        let why = (!same).then(|| "another digest".to_owned());
        report.note(Check::Part, &part.file, Some(same), why);
        parts.insert(part.file.clone(), bytes);
    }
    note_unlisted(folder, manifest, report);
    Ok(parts)
}

fn note_unlisted(folder: &Path, manifest: &Manifest, report: &mut Report) {
    for within in ["", "certificates/", "evidence/"] {
        for entry in std::fs::read_dir(folder.join(within)).into_iter().flatten().flatten() {
            let name = format!("{within}{}", entry.file_name().to_string_lossy());
            let known = name == FILE
                || (FOLDERS.contains(&name.as_str()) && entry.path().is_dir())
                || manifest.parts.iter().any(|it| it.file == name);
            if !known {
                report.note(Check::Unlisted, name, Some(false), None);
            }
        }
    }
}

/// Reads a file of a package.
pub(super) fn file(path: &Path) -> Result<Vec<u8>, PackageError> {
    let failed = |it| PackageError::File(path.to_owned(), it);
    if std::fs::metadata(path).map_err(failed)?.len() > PART_BYTES_MAX {
        return Err(PackageError::TooLarge(path.to_owned()));
    }
    std::fs::read(path).map_err(failed)
}
