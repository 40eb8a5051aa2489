// SPDX-License-Identifier: MIT OR Apache-2.0
//! Addressees that cannot be called ask, and say what they took; senders ask what became of their messages.

use super::accept::{AsyncRelay, busy};
use super::letter::{self, HANDED, LETTERS, Letter, Said, State};
use super::routes::Member;
use super::settle::Change;
use crate::inbound::Refusal;
use service::ports::store::{LIST_MAX, ListQuery, Row};
use service::rows;
use shep::asynchronous::{
    AsyncMessage, DeliveryNotification, DeliveryReceipt, GetMessageStatus, GetMessages, MESSAGES_MAX,
    MessageStatus, Messages, ReceiveStatus, Resend,
};
use shep::{Code, DOCUMENT_BYTES_MAX, Envelope, Message, Sender, SessionId};
use uuid::Uuid;

/// Bytes of kept messages in one answer; one message goes in any case.
const ANSWER_BYTES_MAX: usize = DOCUMENT_BYTES_MAX / 2;
/// Pages of waiting messages that are looked through for one answer.
const PAGES_MAX: usize = 10;

impl AsyncRelay {
    /// Answers `getMessages`: what waits, in the order of acceptance, again and again until it is taken.
    pub(super) async fn messages(&self, bytes: &[u8], asked: &GetMessages) -> Result<Messages, Refusal> {
        self.service(&asked.service_id)?;
        let (to, _) = self.asker(bytes, asked.sender.as_ref()).await?;
        let amount = asked.amount.map_or(MESSAGES_MAX, |it| usize::try_from(it).unwrap_or(MESSAGES_MAX));
        let mut found = Vec::new();
        let (mut after, mut length) = (None, 0);
        for _ in 0..PAGES_MAX {
            let query = ListQuery {
                table: LETTERS.to_owned(),
                list: Letter::polled(to),
                after: after.take(),
                descending: false,
                limit: LIST_MAX,
            };
            let page = self.store.list(query).await.map_err(|it| busy(&it))?;
            for row in &page {
                let letter: Letter = rows::body(row).map_err(|it| busy(&it))?;
                if !is_asked(&letter, asked) {
                    continue;
                }
                let (message, bytes) = self.kept(row, &letter).await?;
                if found.len() >= amount.min(MESSAGES_MAX)
                    || (length > 0 && length + bytes > ANSWER_BYTES_MAX)
                {
                    return self.answered(found);
                }
                length += bytes;
                found.push(message);
            }
            match page.last() {
                Some(last) if page.len() == LIST_MAX => after = Some((last.sort.clone(), last.key.clone())),
                _ => break,
            }
        }
        self.answered(found)
    }

    fn answered(&self, messages: Vec<AsyncMessage>) -> Result<Messages, Refusal> {
        Ok(Messages { response_date: self.clock.now(), session_id: self.session()?, messages })
    }

    async fn kept(&self, row: &Row, letter: &Letter) -> Result<(AsyncMessage, usize), Refusal> {
        let gone = || Refusal::server(Code::Internal, "a kept message cannot be read");
        let bytes = self.file(&letter.envelope).await.map_err(|it| busy(&it))?.ok_or_else(gone)?;
        let Message::SendMessage(mut message) = Envelope::read(&bytes)?.message else { return Err(gone()) };
        message.info.message_id = Some(letter.message.clone());
        message.info.session_id = SessionId::new(&row.key);
        Ok((message, bytes.len()))
    }

    /// Answers `sendDeliveryNotification`.
    pub(super) async fn noticed(
        &self,
        bytes: &[u8],
        notice: &DeliveryNotification,
    ) -> Result<DeliveryReceipt, Refusal> {
        self.service(&notice.service_id)?;
        let (to, _) = self.asker(bytes, notice.sender.as_ref()).await?;
        let (key, letter) = self.handed(to, notice).await?;
        self.take_notice(key, &letter, notice).await?;
        Ok(DeliveryReceipt {
            notification_id: letter::order_about(key, "notice").to_string(),
            response_date: self.clock.now(),
            session_id: self.session()?,
        })
    }

    async fn handed(&self, to: &str, notice: &DeliveryNotification) -> Result<(Uuid, Letter), Refusal> {
        let query = ListQuery {
            table: HANDED.to_owned(),
            list: Letter::handed(to, &notice.message_id),
            after: None,
            descending: false,
            limit: LIST_MAX,
        };
        for row in self.store.list(query).await.map_err(|it| busy(&it))? {
            let Ok(key) = row.key.parse() else { continue };
            let found = Letter::find(&*self.store, key).await.map_err(|it| busy(&it))?;
            if let Some((letter, _)) = found.filter(|it| it.0.service == notice.service_id) {
                return Ok((key, letter));
            }
        }
        Err(unknown())
    }

    async fn take_notice(
        &self,
        key: Uuid,
        letter: &Letter,
        notice: &DeliveryNotification,
    ) -> Result<(), Refusal> {
        match (notice.receive_status, notice.resend) {
            (ReceiveStatus::Accepted, _) => self.delivered(key).await.map(drop).map_err(|it| busy(&it)),
            // It goes on waiting.
            (ReceiveStatus::NotAccepted, Resend::Resend) => Ok(()),
            (ReceiveStatus::NotAccepted, Resend::NotResend) => {
                if matches!(letter.said.state, State::NotDelivered | State::Stopped) {
                    return Ok(());
                }
                let code = notice.error.as_ref().map_or(Code::NoData, |it| it.code.clone());
                let said = Said {
                    state: State::NotDelivered,
                    code: code.as_str().to_owned(),
                    words: "the addressee does not take it".to_owned(),
                    at: self.clock.now(),
                };
                let change = || Change {
                    what: "not-taken",
                    kind: "message.not-taken",
                    said: said.clone(),
                    along: Vec::new(),
                };
                self.change(key, change).await.map_err(|it| busy(&it))
            }
        }
    }

    /// Answers `getMessageStatus`.
    pub(super) async fn status(
        &self,
        bytes: &[u8],
        asked: &GetMessageStatus,
    ) -> Result<MessageStatus, Refusal> {
        let (sender, _) = self.asker(bytes, Some(&asked.sender)).await?;
        let key = letter::message_key(sender, &asked.message_id);
        let found = Letter::find(&*self.store, key).await.map_err(|it| busy(&it))?;
        let (letter, _) = found.ok_or_else(unknown)?;
        Ok(MessageStatus {
            state: letter.said.state.told(),
            status: letter.said.status(),
            response_date: self.clock.now(),
            session_id: SessionId::new(&key.to_string()),
        })
    }

    fn service(&self, id: &str) -> Result<(), Refusal> {
        let unknown = || Refusal::client(Code::ServiceUnknown, "the service is not known here");
        self.routes.services.contains_key(id).then_some(()).ok_or_else(unknown)
    }

    /// Returns who asks: the schema lets it be left out, the signature does not.
    async fn asker<'a>(
        &'a self,
        bytes: &[u8],
        sender: Option<&Sender>,
    ) -> Result<(&'a str, &'a Member), Refusal> {
        let unknown = || Refusal::client(Code::TransportCertificate, "the sender is not known here");
        if let Some(sender) = sender {
            let (id, member) = self.routes.systems.get_key_value(&sender.id).ok_or_else(unknown)?;
            self.seals.check_body(bytes, &member.peer).await?;
            return Ok((id, member));
        }
        let mut refused = unknown();
        for (id, member) in &self.routes.systems {
            match self.seals.check_body(bytes, &member.peer).await {
                Ok(()) => return Ok((id, member)),
                Err(it) => refused = it,
            }
            if refused.code != Code::TransportCertificate {
                break;
            }
        }
        Err(refused)
    }

    fn session(&self) -> Result<SessionId, Refusal> {
        let fresh = SessionId::new(&self.clock.uuid().to_string());
        fresh.ok_or_else(|| Refusal::server(Code::Internal, "no session"))
    }
}

fn is_asked(letter: &Letter, asked: &GetMessages) -> bool {
    let same = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|it| it == is);
    letter.service == asked.service_id
        && same(&asked.message_id, &letter.message)
        && same(&asked.correlation_id, &letter.correlation)
}

fn unknown() -> Refusal {
    Refusal::client(Code::NoData, "no such message")
}
