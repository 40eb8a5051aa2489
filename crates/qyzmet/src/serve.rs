// SPDX-License-Identifier: MIT OR Apache-2.0
//! One role in a process of its own: `qyzmet serve --config FILE`.
//!
//! ```text
//!  people ── pages (listen) ──► portal | center | region ── /shep/async, /shep/sync ──► gateway ──► registers
//!                                        ▲                                                │
//!                                        └──────────────── /shep/client ◄─────────────────┘
//! ```
//!
//! A region needs no gateway of ours: behind the state's own it takes messages at `/shep/client` all the same.

pub mod accounts;
pub mod config;
mod files;
mod links;
pub mod lists;
mod proxy;
pub(crate) mod published;
mod rim;
mod roles;

pub use config::{Config, Mode};
pub(crate) use links::NATS;
pub(crate) use rim::is_fault;
pub use roles::board_beside;
pub(crate) use roles::{LIVES, addresses, endpoint_of};

use crate::connections::{Connections, HEAD, MESSAGES_MAX, PAGES_MAX, patient};
use crate::parts::{StartError, SystemClock, seals};
use axum::Router;
use gateway::{AsyncRelay, Endpoint, Keys, Lists, NatsTransport, TempStorage};
use service::Service;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use store::SqliteStore;

/// A role, opened; nothing works until [`Served::run`].
#[derive(Debug)]
pub struct Served {
    config: Config,
    works: Works,
    store: Arc<SqliteStore>,
    keys: Arc<Keys>,
    clock: Arc<SystemClock>,
    /// Revocation lists, where some are kept.
    lists: Option<Arc<Lists>>,
    pages: Router,
    messages: Router,
    /// What answers messages, by the names of our ports.
    endpoints: BTreeMap<&'static str, Arc<dyn Endpoint>>,
    /// The brokers over which messages come too.
    nats: Option<NatsTransport>,
}

/// What works in a role.
#[derive(Debug, Clone)]
enum Works {
    /// The use cases of a portal, a center or a region.
    Service(Arc<Service>),
    /// The hub of messages, the files beside them, and the accounts of its administrators.
    Relay {
        /// The hub.
        relay: Arc<AsyncRelay>,
        /// The files.
        storage: Arc<TempStorage>,
        /// The accounts.
        accounts: Arc<Service>,
    },
}

/// The sockets of a role.
#[derive(Debug)]
pub struct Sockets {
    pages: TcpListener,
    messages: TcpListener,
}

impl Sockets {
    /// Listens at the addresses of the configuration; port 0 takes a free one.
    pub fn open(config: &Config) -> Result<Self, StartError> {
        Ok(Self { pages: listen(config.listen)?, messages: listen(config.messages.listen)? })
    }

    /// Returns the addresses of pages and of messages.
    pub fn addresses(&self) -> Option<(SocketAddr, SocketAddr)> {
        Some((self.pages.local_addr().ok()?, self.messages.local_addr().ok()?))
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let failed = |it| StartError::Listen(address, it);
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

impl Served {
    /// Opens a role by its configuration.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        let clock = SystemClock::new(None).wrong_by(config.clock.clone());
        Self::open_by(config, Arc::new(clock)).await
    }

    /// Opens a role that goes by this clock.
    pub async fn open_by(config: Config, clock: Arc<SystemClock>) -> Result<Self, StartError> {
        // It holds whatever any role is made of while it is made.
        Box::pin(roles::open(config, clock)).await
    }

    /// Returns the use cases of the role; a gateway has none.
    pub fn service(&self) -> Option<&Arc<Service>> {
        match &self.works {
            Works::Service(service) => Some(service),
            Works::Relay { .. } => None,
        }
    }

    /// Returns the revocation lists that it keeps, if it keeps any.
    pub fn lists(&self) -> Option<&Arc<Lists>> {
        self.lists.as_ref()
    }

    /// Returns its id at the gateway.
    pub fn name(&self) -> &str {
        self.keys.sender()
    }

    /// Starts the worker, the keeper of lists and the sealer; they end with the runtime.
    pub fn work(&self) {
        match &self.works {
            Works::Service(service) => drop(tokio::spawn(Arc::clone(service).work())),
            Works::Relay { relay, storage, accounts } => {
                drop(tokio::spawn(Arc::clone(relay).work()));
                drop(tokio::spawn(Arc::clone(storage).work()));
                drop(tokio::spawn(Arc::clone(accounts).sweep()));
            }
        }
        let (Works::Service(accounts) | Works::Relay { accounts, .. }) = &self.works;
        drop(tokio::spawn(accounts::watch(Arc::clone(accounts), self.config.clone())));
        if let Some(nats) = &self.nats {
            for (port, endpoint) in &self.endpoints {
                let (nats, name) = (nats.clone(), format!("{}/{port}", self.name()));
                let endpoint = Arc::clone(endpoint);
                drop(tokio::spawn(async move { nats.serve(&name, endpoint).await }));
            }
        }
        if let Some(lists) = &self.lists {
            drop(tokio::spawn(Arc::clone(lists).work(Arc::<SystemClock>::clone(&self.clock) as _)));
        }
        let clock = Arc::<SystemClock>::clone(&self.clock);
        drop(tokio::spawn(seals::seal(Arc::clone(&self.store), Arc::clone(&self.keys), clock)));
    }

    /// Works and answers until the sockets fail or `stop` ends.
    pub async fn run(self, sockets: Sockets, stop: impl Future<Output = ()>) -> Result<(), StartError> {
        self.work();
        let (pages_at, messages_at) = (self.config.listen, self.config.messages.listen);
        let pages = axum_server::from_tcp(sockets.pages).map_err(|it| StartError::Listen(pages_at, it))?;
        let app = Connections::to(self.pages, PAGES_MAX).shared(self.config.proxies.clone());
        let pages = patient(pages, HEAD).serve(app);
        let messages = serve_messages(&self.config, sockets.messages, self.messages)?;
        tokio::select! {
            ended = pages => ended.map_err(|it| StartError::Listen(pages_at, it)),
            ended = messages => ended.map_err(|it| StartError::Listen(messages_at, it)),
            () = stop => Ok(()),
        }
    }
}

type Serving = std::pin::Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// Serves messages, under mutual TLS where it is configured.
fn serve_messages(config: &Config, socket: TcpListener, app: Router) -> Result<Serving, StartError> {
    let at = config.messages.listen;
    let failed = |it| StartError::Listen(at, it);
    let app = Connections::to(app, MESSAGES_MAX);
    if let Some(files) = &config.messages.tls {
        let tls = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(files.server()?));
        let server = axum_server::from_tcp_rustls(socket, tls).map_err(failed)?;
        return Ok(Box::pin(patient(server, HEAD).serve(app)));
    }
    let server = axum_server::from_tcp(socket).map_err(failed)?;
    Ok(Box::pin(patient(server, HEAD).serve(app)))
}
