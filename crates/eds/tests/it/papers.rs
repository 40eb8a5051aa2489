// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile PDF: none is valid, none panics. The honest ones beside them are.

#![expect(clippy::string_slice, reason = "documents made here are cut where they are ASCII")]

mod active;
mod changes;
mod drawn;
mod packed;
mod ranges;
mod searched;
mod spelled;
mod stored;
mod structure;
mod tables;
mod unseen;

use crate::oracle::Throwaway;
use crate::paper::{FORM, PAGE, Paper, judged};

/// Documents that the corpus must hold at least.
const HOSTILE_MIN: usize = 180;

/// What was done, and the document.
type Row = (String, Vec<u8>);

fn twice(own: &Throwaway, instead: &[(u32, &str)], later: &[(u32, &str)], extra: &str) -> Vec<u8> {
    let mut paper = Paper::new(instead);
    // What a signature touches is written anew with it: the first signer signs it as it was prepared.
    paper.sign(own, instead, extra);
    paper.sign(own, later, "");
    paper.bytes
}

fn once(own: &Throwaway) -> Paper {
    let mut paper = Paper::new(&[]);
    paper.sign(own, &[], "");
    paper
}

#[test]

fn honest_papers_are_valid_by_one_signer_and_by_several() {
    let own = Throwaway::new();
    let mut paper = once(&own);
    let certify = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 2/V/1.2>>>>]";
    let stores = "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/DSS 60 0 R>>";
    let unseen = "<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R/Rect[0 0 0 0]/AP<</N 61 0 R>>>>";
    let unseen_form = FORM.1.replace(">>", "/NeedAppearances false>>");
    let blank = "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length 0>>stream\n\nendstream";
    for (what, pdf) in [
        ("one", paper.bytes.clone()),
        ("certified, signing allowed", twice(&own, &[], &[], certify)),
        ("evidence added", twice(&own, &[], &[(1, stores), (60, "<</Type/DSS/Certs[]>>")], "")),
        ("an appearance of nothing", twice(&own, &[], &[(23, unseen), (61, blank)], "")),
        ("title changed", twice(&own, &[], &[(6, "<</Title(another title)>>")], "")),
        ("form that does not draw itself", twice(&own, &[], &[(9, &unseen_form)], "")),
        ("as it stands above", changes::completed(&own, changes::TREE, "/MediaBox[0 0 200 200]/Rotate 0")),
        ("when it was changed", changes::completed(&own, changes::TREE, "/LastModified(D:2026)")),
        ("order of tabs", twice(&own, &[], &[(3, &PAGE.1.replace("/Contents", "/Tabs/S/Contents"))], "")),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
    for signers in 2..5 {
        paper.sign(&own, &[], "");
        let verdict = judged(&own, &paper.bytes);
        assert!(verdict.is_valid(), "{verdict:?}");
        assert_eq!(verdict.signers.len(), signers);
    }
}

#[test]

fn no_hostile_paper_is_valid() {
    let own = Throwaway::new();
    let groups: [(&str, Vec<Row>); 14] = [
        ("appended after the signature", changes::appended(&own)),
        ("evidence after the signature", stored::hostile(&own)),
        ("changed between two signers", changes::between(&own)),
        ("drawn by what may change", drawn::hostile(&own)),
        ("byte ranges", ranges::ranges(&own)),
        ("contents", ranges::contents(&own)),
        ("spelling", spelled::hostile(&own)),
        ("streams of objects", packed::hostile(&own)),
        ("tables", tables::hostile(&own)),
        ("read by another table, or searched", searched::hostile(&own)),
        ("fields", structure::fields(&own)),
        ("structure", structure::structure(&own)),
        ("certified", structure::certified(&own)),
        ("fields that are drawn", unseen::hostile(&own)),
    ];
    let mut all = 0;
    for (group, rows) in &groups {
        println!("{group}: {}", rows.len());
        for (what, pdf) in rows {
            let verdict = judged(&own, pdf);
            assert!(!verdict.is_valid(), "{group}, {what}");
            println!(
                "    {what}: {} {:?}",
                verdict.failed_codes().join(" "),
                verdict.checks.iter().find_map(|it| it.detail.clone())
            );
        }
        all += rows.len();
    }
    println!("{all} hostile papers");
    assert!(all >= HOSTILE_MIN, "{all}");
}

fn row(what: &str, pdf: Vec<u8>) -> Row {
    (what.to_owned(), pdf)
}

#[test]

fn no_flipped_byte_of_a_paper_goes_unnoticed() {
    let own = Throwaway::new();
    let mut paper = once(&own);
    paper.sign(&own, &[], "");
    let good = paper.bytes;
    assert!(judged(&own, &good).is_valid());
    let holes: Vec<(usize, usize)> = eds::pades::signatures(&good)
        .unwrap()
        .iter()
        .map(|it| (it.byte_range[1], it.byte_range[2]))
        .collect();
    let in_hole = |at: usize| holes.iter().any(|(from, to)| (*from..*to).contains(&at));
    let mut harmless = 0;
    for at in 0..good.len() {
        // Of the zeros after the CMS one in 64 is enough.
        if in_hole(at) && good[at] == b'0' && at % 64 != 0 {
            continue;
        }
        for flip in [0x01, 0x20] {
            let mut bytes = good.clone();
            bytes[at] ^= flip;
            if judged(&own, &bytes).is_valid() {
                // Only a digit of the CMS written as a capital letter.
                assert!(
                    in_hole(at) && flip == 0x20 && good[at].is_ascii_alphabetic(),
                    "byte {at} by {flip:#x}"
                );
                harmless += 1;
            }
        }
    }
    println!("{} bytes flipped twice, {harmless} harmless", good.len());
}
