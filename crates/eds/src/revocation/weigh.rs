// SPDX-License-Identifier: MIT OR Apache-2.0
//! What several answers about one certificate say together.

use super::{Answer, HOLD, Since, Status, Unusable};

/// What all answers say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Together {
    /// It was not revoked at the time judged; the proof.
    Good(String),
    /// It is revoked, for good or as long as a hold stands.
    Revoked(Since),
    /// Nobody knows it.
    NotIssued,
    /// Nothing sure.
    Nothing,
}

/// Weighs all answers against each other.
///
/// A revocation does not lapse (RFC 5280, 5.3.1), so it counts however old the answer is; only "not revoked" must be fresh.
/// A hold may be lifted, so there the latest counts. That a responder does not know a certificate sends us elsewhere
/// (RFC 6960, 2.2), but not to what is older: a good answer made later decides, or none. That it was never issued is more,
/// and of that no list knows. Where such a doubt is itself too old to be believed, nobody knows whether it still stands.
pub(super) fn weigh(answers: &[Result<Answer, Unusable>]) -> Together {
    let all = || answers.iter().flatten();
    let for_good =
        all().find_map(|it| if let Status::Revoked(since) = it.status { Some(since) } else { None });
    if let Some(since) = for_good {
        return Together::Revoked(since);
    }
    let worse = all().filter(|it| !matches!(it.status, Status::Good(_) | Status::Removed));
    let doubts: Vec<&Answer> = worse.filter(|doubt| !all().any(|it| it.lifts(doubt))).collect();
    // Changes that are over, or that fit no list, prove nothing (RFC 5280, 5.2.4); but where they were the last to speak
    // of a hold, and took it off, nobody knows whether it stands.
    let of_holds = all().filter(|it| matches!(it.status, Status::OnHold(_) | Status::Removed));
    let last = of_holds.max_by_key(|it| (it.made, it.status)).map(|it| it.status);
    let is_open = |it: &Answer| matches!(it.status, Status::OnHold(_)) && last == Some(Status::Removed);
    match doubts.iter().filter(|it| it.believed.is_ok() && !is_open(it)).map(|it| it.status).max() {
        Some(Status::Revoked(since)) => Together::Revoked(since),
        Some(Status::OnHold(time)) => Together::Revoked(Since { time, reason: Some(HOLD) }),
        Some(Status::NotIssued | Status::Unknown) => Together::NotIssued,
        None if doubts.is_empty() => not_revoked(answers).map_or(Together::Nothing, Together::Good),
        Some(
            Status::Good(_) | Status::Removed | Status::Unclear | Status::Suspended | Status::Undermined,
        )
        | None => Together::Nothing,
    }
}

/// Returns the proof that it was not revoked at the time judged, with the later revocation that an answer knows of.
fn not_revoked(answers: &[Result<Answer, Unusable>]) -> Option<String> {
    let believed = || answers.iter().flatten().filter(|it| it.believed.is_ok());
    let good = || believed().filter(|it| matches!(it.status, Status::Good(_)));
    let told = good().find_map(|it| {
        let Status::Good(Some(since)) = it.status else { return None };
        Some(format!("{}; revoked since {since}", it.proof))
    });
    told.or_else(|| good().next().map(|it| it.proof.clone()))
}
