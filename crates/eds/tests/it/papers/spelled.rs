// SPDX-License-Identifier: MIT OR Apache-2.0
//! Spellings of other programs that readers pass over, and a step beyond each of them.

use eds::asn1::Element;
use eds::{Context, Evidence};

use super::{Row, once, row};
use crate::oracle::Throwaway;
use crate::paper::{Paper, find, judged, patched, told};

/// The contents of the page, 34 bytes.
const TEXT: &str = "BT /F1 12 Tf (pay 100 tenge) Tj ET";
const SIGNATURE: &str = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached";

/// The document whose contents say this length and end so.
fn ended(length: &str, end: &str) -> Paper {
    Paper::new(&[(4, &format!("<</Length {length}>>stream\n{TEXT}{end}endstream")), (10, "34")])
}

/// The document whose table ends its lines so.
fn lined(end: &str) -> Paper {
    worded(Paper::new(&[]), " \n", end)
}

/// The document whose table ends so, and the next ones begin where a line ends: `pdf-lib` writes an empty line there, and
/// `node-signpdf` names the place one byte too early.
fn parted(end: &str) -> Paper {
    worded(bent("\nxref\n0 1"), "trailer", end)
}

/// The same with other words in its table.
fn worded(mut paper: Paper, from: &str, to: &str) -> Paper {
    let (objects, table) = paper.bytes.split_at(paper.table_at().unwrap());
    let table = String::from_utf8(table.to_vec()).unwrap().replace(from, to);
    paper.bytes = [objects, table.as_bytes()].concat();
    paper
}

/// The document whose next tables begin so.
fn bent(begun: &'static str) -> Paper {
    let mut paper = Paper::new(&[]);
    paper.bent = Some(("xref\n0 1", begun));
    paper
}

/// The same document, signed twice.
fn signed(own: &Throwaway, mut paper: Paper) -> Vec<u8> {
    paper.sign(own, &[], "");
    paper.sign(own, &[], "");
    paper.bytes
}

/// The document, signed by a CMS of indefinite length with these bytes behind it.
fn indefinite(own: &Throwaway, more: &[u8]) -> Vec<u8> {
    let mut paper = Paper::new(&[]);
    paper.put(&[], SIGNATURE, |pieces| {
        let (chain, time) = ([own.leaf.clone()], own.leaf.not_before());
        let cms = eds::sign_cms_detached(eds::sha256(pieces), &own.signer, &chain, time).unwrap();
        let mut parts = Element::parse(&cms).unwrap().reader();
        let (kind, held) = (parts.any().unwrap(), parts.any().unwrap());
        let data = Element::parse(held.value).unwrap();
        [&[0x30, 0x80][..], kind.raw, &[0xa0, 0x80, 0x30, 0x80], data.value, &[0; 6], more].concat()
    });
    paper.bytes
}

/// The document, signed by a CMS whose digits stand in lines.
fn in_lines(own: &Throwaway) -> Vec<u8> {
    let good = once(own).bytes;
    let text = String::from_utf8_lossy(&good).into_owned();
    let digits = text.split_once("/Contents<").unwrap().1.split_once('>').unwrap().0;
    let room = digits.len();
    let lines: Vec<&str> =
        digits.as_bytes()[..room - 64].chunks(128).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let lines = format!("{:<room$}", lines.join("\r\n"));
    assert_eq!(lines.len(), room);
    patched(&good, &format!("/Contents<{digits}>"), &format!("/Contents<{lines}>"))
}

#[test]
fn what_is_spelled_otherwise_and_shows_the_same_is_valid() {
    let own = Throwaway::new();
    for (what, paper) in [
        ("two line ends before the keyword", ended("34", "\r\n\r\n")),
        ("spaces before the keyword", ended("34", "  \n")),
        ("spaces alone before the keyword", ended("34", "  ")),
        ("a length apart", ended("10 0 R", "\r\n\r\n")),
        ("lines of a table that end in one character", lined("\n")),
        ("a line end before a table", bent("\nxref\n0 1")),
        ("two line ends before a table", bent("\r\nxref\n0 1")),
        ("an empty line behind a table, a line end before the next", parted("\ntrailer")),
        ("empty lines behind a table, a line end before the next", parted("\r\n\r\ntrailer")),
        ("a space after the version", Paper::headed(b"%PDF-1.7 \n", &[])),
        ("bytes after the version", Paper::headed(b"%PDF-1.7 \xe2\xe3\n%\xe2\xe3\xcf\xd3\n", &[])),
    ] {
        let pdf = signed(&own, paper);
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
        assert_eq!(told(&own, &pdf), ["Signature is Valid.", "Signature is Valid."], "{what}");
    }
}

#[test]
fn cms_of_indefinite_length_and_one_in_lines_are_valid() {
    let own = Throwaway::new();
    for (what, pdf) in [("indefinite", indefinite(&own, &[])), ("in lines", in_lines(&own))] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
        assert_eq!(told(&own, &pdf), ["Signature is Valid."], "{what}");
    }
}

#[test]
fn white_space_behind_the_last_end_is_nothing_and_is_told() {
    let own = Throwaway::new();
    let good = once(&own).bytes;
    for tail in [&b"\n"[..], b"\r\n", b" \t\x0c", &[0; 64], &[b' '; 64]] {
        let pdf = [good.as_slice(), tail].concat();
        let (at, policy) = (own.leaf.not_before(), own.policy());
        let context = Context { evidence: &Evidence::default(), at, policy: &policy };
        let found = eds::examine(&pdf, None, &context).unwrap();
        assert!(found.verdict.is_valid(), "{tail:?}: {:?}", found.verdict);
        assert_eq!(found.facts["added-after-signing"], "white-space");
        assert_eq!(told(&own, &pdf), ["Signature is Valid."], "{tail:?}");
    }
}

#[test]
fn step_beyond_another_spelling_is_not_read() {
    let own = Throwaway::new();
    for (what, pdf) in hostile(&own) {
        assert_eq!(judged(&own, &pdf).failed_codes(), ["container-malformed"], "{what}");
    }
}

/// A step beyond what readers pass over.
pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    let put = |what: &str, paper: Paper| row(what, signed(own, paper));
    let hidden = "(10 0 obj 20 endobj)";
    let contents = format!("<</Length 10 0 R>>stream\n{TEXT}\r\n\r\nendstream");
    vec![
        put("a letter before the keyword", ended("34", "\r\nx\r\n")),
        put("a comment before the keyword", ended("34", "\n%x\n")),
        put("a vertical tab before the keyword", ended("34", "\n\u{b}\n")),
        put("the keyword twice", ended("34", "\r\n\r\nendstream x ")),
        put("a length too short", ended("20", "\r\n\r\n")),
        put("a length beyond the keyword", ended("60", "\r\n\r\n")),
        put("a length that stands twice", Paper::new(&[(4, &contents), (10, "34"), (11, hidden)])),
        put("an object inside a stream", inside()),
        put("a length behind a comment", Paper::new(&[(4, &contents), (10, "%x\n34")])),
        put("a length behind white space", Paper::new(&[(4, &contents), (10, &format!("{:64}34", ""))])),
        put("a length that is nowhere", Paper::new(&[(4, &contents)])),
        put("a letter before a table", bent("x\nxref\n0 1")),
        put("line ends before a table", bent("\n\n\nxref\n0 1")),
        put("a letter behind a table", parted("x\ntrailer")),
        put("a comment behind a table", parted("%x\ntrailer")),
        put("lines of a table that end in a letter", lined("x\n")),
        row("a byte behind an indefinite length", indefinite(own, &[1])),
        row("line ends behind an indefinite length", indefinite(own, b"\r\n")),
    ]
}

/// The document whose table says that an object stands inside a stream, beside contents that are spelled otherwise.
fn inside() -> Paper {
    let contents = format!("<</Length 34>>stream\n{TEXT}\r\n\r\nendstream");
    let stream = "<</Length 19>>stream\n7 0 obj\n<<>>\nendobj\nendstream";
    let mut paper = Paper::new(&[(4, &contents), (10, stream)]);
    let at = find(&paper.bytes, b"stream\n7 0 obj").unwrap() + 7;
    let line = find(&paper.bytes, b"\n7 1\n").unwrap() + 5;
    paper.bytes[line..line + 10].copy_from_slice(format!("{at:010}").as_bytes());
    paper
}
