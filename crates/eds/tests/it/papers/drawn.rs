// SPDX-License-Identifier: MIT OR Apache-2.0
//! Documents prepared so that what a further signature may touch is drawn; and pictures of later signatures.

use eds::Outcome;

use super::stored::STREAM;
use super::{Row, row, twice};
use crate::oracle::Throwaway;
use crate::paper::{CATALOG, FORM, OTHER_TEXT, PAGE, Paper, judged};

/// The first revision draws by the catalog, the form, a page or a field, or points where nothing stands.
pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    let shadow = |what: &str, instead: &[(u32, &str)], later: &[(u32, &str)]| {
        row(what, twice(own, instead, later, ""))
    };
    let page = |from: &str, to: &str| PAGE.1.replace(from, to);
    let by = |number: u32| page("/Font", &format!("/XObject {number} 0 R/Font"));
    let ordered = |page: &str| page.replace("/Contents", "/Tabs/S/Contents");
    let catalog = |more: &str| CATALOG.1.replace(">>", &format!("{more}>>"));
    let form = |more: &str| FORM.1.replace(">>", &format!("{more}>>"));
    let elsewhere = CATALOG.1.replace("9 0 R", "95 0 R");
    let as_resources = page("/Resources<</Font<</F1 5 0 R>>>>", "/Resources 9 0 R");
    let kids = [
        (2, "<</Type/Pages/Kids 95 0 R/Count 1>>"),
        (9, "<</Fields 95 0 R/SigFlags 3>>"),
        (95, "[3 0 R{fields}]"),
    ];
    let paged = |more: &str| format!("<</FT/Sig/T(later)/V 22 0 R/Rect[0 0 0 0]{more}>>");
    let other_generation = page("/Contents 4 0 R", "/Contents[4 0 R 55 5 R]");
    let rows = vec![
        shadow("page among its pictures", &[(3, &by(3))], &[(3, &ordered(&by(3)))]),
        shadow("catalog among the pictures", &[(3, &by(1))], &[(3, &by(1)), (1, &catalog("/Version/2.0"))]),
        shadow("form among the pictures", &[(3, &by(9))], &[(3, &by(9))]),
        shadow("form for resources", &[(3, &as_resources)], &[(3, &as_resources)]),
        shadow(
            "page added as a field",
            &kids,
            &[kids[0], kids[1], kids[2], (23, &paged("/MediaBox[0 0 9 9]"))],
        ),
        shadow(
            "list of pages that is the list of fields",
            &kids,
            &[kids[0], kids[1], kids[2], (23, &paged(""))],
        ),
        shadow("field that is a page", &[], &[(23, "<</Type/Page/FT/Sig/T(later)/V 22 0 R/Rect[0 0 0 0]>>")]),
        shadow("order of tabs is a picture", &[], &[(3, &page("/Contents", "/Tabs 7 0 R/Contents"))]),
        shadow("version is a picture", &[], &[(1, &catalog("/Version 7 0 R"))]),
        shadow("notes are a picture", &[], &[(1, &catalog("/Metadata 7 0 R"))]),
        shadow("flags are a picture", &[], &[(9, &FORM.1.replace("/SigFlags 3", "/SigFlags 7 0 R"))]),
        shadow("extensions are a font", &[], &[(1, &catalog("/Extensions<</F<</Subtype/Type1>>>>"))]),
        shadow("store is a picture", &[], &[(1, &catalog("/DSS 7 0 R"))]),
        shadow("resources of the form are a picture", &[], &[(9, &form("/DR 7 0 R"))]),
        shadow(
            "another form, and a picture in the place of the old one",
            &[(3, &by(9))],
            &[(3, &by(9)), (1, &elsewhere), (95, FORM.1), (9, OTHER_TEXT.1)],
        ),
        shadow(
            "pointed to in another generation",
            &[(3, &other_generation)],
            &[(3, &other_generation), (55, OTHER_TEXT.1)],
        ),
        row("notes that became a picture", noted(own, &NOTES.replace("/XML", "/Form/BBox[0 0 9 9]"))),
        row("notes with resources", noted(own, &NOTES.replace("/XML", "/XML/Resources<<>>"))),
        row("store of what is no evidence", evident(own, "<</Length 3>>stream\nabc\nendstream")),
    ];
    rows.into_iter().chain(generations(own)).collect()
}

/// What may change is drawn under a generation that it does not have: some viewers go by the number alone.
fn generations(own: &Throwaway) -> Vec<Row> {
    let by = |pictures: &str| PAGE.1.replace("/Font", &format!("/XObject{pictures}/Font"));
    let catalog = |more: &str| CATALOG.1.replace(">>", &format!("{more}>>"));
    let (noted, versioned) = (catalog("/Metadata 62 0 R"), catalog("/Version/2.0"));
    let (of_notes, of_catalog) = (by("<</M 62 3 R>>"), by(" 1 4 R"));
    let other = NOTES.replace("about", "other");
    let signed = [(1, noted.as_str()), (3, of_notes.as_str()), (62, NOTES)];
    let mut titled = Paper::new(&[]);
    titled.trailer = String::from("/Info 6 2 R");
    titled.sign(own, &[], "");
    titled.sign(own, &[], "");
    vec![
        row("notes", twice(own, &signed, &[(1, &noted), (3, &of_notes), (62, &other)], "")),
        row("catalog", twice(own, &[(3, &of_catalog)], &[(1, &versioned), (3, &of_catalog)], "")),
        row("title", titled.bytes),
    ]
}

const NOTES: &str = "<</Type/Metadata/Subtype/XML/Length 5>>stream\nabout\nendstream";

/// The notes about the file are these when the second one signs.
fn noted(own: &Throwaway, notes: &str) -> Vec<u8> {
    let catalog = CATALOG.1.replace(">>", "/Metadata 62 0 R>>");
    twice(own, &[(1, &catalog), (62, NOTES)], &[(1, &catalog), (62, notes)], "")
}

/// This is a certificate in the store when the second one signs.
fn evident(own: &Throwaway, certificate: &str) -> Vec<u8> {
    let catalog = CATALOG.1.replace(">>", "/DSS<</Certs[62 0 R]>>>>");
    twice(own, &[], &[(1, &catalog), (62, certificate)], "")
}

#[test]
fn notes_and_evidence_between_signers_are_what_they_say() {
    let own = Throwaway::new();
    for (what, pdf) in
        [("notes", noted(&own, &NOTES.replace("about", "other"))), ("store", evident(&own, STREAM))]
    {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
    for (what, pdf) in generations(&own) {
        let verdict = judged(&own, &pdf);
        let mut details = verdict.checks.iter().filter_map(|it| it.detail.as_deref());
        assert!(details.any(|it| it == "changed-after-signing: generation"), "{what}: {verdict:?}");
    }
}

/// The second signature fills this empty field, and is seen there.
fn filled(own: &Throwaway, field: &str) -> Vec<u8> {
    filled_on(own, PAGE.1, field, &[])
}

/// The same on this page, among these objects.
fn filled_on(own: &Throwaway, page: &str, field: &str, more: &[(u32, &str)]) -> Vec<u8> {
    let page = page.replace("8 0 R", "8 0 R 53 0 R");
    let form = FORM.1.replace("8 0 R", "8 0 R 53 0 R");
    let instead = [&[(3, page.as_str()), (9, form.as_str()), (53, field)][..], more].concat();
    let mut paper = Paper::new(&instead);
    paper.sign(own, &instead, "");
    let shown = field.replace("/F 2", "/F 4").replace("/P 3", "/V 22 0 R/AP<</N 7 0 R>>/P 3");
    let (page, form) = (page.replace("{annots}", " 21 0 R"), form.replace("{fields}", " 21 0 R"));
    paper.sign(own, &[(3, &page), (9, &form), (53, &shown), (23, "<<>>")], "");
    paper.bytes
}

#[test]
fn pictures_of_later_signatures_are_for_a_person_to_look_at() {
    let own = Throwaway::new();
    let field = |more: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/P 3 0 R{more}>>");
    let small = "/Rect[10 10 90 40]";
    assert!(judged(&own, &filled(&own, &field(small))).is_valid());
    assert!(judged(&own, &filled(&own, &field(&format!("{small}/F 4")))).is_valid());
    let new = |more: &str| {
        let signed = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R{more}>>");
        twice(&own, &[], &[(23, &signed)], "")
    };
    for (what, pdf) in [
        ("hidden before", filled(&own, &field(&format!("{small}/F 2")))),
        ("a whole page", filled(&own, &field("/Rect[0 0 595 842]"))),
        ("a new place", new("/Rect[0 0 200 200]/AP<</N 7 0 R>>")),
        ("a place alone", new("/Rect[0 0 200 200]")),
        ("a frame", new("/BS<</W 900>>")),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{what}: {verdict:?}");
        assert_eq!(verdict.unknown_codes(), ["appearance-added"], "{what}");
    }
    // Nothing worse hides behind a picture.
    let signed = "<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R/Rect[0 0 200 200]>>";
    let verdict = judged(&own, &twice(&own, &[], &[(23, signed), (4, OTHER_TEXT.1)], ""));
    assert_eq!(verdict.failed_codes(), ["content-not-covered"], "{verdict:?}");
}

/// What it is, the page, the empty field on it and other objects.
type Waiting<'a> = (&'a str, &'a str, &'a str, &'a [(u32, &'a str)]);

#[test]
fn an_empty_field_takes_at_most_a_quarter_of_its_page() {
    let own = Throwaway::new();
    let field = |rect: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/P 3 0 R/Rect[{rect}]>>");
    let page = |from: &str, to: &str| PAGE.1.replace(from, to);
    let boxed = |more: &str| page("/Contents", &format!("{more}/Contents"));
    let bare = page("/MediaBox[0 0 200 200]", "");
    let strange = bare.replace("/Parent 2", "/Parent 54");
    let node = |more: &str| format!("<</Type/Pages/Kids[3 0 R]/Count 1{more}>>");
    let (large, cut) = (node("/MediaBox[0 0 200 200]"), node("/CropBox[0 0 50 50]"));
    let both = "<</Type/Pages/Kids[3 0 R 54 0 R]/Count 2>>";
    let tiny = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]/Annots[53 0 R]>>";
    let (small, quarter) = (field("10 10 90 40"), field("0 0 100 100"));
    let seen: [Waiting<'_>; 4] = [
        ("a quarter", PAGE.1, &quarter, &[]),
        ("in other units", &boxed("/UserUnit 3"), &small, &[]),
        ("cut a little", &boxed("/CropBox[0 0 190 190]"), &small, &[]),
        ("inherited", &bare, &small, &[(2, &large)]),
    ];
    for (what, page, field, more) in seen {
        let verdict = judged(&own, &filled_on(&own, page, field, more));
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
    let unseen: [Waiting<'_>; 10] = [
        ("more than a quarter", PAGE.1, &field("0 0 101 100"), &[]),
        ("most of it, in other units", &boxed("/UserUnit 3"), &field("0 0 200 200"), &[]),
        ("cut", &boxed("/CropBox[0 0 50 50]"), &small, &[]),
        ("cut at the corner", &boxed("/CropBox[150 150 900 900]"), &small, &[]),
        ("cut by what is passed on", PAGE.1, &small, &[(2, &cut)]),
        ("passed on otherwise", &strange, &small, &[(2, &large), (54, "<</MediaBox[0 0 50 50]>>")]),
        ("without a size", &bare, &small, &[]),
        ("of no size that is one", &page("[0 0 200 200]", "[0 0 99999 99999]"), &small, &[]),
        ("on no page", &page("8 0 R{annots}", "{annots}"), &small, &[]),
        ("on a smaller page too", PAGE.1, &small, &[(2, both), (54, tiny)]),
    ];
    for (what, page, field, more) in unseen {
        let verdict = judged(&own, &filled_on(&own, page, field, more));
        assert_eq!(verdict.unknown_codes(), ["appearance-added"], "{what}: {verdict:?}");
    }
}
