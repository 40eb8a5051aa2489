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
use store::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

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
