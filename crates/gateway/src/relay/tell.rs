// SPDX-License-Identifier: MIT OR Apache-2.0
//! Telling a sender what became of his message.

use super::accept::AsyncRelay;
use super::board::refused;
use super::deliver::Trouble;
use super::letter::{Letter, Said, State};
use crate::inbound;
use jiff::SignedDuration;
use service::board::Reason;
use service::ports::PortError;
use service::ports::store::{Claimed, Settlement, StoreError};
use shep::asynchronous::{DeliveryStatus, StatusChange};
use shep::{Channel, Code, Envelope, ErrorInfo, Message, SessionId};
use uuid::Uuid;

/// How many days a notice is brought again; afterwards the sender still learns by `getMessageStatus`, and of a message that was
/// given up somebody must tell him: nothing but this notice puts it on his board.
const NOTICE_DAYS_MAX: i64 = 7;

impl Said {
    /// Returns the status in the protocol's shape.
    pub(super) fn status(&self) -> DeliveryStatus {
        DeliveryStatus { code: self.code.clone(), message: self.words.clone(), date: self.at }
    }
}

impl AsyncRelay {
    /// Tells the sender and returns how the work ended.
    pub(super) async fn tell(
        &self,
        key: Uuid,
        said: Said,
        claimed: &Claimed,
    ) -> Result<Settlement, StoreError> {
        let Some((letter, _)) = Letter::find(&*self.store, key).await? else { return Ok(Settlement::Done) };
        let stopped = said.state == State::Stopped;
        let until = said.at + SignedDuration::from_hours(24 * NOTICE_DAYS_MAX);
        let over = self.clock.now() > until;
        match self.bring_notice(key, &letter, said, claimed.row.id).await {
            Err(Trouble::Store(error)) => Err(error),
            // Nothing was tried, so nothing is lost by waiting.
            Err(Trouble::Later(at, reason)) if stopped || !over => {
                let at = self.pump.later(at);
                Ok(Settlement::Again { at, why: reason.why("its port is called by others or silent") })
            }
            Err(Trouble::Again(reason, why)) if !over => {
                Ok(Settlement::Again { at: self.pump.next_trial(claimed.attempts), why: reason.why(&why) })
            }
            Err(Trouble::Aside(reason, _, why) | Trouble::Again(reason, why)) if stopped => {
                tracing::error!(message = %key, to = letter.sender, why, "the sender cannot be told");
                Ok(Settlement::SetAside { why: reason.why(&why) })
            }
            Err(Trouble::Aside(_, _, why) | Trouble::Again(_, why)) => {
                // A notice is a courtesy: the status stays there to be asked for.
                tracing::warn!(message = %key, to = letter.sender, why, "the sender takes no notice");
                Ok(Settlement::Done)
            }
            Ok(()) | Err(Trouble::Later(..)) => Ok(Settlement::Done),
        }
    }

    async fn bring_notice(&self, key: Uuid, letter: &Letter, said: Said, id: Uuid) -> Result<(), Trouble> {
        let no_port = || Trouble::Aside(Reason::NoRoute, None, "the sender has no port".to_owned());
        let member = self.routes.systems.get(&letter.sender);
        let endpoint = member.and_then(|it| Some((it, it.endpoint.as_deref()?)));
        let (member, endpoint) = endpoint.ok_or_else(no_port)?;
        let error = (said.state != State::Delivered).then(|| ErrorInfo {
            code: Code::from(said.code.as_str()),
            message: said.words.clone(),
            data: None,
            date: said.at,
            sub_error: None,
            session_id: None,
        });
        let change = StatusChange {
            notification_id: id.to_string(),
            message_id: letter.message.clone(),
            notification_date: said.at,
            state: said.state.told(),
            status: said.status(),
            error,
            request_date: self.clock.now(),
            session_id: SessionId::new(&key.to_string()),
        };
        let envelope = self.seals.envelope(Channel::Client, Message::StatusChange(change), id);
        let envelope = envelope.map_err(|it| Trouble::Aside(Reason::Unusable, None, it.to_string()))?;
        let question = eds::sha256(&envelope);
        let answer = self.call(endpoint, envelope).await?;
        let not_now = |why: String| Trouble::Again(Reason::NotNow, why);
        let read = Envelope::read(&answer).map_err(|it| not_now(it.to_string()))?;
        let signed = self.seals.check_answer(&answer, &member.peer, question).await;
        let ours = signed.as_ref().is_ok_and(|it| it.ours);
        if let Message::Fault(fault) = &read.message {
            let code = fault.detail.as_ref().map(|it| it.1.code.clone());
            return Err(match inbound::told_fault(fault, ours) {
                PortError::Unavailable(why) => not_now(why),
                PortError::Unusable(why) => Trouble::Aside(refused(code.as_ref()), code, why),
            });
        }
        signed.map_err(|it| not_now(format!("{}: {}", it.code.as_str(), it.reason)))?;
        if !ours {
            return Err(not_now("the receipt is of another notice".to_owned()));
        }
        if matches!(read.message, Message::StatusChangeReceipt(_)) {
            Ok(())
        } else {
            let why = "the receipt of a notice is no receipt".to_owned();
            Err(Trouble::Aside(Reason::Refused, None, why))
        }
    }
}
