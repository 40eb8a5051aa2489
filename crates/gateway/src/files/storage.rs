// SPDX-License-Identifier: MIT OR Apache-2.0
//! The temporary storage itself: a service on the synchronous channel over a bounded folder.
//!
//! Files lie encrypted under a key that only this storage has; their names in the folder are digests. Only known senders put
//! and get; what one put, no other replaces or removes. Each file has a last moment. Beside a relay the storage knows more: a
//! file of a message that waits is kept as long as it waits and given to its addressee alone; once the addressee has it, it ends;
//! a file whose message never comes ends after some days.

mod folder;

pub use folder::{Entry, FolderError, FolderLimits, Known, StorageKey, TempFolder};

use crate::inbound::{self, Refusal};
use crate::relay::{AsyncRelay, Member};
use crate::seal;
use crate::transport::Endpoint;
use crate::wire::Wire;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use service::ports::store::StoreError;
use shep::sync::{ResponseInfo, SyncRequest, SyncResponse};
use shep::temp_storage::{Ask, Kept, Request, Response, SERVICE_ID, Upload};
use shep::{Channel, Code, DOCUMENT_BYTES_MAX, Data, Envelope, Message, Status};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a file waits for its message beside a relay: a sender whose message was not taken puts its files in again.
pub const UNNAMED_DAYS_MAX: i64 = 3;

/// How often what is over is removed.
const SWEEP: Duration = Duration::from_mins(5);

/// Takes files in and gives them back, for the senders it knows.
#[derive(Debug)]
pub struct TempStorage {
    wire: Wire,
    senders: BTreeMap<String, Member>,
    folder: Arc<TempFolder>,
    relay: Option<Arc<AsyncRelay>>,
}

impl TempStorage {
    /// Returns the storage over a folder, for these senders by their ids.
    pub fn new(wire: Wire, senders: BTreeMap<String, Member>, folder: Arc<TempFolder>) -> Self {
        Self { wire, senders, folder, relay: None }
    }

    /// Says which relay carries the messages beside which files lie.
    #[must_use]
    pub fn beside(mut self, relay: Arc<AsyncRelay>) -> Self {
        self.relay = Some(relay);
        self
    }

    /// Removes what is over, again and again, until the task is dropped.
    pub async fn work(self: Arc<Self>) {
        loop {
            if let Err(error) = self.sweep().await {
                tracing::error!(error = %error, "the temporary storage cannot be swept");
            }
            tokio::time::sleep(SWEEP).await;
        }
    }

    /// Removes the files whose messages arrived or were given up, and those whose time is over while no message of theirs
    /// waits. Returns how many.
    pub async fn sweep(&self) -> Result<usize, FolderError> {
        let (now, mut removed) = (self.wire.clock.now(), 0);
        let mut stands = BTreeMap::new();
        for known in self.folder.all() {
            let message = message_of(&known.identifier).map(|it| (known.sender.clone(), it.to_owned()));
            let found = match message.as_ref().and_then(|it| stands.get(it)) {
                Some(found) => Clone::clone(found),
                // Nothing is removed while it cannot be known whether it is waited for.
                None => self.stands(&known).await.map_err(|it| FolderError::Relay(it.0))?,
            };
            let kept = found.as_ref().map_or(known.until > now, |it: &Stands| it.waits);
            drop(message.and_then(|it| stands.insert(it, found)));
            if !kept {
                self.folder.remove(&known.identifier)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Returns how the message stands beside which a file lies; none if it has not come yet or there is no relay.
    async fn stands(&self, known: &Known) -> Result<Option<Stands>, StoreError> {
        let (Some(relay), Some(message)) = (&self.relay, message_of(&known.identifier)) else {
            return Ok(None);
        };
        let found = relay.stands(&known.sender, message).await?;
        Ok(found.map(|(to, waits)| Stands { to, waits }))
    }

    async fn take(&self, bytes: &[u8]) -> Result<Message, Refusal> {
        let Message::SyncRequest(request) = Envelope::read(bytes)?.message else {
            return Err(Refusal::client(Code::Format, "only `SendMessage` is answered here"));
        };
        self.answer(bytes, &request).await
    }

    /// Answers a request that was read from these bytes.
    pub(crate) async fn answer(&self, bytes: &[u8], request: &SyncRequest) -> Result<Message, Refusal> {
        if request.info.service_id != SERVICE_ID {
            return Err(Refusal::client(Code::ServiceUnknown, "the service is not known here"));
        }
        let unknown = || Refusal::client(Code::TransportCertificate, "the sender is not known here");
        let sender = &request.info.sender.id;
        let member = self.senders.get(sender).ok_or_else(unknown)?;
        inbound::check_body(bytes, &member.peer, &self.wire).await?;
        let data = request.data.as_ref();
        let data = data.ok_or_else(|| Refusal::client(Code::Format, "there is no payload"))?;
        inbound::check_payload(data, member.payload(), &self.wire).await?;
        let asked = Request::read(data)?;
        if asked.sender_id != *sender {
            return Err(Refusal::client(Code::Format, "the payload belongs to another sender"));
        }
        let files = self.serve(sender, asked.ask).await?;
        self.response(request, files)
    }

    async fn serve(&self, sender: &str, ask: Ask) -> Result<Vec<Kept>, Refusal> {
        let mut kept = Vec::new();
        match ask {
            Ask::Upload(files) => {
                for file in files {
                    kept.push(self.put(sender, file).await?);
                }
            }
            Ask::Download(identifiers) => {
                let mut room = DOCUMENT_BYTES_MAX;
                for identifier in identifiers {
                    let found = self.get(sender, identifier).await?;
                    let length = found.content.as_ref().map_or(0, String::len);
                    let too_much = || Refusal::client(Code::Format, "no answer holds all these files");
                    room = room.checked_sub(length).ok_or_else(too_much)?;
                    kept.push(found);
                }
            }
            Ask::Remove(identifiers) => {
                for identifier in identifiers {
                    if self.folder.about(&identifier).is_some_and(|it| it.sender != sender) {
                        return Err(told(&FolderError::Others));
                    }
                    self.folder.remove(&identifier).map_err(|it| told(&it))?;
                    kept.push(Kept { identifier, name: None, content: None });
                }
            }
        }
        Ok(kept)
    }

    async fn put(&self, sender: &str, file: Upload) -> Result<Kept, Refusal> {
        let decoded = STANDARD.decode(&file.content);
        let bytes = decoded.map_err(|_| Refusal::client(Code::Format, "a file is not in base64"))?;
        let life = SignedDuration::from_millis(i64::try_from(file.life_time_ms).unwrap_or(i64::MAX));
        let unnamed = SignedDuration::from_hours(24 * UNNAMED_DAYS_MAX);
        let life = if self.relay.is_some() { life.min(unnamed) } else { life };
        let entry = Arc::new(Entry { sender: sender.to_owned(), name: file.name, bytes });
        let at = (self.wire.clock.now(), life);
        let put = || self.in_folder(&file.identifier, &entry, at);
        let mut done = put().await;
        if done.as_ref().is_err_and(FolderError::is_no_room) && self.sweep().await.is_ok_and(|it| it > 0) {
            done = put().await;
        }
        done.map_err(|it| told(&it))?;
        Ok(Kept { identifier: file.identifier, name: None, content: None })
    }

    async fn in_folder(
        &self,
        identifier: &str,
        entry: &Arc<Entry>,
        at: (Timestamp, SignedDuration),
    ) -> Result<(), FolderError> {
        let (folder, entry, identifier) =
            (Arc::clone(&self.folder), Arc::clone(entry), identifier.to_owned());
        let done = tokio::task::spawn_blocking(move || folder.put(&identifier, &entry, at)).await;
        done.unwrap_or(Err(FolderError::Cut))
    }

    async fn get(&self, asker: &str, identifier: String) -> Result<Kept, Refusal> {
        let found = match self.folder.about(&identifier) {
            Some(known) if self.gives(asker, &known).await.map_err(|it| crate::relay::busy(&it))? => {
                let (folder, identifier) = (Arc::clone(&self.folder), identifier.clone());
                let read = tokio::task::spawn_blocking(move || folder.get(&identifier)).await;
                read.unwrap_or(Err(FolderError::Cut)).map_err(|it| told(&it))?
            }
            _ => None,
        };
        let (name, content) = found.map(|it| (it.name, STANDARD.encode(it.bytes))).unzip();
        Ok(Kept { identifier, name, content })
    }

    /// Says whether who asks may have a file now: its sender, and the addressee of its message; whoever knows its identifier
    /// where it lies beside no message of the relay.
    async fn gives(&self, asker: &str, known: &Known) -> Result<bool, StoreError> {
        let (own, lives) = (asker == known.sender, known.until > self.wire.clock.now());
        Ok(match self.stands(known).await? {
            Some(it) => own || asker == it.to,
            None if self.relay.is_some() && message_of(&known.identifier).is_some() => own && lives,
            None => lives,
        })
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

/// How a message stands beside which files lie.
#[derive(Debug, Clone)]
struct Stands {
    to: String,
    waits: bool,
}

#[async_trait]
impl Endpoint for TempStorage {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let message = self.take(&envelope).await.unwrap_or_else(|refusal| {
            tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a file request is refused");
            refusal.into_fault(inbound::operation(Channel::Sync), self.wire.clock.now())
        });
        let id = self.wire.clock.uuid();
        seal::answer(Channel::Sync, message, id, &self.wire.keys, &envelope).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be signed");
            Vec::new()
        })
    }
}

/// Returns the id of the message beside which a file lies, by the file's identifier: `MESSAGE.NUMBER`, `MESSAGE.NUMBER~PART`.
fn message_of(identifier: &str) -> Option<&str> {
    let (message, _) = identifier.split_once('.')?;
    uuid::Uuid::parse_str(message).ok().map(|_| message)
}

fn told(error: &FolderError) -> Refusal {
    match error {
        FolderError::Full | FolderError::SenderFull | FolderError::DiskFull => {
            tracing::error!(error = %error, "a file cannot be taken");
            Refusal::server(Code::Internal, error.to_string())
        }
        FolderError::TooLong | FolderError::Others => Refusal::client(Code::Format, error.to_string()),
        FolderError::File(..) | FolderError::Key | FolderError::Relay(_) | FolderError::Cut => {
            tracing::error!(error = %error, "the temporary storage fails");
            Refusal::server(Code::Internal, "the temporary storage fails")
        }
    }
}
