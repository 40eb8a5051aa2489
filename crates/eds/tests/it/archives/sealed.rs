// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whoever can ask does not take the word of an archive; every seal is judged by its own evidence.

use super::{judged, whole};
use crate::maker::{Listed, Plan};
use crate::oracle::openssl;
use crate::stamps::{Stamping, minutes_later};
use eds::asn1::{Element, SEQUENCE, context, write};
use eds::{
    Archive, ArchivedAct, Certificate, CheckCode, Context, Evidence, Outcome, Policy, Revocation, RsaSigner,
    SEALS_MAX, Subject, Verdict, judge_archive, oids, signature_values, tsp,
};
use jiff::{SignedDuration, Timestamp};

#[test]
fn an_archive_that_nothing_proves_does_not_choose_the_answers_about_itself() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let asking = Policy { ocsp_nonce: Some(b"sixteen bytes in".to_vec()), ..policy.clone() };
    let clear = crate::inside::list(&it.own, &it.own, Vec::new());
    let archived = |stamps: Vec<Vec<u8>>| {
        let evidence = Evidence { crls: vec![clear.clone()], stamps, ..Evidence::default() };
        let verdict = it.verdict(&it.cms, &evidence, now, &policy);
        let act = ArchivedAct { content: whole(&it.content), signature: it.cms.clone() };
        Archive::new(act, &policy, evidence, &verdict).unwrap().to_bytes().unwrap()
    };
    let bare = archived(Vec::new());
    assert!(judged(&bare, None, now, &policy).unwrap().verdict.is_valid());
    let found = judged(&bare, None, now, &asking).unwrap().verdict;
    assert_eq!(found.unknown_codes(), ["revocation-unknown"], "{found:?}");
    // What the caller has counts. A stamp proves when it was signed, not when the answers were put there.
    let given = Evidence { crls: vec![clear.clone()], ..Evidence::default() };
    let found = judge_archive(&bare, None, &Context { evidence: &given, at: now, policy: &asking }).unwrap();
    assert!(found.verdict.is_valid(), "{found:?}");
    let value = signature_values(&it.cms).unwrap().remove(0);
    let stamped = archived(vec![it.stamp(&value, "right")]);
    assert!(judged(&stamped, None, now, &policy).unwrap().verdict.is_valid());
    let found = judged(&stamped, None, now, &asking).unwrap().verdict;
    assert!(found.unknown_codes().contains(&"revocation-unknown"), "{found:?}");
}

/// A list of the throw-away authority, made so many minutes after the certificate of the person.
fn list_of(it: &Stamping, minutes: i64, entries: Vec<Listed>) -> Vec<u8> {
    let made = it.own.leaf.not_before() + SignedDuration::from_mins(minutes);
    Plan {
        next_update: Some(made + SignedDuration::from_hours(20)),
        entries,
        ..Plan::of(
            &Certificate::parse(&it.own.root).unwrap(),
            &RsaSigner::from_pkcs8(&it.own.file("root.key")).unwrap(),
            made,
        )
    }
    .make()
}

fn clear_list(it: &Stamping, minutes: i64) -> Vec<u8> {
    list_of(it, minutes, Vec::new())
}

/// Returns whether it is asked how this certificate stands.
fn asks(verdict: &Verdict, subject: &Subject) -> bool {
    verdict.checks.iter().any(|it| it.code == CheckCode::RevocationUnknown && it.subject == *subject)
}

/// Returns the archive of a signature with these lists, sealed with these.
fn sealed_with(it: &Stamping, cms: &[u8], with_act: Vec<Vec<u8>>, with_seal: Vec<Vec<u8>>) -> Vec<u8> {
    let now = minutes_later(it.own.leaf.not_before());
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let value = signature_values(cms).unwrap().remove(0);
    let stamps = vec![it.stamp(&value, "right")];
    let evidence = Evidence { crls: with_act, stamps, ..Evidence::default() };
    let verdict = it.verdict(cms, &evidence, now, &policy);
    let act = ArchivedAct { content: whole(&it.content), signature: cms.to_vec() };
    let archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
    let own = Evidence { crls: with_seal, ..Evidence::default() };
    let request = archive.seal_request(&own, &[5; 16]).unwrap();
    let token = it.answer(&request, "right").unwrap();
    archive.sealed(own, &token).unwrap().to_bytes().unwrap()
}

#[test]
fn a_seal_does_not_let_a_signer_choose_the_answer_about_himself() {
    let it = Stamping::new();
    let (begun, now) = (it.own.leaf.not_before(), minutes_later(it.own.leaf.not_before()));
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let asking = Policy { ocsp_nonce: Some(b"sixteen bytes in".to_vec()), ..policy.clone() };
    // The list with the act, then the one with the seal, each so many minutes after the person's certificate was made.
    let sealed = |cms: &[u8], with_act: Option<i64>, with_seal: Option<i64>| {
        let lists = |minutes: Option<i64>| minutes.map(|made| clear_list(&it, made)).into_iter().collect();
        sealed_with(&it, cms, lists(with_act), lists(with_seal))
    };
    let is_valid = |bytes: &[u8], at: Timestamp| judged(bytes, None, at, &policy).unwrap().verdict.is_valid();
    let asks_about_him =
        |bytes: &[u8], at| asks(&judged(bytes, None, at, &asking).unwrap().verdict, &Subject::Signer(0));
    // Made before it was signed: who was revoked in between could have it sealed as well.
    let older = sealed(&it.cms, Some(-30), None);
    assert!(is_valid(&older, now) && asks_about_him(&older, now));
    // Made after it was signed, it says how things stood, whoever chose it.
    assert!(!asks_about_him(&sealed(&it.cms, Some(9), None), now));
    assert!(!asks_about_him(&sealed(&it.cms, None, Some(9)), now));
    // When the certificate is over nobody answers about it: a list of the hour before counts, an older one does not.
    let after_all = begun + SignedDuration::from_hours(24 * 25);
    assert!(!asks_about_him(&older, after_all));
    let oldest = sealed(&it.cms, Some(-120), None);
    assert!(is_valid(&oldest, after_all) && asks_about_him(&oldest, after_all));
    // The same inside the signature: what lies beside it decides as well.
    let inside = |made: i64, beside| sealed(&with_list_inside(&it.cms, &clear_list(&it, made)), None, beside);
    assert!(asks_about_him(&inside(-120, Some(-30)), now));
    for decided in [inside(9, Some(-30)), inside(-120, Some(9))] {
        assert!(!asks_about_him(&decided, now));
    }
}

#[test]
fn the_authority_of_the_last_seal_is_asked_today() {
    let it = Stamping::new();
    let now = minutes_later(it.own.leaf.not_before());
    let asking = Policy {
        revocation: Revocation::OcspOrCrl,
        ocsp_nonce: Some(b"sixteen bytes in".to_vec()),
        ..it.own.policy()
    };
    // However new the answers are that lie in the archive: its maker may have the key, and left out what was said since.
    let sealed = sealed_with(&it, &it.cms, vec![clear_list(&it, 8)], vec![clear_list(&it, 9)]);
    let verdict = |crls: Vec<Vec<u8>>, policy: &Policy| {
        let given = Evidence { crls, ..Evidence::default() };
        judge_archive(&sealed, None, &Context { evidence: &given, at: now, policy }).unwrap().verdict
    };
    let waiting = verdict(Vec::new(), &asking);
    assert!(waiting.unknown_codes().contains(&"archive-seal"), "{waiting:?}");
    assert!(!waiting.needs().is_empty() && waiting.failed_codes().is_empty(), "{waiting:?}");
    let answered = verdict(vec![clear_list(&it, 10)], &asking);
    assert!(answered.is_valid(), "{answered:?}");
    let since = it.own.leaf.not_before() - SignedDuration::from_hours(1);
    for reason in [1, 6] {
        let lost = list_of(&it, 10, vec![(vec![0x51], since, Some(reason))]);
        assert_eq!(verdict(vec![lost], &asking).outcome, Outcome::Invalid, "{reason}");
    }
    // Once nobody answered, what lies in the archive counts as it does offline.
    let sought = Policy { answers_sought: true, ..asking };
    assert!(verdict(Vec::new(), &sought).is_valid());
}

#[test]
fn what_an_archive_tells_against_its_own_last_seal_is_not_passed_over() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    let issue = "x509 -req -in loose.csr -CA root.pem -CAkey root.key -set_serial 0x52 -days 7300 -out next.pem -extfile ts.cnf -extensions right";
    assert!(openssl(place, issue));
    std::fs::copy(place.join("loose.key"), place.join("next.key")).unwrap();
    let since = it.own.leaf.not_before() - SignedDuration::from_hours(1);
    let asking = Policy {
        revocation: Revocation::OcspOrCrl,
        ocsp_nonce: Some(b"sixteen bytes in".to_vec()),
        ..it.own.policy()
    };
    let first = sealed_with(&it, &it.cms, vec![clear_list(&it, 8)], vec![clear_list(&it, 9)]);
    let given = Evidence { crls: vec![clear_list(&it, 10)], ..Evidence::default() };
    let verdict = |told: Vec<Listed>| {
        let archive = Archive::parse(&first).unwrap();
        let own = Evidence { crls: vec![list_of(&it, 11, told)], ..Evidence::default() };
        let token = it.answer(&archive.seal_request(&own, &[5; 16]).unwrap(), "next").unwrap();
        let sealed = archive.sealed(own, &token).unwrap().to_bytes().unwrap();
        let context =
            Context { evidence: &given, at: minutes_later(it.own.leaf.not_before()), policy: &asking };
        judge_archive(&sealed, None, &context).unwrap().verdict
    };
    let of_next = |reason| vec![(vec![0x52], since, Some(reason))];
    let clear = verdict(Vec::new());
    assert!(clear.is_valid(), "{clear:?}");
    for reason in [1, 6] {
        assert_eq!(verdict(of_next(reason)).failed_codes(), ["archive-seal"], "{reason}");
    }
}

#[test]
fn an_authority_on_the_path_is_asked_where_an_older_list_was_kept() {
    let it = Stamping::new();
    let place = it.own.folder.path();
    for command in [
        "req -newkey rsa:2048 -nodes -keyout middle.key -out middle.csr -subj /CN=Middle -config openssl.cnf",
        "x509 -req -in middle.csr -CA root.pem -CAkey root.key -set_serial 0x60 -days 25 -out middle.pem -extfile openssl.cnf -extensions root",
        "x509 -req -in leaf.csr -CA middle.pem -CAkey middle.key -set_serial 0x4799 -days 20 -out person.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(place, command), "{command}");
    }
    let read = |name: &str| Certificate::parse(&it.own.file(name)).unwrap();
    let (middle, chain) = (read("middle.pem"), [read("person.pem"), read("middle.pem")]);
    let (begun, digest) = (chain[0].not_before(), eds::sha256(&it.content));
    let cms = eds::sign_cms_detached(digest, &it.own.signer, &chain, begun).unwrap();
    let own_list = Plan::of(
        &middle,
        &RsaSigner::from_pkcs8(&it.own.file("middle.key")).unwrap(),
        begun + SignedDuration::from_mins(9),
    )
    .make();
    // The list of the root is in term, but not the last one: since then it may have revoked the authority.
    let sealed = sealed_with(&it, &cms, vec![own_list, clear_list(&it, -30)], Vec::new());
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let asking = Policy { ocsp_nonce: Some(b"sixteen bytes in".to_vec()), ..policy.clone() };
    let now = minutes_later(begun);
    let offline = judged(&sealed, None, now, &policy).unwrap().verdict;
    assert!(offline.is_valid(), "{offline:?}");
    let found = judged(&sealed, None, now, &asking).unwrap().verdict;
    assert!(asks(&found, &Subject::Certificate(middle.serial_hex())), "{found:?}");
    assert!(!asks(&found, &Subject::Signer(0)), "{found:?}");
    // Today's list says that its key was lost before the act.
    let since = begun - SignedDuration::from_hours(1);
    let given =
        Evidence { crls: vec![list_of(&it, 10, vec![(vec![0x60], since, Some(2))])], ..Evidence::default() };
    let context = Context { evidence: &given, at: now, policy: &asking };
    let found = judge_archive(&sealed, None, &context).unwrap().verdict;
    assert_eq!(found.failed_codes(), ["certificate-revoked"], "{found:?}");
    // When it is over, the list that was in term then is all there is.
    let over = begun + SignedDuration::from_hours(24 * 26);
    let found = judged(&sealed, None, over, &asking).unwrap().verdict;
    assert!(!asks(&found, &Subject::Certificate(middle.serial_hex())), "{found:?}");
}

/// Returns the signature with a list beside its signers.
fn with_list_inside(cms: &[u8], list: &[u8]) -> Vec<u8> {
    let outer = Element::parse(cms).unwrap().reader().all(2).unwrap();
    let data = Element::parse(outer[1].value).unwrap().reader().all(6).unwrap();
    let mut parts: Vec<Vec<u8>> = data.iter().map(|it| it.raw.to_vec()).collect();
    parts.insert(parts.len() - 1, write::tlv(context(1), list));
    let data = write::tlv(SEQUENCE, &parts.concat());
    write::sequence(&[outer[0].raw, &write::tlv(context(0), &data)])
}

#[test]
fn every_seal_is_judged_by_its_own_evidence() {
    let it = Stamping::new();
    let tsa = Certificate::parse(&it.own.file("right.pem")).unwrap();
    let signer = RsaSigner::from_pkcs8(&it.own.file("right.key")).unwrap();
    let after =
        |hours: usize| tsa.not_before() + SignedDuration::from_mins(1 + 60 * i64::try_from(hours).unwrap());
    let token = |imprint: tsp::Imprint, time: Timestamp| {
        let policy = oids::STAMP_POLICY_2015;
        let info = tsp::StampInfo { policy, imprint, serial: vec![1], time, accuracy: None, nonce: None };
        info.sign(&signer, std::slice::from_ref(&tsa)).unwrap()
    };
    // Lists hold for a quarter of an hour; pieces that say nothing would go before them by their bytes.
    let root = RsaSigner::from_pkcs8(&it.own.file("root.key")).unwrap();
    let authority = Certificate::parse(&it.own.root).unwrap();
    let lists = |hours: usize| {
        let (made, place) = (after(hours), u8::try_from(hours).unwrap());
        let list = Plan {
            next_update: Some(made + SignedDuration::from_mins(15)),
            number: Some(u32::from(place) + 1),
            ..Plan::of(&authority, &root, made)
        };
        vec![vec![0, place], vec![1, place], list.make()]
    };
    let value = signature_values(&it.cms).unwrap().remove(0);
    let imprint = tsp::Imprint { algorithm: oids::SHA256, digest: eds::sha256(&value).to_vec() };
    let (stamps, policy) =
        (vec![token(imprint, after(0))], Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() });
    let evidence = Evidence { crls: lists(0), stamps, ..Evidence::default() };
    let verdict = it.verdict(&it.cms, &evidence, after(0), &policy);
    let act = ArchivedAct { content: whole(&it.content), signature: it.cms.clone() };
    let mut archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
    for hours in 1..=SEALS_MAX {
        let own = Evidence { crls: lists(hours), ..Evidence::default() };
        let request = archive.seal_request(&own, &[5; 16]).unwrap();
        let seal = token(tsp::Request::parse(&request).unwrap().imprint, after(hours));
        archive = archive.sealed(own, &seal).unwrap();
    }
    let found = judged(&archive.to_bytes().unwrap(), None, after(SEALS_MAX + 1), &policy).unwrap();
    assert!(found.verdict.is_valid() && found.seals.len() == SEALS_MAX, "{found:?}");
}
