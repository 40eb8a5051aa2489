// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pump over a store: what it begins, how much of it at a time, and what is left of it when it stops.

use crate::fixture::{at, id, send, work};
use crate::model::Model;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use service::ports::store::{Claimed, OutboxRow, Settlement, StoreError};
use service::ports::{Clock, Store};
use service::pump::{Pump, Worker};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

/// Rows under way at a time.
const PLACES: usize = 3;

/// A clock that stands still until it is moved; its chance is always the same.
#[derive(Debug)]
struct Still(Mutex<Timestamp>);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn uuid(&self) -> Uuid {
        Uuid::nil()
    }

    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(255);
    }
}

/// What was seen of the work.
#[derive(Debug, Default)]
struct Seen {
    /// The rows that were begun, +, and those that were done, -, in order.
    steps: Vec<String>,
    under_way: usize,
    most: usize,
    done: usize,
    stopped: usize,
}

/// Does work as its lane says: `hangs`, `panics`, `fails`, `held` until the gate opens; any other is done.
#[derive(Debug)]
struct Hand {
    seen: watch::Sender<Seen>,
    gate: Semaphore,
}

/// Work that is dropped before its end is stopped.
struct UnderWay<'a>(&'a Hand);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.seen.send_modify(|it| (it.under_way, it.stopped) = (it.under_way - 1, it.stopped + 1));
    }
}

#[async_trait]
impl Worker for Hand {
    async fn carry_out(&self, claimed: &Claimed) -> Result<Settlement, StoreError> {
        let number = claimed.row.id.as_u128();
        self.seen.send_modify(|it| {
            it.steps.push(format!("+{number}"));
            it.under_way += 1;
            it.most = it.most.max(it.under_way);
        });
        let under_way = UnderWay(self);
        tokio::task::yield_now().await;
        match claimed.row.lane.as_str() {
            "hangs" => std::future::pending::<()>().await,
            "panics" => panic!("on purpose"),
            "fails" => return Err(StoreError("on purpose".to_owned())),
            lane if lane.starts_with("held") => self.gate.acquire().await.unwrap().forget(),
            _ => {}
        }
        drop(under_way);
        self.seen.send_modify(|it| {
            it.steps.push(format!("-{number}"));
            (it.done, it.stopped) = (it.done + 1, it.stopped - 1);
        });
        Ok(Settlement::Done)
    }
}

struct World {
    store: Arc<Model>,
    clock: Arc<Still>,
    hand: Arc<Hand>,
    pump: Pump,
}

impl World {
    async fn with(rows: Vec<OutboxRow>) -> Self {
        let (store, clock) = (Arc::new(Model::default()), Arc::new(Still(Mutex::new(at(0)))));
        let hand = Arc::new(Hand { seen: watch::Sender::default(), gate: Semaphore::new(0) });
        let pump = Pump::new(Arc::<Model>::clone(&store), Arc::<Still>::clone(&clock), PLACES);
        send(&*store, rows).await.unwrap();
        Self { store, clock, hand, pump }
    }

    /// Has the pump run until the work stands so, and drops it.
    async fn runs_until(&self, so: impl FnMut(&Seen) -> bool) {
        let mut seen = self.hand.seen.subscribe();
        tokio::select! {
            () = self.pump.run(&self.hand) => {}
            stands = seen.wait_for(so) => drop(stands.unwrap()),
        }
    }

    /// The rows that are not done.
    async fn left(&self) -> Vec<u128> {
        let left = self.store.waiting("test.send", 100).await.unwrap();
        left.iter().map(|it| it.row.id.as_u128()).collect()
    }
}

/// Rows with lanes of their own.
fn apart(numbers: std::ops::Range<u128>, lane: &str) -> Vec<OutboxRow> {
    numbers.map(|it| work(it, &format!("{lane}/{it}"), at(0))).collect()
}

#[tokio::test]
async fn rows_of_a_lane_are_done_one_after_the_other_beside_other_lanes() {
    let one = (1..4).map(|it| work(it, "one", at(0)));
    let two = (4..7).map(|it| work(it, "two", at(0)));
    let world = World::with(one.chain(two).collect()).await;
    world.runs_until(|it| it.done == 6).await;
    let seen = world.hand.seen.borrow();
    let of = |lane: [&str; 3]| -> Vec<String> {
        seen.steps.iter().filter(|it| lane.iter().any(|row| it.ends_with(*row))).cloned().collect()
    };
    assert_eq!(of(["1", "2", "3"]), ["+1", "-1", "+2", "-2", "+3", "-3"]);
    assert_eq!(of(["4", "5", "6"]), ["+4", "-4", "+5", "-5", "+6", "-6"]);
    assert_eq!(seen.most, 2, "lanes do not wait for each other");
}

#[tokio::test]
async fn no_more_is_under_way_than_there_are_places_and_each_that_is_free_is_taken() {
    let world = World::with(apart(1..11, "held")).await;
    world.runs_until(|it| it.under_way == PLACES).await;
    assert_eq!(world.hand.seen.borrow().steps.len(), PLACES);

    let world = World::with(apart(1..11, "held")).await;
    world.hand.gate.add_permits(10);
    world.runs_until(|it| it.done == 10).await;
    assert_eq!(world.hand.seen.borrow().most, PLACES);
    assert!(world.left().await.is_empty());
}

#[tokio::test]
async fn what_hangs_panics_or_fails_keeps_nothing_else_from_being_done_and_is_claimed_again() {
    let bad = ["hangs", "panics", "fails"].into_iter().zip(1..);
    let mut rows: Vec<OutboxRow> = bad.map(|(lane, number)| work(number, lane, at(0))).collect();
    rows.extend(apart(4..24, "good"));
    let world = World::with(rows).await;
    world.runs_until(|it| it.done == 20).await;
    assert_eq!(world.left().await, [1, 2, 3]);
    let again = world.store.claim(at(2), at(4), 10).await.unwrap();
    let again: Vec<_> = again.into_iter().map(|it| (it.row.id, it.attempts)).collect();
    assert_eq!(again, [(id(1), 1), (id(2), 1), (id(3), 1)]);
}

#[tokio::test]
async fn what_is_under_way_stops_with_the_pump_and_is_done_when_its_lease_is_over() {
    let world = World::with(apart(1..3, "held")).await;
    world.runs_until(|it| it.under_way == 2).await;
    let mut seen = world.hand.seen.subscribe();
    drop(seen.wait_for(|it| it.stopped == 2).await.unwrap());
    assert_eq!(world.left().await, [1, 2]);

    world.hand.gate.add_permits(2);
    assert_eq!(world.pump.once(&world.hand).await, Ok(0), "its lease hides it");
    *world.clock.0.lock().unwrap() = at(2);
    assert_eq!(world.pump.once(&world.hand).await, Ok(2));
    assert!(world.left().await.is_empty());
}

#[tokio::test]
async fn once_tells_that_a_row_was_not_settled() {
    let world = World::with(vec![work(1, "fails", at(0))]).await;
    assert_eq!(world.pump.once(&world.hand).await, Err(StoreError("on purpose".to_owned())));
    assert_eq!(world.left().await, [1]);
}

#[tokio::test]
async fn what_failed_waits_longer_each_time_and_up_to_a_quarter_more_by_chance() {
    let world = World::with(Vec::new()).await;
    let trials = [0, 1, 3, 30].map(|it| world.pump.next_trial(it).duration_since(at(0)).as_millis());
    assert_eq!(trials, [1_255, 2_510, 10_040, 376_500]);
    let soon = at(0) + SignedDuration::from_secs(4);
    assert_eq!(world.pump.later(soon), soon + SignedDuration::from_millis(1020));
    assert_eq!(world.pump.later(at(-5)), at(0) + SignedDuration::from_millis(255));
}
