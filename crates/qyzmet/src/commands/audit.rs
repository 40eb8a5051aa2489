// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet audit verify`: walks the journals of all roles and names what does not fit.

use crate::commands::{Answer, Error};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Checks every chain of events, every seal and its signature. The program must not be running.
    Verify {
        /// Where the data lie.
        #[arg(long, value_name = "DIR", default_value = "data/demo")]
        data: PathBuf,
    },
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let Action::Verify { data } = args.action;
    let mut answer = Answer::Done;
    for (role, report) in qyzmet::demo::audit(&data)? {
        writeln!(
            out,
            "{role}: streams {}, events {}, seals {}, not sealed yet {}, faults {}",
            report.streams,
            report.events,
            report.seals,
            report.unsealed,
            report.faults.len()
        )?;
        for (kind, count) in &report.kinds {
            writeln!(out, "  {kind}: streams {}, events {}", count.streams, count.events)?;
        }
        for fault in &report.faults {
            answer = Answer::No;
            writeln!(out, "  {fault:?}")?;
        }
    }
    Ok(answer)
}
