// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every page may reach.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::limit::Limits;
use crate::phone::{Boxes, Simulated, Telephone};
use crate::services::Services;
use crate::sessions::Sessions;
use crate::words::Word;

/// State of the application; cheap to clone.
#[derive(Clone)]
pub struct State {
    inner: Arc<Inner>,
    telephone: Option<Arc<dyn Telephone>>,
}

struct Inner {
    sessions: Arc<dyn Sessions>,
    services: Services,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    demo: Option<Demo>,
    simulated: Vec<Word>,
    limits: Limits,
    boxes: Arc<Boxes>,
}

/// The demonstration mode: on every page and in every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demo {
    /// Whether the clock is not the real one, so that the time must be shown.
    pub moved_clock: bool,
}

impl State {
    /// Returns the state of a program that carries these services; nothing simulated.
    pub fn new(services: Services, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self::build(Arc::new(services.clone()), services, Box::new(clock), None)
    }

    /// Returns the state of a demonstration in which the named systems are simulated (`Word::SimGbdFl` and so on).
    pub fn demonstration(
        services: Services,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        demo: Demo,
        simulated: Vec<Word>,
    ) -> Self {
        Self::build(Arc::new(services.clone()), services, Box::new(clock), Some((demo, simulated)))
    }

    /// Returns the state of pages without services: for looking at parts of pages, and for tests of the layout.
    pub fn without_services(
        sessions: Arc<dyn Sessions>,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        demo: Option<(Demo, Vec<Word>)>,
    ) -> Self {
        Self::build(sessions, Services::default(), Box::new(clock), demo)
    }

    fn build(
        sessions: Arc<dyn Sessions>,
        services: Services,
        clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
        demo: Option<(Demo, Vec<Word>)>,
    ) -> Self {
        let (demo, simulated) = demo.map_or((None, Vec::new()), |(demo, simulated)| (Some(demo), simulated));
        let boxes = Arc::<Boxes>::default();
        let telephone = demo.map(|_| -> Arc<dyn Telephone> {
            Arc::new(Simulated::new(Arc::clone(&boxes), services.clone()))
        });
        Self {
            telephone,
            inner: Arc::new(Inner {
                sessions,
                services,
                clock,
                demo,
                simulated,
                limits: Limits::default(),
                boxes,
            }),
        }
    }

    /// Returns the state with this telephone behind the port of signing: the state's application, where it is connected.
    #[must_use]
    pub fn with_telephone(self, telephone: Arc<dyn Telephone>) -> Self {
        Self { telephone: Some(telephone), ..self }
    }

    /// Returns the services of the rooms.
    pub fn services(&self) -> &Services {
        &self.inner.services
    }

    /// Returns the time by the one clock of the program.
    pub fn now(&self) -> Timestamp {
        (self.inner.clock)()
    }

    /// Returns the store of sessions.
    pub fn sessions(&self) -> &dyn Sessions {
        self.inner.sessions.as_ref()
    }

    /// Returns how often things may be tried from one place.
    pub(crate) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Returns who stands behind the port of signing by a telephone, where one is connected.
    pub(crate) fn telephone(&self) -> Option<&dyn Telephone> {
        self.telephone.as_deref()
    }

    /// Returns what waits for the simulated telephone.
    pub(crate) fn boxes(&self) -> &Boxes {
        &self.inner.boxes
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
