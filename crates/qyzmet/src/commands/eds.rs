// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify | trust | dev-ca`: judging files, the roots for it, and an authority of development in a folder.

mod show;
mod trust;
mod verify;

use crate::commands::{Answer, Error};
use jiff::Timestamp;
use simulators::ca::{Authority, DEV_PASSWORD, DevCaError, Family, GostSigner, invented};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the installed roots lie.
const TRUST: &str = "data/trust";
/// Largest file read.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Judges a signature, certificate, time stamp, OCSP response or list. Exit status 0 valid, 1 invalid, 2 indeterminate,
    /// 3 unusable input.
    Verify(Box<verify::Args>),
    /// Installs and lists the roots under which is judged.
    #[command(subcommand)]
    Trust(trust::Action),
    /// Makes a development authority: root, intermediate, OCSP, lists, keys of invented people and officials, of an organisation
    /// and of systems, also expired, revoked and another person's; RSA in `DIR/rsa`, GOST in `DIR/gost`. Never trust its roots.
    DevCa {
        /// Where it is put.
        dir: PathBuf,
        /// What everything random is made of: the same words and the same time make the same authority.
        #[arg(long, value_name = "TEXT", default_value = "qyzmet")]
        seed: String,
        /// When it is made, `2026-11-23T05:00:00Z`; now if absent.
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
    },
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    match args.action {
        Action::Verify(args) => verify::run(&args, out),
        Action::Trust(action) => trust::run(action, out),
        Action::DevCa { dir, seed, at } => dev_ca(&dir, &seed, at.unwrap_or_else(now), out),
    }
}

/// Returns the time.
fn now() -> Timestamp {
    service::ports::Clock::now(&qyzmet::demo::DemoClock::new(None))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(Error::TooLarge { path: path.to_owned(), limit: FILE_BYTES_MAX });
    }
    std::fs::read(path).map_err(unreadable)
}

fn dev_ca(dir: &Path, seed: &str, now: Timestamp, out: &mut dyn Write) -> Result<Answer, Error> {
    let seed = eds::sha256(seed.as_bytes());
    let failed = |it: DevCaError| Error::Authority(it.to_string());
    for family in ["rsa", "gost"] {
        let folder = dir.join(family);
        let made = match family {
            "gost" => make::<GostSigner>(&folder, now, &seed),
            _ => make::<eds::RsaSigner>(&folder, now, &seed),
        };
        writeln!(out, "{}: {}", folder.display(), made.map_err(failed)?.join(" "))?;
    }
    writeln!(
        out,
        "Password of every key file: {DEV_PASSWORD}. Everybody is invented; never trust these roots."
    )?;
    Ok(Answer::Done)
}

/// Makes one authority; returns the names of its keys.
fn make<K: Family>(folder: &Path, now: Timestamp, seed: &[u8; 32]) -> Result<Vec<String>, DevCaError> {
    let ca = Authority::<K>::from_seed(folder, now, &invented(), seed)?;
    for (name, list) in [("nca.crl", ca.crl(now)), ("root.crl", ca.root_crl(now))] {
        let path = folder.join(name);
        std::fs::write(&path, list).map_err(|error| DevCaError::File(path, error))?;
    }
    Ok(ca.holders().map(|(name, _)| name.to_owned()).collect())
}
