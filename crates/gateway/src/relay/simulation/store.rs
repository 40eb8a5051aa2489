// SPDX-License-Identifier: MIT OR Apache-2.0
//! A store in memory with crash points: it fails before or after what it was asked to do, or its process dies there.

use super::world::{Life, World, stumble};
use async_trait::async_trait;
use engine::case::FileHash;
use jiff::{SignedDuration, Timestamp};
use service::ports::Store;
use service::ports::store::{
    Built, Claimed, Commit, CommitError, ListQuery, OutboxRow, Row, RowChange, Settlement, StoreError,
    StoredEvent, StreamId, Stuck,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// How a store is broken on purpose, to see that the checker sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    No,
    /// It acknowledges what is not on the disk yet.
    AnswersBeforeCommit,
    /// It forgets which orders it has done, and never minds the version of a stream.
    NoDedupe,
    /// It gives out any row of a lane.
    LaneIgnored,
}

#[derive(Debug, Clone)]
struct Work {
    row: OutboxRow,
    ready_at: Timestamp,
    attempts: u32,
    why: Option<String>,
    set_aside: bool,
}

/// What is on the disk.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk {
    pub(super) streams: BTreeMap<StreamId, Vec<StoredEvent>>,
    rows: BTreeMap<(String, String), Row>,
    outbox: Vec<Work>,
    numbers: BTreeMap<String, u64>,
    orders: BTreeMap<Uuid, (Timestamp, Vec<u8>)>,
    files: BTreeMap<FileHash, Vec<u8>>,
}

/// The disk of one role; it outlives processes.
#[derive(Debug)]
pub(super) struct SimDisk {
    pub(super) world: Arc<World>,
    pub(super) broken: Broken,
    pub(super) disk: Mutex<Disk>,
    /// What a broken store would lose with its process: the disk as it was before the last commit.
    behind: Mutex<Option<Disk>>,
}

/// A process's store on that disk.
#[derive(Debug)]
pub(super) struct SimStore {
    pub(super) on: Arc<SimDisk>,
    pub(super) life: Arc<Life>,
}

impl SimDisk {
    pub(super) fn new(world: &Arc<World>, broken: Broken) -> Arc<Self> {
        let (disk, behind) = Default::default();
        Arc::new(Self { world: Arc::clone(world), broken, disk, behind })
    }

    /// Its process was killed.
    pub(super) fn killed(&self) {
        if let Some(before) = self.behind.lock().unwrap().take() {
            *self.disk.lock().unwrap() = before;
        }
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let disk = self.disk.lock().unwrap();
        let heads = disk.outbox.iter().enumerate().filter(|it| disk.is_head(it.0));
        heads.map(|it| it.1.ready_at).min()
    }

    /// Returns what still waits, in words.
    pub(super) fn waits(&self) -> Vec<String> {
        let disk = self.disk.lock().unwrap();
        let shown =
            |it: &Work| format!("{} tried {} until {}: {:?}", it.row.kind, it.attempts, it.ready_at, it.why);
        disk.outbox.iter().map(shown).collect()
    }

    pub(super) fn waiting(&self) -> usize {
        self.disk.lock().unwrap().outbox.len()
    }

    /// Returns the events of the streams that begin so, in order.
    pub(super) fn events(&self, beginning: &str) -> Vec<StoredEvent> {
        let disk = self.disk.lock().unwrap();
        let of = disk.streams.iter().filter(|it| it.0.0.starts_with(beginning));
        of.flat_map(|it| it.1.clone()).collect()
    }
}

impl Disk {
    fn commit(&mut self, commit: Commit, broken: Broken) -> Result<Vec<u8>, CommitError> {
        let dedupes = broken != Broken::NoDedupe;
        self.orders.retain(|_, it| it.0 >= commit.at - SignedDuration::from_hours(30 * 24));
        if let Some((_, answer)) = commit.order.filter(|_| dedupes).and_then(|it| self.orders.get(&it)) {
            return Err(CommitError::Repeated(answer.clone()));
        }
        if let Some((stream, expected)) = &commit.stream {
            let is = self.streams.get(stream).map_or(0, |it| it.len() as u64);
            if is != *expected && dedupes {
                return Err(CommitError::VersionLost);
            }
        }
        let mut numbers = Vec::new();
        for series in &commit.numbers {
            numbers.push(self.numbers.get(series).copied().unwrap_or_default() + 1);
        }
        let built: Built = (commit.build)(&numbers);
        let stands = |it: &RowChange| match it {
            RowChange::PutIf(row, expected) => !dedupes || self.revision(row) == *expected,
            RowChange::Put(_) | RowChange::Delete { .. } => true,
        };
        if !built.rows.iter().all(stands) {
            return Err(CommitError::RowLost);
        }
        if dedupes && built.outbox.iter().any(|row| self.outbox.iter().any(|it| it.row.id == row.id)) {
            return Err(CommitError::Unusable("its work waits already".to_owned()));
        }
        for (series, number) in commit.numbers.into_iter().zip(numbers) {
            self.numbers.insert(series, number);
        }
        for event in built.events {
            self.streams.entry(event.stream.clone()).or_default().push(event);
        }
        for append in commit.appends {
            let events = self.streams.entry(append.stream.clone()).or_default();
            let head = events.last().map_or((0, [0; 32]), |it| (it.version, it.hash));
            events.push(append.behind(head));
        }
        for change in built.rows {
            self.change(change);
        }
        for row in built.outbox {
            let ready_at = row.not_before;
            self.outbox.push(Work { row, ready_at, attempts: 0, why: None, set_aside: false });
        }
        if let Some(order) = commit.order {
            self.orders.insert(order, (commit.at, built.answer.clone()));
        }
        Ok(built.answer)
    }

    /// Whether work is the oldest of its lane and may be claimed.
    fn is_head(&self, place: usize) -> bool {
        let (before, work) = (&self.outbox[..place], &self.outbox[place]);
        !work.set_aside && before.iter().all(|other| other.row.lane != work.row.lane)
    }

    fn revision(&self, row: &Row) -> u64 {
        self.rows.get(&(row.table.clone(), row.key.clone())).map_or(0, |it| it.revision)
    }

    fn change(&mut self, change: RowChange) {
        match change {
            RowChange::Put(mut row) | RowChange::PutIf(mut row, _) => {
                row.revision = self.revision(&row) + 1;
                self.rows.insert((row.table.clone(), row.key.clone()), row);
            }
            RowChange::Delete { table, key } => {
                self.rows.remove(&(table, key));
            }
        }
    }

    fn claim(&mut self, now: Timestamp, lease: Timestamp, most: usize, broken: Broken) -> Vec<Claimed> {
        let ignored = broken == Broken::LaneIgnored;
        let is_due = |it: &usize| self.outbox[*it].ready_at <= now && (ignored || self.is_head(*it));
        let mut due: Vec<usize> = (0..self.outbox.len()).filter(is_due).collect();
        due.sort_by_key(|it| (self.outbox[*it].ready_at, *it));
        due.truncate(most);
        let claim = |place: usize| {
            let work = &mut self.outbox[place];
            work.ready_at = lease;
            work.attempts += 1;
            Claimed { row: work.row.clone(), attempts: work.attempts - 1 }
        };
        due.into_iter().map(claim).collect()
    }

    fn settle(&mut self, id: Uuid, settlement: Settlement) {
        let Some(place) = self.outbox.iter().position(|it| it.row.id == id) else { return };
        let work = &mut self.outbox[place];
        match settlement {
            Settlement::Done => drop(self.outbox.remove(place)),
            Settlement::Again { at, why } => {
                (work.ready_at, work.why, work.set_aside) = (at, Some(why), false);
            }
            Settlement::Untried { at, why } => {
                (work.ready_at, work.why, work.set_aside) = (at, Some(why), false);
                work.attempts = work.attempts.saturating_sub(1);
            }
            Settlement::SetAside { why } => (work.why, work.set_aside) = (Some(why), true),
        }
    }
}

impl SimStore {
    /// Does something on the disk, unless it fails first; it may fail afterwards too.
    async fn act<T>(&self, it: impl FnOnce(&mut Disk) -> T) -> Result<T, String> {
        let world = &self.on.world;
        stumble(world).await;
        self.point("before").await?;
        self.on.behind.lock().unwrap().take();
        let done = it(&mut self.on.disk.lock().unwrap());
        stumble(world).await;
        self.point("after").await?;
        Ok(done)
    }

    async fn point(&self, place: &str) -> Result<(), String> {
        let world = &self.on.world;
        if world.happens(|it| it.kill) {
            self.life.kill();
        }
        if self.life.is_dead() {
            std::future::pending::<()>().await;
        }
        if world.happens(|it| it.store) { Err(format!("failed {place}")) } else { Ok(()) }
    }
}

#[async_trait]
impl Store for SimStore {
    async fn load(&self, stream: &StreamId, after: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let of = |it: &mut Disk| it.streams.get(stream).cloned().unwrap_or_default();
        let events = self.act(of).await.map_err(StoreError)?;
        Ok(events.into_iter().filter(|it| it.version > after).collect())
    }

    async fn commit(&self, commit: Commit) -> Result<Vec<u8>, CommitError> {
        let broken = self.on.broken;
        let before = (broken == Broken::AnswersBeforeCommit).then(|| self.on.disk.lock().unwrap().clone());
        let done = self.act(|it| it.commit(commit, broken)).await.map_err(CommitError::Unavailable)?;
        *self.on.behind.lock().unwrap() = before;
        done
    }

    async fn answer(&self, order: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let dedupes = self.on.broken != Broken::NoDedupe;
        let of = |it: &mut Disk| it.orders.get(&order).filter(|_| dedupes).map(|it| it.1.clone());
        self.act(of).await.map_err(StoreError)
    }

    async fn row(&self, table: &str, key: &str) -> Result<Option<Row>, StoreError> {
        let key = (table.to_owned(), key.to_owned());
        self.act(|it| it.rows.get(&key).cloned()).await.map_err(StoreError)
    }

    async fn list(&self, _: ListQuery) -> Result<Vec<Row>, StoreError> {
        Ok(Vec::new())
    }

    async fn count(&self, _: &str, _: &str, _: usize) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let broken = self.on.broken;
        self.act(|it| it.claim(now, lease_until, most, broken)).await.map_err(StoreError)
    }

    async fn settle(&self, id: Uuid, settlement: Settlement) -> Result<(), StoreError> {
        self.act(|it| it.settle(id, settlement)).await.map_err(StoreError)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.on.next_due())
    }

    async fn stuck(&self, _: usize) -> Result<Vec<Stuck>, StoreError> {
        Ok(Vec::new())
    }

    async fn stuck_one(&self, _: Uuid) -> Result<Option<Stuck>, StoreError> {
        Ok(None)
    }

    async fn waiting(&self, _: &str, _: usize) -> Result<Vec<Stuck>, StoreError> {
        Ok(Vec::new())
    }

    async fn put_file(&self, bytes: Vec<u8>) -> Result<FileHash, StoreError> {
        let name = FileHash(hex::encode(eds::sha256(&bytes)));
        let kept = name.clone();
        self.act(|it| it.files.insert(kept, bytes)).await.map_err(StoreError)?;
        Ok(name)
    }

    async fn file(&self, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.act(|it| it.files.get(hash).cloned()).await.map_err(StoreError)
    }
}
