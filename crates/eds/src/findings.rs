// SPDX-License-Identifier: MIT OR Apache-2.0
//! Gathering checks into a verdict.

use jiff::Timestamp;

use crate::verdict::{Check, CheckCode, CheckResult, Need, Outcome, Signer, Subject, Verdict};

/// Gathers checks and needs while something is judged; its outcome follows from them.
///
/// Other containers (signed XML, signed PDF) gather theirs in the same way.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Each check, in order.
    pub checks: Vec<Check>,
    /// What would decide the unknown ones.
    pub needs: Vec<Need>,
}

impl Findings {
    /// Notes that a check passed or failed, and returns whether it passed.
    pub fn check(&mut self, code: CheckCode, subject: &Subject, passed: bool) -> bool {
        let result = if passed { CheckResult::Passed } else { CheckResult::Failed };
        self.note(code, subject, result, None);
        passed
    }

    /// Notes that a check failed.
    pub fn fail(&mut self, code: CheckCode, subject: &Subject) {
        self.note(code, subject, CheckResult::Failed, None);
    }

    /// Notes that a check could not be decided and what would decide it.
    pub fn unknown(&mut self, code: CheckCode, subject: &Subject, needs: impl IntoIterator<Item = Need>) {
        self.note(code, subject, CheckResult::Unknown, None);
        for need in needs {
            if !self.needs.contains(&need) {
                self.needs.push(need);
            }
        }
    }

    /// Notes that this algorithm is not computed here: where it is strong that is undecided, else it may not be used.
    pub(crate) fn not_computed(&mut self, subject: &Subject, name: &str, is_strong: bool) {
        let result = if is_strong { CheckResult::Unknown } else { CheckResult::Failed };
        self.note(CheckCode::AlgorithmUnknown, subject, result, Some(name.to_owned()));
        if is_strong {
            self.need_algorithm(name);
        }
    }

    /// Names an algorithm as a need.
    pub(crate) fn need_algorithm(&mut self, name: &str) {
        let needs = vec![Need::Algorithm { oid: name.to_owned() }];
        self.extend(Self { checks: Vec::new(), needs });
    }

    /// Notes a check with its detail.
    pub fn note(&mut self, code: CheckCode, subject: &Subject, result: CheckResult, detail: Option<String>) {
        self.checks.push(Check { code, result, subject: subject.clone(), detail });
    }

    /// Takes over everything that `other` found.
    pub fn extend(&mut self, other: Self) {
        self.checks.extend(other.checks);
        for need in other.needs {
            if !self.needs.contains(&need) {
                self.needs.push(need);
            }
        }
    }

    /// Returns the outcome: a failure decides, then the unknown; without any check nothing is valid.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let has = |result| self.checks.iter().any(|check| check.result == result);
        if self.checks.is_empty() || has(CheckResult::Failed) {
            Outcome::Invalid
        } else if has(CheckResult::Unknown) {
            Outcome::Indeterminate { needs: self.needs.clone() }
        } else {
            Outcome::Valid
        }
    }

    /// Returns the verdict on a whole container.
    #[must_use]
    pub fn into_verdict(self, at: Timestamp, signers: Vec<Signer>) -> Verdict {
        Verdict { outcome: self.outcome(), at, checks: self.checks, signers }
    }
}
