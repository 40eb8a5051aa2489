// SPDX-License-Identifier: MIT OR Apache-2.0
//! What workplaces need beside the acts: the prepared PDF, the verdict on the request or who vouches for it, the terms to
//! expect, and the papers that an operator scans until all are there.

use crate::access::{Reader, Seat};
use crate::accounts::Official;
use crate::border::KeptVerdict;
use crate::border::theirs::{ForeignChain, Opener};
use crate::codec::access::What;
use crate::ports::evidence::Judgement;
use crate::ports::store::RowChange;
use crate::submit::{Along, SubmitError, Submitted};
use crate::{Service, rows, tables};
use engine::case::{Attachment, Case, CaseId, FileHash};
use engine::command::OrderId;
use engine::deadline::Expected;
use engine::{Act, Command, Order};
use regulation::model::{Actor, FieldId, StepId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A case, opened or still to be opened, that waits for papers, and whose key seals them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PapersOf {
    /// The case.
    pub case: CaseId,
    /// The key.
    pub owner: String,
}

impl From<&Case> for PapersOf {
    fn from(case: &Case) -> Self {
        Self { case: case.id, owner: Service::owner_key(case) }
    }
}

/// Who vouches for an application without its applicant's signature: a portal that knows the published form only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The portal's id as a sender.
    pub portal: String,
    /// The portal's id of the message that the application came in; the message is kept as evidence.
    pub message: String,
    /// The application's number at the portal.
    pub number: String,
    /// Answers that the portal's form has no place for and that the portal presupposes: the applicant did not give them.
    pub presupposed: Vec<FieldId>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    owner: String,
    sealed: String,
}

fn papers_key(case: CaseId) -> String {
    format!("papers/{}", case.0)
}

pub(crate) fn papers_gone(case: CaseId) -> RowChange {
    RowChange::Delete { table: tables::PREPARED.to_owned(), key: papers_key(case) }
}

impl Service {
    /// Returns the PDF that waits for this official's signature: what he reads before he signs. The reading is recorded.
    pub async fn prepared_pdf(
        &self,
        official: &Official,
        case: CaseId,
    ) -> Result<Option<Vec<u8>>, SubmitError> {
        match self.prepared_result(case).await? {
            Some(prepared) if prepared.by == official.seat.person.0 => {
                self.record(&official.seat, case, (What::Paper, Some(&prepared.pressed))).await?;
                self.file(&prepared.pressed).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Returns the verdict on the request's signature as it was kept. It is part of the case: whoever was given the case by
    /// [`Service::case_view`] may read it.
    pub async fn request_verdict(&self, case: &Case) -> Result<Option<Judgement>, SubmitError> {
        let verdict = match &case.signature {
            Some(signature) => signature.verdict.clone(),
            None => {
                match rows::read::<KeptVerdict>(&*self.ports.store, tables::VERDICTS, &case.id.0.to_string())
                    .await?
                {
                    Some(kept) => kept.file,
                    None => return Ok(None),
                }
            }
        };
        let bytes = self.file(&verdict).await?;
        let kept = serde_json::from_slice(&bytes);
        kept.map(Some).map_err(|_| SubmitError::Unusable("a stored verdict".to_owned()))
    }

    /// Returns who vouches for a case whose applicant's signature did not come along; `None` for every other. It is part of
    /// the case like the verdict.
    pub async fn vouched_for(&self, case: &Case) -> Result<Option<Vouched>, SubmitError> {
        let Some(opener) = Opener::read(&*self.ports.store, case.id).await? else { return Ok(None) };
        let Opener { sender: portal, foreign } = opener;
        Ok(foreign.map(|it| {
            let ForeignChain { message, request: number, presupposed, .. } = it;
            Vouched { portal, message, number, presupposed }
        }))
    }

    /// Returns the terms of the service counted from when the documents were accepted, whatever the registers will say.
    pub fn expected_terms(&self, case: &Case) -> Vec<Expected> {
        let Some(regulation) =
            self.settings.edition_at(&case.service, &case.edition, &case.application.provider)
        else {
            return Vec::new();
        };
        let Some(accepted_at) = case.accepted_at else { return Vec::new() };
        self.in_world(regulation, &case.application, |world| engine::expected(world, accepted_at))
            .unwrap_or_default()
    }

    /// Returns the papers scanned for a case that waits for them.
    pub async fn papers(&self, case: CaseId) -> Result<Vec<Attachment>, SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::PREPARED, &papers_key(case)).await?;
        match stored {
            Some(stored) => Ok(self.open_json(&stored.owner, &stored.sealed).await?.unwrap_or_default()),
            None => Ok(Vec::new()),
        }
    }

    /// Keeps a scan until all are there; a second one of the same file changes nothing.
    pub async fn add_paper(&self, of: &PapersOf, paper: Attachment) -> Result<(), SubmitError> {
        let mut papers = self.papers(of.case).await?;
        if papers.iter().any(|it| it.document == paper.document && it.file == paper.file) {
            return Ok(());
        }
        papers.push(paper);
        papers.truncate(engine::form::ATTACHMENTS_MAX);
        self.keep_papers(of, &papers).await
    }

    /// Takes a scan away.
    pub async fn remove_paper(&self, of: &PapersOf, file: &FileHash) -> Result<(), SubmitError> {
        let mut papers = self.papers(of.case).await?;
        papers.retain(|it| it.file != *file);
        self.keep_papers(of, &papers).await
    }

    async fn keep_papers(&self, of: &PapersOf, papers: &[Attachment]) -> Result<(), SubmitError> {
        let owner = of.owner.clone();
        let stored = Stored { sealed: self.seal_json(&owner, &papers).await?, owner };
        let row = rows::row(tables::PREPARED, papers_key(of.case), None, String::new(), &stored);
        self.put(vec![RowChange::Put(row)]).await
    }

    /// Returns a scan that is kept, by its hash. The reading is recorded.
    pub async fn paper(
        &self,
        seat: &Seat,
        case: CaseId,
        file: &FileHash,
    ) -> Result<Option<Vec<u8>>, SubmitError> {
        // Papers of an intake that is not judged yet are of no case: the caller was given the intake itself.
        let opened = self.load(case).await?.case.is_open();
        if opened && self.theirs(&Reader::Official(seat), case).await?.is_none() {
            return Ok(None);
        }
        if self.papers(case).await?.iter().any(|it| it.file == *file) {
            self.record(seat, case, (What::Paper, Some(file))).await?;
            return self.file(file).await.map(Some);
        }
        Ok(None)
    }

    /// Puts the scanned papers into the request: the operator has marked and scanned all.
    pub async fn fill_papers(
        &self,
        seat: &Seat,
        case: CaseId,
        part: StepId,
        order: Uuid,
    ) -> Result<Submitted, SubmitError> {
        let by = seat.party(Actor::CenterOperator)?;
        let attachments = self.papers(case).await?;
        let act = Act::Filled { fields: BTreeMap::new(), attachments };
        let order = Order { id: OrderId(order), case, by, command: Command::Complete { part, act } };
        let along = Along::from(vec![papers_gone(case)]);
        self.submit_with(std::slice::from_ref(&order), along).await
    }
}
