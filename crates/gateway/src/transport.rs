// SPDX-License-Identifier: MIT OR Apache-2.0
//! Carrying envelopes: the same bytes, whether over a socket or inside one process.

mod http;
mod nats;

pub use http::{ANSWER_WAIT_SECONDS_MAX, ENVELOPE_BYTES_MAX, HttpTransport, SOAP};
pub use nats::{NatsConfig, NatsError, NatsLimits, NatsLogin, NatsStanding, NatsTransport};

use crate::files::{ParkedFiles, TempFiles};
use async_trait::async_trait;
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Carries an envelope to an endpoint and brings back the answering one.
#[async_trait]
pub trait Transport: std::fmt::Debug + Send + Sync {
    /// Sends `envelope` to the endpoint of that name and returns the bytes that come back, whatever they say.
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError>;

    /// Returns where files lie that are too long for a message, if both ends reach such a place.
    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        None
    }
}

/// What answers envelopes.
#[async_trait]
pub trait Endpoint: std::fmt::Debug + Send + Sync {
    /// Answers an envelope by an envelope; a failure is a fault, and empty bytes are silence.
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8>;
}

/// A hub inside one process: names and endpoints, registered whenever they are ready.
#[derive(Debug, Default)]
pub struct InProcess {
    endpoints: RwLock<BTreeMap<String, Arc<dyn Endpoint>>>,
    files: Arc<ParkedFiles>,
}

impl InProcess {
    /// Returns a hub without endpoints.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an endpoint under a name; the one before it under that name is gone.
    pub fn register(&self, name: impl Into<String>, endpoint: Arc<dyn Endpoint>) {
        let mut endpoints = self.endpoints.write().unwrap_or_else(PoisonError::into_inner);
        endpoints.insert(name.into(), endpoint);
    }

    fn find(&self, name: &str) -> Option<Arc<dyn Endpoint>> {
        self.endpoints.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        match self.find(endpoint) {
            Some(found) => match found.handle(envelope).await {
                silence if silence.is_empty() => {
                    Err(PortError::Unavailable("the endpoint is silent".to_owned()))
                }
                answer => Ok(answer),
            },
            None => Err(PortError::Unavailable("the endpoint is not there".to_owned())),
        }
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        Some(Arc::<ParkedFiles>::clone(&self.files))
    }
}
