// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile documents around a signature.

use super::{DS, Row, TEXT, part, put, row, signed};
use crate::oracle::Throwaway;

/// The signed document is moved, and another one stands where it was.
#[expect(clippy::too_many_lines, reason = "one row a deed")]
pub(super) fn wrapping(good: &str) -> Vec<Row> {
    let signature = part(good, "<ds:Signature ", "</ds:Signature>");
    let root = part(good, "<d:pay", "</d:pay>");
    let bare = put(root, signature, "");
    let forged = bare.replace("100", "900");
    let into = |place: &str, what: &str| put(&forged, place, &format!("{what}{place}"));
    let object = |inside: &str| {
        put(signature, "</ds:Signature>", &format!("<ds:Object>{inside}</ds:Object></ds:Signature>"))
    };
    let by_id = |id: &str| put(signature, "URI=\"\"", &format!("URI=\"#{id}\""));
    let with_id = put(&bare, "<d:pay ", "<d:pay Id=\"q\" ");
    vec![
        row("signed root inside a new root", format!("<x>{root}</x>")),
        row(
            "signed root inside a new root of the same name",
            format!("<d:pay xmlns:d='urn:d' sum='900'>{root}</d:pay>"),
        ),
        row(
            "signed root first, forged root around with the signature",
            put(&forged, "</d:pay>", &format!("{bare}{signature}</d:pay>")),
        ),
        row(
            "forged root, signed root in an object",
            put(&forged, "</d:pay>", &format!("{}</d:pay>", object(&bare))),
        ),
        row(
            "forged root, signed root by its id in an object",
            put(
                &forged,
                "</d:pay>",
                &format!(
                    "{}</d:pay>",
                    put(
                        &by_id("q"),
                        "</ds:Signature>",
                        &format!("<ds:Object>{with_id}</ds:Object></ds:Signature>")
                    )
                ),
            ),
        ),
        row(
            "forged root, signed root beside by its id",
            put(&forged, "</d:pay>", &format!("{with_id}{}</d:pay>", by_id("q"))),
        ),
        row(
            "forged root with the id too",
            put(
                &put(&forged, "<d:pay ", "<d:pay Id=\"q\" "),
                "</d:pay>",
                &format!("{with_id}{}</d:pay>", by_id("q")),
            ),
        ),
        row(
            "forged root, its id by another name",
            put(
                &put(&forged, "<d:pay ", "<d:pay ID=\"q\" "),
                "</d:pay>",
                &format!("{with_id}{}</d:pay>", by_id("q")),
            ),
        ),
        row("signature first", into("<to>", signature)),
        row("signature in the middle", into("<e:sum", signature)),
        row("signature deeper", put(&forged, "</to>", &format!("{signature}</to>"))),
        row("signature beside the root", format!("{forged}{signature}")),
        row(
            "signature around the root",
            put(signature, "</ds:Signature>", &format!("{bare}</ds:Signature>")),
        ),
        row("signature is the root", signature.to_owned()),
        row("signature in a comment", put(good, signature, &format!("<!--{signature}-->"))),
        row("signature as text", put(good, signature, &format!("<![CDATA[{signature}]]>"))),
        row("signature of another namespace", put(good, &format!("xmlns:ds=\"{DS}\""), "xmlns:ds=\"urn:x\"")),
        row(
            "signature of a namespace nearly the same",
            put(good, &format!("xmlns:ds=\"{DS}\""), &format!("xmlns:ds=\"{DS} \"")),
        ),
        row("content after the signature", put(good, "</d:pay>", "<e:sum>900</e:sum></d:pay>")),
        row("content before the signature", put(good, "<ds:Signature ", "<e:sum>900</e:sum><ds:Signature ")),
        row("text after the signature", put(good, "</d:pay>", "900</d:pay>")),
        row(
            "content inside the signature",
            put(good, "</ds:Signature>", "<e:sum>900</e:sum></ds:Signature>"),
        ),
        row(
            "content inside the signed info",
            put(good, "</ds:SignedInfo>", "<e:sum>900</e:sum></ds:SignedInfo>"),
        ),
        row("content inside the key info", put(good, "</ds:Signature>", "<ds:KeyInfo/></ds:Signature>")),
        row(
            "object with content",
            put(good, "</ds:Signature>", "<ds:Object Id='o'>900</ds:Object></ds:Signature>"),
        ),
        row("another root", put(good, "d:pay", "d:bay").replace("/d:pay", "/d:bay")),
        row("signature of nothing", put(good, &bare[..20], "<d:pay xmlns:d=\"ur")),
    ]
}

pub(super) fn texts(good: &str) -> Vec<Row> {
    let dtd = |inside: &str| put(good, "<!-- note -->", &format!("<!DOCTYPE d:pay {inside}><!-- note -->"));
    vec![
        row("sum", put(good, ">100<", ">900<")),
        row("attribute", put(good, "sum=\"100\"", "sum=\"900\"")),
        row("attribute added", put(good, "sum=\"100\"", "sum=\"100\" more=\"1\"")),
        row("attribute gone", put(good, " sum=\"100\"", "")),
        row("attribute of a namespace", put(good, " sum=", " e:sum=")),
        row("element renamed", put(good, "<to>Құрал</to>", "<ro>Құрал</ro>")),
        row("element of another namespace", put(good, "xmlns:e='urn:e'", "xmlns:e='urn:f'")),
        row("other prefix", put(good, "<e:sum>100</e:sum>", "<f:sum xmlns:f='urn:e'>100</f:sum>")),
        row("namespace added and not used", put(good, "<to>", "<to xmlns:z='urn:z'>")),
        row("default namespace", put(good, "<to>", "<to xmlns='urn:z'>")),
        row("language", put(good, "<to>", "<to xml:lang='ru'>")),
        row("white space between", put(good, "</to>", "</to> ")),
        row("white space inside", put(good, ">100<", ">100 <")),
        row("line ends in another form", put(good, "\r\n<to>", "&#13;\n<to>")),
        row("line end gone", put(good, "\r\n<to>", "<to>")),
        row("instruction", put(good, "<to>", "<?p?><to>")),
        row("instruction before the root", put(good, "<d:pay", "<?p?><d:pay")),
        row("instruction after the root", format!("{good}<?p?>")),
        row("letters that look the same", put(good, "Құрал", "Kұрал")),
        row("letters in pieces", put(good, "Құрал", "К\u{328}ұрал")),
        row("letter of no width", put(good, "Құрал", "Құ\u{200b}рал")),
        row("another direction", put(good, "Құрал", "\u{202e}Құрал")),
        row("upper case", put(good, "Құрал", "ҚҰРАЛ")),
        row("empty type declaration", dtd("")),
        row("entity", put(&dtd("[<!ENTITY s '900'>]"), ">100<", ">&s;<")),
        row("entity from a file", put(&dtd("[<!ENTITY s SYSTEM 'file:///etc/passwd'>]"), ">100<", ">&s;<")),
        row("entity of the same text", put(&dtd("[<!ENTITY s '100'>]"), ">100<", ">&s;<")),
        row("entity of a parameter", dtd("[<!ENTITY % s SYSTEM 'http://x.invalid/'>%s;]")),
        row(
            "entities of a billion",
            put(
                &dtd("[<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]"),
                ">100<",
                ">&c;<",
            ),
        ),
        row("attribute by default", dtd("[<!ATTLIST to paid CDATA 'yes'>]")),
        row("id by declaration", dtd("[<!ATTLIST to sum ID #IMPLIED>]")),
        row("entity nobody declared", put(good, ">100<", ">&s;<")),
        row(
            "included file",
            put(good, "<to>", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='x'/><to>"),
        ),
        row("another encoding", put(good, "encoding=\"UTF-8\"", "encoding=\"windows-1251\"")),
        row("another encoding of the same letters", put(good, "encoding=\"UTF-8\"", "encoding=\"UTF-7\"")),
        row("zero byte", put(good, ">100<", ">100\0<")),
        row("forbidden letter", put(good, ">100<", ">100\u{fffe}<")),
        row("forbidden letter by number", put(good, ">100<", ">100&#0;<")),
        row("half of a pair", put(good, ">100<", ">100&#xD800;<")),
    ]
}

pub(super) fn shapes(good: &str) -> Vec<Row> {
    let signature = part(good, "<ds:Signature ", "</ds:Signature>").to_owned();
    let info = part(good, "<ds:SignedInfo>", "</ds:SignedInfo>").to_owned();
    let value = part(good, "<ds:SignatureValue>", "</ds:SignatureValue>").to_owned();
    let deep =
        |depth: usize| put(good, "<to>", &format!("{}{}<to>", "<a>".repeat(depth), "</a>".repeat(depth)));
    let attributes = (0..500).map(|it| format!(" a{it}=''")).collect::<Vec<_>>().concat();
    let mut rows = vec![
        row("nothing", String::new()),
        row("text", "100".to_owned()),
        row("not signed", TEXT.to_owned()),
        row("empty signature", put(good, &signature, &format!("<ds:Signature xmlns:ds=\"{DS}\"/>"))),
        row("signed info gone", put(good, &info, "")),
        row("signed info twice", put(good, &info, &info.repeat(2))),
        row("value gone", put(good, &value, "")),
        row("value twice", put(good, &value, &value.repeat(2))),
        row(
            "value first",
            put(&put(good, &value, ""), "<ds:SignedInfo>", &format!("{value}<ds:SignedInfo>")),
        ),
        row("text between the parts", put(good, "</ds:SignedInfo>", "</ds:SignedInfo>x")),
        row("the signature twice", put(good, &signature, &signature.repeat(2))),
        row(
            "the signature in the signature",
            put(good, "</ds:Signature>", &format!("{signature}</ds:Signature>")),
        ),
        row("seventeen signatures", put(good, &signature, &signature.repeat(17))),
        row(
            "a thousand signatures",
            put(good, &signature, &format!("<ds:Signature xmlns:ds=\"{DS}\"/>").repeat(1000)),
        ),
        row("nested beyond the bound", deep(200)),
        row("nested far beyond the bound", deep(200_000)),
        row("not closed", good.replace("</d:pay>", "")),
        row("closed twice", put(good, "</d:pay>", "</d:pay></d:pay>")),
        row("attributes beyond the bound", put(good, "<to>", &format!("<to{attributes}>"))),
        row("tags beyond the bound", put(good, "<to>", &format!("{}<to>", "<a/>".repeat(400_001)))),
        row("longer than the bound", put(good, "<to>", &format!("{}<to>", " ".repeat(16 * 1024 * 1024)))),
        row("two roots", put(good, "<d:pay", "<x/><d:pay")),
        row("attribute twice", put(good, "sum=\"100\"", "sum=\"100\" sum=\"900\"")),
        row(
            "attribute twice by two prefixes",
            put(good, "<e:sum>", "<e:sum xmlns:f='urn:e' e:a='1' f:a='2'>"),
        ),
        row("prefix nobody declared", put(good, "<to>", "<z:a/><to>")),
        row("prefix taken back", put(good, "<to>", "<to xmlns:d=''>")),
        row("prefix of the language", put(good, "<to>", "<to xmlns:xml='urn:x'>")),
        row("prefix of prefixes", put(good, "<to>", "<to xmlns:xmlns='urn:x'>")),
        row("end of nothing", put(good, ">100<", ">100]]><")),
    ];
    let step = good.len() / 24;
    let cut = |at: usize| (at..=good.len()).find(|it| good.is_char_boundary(*it)).unwrap();
    rows.extend((0..24).map(|it| row(&format!("cut at {}", it * step), good[..cut(it * step)].to_owned())));
    rows
}

pub(super) fn several(own: &Throwaway, good: &str) -> Vec<Row> {
    let both = signed(own, good);
    let one = part(&both, "<ds:Signature ", "</ds:Signature>").to_owned();
    let rest = both.split_once(&one).unwrap().1;
    let two = part(rest, "<ds:Signature ", "</ds:Signature>").to_owned();
    let stranger = signed(&Throwaway::new(), good);
    vec![
        row("first taken away", put(&both, &one, "")),
        row("turned around", put(&both, &format!("{one}{two}"), &format!("{two}{one}"))),
        row("first twice", put(&both, &two, &one)),
        row("second twice", put(&both, &one, &two)),
        row("content between", put(&both, &two, &format!("<e:sum>900</e:sum>{two}"))),
        row("content changed", put(&both, ">100<", ">900<")),
        row("first changed", put(&both, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA")),
        row(
            "first replaced by nothing in it",
            put(&both, &one, &format!("<ds:Signature xmlns:ds=\"{DS}\"/>")),
        ),
        row("second by a stranger", stranger),
        row(
            "second has no key",
            put(&both, &two, &put(&two, part(&two, "<ds:KeyInfo>", "</ds:KeyInfo>"), "")),
        ),
        row(
            "second refers to the first",
            put(
                &both,
                &format!("{one}{two}"),
                &format!(
                    "{}{}",
                    put(&one, "<ds:Signature ", "<ds:Signature Id='f' "),
                    put(&two, "URI=\"\"", "URI=\"#f\"")
                ),
            ),
        ),
        row(
            "third of nobody",
            put(&both, &two, &format!("{two}{}", put(&two, "<ds:DigestValue>", "<ds:DigestValue>AAAA"))),
        ),
    ]
}
