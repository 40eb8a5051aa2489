// SPDX-License-Identifier: MIT OR Apache-2.0
//! One role over its own store, with everything it needs of the world.

use super::StartError;
use gateway::{BorderClient, Directory, Keys, Mode, Peer, RegistersClient, Route, Transport, Wire};
use regulation::model::System;
use service::ports::{Evidence, Press, Signer};
use service::{Ports, Service, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use store::SqliteStore;

/// What a role is made of.
pub(crate) struct Role {
    pub(crate) here: System,
    /// The one-stop-shop that it is, if it is one.
    pub(crate) center: Option<String>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) wire: Wire,
    pub(crate) transport: Arc<dyn Transport>,
    /// Where registers are asked, and who signs there.
    pub(crate) registers: (Where, Peer),
    /// Who signs the payloads of a register's answers where that is somebody else, by the register's id.
    pub(crate) register_signers: BTreeMap<String, Peer>,
    pub(crate) directory: Directory,
    pub(crate) evidence: Arc<dyn Evidence>,
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) press: Arc<dyn Press>,
    pub(crate) master: [u8; 32],
    /// For whom it works: production takes no simulated answers.
    pub(crate) mode: Mode,
}

/// At which endpoint a register is asked.
pub(crate) enum Where {
    /// Each at the endpoint of its own id.
    Each,
    /// All at one: a gateway tells them apart by the service.
    At(String),
}

impl Role {
    /// Returns the service of the role.
    pub(crate) fn open(self) -> Result<Arc<Service>, StartError> {
        let (place, peer) = &self.registers;
        let routes = self.settings.registers.values().filter(|it| !it.is_own()).map(|contract| Route {
            contract: contract.clone(),
            endpoint: match place {
                Where::Each => contract.id.clone(),
                Where::At(endpoint) => endpoint.clone(),
            },
            peer: peer.clone(),
            payload: self.register_signers.get(&contract.id).cloned(),
        });
        let registers = RegistersClient::new(self.wire.clone(), Arc::clone(&self.transport), routes)
            .map_err(|it| StartError::Shipped("registers".to_owned(), it))?
            .in_mode(self.mode);
        let clock = Arc::clone(&self.wire.clock);
        let border = BorderClient::new(self.wire, self.transport, self.directory);
        let ports = Ports {
            store: self.store,
            clock,
            registers: Arc::new(registers),
            border: Arc::new(border),
            evidence: self.evidence,
            signer: self.signer,
            press: self.press,
        };
        Ok(Arc::new(Service::new(self.here, self.center, self.settings, ports, self.master)))
    }
}

/// Opens the store in a folder.
pub(crate) fn store(path: &Path, master: &[u8; 32]) -> Result<Arc<SqliteStore>, StartError> {
    let opened = SqliteStore::open(path, master);
    opened.map(Arc::new).map_err(|it| StartError::Store(path.to_owned(), it.to_string()))
}

/// Returns who signs with these keys.
pub(crate) fn peer(keys: &Keys) -> Peer {
    Peer {
        bin: None,
        common_name: keys.certificate().subject().first(&eds::oids::COMMON_NAME).map(str::to_owned),
    }
}

/// Returns the ids of the organisations whose workplaces are at the region.
pub(crate) fn providers(settings: &Settings) -> BTreeSet<String> {
    settings.organizations.values().filter(|it| it.system == System::Region).map(|it| it.id.clone()).collect()
}

/// Returns the first one-stop-shop.
pub(crate) fn first_center(settings: &Settings) -> Result<String, StartError> {
    let found = settings.organizations.values().find(|it| it.system == System::Center);
    found.map(|it| it.id.clone()).ok_or_else(|| {
        StartError::Shipped("organizations".to_owned(), "there is no one-stop-shop".to_owned())
    })
}
