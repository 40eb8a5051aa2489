// SPDX-License-Identifier: MIT OR Apache-2.0
//! A portal, a gateway with its own store, and a region behind it; time goes on when it is told to.

use crate::border::{Region, accepts, sample};
use crate::world::{CA, keys, now, peer};
use engine::case::FileHash;
use gateway::relay::{Member, Passage, Routes};
use gateway::{
    AsyncRelay, BorderClient, BorderEndpoint, Directory, Endpoint, EvidenceSource, InProcess, TransportTrust,
    Wire,
};
use jiff::{SignedDuration, Timestamp};
use service::ports::border::{Parcel, Receive};
use service::ports::store::{RowChange, StoredEvent, StreamId};
use service::ports::{Border, Clock, PortError, Store};
use shep::asynchronous::StatusChange;
use shep::{Channel, Data, Envelope, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use store::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// A clock that goes on when it is told to.
#[derive(Debug)]
pub(crate) struct Moving {
    at: Mutex<Timestamp>,
    ids: AtomicU64,
}

impl Moving {
    pub(crate) fn at(at: Timestamp) -> Arc<Self> {
        Arc::new(Self { at: Mutex::new(at), ids: AtomicU64::new(1) })
    }

    pub(crate) fn pass(&self, seconds: i64) {
        *self.at.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        *self.at.lock().unwrap()
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::Relaxed)))
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// The client port of the portal: notices come here.
#[derive(Debug)]
pub(crate) struct PortalPort {
    pub(crate) told: Mutex<Vec<StatusChange>>,
}

#[async_trait::async_trait]
impl Endpoint for PortalPort {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        eds::xml::verify_body(&envelope).unwrap();
        let Message::StatusChange(change) = Envelope::read(&envelope).unwrap().message else { panic!() };
        let receipt = shep::asynchronous::StatusChangeReceipt {
            response_date: now(),
            session_id: change.session_id.clone().unwrap(),
        };
        self.told.lock().unwrap().push(change);
        sealed(Channel::Client, Message::StatusChangeReceipt(receipt), "transport-portal")
    }
}

/// Writes an envelope and signs its body with a system's key.
pub(crate) fn sealed(channel: Channel, message: Message, holder: &str) -> Vec<u8> {
    let body_id = shep::BodyId::new("id-1");
    let text = Envelope { channel, body_id, message }.write().unwrap();
    with_key(holder, |it| eds::xml::sign_body(&text, it)).unwrap().into_bytes()
}

/// Signs with a system's key.
pub(crate) fn with_key<T>(holder: &str, sign: impl FnOnce(&eds::xml::Signer<'_>) -> T) -> T {
    let holder = CA.holder(holder).unwrap();
    let key = eds::RsaSigner::from_pkcs8(holder.pkcs8()).unwrap();
    let by_key = |bytes: &[u8]| Ok(key.sign(bytes).unwrap());
    sign(&eds::xml::Signer { certificate_der: holder.certificate().der(), sign: &by_key })
}

/// Evidence of the development authority, as of the time on the moving clock.
#[derive(Debug)]
struct Fresh(Arc<Moving>);

#[async_trait::async_trait]
impl EvidenceSource for Fresh {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        CA.answer(url, request, self.0.now()).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        CA.answer(url, &[], self.0.now()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| CA.answer(url, &[], self.0.now())).map(|it| it.bytes)
    }
}

pub(crate) fn wire(sender: &str, holder: &str, clock: &Arc<Moving>) -> Wire {
    let source = Arc::new(Fresh(Arc::clone(clock)));
    let trust = Arc::new(TransportTrust::new(CA.trust().unwrap(), source));
    Wire::new(keys(sender, holder), trust, Arc::<Moving>::clone(clock))
}

/// A port where nobody answers.
#[derive(Debug)]
pub(crate) struct Silent;

#[async_trait::async_trait]
impl Endpoint for Silent {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        Vec::new()
    }
}

/// Everything between a portal and a region.
pub(crate) struct Hub {
    pub(crate) clock: Arc<Moving>,
    pub(crate) transport: Arc<InProcess>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) relay: Arc<AsyncRelay>,
    pub(crate) portal: BorderClient,
    pub(crate) port: Arc<PortalPort>,
    folder: TempDir,
}

/// Returns the routes: a portal that is told, a region that is called, and a second one that polls.
pub(crate) fn routes() -> Routes {
    let member = |system: &str, endpoint: Option<&str>| Member {
        peer: peer(system),
        endpoint: endpoint.map(str::to_owned),
        notices: system == "portal",
        ..Member::default()
    };
    let systems = [
        ("qyzmet-portal", member("portal", Some("portal"))),
        ("qyzmet-region", member("region", Some("region"))),
        ("qyzmet-center", member("center", None)),
    ];
    let senders = BTreeSet::from(["qyzmet-portal".to_owned(), "qyzmet-region".to_owned()]);
    Routes {
        systems: systems.map(|(id, it)| (id.to_owned(), it)).into(),
        services: BTreeMap::from([(shep::border::SERVICE_ID.to_owned(), Passage { senders, to: None })]),
        addressees: BTreeMap::from([
            ("portal".to_owned(), "qyzmet-portal".to_owned()),
            ("center".to_owned(), "qyzmet-center".to_owned()),
        ]),
        organizations: BTreeMap::from([("abai-education".to_owned(), "353200000".to_owned())]),
        territories: BTreeMap::from([("35".to_owned(), "qyzmet-region".to_owned())]),
        ..Routes::default()
    }
}

impl Hub {
    pub(crate) fn new(region: &Arc<Region>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Moving::at(now());
        let transport = Arc::new(InProcess::new());
        let store = Arc::new(SqliteStore::open(folder.path(), &[1; 32]).unwrap());
        let gateway = wire("qyzmet-gateway", "transport-gateway", &clock);
        let kept = Arc::<SqliteStore>::clone(&store);
        let relay = AsyncRelay::new(gateway, kept, Arc::<InProcess>::clone(&transport), routes());
        let relay = Arc::new(relay);
        let port = Arc::new(PortalPort { told: Mutex::default() });
        transport.register("gateway", Arc::<AsyncRelay>::clone(&relay));
        transport.register("portal", Arc::<PortalPort>::clone(&port));
        let mut directory = Directory::new();
        for to in ["abai-education", "center", "nobody"] {
            directory = directory.carried(to, "gateway", peer("gateway"));
        }
        let sends = Arc::<InProcess>::clone(&transport);
        let portal = BorderClient::new(wire("qyzmet-portal", "transport-portal", &clock), sends, directory);
        let hub = Self { clock, transport, store, relay, portal, port, folder };
        hub.open(region);
        hub
    }

    /// Opens the region's port.
    pub(crate) fn open(&self, region: &Arc<Region>) {
        let mut accepts = accepts();
        for sender in accepts.senders.values_mut() {
            sender.carrier = Some(peer("gateway"));
        }
        let receive = Arc::clone(region) as Arc<dyn Receive>;
        let wire = wire("qyzmet-region", "transport-region", &self.clock);
        self.transport.register("region", Arc::new(BorderEndpoint::new(wire, accepts, receive)));
    }

    /// Closes a port: nobody answers there.
    pub(crate) fn close(&self, name: &str) {
        self.transport.register(name, Arc::new(Silent));
    }

    pub(crate) async fn send(&self, parcel: Parcel) -> Result<(), PortError> {
        self.portal.deliver(parcel).await.map(drop)
    }

    /// Works until nothing is due.
    pub(crate) async fn work(&self) {
        while self.relay.work_once().await.unwrap() > 0 {}
    }

    /// Takes the kept file of a message away, as a damaged disk would.
    pub(crate) async fn lose(&self, message: u128) {
        let accepted = &self.journal(Uuid::from_u128(message)).await[0];
        let public: serde_json::Value = serde_json::from_slice(&accepted.public).unwrap();
        let (first, rest) = public["envelope"].as_str().unwrap().split_at(2);
        std::fs::remove_file(self.folder.path().join("files").join(first).join(rest)).unwrap();
    }

    /// Keeps a message of the portal with another payload, as it may lie there from a gateway of other rules.
    pub(crate) async fn keep_with(&self, message: u128, payload: Data) {
        let key = gateway::relay::message_key("qyzmet-portal", &Uuid::from_u128(message).to_string());
        let mut row = self.store.row("relay-letters", &key.to_string()).await.unwrap().unwrap();
        let mut letter: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
        let file = FileHash(letter["envelope"].as_str().unwrap().to_owned());
        let kept = self.store.file(&file).await.unwrap().unwrap();
        let Message::SendMessage(mut kept) = Envelope::read(&kept).unwrap().message else { panic!() };
        kept.data = payload;
        let kept = sealed(Channel::Async, Message::SendMessage(kept), "transport-portal");
        letter["envelope"] = self.store.put_file(kept).await.unwrap().0.into();
        row.body = serde_json::to_vec(&letter).unwrap();
        service::rows::put(&*self.store, self.clock.now(), vec![RowChange::Put(row)]).await.unwrap();
    }

    pub(crate) async fn journal(&self, message: Uuid) -> Vec<StoredEvent> {
        let key = gateway::relay::message_key("qyzmet-portal", &message.to_string());
        self.store.load(&StreamId(format!("message/{key}")), 0).await.unwrap()
    }

    pub(crate) async fn kinds(&self, message: Uuid) -> Vec<String> {
        self.journal(message).await.into_iter().map(|it| it.kind).collect()
    }
}

/// Returns a parcel of a case, with its own id.
pub(crate) fn parcel(id: u128, case: u128) -> Parcel {
    let mut parcel = sample();
    parcel.id = Uuid::from_u128(id);
    parcel.case = engine::case::CaseId(Uuid::from_u128(case));
    parcel.progress.message = parcel.id.to_string();
    parcel
}
