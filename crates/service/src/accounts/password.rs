// SPDX-License-Identifier: MIT OR Apache-2.0
//! Passwords: argon2id, off the threads that serve people.

use super::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::submit::SubmitError;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes: the second choice recommended by RFC 9106 for memory-constrained servers is 64 MiB;
/// this is the figure of OWASP for argon2id, which leaves one small server responsive.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The most that a string of the list may demand.
const MEMORY_KIB_MAX: u32 = 131_072;
const PASSES_MAX: u32 = 10;

/// Passwords hashed at a time: each takes [`MEMORY_KIB`], and whoever is not signed in can ask for it.
const AT_A_TIME: usize = 4;
/// How long a password waits for its turn.
const TURN_SECONDS_MAX: u64 = 10;

static TURNS: Semaphore = Semaphore::const_new(AT_A_TIME);

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn off<T: Send + 'static>(work: impl FnOnce() -> Option<T> + Send + 'static) -> Result<T, SubmitError> {
    let busy = || SubmitError::Unavailable("passwords cannot be hashed now".to_owned());
    let turn = tokio::time::timeout(Duration::from_secs(TURN_SECONDS_MAX), TURNS.acquire());
    let turn = turn.await.map_err(|_| busy())?.map_err(|_| busy())?;
    let work = move || {
        // Held until the work is done, even when nobody waits for it any more.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.ok().flatten().ok_or_else(busy)
}

/// Returns the PHC string of a password.
pub(super) async fn hash(password: &str, salt: [u8; 16]) -> Result<String, SubmitError> {
    let password = password.to_owned();
    off(move || {
        let salt = SaltString::encode_b64(&salt).ok()?;
        Some(argon2().hash_password(password.as_bytes(), &salt).ok()?.to_string())
    })
    .await
}

/// Returns whether the password is that of the PHC string; without one it takes the same time and is false.
pub(super) async fn matches(password: &str, phc: Option<&str>) -> Result<bool, SubmitError> {
    let password = password.to_owned();
    let phc = phc.map(str::to_owned);
    off(move || {
        let Some(phc) = phc else {
            let salt = SaltString::encode_b64(&[0; 16]).ok()?;
            let wasted = argon2().hash_password(password.as_bytes(), &salt).ok()?;
            return Some(wasted.to_string().is_empty());
        };
        let parsed = PasswordHash::new(&phc).ok()?;
        Some(argon2().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

/// Returns the PHC string of a password with this salt, for the list of accounts; nothing for one that is too short or too
/// long.
pub fn phc(password: &str, salt: [u8; 16]) -> Option<String> {
    let fits = password.chars().count() >= PASSWORD_CHARS_MIN && password.len() <= PASSWORD_BYTES_MAX;
    let salt = SaltString::encode_b64(&salt).ok()?;
    fits.then(|| argon2().hash_password(password.as_bytes(), &salt).ok().map(|it| it.to_string())).flatten()
}

/// Returns whether a text is a PHC string of argon2id no weaker than ours, and not so strong that one sign-in takes all.
pub fn is_phc(text: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(text) else { return false };
    let cost = |name: &str| parsed.params.get_decimal(name).unwrap_or_default();
    parsed.algorithm.as_str() == "argon2id"
        && parsed.hash.is_some()
        && (MEMORY_KIB..=MEMORY_KIB_MAX).contains(&cost("m"))
        && (PASSES..=PASSES_MAX).contains(&cost("t"))
}
