// SPDX-License-Identifier: MIT OR Apache-2.0
//! What goes wrong on purpose, by chance that comes of the seed.

use crate::Failure;
use crate::clock::Chance;
use crate::shipped::REGISTERS;
use crate::world::{NAMES, REGION, World};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Links between processes and ports.
const LINKS: [(&str, &str); 8] = [
    ("portal", "gateway"),
    ("gateway", "portal"),
    ("gateway", "region-1"),
    ("gateway", "region-2"),
    ("region-1", "gateway"),
    ("region-2", "gateway"),
    ("region-1", "gateway-sync"),
    ("region-2", "gateway-sync"),
];
/// Seconds by which a clock is set wrong.
pub(crate) const HOUR: i64 = 3_600;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Mischief {
    pub(crate) kills: [u32; 4],
    pub(crate) cuts: u32,
    pub(crate) steps: u32,
    pub(crate) days: [u32; 3],
}

/// Who is away for a day.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Away {
    /// A process.
    Process(usize),
    /// A register.
    Register(usize),
}

async fn rest(chance: &Chance, least: u64, most: u64) {
    tokio::time::sleep(Duration::from_millis(least + chance.below(most - least))).await;
}

/// Makes mischief until it is told to stop; then everything is whole again.
pub(crate) async fn make(
    world: &World,
    chance: &Chance,
    (pause, stop): (u64, &AtomicBool),
    done: &mut Mischief,
) -> Result<(), Failure> {
    while !stop.load(Ordering::Relaxed) {
        rest(chance, pause / 2, pause * 2).await;
        let at = usize::try_from(chance.below(4))?;
        match chance.below(10) {
            0..=4 => {
                let Ok(_fate) = world.process(at).fate.try_lock() else { continue };
                world.kill(at);
                done.kills[at] += 1;
                rest(chance, 20, 1_500).await;
                world.begin(at).await?;
            }
            5..=7 => {
                let (from, to) = LINKS[usize::try_from(chance.below(8))?];
                done.cuts += 1;
                world.net.cut(from, to, true);
                rest(chance, 100, 2_000).await;
                world.net.cut(from, to, false);
            }
            _ => {
                let wrong = if chance.below(2) == 0 { HOUR } else { -HOUR };
                done.steps += 1;
                world.process(at).clock.wrong.store(wrong, Ordering::Relaxed);
                rest(chance, 500, 3_000).await;
                world.process(at).clock.wrong.store(0, Ordering::Relaxed);
            }
        }
    }
    Ok(())
}

/// A day passes without somebody.
pub(crate) async fn day_without(world: &World, who: Away, done: &mut Mischief) -> Result<(), Failure> {
    let _fate = match who {
        Away::Process(at) => {
            let fate = world.process(at).fate.lock().await;
            done.days[usize::from(at >= REGION)] += 1;
            world.kill(at);
            Some(fate)
        }
        Away::Register(at) => {
            done.days[2] += 1;
            world.net.cut(NAMES[1], REGISTERS[at], true);
            None
        }
    };
    for _ in 0..24 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        world.time.jump(HOUR);
    }
    match who {
        Away::Process(at) => world.begin(at).await?,
        Away::Register(at) => world.net.cut(NAMES[1], REGISTERS[at], false),
    }
    Ok(())
}
