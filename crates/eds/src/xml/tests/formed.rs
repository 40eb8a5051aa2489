// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the parser lets pass though other programs do not: each such document is refused, wherever that stands.

use super::tools::run;
use crate::xml::{Canon, canonicalize};

fn code(document: &str) -> &'static str {
    canonicalize(document.as_bytes(), Canon::Inclusive).map_or_else(|error| error.code(), |_| "accepted")
}

/// Tells whether `xmllint` takes the document without a word.
fn is_taken_by_libxml(document: &str) -> bool {
    let read = run("xmllint", &["--noout", "-"], document.as_bytes());
    read.status.success() && read.stderr.is_empty()
}

#[test]
fn characters_by_numbers_that_are_none_are_refused_wherever_they_stand() {
    for number in [
        "0",
        "1",
        "8",
        "11",
        "31",
        "x1F",
        "xD800",
        "xDFFF",
        "55296",
        "xFFFE",
        "xFFFF",
        "x110000",
        "1114112",
        "x200000",
        "x7FFFFFFF",
        "xFFFFFFFF",
        "x1FFFFFFFF",
        "99999999999999999999",
        "",
        "x",
        "+65",
        "x+41",
        "-1",
        "X41",
        " 65",
        "6 5",
        "x4g",
    ] {
        for document in [
            format!("<a>text&#{number};</a>"),
            format!("<a b='&#{number};'/>"),
            format!("<a xmlns:n=\"urn:&#{number};\"/>"),
            format!("<a>&#65;<b/>&#x41;&#{number};</a>"),
            format!("<a>&#{number}</a>"),
        ] {
            assert_eq!(code(&document), "malformed", "{document}");
            assert!(!is_taken_by_libxml(&document), "{document}");
        }
    }
    for taken in [
        "<a b='&#9;&#10;&#13;&#32;&#xD7FF;&#xE000;&#xFFFD;&#x10000;&#x10FFFF;'>&#x0041;&#0000000065;&#x10ffff;</a>",
        "<a><![CDATA[&#0;&#xD800;]]><!-- &#0; --><?p &#0; ?></a>",
    ] {
        assert_eq!(code(taken), "accepted", "{taken}");
        assert!(is_taken_by_libxml(taken), "{taken}");
    }
}

#[test]
fn names_that_are_none_with_namespaces_are_refused() {
    for document in [
        "<:a/>",
        "<a></:a>",
        "<a: />",
        "<a:/>",
        "<a><:b>x</:b></a>",
        "<a :b='1'/>",
        "<a\t:b\n= '1'/>",
        "<a b:='1'/>",
        "<a c='1' :b='1'/>",
        "<a :xmlns='urn:a'/>",
        "<a xmlns:='urn:a'/>",
        "<a xmlns:xmlns='urn:a'/>",
        "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:n='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:n='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:xml='urn:a'/>",
        "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
        "<xmlns:a/>",
        "<n:a:b xmlns:n='urn:n'/>",
        "<a><?b:c?></a>",
        "<?:b?><a/>",
    ] {
        assert_eq!(code(document), "malformed", "{document}");
        assert!(!is_taken_by_libxml(document), "{document}");
    }
    for taken in ["<n:a xmlns:n='urn:n' n:b=':' c='a:'> : a: :a </n:a>", "<a><!-- :a --><?b :c?></a>"] {
        assert_eq!(code(taken), "accepted", "{taken}");
        assert!(is_taken_by_libxml(taken), "{taken}");
    }
}

#[test]
fn a_document_with_a_relative_name_of_a_namespace_has_no_canonical_form() {
    for name in ["rel", "../a", "/a", "//x.invalid/a", "#a", "?a", "1urn:a", " urn:a", "a b:c", "ә:a"] {
        for document in [format!("<a xmlns:q='{name}'/>"), format!("<r><a xmlns='{name}'/></r>")] {
            assert_eq!(code(&document), "namespace-relative", "{document}");
            let form = run("xmllint", &["--c14n", "-"], document.as_bytes());
            assert!(!form.status.success() || form.stdout.is_empty(), "{document}");
        }
    }
    for name in ["urn:a", "http://x.invalid/a", "a+b-c.1:d"] {
        assert_eq!(code(&format!("<a xmlns:q='{name}' xmlns=''/>")), "accepted", "{name}");
    }
}
