// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet gateway evidence`: one exchange as a folder that proves itself, and the check of such a folder.

use crate::commands::{Answer, Error, plain};
use gateway::evidence_package::{self, Report};
use gateway::{Mode, Roots};
use qyzmet::serve::Config;
use regulation::model::System;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Writes the evidence of one exchange into a folder, or checks such a folder offline. Exit status 0 written or proven,
    /// 1 nothing found or not proven, 2 undecided or under a root of development, 3 unusable.
    Evidence(Evidence),
}

#[derive(Debug, clap::Args)]
struct Evidence {
    /// The id of the message: that of the answer of a register, or of a message over the border.
    #[arg(required_unless_present = "verify")]
    message: Option<String>,
    /// The configuration of the role that kept it; the role may be running.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "role"])]
    config: Option<PathBuf>,
    /// Where the data lie, with their master key; the program may be running.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// The role that kept it; each role of a demonstration is looked into if absent, the data of a single role need it.
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// Where the package is put: an empty folder; one of the message's name if absent.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Checks a package in place of writing one.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["message", "config", "role", "out"])]
    verify: Option<PathBuf>,
    /// The BIN of the organisation whose key the other side's had to be, one or several: a person of another proves nothing.
    #[arg(long, value_name = "BIN", requires = "verify")]
    peer_bin: Vec<String>,
    /// Where the installed roots lie.
    #[arg(long, value_name = "DIR", default_value = "data/trust")]
    trust: PathBuf,
    /// Prints what was found as JSON.
    #[arg(long)]
    json: bool,
}

/// A role that keeps exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Role {
    Portal,
    Center,
    Region,
    Gateway,
}

impl Role {
    const fn system(self) -> System {
        match self {
            Self::Portal => System::Portal,
            Self::Center => System::Center,
            Self::Region => System::Region,
            Self::Gateway => System::Gateway,
        }
    }
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
    let (data, role) = kept_in(args)?;
    let Some(exchange) = qyzmet::exchanges::find(&data, role, message, super::eds::now())? else {
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
        plain(&manifest.with)
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

/// Returns where the data lie, and the role that kept them if it was said.
fn kept_in(args: &Evidence) -> Result<(PathBuf, Option<System>), Error> {
    let Some(path) = &args.config else {
        return Ok((args.data.clone(), args.role.map(Role::system)));
    };
    let config = Config::read(path).map_err(|it| Error::Role(path.clone(), it))?;
    Ok((config.data, Some(config.role.system())))
}

fn verify(package: &Path, args: &Evidence, out: &mut dyn Write) -> Result<Answer, Error> {
    // A root of development is taken and told of: under it nothing is proven.
    let trust = Roots::open(&args.trust)?.trust(Mode::Development)?;
    let report = evidence_package::verify(package, &trust, &args.peer_bin)?;
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
    // Anybody may have written the package.
    writeln!(out, "message {}", plain(&report.message))?;
    for it in &report.findings {
        let holds = match it.holds {
            Some(true) => "holds",
            Some(false) => "FAILS",
            None => "unknown",
        };
        let check = format!("{:?}", it.check).to_lowercase();
        let why = it.why.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        writeln!(out, "  {holds:<8}{check:<12}{}{why}", plain(&it.of))?;
    }
    let words = match report.holds() {
        Some(true) => "proven",
        Some(false) => "NOT PROVEN",
        None if report.is_of_a_test() => {
            "under a root of development, or one whose SHA-256 nobody confirmed: proves nothing outside a test\n\
             → name a folder of confirmed roots alone by --trust (qyzmet eds trust add FILE --sha256 HEX)"
        }
        None if report.lacks_peer() => {
            "undecided: a person signed for an organisation, as an employee of any other could\n\
             → say whose key it had to be by --peer-bin BIN"
        }
        None => "undecided: something cannot be known from the package",
    };
    writeln!(out, "{words}")?;
    Ok(())
}
