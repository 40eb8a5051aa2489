// SPDX-License-Identifier: MIT OR Apache-2.0
//! The algorithms that a signer names: digest and signature must be of one kind.

use const_oid::ObjectIdentifier;

use super::Judged;
use crate::algorithm::{DigestAlgorithm, Foreign, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::findings::Findings;
use crate::oids;
use crate::verdict::{CheckCode, CheckResult, Subject};

/// The algorithms may not be used, or do not fit each other: nothing more is judged by them.
pub(super) struct Refused;

/// Judges whether digest and signature may be used and fit each other. Returns nothing where they are strong but not known here: then
/// all but the signature is judged.
pub(super) fn judge_algorithm(
    judged: &Judged<'_, '_>,
    certificate: &Certificate,
    subject: &Subject,
    findings: &mut Findings,
) -> Result<Option<SignatureAlgorithm>, Refused> {
    let (info, key) = (judged.info, certificate.spki());
    let digest = DigestAlgorithm::from_oid(&info.digest).filter(|digest| *digest != DigestAlgorithm::Sha1);
    let named = SignatureAlgorithm::named_in_cms(&info.algorithm);
    let foreign = Foreign::from_oid(&info.algorithm).filter(|it| *it != Foreign::Digest);
    let is_digest_strong = Foreign::from_oid(&info.digest) == Some(Foreign::Digest);
    let mut is_refused = false;
    for (oid, is_known, is_strong) in [
        (info.digest, digest.is_some(), is_digest_strong),
        (info.algorithm, named.is_some(), foreign.is_some()),
    ] {
        if !is_known {
            findings.not_computed(subject, &oid.to_string(), is_strong);
            is_refused |= !is_strong;
        }
    }
    if is_refused {
        return Err(Refused);
    }
    let algorithm = digest.and_then(|digest| SignatureAlgorithm::from_cms(&info.algorithm, digest));
    let fits = match (named, digest) {
        (Some(_), Some(_)) => algorithm.is_some(),
        // The name of a key stands for signatures with any digest.
        (Some(named), None) => info.algorithm == oids::RSA && named.takes(key),
        (None, _) => foreign.is_some_and(|it| it.takes(key)),
    };
    let is_same = |it: &ObjectIdentifier| {
        *it == info.digest || digest.is_some() && DigestAlgorithm::from_oid(it) == digest
    };
    let is_listed = judged.data.digests.iter().any(is_same);
    if !(fits && is_listed) {
        let detail = if fits {
            format!("digest-not-listed {}", info.digest)
        } else {
            format!("{} with {}", info.algorithm, info.digest)
        };
        findings.note(CheckCode::AlgorithmMismatch, subject, CheckResult::Failed, Some(detail));
        return Err(Refused);
    }
    if algorithm.is_some() {
        findings.check(CheckCode::AlgorithmMismatch, subject, true);
    }
    Ok(algorithm)
}
