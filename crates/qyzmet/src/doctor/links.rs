// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connections: the clock against the authority of time, peers, and our own addresses.

use super::{Finding, State, Visit};
use crate::serve::config::Config;
use crate::serve::{LIVES, endpoint_of};
use eds::algorithm::DigestAlgorithm;
use gateway::transport::NatsError;
use gateway::{EvidenceSource as _, HttpFault, HttpTransport, NatsTransport};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use web::{Word, Words};

/// A clock that is off by more seconds makes signatures and terms wrong.
const OFF_SECONDS_BAD: i64 = 60;
/// One that is off by more is not kept by anything.
const OFF_SECONDS_SOON: i64 = 3;
/// How long our own addresses are tried.
const LISTEN_WAIT: Duration = Duration::from_secs(1);
/// Bytes of an answer about health that are read.
const HEALTH_BYTES_MAX: u64 = 4 * 1024;

pub(super) async fn examine(visit: &Visit) -> Vec<Finding> {
    let mut found = vec![clock(visit).await];
    found.extend(brokers(visit).await);
    found.extend(peers(visit).await);
    let runs = runs(visit.config.listen);
    let (pages, messages) = (visit.word(Word::DrPages), visit.word(Word::DrMessages));
    found.push(listening(visit.words, pages, visit.config.listen, runs));
    found.push(listening(visit.words, messages, visit.config.messages.listen, runs));
    found
}

/// The clock of this machine against the time that the authority signs.
async fn clock(visit: &Visit) -> Finding {
    let (what, words, now) = (visit.word(Word::DrClock), visit.words, visit.now);
    if visit.config.evidence.stamp.is_none() {
        let told = (visit.word(Word::DrStampsNone), visit.word(Word::DrStampsNoneFix));
        return Finding::soon("time-stamps-none", what, told);
    }
    let request =
        eds::tsp::request(DigestAlgorithm::Sha256, now.to_string().as_bytes(), Some(b"qyzmet doctor"))
            .unwrap_or_default();
    let answer = visit.source.stamp(&request).await;
    let token = answer.as_deref().and_then(|it| eds::tsp::accept(&request, it).ok());
    let Some(info) = token.and_then(|it| eds::tsp::info(&it).ok()) else {
        let told = (visit.word(Word::DrStampsSilent), visit.word(Word::DrStampsSilentFix));
        return Finding::soon("time-stamps-silent", what, told);
    };
    let off = now.duration_since(info.time).as_secs();
    let seconds = off.unsigned_abs();
    let told = if off < 0 { words.dr_clock_behind(seconds) } else { words.dr_clock_ahead(seconds) };
    let remedy = visit.word(Word::DrClockFix);
    match off.abs() {
        0..=OFF_SECONDS_SOON => Finding::good("clock-right", what, told),
        it if it <= OFF_SECONDS_BAD => Finding::soon("clock-off", what, (told, remedy)),
        _ => Finding::bad("clock-wrong", what, (told, remedy)),
    }
}

/// Whether the brokers are there and keep our streams.
async fn brokers(visit: &Visit) -> Option<Finding> {
    let (what, words) = ("NATS", visit.words);
    let nats = NatsTransport::connect_now(visit.config.messages.nats.clone()?).await;
    let remedy = visit.word(Word::DrNatsFix);
    Some(match nats {
        Err(failed) => {
            let (code, remedy) = match &failed {
                NatsError::Unauthorised => ("nats-refused", Word::DrNatsLoginFix),
                NatsError::NoTls(_) => ("nats-no-tls", Word::DrNatsTlsFix),
                NatsError::Refused(_) => ("nats-silent", Word::DrNatsFix),
                NatsError::Config(_)
                | NatsError::File(..)
                | NatsError::Credentials(_)
                | NatsError::Tls(_) => ("nats-wrong", Word::DrNatsConfigFix),
            };
            Finding::bad(code, what, (failed.to_string(), visit.word(remedy)))
        }
        Ok(nats) => match nats.standing().await {
            Ok(it) if it.missing.is_empty() => {
                Finding::good("nats-answers", what, words.dr_nats_good(it.node, it.waiting))
            }
            Ok(it) => {
                Finding::soon("nats-behind", what, (words.dr_nats_behind(it.missing.join(", ")), remedy))
            }
            Err(trouble) => Finding::bad("nats-silent", what, (trouble.to_string(), remedy)),
        },
    })
}

/// Whether each peer that is reached directly is there and believes us.
async fn peers(visit: &Visit) -> Vec<Finding> {
    let (config, words) = (&visit.config, visit.words);
    let mut addresses = crate::serve::addresses(config);
    addresses.retain(|_, address| !address.starts_with(crate::serve::NATS));
    // What is wrong with our keys was told with them.
    let Ok(transport) = HttpTransport::new(addresses.clone(), config.messages.tls.as_ref()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, endpoint) in endpoints(words, config, &addresses) {
        found.push(match transport.look(&endpoint).await {
            Ok(()) => Finding::good("peer-answers", name, visit.word(Word::DrPeerGood)),
            Err(fault) => {
                let (code, told) = away(words, &fault);
                Finding::amiss(State::Bad, code, name, told)
            }
        });
    }
    found
}

/// One endpoint of each that is reached by HTTP.
fn endpoints(words: Words, config: &Config, addresses: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let of_peers =
        config.peers.iter().filter(|it| it.via.is_none()).map(|it| (words.dr_peer(&it.id), endpoint_of(it)));
    let named = config.addresses.keys().map(|it| (words.dr_address(it), it.clone()));
    of_peers.chain(named).filter(|(_, endpoint)| addresses.contains_key(endpoint)).collect()
}

/// Says why a peer gives no answer, and what to do.
fn away(words: Words, fault: &HttpFault) -> (&'static str, (String, &'static str)) {
    match fault {
        HttpFault::Address => {
            ("peer-address", (words.of(Word::DrPeerAddress).to_owned(), words.of(Word::DrPeerAddressFix)))
        }
        HttpFault::Tls(why) => {
            ("peer-not-believed", (words.dr_peer_silent(why), words.of(Word::DrPeerTlsFix)))
        }
        HttpFault::Silent(why) => ("peer-away", (words.dr_peer_silent(why), words.of(Word::DrPeerSilentFix))),
        HttpFault::Late => {
            ("peer-late", (words.of(Word::DrPeerLate).to_owned(), words.of(Word::DrPeerLateFix)))
        }
        HttpFault::Malformed => {
            ("peer-other", (words.of(Word::DrPeerOther).to_owned(), words.of(Word::DrPeerOtherFix)))
        }
        HttpFault::Status(404) => {
            ("peer-no-port", (words.dr_peer_status(404), words.of(Word::DrPeerPortFix)))
        }
        HttpFault::Status(status) => {
            ("peer-fails", (words.dr_peer_status(status), words.of(Word::DrPeerStatusFix)))
        }
    }
}

/// Whether this role listens there already, or could.
fn listening(words: Words, what: &str, address: SocketAddr, runs: bool) -> Finding {
    if TcpStream::connect_timeout(&address, LISTEN_WAIT).is_ok() {
        return if runs {
            Finding::good("address-listened", what, words.dr_listened(address))
        } else {
            let told = (words.dr_taken_by_other(address), words.of(Word::DrTakenByOtherFix));
            Finding::bad("address-taken", what, told)
        };
    }
    match TcpListener::bind(address) {
        Ok(_) => Finding::good("address-free", what, words.dr_free(address)),
        Err(failed) => {
            let told = (format!("{address}: {failed}"), words.of(Word::DrNotOursFix));
            Finding::bad("address-not-ours", what, told)
        }
    }
}

/// Whether a role of ours answers for its health at the address of pages.
fn runs(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, LISTEN_WAIT)?;
        stream.set_read_timeout(Some(LISTEN_WAIT))?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(HEALTH_BYTES_MAX).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|it| it.ends_with(LIVES))
}
