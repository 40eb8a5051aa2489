// SPDX-License-Identifier: MIT OR Apache-2.0
//! Under which names a message and its receipt lie at the broker.

use service::ports::PortError;
use shep::{Envelope, Message};

/// The part of the subjects of messages.
pub(super) const REQUESTS: &str = "request";
/// The part of the subjects of receipts.
pub(super) const RECEIPTS: &str = "receipt";
/// The most characters of a word of a subject.
const WORD_CHARS_MAX: usize = 80;

/// What the names of ports of questions end with.
const ASKED: &str = "/sync";

/// What an endpoint takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Messages: each is kept until it is handled.
    Message,
    /// Questions: who asks waits, and asks anew under another id. So none is handled twice, or when nobody waits any more.
    Question,
}

impl Kind {
    /// Returns what the endpoint of that name takes.
    pub(super) fn of(endpoint: &str) -> Self {
        if endpoint.ends_with(ASKED) { Self::Question } else { Self::Message }
    }
}

/// A message to an endpoint: endpoint, sender and message id, each as a word of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    endpoint: String,
    sender: String,
    message: String,
}

impl Key {
    /// Returns the key of an envelope. A message of another kind than those that have an id is known by its bytes.
    pub(super) fn of(endpoint: &str, envelope: &[u8]) -> Result<Self, PortError> {
        let read = Envelope::read(envelope)
            .map_err(|it| PortError::Unusable(format!("the message cannot be read: {it}")))?;
        let by_bytes = || hex::encode(eds::sha256(envelope));
        let (sender, message) = if let Message::SendMessage(it) = read.message {
            (it.info.sender.id, it.info.message_id.unwrap_or_else(by_bytes))
        } else if let Message::SyncRequest(it) = read.message {
            (it.info.sender.id, it.info.message_id)
        } else {
            (String::new(), by_bytes())
        };
        Ok(Self { endpoint: word(endpoint), sender: word(&sender), message: word(&message) })
    }

    /// Returns the id by which the broker knows the message again; after a receipt that did not serve it is another one.
    pub(super) fn id(&self, after: Option<u64>) -> String {
        let id = format!("{}.{}.{}", self.endpoint, self.sender, self.message);
        after.map_or_else(|| id.clone(), |after| format!("{id}~{after}"))
    }

    pub(super) fn request(&self, prefix: &str) -> String {
        format!("{prefix}.{REQUESTS}.{}", self.id(None))
    }

    pub(super) fn receipt(&self, prefix: &str) -> String {
        format!("{prefix}.{RECEIPTS}.{}", self.id(None))
    }
}

/// Returns the subject of the receipt of a message under this subject.
pub(super) fn receipt_of(prefix: &str, request: &str) -> Option<String> {
    let rest = request.strip_prefix(prefix)?.strip_prefix('.')?.strip_prefix(REQUESTS)?;
    Some(format!("{prefix}.{RECEIPTS}{rest}"))
}

/// Returns all subjects of messages to an endpoint.
pub(super) fn requests_to(prefix: &str, endpoint: &str) -> String {
    format!("{prefix}.{REQUESTS}.{}.>", word(endpoint))
}

/// Returns a text as one word of a subject: as it is where that can be, and its digest otherwise.
pub(super) fn word(text: &str) -> String {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '/');
    if text.is_empty() || text.len() > WORD_CHARS_MAX || !text.chars().all(plain) {
        // Longer than any word that is taken as it is, so that no text looks like the digest of another.
        return format!("sha256={}", hex::encode(eds::sha256(text.as_bytes())));
    }
    text.replace('/', "=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_subjects_never_hold_what_the_broker_reads_as_its_own() {
        assert_eq!(word("region"), "region");
        assert_eq!(word("gateway/sync"), "gateway=sync");
        for hostile in ["", "a.b", "*", ">", "a b", "a\r\nb", "қ", &"a".repeat(81)] {
            let word = word(hostile);
            assert!(word.starts_with("sha256=") && word.len() == 71, "{hostile:?}");
        }
    }

    #[test]
    fn the_port_of_questions_alone_takes_questions() {
        assert_eq!(Kind::of("gateway/sync"), Kind::Question);
        for other in ["gateway/async", "region/client", "sync"] {
            assert_eq!(Kind::of(other), Kind::Message, "{other}");
        }
    }

    #[test]
    fn the_receipt_lies_under_the_words_of_its_message() {
        let key = Key { endpoint: word("region"), sender: word("portal"), message: word("1") };
        assert_eq!(key.request("q"), "q.request.region.portal.1");
        assert_eq!(receipt_of("q", &key.request("q")), Some(key.receipt("q")));
        assert_eq!(receipt_of("other", &key.request("q")), None);
        assert_eq!(key.id(Some(7)), "region.portal.1~7");
        assert_eq!(requests_to("q", "region"), "q.request.region.>");
    }
}
