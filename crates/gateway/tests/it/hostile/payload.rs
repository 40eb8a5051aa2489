// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signature inside the payload; the body around it is signed rightly.

use super::forge::{Kind, Plan, piece, replaced, without};
use super::{Row, TAKEN, row};

const UNSIGNED: &str = "SCE017";
const WRONG: &str = "SCE016";
const CERTIFICATE: &str = "SCE015";

const ROOT: &str = "</a:typedRequestFormImportData>";

/// A message whose payload is changed once it is signed.
fn signed(kind: Kind, change: fn(String) -> String) -> String {
    Plan { signed: change, ..Plan::good(kind) }.make()
}

/// A message whose envelope is changed before it is signed.
fn enveloped(kind: Kind, change: fn(String) -> String) -> String {
    Plan { envelope: change, ..Plan::good(kind) }.make()
}

/// The payload's signature.
fn signature(text: &str) -> String {
    piece(text, "<ds:Signature ", "</ds:Signature>").to_owned()
}

pub(super) fn rows(kind: Kind) -> Vec<Row> {
    let by = |holder: &'static str| Plan { payload_key: Some(holder), ..Plan::good(kind) }.make();
    let signed = |change: fn(String) -> String| signed(kind, change);
    let enveloped = |change: fn(String) -> String| enveloped(kind, change);
    let mut rows = vec![
        row("a letter changed", signed(|it| replaced(&it, "353200000-2026-1", "353200000-2026-3")), WRONG),
        row("white space added", signed(|it| replaced(&it, "</requesterIin>", "</requesterIin> ")), WRONG),
        row("an element added", signed(|it| replaced(&it, "<requesterIin>", "<x/><requesterIin>")), WRONG),
        row(
            "an element added behind the signature",
            signed(|it| replaced(&it, ROOT, &format!("<x/>{ROOT}"))),
            WRONG,
        ),
        row(
            "the signature taken away",
            signed(|it| without(&it, "<ds:Signature ", "</ds:Signature>")),
            UNSIGNED,
        ),
        row(
            "the signature moved to the front",
            signed(|it| {
                let signature = signature(&it);
                let bare = replaced(&it, &signature, "");
                replaced(&bare, "<id>", &format!("{signature}<id>"))
            }),
            WRONG,
        ),
        row(
            "the signature moved into a child",
            signed(|it| {
                let signature = signature(&it);
                let bare = replaced(&it, &signature, "");
                replaced(&bare, ROOT, &format!("<w>{signature}</w>{ROOT}"))
            }),
            UNSIGNED,
        ),
        row(
            "the signature twice",
            signed(|it| {
                let signature = signature(&it);
                replaced(&it, &signature, &signature.repeat(2))
            }),
            WRONG,
        ),
        row(
            "the signed payload inside another",
            signed(|it| {
                let (open, _) = it.split_once('>').unwrap();
                format!("{open}>{it}{ROOT}")
            }),
            UNSIGNED,
        ),
        row(
            "the payload twice",
            enveloped(|it| {
                let data = piece(&it, "<data>", "</data>").to_owned();
                let inside = data.replace("<data>", "").replace("</data>", "");
                replaced(&it, &data, &format!("<data>{inside}{inside}</data>"))
            }),
            UNSIGNED,
        ),
        row(
            "plain text",
            enveloped(|it| {
                let data = piece(&it, "<data>", "</data>").to_owned();
                replaced(&it, &data, "<data>hello</data>")
            }),
            UNSIGNED,
        ),
        row(
            "a document in CDATA, signed rightly",
            enveloped(|it| {
                let data = piece(&it, "<data>", "</data>").to_owned();
                let inside = data.replace("<data>", "<data><![CDATA[").replace("</data>", "]]></data>");
                replaced(&it, &data, &inside)
            }),
            TAKEN,
        ),
        row(
            "a document type in CDATA",
            enveloped(|it| {
                let data = piece(&it, "<data>", "</data>").to_owned();
                replaced(
                    &it,
                    &data,
                    "<data><![CDATA[<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>]]></data>",
                )
            }),
            "SCE001",
        ),
        row("a reference to an id", signed(|it| replaced(&it, "URI=\"\"", "URI=\"#x\"")), WRONG),
        row(
            "a reference to the network",
            signed(|it| replaced(&it, "URI=\"\"", "URI=\"http://x.invalid/\"")),
            WRONG,
        ),
        row(
            "no certificate",
            signed(|it| without(&it, "<ds:X509Certificate>", "</ds:X509Certificate>")),
            CERTIFICATE,
        ),
        row(
            "an empty signature value",
            signed(|it| {
                let value = piece(&it, "<ds:SignatureValue>", "</ds:SignatureValue>").to_owned();
                replaced(&it, &value, "<ds:SignatureValue/>")
            }),
            WRONG,
        ),
    ];
    for (what, holder) in [
        ("the key of another system", "transport-center"),
        ("the key of a person", "p01"),
        ("the key of an official", "head"),
        ("an expired key", "expired"),
        ("a revoked key", "revoked"),
    ] {
        rows.push(row(what, by(holder), CERTIFICATE));
    }
    rows
}
