// SPDX-License-Identifier: MIT OR Apache-2.0
//! Evidence that is appended after the last signature, which nobody signs: what is it alone, and what is just more.

use eds::{Context, Evidence};

use super::{Row, row};
use crate::oracle::Throwaway;
use crate::paper::{FORM, OTHER_TEXT, PAGE, Paper, judged, patched};

pub(super) const STREAM: &str = "<</Length 2>>stream\n0\0\nendstream";
pub(super) const INFO: &str = "/Info 6 0 R";
pub(super) const STORE: [(u32, &str); 4] = [
    (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/DSS 60 0 R>>"),
    (60, "<</Type/DSS/Certs[61 0 R]/CRLs[61 0 R]/VRI<</AB12 62 0 R>>>>"),
    (61, STREAM),
    (62, "<</Type/VRI/Cert[61 0 R]/TU(D:20261121050000Z)>>"),
];
/// Entries that share one list, and its items: gone over anew for each of them it takes minutes.
const ENTRIES: usize = 5000;
const LISTED: usize = 50_000;
/// Extensions that other readers would take for letters, were the catalog among the fonts.
const FONT_AS_EXTENSION: &str =
    "/DSS 60 0 R/Extensions<</Type/Font/Subtype/Type1/Encoding<</Differences[49/nine]>>>>";
/// A store that was signed.
const SIGNED: [(u32, &str); 3] = [STORE[0], (60, "<</Type/DSS/Certs[63 0 R]>>"), (63, STREAM)];

/// A store whose list stands apart, signed; and as it grew.
const APART: [(u32, &str); 4] =
    [STORE[0], (60, "<</Type/DSS/Certs 64 0 R>>"), (63, STREAM), (64, "[63 0 R]")];
const APART_GROWN: [(u32, &str); 2] =
    [(60, "<</Type/DSS/Certs 64 0 R/VRI<</AB12 62 0 R>>>>"), (64, "[63 0 R 61 0 R]")];

/// The document, signed with these objects, and after it the store with these.
fn stored(own: &Throwaway, instead: &[(u32, &str)], more: &[(u32, &str)], trailer: &str) -> Paper {
    let mut paper = Paper::new(instead);
    paper.sign(own, instead, "");
    let mut all = STORE.to_vec();
    all.retain(|it| !more.iter().any(|other| other.0 == it.0));
    all.extend(more);
    paper.append(&all, trailer);
    paper
}

/// The document, signed with one more key in its trailer, which the store after it forgets.
fn forgotten(own: &Throwaway, key: &str) -> Vec<u8> {
    let mut paper = Paper::new(&[]);
    paper.trailer = format!("{INFO}/{key}/AB12");
    paper.sign(own, &[], "");
    paper.append(&STORE, INFO);
    paper.bytes
}

/// What the page shows instead, and what it showed.
const OTHER_TEXT_SHOWN: (u32, &str) = (4, OTHER_TEXT.1);
const TEXT: (u32, &str) = (4, "<</Length 34>>stream\nBT /F1 12 Tf (pay 100 tenge) Tj ET\nendstream");
/// The store with one piece more.
const MORE: [(u32, &str); 2] =
    [(60, "<</Type/DSS/Certs[61 0 R 66 0 R]/CRLs[61 0 R]/VRI<</AB12 62 0 R>>>>"), (66, STREAM)];

/// The document, signed, after it the store and then each of these revisions.
fn again(own: &Throwaway, later: &[&[(u32, &str)]]) -> Vec<u8> {
    let mut paper = stored(own, &[], &[], INFO);
    for objects in later {
        paper.append(objects, INFO);
    }
    paper.bytes
}

/// The store is signed, and after it comes an entry that says which of its pieces a signature needs.
fn entered(own: &Throwaway) -> Vec<u8> {
    let mut paper = Paper::new(&STORE);
    paper.sign(own, &STORE, "");
    let store = STORE[1].1.replace("62 0 R", "62 0 R/CD34 63 0 R");
    paper.append(&[(60, &store), (63, "<</Type/VRI/Cert[61 0 R]>>")], INFO);
    paper.bytes
}

#[test]
fn what_follows_the_last_signature_and_is_no_evidence_is_told_as_that() {
    let own = Throwaway::new();
    let verdict = judged(&own, &again(&own, &[&[OTHER_TEXT_SHOWN]]));
    let told = |detail: &str| verdict.checks.iter().any(|it| it.detail.as_deref() == Some(detail));
    assert_eq!(verdict.failed_codes(), ["content-not-covered"], "{verdict:?}");
    assert!(told("added-after-last-signature"), "{verdict:?}");
}

/// Many entries of the store say this of their signatures: each list in it is long.
fn shared(own: &Throwaway, entry: &str) -> Vec<u8> {
    let entries: Vec<String> = (0..ENTRIES).map(|it| format!("/A{it} {entry}")).collect();
    let entries = entries.concat();
    let list = "61 0 R ".repeat(LISTED);
    let store = format!("<</Type/DSS/Certs 65 0 R/VRI<</AB12 62 0 R{entries}>>>>");
    let (said, list) = (format!("<</Cert[{list}]>>"), format!("[{list}]"));
    stored(own, &[], &[(60, &store), (62, &said), (65, &list)], INFO).bytes
}

fn catalog(more: &str) -> String {
    STORE[0].1.replace("/DSS 60 0 R", more)
}

#[test]
fn evidence_alone_may_follow_and_is_told() {
    let own = Throwaway::new();
    let with = |instead: &[(u32, &str)], more: &[(u32, &str)]| stored(&own, instead, more, INFO).bytes;
    let extended = catalog("/DSS 60 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>");
    let direct = catalog("/DSS<</Certs[61 0 R]/VRI 60 0 R>>");
    for (what, pdf) in [
        ("a store", with(&[], &[])),
        ("entries that share all they say", shared(&own, "62 0 R")),
        ("entries that share a list", shared(&own, "<</Cert 65 0 R>>")),
        ("extensions", with(&[], &[(1, &extended)])),
        ("store in the catalog", with(&[], &[(1, &direct), (60, "<</Type/VRI/AB12 62 0 R>>")])),
        ("store that grew", with(&SIGNED, &[(60, "<</Type/DSS/Certs[63 0 R 61 0 R]/VRI<</AB12 62 0 R>>>>")])),
        ("list apart that grew", with(&APART, &APART_GROWN)),
        ("when it was written", with(&[], &[(6, "<</Title(an invented paper)/ModDate(D:2026)>>")])),
        ("length apart", with(&[], &[(61, "<</Length 65 0 R>>stream\n0\0\nendstream"), (65, "2")])),
        ("checksum of the file dropped", forgotten(&own, "DocChecksum")),
        ("a second revision", again(&own, &[&MORE])),
        ("as many as are read", again(&own, &[&MORE[..]; 7])),
        ("an entry alone", entered(&own)),
        ("white space behind", [with(&[], &[]).as_slice(), &[b'\n', 0, b' ']].concat()),
    ] {
        let (at, policy) = (own.leaf.not_before(), own.policy());
        let context = Context { evidence: &Evidence::default(), at, policy: &policy };
        let found = eds::examine(&pdf, None, &context).unwrap();
        assert!(found.verdict.is_valid(), "{what}: {:?}", found.verdict);
        assert_eq!(found.facts["added-after-signing"], "evidence", "{what}");
    }
}

/// The page shows a stream of references too, which the store after the signature frees.
fn freed(own: &Throwaway) -> Vec<u8> {
    let page = PAGE.1.replace("/Contents 4 0 R", "/Contents[4 0 R 30 0 R]");
    let references = "<</Type/XRef/W[1 2 1]/Index[40 1]/Size 41/Length 4>>stream\n\0ab \nendstream";
    let instead = [(3, page.as_str()), (30, references)];
    let mut paper = Paper::new(&instead);
    paper.sign(own, &instead, "");
    let first = "xref\n0 1\n0000000000 65535 f \n";
    paper.bent = Some((first, "xref\n0 1\n0000000000 65535 f \n30 1\n0000000000 00001 f \n"));
    paper.append(&STORE, INFO);
    paper.bytes
}

/// A step beyond evidence alone.
#[expect(clippy::too_many_lines, reason = "one row a deed")]
pub(super) fn hostile(own: &Throwaway) -> Vec<Row> {
    let with = |what: &str, more: &[(u32, &str)]| row(what, stored(own, &[], more, INFO).bytes);
    let shadow = |what: &str, instead: &[(u32, &str)], more: &[(u32, &str)]| {
        row(what, stored(own, instead, more, INFO).bytes)
    };
    let page = |from: &str, to: &str| PAGE.1.replace(from, to);
    let note = page("{annots}", "{annots} 90 0 R");
    let free_text = "<</Type/Annot/Subtype/FreeText/Rect[0 0 200 200]/Contents(900)>>";
    let drawn = page("/Contents 4 0 R", "/Contents[4 0 R 61 0 R]");
    let resources = page("/Resources<</Font<</F1 5 0 R>>>>", "/Resources 60 0 R");
    let grown = "<</Type/DSS/Certs[63 0 R 61 0 R]/VRI<</AB12 62 0 R>>>>";
    let good = stored(own, &[], &[], INFO);
    let mut empty = Paper::new(&[]);
    empty.sign(own, &[], "");
    empty.append(&[(1, &catalog("/DSS<<>>"))], INFO);
    let mut nothing_new = Paper::new(&STORE);
    nothing_new.sign(own, &STORE, "");
    nothing_new.append(&STORE, INFO);
    vec![
        with("the page again as it was", &[(3, &page("8 0 R{annots}", "8 0 R 21 0 R"))]),
        with("certificate that is none", &[(61, "<</Length 3>>stream\nabc\nendstream")]),
        with("extensions of another kind", &[(1, &catalog(FONT_AS_EXTENSION))]),
        shadow(
            "extensions that are a font",
            &[(3, &page("/Font<</F1 5 0 R>>", "/Font 1 0 R"))],
            &[(1, &catalog("/DSS 60 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 1>>>>"))],
        ),
        row("contents taken away", freed(own)),
        with("page", &[(3, &page("/Contents", "/Rotate 180/Contents"))]),
        with("contents", &[(4, OTHER_TEXT.1)]),
        with("note on the page", &[(3, &note), (90, free_text)]),
        with(
            "value filled in",
            &[(8, "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(900)/Rect[0 0 9 9]/P 3 0 R>>")],
        ),
        with("form", &[(9, &FORM.1.replace(">>", "/NeedAppearances true>>"))]),
        with("form gone", &[(1, "<</Type/Catalog/Pages 2 0 R/DSS 60 0 R>>")]),
        with("names", &[(1, &catalog("/DSS 60 0 R/Names<</EmbeddedFiles<</Names[]>>>>"))]),
        with("opens with an action", &[(1, &catalog("/DSS 60 0 R/OpenAction<</S/JavaScript/JS(x)>>"))]),
        with("version", &[(1, &catalog("/DSS 60 0 R/Version/2.0"))]),
        with("metadata", &[(1, &catalog("/DSS 60 0 R/Metadata 61 0 R"))]),
        with("extensions elsewhere", &[(1, &catalog("/DSS 60 0 R/Extensions 61 0 R"))]),
        with("title", &[(6, "<</Title(another title)>>")]),
        with("notes that refer", &[(6, "<</Title(an invented paper)/ModDate 3 0 R>>")]),
        row("notes gone", stored(own, &[], &[], "").bytes),
        row("other notes", stored(own, &[], &[(67, "<</Title(x)>>")], "/Info 67 0 R").bytes),
        with("an object beside", &[(70, "<<>>")]),
        row("empty store", empty.bytes),
        with("store of other things", &[(60, "<</Type/DSS/Certs[61 0 R]/Scripts 62 0 R>>")]),
        row("entries that share what is no evidence", shared(own, "61 0 R")),
        row("entries that share a list that is none", shared(own, "<</Cert 62 0 R>>")),
        with("certificate that is no stream", &[(61, "<<>>")]),
        with("certificate that refers", &[(61, "<</Length 2/X 3 0 R>>stream\n0\0\nendstream")]),
        with(
            "certificate that holds an object",
            &[(61, "<</Length 18>>stream\n\n4 0 obj<<>>endobj\nendstream")],
        ),
        with("certificate that holds an end", &[(61, "<</Length 12>>stream\nstartxref\n0\n\nendstream")]),
        row("object under another number", patched(&good.bytes, "\n61 1\n", "\n70 1\n")),
        shadow("contents pointed to before they exist", &[(3, &drawn)], &[]),
        shadow(
            "certificate that is drawn too",
            &[SIGNED[0], STORE[1], (61, STREAM), (62, STORE[3].1), (3, &drawn)],
            &[(61, OTHER_TEXT.1), (60, "<</Type/DSS/Certs[61 0 R 66 0 R]/CRLs[61 0 R]>>"), (66, STREAM)],
        ),
        shadow(
            "store that is the resources too",
            &[SIGNED[0], SIGNED[1], SIGNED[2], (3, &resources)],
            &[(60, grown)],
        ),
        shadow(
            "list that is the contents too, under another generation",
            &[APART[0], APART[1], APART[2], APART[3], (3, &page("/Contents 4 0 R", "/Contents 64 3 R"))],
            &APART_GROWN,
        ),
        shadow("evidence taken away", &SIGNED, &[]),
        row("nothing new in the store", nothing_new.bytes),
        row("nothing new in the second revision", again(own, &[&[]])),
        row("nothing new of the store in the second", again(own, &[&[STORE[0]]])),
        row("contents in between", again(own, &[&[OTHER_TEXT_SHOWN], &MORE])),
        row("contents in between, and as they were", again(own, &[&[OTHER_TEXT_SHOWN], &MORE, &[TEXT]])),
        row("contents after the store", again(own, &[&MORE, &[OTHER_TEXT_SHOWN]])),
        row("more revisions than are read", again(own, &[&MORE[..]; 8])),
        row("another key dropped", forgotten(own, "Checksum")),
        row("a byte behind", [good.bytes.as_slice(), &[1]].concat()),
        row("second end behind", [good.bytes.as_slice(), b"%%EOF\n"].concat()),
    ]
}
