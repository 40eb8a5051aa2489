// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a stamp decides, what it leaves open, and what waits for it.

use super::*;

#[test]
fn a_stamp_moves_the_time_judged_to_an_earlier_one_alone() {
    let it = Stamping::new();
    let days = |count: i64| it.own.leaf.not_before() + SignedDuration::from_hours(24 * count);
    let value = signature_values(&it.cms).unwrap().remove(0);
    // The file is judged for its own time by what is known today.
    let policy = Policy { evidence_until: Some(days(28)), ..it.own.policy() };
    let stamped = |day| it.stamp_at(imprint(&value), days(day), None);
    let rows: [(i64, i64, &[&str]); 4] = [
        (1, -1, &["certificate-not-yet-valid"]),
        (25, 10, &[]),
        (10, 25, &[]),
        (25, 26, &["certificate-expired"]),
    ];
    for (stamp, at, failed) in rows {
        let token = stamped(stamp);
        let cms = embed_stamp(&it.cms, 0, &token).unwrap();
        let beside = Evidence { stamps: vec![token.clone()], ..Evidence::default() };
        for (cms, evidence) in [(&cms, &Evidence::default()), (&it.cms, &beside)] {
            let verdict = it.verdict(cms, evidence, days(at), &policy);
            assert_eq!(verdict.failed_codes(), failed, "{stamp} {at}");
            let by = if stamp <= at { TimeBasis::Stamp } else { TimeBasis::Received };
            assert_eq!(verdict.signers[0].time.by, by, "{stamp} {at}");
        }
        let alone = tsp::verify_stamp(&value, &token, &Evidence::default(), days(at), &policy);
        assert_eq!(alone.failed_codes().contains(&"time-stamp-time"), stamp > at, "{stamp} {at}");
    }
}

#[test]
fn a_stamp_less_exact_than_clocks_are_proves_no_time() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let rows: [(u32, &[&str]); 3] =
        [(300, &[]), (301, &["time-stamp-time"]), (400 * 86_400, &["time-stamp-time"])];
    for (seconds, failed) in rows {
        let token = it.stamp_at(imprint(b"bytes"), now, Some(seconds));
        let stamp = tsp::verify_stamp(b"bytes", &token, &Evidence::default(), now, &it.own.policy());
        assert_eq!(stamp.failed_codes(), failed, "{seconds}");
    }
}

#[test]
fn refusal_of_an_authority_is_not_malformed() {
    let it = Stamping::new();
    let query = "ts -query -data content.txt -sha224 -cert -out their.tsq";
    let reply =
        "ts -reply -config ts.cnf -queryfile their.tsq -signer right.pem -inkey right.key -out no.tsr";
    assert!(openssl(it.own.folder.path(), query));
    let _refused = openssl(it.own.folder.path(), reply);
    let (evidence, policy) = (Evidence::default(), it.own.policy());
    let context =
        eds::Context { evidence: &evidence, at: minutes_later(it.own.leaf.not_before()), policy: &policy };
    let found = eds::examine(&it.own.file("no.tsr"), None, &context).unwrap();
    assert_eq!(found.verdict.failed_codes(), Vec::<&str>::new());
    assert_eq!(found.verdict.unknown_codes(), ["time-stamp-absent"]);
    assert_eq!((&*found.facts["status"], &*found.facts["failure"]), ("rejection", "bad-algorithm"));
    crate::schema::follows_schema(&found);
}

#[test]
fn demanded_stamp_is_named_as_a_need_and_met_by_the_answer() {
    let it = Stamping::new();
    let mut policy = it.own.policy();
    policy.time_stamps = TimeStamps::Required;
    policy.stamp_nonce = Some(vec![0xfe; 16]);
    let now = minutes_later(it.own.leaf.not_before());
    let verdict = it.verdict(&it.cms, &Evidence::default(), now, &policy);
    assert_eq!(verdict.unknown_codes(), ["time-stamp-absent"]);
    let [need @ Need::TimeStamp { request, .. }] = verdict.needs() else { panic!("{verdict:?}") };
    it.answer(request, "right").unwrap();
    let mut evidence = Evidence::default();
    evidence.put(need, it.own.file("reply.tsr"));
    let verdict = it.verdict(&it.cms, &evidence, now, &policy);
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn stamp_that_waits_for_evidence_matters_only_where_the_answer_depends_on_it() {
    let it = Stamping::new();
    let stamped = it.stamped("right");
    let time = tsp::info(&tsp::token(&it.own.file("reply.tsr")).unwrap()).unwrap().time;
    let mut policy = it.own.policy();
    policy.revocation = Revocation::OcspOrCrl;
    let verdict = it.verdict(&stamped, &Evidence::default(), years_later(time), &policy);
    assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{verdict:?}");
    assert!(verdict.unknown_codes().contains(&"time-stamp-unknown"), "{verdict:?}");
    let unproven = it.verdict(&it.cms, &Evidence::default(), years_later(time), &policy);
    assert_eq!(unproven.outcome, Outcome::Invalid);
}

#[test]
fn stamp_of_a_stranger_holds_nothing_up_once_its_issuer_was_sought() {
    let (it, stranger) = (Stamping::new(), Stamping::new());
    let place = stranger.own.folder.path();
    let extensions = "[lost]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n\
        authorityKeyIdentifier=keyid\nauthorityInfoAccess=caIssuers;URI:http://ca.invalid/lost.cer\n";
    std::fs::write(place.join("lost.cnf"), extensions).unwrap();
    let issue = "x509 -req -in right.csr -CA root.pem -CAkey root.key -set_serial 0x52 -days 20 -out lost.pem -extfile lost.cnf -extensions lost";
    assert!(openssl(place, issue));
    std::fs::copy(place.join("right.key"), place.join("lost.key")).unwrap();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let stamped = embed_stamp(&it.cms, 0, &stranger.stamp(&value, "lost")).unwrap();
    let later = years_later(it.own.leaf.not_before());
    let asking = it.own.policy();
    let waiting = it.verdict(&stamped, &Evidence::default(), later, &asking);
    let [Need::Issuer { urls, .. }] = waiting.needs() else { panic!("{waiting:?}") };
    assert_eq!(urls, &["http://ca.invalid/lost.cer"]);
    let sought = Policy { issuers_sought: true, ..asking };
    let verdict = it.verdict(&stamped, &Evidence::default(), later, &sought);
    assert_eq!((&verdict.outcome, verdict.signers[0].time.by), (&Outcome::Invalid, TimeBasis::Received));
    // The stamp of an authority that is known waits for its evidence.
    let known = Policy { revocation: Revocation::OcspOrCrl, ..sought };
    let verdict = it.verdict(&it.stamped("right"), &Evidence::default(), later, &known);
    assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{verdict:?}");
}
