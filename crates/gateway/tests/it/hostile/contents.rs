// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages signed rightly at both layers that say what they may not.

use super::bytes::parcel;
use super::forge::{Plan, replaced};
use super::{Row, row};
use engine::case::FileHash;
use regulation::model::System;

const FORMAT: &str = "SCE001";
const NOT_HERE: &str = "SCE004";

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

fn saying(change: fn(String) -> String) -> String {
    Plan { document: change, ..Plan::good() }.make()
}

pub(super) fn rows() -> Vec<Row> {
    let other = |it: &str| Some(it.to_owned());
    let digest = "1111111111111111111111111111111111111111111111111111111111111111";
    assert!(Plan::good().make().contains(digest), "the regulation of the sample");
    vec![
        row(
            "another id than its envelope's",
            Plan { message_id: other("00000000-0000-0000-0000-000000000001"), ..Plan::good() }.make(),
            FORMAT,
        ),
        row("an envelope without an id", Plan { message_id: None, ..Plan::good() }.make(), FORMAT),
        row(
            "another case than its envelope's",
            Plan { correlation_id: other("00000000-0000-0000-0000-000000000001"), ..Plan::good() }.make(),
            FORMAT,
        ),
        row(
            "the portal speaks as the one-stop-shop",
            Plan { parcel: parcel(|it| it.from = System::Center), ..Plan::good() }.make(),
            FORMAT,
        ),
        row(
            "the portal speaks as the region",
            Plan { parcel: parcel(|it| it.from = System::Region), ..Plan::good() }.make(),
            FORMAT,
        ),
        row(
            "an addressee that is not here",
            Plan { parcel: parcel(|it| "elsewhere".clone_into(&mut it.to)), ..Plan::good() }.make(),
            NOT_HERE,
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
                ..Plan::good()
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
                ..Plan::good()
            }
            .make(),
            FORMAT,
        ),
    ]
}
