// SPDX-License-Identifier: MIT OR Apache-2.0
//! Applications through a federation that is ill-treated: a portal, a gateway and two regions, each over a store of its own.
//!
//! `cargo run --release -p gateway --example load -- --applications 100000`
//!
//! Citizens fill, sign and send applications at the portal; the gateway brings them to the region of their territory, which
//! asks registers through the gateway and issues by itself, or officials work on them; the result comes back. Meanwhile
//! processes are killed and begin again over their stores, links lose, double and are cut, clocks are set wrong by an hour
//! and right again, and somebody is away for a day. At the end the four journals are opened and compared.
//!
//! `--seed N`: the same seed plans the same mischief; threads and the machine decide when it strikes. `--no-faults`.
//! `--minutes N`: begins no further round after so long. `--pause MS`: between two pieces of mischief. `--folder DIR`: where
//! stores lie. Everybody in it is invented.

#![expect(clippy::print_stdout, reason = "a program for the command line")]
#![expect(clippy::indexing_slicing, reason = "four processes have fixed places, and JSON answers null")]

mod check;
mod clock;
mod links;
mod mischief;
mod people;
mod press;
mod shipped;
mod world;

use check::Found;
use clock::Chance;
use mischief::{Away, Mischief};
use people::{Applicant, Sheet};
use service::ports::Store;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use world::{NAMES, REGION, World};

type Failure = Box<dyn Error + Send + Sync>;

/// Applications of a round. A round ends when all of the round before have ended, so that nobody is ever idle.
const ROUND: u64 = 2_000;
/// Citizens who are at the portal at a time.
const AT_ONCE: usize = 24;
/// One application in so many is worked on by officials.
const BY_HAND_ONE_IN: u64 = 20;
/// Work that is due later than this waits for no round; longer than the longest wait between two trials.
const SOON: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);
/// How often it is told what is stuck.
const WATCH: Duration = Duration::from_mins(1);
/// How often an hour passes while applications are awaited.
const HOUR_EVERY: Duration = Duration::from_secs(10);
/// How long the applications of a round may take to their end once all of the next were sent.
const ENDS: Duration = Duration::from_mins(20);
/// How long a round may take to come to rest.
const REST: Duration = Duration::from_mins(5);

/// What the command line says.
struct Wish {
    applications: u64,
    seed: u64,
    minutes: u64,
    pause: u64,
    faults: bool,
    folder: Option<PathBuf>,
}

impl Wish {
    fn read() -> Result<Self, Failure> {
        let args: Vec<String> = std::env::args().collect();
        let after = |name: &str| args.iter().skip_while(|it| *it != name).nth(1);
        let number = |name: &str, or: u64| after(name).map_or(Ok(or), |it| it.parse());
        Ok(Self {
            applications: number("--applications", 1_000)?,
            seed: number("--seed", 1)?,
            minutes: number("--minutes", u64::MAX / 60)?,
            pause: number("--pause", 700)?,
            faults: !args.iter().any(|it| it == "--no-faults"),
            folder: after("--folder").map(PathBuf::from),
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let wish = Wish::read()?;
    let own = tempfile::tempdir()?;
    let folder = wish.folder.clone().unwrap_or_else(|| own.path().to_owned());
    let began = Instant::now();
    let world = Arc::new(World::open(&folder, wish.seed)?);
    for at in 0..NAMES.len() {
        world.begin(at).await?;
    }
    let applicants = people::settle(&world).await?;
    let (mut sheets, mut mischief, chance) = (Vec::new(), Mischief::default(), Chance::new(wish.seed));
    let (mut round, mut before, mut rounds_began) = (0, 0, Vec::new());
    while (sheets.len() as u64) < wish.applications && began.elapsed().as_secs() < wish.minutes * 60 {
        rounds_began.push(disk_now());
        let count = ROUND.min(wish.applications - sheets.len() as u64);
        let waiting = sheets.get(before..).unwrap_or_default();
        let sent =
            play(&world, (&applicants, waiting), (round, count), (&wish, &chance, &mut mischief)).await?;
        before = sheets.len();
        sheets.extend(sent);
        round += 1;
        let seconds = began.elapsed().as_secs().max(1);
        println!("{} applications sent after {seconds} s, {before} of them have ended", sheets.len());
        // What was written before the round before the last is of applications that ended a round ago, hours of the world's time.
        if let Some(older) = rounds_began.iter().rev().nth(2) {
            sweep(&world, &folder, *older).await?;
        }
    }
    await_ends(&world, sheets.get(before..).unwrap_or_default()).await?;
    rest(&world).await?;
    let took = began.elapsed();
    for at in 0..NAMES.len() {
        world.kill(at);
    }
    let found = loop {
        match check::check(&folder, &sheets).await {
            Err(failed) if began.elapsed() > took + Duration::from_secs(30) => return Err(failed),
            // The last threads are still letting a store go.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            Ok(found) => break found,
        }
    };
    report(&found, &mischief, took, &world);
    if found.is_whole() { Ok(()) } else { Err("the journals do not agree".into()) }
}

/// One round: all are sent, all of the round before come to their end, and mischief is made meanwhile.
async fn play(
    world: &Arc<World>,
    (applicants, waiting): (&[Arc<Applicant>], &[Sheet]),
    (round, count): (u64, u64),
    (wish, chance, mischief): (&Wish, &Chance, &mut Mischief),
) -> Result<Vec<Sheet>, Failure> {
    let next = Arc::new(AtomicU64::new(0));
    let stop = AtomicBool::new(false);
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (world, applicants, next) = (Arc::clone(world), applicants.to_vec(), Arc::clone(&next));
        sending.spawn(async move {
            let mut sheets = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok::<_, Failure>(sheets);
                }
                let who = if number % BY_HAND_ONE_IN == 7 { 2 } else { usize::from(number % 4 > 1) };
                let region = REGION + usize::from(number % 2 == 1 || number % (2 * BY_HAND_ONE_IN) == 7);
                let sheet = people::apply(&world, &applicants[who], region).await?;
                if sheet.by_hand {
                    people::work(Arc::clone(&world), sheet.clone()).await?;
                }
                sheets.push(sheet);
            }
        });
    }
    let watched = Arc::clone(world);
    let watching = tokio::spawn(async move { watch(&watched).await });
    let whole = async {
        let mut sheets: Vec<Sheet> = Vec::new();
        let mut away = wish.faults.then_some(match round % 4 {
            0 => Away::Process(REGION),
            1 => Away::Register(0),
            2 => Away::Process(REGION + 1),
            _ => Away::Process(1),
        });
        let mut day = Mischief::default();
        loop {
            tokio::select! {
                it = sending.join_next() => match it {
                    Some(it) => sheets.extend(it??),
                    None => break,
                },
                () = tokio::time::sleep(Duration::from_millis(200)) => {}
            }
            if next.load(Ordering::Relaxed) > count / 3
                && let Some(who) = away.take()
            {
                mischief::day_without(world, who, &mut day).await?;
            }
        }
        await_ends(world, waiting).await?;
        stop.store(true, Ordering::Relaxed);
        Ok::<_, Failure>((sheets, day))
    };
    world.net.unlucky.store(wish.faults, Ordering::Relaxed);
    let (whole, made) = if wish.faults {
        tokio::join!(whole, mischief::make(world, chance, (wish.pause, &stop), mischief))
    } else {
        (whole.await, Ok(()))
    };
    watching.abort();
    made?;
    world.net.unlucky.store(false, Ordering::Relaxed);
    let (sheets, day) = whole?;
    for (sum, it) in mischief.days.iter_mut().zip(day.days) {
        *sum += it;
    }
    Ok(sheets)
}

/// Waits until all have ended, with hours passing.
async fn await_ends(world: &World, sheets: &[Sheet]) -> Result<(), Failure> {
    let ends = async {
        for sheet in sheets {
            people::await_end(world, sheet).await;
        }
    };
    tokio::select! {
        () = ends => Ok(()),
        () = hours_pass(world) => Ok(()),
        () = tokio::time::sleep(ENDS) => Err("an application does not end".into()),
    }
}

/// What a clock wrong by an hour wrote is due within an hour; nobody has to wait for it.
async fn hours_pass(world: &World) {
    loop {
        tokio::time::sleep(HOUR_EVERY).await;
        world.time.jump(mischief::HOUR);
    }
}

/// Tells now and then what is stuck, why and how often it was tried.
async fn watch(world: &World) {
    loop {
        tokio::time::sleep(WATCH).await;
        for (at, name) in NAMES.iter().enumerate() {
            let Some(store) = world.store(at) else { continue };
            let Ok(stuck) = store.stuck(1_000).await else { continue };
            let mut reasons = std::collections::BTreeMap::new();
            for it in stuck {
                let why = (it.row.kind, it.why.unwrap_or_default(), it.set_aside);
                let (count, most) = reasons.entry(why).or_insert((0, 0));
                (*count, *most) = (*count + 1, it.attempts.max(*most));
            }
            for ((kind, why, aside), (count, most)) in reasons.iter().take(8) {
                println!("    {name}: {count} {kind}, tried up to {most} times, set aside {aside}: {why}");
            }
        }
    }
}

/// Waits until nothing is due anywhere, within an hour either.
async fn rest(world: &World) -> Result<(), Failure> {
    let rests = Instant::now();
    for _ in 0..2 {
        if let Some(busy) = busy_after(world, rests).await? {
            println!("work is still due in {busy} of {} outboxes", NAMES.len());
            return Ok(());
        }
        world.time.jump(mischief::HOUR);
    }
    println!("  at rest after {:?}", rests.elapsed());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "files have the time of the disk, not that of the world")]
fn disk_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Removes the files that were written before: journals stay, and a disk is enough.
async fn sweep(world: &World, folder: &Path, older: jiff::Timestamp) -> Result<(), Failure> {
    let mut removed = 0;
    for at in 0..NAMES.len() {
        let store = world.store(at).ok_or("a process is gone")?;
        removed += tokio::task::spawn_blocking(move || store.sweep(&|_| false, older)).await??.removed;
    }
    let journals: u64 = NAMES
        .iter()
        .filter_map(|it| std::fs::metadata(folder.join(it).join("journal.db")).ok())
        .map(|it| it.len() / 1_000_000)
        .sum();
    println!("  {removed} files removed; journals {journals} MB");
    Ok(())
}

/// Waits until nothing is due, and returns `None`; or in how many outboxes there still is, when that takes too long.
async fn busy_after(world: &World, rests: Instant) -> Result<Option<usize>, Failure> {
    loop {
        let mut busy = 0;
        for at in 0..NAMES.len() {
            let soon = world.time.now() + SOON;
            let store = world.store(at).ok_or("a process is gone")?;
            busy += usize::from(store.next_due().await?.is_some_and(|it| it <= soon));
        }
        if busy == 0 {
            return Ok(None);
        }
        if rests.elapsed() > REST {
            return Ok(Some(busy));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn report(found: &Found, mischief: &Mischief, took: Duration, world: &World) {
    let seconds = took.as_secs().max(1);
    println!("applications {} in {seconds} s", found.applications);
    println!(
        "lost {} doubled {} out of order {} odd {}",
        found.lost, found.doubled, found.disordered, found.odd
    );
    println!("messages {} questions {} at the gateway", found.messages, found.questions);
    println!("chains of hashes: {} events checked, {} faults", found.events, found.broken);
    for (name, kills) in NAMES.iter().zip(mischief.kills) {
        println!("{name} killed {kills} times");
    }
    let (lost, doubled) = (world.net.lost.load(Ordering::Relaxed), world.net.doubled.load(Ordering::Relaxed));
    println!("links cut {} times, exchanges lost {lost}, doubled {doubled}", mischief.cuts);
    let [gateway, region, register] = mischief.days;
    println!(
        "clocks set wrong {} times; days without gateway {gateway}, a region {region}, a register {register}",
        mischief.steps
    );
}
