// SPDX-License-Identifier: MIT OR Apache-2.0
//! Later signatures that show nothing, those that do, and fields that readers draw by the form.

use eds::Outcome;

use super::{Row, row, twice};
use crate::oracle::Throwaway;
use crate::paper::{FORM, OTHER_TEXT, PAGE, Paper, judged};

const BLANK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length 0>>stream\n\nendstream";
const EMPTY: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 10>>stream\n% nothing\n\nendstream";
/// By what other readers draw notes that are no widgets.
const INK: &str = "/InkList[[50 50 100 60 150 50]]/C[1 0 0]";
const AREA: &str = "/QuadPoints[0 200 200 200 0 0 200 0]/C[0 0 0]";

/// The second signer's new field is this.
fn new(own: &Throwaway, more: &str) -> Vec<u8> {
    let field = format!("<</FT/Sig/T(later)/V 22 0 R{more}>>");
    twice(
        own,
        &[],
        &[(23, &field), (61, BLANK), (62, "/Ink"), (64, "<</Type/SigFieldLock/Action/All>>"), (65, EMPTY)],
        "",
    )
}

/// The field 53 waits on the page as it is, and the second signature fills it so.
fn filled(own: &Throwaway, before: &str, after: &str) -> Vec<u8> {
    let field = |more: &str| format!("<</Type/Annot/FT/Sig/T(later){more}>>");
    let (page, form) = (PAGE.1.replace("8 0 R", "8 0 R 53 0 R"), FORM.1.replace("8 0 R", "8 0 R 53 0 R"));
    let waiting = field(before);
    let instead = [(3, page.as_str()), (9, form.as_str()), (53, waiting.as_str()), (61, BLANK)];
    let mut paper = Paper::new(&instead);
    paper.sign(own, &instead, "");
    let (page, form) = (page.replace("{annots}", " 21 0 R"), form.replace("{fields}", " 21 0 R"));
    let signed = field(&format!("{after}/V 22 0 R"));
    paper.sign(own, &[(3, &page), (9, &form), (53, &signed), (23, "<<>>")], "");
    paper.bytes
}

/// The form says this when the first signer signs and that when the second does; its field is this one.
fn formed(own: &Throwaway, field: &str, before: &str, after: &str) -> Vec<u8> {
    let form = |more: &str| FORM.1.replace(">>", &format!("{more}>>"));
    let own_field = format!("<</Type/Annot/T(amount)/V(900)/Rect[0 0 90 9]/P 3 0 R{field}>>");
    let (before, after) = (form(before), form(after));
    let instead = [(8, own_field.as_str()), (9, &before), (62, "/Widget"), (63, "/Tx")];
    twice(own, &instead, &[(8, &own_field), (9, &after)], "")
}

#[test]
fn a_later_signature_that_shows_nothing_leaves_the_earlier_ones_valid() {
    let own = Throwaway::new();
    let widget = "/Type/Annot/Subtype/Widget";
    let waits = "/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R";
    for (what, pdf) in [
        ("by pyHanko", new(&own, &format!("{widget}/F 132/Rect[0 0 0 0]/P 3 0 R/Lock 64 0 R"))),
        ("by Acrobat", new(&own, &format!("{widget}/F 132/MK<<>>/Rect[0.0 0.0 0.0 0.0]/AP<</N 61 0 R>>"))),
        ("by iText", new(&own, &format!("{widget}/F 132/Rect[0 0 0 0]/AP<</N 61 0 R>>/Border[0 0 0]"))),
        (
            "with notes",
            new(&own, &format!("{widget}/TU(A)/M(D:2026)/NM(x)/Ff 1/Q 0/DA(/F1 0 Tf)/BS<</W 0>>")),
        ),
        ("with letters of nothing", new(&own, &format!("{widget}/Rect[0 0 0 0]/AP<</N 61 0 R>>/DR<<>>"))),
        ("by LibreOffice", new(&own, &format!("{widget}/F 132/Rect[0 0 0 0]/DV 22 0 R/Lang(kk)"))),
        ("by endesive", new(&own, &format!("{widget}/Rect[0 0.0 0.0 0]/AP<</N<</Bbox[0 0 9 9]>>>>"))),
        ("no widget", new(&own, "")),
        ("a place without extent that waited", filled(&own, waits, &format!("{waits}/F 132/M(D:2026)"))),
        ("an appearance of nothing for it", filled(&own, waits, &format!("{waits}/AP<</N 61 0 R>>"))),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn pictures_of_later_signatures_are_for_a_person_to_look_at() {
    let own = Throwaway::new();
    let small = "/Subtype/Widget/Rect[10 10 90 40]/P 3 0 R";
    let picture = "/AP<</N 7 0 R>>";
    let waited =
        |more: &str, shown: &str| filled(&own, &format!("{small}{more}"), &format!("{small}{shown}"));
    let of_kind = |kind: &str, drawn: &str| {
        let before = format!("/Subtype/{kind}/Rect[10 10 20 20]{drawn}");
        filled(&own, &format!("{before}/AP<</N 61 0 R>>"), &before)
    };
    let pictures = [
        ("a place that waited", waited("/F 4", &format!("/F 4{picture}"))),
        ("a place alone that waited", waited("", "")),
        ("hidden before", waited("/F 2", &format!("/F 4{picture}"))),
        ("not zoomed", waited("", &format!("/F 8{picture}"))),
        ("another picture", waited("/AP<</N 4 0 R>>", picture)),
        ("its picture taken away", waited("/AP<</N 4 0 R>>/MK<</BG[1 0 0]>>", "/MK<</BG[1 0 0]>>")),
        ("in a layer", waited("/OC 6 0 R", &format!("/OC 6 0 R{picture}"))),
        ("a waiting line", of_kind("Ink", INK)),
        ("a waiting area", of_kind("Highlight", AREA)),
        ("no widget that waited", filled(&own, "/Rect[0 0 0 0]", "/Rect[0 0 0 0]")),
        ("a place without extent, zoomed", filled(&own, "/Subtype/Widget", "/Subtype/Widget/F 8")),
        ("a new place", new(&own, "/Subtype/Widget/Rect[0 0 200 200]/AP<</N 7 0 R>>")),
        ("a place alone", new(&own, "/Rect[0 0 200 200]")),
        ("an appearance without a box", new(&own, "/Rect[0 0 0 0]/AP<</N 4 0 R>>")),
        ("a frame", new(&own, "/BS<</W 900>>")),
        ("a line", new(&own, INK)),
        ("a layer", new(&own, "/OC 6 0 R")),
        ("a picture of another state", new(&own, "/Rect[0 0 0 0]/AP<</N 65 0 R/D<</On 4 0 R>>>>")),
        ("an appearance of many parts", new(&own, &format!("/AP<</N[{}]>>", "0 ".repeat(300)))),
        ("letters", new(&own, "/DR<</Font<<>>>>")),
        ("another value before", new(&own, "/DV 6 0 R")),
        ("turned", new(&own, "/MK<</R 90>>")),
        ("a small extent", new(&own, "/Rect[0 0 0.5 0]")),
        ("a place too far to be told", new(&own, "/Rect[16777216.0 0 16777217.0 0]")),
        ("a name by reference", new(&own, "/NM 6 0 R")),
    ];
    for (what, pdf) in &pictures {
        let verdict = judged(&own, pdf);
        assert!(matches!(verdict.outcome, Outcome::Indeterminate { .. }), "{what}: {verdict:?}");
        assert_eq!(verdict.unknown_codes(), ["appearance-added"], "{what}");
    }
    // Nothing worse hides behind a picture.
    let signed = "<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R/Rect[0 0 200 200]>>";
    let verdict = judged(&own, &twice(&own, &[], &[(23, signed), (4, OTHER_TEXT.1)], ""));
    assert_eq!(verdict.failed_codes(), ["content-not-covered"], "{verdict:?}");
}

#[test]
fn where_fields_are_drawn_by_the_form_its_changes_are_for_a_person_to_look_at() {
    let own = Throwaway::new();
    let letters = "/DA(/F1 9 Tf)/DR<</Font<</F1 5 0 R>>>>";
    let drawn = "/Subtype/Widget/FT/Tx/AP<</N 4 0 R>>";
    let button = "/Subtype/Widget/FT/Btn/AP<</N<</Yes 4 0 R>>>>/AS/Yes";
    let coded = "/DR<</Font<</F1 5 0 R>>/Encoding<</E 6 0 R>>>>/DA(/F1 9 Tf)/Q 0";
    let (fonts, more) = ("/DR<</Font<</F1 5 0 R>>>>", "/DR<</Font<</F1 5 0 R/F2 5 0 R>>/Encoding<<>>>>");
    for (what, field, before, after) in [
        ("a text", drawn, "", letters),
        ("a button", button, "", letters),
        ("no more", drawn, "", ""),
        ("with codes", drawn, "", coded),
        ("one more", drawn, fonts, more),
    ] {
        // A picture without a font of its own would be drawn by the new one.
        let verdict = judged(&own, &formed(&own, field, before, after));
        let told = if what == "no more" { Vec::new() } else { vec!["appearance-added"] };
        assert_eq!(verdict.unknown_codes(), told, "{what}: {verdict:?}");
        assert_eq!(verdict.failed_codes(), Vec::<&str>::new(), "{what}");
    }
    let told = "/NeedAppearances true";
    let both = format!("{told}{letters}");
    for (what, field, before, after) in [
        ("told no more", drawn, told, "/NeedAppearances false"),
        ("told nothing more", drawn, told, ""),
        ("letters, where it is told", drawn, told, &both),
        ("no appearance", "/Subtype/Widget/FT/Tx", "", letters),
        ("an appearance of no state", "/Subtype/Widget/FT/Tx/AP<</N<<>>>>", "", letters),
        ("one letter more", "/Subtype/Widget/FT/Tx", fonts, more),
        ("told where letters stand", "/Subtype/Widget/FT/Tx", "", "/Q 0"),
        ("a button of another state", &button.replace("/AS/Yes", "/AS/No"), "", letters),
        ("kinds by reference", "/Subtype 62 0 R/FT 63 0 R/Kids[]", "", letters),
        ("a kind by reference", "/Subtype/Widget/FT 63 0 R", "", letters),
        ("a note", "/Subtype/FreeText", "", letters),
    ] {
        let verdict = judged(&own, &formed(&own, field, before, after));
        assert_eq!(verdict.unknown_codes(), ["appearance-added"], "{what}: {verdict:?}");
        assert!(verdict.failed_codes().is_empty(), "{what}: {verdict:?}");
    }
}

/// New fields that are none, whatever they would show.
pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    let field = |what: &str, more: &str| row(what, new(own, more));
    let of_kind = |kind: &str| format!("<</Type/Annot{kind}/T(later)/V 22 0 R{INK}>>");
    let instead = |what: &str, kind: &str| {
        row(what, twice(own, &[], &[(23, &of_kind(kind)), (62, "/Ink"), (63, "/Sig")], ""))
    };
    vec![
        field("a line whose kind stands apart", &format!("/Subtype 62 0 R/Rect[0 0 0 0]{INK}")),
        field("a line whose kind stands apart, without a place", &format!("/Subtype 62 0 R{INK}")),
        field("an area", &format!("/Subtype/Highlight/Rect[0 0 0 0]{AREA}")),
        field("a type that stands apart", "/Type 62 0 R"),
        field("no type", "/Type null"),
        instead("a field whose kind stands apart", "/FT 63 0 R"),
        instead("a field of no kind", "/FT null"),
    ]
}
