// SPDX-License-Identifier: MIT OR Apache-2.0
//! For which time a signature is judged: the earliest that a time stamp proves, else that of receipt.

use jiff::Timestamp;

use super::verify::{Stamped, info, judge_token};
use crate::algorithm::DigestAlgorithm;
use crate::certificate::Certificate;
use crate::evidence::EVIDENCE_ITEMS_MAX;
use crate::findings::Findings;
use crate::path::Context;
use crate::policy::{Policy, Purpose, TimeStamps, WithoutStamp};
use crate::profile::Timing;
use crate::revocation::later;
use crate::verdict::{CheckCode, JudgedTime, Need, Outcome, StampPlace, Subject, TimeBasis, TimeStamp};

/// A signature whose time is sought.
pub(crate) struct Sought<'a> {
    pub(crate) subject: &'a Subject,
    /// The signature value: what a time stamp stamps.
    pub(crate) signature: &'a [u8],
    /// Tokens among the unsigned attributes or properties.
    pub(crate) inside: &'a [Inside<'a>],
    /// Stamps over more than this signature, judged already: of the document, of the archive.
    pub(crate) proof: &'a [TimeStamp],
    /// The time that the signer claims.
    pub(crate) claimed: Option<Timestamp>,
    /// Since when the certificate serves: what was stamped before it did was not signed under it yet.
    pub(crate) since: Timestamp,
    /// Certificates that came along; not trusted.
    pub(crate) spare: &'a [Certificate],
}

/// A token that came inside, and what it should be over.
pub(crate) struct Inside<'a> {
    pub(crate) over: &'a [u8],
    pub(crate) token: &'a [u8],
}

/// Judges what depends on time (`judge`) for the right time and says which that was.
///
/// A stamp that fails proves nothing. One that cannot be judged yet matters only where the signature would not be
/// valid without it, under a later stamp or none: then the signature is judged for the time it states, and waits; for a
/// stamp whose issuer was sought and not found it does not wait.
pub(crate) fn judge(
    sought: &Sought<'_>,
    context: &Context<'_>,
    findings: &mut Findings,
    judge: &dyn Fn(&Context<'_>, &mut Findings),
) -> Timing {
    let received = JudgedTime { at: context.at, by: TimeBasis::Received };
    let claimed = sought.claimed;
    if context.policy.purpose == Purpose::TimeStamping {
        judge(context, findings);
        return Timing { claimed, time: received, stamps: Vec::new() };
    }
    let stamps = stamps(sought, context);
    let at = |time: Timestamp, findings: &mut Findings| {
        let seen_at = context.policy.seen_at.or(Some(context.at));
        let evidence_until = Some(present(context));
        let policy = Policy { evidence_until, seen_at, ..context.policy.clone() };
        judge(&Context { at: time, policy: &policy, ..*context }, findings);
    };
    // A stamp moves the time to an earlier one alone (ETSI EN 319 102-1, 5.5.4): a later one was not there at the time judged.
    let span = sought.since..=later(context.at, context.policy.clock_skew_max);
    let is_under = |stamp: &TimeStamp| stamp.time.is_some_and(|time| span.contains(&time));
    let proven = earliest(&stamps, |it| it.is_valid() && is_under(it));
    let time = proven.map_or_else(
        || without_stamp(received, claimed, context.policy),
        |at| JudgedTime { at: at.min(context.at), by: TimeBasis::Stamp },
    );
    let mut own = Findings::default();
    if proven.is_some() {
        own.check(CheckCode::TimeStampAbsent, sought.subject, true);
    }
    if time == received {
        judge(context, &mut own);
    } else {
        at(time.at, &mut own);
    }
    let is_pending = |stamp: &TimeStamp| may_prove(stamp, context.policy) && is_under(stamp);
    let is_required = context.policy.time_stamps == TimeStamps::Required && proven.is_none();
    let pending = earliest(&stamps, is_pending).filter(|it| proven.is_none_or(|proven| *it < proven));
    let pending = pending.filter(|_| is_required || own.outcome() != Outcome::Valid);
    if let Some(time) = pending.map(|time| time.min(context.at)) {
        at(time, findings);
        findings.unknown(CheckCode::TimeStampUnknown, sought.subject, pending_needs(&stamps));
        return Timing { claimed, time: JudgedTime { at: time, by: TimeBasis::Stamp }, stamps };
    }
    findings.extend(own);
    if is_required {
        findings.unknown(CheckCode::TimeStampAbsent, sought.subject, need(sought.signature, context.policy));
    }
    Timing { claimed, time, stamps }
}

/// Returns the present, which may lie after the time judged.
pub(crate) fn present(context: &Context<'_>) -> Timestamp {
    context.policy.evidence_until.map_or(context.at, |present| present.max(context.at))
}

/// Returns whether a stamp that cannot be judged yet may be by what is still to come.
fn may_prove(stamp: &TimeStamp, policy: &Policy) -> bool {
    let Outcome::Indeterminate { needs } = &stamp.outcome else { return false };
    let is_of_stranger = needs.iter().any(|it| matches!(it, Need::Issuer { .. }));
    // Anybody can write the name of an algorithm that is not known here, and nothing that comes makes it known.
    let is_foreign = needs.iter().any(|it| matches!(it, Need::Algorithm { .. }));
    let is_in_vain = policy.issuers_sought && is_of_stranger;
    !is_foreign && !is_in_vain
}

/// Judges the stamps inside, those of the evidence that are of this signature, and takes over the proofs.
fn stamps(sought: &Sought<'_>, context: &Context<'_>) -> Vec<TimeStamp> {
    let stamped = |bytes, token, place| Stamped { bytes: Some(bytes), token, place, spare: sought.spare };
    let before = |place: usize| sought.inside.iter().take(place);
    let is_new = |(place, it): &(usize, &Inside<'_>)| {
        !before(*place).any(|other| other.over == it.over && other.token == it.token)
    };
    let inside = sought.inside.iter().enumerate().filter(is_new).map(|(_, it)| it);
    let inside = inside.map(|it| judge_token(&stamped(it.over, it.token, StampPlace::Inside), context));
    let beside = context.evidence.stamps.iter().take(EVIDENCE_ITEMS_MAX).filter(|token| {
        let is_ours = info(token).is_ok_and(|it| it.imprint.is_of(sought.signature) == Some(true));
        let is_inside = |it: &Inside<'_>| it.over == sought.signature && it.token == token.as_slice();
        is_ours && !sought.inside.iter().any(is_inside)
    });
    let beside = beside.map(|token| {
        let stamped = stamped(sought.signature, token, StampPlace::Beside);
        match context.policy.stamps_apart.iter().find(|it| it.0 == *token) {
            None => judge_token(&stamped, context),
            Some((_, existed)) => {
                let policy = Policy { stamps_existed_at: *existed, ..context.policy.clone() };
                judge_token(&stamped, &Context { policy: &policy, ..*context })
            }
        }
    });
    inside.chain(beside).chain(sought.proof.iter().cloned()).collect()
}

fn earliest(stamps: &[TimeStamp], wanted: impl Fn(&TimeStamp) -> bool) -> Option<Timestamp> {
    stamps.iter().filter(|stamp| wanted(stamp)).filter_map(|stamp| stamp.time).min()
}

fn without_stamp(received: JudgedTime, claimed: Option<Timestamp>, policy: &Policy) -> JudgedTime {
    match (policy.without_stamp, claimed) {
        (WithoutStamp::Claimed, Some(at)) if at < received.at => JudgedTime { at, by: TimeBasis::Claimed },
        _ => received,
    }
}

fn pending_needs(stamps: &[TimeStamp]) -> Vec<Need> {
    let needs = stamps.iter().filter_map(|stamp| match &stamp.outcome {
        Outcome::Indeterminate { needs } => Some(needs.clone()),
        Outcome::Valid | Outcome::Invalid => None,
    });
    needs.flatten().collect()
}

/// Returns the need of a stamp over a signature value.
fn need(signature: &[u8], policy: &Policy) -> Option<Need> {
    let request = super::request(DigestAlgorithm::Sha256, signature, policy.stamp_nonce.as_deref())?;
    Some(Need::TimeStamp { sha256: crate::sha256(signature).to_vec(), request })
}
