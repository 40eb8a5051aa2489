// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile documents around the signature of an element or of a body.

use eds::xml::{Covered, sign_body, sign_element, verify_body, verify_elements};

use super::{ENVELOPE, PARTS, Row, part, put, row, with_signer};
use crate::oracle::Throwaway;

pub(super) fn elements(own: &Throwaway) -> Vec<Row> {
    let good = with_signer(&own.signer, own.leaf.der(), |it| sign_element(PARTS, "p1", it)).unwrap();
    let found = verify_elements(good.as_bytes()).unwrap();
    let Covered::Element { range, .. } = found[0].covered.clone() else { panic!("an element") };
    assert_eq!(&good[range.unwrap()], "<pay Id='p1'><sum>100</sum></pay>");
    let pay = "<pay Id='p1'><sum>100</sum></pay>";
    let forged = "<pay Id='p1'><sum>900</sum></pay>";
    let wrapped = |id: &str| format!("<box>{}</box>", put(pay, "Id", id));
    let foreign = |id: &str| put(&good, pay, &format!("{}{}", put(forged, "Id", "Idd"), put(pay, "Id", id)));
    let mut rows = vec![
        row("changed", put(&good, "100", "900")),
        row("forged beside, of the same id", put(&good, pay, &format!("{forged}{pay}"))),
        row("forged behind, of the same id", put(&good, pay, &format!("{pay}{forged}"))),
        row("forged, signed one in a box", put(&good, pay, &format!("{forged}{}", wrapped("Id")))),
        row(
            "forged around the signed one",
            put(&good, pay, &format!("<pay Id='p1'><sum>900</sum>{pay}</pay>")),
        ),
        row(
            "signed one in the signature",
            put(
                &put(&good, pay, forged),
                "</ds:Signature>",
                &format!("<ds:Object>{pay}</ds:Object></ds:Signature>"),
            ),
        ),
        row("id gone", put(&good, pay, "<pay><sum>100</sum></pay>")),
        row("id of no namespace in use", foreign("e:Id")),
        row("forged id by another name", put(&good, pay, &format!("{}{pay}", put(forged, "Id", "ID")))),
        row("forged id by xml:id", put(&good, pay, &format!("{}{pay}", put(forged, "Id", "xml:id")))),
        row("forged id in small letters", put(&good, pay, &format!("{}{pay}", put(forged, "Id", "id")))),
        row("id on the signature too", put(&good, "<ds:Signature ", "<ds:Signature Id='p1' ")),
        row("id on the root too", put(&good, "<r ", "<r Id='p1' ")),
        row("namespace of the parent", put(&good, "xmlns='urn:r'", "xmlns='urn:q'")),
        row("no signature", PARTS.to_owned()),
        row(
            "transform that removes the signature",
            put(
                &good,
                "<ds:Transforms>",
                "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>",
            ),
        ),
        row(
            "signature inside the element",
            put(
                &put(&good, part(&good, "<ds:Signature ", "</ds:Signature>"), ""),
                "</pay>",
                &format!("{}</pay>", part(&good, "<ds:Signature ", "</ds:Signature>")),
            ),
        ),
    ];
    for uri in ["", "#", "p1", "#p2", "#P1", "#xpointer(id('p1'))", "#p1 ", "x.xml#p1", "#%70%31"] {
        rows.push(row(&format!("to {uri:?}"), put(&good, "URI=\"#p1\"", &format!("URI=\"{uri}\""))));
    }
    rows
}

pub(super) fn bodies(own: &Throwaway) -> Vec<Row> {
    let good = with_signer(&own.signer, own.leaf.der(), |it| sign_body(ENVELOPE, it)).unwrap();
    verify_body(good.as_bytes()).unwrap();
    let body = part(&good, "<s:Body", "</s:Body>").to_owned();
    let forged = body.replace("100", "900");
    let other = forged.replace("b1", "b2");
    let header = |more: &str| format!("{more}</s:Header>");
    vec![
        row("changed", put(&good, &body, &forged)),
        row("signed body in the header", put(&put(&good, &body, &other), "</s:Header>", &header(&body))),
        row(
            "signed body in the header, renamed",
            put(&put(&good, &body, &other), "</s:Header>", &header(&body.replace("s:Body", "Body"))),
        ),
        row(
            "signed body in the header, of the same id",
            put(&put(&good, &body, &forged), "</s:Header>", &header(&body.replace("s:Body", "Body"))),
        ),
        row("two bodies", put(&good, &body, &format!("{other}{body}"))),
        row("body in the body", put(&good, &body, &put(&other, "</s:Body>", &format!("{body}</s:Body>")))),
        row(
            "envelope in the body",
            put(&good, &body, &put(&other, "</s:Body>", &format!("{good}</s:Body>"))),
        ),
        row(
            "envelope of another version",
            good.replace(
                "http://schemas.xmlsoap.org/soap/envelope/",
                "http://www.w3.org/2003/05/soap-envelope",
            ),
        ),
        row("body of another namespace", put(&good, &body, &body.replace("s:Body", "Body"))),
        row("content beside the body", put(&good, "</s:Envelope>", "<sum>900</sum></s:Envelope>")),
        row("id in the body too", put(&good, "<sum>", "<sum Id='b1'>")),
        row(
            "header behind the body",
            put(&put(&good, &body, ""), "<s:Header>", &format!("{body}<s:Header>")),
        ),
    ]
}
