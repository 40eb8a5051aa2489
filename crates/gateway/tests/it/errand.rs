// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a judgement fetches, whatever the file that is judged names.

use crate::world::{CA, wait};
use async_trait::async_trait;
use eds::asn1::write;
use eds::{Certificate, Evidence, Need};
use gateway::source::{Errand, ROUNDS_MAX};
use gateway::{Addresses, EvidenceSource, HttpSource};
use std::collections::BTreeSet;
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_secs(20);

/// Hosts that answer every question with the same bytes, and how often they were asked.
#[derive(Debug)]
struct Same(Vec<u8>, AtomicUsize);

impl Same {
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec(), AtomicUsize::new(0))
    }

    fn answer(&self) -> Vec<u8> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.clone()
    }

    fn asked(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl EvidenceSource for Same {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        Some(self.answer())
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        Some(self.answer())
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        Some(self.answer())
    }
}

/// Hosts that take connections and never answer.
#[derive(Debug)]
pub(crate) struct Hanging;

#[async_trait]
impl EvidenceSource for Hanging {
    async fn ocsp(&self, _: &str, _: &[u8]) -> Option<Vec<u8>> {
        pending().await
    }

    async fn crl(&self, _: &str) -> Option<Vec<u8>> {
        pending().await
    }

    async fn issuer(&self, _: &[String]) -> Option<Vec<u8>> {
        pending().await
    }
}

fn url(path: &str) -> String {
    format!("http://nca.invalid/{path}")
}

/// Returns so many addresses.
fn urls(count: usize) -> Vec<String> {
    (0..count).map(|it| url(&it.to_string())).collect()
}

fn issuer(name: &str, urls: Vec<String>) -> Need {
    Need::Issuer { issuer: name.to_owned(), urls }
}

fn crl(path: &str) -> Need {
    Need::Crl { serial_hex: "01".to_owned(), issuer: "CN=NCA".to_owned(), url: url(path) }
}

/// The question about one certificate, with the address of a list that may stand in.
pub(crate) fn ocsp(serial: u8, list: String) -> Need {
    Need::Ocsp {
        serial_hex: hex::encode([serial]),
        issuer: "CN=NCA".to_owned(),
        url: url("ocsp"),
        request: vec![serial],
        crl_urls: vec![list],
    }
}

/// Returns something that has the form of a list and this length.
fn long_list(bytes: usize) -> Vec<u8> {
    let (empty, rest) = (write::sequence(&[]), write::octets(&vec![0; bytes]));
    write::sequence(&[&write::sequence(&[&empty, &empty, &rest])])
}

#[test]
fn an_address_that_gives_no_certificate_is_asked_once_whoever_names_it() {
    let source = Same::new(b"<html>no certificate</html>");
    let (mut errand, mut evidence) = (Errand::new(&source, None, WAIT), Evidence::default());
    let needs: Vec<Need> =
        (0..6).map(|it| issuer(&format!("CN=UNKNOWN {it}"), vec![url("large.crl")])).collect();
    assert!(!errand.sought(&needs[0]));
    for _ in 0..ROUNDS_MAX {
        assert_eq!(wait(errand.fetch(&needs, &mut evidence)), 0);
    }
    assert_eq!((source.asked(), &evidence), (1, &Evidence::default()));
    assert!(needs.iter().all(|it| errand.sought(it)));
}

#[test]
fn the_certificate_of_another_than_the_issuer_is_dropped() {
    let source = Same::new(CA.root_der());
    let name = Certificate::parse(CA.root_der()).unwrap().subject().line();
    let mut evidence = Evidence::default();
    let mut met = |name: &str| {
        let need = issuer(name, vec![url("root.cer")]);
        wait(Errand::new(&source, None, WAIT).fetch(&[need], &mut evidence))
    };
    assert_eq!((met("CN=UNKNOWN"), met(&name)), (0, 1));
    assert_eq!(evidence.certificates, [CA.root_der().to_vec()]);
}

#[test]
fn no_more_addresses_are_asked_than_a_judgement_may() {
    let source = Same::new(b"nothing");
    let needs: Vec<Need> = urls(6 * 64).chunks(64).map(|it| issuer("CN=UNKNOWN", it.to_vec())).collect();
    let (mut errand, mut evidence) = (Errand::new(&source, None, WAIT), Evidence::default());
    for _ in 0..ROUNDS_MAX {
        assert_eq!(wait(errand.fetch(&needs, &mut evidence)), 0);
    }
    assert_eq!(source.asked(), 32);
}

#[test]
fn lists_of_one_judgement_are_together_no_longer_than_the_longest() {
    let source = Same::new(&long_list(40 * 1024 * 1024));
    let (mut errand, mut evidence) = (Errand::new(&source, None, WAIT), Evidence::default());
    assert_eq!(wait(errand.fetch(&[crl("a"), crl("b"), crl("c")], &mut evidence)), 1);
    assert_eq!((evidence.crls.len(), source.asked()), (1, 2), "the second was too much, the third not asked");
    let page = Same::new(b"<html>down for repair</html>");
    let mut evidence = Evidence::default();
    assert_eq!(wait(Errand::new(&page, None, WAIT).fetch(&[crl("a")], &mut evidence)), 0);
    assert_eq!(evidence, Evidence::default());
}

#[test]
fn hosts_that_hang_are_waited_for_together_and_no_longer_than_the_judgement_may() {
    let mut needs: Vec<Need> = (0..8).map(|it| ocsp(it, url("of-keys"))).collect();
    needs.extend(urls(8).chunks(2).map(|it| issuer("CN=UNKNOWN", it.to_vec())));
    needs.push(crl("list"));
    let (began, mut evidence) = (Instant::now(), Evidence::default());
    let mut errand = Errand::new(&Hanging, None, Duration::from_millis(300));
    assert_eq!(wait(errand.fetch(&needs, &mut evidence)), 0);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(!errand.sought(&needs[8]), "who is silent may answer later");
}

/// Answers as many requests with a long page, or with what the path says; returns host and port.
fn serve_long_pages(requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let (mut stream, mut head) = (stream.unwrap(), [0; 4096]);
            let _read = stream.read(&mut head).unwrap();
            let (status, body) = match head.get(4..8) {
                Some(b"/non") => ("404 Not Found", vec![b'x'; 100]),
                Some(b"/for") => ("403 Forbidden", Vec::new()),
                Some(b"/mov") => ("301 Moved Permanently", Vec::new()),
                Some(b"/man") => ("429 Too Many Requests", Vec::new()),
                Some(b"/fai") => ("500 Internal Server Error", Vec::new()),
                _ => ("200 OK", vec![b'x'; 100_000]),
            };
            let length = body.len();
            let named = format!("Connection: close\r\nContent-Length: {length}");
            write!(stream, "HTTP/1.1 {status}\r\n{named}\r\n\r\n").unwrap();
            // The other side may have had enough.
            let _sent = stream.write_all(&body);
        }
    });
    host
}

#[tokio::test]
async fn of_what_is_fetched_lists_alone_may_be_long() {
    let host = serve_long_pages(3);
    let (long, none) = (format!("http://{host}/long"), format!("http://{host}/none"));
    let source = HttpSource::new(Addresses { hosts: BTreeSet::from([host]), ..Addresses::default() });
    assert_eq!(source.issuer(std::slice::from_ref(&long)).await, None);
    assert_eq!(source.crl(&long).await.map(|it| it.len()), Some(100_000));
    assert_eq!(source.ocsp(&long, b"request").await, None);
    assert!(source.reaches(&long) && source.reaches(&none) && !source.reaches("http://other.invalid/"));
}

#[tokio::test]
async fn a_host_that_has_no_such_certificate_has_answered() {
    let host = serve_long_pages(1);
    let need = issuer("CN=UNKNOWN", vec![format!("http://{host}/none"), "http://other.invalid/x".to_owned()]);
    let source = HttpSource::new(Addresses { hosts: BTreeSet::from([host]), ..Addresses::default() });
    let (mut errand, mut evidence) = (Errand::new(&source, None, WAIT), Evidence::default());
    assert_eq!(errand.fetch(std::slice::from_ref(&need), &mut evidence).await, 0);
    assert!(errand.sought(&need));
}

#[tokio::test]
async fn a_host_that_refuses_a_certificate_has_none_but_one_that_moved_is_busy_or_fails() {
    let host = serve_long_pages(4);
    let source = HttpSource::new(Addresses { hosts: BTreeSet::from([host.clone()]), ..Addresses::default() });
    for (path, answered) in [("forbidden", true), ("moved", false), ("many", false), ("failed", false)] {
        let found = source.issuer(&[format!("http://{host}/{path}")]).await;
        assert_eq!(found, answered.then(Vec::new), "{path}");
    }
}
