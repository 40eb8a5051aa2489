// SPDX-License-Identifier: MIT OR Apache-2.0
//! Evidence that signing takes the same steps for every key.
//!
//! `steps N` signs once by the key number N (0 to 9), to be counted by `valgrind --tool=callgrind`: the counts of all
//! keys are to be equal. `steps time` compares the time of a fixed key with the time of keys that change (Welch's t of
//! the faster nine tenths; above 4.5 says that the two differ).
#![expect(clippy::print_stdout, reason = "a program that reports")]

use gostkey::{Fault, Key512};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 4000;

fn main() -> Result<(), Fault> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    match wanted.parse::<u64>() {
        Ok(number) => {
            let key = Key512::new(&number_of(number))?;
            black_box(key.sign(&[0x5a; 64], &[0xa5; 32])?);
            Ok(())
        }
        Err(_) => compare(),
    }
}

/// Keys of all kinds: one, two, the largest kind, few bits, many bits, and arbitrary ones.
fn number_of(number: u64) -> [u8; 64] {
    let mut bytes = [0; 64];
    match number {
        0 => bytes[0] = 1,
        1 => bytes[63] = 0x80,
        2 => bytes = [0x7f; 64],
        3 => {
            bytes = [0xff; 64];
            bytes[40] = 0;
            bytes[32] = 0;
        }
        _ => {
            let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for byte in &mut bytes {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                *byte = state.to_le_bytes()[3];
            }
            bytes[63] &= 0x7f;
        }
    }
    bytes
}

fn compare() -> Result<(), Fault> {
    let (mut fixed, mut changing) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS as u64 {
        // The two kinds alternate in an order that looks random, so that the machine's mood falls on both alike.
        let is_fixed = number_of(round + 77)[5] & 1 == 0;
        let key = Key512::new(&number_of(if is_fixed { 0 } else { round + 10 }))?;
        let start = Instant::now();
        black_box(key.sign(&[0x5a; 64], &number_of(round + 3000)[..32].try_into().unwrap_or([0; 32]))?);
        let times = if is_fixed { &mut fixed } else { &mut changing };
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    let [fixed, changing] = [fixed, changing].map(|mut all| {
        all.sort_by(f64::total_cmp);
        all.truncate(all.len() * 9 / 10);
        let count = f64::from(u32::try_from(all.len()).unwrap_or(1));
        let mean = all.iter().sum::<f64>() / count;
        let variance = all.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    });
    let t = (fixed.0 - changing.0) / (fixed.1 + changing.1).sqrt();
    println!("fixed key {:.1} us, changing keys {:.1} us a signature, t = {t:.2}", fixed.0, changing.0);
    Ok(())
}
