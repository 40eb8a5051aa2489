// SPDX-License-Identifier: MIT OR Apache-2.0
//! `qyzmet serve --config FILE`: one role in this process.

use crate::commands::{Answer, Error};
use qyzmet::serve::{Config, Served, Sockets};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The configuration of the role; docs/serve.md says what stands in it.
    #[arg(long, value_name = "FILE", default_value = "qyzmet.toml")]
    config: PathBuf,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<Answer, Error> {
    super::log();
    let told = |it| Error::Role(args.config.clone(), it);
    let config = Config::read(&args.config).map_err(told)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sockets = Sockets::open(&config).map_err(told)?;
        let served = Served::open(config).await.map_err(told)?;
        if let Some((pages, messages)) = sockets.addresses() {
            writeln!(out, "Qyzmet, {}: pages at {pages}, messages at {messages}", served.name())?;
            out.flush()?;
        }
        served.run(sockets, stopped()).await.map_err(told)?;
        Ok(Answer::Done)
    })
}

/// Ends when the operator asks to stop: Ctrl-C, or SIGTERM of a supervisor.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
