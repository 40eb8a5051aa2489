// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signatures of a message.

use shep::{Data, Envelope, Error, Message};

/// Which of both messages of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Question,
    Answer,
}

impl Side {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Answer => "answer",
        }
    }

    pub(super) const fn file(self) -> &'static str {
        match self {
            Self::Question => "question.xml",
            Self::Answer => "answer.xml",
        }
    }
}

/// A message and its signatures.
pub(super) struct Read {
    pub(super) side: Side,
    pub(super) body: Result<eds::xml::Signed, eds::xml::Error>,
    /// The payload's, if there is a payload.
    pub(super) payload: Option<Result<eds::xml::Signed, eds::xml::Error>>,
}

/// Reads a message and checks that its signatures fit; the certificates are judged by others.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Error> {
    let message = Envelope::read(bytes)?.message;
    let (side, data) = taken_apart(message);
    let payload = data.map(|it| match it.document() {
        Some(document) => eds::xml::verify_enveloped(document.as_bytes()),
        None => Err(eds::xml::Error::NotSigned),
    });
    Ok(Read { side, body: eds::xml::verify_body(bytes), payload })
}

fn taken_apart(message: Message) -> (Side, Option<Data>) {
    match message {
        Message::SyncRequest(it) => (Side::Question, it.data),
        Message::SendMessage(it) => (Side::Question, Some(it.data)),
        Message::GetMessages(_)
        | Message::GetMessageStatus(_)
        | Message::DeliveryNotification(_)
        | Message::StatusChange(_) => (Side::Question, None),
        Message::SyncResponse(it) => (Side::Answer, it.data),
        Message::Accepted(_)
        | Message::Messages(_)
        | Message::MessageStatus(_)
        | Message::DeliveryReceipt(_)
        | Message::StatusChangeReceipt(_)
        | Message::Fault(_) => (Side::Answer, None),
    }
}

impl Read {
    /// Returns each signature that fits, with its name.
    pub(super) fn signed(&self) -> impl Iterator<Item = (String, &eds::xml::Signed)> {
        let side = self.side.as_str();
        let body = self.body.as_ref().ok().map(|it| (format!("{side}-body"), it));
        let payload = self.payload.as_ref().and_then(|it| it.as_ref().ok());
        body.into_iter().chain(payload.map(|it| (format!("{side}-payload"), it)))
    }

    /// Returns the digest that an answer names as its question's.
    pub(super) fn answered(&self) -> Option<String> {
        let signed = self.body.as_ref().ok()?;
        shep::answered(std::str::from_utf8(&signed.signed_bytes).ok()?).map(str::to_owned)
    }
}
