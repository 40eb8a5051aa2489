// SPDX-License-Identifier: MIT OR Apache-2.0
//! Seals over the journals: every second a signed Merkle root over the new events, and the walk that checks them.

use super::StartError;
use eds::Certificate;
use eds::algorithm::SignatureAlgorithm;
use gateway::Keys;
use service::codec::hash_of;
use service::ports::Clock;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{ChainReport, SqliteStore};

/// How often new events are sealed.
const SEAL_SECONDS: u64 = 1;

/// Seals the journal of a role until the runtime ends; no writer waits for it.
pub(crate) async fn seal(store: Arc<SqliteStore>, keys: Arc<Keys>, clock: Arc<dyn Clock>) {
    let sign = |root: &[u8; 32]| keys.sign(root).unwrap_or_default();
    loop {
        match store.seal_pending(&sign, clock.now()).await {
            Ok(Some(_)) => {}
            Ok(None) => tokio::time::sleep(Duration::from_secs(SEAL_SECONDS)).await,
            Err(failed) => {
                tracing::error!(role = keys.sender(), error = %failed, "the journal cannot be sealed");
                tokio::time::sleep(Duration::from_secs(SEAL_SECONDS)).await;
            }
        }
    }
}

/// Walks the journal of a role: every chain, every seal and its signature.
pub(crate) fn verify(
    path: &Path,
    certificate: &Certificate,
    master: &[u8; 32],
) -> Result<ChainReport, StartError> {
    let failed = |it: String| StartError::Store(path.to_owned(), it);
    let store = SqliteStore::open(path, master).map_err(|it| failed(it.to_string()))?;
    let key = certificate.spki().to_vec();
    let genuine = |root: &[u8; 32], signature: &[u8]| {
        SignatureAlgorithm::RsaSha256.verify(&key, root, signature).is_ok()
    };
    store.verify_chain(&hash_of, &genuine).map_err(|it| failed(it.to_string()))
}
