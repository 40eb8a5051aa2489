// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every page may reach.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::sessions::Sessions;
use crate::words::Word;

/// State of the application; cheap to clone. Pages of a role add their own part as an `Extension` or a field here.
#[derive(Clone)]
pub struct State {
    inner: Arc<Inner>,
}

struct Inner {
    sessions: Arc<dyn Sessions>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    demo: Option<Demo>,
    simulated: Vec<Word>,
}

/// The demonstration mode: on every page and in every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demo {
    /// Whether the clock is not the real one, so that the time must be shown.
    pub moved_clock: bool,
}

impl State {
    /// Returns the state of a working program: no demonstration, nothing simulated.
    pub fn new(sessions: Arc<dyn Sessions>, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let inner = Inner { sessions, clock: Box::new(clock), demo: None, simulated: Vec::new() };
        Self { inner: Arc::new(inner) }
    }

    /// Returns the state of a demonstration in which the named systems are simulated (`Word::SimGbdFl` and so on).
    pub fn demonstration(
        sessions: Arc<dyn Sessions>,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        demo: Demo,
        simulated: Vec<Word>,
    ) -> Self {
        Self { inner: Arc::new(Inner { sessions, clock: Box::new(clock), demo: Some(demo), simulated }) }
    }

    /// Returns the time by the one clock of the program.
    pub fn now(&self) -> Timestamp {
        (self.inner.clock)()
    }

    /// Returns the store of sessions.
    pub fn sessions(&self) -> &dyn Sessions {
        self.inner.sessions.as_ref()
    }

    /// Returns the demonstration mode, if it is on.
    pub fn demo(&self) -> Option<Demo> {
        self.inner.demo
    }

    /// Returns the names of the simulated systems.
    pub fn simulated(&self) -> &[Word] {
        &self.inner.simulated
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("demo", &self.inner.demo)
            .field("simulated", &self.inner.simulated)
            .finish_non_exhaustive()
    }
}
