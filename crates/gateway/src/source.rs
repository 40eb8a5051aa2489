// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fetching what a judgement lacks.

mod errand;

use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use eds::Policy;
use std::future::Future;
use std::time::Duration;

pub use errand::Errand;

/// How often a judgement may ask for more evidence.
pub const ROUNDS_MAX: usize = 3;
/// How long one short piece of evidence is waited for.
pub const FETCH_SECONDS_MAX: u64 = 10;
/// How long a judgement may fetch on which a page waits, all in all: the page must say what came of it before it is given up.
pub const JUDGEMENT_WAIT: Duration = Duration::from_secs(12);
/// Bytes of the nonce with which a responder is asked.
const NONCE_BYTES: usize = 16;

/// Where evidence comes from; `None` when there is no answer. What comes is not trusted: it must prove itself.
#[async_trait]
pub trait EvidenceSource: std::fmt::Debug + Send + Sync {
    /// Posts an OCSP request (DER) to a responder.
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>>;
    /// Gets a revocation list.
    async fn crl(&self, url: &str) -> Option<Vec<u8>>;
    /// Gets the certificate of an issuer from the first of these addresses that has it; nothing is in it where the host
    /// answers that there is none.
    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>>;
    /// Posts a request for a time stamp (DER) to the authority that stamps time; a source may know of none.
    async fn stamp(&self, _request: &[u8]) -> Option<Vec<u8>> {
        None
    }
    /// Whether this address may be asked.
    fn reaches(&self, _url: &str) -> bool {
        true
    }
    /// Whether an answer of OCSP counts only with the nonce that was sent. Some responders answer from a store: their
    /// answers count by age.
    fn demands_nonce(&self) -> bool {
        false
    }
}

/// Has a judgement ask `source` with a nonce that nobody can foresee, so that no old answer is taken for a new one. Without
/// randomness the age of an answer alone must tell.
pub fn ask_with_nonce(policy: &mut Policy, source: &dyn EvidenceSource) {
    policy.ocsp_nonce = nonce();
    policy.ocsp_nonce_required = source.demands_nonce();
}

pub(crate) fn nonce() -> Option<Vec<u8>> {
    let mut nonce = vec![0; NONCE_BYTES];
    SystemRandom::new().fill(&mut nonce).ok().map(|()| nonce)
}

pub(crate) async fn in_time(answer: impl Future<Output = Option<Vec<u8>>> + Send) -> Option<Vec<u8>> {
    tokio::time::timeout(Duration::from_secs(FETCH_SECONDS_MAX), answer).await.ok().flatten()
}
