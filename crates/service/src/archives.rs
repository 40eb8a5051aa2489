// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signed acts and the archives of their signatures.
//!
//! A signature that was judged is stamped with time and archived by work of the outbox, committed with the act: an
//! authority of time that is silent stops no case, the stamp comes when it answers. One archive holds the signed bytes,
//! the signature, the evidence and the stamp ([`eds::Archive`]); it is judged again offline after years. A signature that
//! cannot be judged yet is stamped all the same: its key may end or be revoked before it is.
//!
//! An archive proves its act as long as its last stamp does. So each archive is looked at now and then, and stamped again
//! a while before the key of that stamp ends, or once [`crate::Settings::restamp_before`] says that stamps so old are to
//! be relied on no longer.

use crate::ports::evidence::Signatory;
use crate::ports::store::{ListQuery, OutboxRow, RowChange};
use crate::submit::{Along, SubmitError};
use crate::work::{Task, Work};
use crate::worker::{STAMPS, Trouble};
use crate::{Service, rows, tables};
use engine::case::{CaseId, FileHash};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Acts of one case that are listed.
const ACTS_MAX: usize = 16;
/// How long before the end of the last stamp's key an archive is stamped again.
pub const RENEW_AHEAD_DAYS: i64 = 120;
/// How often an archive is looked at though nothing ends.
pub const LOOK_DAYS: i64 = 180;

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
    /// When it was stamped last, if again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed_at: Option<Timestamp>,
    /// The end of the key of the last stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_before: Option<Timestamp>,
}

impl ArchivedAct {
    /// Returns whether it is to be stamped again.
    fn is_due(&self, now: Timestamp, restamp_before: Option<Timestamp>) -> bool {
        let last = self.renewed_at.unwrap_or(self.stamped_at);
        let ends = self.renew_before.is_some_and(|end| now >= end - days(RENEW_AHEAD_DAYS));
        ends || restamp_before.is_some_and(|it| last < it)
    }

    /// Returns when it is looked at next: when it will be due; where the last stamp ends soon all the same, halfway there.
    fn looked_at(&self, now: Timestamp) -> Timestamp {
        let regular = now + days(LOOK_DAYS);
        let Some(end) = self.renew_before else { return regular };
        let due = end - days(RENEW_AHEAD_DAYS);
        if due > now {
            return due.min(regular);
        }
        (now + end.duration_since(now) / 2).max(now + days(1)).min(regular)
    }
}

const fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A signed act and its time stamp, if it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActStamp {
    /// Which act.
    pub act: SignedAct,
    /// The archive with the stamp; `None` while the stamp is awaited.
    pub archived: Option<ArchivedAct>,
}

/// The stamp over a signature that came before it could be judged.
#[derive(Serialize, Deserialize)]
struct Receipt {
    stamp: FileHash,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    owner: String,
    sealed: String,
}

fn key(case: CaseId, act: SignedAct) -> String {
    format!("{}/{}", case.0, act.as_str())
}

fn receipt(case: CaseId) -> String {
    format!("{}/receipt", case.0)
}

/// Returns the change that forgets the stamp of a receipt, whose signature does not count.
pub(crate) fn receipt_forgotten(case: CaseId) -> RowChange {
    RowChange::Delete { table: tables::ARCHIVES.to_owned(), key: receipt(case) }
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
        let outbox = self.later(it.case, Task::StampTime { act: it.act }, now);
        Ok(Along { rows: vec![row], outbox: vec![outbox], ..Along::default() })
    }

    /// Returns what goes along with a signature that cannot be judged yet, so that it is stamped after the commit.
    pub(crate) fn stamp_later(&self, case: CaseId) -> Along {
        Along { outbox: vec![self.later(case, Task::StampReceipt, self.now())], ..Along::default() }
    }

    fn later(&self, case: CaseId, task: Task, not_before: Timestamp) -> OutboxRow {
        let (work, id) = (Work { case, version: 0, task }, self.uuid());
        let (lane, kind) = (work.lane(id), work.kind().to_owned());
        OutboxRow { id, lane, kind, payload: serde_json::to_vec(&work).unwrap_or_default(), not_before }
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

    /// Stamps the signature of a request that waits to be judged; once it is judged, its archive sees to that.
    pub(crate) async fn stamp_receipt(&self, case: CaseId) -> Result<(), Trouble> {
        let found = self.load(case).await?.case;
        let Some(signature) = found.signature.filter(|it| it.valid.is_none() && found.end.is_none()) else {
            return Ok(());
        };
        let (content, cms) = (self.file(&signature.content).await?, self.file(&signature.signature).await?);
        let by = Signatory::Person { iin: found.application.iin };
        let stamping = self.ports.evidence.stamp((&content, &cms), &by, self.now());
        let Some(stamp) = self.in_turn(STAMPS, stamping).await? else { return Ok(()) };
        let kept = Receipt { stamp: self.ports.store.put_file(stamp).await? };
        let row = rows::row(tables::ARCHIVES, receipt(case), None, String::new(), &kept);
        Ok(self.put(vec![RowChange::Put(row)]).await?)
    }

    /// Returns the stamp that the signature of an act got before it was judged.
    async fn receipt_stamp(&self, case: CaseId, act: SignedAct) -> Result<Option<Vec<u8>>, SubmitError> {
        if act != SignedAct::Request {
            return Ok(None);
        }
        let kept: Option<Receipt> = rows::read(&*self.ports.store, tables::ARCHIVES, &receipt(case)).await?;
        match kept {
            Some(it) => Ok(Some(self.file(&it.stamp).await?)),
            None => Ok(None),
        }
    }

    /// Stamps and archives an act; a silent authority of time is asked again later.
    pub(crate) async fn stamp_time(&self, case: CaseId, act: SignedAct) -> Result<(), Trouble> {
        let Some((owner, mut kept)) = self.kept_act(case, act).await? else { return Ok(()) };
        if kept.archived.is_some() {
            return Ok(());
        }
        let (content, cms) = self.signed_bytes(&kept).await?;
        let stamp = self.receipt_stamp(case, act).await?;
        let archiving = self.ports.evidence.archive((&content, &cms), stamp, &kept.by, self.now());
        let made = self.in_turn(STAMPS, archiving).await?;
        let archived = ArchivedAct {
            file: self.ports.store.put_file(made.archive).await?,
            stamped_at: made.stamped_at,
            authority: made.authority,
            renewed_at: None,
            renew_before: made.renew_before,
        };
        kept.archived = Some(archived.clone());
        Ok(self.keep_archive((case, owner), &kept, &archived).await?)
    }

    /// Stamps the archive of an act again if it is due, and says when it is looked at next.
    pub(crate) async fn renew_archive(&self, case: CaseId, act: SignedAct) -> Result<(), Trouble> {
        let Some((owner, mut kept)) = self.kept_act(case, act).await? else { return Ok(()) };
        let Some(mut archived) = kept.archived.take() else { return Ok(()) };
        if archived.is_due(self.now(), self.settings.restamp_before) {
            let bytes = self.file(&archived.file).await?;
            let renewing = self.ports.evidence.renew(&bytes, self.now());
            let made = self.in_turn(STAMPS, renewing).await?;
            archived.file = self.ports.store.put_file(made.archive).await?;
            archived.renewed_at = Some(made.stamped_at);
            archived.renew_before = made.renew_before;
        }
        kept.archived = Some(archived.clone());
        Ok(self.keep_archive((case, owner), &kept, &archived).await?)
    }

    /// Returns what is kept of an act and under whose key; once a person's key is erased there is nothing to prove about him.
    async fn kept_act(&self, case: CaseId, act: SignedAct) -> Result<Option<(String, Kept)>, SubmitError> {
        let stored: Option<Stored> =
            rows::read(&*self.ports.store, tables::ARCHIVES, &key(case, act)).await?;
        let Some(stored) = stored else { return Ok(None) };
        let kept: Option<Kept> = self.open_json(&stored.owner, &stored.sealed).await?;
        Ok(kept.map(|kept| (stored.owner, kept)))
    }

    async fn keep_archive(
        &self,
        (case, owner): (CaseId, String),
        kept: &Kept,
        archived: &ArchivedAct,
    ) -> Result<(), SubmitError> {
        let row = self.act_row(case, owner, kept).await?;
        let next = self.later(case, Task::RenewArchive { act: kept.act }, archived.looked_at(self.now()));
        self.put_along(Along { rows: vec![row], outbox: vec![next], ..Along::default() }).await
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn act(renew_before: &str) -> ArchivedAct {
        ArchivedAct {
            file: FileHash(String::new()),
            stamped_at: at("2026-11-21T05:00:00Z"),
            authority: String::new(),
            renewed_at: None,
            renew_before: Some(at(renew_before)),
        }
    }

    #[test]
    fn an_archive_is_due_a_while_before_its_stamp_ends() {
        let it = act("2029-11-21T00:00:00Z");
        assert!(!it.is_due(at("2029-07-01T00:00:00Z"), None));
        assert!(it.is_due(at("2029-08-01T00:00:00Z"), None));
        assert_eq!(it.looked_at(at("2026-11-21T05:00:00Z")), at("2027-05-20T05:00:00Z"), "now and then");
        assert_eq!(it.looked_at(at("2029-07-01T00:00:00Z")), at("2029-07-24T00:00:00Z"), "when it is due");
    }

    #[test]
    fn an_archive_is_due_when_stamps_so_old_are_relied_on_no_longer() {
        let mut it = act("2039-11-21T00:00:00Z");
        let until = Some(at("2031-01-01T00:00:00Z"));
        assert!(it.is_due(at("2030-01-01T00:00:00Z"), until));
        it.renewed_at = until;
        assert!(!it.is_due(at("2031-02-01T00:00:00Z"), until));
    }

    #[test]
    fn a_stamp_that_ends_soon_all_the_same_is_renewed_ever_nearer_to_its_end_but_not_without_rest() {
        let it = act("2027-01-10T00:00:00Z");
        let first = it.looked_at(at("2026-12-01T00:00:00Z"));
        assert_eq!(first, at("2026-12-21T00:00:00Z"));
        assert_eq!(it.looked_at(at("2027-01-09T20:00:00Z")), at("2027-01-10T20:00:00Z"));
    }
}
