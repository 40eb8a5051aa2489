// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one door: every change of a case is an order that comes through [`Service::submit`].
//!
//! ```text
//! load one stream ─► decide ─► one commit: events + rows of views + outbox + numbers ─► the workers are woken
//! ```

mod pack;

use crate::ports::store::{Append, CommitError, OutboxRow, RowChange, StoreError, StoredEvent, StreamId};
use crate::vault::VaultError;
use crate::{Service, codec};
use engine::case::{Application, Case, CaseId};
use engine::{Command, Event, Inadmissible, Order, Outcome, World};
use jiff::Timestamp;
use regulation::model::{End, Regulation, StepId, System};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::sync::Arc;

/// How often an order is decided again when somebody else was faster.
pub const DECIDE_AGAIN_MAX: u32 = 5;

/// What an order brought about: the answer kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// The case.
    pub case: CaseId,
    /// Its application number, once it has one.
    pub number: Option<String>,
    /// The part where it stands.
    pub part: Option<StepId>,
    /// How it ended, if it did.
    pub end: Option<End>,
    /// Whether the answer is that of the same order given before.
    #[serde(skip)]
    pub repeated: bool,
}

/// Why an order was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SubmitError {
    /// The law of the case does not allow it now.
    #[error("inadmissible: {0}")]
    Inadmissible(Inadmissible),
    /// No such case or regulation here.
    #[error("there is no such case here")]
    Unknown,
    /// A row that belongs to the order has changed: read again.
    #[error("what the order rests on has changed")]
    Changed,
    /// Others were faster too many times, or the store is not there: try again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A stored event cannot be read: a person must look.
    #[error("unusable: {0}")]
    Unusable(String),
}

impl From<Inadmissible> for SubmitError {
    fn from(it: Inadmissible) -> Self {
        Self::Inadmissible(it)
    }
}

impl From<StoreError> for SubmitError {
    fn from(it: StoreError) -> Self {
        Self::Unavailable(it.0)
    }
}

impl From<codec::CodecError> for SubmitError {
    fn from(it: codec::CodecError) -> Self {
        Self::Unusable(it.to_string())
    }
}

impl From<VaultError> for SubmitError {
    fn from(it: VaultError) -> Self {
        match it {
            VaultError::Broken => Self::Unusable(it.to_string()),
            VaultError::Store(_) | VaultError::Keep(_) => Self::Unavailable(it.to_string()),
        }
    }
}

/// A case as loaded: its state and the end of its chain.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The state.
    pub case: Case,
    /// Hash of its last event.
    pub last: [u8; 32],
}

/// What goes into the same transaction as an order.
#[derive(Debug, Default)]
pub struct Along {
    /// Rows, such as the draft that became the application.
    pub rows: Vec<RowChange>,
    /// Events for the ends of other streams, such as the proof of the applicant's account.
    pub appends: Vec<Append>,
    /// Work for after the commit, such as stamping a signature with time.
    pub outbox: Vec<OutboxRow>,
    /// Why a register was asked in vain, in words without personal data: they stay with the work that asks it anew.
    pub why: Option<String>,
}

impl Along {
    /// Adds what goes along too.
    pub(crate) fn and(mut self, mut other: Self) -> Self {
        self.rows.append(&mut other.rows);
        self.appends.append(&mut other.appends);
        self.outbox.append(&mut other.outbox);
        self.why = self.why.or(other.why);
        self
    }
}

impl From<Vec<RowChange>> for Along {
    fn from(rows: Vec<RowChange>) -> Self {
        Self { rows, ..Self::default() }
    }
}

impl Service {
    /// Returns the name of a case's stream.
    pub(crate) fn stream(case: CaseId) -> StreamId {
        StreamId(format!("case/{}", case.0))
    }

    /// Loads a case; one that has no events yet has version 0.
    pub async fn load(&self, id: CaseId) -> Result<Loaded, SubmitError> {
        self.load_until(id, u64::MAX).await
    }

    /// Loads a case as it was at `version`.
    pub(crate) async fn load_until(&self, id: CaseId, version: u64) -> Result<Loaded, SubmitError> {
        let mut loaded = Loaded { case: Case::empty(id), last: [0; 32] };
        for stored in self.ports.store.load(&Self::stream(id), 0).await? {
            if stored.version > version {
                break;
            }
            let event = self.read_event(&stored).await?;
            engine::apply(&mut loaded.case, &event);
            loaded.last = stored.hash;
        }
        Ok(loaded)
    }

    async fn read_event(&self, stored: &StoredEvent) -> Result<Event, SubmitError> {
        let (public, private) = self.opened_parts(stored).await?;
        Ok(codec::decode(&stored.kind, stored.format, &public, private.as_ref())?)
    }

    /// Returns the open and the personal part of an event; the latter only while the person's key is there.
    pub(crate) async fn opened_parts(
        &self,
        stored: &StoredEvent,
    ) -> Result<(Json, Option<Json>), SubmitError> {
        let public = serde_json::from_slice(&stored.public)
            .map_err(|_| SubmitError::Unusable(format!("event `{}` is not JSON", stored.kind)))?;
        let private = match &stored.private {
            Some(sealed) => self.vault.open(sealed).await?,
            None => None,
        };
        Ok((public, private.and_then(|bytes| serde_json::from_slice(&bytes).ok())))
    }

    /// Carries out one order.
    pub async fn submit(&self, order: Order) -> Result<Submitted, SubmitError> {
        self.submit_with(std::slice::from_ref(&order), Along::default()).await
    }

    /// Carries out orders to one case, all or none, with `along` in the same transaction.
    pub async fn submit_with(&self, orders: &[Order], along: Along) -> Result<Submitted, SubmitError> {
        let Some(first) = orders.first() else {
            return Err(SubmitError::Unknown);
        };
        for _ in 0..DECIDE_AGAIN_MAX {
            let loaded = self.load(first.case).await?;
            let now = self.ports.clock.now();
            let regulation = self.regulation_of(&loaded.case, first).ok_or(SubmitError::Unknown)?;
            let decided = self.decide_all(&loaded.case, &regulation, orders, now);
            let decided = match decided {
                Ok(decided) => decided,
                Err(refused) => return self.repeated_or(first, refused).await,
            };
            let enters = decided.1.events.iter().any(|it| matches!(it, Event::ResultSigned { .. }));
            let commit = self.pack(&loaded, &regulation, decided, (first.id.0, &along, now)).await?;
            match self.ports.store.commit(commit).await {
                Ok(answer) => {
                    self.pump.wake();
                    return read_answer(&answer, false);
                }
                Err(CommitError::Repeated(answer)) => return self.same_answer(&answer, first),
                Err(CommitError::VersionLost) => {}
                // Somebody entered the same person in a register meanwhile: it is looked again who stands there.
                Err(CommitError::RowLost) if enters => {}
                Err(CommitError::RowLost) => return Err(SubmitError::Changed),
                Err(CommitError::Unavailable(why)) => return Err(SubmitError::Unavailable(why)),
                Err(CommitError::Unusable(why)) => return Err(SubmitError::Unusable(why)),
            }
        }
        Err(SubmitError::Unavailable("others were faster too many times".to_owned()))
    }

    /// An order that came before is answered as before, though the case has moved on since.
    async fn repeated_or(&self, order: &Order, refused: Inadmissible) -> Result<Submitted, SubmitError> {
        match self.ports.store.answer(order.id.0).await? {
            Some(answer) => self.same_answer(&answer, order),
            None => Err(SubmitError::Inadmissible(refused)),
        }
    }

    /// Returns the answer given to the same order before. One to another case is told to nobody; only at a center is the
    /// case of an opening order a new one each time.
    fn same_answer(&self, answer: &[u8], order: &Order) -> Result<Submitted, SubmitError> {
        if self.here == System::Center && matches!(order.command, Command::Open { .. }) {
            return read_answer(answer, true);
        }
        answer_about(answer, order.case)
    }

    /// Returns the regulation by which an order to `case` is decided.
    fn regulation_of(&self, case: &Case, order: &Order) -> Option<Arc<Regulation>> {
        let (service, edition, asked) =
            if let Command::Open { service, edition, application, .. } = &order.command {
                (service, edition, &**application)
            } else {
                (&case.service, &case.edition, &case.application)
            };
        self.settings.edition_at(service, edition, &asked.provider).cloned()
    }

    fn decide_all(
        &self,
        case: &Case,
        regulation: &Regulation,
        orders: &[Order],
        now: Timestamp,
    ) -> Result<(Case, Outcome), Inadmissible> {
        let mut staged = case.clone();
        let mut whole = Outcome::default();
        for order in orders {
            let opened = if let Command::Open { application, .. } = &order.command {
                application
            } else {
                &staged.application
            };
            let opened = opened.clone();
            let outcome = self
                .in_world(regulation, &opened, |world| engine::decide(world, &staged, order, now))
                .ok_or(Inadmissible::UnknownRegulation)??;
            for event in &outcome.events {
                engine::apply(&mut staged, event);
            }
            whole.events.extend(outcome.events);
            whole.effects.extend(outcome.effects);
        }
        Ok((staged, whole))
    }

    /// Looks at the world in which the case of an application is decided.
    pub(crate) fn in_world<T>(
        &self,
        regulation: &Regulation,
        application: &Application,
        look: impl FnOnce(&World<'_>) -> T,
    ) -> Option<T> {
        let body = |id: &String| self.settings.organization(id).map(|it| &it.body);
        let provider = body(&application.provider)?;
        let akim = match &application.akim {
            Some(akim) => Some(body(akim)?),
            None => None,
        };
        let center = application.center.as_ref().or(self.center.as_ref());
        Some(look(&World {
            regulation,
            calendar: &self.settings.calendar,
            body: center.filter(|_| self.here == System::Center).map_or(Some(provider), body)?,
            provider,
            akim,
            rates: &self.settings.rates,
            here: self.here,
        }))
    }
}

/// Reads the answer to an order that came before, if it was an order to this case.
pub(crate) fn answer_about(bytes: &[u8], case: CaseId) -> Result<Submitted, SubmitError> {
    let answer = read_answer(bytes, true)?;
    if answer.case == case { Ok(answer) } else { Err(SubmitError::Changed) }
}

pub(crate) fn read_answer(bytes: &[u8], repeated: bool) -> Result<Submitted, SubmitError> {
    let mut answer: Submitted =
        serde_json::from_slice(bytes).map_err(|_| SubmitError::Unusable("a stored answer".to_owned()))?;
    answer.repeated = repeated;
    Ok(answer)
}
