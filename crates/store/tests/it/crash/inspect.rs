// SPDX-License-Identifier: MIT OR Apache-2.0
//! What must hold in the folder of a process that was ended.

use super::child::{self, Said, TASKS, file_of, last_order, order_id, stream_of, stream_of_readings, submit};
use crate::fixture::{KEY, at, query, stream, wait};
use engine::case::FileHash;
use service::ports::Store;
use service::ports::store::{CommitError, Settlement};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use store::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// What was acknowledged in all lives so far.
#[derive(Default)]
pub(super) struct Known {
    /// Orders and their numbers.
    done: BTreeMap<(u64, u64), u64>,
    /// Work whose settlement was acknowledged.
    settled: BTreeSet<Uuid>,
    /// Work that was claimed.
    claimed: BTreeSet<Uuid>,
    /// Orders that were committed and not acknowledged.
    unheard: u64,
    /// Orders that were not committed and were sent again.
    sent_again: u64,
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} orders done, {} committed unheard, {} sent again, {} settled",
            self.done.len(),
            self.unheard,
            self.sent_again,
            self.settled.len()
        )
    }
}

impl Known {
    /// Opens the folder after a life and checks it against all that was said.
    pub(super) fn check(&mut self, dir: &TempDir, life: u64, said: Vec<Said>) {
        for said in said {
            match said {
                Said::Done { task, order, number } => {
                    assert_eq!(self.done.insert((task, order), number), None, "an order was done twice");
                }
                Said::Claimed(id) => {
                    assert!(!self.settled.contains(&id), "settled work was claimed again");
                    self.claimed.insert(id);
                }
                Said::Settled(id) => assert!(self.settled.insert(id), "work was settled twice"),
            }
        }
        let store = SqliteStore::open(dir.path(), &KEY).unwrap();
        wait(async {
            self.whole(&store).await;
            self.send_unheard_again(&store).await;
            self.whole(&store).await;
            self.drain(&store, life).await;
            store.seal_pending(&child::sign, at(0)).await.unwrap();
        });
        assert!(child::intact(&store), "there is no seal");
    }

    /// Every order is there whole, once and with its number; numbers have no gaps.
    async fn whole(&self, store: &SqliteStore) {
        let rows = rows(store).await;
        for (order, number) in &self.done {
            assert_eq!(rows.get(order), Some(number), "an acknowledged order was lost");
        }
        assert_eq!(rows, opened_and_filed(store).await, "rows and events are of the same orders");
        assert_eq!(rows.len(), noted(store).await, "each order is noted once");
        let numbers: BTreeSet<u64> = rows.values().copied().collect();
        assert!(numbers.into_iter().eq(1..=rows.len() as u64), "numbers have a gap or a double");
        for task in 0..TASKS {
            let last = last_order(store, task).await;
            let orders = rows.keys().filter(|it| it.0 == task).map(|it| it.1);
            assert!(orders.eq(1..=last), "the orders of a task are not 1 to {last}");
            for content in (1..=last).filter_map(|order| file_of(task, order)) {
                let name = FileHash(hex::encode(Sha256::digest(&content)));
                assert_eq!(store.file(&name).await.unwrap(), Some(content));
            }
        }
    }

    /// Each task sends the order that it heard nothing of; what was committed is answered as the first time.
    async fn send_unheard_again(&mut self, store: &SqliteStore) {
        let rows = rows(store).await;
        for task in 0..TASKS {
            let heard = self.done.range((task, 0)..=(task, u64::MAX)).next_back().map_or(0, |it| it.0.1);
            let answer = match (submit(store, task, heard + 1).await, rows.get(&(task, heard + 1))) {
                (Err(CommitError::Repeated(answer)), Some(_)) => {
                    self.unheard += 1;
                    answer
                }
                (Ok(answer), None) => {
                    self.sent_again += 1;
                    answer
                }
                (result, committed) => panic!("committed: {committed:?}, answered: {result:?}"),
            };
            assert_eq!(submit(store, task, heard + 1).await, Err(CommitError::Repeated(answer.clone())));
            let number = String::from_utf8(answer).unwrap().parse().unwrap();
            self.done.insert((task, heard + 1), number);
        }
    }

    /// Work that was settled does not come again, and no work is lost.
    async fn drain(&mut self, store: &SqliteStore, life: u64) {
        // Later than the leases of this life, earlier than the next life.
        let minutes = i64::try_from(life).unwrap() * 100 + 50;
        let (now, later) = (at(minutes), at(minutes + 10));
        loop {
            let claimed = store.claim(now, later, 100).await.unwrap();
            if claimed.is_empty() {
                break;
            }
            for claimed in claimed {
                let id = claimed.row.id;
                assert!(self.settled.insert(id), "settled work came again");
                self.claimed.insert(id);
                store.settle(id, Settlement::Done).await.unwrap();
            }
        }
        for (task, order) in self.done.keys() {
            assert!(self.claimed.contains(&order_id(*task, *order)), "work was lost");
        }
        assert_eq!(store.next_due().await.unwrap(), None);
    }
}

/// Returns the orders that have a row, with their numbers.
async fn rows(store: &SqliteStore) -> BTreeMap<(u64, u64), u64> {
    let mut found = BTreeMap::new();
    let mut page = query("orders", "all", 200);
    loop {
        let rows = store.list(page.clone()).await.unwrap();
        let Some(last) = rows.last() else { return found };
        page.after = Some((last.sort.clone(), last.key.clone()));
        for row in rows {
            assert_eq!(row.revision, 1, "an order was done twice");
            let number = String::from_utf8(row.body).unwrap().parse().unwrap();
            found.insert(parse_order(&row.key), number);
        }
    }
}

/// Returns the orders that have both events, with their numbers.
async fn opened_and_filed(store: &SqliteStore) -> BTreeMap<(u64, u64), u64> {
    let mut streams: Vec<_> = (0..TASKS).map(|task| stream_of(task, 1)).collect();
    streams.push(stream("case/shared"));
    let mut found = BTreeMap::new();
    for stream in streams {
        for pair in store.load(&stream, 0).await.unwrap().chunks(2) {
            let texts: Vec<String> =
                pair.iter().map(|it| String::from_utf8(it.public.clone()).unwrap()).collect();
            let opened = texts[0].strip_suffix(" opened").expect("a commit is there by half");
            assert_eq!(texts[1].strip_suffix(" filed"), Some(opened), "a commit is there by half");
            let (order, number) = opened.split_once(' ').unwrap();
            let twice = found.insert(parse_order(order), number.parse().unwrap());
            assert_eq!(twice, None, "an order has its events twice");
        }
    }
    found
}

/// Returns how many orders were noted.
async fn noted(store: &SqliteStore) -> usize {
    let streams: BTreeSet<_> = (0..TASKS).map(stream_of_readings).collect();
    let mut count = 0;
    for stream in streams {
        count += store.load(&stream, 0).await.unwrap().len();
    }
    count
}

fn parse_order(text: &str) -> (u64, u64) {
    let (task, order) = text.split_once('/').unwrap();
    (task.parse().unwrap(), order.parse().unwrap())
}
