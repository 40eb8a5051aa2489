// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys of the systems and of the organisations, and evidence, all from the development authority.

use super::DemoError;
use async_trait::async_trait;
use gateway::{EvidenceSource, Keys, Stamp};
use service::Settings;
use service::ports::Clock;
use simulators::ca::{DevCa, Holder};
use std::sync::Arc;

/// The authority in this process, asked as if over the net: only for the addresses that are its own.
#[derive(Debug)]
pub(super) struct AuthoritySource {
    pub(super) authority: Arc<DevCa>,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl EvidenceSource for AuthoritySource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.authority.answer(url, request, self.clock.now()).map(|it| it.bytes)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.authority.answer(url, &[], self.clock.now()).map(|it| it.bytes)
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.authority.answer(url, &[], self.clock.now())).map(|it| it.bytes)
    }
}

fn missing(what: &str) -> DemoError {
    DemoError::Authority(format!("there is no key of {what}"))
}

/// Returns the key with which a system signs its messages.
pub(super) fn of_system(authority: &DevCa, system: &str) -> Result<Arc<Keys>, DemoError> {
    let holder = authority.transport(system).ok_or_else(|| missing(system))?;
    Keys::new(system, holder.certificate().der(), holder.pkcs8())
        .map(Arc::new)
        .map_err(|it| DemoError::Authority(it.to_string()))
}

/// Returns the stamps of all organisations.
pub(super) fn stamps(authority: &DevCa, settings: &Settings) -> Result<Stamp, DemoError> {
    let mut stamps = Stamp::new();
    for organization in settings.organizations.values() {
        let holder: &Holder = authority.stamp(&organization.bin).ok_or_else(|| missing(&organization.id))?;
        stamps
            .add(&organization.id, holder.certificate().der(), &[authority.authority_der()], holder.pkcs8())
            .map_err(|it| DemoError::Authority(it.to_string()))?;
    }
    Ok(stamps)
}
