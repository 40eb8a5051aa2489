// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds trust add | list`: the roots under which signatures are judged.

use super::{Problem, now, read};
use crate::commands::{Answer, Error};
use gateway::roots::RootsError;
use gateway::{Install, Roots};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Action {
    /// Installs the certificate of a root; without its hash production does not take it.
    Add {
        /// The certificate, DER or PEM.
        file: PathBuf,
        /// Its SHA-256 in hexadecimal, known from elsewhere than the file: a paper, the authority's office.
        #[arg(long, value_name = "HEX")]
        sha256: Option<String>,
        /// Marks the root of a development authority: production refuses it.
        #[arg(long)]
        development: bool,
        /// Where the roots lie.
        #[arg(long, value_name = "DIR", default_value = super::TRUST)]
        trust: PathBuf,
    },
    /// Lists the installed roots.
    List {
        /// Where the roots lie.
        #[arg(long, value_name = "DIR", default_value = super::TRUST)]
        trust: PathBuf,
    },
}

pub(super) fn run(action: Action, out: &mut dyn Write) -> Result<Answer, Error> {
    match action {
        Action::Add { file, sha256, development, trust } => {
            let how = Install { sha256: sha256.as_deref(), development, at: now() };
            add(&file, &trust, how, out)
        }
        Action::List { trust } => list(&trust, out),
    }
}

fn add(file: &Path, trust: &Path, how: Install<'_>, out: &mut dyn Write) -> Result<Answer, Error> {
    let bytes = read(file)?;
    if eds::asn1::pem_blocks(&bytes).len() > 1 {
        return Err(Problem::at(file, qyzmet::unread::SEVERAL).into());
    }
    let mut roots = Roots::open(trust)?;
    match roots.install(&bytes, how) {
        Ok(root) => {
            writeln!(out, "installed: {}\n  sha256 {}", root.subject, root.sha256)?;
            if !root.confirmed {
                writeln!(out, "  NOT CONFIRMED: production does not take it; add it again with --sha256")?;
            }
            Ok(Answer::Done)
        }
        Err(fault @ RootsError::OtherHash(_)) => {
            writeln!(out, "not installed: {fault}")?;
            Ok(Answer::No)
        }
        Err(fault) => Err(fault.into()),
    }
}

fn list(trust: &Path, out: &mut dyn Write) -> Result<Answer, Error> {
    let roots = Roots::open(trust)?;
    if roots.list().is_empty() {
        writeln!(out, "no root is installed in {}", trust.display())?;
    }
    for root in roots.list() {
        let confirmed = if root.confirmed { "confirmed" } else { "NOT CONFIRMED" };
        let development = if root.development { ", DEVELOPMENT" } else { "" };
        writeln!(out, "{}\n  sha256 {} ({confirmed}{development})", root.subject, root.sha256)?;
        writeln!(out, "  until {}, installed {}", root.not_after, root.installed)?;
    }
    Ok(Answer::Done)
}
