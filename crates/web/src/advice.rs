// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a person is told, and can do, when a check of his signature failed: one place for every room. What each check looks
//! at, for whoever verifies, is said by the report of `eds` itself.

use crate::words::Word;

/// Returns the plain words for a code of a failed check of an applicant's signature.
pub(crate) fn of_applicant(code: &str) -> Word {
    match code {
        "certificate-expired" => Word::EdsExpired,
        "certificate-not-yet-valid" => Word::EdsNotYet,
        "certificate-revoked" | "certificate-not-issued" => Word::EdsRevoked,
        "chain-untrusted" | "issuer-not-authority" | "certificate-policy" | "critical-extension" => {
            Word::EdsUntrusted
        }
        "iin-mismatch" => Word::EdsOtherPerson,
        "iin-absent" => Word::EdsNoIin,
        "digest-mismatch" | "content-mismatch" | "content-not-covered" | "reference-not-admitted" => {
            Word::EdsChanged
        }
        "key-usage" | "extended-key-usage" | "bin-mismatch" | "role-insufficient" => Word::EdsWrongKey,
        "algorithm-unknown" | "algorithm-unsupported" | "algorithm-mismatch" | "key-size" => {
            Word::EdsAlgorithm
        }
        "container-malformed"
        | "signers-absent"
        | "content-absent"
        | "certificate-absent"
        | "certificate-malformed"
        | "signed-attributes"
        | "content-type-mismatch"
        | "signature-mismatch"
        | "signing-certificate-mismatch" => Word::EdsUnreadable,
        "signing-time" => Word::EdsTime,
        "revocation-unknown" | "revocation-evidence" => Word::EdsUnchecked,
        _ => Word::EdsOther,
    }
}

/// Returns the plain words for a code of a failed check of an official's signature: no applicant is spoken of.
pub(crate) fn of_official(code: &str) -> Word {
    match code {
        "iin-mismatch" | "iin-absent" | "bin-mismatch" => Word::OffEdsOtherPerson,
        other => of_applicant(other),
    }
}
