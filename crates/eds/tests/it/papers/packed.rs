// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streams of objects: each reader takes what the table names out of them, so nothing else may lie there; and objects that
//! other readers read otherwise because of their spelling.

use std::collections::BTreeMap;

use super::stored::{INFO, STORE, STREAM};
use super::{Row, once, row};
use crate::oracle::Throwaway;
use crate::paper::{PAGE, Paper, judged};

/// The number of the stream of objects, and of the stream of cross-references behind it.
const CONTAINER: u32 = 64;
const TABLE: u32 = 65;
const EVIDENCE: &str = "<</Type/DSS/CRLs[61 0 R]>>";

/// A stream of objects, and what the table says of it.
struct Packed {
    kind: &'static str,
    count: usize,
    /// Numbers and places, without those where an object begins as it should.
    index: String,
    objects: String,
    named: Vec<(u32, u16)>,
}

/// The catalog with a store, and the store.
fn honest() -> Packed {
    let (catalog, store) = (STORE[0].1, EVIDENCE);
    Packed {
        kind: "/ObjStm",
        count: 2,
        index: format!("1 0 60 {} ", catalog.len() + 1),
        objects: format!("{catalog} {store} "),
        named: vec![(1, 0), (60, 1)],
    }
}

/// The document, signed, and after it evidence in a stream of objects.
fn after(own: &Throwaway, packed: &Packed) -> Vec<u8> {
    let good = once(own);
    let mut bytes = good.bytes.clone();
    let mut lines: BTreeMap<u32, [u8; 7]> = BTreeMap::new();
    let line = |kind: u8, place: usize, order: u16| {
        let (place, order) = (u32::try_from(place).unwrap().to_be_bytes(), order.to_be_bytes());
        let all = [&[kind][..], &place, &order].concat();
        <[u8; 7]>::try_from(all).unwrap()
    };
    let data = format!("{}{}", packed.index, packed.objects);
    let container = format!(
        "<</Type{}/N {}/First {}/Length {}>>stream\n{data}\nendstream",
        packed.kind,
        packed.count,
        packed.index.len(),
        data.len()
    );
    for (id, body) in [(61, STREAM), (CONTAINER, container.as_str())] {
        lines.insert(id, line(1, bytes.len(), 0));
        bytes.extend(format!("{id} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    lines.extend(packed.named.iter().map(|it| (it.0, line(2, usize::try_from(CONTAINER).unwrap(), it.1))));
    let (start, previous) = (bytes.len(), good.table_at().unwrap());
    lines.insert(TABLE, line(1, start, 0));
    let index: Vec<String> = lines.keys().map(|it| format!("{it} 1")).collect();
    let rows: Vec<u8> = lines.into_values().flatten().collect();
    let said = format!(
        "<</Type/XRef/Size 66/W[1 4 2]/Index[{}]/Root 1 0 R{INFO}/Prev {previous}/Length {}>>",
        index.join(" "),
        rows.len()
    );
    bytes.extend(format!("{TABLE} 0 obj\n{said}stream\n").into_bytes());
    bytes.extend(rows);
    bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").into_bytes());
    bytes
}

/// The same with an object more behind the others.
fn with(number: u32, object: &str, count: usize, named: &[(u32, u16)]) -> Packed {
    let mut packed = honest();
    packed.index = format!("{}{number} {} ", packed.index, packed.objects.len());
    packed.objects = format!("{}{object} ", packed.objects);
    packed.named.extend(named);
    Packed { count, ..packed }
}

#[test]
fn objects_in_a_stream_that_the_table_names_are_read() {
    let own = Throwaway::new();
    let apart = Packed { objects: honest().objects.replacen("> ", ">\n", 1), ..honest() };
    let commented = Packed { index: format!("{}%qpdf\n", honest().index), ..honest() };
    for packed in [honest(), apart, commented] {
        let verdict = judged(&own, &after(&own, &packed));
        assert!(verdict.is_valid(), "{verdict:?}");
    }
}

#[test]
fn stream_of_objects_that_readers_read_otherwise_is_not_read() {
    let own = Throwaway::new();
    for (what, pdf) in bent(&own) {
        assert_eq!(judged(&own, &pdf).failed_codes(), ["container-malformed"], "{what}");
    }
}

#[test]
fn objects_that_readers_read_otherwise_cover_nothing() {
    let own = Throwaway::new();
    for (what, pdf) in unplain(&own) {
        let verdict = judged(&own, &pdf);
        assert_eq!(verdict.failed_codes(), ["content-not-covered"], "{what}");
        let told = Some("changed-after-signing: object-not-plain".to_owned());
        assert!(verdict.checks.iter().any(|it| it.detail == told), "{what}: {verdict:?}");
        assert_eq!(verdict.signers[0].outcome, eds::Outcome::Invalid, "{what}");
    }
    let mut paper = once(&own);
    paper.sign(&own, &[], "/Prop_Build<</App<</Name/Invented#20Signer>>>>");
    let verdict = judged(&own, &paper.bytes);
    assert!(verdict.is_valid(), "{verdict:?}");
}

/// Streams of objects that hold another thing than the table says, or more.
fn bent(own: &Throwaway) -> Vec<Row> {
    let page = PAGE.1.replace("8 0 R{annots}", "8 0 R 21 0 R");
    let index = |index: &str| Packed { index: index.to_owned(), ..honest() };
    let objects =
        |from: &str, to: &str| Packed { objects: honest().objects.replacen(from, to, 1), ..honest() };
    let named = |named: &[(u32, u16)]| Packed { named: named.to_vec(), ..honest() };
    let store = STORE[0].1.len() + 1;
    let rows = [
        ("more than it counts", with(3, &page, 2, &[])),
        ("more than the table names", with(3, &page, 3, &[])),
        ("a number twice", with(1, STORE[0].1, 3, &[])),
        ("less than the table names", named(&[(1, 0), (60, 1), (62, 2)])),
        ("in another order", named(&[(1, 1), (60, 0)])),
        ("under another number", index(&format!("2 0 60 {store} "))),
        ("descending places", index(&format!("60 {store} 1 0 "))),
        ("one inside the other", index("1 0 60 2 ")),
        ("places behind the end", index("1 0 60 9999 ")),
        ("a sign", index(&format!("+1 0 60 {store} "))),
        ("a letter in the index", index(&format!("1 0 60 {store}x "))),
        ("a number alone", index(&format!("1 0 60 {store} 3 "))),
        ("another kind", Packed { kind: "/XObject", ..honest() }),
        ("a kind in another spelling", Packed { kind: "/Obj#53tm", ..honest() }),
        ("a name that is none", objects("/Type/DSS", "/Type/DSS/a#zz 1")),
        ("something between", objects("> ", ">x")),
        ("two values", objects("> ", ">5")),
        ("a reference", with(62, "60 0 R", 3, &[(62, 2)])),
        ("a stream", with(62, "<</Length 1>>stream\nx\nendstream", 3, &[(62, 2)])),
        ("numbers that touch", touching()),
    ];
    rows.into_iter().map(|(what, it)| row(what, after(own, &it))).collect()
}

/// Two numbers that nothing parts.
fn touching() -> Packed {
    let one = with(62, "1", 4, &[(62, 2), (63, 3)]);
    let objects = one.objects.trim_end();
    Packed { index: format!("{}63 {} ", one.index, objects.len()), objects: format!("{objects}2"), ..one }
}

/// Evidence in a spelling that readers read otherwise.
fn unplain(own: &Throwaway) -> Vec<Row> {
    let with = |what: &str, number: u32, body: &str| {
        let mut paper = Paper::new(&[]);
        paper.sign(own, &[], "");
        let mut all = STORE.to_vec();
        all.retain(|it| it.0 != number);
        all.push((number, body));
        paper.append(&all, INFO);
        row(what, paper.bytes)
    };
    let (catalog, store) = (STORE[0].1, STORE[1].1);
    let twice = Packed { objects: honest().objects.replacen("/CRLs", "/CRLs[]/CRLs", 1), ..honest() };
    vec![
        with("a name twice", 1, &catalog.replace("/Pages 2 0 R", "/Pages 4 0 R/Pages 2 0 R")),
        with("a letter by its number", 1, &catalog.replace("/Pages", "/Pag#65s")),
        with("a name twice within", 60, &store.replace("/AB12", "/AB12 62 0 R/AB12")),
        with("numbers that nothing parts", 61, &STREAM.replace("/Length", "/X[1+1]/Length")),
        row("in a stream of objects", after(own, &twice)),
    ]
}

pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    [bent(own), unplain(own)].concat()
}
