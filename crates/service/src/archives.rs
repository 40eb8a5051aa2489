// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed acts and the archives of their signatures.
//!
//! A signature that was judged is stamped with time and archived by work of the outbox, committed with the act: an
//! authority of time that is silent stops no case, the stamp comes when it answers. One archive holds the signed bytes,
//! the signature, the evidence and the stamp ([`eds::Archive`]); it is judged again offline after years.

use crate::ports::evidence::{Signatory, Signed};
use crate::ports::store::{ListQuery, OutboxRow, RowChange};
use crate::submit::{Along, SubmitError};
use crate::work::{Task, Work};
use crate::{Service, rows, tables};
use engine::case::{CaseId, FileHash};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Acts of one case that are listed.
const ACTS_MAX: usize = 16;

/// Which act of a case was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedAct {
    /// The request.
    Request,
    /// The result.
    Result,
}

impl SignedAct {
    /// Returns its name in keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Result => "result",
        }
    }
}

/// What is to be archived.
#[derive(Debug, Clone)]
pub(crate) struct ToArchive {
    pub(crate) case: CaseId,
    /// Under whose key it is sealed.
    pub(crate) owner: String,
    pub(crate) act: SignedAct,
    pub(crate) content: FileHash,
    /// The CMS; none where it lies in the content, as in a PDF.
    pub(crate) signature: Option<FileHash>,
    pub(crate) by: Signatory,
}

/// A signed act as its row holds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    act: SignedAct,
    content: FileHash,
    signature: Option<FileHash>,
    by: Signatory,
    signed_at: Timestamp,
    archived: Option<ArchivedAct>,
}

/// The archive of an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedAct {
    /// The archive.
    pub file: FileHash,
    /// The time that the stamp proves.
    pub stamped_at: Timestamp,
    /// The authority that stamped it.
    pub authority: String,
}

/// A signed act and its time stamp, if it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActStamp {
    /// Which act.
    pub act: SignedAct,
    /// The archive with the stamp; `None` while the stamp is awaited.
    pub archived: Option<ArchivedAct>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    owner: String,
    sealed: String,
}

fn key(case: CaseId, act: SignedAct) -> String {
    format!("{}/{}", case.0, act.as_str())
}

fn list(case: CaseId) -> String {
    format!("case/{}", case.0)
}

impl Service {
    /// Returns what goes along with an act so that its signature is stamped and archived after the commit.
    pub(crate) async fn archive_later(&self, it: ToArchive) -> Result<Along, SubmitError> {
        let now = self.now();
        let kept = Kept {
            act: it.act,
            content: it.content,
            signature: it.signature,
            by: it.by,
            signed_at: now,
            archived: None,
        };
        let row = self.act_row(it.case, it.owner, &kept).await?;
        let work = Work { case: it.case, version: 0, task: Task::StampTime { act: it.act } };
        let id = self.uuid();
        let outbox = OutboxRow {
            id,
            lane: work.lane(id),
            kind: work.kind().to_owned(),
            payload: serde_json::to_vec(&work).unwrap_or_default(),
            not_before: now,
        };
        Ok(Along { rows: vec![row], outbox: vec![outbox], ..Along::default() })
    }

    async fn act_row(&self, case: CaseId, owner: String, kept: &Kept) -> Result<RowChange, SubmitError> {
        let stored = Stored { sealed: self.seal_json(&owner, kept).await?, owner };
        let row = rows::row(
            tables::ARCHIVES,
            key(case, kept.act),
            Some(list(case)),
            kept.act.as_str().to_owned(),
            &stored,
        );
        Ok(RowChange::Put(row))
    }

    /// Stamps and archives an act; a silent authority of time is asked again later.
    pub(crate) async fn stamp_time(&self, case: CaseId, act: SignedAct) -> Result<(), SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::ARCHIVES, &key(case, act)).await?;
        let Some(stored) = stored else { return Ok(()) };
        let kept: Option<Kept> = self.open_json(&stored.owner, &stored.sealed).await?;
        // Once a person's key is erased there is nothing to prove about him.
        let Some(mut kept) = kept.filter(|it| it.archived.is_none()) else { return Ok(()) };
        let (content, cms) = self.signed_bytes(&kept).await?;
        let evidence = &self.ports.evidence;
        let made = evidence.archive(&Signed::Bytes(content), &cms, &kept.by, self.now()).await;
        let made = made.map_err(crate::from_port)?;
        let file = self.ports.store.put_file(made.archive).await?;
        kept.archived = Some(ArchivedAct { file, stamped_at: made.stamped_at, authority: made.authority });
        let row = self.act_row(case, stored.owner, &kept).await?;
        self.put(vec![row]).await
    }

    /// Returns what was signed and the CMS over it.
    async fn signed_bytes(&self, kept: &Kept) -> Result<(Vec<u8>, Vec<u8>), SubmitError> {
        let content = self.file(&kept.content).await?;
        if let Some(signature) = &kept.signature {
            return Ok((content, self.file(signature).await?));
        }
        let unusable = || SubmitError::Unusable("a signed pdf".to_owned());
        let signatures = eds::pades::signatures(&content).map_err(|_| unusable())?;
        let signature = signatures.into_iter().next_back().ok_or_else(unusable)?;
        let covered = signature.pieces(&content).ok_or_else(unusable)?.concat();
        Ok((covered, signature.cms))
    }

    /// Returns the signed acts of a case that are stamped here. They are part of the case: whoever was given the case by
    /// [`Service::case_view`] may know them.
    pub async fn act_stamps(&self, case: CaseId) -> Result<Vec<ActStamp>, SubmitError> {
        let query = ListQuery {
            table: tables::ARCHIVES.to_owned(),
            list: list(case),
            after: None,
            descending: false,
            limit: ACTS_MAX,
        };
        let mut stamps = Vec::new();
        for row in self.ports.store.list(query).await? {
            let stored: Stored = rows::body(&row)?;
            let kept: Option<Kept> = self.open_json(&stored.owner, &stored.sealed).await?;
            stamps.extend(kept.map(|it| ActStamp { act: it.act, archived: it.archived }));
        }
        Ok(stamps)
    }
}
