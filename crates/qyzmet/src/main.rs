// SPDX-License-Identifier: MIT OR Apache-2.0
//! Qyzmet: the program that executes regulations of public services.
//!
//! Every subcommand is a file of [`commands`]; exit status 0 done, 1 the answer is no, 2 wrong usage.

mod commands;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = commands::Cli::parse();
    let mut out = std::io::stdout().lock();
    match commands::run(cli, &mut out).and_then(|answer| Ok(out.flush().map(|()| answer)?)) {
        Ok(commands::Answer::Done) => ExitCode::SUCCESS,
        Ok(commands::Answer::No) => ExitCode::from(1),
        // Whoever reads our output may stop early: `qyzmet … | head`.
        Err(commands::Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Nobody is left to tell when the error stream is closed too.
            let _told = writeln!(std::io::stderr(), "qyzmet: {error}");
            ExitCode::from(2)
        }
    }
}
