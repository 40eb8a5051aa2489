// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values that the tests share. The people and offices behind them are invented.

use jiff::{SignedDuration, Timestamp};
use service::ports::Store;
use service::ports::store::{
    Append, Built, Commit, CommitError, ListQuery, OutboxRow, Row, RowChange, Sealed, StoredEvent, StreamId,
};
use uuid::Uuid;

/// The hash that an event must have.
pub(crate) use service::codec::hash_of;

/// The key of every test folder.
pub(crate) const KEY: [u8; 32] = [7; 32];

/// Runs one piece of async work to its end.
pub(crate) fn wait<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Minutes after 2026-02-02 04:00 UTC.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_770_004_800).unwrap() + SignedDuration::from_mins(minutes)
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn stream(name: &str) -> StreamId {
    StreamId(name.to_owned())
}

/// Returns `texts` as events of a stream behind `head`, each linked to the one before.
pub(crate) fn events(stream: &StreamId, head: (u64, [u8; 32]), texts: &[String]) -> Vec<StoredEvent> {
    let (mut version, mut previous) = head;
    let mut events = Vec::new();
    for text in texts {
        version += 1;
        let mut event = StoredEvent {
            stream: stream.clone(),
            version,
            at: at(i64::try_from(version).unwrap()) + SignedDuration::from_nanos(1),
            kind: "test.said".to_owned(),
            format: 1,
            public: text.as_bytes().to_vec(),
            private: (version % 2 == 0).then(|| Sealed { key: "key-1".to_owned(), bytes: vec![0, 255, 3] }),
            previous,
            hash: [0; 32],
        };
        event.hash = hash_of(&event);
        previous = event.hash;
        events.push(event);
    }
    events
}

pub(crate) fn row(table: &str, key: &str, list: Option<&str>, sort: &str) -> Row {
    Row {
        table: table.to_owned(),
        key: key.to_owned(),
        list: list.map(str::to_owned),
        sort: sort.to_owned(),
        body: format!("body of {key}").into_bytes(),
        revision: 0,
    }
}

pub(crate) fn work(number: u128, lane: &str, not_before: Timestamp) -> OutboxRow {
    OutboxRow {
        id: id(number),
        lane: lane.to_owned(),
        kind: "test.send".to_owned(),
        payload: vec![1, 2, 3],
        not_before,
    }
}

/// A commit without stream that writes what is given.
pub(crate) fn writing(built: Built) -> Commit {
    Commit {
        order: None,
        stream: None,
        numbers: Vec::new(),
        appends: Vec::new(),
        build: Box::new(move |_| built),
        at: at(0),
    }
}

pub(crate) async fn put(store: &dyn Store, rows: Vec<RowChange>) -> Result<Vec<u8>, CommitError> {
    store.commit(writing(Built { rows, ..Built::default() })).await
}

pub(crate) async fn send(store: &dyn Store, outbox: Vec<OutboxRow>) -> Result<Vec<u8>, CommitError> {
    store.commit(writing(Built { outbox, ..Built::default() })).await
}

/// Appends one event to a stream that stands at `head`.
pub(crate) fn saying(stream: &StreamId, head: (u64, [u8; 32]), text: &str) -> Commit {
    let built = Built {
        events: events(stream, head, &[text.to_owned()]),
        answer: text.as_bytes().to_vec(),
        ..Built::default()
    };
    Commit { stream: Some((stream.clone(), head.0)), ..writing(built) }
}

/// Something that is put at the end of a stream.
pub(crate) fn reading(stream: &StreamId, text: &str) -> Append {
    Append {
        stream: stream.clone(),
        at: at(0),
        kind: "test.read".to_owned(),
        format: 1,
        public: text.as_bytes().to_vec(),
        private: Some(Sealed { key: "key-1".to_owned(), bytes: vec![7] }),
    }
}

pub(crate) fn query(table: &str, list: &str, limit: usize) -> ListQuery {
    ListQuery { table: table.to_owned(), list: list.to_owned(), after: None, descending: false, limit }
}
