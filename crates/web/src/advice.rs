// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a person is told, and can do, when a check of his signature failed: one place for every room. What each check looks
//! at, for whoever verifies, is said by the report of `eds` itself.

use service::worker::Awaited;

use crate::words::Word;

/// Returns the plain words for a code of a failed check of an applicant's signature.
pub(crate) fn of_applicant(code: &str) -> Word {
    match code {
        "certificate-expired" => Word::EdsExpired,
        "certificate-not-yet-valid" => Word::EdsNotYet,
        "certificate-revoked" => Word::EdsRevoked,
        "certificate-not-issued" => Word::EdsNotIssued,
        "chain-untrusted" | "certificate-signature-mismatch" => Word::EdsUntrusted,
        "issuer-not-authority" | "certificate-policy" | "critical-extension" => Word::EdsUnfit,
        "iin-mismatch" => Word::EdsOtherPerson,
        "iin-absent" => Word::EdsNoIin,
        "digest-mismatch"
        | "content-mismatch"
        | "content-not-covered"
        | "appearance-added"
        | "active-content"
        | "reference-not-admitted" => Word::EdsChanged,
        "extended-key-usage" => Word::EdsNotPersonal,
        "key-usage" | "bin-mismatch" | "role-insufficient" => Word::EdsWrongKey,
        "algorithm-unknown" | "algorithm-unsupported" | "algorithm-mismatch" | "key-size" => {
            Word::EdsAlgorithm
        }
        "container-malformed"
        | "pdf-encrypted"
        | "pdf-too-large"
        | "signature-form-unsupported"
        | "signers-absent"
        | "content-absent"
        | "certificate-absent"
        | "certificate-malformed"
        | "signed-attributes"
        | "content-type-mismatch"
        | "signature-mismatch"
        | "signing-certificate-mismatch" => Word::EdsUnreadable,
        "signing-time" => Word::EdsTime,
        "revocation-unknown" | "revocation-evidence" | "revocation-time" => Word::EdsUnchecked,
        _ => Word::EdsOther,
    }
}

/// Returns whether another key helps after this check has failed; else the same is signed again.
pub(crate) fn needs_other_key(code: &str) -> bool {
    !matches!(of_applicant(code), Word::EdsChanged | Word::EdsUnreadable | Word::EdsTime | Word::EdsUnchecked)
}

/// Returns what an applicant is told whose signature could not be judged: an authority that is silent is waited for, a key
/// that it does not know and an issuer that is not known here for a day.
pub(crate) const fn of_waiting(awaited: Awaited) -> Word {
    match awaited {
        Awaited::Authority => Word::SentWaiting,
        Awaited::Key => Word::SentKeyNotIssued,
        Awaited::KeyInVain => Word::SentKeyLeft,
        Awaited::Issuer => Word::SentIssuerUnknown,
        Awaited::IssuerInVain => Word::SentIssuerLeft,
    }
}

/// Returns what is told at once of a signature that could not be judged: an authority that does not know the key, or that is
/// not known itself, is not a silent one.
pub(crate) fn of_unjudged(code: Option<&str>) -> Word {
    match code.map(of_applicant) {
        Some(known @ (Word::EdsNotIssued | Word::EdsUntrusted)) => known,
        _ => Word::ProveLater,
    }
}

/// Returns the plain words for a code of a failed check of an official's signature: no applicant is spoken of.
pub(crate) fn of_official(code: &str) -> Word {
    match code {
        "iin-mismatch" | "iin-absent" | "bin-mismatch" => Word::OffEdsOtherPerson,
        "role-insufficient" => Word::OffEdsRole,
        other if of_applicant(other) == Word::EdsChanged => Word::OffEdsChanged,
        "extended-key-usage" => Word::OffEdsNotEmployee,
        other => of_applicant(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::case::RequestSignature;
    use service::worker::awaited;
    use std::collections::BTreeSet;

    /// Every code of a verdict, as the reports of `eds` name them: one a line, before the first bar.
    const REPORTED: &str = include_str!("../../eds/src/words/en.txt");

    fn codes() -> impl Iterator<Item = &'static str> {
        let lines = REPORTED.lines().filter(|it| !it.starts_with('#'));
        lines.filter_map(|it| it.split_once('|')).map(|(code, _)| code.trim())
    }

    #[test]
    fn every_code_is_told_in_words_of_its_own_but_those_of_stamps_and_archives() {
        let other: Vec<&str> = codes().filter(|it| of_applicant(it) == Word::EdsOther).collect();
        let of_stamps = |it: &&str| it.starts_with("time-stamp-") || *it == "archive-seal";
        let without: Vec<&str> = codes().filter(of_stamps).collect();
        assert_eq!(other, without);
    }

    #[test]
    fn states_of_a_certificate_are_not_taken_for_one_another() {
        for (code, word) in [
            ("certificate-expired", Word::EdsExpired),
            ("certificate-not-yet-valid", Word::EdsNotYet),
            ("certificate-revoked", Word::EdsRevoked),
            ("certificate-not-issued", Word::EdsNotIssued),
            ("revocation-unknown", Word::EdsUnchecked),
            ("revocation-evidence", Word::EdsUnchecked),
        ] {
            assert_eq!((of_applicant(code), of_official(code)), (word, word), "{code}");
            assert_eq!(codes().filter(|it| *it == code).count(), 1, "{code} is a code");
        }
    }

    #[test]
    fn of_every_code_only_a_key_or_issuer_that_is_not_known_is_told_otherwise_than_a_silent_authority() {
        let (at, file) = (jiff::Timestamp::UNIX_EPOCH, || engine::case::FileHash(String::new()));
        let told = |code: &str| {
            let (content, signature, verdict) = (file(), file(), file());
            let code = Some(code.to_owned());
            let it = RequestSignature { content, signature, verdict, valid: None, code, at, received_at: at };
            of_waiting(awaited(&it, at))
        };
        let told_as =
            |word: Word| -> BTreeSet<&'static str> { codes().filter(|it| told(it) == word).collect() };
        let (of_key, of_issuer) = (told_as(Word::SentKeyNotIssued), told_as(Word::SentIssuerUnknown));
        assert_eq!(of_key, BTreeSet::from(["certificate-not-issued"]));
        assert_eq!(of_issuer, BTreeSet::from(["certificate-signature-mismatch", "chain-untrusted"]));
        assert_eq!(told_as(Word::SentWaiting).len() + 3, codes().count());
    }

    #[test]
    fn who_comes_with_a_key_that_the_authority_does_not_know_reads_of_no_silence() {
        for (code, word) in [
            (Some("certificate-not-issued"), Word::EdsNotIssued),
            (Some("chain-untrusted"), Word::EdsUntrusted),
            (Some("certificate-signature-mismatch"), Word::EdsUntrusted),
            (Some("revocation-unknown"), Word::ProveLater),
            (Some("revocation-evidence"), Word::ProveLater),
            (None, Word::ProveLater),
        ] {
            assert_eq!(of_unjudged(code), word, "{code:?}");
        }
    }

    #[test]
    fn only_of_an_issuer_that_is_not_known_the_applicant_reads_that_it_is_not_trusted() {
        let told = |word: Word| -> BTreeSet<&'static str> {
            codes().filter(|it| of_applicant(it) == word).collect()
        };
        let unknown = BTreeSet::from(["certificate-signature-mismatch", "chain-untrusted"]);
        let unfit = BTreeSet::from(["certificate-policy", "critical-extension", "issuer-not-authority"]);
        assert_eq!((told(Word::EdsUntrusted), told(Word::EdsUnfit)), (unknown, unfit));
    }

    #[test]
    fn another_key_is_advised_only_where_the_key_was_wrong() {
        let same: Vec<&str> = codes().filter(|it| !needs_other_key(it)).collect();
        for code in ["digest-mismatch", "container-malformed", "signing-time", "revocation-unknown"] {
            assert!(same.contains(&code), "{code}");
        }
        for code in ["certificate-expired", "iin-mismatch", "key-usage", "chain-untrusted"] {
            assert!(!same.contains(&code), "{code}");
        }
        assert_eq!(of_official("digest-mismatch"), Word::OffEdsChanged, "no application is spoken of");
    }

    #[test]
    fn an_official_is_told_of_himself_and_of_his_right_to_sign() {
        for (code, word) in [
            ("iin-mismatch", Word::OffEdsOtherPerson),
            ("bin-mismatch", Word::OffEdsOtherPerson),
            ("role-insufficient", Word::OffEdsRole),
            ("extended-key-usage", Word::OffEdsNotEmployee),
            ("key-usage", Word::EdsWrongKey),
        ] {
            assert_eq!(of_official(code), word, "{code}");
        }
    }

    #[test]
    fn a_key_for_signing_that_is_another_kind_of_persons_is_not_called_a_key_that_does_not_sign() {
        assert_eq!(of_applicant("extended-key-usage"), Word::EdsNotPersonal);
        assert_eq!(of_applicant("key-usage"), Word::EdsWrongKey);
    }
}
