// SPDX-License-Identifier: MIT OR Apache-2.0
//! Four processes over their stores: a portal, a gateway and two regions told apart by territory. Each has threads, a clock
//! and keys of its own; one that is killed loses whatever it was doing and begins again over its store.

use crate::Failure;
use crate::clock::{Own, Time};
use crate::links::{Link, Net, Port, Silent};
use crate::press::Fingerprints;
use crate::shipped::{self, PROVIDERS, REGISTERS};
use async_trait::async_trait;
use gateway::border::{Accepts, Form, KnownSender};
use gateway::relay::{Member, Passage, RegisterPlace};
use gateway::{
    AsyncRelay, BorderClient, BorderEndpoint, Directory, Endpoint, EvidenceClient, EvidenceSource, Keys,
    Peer, RegistersClient, Route, Routes, Stamp, SyncRelay, Transport, TransportTrust, Wire,
};
use regulation::model::System;
use service::ports::Clock;
use service::{Ports, Service, Settings};
use simulators::ca::DevCa;
use simulators::{GbdFl, Identity, People, Records, Register, Rows};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::SqliteStore;
use tokio::runtime::{Handle, Runtime};

/// The processes; regions stand at 2 and 3.
pub(crate) const NAMES: [&str; 4] = ["portal", "gateway", "region-1", "region-2"];
/// The keys by which they sign: the authority has one for each kind of system, and the center's serves the second region.
const KEYS: [&str; 4] = ["portal", "gateway", "region", "center"];
/// Where the first region stands.
pub(crate) const REGION: usize = 2;
/// Where questions to registers are taken.
const QUESTIONS: &str = "gateway-sync";
/// What wraps keys and files of an invented world.
const MASTER: [u8; 32] = [7; 32];
/// How long a store may take to be let go by the process before.
const LET_GO: Duration = Duration::from_mins(1);

/// One process.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) clock: Arc<Own>,
    life: Mutex<Option<Life>>,
    /// Held by who has it killed.
    pub(crate) fate: tokio::sync::Mutex<()>,
}

/// What there is of a process while it lives.
#[derive(Debug)]
struct Life {
    threads: Runtime,
    service: Option<Arc<Service>>,
    store: Arc<SqliteStore>,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) time: Arc<Time>,
    pub(crate) net: Arc<Net>,
    pub(crate) ca: Arc<DevCa>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) people: Arc<People>,
    folder: PathBuf,
    processes: Vec<Process>,
}

/// The authority, asked as if over the net; its clock is right.
#[derive(Debug)]
struct Authority(Arc<DevCa>, Arc<Time>);

#[async_trait]
impl EvidenceSource for Authority {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.0.answer(url, request, self.1.now()).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.answer(url, &[], self.1.now()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.0.answer(url, &[], self.1.now())).map(|it| it.bytes)
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        Some(self.0.stamp_time(request, self.1.now()))
    }
}

/// A simulated register; its clock is right.
#[derive(Debug)]
struct Simulated(Arc<dyn Register>, Arc<Time>);

#[async_trait]
impl Endpoint for Simulated {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        self.0.answer(&envelope, self.1.now())
    }
}

fn system(at: usize) -> String {
    format!("qyzmet-{}", NAMES[at])
}

fn peer(at: usize) -> Peer {
    Peer { bin: None, common_name: Some(format!("QYZMET {} (DEV)", KEYS[at].to_uppercase())) }
}

/// Opens the store of a process.
pub(crate) fn store(folder: &Path, at: usize) -> Result<SqliteStore, Failure> {
    let folder = folder.join(NAMES[at]);
    std::fs::create_dir_all(&folder)?;
    Ok(SqliteStore::open(&folder, &MASTER)?)
}

impl World {
    pub(crate) fn open(folder: &Path, seed: u64) -> Result<Self, Failure> {
        let time = Arc::new(Time::new("2026-11-23T04:00:00Z".parse()?, seed));
        let settings = Arc::new(shipped::settings()?);
        let people = Arc::new(People::house().map_err(|it| it.to_string())?);
        let holders = shipped::holders(&settings, &people);
        let ca = Arc::new(DevCa::create_or_load(&folder.join("ca"), time.now(), &holders)?);
        let net = Arc::new(Net::new(seed ^ 0x6e65_7400));
        let processes = NAMES.map(|_| Process {
            clock: Own::new(&time),
            life: Mutex::default(),
            fate: tokio::sync::Mutex::default(),
        });
        let processes = processes.into_iter().collect();
        let world = Self { time, net, ca, settings, people, folder: folder.to_owned(), processes };
        world.registers()?;
        Ok(world)
    }

    fn registers(&self) -> Result<(), Failure> {
        let identity = |code: &str| {
            let ca = Arc::clone(&self.ca);
            let holder = self.ca.transport("gateway")?;
            let trust = self.ca.trust().ok()?;
            Identity::new(code, holder, trust, move |needs, now, evidence| ca.meet(needs, now, evidence))
        };
        let nobody = "the authority has no key of a register";
        let people = || Arc::clone(&self.people);
        let rows = Rows::house(&self.people).map_err(|it| it.to_string())?;
        let [_, guardianship] = REGISTERS;
        let contract = self.settings.registers.get(guardianship).ok_or(nobody)?;
        let named = (guardianship, contract.service_id.as_str());
        let made: [Arc<dyn Register>; 2] = [
            Arc::new(GbdFl::new(identity("GBDFL").ok_or(nobody)?, people())),
            Arc::new(Records::new(identity("GUARDIANSHIP").ok_or(nobody)?, people(), named, &rows)),
        ];
        for (id, register) in REGISTERS.into_iter().zip(made) {
            self.net.hub.register(id, Arc::new(Simulated(register, Arc::clone(&self.time))));
        }
        Ok(())
    }

    pub(crate) fn process(&self, at: usize) -> &Process {
        &self.processes[at]
    }

    fn wire(&self, at: usize) -> Result<Wire, Failure> {
        let holder = self.ca.transport(KEYS[at]).ok_or("the authority has no such key")?;
        let keys = Keys::new(system(at), holder.certificate().der(), holder.pkcs8())?;
        let source = Arc::new(Authority(Arc::clone(&self.ca), Arc::clone(&self.time)));
        let trust = TransportTrust::new(self.ca.trust()?, source);
        let clock: Arc<dyn Clock> = Arc::<Own>::clone(&self.process(at).clock);
        Ok(Wire::new(Arc::new(keys), Arc::new(trust), clock))
    }

    fn link(&self, at: usize) -> Arc<dyn Transport> {
        Arc::new(Link { net: Arc::clone(&self.net), from: NAMES[at] })
    }

    /// Begins a process over its store, as soon as the one before has let it go.
    pub(crate) async fn begin(&self, at: usize) -> Result<(), Failure> {
        let started = std::time::Instant::now();
        let store = loop {
            match store(&self.folder, at) {
                Ok(store) => break Arc::new(store),
                Err(failed) if started.elapsed() > LET_GO => return Err(failed),
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        };
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let wire = self.wire(at)?;
        let kept = Arc::clone(&store);
        let service = if at == 1 {
            self.begin_gateway(threads.handle(), wire, kept);
            None
        } else {
            Some(self.begin_role(threads.handle(), wire, (at, kept))?)
        };
        let mut life = self.process(at).life.lock().unwrap_or_else(PoisonError::into_inner);
        *life = Some(Life { threads, service, store });
        Ok(())
    }

    fn begin_gateway(&self, threads: &Handle, wire: Wire, store: Arc<SqliteStore>) {
        let relay =
            AsyncRelay::new(wire.clone(), Arc::<SqliteStore>::clone(&store), self.link(1), self.routes());
        let relay = Arc::new(relay);
        let questions = SyncRelay::new(wire, store, self.link(1), self.routes());
        self.listen(threads, NAMES[1], Arc::<AsyncRelay>::clone(&relay));
        self.listen(threads, QUESTIONS, Arc::new(questions));
        drop(threads.spawn(relay.work()));
    }

    fn begin_role(
        &self,
        threads: &Handle,
        wire: Wire,
        (at, store): (usize, Arc<SqliteStore>),
    ) -> Result<Arc<Service>, Failure> {
        let routes = self.settings.registers.values().map(|it| Route {
            contract: it.clone(),
            endpoint: QUESTIONS.to_owned(),
            peer: peer(1),
            payload: None,
        });
        let mut directory = Directory::new();
        for to in PROVIDERS.into_iter().chain(["portal"]) {
            directory = directory.with(to, NAMES[1], peer(1));
        }
        let source = Arc::new(Authority(Arc::clone(&self.ca), Arc::clone(&self.time)));
        let ports = Ports {
            store,
            clock: Arc::clone(&wire.clock),
            registers: Arc::new(RegistersClient::new(wire.clone(), self.link(at), routes)?),
            border: Arc::new(BorderClient::new(wire.clone(), self.link(at), directory)),
            evidence: Arc::new(EvidenceClient::new(self.ca.trust()?, source)),
            signer: Arc::new(self.stamps()?),
            press: Arc::new(Fingerprints),
        };
        let here = if at == 0 { System::Portal } else { System::Region };
        let service = Arc::new(Service::new(here, None, Arc::clone(&self.settings), ports, MASTER));
        let endpoint = BorderEndpoint::new(wire, self.accepts(at), Arc::<Service>::clone(&service) as _);
        self.listen(threads, NAMES[at], Arc::new(endpoint));
        drop(threads.spawn(Arc::clone(&service).work()));
        Ok(service)
    }

    fn listen(&self, threads: &Handle, name: &str, endpoint: Arc<dyn Endpoint>) {
        self.net.hub.register(name, Arc::new(Port { process: threads.clone(), endpoint }));
    }

    /// Kills a process: nothing of what it was doing is done any further.
    pub(crate) fn kill(&self, at: usize) {
        self.net.hub.register(NAMES[at], Arc::new(Silent));
        if at == 1 {
            self.net.hub.register(QUESTIONS, Arc::new(Silent));
        }
        let life = self.process(at).life.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(life) = life {
            life.threads.shutdown_background();
        }
    }

    /// Does something at a portal or region as a page would; `None` where the process is gone or goes meanwhile.
    pub(crate) async fn at<T, F>(&self, at: usize, work: impl FnOnce(Arc<Service>) -> F) -> Option<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let (threads, service) = {
            let life = self.process(at).life.lock().unwrap_or_else(PoisonError::into_inner);
            let life = life.as_ref()?;
            (life.threads.handle().clone(), Arc::clone(life.service.as_ref()?))
        };
        threads.spawn(work(service)).await.ok()
    }

    /// Returns the store of a process that lives.
    pub(crate) fn store(&self, at: usize) -> Option<Arc<SqliteStore>> {
        let life = self.process(at).life.lock().unwrap_or_else(PoisonError::into_inner);
        life.as_ref().map(|it| Arc::clone(&it.store))
    }

    fn stamps(&self) -> Result<Stamp, Failure> {
        let mut stamps = Stamp::new();
        for it in self.settings.organizations.values() {
            let holder = self.ca.stamp(&it.bin).ok_or("the authority has no such stamp")?;
            let (certificate, along) = (holder.certificate().der(), self.ca.authority_der());
            stamps.add(&it.id, certificate, &[along], holder.pkcs8())?;
        }
        Ok(stamps)
    }

    fn accepts(&self, at: usize) -> Accepts {
        let mut accepts = Accepts {
            regulations: self.settings.regulations.iter().map(|it| it.sha256.clone()).collect(),
            ..Accepts::default()
        };
        let (addressee, senders) =
            if at == 0 { ("portal", vec![REGION, REGION + 1]) } else { (PROVIDERS[at - REGION], vec![0]) };
        accepts.addressees.insert(addressee.to_owned());
        for sender in senders {
            let (role, addressees) = if sender == 0 {
                ("portal".to_owned(), BTreeSet::new())
            } else {
                ("region".to_owned(), BTreeSet::from([PROVIDERS[sender - REGION].to_owned()]))
            };
            let (peer, carrier, form) = (peer(sender), Some(peer(1)), Form::Ours);
            let known = KnownSender { peer, carrier, role, addressees, form };
            accepts.senders.insert(system(sender), known);
        }
        accepts
    }

    fn routes(&self) -> Routes {
        let ends = [0, REGION, REGION + 1];
        let senders: BTreeSet<String> = ends.map(system).into();
        let member =
            |at| Member { peer: peer(at), endpoint: Some(NAMES[at].to_owned()), ..Member::default() };
        let registers = self.settings.registers.values().map(|it| {
            let endpoint = it.id.clone();
            let place = RegisterPlace { senders: senders.clone(), endpoint, peer: peer(1), payload: None };
            (it.service_id.clone(), place)
        });
        let organizations = self.settings.organizations.values().map(|it| (it.id.clone(), it.kato.clone()));
        Routes {
            systems: ends.map(|at| (system(at), member(at))).into(),
            registers: registers.collect(),
            services: BTreeMap::from([(shep::border::SERVICE_ID.to_owned(), Passage { senders, to: None })]),
            addressees: BTreeMap::from([("portal".to_owned(), system(0))]),
            organizations: organizations.collect(),
            territories: BTreeMap::from([
                ("3532".to_owned(), system(REGION)),
                ("3556".to_owned(), system(REGION + 1)),
            ]),
        }
    }
}
