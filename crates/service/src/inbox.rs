// SPDX-License-Identifier: MIT OR Apache-2.0
//! What came over the border is known by its sender and the sender's id for it: the same again is one act and the same answer,
//! something else under the same id is refused, written down and shown to the administrator.

use crate::Service;
use crate::board::{KeptAnomaly, anomaly_row};
use crate::ports::border::{Arrival, Parcel, RequestParcel};
use crate::ports::registers::Question;
use crate::ports::store::{Append, Built, Commit, CommitError, RowChange, StreamId};
use crate::registers::id_of;
use crate::submit::SubmitError;
use crate::{rows, tables};
use engine::case::{CaseId, FileHash};
use engine::command::Progress;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The stream of what should never come.
const STREAM: &str = "inbox";
/// The format of its events.
const FORMAT: u16 = 1;

/// A message by what it says.
#[derive(Debug, Clone)]
pub(crate) struct Came {
    sender: String,
    id: Uuid,
    /// Its id at the sender, as people look for it.
    name: String,
    row: Row,
}

/// What is kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// SHA-256 of all that it says, without signatures and dates of the way.
    content: String,
}

/// All that a message says that is acted on. The application that it names is left out: a sender that was replaced between two
/// tries names it only in the second.
#[derive(Serialize)]
struct Said<'a> {
    case: CaseId,
    to: &'a str,
    from: &'a str,
    request: Option<&'a RequestParcel>,
    progress: &'a Progress,
    files: Vec<(&'a FileHash, &'a str, &'a str)>,
}

/// The open part of the event of a message that came under the id of another.
#[derive(Serialize)]
struct Anomaly<'a> {
    message: &'a str,
    sender: &'a str,
    case: CaseId,
    /// What came first, and what came now.
    first: &'a str,
    now: &'a str,
    /// The signed message of now, kept.
    envelope: FileHash,
}

impl Came {
    pub(crate) fn of(parcel: &Parcel, arrival: &Arrival) -> Result<Self, SubmitError> {
        let said = Said {
            case: parcel.case,
            to: &parcel.to,
            from: parcel.from.as_str(),
            request: parcel.request.as_ref(),
            progress: &parcel.progress,
            files: parcel
                .files
                .iter()
                .map(|it| (&it.hash, it.name.as_str(), it.media_type.as_str()))
                .collect(),
        };
        Self::said(&said, (parcel.id, &parcel.id.to_string()), arrival)
    }

    /// Returns a message by its id, here and at the sender, and by all of it that is acted on.
    pub(crate) fn said(
        said: &impl Serialize,
        (id, name): (Uuid, &str),
        arrival: &Arrival,
    ) -> Result<Self, SubmitError> {
        let said = serde_json::to_vec(said)
            .map_err(|_| SubmitError::Unusable("a message cannot be written down".to_owned()))?;
        let content = hex::encode(eds::sha256(&said));
        Ok(Self { sender: arrival.sender.clone(), id, name: name.to_owned(), row: Row { content } })
    }

    /// Returns the digest of what it says.
    pub(crate) fn content(&self) -> &str {
        &self.row.content
    }

    fn key(&self) -> String {
        format!("{}/{}", self.sender, self.id)
    }

    /// Returns the id of the order that it becomes: two senders may give their messages the same id.
    pub(crate) fn order(&self) -> Uuid {
        id_of(&["inbox", &self.key()])
    }

    /// Returns its row, for the transaction of its order.
    pub(crate) fn row(&self) -> RowChange {
        RowChange::Put(rows::row(tables::INBOX, self.key(), None, String::new(), &self.row))
    }
}

impl Service {
    /// Says whether a message came before and was taken in; another one under its id is refused.
    pub(crate) async fn came_before(
        &self,
        came: &Came,
        about: CaseId,
        arrival: &Arrival,
    ) -> Result<bool, SubmitError> {
        let first: Option<Row> = rows::read(&*self.ports.store, tables::INBOX, &came.key()).await?;
        match first {
            None => Ok(false),
            Some(first) if first == came.row => Ok(true),
            Some(first) => {
                self.journal_anomaly(came, &first, (about, arrival)).await?;
                Err(SubmitError::Unusable("another message came under this id before".to_owned()))
            }
        }
    }

    async fn journal_anomaly(
        &self,
        came: &Came,
        first: &Row,
        (about, arrival): (CaseId, &Arrival),
    ) -> Result<(), SubmitError> {
        tracing::error!(
            message = came.name,
            sender = came.sender,
            "another message came under an id that was used"
        );
        let anomaly = Anomaly {
            message: &came.name,
            sender: &came.sender,
            case: about,
            first: &first.content,
            now: &came.row.content,
            envelope: self.ports.store.put_file(arrival.message.clone()).await?,
        };
        let at = self.now();
        let event = Append {
            stream: StreamId(STREAM.to_owned()),
            at,
            kind: "message.anomaly".to_owned(),
            format: FORMAT,
            public: serde_json::to_vec(&anomaly).unwrap_or_default(),
            private: None,
        };
        // The same anomaly is written down once, however often it comes; on the board each id stands once.
        let order = id_of(&["anomaly", &came.key(), &came.row.content]);
        let kept = KeptAnomaly { sender: came.sender.clone(), message: came.name.clone(), case: about };
        let row = anomaly_row(&*self.ports.store, kept, at).await?;
        let commit = Commit {
            order: Some(order),
            stream: None,
            numbers: Vec::new(),
            appends: vec![event],
            build: Box::new(move |_| Built { rows: vec![row], ..Built::default() }),
            at,
        };
        match self.ports.store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            Err(failed) => Err(SubmitError::Unavailable(failed.to_string())),
        }
    }

    /// Returns the key under which a message is kept as evidence: its id at the sender, unless another sender's message lies
    /// there.
    pub(crate) async fn evidence_key(&self, came: &Came) -> Result<String, SubmitError> {
        let id = came.name.as_str();
        for key in [id, &format!("{}/{id}", came.sender)] {
            if self.ports.store.row(tables::MESSAGES, key).await?.is_none() {
                return Ok(key.to_owned());
            }
        }
        Ok(came.key())
    }

    /// Returns the key under which the answer to a question is kept as evidence: the id that the register gave it, unless
    /// something else lies there. Registers count as they like: two may give the same id, and one may give it twice.
    pub(crate) async fn answer_key(&self, question: &Question, answer: &str) -> Result<String, SubmitError> {
        let of_register = format!("{}/{answer}", question.register);
        for key in [answer, of_register.as_str()] {
            if self.ports.store.row(tables::MESSAGES, key).await?.is_none() {
                return Ok(key.to_owned());
            }
        }
        Ok(format!("{of_register}/{}", question.message))
    }
}
