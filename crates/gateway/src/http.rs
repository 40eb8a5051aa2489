// SPDX-License-Identifier: MIT OR Apache-2.0
//! Evidence over plain HTTP, as certification authorities publish it: bounded, timed, from configured hosts only.
//!
//! What is fetched is signed and proves itself, so the authorities publish it without TLS. Nothing is followed elsewhere.

use crate::client::{Asked, HttpClient, HttpFault};
use crate::lists::LIST_SECONDS_MAX;
use crate::source::{EvidenceSource, FETCH_SECONDS_MAX};
use crate::tls;
use async_trait::async_trait;
use eds::limits::{CERTIFICATE_BYTES_MAX, CRL_BYTES_MAX};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Bytes of an answer that are read, but of lists: no certificate is longer, and answers of responders and time stamps are of
/// some kilobytes.
const ANSWER_BYTES_MAX: usize = CERTIFICATE_BYTES_MAX;
/// The kind of lists: a long one may take its time in the background. Who waits for a judgement gives up earlier.
const LIST: &str = "application/pkix-crl";
/// The kind of certificates.
const CERTIFICATE: &str = "application/pkix-cert";

/// The addresses from which evidence may be fetched.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Addresses {
    /// Hosts (with the port where it is not 80) named in certificates from which may be fetched.
    pub hosts: BTreeSet<String>,
    /// Addresses to use in place of those that certificates name: they have rotted before.
    pub instead: BTreeMap<String, String>,
    /// The time-stamping authority.
    pub stamp: Option<String>,
    /// Whether responders must repeat the nonce with which they are asked; where not, an answer without it counts for an
    /// hour, whatever it promises.
    pub ocsp_nonce_required: bool,
}

impl Addresses {
    /// Whether this address of a certificate or of a list may be asked.
    #[must_use]
    pub fn reaches(&self, url: &str) -> bool {
        self.of(url).is_some()
    }

    /// Returns where to go for an address of a certificate; nothing where that may not be.
    fn of(&self, url: &str) -> Option<String> {
        if let Some(other) = self.instead.get(url) {
            return Some(other.clone());
        }
        let (host, _) = parts(url)?;
        self.hosts.contains(host).then(|| url.to_owned())
    }
}

/// Fetches evidence from the configured addresses.
#[derive(Debug, Clone, Default)]
pub struct HttpSource {
    addresses: Addresses,
    client: Option<HttpClient>,
}

impl HttpSource {
    /// Returns a source that goes to these addresses alone.
    #[must_use]
    pub fn new(addresses: Addresses) -> Self {
        Self { addresses, client: tls::nobody().map(HttpClient::new) }
    }

    async fn ask(&self, url: &str, kind: &'static str, body: Option<&[u8]>) -> Option<Vec<u8>> {
        self.ask_at(&self.addresses.of(url)?, kind, body).await
    }

    async fn ask_at(&self, url: &str, kind: &'static str, body: Option<&[u8]>) -> Option<Vec<u8>> {
        let (bytes_max, seconds) = if kind == LIST {
            (CRL_BYTES_MAX, LIST_SECONDS_MAX)
        } else {
            (ANSWER_BYTES_MAX, FETCH_SECONDS_MAX)
        };
        let body = body.map(|it| (it.to_vec(), kind));
        let asked = Asked { url, body, headers: &[], bytes_max, wait: Duration::from_secs(seconds) };
        let answered = match self.client.as_ref()?.ask(asked).await {
            Ok((200, body)) => return Some(body),
            Ok((status, _)) if kind == CERTIFICATE && says_none(status) => return Some(Vec::new()),
            Ok((status, _)) => HttpFault::Status(status),
            Err(fault) => fault,
        };
        tracing::warn!(evidence = kind, fault = %answered, "evidence was not fetched");
        None
    }
}

#[async_trait]
impl EvidenceSource for HttpSource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.ask(url, "application/ocsp-request", Some(request)).await
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.ask(url, LIST, None).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        for url in urls {
            if let Some(found) = self.ask(url, CERTIFICATE, None).await {
                return Some(found);
            }
        }
        None
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        let url = self.addresses.stamp.clone()?;
        self.ask_at(&url, "application/timestamp-query", Some(request)).await
    }

    fn reaches(&self, url: &str) -> bool {
        self.addresses.reaches(url)
    }

    fn demands_nonce(&self) -> bool {
        self.addresses.ocsp_nonce_required
    }
}

/// Whether a host that answers so has no such certificate: it will not have it when it is asked again.
const fn says_none(status: u16) -> bool {
    matches!(status, 400..=499) && !matches!(status, 408 | 429)
}

/// Returns host (with port, where named) and path.
fn parts(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_graphic());
    (!host.is_empty() && !host.contains('@') && plain(url))
        .then_some((host, if path.is_empty() { "/" } else { path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_hosts_are_asked_and_rotten_addresses_replaced() {
        let addresses = Addresses {
            hosts: BTreeSet::from(["crl.example:8080".to_owned(), "ocsp.example".to_owned()]),
            instead: BTreeMap::from([("http://old.example/a".to_owned(), "http://new.example/b".to_owned())]),
            ..Addresses::default()
        };
        assert_eq!(addresses.of("http://ocsp.example/"), Some("http://ocsp.example/".to_owned()));
        assert_eq!(addresses.of("http://old.example/a").as_deref(), Some("http://new.example/b"));
        for other in [
            "http://crl.example/x",
            "http://ocsp.example@evil.example/",
            "https://ocsp.example/",
            "ftp://ocsp.example/",
            "http://ocsp.example.evil/",
            "http://127.0.0.1/",
            "http://ocsp.example/a b",
            "http:///x",
            "http://ocsp.example/\r\nX: y",
        ] {
            assert_eq!(addresses.of(other), None, "{other}");
        }
    }
}
