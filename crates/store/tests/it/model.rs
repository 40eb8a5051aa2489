// SPDX-License-Identifier: MIT OR Apache-2.0
//! A store in memory, as plain as the port's words allow: what the others are compared with.

use async_trait::async_trait;
use engine::case::FileHash;
use jiff::{SignedDuration, Timestamp};
use service::ports::Store;
use service::ports::store::{
    Built, Claimed, Commit, CommitError, FILE_BYTES_MAX, LIST_MAX, ListQuery, OutboxRow, Row, RowChange,
    Settlement, StoreError, StoredEvent, StreamId, Stuck,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use uuid::Uuid;

#[derive(Debug, Clone)]
struct Work {
    row: OutboxRow,
    ready_at: Timestamp,
    attempts: u32,
    why: Option<String>,
    set_aside: bool,
}

#[derive(Debug, Clone, Default)]
struct State {
    streams: BTreeMap<StreamId, Vec<StoredEvent>>,
    rows: BTreeMap<(String, String), Row>,
    outbox: Vec<Work>,
    numbers: BTreeMap<String, u64>,
    orders: Vec<(Uuid, Timestamp, Vec<u8>)>,
    files: BTreeMap<FileHash, Vec<u8>>,
}

/// The store in memory.
#[derive(Debug, Default)]
pub(crate) struct Model(Mutex<State>);

impl State {
    fn commit(&mut self, commit: Commit) -> Result<Vec<u8>, CommitError> {
        self.orders.retain(|it| it.1 >= commit.at - SignedDuration::from_hours(30 * 24));
        if let Some((_, _, answer)) = self.orders.iter().find(|it| Some(it.0) == commit.order) {
            return Err(CommitError::Repeated(answer.clone()));
        }
        if let Some((stream, expected)) = &commit.stream
            && self.streams.get(stream).map_or(0, Vec::len) as u64 != *expected
        {
            return Err(CommitError::VersionLost);
        }
        let mut numbers = Vec::new();
        for series in &commit.numbers {
            let last = self.numbers.entry(series.clone()).or_default();
            *last += 1;
            numbers.push(*last);
        }
        let unusable = || CommitError::Unusable("by the model".to_owned());
        let call = AssertUnwindSafe(|| (commit.build)(&numbers));
        let built: Built = catch_unwind(call).map_err(|_| unusable())?;
        for event in built.events {
            let stream = commit.stream.as_ref().map(|it| &it.0).ok_or_else(unusable)?;
            let events = self.streams.entry(stream.clone()).or_default();
            let previous = events.last().map_or([0; 32], |it| it.hash);
            let follows = (&event.stream, event.version, event.previous);
            if follows != (stream, events.len() as u64 + 1, previous) {
                return Err(unusable());
            }
            events.push(event);
        }
        for append in commit.appends {
            let events = self.streams.entry(append.stream.clone()).or_default();
            let head = events.last().map_or((0, [0; 32]), |it| (it.version, it.hash));
            events.push(append.behind(head));
        }
        for change in built.rows {
            self.change(change)?;
        }
        for row in built.outbox {
            if self.outbox.iter().any(|it| it.row.id == row.id) {
                return Err(unusable());
            }
            let ready_at = row.not_before;
            self.outbox.push(Work { row, ready_at, attempts: 0, why: None, set_aside: false });
        }
        if let Some(order) = commit.order {
            self.orders.push((order, commit.at, built.answer.clone()));
        }
        Ok(built.answer)
    }

    fn change(&mut self, change: RowChange) -> Result<(), CommitError> {
        let revision = |rows: &BTreeMap<(String, String), Row>, row: &Row| {
            rows.get(&(row.table.clone(), row.key.clone())).map_or(0, |it| it.revision)
        };
        match change {
            RowChange::PutIf(row, expected) if revision(&self.rows, &row) != expected => {
                return Err(CommitError::RowLost);
            }
            RowChange::Put(mut row) | RowChange::PutIf(mut row, _) => {
                row.revision = revision(&self.rows, &row) + 1;
                self.rows.insert((row.table.clone(), row.key.clone()), row);
            }
            RowChange::Delete { table, key } => {
                self.rows.remove(&(table, key));
            }
        }
        Ok(())
    }

    /// Returns the places of the rows that may be claimed, the one that waits longest first.
    fn heads(&self) -> Vec<usize> {
        let is_head = |it: &usize| {
            let (before, row) = (&self.outbox[..*it], &self.outbox[*it]);
            !row.set_aside && before.iter().all(|other| other.row.lane != row.row.lane)
        };
        let mut heads: Vec<usize> = (0..self.outbox.len()).filter(is_head).collect();
        heads.sort_by_key(|it| (self.outbox[*it].ready_at, *it));
        heads
    }
}

#[async_trait]
impl Store for Model {
    async fn load(&self, stream: &StreamId, after: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let state = self.0.lock().unwrap();
        let events = state.streams.get(stream).cloned().unwrap_or_default();
        Ok(events.into_iter().filter(|it| it.version > after).collect())
    }

    async fn commit(&self, commit: Commit) -> Result<Vec<u8>, CommitError> {
        let mut state = self.0.lock().unwrap();
        let mut next = state.clone();
        let result = next.commit(commit);
        if result.is_ok() {
            *state = next;
        }
        result
    }

    async fn answer(&self, order: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let state = self.0.lock().unwrap();
        Ok(state.orders.iter().find(|it| it.0 == order).map(|it| it.2.clone()))
    }

    async fn row(&self, table: &str, key: &str) -> Result<Option<Row>, StoreError> {
        Ok(self.0.lock().unwrap().rows.get(&(table.to_owned(), key.to_owned())).cloned())
    }

    async fn list(&self, query: ListQuery) -> Result<Vec<Row>, StoreError> {
        let state = self.0.lock().unwrap();
        let of_list = |it: &&Row| it.table == query.table && it.list.as_ref() == Some(&query.list);
        let mut rows: Vec<Row> = state.rows.values().filter(of_list).cloned().collect();
        rows.sort_by_key(|it| (it.sort.clone(), it.key.clone()));
        if query.descending {
            rows.reverse();
        }
        if let Some(after) = &query.after {
            let place = |it: &Row| (it.sort.clone(), it.key.clone());
            rows.retain(|it| if query.descending { place(it) < *after } else { place(it) > *after });
        }
        rows.truncate(query.limit.min(LIST_MAX));
        Ok(rows)
    }

    async fn count(&self, table: &str, list: &str, most: usize) -> Result<usize, StoreError> {
        let state = self.0.lock().unwrap();
        let of_list = |it: &&Row| it.table == table && it.list.as_deref() == Some(list);
        Ok(state.rows.values().filter(of_list).take(most).count())
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut state = self.0.lock().unwrap();
        let mut due = state.heads();
        due.retain(|it| state.outbox[*it].ready_at <= now);
        due.truncate(most);
        due.sort_unstable();
        let claim = |place: usize| {
            let work = &mut state.outbox[place];
            work.ready_at = lease_until;
            work.attempts += 1;
            Claimed { row: work.row.clone(), attempts: work.attempts - 1 }
        };
        Ok(due.into_iter().map(claim).collect())
    }

    async fn settle(&self, id: Uuid, settlement: Settlement) -> Result<(), StoreError> {
        let mut state = self.0.lock().unwrap();
        let Some(place) = state.outbox.iter().position(|it| it.row.id == id) else { return Ok(()) };
        let work = &mut state.outbox[place];
        match settlement {
            Settlement::Done => {
                state.outbox.remove(place);
            }
            Settlement::Again { at, why } => {
                (work.ready_at, work.why, work.set_aside) = (at, Some(why), false);
            }
            Settlement::Untried { at, why } => {
                (work.ready_at, work.why, work.set_aside) = (at, Some(why), false);
                work.attempts = work.attempts.saturating_sub(1);
            }
            Settlement::SetAside { why } => (work.why, work.set_aside) = (Some(why), true),
        }
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let state = self.0.lock().unwrap();
        Ok(state.heads().first().map(|it| state.outbox[*it].ready_at))
    }

    async fn stuck(&self, most: usize) -> Result<Vec<Stuck>, StoreError> {
        let state = self.0.lock().unwrap();
        let mut stuck: Vec<&Work> =
            state.outbox.iter().filter(|it| it.why.is_some() || it.attempts > 1).collect();
        stuck.sort_by_key(|it| !it.set_aside);
        Ok(stuck.into_iter().take(most).map(shown).collect())
    }

    async fn stuck_one(&self, id: Uuid) -> Result<Option<Stuck>, StoreError> {
        let state = self.0.lock().unwrap();
        Ok(state.outbox.iter().find(|it| it.row.id == id).map(shown))
    }

    async fn waiting(&self, kind: &str, most: usize) -> Result<Vec<Stuck>, StoreError> {
        let state = self.0.lock().unwrap();
        Ok(state.outbox.iter().filter(|it| it.row.kind == kind).take(most).map(shown).collect())
    }

    async fn put_file(&self, bytes: Vec<u8>) -> Result<FileHash, StoreError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(StoreError("a file is too long".to_owned()));
        }
        let name = FileHash(hex::encode(Sha256::digest(&bytes)));
        self.0.lock().unwrap().files.insert(name.clone(), bytes);
        Ok(name)
    }

    async fn file(&self, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.lock().unwrap().files.get(hash).cloned())
    }
}

fn shown(it: &Work) -> Stuck {
    Stuck {
        row: it.row.clone(),
        attempts: it.attempts,
        why: it.why.clone(),
        set_aside: it.set_aside,
        ready_at: it.ready_at,
    }
}

fn fresh() -> ((), Model) {
    ((), Model::default())
}

crate::conformance::conformance!(fresh);
