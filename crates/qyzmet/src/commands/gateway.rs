// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet gateway evidence`: one exchange as a folder that proves itself, and the check of such a folder.

use crate::commands::{Answer, Error};
use gateway::evidence_package::{self, Report};
use gateway::{Mode, Roots};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Writes the evidence of one exchange into a folder, or checks such a folder offline. Exit status 0 proven, 1 not,
    /// 2 undecided, 3 unusable.
    Evidence(Evidence),
}

#[derive(Debug, clap::Args)]
struct Evidence {
    /// The id of the message: that of the answer of a register, or of a message over the border.
    #[arg(required_unless_present = "verify")]
    message: Option<String>,
    /// Where the data lie, with their master key. The program must not be running.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// The role that kept it: portal, center, region; each is looked into if absent.
    #[arg(long)]
    role: Option<String>,
    /// Where the package is put: an empty folder; one of the message's name if absent.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Checks a package in place of writing one.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["message", "role", "out"])]
    verify: Option<PathBuf>,
    /// Where the installed roots lie.
    #[arg(long, value_name = "DIR", default_value = "data/trust")]
    trust: PathBuf,
    /// Prints what was found as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let Action::Evidence(args) = args.action;
    match (&args.verify, &args.message) {
        (Some(package), _) => verify(package, &args, out),
        (None, Some(message)) => write(message, &args, out),
        (None, None) => Ok(Answer::No),
    }
}

fn write(message: &str, args: &Evidence, out: &mut dyn Write) -> Result<Answer, Error> {
    let Some(exchange) =
        qyzmet::exchanges::find(&args.data, args.role.as_deref(), message, super::eds::now())?
    else {
        writeln!(out, "no exchange is kept under this id")?;
        return Ok(Answer::No);
    };
    let named: String = message.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    let folder = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("evidence-{named}")));
    let manifest = evidence_package::write(&folder, &exchange)?;
    writeln!(
        out,
        "{}: {} files, kept by {}, with {}",
        folder.display(),
        manifest.parts.len() + 1,
        manifest.role,
        manifest.with
    )?;
    let sealed = exchange.sealing.is_some();
    let event = match (&exchange.event, sealed) {
        (Some(event), true) => format!("event {} of {}, sealed", event.version, event.stream.0),
        (Some(event), false) => format!("event {} of {}, not sealed yet", event.version, event.stream.0),
        (None, _) => "no event names it".to_owned(),
    };
    writeln!(out, "  journal: {event}")?;
    writeln!(out, "  check it: qyzmet gateway evidence --verify {}", folder.display())?;
    Ok(Answer::Done)
}

fn verify(package: &Path, args: &Evidence, out: &mut dyn Write) -> Result<Answer, Error> {
    let trust = Roots::open(&args.trust)?.trust(Mode::Development)?;
    let report = evidence_package::verify(package, &trust)?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        tell(&report, out)?;
    }
    Ok(match report.holds() {
        Some(true) => Answer::Done,
        Some(false) => Answer::No,
        None => Answer::Undecided,
    })
}

fn tell(report: &Report, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "message {}", report.message)?;
    for it in &report.findings {
        let holds = match it.holds {
            Some(true) => "holds",
            Some(false) => "FAILS",
            None => "unknown",
        };
        let check = format!("{:?}", it.check).to_lowercase();
        let why = it.why.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        writeln!(out, "  {holds:<8}{check:<12}{}{why}", it.of)?;
    }
    let words = match report.holds() {
        Some(true) => "proven",
        Some(false) => "NOT PROVEN",
        None => "undecided: something cannot be known from the package",
    };
    writeln!(out, "{words}")?;
    Ok(())
}
