// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store: a journal of streams, rows of views and plain tables, an outbox, numbers and files.
//!
//! One commit is one transaction and is durable when it is acknowledged: events with an expected version, rows,
//! outbox and numbers together, or nothing.

use async_trait::async_trait;
use engine::case::FileHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Name of a stream, such as `case/0192…` or `account/p-…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(pub String);

/// A personal part, sealed under a person's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Id of the key.
    pub key: String,
    /// Nonce and ciphertext with its tag.
    pub bytes: Vec<u8>,
}

/// An event as stored: explicit format, chained by hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its stream.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub version: u64,
    /// When.
    pub at: Timestamp,
    /// What kind, such as `case.opened`.
    pub kind: String,
    /// Version of the kind's format.
    pub format: u16,
    /// The open part, JSON.
    pub public: Vec<u8>,
    /// The personal part.
    pub private: Option<Sealed>,
    /// Hash of the event before it in the stream; zeroes for the first.
    pub previous: [u8; 32],
    /// Hash of this event.
    pub hash: [u8; 32],
}

/// An event for the end of its stream, wherever that is when it is committed: what happened and was not decided from the
/// stream's state, such as a sign-in or a reading. It never loses a version, and nobody loads the stream for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Its stream.
    pub stream: StreamId,
    /// When.
    pub at: Timestamp,
    /// What kind, such as `account.signed-in`.
    pub kind: String,
    /// Version of the kind's format.
    pub format: u16,
    /// The open part, JSON.
    pub public: Vec<u8>,
    /// The personal part.
    pub private: Option<Sealed>,
}

impl Append {
    /// Returns the event behind the one of this version and hash (0 and zeroes in a stream without events).
    pub fn behind(&self, (version, previous): (u64, [u8; 32])) -> StoredEvent {
        let mut event = StoredEvent {
            stream: self.stream.clone(),
            version: version + 1,
            at: self.at,
            kind: self.kind.clone(),
            format: self.format,
            public: self.public.clone(),
            private: self.private.clone(),
            previous,
            hash: [0; 32],
        };
        event.hash = crate::codec::hash_of(&event);
        event
    }
}

/// A row of a view or plain table. The store never looks into `body`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The table, a constant of `service`.
    pub table: String,
    /// Its key, unique in the table.
    pub key: String,
    /// The list that it stands in, such as an office's queue; `None` stands in no list.
    pub list: Option<String>,
    /// Its place in the list, compared as bytes.
    pub sort: String,
    /// Its content.
    pub body: Vec<u8>,
    /// Grows by one at each change; for [`RowChange::PutIf`].
    pub revision: u64,
}

/// A change of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// Put a row, whatever was there; `revision` of the given row is ignored.
    Put(Row),
    /// Put a row only if the stored revision is this one (0: there must be none).
    PutIf(Row, u64),
    /// Delete a row.
    Delete {
        /// The table.
        table: String,
        /// The key.
        key: String,
    },
}

/// Work to be done after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id; also the id of the message that it becomes.
    pub id: Uuid,
    /// Rows of one lane are done one after the other, in the order of commit.
    pub lane: String,
    /// What to do, a constant of `service`.
    pub kind: String,
    /// What it needs, in a format of `service`.
    pub payload: Vec<u8>,
    /// Not before.
    pub not_before: Timestamp,
}

/// Work that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row.
    pub row: OutboxRow,
    /// How many times it was tried before.
    pub attempts: u32,
}

/// How a claimed row ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Done; never again.
    Done,
    /// Try again at this time.
    Again {
        /// When.
        at: Timestamp,
        /// Why, in words without personal data.
        why: String,
    },
    /// Nothing was tried, for it could not be yet: again at this time, and the claim does not count.
    Untried {
        /// When.
        at: Timestamp,
        /// Why, in words without personal data.
        why: String,
    },
    /// Set aside: a person must look. Rows behind it in the lane go on waiting.
    SetAside {
        /// Why, in words without personal data.
        why: String,
    },
}

/// A row of the outbox that waits or was set aside, for the administrator's board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// The row.
    pub row: OutboxRow,
    /// How many times it was tried.
    pub attempts: u32,
    /// The last reason.
    pub why: Option<String>,
    /// Whether it was set aside.
    pub set_aside: bool,
    /// When it may be claimed next; of no weight for what is set aside.
    pub ready_at: Timestamp,
}

/// What the builder of a commit makes once numbers are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Built {
    /// Events of the commit's stream, in order, versions following the expected one, each linked to the one before.
    pub events: Vec<StoredEvent>,
    /// Rows.
    pub rows: Vec<RowChange>,
    /// Work.
    pub outbox: Vec<OutboxRow>,
    /// What is answered to this order, now and when it comes again.
    pub answer: Vec<u8>,
}

/// Makes the content of a commit from the numbers given to it, in the order asked.
pub type Build = Box<dyn FnOnce(&[u64]) -> Built + Send>;

/// One transaction.
pub struct Commit {
    /// Id of the order; the same id again returns [`CommitError::Repeated`] with the first answer. Kept 30 days.
    pub order: Option<Uuid>,
    /// The stream and the version that it must have; `None` when only rows change.
    pub stream: Option<(StreamId, u64)>,
    /// Gap-free series to take the next number of each, such as `incoming/abai-education/2026`.
    pub numbers: Vec<String>,
    /// Events for the ends of streams, in order, behind those that are built.
    pub appends: Vec<Append>,
    /// Makes the content; called at most once, inside the transaction.
    pub build: Build,
    /// When it is committed, for housekeeping.
    pub at: Timestamp,
}

impl std::fmt::Debug for Commit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Commit")
            .field("order", &self.order)
            .field("stream", &self.stream)
            .field("numbers", &self.numbers)
            .field("appends", &self.appends.len())
            .finish_non_exhaustive()
    }
}

/// Why a commit did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The stream has another version: decide again.
    #[error("the stream has moved on")]
    VersionLost,
    /// A row has another revision: read again.
    #[error("a row has changed")]
    RowLost,
    /// This order was committed before; this is the answer that was given.
    #[error("the order was done before")]
    Repeated(Vec<u8>),
    /// The store cannot take it now. It may still have been committed: send the same order again.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The builder panicked or made what no store takes, such as a wrong version: a mistake of the program, not to be
    /// tried again.
    #[error("the commit is unusable: {0}")]
    Unusable(String),
}

/// Why a reading failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store is unavailable: {0}")]
pub struct StoreError(pub String);

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The table.
    pub table: String,
    /// The list.
    pub list: String,
    /// Only rows behind this sort and key, exclusive.
    pub after: Option<(String, String)>,
    /// From the end.
    pub descending: bool,
    /// At most so many; bounded by [`LIST_MAX`].
    pub limit: usize,
}

/// The longest page of a list.
pub const LIST_MAX: usize = 200;

/// The longest file that a store takes.
pub const FILE_BYTES_MAX: usize = 26_214_400;

/// A store. Every acknowledged change is durable.
#[async_trait]
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Returns the events of a stream in order, those behind version `after`.
    async fn load(&self, stream: &StreamId, after: u64) -> Result<Vec<StoredEvent>, StoreError>;

    /// Returns the version and hash of the last event of a stream; `None` when it has none.
    async fn head(&self, stream: &StreamId) -> Result<Option<(u64, [u8; 32])>, StoreError> {
        Ok(self.load(stream, 0).await?.last().map(|event| (event.version, event.hash)))
    }

    /// Commits one transaction and returns the answer that its builder made.
    async fn commit(&self, commit: Commit) -> Result<Vec<u8>, CommitError>;

    /// Returns the answer given to an order, if it was committed in the last 30 days.
    async fn answer(&self, order: Uuid) -> Result<Option<Vec<u8>>, StoreError>;

    /// Returns a row.
    async fn row(&self, table: &str, key: &str) -> Result<Option<Row>, StoreError>;

    /// Returns a page of a list.
    async fn list(&self, query: ListQuery) -> Result<Vec<Row>, StoreError>;

    /// Returns how many rows a list has, counting at most `most`.
    async fn count(&self, table: &str, list: &str, most: usize) -> Result<usize, StoreError>;

    /// Claims work that is due, at most one row a lane, and hides it until `lease_until`.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError>;

    /// Settles claimed work.
    async fn settle(&self, id: Uuid, settlement: Settlement) -> Result<(), StoreError>;

    /// Returns when the next work is due, if any waits.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Returns waiting and set-aside work of which at least one trial ended or was cut off: first what is set aside, each
    /// oldest first.
    async fn stuck(&self, most: usize) -> Result<Vec<Stuck>, StoreError>;

    /// Returns one work that is not done, tried or not, however many others are stuck.
    async fn stuck_one(&self, id: Uuid) -> Result<Option<Stuck>, StoreError>;

    /// Returns all work of a kind that is not done, tried or not, oldest first.
    async fn waiting(&self, kind: &str, most: usize) -> Result<Vec<Stuck>, StoreError>;

    /// Keeps a file by its content and returns its hash; durable when it returns. Call it before the commit that
    /// names the file.
    async fn put_file(&self, bytes: Vec<u8>) -> Result<FileHash, StoreError>;

    /// Returns a file.
    async fn file(&self, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError>;
}
