// SPDX-License-Identifier: MIT OR Apache-2.0
//! Drafts of applications: kept sealed until they are sent, over every failure and every session.

use crate::access::Reader;
use crate::ports::store::{ListQuery, Row, RowChange};
use crate::submit::{DECIDE_AGAIN_MAX, SubmitError};
use crate::views::sortable;
use crate::{Service, rows, tables};
use engine::case::{Application, Attachment, Case, CaseId, FileHash, Medium, PersonId, Value};
use jiff::{SignedDuration, Timestamp};
use regulation::model::{EditionId, FieldId, RegisterId, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Drafts of one person that are listed.
const DRAFTS_MAX: usize = 20;
/// For how long it is known which case a draft became, or was tried as: longer than a page of it is likely to stand open.
const BECAME_HOURS: i64 = 30 * 24;

/// What was frozen at review: exactly this is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The XML that is signed.
    pub content: FileHash,
    /// The PDF that was shown; its hash stands in the XML.
    pub shown: FileHash,
    /// When.
    pub at: Timestamp,
}

/// A value that a register gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredPrefilled")]
pub struct Prefilled {
    /// The value.
    pub value: String,
    /// Where it is from; nothing in a draft that was begun before this was kept.
    pub source: Option<Source>,
}

/// The answer that gave a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The register.
    pub register: RegisterId,
    /// Id of the answering message; evidence is kept under it.
    pub message: String,
    /// When it came.
    pub at: Timestamp,
}

/// A prefilled value as drafts hold it: the older ones hold it alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredPrefilled {
    Alone(String),
    Whole { value: String, source: Option<Source> },
}

impl From<StoredPrefilled> for Prefilled {
    fn from(it: StoredPrefilled) -> Self {
        match it {
            StoredPrefilled::Alone(value) => Self { value, source: None },
            StoredPrefilled::Whole { value, source } => Self { value, source },
        }
    }
}

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Id of the case that it becomes; a new one after an attempt that was refused.
    pub case: CaseId,
    /// Whose.
    pub account: PersonId,
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// The provider.
    pub provider: String,
    /// Values.
    pub fields: BTreeMap<FieldId, Value>,
    /// Values that a register gave and the person has not changed.
    pub prefilled: BTreeMap<FieldId, Prefilled>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// How the result is wanted.
    pub medium: Medium,
    /// Language.
    pub lang: String,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// What was frozen; any change thaws it.
    pub frozen: Option<Frozen>,
    /// Of the row as it was read, 0 for a new draft: what another page has saved since is not overwritten.
    #[serde(skip)]
    pub(crate) revision: u64,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    account: PersonId,
    sealed: String,
}

/// The case that a draft became.
#[derive(Serialize, Deserialize)]
struct Became {
    case: CaseId,
}

/// The draft whose attempt a refused case was.
#[derive(Serialize, Deserialize)]
struct Tried {
    draft: Uuid,
}

/// What became of the draft whose attempt was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextAttempt {
    /// It is there to be signed again.
    Draft(Uuid),
    /// It was signed again, and became this case.
    Case(CaseId),
}

impl Draft {
    /// Returns the application that the draft is.
    pub fn application(&self, iin: &str, full_name: &str) -> Application {
        Application {
            applicant: self.account.clone(),
            iin: iin.to_owned(),
            full_name: full_name.to_owned(),
            fields: self.fields.clone(),
            attachments: self.attachments.clone(),
            medium: self.medium,
            lang: self.lang.clone(),
            provider: self.provider.clone(),
            akim: None,
            center: None,
            content: self.frozen.as_ref().map(|it| it.content.clone()),
            signature: None,
        }
    }
}

impl Draft {
    /// Takes what the person filled in; a value that differs from the register's is the person's own.
    pub fn fill(&mut self, fields: BTreeMap<FieldId, Value>) {
        self.prefilled
            .retain(|id, given| matches!(fields.get(id), Some(Value::Text(text)) if *text == given.value));
        self.fields = fields;
    }
}

impl Service {
    /// Returns a draft of this account.
    pub async fn draft(&self, account: &PersonId, id: Uuid) -> Result<Option<Draft>, SubmitError> {
        match self.ports.store.row(tables::DRAFTS, &id.to_string()).await? {
            Some(row) => self.opened_draft(account, &row).await,
            None => Ok(None),
        }
    }

    /// Opens the row of a draft of this account.
    async fn opened_draft(&self, account: &PersonId, row: &Row) -> Result<Option<Draft>, SubmitError> {
        let stored: Stored = rows::body(row)?;
        if stored.account != *account {
            return Ok(None);
        }
        let draft: Option<Draft> = self.open_json(&account.0, &stored.sealed).await?;
        Ok(draft.map(|it| Draft { revision: row.revision, ..it }))
    }

    /// Returns the drafts of this account, the latest first.
    pub async fn drafts(&self, account: &PersonId) -> Result<Vec<Draft>, SubmitError> {
        let query = ListQuery {
            table: tables::DRAFTS.to_owned(),
            list: account.0.clone(),
            after: None,
            descending: true,
            limit: DRAFTS_MAX,
        };
        let mut drafts = Vec::new();
        for row in self.ports.store.list(query).await? {
            drafts.extend(self.opened_draft(account, &row).await?);
        }
        Ok(drafts)
    }

    /// Changes a draft as it is now, and anew where another page saved it meanwhile; nothing where it was sent or deleted.
    pub async fn change_draft<T>(
        &self,
        account: &PersonId,
        id: Uuid,
        change: impl Fn(&mut Draft) -> T,
    ) -> Result<Option<(Draft, T)>, SubmitError> {
        for _ in 0..DECIDE_AGAIN_MAX {
            let Some(mut draft) = self.draft(account, id).await? else { return Ok(None) };
            let told = change(&mut draft);
            match self.save_draft(&mut draft).await {
                Ok(()) => return Ok(Some((draft, told))),
                Err(SubmitError::Changed) => {}
                Err(failed) => return Err(failed),
            }
        }
        Err(SubmitError::Changed)
    }

    /// Saves a draft, unless it was saved, sent or deleted since it was read; what was frozen is thawed by a change of what it
    /// says.
    pub async fn save_draft(&self, draft: &mut Draft) -> Result<(), SubmitError> {
        let before = self.draft(&draft.account, draft.id).await?;
        if before.is_some_and(|it| it.says() != draft.says()) {
            draft.frozen = None;
        }
        draft.saved_at = self.now();
        self.put_draft(draft, Vec::new()).await
    }

    /// Keeps a draft with other rows, unless it has changed since it was read.
    pub(crate) async fn put_draft(
        &self,
        draft: &mut Draft,
        mut along: Vec<RowChange>,
    ) -> Result<(), SubmitError> {
        along.push(self.draft_row(draft).await?);
        self.put(along).await?;
        draft.revision += 1;
        Ok(())
    }

    /// Deletes a draft.
    pub async fn delete_draft(&self, account: &PersonId, id: Uuid) -> Result<(), SubmitError> {
        match self.draft(account, id).await? {
            Some(_) => self.put(vec![gone(id)]).await,
            None => Ok(()),
        }
    }

    /// Returns the change that keeps a draft, unless it has changed since it was read.
    pub(crate) async fn draft_row(&self, draft: &Draft) -> Result<RowChange, SubmitError> {
        let stored =
            Stored { account: draft.account.clone(), sealed: self.seal_json(&draft.account.0, draft).await? };
        let list = Some(draft.account.0.clone());
        let row = rows::row(tables::DRAFTS, draft.id.to_string(), list, sortable(draft.begun_at), &stored);
        Ok(RowChange::PutIf(row, draft.revision))
    }

    /// Returns the changes that end a draft which becomes its case, unless it has changed since it was read.
    pub(crate) async fn draft_ended(&self, draft: &Draft) -> Result<Vec<RowChange>, SubmitError> {
        let until = self.now() + SignedDuration::from_hours(BECAME_HOURS);
        let became = rows::expiring(tables::KEPT, became(draft.id), until, &Became { case: draft.case });
        Ok(vec![self.draft_row(draft).await?, gone(draft.id), RowChange::Put(became)])
    }

    /// Returns the changes after an attempt that was refused: the draft is kept for the next one, and the case leads to it.
    pub(crate) async fn draft_tried(&self, draft: &Draft) -> Result<Vec<RowChange>, SubmitError> {
        let next = Draft { case: CaseId(self.uuid()), frozen: None, ..draft.clone() };
        self.draft_after(draft.case, &next).await
    }

    /// Returns the changes that keep a draft as the next attempt after a case that was refused, which leads to it.
    pub(crate) async fn draft_after(
        &self,
        refused: CaseId,
        next: &Draft,
    ) -> Result<Vec<RowChange>, SubmitError> {
        let until = self.now() + SignedDuration::from_hours(BECAME_HOURS);
        let tried = rows::expiring(tables::KEPT, tried(refused), until, &Tried { draft: next.id });
        Ok(vec![self.draft_row(next).await?, RowChange::Put(tried)])
    }

    /// Returns what became of the draft whose attempt a refused case was; nothing where it was deleted or is not known any more.
    pub async fn next_attempt(
        &self,
        account: &PersonId,
        refused: CaseId,
    ) -> Result<Option<NextAttempt>, SubmitError> {
        let store = &*self.ports.store;
        let Some(Tried { draft }) = rows::read(store, tables::KEPT, &tried(refused)).await? else {
            return Ok(None);
        };
        if let Some(draft) = self.draft(account, draft).await? {
            return Ok(Some(NextAttempt::Draft(draft.id)));
        }
        let Some(Became { case }) = rows::read(store, tables::KEPT, &became(draft)).await? else {
            return Ok(None);
        };
        Ok(self.theirs(&Reader::Applicant(account), case).await?.map(|it| NextAttempt::Case(it.id)))
    }

    /// Returns the case that a draft of this account became, as long as that is known.
    pub async fn case_of_draft(&self, account: &PersonId, id: Uuid) -> Result<Option<Case>, SubmitError> {
        let found: Option<Became> = rows::read(&*self.ports.store, tables::KEPT, &became(id)).await?;
        let Some(Became { case }) = found else { return Ok(None) };
        self.theirs(&Reader::Applicant(account), case).await
    }
}

impl Draft {
    fn says(&self) -> (&BTreeMap<FieldId, Value>, &[Attachment], Medium, &str) {
        (&self.fields, &self.attachments, self.medium, &self.provider)
    }
}

/// Returns under which key it is kept what a draft became.
fn became(id: Uuid) -> String {
    format!("sent/{id}")
}

/// Returns under which key it is kept which draft was tried as a case.
fn tried(case: CaseId) -> String {
    format!("tried/{}", case.0)
}

/// Returns the change that deletes a draft.
fn gone(id: Uuid) -> RowChange {
    RowChange::Delete { table: tables::DRAFTS.to_owned(), key: id.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefilled_value_is_read_with_its_source_and_an_older_one_without() {
        let source = Source {
            register: RegisterId::from("gbd-fl"),
            message: "SIM-1".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        let given = Prefilled { value: "Абай".to_owned(), source: Some(source) };
        let kept = serde_json::to_string(&given).unwrap();
        assert_eq!(serde_json::from_str::<Prefilled>(&kept).unwrap(), given);
        let older = Prefilled { source: None, ..given };
        assert_eq!(serde_json::from_str::<Prefilled>("\"Абай\"").unwrap(), older);
    }
}
