// SPDX-License-Identifier: MIT OR Apache-2.0
//! Qyzmet: the program that executes regulations of public services.
//!
//! Every subcommand is a file of [`commands`]; exit status 0 done, 1 the answer is no, 2 wrong usage. For `eds` and
//! `gateway` 2 is "not known yet", and wrong usage or unusable input is 3.

mod commands;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let may_be_unknown = std::env::args_os().nth(1).is_some_and(|it| it == "eds" || it == "gateway");
    let wrong_usage = if may_be_unknown { 3 } else { 2 };
    let cli = match commands::Cli::try_parse() {
        Ok(cli) => cli,
        Err(told) => {
            // Nobody is left to tell when the streams are closed.
            let _told = told.print();
            if !told.use_stderr() {
                return ExitCode::SUCCESS;
            }
            let given: Vec<_> = std::env::args_os().skip(1).collect();
            let _told = commands::misused(&given, &told.to_string(), &mut std::io::stdout());
            return ExitCode::from(wrong_usage);
        }
    };
    let mut out = std::io::stdout().lock();
    match commands::run(cli, &mut out).and_then(|answer| Ok(out.flush().map(|()| answer)?)) {
        Ok(commands::Answer::Done) => ExitCode::SUCCESS,
        Ok(commands::Answer::No) => ExitCode::from(1),
        Ok(commands::Answer::Undecided) => ExitCode::from(2),
        // Whoever reads our output may stop early: `qyzmet … | head`.
        Err(commands::Error::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Nobody is left to tell when the error stream is closed too.
            let _told = writeln!(std::io::stderr(), "qyzmet: {error}");
            ExitCode::from(wrong_usage)
        }
    }
}
