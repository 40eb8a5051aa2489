// SPDX-License-Identifier: MIT OR Apache-2.0
//! What several answers say together: revocations at any age, holds by the latest, the worst of one answer.

use super::made::Made;
use super::{GOOD, Responders, doubt, leaf_of, leaf_with, never, now, words};
use crate::maker::extension;
use eds::asn1::{ENUMERATED, context, context_primitive, write};
use eds::{Certificate, Context, Evidence, Findings, Need, Outcome, Policy, Subject, oids};
use jiff::{SignedDuration, Timestamp};

/// Revoked since this time for this reason.
pub(super) fn revoked(since: Timestamp, reason: u8) -> Vec<u8> {
    let reason = write::tlv(context(0), &write::tlv(ENUMERATED, &[reason]));
    write::constructed(context(1), &[&write::generalized_time(since), &reason])
}

fn minutes(number: i64) -> SignedDuration {
    SignedDuration::from_mins(number)
}

const FAILED: [&str; 1] = ["certificate-revoked failed"];
/// Made when the authority may have forgotten the certificate.
const AFTER: &str = "made-after-the-end";

#[test]
fn a_revocation_counts_at_any_age_and_with_any_nonce() {
    let own = Responders::new();
    let compromised = own.asked("R\t490101000000Z\t200101000000Z,keyCompromise", "exempt", "");
    let good = own.asked("V\t490101000000Z\t", "exempt", "");
    let policy = own.policy();
    let of_another = Policy { ocsp_nonce: Some(b"another sixteen!".to_vec()), ..own.policy() };
    let made = now(&compromised);
    let evidence = |ocsp: &Vec<u8>| Evidence { ocsp: vec![ocsp.clone()], ..Evidence::default() };
    assert_eq!(own.judged(&evidence(&compromised), made + minutes(60 * 24), &policy), FAILED);
    assert_eq!(own.judged(&evidence(&compromised), made, &of_another), FAILED);
    let fresh = own.list(made, vec![]);
    let both = Evidence { crls: vec![fresh], ..evidence(&compromised) };
    assert_eq!(own.judged(&both, made + minutes(120), &policy), FAILED);
    // The certificate ended before the answer was made: the authority may have forgotten it, or not.
    let at = made - minutes(180);
    let ended = leaf_of(&own.root, "4711", at);
    let late = Policy { evidence_until: Some(made + minutes(5)), ..own.policy() };
    for (ocsp, found) in [(&compromised, FAILED.map(str::to_owned).to_vec()), (&good, doubt(AFTER).to_vec())]
    {
        let context = Context { evidence: &evidence(ocsp), at, policy: &late };
        assert_eq!(words(&eds::revocation_of(&ended, &own.root, &context)), found);
    }
}

#[test]
fn a_revocation_tells_its_reason() {
    let (own, since) = (Responders::new(), "2020-01-01T00:00:00Z");
    let policy = own.policy();
    for (reason, detail) in [
        ("", since.to_owned()),
        (",keyCompromise", format!("{since} reason 1")),
        (",superseded", format!("{since} reason 4")),
        (",certificateHold", format!("{since} reason 6")),
    ] {
        let ocsp = own.asked(&format!("R\t490101000000Z\t200101000000Z{reason}"), "exempt", "");
        let (at, evidence) = (now(&ocsp), Evidence { ocsp: vec![ocsp], ..Evidence::default() });
        let context = Context { evidence: &evidence, at, policy: &policy };
        let found = eds::revocation_of(&own.own.leaf, &own.root, &context);
        let [check] = found.checks.as_slice() else { panic!("{found:?}") };
        assert_eq!((check.code.as_str(), check.detail.as_ref()), ("certificate-revoked", Some(&detail)));
        assert!(found.outcome() == Outcome::Invalid && found.needs.is_empty(), "{reason}");
    }
}

#[test]
fn who_answered_after_the_end_is_not_asked_again() {
    let own = Responders::new();
    let ocsp = Made::default().by(&own, "exempt", "exempt");
    let (made, at) = (now(&ocsp), now(&ocsp) - minutes(180));
    let address = write::tlv(context_primitive(6), b"http://ocsp.invalid/");
    let access = write::sequence(&[&write::oid(&oids::ACCESS_OCSP), &address]);
    let access = extension(&oids::AUTHORITY_INFO, false, &write::sequence(&[&access]));
    let extensions = write::tlv(context(3), &write::sequence(&[&access]));
    let ended = leaf_with(&own.root, "4711", at, &extensions);
    let policy = Policy { ocsp_nonce: None, evidence_until: Some(made), ..own.policy() };
    let needs = |ocsp: Vec<Vec<u8>>| {
        let evidence = Evidence { ocsp, crls: vec![own.list(made, vec![])], ..Evidence::default() };
        let context = Context { evidence: &evidence, at, policy: &policy };
        let found = eds::revocation_of(&ended, &own.root, &context);
        assert_eq!(words(&found), doubt(AFTER));
        found.needs
    };
    // A responder may keep in mind what its lists forgot.
    assert!(matches!(needs(Vec::new()).as_slice(), [Need::Ocsp { .. }]));
    // It does not: an answer is needed that somebody kept.
    assert_eq!(needs(vec![ocsp]), [Need::Answer { issuer: "CN=Root".to_owned(), at }]);
}

#[test]
fn a_certificate_forgotten_after_its_end_was_known_before() {
    let own = Responders::new();
    let unknown = Made { status: write::tlv(context_primitive(2), &[]), ..Made::default() };
    let ocsp = unknown.by(&own, "exempt", "exempt");
    let at = now(&ocsp) - minutes(180);
    let ended = leaf_of(&own.root, "4711", at);
    let policy = Policy { evidence_until: Some(now(&ocsp) + minutes(5)), ..own.policy() };
    let evidence = Evidence { ocsp: vec![ocsp], crls: vec![own.list(at, vec![])], ..Evidence::default() };
    let context = Context { evidence: &evidence, at, policy: &policy };
    assert_eq!(words(&eds::revocation_of(&ended, &own.root, &context)), GOOD);
}

#[test]
fn of_a_hold_and_of_who_does_not_know_the_certificate_the_latest_answer_decides() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    let unknown = write::tlv(context_primitive(2), &[]);
    let extended = extension(&oids::OCSP_EXTENDED_REVOKE, false, &write::null());
    let on_hold = revoked(own.own.leaf.not_before(), 6);
    let never_issued = Made { status: never(), extensions: extended, ..Made::default() };
    let not_issued = ["certificate-not-issued unknown"];
    for (said, before, after) in [
        (Made { status: on_hold, ..Made::default() }, FAILED, GOOD),
        (Made { status: unknown, ..Made::default() }, not_issued, GOOD),
        // Lists name what is revoked, not what was issued.
        (never_issued, not_issued, not_issued),
    ] {
        let ocsp = said.by(&own, "exempt", "exempt");
        let made = now(&ocsp);
        let beside = |list: Timestamp| Evidence {
            ocsp: vec![ocsp.clone()],
            crls: vec![own.list(list, vec![])],
            ..Evidence::default()
        };
        assert_eq!(own.judged(&beside(made - minutes(5)), made + minutes(10), &policy), before);
        assert_eq!(own.judged(&beside(made + minutes(5)), made + minutes(10), &policy), after);
        // An hour later nobody knows whether it still stands, unless a list came after it.
        let late = made + minutes(90);
        assert_eq!(own.judged(&beside(made - minutes(5)), late, &policy), doubt("stale"));
        assert_eq!(own.judged(&beside(made + minutes(5)), late, &policy), GOOD);
    }
}

#[test]
fn a_hold_lasts_into_the_revocation_of_a_later_answer() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    for reason in [1, 4] {
        let since = own.own.leaf.not_before() + minutes(50);
        let ended = Made { status: revoked(since, reason), ..Made::default() };
        let ended = ended.by(&own, "exempt", "exempt");
        let (made, at) = (now(&ended), since - minutes(20));
        policy.evidence_until = Some(made);
        let held = own.list(at - minutes(10), vec![(vec![0x47, 0x11], at - minutes(15), Some(6))]);
        let alone = Evidence { ocsp: vec![ended.clone()], ..Evidence::default() };
        assert_eq!(own.judged(&alone, at, &policy), GOOD);
        let both = Evidence { crls: vec![held], ..alone };
        assert_eq!(own.judged(&both, at, &policy), FAILED, "{reason}");
        let clean = own.list(at - minutes(5), vec![]);
        let lifted = Evidence { crls: [both.crls.clone(), vec![clean]].concat(), ..both };
        assert_eq!(own.judged(&lifted, at, &policy), GOOD, "{reason}");
    }
}

#[test]
fn the_worst_of_several_answers_counts_and_what_is_not_understood_says_nothing() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    let good = || Made::default().status;
    let bad = || revoked(own.own.leaf.not_before(), 1);
    for (status, also) in [(good(), bad()), (bad(), good())] {
        let made = Made { status, also: vec![also], ..Made::default() };
        assert_eq!(own.judged_answer(made.by(&own, "exempt", "exempt"), &policy), FAILED);
    }
    let narrowed = |critical| extension(&oids::CRL_NUMBER, critical, &write::small(1));
    let strange = Made { narrowed: narrowed(true), ..Made::default() };
    assert_eq!(own.judged_answer(strange.by(&own, "exempt", "exempt"), &policy), doubt("partial"));
    let usual = Made { narrowed: narrowed(false), ..Made::default() };
    assert_eq!(own.judged_answer(usual.by(&own, "exempt", "exempt"), &policy), GOOD);
}

#[test]
fn answers_of_a_responder_whose_key_was_lost_later_prove_nothing_unless_they_existed_before() {
    let own = Responders::new();
    for (name, serial) in [("exempt", 17), ("listed", 18)] {
        let ocsp = Made::default().by(&own, name, name);
        let made = now(&ocsp);
        let mut policy = own.policy();
        (policy.ocsp_nonce, policy.evidence_until) = (None, Some(made + minutes(240)));
        // The signer itself only by OCSP: so it is the responder of whom the list tells.
        policy.revocation = eds::Revocation::OcspOnly;
        let judged = |reason: Option<u8>, policy: &Policy, existed: Option<Timestamp>| {
            let list = own.list(made + minutes(180), vec![(vec![serial], made + minutes(120), reason)]);
            let mut evidence = Evidence { ocsp: vec![ocsp.clone()], crls: vec![list], ..Evidence::default() };
            evidence.origins.existed = vec![existed];
            own.judged(&evidence, made + minutes(10), policy)
        };
        assert_eq!(judged(Some(4), &policy, None), GOOD, "{name}: superseded");
        for reason in [Some(1), None] {
            assert_eq!(judged(reason, &policy, None), doubt("signer-untrusted"), "{name}");
        }
        let (before, after) = (made + minutes(60), made + minutes(150));
        assert_eq!(judged(Some(1), &policy, Some(before)), GOOD, "{name}");
        assert_eq!(judged(Some(1), &policy, Some(after)), doubt("signer-untrusted"), "{name}");
        // A stamp over something else says nothing about an answer that was given beside it.
        let sealed = Policy { stamps_existed_at: Some(before), ..policy.clone() };
        assert_eq!(judged(Some(1), &sealed, None), doubt("signer-untrusted"), "{name}");
    }
}

#[test]
fn answers_of_a_delegate_whose_key_ended_prove_nothing_unless_they_existed_before() {
    let own = Responders::new();
    let good = Made::default().by(&own, "exempt", "exempt");
    let made = now(&good);
    let ended = Certificate::parse(&own.own.file("exempt.pem")).unwrap().not_after();
    let (at, later) = (made + minutes(10), ended + minutes(60));
    let policy = Policy { ocsp_nonce: None, evidence_until: Some(later), ..own.policy() };
    let judged = |ocsp: &Vec<u8>, seen_at: Option<Timestamp>, existed: Option<Timestamp>| {
        let policy = Policy { seen_at, ..policy.clone() };
        let mut evidence = Evidence { ocsp: vec![ocsp.clone()], ..Evidence::default() };
        evidence.origins.existed = vec![existed];
        own.judged(&evidence, at, &policy)
    };
    // Where the file was there at the time judged, so was what was given with it.
    assert_eq!(judged(&good, None, None), GOOD);
    assert_eq!(judged(&good, Some(later), None), doubt("responder-ended"));
    assert_eq!(judged(&good, Some(later), Some(ended)), GOOD);
    assert_eq!(judged(&good, Some(later), Some(later)), doubt("responder-ended"));
    let by_authority = Made::default().by(&own, "root", "root");
    assert_eq!(judged(&by_authority, Some(later), None), GOOD);
    let bad = Made { status: revoked(own.own.leaf.not_before(), 1), ..Made::default() };
    assert_eq!(judged(&bad.by(&own, "exempt", "exempt"), Some(later), None), FAILED);
    // An answer from elsewhere decides.
    let policy = Policy { seen_at: Some(later), ..policy };
    let evidence = Evidence { ocsp: vec![good], crls: vec![own.list(made, vec![])], ..Evidence::default() };
    assert_eq!(own.judged(&evidence, at, &policy), GOOD);
    let until = |policy: &Policy| {
        let mut findings = Findings::default();
        let evidence = Evidence { crls: Vec::new(), ..evidence.clone() };
        let context = Context { evidence: &evidence, at, policy };
        eds::judge_certificate(&own.own.leaf, &[], &context, &Subject::Signer(0), &mut findings);
        findings.into_verdict(at, Vec::new()).answers_until()
    };
    assert_eq!(until(&Policy { seen_at: None, ..policy.clone() }), Some(ended));
    assert_eq!(until(&policy), None, "it proves nothing any more");
}

#[test]
fn a_responder_that_keeps_ended_certificates_in_mind_answers_about_them() {
    let own = Responders::new();
    let made = now(&Made::default().by(&own, "exempt", "exempt"));
    let at = made - minutes(180);
    let ended = leaf_of(&own.root, "4711", at);
    let policy = Policy { ocsp_nonce: None, evidence_until: Some(made), ..own.policy() };
    for (since, found) in [(at, GOOD.map(str::to_owned).to_vec()), (made, doubt(AFTER).to_vec())] {
        for critical in [false, true] {
            let value = write::generalized_time(since);
            let narrowed = extension(&oids::OCSP_ARCHIVE_CUTOFF, critical, &value);
            let ocsp = Made { narrowed, ..Made::default() }.by(&own, "exempt", "exempt");
            let evidence = Evidence { ocsp: vec![ocsp], ..Evidence::default() };
            let context = Context { evidence: &evidence, at, policy: &policy };
            assert_eq!(words(&eds::revocation_of(&ended, &own.root, &context)), found, "{critical}");
        }
    }
}

#[test]
fn forged_answers_are_looked_at_so_many_times_and_hide_no_revocation_before_them() {
    let own = Responders::new();
    let mut policy = own.policy();
    policy.ocsp_nonce = None;
    let forged = |number: u8| {
        let nonce = extension(&oids::OCSP_NONCE, false, &write::octets(&[number]));
        Made { extensions: nonce, ..Made::default() }.by(&own, "exempt", "other")
    };
    let good = Made::default().by(&own, "exempt", "exempt");
    let judged = |ocsp: Vec<Vec<u8>>| {
        let evidence = Evidence { ocsp, ..Evidence::default() };
        own.judged(&evidence, now(&good), &policy)
    };
    let one = forged(0);
    assert_eq!(judged([vec![one; 63], vec![good.clone()]].concat()), GOOD, "the same is looked at once");
    let many: Vec<Vec<u8>> = (0..40).map(forged).collect();
    assert_eq!(judged([many.get(..10).unwrap().to_vec(), vec![good.clone()]].concat()), GOOD);
    let unread = [
        "revocation-evidence signer-untrusted",
        "revocation-evidence too-many",
        "revocation-unknown unknown",
    ];
    assert_eq!(judged([many.clone(), vec![good.clone()]].concat()), unread);
    assert_eq!(judged([vec![good.clone()], many.clone()].concat()), unread);
    let bad = Made { status: revoked(own.own.leaf.not_before(), 1), ..Made::default() };
    let bad = bad.by(&own, "exempt", "exempt");
    assert_eq!(judged([vec![bad], many].concat()), FAILED);
}
