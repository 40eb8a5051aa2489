// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our own keys: whether they fit, until when they hold, whether the authority still stands by them.

use super::{Finding, transport, words};
use crate::serve::Config;
use eds::Certificate;
use gateway::{Doubt, HttpSource};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// So long before its end a certificate is to be renewed.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How a certificate is renewed.
const RENEW: &str =
    "ask the authority for a new certificate, put it and its key in place of these, and start again";

pub(super) async fn examine(
    config: &Config,
    trust: Option<(&eds::Trust, &Arc<HttpSource>)>,
    now: Timestamp,
) -> Vec<Finding> {
    let mut found = Vec::new();
    match config.own_keys() {
        Ok(keys) => {
            let certificate = keys.certificate();
            found.push(term("key of messages", (certificate.not_before(), certificate.not_after()), now));
            if let Some((trust, source)) = trust {
                found.push(standing("key of messages", certificate, transport(trust, source), now).await);
            }
        }
        Err(failed) => {
            let remedy = "name the certificate and the key that belong together in `[keys]`";
            found.push(Finding::bad("key of messages", words(&failed), remedy));
        }
    }
    if let Some(tls) = &config.messages.tls {
        let both = tls.server().and_then(|_| tls.client()).and_then(|_| tls.certificate());
        match both {
            Ok(der) => found.extend(
                Certificate::parse(&der)
                    .ok()
                    .map(|it| term("certificate of connections", (it.not_before(), it.not_after()), now)),
            ),
            Err(failed) => {
                let remedy = "name in `[messages.tls]` the certificate, those above it, its key and the roots of the others";
                found.push(Finding::bad("certificate of connections", failed.to_string(), remedy));
            }
        }
    }
    found
}

/// Says how long something holds.
pub(super) fn term(what: &str, (from, until): (Timestamp, Timestamp), now: Timestamp) -> Finding {
    let days = until.duration_since(now).as_hours() / 24;
    if now < from {
        let remedy = "set the clock of this machine, or wait: the certificate begins later than its time";
        Finding::bad(what, format!("holds only from {from}, and this machine's clock shows {now}"), remedy)
    } else if now > until {
        Finding::bad(what, format!("ended on {until}"), RENEW)
    } else if until.duration_since(now) < RENEW_BEFORE {
        Finding::soon(what, format!("ends in {days} days, on {until}"), RENEW)
    } else {
        Finding::good(what, format!("holds until {until}"))
    }
}

/// Says whether a certificate of a system is believed under the installed roots now.
async fn standing(
    what: &str,
    certificate: &Certificate,
    trust: gateway::TransportTrust,
    now: Timestamp,
) -> Finding {
    match trust.examine(certificate.der(), now).await {
        Ok(()) => Finding::good(what, "believed under the installed roots and not revoked"),
        Err(Doubt::Bad(code)) => {
            let remedy = match code {
                "certificate-revoked" => "the authority has revoked it: ask for a new one",
                _ => "install the root of the authority that issued it, or ask for a certificate for systems",
            };
            Finding::bad(what, format!("not believed: {code}"), remedy)
        }
        Err(Doubt::Unknown(code)) => {
            let remedy =
                "see that the hosts of `[evidence]` are named and reachable; until then messages to us wait";
            Finding::soon(what, format!("cannot be judged now: {code}"), remedy)
        }
    }
}
