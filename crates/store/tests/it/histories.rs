// SPDX-License-Identifier: MIT OR Apache-2.0
//! Random histories: the store on `SQLite` answers each request as the store in memory does, also after it was opened
//! anew in the middle.

use crate::fixture::{KEY, at, events, hash_of, id, query, row, stream, wait, work};
use crate::model::Model;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use service::ports::Store;
use service::ports::store::{Built, Claimed, Commit, CommitError, RowChange, Settlement};
use store::SqliteStore;
use tempfile::TempDir;

const HISTORIES: u32 = 24;
const STEPS_MAX: usize = 60;
const NAMES: u8 = 3;

#[derive(Debug, Clone)]
enum Step {
    Commit { order: Option<u8>, stream: Option<(u8, i8)>, numbers: Vec<u8>, content: Content },
    Claim { most: usize },
    Settle { place: usize, how: u8 },
    Pass { minutes: i64 },
    Reopen,
}

#[derive(Debug, Clone)]
struct Content {
    events: u8,
    rows: Vec<(u8, u8)>,
    lanes: Vec<(u8, i8)>,
    panics: bool,
}

fn content() -> impl Strategy<Value = Content> {
    let rows = prop::collection::vec((0..NAMES, 0..6_u8), 0..4);
    let lanes = prop::collection::vec((0..NAMES, -5..20_i8), 0..3);
    (0..3_u8, rows, lanes, prop::bool::weighted(0.05)).prop_map(|(events, rows, lanes, panics)| Content {
        events,
        rows,
        lanes,
        panics,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let off_by = prop_oneof![8 => Just(0_i8), 1 => -1..2_i8];
    let commit = (
        prop::option::of(0..20_u8),
        prop::option::weighted(0.8, (0..NAMES, off_by)),
        prop::collection::vec(0..NAMES, 0..3),
        content(),
    );
    let commit =
        commit.prop_map(|(order, stream, numbers, content)| Step::Commit { order, stream, numbers, content });
    prop_oneof![
        6 => commit,
        3 => (0..4_usize).prop_map(|most| Step::Claim { most }),
        3 => (0..4_usize, 0..4_u8).prop_map(|(place, how)| Step::Settle { place, how }),
        2 => prop_oneof![0..15_i64, Just(16 * 24 * 60)].prop_map(|minutes| Step::Pass { minutes }),
        // Opening syncs much and is slow.
        1 => prop::bool::weighted(0.3).prop_map(|it| if it { Step::Reopen } else { Step::Pass { minutes: 1 } }),
    ]
}

/// A walk of both stores through one history.
struct Walk {
    dir: TempDir,
    model: Model,
    now: i64,
    claimed: Vec<Claimed>,
    next_work: u128,
}

#[test]
fn a_random_history_goes_as_in_memory() {
    let config = Config { cases: HISTORIES, failure_persistence: None, ..Config::default() };
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let history = prop::collection::vec(step(), 1..STEPS_MAX);
    TestRunner::new_with_rng(config, seed)
        .run(&history, |steps| {
            wait(async {
                let dir = TempDir::new().unwrap();
                let mut store = SqliteStore::open(dir.path(), &KEY).unwrap();
                let mut walk =
                    Walk { dir, model: Model::default(), now: 0, claimed: Vec::new(), next_work: 1 };
                for step in steps {
                    store = walk.step(store, step).await;
                }
                walk.compare(&store).await;
            });
            Ok(())
        })
        .unwrap();
}

impl Walk {
    async fn step(&mut self, store: SqliteStore, step: Step) -> SqliteStore {
        match step {
            Step::Commit { order, stream: name, numbers, content } => {
                let first_work = self.next_work;
                self.next_work += content.lanes.len() as u128;
                let head = match name {
                    Some((name, _)) => self.model.head(&stream(&name.to_string())).await.unwrap(),
                    None => None,
                }
                .unwrap_or_default();
                let commit = || Commit {
                    order: order.map(|it| id(it.into())),
                    stream: name.map(|(name, off_by)| {
                        (stream(&name.to_string()), head.0.saturating_add_signed(off_by.into()))
                    }),
                    numbers: numbers.iter().map(ToString::to_string).collect(),
                    appends: Vec::new(),
                    build: {
                        let (content, now) = (content.clone(), self.now);
                        let name = name.map(|it| it.0.to_string());
                        Box::new(move |numbers| {
                            content.built(name.as_deref(), head, (numbers, first_work, now))
                        })
                    },
                    at: at(self.now),
                };
                let expected = plain(self.model.commit(commit()).await);
                assert_eq!(plain(store.commit(commit()).await), expected);
            }
            Step::Claim { most } => {
                let (now, lease_until) = (at(self.now), at(self.now + 10));
                let claimed = self.model.claim(now, lease_until, most).await.unwrap();
                assert_eq!(store.claim(now, lease_until, most).await.unwrap(), claimed);
                self.claimed.extend(claimed);
            }
            Step::Settle { place, how } => {
                let Some(claimed) = self.claimed.get(place) else { return store };
                let why = "for a reason".to_owned();
                let settlement = match how {
                    0 => Settlement::Done,
                    1 => Settlement::Again { at: at(self.now + 3), why },
                    2 => Settlement::Untried { at: at(self.now + 3), why },
                    _ => Settlement::SetAside { why },
                };
                store.settle(claimed.row.id, settlement.clone()).await.unwrap();
                self.model.settle(claimed.row.id, settlement).await.unwrap();
                if how == 0 {
                    self.claimed.remove(place);
                }
            }
            Step::Pass { minutes } => self.now += minutes,
            Step::Reopen => {
                drop(store);
                return SqliteStore::open(self.dir.path(), &KEY).unwrap();
            }
        }
        assert_eq!(store.next_due().await, self.model.next_due().await);
        store
    }

    async fn compare(&self, store: &SqliteStore) {
        for name in 0..NAMES {
            let name = name.to_string();
            let stream = stream(&name);
            assert_eq!(store.load(&stream, 0).await, self.model.load(&stream, 0).await);
            assert_eq!(store.head(&stream).await, self.model.head(&stream).await);
            let mut query = query("t", &name, 3);
            assert_eq!(store.list(query.clone()).await, self.model.list(query.clone()).await);
            query.descending = true;
            assert_eq!(store.list(query.clone()).await, self.model.list(query).await);
            assert_eq!(store.row("t", &name).await, self.model.row("t", &name).await);
            assert_eq!(store.count("t", &name, 2).await, self.model.count("t", &name, 2).await);
        }
        assert_eq!(store.stuck(100).await, self.model.stuck(100).await);
        assert_eq!(store.verify_chain(&hash_of, &|_, _| true).unwrap().faults, []);
    }
}

impl Content {
    fn built(self, name: Option<&str>, head: (u64, [u8; 32]), rest: (&[u64], u128, i64)) -> Built {
        let (numbers, first_work, now) = rest;
        assert!(!self.panics, "a mistake on purpose");
        let texts: Vec<String> = (0..self.events).map(|it| format!("event {it} {numbers:?}")).collect();
        let change = |(key, what): &(u8, u8)| {
            let of_list = (key + what) % NAMES;
            let row = row("t", &key.to_string(), Some(&of_list.to_string()), &what.to_string());
            match what {
                0 => RowChange::Delete { table: row.table, key: row.key },
                1 | 2 => RowChange::PutIf(row, u64::from(*what) - 1),
                _ => RowChange::Put(row),
            }
        };
        let send = |(number, (lane, delay)): (u128, &(u8, i8))| {
            work(first_work + number, &lane.to_string(), at(now + i64::from(*delay)))
        };
        Built {
            events: events(&stream(name.unwrap_or("none")), head, &texts),
            rows: self.rows.iter().map(change).collect(),
            outbox: (0..).zip(&self.lanes).map(send).collect(),
            answer: format!("{numbers:?}").into_bytes(),
        }
    }
}

/// Leaves out the words of an error that only people read.
fn plain(result: Result<Vec<u8>, CommitError>) -> Result<Vec<u8>, CommitError> {
    result.map_err(|it| match it {
        CommitError::Unusable(_) => CommitError::Unusable(String::new()),
        other @ (CommitError::VersionLost
        | CommitError::RowLost
        | CommitError::Repeated(_)
        | CommitError::Unavailable(_)) => other,
    })
}
