// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a hostile signature says of itself: references, transforms, algorithms.

use aws_lc_rs::hmac;

use super::{DS, Row, part, put, row};
use crate::oracle::Throwaway;

pub(super) fn references(good: &str) -> Vec<Row> {
    let reference = part(good, "<ds:Reference", "</ds:Reference>");
    let mut rows: Vec<Row> = [
        "#",
        "#q",
        "#xpointer(/)",
        "#xpointer(id('q'))",
        "#element(/1)",
        "?",
        ".",
        "/",
        "a.xml",
        "file:///etc/passwd",
        "http://x.invalid/",
        "https://x.invalid/a#b",
        "cid:a@b",
        "urn:d",
        "data:,x",
        "\u{10348}",
        " ",
        "#\u{0435}",
    ]
    .iter()
    .map(|uri| row(&format!("to {uri:?}"), put(good, "URI=\"\"", &format!("URI=\"{uri}\""))))
    .collect();
    let manifest = put(reference, "URI=\"\"", "URI=\"\" Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"");
    rows.extend([
        row("no address", put(good, " URI=\"\"", "")),
        row("address of another namespace", put(good, "URI=\"\"", "ds:URI=\"\"")),
        row("to an element", put(&put(good, "URI=\"\"", "URI=\"#q\""), "<to>", "<to Id='q'>")),
        row("to an element by xml:id", put(&put(good, "URI=\"\"", "URI=\"#q\""), "<to>", "<to xml:id='q'>")),
        row("to the root by its id", put(&put(good, "URI=\"\"", "URI=\"#q\""), "<d:pay ", "<d:pay Id='q' ")),
        row(
            "to itself",
            put(&put(good, "URI=\"\"", "URI=\"#q\""), "<ds:SignedInfo>", "<ds:SignedInfo Id='q'>"),
        ),
        row(
            "to the signature",
            put(&put(good, "URI=\"\"", "URI=\"#q\""), "<ds:Signature ", "<ds:Signature Id='q' "),
        ),
        row("none", put(good, reference, "")),
        row("two", put(good, reference, &reference.repeat(2))),
        row(
            "two, the second to an element",
            put(good, reference, &format!("{reference}{}", put(reference, "URI=\"\"", "URI=\"#q\""))),
        ),
        row("to a manifest", put(good, reference, &manifest)),
        row(
            "in an object",
            put(
                &put(good, reference, ""),
                "</ds:Signature>",
                &format!("<ds:Object><ds:Manifest>{reference}</ds:Manifest></ds:Object></ds:Signature>"),
            ),
        ),
        row("empty", put(good, reference, "<ds:Reference URI=\"\"/>")),
        row("of another namespace", put(good, reference, &reference.replace("ds:Reference", "d:Reference"))),
    ]);
    rows
}

pub(super) fn transforms(good: &str) -> Vec<Row> {
    const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    let all = part(good, "<ds:Transforms>", "</ds:Transforms>");
    let one = |uri: &str, inside: &str| format!("<ds:Transform Algorithm=\"{uri}\">{inside}</ds:Transform>");
    let first = one(ENVELOPED, "");
    let only = |list: &str| put(good, all, &format!("<ds:Transforms>{list}</ds:Transforms>"));
    let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let prefixes =
        |list: &str| format!("<e:InclusiveNamespaces xmlns:e=\"{exclusive}\" PrefixList=\"{list}\"/>");
    let sheet = "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform' version='1.0'><xsl:template match='/'>x</xsl:template></xsl:stylesheet>";
    let many = (0..100).map(|it| format!("p{it} ")).collect::<Vec<_>>().concat();
    let mut rows: Vec<Row> = [
        ("xpath", one(xpath, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")),
        ("xpath of everything", one(xpath, "<ds:XPath>1</ds:XPath>")),
        ("xpath of nothing", one(xpath, "<ds:XPath>0</ds:XPath>")),
        (
            "xpath filter",
            one(
                "http://www.w3.org/2002/06/xmldsig-filter2",
                "<x:XPath xmlns:x='http://www.w3.org/2002/06/xmldsig-filter2' Filter='intersect'>/</x:XPath>",
            ),
        ),
        ("style sheet", one("http://www.w3.org/TR/1999/REC-xslt-19991116", sheet)),
        ("base64", one("http://www.w3.org/2000/09/xmldsig#base64", "")),
        ("decryption", one("http://www.w3.org/2002/07/decrypt#XML", "")),
        ("canonical form 1.1", one("http://www.w3.org/2006/12/xml-c14n11", "")),
        ("canonical form 2.0", one("http://www.w3.org/2010/xml-c14n2", "")),
        ("unknown", one("urn:x", "")),
        ("unnamed", one("", "")),
        ("without a name", "<ds:Transform/>".to_owned()),
        ("of another namespace", "<d:Transform Algorithm=\"urn:x\"/>".to_owned()),
        ("a stranger", "<e:sum/>".to_owned()),
        ("a second one removing signatures", one(ENVELOPED, "")),
        ("two canonical forms", one(exclusive, "").repeat(2)),
        ("another canonical form", one(exclusive, "")),
        (
            "prefixes of an inclusive form",
            one("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", &prefixes("d")),
        ),
        ("prefixes twice", one(exclusive, &prefixes("d").repeat(2))),
        ("prefixes", one(exclusive, &prefixes("d e"))),
        ("too many prefixes", one(exclusive, &prefixes(&many))),
        ("content in a canonical form", one(exclusive, "<e:sum/>")),
    ]
    .into_iter()
    .map(|(what, more)| row(what, only(&format!("{first}{more}"))))
    .collect();
    rows.extend([
        row("none", only("")),
        row("no list", put(good, all, "")),
        row("two lists", put(good, all, &all.repeat(2))),
        row("canonical form first", only(&format!("{}{first}", one(exclusive, "")))),
        row("canonical form alone", only(&one("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""))),
        row("a hundred", only(&first.repeat(100))),
        row("text between", only(&format!("{first}x"))),
    ]);
    rows
}

pub(super) fn algorithms(own: &Throwaway, good: &str) -> Vec<Row> {
    const RSA: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    const SHA: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    const NATIONAL: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:";
    let gost = |end: &str| format!("{NATIONAL}{end}");
    let mut rows = Vec::new();
    for method in [
        "",
        "none",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-md5",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#gost34310-gost34311",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
        &gost("gostr34102015-gostr34112015-512"),
        &gost("gostr34102015-gostr34112015-256"),
        &gost("gostr34102015-gostr34112015-"),
    ] {
        rows.push(row(&format!("signature by {method}"), put(good, RSA, method)));
    }
    for digest in [
        "",
        "http://www.w3.org/2000/09/xmldsig#sha1",
        "http://www.w3.org/2001/04/xmldsig-more#md5",
        "http://www.w3.org/2001/04/xmlenc#sha512",
        "http://www.w3.org/2001/04/xmldsig-more#gost34311",
        &gost("gostr34112015-512"),
        &gost("gostr34112015-256"),
        "http://www.w3.org/2001/04/xmlenc#sha256#",
    ] {
        rows.push(row(&format!("digest by {digest}"), put(good, SHA, digest)));
    }
    for form in [
        "",
        "urn:x",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
    ] {
        rows.push(row(
            &format!("signed info by {form:?}"),
            put(
                good,
                "CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"",
                &format!("CanonicalizationMethod Algorithm=\"{form}\""),
            ),
        ));
    }
    for name in ["CanonicalizationMethod", "SignatureMethod", "DigestMethod"] {
        let method = part(good, &format!("<ds:{name}"), "/>").to_owned();
        rows.push(row(&format!("no {name}"), put(good, &method, "")));
        rows.push(row(&format!("two of {name}"), put(good, &method, &method.repeat(2))));
        rows.push(row(&format!("{name} without its name"), put(good, &method, &format!("<ds:{name}/>"))));
    }
    rows.extend(with_codes(own, good));
    rows
}

/// A code by a key that everybody knows: the certificate itself, or what is in it.
pub(super) fn with_codes(own: &Throwaway, good: &str) -> Vec<Row> {
    const RSA: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    let mut rows = Vec::new();
    let pem = own.file("leaf.pem");
    let keys: [(&str, &[u8]); 5] = [
        ("certificate", own.leaf.der()),
        ("certificate in text", &pem),
        ("public key", own.leaf.spki()),
        ("bits of the public key", own.leaf.key_bits().unwrap()),
        ("empty key", b""),
    ];
    for (what, key) in keys {
        for length in [
            "",
            "<ds:HMACOutputLength>8</ds:HMACOutputLength>",
            "<ds:HMACOutputLength>0</ds:HMACOutputLength>",
        ] {
            let method = part(good, "<ds:SignatureMethod", "/>");
            let other = format!(
                "<ds:SignatureMethod Algorithm=\"{}\">{length}</ds:SignatureMethod>",
                RSA.replace("rsa", "hmac")
            );
            let document = put(good, method, &other);
            let info = part(&document, "<ds:SignedInfo>", "</ds:SignedInfo>");
            let scope = format!("<ds:SignedInfo xmlns:d=\"urn:d\" xmlns:ds=\"{DS}\" xmlns:e=\"urn:e\">");
            let canonical = eds::xml::canonicalize(
                info.replacen("<ds:SignedInfo>", &scope, 1).as_bytes(),
                eds::xml::Canon::Inclusive,
            )
            .unwrap();
            let code = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &canonical);
            let code = match length.len() {
                0 => encoded(code.as_ref()),
                _ => encoded(&code.as_ref()[..1]),
            };
            rows.push(row(&format!("code by the {what} {length}"), with_value(&document, &code)));
        }
    }
    rows
}

pub(super) fn encoded(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(super) fn with_value(document: &str, value: &str) -> String {
    let old = part(document, "<ds:SignatureValue>", "</ds:SignatureValue>");
    put(document, old, &format!("<ds:SignatureValue>{value}</ds:SignatureValue>"))
}
