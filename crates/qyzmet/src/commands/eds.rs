// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds dev-ca`: an authority of development in a folder, to try other programs with its keys.

use crate::commands::{Answer, Error};
use jiff::Timestamp;
use simulators::ca::{Authority, DEV_PASSWORD, DevCaError, Family, GostSigner, invented};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
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
    let Action::DevCa { dir, seed, at } = args.action;
    let clock = qyzmet::demo::DemoClock::new(at);
    let now = service::ports::Clock::now(&clock);
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
