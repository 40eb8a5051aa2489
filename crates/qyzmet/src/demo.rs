// SPDX-License-Identifier: MIT OR Apache-2.0
//! The embedded default: every role in one process, invented people, simulated registers, a development authority.
//!
//! The bytes that cross from role to role are those of the real wire; only the socket is missing.

mod clock;
mod folder;
mod keys;
mod people;
mod press;
mod registers;
mod roles;
mod seals;
mod settings;

pub use clock::DemoClock;
pub use people::{CITIZEN_PASSWORD, OFFICIAL_PASSWORD};

use crate::eds_api::{self, EdsApi};
use gateway::{EvidenceSource, Lists};
use jiff::Timestamp;
use service::{Service, SubmitError};
use simulators::People;
use simulators::ca::{DevCa, GostCa};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{ChainReport, SqliteStore};

/// How a demonstration is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where its data lie.
    pub data: PathBuf,
    /// Whether to begin from nothing.
    pub fresh: bool,
    /// What the clock shows; the real time if absent.
    pub at: Option<Timestamp>,
    /// Folder of what is added to what ships: `regulations/`, `organizations/`, `overlays/`, `registers/`.
    pub add: Option<PathBuf>,
    /// Whether what is only assumed of the Standards is neither demanded nor quoted, as in production.
    pub confirmed_only: bool,
    /// Address by which people reach it.
    pub base_url: String,
}

/// Why a demonstration does not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    /// The folder holds something that we did not make.
    #[error("{path} was not made by `qyzmet demo` and is left alone; name another folder by --data", path = .0.display())]
    NotOurs(PathBuf),
    /// The master key is damaged.
    #[error("{path} is no key of 32 bytes; without it the data cannot be read. Restore it or start with --fresh", path = .0.display())]
    MasterKey(PathBuf),
    /// A data file that ships cannot be read: a fault of the build.
    #[error("`{0}` that ships cannot be read: {1}")]
    Shipped(String, String),
    /// The store of a role does not open.
    #[error("the store in {path}: {1}", path = .0.display())]
    Store(PathBuf, String),
    /// The development authority does not open.
    #[error("the development authority: {0}")]
    Authority(String),
    /// The press does not start.
    #[error("the press: {0}")]
    Press(String),
    /// An account cannot be made.
    #[error("an account: {0}")]
    Account(#[from] SubmitError),
}

/// A running demonstration.
#[derive(Debug)]
pub struct Demo {
    /// The citizen's portal.
    pub portal: Arc<Service>,
    /// The one-stop-shop.
    pub center: Arc<Service>,
    /// The providers' workplaces.
    pub region: Arc<Service>,
    /// The authority whose keys everybody holds.
    pub authority: Arc<DevCa>,
    /// The authority of whom everybody holds a GOST key too.
    pub gost: Arc<GostCa>,
    /// The clock.
    pub clock: Arc<DemoClock>,
    people: Arc<People>,
    source: Arc<dyn EvidenceSource>,
    lists: Arc<Lists>,
    stores: Vec<(&'static str, Arc<SqliteStore>)>,
}

impl Demo {
    /// Opens the data, makes what is missing, wires the roles. Nothing works until [`Demo::work`].
    pub async fn open(options: &Options) -> Result<Self, DemoError> {
        roles::open(options).await
    }

    /// Returns the route by which others have signatures judged under the roots of this demonstration.
    pub fn eds_api(&self) -> Result<axum::Router, DemoError> {
        Ok(eds_api::router(EdsApi {
            trust: keys::trust(&self.authority, &self.gost)?,
            source: Arc::clone(&self.source),
            lists: Some(Arc::clone(&self.lists)),
            clock: Arc::<DemoClock>::clone(&self.clock),
        }))
    }

    /// Starts the workers and sealers of all roles and the keeper of lists; they end with the runtime.
    pub fn work(&self) {
        for service in [&self.portal, &self.center, &self.region] {
            drop(tokio::spawn(Arc::clone(service).work()));
        }
        drop(tokio::spawn(Arc::clone(&self.lists).work(Arc::<DemoClock>::clone(&self.clock))));
        for (role, store) in &self.stores {
            let (authority, clock) = (Arc::clone(&self.authority), Arc::<DemoClock>::clone(&self.clock));
            drop(tokio::spawn(seals::seal(Arc::clone(store), role, authority, clock)));
        }
    }
}

/// Makes the keys of a demonstration and nothing else.
pub fn make_keys(options: &Options) -> Result<(), DemoError> {
    roles::make_keys(options)
}

/// Walks the journals of a demonstration that is not running.
pub fn audit(data: &Path) -> Result<Vec<(&'static str, ChainReport)>, DemoError> {
    roles::audit(data)
}
