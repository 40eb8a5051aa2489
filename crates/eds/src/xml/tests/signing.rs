// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signatures made here are accepted by `xmlsec1`; signatures of others are accepted here.

use super::tools::{TestKey, run, scratch, vector};
use crate::xml::verify::{Reading, enveloped_each};
use crate::xml::{
    Covered, Error, sign_body, sign_element, sign_enveloped, verify_body, verify_element, verify_elements,
    verify_enveloped, verify_enveloped_each,
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
fn bytes_that_signatures_cover_are_bounded_together_and_not_kept_for_judging() {
    let first = TestKey::get().sign(|it| sign_enveloped(PAYLOAD, it)).unwrap();
    let both = TestKey::other().sign(|it| sign_enveloped(&first, it)).unwrap();
    let all = verify_enveloped_each(both.as_bytes()).unwrap();
    let sum = all.iter().map(|it| it.signed_bytes.len()).sum::<usize>();
    for keeps_bytes in [true, false] {
        let read = |room| {
            let found =
                enveloped_each(both.as_bytes(), &mut Reading { keeps_bytes, room, given: &[] }).unwrap();
            found.into_iter().map(|it| it.signed).collect::<Vec<_>>()
        };
        let mut expected = all.clone();
        expected.iter_mut().filter(|_| !keeps_bytes).for_each(|it| it.signed_bytes.clear());
        assert_eq!(read(sum), expected.iter().cloned().map(Ok::<_, Error>).collect::<Vec<_>>());
        assert_eq!(read(sum - 1), [Ok(expected[0].clone()), Err(Error::TooLarge)]);
        // What does not fit takes the room of those behind it, for it took the time.
        let none = read(all[0].signed_bytes.len() - 1);
        assert!(none.len() == 2 && none.iter().all(|it| *it == Err(Error::TooLarge)));
    }
    let judged = crate::xml::find_enveloped_each(both.as_bytes(), &[]).unwrap();
    assert!(judged.iter().all(|it| it.signed.as_ref().unwrap().signed_bytes.is_empty()));
}

#[test]
fn signature_of_one_element_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let document = "<r xmlns='urn:r' xml:lang='kk'><part Id='p1' z='1' a='2'>text</part><other/></r>";
    let signed = key.sign(|it| sign_element(document, "p1", it)).unwrap();
    accepted_by_xmlsec("element.xml", &signed, key, &["--id-attr:Id", "urn:r:part"]);
    let found = verify_element(signed.as_bytes()).unwrap();
    let Covered::Element { id, range } = found.covered else { panic!("an element is covered") };
    assert_eq!(
        (id.as_str(), signed.get(range.unwrap()).unwrap()),
        ("p1", "<part Id='p1' z='1' a='2'>text</part>")
    );
}

#[test]
fn signature_of_the_root_by_its_id_is_accepted_by_xmlsec_and_by_us() {
    let key = TestKey::get();
    let signed = key.sign(|it| sign_element("<r Id='whole'><a/></r>", "whole", it)).unwrap();
    accepted_by_xmlsec("root.xml", &signed, key, &["--id-attr:Id", "r"]);
    // The signature stands inside: what stands in it nobody signed.
    let found = verify_element(signed.as_bytes()).unwrap();
    assert_eq!(found.covered, Covered::Element { id: "whole".to_owned(), range: None });
    assert_eq!(found.signed_bytes, b"<r Id=\"whole\"><a></a></r>");
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

/// Has `xmlsec1` fill the template of a signature with the key.
pub(super) fn signed_by_xmlsec(name: &str, template: &str, key: &TestKey, extra: &[&str]) -> String {
    let path = scratch().join(name);
    std::fs::write(&path, template).unwrap();
    let certificate = key.certificate_pem.to_str().unwrap();
    let both = format!("{},{certificate}", key.certificate_pem.with_extension("key").to_str().unwrap());
    let mut arguments = vec!["--sign", "--privkey-pem", &both];
    arguments.extend_from_slice(extra);
    arguments.push(path.to_str().unwrap());
    let signed = run("xmlsec1", &arguments, b"");
    assert!(signed.status.success(), "{template}\n{}", String::from_utf8_lossy(&signed.stderr));
    String::from_utf8(signed.stdout).unwrap()
}

/// The template of a signature with this reference, these transforms and this form of what is signed.
pub(super) fn template(reference: &str, transforms: &[&str], form: &str, key_info: &str) -> String {
    let transforms = transforms.iter().map(|it| format!("<ds:Transform Algorithm=\"{it}\"/>"));
    let transforms = transforms.collect::<Vec<_>>().concat();
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{form}\"/>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/><ds:Reference URI=\"{reference}\">\
         <ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{SHA256}\"/>\
         <ds:DigestValue></ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue></ds:SignatureValue>\
         <ds:KeyInfo>{key_info}</ds:KeyInfo></ds:Signature>"
    )
}

pub(super) const X509: &str = "<ds:X509Data><ds:X509Certificate></ds:X509Certificate></ds:X509Data>";
pub(super) const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

#[test]
fn what_xmlsec_signs_is_accepted_in_every_profile() {
    let key = TestKey::get();
    let open = "<r xmlns='urn:r' xmlns:u='urn:u' xml:lang='kk' Id='whole'><part Id='p1' u:z='1' a='&#13;'> 1 &lt; 2\r\n</part>";
    let with_comments = format!("{INCLUSIVE}#WithComments");
    for (name, reference, transforms, form) in [
        ("x1.xml", "", vec![ENVELOPED], INCLUSIVE),
        ("x2.xml", "", vec![ENVELOPED, with_comments.as_str()], INCLUSIVE),
        ("x3.xml", "", vec![ENVELOPED, EXCLUSIVE], EXCLUSIVE),
        ("x4.xml", "#whole", vec![ENVELOPED, EXCLUSIVE], EXCLUSIVE),
        ("x5.xml", "#whole", vec![ENVELOPED, INCLUSIVE], with_comments.as_str()),
    ] {
        let document = format!("{open}<!-- note -->{}</r>", template(reference, &transforms, form, X509));
        let signed = signed_by_xmlsec(name, &document, key, &["--id-attr:Id", "urn:r:r"]);
        let found = verify_enveloped(signed.as_bytes()).unwrap();
        assert_eq!(
            (found.covered, found.certificate_der),
            (Covered::Document, key.certificate_der.clone()),
            "{name}"
        );
        let changed = signed.replacen("1 &lt; 2", "2 &lt; 1", 1);
        assert_eq!(verify_enveloped(changed.as_bytes()), Err(Error::DigestMismatch), "{name}");
        // What stands beside the root is covered by the empty reference alone.
        let instructed = signed.replacen("<r ", "<?go?><r ", 1);
        let error = if reference.is_empty() { Error::DigestMismatch } else { Error::ReferenceElsewhere };
        assert_eq!(verify_enveloped(instructed.as_bytes()), Err(error), "{name}");
    }
    for (name, transforms, form) in [
        ("x6.xml", vec![EXCLUSIVE], EXCLUSIVE),
        ("x7.xml", vec![INCLUSIVE], INCLUSIVE),
        ("x8.xml", vec![], INCLUSIVE),
    ] {
        let document = format!("{open}{}</r>", template("#p1", &transforms, form, X509));
        let signed = signed_by_xmlsec(name, &document, key, &["--id-attr:Id", "urn:r:part"]);
        let found = verify_element(signed.as_bytes()).unwrap();
        assert!(matches!(found.covered, Covered::Element { id, .. } if id == "p1"), "{name}");
    }
}

#[test]
fn signers_in_order_are_those_of_xmlsec_and_ours_in_any_order() {
    let (one, two) = (TestKey::get(), TestKey::other());
    let at_end = |document: &str| {
        let transforms = [ENVELOPED, INCLUSIVE];
        let (before, after) = document.trim_end().rsplit_once("</").unwrap();
        format!("{before}{}</{after}", template("", &transforms, INCLUSIVE, X509))
    };
    let ours = |document: &str, key: &TestKey| key.sign(|it| sign_enveloped(document, it)).unwrap();
    let theirs = |document: &str, key: &TestKey| {
        let template = at_end(document);
        let (before, _) = template.rsplit_once("<ds:Signature ").unwrap();
        // The template that is filled is the last one: `xmlsec1` is told by its place.
        let count = before.matches("<ds:Signature ").count() + 1;
        let path = format!("//*[local-name()='Signature'][{count}]");
        signed_by_xmlsec("order.xml", &template, key, &["--node-xpath", &path])
    };
    let text = "<a><b>мәтін</b></a>";
    let both: [String; 4] = [
        ours(&ours(text, one), two),
        theirs(&ours(text, one), two),
        ours(&theirs(text, one), two),
        theirs(&theirs(text, one), two),
    ];
    for document in &both {
        let found = verify_enveloped_each(document.as_bytes()).unwrap();
        let certificates: Vec<_> = found.iter().map(|it| &it.certificate_der).collect();
        assert_eq!(certificates, [&one.certificate_der, &two.certificate_der]);
        assert!(found[1].signed_bytes.len() > found[0].signed_bytes.len());
        // The later signature alone may be taken away; in the other order nothing is valid.
        let (first, second) = document.split_once("</ds:Signature>").unwrap();
        let end = second.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        let (text, earlier) = first.split_at(first.find("<ds:Signature").unwrap());
        let earlier = format!("{earlier}</ds:Signature>");
        let (later, close) = second.split_at(end);
        assert_eq!(verify_enveloped_each(format!("{text}{earlier}{close}").as_bytes()).unwrap().len(), 1);
        let turned = format!("{text}{later}{earlier}{close}");
        assert!(matches!(verify_enveloped_each(turned.as_bytes()), Err(Error::DigestMismatch)), "{turned}");
        assert!(verify_enveloped_each(format!("{text}{later}{close}").as_bytes()).is_err());
        // Each one where the other program looks at it: the last as it stands, the first without the later one.
        accepted_by_xmlsec("first.xml", &format!("{text}{earlier}{close}"), one, &[]);
        accepted_by_xmlsec(
            "second.xml",
            document,
            two,
            &["--node-xpath", "//*[local-name()='Signature'][2]"],
        );
    }
}

#[test]
fn several_elements_are_signed_by_several_people() {
    let (one, two) = (TestKey::get(), TestKey::other());
    let document = "<r xmlns='urn:r'><part Id='p1'>text</part><part Id='p2'>more</part></r>";
    let first = one.sign(|it| sign_element(document, "p1", it)).unwrap();
    let both = two.sign(|it| sign_element(&first, "p2", it)).unwrap();
    let found = verify_elements(both.as_bytes()).unwrap();
    let covered: Vec<_> = found
        .iter()
        .map(|it| match &it.covered {
            Covered::Element { range, .. } => both.get(range.clone().unwrap()).unwrap(),
            Covered::Document | Covered::Body { .. } => "",
        })
        .collect();
    assert_eq!(covered, ["<part Id='p1'>text</part>", "<part Id='p2'>more</part>"]);
    assert_eq!(verify_element(both.as_bytes()), Err(Error::SignatureDoubled));
    assert_eq!(verify_elements(both.replacen("more", "less", 1).as_bytes()), Err(Error::DigestMismatch));
    // The same element, and at last the whole, which covers the signatures before.
    let same = two.sign(|it| sign_element(&first, "p1", it)).unwrap();
    assert_eq!(verify_elements(same.as_bytes()).unwrap().len(), 2);
    let whole = "<r Id='all'><part Id='p1'>text</part></r>";
    let inner = one.sign(|it| sign_element(whole, "p1", it)).unwrap();
    let outer = two.sign(|it| sign_element(&inner, "all", it)).unwrap();
    assert_eq!(verify_elements(outer.as_bytes()).unwrap().len(), 2);
    assert!(verify_elements(outer.replacen("text", "tost", 1).as_bytes()).is_err());
}

#[test]
fn body_signed_by_a_token_of_the_header_is_accepted() {
    const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    const TOKEN: &str =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
    let key = TestKey::get();
    let certificate = std::fs::read_to_string(&key.certificate_pem).unwrap();
    let certificate: String = certificate.lines().filter(|it| !it.starts_with("---")).collect();
    let reference = format!(
        "<wsse:SecurityTokenReference><wsse:Reference URI=\"#X509-1\" ValueType=\"{TOKEN}\"/></wsse:SecurityTokenReference>"
    );
    let header = format!(
        "<s:Header><wsse:Security xmlns:wsse=\"{WSSE}\"><wsse:BinarySecurityToken ValueType=\"{TOKEN}\" Id=\"X509-1\">{certificate}</wsse:BinarySecurityToken>{}</wsse:Security></s:Header>",
        template("#id-1", &[EXCLUSIVE], EXCLUSIVE, &reference)
    );
    let envelope = ENVELOPE.replacen("<s:Body", &format!("{header}<s:Body"), 1);
    let body = "http://schemas.xmlsoap.org/soap/envelope/:Body";
    let signed = signed_by_xmlsec("token.xml", &envelope, key, &["--id-attr:Id", body]);
    let found = verify_body(signed.as_bytes()).unwrap();
    assert_eq!(found.certificate_der, key.certificate_der);
    for (from, to, error) in [
        ("Өтініш", "Басқа", Error::DigestMismatch),
        ("#X509-1", "#X509-2", Error::ReferenceMissing),
        ("#X509-1", "#id-1", Error::CertificateMissing),
        ("X509v3\" Id", "X509PKIPathv1\" Id", Error::CertificateForm),
    ] {
        assert_eq!(verify_body(signed.replacen(from, to, 1).as_bytes()), Err(error), "{from} {to}");
    }
    let twice = signed.replacen("<request>", "<request Id='X509-1'>", 1);
    assert!(verify_body(twice.as_bytes()).is_err());
}
