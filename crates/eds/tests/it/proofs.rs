// SPDX-License-Identifier: MIT OR Apache-2.0
//! What proves that a stamp existed: the key of its authority while it serves, and a later stamp after that.

use eds::{
    Archive, ArchivedAct, ArchivedContent, Certificate, Context, Evidence, Need, Outcome, Policy, TimeBasis,
    embed_stamp, judge_archive, pades, signature_values, tsp, verify_pdf,
};
use jiff::SignedDuration;

use crate::oracle::openssl;
use crate::paper::Paper;
use crate::stamps::{Stamping, minutes_later, years_later};

/// An authority of time, one key of which ends after twenty days.
fn stamping() -> Stamping {
    let it = Stamping::new();
    let place = it.own.folder.path();
    std::fs::copy(place.join("right.key"), place.join("short.key")).unwrap();
    assert!(openssl(
        place,
        "x509 -req -in right.csr -CA root.pem -CAkey root.key -set_serial 0x53 -days 20 -out short.pem -extfile ts.cnf -extensions right"
    ));
    it
}

#[test]
fn stamp_whose_key_ended_proves_nothing_by_itself() {
    let it = stamping();
    let value = signature_values(&it.cms).unwrap().remove(0);
    let stamped = embed_stamp(&it.cms, 0, &it.stamp(&value, "short")).unwrap();
    let now = minutes_later(it.own.leaf.not_before());
    let judged = |at| it.verdict(&stamped, &Evidence::default(), at, &it.own.policy());
    let verdict = judged(now);
    assert!(verdict.is_valid() && verdict.signers[0].time.by == TimeBasis::Stamp, "{verdict:?}");
    let later = judged(years_later(now));
    assert!(matches!(later.outcome, Outcome::Indeterminate { .. }), "{later:?}");
    assert_eq!(later.unknown_codes(), ["time-stamp-unknown"]);
    assert_eq!(later.signers[0].stamps[0].unknown_codes(), ["time-stamp-proof"]);
    // A second one whose key serves proves as well when the signature existed.
    let again = embed_stamp(&stamped, 0, &it.stamp(&value, "right")).unwrap();
    let verdict = it.verdict(&again, &Evidence::default(), years_later(now), &it.own.policy());
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn seal_of_an_archive_made_in_time_proves_the_stamps_in_it() {
    let it = stamping();
    let now = minutes_later(it.own.leaf.not_before());
    let value = signature_values(&it.cms).unwrap().remove(0);
    let evidence = Evidence { stamps: vec![it.stamp(&value, "short")], ..Evidence::default() };
    let policy = it.own.policy();
    let verdict = it.verdict(&it.cms, &evidence, now, &policy);
    let held = ArchivedContent::Detached { bytes: it.content.clone() };
    let act = ArchivedAct { content: held, signature: it.cms.clone() };
    let bare = Archive::new(act, &policy, evidence, &verdict).unwrap();
    let sealed_by = |archive: &Archive, key: &str| {
        let request = archive.seal_request(&Evidence::default(), &[5; 16]).unwrap();
        archive.clone().sealed(Evidence::default(), &it.answer(&request, key).unwrap()).unwrap()
    };
    let short = sealed_by(&bare, "short");
    let rows = [
        ("bare", bare.clone(), false),
        ("sealed by a key that ends too", short.clone(), false),
        ("sealed by one that serves", sealed_by(&bare, "right"), true),
        ("sealed again by one that serves", sealed_by(&short, "right"), true),
    ];
    for (what, archive, is_proven) in rows {
        let bytes = archive.to_bytes().unwrap();
        let outcome = |at| {
            let context = Context { evidence: &Evidence::default(), at, policy: &policy };
            judge_archive(&bytes, None, &context).unwrap().verdict.outcome
        };
        assert_eq!(outcome(now), Outcome::Valid, "{what}");
        let later = outcome(years_later(now));
        let undecided = matches!(later, Outcome::Indeterminate { .. });
        assert!(if is_proven { later == Outcome::Valid } else { undecided }, "{what}: {later:?}");
    }
}

#[test]
fn stamp_under_an_authority_that_ended_proves_nothing_by_itself() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    std::fs::copy(place.join("right.key"), place.join("long.key")).unwrap();
    for command in [
        "req -newkey rsa:2048 -nodes -keyout between.key -out between.csr -subj /CN=Between -config openssl.cnf",
        "x509 -req -in between.csr -CA root.pem -CAkey root.key -set_serial 0x54 -days 20 -out between.pem -extfile openssl.cnf -extensions root",
        "x509 -req -in right.csr -CA between.pem -CAkey between.key -set_serial 0x55 -days 7300 -out long.pem -extfile ts.cnf -extensions right",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let between = Certificate::parse(&it.own.file("between.pem")).unwrap();
    let evidence = Evidence { certificates: vec![between.der().to_vec()], ..Evidence::default() };
    let token = it.stamp(b"bytes", "long");
    let now = minutes_later(it.own.leaf.not_before());
    let judged = |at| tsp::verify_stamp(b"bytes", &token, &evidence, at, &it.own.policy());
    let stamp = judged(now);
    assert!(stamp.is_valid(), "{stamp:?}");
    assert_eq!(stamp.key_until, Some(between.not_after()));
    assert_eq!(judged(years_later(now)).unknown_codes(), ["time-stamp-proof"]);
    // Whoever keeps the root installed answers for it, though it ended.
    let token = it.stamp(b"bytes", "right");
    let stamp = tsp::verify_stamp(b"bytes", &token, &evidence, years_later(now), &it.own.policy());
    assert!(stamp.is_valid(), "{stamp:?}");
}

#[test]
fn seal_made_after_the_time_judged_takes_nothing_from_an_archive() {
    let it = Stamping::new();
    let days = |count: i64| minutes_later(it.own.leaf.not_before()) + SignedDuration::from_hours(24 * count);
    let value = signature_values(&it.cms).unwrap().remove(0);
    let evidence = Evidence { stamps: vec![it.stamp(&value, "right")], ..Evidence::default() };
    let verdict = it.verdict(&it.cms, &evidence, days(0), &it.own.policy());
    let held = ArchivedContent::Detached { bytes: it.content.clone() };
    let act = ArchivedAct { content: held, signature: it.cms.clone() };
    let archive = Archive::new(act, &it.own.policy(), evidence, &verdict).unwrap();
    let asked = archive.seal_request(&Evidence::default(), &[5; 16]).unwrap();
    let asked = tsp::Request::parse(&asked).unwrap();
    let token = it.stamp_at(asked.imprint, days(3), None);
    let bytes = archive.sealed(Evidence::default(), &token).unwrap().to_bytes().unwrap();
    for (evidence_until, outcome) in [(Some(days(5)), Outcome::Valid), (None, Outcome::Invalid)] {
        let policy = Policy { evidence_until, ..it.own.policy() };
        let context = Context { evidence: &Evidence::default(), at: days(1), policy: &policy };
        let found = judge_archive(&bytes, None, &context).unwrap().verdict;
        assert_eq!(found.outcome, outcome, "{found:?}");
    }
}

#[test]
fn later_stamp_over_a_paper_proves_the_earlier_ones() {
    let it = stamping();
    let mut paper = Paper::new(&[]);
    paper.sign(&it.own, &[], "");
    let stamped = |pdf: &[u8], key: &str| {
        let prepared = pades::prepare_stamp(pdf, 16_384).unwrap();
        pades::embed(&prepared, &it.stamp(&prepared.content(), key)).unwrap()
    };
    let short = stamped(&paper.bytes, "short");
    let both = stamped(&short, "right");
    let now = minutes_later(it.own.leaf.not_before());
    let judged = |pdf: &[u8], at| verify_pdf(pdf, &Evidence::default(), at, &it.own.policy());
    for pdf in [&short, &both] {
        let verdict = judged(pdf, now);
        assert!(verdict.is_valid(), "{verdict:?}");
    }
    let verdict = judged(&both, years_later(now));
    assert!(verdict.is_valid() && verdict.signers[0].time.by == TimeBasis::Stamp, "{verdict:?}");
    let verdict = judged(&short, years_later(now));
    assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{verdict:?}");
}

#[test]
fn imprints_by_longer_digests_prove_content_by_sha1_disprove_it_and_by_others_do_neither() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    std::fs::write(
        place.join("ts.cnf"),
        String::from_utf8(it.own.file("ts.cnf"))
            .unwrap()
            .replace("sha512,", "sha384,sha512,md5,sha224,sha3-256,"),
    )
    .unwrap();
    let now = minutes_later(it.own.leaf.not_before());
    for digest in ["sha256", "sha384", "sha512", "sha1", "md5", "sha224", "sha3-256"] {
        let query = format!("ts -query -data content.txt -{digest} -cert -out their.tsq");
        let reply =
            "ts -reply -config ts.cnf -queryfile their.tsq -signer right.pem -inkey right.key -out their.tsr";
        assert!(openssl(place, &query) && openssl(place, reply));
        assert!(openssl(place, "ts -verify -data content.txt -in their.tsr -CAfile root.pem"));
        let token = it.own.file("their.tsr");
        let judged =
            |bytes: &[u8]| tsp::verify_stamp(bytes, &token, &Evidence::default(), now, &it.own.policy());
        let (ours, others) = (judged(&it.content), judged(b"other bytes"));
        let undecided = |stamp: &eds::TimeStamp, needs: Vec<Need>| {
            assert_eq!(stamp.unknown_codes(), ["time-stamp-imprint"], "{stamp:?}");
            assert_eq!(stamp.outcome, Outcome::Indeterminate { needs });
        };
        match digest {
            // Other bytes may have the same digest: nothing that comes makes it a proof.
            "sha1" => {
                undecided(&ours, Vec::new());
                let said = ours.checks.iter().find(|it| it.code == eds::CheckCode::TimeStampImprint);
                assert_eq!(said.unwrap().detail.as_deref(), Some("weak-digest 1.3.14.3.2.26"));
                assert_eq!(others.failed_codes(), ["time-stamp-imprint"]);
            }
            "sha3-256" => {
                for stamp in [ours, others] {
                    undecided(&stamp, vec![Need::Algorithm { oid: "2.16.840.1.101.3.4.2.8".to_owned() }]);
                }
            }
            "md5" | "sha224" => {
                for stamp in [ours, others] {
                    assert_eq!(stamp.failed_codes(), ["algorithm-unknown"], "{digest}");
                }
            }
            _ => {
                assert!(ours.is_valid(), "{digest}: {ours:?}");
                assert_eq!(others.failed_codes(), ["time-stamp-imprint"], "{digest}");
            }
        }
    }
}

#[test]
fn stamp_from_before_the_certificate_takes_nothing_from_the_signer() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let tomorrow = it.own.leaf.not_before() + jiff::SignedDuration::from_hours(24);
    let config = String::from_utf8(it.own.file("openssl.cnf")).unwrap()
        + "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=.\nserial=next\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n\
           surname=optional\nserialNumber=optional\ncountryName=optional\n";
    std::fs::write(place.join("later.cnf"), config).unwrap();
    std::fs::write(place.join("index.txt"), "").unwrap();
    std::fs::write(place.join("next"), "4755").unwrap();
    let start = tomorrow.strftime("%Y%m%d%H%M%SZ");
    assert!(openssl(
        place,
        &format!(
            "ca -batch -notext -config later.cnf -in leaf.csr -cert root.pem -keyfile root.key -startdate {start} -days 10 -extensions leaf -out later.pem"
        )
    ));
    let leaf = Certificate::parse(&it.own.file("later.pem")).unwrap();
    assert!(leaf.not_before() > minutes_later(it.own.leaf.not_before()));
    let chain = [leaf.clone()];
    let cms = eds::sign_cms_detached(eds::sha256(&it.content), &it.own.signer, &chain, tomorrow).unwrap();
    let value = signature_values(&cms).unwrap().remove(0);
    let stamped = embed_stamp(&cms, 0, &it.stamp(&value, "right")).unwrap();
    let received = minutes_later(leaf.not_before());
    let verdict = it.verdict(&stamped, &Evidence::default(), received, &it.own.policy());
    assert!(verdict.is_valid() && verdict.signers[0].time.by == TimeBasis::Received, "{verdict:?}");
    let early =
        it.verdict(&stamped, &Evidence::default(), minutes_later(it.own.leaf.not_before()), &it.own.policy());
    assert_eq!(early.failed_codes(), ["certificate-not-yet-valid"], "{early:?}");
}
