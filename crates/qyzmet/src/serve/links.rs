// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which way an envelope goes: over NATS where an address begins with `nats:`, over HTTP otherwise.

use super::config::Config;
use crate::parts::StartError;
use async_trait::async_trait;
use gateway::{HttpTransport, NatsTransport, TempFiles, Transport};
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an address over NATS begins with; the name of the endpoint follows.
pub(crate) const NATS: &str = "nats:";

/// The transports of a role.
#[derive(Debug)]
pub(super) struct Links {
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
    ) -> Result<Self, StartError> {
        let (by_nats, by_http): (BTreeMap<_, _>, BTreeMap<_, _>) =
            addresses.into_iter().partition(|(_, address)| address.starts_with(NATS));
        let name = |address: &str| address.trim_start_matches(NATS).to_owned();
        Ok(Self {
            http: HttpTransport::new(by_http, config.messages.tls.as_ref())?,
            nats,
            by_nats: by_nats.into_iter().map(|(endpoint, address)| (endpoint, name(&address))).collect(),
        })
    }
}

#[async_trait]
impl Transport for Links {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        match (&self.nats, self.by_nats.get(endpoint)) {
            (Some(nats), Some(name)) => nats.exchange(name, envelope).await,
            _ => self.http.exchange(endpoint, envelope).await,
        }
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        self.http.files()
    }
}
