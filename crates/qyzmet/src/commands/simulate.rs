// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet simulate-register`: one simulated register as a program of its own.

use crate::commands::{Answer, Error};
use jiff::Timestamp;
use qyzmet::demo;
use qyzmet::embedded;
use qyzmet::parts::SystemClock;
use qyzmet::simulate::{self, World};
use service::contracts::RegisterContract;
use simulators::{Faults, People, Rows};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file read.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The register: the id of a contract that ships, such as `gbd-fl`.
    #[arg(value_name = "ID")]
    id: String,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address that is listened at.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Where the development authority lies, in `authority`: that of `demo`; it is made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// A contract that does not ship, `register.toml`; its id must be ID.
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,
    /// Rows of a register of the profile of named values, in place of those that ship (`demo/records.toml` shows the form).
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// How many people are added to those of the house.
    #[arg(long, value_name = "N", default_value_t = 0)]
    people: usize,
    /// What the added people are made of: the same number makes the same people.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The fault switches at the start, as `POST /faults` takes them: `{"answer": "unsigned"}`, `{"delay_ms": 500}`.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    faults: String,
    /// What the clock shows at the start, `2026-11-23T05:00:00Z`; the real time if absent.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// A file that holds by how many seconds the clock is wrong, looked at while it runs.
    #[arg(long, value_name = "FILE")]
    clock: Option<PathBuf>,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(serve(args, out))
}

async fn serve(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let wrong = |why: String| Error::Simulator(why);
    let contract = contract(&args)?;
    let faults: Faults = serde_json::from_str(&args.faults).map_err(|it| wrong(format!("--faults: {it}")))?;
    let people = People::house().and_then(|it| it.with_generated(args.seed, args.people));
    let people = people.map_err(|it| wrong(it.to_string()))?;
    let rows = match &args.rows {
        Some(path) => Rows::parse(&read(path)?, &people),
        None => Rows::house(&people),
    };
    let rows = Arc::new(rows.map_err(|it| wrong(it.to_string()))?);
    let clock = Arc::new(SystemClock::new(args.at).wrong_by(args.clock.clone()));
    let authority = demo::authority(&args.data, &*clock)?;
    let world = World { authority: Arc::new(authority), people: Arc::new(people), rows };
    let register = world.register(&contract)?;
    let register = register.ok_or_else(|| wrong(format!("no simulator speaks `{}`", contract.transport)))?;
    let code = register.code().to_owned();
    let app = simulate::app(&contract.id, register, clock, faults).map_err(|it| wrong(it.to_string()))?;
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((args.address, args.port))).await?;
    let base = format!("http://{}", listener.local_addr()?);
    writeln!(out, "SIMULATED register {} ({code}), invented people: {base}/shep/sync", contract.id)?;
    out.flush()?;
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async {
            // Without a signal handler the process ends at once, which is as good.
            drop(tokio::signal::ctrl_c().await);
        })
        .await?;
    Ok(Answer::Done)
}

/// Returns the contract: that of the file, or the one that ships under the id.
fn contract(args: &Args) -> Result<RegisterContract, Error> {
    let text = match &args.contract {
        Some(path) => read(path)?,
        None => shipped(&args.id)?,
    };
    let read = RegisterContract::parse(&text).map_err(|it| Error::Simulator(it.to_string()))?;
    if read.id == args.id {
        Ok(read)
    } else {
        Err(Error::Simulator(format!("the contract is of `{}`, not of `{}`", read.id, args.id)))
    }
}

/// Returns the text of the contract that ships under an id.
fn shipped(id: &str) -> Result<String, Error> {
    let ids =
        || embedded::REGISTERS.iter().filter_map(|it| Some((it.0.strip_suffix("/register.toml")?, it.1)));
    ids().find(|it| it.0 == id).map(|it| it.1.to_owned()).ok_or_else(|| {
        let known = ids().map(|it| it.0).collect::<Vec<_>>().join(", ");
        Error::Simulator(format!("there is no register `{id}`; these ship: {known}"))
    })
}

fn read(path: &Path) -> Result<String, Error> {
    let unreadable = |source| Error::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(Error::TooLarge { path: path.to_owned(), limit: FILE_BYTES_MAX });
    }
    std::fs::read_to_string(path).map_err(unreadable)
}
