// SPDX-License-Identifier: MIT OR Apache-2.0
//! An answer names its question.

use shep::{BINDING_NAMESPACE, Channel, Envelope, Message, answered};

use crate::messages::request;
use crate::{envelope, schema};

const DIGEST: [u8; 32] = [0xab; 32];

fn body(envelope: &str) -> &str {
    envelope.get(envelope.find("<soapenv:Body").unwrap()..).unwrap()
}

#[test]
fn an_answer_names_the_digest_of_its_question_and_stays_valid_for_strict_peers() {
    let made = envelope(Channel::Sync, Message::SyncRequest(request(None)));
    let text = made.write_answering(&DIGEST).unwrap();
    schema::assert_valid(Channel::Sync, &text);
    assert_eq!(Envelope::read(text.as_bytes()).unwrap(), made);
    assert_eq!(answered(body(&text)), Some("ab".repeat(32).as_str()));
    assert_eq!(answered(body(&made.write().unwrap())), None);
}

#[test]
fn the_attribute_counts_in_its_namespace_only_whatever_its_prefix() {
    let hex = "cd".repeat(32);
    let rows = [
        (format!("<Body a:requestSha256='{hex}' xmlns:a='{BINDING_NAMESPACE}'>"), Some(hex.as_str())),
        (format!("<Body\n xmlns:qz = \"{BINDING_NAMESPACE}\"\tqz:requestSha256 =\"{hex}\" />"), Some(&hex)),
        (format!("<Body requestSha256='{hex}' xmlns='{BINDING_NAMESPACE}'>"), None),
        (format!("<Body requestSha256='{hex}' xmlns:a='{BINDING_NAMESPACE}'>"), None),
        (format!("<Body a:requestSha256='{hex}' xmlns:a='urn:other'>"), None),
        (format!("<Body a='xmlns:b=&quot;{BINDING_NAMESPACE}&quot;' b:requestSha256='{hex}'>"), None),
        (format!("<Body><x xmlns:a='{BINDING_NAMESPACE}' a:requestSha256='{hex}'/>"), None),
        (format!("<Body xmlns:a='{BINDING_NAMESPACE}'>"), None),
        ("<Body".to_owned(), None),
        (String::new(), None),
    ];
    for (text, expected) in rows {
        assert_eq!(answered(&text), expected, "{text}");
    }
}
