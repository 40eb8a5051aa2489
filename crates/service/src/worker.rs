// SPDX-License-Identifier: MIT OR Apache-2.0
//! Workers: what stands in the outbox is done, again if need be, and what cannot be done is set aside for a person.

use crate::Service;
use crate::archives::{SignedAct, ToArchive};
use crate::border::KeptMessage;
use crate::contracts::RegisterContract;
use crate::drafts::Draft;
use crate::portal::part_of;
use crate::ports::PortError;
use crate::ports::evidence::Signatory;
use crate::ports::registers::Question;
use crate::ports::store::{Claimed, Settlement, StoreError};
use crate::submit::{Along, SubmitError};
use crate::work::{Task, Work};
use engine::case::{Case, CaseId};
use engine::command::OrderId;
use engine::{Act, Command, Inadmissible, Order, Party};
use jiff::SignedDuration;
use regulation::model::{Action, RegisterId, System};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Rows claimed at a time.
const CLAIM_MAX: usize = 32;
/// How long a claim hides its row.
const LEASE_SECONDS: i64 = 120;
/// Longest wait between two trials.
const BACKOFF_SECONDS_MAX: i64 = 300;
/// How often the outbox is looked into when nobody wakes the worker.
const IDLE_MILLISECONDS: u64 = 500;

impl Service {
    /// Works until the task is dropped.
    pub async fn work(self: Arc<Self>) {
        let mut swept_at = None;
        loop {
            self.sweep_when_due(&mut swept_at).await;
            match self.work_once().await {
                Ok(0) => {
                    let idle = Duration::from_millis(IDLE_MILLISECONDS);
                    tokio::time::timeout(idle, self.wake.notified()).await.unwrap_or_default();
                }
                Ok(_) => {}
                Err(failed) => {
                    tracing::error!(error = %failed, "the outbox cannot be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Does the work that is due now and returns how many rows were claimed.
    pub async fn work_once(self: &Arc<Self>) -> Result<usize, StoreError> {
        let now = self.now();
        let lease = now + SignedDuration::from_secs(LEASE_SECONDS);
        let claimed = self.ports.store.claim(now, lease, CLAIM_MAX).await?;
        let count = claimed.len();
        let mut tasks = tokio::task::JoinSet::new();
        for it in claimed {
            let service = Arc::clone(self);
            tasks.spawn(async move { service.do_claimed(it).await });
        }
        while let Some(done) = tasks.join_next().await {
            if let Ok(Err(failed)) = done {
                return Err(failed);
            }
        }
        Ok(count)
    }

    async fn do_claimed(&self, claimed: Claimed) -> Result<(), StoreError> {
        let settlement = match serde_json::from_slice::<Work>(&claimed.row.payload) {
            Ok(work) => {
                let outcome = self.perform(&work, claimed.row.id).await;
                self.settlement(&work, outcome, claimed.attempts)
            }
            Err(_) => Settlement::SetAside { why: "the work cannot be read".to_owned() },
        };
        self.ports.store.settle(claimed.row.id, settlement).await
    }

    fn settlement(&self, work: &Work, outcome: Result<(), SubmitError>, attempts: u32) -> Settlement {
        match outcome {
            Ok(()) => Settlement::Done,
            Err(SubmitError::Inadmissible(it)) if is_past(&it) => Settlement::Done,
            Err(SubmitError::Unavailable(why)) => {
                let mut jitter = [0; 1];
                self.ports.clock.fill(&mut jitter);
                let seconds = (1_i64 << attempts.min(16)).min(BACKOFF_SECONDS_MAX);
                let wait = SignedDuration::from_secs(seconds)
                    + SignedDuration::from_millis(i64::from(jitter[0]) * 4);
                tracing::warn!(case.id = %work.case.0, work = work.kind(), why, "will be tried again");
                Settlement::Again { at: self.now() + wait, why }
            }
            Err(SubmitError::Changed) => {
                Settlement::Again { at: self.now(), why: "a row has changed".to_owned() }
            }
            Err(other) => {
                tracing::error!(case.id = %work.case.0, work = work.kind(), error = %other, "set aside");
                Settlement::SetAside { why: other.to_string() }
            }
        }
    }

    async fn perform(&self, work: &Work, id: Uuid) -> Result<(), SubmitError> {
        match &work.task {
            Task::AskRegister { register } => self.ask(work.case, register, id).await,
            Task::SendApplication => self.deliver(work, id, true).await,
            Task::TellProgress => self.deliver(work, id, false).await,
            Task::StampResult { part } => self.stamp_result(work.case, part, id).await,
            Task::VerifyAgain => self.verify_again(work.case, id).await,
            Task::StampTime { act } => self.stamp_time(work.case, *act).await,
            Task::RenewArchive { act } => self.renew_archive(work.case, *act).await,
            Task::Wake => {
                let order =
                    Order { id: OrderId(id), case: work.case, by: Party::System, command: Command::Wake };
                self.submit(order).await.map(drop)
            }
        }
    }

    async fn deliver(&self, work: &Work, id: Uuid, with_request: bool) -> Result<(), SubmitError> {
        let parcel = self.parcel(work, id, with_request).await?;
        let to = parcel.to.clone();
        let delivery = self.ports.border.deliver(parcel).await.map_err(crate::from_port)?;
        // What was sent and its receipt are kept beside the case: the message is the answer's question.
        let kept = KeptMessage {
            from: to,
            file: self.ports.store.put_file(delivery.receipt).await?,
            question: Some(self.ports.store.put_file(delivery.message).await?),
            judged: Some(self.keep_judged(delivery.judged).await?),
            work: Some(work.clone()),
        };
        self.put(vec![kept.row(&id.to_string(), work.case)]).await
    }

    async fn ask(&self, case: CaseId, register: &RegisterId, id: Uuid) -> Result<(), SubmitError> {
        let loaded = self.load(case).await?.case;
        let iin = loaded.application.iin.clone();
        let contract = self.settings.registers.get(register.as_str()).ok_or(SubmitError::Unknown)?;
        if self.answers_itself(register, &loaded.application.provider) {
            return self.ask_own(&loaded, contract, id).await;
        }
        if contract.is_own() {
            return Err(SubmitError::Unusable(
                "a register of the region's own is asked elsewhere".to_owned(),
            ));
        }
        let values = contract.question(&loaded.application);
        let question = Question { register: register.clone(), iin, values, message: id, correlation: case.0 };
        let (command, rows) = match self.ports.registers.ask(&question).await {
            Ok(answer) => {
                let facts = contract.facts(&answer.records, &loaded.application);
                let kept = KeptMessage {
                    from: register.to_string(),
                    file: self.ports.store.put_file(answer.envelope).await?,
                    question: Some(self.ports.store.put_file(answer.question).await?),
                    judged: Some(self.keep_judged(answer.judged).await?),
                    work: None,
                };
                let message = answer.message;
                let row = kept.row(&message, case);
                (Command::Answer { register: register.clone(), message, facts }, vec![row])
            }
            Err(PortError::Unavailable(why)) => {
                tracing::warn!(case.id = %case.0, register = %register, why, "the register gives no answer");
                let again_at = self.now() + self.patience(&loaded, register);
                (Command::NoAnswer { register: register.clone(), again_at }, Vec::new())
            }
            Err(PortError::Unusable(why)) => return Err(SubmitError::Unusable(why)),
        };
        let order = Order { id: OrderId(id), case, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), Along::from(rows)).await.map(drop)
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

    async fn verify_again(&self, case: CaseId, id: Uuid) -> Result<(), SubmitError> {
        let loaded = self.load(case).await?.case;
        let Some(signature) = loaded.signature.clone().filter(|it| it.valid.is_none()) else {
            return Ok(());
        };
        let content = self.file(&signature.content).await?;
        let cms = self.file(&signature.signature).await?;
        let signatory = Signatory::Person { iin: loaded.application.iin.clone() };
        let judgement = self.judge(&content, &cms, &signatory).await?;
        let verdict = self.keep_verdict(&judgement).await?;
        let mut along = self.after_judging(&loaded, &judgement).await?;
        if judgement.valid == Some(true) {
            let (content, cms) = (signature.content.clone(), Some(signature.signature.clone()));
            let (owner, act) = (Self::owner_key(&loaded), SignedAct::Request);
            let it = ToArchive { case, owner, act, content, signature: cms, by: signatory };
            along = along.and(self.archive_later(it).await?);
        }
        let regulation = self
            .settings
            .edition_at(&loaded.service, &loaded.edition, &loaded.application.provider)
            .ok_or(SubmitError::Unknown)?;
        let procedure = regulation.procedure(&loaded.procedure).ok_or(SubmitError::Unknown)?;
        let part = part_of(procedure, &Action::SignRequest).ok_or(SubmitError::Unknown)?;
        let act = Act::Signed {
            content: signature.content,
            signature: signature.signature,
            verdict,
            valid: judgement.valid,
            code: judgement.code.clone(),
        };
        let command = Command::Complete { part, act };
        let order = Order { id: OrderId(id), case, by: Party::System, command };
        self.submit_with(std::slice::from_ref(&order), along).await.map(drop)
    }

    /// A refused application becomes a draft again; a valid signature proves the account.
    async fn after_judging(
        &self,
        case: &Case,
        judgement: &crate::ports::evidence::Judgement,
    ) -> Result<Along, SubmitError> {
        if self.here != System::Portal {
            return Ok(Along::default());
        }
        match judgement.valid {
            None => Ok(Along::default()),
            Some(false) => {
                let again = draft_of(case, self.uuid(), CaseId(self.uuid()));
                Ok(Along::from(vec![self.draft_row(&again).await?]))
            }
            Some(true) => match self.citizen(&case.application.applicant).await? {
                Some(citizen) => {
                    let name = judgement.signer.clone().unwrap_or_default();
                    self.proven(&citizen, &name, judgement.serial.as_deref().unwrap_or_default()).await
                }
                None => Ok(Along::default()),
            },
        }
    }
}

/// Returns the draft that a refused application becomes again.
fn draft_of(case: &Case, id: Uuid, next: CaseId) -> Draft {
    Draft {
        id,
        case: next,
        account: case.application.applicant.clone(),
        service: case.service.clone(),
        edition: case.edition.clone(),
        provider: case.application.provider.clone(),
        fields: case.application.fields.clone(),
        prefilled: std::collections::BTreeMap::new(),
        attachments: case.application.attachments.clone(),
        medium: case.application.medium,
        lang: case.application.lang.clone(),
        begun_at: case.opened_at,
        saved_at: case.opened_at,
        frozen: None,
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
