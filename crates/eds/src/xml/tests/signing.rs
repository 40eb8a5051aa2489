// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signatures made here are accepted by `xmlsec1`; signatures of others are accepted here.

use super::tools::{TestKey, run, scratch, vector};
use crate::xml::{
    Covered, Error, sign_body, sign_element, sign_enveloped, verify_body, verify_element, verify_enveloped,
    verify_enveloped_each,
};

pub(super) const ENVELOPE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:unused="urn:unused" xml:lang="kk">
<s:Body xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="id-1">
<t:SendMessage xmlns:t="http://bip.bee.kz/SyncChannel/v10/Types"><request>Өтініш &amp; b</request></t:SendMessage></s:Body>
</s:Envelope>"#;

pub(super) const PAYLOAD: &str = "<?xml version=\"1.0\"?>\n<!-- before --><d:data xmlns:d=\"urn:d\" b='2' a=\"1\">\r\n<x>1 &lt; 2</x><!-- in --></d:data>\n";

/// Has `xmlsec1` check the signature of the document with the certificate of the key.
fn accepted_by_xmlsec(name: &str, document: &str, key: &TestKey, extra: &[&str]) {
    let path = scratch().join(name);
    std::fs::write(&path, document).unwrap();
    let certificate = key.certificate_pem.to_str().unwrap();
    let mut arguments = vec!["--verify", "--trusted-pem", certificate, "--pubkey-cert-pem", certificate];
    arguments.extend_from_slice(extra);
    arguments.push(path.to_str().unwrap());
    let checked = run("xmlsec1", &arguments, b"");
    assert!(checked.status.success(), "{document}\n{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn enveloped_signature_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let signed = key.sign(|it| sign_enveloped(PAYLOAD, it)).unwrap();
    accepted_by_xmlsec("enveloped.xml", &signed, key, &[]);
    let found = verify_enveloped(signed.as_bytes()).unwrap();
    assert_eq!(found.certificate_der, key.certificate_der);
    assert_eq!(found.covered, Covered::Document);
    assert_eq!(found.signed_bytes, b"<d:data xmlns:d=\"urn:d\" a=\"1\" b=\"2\">\n<x>1 &lt; 2</x></d:data>");
}

#[test]
fn signing_adds_the_signature_and_changes_nothing_else() {
    let signed = TestKey::get().sign(|it| sign_enveloped(PAYLOAD, it)).unwrap();
    let (before, rest) = signed.split_once("<ds:Signature").unwrap();
    let (_, after) = rest.split_once("</ds:Signature>").unwrap();
    assert_eq!(format!("{before}{after}"), PAYLOAD);
}

#[test]
fn an_empty_root_can_be_signed() {
    let signed = TestKey::get().sign(|it| sign_enveloped("<a b='1' />", it)).unwrap();
    assert!(
        signed.starts_with("<a b='1' ><ds:Signature") && signed.ends_with("</ds:Signature></a>"),
        "{signed}"
    );
    verify_enveloped(signed.as_bytes()).unwrap();
}

#[test]
fn second_signer_covers_the_first_signature() {
    let (one, two) = (TestKey::get(), TestKey::other());
    let first = one.sign(|it| sign_enveloped(PAYLOAD, it)).unwrap();
    let twice = two.sign(|it| sign_enveloped(&first, it)).unwrap();
    let found = verify_enveloped_each(twice.as_bytes()).unwrap();
    let certificates: Vec<_> = found.iter().map(|it| &it.certificate_der).collect();
    assert_eq!(certificates, [&one.certificate_der, &two.certificate_der]);
    assert_eq!(verify_enveloped(twice.as_bytes()), Err(Error::SignatureDoubled));
}

#[test]
fn signature_of_one_element_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let document = "<r xmlns='urn:r' xml:lang='kk'><part Id='p1' z='1' a='2'>text</part><other/></r>";
    let signed = key.sign(|it| sign_element(document, "p1", it)).unwrap();
    accepted_by_xmlsec("element.xml", &signed, key, &["--id-attr:Id", "urn:r:part"]);
    let found = verify_element(signed.as_bytes()).unwrap();
    let Covered::Element { id, range } = found.covered else { panic!("an element is covered") };
    assert_eq!((id.as_str(), signed.get(range).unwrap()), ("p1", "<part Id='p1' z='1' a='2'>text</part>"));
}

#[test]
fn signature_of_the_root_by_its_id_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let signed = key.sign(|it| sign_element("<r Id='whole'><a/></r>", "whole", it)).unwrap();
    accepted_by_xmlsec("root.xml", &signed, key, &["--id-attr:Id", "r"]);
    verify_element(signed.as_bytes()).unwrap();
}

#[test]
fn signature_of_the_soap_body_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let signed = key.sign(|it| sign_body(ENVELOPE, it)).unwrap();
    let body = "http://schemas.xmlsoap.org/soap/envelope/:Body";
    accepted_by_xmlsec("body.xml", &signed, key, &["--id-attr:Id", body]);
    let found = verify_body(signed.as_bytes()).unwrap();
    assert_eq!(found.certificate_der, key.certificate_der);
    assert!(matches!(found.covered, Covered::Body { id, .. } if id == "id-1"));
    assert_eq!(key.sign(|it| sign_body(&signed, it)), Err(Error::AlreadySigned));
}

#[test]
fn body_of_an_envelope_with_a_header_is_signed_in_that_header() {
    let key = TestKey::get();
    for header in ["<s:Header/>", "<s:Header><x/></s:Header>"] {
        let envelope = ENVELOPE.replacen("<s:Body", &format!("{header}<s:Body"), 1);
        let signed = key.sign(|it| sign_body(&envelope, it)).unwrap();
        assert_eq!(signed.matches("<s:Header").count(), 1);
        verify_body(signed.as_bytes()).unwrap();
    }
}

#[test]
fn body_of_an_envelope_without_prefixes_is_signed() {
    let envelope = "<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'><Body Id='b'><x xmlns=''/></Body></Envelope>";
    let key = TestKey::get();
    let signed = key.sign(|it| sign_body(envelope, it)).unwrap();
    accepted_by_xmlsec(
        "plain.xml",
        &signed,
        key,
        &["--id-attr:Id", "http://schemas.xmlsoap.org/soap/envelope/:Body"],
    );
    verify_body(signed.as_bytes()).unwrap();
}

#[test]
fn list_of_inclusive_prefixes_is_honoured() {
    let key = TestKey::get();
    let signed = key.sign(|it| sign_body(ENVELOPE, it)).unwrap();
    let listed = signed.replacen(
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><e:InclusiveNamespaces \
         xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"unused\"/></ds:Transform>",
        1,
    );
    assert_eq!(verify_body(listed.as_bytes()), Err(Error::DigestMismatch));
}

#[test]
fn documents_of_the_test_authority_verify() {
    let Some(one) = vector("vectors/eds/xml/XmlServiceTest.XML_SIGNED_VALID_STRING.xml") else { return };
    let found = verify_enveloped(&one).unwrap();
    assert_eq!(found.signed_bytes, b"<a><b>test</b></a>");
}

#[test]
fn both_signers_of_the_test_authority_verify_and_cover_what_came_before_them() {
    let Some(two) = vector("vectors/eds/xml/XmlServiceTest.XML_SIGNED_VALID_STRING_TWO_SIGNERS.xml") else {
        return;
    };
    let found = verify_enveloped_each(&two).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].signed_bytes, b"<a><b>test</b></a>");
    assert!(found[1].signed_bytes.starts_with(b"<a><b>test</b><ds:Signature"));
    assert_eq!(found[1].signature_value.len(), 128);
    let changed = String::from_utf8(two).unwrap().replacen("test", "tost", 1);
    assert_eq!(verify_enveloped_each(changed.as_bytes()), Err(Error::DigestMismatch));
}

#[test]
fn every_changed_byte_of_the_covered_part_is_noticed() {
    let signed = TestKey::get().sign(|it| sign_enveloped("<a b=\"1\"><c>text</c></a>", it)).unwrap();
    let end = signed.find("<ds:Signature").unwrap();
    for at in 0..end {
        let mut bytes = signed.clone().into_bytes();
        bytes[at] ^= 1;
        assert!(verify_enveloped(&bytes).is_err(), "byte {at} changed unnoticed");
    }
}
