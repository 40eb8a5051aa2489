// SPDX-License-Identifier: MIT OR Apache-2.0
//! The board of the gateway: messages and notices that did not go at the first trial.

use super::accept::AsyncRelay;
use super::letter::{Letter, Said, State};
use super::mail::Errand;
use super::settle::Change;
use async_trait::async_trait;
use service::board::{
    Board, BoardError, Ending, ITEMS_MAX, Item, Order, Reason, What, given_up, retried, shown_words,
    write_down,
};
use service::ports::store::{Settlement, StoreError, Stuck};
use shep::Code;
use uuid::Uuid;

/// The gateway itself, where it is the sender of a notice.
const GATEWAY: &str = "gateway";

/// Returns the reason of a refusal by this code.
pub(super) fn refused(code: Option<&Code>) -> Reason {
    match code {
        Some(Code::Format) => Reason::RefusedFormat,
        Some(Code::ServiceUnknown) => Reason::RefusedService,
        Some(Code::TransportCertificate | Code::DataCertificate) => Reason::RefusedCertificate,
        Some(
            Code::TransportSignature | Code::TransportUnsigned | Code::DataSignature | Code::DataUnsigned,
        ) => Reason::RefusedSignature,
        _ => Reason::Refused,
    }
}

fn read(why: Option<&str>) -> (Reason, &str) {
    let Some(why) = why else { return (Reason::CutOff, "") };
    let (reason, words) = Reason::read(why);
    (reason.unwrap_or(Reason::CutOff), words)
}

#[async_trait]
impl Board for AsyncRelay {
    async fn items(&self) -> Result<Vec<Item>, BoardError> {
        let mut items = Vec::new();
        for stuck in self.store.stuck(ITEMS_MAX).await? {
            items.push(self.shown(stuck).await?);
        }
        Ok(items)
    }

    async fn retry(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError> {
        let stuck = self.stuck_work(id).await?;
        write_down(&*self.store, retried(&stuck, order, self.clock.now()), None).await?;
        let (reason, words) = read(stuck.why.as_deref());
        let again = Settlement::Again { at: self.clock.now(), why: reason.why(words) };
        self.store.settle(id, again).await?;
        self.pump.wake();
        Ok(())
    }

    /// The sender is told, and the chain goes on.
    async fn give_up(&self, id: Uuid, order: Order<'_>) -> Result<(), BoardError> {
        let stuck = self.stuck_work(id).await?;
        let event = given_up(&stuck, order, self.clock.now())?;
        if let Ok(Errand::Deliver { letter }) = serde_json::from_slice(&stuck.row.payload) {
            let said = Said {
                state: State::Stopped,
                code: Code::Internal.as_str().to_owned(),
                words: "given up by the gateway's administrator".to_owned(),
                at: self.clock.now(),
            };
            let change = || Change {
                what: "stopped",
                kind: "message.stopped",
                said: said.clone(),
                along: vec![event.clone()],
            };
            self.change(letter, change).await?;
        } else {
            let once = super::letter::order_about(id, "given-up");
            write_down(&*self.store, event, Some(once)).await?;
        }
        self.store.settle(id, Settlement::Done).await?;
        self.pump.wake();
        Ok(())
    }
}

impl AsyncRelay {
    async fn stuck_work(&self, id: Uuid) -> Result<Stuck, BoardError> {
        self.store.stuck_one(id).await?.ok_or(BoardError::Unknown)
    }

    async fn shown(&self, stuck: Stuck) -> Result<Item, StoreError> {
        let (reason, words) = read(stuck.why.as_deref());
        let (key, notice) = match serde_json::from_slice(&stuck.row.payload) {
            Ok(Errand::Deliver { letter }) => (letter, false),
            Ok(Errand::Tell { letter, .. }) => (letter, true),
            Err(_) => (stuck.row.id, false),
        };
        let letter = Letter::find(&*self.store, key).await?.map(|it| it.0);
        let text = |of: fn(&Letter) -> &str| letter.as_ref().map(of).unwrap_or_default().to_owned();
        let (sender, addressee) = (text(|it| &it.sender), text(|it| &it.to));
        // A notice goes the other way, and the gateway sends it.
        let (from, to) = if notice { (GATEWAY.to_owned(), sender) } else { (sender, addressee) };
        Ok(Item {
            id: stuck.row.id,
            since: letter.as_ref().map_or(stuck.row.not_before, |it| it.accepted_at),
            attempts: stuck.attempts,
            next: (!stuck.set_aside).then_some(stuck.ready_at),
            acts: reason.acts((!notice).then_some(from.as_str()), Some(&to)),
            reason,
            words: shown_words(words),
            ending: Some(if notice { Ending::Left } else { Ending::SenderTold }),
            what: What::Message {
                notice,
                message: text(|it| &it.message),
                chain: text(|it| &it.correlation),
                service: text(|it| &it.service),
                from,
                to,
            },
        })
    }
}
