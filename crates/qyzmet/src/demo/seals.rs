// SPDX-License-Identifier: MIT OR Apache-2.0
//! Seals over the journals: every second a signed Merkle root over the new events, and the walk that checks them.

use super::DemoError;
use eds::algorithm::SignatureAlgorithm;
use ring::rand::SystemRandom;
use service::codec::hash_of;
use service::ports::Clock;
use simulators::ca::DevCa;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{ChainReport, SqliteStore};

/// How often new events are sealed.
const SEAL_SECONDS: u64 = 1;

/// Seals the journal of a role until the runtime ends; no writer waits for it.
pub(super) async fn seal(
    store: Arc<SqliteStore>,
    role: &'static str,
    authority: Arc<DevCa>,
    clock: Arc<dyn Clock>,
) {
    let random = SystemRandom::new();
    let sign = |root: &[u8; 32]| {
        let holder = authority.transport(role);
        holder.and_then(|it| it.signer().sign(root, &random).ok()).unwrap_or_default()
    };
    loop {
        match store.seal_pending(&sign, clock.now()).await {
            Ok(Some(_)) => {}
            Ok(None) => tokio::time::sleep(Duration::from_secs(SEAL_SECONDS)).await,
            Err(failed) => {
                tracing::error!(role, error = %failed, "the journal cannot be sealed");
                tokio::time::sleep(Duration::from_secs(SEAL_SECONDS)).await;
            }
        }
    }
}

/// Walks the journal of a role: every chain, every seal and its signature.
pub(super) fn verify(
    path: &Path,
    role: &str,
    authority: &DevCa,
    master: &[u8; 32],
) -> Result<ChainReport, DemoError> {
    let failed = |it: String| DemoError::Store(path.to_owned(), it);
    let store = SqliteStore::open(path, master).map_err(|it| failed(it.to_string()))?;
    let key = authority.transport(role).map(|it| it.certificate().spki().to_vec()).unwrap_or_default();
    let genuine = |root: &[u8; 32], signature: &[u8]| {
        SignatureAlgorithm::RsaSha256.verify(&key, root, signature).is_ok()
    };
    store.verify_chain(&hash_of, &genuine).map_err(|it| failed(it.to_string()))
}
