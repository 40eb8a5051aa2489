// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signatures of a message.

use super::manifest::What;
use jiff::Timestamp;
use shep::asynchronous::AsyncMessage;
use shep::border::{FormImport, Ours};
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

    pub(super) const fn what(self) -> What {
        match self {
            Self::Question => What::Question,
            Self::Answer => What::Answer,
        }
    }
}

/// A message and its signatures.
pub(super) struct Read {
    pub(super) side: Side,
    /// The ids under which it may have been kept.
    pub(super) ids: Vec<String>,
    /// The chain of a message over the border.
    pub(super) chain: Option<String>,
    /// When it was made, as it says.
    pub(super) at: Option<Timestamp>,
    pub(super) body: Result<eds::xml::Signed, eds::xml::Error>,
    /// The payload's, if there is a payload.
    pub(super) payload: Option<Result<eds::xml::Signed, eds::xml::Error>>,
}

/// What a message says, without its signatures.
struct Said {
    side: Side,
    ids: Vec<String>,
    chain: Option<String>,
    at: Option<Timestamp>,
    data: Option<Data>,
}

/// Reads a message and checks that its signatures fit; the certificates are judged by others.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Error> {
    let Said { side, ids, chain, at, data } = Said::of(Envelope::read(bytes)?.message);
    let payload = data.map(|it| match it.document() {
        Some(document) => eds::xml::verify_enveloped(document.as_bytes()),
        None => Err(eds::xml::Error::NotSigned),
    });
    Ok(Read { side, ids, chain, at, body: eds::xml::verify_body(bytes), payload })
}

impl Said {
    fn of(message: Message) -> Self {
        let question = |id, at| Self::bare(Side::Question, id, at);
        let answer = |id, at| Self::bare(Side::Answer, id, at);
        match message {
            Message::SyncRequest(it) => {
                Self { data: it.data, ..question(Some(it.info.message_id), Some(it.info.message_date)) }
            }
            Message::SendMessage(it) => Self::over_the_border(it),
            Message::GetMessages(it) => question(it.message_id, it.request_date),
            Message::GetMessageStatus(it) => question(Some(it.message_id), Some(it.request_date)),
            Message::DeliveryNotification(it) => question(Some(it.message_id), Some(it.request_date)),
            Message::StatusChange(it) => question(Some(it.message_id), Some(it.request_date)),
            Message::SyncResponse(it) => {
                Self { data: it.data, ..answer(Some(it.info.message_id), Some(it.info.response_date)) }
            }
            Message::Accepted(it) => answer(Some(it.message_id), Some(it.response_date)),
            Message::Messages(it) => answer(None, Some(it.response_date)),
            Message::MessageStatus(it) => answer(None, Some(it.response_date)),
            Message::DeliveryReceipt(it) => answer(None, Some(it.response_date)),
            Message::StatusChangeReceipt(it) => answer(None, Some(it.response_date)),
            Message::Fault(it) => answer(None, it.detail.map(|it| it.1.date)),
        }
    }

    fn bare(side: Side, id: Option<String>, at: Option<Timestamp>) -> Self {
        Self { side, ids: id.into_iter().collect(), chain: None, at, data: None }
    }

    /// Where another sender's message lies under its id, it was kept under the sender's name too.
    fn over_the_border(it: AsyncMessage) -> Self {
        let AsyncMessage { info, data } = it;
        let id = info.message_id.or_else(|| id_in_form(&data));
        let named = id.as_ref().map(|id| format!("{}/{id}", info.sender.id));
        Self {
            side: Side::Question,
            ids: id.into_iter().chain(named).collect(),
            chain: info.correlation_id,
            at: Some(info.message_date),
            data: Some(data),
        }
    }
}

/// Returns the id that stands in the form alone, as a portal may write it that knows the published form only.
fn id_in_form(data: &Data) -> Option<String> {
    FormImport::read(data).ok().filter(|it| it.ours == Ours::default())?.id
}

impl Read {
    /// Returns each signature that fits, with its name.
    pub(super) fn signed(&self) -> impl Iterator<Item = (String, &eds::xml::Signed)> {
        let side = self.side.as_str();
        let body = self.body.as_ref().ok().map(|it| (format!("{side}-body"), it));
        let payload = self.payload.as_ref().and_then(|it| it.as_ref().ok());
        body.into_iter().chain(payload.map(|it| (format!("{side}-payload"), it)))
    }

    /// Says whether it has a signature that fits by the key of this certificate.
    pub(super) fn is_signed_by(&self, certificate_der: &[u8]) -> bool {
        self.signed().any(|(_, it)| it.certificate_der == certificate_der)
    }

    /// Returns the digest that an answer names as its question's.
    pub(super) fn answered(&self) -> Option<String> {
        let signed = self.body.as_ref().ok()?;
        shep::answered(std::str::from_utf8(&signed.signed_bytes).ok()?).map(str::to_owned)
    }
}
