// SPDX-License-Identifier: MIT OR Apache-2.0
//! Our own keys: whether they fit, until when they hold, whether the authority still stands by them.

use super::{Finding, State, Visit, files};
use crate::parts::StartError;
use eds::{Certificate, Trust};
use gateway::{Doubt, HttpSource, TlsError, TlsFiles, TransportTrust};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
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
        Err(failed) => found.push(if let StartError::File(path, why) = &failed {
            unread(visit, ("key-unreadable", what), path, why)
        } else {
            Finding::bad("key-wrong", what, (failed.to_string(), visit.word(Word::DrKeyFix)))
        }),
    }
    found.extend(visit.config.messages.tls.iter().flat_map(|it| tls(visit, it)));
    found
}

/// Looks at our certificate of connections as a peer that has our roots would; what our host is named nobody here knows.
fn tls(visit: &Visit, own: &TlsFiles) -> Vec<Finding> {
    let what = visit.word(Word::DrTls);
    let wrong = |told: String| vec![Finding::bad("tls-wrong", what, (told, visit.word(Word::DrTlsFix)))];
    let der = match own.server().and_then(|_| own.client()).and_then(|_| own.certificate()) {
        Ok(der) => der,
        Err(TlsError::File(path, why)) => {
            return vec![unread(visit, ("tls-unreadable", what), &path, &why)];
        }
        Err(failed @ (TlsError::Unusable(..) | TlsError::Refused(..))) => return wrong(failed.to_string()),
    };
    let certificate = match Certificate::parse(&der) {
        Ok(certificate) => certificate,
        Err(failed) => return wrong(visit.words.dr_unreadable(failed)),
    };
    let term = term(visit, what, (certificate.not_before(), certificate.not_after()));
    if term.state == State::Bad {
        return vec![term];
    }
    let chain = match own.examine(visit.now) {
        Ok(()) => Finding::good("tls-believed", what, visit.word(Word::DrTlsBelieved)),
        Err(failed) => {
            let told = (visit.words.dr_not_believed(failed), visit.word(Word::DrTlsRootsFix));
            Finding::soon("tls-not-believed", what, told)
        }
    };
    vec![term, chain]
}

/// Says that a file of ours cannot be read.
pub(super) fn unread(
    visit: &Visit,
    (code, what): (&'static str, &str),
    path: &Path,
    why: &std::io::Error,
) -> Finding {
    let (seen, remedy) = files::unread(visit.words, path, why);
    Finding::bad(code, what, (format!("{}: {seen}", path.display()), remedy))
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
