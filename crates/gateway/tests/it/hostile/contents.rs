// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages signed rightly at both layers that say what they may not.

use super::bytes::parcel;
use super::forge::{Kind, Plan, replaced, without};
use super::ports::WAITS;
use super::{CARRIED, OPAQUE, Row, TAKEN, row};
use crate::relay;
use engine::case::FileHash;
use regulation::model::System;

const FORMAT: &str = "SCE001";
const NOT_HERE: &str = "SCE004";
const SENDER: &str = "SCE005";

/// What a portal sends that knows nothing of ours.
const PUBLISHED: &str = concat!(
    "<a:typedRequestFormImportData xmlns:a=\"http://bip.bee.kz/AsyncChannel/\">",
    "<importSource>EGOV_PORTAL</importSource>",
    "<updatedValues><code>applicant_note</code><values><string>demo</string></values></updatedValues>",
    "<externalRequestChainId>2000001</externalRequestChainId>",
    "<externalRequestId>10000000000001</externalRequestId>",
    "<requesterIin>580308499930</requesterIin><serviceType>DEMO</serviceType>",
    "</a:typedRequestFormImportData>"
);

fn saying(kind: Kind, change: fn(String) -> String) -> String {
    Plan { document: change, ..Plan::good(kind) }.make()
}

pub(super) fn rows(kind: Kind) -> Vec<Row> {
    inside(kind).into_iter().map(Row::opaque).chain(outside(kind)).collect()
}

/// What only the envelope says, or who says it.
fn outside(kind: Kind) -> Vec<Row> {
    let by = |system: &'static str, holder: &'static str| {
        let good = Plan::good(kind);
        Plan { sender: system, payload_key: Some(holder), body_key: Some(holder), ..good }.make()
    };
    vec![
        row(
            "an envelope without an id",
            Plan { envelope: |it| without(&it, "<messageId>", "</messageId>"), ..Plan::good(kind) }.make(),
            FORMAT,
        )
        .at_relays(OPAQUE, FORMAT),
        row(
            "an addressee that is not here",
            Plan { parcel: parcel(|it| "elsewhere".clone_into(&mut it.to)), ..Plan::good(kind) }.make(),
            NOT_HERE,
        )
        .at_relays(NOT_HERE, OPAQUE),
        row(
            "the id of another message that the gateway has from this sender",
            {
                let parcel = relay::parcel(WAITS, 200);
                Plan { message_id: Some(parcel.id.to_string()), parcel, ..Plan::good(kind) }.make()
            },
            TAKEN,
        )
        .at_relays(FORMAT, CARRIED),
        row(
            "a system that may not send by this service, with its own key",
            by("qyzmet-center", "transport-center"),
            FORMAT,
        )
        .at_relays(SENDER, SENDER),
        row(
            "a system that may send by the gateway alone, with its own key",
            by("qyzmet-region", "transport-region"),
            SENDER,
        )
        .at_relays(CARRIED, SENDER),
    ]
}

/// What the payload says: the addressee's alone to judge.
fn inside(kind: Kind) -> Vec<Row> {
    let saying = |change: fn(String) -> String| saying(kind, change);
    let other = |it: &str| Some(it.to_owned());
    let digest = "1111111111111111111111111111111111111111111111111111111111111111";
    assert!(Plan::good(kind).make().contains(digest), "the regulation of the sample");
    vec![
        row(
            "another id than its envelope's",
            Plan { message_id: other("00000000-0000-0000-0000-000000000001"), ..Plan::good(kind) }.make(),
            FORMAT,
        ),
        row(
            "another case than its envelope's",
            Plan { correlation_id: other("00000000-0000-0000-0000-000000000001"), ..Plan::good(kind) }.make(),
            FORMAT,
        ),
        row(
            "the portal speaks as the one-stop-shop",
            Plan { parcel: parcel(|it| it.from = System::Center), ..Plan::good(kind) }.make(),
            FORMAT,
        ),
        row(
            "the portal speaks as the region",
            Plan { parcel: parcel(|it| it.from = System::Region), ..Plan::good(kind) }.make(),
            FORMAT,
        ),
        row(
            "a regulation that is not known here",
            saying(|it| it.replace(&"1".repeat(64), &"2".repeat(64))),
            NOT_HERE,
        ),
        row("another payload", saying(|_| "<x/>".to_owned()), FORMAT),
        row(
            "no id of its own",
            saying(|it| {
                let (before, rest) = it.split_once("<id>").unwrap();
                format!("{before}{}", rest.split_once("</id>").unwrap().1)
            }),
            FORMAT,
        ),
        row("an id that is no UUID", saying(|it| replaced(&it, "<id>00000000", "<id>0000000x")), FORMAT),
        row(
            "a case that is no UUID",
            saying(|it| replaced(&it, "<externalRequestChainId>", "<externalRequestChainId>x")),
            FORMAT,
        ),
        row(
            "a file with another digest",
            saying(|it| {
                let hash = hex::encode(eds::sha256(b"<application/>"));
                it.replace(&hash, &"3".repeat(64))
            }),
            FORMAT,
        ),
        row(
            "a file that is no base64",
            saying(|it| replaced(&it, "PGFwcGxpY2F0aW9uLz4=", "PGFwcGxpY2F0aW9uLz4%")),
            FORMAT,
        ),
        row("a role that is none", saying(|it| it.replace(">portal<", ">emperor<")), FORMAT),
        row(
            "a requester without a number",
            saying(|it| {
                let (before, rest) = it.split_once("<requesterIin>").unwrap();
                format!("{before}{}", rest.split_once("</requesterIin>").unwrap().1)
            }),
            FORMAT,
        ),
        row("a time that is none", saying(|it| replaced(&it, "2026-11-21T", "2026-13-21T")), FORMAT),
        row(
            "two files that lie beside it under one identifier",
            Plan {
                parcel: parcel(|it| {
                    let mut long = it.files[0].clone();
                    long.bytes = vec![1; 6 * 1024 * 1024];
                    long.hash = FileHash(hex::encode(eds::sha256(&long.bytes)));
                    it.files.extend([long.clone(), long]);
                }),
                document: |it| replaced(&it, "000000000064.2", "000000000064.1"),
                ..Plan::good(kind)
            }
            .make(),
            FORMAT,
        ),
        row(
            "an application of another portal, in the published form alone",
            Plan {
                message_id: other("55555555-5555-4555-8555-555555555555"),
                correlation_id: other("2000001"),
                document: |_| PUBLISHED.to_owned(),
                ..Plan::good(kind)
            }
            .make(),
            FORMAT,
        ),
    ]
}
