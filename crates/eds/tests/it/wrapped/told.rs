// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is said of signatures that are well formed and of another kind, and of those that name or bring further certificates.

use eds::{Certificate, CheckCode, CheckResult, Evidence, Outcome, Verdict, verify_xml};

use super::signature::encoded;
use super::{TEXT, judged, part, put, signed, with_signer};
use crate::oracle::{Throwaway, openssl};
use crate::stamps::minutes_later;

/// Returns what failed, with its details.
fn failed(verdict: &Verdict) -> Vec<(&'static str, Option<&str>)> {
    let failed = verdict.checks.iter().filter(|it| it.result == CheckResult::Failed);
    failed.map(|it| (it.code.as_str(), it.detail.as_deref())).collect()
}

#[test]
fn what_is_well_formed_and_not_taken_is_not_said_to_be_malformed() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let info = part(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let reference = part(&good, "<ds:Reference ", "</ds:Reference>");
    let named = |inside: &str| {
        put(&good, info, &format!("<ds:KeyInfo><ds:X509Data>{inside}</ds:X509Data></ds:KeyInfo>"))
    };
    let issuer = "<ds:X509IssuerSerial><ds:X509IssuerName>CN=Root</ds:X509IssuerName><ds:X509SerialNumber>18193</ds:X509SerialNumber></ds:X509IssuerSerial>";
    let object = "<ds:Object>900</ds:Object></ds:Signature>";
    for (document, code, detail) in [
        (
            put(&good, "<ds:KeyInfo>", "<ds:KeyInfo><e:sum>900</e:sum>"),
            "content-not-covered",
            "unsigned-inside",
        ),
        (put(&good, "</ds:Signature>", object), "content-not-covered", "unsigned-inside"),
        (put(&good, reference, &reference.repeat(2)), "reference-not-admitted", "references-several"),
        (named(issuer), "certificate-absent", "CN=Root, serial 4711"),
        (named("<ds:X509SKI>AQL/</ds:X509SKI>"), "certificate-absent", "key 0102ff"),
        (named(""), "certificate-absent", "certificate-missing"),
        (put(&good, "xmlns:e='urn:e'", "xmlns:e='e'"), "container-malformed", "namespace-relative"),
        (put(&good, "<ds:DigestValue>", "<ds:DigestValue>*"), "container-malformed", "signature-shape"),
    ] {
        let verdict = judged(&own, document.as_bytes());
        assert_eq!(failed(&verdict), [(code, Some(detail))], "{document}");
        let is_form = |it: &&eds::Check| it.code == CheckCode::ContainerMalformed;
        let forms: Vec<_> = verdict.checks.iter().filter(is_form).map(|it| it.result).collect();
        let expected = if code == "container-malformed" { CheckResult::Failed } else { CheckResult::Passed };
        assert_eq!(forms, [expected], "{document}");
    }
    let evidence = Evidence { certificates: vec![own.leaf.der().to_vec()], ..Evidence::default() };
    let at = own.leaf.not_before();
    let verdict = verify_xml(named(issuer).as_bytes(), &evidence, at, &own.policy());
    assert!(verdict.is_valid(), "{verdict:?}");
}

#[test]
fn a_chain_that_lies_in_the_signature_leads_to_the_root_in_any_order() {
    let own = Throwaway::new();
    for command in [
        "req -newkey rsa:2048 -nodes -keyout between.key -out between.csr -subj /CN=Between -config openssl.cnf",
        "x509 -req -in between.csr -CA root.pem -CAkey root.key -set_serial 0x61 -days 25 -out between.pem -extfile openssl.cnf -extensions root",
        "x509 -req -in leaf.csr -CA between.pem -CAkey between.key -set_serial 0x62 -days 20 -out under.pem -extfile openssl.cnf -extensions leaf",
    ] {
        assert!(openssl(own.folder.path(), command), "{command}");
    }
    let read = |name: &str| Certificate::parse(&own.file(name)).unwrap();
    let (under, between, root) = (read("under.pem"), read("between.pem"), read("root.pem"));
    let good = with_signer(&own.signer, under.der(), |it| eds::xml::sign_enveloped(TEXT, it)).unwrap();
    let at = minutes_later(under.not_before());
    let judged = |xml: &str| verify_xml(xml.as_bytes(), &Evidence::default(), at, &own.policy());
    let text = |it: &Certificate| format!("<ds:X509Certificate>{}</ds:X509Certificate>", encoded(it.der()));
    let with = |all: &[&Certificate]| {
        put(&good, &text(&under), &all.iter().map(|it| text(it)).collect::<Vec<_>>().concat())
    };
    assert!(matches!(judged(&good).outcome, Outcome::Indeterminate { .. }));
    for all in [[&under, &between, &root], [&root, &between, &under], [&between, &under, &between]] {
        let document = with(&all);
        let verdict = judged(&document);
        assert!(verdict.is_valid(), "{verdict:?}");
        assert_eq!(verdict.signer().unwrap().certificate, under.der());
        // Broken, it is still told whose it says it is.
        let verdict = judged(&put(&document, ">100<", ">900<"));
        assert_eq!(verdict.failed_codes()[0], "digest-mismatch");
        assert_eq!(verdict.signer().unwrap().certificate, under.der());
    }
    // Further certificates make nobody the signer.
    assert_eq!(failed(&judged(&with(&[&between, &root])))[0].0, "signature-mismatch");
}
