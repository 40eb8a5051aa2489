// SPDX-License-Identifier: MIT OR Apache-2.0
//! Evidence over plain HTTP, as certification authorities publish it: bounded, timed, from configured hosts only.
//!
//! What is fetched is signed and proves itself, so the authorities publish it without TLS. One request a connection;
//! nothing is followed elsewhere.

use crate::source::{EvidenceSource, FETCH_SECONDS_MAX};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// Bytes of an answer that are read: the largest list, and a head.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024 + HEAD_BYTES_MAX as u64;
/// Bytes of the head of an answer.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long connecting and each reading may take.
const STEP_SECONDS_MAX: Duration = Duration::from_secs(FETCH_SECONDS_MAX);
/// Some authorities answer nothing to a client without a name.
const AGENT: &str = "qyzmet";

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
}

impl Addresses {
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
}

impl HttpSource {
    /// Returns a source that goes to these addresses alone.
    #[must_use]
    pub fn new(addresses: Addresses) -> Self {
        Self { addresses }
    }

    async fn ask(&self, url: &str, kind: &'static str, body: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let url = self.addresses.of(url)?;
        let asked = tokio::task::spawn_blocking(move || exchange(&url, kind, body.as_deref())).await;
        match asked {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(fault)) => {
                tracing::warn!(evidence = kind, %fault, "evidence was not fetched");
                None
            }
            Err(_) => None,
        }
    }
}

#[async_trait]
impl EvidenceSource for HttpSource {
    async fn ocsp(&self, url: &str, request: &[u8]) -> Option<Vec<u8>> {
        self.ask(url, "application/ocsp-request", Some(request.to_vec())).await
    }

    async fn crl(&self, url: &str) -> Option<Vec<u8>> {
        self.ask(url, "application/pkix-crl", None).await
    }

    async fn issuer(&self, urls: &[String]) -> Option<Vec<u8>> {
        for url in urls {
            if let Some(found) = self.ask(url, "application/pkix-cert", None).await {
                return Some(found);
            }
        }
        None
    }

    async fn stamp(&self, request: &[u8]) -> Option<Vec<u8>> {
        let url = self.addresses.stamp.clone()?;
        let body = request.to_vec();
        let kind = "application/timestamp-query";
        tokio::task::spawn_blocking(move || exchange(&url, kind, Some(&body)).ok()).await.ok().flatten()
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    /// The address is not one of plain HTTP.
    #[error("the address is not of the form http://host/path")]
    Address,
    /// The host does not answer.
    #[error("the host does not answer: {0}")]
    Silent(#[from] std::io::Error),
    /// The answer is no answer of HTTP, or is longer than is read.
    #[error("the answer cannot be read")]
    Malformed,
    /// The host answers with an error, or sends elsewhere.
    #[error("the host answers {0}")]
    Status(u16),
}

/// Returns host (with port, where named) and path.
fn parts(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
    let plain = |it: &str| it.bytes().all(|byte| byte.is_ascii_graphic());
    (!host.is_empty() && !host.contains('@') && plain(url))
        .then_some((host, if path.is_empty() { "/" } else { path }))
}

/// Sends one request and returns the body of the answer.
fn exchange(url: &str, kind: &str, body: Option<&[u8]>) -> Result<Vec<u8>, HttpFault> {
    let (host, path) = parts(url).ok_or(HttpFault::Address)?;
    let place = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let address = place.to_socket_addrs()?.next().ok_or(HttpFault::Address)?;
    let mut stream = TcpStream::connect_timeout(&address, STEP_SECONDS_MAX)?;
    stream.set_read_timeout(Some(STEP_SECONDS_MAX))?;
    stream.set_write_timeout(Some(STEP_SECONDS_MAX))?;
    let method = if body.is_some() { "POST" } else { "GET" };
    let about = body.map_or_else(String::new, |body| {
        format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len())
    });
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\nConnection: close\r\n{about}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.unwrap_or_default())?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    body_of(&answer)
}

/// Returns the body of an answer with status 200.
fn body_of(answer: &[u8]) -> Result<Vec<u8>, HttpFault> {
    let end = answer.windows(4).take(HEAD_BYTES_MAX).position(|it| it == b"\r\n\r\n");
    let (head, rest) = end.and_then(|end| answer.split_at_checked(end)).ok_or(HttpFault::Malformed)?;
    let body = rest.get(4..).unwrap_or_default();
    let head = std::str::from_utf8(head).map_err(|_| HttpFault::Malformed)?;
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|it| it.split(' ').nth(1)?.parse().ok()).ok_or(HttpFault::Malformed)?;
    if status != 200 {
        return Err(HttpFault::Status(status));
    }
    let field = |name: &str| {
        let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    if field("transfer-encoding").is_some_and(|it| it.eq_ignore_ascii_case("chunked")) {
        return unchunked(body).ok_or(HttpFault::Malformed);
    }
    match field("content-length").map(str::parse::<usize>) {
        None => Ok(body.to_vec()),
        Some(Ok(length)) if length <= body.len() => Ok(body.get(..length).unwrap_or_default().to_vec()),
        Some(_) => Err(HttpFault::Malformed),
    }
}

/// Returns the bytes of a body in chunks.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = rest.windows(2).position(|it| it == b"\r\n")?;
        let (line, after) = rest.split_at_checked(end)?;
        let digits = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let length = usize::from_str_radix(digits, 16).ok()?;
        let after = after.get(2..)?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(after.get(..length)?);
        rest = after.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_hosts_are_asked_and_rotten_addresses_replaced() {
        let addresses = Addresses {
            hosts: BTreeSet::from(["crl.example:8080".to_owned(), "ocsp.example".to_owned()]),
            instead: BTreeMap::from([("http://old.example/a".to_owned(), "http://new.example/b".to_owned())]),
            stamp: None,
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

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let body = |answer: &str| body_of(answer.as_bytes()).ok();
        assert_eq!(body("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc"), Some(b"ab".to_vec()));
        assert_eq!(body("HTTP/1.0 200 OK\r\n\r\nabc"), Some(b"abc".to_vec()));
        let chunked =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(body(chunked), Some(b"abc".to_vec()));
        for bad in [
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
            "HTTP/1.1 303 See Other\r\nLocation: /\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab\r\n0\r\n\r\n",
            "nothing",
            "",
        ] {
            assert_eq!(body(bad), None, "{bad}");
        }
    }
}
