// SPDX-License-Identifier: MIT OR Apache-2.0
//! A signed PDF judged like every other container: each signature over its revision, the last over the whole file.

use jiff::Timestamp;

use crate::cms::{Content, verify_cms};
use crate::evidence::Evidence;
use crate::findings::Findings;
use crate::pades::{PadesError, signatures};
use crate::policy::Policy;
use crate::verdict::{Check, CheckCode, CheckResult, Subject, Verdict};

/// Verifies every signature of a PDF.
///
/// Every signer must pass every check, and nothing may have been appended after the last signature.
///
/// ```
/// use eds::{Evidence, Policy, Purpose, Trust, verify_pdf};
/// let policy = Policy::new(Trust::default(), Purpose::AnySignature);
/// let at = "2026-11-21T05:00:00Z".parse().unwrap();
/// let verdict = verify_pdf(b"no document", &Evidence::default(), at, &policy);
/// assert_eq!(verdict.failed_codes(), ["container-malformed"]);
/// ```
#[must_use]
pub fn verify_pdf(pdf: &[u8], evidence: &Evidence, at: Timestamp, policy: &Policy) -> Verdict {
    let (mut findings, mut signers) = (Findings::default(), Vec::new());
    let whole = Subject::Container;
    match signatures(pdf) {
        Err(fault) => {
            let code = if fault == PadesError::ByteRange {
                CheckCode::ContentNotCovered
            } else {
                CheckCode::ContainerMalformed
            };
            findings.note(code, &whole, CheckResult::Failed, Some(fault.to_string()));
        }
        Ok(found) => {
            findings.check(CheckCode::SignersAbsent, &whole, !found.is_empty());
            if let Some(last) = found.last() {
                findings.check(CheckCode::ContentNotCovered, &whole, last.covers_whole_file);
            }
            for one in &found {
                let content = one.pieces(pdf).map_or(Content::Sha256(one.digest), Content::Pieces);
                let verdict = verify_cms(&content, &one.cms, evidence, at, policy);
                findings.extend(Findings {
                    needs: verdict.needs().to_vec(),
                    checks: verdict.checks.into_iter().map(|it| moved(it, signers.len())).collect(),
                });
                signers.extend(verdict.signers);
            }
        }
    }
    findings.into_verdict(at, signers)
}

/// Returns the check with its signer counted over the whole file.
fn moved(mut check: Check, by: usize) -> Check {
    if let Subject::Signer(index) = &mut check.subject {
        *index += by;
    }
    check
}
