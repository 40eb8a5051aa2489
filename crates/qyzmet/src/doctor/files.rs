// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files: whether they are there, who may read them, and how much room is left.

use super::{Finding, Visit};
use crate::parts::master;
use crate::serve::Config;
use crate::serve::config::Role;
use gateway::TempFolder;
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
    let mut found = vec![folder(visit.words, &config.data)];
    found.extend(disk(visit.words, &config.data));
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

/// Whether the data folder can be written.
fn folder(words: Words, path: &Path) -> Finding {
    let (what, shown) = (words.of(Word::DrFolder), path.display());
    if !path.exists() {
        return Finding::good("folder-new", what, words.dr_folder_new(shown));
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

/// How full the temporary storage of a gateway is, and whether its disk lets it take more.
fn storage(words: Words, config: &Config) -> Finding {
    let (path, limits) = (config.storage_folder(), &config.files.limits);
    let (what, shown) = (words.of(Word::DrStorage), path.display());
    if !path.exists() {
        return Finding::good("storage-new", what, words.dr_folder_new(shown));
    }
    let (files, bytes) = match TempFolder::usage(&path) {
        Ok(found) => found,
        Err(failed) => {
            let told = (words.dr_folder_bad(&shown, failed), words.dr_folder_fix(&shown));
            return Finding::bad("storage-closed", what, told);
        }
    };
    let told = words.dr_storage_used(limits.bytes_max / MIB, shown, bytes / MIB);
    let free = free_at(&path).map_or(u64::MAX, |it| it.0);
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

/// Free bytes of the disk where a path is or will be, and where that was looked.
fn free_at(path: &Path) -> Option<(u64, &Path)> {
    let seen = path.ancestors().find(|it| it.exists())?;
    let about = rustix::fs::statvfs(seen).ok()?;
    Some((about.f_bavail.saturating_mul(about.f_frsize), seen))
}

fn disk(words: Words, path: &Path) -> Option<Finding> {
    let (free, seen) = free_at(path)?;
    Some(room(words, seen, free))
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
            let told = (words.dr_unreadable(failed), words.of(Word::DrSecretMissingFix));
            return Finding::bad("secret-missing", what, told);
        }
    };
    if others_may_read(&about) {
        let told = (words.of(Word::DrSecretOthers), words.dr_secret_others_fix(shown));
        return Finding::bad("secret-open-to-others", what, told);
    }
    match std::fs::File::open(path) {
        Ok(_) => Finding::good("secret-kept", what, words.of(Word::DrSecretGood)),
        Err(failed) => {
            let told = (words.dr_unreadable(failed), words.dr_secret_closed_fix(shown));
            Finding::bad("secret-closed", what, told)
        }
    }
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
}
