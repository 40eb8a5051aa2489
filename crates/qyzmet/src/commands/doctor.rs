// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet doctor --config FILE`: what keeps a role from working, and what to do about it.

use crate::commands::{Answer, Error};
use qyzmet::doctor::{State, examine};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The configuration of the role.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Prints JSON, as docs/schemas/doctor.json describes.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Runtime::new()?;
    let found = runtime.block_on(examine(&args.config));
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &found)?;
        writeln!(out)?;
    } else {
        for it in &found {
            let sign = match it.state {
                State::Good => "good",
                State::Soon => "SOON",
                State::Bad => "BAD ",
            };
            writeln!(out, "{sign}  {}: {}", it.what, it.seen)?;
            if let Some(remedy) = &it.remedy {
                writeln!(out, "      → {remedy}")?;
            }
        }
    }
    let bad = found.iter().any(|it| it.state == State::Bad);
    Ok(if bad { Answer::No } else { Answer::Done })
}
