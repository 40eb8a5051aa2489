// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile signed documents, each with the error it must get.

use super::signing::{ENVELOPE, PAYLOAD};
use super::tools::TestKey;
use crate::xml::{
    Canon, DEPTH_MAX, DOCUMENT_BYTES_MAX, canonicalize, sign_body, sign_enveloped, verify_body,
    verify_enveloped,
};

/// Returns a signed envelope.
fn signed_envelope() -> String {
    TestKey::get().sign(|it| sign_body(ENVELOPE, it)).unwrap()
}

/// Returns the code of the answer to an envelope.
fn body_code(envelope: &str) -> &'static str {
    verify_body(envelope.as_bytes()).map_or_else(|error| error.code(), |_| "accepted")
}

pub(super) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the document has no {from}");
    text.replacen(from, to, 1)
}

/// Returns the part of the text from `from` to the end of `to`.
pub(super) fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    let rest = text.get(start..).unwrap();
    rest.get(..rest.find(to).unwrap() + to.len()).unwrap()
}

/// What was done to the good document, the document, and the code of the answer.
type Row = (&'static str, String, &'static str);

#[test]
fn hostile_envelopes_get_their_codes() {
    let good = signed_envelope();
    let rows =
        [wrapping(&good), references(&good), algorithms(&good), shapes(&good), envelopes(&good)].concat();
    assert!(rows.len() >= 40);
    for (what, envelope, expected) in rows {
        assert_eq!(body_code(&envelope), expected, "{what}");
    }
}

/// Documents that make another body look signed.
fn wrapping(good: &str) -> Vec<Row> {
    let signature = part(good, "<ds:Signature ", "</ds:Signature>");
    let security = part(good, "<wsse:Security ", "</wsse:Security>");
    let body = part(good, "<s:Body", "</s:Body>");
    let forged = body.replace("Өтініш", "Басқа");
    let forged_other_id = forged.replace("id-1", "id-2");
    let moved = format!("<x>{}</x></s:Header>", body.replace("s:Body", "s:Bodi"));
    let under = |forged: &str, moved: &str| replaced(&replaced(good, body, forged), "</s:Header>", moved);
    vec![
        ("untouched", good.to_owned(), "accepted"),
        ("changed body", replaced(good, "Өтініш", "Басқа"), "digest-mismatch"),
        ("no signature", ENVELOPE.to_owned(), "not-signed"),
        ("empty security header", replaced(good, signature, ""), "not-signed"),
        ("two signatures", replaced(good, signature, &signature.repeat(2)), "signature-doubled"),
        ("two security headers", replaced(good, security, &security.repeat(2)), "signature-doubled"),
        ("two bodies", replaced(good, body, &body.repeat(2)), "body-doubled"),
        (
            "forged body before",
            replaced(good, "<s:Body", &format!("{forged_other_id}<s:Body")),
            "body-doubled",
        ),
        ("body moved into the header", under(&forged, &format!("{body}</s:Header>")), "body-doubled"),
        (
            "signed part moved, body forged under another id",
            under(&forged_other_id, &moved),
            "reference-elsewhere",
        ),
        ("signed part moved, body forged under its id", under(&forged, &moved), "reference-ambiguous"),
    ]
}

/// References to anything but the body.
fn references(good: &str) -> Vec<Row> {
    let reference = part(good, "<ds:Reference", "</ds:Reference>");
    let uri = |uri: &str| replaced(good, "URI=\"#id-1\"", &format!("URI=\"{uri}\""));
    vec![
        ("id doubled, plain", replaced(good, "<request>", "<request ID='id-1'>"), "reference-ambiguous"),
        ("id doubled, xml:id", replaced(good, "<request>", "<request xml:id='id-1'>"), "reference-ambiguous"),
        ("id missing", uri("#id-9"), "reference-missing"),
        ("empty reference", uri(""), "reference-foreign"),
        ("reference to nothing", uri("#"), "reference-foreign"),
        ("reference to a file", uri("file:///etc/passwd"), "reference-foreign"),
        ("reference to a site", uri("http://x.invalid/"), "reference-foreign"),
        ("pointer reference", uri("#xpointer(/)"), "reference-missing"),
        ("reference without uri", replaced(good, " URI=\"#id-1\"", ""), "reference-foreign"),
        ("two references", replaced(good, reference, &reference.repeat(2)), "references-several"),
        ("no reference", replaced(good, reference, ""), "signature-shape"),
        ("body without id", replaced(good, " wsu:Id=\"id-1\"", ""), "reference-missing"),
    ]
}

/// Algorithms and transforms that are not accepted.
fn algorithms(good: &str) -> Vec<Row> {
    const EXC: &str = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    const XSLT: &str = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>";
    const ENVELOPED: &str =
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
    const RSA: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    const GOST: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34102015-gostr34112015-512";
    const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1";
    const SHA3: &str = "http://www.w3.org/2007/05/xmldsig-more#sha3-256";
    let method = |uri: &str| replaced(good, RSA, uri);
    let digest = |uri: &str| replaced(good, "http://www.w3.org/2001/04/xmlenc#sha256", uri);
    vec![
        ("xslt transform", replaced(good, EXC, XSLT), "unknown-algorithm"),
        ("enveloped transform on the body", replaced(good, EXC, &format!("{ENVELOPED}{EXC}")), "transforms"),
        ("two canonical forms", replaced(good, EXC, &EXC.repeat(2)), "transforms"),
        ("sha-1 signature", method("http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "unknown-algorithm"),
        ("sha-1 digest", digest("http://www.w3.org/2000/09/xmldsig#sha1"), "unknown-algorithm"),
        ("hmac", method("http://www.w3.org/2000/09/xmldsig#hmac-sha1"), "unknown-algorithm"),
        ("rsa with another digest", method(&RSA.replace("256", "512")), "signature-mismatch"),
        ("strong, and not known here", method(PSS), "foreign-algorithm"),
        ("strong, but not by this key", method(&RSA.replace("rsa-", "ecdsa-")), "certificate-key"),
        ("strong, but the body is another", replaced(&method(PSS), "Өтініш", "Басқа"), "digest-mismatch"),
        ("strong digest that nobody signed", digest(SHA3), "signature-mismatch"),
        (
            "strong form that nobody signed",
            replaced(good, EXC, &EXC.replace("2001/10/xml-exc-c14n#", "2006/12/xml-c14n11")),
            "signature-mismatch",
        ),
        ("gost signature", method(GOST), "algorithm-mixed"),
        (
            "old gost signature",
            method("http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311"),
            "algorithm-mixed",
        ),
        ("gost digest", digest("http://www.w3.org/2001/04/xmldsig-more#gost34311"), "algorithm-mixed"),
    ]
}

/// Signatures with parts missing, doubled or broken.
fn shapes(good: &str) -> Vec<Row> {
    let value = part(good, "<ds:SignatureValue>", "</ds:SignatureValue>");
    let token = part(good, "<wsse:SecurityTokenReference>", "</wsse:SecurityTokenReference>");
    let digest = |start: &str| replaced(good, "<ds:DigestValue>", &format!("<ds:DigestValue>{start}"));
    vec![
        ("digest is not base64", digest("*"), "signature-shape"),
        ("digest split by a comment", digest("<!-- -->"), "signature-shape"),
        (
            "object inside",
            replaced(good, "</ds:Signature>", "<ds:Object/></ds:Signature>"),
            "unsigned-inside",
        ),
        ("text inside", replaced(good, "<ds:SignedInfo>", "<ds:SignedInfo>text"), "signature-shape"),
        ("no signature value", replaced(good, value, ""), "signature-shape"),
        (
            "other signature value",
            replaced(good, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
            "signature-mismatch",
        ),
        ("no key", replaced(good, token, ""), "certificate-missing"),
        (
            "key identifier of another kind",
            replaced(good, "#X509v3", "#X509SubjectKeyIdentifier"),
            "certificate-missing",
        ),
        ("certificate is not one", replaced(good, "#X509v3\">", "#X509v3\">AAAA"), "certificate-malformed"),
        ("certificate of somebody else", with_other_certificate(good), "signature-mismatch"),
    ]
}

/// Documents that are not such an envelope, or not XML.
fn envelopes(good: &str) -> Vec<Row> {
    let body = part(good, "<s:Body", "</s:Body>");
    let soap12 = "http://www.w3.org/2003/05/soap-envelope";
    let request = |tag: &str| replaced(good, "<request>", tag);
    vec![
        ("no body", replaced(good, body, ""), "body-missing"),
        ("third part", replaced(good, "</s:Envelope>", "<x/></s:Envelope>"), "not-envelope"),
        ("soap 1.2", good.replace("http://schemas.xmlsoap.org/soap/envelope/", soap12), "digest-mismatch"),
        ("document type", replaced(good, "<s:Envelope", "<!DOCTYPE s:Envelope><s:Envelope"), "dtd"),
        ("document type inside", request("<!DOCTYPE x><request>"), "dtd"),
        ("another encoding", replaced(good, "UTF-8", "windows-1251"), "not-utf8"),
        ("another version of XML", replaced(good, "1.0", "1.1"), "malformed"),
        ("cut short", good.split_once("<request>").unwrap().0.to_owned(), "malformed"),
        ("default namespace twice", request("<request xmlns=\"urn:a\" xmlns=\"\">"), "malformed"),
        ("prefix bound to nothing", request("<request xmlns:n=\"\">"), "malformed"),
        ("attribute twice", request("<request a='1' a='2'>"), "malformed"),
    ]
}

fn with_other_certificate(envelope: &str) -> String {
    let other = TestKey::other().sign(|it| sign_body(ENVELOPE, it)).unwrap();
    let identifier = |it: &str| part(it, "<wsse:KeyIdentifier", "</wsse:KeyIdentifier>").to_owned();
    replaced(envelope, &identifier(envelope), &identifier(&other))
}

#[test]
fn hostile_payloads_get_their_codes() {
    let good = TestKey::get().sign(|it| sign_enveloped(PAYLOAD, it)).unwrap();
    let enveloped = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>";
    let table: Vec<(&str, String, &str)> = vec![
        ("untouched", good.clone(), "accepted"),
        ("not signed", PAYLOAD.to_owned(), "not-signed"),
        ("changed", replaced(&good, "1 &lt; 2", "2 &lt; 1"), "digest-mismatch"),
        ("comment added is not covered", replaced(&good, "<x>", "<!-- new --><x>"), "accepted"),
        ("instruction added is covered", replaced(&good, "<x>", "<?new?><x>"), "digest-mismatch"),
        ("content after the signature", replaced(&good, "</d:data>", "<y/></d:data>"), "signature-misplaced"),
        (
            "signature deeper",
            replaced(&replaced(&good, "<ds:Signature ", "<w><ds:Signature "), "</d:data>", "</w></d:data>"),
            "not-signed",
        ),
        (
            "refers to an element",
            replaced(&replaced(&good, "URI=\"\"", "URI=\"#q\""), "<x>", "<x Id='q'>"),
            "reference-elsewhere",
        ),
        ("refers to nothing", replaced(&good, "URI=\"\"", "URI=\"#q\""), "reference-missing"),
        ("refers outside", replaced(&good, "URI=\"\"", "URI=\"http://x.invalid/\""), "reference-foreign"),
        ("no enveloped transform", replaced(&good, enveloped, ""), "transforms"),
        ("enveloped transform twice", replaced(&good, enveloped, &enveloped.repeat(2)), "transforms"),
        (
            "two certificates",
            replaced(&good, "</ds:X509Data>", "<ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>"),
            "accepted",
        ),
        (
            "white space behind the signature value",
            replaced(&good, "</ds:SignatureValue>", &format!("{}</ds:SignatureValue>", " \n".repeat(4_000))),
            "accepted",
        ),
        (
            "white space behind the signature value, beyond the bound",
            replaced(&good, "</ds:SignatureValue>", &format!("{}</ds:SignatureValue>", " \n".repeat(9_000))),
            "signature-shape",
        ),
        (
            "signed info changed",
            replaced(&good, "<ds:SignedInfo>", "<ds:SignedInfo Id=\"x\">"),
            "signature-mismatch",
        ),
    ];
    for (what, payload, expected) in &table {
        let code = verify_enveloped(payload.as_bytes()).map_or_else(|error| error.code(), |_| "accepted");
        assert_eq!(code, *expected, "{what}");
    }
}

#[test]
fn documents_that_would_be_dear_to_parse_are_refused_before_parsing() {
    let deep = format!("{}{}", "<a>".repeat(DEPTH_MAX + 1), "</a>".repeat(DEPTH_MAX + 1));
    let attributes = joined(200, |n| format!(" a{n}='1'"));
    let namespaces = joined(100, |n| format!(" xmlns:n{n}='urn:{n}'"));
    let nested = joined(70, |n| format!("<a xmlns:n{n}='urn:{n}'>"));
    let redeclared = format!("<a>{}</a>", "<a xmlns:n='urn:n'/>".repeat(30_000));
    let bomb = "<!DOCTYPE a [<!ENTITY b '&c;&c;&c;'><!ENTITY c '&b;&b;'>]><a>&b;</a>";
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("deep", deep.into_bytes(), "too-deep"),
        ("long", vec![b' '; DOCUMENT_BYTES_MAX + 1], "too-large"),
        ("many tags", "<a/>".repeat(500_000).into_bytes(), "too-many"),
        ("many equal signs", format!("<a>{}</a>", "=".repeat(500_000)).into_bytes(), "too-many"),
        ("many attributes", format!("<a{attributes}/>").into_bytes(), "too-many"),
        ("many namespaces", format!("<a{namespaces}/>").into_bytes(), "too-many"),
        ("namespaces declared again and again", redeclared.into_bytes(), "too-many"),
        ("many namespaces nested", format!("{nested}{}", "</a>".repeat(70)).into_bytes(), "too-many"),
        ("entity bomb", bomb.as_bytes().to_vec(), "dtd"),
        ("not text", vec![b'<', 0xff, b'>'], "not-utf8"),
        ("utf-16", vec![0xff, 0xfe, b'<', 0, b'a', 0], "not-utf8"),
        ("nothing", Vec::new(), "malformed"),
        ("two roots", b"<a/><b/>".to_vec(), "malformed"),
        ("open quote", b"<a b='1".to_vec(), "malformed"),
        ("zero byte", b"<a>\0</a>".to_vec(), "malformed"),
        ("declaration that runs into its text", b"<?xml!version='1.0'?><a/>".to_vec(), "malformed"),
        ("declaration in the middle", b"<a><?xml version='1.0'?></a>".to_vec(), "malformed"),
        ("declaration in capitals", b"<a/><?XML x?>".to_vec(), "malformed"),
        ("instruction that runs into its text", b"<a><?p!x?></a>".to_vec(), "malformed"),
        ("unknown entity", b"<a>&nbsp;</a>".to_vec(), "malformed"),
    ];
    for (what, bytes, expected) in table {
        let code = canonicalize(&bytes, Canon::Inclusive).map_or_else(|error| error.code(), |_| "accepted");
        assert_eq!(code, expected, "{what}");
    }
}

#[test]
fn encoding_is_utf_8_by_either_of_its_names() {
    for (name, expected) in [
        ("encoding=\"utf-8\"", "accepted"),
        ("encoding='UTF8'", "accepted"),
        ("encoding = \"Utf8\" standalone=\"no\"", "accepted"),
        ("encoding=\"utf-80\"", "not-utf8"),
        ("encoding=\"utf-\"", "not-utf8"),
        ("encoding=\"utf-8'", "malformed"),
        ("encoding=\"xutf8\"", "not-utf8"),
        ("encoding=\"utf-16\"", "not-utf8"),
    ] {
        let document = format!("<?xml version=\"1.0\" {name}?><a/>");
        let found = canonicalize(document.as_bytes(), Canon::Inclusive);
        assert_eq!(found.map_or_else(|error| error.code(), |_| "accepted"), expected, "{name}");
    }
}

#[test]
fn declaration_is_read_by_its_grammar() {
    for (declaration, expected) in [
        ("<?xml version='1.0'?>", "accepted"),
        ("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "accepted"),
        ("<?xml version = '1.0'\tencoding\n= \"utf-8\"\r\nstandalone = 'yes' ?>", "accepted"),
        ("<?xml version=\"1.0\" standalone=\"no\"?>", "accepted"),
        ("<?xml-stylesheet href='a' encoding='koi8-r'?>", "accepted"),
        // Another program reads the encoding where the grammar has it.
        ("<?xml version=\"1.0 encoding='utf-8'\" encoding=\"windows-1251\"?>", "not-utf8"),
        ("<?xml version='1.0 encoding=\"utf-8\"' encoding=\"koi8-r\"?>", "not-utf8"),
        ("<?xml version=\"encoding='utf-8'\"  encoding=\"UTF-7\"?>", "not-utf8"),
        ("<?xml version=\"1.0\" encoding=\"\"?>", "not-utf8"),
        ("<?xml version=\"1.0 encoding='utf-8'\"?>", "malformed"),
        ("<?xml version=\"1.0\" encoding=\"utf-8\" encoding=\"utf-8\"?>", "malformed"),
        ("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"encoding\"?>", "malformed"),
        ("<?xml version=\"1.0\" standalone=\"yes\" encoding=\"windows-1251\"?>", "malformed"),
        ("<?xml version=\"1.0\" lang=\"kk\"?>", "malformed"),
        ("<?xml version=\"1.0\"encoding=\"utf-8\"?>", "malformed"),
        ("<?xml version=1.0?>", "malformed"),
        ("<?xml version=\"1.00\"?>", "malformed"),
        ("<?xml version=\"1.1\"?>", "malformed"),
        ("<?xml encoding=\"utf-8\" version=\"1.0\"?>", "malformed"),
        ("<?xml encoding=\"utf-8\"?>", "malformed"),
        ("<?xml ?>", "malformed"),
        ("<?xml?>", "malformed"),
    ] {
        let found = canonicalize(format!("{declaration}<a/>").as_bytes(), Canon::Inclusive);
        assert_eq!(found.map_or_else(|error| error.code(), |_| "accepted"), expected, "{declaration}");
    }
}

fn joined(count: u32, one: impl Fn(u32) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

#[test]
fn no_broken_envelope_is_accepted_with_another_body() {
    let good = signed_envelope();
    let expected = verify_body(good.as_bytes()).unwrap().signed_bytes;
    let mut seed = 20_261_121_u64;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % bound
    };
    for _ in 0..3_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=below(3) {
            let (from, to) = (below(bytes.len()), below(bytes.len()));
            match below(4) {
                0 => bytes[from] ^= 1 << below(8),
                1 => drop(bytes.remove(from)),
                2 => bytes.insert(to, b"<>\"'&;:/= "[below(10)]),
                _ => {
                    let end = (from + below(200)).min(bytes.len());
                    let piece = bytes[from..end].to_vec();
                    drop(bytes.splice(to..to, piece));
                }
            }
        }
        if let Ok(signed) = verify_body(&bytes) {
            assert_eq!(signed.signed_bytes, expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
