// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tables that are not what they say: other readers search such a file for objects, and the last one found is shown.

use super::stored::{INFO, STORE, STREAM};
use super::{Row, once, row};
use crate::oracle::Throwaway;
use crate::paper::{CATALOG, Paper, judged};

/// An object, and behind it other contents of the page, which no table names.
const SHADOW: &str =
    "<<>>\nendobj\n4 0 obj\n<</Length 34>>stream\nBT /F1 12 Tf (pay 900 tenge) Tj ET\nendstream";
const MALFORMED: &str = "container-malformed";
const NOT_COVERED: &str = "content-not-covered";

/// What the table of evidence after the signature says, and what instead.
const BENT: [(&str, &str); 24] = [
    ("\n1 1\n", "\n1 0\n"),
    ("\n1 1\n", "\n1 2\n"),
    ("\n60 1\n", "\n60 0\n"),
    ("\n60 1\n", "\n60 5\n"),
    ("\n60 1\n", "\n60 4294967295\n"),
    ("\n62 1\n", "\n4294967295 1\n"),
    ("\n60 1\n", "\n99999999999 1\n0000000000 65535 n \n60 1\n"),
    ("\n60 1\n", "\n8388608 1\n0000000000 00000 f \n60 1\n"),
    ("\n60 1\n", "\n60 1\n0000000000 00000 f \n60 1\n"),
    ("\n60 1\n00000", "\n60 1\n"),
    (" 00000 n ", " 0 n "),
    ("0000000000 65535 f", "000000000 65535 f"),
    ("/Size 63", "/Size 99999999"),
    ("/Size 63", "/Size 64"),
    ("/Size 63", "/Size 62"),
    ("/Size 63", "/Size 1"),
    ("/Size 63", "/Size 0"),
    ("/Size 63", "/Size -1"),
    ("/Size 63", "/Size 63.0"),
    ("/Size 63", "/Size 6 0 R"),
    ("/Root", "/ID 5/Root"),
    ("/Root", "/ID[(a)]/Root"),
    ("/Root", "/ID[(a)5]/Root"),
    ("/Root", "/DocChecksum 4 0 R/Root"),
];

/// What the table of a signed revision says, and what instead.
const BENT_SIGNED: [(&str, &str); 5] = [
    ("\n20 1\n", "\n20 0\n"),
    ("\n9 1\n", "\n9 7\n"),
    ("/Size 22", "/Size 23"),
    ("/Size 22", "/Size 1"),
    ("/Root", "/ID(a)/Root"),
];

/// What a stream of cross-references after the signature says, and what instead.
const BENT_STREAM: [(&str, &str); 12] = [
    ("[1 1 61 2]", "[1 1 61 2 99]"),
    ("[1 1 61 2]", "[1 1 61 9]"),
    ("[1 1 61 2]", "[1 1 61 1]"),
    ("[1 1 61 2]", "[1 1 61 2.0]"),
    ("[1 1 61 2]", "[1 1 1 2]"),
    ("[1 4 2]", "[1 4 1]"),
    ("[1 4 2]", "[1 4 2 0]"),
    ("/Type/XRef", ""),
    ("/Type/XRef", "/Type/ObjStm"),
    ("/Size 63", "/Size 2"),
    ("/Size 63", "/Size 64"),
    ("/Size 63", "/Size 99999999"),
];

/// The document, signed, and after it a store whose table was bent so.
fn after(own: &Throwaway, bent: (&'static str, &'static str)) -> Vec<u8> {
    let mut paper = once(own);
    paper.bent = Some(bent);
    paper.append(&STORE, INFO);
    paper.bytes
}

/// The document, signed in a revision whose table was bent so, and again by another.
fn signed(own: &Throwaway, bent: (&'static str, &'static str)) -> Vec<u8> {
    let mut paper = Paper::new(&[]);
    paper.bent = Some(bent);
    paper.sign(own, &[], "");
    paper.bent = None;
    paper.sign(own, &[], "");
    paper.bytes
}

/// The document, signed, and after it a store with a stream of cross-references that was bent so.
fn streamed(own: &Throwaway, (from, to): (&str, &str)) -> Vec<u8> {
    let good = once(own);
    let (mut bytes, mut lines) = (good.bytes.clone(), Vec::new());
    let mut line = |at: usize| {
        lines.push(1);
        lines.extend(u32::try_from(at).unwrap().to_be_bytes());
        lines.extend([0, 0]);
    };
    let catalog = CATALOG.1.replace(">>", "/DSS<</CRLs[61 0 R]>>>>");
    for (id, body) in [(1, catalog.as_str()), (61, STREAM)] {
        line(bytes.len());
        bytes.extend(format!("{id} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    let (start, previous) = (bytes.len(), good.table_at().unwrap());
    line(start);
    let said = format!(
        "<</Type/XRef/Size 63/W[1 4 2]/Index[1 1 61 2]/Root 1 0 R{INFO}/Prev {previous}/Length {}>>",
        lines.len()
    );
    assert!(said.contains(from), "{from}");
    bytes.extend(format!("62 0 obj\n{}stream\n", said.replacen(from, to, 1)).into_bytes());
    bytes.extend(lines);
    bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").into_bytes());
    bytes
}

/// The document, signed by two, and between them a store in a revision of its own, with a word in the second's trailer.
fn between(own: &Throwaway, store: &[(u32, &str)], word: impl FnOnce(usize) -> String) -> Vec<u8> {
    let mut paper = once(own);
    let at = paper.bytes.len();
    paper.append(store, INFO);
    paper.trailer = format!("{INFO}{}", word(at));
    paper.sign(own, &[STORE[0]], "");
    paper.bytes
}

#[test]
fn tables_that_are_what_they_say_are_read() {
    let own = Throwaway::new();
    let marks = ("/Root", "/ID[<00> (a\\)b)]/DocChecksum/AB12/Root");
    for (what, pdf) in [
        ("a revision between two signatures", between(&own, &STORE, |_| String::new())),
        ("a stream of cross-references", streamed(&own, ("", ""))),
        ("marks of the file", signed(&own, marks)),
        ("marks of the evidence", after(&own, marks)),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn table_that_is_not_what_it_says_is_not_read() {
    let own = Throwaway::new();
    for (what, pdf) in bent(&own) {
        assert_eq!(judged(&own, &pdf).failed_codes(), [MALFORMED], "{what}");
    }
    for (what, pdf) in shadows(&own) {
        assert_eq!(judged(&own, &pdf).failed_codes(), [NOT_COVERED], "{what}");
    }
}

fn bent(own: &Throwaway) -> Vec<Row> {
    let named = |what: &str, it: (&str, &str)| format!("{what}: {:?} instead of {:?}", it.1, it.0);
    let mut rows = vec![row("1024 spaces", [once(own).bytes.as_slice(), &[b' '; 1024]].concat())];
    let mut lower = Paper::new(&[(100, "<<>>")]);
    lower.sign(own, &[], "");
    lower.bent = Some(("/Size 101", "/Size 63"));
    lower.append(&STORE, INFO);
    rows.push(row("a number below that of an earlier object", lower.bytes));
    rows.extend(BENT.map(|it| (named("evidence", it), after(own, it))));
    rows.extend(BENT_SIGNED.map(|it| (named("signed", it), signed(own, it))));
    rows.extend(BENT_STREAM.map(|it| (named("stream", it), streamed(own, it))));
    rows
}

/// Objects that no table names, and a table with a stream beside it.
fn shadows(own: &Throwaway) -> Vec<Row> {
    let mut later = once(own);
    later.sign(own, &[(30, SHADOW)], "");
    let mut evidence = once(own);
    evidence.append(&[STORE[0], STORE[1], STORE[2], (62, &SHADOW.replacen("<<>>", STORE[3].1, 1))], INFO);
    let stream =
        format!("<</Type/XRef/Size 64/W[1 4 2]/Index[63 1]/Length 7>>stream\n{}\nendstream", "\0".repeat(7));
    let mut beside = vec![(70, stream.as_str())];
    beside.extend(STORE);
    let shadowed = [(70, SHADOW), STORE[1], STORE[2], STORE[3]];
    vec![
        row("in the revision of a later signature", later.bytes),
        row("in a revision between two signatures", between(own, &shadowed, |_| String::new())),
        row("in the evidence", evidence.bytes),
        row("a stream beside a table", between(own, &beside, |at| format!("/XRefStm {at}"))),
        row("65 spaces", [once(own).bytes.as_slice(), &[b' '; 65]].concat()),
    ]
}

pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    [bent(own), shadows(own)].concat()
}
