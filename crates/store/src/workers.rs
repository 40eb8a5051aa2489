// SPDX-License-Identifier: MIT OR Apache-2.0
//! A few threads with a bounded queue, each with a state of its own, such as a connection.

use service::ports::store::StoreError;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// Threads that do one kind of work.
pub(crate) struct Workers<S> {
    queue: Option<SyncSender<Job<S>>>,
    threads: Vec<JoinHandle<()>>,
}

impl<S: Send + 'static> Workers<S> {
    /// Starts a thread for each state; at most `waiting_max` jobs wait.
    pub(crate) fn start(name: &str, states: Vec<S>, waiting_max: usize) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel::<Job<S>>(waiting_max);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::with_capacity(states.len());
        for mut state in states {
            let jobs = Arc::clone(&jobs);
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
                while let Some(job) = next(&jobs) {
                    job(&mut state);
                }
            })?;
            threads.push(thread);
        }
        Ok(Self { queue: Some(queue), threads })
    }

    /// Runs `work` on the first free thread.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job<S> = Box::new(move |state| {
            // Nobody listens when the caller was dropped; the work is done all the same.
            answer.send(work(state)).ok();
        });
        let queue = self.queue.as_ref().ok_or_else(|| StoreError("closed".to_owned()))?;
        queue.try_send(job).map_err(|it| match it {
            TrySendError::Full(_) => StoreError("too many requests wait".to_owned()),
            TrySendError::Disconnected(_) => StoreError("closed".to_owned()),
        })?;
        answered.await.map_err(|_| StoreError("the request was cut off".to_owned()))?
    }
}

fn next<S>(jobs: &Mutex<Receiver<Job<S>>>) -> Option<Job<S>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl<S> Drop for Workers<S> {
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing left to be waited for.
            thread.join().ok();
        }
    }
}
