// SPDX-License-Identifier: MIT OR Apache-2.0
//! What gateways tell of messages sent from here: journaled and kept for the administrator, on whose board stands what is not
//! brought. The person is shown nothing of it: whatever becomes of a message on its way, the application was signed and is kept.

use crate::Service;
use crate::border::KeptMessage;
use crate::ports::border::{Carried, CarrierNotice};
use crate::ports::store::{Append, Built, Commit, CommitError, RowChange, StreamId};
use crate::registers::id_of;
use crate::submit::SubmitError;
use crate::work::Work;
use crate::{rows, tables};
use engine::case::FileHash;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The list of messages that are not brought any more.
pub(crate) const STOPPED: &str = "stopped";
/// The format of the events.
const FORMAT: u16 = 1;
/// The most characters of a code that are kept.
const CODE_CHARS_MAX: usize = 32;

/// What was told last of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Where it is.
    pub state: Carried,
    /// The gateway's code.
    pub code: String,
    /// Since when.
    pub at: Timestamp,
}

/// The open part of the event of a notice.
#[derive(Serialize)]
struct Public<'a> {
    message: &'a str,
    notice: &'a str,
    #[serde(flatten)]
    told: &'a Told,
    /// The signed notice, kept.
    envelope: FileHash,
}

/// Returns how much a state ends: on its way or waiting for a person it may yet change, that it arrived is the last word.
const fn finality(state: Carried) -> u8 {
    match state {
        Carried::OnDelivery | Carried::NotDelivered => 0,
        Carried::Stopped => 1,
        Carried::Delivered => 2,
    }
}

impl Service {
    /// Takes a notice; false if no such message was sent from here.
    pub(crate) async fn take_notice(&self, notice: CarrierNotice) -> Result<bool, SubmitError> {
        let sent = self.ports.store.row(tables::MESSAGES, &notice.message).await?;
        if sent.is_none() {
            return Ok(false);
        }
        let code = notice.code.chars().take(CODE_CHARS_MAX).collect();
        let told = Told { state: notice.state, code, at: notice.at };
        let known = self.ports.store.row(tables::CARRIED, &notice.message).await?;
        let before: Option<Told> = known.as_ref().map(rows::body).transpose()?;
        // Notices may pass each other by, and the gateway's clock may be set back: what ends more counts, and only of the same
        // weight the latest. What is sent anew has an id of its own.
        let weight = |it: &Told| (finality(it.state), it.at);
        let newer = before.is_none_or(|it| it.state != Carried::Delivered && weight(&it) <= weight(&told));
        // What is only set aside is on the gateway's own board, and is brought or stopped by order there.
        let list = (told.state == Carried::Stopped).then(|| STOPPED.to_owned());
        let row = rows::row(tables::CARRIED, &notice.message, list, crate::views::sortable(told.at), &told);
        let change = newer.then(|| RowChange::PutIf(row, known.map_or(0, |it| it.revision)));
        let envelope = self.ports.store.put_file(notice.envelope).await?;
        let public = Public { message: &notice.message, notice: &notice.id, told: &told, envelope };
        let at = self.now();
        let event = Append {
            stream: StreamId(format!("carried/{}", notice.message)),
            at,
            kind: "carried.told".to_owned(),
            format: FORMAT,
            public: serde_json::to_vec(&public).unwrap_or_default(),
            private: None,
        };
        let rows: Vec<_> = change.into_iter().collect();
        let commit = Commit {
            order: Some(id_of(&["carried", &notice.message, &notice.id])),
            stream: None,
            numbers: Vec::new(),
            appends: vec![event],
            build: Box::new(move |_| Built { rows, ..Built::default() }),
            at,
        };
        match self.ports.store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(true),
            Err(CommitError::RowLost | CommitError::VersionLost) => Err(SubmitError::Changed),
            Err(failed) => Err(SubmitError::Unavailable(failed.to_string())),
        }
    }

    /// A portal that knows the published form only refused an answer before the end: no later one waits for it, for each tells
    /// all, and the administrator may have it sent again.
    pub(crate) async fn interim_refused(
        &self,
        work: &Work,
        (to, code): (String, &str),
    ) -> Result<(), SubmitError> {
        tracing::error!(case.id = %work.case.0, code, "an answer before the end is refused");
        // On the board a case stands once, however many answers were refused.
        let id = id_of(&["interim-refused", &work.case.0.to_string()]).to_string();
        let file = self.ports.store.put_file(code.as_bytes().to_vec()).await?;
        let kept = KeptMessage { from: to, file, question: None, judged: None, work: Some(work.clone()) };
        let code = code.chars().take(CODE_CHARS_MAX).collect();
        let told = Told { state: Carried::NotDelivered, code, at: self.now() };
        let sort = crate::views::sortable(told.at);
        let row = rows::row(tables::CARRIED, id.clone(), Some(STOPPED.to_owned()), sort, &told);
        self.put(vec![kept.row(&id, work.case), RowChange::Put(row)]).await
    }

    /// Returns what was told last of a message sent from here.
    pub async fn carried(&self, message: &str) -> Result<Option<Told>, SubmitError> {
        Ok(rows::read(&*self.ports.store, tables::CARRIED, message).await?)
    }
}

/// Returns the code by which the other side refused a message for good. That it knows no such service or case may change for an
/// application, but not for what is told of it.
pub(crate) fn refused_code(error: &SubmitError) -> Option<&str> {
    const REFUSED: &str = "the other side refused: ";
    match error {
        SubmitError::Unusable(why) => why.strip_prefix(REFUSED),
        SubmitError::Unavailable(why) => {
            why.strip_prefix(REFUSED).filter(|it| matches!(*it, "SCE004" | "SCSE001"))
        }
        SubmitError::Inadmissible(_) | SubmitError::Unknown | SubmitError::Changed => None,
    }
}
