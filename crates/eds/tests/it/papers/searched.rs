// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that some readers do not read by the last table: they take them for linearized ones, or search them for objects because
//! a reference leads to nothing. And what was spelled oddly before it was written anew.

use eds::pades::{PadesError, SignatureInfo, prepare};

use super::{Row, once, row, twice};
use crate::oracle::Throwaway;
use crate::paper::{CATALOG, OTHER_TEXT, PAGE, Paper, find, judged};

/// What a linearized file begins with; `{}` stands for its length.
const LINEAR: &str = "\n90 0 obj\n<</Linearized 1/L {}/H[1 2]/O 3/E 4/N 1/T 5>>\nendobj\n";
/// The catalog with notes that are not there.
const AWAITING: (u32, &str) = (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/Metadata 77 0 R>>");
/// Other contents of the page.
const OTHER: &str = "<</Length 34>>stream\nBT /F1 12 Tf (pay 900 tenge) Tj ET\nendstream";

/// The document that begins so, signed twice: the length that it says is that of what so many had signed, and more.
fn begun(own: &Throwaway, first: &str, signers: usize, more: usize) -> Vec<u8> {
    let made = |length: usize| {
        let first = first.replace("{}", &format!("{length:010}"));
        let mut paper = Paper::headed(format!("%PDF-1.7{first}").as_bytes(), &[]);
        let mut lengths = vec![paper.bytes.len()];
        for _ in 0..2 {
            paper.sign(own, &[], "");
            lengths.push(paper.bytes.len());
        }
        (paper.bytes, lengths)
    };
    made(made(0).1[signers] + more).0
}

/// The document with these objects, in which a reference leads to nothing, signed once.
fn awaiting(own: &Throwaway, objects: &[(u32, &str)]) -> Paper {
    let mut all = vec![AWAITING];
    all.retain(|it| !objects.iter().any(|other| other.0 == it.0));
    all.extend(objects);
    let mut paper = Paper::new(&all);
    paper.sign(own, &all[..1], "");
    paper
}

/// An object behind which another one stands that no table names.
fn beside(head: &str) -> String {
    format!("<<>>\nendobj\n{head}\n{OTHER}")
}

/// A stream of these bytes.
fn stream(bytes: &str) -> String {
    format!("<</Length {}>>stream\n{bytes}\nendstream", bytes.len())
}

/// A reference leads to nothing, and the contents end without the end of a line.
fn told(own: &Throwaway, filter: &str, contents: &str) -> Vec<u8> {
    let body = format!("<</Length {}/Filter{filter}>>stream\n{contents}endstream", contents.len());
    awaiting(own, &[(4, &body)]).bytes
}

#[test]
fn linearized_files_that_were_signed_later_are_valid() {
    let own = Throwaway::new();
    for (what, first) in [
        ("linearized", LINEAR.to_owned()),
        ("under a comment", format!("\n%\u{e2}\u{e3}\n{}", LINEAR.trim_start())),
        ("the word in a text", LINEAR.replace("/Linearized 1", "/Producer(/Linearized)")),
        ("the word elsewhere", format!("\n5 0 obj\n<<>>\nendobj{}", LINEAR.replace(" {}", " 6 0 R"))),
    ] {
        let verdict = judged(&own, &begun(&own, &first, 0, 0));
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn files_that_await_what_is_not_there_are_valid_where_nothing_else_is_found() {
    let own = Throwaway::new();
    let mut awaiting = awaiting(&own, &[]);
    awaiting.sign(&own, &[AWAITING], "");
    let mut trailer = Paper::new(&[]);
    trailer.trailer = "/Info 6 0 R/X 77 0 R".to_owned();
    trailer.sign(&own, &[], "");
    trailer.sign(&own, &[], "");
    for (what, pdf) in [
        ("an object", awaiting.bytes),
        ("the trailer", trailer.bytes),
        ("an end that letters tell", told(&own, "/ASCII85Decode", "BOu~>")),
        ("the same among filters", told(&own, "[/ASCII85Decode/ASCII85Decode]", "BOu~>")),
        ("nothing awaited", twice(&own, &[(30, &beside("4 0 obj"))], &[], "")),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn what_readers_read_otherwise_is_told() {
    let own = Throwaway::new();
    for (rows, part) in [(linear(&own), "the linearization"), (searched(&own), "the target of a reference")] {
        for (what, pdf) in rows {
            let verdict = judged(&own, &pdf);
            assert_eq!(verdict.failed_codes(), ["container-malformed"], "{what}");
            let told = Some(format!("{part} of the pdf is missing or unusual"));
            assert_eq!(verdict.checks[0].detail, told, "{what}");
        }
    }
    for (what, pdf) in later(&own) {
        let verdict = judged(&own, &pdf);
        assert_eq!(verdict.failed_codes(), ["content-not-covered"], "{what}");
        let told = Some(format!("changed-after-signing: {what}"));
        assert!(verdict.checks.iter().any(|it| it.detail == told), "{what}: {verdict:?}");
    }
}

#[test]
fn file_that_would_be_read_otherwise_is_not_prepared() {
    let own = Throwaway::new();
    let info = SignatureInfo {
        name: "A".to_owned(),
        reason: None,
        location: None,
        contact: None,
        time: own.leaf.not_before(),
        placeholder_bytes: 2048,
    };
    let paper = |length: usize| {
        let first = LINEAR.replace("{}", &format!("{length:010}"));
        Paper::headed(format!("%PDF-1.7{first}").as_bytes(), &[]).bytes
    };
    let length = prepare(&paper(0), &info).unwrap().bytes.len();
    assert!(prepare(&paper(paper(0).len()), &info).is_ok());
    let unusual = |part: &'static str| Some(PadesError::Unusual { part });
    assert_eq!(prepare(&paper(length), &info).err(), unusual("the linearization"));
    let shadow = Paper::new(&[AWAITING, (30, &beside("4 0 obj"))]);
    assert_eq!(prepare(&shadow.bytes, &info).err(), unusual("the target of a reference"));
}

/// Files that begin as linearized ones of the length that they have or had, or may be read so.
fn linear(own: &Throwaway) -> Vec<Row> {
    let with = |from: &str, to: &str| LINEAR.replace(from, to);
    let rows = [
        ("the length of all", LINEAR.to_owned(), 2, 0),
        ("the length with white space", LINEAR.to_owned(), 2, 20),
        ("the length of the first signed revision", LINEAR.to_owned(), 1, 0),
        ("a length with a point", with("{}", "{}."), 0, 0),
        ("a length with a sign", with("{}", "+{}"), 0, 0),
        ("a length elsewhere", with("{}", "6 0 R"), 0, 0),
        ("a length that stands twice", with("/H", "/L 5/H"), 0, 0),
        ("no length", with("/L {}", ""), 0, 0),
        ("another spelling", with("/Linearized", "/Line#61rized"), 0, 0),
        ("a value without a name", with("1/L", "1 1/L"), 0, 0),
        ("a comment in the head", with("90 0", "90 %x\n0"), 0, 0),
        ("on the line of the version", LINEAR.replace('\n', " ") + "\n", 0, 0),
    ];
    rows.map(|(what, first, signers, more)| row(what, begun(own, &first, signers, more))).into()
}

/// Files in which a search finds other objects than the tables name, where a reference leads to nothing.
fn searched(own: &Throwaway) -> Vec<Row> {
    let with = |what: &str, body: &str| row(what, awaiting(own, &[(30, body)]).bytes);
    let text = "BT /F1 12 Tf (pay 100 tenge) Tj ET";
    let contents = |what: &str, body: &str| row(what, awaiting(own, &[(4, body)]).bytes);
    let long = format!("%{}14 0 obj", "x".repeat(253));
    let of_other_age = AWAITING.1.replace("77 0 R", "4 1 R");
    let aged = awaiting(own, &[(1, &of_other_age), (30, &beside("4 1 obj"))]);
    vec![
        with("not named", &beside("4 0 obj")),
        with("not named, under the number that is awaited", &beside("77 0 obj")),
        with("inside a stream", &stream("4 0 obj\n<<>>\nendobj")),
        with("under a number above all", &beside("4294967300 0 obj")),
        with("behind other white space", &beside("4 0\u{b}obj")),
        with("behind a comment", &beside("4\0%x\n0 obj")),
        with("at the end of a long line", &beside(&long)),
        with("a trailer inside a stream", &stream("trailer\n<</Root 3 0 R>>")),
        contents("an end inside a stream", &stream(&format!("{text}\nendstream\n"))),
        contents("an end that begins no line", &format!("<</Length 34>>stream\n{text}endstream")),
        row("an end that letters of no filter tell", told(own, "/FlateDecode", "BOu~>")),
        row("an end that letters tell no more", told(own, "/ASCII85Decode", "BOu~>BT")),
        row("an end that a later filter tells", told(own, "[/FlateDecode/ASCII85Decode]", "BOu~>")),
        row("of another generation", aged.bytes),
        row("awaited by the trailer", by_trailer(own)),
        row("an earlier place named again", named_again(own)),
        row("taken away", taken_away(own)),
    ]
}

fn by_trailer(own: &Throwaway) -> Vec<u8> {
    let mut paper = Paper::new(&[(30, &beside("4 0 obj"))]);
    paper.trailer = "/Info 6 0 R/X 77 0 R".to_owned();
    paper.sign(own, &[], "");
    paper.bytes
}

/// The contents were changed, and the table of the signed revision names the earlier ones.
fn named_again(own: &Throwaway) -> Vec<u8> {
    let mut paper = Paper::new(&[AWAITING]);
    let at = find(&paper.bytes, b"4 0 obj").unwrap();
    paper.append(&[(4, OTHER_TEXT.1)], "/Info 6 0 R");
    let line = format!("\n4 1\n{at:010} 00000 n \n20 1\n");
    paper.bent = Some(("\n20 1\n", line.leak()));
    paper.sign(own, &[AWAITING], "");
    paper.bytes
}

/// What is referred to was taken away and still stands in the file.
fn taken_away(own: &Throwaway) -> Vec<u8> {
    let catalog = AWAITING.1.replace("77", "7");
    let mut paper = Paper::new(&[(1, &catalog)]);
    paper.bent = Some(("\n20 1\n", "\n7 1\n0000000000 00001 f \n20 1\n"));
    paper.sign(own, &[(1, &catalog)], "");
    paper.bytes
}

/// What a later signature brings that other readers read otherwise, by the word for it.
fn later(own: &Throwaway) -> Vec<Row> {
    let mut trailer = once(own);
    trailer.trailer = "/Info 6 0 R/X 77 0 R".to_owned();
    trailer.sign(own, &[], "");
    let page = PAGE.1.replace("/Contents", "/Contents 7 0 R/Contents");
    let catalog = CATALOG.1.replace("/Pages", "/P#61ges");
    vec![
        row("object-absent", trailer.bytes),
        row("object-not-plain", twice(own, &[(3, &page)], &[], "")),
        row("object-not-plain", twice(own, &[(1, &catalog)], &[], "")),
    ]
}

pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    let filled = "<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R/Rect[0 0 0 0]/P 3 0 R/NM 77 0 R>>";
    let stored = (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/DSS<</Certs[]/VRI 77 0 R>>>>");
    let more = vec![
        row("a new field that awaits", twice(own, &[], &[(23, filled)], "")),
        row("a store that awaits", twice(own, &[], &[stored], "")),
    ];
    [linear(own), searched(own), later(own), more].concat()
}
