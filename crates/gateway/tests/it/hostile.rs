// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hostile and broken messages given to the border's endpoint and to both ports of a gateway, each with the fault that it
//! must get. The list is `docs/gateway/hostile.md`; `UPDATE_GOLDEN=1 cargo test -p gateway` writes it anew.

#![expect(
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::wildcard_enum_match_arm,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a long list of messages of ASCII, broken by cutting"
)]

mod answers;
mod asked;
mod body;
mod bytes;
mod contents;
mod forge;
mod order;
mod payload;
mod ports;

use forge::Kind;
use ports::{Asynchronous, Said, Synchronous};
use std::path::Path;

/// A message, what is wrong with it, and what each port must answer: the client's, `/shep/async`, `/shep/sync`.
pub(super) struct Row {
    what: String,
    message: Vec<u8>,
    expected: [&'static str; 3],
}

/// What stands in place of a code where the message is taken in.
const TAKEN: &str = "taken in";
/// What stands there where a gateway takes it to its addressee or its register.
const CARRIED: &str = "carried";
/// The same, where the client's port finds a fault inside the payload.
const OPAQUE: &str = "carried: the payload is the addressee's";
/// What stands there where a gateway says what it was asked.
const ANSWERED: &str = "answered";
/// What stands there where nothing waits for who asks.
const NOTHING: &str = "no message";

/// A message that every port answers alike.
pub(super) fn row(what: impl Into<String>, message: impl Into<Vec<u8>>, expected: &'static str) -> Row {
    let relays = if expected == TAKEN { CARRIED } else { expected };
    Row { what: what.into(), message: message.into(), expected: [expected, relays, relays] }
}

impl Row {
    /// What is wrong with it is inside the payload, which is the addressee's.
    fn opaque(self) -> Self {
        self.at_relays(OPAQUE, OPAQUE)
    }

    /// The ports of a gateway answer otherwise.
    fn at_relays(mut self, messages: &'static str, questions: &'static str) -> Self {
        self.expected[1..].copy_from_slice(&[messages, questions]);
        self
    }
}

/// The least number of messages that are refused.
const ROWS_MIN: usize = 120;

/// Rows of one kind, and a question for each that can be asked.
type Group = (&'static str, Vec<Row>, Vec<Row>);

fn groups() -> Vec<Group> {
    let group = |name, rows: fn(Kind) -> Vec<Row>| (name, rows(Kind::Message), rows(Kind::Question));
    vec![
        group("Bytes that are no message", bytes::no_message),
        group("Messages that are dear to read", bytes::dear),
        group("Envelopes that are none", bytes::envelopes),
        group("Operations and parts", bytes::parts),
        group("Each check, and every two faults at once: the earlier check answers", order::rows),
        group("The signature over the body", body::rows),
        group("Certificates of the signature over the body", body::certificates),
        group("The signature inside the payload", payload::rows),
        group("What a rightly signed message says", contents::rows),
        group("What is asked of a gateway, and by whom: the same bytes at every port", |_| asked::rows()),
    ]
}

/// Says whether a port answers as it must.
fn fits(said: &str, expected: &str) -> bool {
    said == expected || (said == CARRIED && expected == OPAQUE)
}

#[test]
fn every_hostile_message_gets_its_fault() {
    let mut page = include_str!("hostile/head.txt").to_owned();
    let (mut number, mut refused, mut wrong) = (0, 0, Vec::new());
    let (mut messages, questions) = (Asynchronous::new(), Synchronous::new());
    for (group, rows, asked) in groups() {
        page += &format!("\n## {group}\n\n| № | message | client port | `/shep/async` | `/shep/sync` |\n");
        page += "|---|---|---|---|---|\n";
        let count = asked.len();
        let mut met = 0;
        for Row { what, message, expected } in rows {
            number += 1;
            let mut said = vec![ports::border(&message), messages.answered(&message, expected[0])];
            if let Some(question) = asked.iter().find(|it| it.what == what) {
                met += 1;
                assert_eq!(question.expected, expected, "{what}");
                said.push(questions.answered(&question.message));
            }
            for (it, expected) in said.iter().zip(expected) {
                if !fits(&it.0, expected) {
                    wrong.push(format!("{group}: {what}: {}, not {expected}", it.0));
                }
            }
            refused += usize::from(said[0].0 != TAKEN);
            // The sender is to blame, except for what may come right by itself.
            let again = |again: bool| if again { ", may be sent again" } else { "" };
            let cell = |(it, expected): (&Said, &str)| format!(" {expected}{} |", again(it.1));
            let cells: String = said.iter().zip(expected).map(cell).collect();
            let last = if said.len() < expected.len() { " – |" } else { "" };
            page += &format!("| {number} | {what} |{cells}{last}\n");
        }
        assert_eq!(met, count, "{group}: a question without its message");
    }
    page += &answers::section();
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
