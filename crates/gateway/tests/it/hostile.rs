// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile and broken messages given to the border's endpoint, each with the fault that it must get. The list is
//! `docs/gateway/hostile.md`; `UPDATE_GOLDEN=1 cargo test -p gateway` writes it anew.

#![expect(
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::wildcard_enum_match_arm,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a long list of messages of ASCII, broken by cutting"
)]

mod body;
mod bytes;
mod contents;
mod forge;
mod order;
mod payload;

use crate::border::{Region, accepts, hub};
use crate::world::{peer, wait};
use gateway::Transport;
use shep::fault::Blame;
use shep::{Envelope, Message};
use std::path::Path;
use std::sync::Arc;

/// A message, what is wrong with it, and the code of the fault; [`TAKEN`] where nothing is.
pub(super) struct Row {
    what: String,
    message: Vec<u8>,
    expected: &'static str,
}

/// What stands in place of a code where the message is taken in.
const TAKEN: &str = "taken in";

pub(super) fn row(what: impl Into<String>, message: impl Into<Vec<u8>>, expected: &'static str) -> Row {
    Row { what: what.into(), message: message.into(), expected }
}

/// The least number of messages that are refused.
const ROWS_MIN: usize = 120;

fn groups() -> Vec<(&'static str, Vec<Row>)> {
    vec![
        ("Bytes that are no message", bytes::no_message()),
        ("Messages that are dear to read", bytes::dear()),
        ("Envelopes that are none", bytes::envelopes()),
        ("Operations and parts", bytes::parts()),
        ("Each check, and every two faults at once: the earlier check answers", order::rows()),
        ("The signature over the body", body::rows()),
        ("Certificates of the signature over the body", body::certificates()),
        ("The signature inside the payload", payload::rows()),
        ("What a rightly signed message says", contents::rows()),
    ]
}

/// Gives a message to an endpoint and returns the code of its answer, and whose fault it is.
fn answered(message: &[u8]) -> (String, Option<Blame>) {
    let region = Arc::new(Region::default());
    let answer = wait(hub(&region, accepts()).exchange("region", message.to_vec())).unwrap();
    // Every answer is signed by the region and names the very bytes that it answers.
    let signed = eds::xml::verify_body(&answer).unwrap();
    let certificate = eds::Certificate::parse(&signed.certificate_der).unwrap();
    assert_eq!(certificate.subject().first(&eds::oids::COMMON_NAME), peer("region").common_name.as_deref());
    let named = shep::answered(std::str::from_utf8(&signed.signed_bytes).unwrap());
    assert_eq!(named, Some(hex::encode(eds::sha256(message)).as_str()));
    let taken = region.count();
    match Envelope::read(&answer).unwrap().message {
        Message::Accepted(_) => {
            assert_eq!(taken, 1);
            (TAKEN.to_owned(), None)
        }
        Message::Fault(fault) => {
            assert_eq!(taken, 0, "a refused message is never received");
            (fault.detail.unwrap().1.code.as_str().to_owned(), Some(fault.blame))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_hostile_message_gets_its_fault() {
    let mut page = include_str!("hostile/head.txt").to_owned();
    let (mut number, mut refused, mut wrong) = (0, 0, Vec::new());
    for (group, rows) in groups() {
        page += &format!("\n## {group}\n\n| № | message | answer |\n|---|---|---|\n");
        for Row { what, message, expected } in rows {
            number += 1;
            let (code, blame) = answered(&message);
            if code != expected {
                wrong.push(format!("{group}: {what}: {code}, not {expected}"));
            }
            refused += usize::from(blame.is_some());
            // The sender is to blame, except for what may come right by itself.
            let server = blame == Some(Blame::Server);
            let again = if server { ", may be sent again" } else { "" };
            page += &format!("| {number} | {what} | {code}{again} |\n");
        }
    }
    page += "\n";
    page += include_str!("hostile/xroad.txt");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused >= ROWS_MIN, "{refused}");
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/gateway/hostile.md"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), page, "UPDATE_GOLDEN=1 writes it anew");
}
