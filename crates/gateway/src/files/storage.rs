// SPDX-License-Identifier: MIT OR Apache-2.0
//! The temporary storage itself: an endpoint over a bounded folder.
//!
//! Files lie encrypted under a key that only this storage has; their names in the folder are digests. Each has a last
//! moment, after which it is given to nobody and swept. Only known senders put and get; what one put, no other replaces.

mod folder;

pub use folder::{FolderError, FolderLimits, StorageKey, TempFolder};

use crate::inbound::{self, Refusal};
use crate::seal;
use crate::transport::Endpoint;
use crate::trust::Peer;
use crate::wire::Wire;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use shep::sync::{ResponseInfo, SyncRequest, SyncResponse};
use shep::temp_storage::{Ask, Kept, Request, Response, SERVICE_ID, Upload};
use shep::{Channel, Code, Data, Envelope, Message, Status};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Takes files in and gives them back, for the senders it knows.
#[derive(Debug)]
pub struct TempStorage {
    wire: Wire,
    senders: BTreeMap<String, Peer>,
    folder: Arc<TempFolder>,
}

impl TempStorage {
    /// Returns the storage over a folder, for these senders by their ids.
    pub fn new(wire: Wire, senders: BTreeMap<String, Peer>, folder: Arc<TempFolder>) -> Self {
        Self { wire, senders, folder }
    }

    async fn answer(&self, bytes: &[u8]) -> Result<Message, Refusal> {
        let Message::SyncRequest(request) = Envelope::read(bytes)?.message else {
            return Err(Refusal::client(Code::Format, "only `SendMessage` is answered here"));
        };
        if request.info.service_id != SERVICE_ID {
            return Err(Refusal::client(Code::ServiceUnknown, "the service is not known here"));
        }
        let unknown = || Refusal::client(Code::TransportCertificate, "the sender is not known here");
        let sender = &request.info.sender.id;
        let peer = self.senders.get(sender).ok_or_else(unknown)?;
        inbound::check_body(bytes, peer, &self.wire).await?;
        let data = request.data.as_ref();
        let data = data.ok_or_else(|| Refusal::client(Code::Format, "there is no payload"))?;
        inbound::check_payload(data, peer, &self.wire).await?;
        let asked = Request::read(data)?;
        if asked.sender_id != *sender {
            return Err(Refusal::client(Code::Format, "the payload belongs to another sender"));
        }
        let files = self.serve(sender.clone(), asked.ask).await?;
        self.response(&request, files)
    }

    async fn serve(&self, sender: String, ask: Ask) -> Result<Vec<Kept>, Refusal> {
        let (folder, now) = (Arc::clone(&self.folder), self.wire.clock.now());
        let done = tokio::task::spawn_blocking(move || match ask {
            Ask::Upload(files) => files.iter().map(|it| put(&folder, &sender, it, now)).collect(),
            Ask::Download(identifiers) => identifiers.into_iter().map(|it| get(&folder, it, now)).collect(),
            Ask::Remove(identifiers) => identifiers
                .into_iter()
                .map(|identifier| {
                    folder.remove(&identifier).map_err(|it| told(&it))?;
                    Ok(Kept { identifier, name: None, content: None })
                })
                .collect(),
        });
        done.await.unwrap_or_else(|_| Err(Refusal::server(Code::Internal, "the storage failed")))
    }

    fn response(&self, request: &SyncRequest, files: Vec<Kept>) -> Result<Message, Refusal> {
        let info = &request.info;
        let document = Response { request_id: info.message_id.clone(), files }.write()?;
        let unsigned = |_| Refusal::server(Code::Internal, "the answer cannot be signed");
        let signed = seal::payload(&document, &self.wire.keys).map_err(unsigned)?;
        let info = ResponseInfo {
            message_id: self.wire.clock.uuid().to_string(),
            correlation_id: Some(info.message_id.clone()),
            response_date: self.wire.clock.now(),
            status: Status {
                code: Code::Success,
                message: "Message has been processed successfully".to_owned(),
            },
            session_id: None,
        };
        Ok(Message::SyncResponse(SyncResponse { info, data: Some(Data::element(signed)?) }))
    }
}

#[async_trait]
impl Endpoint for TempStorage {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let message = self.answer(&envelope).await.unwrap_or_else(|refusal| {
            tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a file request is refused");
            refusal.into_fault(inbound::operation(Channel::Sync), self.wire.clock.now())
        });
        let sealed = seal::envelope(Channel::Sync, message, self.wire.clock.uuid(), &self.wire.keys);
        sealed.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be signed");
            Vec::new()
        })
    }
}

fn put(folder: &TempFolder, sender: &str, file: &Upload, now: jiff::Timestamp) -> Result<Kept, Refusal> {
    let decoded = STANDARD.decode(&file.content);
    let bytes = decoded.map_err(|_| Refusal::client(Code::Format, "a file is not in base64"))?;
    let life = SignedDuration::from_millis(i64::try_from(file.life_time_ms).unwrap_or(i64::MAX));
    let kept = folder::Entry { sender: sender.to_owned(), name: file.name.clone(), bytes };
    folder.put(&file.identifier, &kept, (now, life)).map_err(|it| told(&it))?;
    Ok(Kept { identifier: file.identifier.clone(), name: None, content: None })
}

fn get(folder: &TempFolder, identifier: String, now: jiff::Timestamp) -> Result<Kept, Refusal> {
    let found = folder.get(&identifier, now).map_err(|it| told(&it))?;
    let (name, content) = found.map(|it| (it.name, STANDARD.encode(it.bytes))).unzip();
    Ok(Kept { identifier, name, content })
}

fn told(error: &FolderError) -> Refusal {
    match error {
        FolderError::Full => Refusal::server(Code::Internal, "the temporary storage is full"),
        FolderError::TooLong => Refusal::client(Code::Format, "the file is too long"),
        FolderError::Others => Refusal::client(Code::Format, "another sender put a file there"),
        FolderError::File(..) | FolderError::Key => {
            tracing::error!(error = %error, "the temporary storage fails");
            Refusal::server(Code::Internal, "the temporary storage fails")
        }
    }
}
