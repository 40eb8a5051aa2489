// SPDX-License-Identifier: MIT OR Apache-2.0
//! Questions to registers through the gateway: answered as they are without it, and kept on both ways.

use super::hub::{Moving, wire, with_key};
use crate::world::{Registers as World, contract, now, peer, registers, wait};
use gateway::relay::{Member, RegisterPlace, Routes};
use gateway::{Endpoint, InProcess, RegistersClient, Route, SyncRelay, Transport};
use service::ports::registers::{Answer, Question};
use service::ports::store::{ListQuery, StoredEvent, StreamId};
use service::ports::{PortError, Registers, Store};
use shep::Envelope;
use simulators::People;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::SqliteStore;
use tempfile::TempDir;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How long a test waits for what is sure to come.
const BOUND: Duration = Duration::from_mins(2);
/// Questions that one register is asked at a time.
const CALLS_MAX: usize = 24;

struct Through {
    world: World,
    store: Arc<SqliteStore>,
    clock: Arc<Moving>,
    _folder: TempDir,
}

impl Through {
    /// A gateway before the register of persons, for the portal alone.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (world, clock) = (registers(), Moving::at(now()));
        let store = Arc::new(SqliteStore::open(folder.path(), &[1; 32]).unwrap());
        let it = Self { world, store, clock, _folder: folder };
        it.place("gbd-fl");
        it
    }

    /// Opens the gateway before a register at this endpoint.
    fn place(&self, endpoint: &str) {
        let place = RegisterPlace {
            senders: BTreeSet::from(["qyzmet-portal".to_owned()]),
            endpoint: endpoint.to_owned(),
            peer: peer("gateway"),
            payload: None,
        };
        let member = |it: &str| Member { peer: peer(it), ..Member::default() };
        let routes = Routes {
            systems: ["portal", "center"].map(|it| (format!("qyzmet-{it}"), member(it))).into(),
            registers: BTreeMap::from([(contract("gbd-fl").service_id, place)]),
            ..Routes::default()
        };
        let gateway = wire("qyzmet-gateway", "transport-gateway", &self.clock);
        let kept = Arc::<SqliteStore>::clone(&self.store);
        let relay = SyncRelay::new(gateway, kept, Arc::<InProcess>::clone(&self.world.hub), routes);
        self.world.hub.register("gateway", Arc::new(relay));
    }

    async fn ask(&self, system: &str, message: u128) -> Result<Answer, PortError> {
        let route = |id: &str| Route {
            contract: contract(id),
            endpoint: "gateway".to_owned(),
            peer: peer("gateway"),
            payload: None,
        };
        let (sender, holder) = (format!("qyzmet-{system}"), format!("transport-{system}"));
        let hub = Arc::<InProcess>::clone(&self.world.hub);
        let routes = ["gbd-fl", "guardianship"].map(route);
        let client = RegistersClient::new(wire(&sender, &holder, &self.clock), hub, routes).unwrap();
        client.ask(&question("gbd-fl", message)).await
    }

    /// Returns the events of each exchange about a message.
    async fn journal(&self, message: u128) -> Vec<Vec<StoredEvent>> {
        let list = format!("message/qyzmet-portal/{}", Uuid::from_u128(message));
        let table = "relay-questions".to_owned();
        let query = ListQuery { table, list, after: None, descending: false, limit: 10 };
        let mut all = Vec::new();
        for row in self.store.list(query).await.unwrap() {
            all.push(self.store.load(&StreamId(format!("question/{}", row.key)), 0).await.unwrap());
        }
        all
    }
}

/// A register that answers when it is let.
#[derive(Debug)]
struct Slow {
    hub: Arc<InProcess>,
    asked: watch::Sender<usize>,
    go: Notify,
}

impl Slow {
    /// Puts it in the place of the register behind the gateway.
    fn behind(through: &Through) -> Arc<Self> {
        let (hub, asked, go) = (Arc::clone(&through.world.hub), watch::Sender::new(0), Notify::new());
        let slow = Arc::new(Self { hub, asked, go });
        through.world.hub.register("slow", Arc::<Self>::clone(&slow));
        through.place("slow");
        slow
    }

    async fn is_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        let waited = tokio::time::timeout(BOUND, asked.wait_for(|it| *it >= times)).await;
        assert!(waited.is_ok(), "the register is not asked {times} times");
    }
}

#[async_trait::async_trait]
impl Endpoint for Slow {
    async fn handle(&self, question: Vec<u8>) -> Vec<u8> {
        self.asked.send_modify(|it| *it += 1);
        self.go.notified().await;
        self.hub.exchange("gbd-fl", question).await.unwrap()
    }
}

fn question(register: &str, message: u128) -> Question {
    Question {
        register: register.into(),
        iin: People::house().unwrap().by_id("p01").unwrap().iin.clone(),
        values: BTreeMap::new(),
        message: Uuid::from_u128(message),
        correlation: Uuid::from_u128(43),
    }
}

#[test]
fn a_question_is_answered_through_the_gateway_and_kept_with_its_answer() {
    let through = Through::new();
    wait(async {
        let answer = through.ask("portal", 42).await.unwrap();
        let direct = through.world.client.ask(&question("gbd-fl", 42)).await.unwrap();
        assert_eq!(answer.records, direct.records);
        let journal = through.journal(42).await;
        let kinds: Vec<_> = journal[0].iter().map(|it| it.kind.as_str()).collect();
        assert_eq!(kinds, ["question.asked", "question.answered"]);
        let open = |it: &StoredEvent| serde_json::from_slice::<serde_json::Value>(&it.public).unwrap();
        let (asked, answered) = (open(&journal[0][0]), open(&journal[0][1]));
        assert_eq!(asked["forwarded"], answered["to"]);
        for kept in [&asked["envelope"], &answered["envelope"]] {
            let hash = engine::case::FileHash(kept.as_str().unwrap().to_owned());
            let bytes = through.store.file(&hash).await.unwrap().unwrap();
            eds::xml::verify_body(&bytes).unwrap();
        }
        super::proves_itself(&through.store, &Uuid::from_u128(42).to_string(), "question/").await;
        // Asked again it is asked again.
        through.ask("portal", 42).await.unwrap();
        assert_eq!(through.journal(42).await.len(), 2);
    });
}

/// A register whose answers name another question.
#[derive(Debug)]
struct Elsewhere(Arc<InProcess>);

#[async_trait::async_trait]
impl Endpoint for Elsewhere {
    async fn handle(&self, question: Vec<u8>) -> Vec<u8> {
        let answer = self.0.exchange("gbd-fl", question).await.unwrap();
        let text = Envelope::read(&answer).unwrap().write_answering(&[9; 32]).unwrap();
        with_key("transport-gateway", |it| eds::xml::sign_body(&text, it)).unwrap().into_bytes()
    }
}

#[test]
fn an_answer_of_the_register_to_another_question_goes_no_further() {
    let through = Through::new();
    through.place("elsewhere");
    let register = Elsewhere(Arc::clone(&through.world.hub));
    through.world.hub.register("elsewhere", Arc::new(register));
    wait(async {
        let refused = through.ask("portal", 42).await.unwrap_err();
        assert_eq!(refused, PortError::Unavailable("the other side refused: SCE909".to_owned()));
        let journal = through.journal(42).await;
        let last: serde_json::Value = serde_json::from_slice(&journal[0][1].public).unwrap();
        assert_eq!(last["outcome"], "the register answers another question");
        through.place("gbd-fl");
        through.ask("portal", 42).await.unwrap();
    });
}

#[test]
fn who_may_not_ask_is_refused_before_the_register_is_asked() {
    let through = Through::new();
    wait(async {
        let refused = through.ask("center", 42).await.unwrap_err();
        assert_eq!(refused, PortError::Unusable("the other side refused: SCE005".to_owned()));
        through.world.hub.register("gbd-fl", Arc::new(super::hub::Silent));
        let silent = through.ask("portal", 44).await.unwrap_err();
        assert_eq!(silent, PortError::Unavailable("the other side refused: SCE004".to_owned()));
        let kinds: Vec<_> = through.journal(44).await[0].iter().map(|it| it.kind.clone()).collect();
        assert_eq!(kinds, ["question.asked", "question.unanswered"]);
    });
}

/// Returns the kinds of the events of the only exchange about a message, as soon as there are two.
async fn ended(through: &Through, message: u128) -> Vec<String> {
    let end = async {
        loop {
            let journal = through.journal(message).await;
            let events = journal.first().map(Vec::as_slice).unwrap_or_default();
            if events.len() > 1 {
                return events.iter().map(|it| it.kind.clone()).collect::<Vec<_>>();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(BOUND, end).await.expect("the question has its end")
}

#[test]
fn a_question_whose_asker_is_gone_has_its_end_in_the_journal() {
    let through = Through::new();
    let register = Slow::behind(&through);
    wait(async {
        tokio::select! {
            answer = through.ask("portal", 42) => panic!("{answer:?}"),
            () = register.is_asked(1) => {}
        }
        register.go.notify_one();
        assert_eq!(ended(&through, 42).await, ["question.asked", "question.answered"]);
    });
}

#[test]
fn a_question_that_a_killed_gateway_left_open_is_ended_by_the_next_one() {
    let through = Through::new();
    let register = Slow::behind(&through);
    wait(async {
        tokio::select! {
            answer = through.ask("portal", 42) => panic!("{answer:?}"),
            () = register.is_asked(1) => {}
        }
    });
    // Nothing of that process is done any further.
    assert_eq!(wait(through.journal(42))[0].len(), 1);
    through.place("gbd-fl");
    wait(async {
        through.ask("portal", 44).await.unwrap();
        assert_eq!(ended(&through, 42).await, ["question.asked", "question.unanswered"]);
        assert_eq!(ended(&through, 44).await, ["question.asked", "question.answered"]);
    });
}

#[test]
fn a_register_that_hangs_takes_no_more_than_its_share() {
    let through = Through::new();
    let register = Slow::behind(&through);
    wait(async {
        let hanging = (0..CALLS_MAX).map(|it| through.ask("portal", 100 + u128::try_from(it).unwrap()));
        tokio::select! {
            answers = futures_util::future::join_all(hanging) => panic!("{answers:?}"),
            () = register.is_asked(CALLS_MAX) => {}
        }
        let refused = through.ask("portal", 42).await.unwrap_err();
        assert_eq!(refused, PortError::Unavailable("the other side refused: SCE004".to_owned()));
        assert_eq!(*register.asked.borrow(), CALLS_MAX);
        assert!(through.journal(42).await.is_empty(), "what was not asked is not told as asked");
    });
}

/// A register that is away, and how often it was called.
#[derive(Debug, Default)]
struct Away(AtomicUsize);

#[async_trait::async_trait]
impl Endpoint for Away {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Vec::new()
    }
}

#[test]
fn a_silent_register_is_probed_and_the_others_are_answered_at_once() {
    let through = Through::new();
    let away = Arc::new(Away::default());
    through.world.hub.register("away", Arc::<Away>::clone(&away));
    through.place("away");
    wait(async {
        for message in [42, 43, 44] {
            let refused = through.ask("portal", message).await.unwrap_err();
            assert_eq!(refused, PortError::Unavailable("the other side refused: SCE004".to_owned()));
        }
        assert_eq!(away.0.load(Ordering::SeqCst), 1, "one asks, the others are answered at once");
        assert_eq!((through.journal(42).await.len(), through.journal(43).await.len()), (1, 0));
        through.clock.pass(2);
        through.ask("portal", 45).await.unwrap_err();
        assert_eq!(away.0.load(Ordering::SeqCst), 2, "it is tried again after a while");
    });
}
