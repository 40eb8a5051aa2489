// SPDX-License-Identifier: MIT OR Apache-2.0
//! The tree that is checked: the files git knows or would add, as values.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files larger than this are not sources of ours; they are listed without their text.
const TEXT_BYTES_MAX: u64 = 4_194_304;

/// The files of a checkout; a file that is no text has an empty one.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Returns a tree of the given files, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect() }
    }

    /// Returns how many files there are.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns all files with their texts, ordered by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Returns the files whose names end so, such as `.rs`.
    pub(crate) fn ending<'a>(&'a self, suffix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.iter().filter(move |(path, _)| path.ends_with(suffix))
    }

    /// Returns the text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns whether a file or folder of this path exists.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|it| it.starts_with(&folder))
    }

    /// Returns the crates: their names and folders, `xtask` among them.
    pub(crate) fn crates(&self) -> Vec<(&str, String)> {
        self.iter()
            .filter_map(|(path, _)| {
                let folder = path.strip_suffix("/Cargo.toml")?;
                let name = folder.strip_prefix("crates/").unwrap_or(folder);
                (!name.contains('/') && (folder == "xtask" || folder != name))
                    .then(|| (name, folder.to_owned()))
            })
            .collect()
    }
}

/// Returns the root of the checkout that we stand in.
pub(crate) fn root() -> io::Result<PathBuf> {
    let output = Command::new("git").args(["rev-parse", "--show-toplevel"]).output()?;
    let path = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Ok(PathBuf::from(path.trim_end()))
    } else {
        Err(io::Error::other("run inside a git checkout"))
    }
}

/// Reads the files that git tracks or would add.
pub(crate) fn read(root: &Path) -> io::Result<Tree> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !listed.status.success() {
        return Err(io::Error::other("`git ls-files` failed: run inside a git checkout"));
    }
    let names = String::from_utf8_lossy(&listed.stdout);
    let mut files = BTreeMap::new();
    for name in names.split('\0').filter(|it| !it.is_empty()) {
        let path = root.join(name);
        let Ok(metadata) = std::fs::symlink_metadata(&path) else { continue };
        let is_text = metadata.is_file() && metadata.len() <= TEXT_BYTES_MAX;
        let text = if is_text {
            String::from_utf8(std::fs::read(&path)?).unwrap_or_default()
        } else {
            String::new()
        };
        files.insert(name.to_owned(), text);
    }
    Ok(Tree { files })
}
