// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet account hash`: what stands in the list of accounts in place of a password.

use crate::commands::{Answer, Error};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use service::accounts::{PASSWORD_BYTES_MAX, phc};
use std::io::{BufRead as _, IsTerminal as _, Read as _, Write};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Reads a password from the input, one line, and prints its hash for `password` of the list.
    Hash,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let Action::Hash = args.action;
    let input = std::io::stdin();
    if input.is_terminal() {
        writeln!(std::io::stderr(), "password (it is seen while typed; a file or a pipe hides it):")?;
    }
    let mut line = String::new();
    input.lock().take(PASSWORD_BYTES_MAX as u64 + 2).read_line(&mut line)?;
    let mut salt = [0; 16];
    SystemRandom::new().fill(&mut salt).map_err(|_| Error::Password("there is no randomness"))?;
    let password = line.trim_end_matches(['\r', '\n']);
    let hash =
        phc(password, salt).ok_or(Error::Password("it has 10 characters or more, and at most 256 bytes"))?;
    writeln!(out, "{hash}")?;
    Ok(Answer::Done)
}
