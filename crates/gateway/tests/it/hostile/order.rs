// SPDX-License-Identifier: MIT OR Apache-2.0
//! The order of the checks: each fault alone, and every two faults at once.

use super::forge::{Plan, replaced, without};
use super::{Row, row};

/// A fault: its words, how it is made, and the code of its check.
type Fault = (&'static str, fn(&mut Plan), &'static str);

/// In the order of the checks.
const FAULTS: [Fault; 11] = [
    (
        "it has no type",
        |it| it.envelope = |text| replaced(&text, "<messageType>REQUEST</messageType>", ""),
        "SCE001",
    ),
    ("the service is not known", |it| it.service = "ANOTHER_SERVICE", "SCE004"),
    ("the sender is not known", |it| it.sender = "somebody", "SCE005"),
    ("it is not signed", |it| it.body_key = None, "SCE007"),
    ("it was changed on the way", |it| it.sent = |text| replaced(&text, "<routeId>", "<routeId> "), "SCE006"),
    ("another system's key signed it", |it| it.body_key = it.body_key.map(|_| "transport-center"), "SCE005"),
    ("the payload is not signed", |it| it.payload_key = None, "SCE017"),
    (
        "the payload was changed",
        |it| it.signed = |text| replaced(&text, "353200000-2026-1", "353200000-2026-2"),
        "SCE016",
    ),
    (
        "another system's key signed the payload",
        |it| it.payload_key = it.payload_key.map(|_| "transport-center"),
        "SCE015",
    ),
    ("the payload belongs to another envelope", |it| it.message_id = Some("m".to_owned()), "SCE001"),
    ("the addressee is not here", |it| it.parcel.to = "elsewhere".to_owned(), "SCE004"),
];

pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (what, make, code)) in FAULTS.iter().enumerate() {
        let mut one = Plan::good();
        make(&mut one);
        rows.push(row(*what, one.make(), code));
        for (then, make_then, _) in &FAULTS[at + 1..] {
            let mut two = Plan::good();
            make(&mut two);
            make_then(&mut two);
            rows.push(row(format!("{what}, and {then}"), two.make(), code));
        }
    }
    // Where nothing is signed, what is inside the header's place is nothing either.
    let bare = without(&Plan::good().make(), "<soapenv:Header>", "</soapenv:Header>");
    rows.push(row("the header was taken away", bare, "SCE007"));
    rows
}
