// SPDX-License-Identifier: MIT OR Apache-2.0
//! Connections: the clock against the authority of time, peers, and our own addresses.

use super::Finding;
use crate::serve::config::{Config, Role};
use crate::serve::endpoint_of;
use eds::algorithm::DigestAlgorithm;
use gateway::{EvidenceSource as _, HttpFault, HttpSource, HttpTransport, NatsTransport};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A clock that is off by more seconds makes signatures and terms wrong.
const OFF_SECONDS_BAD: i64 = 60;
/// One that is off by more is not kept by anything.
const OFF_SECONDS_SOON: i64 = 3;
/// How long our own addresses are tried.
const LISTEN_WAIT: Duration = Duration::from_secs(1);

pub(super) async fn examine(config: &Config, source: &HttpSource, now: Timestamp) -> Vec<Finding> {
    let mut found = vec![clock(config, source, now).await];
    found.extend(brokers(config).await);
    found.extend(peers(config).await);
    found.push(listening("address of pages", config.listen));
    found.push(listening("address of messages", config.messages.listen));
    found
}

/// The clock of this machine against the time that the authority signs.
async fn clock(config: &Config, source: &HttpSource, now: Timestamp) -> Finding {
    let what = "clock and time stamps";
    if config.evidence.stamp.is_none() {
        let remedy = "name the authority's address in `[evidence]`, `stamp = \"http://…\"`; acts are signed and stay without a stamp";
        return Finding::soon(what, "no authority of time is configured", remedy);
    }
    let request =
        eds::tsp::request(DigestAlgorithm::Sha256, now.to_string().as_bytes(), None).unwrap_or_default();
    let answer = source.stamp(&request).await;
    let token = answer.as_deref().and_then(|it| eds::tsp::accept(&request, it).ok());
    let Some(info) = token.and_then(|it| eds::tsp::info(&it).ok()) else {
        let remedy = "see that the address of `[evidence]` `stamp` is right and reachable; acts are signed and wait for their stamps";
        return Finding::soon(what, "the authority of time gives no stamp", remedy);
    };
    let off = now.duration_since(info.time).as_secs();
    let told = format!(
        "this machine's clock is {} s {} the authority's",
        off.abs(),
        if off < 0 { "behind" } else { "before" }
    );
    match off.abs() {
        0..=OFF_SECONDS_SOON => Finding::good(what, told),
        it if it <= OFF_SECONDS_BAD => {
            Finding::soon(what, told, "let NTP keep the clock: timedatectl set-ntp true")
        }
        _ => Finding::bad(what, told, "set the clock and let NTP keep it: timedatectl set-ntp true"),
    }
}

/// Whether the brokers are there and keep our streams.
async fn brokers(config: &Config) -> Option<Finding> {
    let what = "NATS";
    let nats = NatsTransport::connect(config.messages.nats.clone()?).await;
    let remedy = "see that the brokers run and know each other; until then messages wait in the database";
    Some(match nats {
        Err(failed) => Finding::bad(what, failed.to_string(), "correct `[messages.nats]`"),
        Ok(nats) => match nats.standing().await {
            Ok(it) if it.missing.is_empty() => {
                Finding::good(what, format!("node {} answers; {} messages wait", it.node, it.waiting))
            }
            Ok(it) => {
                Finding::soon(what, format!("nodes that do not keep up: {}", it.missing.join(", ")), remedy)
            }
            Err(trouble) => Finding::bad(what, trouble.to_string(), remedy),
        },
    })
}

/// Whether each peer that is reached directly is there and believes us.
async fn peers(config: &Config) -> Vec<Finding> {
    let mut addresses = crate::serve::addresses(config);
    addresses.retain(|_, address| !address.starts_with(crate::serve::NATS));
    let transport = match HttpTransport::new(addresses.clone(), config.messages.tls.as_ref()) {
        Ok(transport) => transport,
        Err(failed) => {
            return vec![Finding::bad("connections", failed.to_string(), "correct `[messages.tls]`")];
        }
    };
    let mut found = Vec::new();
    if config.role != Role::Gateway && config.first_gateway().is_none() {
        let remedy = "add a `[[peer]]` with `role = \"gateway\"`";
        found.push(Finding::bad("peers", "no gateway is configured: registers cannot be asked", remedy));
    }
    for (name, endpoint) in endpoints(config, &addresses) {
        found.push(match transport.look(&endpoint).await {
            Ok(()) => Finding::good(name, "answers and believes our certificate"),
            Err(fault) => {
                let remedy = remedy(&fault);
                Finding::bad(name, fault.to_string(), remedy)
            }
        });
    }
    found
}

/// One endpoint of each that is reached by HTTP.
fn endpoints(config: &Config, addresses: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let of_peers = config
        .peers
        .iter()
        .filter(|it| it.via.is_none())
        .map(|it| (format!("peer {}", it.id), endpoint_of(it)));
    let named = config.addresses.keys().map(|it| (format!("address {it}"), it.clone()));
    of_peers.chain(named).filter(|(_, endpoint)| addresses.contains_key(endpoint)).collect()
}

fn remedy(fault: &HttpFault) -> &'static str {
    match fault {
        HttpFault::Address => "correct the address in the configuration",
        HttpFault::Silent(why) if why.contains("certificate") || why.contains("UnknownIssuer") => {
            "one side does not believe the other's certificate: compare the roots of `[messages.tls]` on both sides, and the terms"
        }
        HttpFault::Silent(_) => {
            "see that the other side runs, that the address is right and that no firewall stands between"
        }
        HttpFault::Late => "see whether the other side is overloaded or a firewall drops packets",
        HttpFault::Malformed => "something other than a gateway answers there: correct the address",
        HttpFault::Status(404) => {
            "the address has no such port: it ends with the part before /sync, /async or /client"
        }
        HttpFault::Status(_) => "ask the administrator of the other side for its log",
    }
}

/// Whether we listen there already, or could.
fn listening(what: &str, address: SocketAddr) -> Finding {
    if TcpStream::connect_timeout(&address, LISTEN_WAIT).is_ok() {
        return Finding::good(
            what,
            format!("{address} is listened at (this role runs, or another program is there)"),
        );
    }
    match TcpListener::bind(address) {
        Ok(_) => Finding::good(what, format!("{address} is free; the role is not running")),
        Err(failed) => {
            let remedy = "take an address of this machine, and a port above 1023 or the right to a lower one";
            Finding::bad(what, format!("{address}: {failed}"), remedy)
        }
    }
}
