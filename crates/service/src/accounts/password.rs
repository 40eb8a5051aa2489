// SPDX-License-Identifier: MIT OR Apache-2.0
//! Passwords: argon2id, off the threads that serve people.

use crate::submit::SubmitError;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

/// Memory in KiB, passes and lanes: the second choice recommended by RFC 9106 for memory-constrained servers is 64 MiB;
/// this is the figure of OWASP for argon2id, which leaves one small server responsive.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn off<T: Send + 'static>(work: impl FnOnce() -> Option<T> + Send + 'static) -> Result<T, SubmitError> {
    tokio::task::spawn_blocking(work)
        .await
        .ok()
        .flatten()
        .ok_or_else(|| SubmitError::Unavailable("passwords cannot be hashed now".to_owned()))
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
