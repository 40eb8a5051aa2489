// SPDX-License-Identifier: MIT OR Apache-2.0
//! Serves the component page of the demonstration for people who build pages: `cargo run -p web --example components`.

use std::env;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use web::sessions::{Account, SessionId, Sessions, SessionsUnavailable};
use web::state::Demo;
use web::{Room, State, Word};

const PORT: u16 = 8090;

/// Everybody is the same invented specialist, so that the account menu can be seen.
#[derive(Debug)]
struct OnePerson;

#[async_trait]
impl Sessions for OnePerson {
    async fn load(&self, _: Room, _: &SessionId) -> Result<Option<Account>, SessionsUnavailable> {
        Ok(Some(Account {
            name: "Үлгібаева Айгүл (ойдан шығарылған)".to_owned(),
            seat: Some("Білім бөлімі, маман".to_owned()),
            proved: true,
        }))
    }
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a program for people at a terminal")]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").ok().and_then(|it| it.parse().ok()).unwrap_or(PORT);
    let noon: Timestamp = "2026-11-21T07:00:00Z".parse()?;
    let simulated = vec![Word::SimGbdFl, Word::SimGuardianship, Word::SimAuthority];
    let state = State::without_services(
        Arc::new(OnePerson),
        move || noon,
        Some((Demo { moved_clock: true }, simulated)),
    );
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    println!("http://127.0.0.1:{port}/kk/_components");
    axum::serve(listener, web::router(state)).await?;
    Ok(())
}
