// SPDX-License-Identifier: MIT OR Apache-2.0
//! The relay's own exchanges, kept for a court: its questions to registers with their answers, its deliveries with the
//! addressees' receipts, each as it went over the wire and with what the certificates were judged by.

use super::seals::Answer;
use engine::case::FileHash;
use serde::{Deserialize, Serialize};
use service::border::{KeptMessage, KeptVerdict};
use service::ports::Store;
use service::ports::store::{RowChange, StoreError};
use service::rows;
use uuid::Uuid;

/// The table of exchanges, by their session ids; listed by message id, the last one last.
pub const EXCHANGES: &str = "relay-exchanges";

/// An exchange of the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptExchange {
    /// The id of the message that was brought, or of the question.
    pub message: String,
    /// The stream in which it is told.
    pub stream: String,
    /// Both sides of it.
    pub kept: KeptMessage,
}

impl KeptExchange {
    /// Returns the list of exchanges about a message.
    pub fn list(message: &str) -> String {
        format!("message/{message}")
    }

    pub(super) fn row(&self, session: Uuid, at: jiff::Timestamp) -> RowChange {
        let (list, sort) = (Some(Self::list(&self.message)), service::views::sortable(at));
        RowChange::Put(rows::row(EXCHANGES, session.to_string(), list, sort, self))
    }
}

/// Keeps question, answer and evidence of an exchange with somebody.
pub(super) async fn keep(
    store: &dyn Store,
    with: &str,
    question: Vec<u8>,
    (answer, judged): (FileHash, &Answer),
) -> Result<KeptMessage, StoreError> {
    let question = store.put_file(question).await?;
    let judged = match &judged.judged {
        Some(it) => Some(KeptVerdict { file: store.put_file(it.evidence.clone()).await?, at: it.at }),
        None => None,
    };
    Ok(KeptMessage { from: with.to_owned(), file: answer, question: Some(question), judged, work: None })
}
