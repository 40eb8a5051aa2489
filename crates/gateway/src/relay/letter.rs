// SPDX-License-Identifier: MIT OR Apache-2.0
//! A message on its way, as it is stored.

use engine::case::FileHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::ports::Store;
use service::ports::store::{Append, Row, StoreError, StreamId};
use service::rows;
use shep::asynchronous::{AsyncInfo, MessageState};
use uuid::Uuid;

/// Messages, by their keys; those that are polled are listed by addressee and service.
pub(super) const LETTERS: &str = "relay-letters";
/// Keys of messages, listed by addressee and message id: how a notice of an addressee finds its message.
pub(super) const HANDED: &str = "relay-handed";
/// The format of events that is written now.
const FORMAT: u16 = 1;

/// Where a message is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    OnDelivery,
    Delivered,
    NotDelivered,
    Stopped,
}

impl State {
    /// Returns the state in the protocol's words.
    pub(super) const fn told(self) -> MessageState {
        match self {
            Self::OnDelivery => MessageState::OnDelivery,
            Self::Delivered => MessageState::Delivered,
            Self::NotDelivered => MessageState::NotDelivered,
            Self::Stopped => MessageState::DeliveryStopped,
        }
    }
}

/// What is said of a message: code, words without personal data, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) state: State,
    pub(super) code: String,
    pub(super) words: String,
    pub(super) at: Timestamp,
}

/// A message on its way: the body of its row and of the event of its acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    /// The system that sent it.
    pub(super) sender: String,
    /// Its id.
    pub(super) message: String,
    /// Its chain.
    pub(super) correlation: String,
    /// The service.
    pub(super) service: String,
    /// What it is in its exchange.
    pub(super) kind: String,
    /// The system that it is for.
    pub(super) to: String,
    /// The envelope as received.
    pub(super) envelope: FileHash,
    /// SHA-256 of what is meant, without dates and signatures of the way.
    pub(super) meaning: String,
    /// SHA-256 of the receipt that was given.
    pub(super) receipt: String,
    /// When it was accepted.
    pub(super) accepted_at: Timestamp,
    /// Its place among those that are polled.
    pub(super) place: Option<u64>,
    /// What is said of it.
    pub(super) said: Said,
}

/// The answer kept with an acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Receipt {
    pub(super) message: String,
    pub(super) correlation: String,
    pub(super) at: Timestamp,
    pub(super) meaning: String,
}

/// Returns the key under which a message of a sender is kept: one and the same for ever.
pub fn message_key(sender: &str, message: &str) -> Uuid {
    derived(&[b"qyzmet-relay", sender.as_bytes(), message.as_bytes()])
}

/// Returns the id of a message whose sender gave it none: what says the same is the same message, sent again.
pub(super) fn given_id(sender: &str, meaning: &str) -> Uuid {
    derived(&[b"qyzmet-relay-given", sender.as_bytes(), meaning.as_bytes()])
}

/// Returns the id of a further order about a message, the same each time.
pub(super) fn order_about(key: Uuid, what: &str) -> Uuid {
    derived(&[b"qyzmet-relay-order", key.as_bytes(), what.as_bytes()])
}

fn derived(parts: &[&[u8]]) -> Uuid {
    let digest = digest(parts);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part);
    }
    eds::sha256(&whole)
}

/// Returns the digest of what a message means: a sender that tries again dates and signs it anew, and means the same.
pub(super) fn meaning(info: &AsyncInfo, covered: &[u8]) -> String {
    let mut parts: Vec<&[u8]> = vec![
        info.service_id.as_bytes(),
        info.message_type.as_str().as_bytes(),
        info.correlation_id.as_deref().unwrap_or_default().as_bytes(),
        info.route_id.as_deref().unwrap_or_default().as_bytes(),
    ];
    for it in &info.properties {
        parts.extend([it.key.as_bytes(), it.value.as_bytes()]);
    }
    parts.push(covered);
    hex::encode(digest(&parts))
}

/// Returns the stream of a message.
pub(super) fn stream(key: Uuid) -> StreamId {
    StreamId(format!("message/{key}"))
}

/// Returns an event for the end of a message's stream.
pub(super) fn event<T: Serialize>(key: Uuid, kind: &str, at: Timestamp, public: &T) -> Append {
    append(stream(key), kind, at, public)
}

/// Returns an event for the end of a stream.
pub(super) fn append<T: Serialize>(stream: StreamId, kind: &str, at: Timestamp, public: &T) -> Append {
    let public = serde_json::to_vec(public).unwrap_or_default();
    Append { stream, at, kind: kind.to_owned(), format: FORMAT, public, private: None }
}

impl Letter {
    /// Returns the list in which messages of a service wait to be polled by a system: one service hides no other.
    pub(super) fn polled(to: &str, service: &str) -> String {
        format!("poll/{to}/{service}")
    }

    /// Returns the list of messages of an id that went to a system.
    pub(super) fn handed(to: &str, message: &str) -> String {
        format!("handed/{to}/{message}")
    }

    /// Returns its row.
    pub(super) fn row(&self, key: Uuid) -> Row {
        let waits = self.place.filter(|_| matches!(self.said.state, State::OnDelivery));
        let list = waits.map(|_| Self::polled(&self.to, &self.service));
        let sort = waits.map(|it| format!("{it:020}")).unwrap_or_default();
        rows::row(LETTERS, key.to_string(), list, sort, self)
    }

    /// Returns the row by which a notice finds it.
    pub(super) fn handed_row(&self, key: Uuid) -> Row {
        rows::row(HANDED, key.to_string(), Some(Self::handed(&self.to, &self.message)), String::new(), &())
    }

    /// Reads a message's row, with its revision.
    pub(super) async fn find(store: &dyn Store, key: Uuid) -> Result<Option<(Self, u64)>, StoreError> {
        match store.row(LETTERS, &key.to_string()).await? {
            Some(row) => Ok(Some((rows::body(&row)?, row.revision))),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_stands_in_the_list_of_its_addressee_and_service_until_something_is_said_of_it() {
        let at = Timestamp::UNIX_EPOCH;
        let said = |state| Said { state, code: String::new(), words: String::new(), at };
        let list = |to: &str, service: &str, state| {
            let letter = Letter {
                sender: "portal".to_owned(),
                message: "m-1".to_owned(),
                correlation: "c-1".to_owned(),
                service: service.to_owned(),
                kind: "REQUEST".to_owned(),
                to: to.to_owned(),
                envelope: FileHash(String::new()),
                meaning: String::new(),
                receipt: String::new(),
                accepted_at: at,
                place: Some(1),
                said: said(state),
            };
            letter.row(Uuid::nil()).list
        };
        let waits = list("center", "one", State::OnDelivery).unwrap();
        assert_eq!(waits, Letter::polled("center", "one"));
        assert_ne!(Some(waits.clone()), list("center", "two", State::OnDelivery));
        assert_ne!(Some(waits), list("other", "one", State::OnDelivery));
        assert_eq!(list("center", "one", State::NotDelivered), None);
    }
}
