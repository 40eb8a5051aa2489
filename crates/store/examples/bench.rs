// SPDX-License-Identifier: MIT OR Apache-2.0
//! Measures committed orders a second: `cargo run --release -p store --example bench [SECONDS] [DIR]`.
//!
//! An order here is what a step of a case is: one event of 350 bytes, a row changed, one piece of work, one number of
//! an office, and the order's own id, acknowledged after the commit is on the disk. Each task has a case of its own.

use jiff::Timestamp;
use service::ports::Store;
use service::ports::store::{Built, Commit, OutboxRow, Row, RowChange, StoredEvent, StreamId};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::SqliteStore;
use uuid::Uuid;

const TASKS: [u64; 3] = [1, 8, 32];
const SECONDS: u64 = 3;
const OFFICES: u64 = 4;
const PUBLIC_BYTES: usize = 350;

type Fault = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(SECONDS), |it| it.parse())?;
    let dir = arguments.next().unwrap_or_else(|| "target/bench-store".to_owned());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let mut out = std::io::stdout();
    writeln!(out, "{:>6} {:>12} {:>10} {:>10} {:>10}", "tasks", "orders/s", "p50 ms", "p99 ms", "max ms")?;
    for tasks in TASKS {
        let dir = Path::new(&dir).join(tasks.to_string());
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        let store = Arc::new(SqliteStore::open(&dir, &[1; 32])?);
        let started = Instant::now();
        let until = started + Duration::from_secs(seconds);
        let mut waits = runtime.block_on(commits(&store, tasks, until))?;
        let orders_a_second = waits.len() as u128 * 1_000 / started.elapsed().as_millis().max(1);
        waits.sort_unstable();
        let at = |percent: usize| {
            let place = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
            waits.get(place).map_or(0.0, |it| it.as_secs_f64() * 1_000.0)
        };
        let (half, most, max) = (at(50), at(99), at(100));
        writeln!(out, "{tasks:>6} {orders_a_second:>12} {half:>10.2} {most:>10.2} {max:>10.2}")?;
    }
    Ok(())
}

/// Returns how long each order took.
async fn commits(store: &Arc<SqliteStore>, tasks: u64, until: Instant) -> Result<Vec<Duration>, Fault> {
    let mut running = tokio::task::JoinSet::new();
    for task in 0..tasks {
        running.spawn(one_task(Arc::clone(store), task, until));
    }
    let mut waits = Vec::new();
    while let Some(of_task) = running.join_next().await {
        waits.extend(of_task??);
    }
    Ok(waits)
}

async fn one_task(store: Arc<SqliteStore>, task: u64, until: Instant) -> Result<Vec<Duration>, Fault> {
    let mut previous = [0; 32];
    let mut waits = Vec::new();
    let mut version = 0;
    while Instant::now() < until {
        let event = event(task, version + 1, previous);
        previous = event.hash;
        let commit = commit(task, version, event);
        let asked = Instant::now();
        store.commit(commit).await?;
        waits.push(asked.elapsed());
        version += 1;
    }
    Ok(waits)
}

fn event(task: u64, version: u64, previous: [u8; 32]) -> StoredEvent {
    let public = vec![b'x'; PUBLIC_BYTES];
    let mut digest = Sha256::new();
    digest.update(previous);
    digest.update(&public);
    StoredEvent {
        stream: StreamId(format!("case/{task}")),
        version,
        at: Timestamp::UNIX_EPOCH,
        kind: "bench.step".to_owned(),
        format: 1,
        public,
        private: None,
        previous,
        hash: digest.finalize().into(),
    }
}

fn commit(task: u64, version: u64, event: StoredEvent) -> Commit {
    let stream = event.stream.clone();
    let id = Uuid::from_u64_pair(task + 1, version);
    let build = move |numbers: &[u64]| Built {
        rows: vec![RowChange::Put(Row {
            table: "cases".to_owned(),
            key: event.stream.0.clone(),
            list: Some("queue".to_owned()),
            sort: format!("{version:020}"),
            body: event.public.clone(),
            revision: 0,
        })],
        outbox: vec![OutboxRow {
            id,
            lane: event.stream.0.clone(),
            kind: "bench.send".to_owned(),
            payload: event.public.clone(),
            not_before: Timestamp::UNIX_EPOCH,
        }],
        events: vec![event],
        answer: numbers.iter().flat_map(|it| it.to_be_bytes()).collect(),
    };
    Commit {
        order: Some(id),
        stream: Some((stream, version)),
        numbers: vec![format!("incoming/office-{}", task % OFFICES)],
        appends: Vec::new(),
        build: Box::new(build),
        at: Timestamp::UNIX_EPOCH,
    }
}
