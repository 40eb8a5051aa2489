// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our own keys: whether they fit, until when they hold, whether the authority still stands by them.

use super::{Finding, Visit};
use eds::{Certificate, Trust};
use gateway::{Doubt, HttpSource, TransportTrust};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use web::Word;

/// So long before its end a certificate is to be renewed.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 30);

pub(super) async fn examine(visit: &Visit, trust: Option<&Trust>) -> Vec<Finding> {
    let mut found = Vec::new();
    let what = visit.word(Word::DrKey);
    match visit.config.own_keys() {
        Ok(keys) => {
            let certificate = keys.certificate();
            found.push(term(visit, what, (certificate.not_before(), certificate.not_after())));
            if let Some(trust) = trust {
                let source = Arc::<HttpSource>::clone(&visit.source) as _;
                let trust = TransportTrust::new(trust.clone(), source);
                let judged = trust.examine(certificate.der(), visit.now).await;
                found.push(standing(visit, what, judged));
            }
        }
        Err(failed) => {
            let told = (failed.to_string(), visit.word(Word::DrKeyFix));
            found.push(Finding::bad("key-wrong", what, told));
        }
    }
    if let Some(tls) = &visit.config.messages.tls {
        let what = visit.word(Word::DrTls);
        let both = tls.server().and_then(|_| tls.client()).and_then(|_| tls.certificate());
        match both {
            Ok(der) => found.extend(
                Certificate::parse(&der).ok().map(|it| term(visit, what, (it.not_before(), it.not_after()))),
            ),
            Err(failed) => {
                let told = (failed.to_string(), visit.word(Word::DrTlsFix));
                found.push(Finding::bad("tls-wrong", what, told));
            }
        }
    }
    found
}

/// Says how long something holds.
pub(super) fn term(visit: &Visit, what: &str, (from, until): (Timestamp, Timestamp)) -> Finding {
    let (words, now, renew) = (visit.words, visit.now, visit.word(Word::DrRenew));
    let days = u64::try_from(until.duration_since(now).as_hours() / 24).unwrap_or_default();
    if now < from {
        let told = (words.dr_term_early(from, now), visit.word(Word::DrTermEarlyFix));
        Finding::bad("not-yet-valid", what, told)
    } else if now > until {
        Finding::bad("ended", what, (words.dr_term_ended(until), renew))
    } else if until.duration_since(now) < RENEW_BEFORE {
        Finding::soon("ends-soon", what, (words.dr_term_soon(days, until), renew))
    } else {
        Finding::good("in-term", what, words.dr_term_good(until))
    }
}

/// Says whether a certificate is believed under the installed roots now.
pub(super) fn standing(visit: &Visit, what: &str, judged: Result<(), Doubt>) -> Finding {
    let words = visit.words;
    match judged {
        Ok(()) => Finding::good("believed", what, visit.word(Word::DrBelieved)),
        Err(Doubt::Bad("certificate-revoked")) => {
            let told = (visit.word(Word::DrRevoked), visit.word(Word::DrRenew));
            Finding::bad("revoked", what, told)
        }
        Err(Doubt::Bad(code)) => {
            let told = (words.dr_not_believed(code), visit.word(Word::DrNotBelievedFix));
            Finding::bad("not-believed", what, told)
        }
        Err(Doubt::Unknown(code)) => {
            let told = (words.dr_not_judged(code), visit.word(Word::DrNotJudgedFix));
            Finding::soon("not-judged", what, told)
        }
    }
}
