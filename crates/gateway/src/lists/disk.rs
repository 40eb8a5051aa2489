// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is kept of a list in its folder: the index, and beside it the list itself where it is short.

use super::{KeptList, Read, WHOLE_BYTES_MAX, read};
use eds::crl::Index;
use std::path::{Path, PathBuf};

/// Bytes of an index file that are read.
const INDEX_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// What the files of a list end with: its index, itself, its changes.
const ENDINGS: [&str; 3] = ["index", "crl", "changes"];

fn file(folder: &Path, url: &str, ending: &str) -> PathBuf {
    folder.join(format!("{}.{ending}", hex::encode(eds::sha256(url.as_bytes()))))
}

/// Returns what is kept of a list; nothing where its file is damaged or of another authority.
pub(super) fn load(folder: &Path, list: &KeptList) -> Option<Read> {
    let [index, whole, changes] = ENDINGS.map(|it| file(folder, &list.url, it));
    let index = Index::from_bytes(&bytes(&index, INDEX_BYTES_MAX)?)
        .inspect_err(|fault| tracing::warn!(%fault, "an index of a revocation list is made anew"))
        .ok()
        .filter(|it| it.is_of(&list.authority))?;
    let most = u64::try_from(WHOLE_BYTES_MAX).unwrap_or_default();
    let whole = bytes(&whole, most)
        .and_then(|it| read(it, bytes(&changes, most).map(Ok), &list.authority).ok())
        // The program may have ended between the files.
        .filter(|it| it.index.sha256_hex() == index.sha256_hex());
    Some(Read { index, whole: whole.map(|it| it.whole).unwrap_or_default(), amiss: None })
}

fn bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    let about = std::fs::metadata(path).ok().filter(|it| it.len() <= most)?;
    about.is_file().then(|| std::fs::read(path).ok())?
}

/// Writes what was read of a list, each file at once or not at all.
pub(super) fn write(folder: &Path, url: &str, read: &Read) -> std::io::Result<()> {
    let index = read.index.to_bytes();
    let parts = [Some(&index), read.whole.first(), read.whole.get(1)];
    for (ending, part) in ENDINGS.into_iter().zip(parts) {
        let path = file(folder, url, ending);
        match part {
            Some(bytes) => {
                let beside = path.with_extension(format!("{ending}.new"));
                std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, &path))?;
            }
            None if path.exists() => std::fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(())
}
