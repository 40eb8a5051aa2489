// SPDX-License-Identifier: MIT OR Apache-2.0
//! Lists that decided an act, or by which another system was believed: they are kept for good, each under its SHA-256, by
//! which the verdict names it.
//!
//! A list that lies whole with the act needs no keeping. Of a longer one nothing else would prove, once OCSP has forgotten
//! the certificate, that it was not revoked.

use super::{Lists, disk};
use eds::Evidence;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError};

/// Name of the folder, in that of the lists.
const FOLDER: &str = "kept";

impl Lists {
    /// Keeps for good the lists that stand in the evidence as indexes; says whether all of them are kept. Where one
    /// is not, it has decided nothing.
    pub(crate) async fn keep(self: &Arc<Self>, evidence: &Evidence) -> bool {
        let hashes: Vec<String> = evidence.indexes.iter().flat_map(|it| it.sha256_hex()).collect();
        if hashes.is_empty() {
            return true;
        }
        let lists = Arc::clone(self);
        // Away from the threads that answer people.
        let work = move || hashes.iter().all(|it| lists.keep_one(it));
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }

    fn keep_one(&self, sha256_hex: &str) -> bool {
        let urls: Vec<&str> = self.kept.iter().map(|it| it.url.as_str()).collect();
        let kept = {
            let _alone = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
            keep(&self.folder, &urls, sha256_hex)
        };
        let Err(error) = kept else { return true };
        tracing::error!(%error, list.sha256 = sha256_hex, "a revocation list was not kept as proof, so it decides nothing");
        if error.kind() == io::ErrorKind::NotFound {
            self.forget(sha256_hex);
        }
        false
    }

    /// Lets go of a list that does not lie in the folder any more, so that it is fetched anew.
    fn forget(&self, sha256_hex: &str) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        for slot in slots.values_mut() {
            let hashes = slot.index.as_ref().map(|it| it.sha256_hex()).unwrap_or_default();
            if hashes.iter().any(|it| it == sha256_hex) {
                (slot.index, slot.fetched) = (None, None);
                slot.whole.clear();
            }
        }
    }
}

/// Keeps the list with this hash, which was fetched from one of these addresses.
fn keep(folder: &Path, urls: &[&str], sha256_hex: &str) -> io::Result<()> {
    let kept = folder.join(FOLDER);
    let path = kept.join(format!("{sha256_hex}.crl"));
    if path.is_file() {
        return Ok(());
    }
    let mut places = urls.iter().map(|url| disk::place(folder, url, sha256_hex));
    let list = places.find(|it| disk::holds(it, sha256_hex)).ok_or(io::ErrorKind::NotFound)?;
    std::fs::create_dir_all(&kept)?;
    // Not every disk knows links.
    std::fs::hard_link(&list, &path).or_else(|_| copy(&list, &path))?;
    File::open(&kept)?.sync_all()?;
    File::open(folder)?.sync_all()
}

/// Copies a file, at once or not at all.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let beside = to.with_extension(disk::UNFINISHED);
    let copied = std::fs::copy(from, &beside)
        .and_then(|_| File::open(&beside)?.sync_all())
        .and_then(|()| std::fs::rename(&beside, to));
    // What was begun takes room that is needed.
    copied.inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_linked_is_copied_and_leaves_nothing_half_done() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to, taken] = ["from.crl", "to.crl", "taken.crl"].map(|it| folder.path().join(it));
        std::fs::write(&from, b"list").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"list");
        std::fs::create_dir(&taken).unwrap();
        copy(&from, &taken).unwrap_err();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_list_that_does_not_lie_there_or_is_another_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (url, hash) = ("http://crl.invalid/", hex::encode(eds::sha256(b"list")));
        let keep = || keep(folder.path(), &[url], &hash);
        assert_eq!(keep().unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(disk::place(folder.path(), url, &hash), b"another").unwrap();
        assert_eq!(keep().unwrap_err().kind(), io::ErrorKind::NotFound);
        std::fs::write(disk::place(folder.path(), url, &hash), b"list").unwrap();
        keep().unwrap();
        // It stays when the other goes, and is not asked for again.
        disk::sweep(folder.path(), url, &[]).unwrap();
        keep().unwrap();
        let kept = folder.path().join(FOLDER).join(format!("{hash}.crl"));
        assert_eq!(std::fs::read(kept).unwrap(), b"list");
    }
}
