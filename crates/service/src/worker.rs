// SPDX-License-Identifier: MIT OR Apache-2.0
//! Workers: what stands in the outbox is done, again if need be, and what cannot be done is set aside for a person.

mod calls;
mod judging;

pub(crate) use calls::{STAMPS, Trouble};
pub use judging::{Awaited, awaited};

use crate::Service;
use crate::board::Reason;
use crate::border::KeptMessage;
use crate::carried::refused_code;
use crate::contracts::RegisterContract;
use crate::ports::registers::{Answer, Question};
use crate::ports::store::{Claimed, RowChange, Settlement, StoreError};
use crate::pump::Worker;
use crate::submit::{Along, SubmitError};
use crate::turns::{BACKOFF_SECONDS_MAX, backoff};
use crate::work::{Task, Work};
use crate::{rows, tables};
use async_trait::async_trait;
use calls::RESULTS;
use engine::case::{Case, CaseId};
use engine::command::OrderId;
use engine::{Command, Inadmissible, Order, Party};
use jiff::SignedDuration;
use regulation::model::RegisterId;
use std::sync::Arc;
use uuid::Uuid;

/// Work that is under way at a time.
pub(crate) const PLACES: usize = 64;
/// Calls to one register, addressee or authority at a time: whichever hangs, the others have places enough.
pub(crate) const CALLS_MAX: usize = PLACES / 4;
/// How often a register is asked anew whose answer cannot be used, before a person must look: some four minutes.
const USELESS_ANSWERS_MAX: u32 = 8;

#[async_trait]
impl Worker for Service {
    async fn carry_out(&self, claimed: &Claimed) -> Result<Settlement, StoreError> {
        let Ok(work) = serde_json::from_slice::<Work>(&claimed.row.payload) else {
            return Ok(Settlement::SetAside { why: "the work cannot be read".to_owned() });
        };
        Ok(match self.perform(&work, claimed.row.id).await {
            Ok(()) => Settlement::Done,
            Err(Trouble::Later(at, reason)) => {
                let at = self.pump.later(at);
                Settlement::Untried { at, why: reason.why("called by others or silent") }
            }
            Err(Trouble::Unjudged(it)) => self.wait_for_verdict(&work, &it),
            Err(Trouble::Failed(error)) => self.settlement(&work, error, claimed.attempts),
        })
    }
}

impl Service {
    /// Works and sweeps until the task is dropped; what hangs keeps nothing else from being done.
    pub async fn work(self: Arc<Self>) {
        tokio::join!(Arc::clone(&self).sweep(), self.pump.run(&self));
    }

    /// Does the work that is due now and returns how many rows were claimed.
    pub async fn work_once(self: &Arc<Self>) -> Result<usize, StoreError> {
        self.pump.once(self).await
    }

    fn settlement(&self, work: &Work, error: SubmitError, attempts: u32) -> Settlement {
        match error {
            SubmitError::Inadmissible(it) if is_past(&it) => Settlement::Done,
            SubmitError::Unavailable(why) => self.again(work, why, attempts),
            // One bad answer may be an accident of its carrying: the next may be good.
            SubmitError::Unusable(why)
                if matches!(work.task, Task::AskRegister { .. }) && attempts < USELESS_ANSWERS_MAX =>
            {
                self.again(work, why, attempts)
            }
            SubmitError::Changed => Settlement::Again { at: self.now(), why: "a row has changed".to_owned() },
            other @ (SubmitError::Inadmissible(_) | SubmitError::Unknown | SubmitError::Unusable(_)) => {
                tracing::error!(case.id = %work.case.0, work = work.kind(), error = %other, "set aside");
                Settlement::SetAside { why: other.to_string() }
            }
        }
    }

    fn again(&self, work: &Work, why: String, attempts: u32) -> Settlement {
        let mut jitter = [0; 1];
        self.ports.clock.fill(&mut jitter);
        let wait = backoff(attempts) + SignedDuration::from_millis(i64::from(jitter[0]) * 4);
        tracing::warn!(case.id = %work.case.0, work = work.kind(), why, "will be tried again");
        Settlement::Again { at: self.now() + wait, why }
    }

    async fn perform(&self, work: &Work, id: Uuid) -> Result<(), Trouble> {
        match &work.task {
            Task::AskRegister { register, .. } => self.ask(work.case, register, id).await,
            Task::SendApplication => self.deliver(work, id, true).await,
            Task::TellProgress => self.deliver(work, id, false).await,
            Task::StampResult { part } => {
                let turn = self.turn(RESULTS)?;
                self.stamp_result(work.case, part, id).await?;
                drop(turn);
                Ok(())
            }
            Task::VerifyAgain => self.verify_again(work.case, id).await,
            Task::StampReceipt => self.stamp_receipt(work.case).await,
            Task::StampTime { act } => self.stamp_time(work.case, *act).await,
            Task::RenewArchive { act } => self.renew_archive(work.case, *act).await,
            Task::Wake => {
                let order =
                    Order { id: OrderId(id), case: work.case, by: Party::System, command: Command::Wake };
                self.submit(order).await?;
                Ok(())
            }
        }
    }

    async fn deliver(&self, work: &Work, id: Uuid, with_request: bool) -> Result<(), Trouble> {
        let Some(parcel) = self.parcel(work, id, with_request).await? else { return Ok(()) };
        let to = parcel.to.clone();
        let port = format!("border/{to}");
        let interim = parcel.reply.is_some() && parcel.progress.end.is_none();
        let delivery = match self.in_turn(&port, self.ports.border.deliver(parcel)).await {
            Err(Trouble::Failed(error)) if interim && refused_code(&error).is_some() => {
                let code = refused_code(&error).unwrap_or_default();
                return Ok(self.interim_refused(work, (to, code)).await?);
            }
            other => other?,
        };
        // What was sent and its receipt are kept beside the case: the message is the answer's question.
        let kept = KeptMessage {
            from: to,
            file: self.ports.store.put_file(delivery.receipt).await?,
            question: Some(self.ports.store.put_file(delivery.message).await?),
            judged: Some(self.keep_judged(delivery.judged).await?),
            work: Some(work.clone()),
        };
        let key = self.sent_key(id).await?;
        Ok(self.put(vec![kept.row(&key, work.case)]).await?)
    }

    /// Returns the key under which a message of ours is kept: its id, unless somebody else's message came under it before.
    async fn sent_key(&self, id: Uuid) -> Result<String, SubmitError> {
        let there: Option<KeptMessage> =
            rows::read(&*self.ports.store, tables::MESSAGES, &id.to_string()).await?;
        let is_ours = there.is_none_or(|it| it.work.is_some());
        Ok(if is_ours { id.to_string() } else { format!("sent/{id}") })
    }

    async fn ask(&self, case: CaseId, register: &RegisterId, id: Uuid) -> Result<(), Trouble> {
        let loaded = self.load(case).await?.case;
        let iin = loaded.application.iin.clone();
        let contract = self.settings.registers.get(register.as_str()).ok_or(SubmitError::Unknown)?;
        if self.answers_itself(register, &loaded.application.provider) {
            return Ok(self.ask_own(&loaded, contract, id).await?);
        }
        if contract.is_own() {
            let why = "a register of the region's own is asked elsewhere".to_owned();
            return Err(SubmitError::Unusable(why).into());
        }
        let values = contract.question(&loaded.application);
        let question = Question { register: register.clone(), iin, values, message: id, correlation: case.0 };
        let port = format!("register/{register}");
        let (command, along) = match self.in_turn(&port, self.ports.registers.ask(&question)).await {
            Ok(answer) => {
                let facts = contract.facts(&answer.records, &loaded.application);
                let (message, row) = self.keep_answer(&question, answer).await?;
                (Command::Answer { register: register.clone(), message, facts }, Along::from(vec![row]))
            }
            Err(Trouble::Failed(SubmitError::Unavailable(why))) => {
                tracing::warn!(case.id = %case.0, register = %register, why, "the register gives no answer");
                let again_at = self.now() + self.patience(&loaded, register);
                let along = Along { why: Some(why), ..Along::default() };
                (Command::NoAnswer { register: register.clone(), again_at }, along)
            }
            // It waits for an answer that can be used; what knows it already is tried a few times more and set aside.
            Err(Trouble::Failed(SubmitError::Unusable(why))) if !loaded.unanswered.contains_key(register) => {
                tracing::error!(case.id = %case.0, register = %register, why, "the answer is of no use");
                let again_at = self.now() + self.patience(&loaded, register);
                let along = Along { why: Some(Reason::NotNow.why(&why)), ..Along::default() };
                (Command::NoAnswer { register: register.clone(), again_at }, along)
            }
            // The case knows that it waits, whoever it was that asked in vain; what knows it already only waits on.
            Err(Trouble::Later(at, Reason::Silent)) if !loaded.unanswered.contains_key(register) => {
                let again_at = self.pump.later(at).max(self.now() + self.patience(&loaded, register));
                (Command::NoAnswer { register: register.clone(), again_at }, Along::default())
            }
            Err(other) => return Err(other),
        };
        let order = Order { id: OrderId(id), case, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), along).await?;
        Ok(())
    }

    /// Keeps an exchange with a register and returns the key of its evidence with the row, for the transaction of its order.
    pub(crate) async fn keep_answer(
        &self,
        question: &Question,
        answer: Answer,
    ) -> Result<(String, RowChange), SubmitError> {
        let kept = KeptMessage {
            from: question.register.to_string(),
            file: self.ports.store.put_file(answer.envelope).await?,
            question: Some(self.ports.store.put_file(answer.question).await?),
            judged: Some(self.keep_judged(answer.judged).await?),
            work: None,
        };
        let key = self.answer_key(question, &answer.message).await?;
        let list = Some(format!("case/{}", question.correlation));
        let row = rows::row(tables::MESSAGES, key.clone(), list, String::new(), &kept);
        // What took the key meanwhile keeps it: the question is asked again, and its answer gets another.
        Ok((key, RowChange::PutIf(row, 0)))
    }

    /// A register of our own answers from its rows; what it said is kept as evidence like any other answer.
    async fn ask_own(&self, case: &Case, contract: &RegisterContract, id: Uuid) -> Result<(), SubmitError> {
        let register = RegisterId(contract.id.clone());
        let records = self.own_records(&register, &case.application.iin).await?;
        let facts = contract.facts(&records, &case.application);
        let said = serde_json::to_vec(&records).unwrap_or_default();
        let file = self.ports.store.put_file(said).await?;
        let kept = KeptMessage { from: contract.id.clone(), file, question: None, judged: None, work: None };
        let message = format!("own-{id}");
        let rows = vec![kept.row(&message, case.id)];
        let command = Command::Answer { register, message, facts };
        let order = Order { id: OrderId(id), case: case.id, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), Along { rows, ..Along::default() }).await.map(drop)
    }

    /// How long to wait before a silent register is asked again: as long as it has been silent, within bounds.
    fn patience(&self, case: &Case, register: &RegisterId) -> SignedDuration {
        let silent =
            case.unanswered.get(register).map_or(0, |since| self.now().duration_since(*since).as_secs());
        SignedDuration::from_secs(silent.clamp(2, BACKOFF_SECONDS_MAX))
    }
}

/// Returns whether what was to be done is done or past: the case has gone on without it.
fn is_past(it: &Inadmissible) -> bool {
    matches!(
        it,
        Inadmissible::AlreadyDone { .. }
            | Inadmissible::NotHere { .. }
            | Inadmissible::Ended { .. }
            | Inadmissible::NotAsked(_)
            | Inadmissible::AlreadyOpen
    )
}
