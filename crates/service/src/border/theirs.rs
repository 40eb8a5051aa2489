// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whose a case is: of those behind the border only one may tell of it. Anybody else is refused and written down.

use crate::Service;
use crate::inbox::Came;
use crate::ports::Store;
use crate::ports::border::{Arrival, Parcel};
use crate::ports::store::{Append, Built, Commit, CommitError, RowChange, StreamId};
use crate::registers::id_of;
use crate::submit::SubmitError;
use crate::{rows, tables};
use engine::case::{Case, CaseId, FileHash};
use regulation::model::{FieldId, System};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The stream of what should never come.
const STREAM: &str = "inbox";
/// The kind of its events of messages about cases of others.
const KIND: &str = "message.not-theirs";
/// Their format.
const FORMAT: u16 = 1;

/// The system that opened a case here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opener {
    /// Its id as a sender.
    pub(crate) sender: String,
    /// What it knows the case by, where it knows the published form only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) foreign: Option<ForeignChain>,
}

/// What a portal that knows the published form only knows a case by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ForeignChain {
    /// Its message that brought the application.
    pub(crate) message: String,
    /// The chain.
    pub(crate) chain: String,
    /// The application's number there.
    pub(crate) request: String,
    /// The code of the service among the message's properties.
    pub(crate) client_key: Option<String>,
    /// The code by which the tables know the service.
    pub(crate) service_code: String,
    /// The code of the field that takes the paper.
    pub(crate) result: String,
    /// Whether the portal takes answers before the end.
    pub(crate) interim: bool,
    /// SHA-256 of the application as the portal told it.
    pub(crate) said: String,
    /// Fields whose answers its form does not hold and the tables say that it presupposes.
    #[serde(default)]
    pub(crate) presupposed: Vec<FieldId>,
}

/// The open part of the event of a message about a case that is another's.
#[derive(Serialize)]
struct NotTheirs<'a> {
    message: Uuid,
    sender: &'a str,
    case: CaseId,
    /// The signed message, kept.
    envelope: FileHash,
}

impl Opener {
    pub(super) fn of(arrival: &Arrival) -> Self {
        Self { sender: arrival.sender.clone(), foreign: None }
    }

    /// Returns who opened a case here over the border.
    pub(crate) async fn read(store: &dyn Store, case: CaseId) -> Result<Option<Self>, SubmitError> {
        Ok(rows::read(store, tables::OPENERS, &case.0.to_string()).await?)
    }

    /// Returns its row, for the transaction that opens the case.
    pub(super) fn row(&self, case: CaseId) -> RowChange {
        RowChange::Put(rows::row(tables::OPENERS, case.0.to_string(), None, String::new(), self))
    }
}

impl Service {
    /// Refuses a message about a case that is another's; a case that is not open here is nobody's.
    pub(super) async fn check_theirs(
        &self,
        known: &Case,
        came: &Came,
        (parcel, arrival): (&Parcel, &Arrival),
    ) -> Result<(), SubmitError> {
        if !known.is_open() || self.is_theirs(known, arrival).await? {
            return Ok(());
        }
        self.journal_not_theirs(came, (parcel, arrival)).await?;
        Err(SubmitError::Unusable("the case is another system's".to_owned()))
    }

    /// At a region a case is of the system that opened it, elsewhere of the region at which its provider is addressed. What was
    /// opened before this was written down is known by its channel alone.
    async fn is_theirs(&self, case: &Case, arrival: &Arrival) -> Result<bool, SubmitError> {
        if self.here != System::Region {
            return Ok(arrival.addressees.contains(&case.application.provider));
        }
        let opener = Opener::read(&*self.ports.store, case.id).await?;
        Ok(opener.is_none_or(|it| it.sender == arrival.sender))
    }

    /// Writes it down, once, however often the message comes.
    async fn journal_not_theirs(
        &self,
        came: &Came,
        (parcel, arrival): (&Parcel, &Arrival),
    ) -> Result<(), SubmitError> {
        tracing::error!(
            message.id = %parcel.id,
            sender = arrival.sender,
            case.id = %parcel.case.0,
            "a message came about a case that is another system's"
        );
        let refused = NotTheirs {
            message: parcel.id,
            sender: &arrival.sender,
            case: parcel.case,
            envelope: self.ports.store.put_file(arrival.message.clone()).await?,
        };
        let at = self.now();
        let event = Append {
            stream: StreamId(STREAM.to_owned()),
            at,
            kind: KIND.to_owned(),
            format: FORMAT,
            public: serde_json::to_vec(&refused).unwrap_or_default(),
            private: None,
        };
        let commit = Commit {
            order: Some(id_of(&[KIND, &came.order().to_string()])),
            stream: None,
            numbers: Vec::new(),
            appends: vec![event],
            build: Box::new(|_| Built::default()),
            at,
        };
        match self.ports.store.commit(commit).await {
            Ok(_) | Err(CommitError::Repeated(_)) => Ok(()),
            Err(failed) => Err(SubmitError::Unavailable(failed.to_string())),
        }
    }
}
