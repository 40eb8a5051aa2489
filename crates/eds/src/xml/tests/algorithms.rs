// SPDX-License-Identifier: MIT OR Apache-2.0
//! Algorithms that `xmlsec1` signs by: longer digests are accepted, a form that is not known here is named.

use super::signing::{ENVELOPED, EXCLUSIVE, SHA256, X509, signed_by_xmlsec, template};
use super::tools::TestKey;
use crate::xml::{Covered, Error, Signed, verify_enveloped};

#[test]
fn longer_digests_are_accepted_as_xmlsec_makes_them() {
    let key = TestKey::get();
    for (name, method, digest) in [
        ("x9.xml", "rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#sha384"),
        ("x10.xml", "rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"),
        ("x13.xml", "rsa-sha512", SHA256),
        ("x14.xml", "rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384"),
    ] {
        let template = template("", &[ENVELOPED, EXCLUSIVE], EXCLUSIVE, X509);
        let template = template.replace("rsa-sha256", method).replace(SHA256, digest);
        let signed = signed_by_xmlsec(name, &format!("<r><a>text</a>{template}</r>"), key, &[]);
        assert_eq!(verify_enveloped(signed.as_bytes()).unwrap().covered, Covered::Document, "{name}");
        let changed = signed.replacen("text", "test", 1);
        assert_eq!(verify_enveloped(changed.as_bytes()), Err(Error::DigestMismatch), "{name}");
    }
}

#[test]
fn the_newer_canonical_form_leaves_undecided_what_nothing_else_tells_against() {
    const NEWER: &str = "http://www.w3.org/2006/12/xml-c14n11";
    let key = TestKey::get();
    let undecided: Result<Signed, Error> = Err(Error::ForeignAlgorithm { algorithm: NEWER.to_owned() });
    for (name, transforms, form, code) in [
        ("x11.xml", [ENVELOPED, EXCLUSIVE], NEWER, "digest-mismatch"),
        ("x12.xml", [ENVELOPED, NEWER], EXCLUSIVE, "foreign-algorithm"),
    ] {
        let document = format!("<r><a>text</a>{}</r>", template("", &transforms, form, X509));
        let signed = signed_by_xmlsec(name, &document, key, &[]);
        assert_eq!(verify_enveloped(signed.as_bytes()), undecided, "{name}");
        let changed = signed.replacen("text", "test", 1);
        assert_eq!(verify_enveloped(changed.as_bytes()).unwrap_err().code(), code, "{name}");
        let broken = signed.replacen("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1);
        let error = if form == NEWER { undecided.clone() } else { Err(Error::SignatureMismatch) };
        assert_eq!(verify_enveloped(broken.as_bytes()), error, "{name}");
    }
}
