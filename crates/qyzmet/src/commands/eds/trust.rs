// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds trust add | list`: the roots under which signatures are judged.

use super::problem::{self, Problem};
use super::show::pick;
use super::words::time;
use super::{now, read};
use crate::commands::{Answer, Error};
use eds::{Certificate, Lang};
use gateway::roots::{Root, RootsError};
use gateway::{Install, Roots};
use std::io::Write;
use std::path::{Path, PathBuf};

const INSTALLED: [&str; 3] = ["орнатылды", "установлено", "installed"];
const NOT_TAKEN: [&str; 3] = [
    "РАСТАЛМАҒАН: production режимі оны қабылдамайды; --sha256 көрсетіп, қайта орнатыңыз",
    "НЕ ПОДТВЕРЖДЕНО: режим production его не принимает; установите снова с --sha256",
    "NOT CONFIRMED: production does not take it; add it again with --sha256",
];
const OTHER_HASH: [&str; 3] = [
    "орнатылмады: куәліктің SHA-256 мәні көрсетілгеннен басқа; хешті куәландырушы орталықпен салыстырыңыз",
    "не установлено: SHA-256 свидетельства – не тот, что указан; сверьте хеш с удостоверяющим центром",
    "not installed: the SHA-256 of the certificate is not the one given; compare the hash with the authority",
];
const NONE: [&str; 3] = [
    "бірде-бір түбірлік куәлік орнатылмаған",
    "ни одного корневого свидетельства не установлено",
    "no root is installed",
];
const CHANGED: [&str; 3] = ["ӨЗГЕРГЕН НЕМЕСЕ ЖОҚ", "ИЗМЕНЕНО ИЛИ ОТСУТСТВУЕТ", "CHANGED OR MISSING"];
const CONFIRMED: [&str; 3] = ["расталған", "подтверждено", "confirmed"];
const UNCONFIRMED: [&str; 3] = ["РАСТАЛМАҒАН", "НЕ ПОДТВЕРЖДЕНО", "NOT CONFIRMED"];
const DEVELOPMENT: [&str; 3] = ["ӘЗІРЛЕУГЕ АРНАЛҒАН", "ДЛЯ РАЗРАБОТКИ", "DEVELOPMENT"];
const UNTIL: [&str; 3] = ["жарамдылық мерзімінің соңы", "действительно до", "until"];
const SINCE: [&str; 3] = ["орнатылған уақыты", "установлено", "installed"];

#[derive(Debug, clap::Subcommand)]
pub(super) enum Action {
    /// Installs the certificate of a root; without its hash production does not take it. Exit status 0 installed, 1 the hash
    /// differs, 3 no certificate of an authority, or the folder cannot be written.
    Add {
        /// The certificate, DER or PEM.
        file: PathBuf,
        /// Its SHA-256 in hexadecimal, known from elsewhere than the file: a paper, the authority's office.
        #[arg(long, value_name = "HEX")]
        sha256: Option<String>,
        /// Marks the root of a development authority: production refuses it.
        #[arg(long)]
        development: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the installed roots; each file is hashed again. Exit status 0 each is the one that was installed, 1 one was changed
    /// or is missing, 3 the list cannot be read.
    List {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Where the roots lie.
    #[arg(long, value_name = "DIR", default_value = super::TRUST)]
    trust: PathBuf,
    /// Language of the words: kk, ru, en; that of the system if absent, Kazakh where the system speaks none of these.
    #[arg(long)]
    lang: Option<String>,
}

pub(super) fn run(action: &Action, out: &mut dyn Write) -> Result<Answer, Error> {
    let (Action::Add { common, .. } | Action::List { common }) = action;
    let named = common.lang.as_deref();
    let lang = problem::language(named);
    let done = problem::known(named).and_then(|()| done(action, lang, out));
    done.map_err(|error| problem::told(error, (lang, false), out))
}

fn done(action: &Action, lang: Lang, out: &mut dyn Write) -> Result<Answer, Error> {
    match action {
        Action::Add { file, sha256, development, common } => {
            let how = Install { sha256: sha256.as_deref(), development: *development, at: now() };
            add((file, &common.trust), how, lang, out)
        }
        Action::List { common } => list(&common.trust, lang, out),
    }
}

fn add(
    (file, trust): (&Path, &Path),
    how: Install<'_>,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<Answer, Error> {
    let bytes = read(file)?;
    if eds::asn1::pem_blocks(&bytes).len() > 1 {
        return Err(Problem::at(file, qyzmet::unread::SEVERAL).into());
    }
    let mut roots = Roots::open(trust)?;
    match roots.install(&bytes, how) {
        Ok(root) => {
            writeln!(out, "{}: {}\n  sha256 {}", pick(lang, INSTALLED), root.subject, root.sha256)?;
            if !root.confirmed {
                writeln!(out, "  {}", pick(lang, NOT_TAKEN))?;
            }
            Ok(Answer::Done)
        }
        Err(RootsError::OtherHash(sha256)) => {
            writeln!(out, "{}\n  sha256 {sha256}", pick(lang, OTHER_HASH))?;
            Ok(Answer::No)
        }
        Err(RootsError::NotCertificate) => Err(Problem::at(file, problem::NO_ROOT).into()),
        Err(RootsError::NotAuthority) => Err(Problem::at(file, problem::NOT_AUTHORITY).into()),
        Err(fault) => Err(fault.into()),
    }
}

fn list(trust: &Path, lang: Lang, out: &mut dyn Write) -> Result<Answer, Error> {
    let roots = Roots::open(trust)?;
    if roots.list().is_empty() {
        writeln!(out, "{}: {}", pick(lang, NONE), trust.display())?;
    }
    let mut answer = Answer::Done;
    for root in roots.list() {
        let is_whole = is_as_installed(root, trust);
        writeln!(out, "{}\n  sha256 {} ({})", root.subject, root.sha256, state(root, is_whole, lang))?;
        let (until, since) = (time(root.not_after), time(root.installed));
        writeln!(out, "  {}: {until}; {}: {since}", pick(lang, UNTIL), pick(lang, SINCE))?;
        if !is_whole {
            let (_, advice) = problem::ROOT_CHANGED;
            writeln!(out, "  ! {}", pick(lang, advice))?;
            answer = Answer::No;
        }
    }
    Ok(answer)
}

/// Returns what a root is worth: a hash that was confirmed says nothing of a file that is another one now.
fn state(root: &Root, is_whole: bool, lang: Lang) -> String {
    let worth = match (is_whole, root.confirmed) {
        (false, _) => CHANGED,
        (true, true) => CONFIRMED,
        (true, false) => UNCONFIRMED,
    };
    let development = root.development.then_some(DEVELOPMENT);
    let told = [Some(worth), development].into_iter().flatten().map(|it| pick(lang, it));
    told.collect::<Vec<_>>().join(", ")
}

/// Says whether the file of a root is still the one that was installed.
fn is_as_installed(root: &Root, trust: &Path) -> bool {
    let found = read(&trust.join(format!("{}.cer", root.sha256))).ok();
    let found = found.and_then(|it| Certificate::parse(&it).ok());
    found.is_some_and(|it| it.sha256_hex() == root.sha256)
}
