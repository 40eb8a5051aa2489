// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fields, files and permissions that are not what they should be.

use super::{Row, once, row, twice};
use crate::oracle::Throwaway;
use crate::paper::{FORM, OTHER_TEXT, PAGE, Paper, find, judged, patched};

/// A signature that readers find and that covers nothing of the document.
const INLINE: &str =
    "<</Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 4 4 4]/Contents<00>>>";
const PARENT: &str = "<</FT/Sig/T(other)/Kids[90 0 R]>>";
const SIGNED: &str = "<</FT/Sig/T(other)/Kids[90 0 R]/V 20 0 R>>";

/// Signatures that hang in other places than one field of the form.
#[expect(clippy::too_many_lines, reason = "one row a deed")]
pub(super) fn fields(own: &Throwaway) -> Vec<Row> {
    let with = |what: &str, objects: &[(u32, &str)]| {
        let mut paper = Paper::new(&[]);
        paper.sign(own, objects, "");
        row(what, paper.bytes)
    };
    let form = |more: &str| FORM.1.replace("{fields}", more);
    let field = "<</FT/Sig/T(Signature21)/V 20 0 R>>";
    let empty = "<</Type/Sig/SubFilter/ETSI.CAdES.detached>>";
    let page = |more: &str| PAGE.1.replace("{annots}", &format!("{{annots}} {more}"));
    let note =
        |value: &str| format!("<</Type/Annot/Subtype/Widget/FT null/Rect[0 0 0 0]/Parent 91 0 R/V {value}>>");
    let apart = note(INLINE).replace("/FT null", "/FT 91 0 R").replace("/Parent 91 0 R", "");
    let (beside, inside) = (page("90 0 R"), form("{fields} 91 0 R"));
    vec![
        with("no form", &[(1, "<</Type/Catalog/Pages 2 0 R>>")]),
        with("form without the field", &[(9, &form(""))]),
        with("form is no dictionary", &[(9, "[]")]),
        with("field twice in the form", &[(9, &form("{fields}{fields}"))]),
        with("field direct in the form", &[(9, &form(field))]),
        with(
            "two fields hold one signature",
            &[(9, &form("{fields} 90 0 R")), (90, "<</FT/Sig/T(other)/V 20 0 R>>")],
        ),
        with("two fields of one name", &[(9, &form("{fields} 90 0 R")), (90, "<</FT/Sig/T(Signature21)>>")]),
        with(
            "signed field with nothing in it",
            &[(9, &form("{fields} 90 0 R")), (90, "<</FT/Sig/T(other)/V 91 0 R>>"), (91, empty)],
        ),
        with(
            "signed field with null in it",
            &[(9, &form("{fields} 90 0 R")), (90, "<</FT/Sig/T(other)/V null>>")],
        ),
        with(
            "signature inside the field",
            &[(9, &form("{fields} 90 0 R")), (90, &format!("<</FT/Sig/T(other)/V{empty}>>"))],
        ),
        with(
            "signature that no field holds",
            &[(90, "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>")],
        ),
        with("range that no field holds", &[(90, "<</ByteRange[0 1 2 3]>>")]),
        with("field outside the form", &[(90, "<</FT/Sig/T(other)/V 20 0 R>>")]),
        with("field of another kind holds it", &[(21, "<</FT/Tx/T(Signature21)/V 20 0 R>>")]),
        with("field without a kind holds it", &[(21, "<</T(Signature21)/V 20 0 R>>")]),
        with("fields in a circle", &[(9, &form("{fields} 90 0 R")), (90, "<</T(a)/Kids[90 0 R]>>")]),
        with(
            "fields in a wider circle",
            &[(9, &form("{fields} 90 0 R")), (90, "<</T(a)/Kids[91 0 R]>>"), (91, "<</T(b)/Kids[90 0 R]>>")],
        ),
        with("field inside itself by its own", &[(21, "<</FT/Sig/T(Signature21)/V 20 0 R/Kids[21 0 R]>>")]),
        with("field is a number", &[(21, "5")]),
        with("name is a number", &[(21, "<</FT/Sig/T 5/V 20 0 R>>")]),
        with("list of fields is a number", &[(9, "<</Fields 5>>")]),
        with("signature inside a note, by its parent", &[(3, &beside), (90, &note(INLINE)), (91, PARENT)]),
        with(
            "signature inside a note of the form, by its parent",
            &[(9, &inside), (90, &note(INLINE)), (91, PARENT)],
        ),
        with("signature inside a note whose kind stands apart", &[(3, &beside), (90, &apart), (91, "/Sig")]),
        with(
            "signature direct on the page",
            &[(3, &page(&format!("<</Subtype/Widget/T(x)/V{INLINE}/FT/Sig>>")))],
        ),
        with(
            "note beside the form that its parent says is signed",
            &[(3, &beside), (90, &note("null")), (91, SIGNED)],
        ),
        with("value of a signature among other things", &[(90, &format!("[[{INLINE}]]"))]),
        with(
            "signature is a stream",
            &[(20, "<</Type/Sig/ByteRange[0 1 2 3]/Length 0>>stream\n\nendstream")],
        ),
    ]
}

/// Objects that lie in each other, each with a stream up to one common end.
fn nested(own: &Throwaway) -> Vec<u8> {
    let numbers = 100..140;
    let heads: Vec<String> =
        numbers.clone().map(|it| format!("{it} 0 obj\n<</Length 99999>>stream\n")).collect();
    let (mut body, mut left) = (String::new(), heads.concat().len() + 8000);
    for head in &heads {
        left -= head.len();
        body += &head.replace("99999", &format!("{left:05}"));
    }
    body += &".".repeat(8000);
    let outer = format!("<</Length {}>>stream\n{body}\nendstream", body.len());
    let mut objects = vec![(90, outer.as_str())];
    objects.extend(numbers.clone().map(|it| (it, "<<>>")));
    let mut paper = Paper::new(&objects);
    for number in numbers {
        let at = find(&paper.bytes, format!("{number} 0 obj\n<</Length").as_bytes()).unwrap();
        let line = find(&paper.bytes, format!("\n{number} 1\n").as_bytes()).unwrap() + 7;
        paper.bytes[line..line + 10].copy_from_slice(format!("{at:010}").as_bytes());
    }
    paper.sign(own, &[], "");
    paper.bytes
}

/// The document with these objects, signed in a revision with these words in its trailer, and again with others.
fn held(own: &Throwaway, trailer: &str, instead: &[(u32, &str)], later: &[(u32, &str)]) -> Vec<u8> {
    let mut paper = Paper::new(instead);
    paper.trailer = format!("/Info 6 0 R{trailer}");
    paper.sign(own, &[], "");
    paper.trailer = "/Info 6 0 R".to_owned();
    paper.sign(own, later, "");
    paper.bytes
}

/// An array of so many.
fn array(of: &str, count: usize) -> String {
    format!("[{}]", of.repeat(count))
}

#[test]
fn what_cannot_be_read_is_told_apart() {
    let own = Throwaway::new();
    let good = once(&own);
    let form = |form: &str| patched(&good.bytes, "ETSI.CAdES.detached", form);
    let before = |bytes: &[u8]| [bytes, good.bytes.as_slice()].concat();
    let encrypted = held(&own, "/Encrypt 8 0 R", &[], &[]);
    for (what, pdf, code, detail) in [
        ("encrypted", encrypted, "pdf-encrypted", "the pdf is encrypted"),
        ("SHA-1", form("adbe.pkcs7.sha1"), "signature-form-unsupported", "not a detached cms"),
        ("a mark before", before(b"\xef\xbb\xbf"), "container-malformed", "before the head"),
        ("a cut", good.bytes[..good.bytes.len() - 300].to_vec(), "container-malformed", "the end of the pdf"),
        ("a line before", before(b"x\r\n"), "container-malformed", "before the head"),
    ] {
        let verdict = judged(&own, &pdf);
        // What was not read is not known to be wrong.
        let codes =
            if code == "container-malformed" { verdict.failed_codes() } else { verdict.unknown_codes() };
        assert_eq!(codes, [code], "{what}");
        assert!(verdict.checks[0].detail.as_ref().unwrap().contains(detail), "{what}: {verdict:?}");
    }
}

#[test]
fn what_is_outside_the_bounds_is_undecided() {
    let own = Throwaway::new();
    let (arrays, names) = (array("[]", 1_050_000), array("/ObjStm", 4097));
    let (much, many) = ("what the pdf holds", "the number of packed streams");
    let long_name = format!("<</FT/Tx/T({})>>", "x".repeat(3000));
    let long = [&b"%PDF-1.7\n"[..], vec![b' '; eds::pades::PDF_BYTES_MAX].as_slice()].concat();
    for (what, pdf, detail) in [
        ("arrays", held(&own, "", &[(90, &arrays)], &[]), much),
        ("arrays that are gone later", held(&own, "", &[(90, &arrays)], &[(90, "[]")]), much),
        ("a trailer of arrays", held(&own, &format!("/X{arrays}"), &[], &[]), much),
        ("objects in objects", nested(&own), much),
        ("packed streams", held(&own, "", &[(90, &names)], &[]), many),
        ("bytes", long, "the pdf"),
        ("a long name", held(&own, "", &[(8, &long_name)], &[]), "the name of a field"),
    ] {
        let verdict = judged(&own, &pdf);
        assert_eq!(verdict.outcome, eds::Outcome::Indeterminate { needs: Vec::new() }, "{what}");
        assert_eq!(verdict.unknown_codes(), ["pdf-too-large"], "{what}");
        let told = Some(format!("{detail} is outside its bounds"));
        assert_eq!(verdict.checks[0].detail, told, "{what}");
    }
}

#[test]
fn whoever_allows_signing_is_signed_after() {
    let own = Throwaway::new();
    let by = |said: &str| twice(&own, &[], &[], &format!("/Reference[<<{said}>>]"));
    for (what, pdf) in [
        ("no level", by("/TransformMethod/DocMDP/TransformParams<</V/1.2>>")),
        ("notes", by("/TransformMethod/DocMDP/TransformParams<</P 3/V/1.2>>")),
        ("fields", by("/TransformMethod/FieldMDP/TransformParams<</Action/All/V/1.2>>")),
        ("identity", by("/TransformMethod/Identity")),
    ] {
        let verdict = judged(&own, &pdf);
        assert!(verdict.is_valid(), "{what}: {verdict:?}");
    }
}

#[test]
fn large_papers_are_read() {
    let own = Throwaway::new();
    let (arrays, names) = (array("[]", 450_000), array("/ObjStm", 600));
    let verdict = judged(&own, &held(&own, "", &[(90, &arrays), (91, &names)], &[]));
    assert!(verdict.is_valid(), "{verdict:?}");
}

/// Files that are broken, circular, encrypted or too large.
#[expect(clippy::too_many_lines, reason = "one row a deed")]
pub(super) fn structure(own: &Throwaway) -> Vec<Row> {
    let good = once(own);
    let with = |what: &str, objects: &[(u32, &str)], trailer: &str| {
        let mut paper = good.clone();
        paper.append(objects, trailer);
        row(what, paper.bytes)
    };
    let at = good.table_at().unwrap();
    let nested = "[".repeat(5000);
    let closed = format!("{}{}", "<</a ".repeat(3000), ">>".repeat(3000));
    let mut rows = vec![
        with("encrypted", &[], "/Encrypt 90 0 R"),
        with(
            "encrypted by its own",
            &[(90, "<</Filter/Standard/V 1/R 2/O(x)/U(y)/P 0>>")],
            "/Encrypt 90 0 R",
        ),
        with("tables in a circle", &[], &format!("/Prev {}", good.bytes.len() + 10)),
        with("table before itself", &[], "/Prev 999999999999"),
        with("hybrid table", &[], &format!("/XRefStm {at}")),
        with("size of millions", &[], "/Size 2147483647"),
        with("root is a page", &[], "/Root 3 0 R"),
        with("root is nothing", &[], "/Root null"),
        with("pages in a circle", &[(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>")], ""),
        with(
            "pages in a wider circle",
            &[(2, "<</Type/Pages/Kids[90 0 R]/Count 1>>"), (90, "<</Type/Pages/Kids[2 0 R]/Count 1>>")],
            "",
        ),
        with("object refers to itself", &[(90, "90 0 R")], ""),
        with(
            "object stream inside itself",
            &[(90, "<</Type/ObjStm/N 1/First 5/Length 10>>stream\n90 0 <<>> \nendstream")],
            "",
        ),
        with(
            "object stream of a billion",
            &[(90, "<</Type/ObjStm/N 999999999/First 999999999/Length 5>>stream\n1 0 2\nendstream")],
            "",
        ),
        with(
            "object stream that hides the contents",
            &[(90, "<</Type/ObjStm/N 1/First 4/Length 40>>stream\n4 0 <</Length 0>>\nendstream")],
            "",
        ),
        with(
            "object streams without number",
            &[(90, &"<</Type/Obj#53tm/N 0/First 0/Length 0>>stream\n\nendstream ".repeat(4200))],
            "",
        ),
        with("stream longer than the file", &[(90, "<</Length 999999999>>stream\nx\nendstream")], ""),
        with("stream of negative length", &[(90, "<</Length -5>>stream\nx\nendstream")], ""),
        with("length that is its own", &[(90, "<</Length 90 0 R>>stream\nx\nendstream")], ""),
        with(
            "filters without end",
            &[(90, &format!("<</Length 1/Filter[{}]>>stream\nx\nendstream", "/FlateDecode".repeat(2000)))],
            "",
        ),
        with("arrays without end", &[(90, &nested)], ""),
        with("dictionaries without end", &[(90, &closed)], ""),
        with("string without end", &[(90, "(((((((((((((((((((")], ""),
        with("name of zeros", &[(90, "/#00#00#00")], ""),
        with("number without end", &[(90, &"9".repeat(100_000))], ""),
        row("nothing", Vec::new()),
        row("head alone", b"%PDF-1.7\n".to_vec()),
        row("head and end", b"%PDF-1.7\n%%EOF\n".to_vec()),
        row("end far away", b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF\n".to_vec()),
        row("no head", good.bytes[9..].to_vec()),
        row("not signed", Paper::new(&[]).bytes),
        row("too long", vec![b' '; eds::pades::PDF_BYTES_MAX + 1]),
    ];
    let step = good.bytes.len() / 40;
    rows.extend((0..40).map(|it| row(&format!("cut at {}", it * step), good.bytes[..it * step].to_vec())));
    for wrong in ["0", "1", "4294967296", "18446744073709551616", "-1"] {
        rows.push(row(
            &format!("table at {wrong}"),
            patched(&good.bytes, &format!("startxref\n{at}"), &format!("startxref\n{wrong}")),
        ));
    }
    rows
}

/// The author allowed less than what was done.
pub(super) fn certified(own: &Throwaway) -> Vec<Row> {
    let certify = |level: &str| {
        format!("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P {level}/V/1.2>>>>]")
    };
    let by = |method: &str, parameters: &str| {
        format!("/Reference[<</TransformMethod{method}/TransformParams<<{parameters}/V/1.2>>>>]")
    };
    let again = |what: &str, instead: &[(u32, &str)], said: &str| row(what, twice(own, instead, &[], said));
    let locked = |lock: &str| {
        let field = format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature21)/V 20 0 R/Rect[0 0 0 0]/P 3 0 R/Lock{lock}>>"
        );
        let mut paper = Paper::new(&[]);
        paper.sign(own, &[(21, &field)], "");
        paper.sign(own, &[], "");
        paper.bytes
    };
    let note = PAGE.1.replace("{annots}", "{annots} 90 0 R");
    let free_text = "<</Type/Annot/Subtype/FreeText/Rect[0 0 200 200]/Contents(900)>>";
    vec![
        row("no changes, signed again", twice(own, &[], &[], &certify("1"))),
        row(
            "no changes, by a reference, signed again",
            twice(
                own,
                &[(40, "<</P 1/V/1.2>>")],
                &[],
                "/Reference[<</TransformMethod/DocMDP/TransformParams 40 0 R>>]",
            ),
        ),
        again("no changes, the level apart, signed again", &[(40, "1")], &by("/DocMDP", "/P 40 0 R")),
        again("no changes, the method apart, signed again", &[(40, "/DocMDP")], &by(" 40 0 R", "/P 1")),
        again("a level that is no whole number, signed again", &[], &by("/DocMDP", "/P 1.0")),
        again("locked, signed again", &[], &by("/FieldMDP", "/Action/All/P 1")),
        again("references that are none, signed again", &[], "/Reference 5"),
        row("locked by its field, signed again", locked("<</Type/SigFieldLock/Action/All/P 1>>")),
        row("locked by what cannot be read, signed again", locked(" 6")),
        row("no changes, note", twice(own, &[], &[(3, &note), (90, free_text)], &certify("1"))),
        row("filling in, note", twice(own, &[], &[(3, &note), (90, free_text)], &certify("2"))),
        row("filling in, contents", twice(own, &[], &[(4, OTHER_TEXT.1)], &certify("2"))),
        row("notes, contents", twice(own, &[], &[(4, OTHER_TEXT.1)], &certify("3"))),
        row("unknown level, contents", twice(own, &[], &[(4, OTHER_TEXT.1)], &certify("9"))),
    ]
}
