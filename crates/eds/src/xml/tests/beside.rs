// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands beside the content: further references, further certificates, further headers; and what must not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::hostile::{part, replaced};
use super::signing::{ENVELOPE, EXCLUSIVE, X509, signed_by_xmlsec, template};
use super::tools::TestKey;
use super::xades::{TYPE, reference, signed_with};
use crate::xml::{
    Covered, Error, find_body, find_enveloped_each, sign_body, sign_enveloped, verify_body, verify_element,
    verify_enveloped,
};

const BODY: &str = "http://schemas.xmlsoap.org/soap/envelope/:Body";
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const NO_TRANSFORMS: &str = "<ds:Transforms></ds:Transforms>";

fn code(document: &str) -> &'static str {
    verify_enveloped(document.as_bytes()).map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn a_reference_without_transforms_is_to_canonical_xml() {
    let key = TestKey::get();
    let bare = replaced(&template("#p1", &[], EXCLUSIVE, X509), NO_TRANSFORMS, "");
    let document = format!("<r xmlns='urn:r' xmlns:u='urn:u'><part Id='p1'>text</part>{bare}</r>");
    let signed = signed_by_xmlsec("bare.xml", &document, key, &["--id-attr:Id", "urn:r:part"]);
    assert!(!signed.contains("Transforms"));
    let found = verify_element(signed.as_bytes()).unwrap();
    assert_eq!(found.signed_bytes, b"<part xmlns=\"urn:r\" xmlns:u=\"urn:u\" Id=\"p1\">text</part>");
    let changed = replaced(&signed, ">text<", ">test<");
    assert_eq!(verify_element(changed.as_bytes()), Err(Error::DigestMismatch));
    // Of the whole document it would cover its own value.
    let whole = replaced(&signed, "\"#p1\"", "\"\"");
    assert_eq!(code(&whole), "transforms");
}

#[test]
fn properties_without_transforms_and_a_signed_key_info_are_accepted() {
    let key = TestKey::get();
    let to_properties = reference(&format!("URI=\"#props\" Type=\"{TYPE}\""), &[]);
    let to_properties = replaced(&to_properties, NO_TRANSFORMS, "");
    let to_key = reference("URI=\"#ki\"", &[EXCLUSIVE]);
    for (name, references) in [
        ("three.xml", format!("{to_properties}{to_key}")),
        ("turned.xml", format!("{to_key}{to_properties}")),
    ] {
        let good = signed_with(name, key, &key.certificate_der, &references);
        assert_eq!(code(&good), "accepted", "{good}");
        let with_other = with_certificates(&good, &[&key.certificate_der, &TestKey::other().certificate_der]);
        for (what, document, expected) in [
            ("content", replaced(&good, ">100<", ">900<"), "digest-mismatch"),
            ("time", replaced(&good, "05:00:00", "04:00:00"), "digest-mismatch"),
            ("key info", with_other, "digest-mismatch"),
            ("id twice", replaced(&good, "<sum>", "<sum Id=\"ki\">"), "reference-ambiguous"),
            ("id gone", replaced(&good, " Id=\"ki\"", ""), "reference-missing"),
            (
                "id elsewhere",
                replaced(&replaced(&good, " Id=\"ki\"", ""), "<sum>", "<sum Id=\"ki\">"),
                "references-several",
            ),
        ] {
            assert_eq!(code(&document), expected, "{name}, {what}");
        }
    }
}

fn with_certificates(document: &str, all: &[&[u8]]) -> String {
    let one = |der: &&[u8]| format!("<ds:X509Certificate>{}</ds:X509Certificate>", STANDARD.encode(der));
    let all = all.iter().map(one).collect::<Vec<_>>().concat();
    replaced(document, part(document, "<ds:X509Certificate>", "</ds:X509Certificate>"), &all)
}

#[test]
fn of_several_certificates_the_one_that_fits_is_the_signers_and_the_others_lie_there() {
    let (key, other) = (TestKey::get(), TestKey::other());
    let good = key.sign(|it| sign_enveloped("<r><sum>100</sum></r>", it)).unwrap();
    let (own, theirs) = (key.certificate_der.as_slice(), other.certificate_der.as_slice());
    for (all, others) in [
        (vec![own, theirs], vec![theirs]),
        (vec![theirs, own], vec![theirs]),
        (vec![own, own], vec![]),
        (vec![b"0", own, theirs, own], vec![b"0".as_slice(), theirs]),
    ] {
        let found = verify_enveloped(with_certificates(&good, &all).as_bytes()).unwrap();
        assert_eq!(
            (found.certificate_der.as_slice(), found.unsigned.evidence.certificates.len()),
            (own, others.len())
        );
        assert_eq!(found.unsigned.evidence.certificates, others);
    }
    let data = part(&good, "<ds:X509Data>", "</ds:X509Data>");
    assert_eq!(code(&replaced(&good, data, &data.repeat(2))), "accepted");
    assert_eq!(code(&with_certificates(&good, &[theirs, theirs])), "signature-mismatch");
    assert_eq!(code(&with_certificates(&good, &[theirs, b"0"])), "signature-mismatch");
    let changed = with_certificates(&replaced(&good, ">100<", ">900<"), &[theirs, own]);
    assert_eq!(code(&changed), "digest-mismatch");
    let many: Vec<[u8; 1]> = (0..20).map(|it| [it]).collect();
    let many: Vec<&[u8]> = many.iter().map(<[u8; 1]>::as_slice).collect();
    assert_eq!(code(&with_certificates(&good, &[&[own], &many[..15]].concat())), "accepted");
    assert_eq!(code(&with_certificates(&good, &[&[own], &many[..16]].concat())), "too-many");
}

#[test]
fn nothing_foreign_stands_in_a_signature() {
    let good = TestKey::get().sign(|it| sign_enveloped("<r><sum>100</sum></r>", it)).unwrap();
    let sum = "<sum>900</sum>";
    for end in ["</ds:X509Certificate>", "</ds:X509Data>", "</ds:KeyInfo>"] {
        for foreign in [sum.to_owned(), format!("<ds:KeyName>{sum}</ds:KeyName>")] {
            let document = replaced(&good, end, &format!("{foreign}{end}"));
            assert_eq!(code(&document), "unsigned-inside", "{document}");
        }
    }
    for own in ["<ds:sum>900</ds:sum>", "<ds:Object>900</ds:Object>", "<ds:SignedInfo/>", "900"] {
        let document = replaced(&good, "</ds:KeyInfo>", &format!("{own}</ds:KeyInfo>"));
        assert_eq!(code(&document), "unsigned-inside", "{document}");
    }
    for end in ["</ds:SignatureValue>", "</ds:DigestValue>"] {
        assert_eq!(code(&replaced(&good, end, &format!("{sum}{end}"))), "signature-shape", "{end}");
    }
    assert_eq!(
        code(&replaced(&good, "</ds:Signature>", &format!("{sum}</ds:Signature>"))),
        "unsigned-inside"
    );
    let object = format!("<ds:Object>{sum}</ds:Object></ds:Signature>");
    assert_eq!(code(&replaced(&good, "</ds:Signature>", &object)), "unsigned-inside");
    let key = "<ds:KeyName>INVENTED</ds:KeyName><ds:KeyValue><k:ECKeyValue xmlns:k=\"http://www.w3.org/2009/xmldsig11#\"/>\
               </ds:KeyValue></ds:KeyInfo>";
    assert_eq!(code(&replaced(&good, "</ds:KeyInfo>", key)), "accepted");
}

/// Returns an envelope with this in its header.
fn with_header(header: &str) -> String {
    replaced(ENVELOPE, "<s:Body", &format!("<s:Header>{header}</s:Header><s:Body"))
}

fn body_code(envelope: &str) -> &'static str {
    verify_body(envelope.as_bytes()).map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn a_body_signed_together_with_the_time_of_its_header_is_accepted() {
    let key = TestKey::get();
    let time = format!(
        "<u:Timestamp xmlns:u=\"{WSU}\" u:Id=\"ts\"><u:Created>2026-11-23T08:00:00Z</u:Created></u:Timestamp>"
    );
    let to_time = reference("URI=\"#ts\"", &[EXCLUSIVE]);
    let signature = template("#id-1", &[EXCLUSIVE], EXCLUSIVE, X509);
    let ids = ["--id-attr:Id", BODY, "--id-attr:Id", &format!("{WSU}:Timestamp")];
    let security =
        |inside: &str| with_header(&format!("<w:Security xmlns:w=\"{WSSE}\">{inside}</w:Security>"));
    for (name, place) in [("time1.xml", "<ds:Reference "), ("time2.xml", "</ds:SignedInfo>")] {
        let both = replaced(&signature, place, &format!("{to_time}{place}"));
        let good = signed_by_xmlsec(name, &security(&format!("{time}{both}")), key, &ids);
        let found = verify_body(good.as_bytes()).unwrap();
        assert!(matches!(found.covered, Covered::Body { id, .. } if id == "id-1"));
        let moved = replaced(&replaced(&good, &time, ""), "<request>", &format!("{time}<request>"));
        for (what, document, expected) in [
            ("body", replaced(&good, "Өтініш", "Басқа"), "digest-mismatch"),
            ("time", replaced(&good, "08:00:00", "09:00:00"), "digest-mismatch"),
            ("no time", replaced(&good, &time, ""), "reference-missing"),
            ("time elsewhere", moved, "references-several"),
            ("two times", replaced(&good, &time, &time.repeat(2)), "reference-ambiguous"),
            (
                "id of the time on the body",
                replaced(&good, "wsu:Id=\"id-1\"", "wsu:Id=\"ts\""),
                "reference-ambiguous",
            ),
        ] {
            assert_eq!(body_code(&document), expected, "{name}, {what}");
        }
    }
    // The time alone is not the body.
    let alone = replaced(&signature, part(&signature, "<ds:Reference ", "</ds:Reference>"), &to_time);
    let alone = signed_by_xmlsec("time3.xml", &security(&format!("{time}{alone}")), key, &ids);
    assert_eq!(body_code(&alone), "reference-elsewhere");
}

#[test]
fn a_header_for_somebody_else_without_a_signature_is_passed_over() {
    let key = TestKey::get();
    let good = key.sign(|it| sign_body(ENVELOPE, it)).unwrap();
    let other = format!("<w:Security xmlns:w=\"{WSSE}\" s:actor=\"urn:a\"><w:UsernameToken/></w:Security>");
    for (from, to) in
        [("<s:Header>", format!("<s:Header>{other}")), ("</s:Header>", format!("{other}</s:Header>"))]
    {
        assert_eq!(body_code(&replaced(&good, from, &to)), "accepted");
    }
    let same = replaced(&other, " s:actor=\"urn:a\"", "");
    assert_eq!(
        body_code(&replaced(&good, "<s:Header>", &format!("<s:Header>{same}"))),
        "signature-misplaced"
    );
    let security = part(&good, "<wsse:Security ", "</wsse:Security>");
    let twice = replaced(
        &good,
        security,
        &format!("{security}{}", security.replace(" s:must", " s:actor=\"urn:a\" s:must")),
    );
    assert_eq!(body_code(&twice), "signature-doubled");
    assert_eq!(key.sign(|it| sign_body(&with_header(&other), it)), Err(Error::AlreadySigned));
}

#[test]
fn an_envelope_of_soap_1_2_is_signed_and_accepted_like_one_of_1_1() {
    let key = TestKey::get();
    let soap = "http://www.w3.org/2003/05/soap-envelope";
    let envelope = replaced(ENVELOPE, "http://schemas.xmlsoap.org/soap/envelope/", soap);
    let ours = key.sign(|it| sign_body(&envelope, it)).unwrap();
    assert_eq!(body_code(&ours), "accepted");
    let signature = template("#id-1", &[EXCLUSIVE], EXCLUSIVE, X509);
    let header =
        format!("<s:Header><w:Security xmlns:w=\"{WSSE}\">{signature}</w:Security></s:Header><s:Body");
    let template = replaced(&envelope, "<s:Body", &header);
    let theirs = signed_by_xmlsec("soap12.xml", &template, key, &["--id-attr:Id", &format!("{soap}:Body")]);
    assert_eq!(body_code(&theirs), "accepted");
    assert_eq!(body_code(&replaced(&theirs, "Өтініш", "Басқа")), "digest-mismatch");
    let mixed =
        replaced(&theirs, "<s:Header>", "<s:Header xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">");
    assert_eq!(body_code(&mixed), "not-envelope");
}

#[test]
fn a_certificate_that_is_only_named_is_named() {
    let key = TestKey::get();
    let good = key.sign(|it| sign_enveloped("<r/>", it)).unwrap();
    let info = part(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let data = |inside: &str| format!("<ds:X509Data>{inside}</ds:X509Data>");
    let issuer = |serial: &str| {
        data(&format!(
            "<ds:X509IssuerSerial><ds:X509IssuerName> CN=Ұлттық, C=KZ\n</ds:X509IssuerName>\
             <ds:X509SerialNumber>{serial}</ds:X509SerialNumber></ds:X509IssuerSerial>"
        ))
    };
    for (inside, expected) in [
        (issuer("65537"), Some("CN=Ұлттық, C=KZ, serial 010001")),
        (issuer("1"), Some("CN=Ұлттық, C=KZ, serial 01")),
        (issuer("-1"), None),
        (data("<ds:X509SKI>AQL/</ds:X509SKI>"), Some("key 0102ff")),
        (data("<ds:X509SKI>*</ds:X509SKI>"), None),
        (data("<ds:X509SubjectName>CN=INVENTED</ds:X509SubjectName>"), None),
        (String::new(), None),
    ] {
        let document = replaced(&good, info, &format!("<ds:KeyInfo>{inside}</ds:KeyInfo>"));
        let found = find_enveloped_each(document.as_bytes(), &[]).unwrap();
        assert_eq!(found[0].signed, Err(Error::CertificateMissing));
        assert_eq!(found[0].named.as_deref(), expected, "{inside}");
        let given = [key.certificate_der.clone()];
        let found = find_enveloped_each(document.as_bytes(), &given).unwrap();
        assert!(found[0].signed.is_ok(), "{inside}");
    }
    let good = key.sign(|it| sign_body(ENVELOPE, it)).unwrap();
    let profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
    let identifier = part(&good, "<wsse:KeyIdentifier ", "</wsse:KeyIdentifier>");
    let value = part(identifier, ">", "</").to_owned();
    for (kind, expected) in [
        (profile.replace("v3", "SubjectKeyIdentifier"), Some("key 0102ff")),
        (
            "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1".to_owned(),
            Some("thumbprint 0102ff"),
        ),
        ("urn:a#other".to_owned(), None),
    ] {
        let named = replaced(&replaced(identifier, profile, &kind), &value, ">AQL/</");
        let document = replaced(&good, identifier, &named);
        let found = find_body(document.as_bytes(), &[]).unwrap();
        assert_eq!((found.signed, found.named.as_deref()), (Err(Error::CertificateMissing), expected));
        assert!(
            find_body(document.as_bytes(), std::slice::from_ref(&key.certificate_der))
                .unwrap()
                .signed
                .is_ok()
        );
    }
}
