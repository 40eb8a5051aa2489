// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files are known by their content, and what is said about them follows the published schema.

use eds::asn1::write;
use eds::{
    CheckCode, CheckResult, Context, Evidence, Kind, Need, Outcome, Policy, Purpose, Revocation, Trust,
    examine, oids,
};
use jiff::{SignedDuration, Timestamp};

use crate::maker::Plan;
use crate::oracle::{Throwaway, openssl};
use crate::paper::Paper;
use crate::schema::{follows_schema, schema};
use crate::shared::vector;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn result(found: &eds::Examination, code: CheckCode) -> Option<CheckResult> {
    found.verdict.checks.iter().find(|it| it.code == code).map(|it| it.result)
}

#[test]
fn schema_names_every_code() {
    let codes: Vec<&str> = CheckCode::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(schema()["$defs"]["code"]["enum"], serde_json::json!(codes));
}

#[test]
fn real_material_is_known_and_its_reports_follow_the_schema() {
    let roots = ["ca/nca_rsa_test.crt", "ca/nca_gost2015_test.cer", "ca/nca_gost_test.crt"];
    let Some(roots) = roots.iter().map(|it| vector(it)).collect::<Option<Vec<_>>>() else { return };
    let trust = Trust::from_certificates(roots.iter().map(Vec::as_slice)).unwrap();
    let policy = Policy::new(trust, Purpose::AnySignature);
    let evidence = Evidence::default();
    for (name, kind) in [
        ("cms/CmsServiceTest.SIGNED_CMS.der", Kind::Cms),
        ("cms/CmsServiceTest.SIGNED_DETACHED_CMS.der", Kind::Cms),
        ("xml/XmlServiceTest.XML_SIGNED_VALID_STRING_TWO_SIGNERS.xml", Kind::Xml),
        ("certs/ceo_valid_sign_2004_gost.cer", Kind::Certificate),
        ("ca/nca_rsa_test.crt", Kind::Certificate),
        ("crl/nca_rsa_test.crl", Kind::RevocationList),
        ("crl/nca_gost2022_test.crl", Kind::RevocationList),
        ("ocsp/ocsp_response_individual_2015.bin", Kind::Ocsp),
        ("ocsp/ocsp_response_individual_sign_2004.bin", Kind::Ocsp),
        ("tsp/tsp_response.bin", Kind::TimeStamp),
        ("tsp/tsp_token.bin", Kind::TimeStamp),
    ] {
        let Some(bytes) = vector(name) else { return };
        for text in [bytes.clone(), base64(&bytes)] {
            if text[0] == 0x30 || bytes[0] == 0x30 {
                assert_eq!(Kind::of(&text), Some(kind), "{name}");
            }
        }
        let context = Context { evidence: &evidence, at: at("2022-09-02T17:00:00Z"), policy: &policy };
        let found = examine(&bytes, None, &context).unwrap();
        assert_eq!(found.kind, kind, "{name}");
        follows_schema(&found);
    }
}

pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let json = serde_json::to_value(Evidence { crls: vec![bytes.to_vec()], ..Evidence::default() }).unwrap();
    json["crls"][0].as_str().unwrap().as_bytes().to_vec()
}

#[test]
fn without_a_root_the_signature_itself_is_still_judged_and_the_issuer_at_hand_too() {
    let own = Throwaway::new();
    let place = own.folder.path();
    assert!(openssl(
        place,
        "cms -sign -binary -in content.txt -signer leaf.pem -inkey leaf.key -md sha256 -outform PEM -out signed"
    ));
    let (cms, content) = (own.file("signed"), own.file("content.txt"));
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let with_issuer = Evidence { certificates: vec![own.root.clone()], ..Evidence::default() };
    let now = own.leaf.not_before();
    let judge = |evidence: &Evidence, signed: &[u8]| {
        let ground = Context { evidence, at: now, policy: &policy };
        let found = examine(&cms, Some(signed), &ground).unwrap();
        follows_schema(&found);
        found
    };
    let found = judge(&Evidence::default(), &content);
    assert_ne!(found.verdict.outcome, Outcome::Valid);
    assert_eq!(result(&found, CheckCode::SignatureMismatch), Some(CheckResult::Passed));
    assert_eq!(result(&found, CheckCode::DigestMismatch), Some(CheckResult::Passed));
    assert_eq!(result(&found, CheckCode::CertificateSignatureMismatch), None);
    let found = judge(&with_issuer, &content);
    assert_ne!(found.verdict.outcome, Outcome::Valid);
    assert_eq!(result(&found, CheckCode::CertificateSignatureMismatch), Some(CheckResult::Passed));
    assert_eq!(result(&found, CheckCode::ChainUntrusted), Some(CheckResult::Failed));
    let path = |found: &eds::Examination| {
        let told = found.report().checks.into_iter().find(|it| it.code == CheckCode::ChainUntrusted);
        told.unwrap().sentence.en
    };
    // What is invalid all the same is not said to want the issuer.
    assert!(path(&judge(&Evidence::default(), &content)).contains("an issuer's certificate is missing"));
    assert!(path(&judge(&Evidence::default(), b"other")).contains("the outcome is clear without it"));
    let found = judge(&with_issuer, b"other");
    assert_eq!(result(&found, CheckCode::DigestMismatch), Some(CheckResult::Failed));
    // Another authority of the same name did not sign it.
    let other = Evidence { certificates: vec![Throwaway::new().root.clone()], ..Evidence::default() };
    let found = judge(&other, &content);
    let forged = result(&found, CheckCode::CertificateSignatureMismatch);
    assert!(matches!(forged, None | Some(CheckResult::Failed)), "{forged:?}");
}

#[test]
fn certificates_lists_and_roots_alone_are_judged() {
    let own = Throwaway::new();
    let root = eds::Certificate::parse(&own.root).unwrap();
    let signer = eds::RsaSigner::from_pkcs8(&own.file("root.key")).unwrap();
    let now = own.leaf.not_before() + SignedDuration::from_hours(1);
    let mut policy = own.policy();
    let list = Plan {
        next_update: Some(now + SignedDuration::from_hours(1)),
        number: Some(77),
        entries: vec![(vec![5], now, None)],
        ..Plan::of(&root, &signer, now - SignedDuration::from_hours(1))
    }
    .make();
    let judge = |bytes: &[u8], policy: &Policy, at: Timestamp| {
        let evidence = Evidence { crls: vec![list.clone()], ..Evidence::default() };
        let found = examine(bytes, None, &Context { evidence: &evidence, at, policy }).unwrap();
        follows_schema(&found);
        found
    };
    let of_anybody = Policy::new(policy.trust.clone(), Purpose::AnySignature);
    assert!(judge(&own.root, &of_anybody, now).verdict.is_valid());
    policy.revocation = Revocation::OcspOrCrl;
    // Nobody signed with it here, whosesoever it is.
    assert_eq!(judge(&own.file("leaf.pem"), &policy, now).verdict.failed_codes(), ["signers-absent"]);
    let found = judge(&own.file("leaf.pem"), &of_anybody, now);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!(found.verdict.signer().unwrap().iin.as_deref(), Some("990101300017"));
    let found = judge(&list, &policy, now);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!((found.facts["number"].as_str(), found.facts["entries"].as_str()), ("4d", "1"));
    let late = now + SignedDuration::from_hours(2);
    let stale = judge(&list, &policy, late);
    assert_eq!(stale.verdict.unknown_codes(), ["revocation-time"]);
    let needs = [Need::Answer { issuer: root.subject().line(), at: late }];
    assert_eq!(stale.verdict.needs(), needs);
    let mut changed = list.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(judge(&changed, &policy, now).verdict.failed_codes(), ["signature-mismatch"]);
    let nobody = Policy::new(Trust::default(), Purpose::AnySignature);
    let found = judge(&list, &nobody, now);
    assert_eq!(found.verdict.unknown_codes(), ["signature-mismatch", "chain-untrusted"]);
    let needs = [Need::Issuer { issuer: root.subject().line(), urls: Vec::new() }];
    assert_eq!(found.verdict.needs(), needs);
}

#[test]
fn an_installed_root_that_ended_is_not_valid_and_neither_is_what_it_signed() {
    let own = Throwaway::new();
    let root = eds::Certificate::parse(&own.root).unwrap();
    let signer = eds::RsaSigner::from_pkcs8(&own.file("root.key")).unwrap();
    let after = root.not_after() + SignedDuration::from_hours(1);
    let list = Plan {
        next_update: Some(after + SignedDuration::from_hours(1)),
        ..Plan::of(&root, &signer, after - SignedDuration::from_hours(2))
    }
    .make();
    let evidence = Evidence::default();
    let policy = Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() };
    for bytes in [own.root.as_slice(), list.as_slice()] {
        let found =
            examine(bytes, None, &Context { evidence: &evidence, at: after, policy: &policy }).unwrap();
        assert_eq!(found.verdict.failed_codes(), ["certificate-expired"]);
        let before = Context { evidence: &evidence, at: root.not_after(), policy: &policy };
        assert!(examine(bytes, None, &before).unwrap().verdict.is_valid());
    }
}

#[test]
fn certificate_of_an_authority_is_nobodys() {
    let own = Throwaway::new();
    let now = own.leaf.not_before() + SignedDuration::from_hours(1);
    let evidence = Evidence::default();
    let failed = |bytes: &[u8], policy: &Policy| {
        let found = examine(bytes, None, &Context { evidence: &evidence, at: now, policy }).unwrap();
        follows_schema(&found);
        found.verdict.failed_codes().join(" ")
    };
    let any = || Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() };
    assert_eq!(failed(&own.root, &any()), "");
    assert!(failed(&own.root, &any().for_iin("990101300017")).contains("iin-mismatch"));
    assert!(failed(&own.root, &own.policy()).contains("extended-key-usage"));
    // A person's certificate that is installed as a root is still that person's.
    let leaf = own.file("leaf.pem");
    let pinned = Policy { trust: Trust::from_certificates([leaf.as_slice()]).unwrap(), ..any() };
    assert_eq!(failed(&leaf, &pinned), "");
    assert_eq!(failed(&leaf, &pinned.for_iin("111111111111")), "signers-absent iin-mismatch");
}

#[test]
fn detached_signature_without_its_content_names_it_as_a_need() {
    let own = Throwaway::new();
    let (now, evidence, policy) = (own.leaf.not_before(), Evidence::default(), own.policy());
    let chain = [own.leaf.clone()];
    let cms = eds::sign_cms_detached(eds::sha256(b"x"), &own.signer, &chain, now).unwrap();
    let judge = |cms: &[u8]| {
        let found = examine(cms, None, &Context { evidence: &evidence, at: now, policy: &policy }).unwrap();
        follows_schema(&found);
        found
    };
    let found = judge(&cms);
    assert_eq!(found.verdict.outcome, Outcome::Indeterminate { needs: vec![Need::Content] });
    assert_eq!(result(&found, CheckCode::SignatureMismatch), Some(CheckResult::Passed));
    // A signature that is wrong is wrong whatever the content.
    let mut changed = cms;
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(judge(&changed).verdict.failed_codes(), ["signature-mismatch"]);
}

#[test]
fn report_says_what_was_demanded_and_a_pdf_is_told_like_the_others() {
    let own = Throwaway::new();
    let (now, evidence) = (own.leaf.not_before(), Evidence::default());
    let mut paper = Paper::new(&[]);
    paper.sign(&own, &[], "");
    let policy = Policy { trust: own.policy().trust.confirmed(), ..own.policy() };
    for (policy, roots) in [(own.policy(), "unconfirmed"), (policy, "confirmed")] {
        let context = Context { evidence: &evidence, at: now, policy: &policy };
        let found = examine(&paper.bytes, None, &context).unwrap();
        assert!(found.verdict.is_valid(), "{:?}", found.verdict);
        follows_schema(&found);
        let demands = serde_json::json!({
            "purpose": "applicant", "iin": "990101300017", "bin": null, "role": null,
            "at": now.to_string(), "revocation": "not-asked", "roots": roots,
        });
        assert_eq!(serde_json::to_value(found.report().demands).unwrap(), demands);
    }
}

#[test]
fn time_stamp_without_what_was_stamped_is_judged_but_for_its_imprint() {
    let Some(token) = vector("tsp/tsp_token.bin") else { return };
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let context = Context { evidence: &Evidence::default(), at: at("2022-09-03T00:00:00Z"), policy: &policy };
    let found = examine(&token, None, &context).unwrap();
    assert_eq!(result(&found, CheckCode::TimeStampImprint), Some(CheckResult::Unknown));
    assert!(found.facts.contains_key("time"), "{:?}", found.facts);
    assert!(found.verdict.failed_codes().is_empty() == found.verdict.needs().contains(&Need::Content));
    let found = examine(&token, Some(b"other"), &context).unwrap();
    assert_ne!(result(&found, CheckCode::TimeStampImprint), Some(CheckResult::Passed));
}

#[test]
fn a_lone_list_is_as_fresh_as_one_that_decides() {
    let own = Throwaway::new();
    let root = eds::Certificate::parse(&own.root).unwrap();
    let signer = eds::RsaSigner::from_pkcs8(&own.file("root.key")).unwrap();
    let made = own.leaf.not_before();
    let hours = SignedDuration::from_hours;
    let policy = Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() };
    for (next_update, age, fresh) in
        [(None, 47, true), (None, 49, false), (Some(made + hours(24 * 9)), 24 * 8, true)]
    {
        let list = Plan { next_update, ..Plan::of(&root, &signer, made) }.make();
        let evidence = Evidence::default();
        let found =
            examine(&list, None, &Context { evidence: &evidence, at: made + hours(age), policy: &policy });
        assert_eq!(found.unwrap().verdict.is_valid(), fresh, "{next_update:?} after {age} hours");
    }
}

#[test]
fn time_of_a_lone_list_says_nothing_of_whose_it_is_and_clocks_are_forgiven_as_elsewhere() {
    let own = Throwaway::new();
    let root = eds::Certificate::parse(&own.root).unwrap();
    let signer = eds::RsaSigner::from_pkcs8(&own.file("root.key")).unwrap();
    let made = own.leaf.not_before() + SignedDuration::from_hours(1);
    let end = made + SignedDuration::from_hours(9);
    let list = Plan { next_update: Some(end), ..Plan::of(&root, &signer, made) }.make();
    let evidence = Evidence::default();
    let policy = Policy { purpose: Purpose::AnySignature, expected_iin: None, ..own.policy() };
    let judged = |list: &[u8], at: Timestamp| {
        let found = examine(list, None, &Context { evidence: &evidence, at, policy: &policy }).unwrap();
        follows_schema(&found);
        found
    };
    let minutes = SignedDuration::from_mins;
    for (at, said) in [
        (made - minutes(4), CheckResult::Passed),
        (made - minutes(6), CheckResult::Unknown),
        (end + minutes(4), CheckResult::Passed),
        (end + minutes(6), CheckResult::Unknown),
    ] {
        let found = judged(&list, at);
        assert_eq!(result(&found, CheckCode::RevocationTime), Some(said), "{at}");
        assert_eq!(found.verdict.is_valid(), said == CheckResult::Passed, "{at}");
    }
    let mut forged = list;
    *forged.last_mut().unwrap() ^= 1;
    let found = judged(&forged, made);
    assert_eq!(found.verdict.failed_codes(), ["signature-mismatch"]);
    assert_eq!(result(&found, CheckCode::RevocationTime), Some(CheckResult::Passed));
    assert_eq!(result(&found, CheckCode::RevocationEvidence), None, "nobody says that it can be trusted");
}

#[test]
fn certificate_that_cannot_be_read_is_called_a_certificate() {
    let bytes = write::sequence(&[
        &write::sequence(&[]),
        &write::algorithm_null(&oids::RSA_SHA256),
        &write::bits(&[0; 4]),
    ]);
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let context = Context { evidence: &Evidence::default(), at: at("2026-11-21T05:00:00Z"), policy: &policy };
    let found = examine(&bytes, None, &context).unwrap();
    follows_schema(&found);
    assert_eq!(
        (found.kind, found.verdict.failed_codes()),
        (Kind::Certificate, vec!["certificate-malformed"])
    );
}

#[test]
fn issuer_whose_key_may_not_be_used_is_told_with_the_reason() {
    let own = Throwaway::new();
    for command in [
        "req -x509 -newkey rsa:1024 -nodes -keyout short.key -out short.pem -days 30 -subj /CN=Root -config openssl.cnf -extensions root",
        "x509 -req -in leaf.csr -CA short.pem -CAkey short.key -set_serial 0x4714 -days 20 -out under.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(own.folder.path(), command), "{command}");
    }
    let short = own.file("short.pem");
    let serial = eds::Certificate::parse(&short).unwrap().serial_hex();
    let evidence = Evidence { certificates: vec![short], ..Evidence::default() };
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let context = Context { evidence: &evidence, at: own.leaf.not_before(), policy: &policy };
    let found = examine(&own.file("under.pem"), None, &context).unwrap();
    let said = found.verdict.checks.iter().find(|it| it.code == CheckCode::CertificateSignatureMismatch);
    let said = said.unwrap();
    let detail = format!("issuer {serial}: key-size");
    // Nobody knows of it whether it is the issuer: whoever put it beside does not decide.
    assert_eq!((said.result, said.detail.as_deref()), (CheckResult::Unknown, Some(detail.as_str())));
}
