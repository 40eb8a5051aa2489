// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a response says about itself, for whoever has nothing but the response.

use jiff::Timestamp;

use super::super::Unusable;
use super::super::work::Work;
use super::{Response, Said, Single, der};
use crate::certificate::{Certificate, hex};
use crate::evidence::Origin;
use crate::path::Context;

/// A response as it reads.
pub(crate) struct Look {
    /// Each answer.
    pub(crate) answers: Vec<Looked>,
    /// Whether the authority or its delegate signed it; nothing where the authority is not at hand.
    pub(crate) signed: Option<Result<(), Unusable>>,
    /// The authority, where it is at hand.
    pub(crate) issuer: Option<Certificate>,
    /// Name of the authority, by its certificate or by that of its responder; empty where neither is there.
    pub(crate) named: String,
}

/// One answer as it reads.
pub(crate) struct Looked {
    pub(crate) serial_hex: String,
    pub(crate) status: String,
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Option<Timestamp>,
}

/// Reads a response; `known` are authorities at hand.
pub(crate) fn look(bytes: &[u8], known: &[Certificate], context: &Context<'_>) -> Result<Look, Unusable> {
    let der = der(bytes)?;
    let response = Response::parse(&der)?;
    let issuer = known.iter().find(|it| response.singles.iter().any(|single| single.names(it)));
    let made = response.singles.first().map_or(context.at, |single| single.this_update);
    let judge = |issuer: &Certificate| {
        let at = response.produced_at.max(made);
        response.judge_signer(at, Origin::default(), &Work::new(issuer, *context)).map(drop)
    };
    let signed = issuer.map(judge);
    let answers = response.singles.iter().map(|it| looked(it, response.extended_revoke)).collect();
    let by_responder = || response.certificates.first().map(|it| it.issuer().line());
    let named = issuer.map(|it| it.subject().line()).or_else(by_responder).unwrap_or_default();
    Ok(Look { answers, signed, issuer: issuer.cloned(), named })
}

/// Returns the word for the status by which a responder answers nothing (RFC 6960, 4.2.1).
pub(crate) const fn refusal(status: u8) -> &'static str {
    match status {
        1 => "malformed-request",
        2 => "internal-error",
        3 => "try-later",
        5 => "signature-required",
        6 => "unauthorized",
        _ => "unknown-status",
    }
}

fn looked(single: &Single<'_>, extended_revoke: bool) -> Looked {
    let status = match single.status {
        Said::Good => "good".to_owned(),
        Said::Unknown => "unknown".to_owned(),
        Said::Revoked(since, Some(super::HOLD)) if since == Timestamp::UNIX_EPOCH && extended_revoke => {
            "not-issued".to_owned()
        }
        Said::Revoked(since, Some(reason)) => format!("revoked {since} reason {reason}"),
        Said::Revoked(since, None) => format!("revoked {since}"),
    };
    let serial_hex = hex(single.serial);
    Looked { serial_hex, status, this_update: single.this_update, next_update: single.next_update }
}
