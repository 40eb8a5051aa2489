// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pushes signed parcels from a portal through the relay to a region, over two real stores, and reads from both journals
//! what became of them.
//!
//! `cargo run --release -p gateway --example load -- --messages 100000 --faults`
//!
//! With faults the relay's process is dropped and begun again, links lose questions and answers, are cut, and the region
//! is away for a day of simulated time. Everybody in it is invented.

#![expect(clippy::print_stdout, reason = "a program for the command line")]

mod check;
mod parts;

use check::{Found, check};
use gateway::relay::{Member, Passage, Routes};
use gateway::{AsyncRelay, BorderClient, BorderEndpoint, Directory, InProcess};
use parts::{Inbox, Lossy, Passing, Silent, accepts, parcel, peer, wire};
use service::ports::{Border, Store};
use simulators::ca::DevCa;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::SqliteStore;
use tokio::task::JoinHandle;

/// Messages of one case.
pub(crate) const CHAIN: u64 = 4;
/// Cases that go on at a time.
const AT_ONCE: u64 = 48;

type Failure = Box<dyn Error + Send + Sync>;

struct World {
    clock: Arc<Passing>,
    ca: Arc<DevCa>,
    hub: Arc<InProcess>,
    link: Arc<Lossy>,
    gateway: Arc<SqliteStore>,
    region: Arc<SqliteStore>,
}

/// What went wrong on purpose.
#[derive(Debug, Default)]
struct Mischief {
    kills: u32,
    cuts: u32,
    days: u32,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().collect();
    let after = |name: &str| args.iter().skip_while(|it| *it != name).nth(1);
    let messages: u64 = after("--messages").map_or(Ok(1_000), |it| it.parse())?;
    let faults = args.iter().any(|it| it == "--faults");
    let folder = tempfile::tempdir()?;
    let world = Arc::new(World::open(folder.path())?);
    let began = Instant::now();
    let cases = messages.div_ceil(CHAIN);
    let sent = Arc::new(AtomicU64::new(0));
    let relay = world.begin();
    let sending = send_all(&world, cases, &sent)?;
    let mischief = attend(&world, relay, faults, (&sent, cases * CHAIN)).await?;
    for it in sending {
        it.await?;
    }
    let took = began.elapsed();
    let found = check(&world.gateway, &world.region, cases).await?;
    report(&found, &mischief, took, cases * CHAIN);
    if found.is_whole() { Ok(()) } else { Err("the journals do not agree".into()) }
}

fn report(found: &Found, mischief: &Mischief, took: Duration, messages: u64) {
    let seconds = took.as_secs().max(1);
    println!("messages {messages} in {seconds} s ({} a second)", messages / seconds);
    println!(
        "lost {} doubled {} out of order {} wrong in the gateway's journal {}",
        found.lost, found.doubled, found.disordered, found.odd
    );
    println!("chains of hashes: {} events checked, {} faults", found.events, found.broken);
    println!(
        "relay killed {} times, links cut {}, days away {}",
        mischief.kills, mischief.cuts, mischief.days
    );
}

impl World {
    fn open(folder: &std::path::Path) -> Result<Self, Failure> {
        let clock = Arc::new(Passing::new("2026-11-21T05:00:00Z".parse()?));
        let ca = Arc::new(DevCa::create_or_load(&folder.join("ca"), clock.start(), &[])?);
        let store = |name: &str| -> Result<_, Failure> {
            let folder = folder.join(name);
            std::fs::create_dir_all(&folder)?;
            Ok(Arc::new(SqliteStore::open(&folder, &[7; 32])?))
        };
        let (gateway, region) = (store("gateway")?, store("region")?);
        let hub = Arc::new(InProcess::new());
        let link = Arc::new(Lossy::new(&hub));
        let inbox = Arc::new(Inbox { store: Arc::clone(&region), clock: Arc::clone(&clock) });
        let port = wire(&ca, "qyzmet-region", "transport-region", &clock)?;
        hub.register("region", Arc::new(BorderEndpoint::new(port, accepts(), inbox)));
        Ok(Self { clock, ca, hub, link, gateway, region })
    }

    /// Begins the relay's process.
    fn begin(&self) -> Result<JoinHandle<()>, Failure> {
        let wire = wire(&self.ca, "qyzmet-gateway", "transport-gateway", &self.clock)?;
        let (store, link) = (Arc::clone(&self.gateway), Arc::clone(&self.link));
        let relay = Arc::new(AsyncRelay::new(wire, store, link, routes()));
        self.hub.register("gateway", Arc::<AsyncRelay>::clone(&relay));
        Ok(tokio::spawn(relay.work()))
    }
}

fn routes() -> Routes {
    let member = |system: &str, endpoint: Option<&str>| Member {
        peer: peer(system),
        endpoint: endpoint.map(str::to_owned),
        ..Member::default()
    };
    let senders = BTreeSet::from(["qyzmet-portal".to_owned()]);
    Routes {
        systems: BTreeMap::from([
            ("qyzmet-portal".to_owned(), member("portal", None)),
            ("qyzmet-region".to_owned(), member("region", Some("region"))),
        ]),
        services: BTreeMap::from([(shep::border::SERVICE_ID.to_owned(), Passage { senders, to: None })]),
        territories: BTreeMap::from([("35".to_owned(), "qyzmet-region".to_owned())]),
        organizations: BTreeMap::from([("abai-education".to_owned(), "353200000".to_owned())]),
        ..Routes::default()
    }
}

/// Sends every case's messages in their order, each again until its receipt comes.
fn send_all(world: &Arc<World>, cases: u64, sent: &Arc<AtomicU64>) -> Result<Vec<JoinHandle<()>>, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for _ in 0..AT_ONCE {
        let wire = wire(&world.ca, "qyzmet-portal", "transport-portal", &world.clock)?;
        let directory = Directory::new().with("abai-education", "gateway", peer("gateway"));
        let portal = BorderClient::new(wire, Arc::<Lossy>::clone(&world.link), directory);
        let (next, sent) = (Arc::clone(&next), Arc::clone(sent));
        tasks.push(tokio::spawn(async move {
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= cases {
                    return;
                }
                for number in 0..CHAIN {
                    while portal.deliver(parcel(case, number)).await.is_err() {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            }
        }));
    }
    Ok(tasks)
}

/// Looks on until everything is brought, and makes mischief meanwhile.
async fn attend(
    world: &World,
    relay: Result<JoinHandle<()>, Failure>,
    faults: bool,
    (sent, all): (&AtomicU64, u64),
) -> Result<Mischief, Failure> {
    let mut relay = relay?;
    let mut mischief = Mischief::default();
    let mut round = 0_u32;
    loop {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let done = sent.load(Ordering::Relaxed);
        if done == all && world.gateway.next_due().await?.is_none() {
            return Ok(mischief);
        }
        round += 1;
        if round.is_multiple_of(40) {
            println!("{done} of {all} are with the gateway");
        }
        if !faults {
            continue;
        }
        world.link.lose(done < all);
        if mischief.days == 0 && done > all * 2 / 5 {
            mischief.days += 1;
            day_away(world).await;
        } else if done < all && round.is_multiple_of(3) {
            mischief.kills += 1;
            relay.abort();
            world.hub.register("gateway", Arc::new(Silent));
            tokio::time::sleep(Duration::from_millis(200)).await;
            relay = world.begin()?;
        } else if done < all && round.is_multiple_of(5) {
            mischief.cuts += 1;
            let name = if round.is_multiple_of(2) { "region" } else { "gateway" };
            world.link.cut(name, true);
            tokio::time::sleep(Duration::from_millis(500)).await;
            world.link.cut(name, false);
        }
    }
}

/// The region is away for a day; the portal goes on.
async fn day_away(world: &World) {
    world.link.cut("region", true);
    for _ in 0..24 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        world.clock.jump(3_600);
    }
    world.link.cut("region", false);
}
