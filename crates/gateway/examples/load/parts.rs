// SPDX-License-Identifier: MIT OR Apache-2.0
//! A clock that passes sixty times as fast, links that lose, a region that keeps each message once.

use async_trait::async_trait;
use engine::case::{Application, CaseId, FileHash};
use engine::command::Progress;
use gateway::border::{Accepts, KnownSender};
use gateway::{Endpoint, EvidenceSource, InProcess, Keys, Peer, Transport, TransportTrust, Wire};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Channel, System};
use service::ports::border::{Arrival, Parcel, Receive, RequestParcel};
use service::ports::store::{Append, Built, Commit, CommitError, StreamId};
use service::ports::{Clock, PortError, Store};
use simulators::ca::DevCa;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::SqliteStore;
use uuid::Uuid;

const REGULATION: &str = "1111111111111111111111111111111111111111111111111111111111111111";
/// How much faster time passes here.
const FASTER: i64 = 60;
/// One exchange in so many is lost.
const LOST_ONE_IN: u64 = 150;

/// A clock that passes faster and jumps when told.
#[derive(Debug)]
pub(crate) struct Passing {
    start: Timestamp,
    began: Instant,
    jumped: AtomicI64,
    ids: AtomicU64,
}

impl Passing {
    pub(crate) fn new(start: Timestamp) -> Self {
        Self { start, began: Instant::now(), jumped: AtomicI64::new(0), ids: AtomicU64::new(1) }
    }

    pub(crate) fn start(&self) -> Timestamp {
        self.start
    }

    pub(crate) fn jump(&self, seconds: i64) {
        self.jumped.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Passing {
    fn now(&self) -> Timestamp {
        let real = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let jumped = SignedDuration::from_secs(self.jumped.load(Ordering::Relaxed));
        self.start + SignedDuration::from_millis(real * FASTER) + jumped
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u64_pair(u64::MAX, self.ids.fetch_add(1, Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        for it in bytes {
            let count = self.ids.fetch_add(1, Ordering::Relaxed);
            *it =
                count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().first().copied().unwrap_or_default();
        }
    }
}

/// Evidence of the development authority, as of now.
#[derive(Debug)]
struct Source(Arc<DevCa>, Arc<Passing>);

#[async_trait]
impl EvidenceSource for Source {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.0.answer(url, request, self.1.now()).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.0.answer(url, &[], self.1.now()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.0.answer(url, &[], self.1.now())).map(|it| it.bytes)
    }
}

pub(crate) fn peer(system: &str) -> Peer {
    Peer { bin: None, common_name: Some(format!("QYZMET {} (DEV)", system.to_uppercase())) }
}

pub(crate) fn wire(
    ca: &Arc<DevCa>,
    sender: &str,
    holder: &str,
    clock: &Arc<Passing>,
) -> Result<Wire, crate::Failure> {
    let holder = ca.holder(holder).ok_or("the authority knows no such holder")?;
    let keys = Keys::new(sender, holder.certificate().der(), holder.pkcs8())?;
    let source = Arc::new(Source(Arc::clone(ca), Arc::clone(clock)));
    let trust = TransportTrust::new(ca.trust()?, source);
    Ok(Wire::new(Arc::new(keys), Arc::new(trust), Arc::<Passing>::clone(clock)))
}

pub(crate) fn accepts() -> Accepts {
    let portal =
        KnownSender { peer: peer("portal"), carrier: Some(peer("gateway")), role: "portal".to_owned() };
    Accepts {
        addressees: BTreeSet::from(["abai-education".to_owned()]),
        regulations: BTreeSet::from([REGULATION.to_owned()]),
        senders: BTreeMap::from([("qyzmet-portal".to_owned(), portal)]),
    }
}

/// Returns a message of a case; its id is made of both.
pub(crate) fn parcel(case: u64, number: u64) -> Parcel {
    let id = Uuid::from_u64_pair(case, number + 1);
    let progress = Progress {
        message: id.to_string(),
        done: Vec::new(),
        stack: Vec::new(),
        end: None,
        incoming_number: None,
        result_number: None,
        proposal: None,
        result: None,
        originals: Vec::new(),
    };
    Parcel {
        id,
        case: CaseId(Uuid::from_u64_pair(case, 0)),
        to: "abai-education".to_owned(),
        from: System::Portal,
        request: (number == 0).then(|| request(case)),
        progress,
        files: Vec::new(),
    }
}

fn request(case: u64) -> RequestParcel {
    let mut application = Application::empty();
    "580308499930".clone_into(&mut application.iin);
    "Әбдіқадырова Гүлжаһан Қуанышбекқызы".clone_into(&mut application.full_name);
    "abai-education".clone_into(&mut application.provider);
    application.content = Some(FileHash("0".repeat(64)));
    RequestParcel {
        service: "guardianship-certificate".into(),
        edition: "2015".into(),
        regulation_sha256: REGULATION.to_owned(),
        procedure: "portal".into(),
        channel: Channel::Portal,
        number: format!("353200000-2026-{case}"),
        accepted_at: Timestamp::UNIX_EPOCH,
        application,
        signature: FileHash("0".repeat(64)),
    }
}

/// The region's inbox, as the service keeps one: the message's id is the order's id.
#[derive(Debug)]
pub(crate) struct Inbox {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<Passing>,
}

#[async_trait]
impl Receive for Inbox {
    async fn receive(&self, parcel: Parcel, arrival: Arrival) -> Result<(), PortError> {
        let gone = |it: String| PortError::Unavailable(it);
        let envelope = self.store.put_file(arrival.message).await.map_err(|it| gone(it.0))?;
        let public = serde_json::json!({ "message": parcel.id, "envelope": envelope });
        let at = self.clock.now();
        let event = Append {
            stream: StreamId(format!("case/{}", parcel.case.0)),
            at,
            kind: "taken".to_owned(),
            format: 1,
            public: public.to_string().into_bytes(),
            private: None,
        };
        let build = Box::new(|_: &[u64]| Built::default());
        let order = Some(parcel.id);
        let commit = Commit { order, stream: None, numbers: Vec::new(), appends: vec![event], build, at };
        match self.store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            Err(other) => Err(gone(other.to_string())),
        }
    }
}

/// A port where nobody answers.
#[derive(Debug)]
pub(crate) struct Silent;

#[async_trait]
impl Endpoint for Silent {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        Vec::new()
    }
}

/// Links that lose questions and answers, and are cut.
#[derive(Debug)]
pub(crate) struct Lossy {
    hub: Arc<InProcess>,
    loses: AtomicBool,
    cut: Mutex<BTreeSet<String>>,
    count: AtomicU64,
}

impl Lossy {
    pub(crate) fn new(hub: &Arc<InProcess>) -> Self {
        let (loses, cut, count) = Default::default();
        Self { hub: Arc::clone(hub), loses, cut, count }
    }

    pub(crate) fn lose(&self, loses: bool) {
        self.loses.store(loses, Ordering::Relaxed);
    }

    pub(crate) fn cut(&self, name: &str, is: bool) {
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        if is {
            cut.insert(name.to_owned())
        } else {
            cut.remove(name)
        };
    }

    fn is_cut(&self, name: &str) -> bool {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}

#[async_trait]
impl Transport for Lossy {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let lost = || PortError::Unavailable("lost on the way".to_owned());
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let unlucky = self.loses.load(Ordering::Relaxed) && count.is_multiple_of(LOST_ONE_IN);
        if self.is_cut(endpoint) || (unlucky && (count / LOST_ONE_IN).is_multiple_of(2)) {
            return Err(lost());
        }
        let answer = self.hub.exchange(endpoint, envelope).await?;
        if unlucky || self.is_cut(endpoint) { Err(lost()) } else { Ok(answer) }
    }
}
