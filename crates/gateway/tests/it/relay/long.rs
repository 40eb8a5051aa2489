// SPDX-License-Identifier: MIT OR Apache-2.0
//! Long files between processes: they lie at the gateway as long as their message waits, and no longer.

use super::hub::{Hub, Silent, parcel, routes, wire};
use crate::border::{Region, accepts};
use crate::world::{peer, wait};
use async_trait::async_trait;
use engine::case::FileHash;
use gateway::files::{FolderLimits, RemoteFiles, StorageKey, TempFolder, TempStorage, UNNAMED_DAYS_MAX};
use gateway::relay::PATIENCE_DAYS_MAX;
use gateway::{
    AsyncRelay, BorderClient, BorderEndpoint, Directory, InProcess, SyncRelay, TempFiles, Transport,
};
use service::board::{Board as _, Order, Reason};
use service::ports::border::{Parcel, ParcelFile, Receive};
use service::ports::{Border, PortError};
use std::sync::Arc;
use tempfile::TempDir;

const MIB: usize = 1024 * 1024;
const DAY: i64 = 24 * 3600;
const ORDER: Order<'_> = Order { by: "admin", why: "mended" };

/// A link of a process: everything over one hub, long files to the gateway's storage.
#[derive(Debug)]
struct Link {
    hub: Arc<InProcess>,
    files: Arc<dyn TempFiles>,
}

#[async_trait]
impl Transport for Link {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.hub.exchange(endpoint, envelope).await
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        Some(Arc::clone(&self.files))
    }
}

/// Files that were changed where they lay.
#[derive(Debug)]
struct Changed(Arc<dyn TempFiles>);

#[async_trait]
impl TempFiles for Changed {
    async fn put(&self, identifier: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        self.0.put(identifier, bytes).await
    }

    async fn get(&self, identifier: &str) -> Result<Option<Vec<u8>>, PortError> {
        let found = self.0.get(identifier).await?;
        Ok(found.map(|mut it| {
            it[0] ^= 1;
            it
        }))
    }

    async fn forget(&self, identifier: &str) {
        self.0.forget(identifier).await;
    }
}

/// A portal, a gateway with its storage, and a region, each behind its own link.
struct Federation {
    hub: Hub,
    region: Arc<Region>,
    portal: BorderClient,
    folder: TempDir,
    limits: FolderLimits,
}

impl Federation {
    fn new(limits: FolderLimits) -> Self {
        let region = Arc::new(Region::default());
        let hub = Hub::new(&region);
        let link = Link { hub: Arc::clone(&hub.transport), files: files(&hub, "portal") };
        let directory = Directory::new().carried("abai-education", "gateway", peer("gateway"));
        let wire = wire("qyzmet-portal", "transport-portal", &hub.clock);
        let portal = BorderClient::new(wire, Arc::new(link), directory);
        let it = Self { hub, region, portal, folder: tempfile::tempdir().unwrap(), limits };
        it.open_region(files(&it.hub, "region"));
        it.start_gateway();
        it
    }

    /// Starts the gateway over what it left on the disk; returns its storage.
    fn start_gateway(&self) -> Arc<TempStorage> {
        let hub = &self.hub;
        let (transport, store) = (Arc::clone(&hub.transport), Arc::clone(&hub.store));
        let wire = wire("qyzmet-gateway", "transport-gateway", &hub.clock);
        let relay = AsyncRelay::new(wire.clone(), store, transport, routes());
        let key = StorageKey::derived(&[1; 32]).unwrap();
        let folder = TempFolder::open(self.folder.path(), &key, self.limits).unwrap();
        let storage = TempStorage::new(wire.clone(), routes().systems, Arc::new(folder));
        let storage = Arc::new(storage.beside(Arc::new(relay)));
        let (transport, store) = (Arc::clone(&hub.transport), Arc::clone(&hub.store));
        let questions = SyncRelay::new(wire, store, transport, routes()).with_storage(Arc::clone(&storage));
        hub.transport.register("gateway/sync", Arc::new(questions));
        storage
    }

    fn open_region(&self, files: Arc<dyn TempFiles>) {
        let mut accepts = accepts();
        for sender in accepts.senders.values_mut() {
            sender.carrier = Some(peer("gateway"));
        }
        let receive = Arc::clone(&self.region) as Arc<dyn Receive>;
        let wire = wire("qyzmet-region", "transport-region", &self.hub.clock);
        let endpoint = BorderEndpoint::new(wire, accepts, receive).with_files(Some(files));
        self.hub.transport.register("region", Arc::new(endpoint));
    }

    /// How many files lie at the gateway.
    fn lie(&self) -> usize {
        TempFolder::usage(self.folder.path()).unwrap().0
    }
}

fn files(hub: &Hub, system: &str) -> Arc<dyn TempFiles> {
    let wire = wire(&format!("qyzmet-{system}"), &format!("transport-{system}"), &hub.clock);
    let transport = Arc::clone(&hub.transport) as Arc<dyn Transport>;
    Arc::new(RemoteFiles::new(wire, transport, "gateway/sync", peer("gateway")))
}

/// An application with three scans of nine megabytes.
fn long(id: u128) -> Parcel {
    let mut parcel = parcel(id, 200);
    for fill in 1..=3 {
        let bytes = vec![fill; 9 * MIB];
        parcel.files.push(ParcelFile {
            hash: FileHash(hex::encode(eds::sha256(&bytes))),
            name: format!("scan {fill}"),
            media_type: "application/pdf".to_owned(),
            bytes,
        });
    }
    parcel
}

#[test]
fn long_files_wait_at_the_gateway_with_their_message_and_end_with_its_delivery() {
    let it = Federation::new(FolderLimits::default());
    let parcel = long(100);
    wait(async {
        it.hub.close("region");
        it.portal.deliver(parcel.clone()).await.unwrap();
        assert_eq!(it.lie(), 7, "three of two parts each and the application");
        // Longer than the gateway is patient, longer than files were to live, over a restart.
        it.hub.clock.pass((PATIENCE_DAYS_MAX + 1) * DAY);
        it.hub.work().await;
        let stuck = it.hub.relay.items().await.unwrap();
        assert_eq!((stuck[0].reason, stuck[0].is_aside()), (Reason::Patience, true));
        it.hub.clock.pass(100 * DAY);
        assert_eq!(it.start_gateway().sweep().await.unwrap(), 0);
        assert_eq!(it.lie(), 7);
        it.open_region(files(&it.hub, "region"));
        it.hub.relay.retry(stuck[0].id, ORDER).await.unwrap();
        it.hub.work().await;
        assert!(it.region.taken.lock().unwrap()[&parcel.id] == parcel, "not a byte differs");
        assert_eq!(it.start_gateway().sweep().await.unwrap(), 7);
        assert_eq!(it.lie(), 0);
    });
}

#[test]
fn nobody_but_the_sender_and_the_addressee_gets_the_files_of_a_message() {
    let it = Federation::new(FolderLimits::default());
    wait(async {
        let parcel = long(100);
        let identifier = format!("{}.1", parcel.id);
        // The region knows the identifier before the message is on its way to it.
        files(&it.hub, "portal").put(&identifier, b"early".to_vec()).await.unwrap();
        assert_eq!(files(&it.hub, "region").get(&identifier).await, Ok(None));
        it.hub.close("region");
        it.portal.deliver(parcel.clone()).await.unwrap();
        for (system, gets) in [("portal", true), ("region", true), ("center", false)] {
            let found = files(&it.hub, system).get(&identifier).await.unwrap();
            assert_eq!(found.is_some(), gets, "{system}");
        }
    });
}

#[test]
fn a_file_that_was_changed_refuses_its_message_and_the_right_one_goes_later() {
    let it = Federation::new(FolderLimits::default());
    wait(async {
        it.open_region(Arc::new(Changed(files(&it.hub, "region"))));
        it.portal.deliver(long(100)).await.unwrap();
        it.hub.work().await;
        let stuck = it.hub.relay.items().await.unwrap();
        assert_eq!((stuck[0].reason, stuck[0].is_aside()), (Reason::RefusedFormat, true));
        assert_eq!(it.region.count(), 0);
        it.open_region(files(&it.hub, "region"));
        it.hub.relay.retry(stuck[0].id, ORDER).await.unwrap();
        it.hub.work().await;
        assert_eq!(it.region.count(), 1);
    });
}

#[test]
fn a_case_without_room_at_the_gateway_waits_and_nothing_of_it_is_accepted() {
    let limits = FolderLimits { bytes_max: 20 * MIB as u64, ..FolderLimits::default() };
    let mut it = Federation::new(limits);
    wait(async {
        let why = it.portal.deliver(long(100)).await.unwrap_err();
        let words = "the other side refused: SCE909, the temporary storage is full";
        assert_eq!(why, PortError::Unavailable(words.to_owned()));
        assert_eq!(it.hub.kinds(long(100).id).await, [""; 0]);
        it.limits = FolderLimits::default();
        it.start_gateway();
        it.portal.deliver(long(100)).await.unwrap();
        it.hub.work().await;
        assert_eq!(it.region.count(), 1);
    });
}

#[test]
fn while_the_storage_is_not_there_the_message_waits_at_the_region_and_comes_again() {
    let it = Federation::new(FolderLimits::default());
    wait(async {
        it.portal.deliver(long(100)).await.unwrap();
        it.hub.transport.register("gateway/sync", Arc::new(Silent));
        it.hub.work().await;
        assert_eq!((it.region.count(), it.lie()), (0, 7));
        it.start_gateway();
        it.hub.clock.pass(60);
        it.hub.work().await;
        assert_eq!(it.region.count(), 1);
    });
}

#[test]
fn a_file_whose_message_never_comes_ends_long_before_those_whose_message_waits() {
    let it = Federation::new(FolderLimits::default());
    wait(async {
        it.hub.close("region");
        it.portal.deliver(long(100)).await.unwrap();
        let portal = files(&it.hub, "portal");
        portal.put(&format!("{}.0", long(101).id), b"forgotten".to_vec()).await.unwrap();
        it.hub.clock.pass(UNNAMED_DAYS_MAX * DAY - 1);
        assert_eq!(it.start_gateway().sweep().await.unwrap(), 0);
        it.hub.clock.pass(1);
        assert_eq!((it.start_gateway().sweep().await.unwrap(), it.lie()), (1, 7));
    });
}
