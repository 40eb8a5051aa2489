// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who may answer for an authority, and by which names.

use super::*;

#[test]
fn delegates_need_the_usage_and_exemption_or_a_list_that_clears_them() {
    let own = Responders::new();
    let policy = own.policy();
    let valid = "V\t490101000000Z\t";
    assert_eq!(own.judged_answer(own.asked(valid, "other", ""), &policy), doubt("signer-untrusted"));
    assert_eq!(own.judged_answer(own.asked(valid, "leaf", ""), &policy), doubt("signer-untrusted"));
    let by_listed = own.asked(valid, "listed", "");
    assert_eq!(own.judged_answer(by_listed.clone(), &policy), doubt("signer-untrusted"));
    let at = now(&by_listed);
    let mut strict = policy;
    // The signer itself only by OCSP: so it is the responder that the list clears.
    strict.revocation = eds::Revocation::OcspOnly;
    let clear = own.list(at, vec![]);
    let evidence = Evidence { ocsp: vec![by_listed], crls: vec![clear], ..Evidence::default() };
    assert_eq!(own.judged(&evidence, at, &strict), GOOD);
    for reason in [1, 6] {
        let revoked = own.list(at, vec![(vec![18], at - SignedDuration::from_hours(1), Some(reason))]);
        let evidence = Evidence { crls: vec![revoked], ..evidence.clone() };
        assert_eq!(own.judged(&evidence, at, &strict), doubt("signer-untrusted"), "{reason}");
    }
}

#[test]
fn the_certificate_of_a_delegate_may_be_given_beside_his_answer() {
    let own = Responders::new();
    let bare = own.asked("V\t490101000000Z\t", "exempt", "-resp_no_certs");
    let beside = |name: &str| {
        let certificates = vec![own.own.file(&format!("{name}.pem"))];
        let evidence = Evidence { ocsp: vec![bare.clone()], certificates, ..Evidence::default() };
        own.judged(&evidence, now(&bare), &own.policy())
    };
    assert_eq!(own.judged_answer(bare.clone(), &own.policy()), doubt("signer-untrusted"));
    assert_eq!(beside("exempt"), GOOD);
    for other in ["listed", "other"] {
        assert_eq!(beside(other), doubt("signer-untrusted"), "{other}");
    }
}

#[test]
fn a_delegate_serves_at_the_time_at_which_he_signs() {
    let own = Responders::new();
    let begun = own.own.leaf.not_before();
    // It speaks about twenty minutes before his certificate began, and was signed an hour after.
    let ocsp = Made { behind: SignedDuration::from_mins(80), ..Made::default() };
    let evidence = Evidence { ocsp: vec![ocsp.by(&own, "exempt", "exempt")], ..Evidence::default() };
    let mut policy = own.policy();
    (policy.ocsp_nonce, policy.evidence_until) = (None, Some(begun + SignedDuration::from_hours(1)));
    assert_eq!(own.judged(&evidence, begun + SignedDuration::from_mins(30), &policy), GOOD);
}

#[test]
fn certificates_are_named_by_longer_digests_too_and_by_a_strange_one_nothing_is_said() {
    let own = Responders::new();
    let place = own.own.folder.path();
    let _index = own.asked("V\t490101000000Z\t", "exempt", "");
    let policy = Policy { ocsp_nonce: None, ..own.policy() };
    for (digest, is_known) in [("sha384", true), ("sha512", true), ("sha3-256", false)] {
        for command in [
            &format!("ocsp -{digest} -issuer root.pem -serial 0x4711 -no_nonce -reqout request.der"),
            "ocsp -index index.txt -CA root.pem -rsigner exempt.pem -rkey exempt.key -reqin request.der -respout response.der",
        ] {
            assert!(openssl(place, command), "{command}");
        }
        let found = own.judged_answer(own.own.file("response.der"), &policy);
        if is_known {
            assert_eq!(found, GOOD, "{digest}");
        } else {
            assert_eq!(found, doubt("partial"), "{digest}");
        }
    }
}

#[test]
fn a_responder_that_gives_no_answer_is_not_malformed() {
    let policy = Policy::new(eds::Trust::default(), eds::Purpose::AnySignature);
    let evidence = Evidence::default();
    let context = Context { evidence: &evidence, at: Timestamp::UNIX_EPOCH, policy: &policy };
    for (status, word) in [(1, "malformed-request"), (3, "try-later"), (6, "unauthorized")] {
        let found = eds::examine(&[0x30, 3, 0x0a, 1, status], None, &context).unwrap();
        assert_eq!(found.verdict.failed_codes(), Vec::<&str>::new());
        assert_eq!(found.verdict.unknown_codes(), ["revocation-unknown"]);
        assert_eq!(found.facts["status"], word);
        crate::schema::follows_schema(&found);
    }
    let more = eds::examine(&[0x30, 5, 0x0a, 1, 3, 5, 0], None, &context).unwrap();
    assert_eq!(more.verdict.failed_codes(), ["container-malformed"]);
}
