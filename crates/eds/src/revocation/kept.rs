// SPDX-License-Identifier: MIT OR Apache-2.0
//! About which time an answer must speak, and which of those that lay in an archive count for whoever can ask for new ones.

use jiff::{SignedDuration, Timestamp};

use crate::certificate::Certificate;
use crate::path::Context;
use crate::policy::Purpose;

/// Returns the time about which an answer must speak that proves "not revoked": that judged.
///
/// Of the key of a stamp it is the time at which the stamp is known to have existed: whoever got hold of the key before could
/// have made it with any earlier time in it (RFC 3161, 4; ETSI EN 319 102-1, 5.6.2).
pub(super) fn spoken_about(context: &Context<'_>) -> Timestamp {
    let is_stamp = context.policy.purpose == Purpose::TimeStamping;
    let existed = context.policy.stamps_existed_at.filter(|_| is_stamp);
    existed.map_or(context.at, |existed| existed.max(context.at))
}

/// Returns whether an answer about this certificate, which was made at `made`, may have been chosen by whoever kept it.
///
/// A seal proves when an answer was there, not that it was the last one: whoever was revoked can take an older answer, sign,
/// and have both sealed. An answer made after what was signed is known to have existed says how things stood then, whoever
/// chose it (ETSI EN 319 102-1, 5.2.5); over the last stamp nothing stands, so its authority is asked today. About a
/// certificate that is over nobody answers any more: then the age is forgiven that is forgiven of answers without a nonce,
/// and of authorities a list that was in term.
pub(super) fn is_chosen(made: Timestamp, certificate: &Certificate, context: &Context<'_>) -> bool {
    let policy = context.policy;
    let present = policy.evidence_until.map_or(context.at, |present| present.max(context.at));
    let is_last = policy.purpose == Purpose::TimeStamping && policy.stamps_existed_at.is_none();
    let known_since = if is_last { present } else { spoken_about(context) };
    let age = match (certificate.not_after() < present, certificate.extensions().is_authority) {
        (false, _) => SignedDuration::ZERO,
        (true, false) => policy.ocsp_age_max,
        (true, true) => return false,
    };
    made <= known_since.checked_sub(age).unwrap_or(known_since)
}
