// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files: whether they are there, who may read them, and how much room is left.

use super::{Finding, Visit};
use crate::parts::master;
use crate::serve::Config;
use crate::serve::config::Role;
use gateway::TempFolder;
use rustix::fs::{Access, access};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use web::{Word, Words};

/// Bytes of what people read.
const MIB: u64 = 1024 * 1024;
/// Below so many bytes of free disk the journal is in danger.
const FREE_BYTES_BAD: u64 = 256 * 1024 * 1024;
/// Below so many it is time to make room.
const FREE_BYTES_SOON: u64 = 4 * 1024 * 1024 * 1024;
/// Name of the file that is written to see whether one can be.
const PROBE: &str = ".doctor";

pub(super) fn examine(visit: &Visit) -> Vec<Finding> {
    let config = &visit.config;
    let mut found = vec![folder(visit.words, &config.data), disk(visit.words, &config.data)];
    if config.role == Role::Gateway {
        found.push(storage(visit.words, config));
    }
    let mut secrets: Vec<PathBuf> = vec![config.keys.key.clone()];
    secrets.extend(config.messages.tls.iter().map(|it| it.key.clone()));
    secrets.extend(config.accounts.clone());
    for stamp in &config.stamps {
        secrets.extend(stamp.key.clone());
        secrets.extend(stamp.pkcs12.iter().flat_map(|it| [it.path.clone(), it.password_file.clone()]));
        secrets.extend(stamp.pkcs11.iter().map(|it| it.pin_file.clone()));
    }
    let master = config.data.join(master::FILE);
    if master.exists() {
        secrets.push(master);
    }
    secrets.sort();
    secrets.dedup();
    found.extend(secrets.iter().map(|it| secret(visit.words, it)));
    found
}

/// Whether the data folder can be written, or made where it is not there yet.
fn folder(words: Words, path: &Path) -> Finding {
    let (what, shown) = (words.of(Word::DrFolder), path.display());
    if !path.exists() {
        return new(words, ("folder-new", "folder-closed", what), path);
    }
    let probe = path.join(PROBE);
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::good("folder-written", what, words.dr_folder_good(shown)),
        Err(failed) => {
            let told = (words.dr_folder_bad(&shown, failed), words.dr_folder_fix(&shown));
            Finding::bad("folder-closed", what, told)
        }
    }
}

/// Whether a folder that is not there yet can be made; where it will be nothing is written.
fn new(words: Words, (good, bad, what): (&'static str, &'static str, &str), path: &Path) -> Finding {
    let shown = path.display();
    match access(there(path).join("."), Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Finding::good(good, what, words.dr_folder_new(shown)),
        Err(failed) => {
            let told = (words.dr_folder_bad(&shown, failed), words.dr_folder_make_fix(&shown));
            Finding::bad(bad, what, told)
        }
    }
}

/// How full the temporary storage of a gateway is, and whether its disk lets it take more.
fn storage(words: Words, config: &Config) -> Finding {
    let (path, limits) = (config.storage_folder(), &config.files.limits);
    let (what, shown) = (words.of(Word::DrStorage), path.display());
    if !path.exists() {
        return new(words, ("storage-new", "storage-closed", what), &path);
    }
    let looked = TempFolder::usage(&path).and_then(|used| Ok((used, free_at(&path)?.0)));
    let ((files, bytes), free) = match looked {
        Ok(found) => found,
        Err(failed) => {
            let told = (words.dr_folder_bad(&shown, failed), words.dr_folder_fix(&shown));
            return Finding::bad("storage-closed", what, told);
        }
    };
    let told = words.dr_storage_used(limits.bytes_max / MIB, shown, bytes / MIB);
    if bytes >= limits.bytes_max || files >= limits.files_max {
        Finding::bad("storage-full", what, (told, words.of(Word::DrStorageFix)))
    } else if free < limits.reserve_bytes {
        Finding::bad("storage-disk-full", what, (told, words.of(Word::DrStorageDiskFix)))
    } else if bytes > limits.bytes_max / 2 || files > limits.files_max / 2 {
        Finding::soon("storage-filling", what, (told, words.of(Word::DrStorageFix)))
    } else {
        Finding::good("storage-room", what, told)
    }
}

/// The nearest of a path and the folders above it that is there.
fn there(path: &Path) -> &Path {
    path.ancestors().find(|it| it.exists()).unwrap_or(path)
}

/// Free bytes of the disk where a path is or will be, and where that was looked.
fn free_at(path: &Path) -> std::io::Result<(u64, &Path)> {
    let seen = there(path);
    let about = rustix::fs::statvfs(seen)?;
    Ok((about.f_bavail.saturating_mul(about.f_frsize), seen))
}

fn disk(words: Words, path: &Path) -> Finding {
    match free_at(path) {
        Ok((free, seen)) => room(words, seen, free),
        Err(failed) => {
            let told = (words.dr_unreadable(failed), words.dr_folder_fix(path.display()));
            Finding::bad("disk-unknown", words.of(Word::DrDisk), told)
        }
    }
}

/// Says whether so many bytes are enough.
fn room(words: Words, path: &Path, free: u64) -> Finding {
    let what = words.of(Word::DrDisk);
    let told = words.dr_disk_free(path.display(), free / MIB);
    match free {
        0..FREE_BYTES_BAD => Finding::bad("disk-full", what, (told, words.of(Word::DrDiskFullFix))),
        FREE_BYTES_BAD..FREE_BYTES_SOON => {
            Finding::soon("disk-small", what, (told, words.of(Word::DrDiskSmallFix)))
        }
        _ => Finding::good("disk-free", what, told),
    }
}

/// Whether a secret is there and only its owner can read it.
fn secret(words: Words, path: &Path) -> Finding {
    let (what, shown) = (words.dr_secret(path.display()), path.display());
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(failed) => {
            let code = if failed.kind() == ErrorKind::NotFound { "secret-missing" } else { "secret-closed" };
            return Finding::bad(code, what, unread(words, path, &failed));
        }
    };
    if others_may_read(&about) {
        let told = (words.of(Word::DrSecretOthers), words.dr_secret_others_fix(shown));
        return Finding::bad("secret-open-to-others", what, told);
    }
    match std::fs::File::open(path) {
        Ok(_) => Finding::good("secret-kept", what, words.of(Word::DrSecretGood)),
        Err(failed) => Finding::bad("secret-closed", what, unread(words, path, &failed)),
    }
}

/// Says why a file cannot be read, and what to do: whom it is closed to has the right path.
pub(super) fn unread(words: Words, path: &Path, failed: &std::io::Error) -> (String, String) {
    let remedy = if failed.kind() == ErrorKind::PermissionDenied {
        words.dr_secret_closed_fix(path.display())
    } else {
        words.of(Word::DrSecretMissingFix).to_owned()
    };
    (words.dr_unreadable(failed), remedy)
}

#[cfg(unix)]
fn others_may_read(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_about: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fills_is_told_before_it_is_full() {
        let code = |free| room(Words::new(web::Lang::En), Path::new("/data"), free).code;
        assert_eq!(code(FREE_BYTES_BAD - 1), "disk-full");
        assert_eq!(code(FREE_BYTES_BAD), "disk-small");
        assert_eq!(code(FREE_BYTES_SOON), "disk-free");
    }

    #[test]
    fn a_file_that_is_closed_and_one_that_is_absent_have_remedies_of_their_own() {
        let words = Words::new(web::Lang::En);
        let remedy = |kind: ErrorKind| unread(words, Path::new("/keys/own.cer"), &kind.into()).1;
        assert!(remedy(ErrorKind::PermissionDenied).contains("chown ACCOUNT /keys/own.cer"));
        assert_eq!(remedy(ErrorKind::NotFound), words.of(Word::DrSecretMissingFix));
    }

    #[test]
    fn a_folder_is_made_only_where_one_can_be() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let words = Words::new(web::Lang::En);
        let found = super::folder(words, &folder.path().join("a/b"));
        assert_eq!(found.code, "folder-new");
        let found = super::folder(words, &file.join("a/b"));
        assert_eq!(found.code, "folder-closed");
        assert!(found.remedy.is_some_and(|it| it.contains("install -d")));
        assert!(free_at(&folder.path().join("a/b")).is_ok_and(|it| it.1 == folder.path()));
    }
}
