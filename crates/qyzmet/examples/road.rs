// SPDX-License-Identifier: MIT OR Apache-2.0
//! Measures the automatic way: from the citizen's signature to the signed certificate in the cabinet, and its parts.
//!
//! `cargo run --package qyzmet --example road [COUNT] [PDF]`; the last certificate is written to `PDF`.

#[path = "../tests/it/road.rs"]
#[expect(dead_code, reason = "the tests use all of it")]
#[expect(clippy::expect_used, clippy::unwrap_used, reason = "a measurement stops at the first surprise")]
mod road;

use jiff::Timestamp;
use road::Road;
use service::access::Reader;
use service::portal::Sent;
use std::time::Instant;

const COUNT: usize = 21;

/// Names of the parts, in order; the last is the whole.
const PARTS: [&str; 5] = [
    "signature judged, case opened, durable at the portal",
    "over the border, registered at the region",
    "register asked and answered",
    "certificate pressed, stamped, durable at the region",
    "back over the border, in the cabinet",
];

#[tokio::main]
#[expect(clippy::print_stdout, reason = "a program for people at a terminal")]
#[expect(clippy::expect_used, clippy::panic, reason = "a measurement stops at the first surprise")]
async fn main() {
    let count = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(COUNT);
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let mut wholes = Vec::new();
    let mut parts: Vec<Vec<i64>> = vec![Vec::new(); PARTS.len()];
    let mut last = Vec::new();
    for _ in 0..count {
        let citizen = road.citizen("580308499930").await;
        let child = [("Нұрсұлтанұлы", "Бекзат", "2012-09-14")];
        let (draft, cms) = road.signed_draft(&citizen, "p01", &child).await;
        let portal = &road.demo.portal;
        let (begun, clock) = (Instant::now(), portal.now());
        let sent =
            portal.send((&citizen.0, &citizen.1), &draft, cms, portal.uuid()).await.expect("an answer");
        let sent_at = portal.now();
        let Sent::Accepted(it) = sent else { panic!("not accepted: {sent:?}") };
        let ended = road.ended(portal, it.case).await;
        wholes.push(begun.elapsed().as_millis());
        let there = road.demo.region.load(it.case).await.expect("the case").case;
        let result = ended.result.expect("a result");
        let answered = there.answered.values().max().copied().unwrap_or(sent_at);
        let stamped = there.done.last().map_or(answered, |it| it.at);
        let told = ended.end.map_or(stamped, |it| it.1);
        let marks = [clock, sent_at, there.opened_at, answered, stamped, told];
        for (part, (from, to)) in parts.iter_mut().zip(marks.iter().zip(marks.iter().skip(1))) {
            part.push(milliseconds(*from, *to));
        }
        let reader = Reader::Applicant(&citizen.0.id);
        last = portal.case_file(&reader, it.case, &result.file).await.expect("the file").unwrap_or_default();
    }
    wholes.sort_unstable();
    println!("{count} applications, dev profile unless built with --release; milliseconds: min, median, max");
    println!("{:?} {:?} {:?}  whole", wholes.first(), wholes.get(count / 2), wholes.last());
    for (name, part) in PARTS.iter().zip(&mut parts) {
        part.sort_unstable();
        println!("{:?} {:?} {:?}  {name}", part.first(), part.get(count / 2), part.last());
    }
    if let Some(path) = std::env::args().nth(2) {
        std::fs::write(path, last).expect("the file is written");
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond() - from.as_millisecond()
}
