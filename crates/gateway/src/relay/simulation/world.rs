// SPDX-License-Identifier: MIT OR Apache-2.0
//! Chance, time, lives of processes and the links between them: everything from one seed.

use crate::transport::{Endpoint, Transport};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use service::ports::{Clock, PortError};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use uuid::Uuid;

/// Chance that a seed replays.
#[derive(Debug)]
pub(super) struct Chance(Mutex<u64>);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&self, n: u64) -> u64 {
        self.next() % n
    }
}

/// Whether a process lives; whoever waits for it learns when it is killed.
#[derive(Debug, Default)]
pub(super) struct Life {
    dead: AtomicBool,
    told: Notify,
}

impl Life {
    pub(super) fn kill(&self) {
        self.dead.store(true, Ordering::SeqCst);
        self.told.notify_waiters();
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Runs something of this process; `None` when it was killed meanwhile.
    pub(super) async fn run<T>(&self, it: impl Future<Output = T>) -> Option<T> {
        let died = async {
            loop {
                let told = self.told.notified();
                if self.is_dead() {
                    return;
                }
                told.await;
            }
        };
        tokio::select! {
            biased;
            () = died => None,
            done = it => Some(done),
        }
    }
}

/// What goes wrong how often: one time in so many; 0 is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) store: u64,
    pub(super) kill: u64,
    pub(super) link: u64,
    pub(super) delay: u64,
    pub(super) cut: u64,
    pub(super) step: u64,
}

impl Plan {
    pub(super) const CALM: Self = Self { store: 0, kill: 0, link: 0, delay: 0, cut: 0, step: 0 };

    /// Each seed has faults of its own kinds and frequencies.
    pub(super) fn of(chance: &Chance) -> Self {
        let one_of = |all: [u64; 4]| all[usize::try_from(chance.below(4)).unwrap()];
        Self {
            store: one_of([0, 40, 15, 6]),
            kill: one_of([0, 80, 30, 12]),
            link: one_of([0, 20, 8, 3]),
            delay: one_of([0, 20, 8, 4]),
            cut: one_of([0, 200, 60, 25]),
            step: one_of([0, 0, 60, 20]),
        }
    }
}

/// An envelope that is still on its way though its sender has given it up.
type Ghost = (&'static str, Vec<u8>);

/// Whoever answers, and the process it lives in.
type Port = (Arc<Life>, Arc<dyn Endpoint>);

/// The world of one seed.
#[derive(Debug)]
pub(super) struct World {
    pub(super) chance: Chance,
    pub(super) plan: Mutex<Plan>,
    now: Mutex<Timestamp>,
    ports: Mutex<BTreeMap<&'static str, Port>>,
    cut_until: Mutex<BTreeMap<&'static str, Timestamp>>,
    ghosts: Mutex<Vec<Ghost>>,
}

/// The most envelopes that linger.
const GHOSTS_MAX: usize = 20;

impl World {
    pub(super) fn new(seed: u64) -> Arc<Self> {
        let chance = Chance::new(seed);
        let plan = Mutex::new(Plan::of(&chance));
        let now = Mutex::new("2026-11-21T05:00:00Z".parse().unwrap());
        let (ports, cut_until, ghosts) = Default::default();
        Arc::new(Self { chance, plan, now, ports, cut_until, ghosts })
    }

    /// Whether something of this frequency happens now.
    pub(super) fn happens(&self, of: fn(&Plan) -> u64) -> bool {
        let one_in = of(&self.plan.lock().unwrap());
        one_in > 0 && self.chance.below(one_in) == 0
    }

    pub(super) fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    pub(super) fn pass(&self, seconds: i64) {
        *self.now.lock().unwrap() += SignedDuration::from_secs(seconds);
    }

    pub(super) fn open(&self, name: &'static str, life: &Arc<Life>, endpoint: Arc<dyn Endpoint>) {
        self.ports.lock().unwrap().insert(name, (Arc::clone(life), endpoint));
    }

    pub(super) fn cut(&self, name: &'static str, seconds: i64) {
        let until = self.now() + SignedDuration::from_secs(seconds);
        self.cut_until.lock().unwrap().insert(name, until);
    }

    pub(super) fn mend(&self) {
        self.cut_until.lock().unwrap().clear();
    }

    pub(super) fn ghosts(&self) -> usize {
        self.ghosts.lock().unwrap().len()
    }

    /// Lets a lingering envelope arrive; its answer finds nobody.
    pub(super) async fn haunt(&self) {
        let ghost = {
            let mut ghosts = self.ghosts.lock().unwrap();
            let count = u64::try_from(ghosts.len()).unwrap();
            if count == 0 {
                None
            } else {
                Some(ghosts.remove(usize::try_from(self.chance.below(count)).unwrap()))
            }
        };
        if let Some((name, bytes)) = ghost {
            self.hand(name, bytes).await.ok();
        }
    }

    async fn hand(&self, name: &'static str, bytes: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let silent = || PortError::Unavailable("nobody answers".to_owned());
        let (life, endpoint) = self.ports.lock().unwrap().get(name).cloned().ok_or_else(silent)?;
        let answer = life.run(endpoint.handle(bytes)).await.filter(|it| !it.is_empty());
        answer.ok_or_else(silent)
    }

    fn is_cut(&self, name: &str) -> bool {
        self.cut_until.lock().unwrap().get(name).is_some_and(|until| self.now() < *until)
    }

    fn linger(&self, name: &'static str, bytes: Vec<u8>) {
        let mut ghosts = self.ghosts.lock().unwrap();
        if ghosts.len() < GHOSTS_MAX {
            ghosts.push((name, bytes));
        }
    }
}

/// Lets others go on for a moment.
pub(super) async fn stumble(world: &World) {
    for _ in 0..world.chance.below(3) {
        tokio::task::yield_now().await;
    }
}

/// The link of all.
#[derive(Debug)]
pub(super) struct Link(pub(super) Arc<World>);

const NAMES: [&str; 3] = ["gateway", "region", "portal"];

#[async_trait]
impl Transport for Link {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let world = &self.0;
        let name = NAMES.into_iter().find(|it| *it == endpoint).unwrap();
        let lost = |why: &str| Err(PortError::Unavailable(why.to_owned()));
        stumble(world).await;
        if world.is_cut(name) {
            return lost("the link is cut");
        }
        if world.happens(|it| it.delay) {
            // Longer than a lease, sometimes.
            world.pass(i64::try_from(world.chance.below(200)).unwrap());
        }
        if world.happens(|it| it.link) {
            return match world.chance.below(4) {
                0 => lost("the question is lost"),
                1 => {
                    world.linger(name, envelope);
                    lost("no answer came in time")
                }
                2 => {
                    world.hand(name, envelope).await.ok();
                    lost("the answer is lost")
                }
                _ => {
                    world.linger(name, envelope.clone());
                    world.hand(name, envelope.clone()).await.ok();
                    world.hand(name, envelope).await
                }
            };
        }
        world.hand(name, envelope).await
    }
}

/// The clock of one machine: it may be set wrong.
#[derive(Debug)]
pub(super) struct Watch {
    world: Arc<World>,
    wrong: Mutex<SignedDuration>,
}

impl Watch {
    pub(super) fn new(world: &Arc<World>) -> Arc<Self> {
        Arc::new(Self { world: Arc::clone(world), wrong: Mutex::default() })
    }

    /// Sets the clock wrong by up to six hours either way.
    pub(super) fn step(&self) {
        let seconds = i64::try_from(self.world.chance.below(43_200)).unwrap() - 21_600;
        *self.wrong.lock().unwrap() = SignedDuration::from_secs(seconds);
    }

    pub(super) fn mend(&self) {
        *self.wrong.lock().unwrap() = SignedDuration::ZERO;
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        self.world.now() + *self.wrong.lock().unwrap()
    }

    fn uuid(&self) -> Uuid {
        Uuid::from_u64_pair(self.world.chance.next(), self.world.chance.next())
    }

    fn fill(&self, bytes: &mut [u8]) {
        for it in bytes {
            *it = self.world.chance.next().to_le_bytes()[0];
        }
    }
}
