// SPDX-License-Identifier: MIT OR Apache-2.0
//! The border between portal or center and a region: what crosses it, and the port that carries it.

use super::foreign::{Foreign, NotTaken, Reply, Unread};
use super::{Judged, PortError};
use crate::paper_spec::Bilingual;
use async_trait::async_trait;
use engine::case::{Application, CaseId, FileHash};
use engine::command::Progress;
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::model::{Channel, EditionId, ProcedureId, ServiceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A file that travels with a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelFile {
    /// Hash of its bytes.
    pub hash: FileHash,
    /// Name shown to people. Personal.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A signed application on its way to the region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequestParcel {
    /// The service.
    pub service: ServiceId,
    /// The edition.
    pub edition: EditionId,
    /// SHA-256 of the regulation by which it was accepted.
    pub regulation_sha256: String,
    /// The procedure.
    pub procedure: ProcedureId,
    /// The channel.
    pub channel: Channel,
    /// Application number.
    pub number: String,
    /// When the documents were accepted.
    pub accepted_at: Timestamp,
    /// When the signed request came: earlier, where its signature could not be judged at once.
    pub received_at: Timestamp,
    /// What is asked.
    pub application: Application,
    /// Detached CMS over the application's content; its hash.
    pub signature: FileHash,
}

/// What crosses the border.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// Id of the message; the same id twice is one message.
    pub id: Uuid,
    /// The case: the correlation id of the channel.
    pub case: CaseId,
    /// The organisation that is addressed: its id.
    pub to: String,
    /// The role that sends: `portal`, `center` or `region`.
    pub from: regulation::model::System,
    /// The application, in the first message.
    pub request: Option<RequestParcel>,
    /// In every other message, of which application it tells: the applicant's signature under it. Older peers name none.
    pub answers: Option<FileHash>,
    /// What was done on the sender's side.
    pub progress: Progress,
    /// Files that travel along.
    pub files: Vec<ParcelFile>,
    /// What is said besides for those who read the published form alone; it is not read back.
    pub published: Published,
    /// Set where the addressee knows the published form only: the answer is written in that form alone, and the files are the
    /// papers of the case.
    pub reply: Option<Reply>,
}

/// What the published form has fields for and our own roles do without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// When the applicant was born, where the form was filled with it by the persons register. Personal.
    pub born: Option<Date>,
    /// BIN of the provider.
    pub provider_bin: Option<String>,
    /// KATO code of the territory that it serves.
    pub provider_kato: Option<String>,
    /// Name of the service.
    pub service: Option<Bilingual>,
    /// Name of the ground of a refusal.
    pub ground: Option<Bilingual>,
    /// Language of the application: its answer is written in it.
    pub lang: String,
}

/// A delivery as it went over the wire, kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The signed message, exactly as sent.
    pub message: Vec<u8>,
    /// The signed receipt, exactly as received.
    pub receipt: Vec<u8>,
    /// What the certificate of the receipt's signature was judged by.
    pub judged: Judged,
}

/// A message as it arrived, kept as evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The system that sent it, as the signatures show. Its ids of messages are its own.
    pub sender: String,
    /// Who is addressed at that system, as it is configured here: of a region the ids of its organisations.
    pub addressees: BTreeSet<String>,
    /// The signed message, exactly as received.
    pub message: Vec<u8>,
    /// What the certificates of its signatures were judged by.
    pub judged: Judged,
}

/// Where a message of ours is, as the gateway says that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carried {
    /// It is on its way.
    OnDelivery,
    /// The addressee has it.
    Delivered,
    /// It waits until a person has looked.
    NotDelivered,
    /// It is not brought any more.
    Stopped,
}

/// What a gateway tells of a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierNotice {
    /// The notice's id; the same one twice is one notice.
    pub id: String,
    /// The message's id.
    pub message: String,
    /// Where it is.
    pub state: Carried,
    /// The gateway's code.
    pub code: String,
    /// Since when.
    pub at: Timestamp,
    /// The signed notice, exactly as received.
    pub envelope: Vec<u8>,
}

/// Carries parcels, signed, to the other side. Delivery means that the other side keeps it durably.
#[async_trait]
pub trait Border: std::fmt::Debug + Send + Sync {
    /// Delivers a parcel; delivering the same id again is harmless.
    async fn deliver(&self, parcel: Parcel) -> Result<Delivery, PortError>;
}

/// What the carrier calls on the receiving side, once signatures were verified.
#[async_trait]
pub trait Receive: std::fmt::Debug + Send + Sync {
    /// Takes a parcel; `arrival` is the signed message that it came in.
    async fn receive(&self, parcel: Parcel, arrival: Arrival) -> Result<(), PortError>;

    /// Takes an application of a portal that knows the published form only; elsewhere than at a region there are none.
    async fn applied(&self, _foreign: Foreign, _arrival: Arrival) -> Result<(), NotTaken> {
        Err(NotTaken::Unknown("applications in the published form are not taken here".to_owned()))
    }

    /// Writes down a message of such a portal that cannot be read as an application, and is refused.
    async fn unread(&self, _unread: Unread, _arrival: Arrival) -> Result<(), PortError> {
        Ok(())
    }

    /// Takes what a gateway tells of a message that was sent from here; false if no such message is known here (yet).
    async fn told(&self, _notice: CarrierNotice) -> Result<bool, PortError> {
        Ok(false)
    }
}
