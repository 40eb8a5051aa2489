// SPDX-License-Identifier: MIT OR Apache-2.0
//! The process that is ended: it commits, sends, seals, and says what was acknowledged.

use crate::fixture::{KEY, at, events, hash_of, reading, row, stream, wait, work};
use service::ports::Store;
use service::ports::store::{Built, Commit, CommitError, Row, RowChange, Settlement, StreamId};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use store::{FailPoint, Faults, SqliteStore};
use uuid::Uuid;

pub(super) const TEST: &str = "crash::child::works_until_it_is_ended";
pub(super) const DIR: &str = "QYZMET_TEST_CRASH_DIR";
pub(super) const LIFE: &str = "QYZMET_TEST_CRASH_LIFE";
pub(super) const FAULT: &str = "QYZMET_TEST_CRASH_FAULT";
/// Threads that commit.
pub(super) const TASKS: u64 = 6;
/// The one series from which every order takes a number.
const SERIES: &str = "incoming/test-office/2026";
/// A child that nobody ends gives up after so many orders a thread.
const ORDERS_MAX: u64 = 3_000;
const TRIES_MAX: u32 = 100;
/// A seal is made after so many orders.
const SEALED_EVERY: u64 = 16;

/// What a child says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// An order was acknowledged with its number.
    Done { task: u64, order: u64, number: u64 },
    /// Work was claimed.
    Claimed(Uuid),
    /// The settlement of that work was acknowledged.
    Settled(Uuid),
}

impl Said {
    pub(super) fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["@done", task, order, number, "."] => Some(Self::Done {
                task: task.parse().ok()?,
                order: order.parse().ok()?,
                number: number.parse().ok()?,
            }),
            ["@claimed", id, "."] => Some(Self::Claimed(id.parse().ok()?)),
            ["@settled", id, "."] => Some(Self::Settled(id.parse().ok()?)),
            _ => None,
        }
    }

    /// Says it; the point at the end shows that the line is whole.
    fn say(self) {
        let line = match self {
            Self::Done { task, order, number } => format!("@done {task} {order} {number} .\n"),
            Self::Claimed(id) => format!("@claimed {id} .\n"),
            Self::Settled(id) => format!("@settled {id} .\n"),
        };
        std::io::stdout().write_all(line.as_bytes()).expect("the parent listens");
    }
}

/// Does nothing unless it is started as a child.
#[test]
fn works_until_it_is_ended() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let life: i64 = std::env::var(LIFE).unwrap().parse().unwrap();
    println!();
    let store = SqliteStore::open_with_faults(Path::new(&dir), &KEY, faults()).unwrap();
    let store = &store;
    let (committed, to_send) = channel();
    std::thread::scope(|threads| {
        for task in 0..TASKS {
            let committed = committed.clone();
            threads.spawn(move || or_exit(wait(commit_orders(store, task, &committed))));
        }
        drop(committed);
        threads.spawn(move || or_exit(wait(send_and_seal(store, life, &to_send))));
    });
}

/// A thread that fails ends the process, so that the parent does not wait for acknowledgements that never come.
fn or_exit(result: Result<(), String>) {
    if let Err(error) = result {
        eprintln!("{error}");
        std::process::exit(3);
    }
}

fn faults() -> Faults {
    let Ok(fault) = std::env::var(FAULT) else { return Faults::default() };
    let Some((place, hit)) = fault.split_once(':') else { return Faults::default() };
    let place: FailPoint = FailPoint::ALL[place.parse::<usize>().unwrap()];
    let hits_left = AtomicU32::new(hit.parse().unwrap());
    Faults::new(move |point| {
        if point == place && hits_left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
        Ok(())
    })
}

async fn commit_orders(store: &SqliteStore, task: u64, committed: &Sender<()>) -> Result<(), String> {
    let first = last_order(store, task).await + 1;
    for order in first..first + ORDERS_MAX {
        let answer = submit(store, task, order).await.map_err(|it| it.to_string())?;
        Said::Done { task, order, number: String::from_utf8(answer).unwrap().parse().unwrap() }.say();
        committed.send(()).map_err(|it| it.to_string())?;
    }
    Ok(())
}

/// Returns the last order of a task that was committed.
pub(super) async fn last_order(store: &SqliteStore, task: u64) -> u64 {
    let last = store.row("tasks", &task.to_string()).await.unwrap();
    last.map_or(0, |it| String::from_utf8(it.body).unwrap().parse().unwrap())
}

/// Submits an order as the service does: keep its file, load, commit, and decide again when the version is lost.
pub(super) async fn submit(store: &SqliteStore, task: u64, order: u64) -> Result<Vec<u8>, CommitError> {
    if let Some(content) = file_of(task, order) {
        store.put_file(content).await.map_err(|it| CommitError::Unavailable(it.0))?;
    }
    let stream = stream_of(task, order);
    for _ in 0..TRIES_MAX {
        let head = store.head(&stream).await.map_err(|it| CommitError::Unavailable(it.0))?;
        match store.commit(commit(&stream, head.unwrap_or_default(), task, order)).await {
            Err(CommitError::VersionLost) => {}
            result => return result,
        }
    }
    Err(CommitError::Unavailable("lost too often".to_owned()))
}

fn commit(stream: &StreamId, head: (u64, [u8; 32]), task: u64, order: u64) -> Commit {
    let of_events = stream.clone();
    let build = move |numbers: &[u64]| {
        let number = numbers[0];
        let texts = ["opened", "filed"].map(|it| format!("{task}/{order} {number} {it}"));
        let key = format!("{task}/{order}");
        Built {
            events: events(&of_events, head, &texts),
            rows: vec![
                RowChange::Put(Row {
                    body: number.to_string().into_bytes(),
                    ..row("orders", &key, Some("all"), &key)
                }),
                RowChange::Put(Row {
                    body: order.to_string().into_bytes(),
                    ..row("tasks", &task.to_string(), None, "")
                }),
            ],
            outbox: vec![work(order_id(task, order).as_u128(), &format!("lane-{task}"), at(0))],
            answer: number.to_string().into_bytes(),
        }
    };
    Commit {
        order: Some(order_id(task, order)),
        stream: Some((stream.clone(), head.0)),
        numbers: vec![SERIES.to_owned()],
        appends: vec![reading(&stream_of_readings(task), &order.to_string())],
        build: Box::new(build),
        at: at(0),
    }
}

pub(super) fn order_id(task: u64, order: u64) -> Uuid {
    Uuid::from_u64_pair(task + 1, order)
}

/// Every fourth order goes to a stream for which all tasks contend.
pub(super) fn stream_of(task: u64, order: u64) -> StreamId {
    if order.is_multiple_of(4) { stream("case/shared") } else { stream(&format!("case/{task}")) }
}

/// Every order is noted at the end of a stream for which two tasks contend.
pub(super) fn stream_of_readings(task: u64) -> StreamId {
    stream(&format!("access/{}", task / 2))
}

/// Every third order has a file.
pub(super) fn file_of(task: u64, order: u64) -> Option<Vec<u8>> {
    order.is_multiple_of(3).then(|| format!("file of order {order} of task {task}").into_bytes())
}

/// Does the work of the outbox after each commit, and seals now and then.
async fn send_and_seal(store: &SqliteStore, life: i64, committed: &Receiver<()>) -> Result<(), String> {
    let (now, lease_until) = (at(life * 100), at(life * 100 + 10));
    for commits in 1.. {
        if committed.recv().is_err() {
            break;
        }
        for claimed in store.claim(now, lease_until, 2).await.map_err(|it| it.to_string())? {
            Said::Claimed(claimed.row.id).say();
            store.settle(claimed.row.id, Settlement::Done).await.map_err(|it| it.to_string())?;
            Said::Settled(claimed.row.id).say();
        }
        if commits % SEALED_EVERY == 1 {
            store.seal_pending(&sign, now).await.map_err(|it| it.to_string())?;
        }
    }
    Ok(())
}

pub(super) fn sign(root: &[u8; 32]) -> Vec<u8> {
    let mut signature = root.to_vec();
    signature.reverse();
    signature
}

pub(super) fn intact(store: &SqliteStore) -> bool {
    let report = store.verify_chain(&hash_of, &|root, signature| sign(root) == signature).unwrap();
    assert_eq!(report.faults, []);
    report.events == 0 || report.seals > 0
}
