// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile signed XML: none is valid, none panics.

#![expect(clippy::string_slice, reason = "documents made here are cut where they are ASCII")]

mod document;
mod parts;
mod signature;
mod values;

use crate::oracle::Throwaway;
use eds::xml::{Signer, SignerFailed, sign_enveloped, verify_body, verify_elements};
use eds::{Evidence, RsaSigner, verify_xml};

/// Documents that the corpus must hold at least.
const HOSTILE_MIN: usize = 200;

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

const TEXT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- note --><d:pay xmlns:d=\"urn:d\" xmlns:e='urn:e' sum=\"100\" to=\"A&amp;B\">\r\n<to>Құрал</to><!-- in --><e:sum>100</e:sum></d:pay>\n";

pub(crate) const PARTS: &str = "<r xmlns='urn:r'><pay Id='p1'><sum>100</sum></pay><other/></r>";

pub(crate) const ENVELOPE: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body Id=\"b1\"><sum>100</sum></s:Body></s:Envelope>";

/// What was done, and the document.
type Row = (String, String);

pub(crate) fn with_signer<T>(own: &RsaSigner, certificate: &[u8], with: impl FnOnce(&Signer<'_>) -> T) -> T {
    let sign = |bytes: &[u8]| own.sign(bytes).map_err(|it| SignerFailed(it.to_string()));
    with(&Signer { certificate_der: certificate, sign: &sign })
}

fn signed(own: &Throwaway, text: &str) -> String {
    with_signer(&own.signer, own.leaf.der(), |it| sign_enveloped(text, it)).unwrap()
}

fn judged(own: &Throwaway, xml: &[u8]) -> eds::Verdict {
    verify_xml(xml, &Evidence::default(), own.leaf.not_before(), &own.policy())
}

fn row(what: &str, document: String) -> Row {
    (what.to_owned(), document)
}

/// Replaces the first occurrence, which must be there.
pub(crate) fn put(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

/// Returns the part of the text from `from` to the end of `to`.
pub(crate) fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect(from);
    let rest = &text[start..];
    &rest[..rest.find(to).expect(to) + to.len()]
}

#[test]

fn no_hostile_document_is_valid() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    assert!(judged(&own, good.as_bytes()).is_valid());
    let groups: [(&str, Vec<Row>); 9] = [
        ("wrapping", document::wrapping(&good)),
        ("references", signature::references(&good)),
        ("transforms", signature::transforms(&good)),
        ("algorithms", signature::algorithms(&own, &good)),
        ("values", values::values(&own, &good)),
        ("keys", values::keys(&own, &good)),
        ("text", document::texts(&good)),
        ("shape", document::shapes(&good)),
        ("several signers", document::several(&own, &good)),
    ];
    let mut all = 0;
    for (group, rows) in &groups {
        println!("{group}: {}", rows.len());
        for (what, document) in rows {
            let verdict = judged(&own, document.as_bytes());
            assert!(!verdict.is_valid(), "{group}, {what}: {}", document.get(..3000).unwrap_or(document));
            println!("    {what}: {}", verdict.failed_codes().join(" "));
            let _parts = (verify_elements(document.as_bytes()), verify_body(document.as_bytes()));
        }
        all += rows.len();
    }
    let (elements, bodies) = (parts::elements(&own), parts::bodies(&own));
    println!("elements: {}, bodies: {}", elements.len(), bodies.len());
    for (what, document) in &elements {
        assert!(verify_elements(document.as_bytes()).is_err(), "elements, {what}: {document}");
    }
    for (what, document) in &bodies {
        assert!(verify_body(document.as_bytes()).is_err(), "bodies, {what}: {document}");
    }
    all += elements.len() + bodies.len();
    println!("{all} hostile documents");
    assert!(all >= HOSTILE_MIN, "{all}");
}

#[test]

fn what_leaves_the_signed_bytes_alone_leaves_the_verdict_alone() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let bytes = |it: &str| eds::xml::verify_enveloped(it.as_bytes()).unwrap().signed_bytes;
    for (what, document) in [
        ("comment", put(&good, "<to>", "<!-- new --><to>")),
        ("comment inside a text", put(&good, ">100<", ">1<!-- -->00<")),
        ("comment behind the root", format!("{good}<!-- end -->")),
        ("text by number", put(&good, ">100<", ">&#49;00<")),
        ("text as character data", put(&good, ">100<", "><![CDATA[100]]><")),
        ("quotes", put(&good, "sum=\"100\"", "sum='100'")),
        ("order of attributes", put(&good, "sum=\"100\" to=\"A&amp;B\"", "to=\"A&amp;B\" sum=\"100\"")),
        ("mark of the encoding", format!("\u{feff}{good}")),
        ("name of the signature", put(&good, "<ds:Signature ", "<ds:Signature Id='s' ")),
    ] {
        assert!(judged(&own, document.as_bytes()).is_valid(), "{what}");
        assert_eq!(bytes(&document), bytes(&good), "{what}");
    }
}

#[test]

fn no_flipped_byte_of_a_document_goes_unnoticed() {
    let own = Throwaway::new();
    let good = signed(&own, TEXT);
    let before = eds::xml::verify_enveloped(good.as_bytes()).unwrap();
    let inside = |at: usize, from: &str, to: &str| {
        let start = good.find(from).unwrap();
        let end = start + part(&good, from, to).len();
        (start..end).contains(&at)
    };
    let region = |at: usize| {
        if inside(at, "<?xml", "?>") {
            "declaration"
        } else if inside(at, "<!-- note", "-->") || inside(at, "<!-- in", "-->") {
            "comment"
        } else if inside(at, "<ds:KeyInfo>", "</ds:KeyInfo>") {
            "key info"
        } else if inside(at, "<d:pay", "</d:pay>") {
            "signed"
        } else {
            "beside the root"
        }
    };
    let mut harmless = std::collections::BTreeMap::new();
    for at in 0..good.len() {
        for flip in [0x01, 0x02, 0x20, 0x80] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= flip;
            if judged(&own, &bytes).is_valid() {
                let after = eds::xml::verify_enveloped(&bytes).unwrap();
                assert_eq!(
                    (after.signed_bytes, after.certificate_der),
                    (before.signed_bytes.clone(), before.certificate_der.clone())
                );
                *harmless.entry(region(at)).or_insert(0) += 1;
            }
        }
    }
    println!("{} bytes flipped four times, harmless: {harmless:?}", good.len());
    assert!(harmless.keys().all(|it| ["declaration", "comment"].contains(it)), "{harmless:?}");
}
