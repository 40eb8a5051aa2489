// SPDX-License-Identifier: MIT OR Apache-2.0
//! The roles and what joins them.
//!
//! ```text
//! portal ─┐                       ┌─ gbd-fl (simulated)
//! center ─┼── hub in the process ─┼─ guardianship (simulated)
//! region ─┘   signed envelopes    └─ border endpoints of the roles
//! ```

use super::folder::Folder;
use super::keys::{self, AuthoritySource};
use super::{Demo, Options, people};
use crate::parts::role::{self, Role, Where, peer, providers};
use crate::parts::{StartError, SystemClock, master, press, seals, settings};
use crate::simulate::{Simulated, World};
use gateway::border::{Accepts, Form, KnownSender};
use gateway::{
    Binding, BorderEndpoint, Directory, EvidenceClient, InProcess, Lists, Transport, TransportTrust, Wire,
};
use regulation::model::System;
use service::ports::{Clock, Evidence, Press, Signer};
use service::{Service, Settings};
use simulators::ca::{DevCa, GostCa};
use simulators::{People, Rows};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use store::{ChainReport, SqliteStore};

/// What the roles share.
struct Shared {
    settings: Arc<Settings>,
    folder: Folder,
    master: [u8; 32],
    clock: Arc<SystemClock>,
    hub: Arc<InProcess>,
    trust: Arc<TransportTrust>,
    evidence: Arc<dyn Evidence>,
    signer: Arc<dyn Signer>,
    press: Arc<dyn Press>,
    authority: Arc<DevCa>,
    gost: Arc<GostCa>,
    people: Arc<People>,
    source: Arc<AuthoritySource>,
    lists: Arc<Lists>,
}

/// Opens the demonstration.
pub(super) async fn open(options: &Options) -> Result<Demo, StartError> {
    let shared = shared(options)?;
    registers(&shared)?;
    let (portal, center, region) =
        (store(&shared, System::Portal)?, store(&shared, System::Center)?, store(&shared, System::Region)?);
    let demo = Demo {
        portal: role(&shared, System::Portal, &portal, None)?,
        center: role(&shared, System::Center, &center, Some(role::first_center(&shared.settings)?))?,
        region: role(&shared, System::Region, &region, None)?,
        authority: Arc::clone(&shared.authority),
        gost: Arc::clone(&shared.gost),
        clock: Arc::clone(&shared.clock),
        people: Arc::clone(&shared.people),
        source: Arc::<AuthoritySource>::clone(&shared.source),
        lists: Arc::clone(&shared.lists),
        stores: vec![
            (System::Portal.as_str(), portal),
            (System::Center.as_str(), center),
            (System::Region.as_str(), region),
        ],
    };
    for service in [&demo.portal, &demo.center, &demo.region] {
        shared.hub.register(service.here.as_str(), Arc::new(border_endpoint(&shared, service)?));
    }
    people::accounts(&demo).await?;
    let add = options.add.as_deref();
    super::registers::import(&demo.region, &demo.people, &BTreeSet::new(), add).await?;
    Ok(demo)
}

fn shared(options: &Options) -> Result<Shared, StartError> {
    let settings = Arc::new(settings::read(&options.reading())?);
    let folder = Folder::open(&options.data, options.fresh)?;
    let clock = Arc::new(SystemClock::new(options.at));
    let master = master::key(folder.path(), &*clock)?;
    let people = people::house()?;
    let holders = people::key_holders(&settings, &people);
    let authority = DevCa::create_or_load(&folder.of("authority"), clock.now(), &holders);
    let authority = Arc::new(authority.map_err(|it| StartError::Authority(it.to_string()))?);
    let gost = GostCa::create_or_load(&folder.of("authority").join("gost"), clock.now(), &holders);
    let gost = Arc::new(gost.map_err(|it| StartError::Authority(it.to_string()))?);
    let roots = keys::trust(&authority, &gost)?;
    let port: Arc<dyn Clock> = Arc::<SystemClock>::clone(&clock);
    let source =
        Arc::new(AuthoritySource { authority: Arc::clone(&authority), gost: Arc::clone(&gost), clock: port });
    let kept = keys::kept(&authority, &gost)?;
    let at = folder.of("lists");
    let lists = Lists::open(&at, kept, Arc::<AuthoritySource>::clone(&source) as _);
    let lists = Arc::new(lists.map_err(|it| StartError::File(at, it))?);
    let judge = EvidenceClient::new(roots.clone(), Arc::<AuthoritySource>::clone(&source) as _);
    Ok(Shared {
        signer: Arc::new(keys::stamps(&authority, &settings)?),
        evidence: Arc::new(judge.with_lists(Arc::clone(&lists))),
        trust: Arc::new(
            TransportTrust::new(roots, Arc::<AuthoritySource>::clone(&source) as _)
                .with_lists(Arc::clone(&lists)),
        ),
        source,
        lists,
        press: press::start()?,
        hub: Arc::new(InProcess::new()),
        settings,
        folder,
        master,
        clock,
        authority,
        gost,
        people: Arc::new(people),
    })
}

fn wire(shared: &Shared, system: &str) -> Result<Wire, StartError> {
    let clock: Arc<dyn Clock> = Arc::<SystemClock>::clone(&shared.clock);
    Ok(Wire::new(keys::of_system(&shared.authority, system)?, Arc::clone(&shared.trust), clock))
}

fn transport(shared: &Shared) -> Arc<dyn Transport> {
    Arc::<InProcess>::clone(&shared.hub)
}

fn store(shared: &Shared, here: System) -> Result<Arc<SqliteStore>, StartError> {
    role::store(&shared.folder.of(here.as_str()), &shared.master)
}

/// Makes the keys that are missing.
pub(super) fn make_keys(options: &Options) -> Result<(), StartError> {
    shared(options).map(drop)
}

/// Walks the journals of all roles.
pub(super) fn audit(data: &Path) -> Result<Vec<(&'static str, ChainReport)>, StartError> {
    let options = Options {
        data: data.to_owned(),
        fresh: false,
        at: None,
        add: None,
        confirmed_only: false,
        base_url: String::new(),
    };
    let shared = shared(&options)?;
    let mut found = Vec::new();
    for role in [System::Portal.as_str(), System::Center.as_str(), System::Region.as_str()] {
        let keys = keys::of_system(&shared.authority, role)?;
        found.push((role, seals::verify(&shared.folder.of(role), keys.certificate(), &shared.master)?));
    }
    Ok(found)
}

/// Returns the service of a role over its own store.
fn role(
    shared: &Shared,
    here: System,
    store: &Arc<SqliteStore>,
    center: Option<String>,
) -> Result<Arc<Service>, StartError> {
    let gateway = keys::of_system(&shared.authority, "gateway")?;
    let role = Role {
        here,
        center,
        settings: Arc::clone(&shared.settings),
        store: Arc::clone(store),
        wire: wire(shared, here.as_str())?,
        transport: transport(shared),
        registers: (Where::Each, peer(&gateway)),
        register_signers: BTreeMap::new(),
        directory: directory(shared)?,
        evidence: Arc::clone(&shared.evidence),
        signer: Arc::clone(&shared.signer),
        press: Arc::clone(&shared.press),
        master: shared.master,
        mode: gateway::Mode::Development,
    };
    role.open()
}

/// Says where everybody is: the organisations at the region, the portal and the center by their names.
fn directory(shared: &Shared) -> Result<Directory, StartError> {
    let region = peer(&*keys::of_system(&shared.authority, System::Region.as_str())?);
    // Every peer of a demonstration is one of us.
    let mut directory = Directory::new().with_binding(Binding::Required);
    for id in providers(&shared.settings) {
        directory = directory.with(id, System::Region.as_str(), region.clone());
    }
    for system in [System::Portal, System::Center] {
        let signer = peer(&*keys::of_system(&shared.authority, system.as_str())?);
        directory = directory.with(system.as_str(), system.as_str(), signer);
    }
    Ok(directory)
}

fn border_endpoint(shared: &Shared, service: &Arc<Service>) -> Result<BorderEndpoint, StartError> {
    let mut accepts = Accepts {
        regulations: shared.settings.regulations.iter().map(|it| it.sha256.clone()).collect(),
        ..Accepts::default()
    };
    let senders: &[System] = if service.here == System::Region {
        accepts.addressees = providers(&shared.settings);
        &[System::Portal, System::Center]
    } else {
        accepts.addressees.insert(service.here.as_str().to_owned());
        &[System::Region]
    };
    for sender in senders {
        let peer = peer(&*keys::of_system(&shared.authority, sender.as_str())?);
        let role = sender.as_str().to_owned();
        let addressees =
            if *sender == System::Region { providers(&shared.settings) } else { BTreeSet::new() };
        let known = KnownSender { peer, carrier: None, role: role.clone(), addressees, form: Form::Ours };
        accepts.senders.insert(role, known);
    }
    let receive = Arc::<Service>::clone(service);
    let files = Transport::files(&*shared.hub);
    Ok(BorderEndpoint::new(wire(shared, service.here.as_str())?, accepts, receive).with_files(files))
}

/// Puts the simulated registers into the hub, under the ids of their contracts.
fn registers(shared: &Shared) -> Result<(), StartError> {
    let rows = Rows::house(&shared.people);
    let rows = rows.map_err(|it| StartError::Shipped("demo/records.toml".to_owned(), it.to_string()))?;
    let (authority, people) = (Arc::clone(&shared.authority), Arc::clone(&shared.people));
    let world = World { authority, people, rows: Arc::new(rows) };
    for contract in shared.settings.registers.values() {
        if let Some(register) = world.register(contract)? {
            let clock: Arc<dyn Clock> = Arc::<SystemClock>::clone(&shared.clock);
            shared.hub.register(contract.id.clone(), Arc::new(Simulated { register, clock }));
        }
    }
    Ok(())
}
