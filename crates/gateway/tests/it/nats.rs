// SPDX-License-Identifier: MIT OR Apache-2.0
//! Envelopes over a real broker: one node, and three of which each dies in turn.

mod broker;
mod questions;
mod secured;

use crate::world::{Still, keys, now, peer, trust};
use broker::{Broker, quick};
use engine::case::CaseId;
use gateway::border::{Accepts, Form, KnownSender};
use gateway::transport::{NatsConfig, NatsLimits, NatsTransport};
use gateway::{BorderClient, BorderEndpoint, Directory, Endpoint, Transport, Wire};
use service::ports::border::{Arrival, Parcel, Receive};
use service::ports::{Border, Clock, PortError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

const BOUND: Duration = Duration::from_mins(2);

/// A region's journal: what came, in its order; the same message again changes nothing, as in the store.
#[derive(Debug, Default)]
struct Journal {
    /// Case and message, each message once.
    taken: Mutex<Vec<(CaseId, Uuid)>>,
    calls: AtomicUsize,
    fails: AtomicUsize,
    grown: watch::Sender<usize>,
}

#[async_trait::async_trait]
impl Receive for Journal {
    async fn receive(&self, parcel: Parcel, _: Arrival) -> Result<(), PortError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let fails = self.fails.load(Ordering::SeqCst);
        if fails > 0 {
            self.fails.store(fails - 1, Ordering::SeqCst);
            return Err(PortError::Unavailable("the store is away".to_owned()));
        }
        let mut taken = self.taken.lock().unwrap();
        if !taken.iter().any(|it| it.1 == parcel.id) {
            taken.push((parcel.case, parcel.id));
        }
        self.grown.send_replace(taken.len());
        Ok(())
    }
}

impl Journal {
    async fn holds(&self, count: usize) {
        let mut grown = self.grown.subscribe();
        let waited = tokio::time::timeout(BOUND, grown.wait_for(|it| *it >= count)).await;
        assert!(waited.is_ok(), "the journal does not grow to {count}");
    }

    fn count(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

fn wire(sender: &str, holder: &str) -> Wire {
    Wire::new(keys(sender, holder), trust(), Still::at(now()) as Arc<dyn Clock>)
}

fn region(journal: &Arc<Journal>) -> Arc<dyn Endpoint> {
    let regulation = crate::border::sample().request.unwrap().regulation_sha256;
    let addressees = BTreeSet::new();
    let (peer, role) = (peer("portal"), "portal".to_owned());
    let portal = KnownSender { peer, role, carrier: None, addressees, form: Form::Ours };
    let accepts = Accepts {
        addressees: BTreeSet::from(["abai-education".to_owned()]),
        regulations: BTreeSet::from([regulation]),
        senders: BTreeMap::from([("qyzmet-portal".to_owned(), portal)]),
    };
    let receive = Arc::clone(journal) as Arc<dyn Receive>;
    Arc::new(BorderEndpoint::new(wire("qyzmet-region", "transport-region"), accepts, receive))
}

fn portal(transport: Arc<dyn Transport>) -> BorderClient {
    let directory = Directory::new().with("abai-education", "region/client", peer("region"));
    BorderClient::new(wire("qyzmet-portal", "transport-portal"), transport, directory)
}

fn parcel(case: u128, number: u128) -> Parcel {
    let mut parcel = crate::border::sample();
    parcel.id = Uuid::from_u128(case * 1_000_000 + number);
    parcel.case = CaseId(Uuid::from_u128(case));
    parcel.progress.message = parcel.id.to_string();
    parcel
}

fn config(broker: &Broker, replicas: usize) -> NatsConfig {
    NatsConfig { servers: broker.urls(), replicas, limits: quick(), ..NatsConfig::default() }
}

async fn connected(config: &NatsConfig) -> Arc<NatsTransport> {
    Arc::new(NatsTransport::connect(config.clone()).await.unwrap())
}

/// Feeds the endpoint until the task is dropped.
fn serve(transport: Arc<NatsTransport>, endpoint: Arc<dyn Endpoint>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move { transport.serve("region/client", endpoint).await })
}

/// Delivers as the outbox does: again until there is a receipt.
async fn deliver(client: &BorderClient, parcel: &Parcel) -> usize {
    let began = Instant::now();
    let mut tries = 0;
    loop {
        tries += 1;
        match client.deliver(parcel.clone()).await {
            Ok(_) => return tries,
            Err(PortError::Unavailable(why)) => assert!(began.elapsed() < BOUND, "{why}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_handled_once_and_its_receipt_is_found_again() {
    let broker = Broker::start(1);
    let journal = Arc::new(Journal::default());
    let config = config(&broker, 1);
    let serving = serve(connected(&config).await, region(&journal));
    let client = portal(connected(&config).await);
    assert_eq!(deliver(&client, &parcel(1, 1)).await, 1);
    // The sender died before it could note the receipt, and comes again: in this process, and in another.
    assert_eq!(deliver(&client, &parcel(1, 1)).await, 1);
    let restarted = portal(connected(&config).await);
    assert_eq!(deliver(&restarted, &parcel(1, 1)).await, 1);
    assert_eq!((journal.count(), journal.calls.load(Ordering::SeqCst)), (1, 1));
    let standing = connected(&config).await.standing().await.unwrap();
    assert_eq!((standing.waiting, standing.missing.len()), (0, 0));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_answers_one_try_and_the_next_one_is_handled() {
    let broker = Broker::start(1);
    let journal = Arc::new(Journal::default());
    journal.fails.store(2, Ordering::SeqCst);
    let config = config(&broker, 1);
    let serving = serve(connected(&config).await, region(&journal));
    let client = portal(connected(&config).await);
    assert_eq!(deliver(&client, &parcel(1, 1)).await, 3);
    assert_eq!((journal.count(), journal.calls.load(Ordering::SeqCst)), (1, 3));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_an_endpoint_that_is_away_is_there_when_it_comes_and_once() {
    let broker = Broker::start(1);
    let journal = Arc::new(Journal::default());
    let mut config = config(&broker, 1);
    config.limits.exchange_seconds = 1;
    config.limits.duplicate_seconds = 1;
    let transport = connected(&config).await;
    let client = portal(Arc::clone(&transport) as _);
    // Nobody is there: each try ends within its bound, beyond the time in which the broker knows a message again.
    for _ in 0..3 {
        let began = Instant::now();
        let refused = client.deliver(parcel(1, 1)).await.unwrap_err();
        assert!(matches!(refused, PortError::Unavailable(_)), "{refused}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(transport.standing().await.unwrap().waiting, 1, "one of each message waits");
    let serving = serve(connected(&config).await, region(&journal));
    journal.holds(1).await;
    deliver(&client, &parcel(1, 1)).await;
    assert_eq!((journal.count(), journal.calls.load(Ordering::SeqCst)), (1, 1));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_broker_is_unavailable_within_a_bound_and_loses_nothing() {
    let mut broker = Broker::start(1);
    let journal = Arc::new(Journal::default());
    let config = config(&broker, 1);
    let serving = serve(connected(&config).await, region(&journal));
    let client = portal(connected(&config).await);
    deliver(&client, &parcel(1, 1)).await;
    broker.kill(0);
    let began = Instant::now();
    let refused = client.deliver(parcel(1, 2)).await.unwrap_err();
    assert!(matches!(refused, PortError::Unavailable(_)), "{refused}");
    assert!(began.elapsed() < Duration::from_secs(config.limits.exchange_seconds + 5));
    broker.restart(0);
    deliver(&client, &parcel(1, 2)).await;
    // What was handled before the outage is still known.
    deliver(&client, &parcel(1, 1)).await;
    let ids: Vec<u128> = journal.taken.lock().unwrap().iter().map(|it| it.1.as_u128()).collect();
    assert_eq!(ids, [1_000_001, 1_000_002]);
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_was_never_there_refuses_within_a_bound() {
    let broker = Broker::start(1);
    let config = config(&broker, 1);
    drop(broker);
    let client = portal(connected(&config).await);
    let refused = client.deliver(parcel(1, 1)).await.unwrap_err();
    assert_eq!(refused, PortError::Unavailable("no node of the broker answers".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_that_gives_nothing_is_made_anew_and_what_waits_is_handled_once() {
    let broker = Broker::start(1);
    let journal = Arc::new(Journal::default());
    let mut config = config(&broker, 1);
    config.limits.silent_seconds = 1;
    // The streams are made, and then a consumer under our name that gives its messages to nobody.
    connected(&config).await.standing().await.unwrap();
    let client = async_nats::connect(broker.urls()[0].as_str()).await.unwrap();
    let stream = async_nats::jetstream::new(client).get_stream("qyzmet-requests").await.unwrap();
    let dead = async_nats::jetstream::consumer::push::Config {
        durable_name: Some("region=client".to_owned()),
        deliver_subject: "nobody.listens".to_owned(),
        filter_subject: "qyzmet.request.region=client.>".to_owned(),
        ..Default::default()
    };
    stream.create_consumer(dead).await.unwrap();
    let serving = serve(connected(&config).await, region(&journal));
    deliver(&portal(connected(&config).await), &parcel(1, 1)).await;
    assert_eq!((journal.count(), journal.calls.load(Ordering::SeqCst)), (1, 1));
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_longer_than_the_broker_takes_is_named_and_waits() {
    let broker = Broker::start(1);
    let config = config(&broker, 1);
    let client = portal(connected(&config).await);
    let mut long = parcel(1, 1);
    let file = long.files.first_mut().unwrap();
    file.bytes = vec![7; 3 * 1024 * 1024];
    file.hash = engine::case::FileHash(hex::encode(eds::sha256(&file.bytes)));
    // Before a connection stands the broker's bound is not known.
    deliver_refused(&client, &long, "max_payload").await;
}

async fn deliver_refused(client: &BorderClient, parcel: &Parcel, word: &str) {
    let began = Instant::now();
    loop {
        match client.deliver(parcel.clone()).await {
            Err(PortError::Unavailable(why)) if why.contains(word) => return,
            other => assert!(began.elapsed() < BOUND, "{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_die_and_return_in_turn_and_every_message_is_handled_once_in_its_order() {
    const CASES: u128 = 6;
    const MESSAGES: u128 = 30;
    let mut broker = Broker::start(3);
    let journal = Arc::new(Journal::default());
    let config = config(&broker, 3);
    let serving = serve(connected(&config).await, region(&journal));
    let transport = connected(&config).await;
    // A lane a case, as the outbox has: the next message leaves when the one before has its receipt.
    let lanes: Vec<_> = (1..=CASES)
        .map(|case| {
            let client = portal(Arc::clone(&transport) as _);
            tokio::spawn(async move {
                let mut tries = 0;
                for number in 1..=MESSAGES {
                    tries += deliver(&client, &parcel(case, number)).await;
                }
                tries
            })
        })
        .collect();
    let all = usize::try_from(CASES * MESSAGES).unwrap();
    for node in 0..3 {
        // In the middle of the traffic, each time further on.
        journal.holds(all * (node + 1) / 5).await;
        broker.kill(node);
        let before = journal.count();
        journal.holds(before + 5).await;
        broker.restart(node);
        wait_whole(&transport).await;
    }
    let mut tries = 0;
    for lane in lanes {
        tries += tokio::time::timeout(BOUND, lane).await.unwrap().unwrap();
    }
    let taken = journal.taken.lock().unwrap().clone();
    assert_eq!(taken.len(), all, "nothing lost, nothing doubled");
    for case in 1..=CASES {
        let of = taken.iter().filter(|it| it.0 == CaseId(Uuid::from_u128(case)));
        let numbers: Vec<u128> = of.map(|it| it.1.as_u128() % 1_000_000).collect();
        assert_eq!(numbers, (1..=MESSAGES).collect::<Vec<_>>(), "the order of case {case}");
    }
    println!("{all} messages, {tries} tries, {} calls", journal.calls.load(Ordering::SeqCst));
    assert_eq!(
        journal.calls.load(Ordering::SeqCst),
        all,
        "the process lived, so no message was handled twice"
    );
    serving.abort();
}

/// Waits until every node holds the messages again.
async fn wait_whole(transport: &NatsTransport) {
    let began = Instant::now();
    loop {
        if transport.standing().await.is_ok_and(|it| it.missing.is_empty()) {
            return;
        }
        assert!(began.elapsed() < BOUND, "the cluster does not become whole");
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_configuration_that_cannot_be_is_named() {
    let read = |json: &str| serde_json::from_str::<NatsConfig>(json).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let told = |json: &str| runtime.block_on(NatsTransport::connect(read(json))).unwrap_err().to_string();
    assert!(told("{}").contains("`servers`"));
    assert!(told(r#"{"servers": ["nats://x"], "prefix": "a.b"}"#).contains("`prefix`"));
    assert!(told(r#"{"servers": ["nats://x"], "replicas": 2}"#).contains("`replicas`"));
    assert!(told(r#"{"servers": ["tls://x"]}"#).contains("`tls`"));
    for seconds in [gateway::relay::QUESTION_WAIT_SECONDS_MAX, gateway::transport::ANSWER_WAIT_SECONDS_MAX] {
        let limits = format!(r#"{{"servers": ["nats://x"], "limits": {{"question_seconds": {seconds}}}}}"#);
        let told = told(&limits);
        assert!(told.contains("`question_seconds`") && told.contains(&format!(" {seconds}")), "{told}");
    }
    let login = r#"{"servers": ["nats://x"], "login": {"user": "a", "password_file": "/nowhere/at/all"}}"#;
    assert!(told(login).contains("/nowhere/at/all"));
    assert!(serde_json::from_str::<NatsConfig>(r#"{"server": []}"#).is_err());
    assert!(
        NatsLimits::default().exchange_seconds < 60,
        "the sender of parcels waits longer than the broker"
    );
}
