// SPDX-License-Identifier: MIT OR Apache-2.0
//! The threads of the press and the queue before them.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
};

use service::paper_spec::PaperSpec;
use tokio::sync::oneshot;

use crate::{PressError, desk::Desk};

/// Papers that may wait; the next one is told that the press is busy.
pub const WAITING_PAPERS_MAX: usize = 64;
/// Threads of one press.
pub const PRESS_THREADS_MAX: usize = 8;
/// Stack of a thread: the engine recurses through nested content.
const STACK_BYTES: usize = 16 * 1024 * 1024;

struct Job {
    spec: PaperSpec,
    answer: oneshot::Sender<Result<Vec<u8>, PressError>>,
}

/// The press: its threads end when it is dropped and the papers begun are done.
#[derive(Debug, Clone)]
pub struct Press {
    jobs: SyncSender<Job>,
}

impl Press {
    /// Starts the press on `threads` threads of its own (at least one, at most [`PRESS_THREADS_MAX`]).
    pub fn start(threads: usize) -> Result<Self, PressError> {
        let desk = Arc::new(Desk::new()?);
        let (jobs, queue) = sync_channel(WAITING_PAPERS_MAX);
        let queue = Arc::new(Mutex::new(queue));
        for number in 1..=threads.clamp(1, PRESS_THREADS_MAX) {
            let (desk, queue) = (Arc::clone(&desk), Arc::clone(&queue));
            thread::Builder::new()
                .name(format!("press-{number}"))
                .stack_size(STACK_BYTES)
                .spawn(move || work(&desk, &queue))
                .map_err(|_| PressError::NoThread)?;
        }
        Ok(Self { jobs })
    }

    /// Returns the paper as PDF/A-2a and PDF/UA-1; the same specification gives the same bytes.
    pub async fn press(&self, spec: PaperSpec) -> Result<Vec<u8>, PressError> {
        let (answer, paper) = oneshot::channel();
        self.jobs.try_send(Job { spec, answer }).map_err(|error| match error {
            TrySendError::Full(_) => PressError::Busy,
            TrySendError::Disconnected(_) => PressError::Stopped,
        })?;
        paper.await.unwrap_or(Err(PressError::Stopped))
    }
}

fn work(desk: &Desk, queue: &Mutex<Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { spec, answer }) = next else { return };
        if answer.is_closed() {
            continue;
        }
        // A fault inside the engine costs one paper, not the thread.
        let paper = catch_unwind(AssertUnwindSafe(|| desk.press(&spec))).unwrap_or(Err(PressError::Broken));
        // Nobody waits any more: nothing to do about it.
        drop(answer.send(paper));
    }
}
