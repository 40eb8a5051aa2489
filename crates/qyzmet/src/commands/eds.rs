// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify | trust | dev-ca`: judging files, the roots for it, and an authority of development in a folder.

mod dev_ca;
mod evidence;
mod needs;
mod problem;
mod show;
mod trust;
mod verify;
mod words;

pub(crate) use problem::{Problem, misused};

use crate::commands::{Answer, Error};
use jiff::Timestamp;
use std::io::{Read as _, Write};
use std::path::Path;

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
    DevCa(dev_ca::Args),
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    match args.action {
        Action::Verify(args) => verify::run(&args, out),
        Action::Trust(action) => trust::run(&action, out),
        Action::DevCa(args) => dev_ca::run(&args, out),
    }
}

/// Returns the time.
pub(super) fn now() -> Timestamp {
    service::ports::Clock::now(&qyzmet::parts::SystemClock::new(None))
}

/// Reads a file that holds something.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = read_content(path)?;
    if bytes.is_empty() { Err(Problem::at(path, qyzmet::eds_api::words::EMPTY).into()) } else { Ok(bytes) }
}

/// Reads a regular file, which may be empty: that too can be signed. Pipes and devices may have no end.
fn read_content(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |fault: std::io::Error| Problem::reading(path, &fault);
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return Err(Problem::at(path, problem::FOLDER).into());
    }
    if !about.is_file() {
        return Err(Problem::at(path, problem::NOT_REGULAR).into());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let length = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(length).is_ok_and(|it| it > FILE_BYTES_MAX) {
        return Err(Problem::at(path, problem::TOO_LARGE).into());
    }
    Ok(bytes)
}
