// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages signed rightly at both layers that say what they may not.

use super::bytes::parcel;
use super::forge::{Plan, replaced};
use super::{Row, row};
use regulation::model::System;

const FORMAT: &str = "SCE001";
const NOT_HERE: &str = "SCE004";

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
    ]
}
