// SPDX-License-Identifier: MIT OR Apache-2.0
//! What became of a message: one event, its row, and a notice for its sender, in one transaction.

use super::accept::AsyncRelay;
use super::letter::{self, Letter, Said, State};
use super::mail::Errand;
use serde::Serialize;
use service::board::Reason;
use service::ports::store::{
    Append, Built, Commit, CommitError, OutboxRow, RowChange, Settlement, StoreError,
};
use shep::Code;
use uuid::Uuid;

/// How often a change is made again when somebody else was faster.
const AGAIN_MAX: u32 = 5;

/// A change of what is said of a message.
pub(super) struct Change<'a> {
    /// Names the change: the same one twice is made once.
    pub(super) what: &'a str,
    /// The kind of its event.
    pub(super) kind: &'a str,
    /// What is said now.
    pub(super) said: Said,
    /// Further events, such as the administrator's order.
    pub(super) along: Vec<Append>,
}

/// The open part of an event about a message.
#[derive(Debug, Serialize)]
struct Told<'a> {
    sender: &'a str,
    message: &'a str,
    correlation: &'a str,
    to: &'a str,
    said: &'a Said,
}

impl AsyncRelay {
    /// The addressee has it.
    pub(super) async fn delivered(&self, key: Uuid) -> Result<Settlement, StoreError> {
        let said = Said {
            state: State::Delivered,
            code: Code::Success.as_str().to_owned(),
            words: "delivered".to_owned(),
            at: self.clock.now(),
        };
        let change =
            || Change { what: "delivered", kind: "message.delivered", said: said.clone(), along: Vec::new() };
        self.change(key, change).await?;
        Ok(Settlement::Done)
    }

    /// A person must look; the sender learns that it is not delivered.
    pub(super) async fn set_aside(
        &self,
        key: Uuid,
        (reason, code, words): (Reason, Option<Code>, String),
        attempts: u32,
    ) -> Result<Settlement, StoreError> {
        self.put_aside(key, (reason, code, words), &format!("set-aside/{attempts}")).await
    }

    /// The same under a name of its own for the change.
    pub(super) async fn put_aside(
        &self,
        key: Uuid,
        (reason, code, words): (Reason, Option<Code>, String),
        what: &str,
    ) -> Result<Settlement, StoreError> {
        let code = code.unwrap_or(Code::Internal).as_str().to_owned();
        let (state, at) = (State::NotDelivered, self.clock.now());
        let said = Said { state, code, words: words.clone(), at };
        let change = || Change { what, kind: "message.set-aside", said: said.clone(), along: Vec::new() };
        self.change(key, change).await?;
        Ok(Settlement::SetAside { why: reason.why(&words) })
    }

    /// Makes a change unless the message has its last word: it is delivered, or it was given up and is not delivered after all.
    pub(super) async fn change<'a>(
        &self,
        key: Uuid,
        change: impl Fn() -> Change<'a>,
    ) -> Result<(), StoreError> {
        for _ in 0..AGAIN_MAX {
            let change = change();
            let found = Letter::find(&*self.store, key).await?;
            let found = found.filter(|it| may_follow(it.0.said.state, change.said.state));
            let Some((letter, revision)) = found else { return Ok(()) };
            match self.store.commit(self.commit_of(key, letter, revision, change)).await {
                Ok(_) => {
                    self.pump.wake();
                    return Ok(());
                }
                Err(CommitError::Repeated(_)) => return Ok(()),
                Err(CommitError::RowLost | CommitError::VersionLost) => {}
                Err(CommitError::Unavailable(why) | CommitError::Unusable(why)) => {
                    return Err(StoreError(why));
                }
            }
        }
        Err(StoreError("others were faster too many times".to_owned()))
    }

    fn commit_of(&self, key: Uuid, mut letter: Letter, revision: u64, change: Change<'_>) -> Commit {
        let at = change.said.at;
        letter.said = change.said;
        let told = Told {
            sender: &letter.sender,
            message: &letter.message,
            correlation: &letter.correlation,
            to: &letter.to,
            said: &letter.said,
        };
        let mut appends = vec![letter::event(key, change.kind, at, &told)];
        appends.extend(change.along);
        let sender = self.routes.systems.get(&letter.sender);
        let is_told = sender.is_some_and(|it| it.notices && it.endpoint.is_some());
        let outbox: Vec<_> = (is_told && letter.said.state != State::OnDelivery)
            .then(|| notice(key, &letter, change.what))
            .into_iter()
            .collect();
        let row = letter.row(key);
        let build = move |_: &[u64]| Built {
            rows: vec![RowChange::PutIf(row, revision)],
            outbox,
            ..Built::default()
        };
        let order = Some(letter::order_about(key, change.what));
        Commit { order, stream: None, numbers: Vec::new(), appends, build: Box::new(build), at }
    }
}

/// Whether something may be said of a message of which this was said before.
const fn may_follow(before: State, now: State) -> bool {
    match before {
        State::OnDelivery | State::NotDelivered => true,
        State::Stopped => matches!(now, State::Delivered),
        State::Delivered => false,
    }
}

/// Work that tells the sender.
fn notice(key: Uuid, letter: &Letter, what: &str) -> OutboxRow {
    let errand = Errand::Tell { letter: key, said: letter.said.clone() };
    OutboxRow {
        id: letter::order_about(key, &format!("tell/{what}")),
        lane: format!("tell/{}/{}", letter.sender, letter.message),
        kind: "tell".to_owned(),
        payload: serde_json::to_vec(&errand).unwrap_or_default(),
        not_before: letter.said.at,
    }
}
