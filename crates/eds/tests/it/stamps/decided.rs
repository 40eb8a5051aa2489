// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a stamp decides, what it leaves open, and what waits for it.

use super::*;
use crate::inside::rebuilt;
use eds::asn1::{Element, GENERALIZED_TIME, SEQUENCE, SET, context, write};
use eds::oids;

/// Returns a token of openssl with other fields in what it says, signed anew by its authority.
fn restamped(it: &Stamping, token: &[u8], change: &dyn Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let parts_of = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let parts = Element::parse(bytes).unwrap().reader().all(16).unwrap();
        parts.iter().map(|it| it.raw.to_vec()).collect()
    };
    let inside = |bytes: &[u8]| Element::parse(bytes).unwrap().value.to_vec();
    rebuilt(token, &mut |parts| {
        let inner = parts_of(&parts[2]);
        let mut said = parts_of(&inside(&inside(&inner[1])));
        change(&mut said);
        let info = write::tlv(SEQUENCE, &said.concat());
        parts[2] = write::sequence(&[&inner[0], &write::tlv(context(0), &write::octets(&info))]);
        let mut fields = parts_of(&inside(&parts.pop().unwrap()));
        let digest = write::oid(&oids::MESSAGE_DIGEST);
        let value = write::set_of(vec![write::octets(&eds::sha256(&info))]);
        let mut attributes = parts_of(&fields[3]);
        attributes.retain(|it| !it.windows(digest.len()).any(|part| part == digest));
        attributes.push(write::sequence(&[&digest, &value]));
        let attributes = write::set_of(attributes);
        let signer = eds::RsaSigner::from_pkcs8(&it.own.file("right.key")).unwrap();
        fields[5] = write::octets(&signer.sign(&attributes).unwrap());
        fields[3] = write::tlv(context(0), &inside(&attributes));
        parts.push(write::tlv(SET, &write::tlv(SEQUENCE, &fields.concat())));
    })
}

#[test]
fn an_authority_that_a_stamp_names_is_the_one_that_signed_it() {
    let it = Stamping::new();
    let token = it.stamp(b"bytes", "right");
    let place = it.own.folder.path();
    std::fs::write(place.join("data"), b"bytes").unwrap();
    let name = |text: Vec<u8>| {
        let part = write::sequence(&[&write::oid(&oids::COMMON_NAME), &text]);
        write::tlv(context(4), &write::sequence(&[&write::set_of(vec![part])]))
    };
    for (named, is_same) in [
        (name(write::utf8("Stamp")), true),
        (name(write::printable("Stamp")), true),
        (name(write::utf8("Other")), false),
        (write::tlv(0x82, b"stamp.invalid"), false),
    ] {
        let changed = restamped(&it, &token, &|said| {
            let place = said.iter().position(|it| it[0] == context(0)).unwrap();
            said[place] = write::tlv(context(0), &named);
        });
        std::fs::write(place.join("token"), &changed).unwrap();
        let verify = "ts -verify -data data -in token -token_in -CAfile root.pem";
        assert_eq!(openssl(place, verify), is_same, "{named:02x?}");
        let now = tsp::info(&changed).unwrap().time;
        let stamp = tsp::verify_stamp(b"bytes", &changed, &Evidence::default(), now, &it.own.policy());
        let failed = (!is_same).then_some("signing-certificate-mismatch");
        assert_eq!(stamp.failed_codes(), Vec::from_iter(failed), "{named:02x?}");
    }
}

#[test]
fn a_leap_second_is_the_first_of_the_next_day() {
    let it = Stamping::new();
    let token = it.stamp(b"bytes", "right");
    let time = |text: &[u8]| {
        tsp::info(&restamped(&it, &token, &|said| said[4] = write::tlv(GENERALIZED_TIME, text)))
            .map(|it| it.time)
    };
    assert_eq!(time(b"20161231235960.25Z"), Ok("2017-01-01T00:00:00.25Z".parse().unwrap()));
    assert_eq!(time(b"20161231235959Z"), Ok("2016-12-31T23:59:59Z".parse().unwrap()));
    for none in [&b"20161231225960Z"[..], b"20161231235961Z", b"20161331235960Z"] {
        assert!(time(none).is_err(), "{none:?}");
    }
}

#[test]
fn a_stamp_that_is_a_little_ahead_makes_the_time_judged_no_later() {
    let it = Stamping::new();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let (begun, some) = (it.own.leaf.not_before(), SignedDuration::from_secs(100));
    let cms = embed_stamp(&it.cms, 0, &it.stamp_at(imprint(&value), begun + some, None)).unwrap();
    let judged = |at| {
        let verdict = it.verdict(&cms, &Evidence::default(), at, &it.own.policy());
        (verdict.signers[0].time.at, verdict.signers[0].time.by, verdict.failed_codes())
    };
    let early = ["certificate-not-yet-valid"];
    assert_eq!(judged(begun - some), (begun - some, TimeBasis::Stamp, early.to_vec()));
    assert_eq!(judged(begun + some + some), (begun + some, TimeBasis::Stamp, Vec::new()));
}

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
