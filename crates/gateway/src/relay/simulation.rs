// SPDX-License-Identifier: MIT OR Apache-2.0
//! The protocol of delivery under faults, some thousand times: the relay's own code between two ends, over stores that fail
//! before and after what they do, processes that are killed anywhere, links that lose, double, delay and are cut for a day,
//! clocks that are set wrong. Everything comes from a seed. Whether it held is read from the journals of the three.
//!
//! `QYZMET_SEED=17 cargo test -p gateway simulation` replays one seed, `QYZMET_SEEDS=100000` runs so many.

mod check;
mod ends;
mod store;
mod world;

use super::accept::AsyncRelay;
use super::routes::{Member, Passage, Routes};
use super::seals::Seals;
use check::{Journals, check};
use ends::{Portal, Region, SERVICE, Word};
use service::ports::Clock;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use store::{Broken, SimDisk, SimStore};
use uuid::Uuid;
use world::{Life, Link, Plan, Watch, World};

/// Seeds of an ordinary test.
const SEEDS: u64 = 1_500;
/// Steps with faults, and how many may follow without any until everything has arrived.
const FAULTY_STEPS: u32 = 120;
const CALM_STEPS: u32 = 400;

/// One role: its disk and its clock, which outlive its processes.
#[derive(Debug)]
struct Role {
    disk: Arc<SimDisk>,
    watch: Arc<Watch>,
    life: Mutex<Arc<Life>>,
}

impl Role {
    fn new(world: &Arc<World>, broken: Broken) -> Self {
        let (disk, watch) = (SimDisk::new(world, broken), Watch::new(world));
        Self { disk, watch, life: Mutex::default() }
    }

    fn life(&self) -> Arc<Life> {
        Arc::clone(&self.life.lock().unwrap())
    }

    fn store(&self) -> Arc<SimStore> {
        Arc::new(SimStore { on: Arc::clone(&self.disk), life: self.life() })
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::<Watch>::clone(&self.watch)
    }

    /// Begins a new process if the last one was killed.
    fn begins_again(&self) -> bool {
        let mut life = self.life.lock().unwrap();
        let again = life.is_dead();
        if again {
            self.disk.killed();
            *life = Arc::default();
        }
        again
    }
}

/// The three roles of one seed.
struct Roles {
    world: Arc<World>,
    link: Arc<Link>,
    portal: Role,
    gateway: Role,
    region: Role,
    told: Arc<Mutex<BTreeSet<(String, &'static str)>>>,
    sending: Arc<Portal>,
    relay: Arc<AsyncRelay>,
    /// A process of the gateway that was thought dead and goes on.
    zombie: Option<Arc<AsyncRelay>>,
}

fn routes() -> Routes {
    let member =
        |endpoint: &str| Member { endpoint: Some(endpoint.to_owned()), notices: true, ..Member::default() };
    let senders = BTreeSet::from(["portal".to_owned()]);
    Routes {
        systems: ["portal", "region"].map(|it| (it.to_owned(), member(it))).into(),
        services: [(SERVICE.to_owned(), Passage { senders, to: None })].into(),
        addressees: [("region".to_owned(), "region".to_owned())].into(),
        ..Routes::default()
    }
}

impl Roles {
    fn new(seed: u64, gateway: Broken, region: Broken) -> Self {
        let world = World::new(seed);
        let link = Arc::new(Link(Arc::clone(&world)));
        let portal = Role::new(&world, Broken::No);
        let gateway = Role::new(&world, gateway);
        let region = Role::new(&world, region);
        let told = Arc::default();
        let sending = portal_of(&portal, &link, &told);
        let relay = relay_of(&gateway, &link);
        let roles = Self { world, link, portal, gateway, region, told, sending, relay, zombie: None };
        roles.open();
        roles
    }

    fn open(&self) {
        self.world.open("portal", &self.portal.life(), Arc::<Portal>::clone(&self.sending));
        self.world.open("gateway", &self.gateway.life(), Arc::<AsyncRelay>::clone(&self.relay));
        let (world, store, clock) = (Arc::clone(&self.world), self.region.store(), self.region.clock());
        self.world.open("region", &self.region.life(), Arc::new(Region { world, store, clock }));
    }

    /// Begins the killed processes again.
    fn revive(&mut self) {
        let portal = self.portal.begins_again();
        let gateway = self.gateway.begins_again();
        if portal {
            self.sending = portal_of(&self.portal, &self.link, &self.told);
        }
        if gateway {
            self.relay = relay_of(&self.gateway, &self.link);
            self.zombie = None;
        }
        if self.region.begins_again() || portal || gateway {
            self.open();
        }
    }

    /// Something goes wrong from outside.
    fn mischief(&mut self) {
        let world = &self.world;
        if world.happens(|it| it.cut) {
            let names = ["gateway", "region", "portal"];
            let seconds = if world.chance.below(4) == 0 { 86_400 } else { 600 };
            world.cut(names[usize::try_from(world.chance.below(3)).unwrap()], seconds);
        }
        if world.happens(|it| it.step) {
            let all = [&self.portal, &self.gateway, &self.region];
            all[usize::try_from(world.chance.below(3)).unwrap()].watch.step();
        }
        if world.happens(|it| it.step) {
            // Two processes over one store: the old one did not know that it was replaced.
            self.zombie = Some(relay_of(&self.gateway, &self.link));
        }
    }

    fn calm(&mut self) {
        *self.world.plan.lock().unwrap() = Plan::CALM;
        self.world.mend();
        self.zombie = None;
        for it in [&self.portal, &self.gateway, &self.region] {
            it.watch.mend();
        }
    }

    /// Whatever is due is done by all at once.
    async fn step(&mut self) {
        self.revive();
        let (portal, gateway) = (self.portal.life(), self.gateway.life());
        let sending = async {
            for _ in 0..self.world.chance.below(3) {
                tokio::task::yield_now().await;
            }
            self.sending.work_once().await
        };
        let zombie = async {
            match &self.zombie {
                Some(it) => it.work_once().await,
                None => Ok(0),
            }
        };
        // Errors of a store are answered by doing it again: the lease runs out.
        let worked = tokio::join!(
            portal.run(sending),
            gateway.run(self.relay.work_once()),
            gateway.run(zombie),
            self.world.haunt(),
        );
        if !matches!((worked.0, worked.1), (Some(Ok(0)), Some(Ok(0)))) {
            return;
        }
        let due = [&self.portal, &self.gateway].into_iter().filter_map(|it| it.disk.next_due()).min();
        let wait = due.map_or(1, |it| it.duration_since(self.world.now()).as_secs());
        let late = i64::try_from(self.world.chance.below(30)).unwrap();
        self.world.pass(wait.clamp(1, 7_200) + late);
    }

    fn is_quiet(&self) -> bool {
        self.portal.disk.waiting() == 0 && self.gateway.disk.waiting() == 0 && self.world.ghosts() == 0
    }
}

fn portal_of(
    role: &Role,
    link: &Arc<Link>,
    told: &Arc<Mutex<BTreeSet<(String, &'static str)>>>,
) -> Arc<Portal> {
    let (store, clock) = (role.store(), role.clock());
    Arc::new(Portal { store, clock, link: Arc::clone(link), told: Arc::clone(told) })
}

fn relay_of(role: &Role, link: &Arc<Link>) -> Arc<AsyncRelay> {
    let ports = (role.store() as Arc<_>, role.clock());
    Arc::new(AsyncRelay::with_seals(Seals::Plain, ports, Arc::<Link>::clone(link), routes()))
}

/// Runs a seed and returns what the checker finds wrong, and a digest of the journals.
async fn run(seed: u64, gateway: Broken, region: Broken) -> (Vec<String>, String) {
    let mut roles = Roles::new(seed, gateway, region);
    let (cases, words) = (1 + roles.world.chance.below(2), 2 + roles.world.chance.below(2));
    let mut to_say: Vec<Word> = (0..cases * words)
        .map(|it| Word { id: Uuid::from_u64_pair(seed, it), case: it % cases, number: it / cases })
        .rev()
        .collect();
    for step in 0.. {
        if step == FAULTY_STEPS {
            roles.calm();
        }
        if step > FAULTY_STEPS + CALM_STEPS || (to_say.is_empty() && roles.is_quiet()) {
            break;
        }
        if step < FAULTY_STEPS {
            roles.mischief();
        }
        roles.revive();
        if let Some(word) = to_say.last() {
            let said = roles.portal.life().run(roles.sending.say(word)).await;
            if matches!(said, Some(Ok(()))) {
                to_say.pop();
            }
        }
        roles.step().await;
    }
    roles.calm();
    roles.revive();
    let journals = Journals {
        said: roles.portal.disk.events("case/"),
        brought: roles.gateway.disk.events("message/"),
        taken: roles.region.disk.events("case/"),
        told: roles.told.lock().unwrap().clone(),
    };
    let mut wrong = check(&journals);
    if !to_say.is_empty() || !roles.is_quiet() {
        let waits = (roles.portal.disk.waits(), roles.gateway.disk.waits());
        wrong.push(format!("something waits for ever: {waits:?} at {}", roles.world.now()));
    }
    (wrong, journals.digest())
}

fn alone<T>(it: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(it)
}

fn from_env(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn nothing_is_lost_or_doubled_and_each_case_keeps_its_order_whatever_fails() {
    let seeds = match from_env("QYZMET_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..from_env("QYZMET_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        let (wrong, _) = alone(run(seed, Broken::No, Broken::No));
        let replay = format!("QYZMET_SEED={seed} cargo test -p gateway simulation");
        assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}\nreplay it: {replay}");
    }
}

#[test]
fn a_seed_replays() {
    for seed in 0..5 {
        let twice = [(); 2].map(|()| alone(run(seed, Broken::No, Broken::No)).1);
        assert_eq!(twice[0], twice[1], "seed {seed}");
    }
}

/// Returns the first seed at which the checker finds something wrong.
fn first_found(gateway: Broken, region: Broken) -> Option<(u64, Vec<String>)> {
    (0..300).find_map(|seed| {
        let (wrong, _) = alone(run(seed, gateway, region));
        (!wrong.is_empty()).then_some((seed, wrong))
    })
}

fn assert_found(found: Option<(u64, Vec<String>)>, what: &str) {
    let (seed, wrong) = found.expect("the checker sees nothing");
    assert!(wrong.iter().any(|it| it.contains(what)), "seed {seed}: {wrong:?}");
}

#[test]
fn an_answer_before_the_commit_is_found_as_a_loss() {
    assert_found(first_found(Broken::AnswersBeforeCommit, Broken::No), "lost");
}

#[test]
fn an_inbox_that_does_not_dedupe_is_found_as_a_double() {
    assert_found(first_found(Broken::No, Broken::NoDedupe), "doubled");
}

#[test]
fn a_relay_that_does_not_dedupe_is_found() {
    assert_found(first_found(Broken::NoDedupe, Broken::No), "accepted");
}

#[test]
fn a_relay_that_ignores_lanes_is_found_as_disorder() {
    assert_found(first_found(Broken::LaneIgnored, Broken::No), "order");
}
