// SPDX-License-Identifier: MIT OR Apache-2.0
//! Documents prepared so that what a further signature may touch is drawn; and pictures of later signatures.

use eds::Outcome;

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
    let other_generation = page("/Contents 4 0 R", "/Contents[4 0 R 55 5 R]");
    vec![
        shadow("page among its pictures", &[(3, &by(3))], &[(3, &ordered(&by(3)))]),
        shadow("catalog among the pictures", &[(3, &by(1))], &[(3, &by(1)), (1, &catalog("/Version/2.0"))]),
        shadow("form among the pictures", &[(3, &by(9))], &[(3, &by(9))]),
        shadow("form for resources", &[(3, &as_resources)], &[(3, &as_resources)]),
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
    ]
}

/// The second signature fills this empty field, and is seen there.
fn filled(own: &Throwaway, field: &str) -> Vec<u8> {
    let page = PAGE.1.replace("8 0 R", "8 0 R 53 0 R");
    let form = FORM.1.replace("8 0 R", "8 0 R 53 0 R");
    let instead = [(3, page.as_str()), (9, form.as_str()), (53, field)];
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
