// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files are known by their content, and what is said about them follows the published schema.

use eds::{
    CheckCode, CheckResult, Context, Evidence, Kind, Outcome, Policy, Purpose, Revocation, Trust, examine,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::maker::Plan;
use crate::oracle::{Throwaway, openssl};
use crate::shared::vector;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/schemas/eds-report.json")).unwrap()
}

/// Says where `value` departs from `schema`: as much of JSON Schema as the published file uses.
fn departs(value: &Value, schema: &Value, root: &Value) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return departs(value, &root["$defs"][name.trim_start_matches("#/$defs/")], root);
    }
    if let Some(kinds) = schema["oneOf"].as_array() {
        let fitting = kinds.iter().filter(|it| departs(value, it, root).is_none()).count();
        return (fitting != 1).then(|| format!("{value} fits {fitting} kinds"));
    }
    if let Some(list) = schema["enum"].as_array() {
        return (!list.contains(value)).then(|| format!("{value} is not one of {list:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        return Some(format!("{value} is not {}", schema["const"]));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = &schema["type"];
    let admitted =
        kinds.is_null() || kinds == kind || kinds.as_array().is_some_and(|it| it.contains(&kind.into()));
    if !admitted {
        return Some(format!("{value} is no {kinds}"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().find_map(|it| departs(it, &schema["items"], root));
    }
    let fields = value.as_object()?;
    let missing = schema["required"].as_array().into_iter().flatten();
    if let Some(name) = missing.filter_map(Value::as_str).find(|name| !fields.contains_key(*name)) {
        return Some(format!("`{name}` is missing"));
    }
    fields.iter().find_map(|(name, own)| match schema["properties"].get(name) {
        Some(inner) => departs(own, inner, root),
        None if schema["additionalProperties"].is_object() => {
            departs(own, &schema["additionalProperties"], root)
        }
        None => Some(format!("`{name}` is not in the schema")),
    })
}

fn follows_schema(found: &eds::Examination) {
    let json = serde_json::to_value(found.report()).unwrap();
    let schema = schema();
    assert_eq!(departs(&json, &schema, &schema), None, "{json}");
    let back: eds::Report = serde_json::from_value(json).unwrap();
    assert_eq!(back, found.report());
}

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

fn base64(bytes: &[u8]) -> Vec<u8> {
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
        authority: &root,
        signer: &signer,
        this_update: now - SignedDuration::from_hours(1),
        next_update: Some(now + SignedDuration::from_hours(1)),
        number: Some(77),
        base: None,
        entries: vec![(vec![5], now, None)],
        extensions: Vec::new(),
        outside: eds::oids::RSA_SHA256,
    }
    .make();
    let judge = |bytes: &[u8], policy: &Policy, at: Timestamp| {
        let evidence = Evidence { crls: vec![list.clone()], ..Evidence::default() };
        let found = examine(bytes, None, &Context { evidence: &evidence, at, policy }).unwrap();
        follows_schema(&found);
        found
    };
    assert!(judge(&own.root, &policy, now).verdict.is_valid());
    policy.revocation = Revocation::OcspOrCrl;
    let found = judge(&own.file("leaf.pem"), &policy, now);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!(found.verdict.signer().unwrap().iin.as_deref(), Some("990101300017"));
    let found = judge(&list, &policy, now);
    assert!(found.verdict.is_valid(), "{:?}", found.verdict);
    assert_eq!((found.facts["number"].as_str(), found.facts["entries"].as_str()), ("4d", "1"));
    let stale = judge(&list, &policy, now + SignedDuration::from_hours(2));
    assert_eq!(stale.verdict.unknown_codes(), ["revocation-evidence"]);
    let mut changed = list.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(judge(&changed, &policy, now).verdict.failed_codes(), ["signature-mismatch"]);
    let nobody = Policy::new(Trust::default(), Purpose::AnySignature);
    assert_eq!(judge(&list, &nobody, now).verdict.unknown_codes(), ["signature-mismatch", "chain-untrusted"]);
}

#[test]
fn time_stamp_without_what_was_stamped_is_judged_but_for_its_imprint() {
    let Some(token) = vector("tsp/tsp_token.bin") else { return };
    let policy = Policy::new(Trust::default(), Purpose::AnySignature);
    let context = Context { evidence: &Evidence::default(), at: at("2022-09-03T00:00:00Z"), policy: &policy };
    let found = examine(&token, None, &context).unwrap();
    assert_eq!(result(&found, CheckCode::TimeStampImprint), Some(CheckResult::Unknown));
    assert!(found.facts.contains_key("time"), "{:?}", found.facts);
    let found = examine(&token, Some(b"other"), &context).unwrap();
    assert_ne!(result(&found, CheckCode::TimeStampImprint), Some(CheckResult::Passed));
}
