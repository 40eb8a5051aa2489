// SPDX-License-Identifier: MIT OR Apache-2.0
//! A region's worker between others who hang, fall silent, or give all their messages the same id.

use crate::journal::{CHILD, IIN, NOON};
use crate::nobody::Nobody;
use crate::road::Road;
use async_trait::async_trait;
use engine::case::{Case, CaseId};
use engine::command::OrderId;
use engine::{Before, Command, Order, Party};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{RegisterId, System};
use service::board::{Board, Reason, What};
use service::portal::Sent;
use service::ports::border::{Delivery, Parcel};
use service::ports::registers::{Answer, Question};
use service::ports::store::{Built, Commit, ListQuery, OutboxRow, RowChange, StreamId, Stuck};
use service::ports::{Border, Clock, Judged, PortError, Registers, Store};
use service::work::{Task, Work};
use service::{Ports, Service, rows, tables};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::SqliteStore;
use uuid::Uuid;

/// The register that the region asks about an application for the certificate, and a provider that does not keep it itself.
const REGISTER: &str = "guardianship";
const PROVIDER: &str = "osakarov-education";
/// Messages of cases that wait for an addressee who hangs.
const HANGING: usize = 100;
/// Turns of the worker in which everything that is due is done.
const TURNS_MAX: usize = 20;
const WAIT: Duration = Duration::from_secs(30);

/// A clock that stands still until it is moved.
#[derive(Debug)]
struct Still {
    at: Mutex<Timestamp>,
    ids: AtomicU64,
}

impl Still {
    fn pass(&self, seconds: i64) {
        *self.at.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        *self.at.lock().unwrap()
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)))
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// All who are elsewhere.
#[derive(Debug, Default)]
struct Others {
    /// The register does not answer.
    silent: AtomicBool,
    /// What the register answers cannot be used.
    useless: AtomicBool,
    asked: AtomicUsize,
    carried: AtomicUsize,
}

#[async_trait]
impl Registers for Others {
    /// Knows nobody, and gives each of its answers the same id.
    async fn ask(&self, question: &Question) -> Result<Answer, PortError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.silent.load(Ordering::SeqCst) {
            return Err(PortError::Unavailable("the register gave no answer in time".to_owned()));
        }
        if self.useless.load(Ordering::SeqCst) {
            return Err(PortError::Unusable("SCE016: digest-mismatch".to_owned()));
        }
        Ok(Answer {
            message: "1".to_owned(),
            records: Vec::new(),
            question: question.message.as_bytes().to_vec(),
            envelope: question.correlation.as_bytes().to_vec(),
            judged: Judged { at: NOON.parse().unwrap(), evidence: b"{}".to_vec() },
            simulated: true,
        })
    }
}

#[async_trait]
impl Border for Others {
    /// Takes the connection and never answers.
    async fn deliver(&self, _: Parcel) -> Result<Delivery, PortError> {
        self.carried.fetch_add(1, Ordering::SeqCst);
        std::future::pending().await
    }
}

/// A region of its own, and a case of the demonstration that may come to it.
struct Region {
    service: Arc<Service>,
    store: Arc<SqliteStore>,
    others: Arc<Others>,
    clock: Arc<Still>,
    case: Case,
    _road: Road,
    _folder: tempfile::TempDir,
}

impl Region {
    async fn open(hangs: bool) -> Self {
        let road = Road::open(NOON).await;
        let citizen = road.citizen(IIN).await;
        let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
        let case = road.stands(&road.demo.region, it.case, "provider.action-1").await;
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path(), &[7; 32]).unwrap());
        let others = Arc::new(Others::default());
        let clock = Arc::new(Still { at: Mutex::new(NOON.parse().unwrap()), ids: AtomicU64::new(1) });
        let border: Arc<dyn Border> = if hangs { Arc::<Others>::clone(&others) } else { Arc::new(Nobody) };
        let ports = Ports {
            store: Arc::<SqliteStore>::clone(&store),
            clock: Arc::<Still>::clone(&clock),
            registers: Arc::<Others>::clone(&others),
            border,
            evidence: Arc::new(Nobody),
            signer: Arc::new(Nobody),
            press: Arc::new(Nobody),
        };
        let settings = Arc::clone(&road.demo.region.settings);
        let service = Arc::new(Service::new(System::Region, None, settings, ports, [7; 32]));
        Self { service, store, others, clock, case, _road: road, _folder: folder }
    }

    /// Takes in the application as a case of its own: its register is to be asked.
    async fn take(&self) -> CaseId {
        let id = CaseId(self.service.uuid());
        let it = &self.case;
        let mut application = it.application.clone();
        application.provider = PROVIDER.to_owned();
        let regulation = self.service.settings.edition_at(&it.service, &it.edition, PROVIDER).unwrap();
        let mut done = it.done.clone();
        done.retain(|it| regulation.part(&it.part).is_some_and(|(_, step, _)| step.at == System::Portal));
        let command = Command::Open {
            service: it.service.clone(),
            edition: it.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: it.procedure.clone(),
            channel: it.channel,
            application: Box::new(application),
            before: Before::Done(done),
            facts: BTreeMap::new(),
            number: it.number.clone(),
            accepted_at: it.accepted_at,
        };
        let order = OrderId(self.service.uuid());
        self.service.submit(Order { id: order, case: id, by: Party::System, command }).await.unwrap();
        id
    }

    /// Has the worker do all that is due.
    async fn work(&self) {
        for _ in 0..TURNS_MAX {
            if self.service.work_once().await.unwrap() == 0 {
                break;
            }
        }
    }

    async fn waits(&self, case: CaseId) -> bool {
        let case = self.service.load(case).await.unwrap().case;
        case.unanswered.contains_key(&RegisterId::from(REGISTER))
    }

    /// What the open parts of the events of a kind say of a value.
    async fn said(&self, case: CaseId, kind: &str, name: &str) -> Vec<String> {
        let events = self.store.load(&StreamId(format!("case/{}", case.0)), 0).await.unwrap();
        let of_kind = events.iter().filter(|it| it.kind == kind);
        let public = of_kind.map(|it| serde_json::from_slice::<serde_json::Value>(&it.public).unwrap());
        public.map(|it| it[name].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The keys of the messages that are kept beside a case.
    async fn kept(&self, case: CaseId) -> Vec<String> {
        let query = ListQuery {
            table: tables::MESSAGES.to_owned(),
            list: format!("case/{}", case.0),
            after: None,
            descending: false,
            limit: 100,
        };
        self.store.list(query).await.unwrap().into_iter().map(|it| it.key).collect()
    }
}

fn row(task: Task, id: Uuid) -> OutboxRow {
    let work = Work { case: CaseId(id), version: 1, task };
    OutboxRow {
        id,
        lane: work.lane(id),
        kind: work.kind().to_owned(),
        payload: serde_json::to_vec(&work).unwrap(),
        not_before: NOON.parse().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_addressee_that_hangs_holds_up_nothing_else() {
    let region = Region::open(true).await;
    let mut outbox: Vec<OutboxRow> =
        (0..HANGING).map(|_| row(Task::TellProgress, region.service.uuid())).collect();
    // Of a case without a signature nothing is left to be judged: it is done as soon as it is taken up.
    let other = region.service.uuid();
    outbox.push(row(Task::VerifyAgain, other));
    let build = Box::new(move |_: &[u64]| Built { outbox, ..Built::default() });
    let at = NOON.parse().unwrap();
    let commit = Commit { order: None, stream: None, numbers: Vec::new(), appends: Vec::new(), build, at };
    region.store.commit(commit).await.unwrap();
    drop(tokio::spawn(Arc::clone(&region.service).work()));
    let began = Instant::now();
    while region.store.stuck_one(other).await.unwrap().is_some() {
        assert!(began.elapsed() < WAIT, "it waits behind those that hang");
        tokio::task::yield_now().await;
    }
    assert!(region.others.carried.load(Ordering::SeqCst) <= 16, "most places are left to others");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_sweeps_what_has_expired() {
    let region = Region::open(false).await;
    let old = rows::expiring(tables::KEPT, "old", region.clock.now(), &());
    rows::put(&*region.store, region.clock.now(), vec![RowChange::Put(old)]).await.unwrap();
    region.clock.pass(1);
    drop(tokio::spawn(Arc::clone(&region.service).work()));
    let began = Instant::now();
    while region.store.row(tables::KEPT, "old").await.unwrap().is_some() {
        assert!(began.elapsed() < WAIT, "it is still there");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_register_is_asked_by_one_and_every_case_knows_that_it_waits() {
    let region = Region::open(false).await;
    let asked = || region.others.asked.load(Ordering::SeqCst);
    region.others.silent.store(true, Ordering::SeqCst);
    let first = region.take().await;
    region.work().await;
    assert_eq!((asked(), region.waits(first).await), (1, true));
    // It was silent a moment ago: it is not asked, and yet the second case is told what it waits for.
    let second = region.take().await;
    region.work().await;
    assert_eq!((asked(), region.waits(second).await), (1, true));
    region.clock.pass(10);
    region.work().await;
    assert_eq!(asked(), 2, "one of them asks for both");
    let waiting = region.store.waiting("ask-register", 10).await.unwrap();
    let tried: Vec<u32> = waiting.iter().map(|it| it.attempts).collect();
    assert_eq!(tried, [0, 0], "who waits for the other tries nothing: an outage uses up no trials");
    assert_eq!(
        region.said(first, "case.unanswered", "register").await.len()
            + region.said(second, "case.unanswered", "register").await.len(),
        3,
        "who knows it is not told again"
    );
    region.others.silent.store(false, Ordering::SeqCst);
    for _ in 0..3 {
        region.clock.pass(400);
        region.work().await;
    }
    for case in [first, second] {
        assert!(!region.waits(case).await, "it was answered");
        assert_eq!(region.said(case, "case.answered", "register").await, [REGISTER]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_used_is_told_to_the_case_and_asked_anew_until_a_person_must_look() {
    let region = Region::open(false).await;
    let asked = || region.others.asked.load(Ordering::SeqCst);
    region.others.useless.store(true, Ordering::SeqCst);
    let healed = region.take().await;
    region.work().await;
    assert_eq!((asked(), region.waits(healed).await), (1, true), "its page says what it waits for");
    let items = region.service.board().items().await.unwrap();
    let asks = items.iter().filter(|it| matches!(&it.what, What::Work { register: Some(_), .. }));
    let told: Vec<_> = asks.map(|it| (it.reason, it.words.as_str())).collect();
    assert_eq!(told, [(Reason::NotNow, "SCE016: digest-mismatch")], "and the board what was answered");
    region.clock.pass(400);
    region.work().await;
    assert_eq!((asked(), region.waits(healed).await), (2, true));
    assert!(region.store.stuck(10).await.unwrap().iter().all(|it| !it.set_aside), "it may yet go by itself");
    region.others.useless.store(false, Ordering::SeqCst);
    region.clock.pass(400);
    region.work().await;
    assert_eq!(region.said(healed, "case.answered", "register").await, [REGISTER]);

    region.others.useless.store(true, Ordering::SeqCst);
    let (lost, before) = (region.take().await, asked());
    for _ in 0..TURNS_MAX {
        region.work().await;
        region.clock.pass(400);
    }
    let ask = |it: &Stuck| it.row.kind == "ask-register" && it.set_aside;
    assert_eq!(region.store.stuck(10).await.unwrap().iter().filter(|it| ask(it)).count(), 1);
    assert!(region.waits(lost).await);
    assert_eq!(region.said(lost, "case.unanswered", "register").await, [REGISTER], "it is told once");
    assert_eq!(asked() - before, 1 + 9, "once until it is told, and then by the row that is set aside");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_one_id_are_kept_each_for_its_case() {
    let region = Region::open(false).await;
    let mut keys = BTreeSet::new();
    let mut cases = Vec::new();
    for _ in 0..3 {
        cases.push(region.take().await);
        region.work().await;
    }
    for case in cases {
        let kept = region.kept(case).await;
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(region.said(case, "case.answered", "message").await, kept, "where the facts are from");
        keys.extend(kept);
    }
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert!(keys.contains("1") && keys.contains("guardianship/1"), "{keys:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_one_id_that_come_together_take_nothing_from_each_other() {
    let region = Region::open(false).await;
    let cases = [region.take().await, region.take().await, region.take().await];
    region.work().await;
    let mut keys = BTreeSet::new();
    for case in cases {
        let kept = region.kept(case).await;
        assert_eq!(region.said(case, "case.answered", "message").await, kept);
        keys.extend(kept);
    }
    assert_eq!(keys.len(), 3, "{keys:?}");
}
