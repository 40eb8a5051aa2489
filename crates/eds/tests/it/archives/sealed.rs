// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whoever can ask does not take the word of an archive; every seal is judged by its own evidence.

use super::{judged, whole};
use crate::maker::Plan;
use crate::stamps::{Stamping, minutes_later};
use eds::asn1::{Element, SEQUENCE, context, write};
use eds::{
    Archive, ArchivedAct, Certificate, Context, Evidence, Policy, Revocation, RsaSigner, SEALS_MAX,
    judge_archive, oids, signature_values, tsp,
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

/// A list of the throw-away authority that names nobody, made so many minutes after the certificate of the person.
fn clear_list(it: &Stamping, minutes: i64) -> Vec<u8> {
    let made = it.own.leaf.not_before() + SignedDuration::from_mins(minutes);
    Plan {
        authority: &Certificate::parse(&it.own.root).unwrap(),
        signer: &RsaSigner::from_pkcs8(&it.own.file("root.key")).unwrap(),
        this_update: made,
        next_update: Some(made + SignedDuration::from_hours(20)),
        number: Some(1),
        base: None,
        entries: Vec::new(),
        extensions: Vec::new(),
        outside: oids::RSA_SHA256,
    }
    .make()
}

#[test]
fn a_seal_does_not_let_a_signer_choose_the_answer_about_himself() {
    let it = Stamping::new();
    let (begun, now) = (it.own.leaf.not_before(), minutes_later(it.own.leaf.not_before()));
    let policy = Policy { revocation: Revocation::OcspOrCrl, ..it.own.policy() };
    let asking = Policy { ocsp_nonce: Some(b"sixteen bytes in".to_vec()), ..policy.clone() };
    let value = signature_values(&it.cms).unwrap().remove(0);
    let stamp = it.stamp(&value, "right");
    // The list with the act, then the one with the seal, each so many minutes after the person's certificate was made.
    let sealed = |cms: &[u8], with_act: Option<i64>, with_seal: Option<i64>| {
        let lists = |minutes: Option<i64>| minutes.map(|made| clear_list(&it, made)).into_iter().collect();
        let evidence = Evidence { crls: lists(with_act), stamps: vec![stamp.clone()], ..Evidence::default() };
        let verdict = it.verdict(cms, &evidence, now, &policy);
        let act = ArchivedAct { content: whole(&it.content), signature: cms.to_vec() };
        let archive = Archive::new(act, &policy, evidence, &verdict).unwrap();
        let own = Evidence { crls: lists(with_seal), ..Evidence::default() };
        let request = archive.seal_request(&own, &[5; 16]).unwrap();
        let token = it.answer(&request, "right").unwrap();
        archive.sealed(own, &token).unwrap().to_bytes().unwrap()
    };
    let is_valid = |bytes: &[u8], at: Timestamp, policy: &Policy| {
        judged(bytes, None, at, policy).unwrap().verdict.is_valid()
    };
    // Made before it was signed: who was revoked in between could have it sealed as well.
    let older = sealed(&it.cms, Some(-30), None);
    assert!(is_valid(&older, now, &policy));
    let found = judged(&older, None, now, &asking).unwrap().verdict;
    assert!(found.unknown_codes().contains(&"revocation-unknown"), "{found:?}");
    // Made after it was signed, it says how things stood, whoever chose it.
    assert!(is_valid(&sealed(&it.cms, Some(9), None), now, &asking));
    assert!(is_valid(&sealed(&it.cms, None, Some(9)), now, &asking));
    // When the certificate is over nobody answers about it: a list of the hour before counts, an older one does not.
    let after_all = begun + SignedDuration::from_hours(24 * 25);
    assert!(is_valid(&older, after_all, &asking));
    let oldest = sealed(&it.cms, Some(-120), None);
    assert!(is_valid(&oldest, after_all, &policy) && !is_valid(&oldest, after_all, &asking));
    // The same inside the signature, whatever lies beside it.
    let inside = |made: i64| sealed(&with_list_inside(&it.cms, &clear_list(&it, made)), None, Some(9));
    let (older, later) = (inside(-120), inside(9));
    assert!(is_valid(&older, now, &policy) && !is_valid(&older, now, &asking));
    assert!(is_valid(&later, now, &policy) && is_valid(&later, now, &asking));
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
            authority: &authority,
            signer: &root,
            this_update: made,
            next_update: Some(made + SignedDuration::from_mins(15)),
            number: Some(u32::from(place) + 1),
            base: None,
            entries: Vec::new(),
            extensions: Vec::new(),
            outside: oids::RSA_SHA256,
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
