// SPDX-License-Identifier: MIT OR Apache-2.0
//! The store on one `SQLite` file a role.

mod codec;
mod commit;
mod outbox;
mod proof;
mod read;
mod schema;
mod seal;
mod verify;
mod writer;

pub use proof::SealProof;
pub use schema::OpenError;
pub use seal::{SEAL_EVENTS_MAX, SealInfo};
pub use verify::{ChainFault, ChainReport, FAULTS_MAX, KindCount};

use crate::fault::Faults;
use crate::files::{Files, Swept};
use crate::workers::Workers;
use async_trait::async_trait;
use engine::case::FileHash;
use jiff::Timestamp;
use rusqlite::Connection;
use service::ports::Store;
use service::ports::store::{
    Claimed, Commit, CommitError, ListQuery, Row, Settlement, StoreError, StoredEvent, StreamId, Stuck,
};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;
use writer::Writer;

/// How many readings go on beside the writer.
const READERS: usize = 4;
/// How many readings wait at most; more are told that the store is unavailable.
const READINGS_WAITING_MAX: usize = 1_024;
/// How many files are written or read at once; each holds one file in memory.
const FILE_THREADS: usize = 2;
/// How many files stand in the queue of those threads.
const FILES_QUEUED_MAX: usize = 32;
/// How many files wait for a place in it; more are told that the store is unavailable. Who waits holds the file anyway, and
/// work of an outbox that is told so comes again only after a pause.
const FILES_WAITING_MAX: usize = 512;

/// A store in a folder: `journal.db`, `files/` and `lock`.
// INVARIANT: `lock` is the last field: it is let go after every thread has ended.
pub struct SqliteStore {
    writer: Writer,
    readers: Workers<Connection>,
    filers: Workers<()>,
    /// None beside another process, unless they are to be read.
    files: Option<Arc<Files>>,
    file_turns: Semaphore,
    files_waiting: AtomicUsize,
    faults: Faults,
    journal: PathBuf,
    /// None beside another process, whose alone the folder is.
    lock: Option<File>,
}

impl SqliteStore {
    /// Opens the store in `dir`, making it if there is none and bringing its tables up to date.
    ///
    /// `master_key` encrypts the files. Only one store at a time has a folder open.
    pub fn open(dir: &Path, master_key: &[u8; 32]) -> Result<Self, OpenError> {
        Self::open_with_faults(dir, master_key, Faults::default())
    }

    /// Opens the store for a test that fails at chosen boundaries.
    pub fn open_with_faults(dir: &Path, master_key: &[u8; 32], faults: Faults) -> Result<Self, OpenError> {
        let lock = schema::lock(dir)?;
        let journal = dir.join("journal.db");
        let connection = schema::open_writer(&journal)?;
        let files = Files::open(&dir.join("files"), master_key, faults.clone())?;
        Self::start(journal, connection, (Some(files), Some(lock)), faults)
    }

    /// Opens the journal of a store beside the process that has it open, without the files: for an administrator's command.
    /// The tables must be those of this program; nothing is brought up to date.
    pub fn beside(dir: &Path) -> Result<Self, OpenError> {
        let journal = dir.join("journal.db");
        let connection = schema::open_beside(&journal)?;
        Self::start(journal, connection, (None, None), Faults::default())
    }

    /// Opens a store beside the process that has it open, or without it, to read the journal and the files; nothing is written.
    pub fn beside_to_read(dir: &Path, master_key: &[u8; 32]) -> Result<Self, OpenError> {
        let journal = dir.join("journal.db");
        let connection = schema::open_beside(&journal)?;
        connection.pragma_update(None, "query_only", true)?;
        let files = Files::beside(&dir.join("files"), master_key)?;
        Self::start(journal, connection, (Some(files), None), Faults::default())
    }

    fn start(
        journal: PathBuf,
        connection: Connection,
        (files, lock): (Option<Files>, Option<File>),
        faults: Faults,
    ) -> Result<Self, OpenError> {
        let readers =
            (0..READERS).map(|_| schema::open_reader(&journal)).collect::<Result<Vec<_>, OpenError>>()?;
        Ok(Self {
            writer: Writer::start(connection, journal.clone(), faults.clone())?,
            readers: Workers::start("store-reader", readers, READINGS_WAITING_MAX)?,
            filers: Workers::start("store-files", vec![(); FILE_THREADS], FILES_QUEUED_MAX)?,
            files: files.map(Arc::new),
            file_turns: Semaphore::new(FILES_QUEUED_MAX),
            files_waiting: AtomicUsize::new(0),
            faults,
            journal,
            lock,
        })
    }

    fn files(&self) -> Result<Arc<Files>, StoreError> {
        self.files.clone().ok_or_else(of_another)
    }

    /// Returns the files to change them.
    fn own_files(&self) -> Result<Arc<Files>, StoreError> {
        if self.lock.is_some() { self.files() } else { Err(of_another()) }
    }

    /// Seals the events since the last seal, at most [`SEAL_EVENTS_MAX`], and returns the seal; `None` when there is
    /// none to seal. `sign` is given the root. Writers do not wait for it.
    pub async fn seal_pending(
        &self,
        sign: &(dyn Fn(&[u8; 32]) -> Vec<u8> + Sync),
        now: Timestamp,
    ) -> Result<Option<SealInfo>, StoreError> {
        let pending = self.read(seal::pending).await?;
        let Some(seal) = seal::made(&pending, sign, now) else { return Ok(None) };
        let kept = seal.clone();
        let added = self.writer.run(move |tx| seal::add(tx, &kept), StoreError).await?;
        Ok(added.then_some(seal))
    }

    /// Returns what shows that an event is in the journal; `None` if there is no such event or it is not sealed yet.
    pub async fn proof(&self, stream: &StreamId, version: u64) -> Result<Option<SealProof>, StoreError> {
        let stream = stream.clone();
        self.read(move |db| proof::of(db, &stream, version)).await
    }

    /// Walks every stream and every seal and names what does not fit. Blocks the calling thread, not the writer.
    ///
    /// `hash_of` gives the hash that an event must have; `genuine` says whether a signature over a root is ours.
    pub fn verify_chain(
        &self,
        hash_of: &dyn Fn(&StoredEvent) -> [u8; 32],
        genuine: &dyn Fn(&[u8; 32], &[u8]) -> bool,
    ) -> Result<ChainReport, StoreError> {
        let reader = schema::open_reader(&self.journal).map_err(|it| StoreError(it.to_string()))?;
        verify::chain(&reader, hash_of, genuine).map_err(unavailable)
    }

    /// Removes files last written before `older_than` that nobody wants to `keep`. Blocks the calling thread.
    ///
    /// Whoever calls it knows which files are named; the store does not look into events and rows.
    pub fn sweep(
        &self,
        keep: &dyn Fn(&FileHash) -> bool,
        older_than: Timestamp,
    ) -> Result<Swept, StoreError> {
        self.own_files()?.sweep(keep, older_than)
    }

    /// Waits for a place among the files that are written and read.
    async fn file_turn(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        let waiting = Waiting::new(&self.files_waiting);
        if waiting.before >= FILES_WAITING_MAX {
            return Err(StoreError("too many files wait".to_owned()));
        }
        self.file_turns.acquire().await.map_err(|_| StoreError("closed".to_owned()))
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.readers.run(|connection| work(connection).map_err(unavailable)).await
    }
}

/// One that waits, counted however it ends.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    before: usize,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        Self { count, before: count.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

fn of_another() -> StoreError {
    StoreError("the files are another process's".to_owned())
}

/// Errors of `SQLite` name tables and columns, never values.
#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn unavailable(error: rusqlite::Error) -> StoreError {
    StoreError(error.to_string())
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("journal", &self.journal).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn load(&self, stream: &StreamId, after: u64) -> Result<Vec<StoredEvent>, StoreError> {
        let stream = stream.clone();
        self.read(move |db| read::load(db, &stream, after)).await
    }

    async fn head(&self, stream: &StreamId) -> Result<Option<(u64, [u8; 32])>, StoreError> {
        let stream = stream.clone();
        self.read(move |db| read::head(db, &stream)).await
    }

    async fn commit(&self, commit: Commit) -> Result<Vec<u8>, CommitError> {
        let faults = self.faults.clone();
        self.writer.run(move |tx| commit::apply(tx, commit, &faults), CommitError::Unavailable).await
    }

    async fn answer(&self, order: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(move |db| read::answer(db, order)).await
    }

    async fn row(&self, table: &str, key: &str) -> Result<Option<Row>, StoreError> {
        let (table, key) = (table.to_owned(), key.to_owned());
        self.read(move |db| read::row(db, &table, &key)).await
    }

    async fn list(&self, query: ListQuery) -> Result<Vec<Row>, StoreError> {
        self.read(move |db| read::list(db, &query)).await
    }

    async fn count(&self, table: &str, list: &str, most: usize) -> Result<usize, StoreError> {
        let (table, list) = (table.to_owned(), list.to_owned());
        self.read(move |db| read::count(db, &table, &list, most)).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let work = move |tx: &Connection| outbox::claim(tx, now, lease_until, most).map_err(unavailable);
        self.writer.run(work, StoreError).await
    }

    async fn settle(&self, id: Uuid, settlement: Settlement) -> Result<(), StoreError> {
        let work = move |tx: &Connection| outbox::settle(tx, id, &settlement).map_err(unavailable);
        self.writer.run(work, StoreError).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(outbox::next_due).await
    }

    async fn stuck(&self, most: usize) -> Result<Vec<Stuck>, StoreError> {
        self.read(move |db| outbox::stuck(db, most)).await
    }

    async fn stuck_one(&self, id: Uuid) -> Result<Option<Stuck>, StoreError> {
        self.read(move |db| outbox::stuck_one(db, id)).await
    }

    async fn waiting(&self, kind: &str, most: usize) -> Result<Vec<Stuck>, StoreError> {
        let kind = kind.to_owned();
        self.read(move |db| outbox::waiting(db, &kind, most)).await
    }

    async fn put_file(&self, bytes: Vec<u8>) -> Result<FileHash, StoreError> {
        let _turn = self.file_turn().await?;
        let files = self.own_files()?;
        self.filers.run(move |()| files.put(bytes)).await
    }

    async fn file(&self, hash: &FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        let _turn = self.file_turn().await?;
        let (files, hash) = (self.files()?, hash.clone());
        self.filers.run(move |()| files.get(&hash)).await
    }
}
