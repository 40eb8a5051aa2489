// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys of the systems and of the organisations, and evidence, all from the development authority.

use crate::parts::StartError;
use async_trait::async_trait;
use eds::{Certificate, Trust};
use gateway::{EvidenceSource, KeptList, Keys, Stamp};
use jiff::SignedDuration;
use service::Settings;
use service::ports::Clock;
use simulators::ca::{Answer, DEV_CA_URL, DevCa, GostCa, Holder};
use std::sync::Arc;

/// How often lists are looked after even where none ends.
const LISTS_INTERVAL: SignedDuration = SignedDuration::from_hours(1);

/// The authority in this process, asked as if over the net: only for the addresses that are its own.
#[derive(Debug)]
pub(super) struct AuthoritySource {
    pub(super) authority: Arc<DevCa>,
    pub(super) gost: Arc<GostCa>,
    pub(super) clock: Arc<dyn Clock>,
}

impl AuthoritySource {
    fn answer(&self, url: &str, body: &[u8]) -> Option<Vec<u8>> {
        let now = self.clock.now();
        let answer = self.authority.answer(url, body, now).or_else(|| self.gost.answer(url, body, now));
        answer.map(|Answer { bytes, .. }| bytes)
    }
}

#[async_trait]
impl EvidenceSource for AuthoritySource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.answer(url, request)
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.answer(url, &[])
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        urls.iter().find_map(|url| self.answer(url, &[]))
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        Some(self.authority.stamp_time(request, self.clock.now()))
    }

    fn reaches(&self, url: &str) -> bool {
        url.starts_with(DEV_CA_URL)
    }
}

/// Returns trust in the roots of both authorities.
pub(super) fn trust(authority: &DevCa, gost: &GostCa) -> Result<Trust, StartError> {
    Trust::from_certificates([authority.root_der(), gost.root_der()])
        .map_err(|it| StartError::Authority(it.to_string()))
}

/// Returns the lists of both authorities: of people's keys and of the authorities', where their certificates point.
pub(super) fn kept(authority: &DevCa, gost: &GostCa) -> Result<Vec<KeptList>, StartError> {
    let leaf = |der: Option<&[u8]>| der.map(<[u8]>::to_vec).ok_or_else(|| missing("anybody"));
    let (of_rsa, of_gost) = (
        leaf(authority.holders().next().map(|(_, it)| it.certificate().der()))?,
        leaf(gost.holders().next().map(|(_, it)| it.certificate().der()))?,
    );
    let mut lists = Vec::new();
    for (certificate, issuer) in [
        (of_rsa.as_slice(), authority.authority_der()),
        (authority.authority_der(), authority.root_der()),
        (of_gost.as_slice(), gost.authority_der()),
        (gost.authority_der(), gost.root_der()),
    ] {
        let read = |der| Certificate::parse(der).map_err(|it| StartError::Authority(it.to_string()));
        let url = read(certificate)?.extensions().crl_urls.first().cloned();
        let interval = LISTS_INTERVAL;
        let url = url.ok_or_else(|| missing("a list"))?;
        lists.push(KeptList { url, changes_url: None, authority: read(issuer)?, interval });
    }
    Ok(lists)
}

fn missing(what: &str) -> StartError {
    StartError::Authority(format!("there is no key of {what}"))
}

/// Returns the key with which a system signs its messages.
pub(super) fn of_system(authority: &DevCa, system: &str) -> Result<Arc<Keys>, StartError> {
    let holder = authority.transport(system).ok_or_else(|| missing(system))?;
    Keys::new(system, holder.certificate().der(), holder.pkcs8())
        .map(Arc::new)
        .map_err(|it| StartError::Authority(it.to_string()))
}

/// Returns the stamps of all organisations.
pub(super) fn stamps(authority: &DevCa, settings: &Settings) -> Result<Stamp, StartError> {
    let mut stamps = Stamp::new();
    for organization in settings.organizations.values() {
        let holder: &Holder = authority.stamp(&organization.bin).ok_or_else(|| missing(&organization.id))?;
        stamps
            .add(&organization.id, holder.certificate().der(), &[authority.authority_der()], holder.pkcs8())
            .map_err(|it| StartError::Authority(it.to_string()))?;
    }
    Ok(stamps)
}
