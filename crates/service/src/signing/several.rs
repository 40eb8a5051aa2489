// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several results signed in one act: each is prepared, signed and judged for itself, and what happens to one changes no other.

use super::{PreparedResult, SignRefused};
use crate::Service;
use crate::accounts::Official;
use crate::submit::{SubmitError, Submitted};
use engine::case::CaseId;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Results signed in one act.
pub const AT_ONCE_MAX: usize = 40;

/// After so long no further result is begun, so that the page answers even where the last one waits for the authority as long as
/// a judgement may; the rest is told to be left.
pub const TIME_MAX: Duration = Duration::from_secs(15);

/// A signature that came for one of several results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOne {
    /// The case.
    pub case: CaseId,
    /// The signature.
    pub cms: Vec<u8>,
    /// Id of the order.
    pub order: Uuid,
}

/// What became of one of several; `None` when there was no time for it: it is as it was before.
pub type Each<T, E> = Vec<(CaseId, Option<Result<T, E>>)>;

impl Service {
    /// Prepares the results of several cases for the signature of one official, at most [`AT_ONCE_MAX`]; each by the order of
    /// its id. A case that is named twice is prepared once.
    pub async fn prepare_several(
        &self,
        official: &Official,
        cases: &[(CaseId, Uuid)],
    ) -> Each<PreparedResult, SubmitError> {
        let began = Instant::now();
        let mut seen = BTreeSet::new();
        let mut outcomes = Vec::new();
        for (case, order) in cases.iter().take(AT_ONCE_MAX).filter(|(case, _)| seen.insert(case.0)) {
            let in_time = began.elapsed() < TIME_MAX;
            let outcome =
                if in_time { Some(self.prepare_result(official, *case, *order).await) } else { None };
            outcomes.push((*case, outcome));
        }
        outcomes
    }

    /// Takes the signatures of one official over several prepared results. A failure undoes nothing of the others.
    pub async fn sign_several(
        &self,
        official: &Official,
        signed: &[SignedOne],
    ) -> Each<Submitted, SignRefused> {
        let began = Instant::now();
        let mut seen = BTreeSet::new();
        let mut outcomes = Vec::new();
        for it in signed.iter().take(AT_ONCE_MAX).filter(|it| seen.insert(it.case.0)) {
            let in_time = began.elapsed() < TIME_MAX;
            let outcome = if in_time {
                Some(self.sign_result(official, it.case, &it.cms, it.order).await)
            } else {
                None
            };
            outcomes.push((it.case, outcome));
        }
        outcomes
    }
}
