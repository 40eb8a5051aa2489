// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet demo`: the embedded default; prints addresses, demo accounts and key files.

use crate::commands::{Answer, Error};
use axum_server::Handle;
use jiff::Timestamp;
use qyzmet::connections::{Connections, HEAD, PAGES_MAX, patient};
use qyzmet::demo::{ADMINISTRATOR, CITIZEN_PASSWORD, Demo, OFFICIAL_PASSWORD, Options, simulated};
use service::ports::Clock as _;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use web::State;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the data lie.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// Folder of what is added to what ships: `regulations/SERVICE/EDITION.toml`, `organizations/ID.toml` (one that ships gives
    /// way), `overlays/NAME.toml` (what an organisation confirmed of a Standard), `registers/REGISTER/register.toml` (a contract),
    /// `registers/REGISTER/ORGANIZATION.csv` or `.json` (what it kept in a register before).
    #[arg(long, value_name = "DIR")]
    add: Option<PathBuf>,
    /// As in production: documents, grounds and terms that are only assumed of a Standard are neither demanded nor quoted; a head
    /// confirms them in `overlays/NAME.toml` of the folder of --add.
    #[arg(long)]
    confirmed_only: bool,
    /// Begins from nothing: what was in the data folder is removed.
    #[arg(long)]
    fresh: bool,
    /// What the clock shows at the start, `2026-11-23T05:00:00Z`; the real time if absent.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

pub(crate) fn run(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    super::log();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(serve(args, out))
}

async fn serve(args: Args, out: &mut dyn Write) -> Result<Answer, Error> {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let options = Options {
        data: args.data,
        fresh: args.fresh,
        at: args.at,
        add: args.add,
        confirmed_only: args.confirmed_only,
        base_url: base_url.clone(),
    };
    let demo = Demo::open(&options).await?;
    demo.work();
    let clock = Arc::clone(&demo.clock);
    let moved = web::state::Demo { moved_clock: demo.clock.is_moved() };
    let state = State::demonstration(demo.services(), move || clock.now(), moved, simulated());
    greet(&demo, &base_url, out)?;
    let app = Connections::to(web::app(state).merge(demo.eds_api()?), PAGES_MAX);
    let (handle, server) = (Handle::<SocketAddr>::new(), axum_server::from_tcp(listener.into_std()?)?);
    let running = handle.clone();
    drop(tokio::spawn(async move {
        // Without a signal handler the process ends at once, which is as good.
        drop(tokio::signal::ctrl_c().await);
        running.graceful_shutdown(None);
    }));
    patient(server, HEAD).handle(handle).serve(app).await?;
    Ok(Answer::Done)
}

fn greet(demo: &Demo, base_url: &str, out: &mut dyn Write) -> Result<(), Error> {
    writeln!(out, "Qyzmet, demonstration: invented people, simulated registers, a development authority.\n")?;
    for (title, path) in [
        ("Portal of the citizen", "/kk"),
        ("One-stop-shop", "/kk/center"),
        ("Provider's office", "/kk/region"),
        ("Check of a paper", "/kk/verify"),
        ("Administrator", "/kk/admin"),
    ] {
        writeln!(out, "  {title:<24} {base_url}{path}")?;
    }
    writeln!(out, "\nCitizens (IIN, password `{CITIZEN_PASSWORD}`):")?;
    for citizen in demo.citizens() {
        writeln!(out, "  {}  {:<8}  {}: {}", citizen.iin, citizen.key_file, citizen.name, citizen.what)?;
        for child in citizen.children {
            writeln!(out, "                          {child}")?;
        }
    }
    writeln!(out, "\nOfficials (login, password `{OFFICIAL_PASSWORD}`):")?;
    for official in demo.officials() {
        writeln!(out, "  {:<34} {:<34} {}", official.login, official.key_file, official.post)?;
    }
    writeln!(out, "  {ADMINISTRATOR:<34} {:<34} Жүйе әкімшісі: what is stuck, and why", "–")?;
    writeln!(
        out,
        "\nKey files: {} (password `{}`; also expired.p12, revoked.p12, other-iin.p12)\n\
         The same of GOST: {}",
        demo.authority.folder().display(),
        simulators::ca::DEV_PASSWORD,
        demo.gost.folder().display()
    )?;
    out.flush()?;
    Ok(())
}
