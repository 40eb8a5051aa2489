// SPDX-License-Identifier: MIT OR Apache-2.0
//! The temporary storage: long files cross between systems under an identifier.

use crate::world::{CA, CaSource, keys, now, peer, wait};
use gateway::files::{FolderLimits, RemoteFiles, StorageKey, TempFolder, TempStorage};
use gateway::relay::Member;
use gateway::{EvidenceSource, InProcess, Peer, TempFiles, Transport, TransportTrust, Wire};
use jiff::{Timestamp, ToSpan};
use service::ports::{Clock, PortError};
use shep::sync::{MessageInfo, SyncRequest};
use shep::temp_storage::{Ask, Request, SERVICE_ID};
use shep::{BodyId, Channel, Data, Envelope, Message, Sender};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// A clock that is moved.
#[derive(Debug)]
struct Moving(Mutex<Timestamp>, AtomicU64);

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.1.fetch_add(1, Ordering::Relaxed)))
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Evidence of the time that the clock shows.
#[derive(Debug)]
struct Source(Arc<Moving>);

#[async_trait::async_trait]
impl EvidenceSource for Source {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        CaSource(Arc::clone(&CA), self.0.now()).ocsp(url, request).await
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        CaSource(Arc::clone(&CA), self.0.now()).crl(url).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        CaSource(Arc::clone(&CA), self.0.now()).issuer(urls).await
    }
}

struct Storage {
    hub: Arc<InProcess>,
    kept: Arc<TempStorage>,
    clock: Arc<Moving>,
}

const KEY: [u8; 32] = [5; 32];

fn storage(folder: &Path, limits: FolderLimits) -> Storage {
    let clock = Arc::new(Moving(Mutex::new(now()), AtomicU64::new(1)));
    let kept = TempFolder::open(folder, &StorageKey::new(KEY), limits).unwrap();
    let senders = BTreeMap::from([
        ("qyzmet-portal".to_owned(), member("portal")),
        ("qyzmet-region".to_owned(), member("region")),
    ]);
    let hub = Arc::new(InProcess::new());
    let wire = wire(&clock, "qyzmet-gateway", "transport-gateway");
    let storage = Arc::new(TempStorage::new(wire, senders, Arc::new(kept)));
    hub.register("files", Arc::<TempStorage>::clone(&storage));
    Storage { hub, kept: storage, clock }
}

fn member(system: &str) -> Member {
    Member { peer: peer(system), ..Member::default() }
}

fn wire(clock: &Arc<Moving>, sender: &str, holder: &str) -> Wire {
    let source = Arc::new(Source(Arc::clone(clock)));
    let trust = TransportTrust::new(CA.trust().unwrap(), source);
    Wire::new(keys(sender, holder), Arc::new(trust), Arc::clone(clock) as _)
}

impl Storage {
    fn files(&self, sender: &str, holder: &str) -> RemoteFiles {
        self.files_of(sender, holder, peer("gateway"))
    }

    fn files_of(&self, sender: &str, holder: &str, peer: Peer) -> RemoteFiles {
        let hub = Arc::clone(&self.hub) as Arc<dyn Transport>;
        RemoteFiles::new(wire(&self.clock, sender, holder), hub, "files", peer)
    }

    fn portal(&self) -> RemoteFiles {
        self.files("qyzmet-portal", "transport-portal")
    }

    fn region(&self) -> RemoteFiles {
        self.files("qyzmet-region", "transport-region")
    }

    fn forward(&self, hours: i64) {
        let mut now = self.clock.0.lock().unwrap();
        *now += hours.hours();
    }
}

/// Returns that many bytes which differ.
fn long(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

#[test]
fn a_file_longer_than_a_message_crosses_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), FolderLimits::default());
    for length in [0, 1, 20 * 1024 * 1024] {
        let (bytes, id) = (long(length), format!("parcel.{length}"));
        wait(storage.portal().put(&id, bytes.clone())).unwrap();
        let got = wait(storage.region().get(&id)).unwrap();
        assert!(got.as_deref() == Some(bytes.as_slice()), "{length}");
        // Only who put it removes it.
        wait(storage.region().forget(&id));
        assert!(wait(storage.region().get(&id)).unwrap().is_some());
        wait(storage.portal().forget(&id));
        assert_eq!(wait(storage.region().get(&id)), Ok(None));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn what_lies_in_the_folder_tells_nobody_anything() {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), FolderLimits::default());
    wait(storage.portal().put("secret-identifier", b"a secret sentence".to_vec())).unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let bytes = std::fs::read(&files[0]).unwrap();
    for word in ["secret", "portal"] {
        assert!(!bytes.windows(word.len()).any(|it| it == word.as_bytes()));
        assert!(!files[0].to_string_lossy().contains("secret"));
    }
    // The same key finds it again after a restart; another one finds nothing, and leaves nothing.
    let reopened = |key| TempFolder::open(folder.path(), &key, FolderLimits::default()).unwrap();
    let found = reopened(StorageKey::new(KEY)).get("secret-identifier").unwrap().unwrap();
    assert_eq!((found.sender.as_str(), found.bytes.as_slice()), ("qyzmet-portal", &b"a secret sentence"[..]));
    assert_eq!(reopened(StorageKey::derived(&KEY).unwrap()).get("secret-identifier").unwrap(), None);
    assert!(!files[0].exists());
}

#[test]
fn a_file_ends_with_its_time_and_no_file_lives_longer_than_the_storage_allows() {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), FolderLimits { days_max: 60, ..FolderLimits::default() });
    wait(storage.portal().put("short", b"1".to_vec())).unwrap();
    let greedy = storage.portal().with_life_time(Duration::from_hours(24 * 1000));
    wait(greedy.put("long", b"2".to_vec())).unwrap();
    let found = |id: &str| wait(storage.region().get(id)).unwrap().is_some();
    storage.forward(44 * 24);
    assert!(found("short") && found("long"));
    storage.forward(24);
    assert!(!found("short") && found("long"));
    storage.forward(15 * 24);
    assert!(!found("long"));
    assert_eq!(wait(storage.kept.sweep()).unwrap(), 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn only_known_senders_put_and_get_and_nobody_replaces_the_file_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), FolderLimits::default());
    wait(storage.portal().put("id", b"first".to_vec())).unwrap();
    wait(storage.portal().put("id", b"second".to_vec())).unwrap();
    let refused = wait(storage.region().put("id", b"third".to_vec())).unwrap_err();
    assert_eq!(
        refused,
        PortError::Unusable("the other side refused: SCE001, another sender put a file there".to_owned())
    );
    assert_eq!(wait(storage.region().get("id")).unwrap().as_deref(), Some(&b"second"[..]));
    // A stranger, and a known name with another's key.
    for (sender, holder) in [("qyzmet-center", "transport-center"), ("qyzmet-portal", "transport-center")] {
        let refused = wait(storage.files(sender, holder).get("id")).unwrap_err();
        assert_eq!(refused, PortError::Unusable("the other side refused: SCE005".to_owned()));
    }
    // A storage that is not the one expected is not believed.
    let other = storage.files_of("qyzmet-region", "transport-region", peer("center"));
    assert!(matches!(wait(other.get("id")), Err(PortError::Unavailable(_))));
}

#[test]
fn a_storage_without_room_is_waited_for_says_so_and_keeps_what_it_has() {
    let full = |words: &str| PortError::Unavailable(format!("the other side refused: SCE909, {words}"));
    let limits = |all, own, reserve| FolderLimits {
        bytes_max: all,
        sender_bytes_max: own,
        reserve_bytes: reserve,
        ..FolderLimits::default()
    };
    let cases = [
        (limits(4_000, 4_000, 0), "the temporary storage is full"),
        (limits(10_000, 4_000, 0), "the sender's part of the temporary storage is full"),
    ];
    for (limits, words) in cases {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage(folder.path(), limits);
        wait(storage.portal().put("one", long(2_000))).unwrap();
        assert_eq!(wait(storage.portal().put("two", long(3_000))).unwrap_err(), full(words));
        assert!(wait(storage.region().get("one")).unwrap().is_some());
        // Others have their own part, and what is over makes room by itself.
        assert_eq!(wait(storage.region().put("three", long(3_000))).is_ok(), limits.bytes_max > 4_000);
        storage.forward(45 * 24);
        wait(storage.portal().put("two", long(3_000))).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), limits(4_000, 4_000, u64::MAX));
    let refused = wait(storage.portal().put("one", long(100))).unwrap_err();
    assert_eq!(refused, full("the disk of the temporary storage is full"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays of what was refused");
}

#[test]
fn one_sender_with_many_files_leaves_room_for_the_files_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let limits = FolderLimits { files_max: 4, sender_files_max: 2, ..FolderLimits::default() };
    let storage = storage(folder.path(), limits);
    for id in ["1", "2", "2"] {
        wait(storage.portal().put(id, b"x".to_vec())).unwrap();
    }
    let refused = wait(storage.portal().put("3", b"x".to_vec())).unwrap_err();
    let words = "the other side refused: SCE909, the sender's part of the temporary storage is full";
    assert_eq!(refused, PortError::Unavailable(words.to_owned()));
    wait(storage.region().put("4", b"x".to_vec())).unwrap();
}

/// A question of the portal to the storage, signed at both layers.
fn question(ask: Ask) -> Vec<u8> {
    let holder = CA.transport("portal").unwrap();
    let sign = |bytes: &[u8]| Ok(holder.signer().sign(bytes).unwrap());
    let signer = eds::xml::Signer { certificate_der: holder.certificate().der(), sign: &sign };
    let (id, sender) = (Uuid::from_u128(1).to_string(), "qyzmet-portal".to_owned());
    let request = Request { sender_id: sender.clone(), password: None, ask };
    let payload = eds::xml::sign_enveloped(&request.write().unwrap(), &signer).unwrap();
    let info = MessageInfo {
        message_id: id.clone(),
        correlation_id: Some(id),
        service_id: SERVICE_ID.to_owned(),
        message_date: now(),
        route_id: None,
        sender: Sender { id: sender, password: None },
        properties: Vec::new(),
        session_id: None,
    };
    let message = Message::SyncRequest(SyncRequest { info, data: Some(Data::element(payload).unwrap()) });
    let envelope = Envelope { channel: Channel::Sync, body_id: BodyId::new("id-1"), message };
    eds::xml::sign_body(&envelope.write().unwrap(), &signer).unwrap().into_bytes()
}

#[test]
fn more_than_one_answer_holds_is_not_gathered() {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage(folder.path(), FolderLimits::default());
    wait(storage.portal().put("scan", long(7 * 1024 * 1024))).unwrap();
    let asked = |times| {
        let question = question(Ask::Download(vec!["scan".to_owned(); times]));
        let answer = wait(storage.hub.exchange("files", question)).unwrap();
        if let Message::Fault(fault) = Envelope::read(&answer).unwrap().message {
            Some(fault.detail.unwrap().1.message)
        } else {
            None
        }
    };
    assert_eq!(asked(1), None);
    assert_eq!(asked(16).as_deref(), Some("no answer holds all these files"));
}
