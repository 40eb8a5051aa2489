// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client of a temporary storage behind a transport: long parcels cross from process to process.
//!
//! A file longer than a message takes is sent in parts, each under an identifier of its own; the number of parts stands in
//! the name of the first. What comes back is put together and believed by the digest in the parcel, by nothing else.

use super::storage::FolderError;
use super::{BESIDE_BYTES_MAX, TempFiles};
use crate::inbound::{self, Binding};
use crate::seal;
use crate::transport::Transport;
use crate::trust::Peer;
use crate::wire::Wire;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::ports::PortError;
use shep::sync::{MessageInfo, SyncRequest};
use shep::temp_storage::{Ask, FILE_BYTES_MAX, Request, Response, SERVICE_ID, Upload};
use shep::{Channel, Code, Data, Envelope, Fault, Message, Sender};
use std::sync::Arc;
use std::time::Duration;

/// How many days a file is kept by default: longer than a relay is patient with a message
/// ([`crate::relay::PATIENCE_DAYS_MAX`]), so that no message outlives its files.
pub const LIFE_DAYS_DEFAULT: u32 = 45;
/// How long one answer of the storage is waited for.
const STORAGE_WAIT_SECONDS_MAX: u64 = 60;
/// The most parts of one file.
pub const PARTS_MAX: usize = BESIDE_BYTES_MAX.div_ceil(FILE_BYTES_MAX);
const MIME: &str = "application/octet-stream";

/// A temporary storage at an endpoint of a transport.
#[derive(Debug)]
pub struct RemoteFiles {
    wire: Wire,
    transport: Arc<dyn Transport>,
    endpoint: String,
    peer: Peer,
    life_time: Duration,
}

impl RemoteFiles {
    /// Returns the client of the storage at this endpoint, whose answers this peer signs.
    pub fn new(wire: Wire, transport: Arc<dyn Transport>, endpoint: impl Into<String>, peer: Peer) -> Self {
        Self {
            wire,
            transport,
            endpoint: endpoint.into(),
            peer,
            life_time: Duration::from_hours(24 * u64::from(LIFE_DAYS_DEFAULT)),
        }
    }

    /// Says how long files are kept; the storage has a longest time of its own.
    #[must_use]
    pub fn with_life_time(mut self, life_time: Duration) -> Self {
        self.life_time = life_time;
        self
    }

    fn upload(&self, identifier: String, name: String, bytes: &[u8]) -> Upload {
        Upload {
            identifier,
            name,
            content: STANDARD.encode(bytes),
            mime: MIME.to_owned(),
            life_time_ms: u64::try_from(self.life_time.as_millis()).unwrap_or(u64::MAX),
            needs_confirmation: false,
        }
    }

    async fn ask(&self, ask: Ask) -> Result<Response, PortError> {
        let id = self.wire.clock.uuid();
        let sender = self.wire.keys.sender().to_owned();
        let request = Request { sender_id: sender.clone(), password: None, ask };
        let document = request.write().map_err(|it| seal::unwritable(&it))?;
        let signed = seal::payload(&document, &self.wire.keys)?;
        let info = MessageInfo {
            message_id: id.to_string(),
            correlation_id: Some(id.to_string()),
            service_id: SERVICE_ID.to_owned(),
            message_date: self.wire.clock.now(),
            route_id: None,
            sender: Sender { id: sender, password: None },
            properties: Vec::new(),
            session_id: None,
        };
        let data = Some(Data::element(signed).map_err(|it| seal::unwritable(&it))?);
        let message = Message::SyncRequest(SyncRequest { info, data });
        let question = seal::envelope(Channel::Sync, message, id, &self.wire.keys)?;
        let digest = eds::sha256(&question);
        let wait = Duration::from_secs(STORAGE_WAIT_SECONDS_MAX);
        let answer = tokio::time::timeout(wait, self.transport.exchange(&self.endpoint, question))
            .await
            .map_err(|_| unavailable("the temporary storage gave no answer in time"))??;
        self.read(&id.to_string(), digest, &answer).await
    }

    async fn read(&self, id: &str, question: [u8; 32], bytes: &[u8]) -> Result<Response, PortError> {
        let envelope = Envelope::read(bytes).map_err(|it| inbound::not_theirs(&it.into()))?;
        let signed = inbound::check_body(bytes, &self.peer, &self.wire).await;
        let ours = signed.as_ref().is_ok_and(|it| it.answers_digest(question, Binding::IfTold));
        if let Message::Fault(fault) = &envelope.message {
            return Err(refusal(fault, ours));
        }
        signed.map_err(|it| inbound::not_theirs(&it))?;
        if !ours {
            return Err(inbound::of_another_question());
        }
        let Message::SyncResponse(response) = envelope.message else {
            return Err(unusable("the answer of the temporary storage is no answer"));
        };
        if response.info.correlation_id.as_deref() != Some(id) {
            return Err(unavailable("the answer names another question"));
        }
        let (Code::Success, Some(data)) = (&response.info.status.code, &response.data) else {
            return Err(unavailable("the temporary storage refuses"));
        };
        inbound::check_payload(data, &self.peer, &self.wire).await?;
        let response = Response::read(data).map_err(inbound::Refusal::from)?;
        if response.request_id == id {
            Ok(response)
        } else {
            Err(unusable("the payload answers another question"))
        }
    }

    /// Returns what lies under an identifier, and its name.
    async fn fetch(&self, identifier: String) -> Result<Option<(Vec<u8>, String)>, PortError> {
        let answer = self.ask(Ask::Download(vec![identifier.clone()])).await?;
        let Some(kept) = answer.files.into_iter().find(|it| it.identifier == identifier) else {
            return Ok(None);
        };
        let Some(content) = kept.content else { return Ok(None) };
        let bytes = STANDARD.decode(content).map_err(|_| unusable("a kept file is not in base64"))?;
        Ok(Some((bytes, kept.name.unwrap_or_default())))
    }
}

#[async_trait]
impl TempFiles for RemoteFiles {
    async fn put(&self, identifier: &str, bytes: Vec<u8>) -> Result<(), PortError> {
        if bytes.len() > BESIDE_BYTES_MAX {
            return Err(unusable("the file is too long for the temporary storage"));
        }
        let parts: Vec<&[u8]> =
            if bytes.is_empty() { vec![&[]] } else { bytes.chunks(FILE_BYTES_MAX).collect() };
        let count = parts.len();
        // The first part comes last: while it is not there, nothing is.
        for (index, part) in parts.into_iter().enumerate().rev() {
            let upload = self.upload(part_of(identifier, index), format!("{count}"), part);
            self.ask(Ask::Upload(vec![upload])).await?;
        }
        Ok(())
    }

    async fn get(&self, identifier: &str) -> Result<Option<Vec<u8>>, PortError> {
        let Some((mut bytes, name)) = self.fetch(part_of(identifier, 0)).await? else { return Ok(None) };
        // A storage of others may not give names back: then there is one part.
        let count = name.parse::<usize>().unwrap_or(1);
        if count > PARTS_MAX {
            return Err(unusable("a kept file is too long"));
        }
        for index in 1..count {
            let Some((part, _)) = self.fetch(part_of(identifier, index)).await? else { return Ok(None) };
            bytes.extend_from_slice(&part);
        }
        Ok(Some(bytes))
    }

    async fn forget(&self, identifier: &str) {
        let parts = (0..PARTS_MAX).map(|it| part_of(identifier, it)).collect();
        if let Err(error) = self.ask(Ask::Remove(parts)).await {
            // It ends by itself.
            tracing::debug!(%error, "a file stays in the temporary storage until its end");
        }
    }
}

/// A refusal of our own kind of storage is told in its words: that there is no room is for whoever looks why a case waits.
fn refusal(fault: &Fault, ours: bool) -> PortError {
    let words = fault.detail.as_ref().filter(|_| ours).and_then(|it| FolderError::words(&it.1.message));
    match (inbound::told_fault(fault, ours), words) {
        (PortError::Unavailable(code), Some(words)) => PortError::Unavailable(format!("{code}, {words}")),
        (PortError::Unusable(code), Some(words)) => PortError::Unusable(format!("{code}, {words}")),
        (told, None) => told,
    }
}

fn part_of(identifier: &str, index: usize) -> String {
    if index == 0 { identifier.to_owned() } else { format!("{identifier}~{index}") }
}

fn unavailable(why: &str) -> PortError {
    PortError::Unavailable(why.to_owned())
}

fn unusable(why: &str) -> PortError {
    PortError::Unusable(why.to_owned())
}
