// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify`: judges any file of the trade, offline unless told otherwise.

use super::{now, read, show};
use crate::commands::{Answer, Error};
use eds::{Certificate, Context, Evidence, Examination, Kind, Lang, Outcome, Policy, Revocation, Trust};
use gateway::{Addresses, HttpSource, Mode, Roots};
use jiff::Timestamp;
use qyzmet::demands::Demands;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Pieces of evidence read of folders.
const EVIDENCE_FILES_MAX: usize = 64;
/// Name of the configured addresses beside the roots.
const ADDRESSES: &str = "addresses.json";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file: CMS, signed XML, signed PDF, archive, certificate, time stamp, OCSP response or revocation list.
    file: PathBuf,
    /// What a detached signature or a time stamp was made over.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Certificates, OCSP responses, lists, time stamps, indexes of lists or stored evidence; a folder is read whole.
    #[arg(long, value_name = "DIR|FILE")]
    evidence: Vec<PathBuf>,
    /// The time for which it is judged, `2022-09-28T14:40:30Z`; now if absent.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Certificates that end every path; the installed roots if absent.
    #[arg(long, value_name = "FILE")]
    root: Vec<PathBuf>,
    /// Where the installed roots and the configured addresses lie.
    #[arg(long, value_name = "DIR", default_value = super::TRUST)]
    trust: PathBuf,
    /// What the signature is for: any, applicant, official, operator, stamp, transport, time-stamp.
    #[arg(long, value_name = "PURPOSE", default_value = "any")]
    purpose: String,
    /// The IIN that the certificate must hold.
    #[arg(long)]
    iin: Option<String>,
    /// The BIN that the certificate must hold.
    #[arg(long)]
    bin: Option<String>,
    /// The least role of an official: employee, right-to-sign, head.
    #[arg(long, default_value = "employee")]
    role: String,
    /// Does not ask whether certificates were revoked.
    #[arg(long)]
    no_revocation: bool,
    /// Fetches what is missing from the configured addresses, and from nowhere else.
    #[arg(long)]
    fetch: bool,
    /// Prints JSON by `docs/schemas/eds-report.json`.
    #[arg(long)]
    json: bool,
    /// Language of the words: kk, ru, en.
    #[arg(long, default_value = "kk", value_parser = lang)]
    lang: Lang,
}

fn lang(code: &str) -> Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| "one of: kk, ru, en".to_owned())
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let bytes = read(&args.file)?;
    let content = args.content.as_deref().map(read).transpose()?;
    let policy = policy(args)?;
    let mut evidence = gathered(&args.evidence)?;
    let at = args.at.unwrap_or_else(now);
    let judge = |evidence: &Evidence| {
        eds::examine(&bytes, content.as_deref(), &Context { evidence, at, policy: &policy })
    };
    let unusable = || Error::Unusable(args.file.clone());
    let mut found = judge(&evidence).ok_or_else(unusable)?;
    if args.fetch {
        let source = Arc::new(HttpSource::new(addresses(&args.trust)?));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        for _ in 0..gateway::source::ROUNDS_MAX {
            let needs = found.verdict.needs().to_vec();
            let met = runtime.block_on(gateway::source::fetch(&*source, None, &needs, &mut evidence));
            if met == 0 {
                break;
            }
            found = judge(&evidence).ok_or_else(unusable)?;
        }
    }
    tell(args, &found, out)?;
    Ok(match found.verdict.outcome {
        Outcome::Valid => Answer::Done,
        Outcome::Invalid => Answer::No,
        Outcome::Indeterminate { .. } => Answer::Undecided,
    })
}

fn tell(args: &Args, found: &Examination, out: &mut dyn Write) -> Result<(), Error> {
    let report = found.report();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
        return Ok(());
    }
    show::report(&report, args.lang, out)
}

fn policy(args: &Args) -> Result<Policy, Error> {
    let demands = Demands {
        purpose: args.purpose.clone(),
        iin: args.iin.clone(),
        bin: args.bin.clone(),
        role: Some(args.role.clone()),
    };
    let mut policy = demands.policy(trust(args)?).map_err(Error::Demands)?;
    if args.no_revocation {
        policy.revocation = Revocation::NotChecked;
    }
    // The past is judged by what is known today.
    policy.evidence_until = Some(now());
    Ok(policy)
}

fn trust(args: &Args) -> Result<Trust, Error> {
    if args.root.is_empty() {
        return Ok(Roots::open(&args.trust)?.trust(Mode::Development)?);
    }
    let mut roots = Vec::new();
    for path in &args.root {
        let bytes = read(path)?;
        Certificate::parse(&bytes).map_err(|_| Error::Unusable(path.clone()))?;
        roots.push(bytes);
    }
    Trust::from_certificates(roots.iter().map(Vec::as_slice)).map_err(|_| Error::Unusable(args.trust.clone()))
}

fn addresses(folder: &Path) -> Result<Addresses, Error> {
    let path = folder.join(ADDRESSES);
    if !path.exists() {
        return Ok(Addresses::default());
    }
    serde_json::from_slice(&read(&path)?).map_err(|_| Error::Unusable(path))
}

/// Reads evidence; each piece is known by its content, a folder is read whole and what is none of these is left out.
fn gathered(paths: &[PathBuf]) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    for path in paths {
        if !path.is_dir() {
            put(&mut evidence, read(path)?).ok_or_else(|| Error::Unusable(path.clone()))?;
            continue;
        }
        let unreadable = |source| Error::Read { path: path.clone(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)?.take(EVIDENCE_FILES_MAX) {
            files.push(entry.map_err(unreadable)?.path());
        }
        files.sort();
        for file in files.into_iter().filter(|it| it.is_file()) {
            let _other_file = put(&mut evidence, read(&file)?);
        }
    }
    Ok(evidence)
}

fn put(evidence: &mut Evidence, bytes: Vec<u8>) -> Option<()> {
    if let Ok(index) = eds::crl::Index::from_bytes(&bytes) {
        evidence.indexes.push(Arc::new(index));
        return Some(());
    }
    match Kind::of(&bytes)? {
        Kind::Certificate => evidence.certificates.push(bytes),
        Kind::Ocsp => evidence.ocsp.push(bytes),
        Kind::RevocationList => evidence.crls.push(bytes),
        Kind::TimeStamp => evidence.stamps.push(bytes),
        Kind::Archive => {
            let stored: Evidence = serde_json::from_slice(&bytes).ok()?;
            evidence.certificates.extend(stored.certificates);
            evidence.ocsp.extend(stored.ocsp);
            evidence.crls.extend(stored.crls);
            evidence.stamps.extend(stored.stamps);
        }
        Kind::Cms | Kind::Xml | Kind::Pdf => return None,
    }
    Some(())
}
