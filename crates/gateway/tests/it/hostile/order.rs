// SPDX-License-Identifier: MIT OR Apache-2.0
//! The order of the checks: each fault alone, and every two faults at once.

use super::forge::{Kind, Plan, replaced, without};
use super::{OPAQUE, Row, row};

/// A fault: its words, how it is made, and the code of its check at each port.
type Fault = (&'static str, fn(&mut Plan), [&'static str; 3]);

/// In the order of the checks.
const FAULTS: [Fault; 11] = [
    (
        "it has no date",
        |it| it.envelope = |text| without(&text, "<messageDate>", "</messageDate>"),
        ["SCE001"; 3],
    ),
    ("the service is not known", |it| it.service = "ANOTHER_SERVICE", ["SCE004"; 3]),
    ("the sender is not known", |it| it.sender = "somebody", ["SCE005"; 3]),
    ("it is not signed", |it| it.body_key = None, ["SCE007"; 3]),
    (
        "it was changed on the way",
        |it| it.sent = |text| replaced(&text, "<routeId>", "<routeId> "),
        ["SCE006"; 3],
    ),
    (
        "another system's key signed it",
        |it| it.body_key = it.body_key.map(|_| "transport-center"),
        ["SCE005"; 3],
    ),
    ("the payload is not signed", |it| it.payload_key = None, ["SCE017"; 3]),
    (
        "the payload was changed",
        |it| it.signed = |text| replaced(&text, "353200000-2026-1", "353200000-2026-2"),
        ["SCE016"; 3],
    ),
    (
        "another system's key signed the payload",
        |it| it.payload_key = it.payload_key.map(|_| "transport-center"),
        ["SCE015"; 3],
    ),
    (
        "the payload belongs to another envelope",
        |it| it.message_id = Some("m".to_owned()),
        ["SCE001", OPAQUE, OPAQUE],
    ),
    ("the addressee is not here", |it| it.parcel.to = "elsewhere".to_owned(), ["SCE004", "SCE004", OPAQUE]),
];

pub(super) fn rows(kind: Kind) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, (what, make, codes)) in FAULTS.iter().enumerate() {
        let mut one = Plan::good(kind);
        make(&mut one);
        rows.push(Row { expected: *codes, ..row(*what, one.make(), "") });
        for (then, make_then, codes_then) in &FAULTS[at + 1..] {
            let mut two = Plan::good(kind);
            make(&mut two);
            make_then(&mut two);
            // What a port does not look into is no fault there.
            let first = |port: usize| if codes[port] == OPAQUE { codes_then[port] } else { codes[port] };
            let expected = std::array::from_fn(first);
            rows.push(Row { expected, ..row(format!("{what}, and {then}"), two.make(), "") });
        }
    }
    // Where nothing is signed, what is inside the header's place is nothing either.
    let bare = without(&Plan::good(kind).make(), "<soapenv:Header>", "</soapenv:Header>");
    rows.push(row("the header was taken away", bare, "SCE007"));
    rows
}
