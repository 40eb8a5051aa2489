// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet regulation list | lint | show | export | diff | coverage | trace`.

mod evidence;

use crate::commands::{Answer, Error};
use qyzmet::embedded::REGULATIONS;
use regulation::model::Regulation;
use regulation::{Diagnostic, Lang, MAX_FILE_BYTES, Severity};
use std::fs;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// Largest text of an act that is read.
const MAX_ACT_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Lists the regulations that ship.
    List,
    /// Checks regulations; without files, those that ship. Exit status 1 when there are errors.
    Lint {
        /// Files to check.
        files: Vec<PathBuf>,
        /// A folder with the texts of the acts: every quotation is compared with them.
        #[arg(long, value_name = "DIR")]
        acts: Option<PathBuf>,
        /// Prints also what anomalies answer for.
        #[arg(long)]
        notes: bool,
    },
    /// Prints a regulation as a text that a lawyer reads.
    Show {
        /// `SERVICE` or `SERVICE@EDITION`; without an edition, the latest.
        regulation: String,
        /// Language of the text.
        #[arg(long, default_value = "kk", value_parser = lang)]
        lang: Lang,
    },
    /// Prints every regulation for comparison with other readings of the acts.
    Export {
        /// Format.
        #[arg(long, default_value = "json")]
        format: Format,
    },
    /// Tells what changed from one edition to another, in steps, norms, documents and grounds.
    Diff {
        /// The service.
        service: String,
        /// The edition that was.
        old: String,
        /// The edition that is.
        new: String,
        /// Language of the text.
        #[arg(long, default_value = "kk", value_parser = lang)]
        lang: Lang,
    },
    /// Prints procedures by ends: how many scenarios reach each. Exit status 1 when one is reached by none.
    Coverage {
        /// The folder of the regulations with their scenarios.
        #[arg(long, value_name = "DIR", default_value = "regulations")]
        scenarios: PathBuf,
    },
    /// Prints each clause of the acts, what executes it and which scenarios prove it; or why nothing executes it. Exit
    /// status 1 when a clause is cited by nothing or a step is in no scenario.
    Trace {
        /// The folder of the regulations with their scenarios.
        #[arg(long, value_name = "DIR", default_value = "regulations")]
        scenarios: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
}

fn lang(name: &str) -> Result<Lang, String> {
    Lang::from_name(name).ok_or_else(|| "one of: kk, ru, en".to_owned())
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    match args.action {
        Action::List => list(out),
        Action::Lint { files, acts, notes } => {
            Lint { acts, notes, counts: Counts::default() }.run(&files, out)
        }
        Action::Show { regulation, lang } => show(&regulation, lang, out),
        Action::Export { format: Format::Json } => {
            let regulations = shipped()?;
            let json = serde_json::to_string_pretty(&regulation::export(&regulations))?;
            writeln!(out, "{json}")?;
            Ok(Answer::Done)
        }
        Action::Diff { service, old, new, lang } => {
            let (old, new) = (edition(&service, &old)?, edition(&service, &new)?);
            out.write_all(regulation::diff(&old, &new, lang).as_bytes())?;
            Ok(Answer::Done)
        }
        Action::Coverage { scenarios } => {
            let table = regulation::coverage(&shipped()?, &evidence::proofs(&scenarios)?);
            write!(out, "{table}")?;
            Ok(if table.empty().is_empty() { Answer::Done } else { Answer::No })
        }
        Action::Trace { scenarios } => trace(&scenarios, out),
    }
}

/// Returns an edition that ships.
fn edition(service: &str, edition: &str) -> Result<Regulation, Error> {
    let named = |it: &Regulation| it.service.as_str() == service && it.edition.as_str() == edition;
    shipped()?.into_iter().find(named).ok_or_else(|| Error::NoRegulation(format!("{service}@{edition}")))
}

fn trace(scenarios: &Path, out: &mut dyn Write) -> Result<Answer, Error> {
    let proofs = evidence::proofs(scenarios)?;
    let mut bare = false;
    for regulation in shipped()? {
        let trace = regulation::trace(&regulation, &proofs);
        bare |= trace.clauses.iter().any(|it| it.by.is_empty() || !it.unproved().is_empty());
        writeln!(out, "{trace}")?;
    }
    Ok(if bare { Answer::No } else { Answer::Done })
}

/// Path of an embedded file as it stands in the repository.
fn path_of(name: &str) -> String {
    format!("regulations/{name}")
}

fn shipped() -> Result<Vec<Regulation>, Error> {
    REGULATIONS
        .iter()
        .map(|(name, text)| {
            regulation::parse(&path_of(name), text).map_err(|_| Error::Unreadable(path_of(name)))
        })
        .collect()
}

fn list(out: &mut dyn Write) -> Result<Answer, Error> {
    for regulation in shipped()? {
        let channels: Vec<&str> =
            regulation.procedures.iter().flat_map(|it| &it.intake).map(|it| it.as_str()).collect();
        writeln!(
            out,
            "{}@{}  {}  [{}]",
            regulation.service,
            regulation.edition,
            regulation.title.kk,
            channels.join(", ")
        )?;
    }
    Ok(Answer::Done)
}

fn show(wanted: &str, lang: Lang, out: &mut dyn Write) -> Result<Answer, Error> {
    let (service, edition) = match wanted.split_once('@') {
        Some((service, edition)) => (service, Some(edition)),
        None => (wanted, None),
    };
    let found = shipped()?
        .into_iter()
        .filter(|it| it.service.as_str() == service)
        .filter(|it| edition.is_none_or(|edition| it.edition.as_str() == edition))
        .max_by(|a, b| a.edition.cmp(&b.edition))
        .ok_or_else(|| Error::NoRegulation(wanted.to_owned()))?;
    out.write_all(regulation::explain(&found, lang).as_bytes())?;
    Ok(Answer::Done)
}

#[derive(Debug, Default)]
struct Counts {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Debug)]
struct Lint {
    acts: Option<PathBuf>,
    notes: bool,
    counts: Counts,
}

impl Lint {
    fn run(mut self, files: &[PathBuf], out: &mut dyn Write) -> Result<Answer, Error> {
        if files.is_empty() {
            for (name, text) in REGULATIONS {
                self.file(&path_of(name), text, out)?;
            }
        }
        for file in files {
            let text = read(file, MAX_FILE_BYTES as u64)?;
            self.file(&file.to_string_lossy(), &text, out)?;
        }
        let Counts { files, errors, warnings, notes } = self.counts;
        writeln!(
            out,
            "files: {files}, errors: {errors}, warnings: {warnings}, answered for by anomalies: {notes}"
        )?;
        Ok(if errors == 0 { Answer::Done } else { Answer::No })
    }

    fn file(&mut self, name: &str, text: &str, out: &mut dyn Write) -> Result<(), Error> {
        let mut checked = regulation::check(name, text);
        if let (Some(folder), Some(regulation)) = (&self.acts, &checked.regulation) {
            let act = read(&folder.join(&regulation.act.source), MAX_ACT_BYTES)?;
            let findings = regulation::lint_against(regulation, &act);
            let located = checked.locate(findings);
            checked.diagnostics.extend(located);
        }
        self.counts.files += 1;
        let mut shown: Vec<Diagnostic> = Vec::new();
        for diagnostic in checked.diagnostics {
            let (count, show) = match diagnostic.severity {
                Severity::Error => (&mut self.counts.errors, true),
                Severity::Warning => (&mut self.counts.warnings, true),
                Severity::Note => (&mut self.counts.notes, self.notes),
            };
            *count += 1;
            if show {
                shown.push(diagnostic);
            }
        }
        let styled = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        out.write_all(regulation::render(&shown, name, text, styled).as_bytes())?;
        Ok(())
    }
}

fn read(path: &Path, limit: u64) -> Result<String, Error> {
    let unreadable = |source| Error::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > limit {
        return Err(Error::TooLarge { path: path.to_owned(), limit });
    }
    fs::read_to_string(path).map_err(unreadable)
}
