// SPDX-License-Identifier: MIT OR Apache-2.0
//! Links that lose questions and answers, double them and are cut; ports of processes that can be gone.

use crate::clock::Chance;
use async_trait::async_trait;
use gateway::{Endpoint, InProcess, Transport};
use service::ports::PortError;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;

/// One exchange in so many loses its question, one its answer, one is carried twice.
const UNLUCKY_ONE_IN: u64 = 150;

/// What the links of one world have in common.
#[derive(Debug)]
pub(crate) struct Net {
    pub(crate) hub: InProcess,
    chance: Chance,
    pub(crate) unlucky: AtomicBool,
    cut: Mutex<BTreeSet<(String, String)>>,
    pub(crate) lost: AtomicU64,
    pub(crate) doubled: AtomicU64,
}

impl Net {
    pub(crate) fn new(seed: u64) -> Self {
        let (unlucky, cut, lost, doubled) = Default::default();
        Self { hub: InProcess::new(), chance: Chance::new(seed), unlucky, cut, lost, doubled }
    }

    /// Cuts a link between a process and a port, or mends it.
    pub(crate) fn cut(&self, from: &str, to: &str, is: bool) {
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        let link = (from.to_owned(), to.to_owned());
        if is {
            cut.insert(link)
        } else {
            cut.remove(&link)
        };
    }

    fn is_cut(&self, from: &str, to: &str) -> bool {
        let cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        cut.contains(&(from.to_owned(), to.to_owned()))
    }
}

/// What one process sends over.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) net: Arc<Net>,
    pub(crate) from: &'static str,
}

#[async_trait]
impl Transport for Link {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let net = &self.net;
        let lost = || {
            net.lost.fetch_add(1, Ordering::Relaxed);
            Err(PortError::Unavailable("lost on the way".to_owned()))
        };
        let luck = if net.unlucky.load(Ordering::Relaxed) { net.chance.below(UNLUCKY_ONE_IN) } else { 3 };
        if net.is_cut(self.from, endpoint) || luck == 0 {
            return lost();
        }
        let answer = if luck == 1 {
            net.doubled.fetch_add(1, Ordering::Relaxed);
            let again = net.hub.exchange(endpoint, envelope.clone());
            let (first, second) = tokio::join!(net.hub.exchange(endpoint, envelope), again);
            first.or(second)?
        } else {
            net.hub.exchange(endpoint, envelope).await?
        };
        if net.is_cut(self.from, endpoint) || luck == 2 { lost() } else { Ok(answer) }
    }
}

/// A port of a process: what comes is worked on in that process, and gone with it.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) process: Handle,
    pub(crate) endpoint: Arc<dyn Endpoint>,
}

#[async_trait]
impl Endpoint for Port {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let endpoint = Arc::clone(&self.endpoint);
        self.process.spawn(async move { endpoint.handle(envelope).await }).await.unwrap_or_default()
    }
}

/// A port where nobody answers.
#[derive(Debug)]
pub(crate) struct Silent;

#[async_trait]
impl Endpoint for Silent {
    async fn handle(&self, _: Vec<u8>) -> Vec<u8> {
        Vec::new()
    }
}
