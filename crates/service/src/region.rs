// SPDX-License-Identifier: MIT OR Apache-2.0
//! The provider's workplaces: queues, and the acts that complete a person's part.

use crate::access::Seat;
use crate::codec::access::What;
use crate::submit::{SubmitError, Submitted};
use crate::views::{CaseHead, queue_name};
use crate::{Service, tables};
use engine::case::CaseId;
use engine::command::OrderId;
use engine::{Act, Command, Order};
use regulation::model::{Actor, StepId};
use uuid::Uuid;

/// Cases of a queue on a page.
pub const QUEUE_PAGE: usize = 100;

/// A queue of an official.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// In which capacity.
    pub actor: Actor,
    /// What waits, the most urgent first.
    pub cases: Vec<CaseHead>,
}

impl Service {
    /// Returns what waits for an official, by capacity, the most urgent first. The reading is recorded.
    pub async fn queues(&self, seat: &Seat) -> Result<Vec<Queue>, SubmitError> {
        let mut queues = Vec::new();
        for actor in &seat.actors {
            if let Some(list) = queue_name(&seat.organization, *actor, Some(&seat.person.0)) {
                queues.push(Queue {
                    actor: *actor,
                    cases: self.heads(tables::WORK, &list, (false, QUEUE_PAGE)).await?,
                });
            }
        }
        let heads = queues.iter().flat_map(|it| &it.cases);
        self.record_list(seat, What::Queue, heads).await?;
        Ok(queues)
    }

    /// Returns the cases of an organisation, the latest first, to those who may see them all. The reading is recorded.
    pub async fn journal(&self, seat: &Seat) -> Result<Vec<CaseHead>, SubmitError> {
        if seat.is_executor_only() {
            return Ok(Vec::new());
        }
        let heads = self.heads(tables::CASES, &seat.organization, (true, QUEUE_PAGE)).await?;
        self.record_list(seat, What::Journal, heads.iter()).await?;
        Ok(heads)
    }

    /// Completes the part that the official saw. `order` is the id of the page's form: the same twice is one act.
    pub async fn act(
        &self,
        seat: &Seat,
        actor: Actor,
        case: CaseId,
        (part, act, order): (StepId, Act, Uuid),
    ) -> Result<Submitted, SubmitError> {
        let by = seat.party(actor)?;
        self.submit(Order { id: OrderId(order), case, by, command: Command::Complete { part, act } }).await
    }
}
