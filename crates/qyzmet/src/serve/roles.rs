// SPDX-License-Identifier: MIT OR Apache-2.0
//! Opening a role: keys, roots, evidence, transport, store; then the service or the relay over them.

use super::config::{Config, Mode, PeerConfig, Role};
use super::links::Links;
use super::{Served, Works, accounts, lists, proxy, published, rim};
use crate::demo;
use crate::eds_api::{self, EdsApi};
use crate::parts::role::{self, Where};
use crate::parts::settings;
use crate::parts::{StartError, SystemClock, master, press};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use eds::Trust;
use gateway::border::{Accepts, KnownSender};
use gateway::{
    AsyncRelay, BorderEndpoint, Directory, Endpoint, EvidenceClient, EvidenceSource, HttpSource, InProcess,
    InstallError, InstallFault, Keys, Lists, NatsTransport, Peer, Roots, Stamp, StampState, StorageKey,
    SyncRelay, TempFolder, TempStorage, Transport, TransportTrust, Wire,
};
use regulation::model::System;
use service::board::{Board, WorkBoard};
use service::ports::{Clock, Evidence, Store};
use service::{Service, Settings};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::SqliteStore;
use web::{Administration, Services, State};

/// What a process says of its health.
pub(crate) const LIVES: &str = "lives\n";

/// What every role has.
struct Base {
    config: Config,
    clock: Arc<SystemClock>,
    keys: Arc<Keys>,
    wire: Wire,
    trust: Trust,
    source: Arc<dyn EvidenceSource>,
    evidence: Arc<dyn Evidence>,
    lists: Option<Arc<Lists>>,
    transport: Arc<dyn Transport>,
    nats: Option<NatsTransport>,
    store: Arc<SqliteStore>,
    master: [u8; 32],
}

pub(super) async fn open(config: Config, clock: Arc<SystemClock>) -> Result<Served, StartError> {
    let base = base(config, clock).await?;
    match base.config.role {
        Role::Gateway => gateway(base).await,
        Role::Portal | Role::Center | Role::Region => service(base).await,
    }
}

async fn base(config: Config, clock: Arc<SystemClock>) -> Result<Base, StartError> {
    std::fs::create_dir_all(&config.data).map_err(|it| StartError::File(config.data.clone(), it))?;
    let port: Arc<dyn Clock> = Arc::<SystemClock>::clone(&clock);
    let keys = Arc::new(config.own_keys()?);
    let trust = Roots::open(&config.roots)?.trust(config.mode.of_gateway())?;
    let source: Arc<dyn EvidenceSource> = Arc::new(HttpSource::new(config.evidence.clone()));
    let mut transport_trust = TransportTrust::new(trust.clone(), Arc::clone(&source));
    let mut evidence = EvidenceClient::new(trust.clone(), Arc::clone(&source));
    let lists = lists::open(&config, Arc::clone(&source))?;
    if let Some(lists) = &lists {
        transport_trust = transport_trust.with_lists(Arc::clone(lists));
        evidence = evidence.with_lists(Arc::clone(lists));
    }
    let master = master::key(&config.data, &*clock)?;
    let nats = match &config.messages.nats {
        Some(it) => Some(NatsTransport::connect(it.clone()).await?),
        None => None,
    };
    let wire = Wire::new(Arc::clone(&keys), Arc::new(transport_trust), port);
    let transport = Links::open(&config, addresses(&config), nats.clone(), &wire)?;
    Ok(Base {
        wire,
        trust,
        source,
        evidence: Arc::new(evidence),
        lists,
        transport: Arc::new(transport),
        nats,
        store: role::store(&config.data.join("journal"), &master)?,
        keys,
        clock,
        master,
        config,
    })
}

/// Where each port of each peer is, by `ID/PORT`, and what the configuration names besides.
pub(crate) fn addresses(config: &Config) -> BTreeMap<String, String> {
    let of = |peer: &PeerConfig| {
        let url = peer.url.as_deref()?.trim_end_matches('/').to_owned();
        let id = peer.id.clone();
        Some(rim::PORTS.map(move |port| (format!("{id}/{port}"), format!("{url}/{port}"))))
    };
    let named = config.addresses.iter().map(|(endpoint, url)| (endpoint.clone(), url.clone()));
    config.peers.iter().filter_map(of).flatten().chain(named).collect()
}

/// The endpoint at which a peer takes messages: a gateway at its asynchronous port, anybody else at the client port.
pub(crate) fn endpoint_of(peer: &PeerConfig) -> String {
    let port = if peer.role == Role::Gateway { "async" } else { "client" };
    format!("{}/{port}", peer.id)
}

/// Returns the service of a role over its store, with its accounts.
async fn opened(base: &Base) -> Result<Arc<Service>, StartError> {
    let config = &base.config;
    let development = config.mode == Mode::Development;
    let settings = Arc::new(published::laid(config, settings::read(&config.reading())?)?);
    let here = config.role.system();
    let center = match (config.role, &config.center) {
        (Role::Center, Some(id)) => Some(id.clone()),
        (Role::Center, None) => Some(role::first_center(&settings)?),
        _ => None,
    };
    let opened = role::Role {
        here,
        center,
        store: Arc::clone(&base.store),
        wire: base.wire.clone(),
        transport: Arc::clone(&base.transport),
        registers: registers(config),
        register_signers: config.registers.clone(),
        directory: directory(config),
        evidence: Arc::clone(&base.evidence),
        signer: Arc::new(stamps(config, &settings)?),
        press: press::start()?,
        master: base.master,
        mode: config.mode.of_gateway(),
        settings,
    };
    let service = opened.open()?;
    if development && config.demo_accounts {
        demo::administrator_of(&service).await?;
        if config.role != Role::Gateway {
            demo::accounts_of(&service, &config.organizations).await?;
        }
        if here == System::Region {
            let people = demo::house()?;
            demo::entries_of(&service, &people, &config.organizations, config.add.as_deref()).await?;
        }
    }
    accounts::follow(&service, config).await?;
    Ok(service)
}

async fn service(base: Base) -> Result<Served, StartError> {
    let service = opened(&base).await?;
    let (config, settings) = (&base.config, &service.settings);
    let endpoint = BorderEndpoint::new(
        base.wire.clone(),
        accepts(config, settings),
        Arc::<Service>::clone(&service) as _,
    );
    let endpoint: Arc<dyn Endpoint> = Arc::new(endpoint.with_files(base.transport.files()));
    let board: Arc<dyn Board> = Arc::new(service.board());
    let pages = pages(&base, &service, board);
    let works = Works::Service(service);
    Ok(served(base, works, pages, BTreeMap::from([("client", endpoint)])))
}

/// Returns the board of a role beside its process, or without it. Nothing but the store is used.
pub fn board_beside(config: &Config) -> Result<Arc<dyn Board>, StartError> {
    let path = config.data.join("journal");
    let store = SqliteStore::beside(&path).map_err(|it| StartError::Store(path, it.to_string()))?;
    let (store, clock): (Arc<dyn Store>, Arc<dyn Clock>) =
        (Arc::new(store), Arc::new(SystemClock::new(None)));
    if config.role != Role::Gateway {
        return Ok(Arc::new(WorkBoard::new(store, clock)));
    }
    let trust = Roots::open(&config.roots)?.trust(config.mode.of_gateway())?;
    let source = Arc::new(HttpSource::new(config.evidence.clone()));
    let trust = Arc::new(TransportTrust::new(trust, source as _));
    let wire = Wire::new(Arc::new(config.own_keys()?), trust, clock);
    Ok(Arc::new(AsyncRelay::new(wire, store, Arc::new(InProcess::new()), config.routes.clone())))
}

async fn gateway(base: Base) -> Result<Served, StartError> {
    // Nobody's cases: only the administrator's accounts and sessions.
    let accounts = opened(&base).await?;
    let routes = base.config.routes.clone();
    let store: Arc<dyn Store> = Arc::<SqliteStore>::clone(&base.store);
    let (wire, transport) = (base.wire.clone(), Arc::clone(&base.transport));
    let relay =
        Arc::new(AsyncRelay::new(wire.clone(), Arc::clone(&store), Arc::clone(&transport), routes.clone()));
    let folder = base.config.storage_folder();
    let kept = TempFolder::open(&folder, &StorageKey::derived(&base.master)?, base.config.files.limits)?;
    let storage = TempStorage::new(wire.clone(), routes.systems.clone(), Arc::new(kept));
    let storage = Arc::new(storage.beside(Arc::clone(&relay)));
    let questions = SyncRelay::new(wire, store, transport, routes).with_storage(Arc::clone(&storage));
    let endpoints: BTreeMap<&str, Arc<dyn Endpoint>> = BTreeMap::from([
        ("async", Arc::<AsyncRelay>::clone(&relay) as _),
        ("sync", Arc::new(questions) as _),
    ]);
    let pages = pages(&base, &accounts, Arc::<AsyncRelay>::clone(&relay) as _);
    Ok(served(base, Works::Relay { relay, storage, accounts }, pages, endpoints))
}

fn served(
    base: Base,
    works: Works,
    pages: Router,
    endpoints: BTreeMap<&'static str, Arc<dyn Endpoint>>,
) -> Served {
    let clock: Arc<dyn Clock> = Arc::<SystemClock>::clone(&base.clock);
    let router = rim::router(endpoints.clone(), base.config.messages.tls.is_some(), clock);
    let messages = router.merge(health(&base.store));
    let Base { config, clock, keys, store, nats, lists, .. } = base;
    Served { config, works, store, keys, clock, lists, pages, messages, endpoints, nats }
}

fn pages(base: &Base, service: &Arc<Service>, board: Arc<dyn Board>) -> Router {
    let mut services = Services::default();
    match base.config.role {
        Role::Portal => services.portal = Some(Arc::clone(service)),
        Role::Center => services.center = Some(Arc::clone(service)),
        Role::Region => services.region = Some(Arc::clone(service)),
        Role::Gateway => {}
    }
    let boards = vec![(base.config.role.system(), board)];
    services.admin = Some(Administration { accounts: Arc::clone(service), boards });
    let clock = Arc::clone(&base.clock);
    let now = move || clock.now();
    let state = match base.config.mode {
        Mode::Production => State::new(services, now),
        Mode::Development => {
            let simulated = demo::simulated();
            State::demonstration(services, now, web::state::Demo { moved_clock: false }, simulated)
        }
    };
    let mut pages = web::app(state);
    if base.config.verify_for_others {
        pages = pages.merge(eds_api::router(EdsApi {
            trust: base.trust.clone(),
            source: Arc::clone(&base.source),
            lists: base.lists.clone(),
            clock: Arc::<SystemClock>::clone(&base.clock),
            arrival: eds_api::ARRIVAL,
        }));
    }
    proxy::believing(base.config.proxies.clone(), pages)
}

/// Answers whether the process lives, and whether it can work.
fn health(store: &Arc<SqliteStore>) -> Router {
    let store = Arc::clone(store);
    let ready = move || {
        let store = Arc::clone(&store);
        async move {
            match store.next_due().await {
                Ok(_) => (StatusCode::OK, "ready\n"),
                Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
            }
        }
    };
    Router::new().route("/healthz", get(|| async { LIVES })).route("/readyz", get(ready))
}

fn registers(config: &Config) -> (Where, Peer) {
    match config.first_gateway() {
        Some(gateway) => (Where::At(format!("{}/sync", gateway.id)), gateway.signer()),
        None => (Where::Each, Peer::default()),
    }
}

fn directory(config: &Config) -> Directory {
    let mut directory = Directory::new();
    for peer in config.peers.iter().filter(|it| it.role != Role::Gateway) {
        let carrier = peer.via.as_deref().and_then(|via| config.gateway(via));
        let itself = match peer.role {
            Role::Region => None,
            Role::Portal if peer.is_published() => Some(peer.id.clone()),
            Role::Portal | Role::Center | Role::Gateway => Some(peer.role.system().as_str().to_owned()),
        };
        for addressee in peer.addressees.iter().cloned().chain(itself) {
            directory = match carrier {
                Some(gateway) => directory.carried(addressee, endpoint_of(gateway), gateway.signer()),
                None => directory.with(addressee, endpoint_of(peer), peer.signer()),
            };
        }
        if peer.is_published() {
            directory = directory.with_route(&peer.id, peer.route.clone());
        }
    }
    directory
}

fn accepts(config: &Config, settings: &Settings) -> Accepts {
    let mut accepts = Accepts {
        regulations: settings.regulations.iter().map(|it| it.sha256.clone()).collect(),
        ..Accepts::default()
    };
    accepts.addressees = match config.role {
        Role::Region => published::hosted(config, settings),
        Role::Portal | Role::Center | Role::Gateway => [config.role.system().as_str().to_owned()].into(),
    };
    let speaks = |it: &&PeerConfig| match config.role {
        Role::Region => matches!(it.role, Role::Portal | Role::Center),
        Role::Portal | Role::Center | Role::Gateway => it.role == Role::Region,
    };
    for peer in config.peers.iter().filter(speaks) {
        let role = peer.role.system().as_str().to_owned();
        let carrier = peer.via.as_deref().and_then(|via| config.gateway(via)).map(PeerConfig::signer);
        let (signer, addressees, form) = (peer.signer(), peer.addressees.clone(), peer.form);
        let known = KnownSender { peer: signer, carrier, role, addressees, form };
        accepts.senders.insert(peer.id.clone(), known);
    }
    accepts
}

fn stamps(config: &Config, settings: &Settings) -> Result<Stamp, StartError> {
    let mut stamps = Stamp::new();
    for it in &config.stamps {
        let organization = it.organization.clone();
        let of = settings.organization(&it.organization).ok_or_else(|| InstallError {
            organization: organization.clone(),
            fault: InstallFault::UnknownOrganization,
        })?;
        if let StampState::Awaited(why) = stamps.install(it, &of.bin)? {
            tracing::warn!(organization, %why, "the stamp is awaited; cases that need it wait");
        }
    }
    Ok(stamps)
}

#[cfg(test)]
mod tests;
