// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bringing a message to its addressee.

use super::accept::AsyncRelay;
use super::board::refused;
use super::kept::{self, KeptExchange};
use super::letter::{self, Letter, State};
use super::seals::Answer;
use crate::inbound;
use crate::trust::Peer;
use jiff::{SignedDuration, Timestamp};
use service::board::Reason;
use service::ports::PortError;
use service::ports::store::{Settlement, StoreError};
use service::rows;
use service::turns::Turn;
use shep::{Channel, Code, Envelope, Message, SessionId};
use std::time::Duration;
use uuid::Uuid;

/// Calls that are made at a time.
pub const IN_FLIGHT_MAX: usize = 128;
/// Calls to one port at a time: most of those in flight, and never all.
pub(super) const CALLS_MAX: usize = 96;
/// How long a port's answer is waited for.
pub const PUSH_WAIT_SECONDS_MAX: u64 = 60;
/// How many days a message is brought again to an addressee who does not answer; then a person must look.
pub const PATIENCE_DAYS_MAX: i64 = 30;

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing was tried: the port may be called at this time.
    Later(Timestamp, Reason),
    /// No answer, or none that counts: again.
    Again(Reason, String),
    /// A person must look: why, the gateway's code, and words.
    Aside(Reason, Option<Code>, String),
    /// The store of the relay itself.
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(it: StoreError) -> Self {
        Self::Store(it)
    }
}

impl AsyncRelay {
    /// Brings a message and returns how its work ended.
    pub(super) async fn deliver(&self, key: Uuid, attempts: u32) -> Result<Settlement, StoreError> {
        let Some((letter, _)) = Letter::find(&*self.store, key).await? else {
            return Ok(Settlement::SetAside { why: Reason::Unusable.why("the message has no row") });
        };
        if matches!(letter.said.state, State::Delivered | State::Stopped) {
            return Ok(Settlement::Done);
        }
        if letter.place.is_some() {
            return self.end_of_wait(key, &letter, attempts).await;
        }
        match self.bring(key, &letter).await {
            Ok(()) => self.delivered(key).await,
            Err(Trouble::Later(at, reason)) => {
                let at = self.pump.later(at);
                Ok(Settlement::Again { at, why: reason.why("its port is called by others or silent") })
            }
            Err(Trouble::Again(reason, why)) => {
                let waited = self.clock.now().duration_since(letter.accepted_at);
                if waited > SignedDuration::from_hours(24 * PATIENCE_DAYS_MAX) {
                    let trouble = (Reason::Patience, None, why);
                    return self.set_aside(key, trouble, attempts).await;
                }
                tracing::warn!(message = %key, to = letter.to, why, "will be brought again");
                Ok(Settlement::Again { at: self.pump.next_trial(attempts), why: reason.why(&why) })
            }
            Err(Trouble::Aside(reason, code, why)) => {
                tracing::error!(message = %key, to = letter.to, why, "a message is set aside");
                self.set_aside(key, (reason, code, why), attempts).await
            }
            Err(Trouble::Store(error)) => Err(error),
        }
    }

    async fn bring(&self, key: Uuid, letter: &Letter) -> Result<(), Trouble> {
        let no_route = |why: &str| Trouble::Aside(Reason::NoRoute, None, why.to_owned());
        let member = self.routes.systems.get(&letter.to);
        let member = member.ok_or_else(|| no_route("the addressee is not known any more"))?;
        let endpoint = member.endpoint.as_deref().ok_or_else(|| no_route("the addressee has no port"))?;
        let envelope = self.resealed(key, letter).await?;
        let question = eds::sha256(&envelope);
        let receipt = self.call(endpoint, envelope.clone()).await?;
        let checked = self.check_receipt(letter, &member.peer, question, &receipt).await?;
        self.keep_delivery((key, letter), (envelope, receipt), &checked).await.map_err(Trouble::Store)
    }

    /// Keeps a delivery with its receipt. It is made again if it is not kept: the addressee knows it again.
    async fn keep_delivery(
        &self,
        (key, letter): (Uuid, &Letter),
        (envelope, receipt): (Vec<u8>, Vec<u8>),
        checked: &Answer,
    ) -> Result<(), StoreError> {
        let receipt = self.put_file(receipt).await?;
        let kept = kept::keep(&*self.store, &letter.to, envelope, (receipt, checked)).await?;
        let exchange = KeptExchange { message: letter.message.clone(), stream: letter::stream(key).0, kept };
        let now = self.clock.now();
        let put = rows::put(&*self.store, now, vec![exchange.row(key, now)]).await;
        put.map_err(|it| StoreError(it.to_string()))
    }

    /// Returns the message with the gateway's own signature over its body; the payload is as it came.
    async fn resealed(&self, key: Uuid, letter: &Letter) -> Result<Vec<u8>, Trouble> {
        let unreadable = |why: String| Trouble::Aside(Reason::Unusable, None, why);
        let kept = self.file(&letter.envelope).await?;
        let gone = || Trouble::Aside(Reason::FileGone, None, "the kept message is gone".to_owned());
        let envelope = Envelope::read(&kept.ok_or_else(gone)?).map_err(|it| unreadable(it.to_string()))?;
        let Message::SendMessage(mut message) = envelope.message else {
            return Err(unreadable("the kept message is another operation".to_owned()));
        };
        message.info.message_id = Some(letter.message.clone());
        message.info.session_id = SessionId::new(&key.to_string());
        let body = letter::order_about(key, "push");
        let sealed = self.seals.envelope(Channel::Client, Message::SendMessage(message), body);
        sealed.map_err(|it| unreadable(it.to_string()))
    }

    /// Calls a port in its turn.
    pub(super) async fn call(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, Trouble> {
        let call = self.turns.enter(endpoint, self.clock.now()).map_err(|turn| match turn {
            Turn::Busy(at) => Trouble::Later(at, Reason::Busy),
            Turn::Silent(at) => Trouble::Later(at, Reason::Silent),
        })?;
        let wait = Duration::from_secs(PUSH_WAIT_SECONDS_MAX);
        let answer = tokio::time::timeout(wait, self.transport.exchange(endpoint, envelope)).await;
        let answer = answer.map_err(|_| PortError::Unavailable("no answer came in time".to_owned()));
        let outcome = match answer.flatten() {
            Ok(answer) => {
                self.turns.answered(endpoint);
                Ok(answer)
            }
            Err(PortError::Unavailable(why)) => {
                self.turns.silent(endpoint, self.clock.now());
                Err(Trouble::Again(Reason::Silent, why))
            }
            Err(PortError::Unusable(why)) => Err(Trouble::Aside(Reason::Transport, None, why)),
        };
        drop(call);
        outcome
    }

    /// A receipt counts only from the addressee, only if it names the message, and never if it names other bytes than ours.
    async fn check_receipt(
        &self,
        letter: &Letter,
        peer: &Peer,
        question: [u8; 32],
        bytes: &[u8],
    ) -> Result<Answer, Trouble> {
        let not_now = |why: String| Trouble::Again(Reason::NotNow, why);
        let envelope = Envelope::read(bytes).map_err(|it| not_now(it.to_string()))?;
        let signed = self.seals.check_answer(bytes, peer, question).await;
        let ours = signed.as_ref().is_ok_and(|it| it.ours);
        if let Message::Fault(fault) = &envelope.message {
            let code = fault.detail.as_ref().map(|it| it.1.code.clone());
            return match inbound::told_fault(fault, ours) {
                PortError::Unavailable(why) => Err(not_now(why)),
                PortError::Unusable(why) => Err(Trouble::Aside(refused(code.as_ref()), code, why)),
            };
        }
        let signed = signed.map_err(|it| not_now(format!("{}: {}", it.code.as_str(), it.reason)))?;
        if !ours {
            return Err(not_now("the receipt is of another message".to_owned()));
        }
        let Message::Accepted(it) = envelope.message else {
            let why = "the receipt is no receipt".to_owned();
            return Err(Trouble::Aside(Reason::Refused, None, why));
        };
        if it.message_id == letter.message {
            Ok(signed)
        } else {
            Err(not_now("the receipt names another message".to_owned()))
        }
    }
}
