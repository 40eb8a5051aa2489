// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the codec. Every person and number in them is invented.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "the whole target is tests, helpers among them"
)]

mod binding;
mod border;
mod hostile;
mod messages;
mod registers;
mod samples;
mod schema;
mod temp_storage;
mod variants;

use jiff::Timestamp;
use shep::{BodyId, Channel, Data, Envelope, Message, SessionId};

/// An invented number that passes the check digit.
const IIN: &str = "900101300007";

fn now() -> Timestamp {
    "2026-11-21T20:36:09.123+05:00".parse().unwrap()
}

fn session() -> SessionId {
    SessionId::new("44444444-4444-4444-8444-444444444444").unwrap()
}

fn envelope(channel: Channel, message: Message) -> Envelope {
    Envelope { channel, body_id: BodyId::new("id-1"), message }
}

/// Writes the envelope, has it checked against the schema, reads it back and expects the same value; returns the text.
fn round_trip(envelope: &Envelope) -> String {
    let text = envelope.write().unwrap();
    schema::assert_valid(envelope.channel, &text);
    assert_eq!(&Envelope::read(text.as_bytes()).unwrap(), envelope, "{text}");
    text
}

/// Returns the document with something like a signature as the last child of its root.
fn with_signature(document: &str) -> String {
    let at = document.rfind("</").unwrap();
    let (before, after) = document.split_at(at);
    format!(
        "{before}<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo/></ds:Signature>{after}"
    )
}

fn element(document: String) -> Data {
    Data::element(document).unwrap()
}
