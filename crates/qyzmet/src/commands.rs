// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line: one file a subcommand.

mod account;
mod audit;
mod calendar;
mod demo;
mod doctor;
mod eds;
mod gateway;
mod regulation;
mod serve;
mod simulate;
mod stuck;

use std::io::Write;
use std::path::PathBuf;

/// Executes the regulations of public services of Kazakhstan's local executive bodies.
#[derive(Debug, clap::Parser)]
#[command(name = "qyzmet", version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Accounts of officials and administrators.
    Account(account::Args),
    /// Checks the journals.
    Audit(audit::Args),
    /// Counts deadlines and explains them.
    Calendar(calendar::Args),
    /// Starts everything in one process with invented people and simulated registers.
    Demo(demo::Args),
    /// Says what keeps a role from working, and what to do about it.
    Doctor(doctor::Args),
    /// Keys and signatures.
    Eds(eds::Args),
    /// Exchanges over the gateway.
    Gateway(gateway::Args),
    /// Lists, checks, shows and exports regulations.
    Regulation(regulation::Args),
    /// Starts one role by its configuration: portal, center, region or gateway.
    Serve(serve::Args),
    /// Starts one simulated register as a program of its own, with fault switches; invented people.
    SimulateRegister(simulate::Args),
    /// What is stuck in a role, since when, why and what to do; orders to try again or to give up.
    Stuck(stuck::Args),
}

/// What a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was done.
    Done,
    /// The answer is no: the lint found errors, a signature is not valid.
    No,
    /// The answer is not known yet: a signature is indeterminate.
    Undecided,
}

/// Why a command could not be carried out; exit status 2.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The output is closed.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is too large.
    #[error("{} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// No such service or edition.
    #[error("there is no regulation `{0}`; `qyzmet regulation list` names them")]
    NoRegulation(String),
    /// A regulation that ships cannot be read: a fault of the build.
    #[error("regulation {0} cannot be read; `qyzmet regulation lint` says why")]
    Unreadable(String),
    /// The calendar that ships cannot be read: a fault of the build.
    #[error("the calendar that ships cannot be read")]
    Calendar,
    /// The program does not start.
    #[error(transparent)]
    Demo(#[from] qyzmet::parts::StartError),
    /// A role does not start.
    #[error("{1}\n`qyzmet doctor --config {path}` says what to do", path = .0.display())]
    Role(PathBuf, qyzmet::parts::StartError),
    /// A file cannot be judged, or what is demanded of it not be understood.
    #[error("{0}")]
    Eds(Box<eds::Problem>),
    /// The installed roots cannot be read or changed.
    #[error("the roots: {0}")]
    Roots(#[from] ::gateway::roots::RootsError),
    /// The evidence of an exchange cannot be found.
    #[error(transparent)]
    Exchange(#[from] qyzmet::exchanges::ExchangeError),
    /// The evidence of an exchange cannot be written or read.
    #[error(transparent)]
    Package(#[from] ::gateway::evidence_package::PackageError),
    /// The development authority is not made.
    #[error("the development authority: {0}")]
    Authority(String),
    /// The simulated register does not start.
    #[error("the simulated register: {0}")]
    Simulator(String),
    /// What is stuck cannot be read, or an order was not carried out.
    #[error(transparent)]
    Board(#[from] service::board::BoardError),
    /// A password cannot be taken.
    #[error("the password: {0}")]
    Password(&'static str),
    /// The export cannot be written as JSON.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Runs the command and writes its answer.
pub(crate) fn run(cli: Cli, out: &mut dyn Write) -> Result<Answer, Error> {
    match cli.command {
        Command::Account(args) => account::run(&args, out),
        Command::Audit(args) => audit::run(args, out),
        Command::Calendar(args) => calendar::run(args, out),
        Command::Demo(args) => demo::run(args, out),
        Command::Doctor(args) => doctor::run(&args, out),
        Command::Eds(args) => eds::run(args, out),
        Command::Gateway(args) => gateway::run(args, out),
        Command::Regulation(args) => regulation::run(args, out),
        Command::Serve(args) => serve::run(&args, out),
        Command::SimulateRegister(args) => simulate::run(args, out),
        Command::Stuck(args) => stuck::run(&args, out),
    }
}

/// Tells a wrong use in the form that was asked for, where the command has one; `parser` are the words of the parser.
pub(crate) fn misused(given: &[std::ffi::OsString], parser: &str, out: &mut dyn Write) -> Result<(), Error> {
    eds::misused(given, parser, out)
}

/// Returns the code of the language of the system, by the first of its variables that says one.
fn spoken() -> String {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].map(std::env::var);
    let said = said.into_iter().flatten().find(|it| !it.is_empty()).unwrap_or_default();
    said.split(['_', '.', '-']).next().unwrap_or_default().to_owned()
}

/// Returns a text of others as a terminal may show it: on one line, and nothing in it hidden, turned round or obeyed.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '"' | '\'' => shown.push(it),
            _ => shown.extend(it.escape_debug()),
        }
    }
    shown
}

/// Sends what is logged to the error stream, warnings and worse unless `RUST_LOG` says otherwise.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_text_of_others_is_shown_on_one_line_with_nothing_hidden() {
        assert_eq!(plain("Ұлттық «pep-1», don't \"ask\""), "Ұлттық «pep-1», don't \"ask\"");
        assert_eq!(plain("m-1\nwho must act: nobody\r\t"), "m-1\\nwho must act: nobody\\r\\t");
        assert_eq!(plain("\u{1b}[2J\u{9b}K\u{7f}"), "\\u{1b}[2J\\u{9b}K\\u{7f}");
        assert_eq!(plain("1\u{202e}2\u{2066}3\u{200f}"), "1\\u{202e}2\\u{2066}3\\u{200f}");
        assert_eq!(plain("1\u{2028}2\u{85}"), "1\\u{2028}2\\u{85}");
        assert_eq!(
            plain("\u{feff}\\n"),
            "\\u{feff}\\\\n",
            "what is escaped is told from what was written so"
        );
    }
}
