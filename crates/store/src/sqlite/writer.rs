// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one thread that writes: many requests, one transaction, one fsync.

use super::schema;
use crate::fault::{FailPoint, Faults};
use rusqlite::Connection;
use std::path::PathBuf;
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// How many requests are committed at once.
const BATCH_MAX: usize = 64;
/// How many requests wait at most; more are told that the store is unavailable.
const WRITES_WAITING_MAX: usize = 4_096;

/// Tells one caller how its request ended. Dropped, it tells that the request was cut off.
type Answer = Box<dyn FnOnce()>;

/// A request: does its work in a savepoint, says whether the work stands, and how to tell it once that is durable.
type Request = Box<dyn FnOnce(&Connection) -> (bool, Answer) + Send>;

/// The queue before the thread.
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, journal: PathBuf, faults: Faults) -> std::io::Result<Self> {
        let (queue, requests) = mpsc::channel(WRITES_WAITING_MAX);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Desk { connection: Some(connection), journal, faults }.serve(requests))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` inside the next transaction and returns what it returned once that is durable.
    ///
    /// An error of `work` undoes what it wrote and nothing else. `unavailable` makes the error of a caller who cannot
    /// be served or cannot be told how it ended.
    pub(super) async fn run<T: Send + 'static, E: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        unavailable: fn(String) -> E,
    ) -> Result<T, E> {
        let (tell, told) = oneshot::channel();
        let request: Request = Box::new(move |connection| {
            let result = work(connection);
            let stands = result.is_ok();
            let answer: Answer = Box::new(move || {
                // Nobody listens when the caller was dropped; the work is done all the same.
                tell.send(result).ok();
            });
            (stands, answer)
        });
        let queue = self.queue.as_ref().ok_or_else(|| unavailable("closed".to_owned()))?;
        queue.try_send(request).map_err(|it| match it {
            mpsc::error::TrySendError::Full(_) => unavailable("too many requests wait".to_owned()),
            mpsc::error::TrySendError::Closed(_) => unavailable("closed".to_owned()),
        })?;
        told.await.map_err(|_| unavailable("the request was cut off".to_owned()))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to be waited for.
            thread.join().ok();
        }
    }
}

/// Why a batch was not committed.
#[derive(Debug, thiserror::Error)]
enum BatchError {
    #[error("{0}")]
    Open(#[from] schema::OpenError),
    #[error("{0}")]
    Sql(#[from] rusqlite::Error),
    #[error("sqlite undid the transaction")]
    Undone,
    #[error("{0}")]
    Fault(String),
}

/// The thread's own.
struct Desk {
    connection: Option<Connection>,
    journal: PathBuf,
    faults: Faults,
}

impl Desk {
    fn serve(mut self, mut requests: mpsc::Receiver<Request>) {
        while let Some(first) = requests.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH_MAX
                && let Ok(request) = requests.try_recv()
            {
                batch.push(request);
            }
            let count = batch.len();
            match self.write(batch) {
                Ok(answers) => self.tell(answers),
                Err(error) => {
                    tracing::error!(%error, requests = count, "a batch was not committed");
                    self.give_up();
                }
            }
        }
    }

    /// Writes a batch and returns its answers, to be told now that they are durable.
    fn write(&mut self, batch: Vec<Request>) -> Result<Vec<Answer>, BatchError> {
        let connection = match self.connection.take() {
            Some(connection) => self.connection.insert(connection),
            None => self.connection.insert(schema::reopen_writer(&self.journal)?),
        };
        execute(connection, "BEGIN IMMEDIATE")?;
        self.faults.pass(FailPoint::BatchBegun).map_err(BatchError::Fault)?;
        let mut answers = Vec::with_capacity(batch.len());
        for request in batch {
            answers.push(in_savepoint(connection, request)?);
            self.faults.pass(FailPoint::RequestApplied).map_err(BatchError::Fault)?;
        }
        self.faults.pass(FailPoint::BatchApplied).map_err(BatchError::Fault)?;
        execute(connection, "COMMIT")?;
        self.faults.pass(FailPoint::BatchCommitted).map_err(BatchError::Fault)?;
        Ok(answers)
    }

    fn tell(&self, answers: Vec<Answer>) {
        for (told, answer) in answers.into_iter().enumerate() {
            if told == 1 && self.faults.pass(FailPoint::FirstAnswered).is_err() {
                return;
            }
            answer();
        }
    }

    /// Undoes a batch that failed. A connection that cannot is dropped and opened anew for the next batch.
    fn give_up(&mut self) {
        if let Some(connection) = &self.connection
            && !connection.is_autocommit()
            && execute(connection, "ROLLBACK").is_err()
        {
            self.connection = None;
        }
    }
}

fn in_savepoint(connection: &Connection, request: Request) -> Result<Answer, BatchError> {
    execute(connection, "SAVEPOINT request")?;
    let (stands, answer) = request(connection);
    if connection.is_autocommit() {
        // A full disk and the like undo the whole transaction, with the requests before this one.
        return Err(BatchError::Undone);
    }
    if !stands {
        execute(connection, "ROLLBACK TO request")?;
    }
    execute(connection, "RELEASE request")?;
    Ok(answer)
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
