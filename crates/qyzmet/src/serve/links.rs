// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which way an envelope goes: over NATS where an address begins with `nats:`, over HTTP otherwise.

use super::config::Config;
use crate::parts::StartError;
use async_trait::async_trait;
use gateway::{HttpTransport, NatsTransport, RemoteFiles, TempFiles, Transport, Wire};
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an address over NATS begins with; the name of the endpoint follows.
pub(crate) const NATS: &str = "nats:";

/// The transports of a role, and where files lie that are too long for a message.
#[derive(Debug)]
pub(super) struct Links {
    ways: Arc<Ways>,
    files: Option<Arc<dyn TempFiles>>,
}

/// The transports alone.
#[derive(Debug)]
struct Ways {
    http: HttpTransport,
    nats: Option<NatsTransport>,
    /// Names over NATS, by our names of endpoints.
    by_nats: BTreeMap<String, String>,
}

impl Links {
    /// Opens what the addresses need.
    pub(super) fn open(
        config: &Config,
        addresses: BTreeMap<String, String>,
        nats: Option<NatsTransport>,
        wire: &Wire,
    ) -> Result<Self, StartError> {
        let (by_nats, by_http): (BTreeMap<_, _>, BTreeMap<_, _>) =
            addresses.into_iter().partition(|(_, address)| address.starts_with(NATS));
        let name = |address: &str| address.trim_start_matches(NATS).to_owned();
        let ways = Arc::new(Ways {
            http: HttpTransport::new(by_http, config.messages.tls.as_ref())?,
            nats,
            by_nats: by_nats.into_iter().map(|(endpoint, address)| (endpoint, name(&address))).collect(),
        });
        let storage = config.storage().map(|gateway| {
            let transport = Arc::<Ways>::clone(&ways);
            let (endpoint, signer) = (format!("{}/sync", gateway.id), gateway.signer());
            let files = RemoteFiles::new(wire.clone(), transport, endpoint, signer);
            Arc::new(files.with_life_time(config.files.life_time())) as Arc<dyn TempFiles>
        });
        Ok(Self { ways, files: storage })
    }
}

#[async_trait]
impl Transport for Ways {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        match (&self.nats, self.by_nats.get(endpoint)) {
            (Some(nats), Some(name)) => nats.exchange(name, envelope).await,
            _ => self.http.exchange(endpoint, envelope).await,
        }
    }
}

#[async_trait]
impl Transport for Links {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        self.ways.exchange(endpoint, envelope).await
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        self.files.clone()
    }
}
