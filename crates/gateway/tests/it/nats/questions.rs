// SPDX-License-Identifier: MIT OR Apache-2.0
//! Questions over a real broker: each is asked once, and is nobody's when who asked waits no longer.

use super::broker::Broker;
use super::{BOUND, config, connected, wire};
use crate::world::{contract, peer};
use gateway::transport::NatsTransport;
use gateway::{Endpoint, RegistersClient, Route, Transport};
use service::ports::registers::{Answer, Question};
use service::ports::{PortError, Registers};
use simulators::People;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

const PORT: &str = "gateway/sync";

/// A port of questions that takes them and says nothing.
#[derive(Debug, Default)]
struct Mute(watch::Sender<usize>);

#[async_trait::async_trait]
impl Endpoint for Mute {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        self.0.send_modify(|it| *it += 1);
        Vec::new()
    }
}

/// Asks as a worker does, until the task is aborted.
fn ask(transport: &Arc<NatsTransport>, message: u128) -> JoinHandle<Result<Answer, PortError>> {
    let route = Route {
        contract: contract("gbd-fl"),
        endpoint: PORT.to_owned(),
        peer: peer("gateway"),
        payload: None,
    };
    let transport = Arc::clone(transport) as Arc<dyn Transport>;
    let client = RegistersClient::new(wire("qyzmet-portal", "transport-portal"), transport, [route]).unwrap();
    let question = Question {
        register: "gbd-fl".into(),
        iin: People::house().unwrap().by_id("p01").unwrap().iin.clone(),
        values: BTreeMap::new(),
        message: Uuid::from_u128(message),
        correlation: Uuid::from_u128(43),
    };
    tokio::spawn(async move { client.ask(&question).await })
}

/// Waits until so many messages lie at the broker.
async fn lie(transport: &NatsTransport, count: u64) {
    let began = Instant::now();
    while transport.standing().await.is_ok_and(|it| it.waiting != count) {
        assert!(began.elapsed() < BOUND, "there are not {count} at the broker");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_nobody_waits_for_any_more_is_taken_back() {
    let broker = Broker::start(1);
    let transport = connected(&config(&broker, 1)).await;
    let asking = ask(&transport, 1);
    lie(&transport, 1).await;
    asking.abort();
    lie(&transport, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_is_not_answered_is_not_given_again() {
    let broker = Broker::start(1);
    let transport = connected(&config(&broker, 1)).await;
    let mute = Arc::new(Mute::default());
    let mut asked = mute.0.subscribe();
    let (port, endpoint) = (Arc::clone(&transport), Arc::clone(&mute) as Arc<dyn Endpoint>);
    let serving = tokio::spawn(async move { port.serve(PORT, endpoint).await });
    let asking = ask(&transport, 1);
    assert!(tokio::time::timeout(BOUND, asked.wait_for(|it| *it == 1)).await.is_ok(), "nobody was asked");
    // Who asked still waits, and it does not lie there to be given once more.
    lie(&transport, 0).await;
    assert!(!asking.is_finished());
    assert_eq!(*mute.0.borrow(), 1);
    asking.abort();
    serving.abort();
}
