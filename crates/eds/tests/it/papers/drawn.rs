// SPDX-License-Identifier: MIT OR Apache-2.0
//! Documents prepared so that what a further signature may touch is drawn.

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
