// SPDX-License-Identifier: MIT OR Apache-2.0
//! The embedded default: every role in one process, invented people, simulated registers, a development authority.
//!
//! The bytes that cross from role to role are those of the real wire; only the socket is missing.

mod folder;
mod keys;
mod people;
mod registers;
mod roles;

pub use people::{ADMINISTRATOR, CITIZEN_PASSWORD, OFFICIAL_PASSWORD};
pub(crate) use people::{accounts_of, administrator_of, house};
pub(crate) use registers::import as entries_of;

use crate::eds_api::{self, EdsApi};
use crate::parts::settings::{self, Reading};
use crate::parts::{StartError, SystemClock, seals};
use gateway::{EvidenceSource, Lists};
use jiff::Timestamp;
use service::Service;
use service::board::Board;
use service::ports::Clock;
use simulators::People;
use simulators::ca::{DevCa, GostCa, Person};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::{ChainReport, SqliteStore};
use web::{Administration, Services, Word};

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

impl Options {
    /// Returns what is read besides what ships.
    fn reading(&self) -> Reading {
        Reading {
            add: self.add.clone(),
            confirmed_only: self.confirmed_only,
            base_url: self.base_url.clone(),
            restamp_before: None,
            demo: true,
        }
    }
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
    pub clock: Arc<SystemClock>,
    people: Arc<People>,
    source: Arc<dyn EvidenceSource>,
    lists: Arc<Lists>,
    stores: Vec<(&'static str, Arc<SqliteStore>)>,
}

impl Demo {
    /// Opens the data, makes what is missing, wires the roles. Nothing works until [`Demo::work`].
    pub async fn open(options: &Options) -> Result<Self, StartError> {
        roles::open(options).await
    }

    /// Returns the services of the pages, with the administrator's workplace over the three roles.
    pub fn services(&self) -> Services {
        let roles = [&self.portal, &self.center, &self.region];
        let boards = roles.map(|it| (it.here, Arc::new(it.board()) as Arc<dyn Board>));
        Services {
            portal: Some(Arc::clone(&self.portal)),
            center: Some(Arc::clone(&self.center)),
            region: Some(Arc::clone(&self.region)),
            admin: Some(Administration { accounts: Arc::clone(&self.region), boards: boards.to_vec() }),
        }
    }

    /// Returns the route by which others have signatures judged under the roots of this demonstration.
    pub fn eds_api(&self) -> Result<axum::Router, StartError> {
        Ok(eds_api::router(EdsApi {
            trust: keys::trust(&self.authority, &self.gost)?,
            source: Arc::clone(&self.source),
            lists: Some(Arc::clone(&self.lists)),
            clock: Arc::<SystemClock>::clone(&self.clock),
            arrival: eds_api::ARRIVAL,
        }))
    }

    /// Starts the workers and sealers of all roles and the keeper of lists; they end with the runtime.
    pub fn work(&self) {
        for service in [&self.portal, &self.center, &self.region] {
            drop(tokio::spawn(Arc::clone(service).work()));
        }
        drop(tokio::spawn(Arc::clone(&self.lists).work(Arc::<SystemClock>::clone(&self.clock))));
        for (role, store) in &self.stores {
            let clock = Arc::<SystemClock>::clone(&self.clock);
            match keys::of_system(&self.authority, role) {
                Ok(keys) => drop(tokio::spawn(seals::seal(Arc::clone(store), keys, clock))),
                Err(failed) => tracing::error!(error = %failed, "the journal is not sealed"),
            }
        }
    }
}

/// Returns the people, officials and organisations of a demonstration, as owners of keys.
pub fn key_owners() -> Result<Vec<Person>, StartError> {
    let settings = settings::read(&Reading { demo: true, ..Reading::default() })?;
    Ok(people::key_holders(&settings, &people::house()?))
}

/// Returns the systems that are simulated, for the pages.
pub fn simulated() -> Vec<Word> {
    vec![Word::SimGbdFl, Word::SimEnis, Word::SimGuardianship, Word::SimAuthority]
}

/// Makes the keys of a demonstration and nothing else.
pub fn make_keys(options: &Options) -> Result<(), StartError> {
    roles::make_keys(options)
}

/// Opens the development authority of a demonstration's folder; makes it if it is not there.
pub fn authority(data: &Path, clock: &dyn Clock) -> Result<DevCa, StartError> {
    let folder = folder::Folder::open(data, false)?;
    DevCa::create_or_load(&folder.of("authority"), clock.now(), &[])
        .map_err(|it| StartError::Authority(it.to_string()))
}

/// Walks the journals of a demonstration that is not running.
pub fn audit(data: &Path) -> Result<Vec<(&'static str, ChainReport)>, StartError> {
    roles::audit(data)
}
