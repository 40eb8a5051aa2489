// SPDX-License-Identifier: MIT OR Apache-2.0
//! Addressees that cannot be called ask; senders ask what became of their messages.
//!
//! What nobody asks for waits as long as what nobody answers; then it is set aside like that, for a person to look. What cannot
//! be read any more is set aside at once and keeps nothing behind it from being asked for.

use super::accept::{AsyncRelay, busy};
use super::deliver::PATIENCE_DAYS_MAX;
use super::letter::{self, LETTERS, Letter, Said, State};
use super::mail::Errand;
use super::routes::Member;
use super::settle::Change;
use crate::inbound::Refusal;
use jiff::{SignedDuration, Timestamp};
use service::board::Reason;
use service::ports::store::{LIST_MAX, ListQuery, OutboxRow, Row, Settlement, StoreError};
use service::rows;
use shep::asynchronous::{
    AsyncMessage, GetMessageStatus, GetMessages, MESSAGES_MAX, MessageStatus, Messages,
};
use shep::{BodyId, Channel, Code, DOCUMENT_BYTES_MAX, Envelope, Message, Sender, SessionId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Bytes of kept messages in one answer; one message goes in any case.
const ANSWER_BYTES_MAX: usize = DOCUMENT_BYTES_MAX / 2;
/// Pages of waiting messages that are looked through for one answer.
const PAGES_MAX: usize = 10;
/// Messages that are set aside for one answer; then none is given, and its addressee asks again.
const SPOILT_MAX: usize = 10;
/// How the body of an envelope of ours begins.
const BODY: &str = "<soapenv:Body";

impl AsyncRelay {
    /// Answers `getMessages`: what waits, in the order of acceptance, again and again until it is taken. A notice names a message
    /// by its id alone, so of equal ids of several senders only the first is given.
    pub(super) async fn messages(&self, bytes: &[u8], asked: &GetMessages) -> Result<Vec<u8>, Refusal> {
        self.service(&asked.service_id)?;
        let (to, _) = self.asker(bytes, asked.sender.as_ref()).await?;
        for _ in 0..SPOILT_MAX {
            let waiting = self.waiting(to, asked).await?;
            if let Some(given) = self.give(waiting, bytes).await? {
                return Ok(given);
            }
        }
        self.sealed(Vec::new(), bytes)
    }

    async fn waiting(&self, to: &str, asked: &GetMessages) -> Result<Vec<AsyncMessage>, Refusal> {
        let amount = asked.amount.map_or(MESSAGES_MAX, |it| usize::try_from(it).unwrap_or(MESSAGES_MAX));
        let (mut found, mut ids) = (Vec::new(), BTreeSet::new());
        let (mut after, mut length) = (None, 0);
        for _ in 0..PAGES_MAX {
            let query = ListQuery {
                table: LETTERS.to_owned(),
                list: Letter::polled(to, &asked.service_id),
                after: after.take(),
                descending: false,
                limit: LIST_MAX,
            };
            let page = self.store.list(query).await.map_err(|it| busy(&it))?;
            for row in &page {
                let letter: Letter = rows::body(row).map_err(|it| busy(&it))?;
                let first = ids.insert(letter.message.clone());
                if !first || !is_asked(&letter, asked) {
                    continue;
                }
                let (message, bytes) = match self.kept(row, &letter).await.map_err(|it| busy(&it))? {
                    Ok(kept) => kept,
                    Err((reason, words)) => {
                        self.unreadable(row, &letter, (reason, words)).await.map_err(|it| busy(&it))?;
                        ids.remove(&letter.message);
                        continue;
                    }
                };
                if found.len() >= amount.min(MESSAGES_MAX)
                    || (length > 0 && length + bytes > ANSWER_BYTES_MAX)
                {
                    return Ok(found);
                }
                length += bytes;
                found.push(message);
            }
            match page.last() {
                Some(last) if page.len() == LIST_MAX => after = Some((last.sort.clone(), last.key.clone())),
                _ => break,
            }
        }
        Ok(found)
    }

    /// Seals an answer of what waits: fewer messages where all of them together are more than a document may hold. `None` where
    /// one alone is more: it is set aside, and something else is the first that waits.
    async fn give(
        &self,
        mut waiting: Vec<AsyncMessage>,
        question: &[u8],
    ) -> Result<Option<Vec<u8>>, Refusal> {
        loop {
            match self.sealed(waiting.clone(), question) {
                Ok(sealed) => {
                    waiting.iter().filter_map(key_of).for_each(|it| self.given.add(it));
                    return Ok(Some(sealed));
                }
                Err(_) if waiting.len() > 1 => waiting.truncate(waiting.len() / 2),
                Err(unsealed) => {
                    let Some(alone) = waiting.pop() else { return Err(unsealed) };
                    return self.spoilt(alone, unsealed, question).await.map(|()| None);
                }
            }
        }
    }

    /// Seals an answer that can be read.
    fn sealed(&self, messages: Vec<AsyncMessage>, question: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (response_date, session_id) = (self.clock.now(), self.session()?);
        let all = Message::Messages(Messages { response_date, session_id, messages });
        let sealed = self.seals.answer(Channel::Async, all, self.clock.uuid(), question);
        let ours = |why: String| Refusal::server(Code::Internal, why);
        let sealed = sealed.map_err(|it| ours(it.to_string()))?;
        Envelope::read(&sealed).map_err(|it| ours(it.to_string()))?;
        Ok(sealed)
    }

    /// Sets aside what cannot be given even alone: it was kept by other rules. What can be given was not signed, and goes on
    /// waiting.
    async fn spoilt(&self, message: AsyncMessage, unsealed: Refusal, question: &[u8]) -> Result<(), Refusal> {
        let Some(session) = message.info.session_id.clone() else { return Err(unsealed) };
        let signed = self.sealed(Vec::new(), question)?;
        let Err(why) = can_be_given(message, &signed) else { return Err(unsealed) };
        let row = self.store.row(LETTERS, session.as_str()).await.map_err(|it| busy(&it))?;
        let Some(row) = row else { return Ok(()) };
        let letter: Letter = rows::body(&row).map_err(|it| busy(&it))?;
        let why = (Reason::Unusable, why.to_string());
        self.unreadable(&row, &letter, why).await.map_err(|it| busy(&it))
    }

    /// Returns a message and its length, or why it cannot be given to anybody.
    async fn kept(&self, row: &Row, letter: &Letter) -> Result<Result<Kept, Spoilt>, StoreError> {
        let Some(bytes) = self.file(&letter.envelope).await? else {
            return Ok(Err((Reason::FileGone, "the kept message is gone".to_owned())));
        };
        Ok(match Envelope::read(&bytes) {
            Ok(Envelope { message: Message::SendMessage(mut message), .. }) => {
                message.info.message_id = Some(letter.message.clone());
                message.info.session_id = SessionId::new(&row.key);
                Ok((message, bytes.len()))
            }
            Ok(_) => Err((Reason::Unusable, "the kept message is another operation".to_owned())),
            Err(error) => Err((Reason::Unusable, error.to_string())),
        })
    }

    /// Sets aside what cannot be given to its addressee.
    async fn unreadable(
        &self,
        row: &Row,
        letter: &Letter,
        (reason, words): (Reason, String),
    ) -> Result<(), StoreError> {
        let key = row.key.parse().map_err(|_| StoreError("a message has no key".to_owned()))?;
        tracing::error!(message = %key, to = letter.to, words, "a message cannot be given to who asks for it");
        let what = format!("spoilt/{}", row.revision);
        let settlement = self.put_aside(key, (reason, None, words), &what).await?;
        self.store.settle(key, settlement).await
    }

    /// What becomes of a message that waited to be asked for: too long, and a person must look; set aside and ordered to be tried
    /// again, and it waits anew.
    pub(super) async fn end_of_wait(
        &self,
        key: Uuid,
        letter: &Letter,
        attempts: u32,
    ) -> Result<Settlement, StoreError> {
        let (now, waits) = (self.clock.now(), letter.said.state == State::OnDelivery);
        let until = patience(letter.said.at);
        if waits && until <= now {
            let words = "its addressee did not ask for it".to_owned();
            return self.set_aside(key, (Reason::Patience, None, words), attempts).await;
        }
        let at = if waits { until } else { self.wait_again(key, attempts).await? };
        Ok(Settlement::Again { at, why: Reason::NotNow.why("it waits until its addressee asks") })
    }

    async fn wait_again(&self, key: Uuid, attempts: u32) -> Result<Timestamp, StoreError> {
        let at = self.clock.now();
        let (state, code) = (State::OnDelivery, Code::Success.as_str().to_owned());
        let said = Said { state, code, words: "waits again to be asked for".to_owned(), at };
        let what = format!("waits/{attempts}");
        let change = || Change { what: &what, kind: "message.waits", said: said.clone(), along: Vec::new() };
        self.given.remove(key);
        self.change(key, change).await?;
        Ok(patience(at))
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

    pub(super) fn service(&self, id: &str) -> Result<(), Refusal> {
        let unknown = || Refusal::client(Code::ServiceUnknown, "the service is not known here");
        self.routes.services.contains_key(id).then_some(()).ok_or_else(unknown)
    }

    /// Returns who asks: the schema lets it be left out, the signature does not.
    pub(super) async fn asker<'a>(
        &'a self,
        bytes: &[u8],
        sender: Option<&Sender>,
    ) -> Result<(&'a str, &'a Member), Refusal> {
        let Some(sender) = sender else {
            return self.seals.check_body_of(bytes, &self.routes.systems).await;
        };
        let unknown = || Refusal::client(Code::TransportCertificate, "the sender is not known here");
        let (id, member) = self.routes.systems.get_key_value(&sender.id).ok_or_else(unknown)?;
        self.seals.check_body(bytes, &member.peer).await?;
        Ok((id, member))
    }

    pub(super) fn session(&self) -> Result<SessionId, Refusal> {
        let fresh = SessionId::new(&self.clock.uuid().to_string());
        fresh.ok_or_else(|| Refusal::server(Code::Internal, "no session"))
    }
}

/// A message to be given, and its length.
type Kept = (AsyncMessage, usize);
/// Why one cannot be given.
type Spoilt = (Reason, String);

fn key_of(message: &AsyncMessage) -> Option<Uuid> {
    message.info.session_id.as_ref()?.as_str().parse().ok()
}

/// Refuses a message that could never be given to who asks for it: in the answer it lies deeper than it came and is longer, and
/// an answer that nobody can read keeps back all that waits behind it. It is read with the signature of another answer of ours,
/// which is as long as its own would be: so this asks nothing of the key.
pub(super) fn can_be_given(message: AsyncMessage, signed: &[u8]) -> Result<(), shep::Error> {
    let session_id = message.info.session_id.clone().ok_or(shep::Error::Missing { what: "sessionId" })?;
    let body_id = BodyId::new(&format!("id-{}", session_id.as_str()));
    // Written as long as any time is.
    let response_date = Timestamp::UNIX_EPOCH + SignedDuration::from_nanos(1);
    let alone = Message::Messages(Messages { response_date, session_id, messages: vec![message] });
    let text = Envelope { channel: Channel::Async, body_id, message: alone }.write_answering(&[0; 32])?;
    let signed = std::str::from_utf8(signed).unwrap_or_default();
    let parts = signed.split_once(BODY).zip(text.split_once(BODY));
    let whole = parts.map(|((head, _), (_, body))| format!("{head}{BODY}{body}"));
    Envelope::read(whole.as_ref().unwrap_or(&text).as_bytes()).map(drop)
}

/// Returns when a wait is over that began then.
fn patience(since: Timestamp) -> Timestamp {
    since + SignedDuration::from_hours(24 * PATIENCE_DAYS_MAX)
}

/// Work that ends the wait of a message that is asked for; nothing waits behind it.
pub(super) fn end(key: Uuid, letter: &Letter) -> OutboxRow {
    OutboxRow {
        id: key,
        lane: format!("poll/{key}"),
        kind: "deliver".to_owned(),
        payload: serde_json::to_vec(&Errand::Deliver { letter: key }).unwrap_or_default(),
        not_before: patience(letter.accepted_at),
    }
}

fn is_asked(letter: &Letter, asked: &GetMessages) -> bool {
    let same = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|it| it == is);
    letter.service == asked.service_id
        && same(&asked.message_id, &letter.message)
        && same(&asked.correlation_id, &letter.correlation)
}

pub(super) fn unknown() -> Refusal {
    Refusal::client(Code::NoData, "no such message")
}
