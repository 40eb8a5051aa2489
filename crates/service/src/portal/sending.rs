// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing and sending: the certificate is judged, and whatever comes of it is a case in the journal.

use crate::Service;
use crate::access::Reader;
use crate::accounts::{Citizen, Session};
use crate::archives::{SignedAct, ToArchive};
use crate::drafts::Draft;
use crate::ports::evidence::{Judgement, Signatory};
use crate::submit::{Along, SubmitError, Submitted};
use crate::worker::awaited;
use engine::case::{Done, FileHash};
use engine::command::OrderId;
use engine::{Act, Before, Command, Order, Party};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{Action, Actor, Channel, Procedure};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Largest signature taken.
const CMS_BYTES_MAX: usize = 256 * 1024;
/// Applications of one account whose signatures wait to be judged.
const WAITING_MAX: usize = 5;
/// Signatures of one account that were not confirmed within the time for which they are counted.
const UNCONFIRMED_MAX: usize = 10;
/// For how long they are counted.
const UNCONFIRMED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What became of sending.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// The signature is valid; the application is on its way. The draft has become the application.
    Accepted(Submitted),
    /// The signature was not confirmed: the act's notice of refusal; the draft is kept for another try.
    Refused {
        /// The case that was refused.
        case: Submitted,
        /// Machine code of the first failed check.
        code: Option<String>,
    },
    /// The signature can be judged only later (no OCSP, no CRL): the case waits; nothing is lost.
    Waiting(Submitted),
}

/// Why nothing was sent. The draft is as it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SendRefused {
    /// The draft was changed or never reviewed: review it first.
    #[error("the draft was not reviewed in this form")]
    NotReviewed,
    /// The signature is too large to be one.
    #[error("the signature is too large")]
    TooLarge,
    /// The signatures of so many other applications of the account wait to be judged.
    #[error("too many signatures of the account wait to be judged")]
    ManyWait,
    /// So many signatures of the account were not confirmed lately.
    #[error("too many signatures of the account were not confirmed lately")]
    ManyUnconfirmed,
    /// The person of the IIN has proved another account: he sends from that one.
    #[error("another account was proved to be of the person")]
    ProvedElsewhere,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] SubmitError),
}

impl Service {
    /// Takes the signature of a reviewed draft. The same order id again returns what became of it the first time.
    pub async fn send(
        &self,
        (citizen, session): (&Citizen, &Session),
        draft: &Draft,
        cms: Vec<u8>,
        order: Uuid,
    ) -> Result<Sent, SendRefused> {
        if cms.len() > CMS_BYTES_MAX {
            return Err(SendRefused::TooLarge);
        }
        if self.is_proved_elsewhere(citizen).await? {
            return Err(SendRefused::ProvedElsewhere);
        }
        let frozen = draft.frozen.clone().ok_or(SendRefused::NotReviewed)?;
        let content = self.file(&frozen.content).await?;
        // Two forms at once may have left a draft that says another thing than what was frozen: signed is sent, or nothing.
        if content != self.content_of(citizen, draft, &frozen)?.into_bytes() {
            let mut thawed = Draft { frozen: None, ..draft.clone() };
            return Err(match self.put_draft(&mut thawed, Vec::new()).await {
                Ok(()) | Err(SubmitError::Changed) => SendRefused::NotReviewed,
                Err(failed) => failed.into(),
            });
        }
        self.may_send(citizen).await?;
        let signatory = Signatory::Person { iin: citizen.iin.clone() };
        let judgement = self.judge(&content, &cms, &signatory).await?;
        let signature = self.ports.store.put_file(cms).await.map_err(SubmitError::from)?;
        let verdict = self.keep_verdict(&judgement).await?;
        let mut along = self.along(citizen, draft, &judgement).await?;
        match judgement.valid {
            Some(true) => {
                let (content, cms) = (frozen.content.clone(), Some(signature.clone()));
                let (owner, act) = (citizen.id.0.clone(), SignedAct::Request);
                let it = ToArchive { case: draft.case, owner, act, content, signature: cms, by: signatory };
                along = along.and(self.archive_later(it).await?);
            }
            None => along = along.and(self.stamp_later(draft.case)),
            Some(false) => {}
        }
        let act = Act::Signed {
            content: frozen.content,
            signature,
            verdict,
            valid: judgement.valid,
            code: judgement.code.clone(),
        };
        let orders = self.orders(citizen, session, draft, (order, act, &judgement))?;
        let submitted = match self.submit_with(&orders, along).await {
            // Another page saved the draft while the signature was judged: what it saved is neither sent nor lost.
            Err(SubmitError::Changed) => return Err(SendRefused::NotReviewed),
            other => other?,
        };
        Ok(match judgement.valid {
            Some(true) => Sent::Accepted(submitted),
            Some(false) => Sent::Refused { case: submitted, code: judgement.code },
            None => Sent::Waiting(submitted),
        })
    }

    /// Refuses one who has sent too much that came to nothing: each signature is judged and kept, one that waits every minute.
    async fn may_send(&self, citizen: &Citizen) -> Result<(), SendRefused> {
        let (mut waiting, mut unconfirmed, now) = (0, 0, self.now());
        for head in self.history(&citizen.id).await? {
            if head.number.is_some() {
                continue;
            }
            if head.end.is_some() && now.duration_since(head.opened_at) >= UNCONFIRMED_FOR {
                continue;
            }
            let Some(signature) = self.load(head.case).await?.case.signature else { continue };
            unconfirmed += usize::from(head.end.is_some() && signature.valid == Some(false));
            let waits = head.end.is_none() && signature.valid.is_none();
            waiting += usize::from(waits && !awaited(&signature, now).is_over());
        }
        if waiting >= WAITING_MAX {
            return Err(SendRefused::ManyWait);
        }
        if unconfirmed >= UNCONFIRMED_MAX { Err(SendRefused::ManyUnconfirmed) } else { Ok(()) }
    }

    /// Returns what the same order brought about before, to whose case that is.
    pub async fn sent_before(
        &self,
        citizen: &Citizen,
        order: Uuid,
    ) -> Result<Option<Submitted>, SubmitError> {
        let Some(answer) = self.ports.store.answer(order).await? else { return Ok(None) };
        let submitted = crate::submit::read_answer(&answer, true)?;
        let is_theirs = self.theirs(&Reader::Applicant(&citizen.id), submitted.case).await?.is_some();
        Ok(is_theirs.then_some(submitted))
    }

    /// The draft ends with an accepted application, and with one that waits; after a refusal it is kept as the next attempt.
    async fn along(
        &self,
        citizen: &Citizen,
        draft: &Draft,
        judgement: &Judgement,
    ) -> Result<Along, SubmitError> {
        if judgement.valid == Some(false) {
            return Ok(Along::from(self.draft_tried(draft).await?));
        }
        let along = Along::from(self.draft_ended(draft).await?);
        if judgement.valid != Some(true) {
            return Ok(along);
        }
        let name = judgement.signer.clone().unwrap_or_default();
        let serial = judgement.serial.as_deref().unwrap_or_default();
        Ok(along.and(self.proven(citizen, &name, serial).await?))
    }

    fn orders(
        &self,
        citizen: &Citizen,
        session: &Session,
        draft: &Draft,
        (order, act, judgement): (Uuid, Act, &Judgement),
    ) -> Result<Vec<Order>, SubmitError> {
        let regulation = self
            .settings
            .edition_at(&draft.service, &draft.edition, &draft.provider)
            .ok_or(SubmitError::Unknown)?;
        let procedure = regulation.intake(Channel::Portal).ok_or(SubmitError::Unknown)?;
        // A key that was refused may be another person's: he is not the applicant.
        let signer = judgement.signer.clone().filter(|_| judgement.valid != Some(false));
        let name = citizen.full_name.clone().or(signer).unwrap_or_default();
        let by = Party::Person { id: citizen.id.clone(), actor: Actor::Applicant, organization: None };
        let open = Command::Open {
            service: draft.service.clone(),
            edition: draft.edition.clone(),
            regulation_sha256: regulation.sha256.clone(),
            procedure: procedure.id.clone(),
            channel: Channel::Portal,
            application: Box::new(draft.application(&citizen.iin, &name)),
            before: Before::Done(done_before(procedure, session, citizen, draft.saved_at)),
            facts: BTreeMap::new(),
            number: None,
            accepted_at: None,
        };
        let sign = part_of(procedure, &Action::SignRequest).ok_or(SubmitError::Unknown)?;
        let complete = Command::Complete { part: sign, act };
        Ok([open, complete]
            .into_iter()
            .map(|command| Order { id: OrderId(order), case: draft.case, by: by.clone(), command })
            .collect())
    }

    /// Judges a signature now.
    pub(crate) async fn judge(
        &self,
        signed: &[u8],
        cms: &[u8],
        by: &Signatory,
    ) -> Result<Judgement, SubmitError> {
        self.ports.evidence.judge(signed, cms, by, self.now()).await.map_err(crate::from_port)
    }

    /// Keeps a verdict with its evidence.
    pub(crate) async fn keep_verdict(&self, judgement: &Judgement) -> Result<FileHash, SubmitError> {
        let bytes =
            serde_json::to_vec(judgement).map_err(|_| SubmitError::Unusable("a verdict".to_owned()))?;
        Ok(self.ports.store.put_file(bytes).await?)
    }
}

/// Returns the part of a procedure that does this.
pub(crate) fn part_of(procedure: &Procedure, action: &Action) -> Option<regulation::model::StepId> {
    procedure.steps.iter().flat_map(|it| &it.parts).find(|it| it.action == *action).map(|it| it.id.clone())
}

/// The steps of the session: registration, sign-in and its check; and the form that was filled.
fn done_before(
    procedure: &Procedure,
    session: &Session,
    citizen: &Citizen,
    filled_at: Timestamp,
) -> Vec<Done> {
    let parts = procedure.steps.iter().flat_map(|step| step.parts.iter().map(move |part| (step, part)));
    parts
        .filter_map(|(step, part)| {
            let (at, held) = if part.action == Action::CreateAccount {
                (citizen.registered_at, None)
            } else if part.action == Action::SignIn && part.by_eds {
                // LAW: 001, patronage, item 8: signed in by the certificate of an EDS; a password is not enough.
                (citizen.proof.as_ref()?.at, None)
            } else if part.action == Action::SignIn {
                (session.signed_in_at, None)
            } else if is_sign_in(step) {
                (session.signed_in_at, Some(true))
            } else if part.action == Action::FillForm {
                (filled_at, None)
            } else {
                return None;
            };
            Some(Done { part: part.id.clone(), at, by: Some(citizen.id.clone()), held })
        })
        .collect()
}

fn is_sign_in(step: &regulation::model::Step) -> bool {
    use regulation::model::Expr;
    matches!(&step.when, Some(Expr::Fact(fact)) if fact.as_str() == "signin.valid")
}
