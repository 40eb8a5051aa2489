// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet eds verify`: judges any file of the trade, offline unless told otherwise.

use super::evidence::gathered;
use super::problem::{self, Problem};
use super::{now, read, read_content, show};
use crate::commands::{Answer, Error};
use eds::{Certificate, Context, Evidence, Examination, Kind, Lang, Outcome, Policy, Revocation, Trust};
use gateway::source::{Errand, ROUNDS_MAX};
use gateway::{Addresses, HttpSource, Mode, Roots};
use jiff::Timestamp;
use qyzmet::demands::Demands;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the configured addresses beside the roots.
const ADDRESSES: &str = "addresses.json";
/// How long evidence is fetched, all in all.
const FETCHING: Duration = Duration::from_mins(1);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file: CMS, signed XML, signed PDF, archive, certificate, time stamp, OCSP response or revocation list.
    file: Option<PathBuf>,
    /// What a detached signature or a time stamp was made over, or what an archive should hold.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Certificates, OCSP responses, lists, time stamps, indexes of lists or stored evidence; a folder is read whole.
    #[arg(long, value_name = "DIR|FILE")]
    evidence: Vec<PathBuf>,
    /// The time for which it is judged, `2022-09-28T14:40:30Z`; now if absent.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
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
    /// The least role that the certificate must give: employee, right-to-sign, head.
    #[arg(long)]
    role: Option<String>,
    /// Does not ask whether certificates were revoked.
    #[arg(long)]
    no_revocation: bool,
    /// Fetches what is missing from the configured addresses, and from nowhere else.
    #[arg(long)]
    fetch: bool,
    /// Prints JSON by `docs/schemas/eds-report.json`.
    #[arg(long)]
    json: bool,
    /// Language of the words: kk, ru, en; that of the system if absent, Kazakh where the system speaks none of these.
    #[arg(long)]
    lang: Option<String>,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let lang = problem::language(args.lang.as_deref());
    judged(args, lang, out).map_err(|error| problem::told(error, (lang, args.json), out))
}

fn judged(args: &Args, lang: Lang, out: &mut dyn Write) -> Result<Answer, Error> {
    problem::known(args.lang.as_deref())?;
    let file = args.file.as_deref().ok_or_else(|| Problem::of(problem::NOT_NAMED))?;
    let at = args.at.as_deref().map(str::parse::<Timestamp>).transpose();
    let at = at.map_err(|_| Problem::of(problem::NO_TIME))?.unwrap_or_else(now);
    let demands = demands(args);
    let mut policy = policy(args, &demands, lang)?;
    let bytes = read(file)?;
    let unusable = || Problem::unknown(file, &bytes);
    let kind = Kind::of(&bytes).ok_or_else(unusable)?;
    demands.fits(kind, args.content.is_some())?;
    let content = args.content.as_deref().map(read_content).transpose()?;
    let (mut evidence, left_out) = gathered(&args.evidence)?;
    if left_out > 0 {
        // Nobody is left to tell when the error stream is closed.
        let _told = writeln!(std::io::stderr(), "{}", show::left_out(left_out, lang));
    }
    let judge = |evidence: &Evidence, policy: &Policy| {
        eds::examine(&bytes, content.as_deref(), &Context { evidence, at, policy })
    };
    if args.fetch {
        let source = HttpSource::new(addresses(&args.trust)?);
        // What is fetched must answer our question; what was given, or lies inside, answered another one: it speaks only about
        // certificates of which no responder does.
        gateway::source::ask_with_nonce(&mut policy, &source);
        fetched(&source, &mut evidence, &|evidence| judge(evidence, &policy))?;
        (policy.issuers_sought, policy.answers_sought) = (true, true);
    }
    let found = judge(&evidence, &policy).ok_or_else(unusable)?;
    tell(args, &found, lang, out)?;
    Ok(match found.verdict.outcome {
        Outcome::Valid => Answer::Done,
        Outcome::Invalid => Answer::No,
        Outcome::Indeterminate { .. } => Answer::Undecided,
    })
}

/// Fetches what is missing until nothing more comes.
fn fetched(
    source: &HttpSource,
    evidence: &mut Evidence,
    judge: &dyn Fn(&Evidence) -> Option<Examination>,
) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut errand = Errand::new(source, None, FETCHING);
    for _ in 0..ROUNDS_MAX {
        let needs = judge(evidence).map(|it| it.verdict.needs().to_vec()).unwrap_or_default();
        if runtime.block_on(errand.fetch(&needs, evidence)) == 0 {
            break;
        }
    }
    Ok(())
}

fn tell(args: &Args, found: &Examination, lang: Lang, out: &mut dyn Write) -> Result<(), Error> {
    let report = found.report();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
        return Ok(());
    }
    show::report(&report, args.at.is_some(), lang, out)
}

fn demands(args: &Args) -> Demands {
    let (iin, bin, role) = (args.iin.clone(), args.bin.clone(), args.role.clone());
    Demands { purpose: args.purpose.clone(), iin, bin, role }
}

fn policy(args: &Args, demands: &Demands, lang: Lang) -> Result<Policy, Error> {
    let mut policy = demands.policy(trust(args, lang)?)?;
    if args.no_revocation {
        policy.revocation = Revocation::NotChecked;
    }
    // The past is judged by what is known today.
    policy.evidence_until = Some(now());
    Ok(policy)
}

/// Returns the roots; unconfirmed ones and those of development too, which the report names.
fn trust(args: &Args, lang: Lang) -> Result<Trust, Error> {
    if args.root.is_empty() {
        return Ok(Roots::open(&args.trust)?.trust(Mode::Development)?);
    }
    let mut roots = Vec::new();
    for path in &args.root {
        let bytes = read(path)?;
        let blocks = eds::asn1::pem_blocks(&bytes);
        let pieces = if blocks.is_empty() { vec![bytes] } else { blocks };
        let are_several = pieces.len() > 1;
        for piece in pieces {
            let root = Certificate::parse(&piece).map_err(|_| Problem::at(path, problem::NO_ROOT))?;
            if are_several {
                let _told = writeln!(std::io::stderr(), "{}", show::trusted(&root, lang));
            }
            roots.push(piece);
        }
    }
    let trust = Trust::from_certificates(roots.iter().map(Vec::as_slice));
    Ok(trust.map_err(|_| Problem::of(problem::ROOTS_TOO_MANY))?)
}

fn addresses(folder: &Path) -> Result<Addresses, Error> {
    let path = folder.join(ADDRESSES);
    if !path.exists() {
        return Ok(Addresses::default());
    }
    serde_json::from_slice(&read(&path)?).map_err(|_| Problem::at(&path, problem::NO_ADDRESSES).into())
}
