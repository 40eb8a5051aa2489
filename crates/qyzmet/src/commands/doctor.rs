// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet doctor --config FILE`: what keeps a role from working, and what to do about it.

use crate::commands::{Answer, Error};
use qyzmet::doctor::{State, examine};
use qyzmet::parts::SystemClock;
use service::ports::Clock as _;
use std::io::Write;
use std::path::PathBuf;
use web::{Lang, Word, Words};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The configuration of the role.
    #[arg(long, value_name = "FILE", default_value = "qyzmet.toml")]
    config: PathBuf,
    /// Prints JSON, as docs/schemas/doctor.json describes.
    #[arg(long)]
    json: bool,
    /// Language of the words: kk, ru, en; that of the system if absent, Kazakh where the system speaks none of these.
    #[arg(long, value_parser = lang)]
    lang: Option<Lang>,
}

fn lang(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| "one of: kk, ru, en".to_owned())
}

fn spoken() -> Lang {
    Lang::from_code(&crate::commands::spoken()).unwrap_or_default()
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Runtime::new()?;
    let words = Words::new(args.lang.unwrap_or_else(spoken));
    let now = SystemClock::new(None).now();
    let found = runtime.block_on(examine(&args.config, words, now));
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &found)?;
        writeln!(out)?;
    } else {
        for it in &found {
            let sign = match it.state {
                State::Good => Word::DrStateGood,
                State::Soon => Word::DrStateSoon,
                State::Bad => Word::DrStateBad,
            };
            writeln!(out, "{:<9} {}: {}", words.of(sign), it.what, it.seen)?;
            if let Some(remedy) = &it.remedy {
                writeln!(out, "{:<9} → {remedy}", "")?;
            }
        }
    }
    let bad = found.iter().any(|it| it.state == State::Bad);
    Ok(if bad { Answer::No } else { Answer::Done })
}
