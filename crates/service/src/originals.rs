// SPDX-License-Identifier: MIT OR Apache-2.0
//! The originals of papers between a one-stop-shop and a provider: what each side records, and its register of transfer.
//!
//! A row of the register is written in the commit of the movement, on both sides of the border. It holds no personal value: the
//! courier's name is read from the case.

use crate::access::{Reader, Seat};
use crate::ports::store::{ListQuery, RowChange};
use crate::submit::{SubmitError, Submitted};
use crate::views::{CaseHead, read_head, sortable};
use crate::{Service, rows, tables};
use engine::case::{Case, CaseId, Holder, Transfer, Value};
use engine::command::{Movement, OrderId};
use engine::{Command, Event, Order};
use regulation::model::{Actor, Channel, System};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Movements of a page of the register.
pub const PAGE: usize = 50;

#[derive(Serialize, Deserialize)]
struct Entry {
    case: CaseId,
    to: Holder,
    at: jiff::Timestamp,
}

/// A movement in the register of transfer.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The movement.
    pub transfer: Transfer,
    /// The case as it is now.
    pub head: CaseHead,
}

fn list_of(organization: &str) -> String {
    format!("originals/{organization}")
}

/// Returns the row of the register that an event makes.
pub(crate) fn entry(event: &Event, organization: &str, case: CaseId) -> Option<RowChange> {
    let Event::OriginalsMoved { transfer: it } = event else { return None };
    let list = list_of(organization);
    let key = format!("{list}/{}/{}", case.0, it.at.as_microsecond());
    let entry = Entry { case, to: it.to, at: it.at };
    Some(RowChange::Put(rows::row(tables::JOURNALS, key, Some(list), sortable(it.at), &entry)))
}

impl Service {
    /// Returns the body whose register a movement stands in on this side.
    pub(crate) fn register_of_transfer(&self, case: &Case) -> String {
        self.center_of(case).unwrap_or(&case.application.provider).to_owned()
    }

    /// Returns whether the provider has ordered that originals travel in cases like this one, and on what basis.
    pub fn originals_travel(&self, case: &Case) -> Option<String> {
        let provider = self.settings.organization(&case.application.provider)?;
        let fact = regulation::facts::ORIGINALS_BY_COURIER.into();
        let (value, basis) = provider.body.setting(&fact, &case.service, self.now())?;
        (case.channel == Channel::Center && value == Value::Bool(true)).then_some(basis)
    }

    /// Records a movement of the originals by the hand of this official.
    pub async fn move_originals(
        &self,
        seat: &Seat,
        case: CaseId,
        movement: Movement,
        order: Uuid,
    ) -> Result<Submitted, SubmitError> {
        let actor = if self.here == System::Center { Actor::CenterOperator } else { Actor::ProviderOffice };
        let by = seat.party(actor)?;
        self.theirs(&Reader::Official(seat), case).await?.ok_or(SubmitError::Unknown)?;
        self.submit(Order { id: OrderId(order), case, by, command: Command::Originals(movement) }).await
    }

    /// Returns the register of transfer of the official's body, the latest first. The reading is recorded.
    pub async fn transfers(&self, seat: &Seat) -> Result<Vec<Moved>, SubmitError> {
        if seat.is_executor_only() {
            return Ok(Vec::new());
        }
        let query = ListQuery {
            table: tables::JOURNALS.to_owned(),
            list: list_of(&seat.organization),
            after: None,
            descending: true,
            limit: PAGE,
        };
        let mut found = Vec::new();
        for row in self.ports.store.list(query).await? {
            let entry: Entry = rows::body(&row)?;
            let head = self.ports.store.row(tables::CASES, &entry.case.0.to_string()).await?;
            let case = self.theirs(&Reader::Official(seat), entry.case).await?;
            let (Some(head), Some(case)) = (head.as_ref().and_then(read_head), case) else { continue };
            let moved = case.originals.into_iter().find(|it| (it.to, it.at) == (entry.to, entry.at));
            found.extend(moved.map(|transfer| Moved { transfer, head }));
        }
        self.record_list(seat, crate::codec::access::What::Journal, found.iter().map(|it| &it.head)).await?;
        Ok(found)
    }
}
