// SPDX-License-Identifier: MIT OR Apache-2.0
//! Documents that change by themselves what they show, and those that do not.

use eds::Outcome;

use super::{once, twice};
use crate::oracle::Throwaway;
use crate::paper::{CATALOG, FORM, PAGE, Paper, judged};

/// The document, signed with this in its catalog and these objects.
fn with(own: &Throwaway, catalog: &str, more: &[(u32, &str)]) -> Vec<u8> {
    let catalog = CATALOG.1.replace(">>", &format!("{catalog}>>"));
    let instead = [&[(1, catalog.as_str())][..], more].concat();
    let mut paper = Paper::new(&instead);
    paper.sign(own, &instead, "");
    paper.bytes
}

#[test]
fn what_changes_by_itself_is_undecided_for_every_signer() {
    let own = Throwaway::new();
    let counts = "/OpenAction<</S/JavaScript/JS(getField\\(1\\))>>";
    let xfa = FORM.1.replace(">>", "/XFA 70 0 R>>");
    let opens = "/OpenAction 71 0 R";
    for (what, pdf, by) in [
        ("a script", with(&own, counts, &[]), "JS"),
        ("a script without its key", with(&own, "/OpenAction<</S/JavaScript>>", &[]), "JavaScript"),
        ("a kind apart", with(&own, opens, &[(71, "<</S 72 0 R>>"), (72, "/JavaScript")]), "JavaScript"),
        ("scripts by name", with(&own, "/Names<</JavaScript<</Names[]>>>>", &[]), "JavaScript"),
        ("a form of another kind", with(&own, "", &[(9, &xfa), (70, "[]")]), "XFA"),
        ("a program", with(&own, opens, &[(71, "<</S/Launch/F(x)>>")]), "Launch"),
        ("data from elsewhere", with(&own, opens, &[(71, "<</S/ImportData/F(x)>>")]), "ImportData"),
        ("a film", with(&own, "", &[(71, "<</Type/Annot/Subtype/RichMedia>>")]), "RichMedia"),
        ("a body", with(&own, "", &[(71, "<</Type/Annot/Subtype/3D>>")]), "3D"),
        ("bytes elsewhere", with(&own, "", &[(71, "<</F(x)/Length 0>>stream\n\nendstream")]), "F"),
        ("a page elsewhere", with(&own, "", &[(71, "<</Ref<<>>/Length 0>>stream\n\nendstream")]), "Ref"),
    ] {
        let verdict = judged(&own, &pdf);
        assert_eq!(verdict.outcome, Outcome::Indeterminate { needs: Vec::new() }, "{what}: {verdict:?}");
        assert_eq!(verdict.unknown_codes(), ["active-content"], "{what}");
        let told = verdict.checks.iter().find(|it| it.code.as_str() == "active-content");
        assert_eq!(told.unwrap().detail.as_deref(), Some(by), "{what}");
        assert!(verdict.signers.iter().all(|it| it.outcome != Outcome::Valid), "{what}");
    }
    let signed = CATALOG.1.replace(">>", &format!("{counts}>>"));
    let verdict = judged(&own, &twice(&own, &[(1, &signed)], &[(1, &signed)], ""));
    assert_eq!(verdict.unknown_codes(), ["active-content"], "{verdict:?}");
    assert!(verdict.signers.iter().all(|it| it.outcome != Outcome::Valid), "{verdict:?}");
}

#[test]
fn what_stays_as_it_was_signed_is_valid() {
    let own = Throwaway::new();
    assert!(judged(&own, &once(&own).bytes).is_valid());
    let link = "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://x.invalid/)>>>>";
    let linked = PAGE.1.replace("8 0 R{annots}", "8 0 R 71 0 R{annots}");
    let file = "<</Type/EmbeddedFile/Params<</Size 1>>/Length 1>>stream\nx\nendstream";
    let attached = "/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.txt)/EF<</F 71 0 R>>>>]>>>>";
    for (what, pdf) in [
        ("a place", with(&own, "/OpenAction[3 0 R/Fit]", &[])),
        ("going to a place", with(&own, "/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", &[])),
        ("a named action", with(&own, "/OpenAction<</S/Named/N/FirstPage>>", &[])),
        ("a link", with(&own, "", &[(3, &linked), (71, link)])),
        ("an attached file", with(&own, attached, &[(71, file)])),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn signatures_that_are_attached_are_told_as_such() {
    let own = Throwaway::new();
    let file = "<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream";
    for (name, detail) in [("sign-1.cms", Some("signatures-attached")), ("sign-1.txt", None)] {
        let names = format!("/Names<</EmbeddedFiles<</Names[(a)<</UF({name})/EF<</F 71 0 R>>>>]>>>>");
        let catalog = CATALOG.1.replace(">>", &format!("{names}>>"));
        let verdict = judged(&own, &Paper::new(&[(1, &catalog), (71, file)]).bytes);
        assert_eq!(verdict.failed_codes(), ["signers-absent"], "{name}");
        assert_eq!(verdict.checks[0].detail.as_deref(), detail, "{name}");
    }
}
