// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is appended after a signature or between two.

use super::{Row, once, row, twice};
use crate::oracle::Throwaway;
use crate::paper::{CATALOG, FORM, OTHER_TEXT, PAGE, Paper};

/// Incremental saving after the only signature.
pub(super) fn appended(own: &Throwaway) -> Vec<Row> {
    let good = once(own);
    let with = |objects: &[(u32, &str)]| {
        let mut paper = good.clone();
        paper.append(objects, "");
        paper.bytes
    };
    let tail = |tail: &[u8]| [&good.bytes, tail].concat();
    let other_page = PAGE.1.replace("/Contents 4", "/Contents 7");
    let at = good.table_at().unwrap();
    vec![
        row("content replaced", with(&[(4, OTHER_TEXT.1)])),
        row("page shows another content", with(&[(3, &other_page)])),
        row("empty revision", with(&[])),
        row("only a new object", with(&[(70, "<<>>")])),
        row("only the catalog again", with(&[CATALOG])),
        row("the form emptied", with(&[(9, "<</Fields[]>>")])),
        row("the form gone", with(&[(1, "<</Type/Catalog/Pages 2 0 R>>")])),
        row("object without a table", tail(b"4 0 obj\n<<>>\nendobj\n")),
        row("object and a second end", tail(b"4 0 obj\n<<>>\nendobj\n%%EOF\n")),
        row("comment", tail(b"% nothing\n")),
        row("a letter", tail(b"x\n")),
        row("a space and a letter", tail(b" x")),
        row("spaces without end", tail(&[b' '; 2000])),
        row("second end", tail(b"%%EOF\n")),
        row("end pointing to the first table", tail(format!("startxref\n{at}\n%%EOF\n").as_bytes())),
        row("end pointing to nothing", tail(b"startxref\n0\n%%EOF\n")),
        row("trailer alone", tail(b"trailer\n<</Size 30/Root 3 0 R>>\nstartxref\n0\n%%EOF\n")),
        row("another file behind", tail(&Paper::new(&[(4, OTHER_TEXT.1)]).bytes)),
        row("the same file behind", tail(&good.bytes)),
        row("another file before", [Paper::new(&[]).bytes, good.bytes.clone()].concat()),
        row("bytes before the head", [b"junk\n", good.bytes.as_slice()].concat()),
    ]
}

/// The first signer signed something else than what is shown now, though a second one signed all of it.
#[expect(clippy::too_many_lines, reason = "one row a deed")]
pub(super) fn between(own: &Throwaway) -> Vec<Row> {
    let changed = |what: &str, later: &[(u32, &str)]| row(what, twice(own, &[], later, ""));
    let page = |from: &str, to: &str| PAGE.1.replace(from, to);
    let catalog = |more: &str| CATALOG.1.replace(">>", &format!("{more}>>"));
    let form = |more: &str| FORM.1.replace(">>", &format!("{more}>>"));
    let free_text = "<</Type/Annot/Subtype/FreeText/Rect[0 0 200 200]/Contents(900)>>";
    let acting = "<</Type/Annot/Subtype/Widget/FT/Sig/T(x)/V 80 0 R/Rect[0 0 9 9]/A<</S/JavaScript/JS(x)>>>>";
    let sig = "<</Type/Sig>>";
    let signed = |more: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(later)/V 22 0 R{more}>>");
    let mut rows = vec![
        changed("content replaced", &[(4, OTHER_TEXT.1)]),
        changed("content emptied", &[(4, "<</Length 0>>stream\n\nendstream")]),
        changed("page shows another content", &[(3, &page("/Contents 4", "/Contents 7"))]),
        changed("page shows both contents", &[(3, &page("/Contents 4 0 R", "/Contents[4 0 R 7 0 R]"))]),
        changed("page turned", &[(3, &page("/Contents", "/Rotate 180/Contents"))]),
        changed("page cut", &[(3, &page("[0 0 200 200]", "[0 0 20 20]"))]),
        changed("page cropped", &[(3, &page("/Contents", "/CropBox[0 0 9 9]/Contents"))]),
        changed("other resources", &[(3, &page("/F1 5", "/F1 7"))]),
        changed("page acts", &[(3, &page("/Contents", "/AA<</O<</S/JavaScript/JS(x)>>>>/Contents"))]),
        changed("note over the page", &[(3, &page("{annots}", "{annots} 90 0 R")), (90, free_text)]),
        changed("note inside the list", &[(3, &page("{annots}", "{annots}<</Subtype/Stamp>>"))]),
        changed("old widget taken away", &[(3, &page("8 0 R{annots}", "{annots}"))]),
        changed("widgets in another order", &[(3, &page("8 0 R{annots}", "{annots} 8 0 R"))]),
        changed("widget that acts", &[(3, &page("{annots}", "{annots} 90 0 R")), (90, acting), (80, sig)]),
        changed("page is no page", &[(3, "<</Type/Pages/Kids[]/Count 0>>")]),
        changed("font replaced", &[(5, "<</Type/Font/Subtype/Type3>>")]),
        changed("font is a stream", &[(5, OTHER_TEXT.1)]),
        changed("page added", &[(2, "<</Type/Pages/Kids[3 0 R 90 0 R]/Count 2>>"), (90, PAGE.1)]),
        changed("page taken away", &[(2, "<</Type/Pages/Kids[]/Count 0>>")]),
        changed("pages in another order", &[(2, "<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>")]),
        changed(
            "other pages",
            &[(1, &CATALOG.1.replace("2 0 R", "90 0 R")), (90, "<</Type/Pages/Kids[3 0 R]/Count 1>>")],
        ),
        changed("opens with an action", &[(1, &catalog("/OpenAction<</S/JavaScript/JS(x)>>"))]),
        changed("acts", &[(1, &catalog("/AA<</WC<</S/JavaScript/JS(x)>>>>"))]),
        changed(
            "script by name",
            &[(1, &catalog("/Names<</JavaScript<</Names[(x) 90 0 R]>>>>")), (90, "<</S/JavaScript>>")],
        ),
        changed("attached files", &[(1, &catalog("/Names<</EmbeddedFiles<</Names[]>>>>"))]),
        changed("layers", &[(1, &catalog("/OCProperties<</OCGs[]/D<<>>>>"))]),
        changed("permissions", &[(1, &catalog("/Perms<</DocMDP 20 0 R>>"))]),
        changed("outlines", &[(1, &catalog("/Outlines 90 0 R")), (90, "<</Type/Outlines>>")]),
        changed("reading order", &[(1, &catalog("/StructTreeRoot<<>>"))]),
        changed("address base", &[(1, &catalog("/URI<</Base(http://x.invalid/)>>"))]),
        changed("form draws itself", &[(9, &form("/NeedAppearances true"))]),
        changed("form of another kind", &[(9, &form("/XFA 7 0 R"))]),
        changed("form computes", &[(9, &form("/CO[8 0 R]"))]),
        changed("fonts of the form added", &[(9, &form("/DR<</Font<</F1 7 0 R>>>>"))]),
        changed("letters of the form added", &[(9, &form("/DA(/F1 99 Tf)"))]),
        changed("letters of the form on the right", &[(9, &form("/Q 2"))]),
        changed("form forgets a field", &[(9, &FORM.1.replace("8 0 R", ""))]),
        changed(
            "field added that is no signature",
            &[(9, &FORM.1.replace("{fields}", "{fields} 90 0 R")), (90, "<</FT/Tx/T(new)>>")],
        ),
        changed(
            "empty signature field added",
            &[(9, &FORM.1.replace("{fields}", "{fields} 90 0 R")), (90, "<</FT/Sig/T(new)>>")],
        ),
        changed(
            "field added with others inside",
            &[(9, &FORM.1.replace("{fields}", "{fields} 90 0 R")), (90, "<</FT/Sig/T(new)/Kids[8 0 R]>>")],
        ),
        changed(
            "value filled in",
            &[(8, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(900)/Rect[0 0 9 9]/P 3 0 R>>")],
        ),
        changed(
            "field drawn otherwise",
            &[(
                8,
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/AP<</N 7 0 R>>/Rect[0 0 9 9]/P 3 0 R>>",
            )],
        ),
        changed(
            "field moved",
            &[(8, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[0 0 199 199]/P 3 0 R>>")],
        ),
        changed(
            "earlier field drawn",
            &[(
                21,
                "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature21)/V 20 0 R/F 132/Rect[0 0 99 99]/P 3 0 R/AP<</N 7 0 R>>>>",
            )],
        ),
        changed(
            "earlier field emptied",
            &[(21, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature21)/F 132/Rect[0 0 0 0]/P 3 0 R>>")],
        ),
        changed(
            "earlier signature replaced",
            &[(20, "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>")],
        ),
        changed("earlier signature is nothing", &[(20, "null")]),
        changed("later signature over the page", &[(23, &signed("/Rect[0 0 200 200]/AP<</N 7 0 R>>"))]),
        changed("later signature with a place alone", &[(23, &signed("/Rect[0 0 200 200]"))]),
        changed("later signature with a picture alone", &[(23, &signed("/Rect[0 0 0 0]/AP<</N 7 0 R>>"))]),
        changed("later signature with a frame", &[(23, &signed("/BS<</W 900>>"))]),
        changed("later signature with no place that is one", &[(23, &signed("/Rect 5"))]),
        changed("hidden content changed", &[(7, "<</Length 1>>stream\n \nendstream")]),
    ];
    rows.extend(prepared(own));
    rows.extend(passed_on(own));
    rows
}

/// The page lacks what stands above it, and the second signer's page has this of it.
pub(super) fn completed(own: &Throwaway, above: &str, more: &str) -> Vec<u8> {
    let page = PAGE.1.replace("/MediaBox[0 0 200 200]", "");
    let own_page = page.replace("/Contents", &format!("{more}/Contents"));
    twice(own, &[(2, above), (3, &page), (67, TREE)], &[(3, &own_page)], "")
}

pub(super) const TREE: &str = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 200]/Rotate 0>>";

/// What stands above the page is not what it has now.
fn passed_on(own: &Throwaway) -> Vec<Row> {
    let with = |what: &str, above: &str, more: &str| {
        row(&format!("page takes over {what}"), completed(own, above, more))
    };
    let nested = TREE.replace("3 0 R", "67 0 R");
    vec![
        with("another size", TREE, "/MediaBox[0 0 20 20]"),
        with("another turn", TREE, "/Rotate 90"),
        with("what stands nowhere", TREE, "/CropBox[0 0 200 200]"),
        with("what its parent has not in its list", &TREE.replace("3 0 R", ""), "/MediaBox[0 0 200 200]"),
        with("what another parent has", &nested, "/MediaBox[0 0 200 200]"),
        with("what it has twice", &TREE.replace("3 0 R", "3 0 R 3 0 R"), "/MediaBox[0 0 200 200]"),
        with("what is no time", TREE, "/LastModified 7 0 R"),
    ]
}

/// Shadow attacks: the first revision was prepared for what comes later.
pub(super) fn prepared(own: &Throwaway) -> Vec<Row> {
    let shadow = |what: &str, instead: &[(u32, &str)], later: &[(u32, &str)]| {
        row(what, twice(own, instead, later, ""))
    };
    let page = |from: &str, to: &str| PAGE.1.replace(from, to);
    let array = page("/Contents 4 0 R", "/Contents 50 0 R");
    let store = CATALOG.1.replace(">>", "/DSS<</Certs 50 0 R>>>>");
    let notes = CATALOG.1.replace(">>", "/Metadata 4 0 R>>");
    let annots = page("[8 0 R{annots}]", " 51 0 R");
    let awaited = page("/Contents 4 0 R", "/Contents[4 0 R 55 0 R]");
    let xobject = page("/Font", "/XObject<</X 6 0 R>>/Font");
    let own_type = page("/Resources<</Font<</F1 5 0 R>>>>", "/Resources 52 0 R");
    vec![
        shadow(
            "a list of contents that is a list of certificates too",
            &[(1, &store), (3, &array), (50, "[4 0 R]")],
            &[(1, &store), (3, &array), (50, "[4 0 R 7 0 R]")],
        ),
        shadow("contents that are the notes too", &[(1, &notes)], &[(1, &notes), (4, OTHER_TEXT.1)]),
        shadow("title that is drawn too", &[(3, &xobject)], &[(3, &xobject), (6, OTHER_TEXT.1)]),
        shadow(
            "contents pointed to before they exist",
            &[(3, &awaited)],
            &[(3, &awaited), (55, OTHER_TEXT.1)],
        ),
        shadow(
            "resources pointed to before they exist",
            &[(3, &own_type)],
            &[(3, &own_type), (52, "<</Font<</F1 5 0 R>>>>")],
        ),
        shadow(
            "list of notes that grows by a note",
            &[(3, &annots), (51, "[8 0 R]")],
            &[(3, &annots), (51, "[8 0 R{annots} 90 0 R]"), (90, "<</Subtype/Stamp>>")],
        ),
        shadow(
            "list of notes that is a list of contents too",
            &[(3, &annots.replace("/Contents 4 0 R", "/Contents 51 0 R")), (51, "[4 0 R]")],
            &[(3, &annots.replace("/Contents 4 0 R", "/Contents 51 0 R")), (51, "[4 0 R{annots}]")],
        ),
        shadow(
            "field that waits to be drawn",
            &[
                (9, &FORM.1.replace("8 0 R", "8 0 R 53 0 R")),
                (53, "<</FT/Sig/T(later)/Subtype/Widget/Rect[0 0 200 200]>>"),
            ],
            &[
                (9, &FORM.1.replace("8 0 R", "8 0 R 53 0 R")),
                (53, "<</FT/Sig/T(later)/Subtype/Widget/Rect[0 0 200 200]/AP<</N 7 0 R>>>>"),
            ],
        ),
        shadow(
            "field that waits and changes its place",
            &[(9, &FORM.1.replace("8 0 R", "8 0 R 53 0 R")), (53, "<</FT/Sig/T(later)/Rect[0 0 0 0]>>")],
            &[
                (9, &FORM.1.replace("8 0 R", "8 0 R 53 0 R")),
                (53, "<</FT/Sig/T(later)/Rect[0 0 200 200]/V 20 0 R>>"),
            ],
        ),
    ]
}
