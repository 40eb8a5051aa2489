// SPDX-License-Identifier: MIT OR Apache-2.0
//! What addressees that ask say of the messages they were given: taken, refused, or wanted once more.
//!
//! What is refused is set aside, as it is when it was brought: its sender is told, and a person must look.

use super::accept::{AsyncRelay, busy};
use super::board::refused;
use super::letter::{self, HANDED, Letter, State};
use super::poll::unknown;
use super::routes::SYSTEMS_MAX;
use crate::inbound::Refusal;
use service::ports::store::{LIST_MAX, ListQuery, Settlement, StoreError};
use shep::Code;
use shep::asynchronous::{DeliveryNotification, DeliveryReceipt, ReceiveStatus, Resend};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Pages of messages with one id: each system may use it once.
const SAME_ID_PAGES_MAX: usize = SYSTEMS_MAX.div_ceil(LIST_MAX);
/// How many messages are remembered as given; a forgotten one is given once more.
const GIVEN_MAX: usize = 16_384;

/// Which messages were given since they last began to wait. It tells apart those of one id: a notice that comes again takes
/// nothing that its addressee has not seen. Lost with the process, and then they are given once more.
#[derive(Debug, Default)]
pub(super) struct Given(Mutex<BTreeSet<Uuid>>);

impl Given {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeSet<Uuid>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, key: Uuid) {
        self.with(|it| {
            if it.len() >= GIVEN_MAX {
                it.clear();
            }
            it.insert(key);
        });
    }

    pub(super) fn remove(&self, key: Uuid) {
        self.with(|it| it.remove(&key));
    }

    fn has(&self, key: Uuid) -> bool {
        self.with(|it| it.contains(&key))
    }
}

/// A message that went to who gives the notice.
struct Handed {
    key: Uuid,
    letter: Letter,
    revision: u64,
}

impl AsyncRelay {
    /// Answers `sendDeliveryNotification`.
    pub(super) async fn noticed(
        &self,
        bytes: &[u8],
        notice: &DeliveryNotification,
    ) -> Result<DeliveryReceipt, Refusal> {
        self.service(&notice.service_id)?;
        let (to, _) = self.asker(bytes, notice.sender.as_ref()).await?;
        if let Some(handed) = self.handed(to, notice).await? {
            self.take_notice(&handed, notice).await?;
        }
        let named = letter::message_key(to, &notice.message_id);
        Ok(DeliveryReceipt {
            notification_id: letter::order_about(named, "notice").to_string(),
            response_date: self.clock.now(),
            session_id: self.session()?,
        })
    }

    /// Returns the message that a notice means. Of several with its id one is given at a time: the first that waits; where none
    /// was given, the notice came again, and its message has what it says already.
    async fn handed(&self, to: &str, notice: &DeliveryNotification) -> Result<Option<Handed>, Refusal> {
        let mut found = self.with_id(to, notice).await.map_err(|it| busy(&it))?;
        if found.is_empty() {
            return Err(unknown());
        }
        if found.len() > 1 {
            found.retain(|it| it.letter.said.state == State::OnDelivery && self.given.has(it.key));
        }
        Ok(found.into_iter().min_by_key(|it| it.letter.place))
    }

    /// Returns the messages with the id of a notice, whoever sent them.
    async fn with_id(&self, to: &str, notice: &DeliveryNotification) -> Result<Vec<Handed>, StoreError> {
        let mut found = Vec::new();
        let mut after = None;
        for _ in 0..SAME_ID_PAGES_MAX {
            let query = ListQuery {
                table: HANDED.to_owned(),
                list: Letter::handed(to, &notice.message_id),
                after: after.take(),
                descending: false,
                limit: LIST_MAX,
            };
            let page = self.store.list(query).await?;
            for row in &page {
                let Ok(key) = row.key.parse() else { continue };
                let Some((letter, revision)) = Letter::find(&*self.store, key).await? else { continue };
                if letter.to == to && letter.service == notice.service_id {
                    found.push(Handed { key, letter, revision });
                }
            }
            match page.last() {
                Some(last) if page.len() == LIST_MAX => after = Some((last.sort.clone(), last.key.clone())),
                _ => break,
            }
        }
        Ok(found)
    }

    async fn take_notice(&self, handed: &Handed, notice: &DeliveryNotification) -> Result<(), Refusal> {
        let settlement = match (notice.receive_status, notice.resend) {
            (ReceiveStatus::Accepted, _) => self.delivered(handed.key).await.map(Some),
            // It goes on waiting.
            (ReceiveStatus::NotAccepted, Resend::Resend) => Ok(None),
            (ReceiveStatus::NotAccepted, Resend::NotResend) => self.not_taken(handed, notice).await,
        };
        // The work of one that is brought is settled by who brings it.
        let settlement = settlement.map_err(|it| busy(&it))?.filter(|_| handed.letter.place.is_some());
        match settlement {
            Some(it) => self.store.settle(handed.key, it).await.map_err(|it| busy(&it)),
            None => Ok(()),
        }
    }

    async fn not_taken(
        &self,
        handed: &Handed,
        notice: &DeliveryNotification,
    ) -> Result<Option<Settlement>, StoreError> {
        let code = notice.error.as_ref().map_or(Code::NoData, |it| it.code.clone());
        let (reason, words) = (refused(Some(&code)), "the addressee does not take it".to_owned());
        match handed.letter.said.state {
            State::OnDelivery => {
                tracing::error!(message = %handed.key, to = handed.letter.to, "a message is not taken");
                // Refused once more after it waited anew, it is another change.
                let what = format!("not-taken/{}", handed.revision);
                self.put_aside(handed.key, (reason, Some(code), words), &what).await.map(Some)
            }
            // The first notice may have been cut off before it settled the work.
            State::NotDelivered => Ok(Some(Settlement::SetAside { why: reason.why(&words) })),
            State::Delivered | State::Stopped => Ok(None),
        }
    }
}
