// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files: whether they are there, who may read them, and how much room is left.

use super::Finding;
use crate::parts::master;
use crate::serve::Config;
use std::path::{Path, PathBuf};

/// Below so many bytes of free disk the journal is in danger.
const FREE_BYTES_BAD: u64 = 256 * 1024 * 1024;
/// Below so many it is time to make room.
const FREE_BYTES_SOON: u64 = 4 * 1024 * 1024 * 1024;
/// Name of the file that is written to see whether one can be.
const PROBE: &str = ".doctor";

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let mut found = vec![folder(&config.data)];
    found.extend(disk(&config.data));
    let mut secrets: Vec<PathBuf> = vec![config.keys.key.clone()];
    secrets.extend(config.messages.tls.iter().map(|it| it.key.clone()));
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
    found.extend(secrets.iter().map(|it| secret(it)));
    found
}

/// Whether the data folder can be written.
fn folder(path: &Path) -> Finding {
    let what = "data folder";
    if !path.exists() {
        return Finding::good(
            what,
            format!("{} is not there yet; it is made at the first start", path.display()),
        );
    }
    let probe = path.join(PROBE);
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::good(what, format!("{} can be written", path.display())),
        Err(failed) => {
            let remedy =
                format!("let the account of the program write it: chown -R ACCOUNT {}", path.display());
            Finding::bad(what, format!("{}: {failed}", path.display()), remedy)
        }
    }
}

fn disk(path: &Path) -> Option<Finding> {
    let what = "disk";
    let seen = path.ancestors().find(|it| it.exists())?;
    let about = rustix::fs::statvfs(seen).ok()?;
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let told = format!("{} MiB are free at {}", free / (1024 * 1024), seen.display());
    Some(match free {
        0..FREE_BYTES_BAD => {
            Finding::bad(what, told, "make room now: without it nothing more can be accepted")
        }
        FREE_BYTES_BAD..FREE_BYTES_SOON => {
            Finding::soon(what, told, "make room, or move the data folder to a larger disk")
        }
        _ => Finding::good(what, told),
    })
}

/// Whether a secret is there and only its owner can read it.
fn secret(path: &Path) -> Finding {
    let what = format!("secret {}", path.display());
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(failed) => {
            let remedy = "put the file there, or correct its path in the configuration";
            return Finding::bad(what, failed.to_string(), remedy);
        }
    };
    if others_may_read(&about) {
        let remedy = format!("chmod 600 {}, and ask whether it must be replaced", path.display());
        return Finding::bad(what, "other accounts of this machine may read it", remedy);
    }
    match std::fs::File::open(path) {
        Ok(_) => Finding::good(what, "only its owner may read it"),
        Err(failed) => {
            let remedy = format!("let the account of the program read it: chown ACCOUNT {}", path.display());
            Finding::bad(what, failed.to_string(), remedy)
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
