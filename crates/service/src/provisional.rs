// SPDX-License-Identifier: MIT OR Apache-2.0
//! Intake of a mobile center without a line: what the operator enters where no register can be asked is kept, and only that.
//!
//! It is provisional: no case, no number, no term, no receipt. The person has a slip that says so. When there is a line again the
//! operator registers it: the case is opened as at any center, the registers are asked, and number, term and receipt begin then.

use crate::access::Seat;
use crate::accounts::Session;
use crate::center::Intake;
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::{SubmitError, Submitted};
use crate::views::sortable;
use crate::{Service, rows, tables};
use engine::case::PersonId;
use jiff::Timestamp;
use regulation::model::{Actor, System};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most provisional intakes of a center that are listed.
pub const PROVISIONAL_MAX: usize = 100;

/// What was entered without a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provisional {
    /// Its id, which becomes the id of the order that registers it.
    pub id: Uuid,
    /// What was entered. Personal.
    pub entered: Intake,
    /// When.
    pub at: Timestamp,
    /// By whom, by seat.
    pub by: PersonId,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    organization: String,
    owner: String,
    sealed: String,
}

fn list_of(organization: &str) -> String {
    format!("provisional/{organization}")
}

impl Service {
    /// Returns whether the official takes in where there may be no line: an operator of a center with a route.
    pub fn may_be_without_line(&self, seat: &Seat) -> bool {
        let mobile = self.settings.organization(&seat.organization).is_some_and(|it| it.route.is_some());
        self.here == System::Center && mobile && seat.actors.contains(&Actor::CenterOperator)
    }

    /// Keeps what was entered without a line; `id` is that of the page's form: the same twice is one.
    pub async fn keep_provisional(&self, seat: &Seat, entered: Intake, id: Uuid) -> Result<(), SubmitError> {
        let mut providers = self.settings.providers_at(&seat.organization, &entered.service);
        if !self.may_be_without_line(seat) || !providers.any(|it| it.id == entered.provider) {
            return Err(SubmitError::Unknown);
        }
        drop(providers);
        if self.ports.store.answer(id).await?.is_some() || self.provisional(seat, id).await?.is_some() {
            return Ok(());
        }
        let owner = self.vault.pseudonym(&entered.iin);
        let kept = Provisional { id, entered, at: self.now(), by: seat.person.clone() };
        let sealed = self.seal_json(&owner, &kept).await?;
        let stored = Stored { organization: seat.organization.clone(), owner, sealed };
        let (list, sort) = (Some(list_of(&seat.organization)), sortable(kept.at));
        let row = rows::row(tables::DRAFTS, id.to_string(), list, sort, &stored);
        self.put(vec![RowChange::PutIf(row, 0)]).await
    }

    /// Returns the intakes of the official's center that are not registered yet, the earliest first.
    pub async fn provisionals(&self, seat: &Seat) -> Result<Vec<Provisional>, SubmitError> {
        if !self.may_be_without_line(seat) {
            return Ok(Vec::new());
        }
        let query = ListQuery {
            table: tables::DRAFTS.to_owned(),
            list: list_of(&seat.organization),
            after: None,
            descending: false,
            limit: PROVISIONAL_MAX,
        };
        let mut found = Vec::new();
        for row in self.ports.store.list(query).await? {
            let stored: Stored = rows::body(&row)?;
            found.extend(self.open_json::<Provisional>(&stored.owner, &stored.sealed).await?);
        }
        Ok(found)
    }

    /// Returns an intake of the official's center that is not registered yet.
    pub async fn provisional(&self, seat: &Seat, id: Uuid) -> Result<Option<Provisional>, SubmitError> {
        let stored: Option<Stored> = rows::read(&*self.ports.store, tables::DRAFTS, &id.to_string()).await?;
        match stored.filter(|it| it.organization == seat.organization && self.may_be_without_line(seat)) {
            Some(stored) => self.open_json(&stored.owner, &stored.sealed).await,
            None => Ok(None),
        }
    }

    /// Registers what was taken in without a line: the case is opened now, and the registers are asked.
    pub async fn register_provisional(
        &self,
        seat: &Seat,
        session: &Session,
        id: Uuid,
    ) -> Result<Submitted, SubmitError> {
        let Some(kept) = self.provisional(seat, id).await? else {
            // Pressed twice: the first opened the case.
            let answer = self.ports.store.answer(id).await?.ok_or(SubmitError::Unknown)?;
            return crate::submit::read_answer(&answer, true);
        };
        let submitted = self.take_in_person(seat, session, kept.entered, id).await?;
        self.put(vec![gone(id)]).await?;
        Ok(submitted)
    }

    /// Throws an intake away: the person took the papers back.
    pub async fn drop_provisional(&self, seat: &Seat, id: Uuid) -> Result<(), SubmitError> {
        match self.provisional(seat, id).await? {
            Some(_) => self.put(vec![gone(id)]).await,
            None => Ok(()),
        }
    }
}

fn gone(id: Uuid) -> RowChange {
    RowChange::Delete { table: tables::DRAFTS.to_owned(), key: id.to_string() }
}
