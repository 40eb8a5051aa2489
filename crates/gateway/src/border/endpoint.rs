// SPDX-License-Identifier: MIT OR Apache-2.0
//! The receiving side of the border.

use super::foreign;
use super::parcel::{Bad, decode, parked};
use crate::files::{BESIDE_BYTES_MAX, BESIDE_BYTES_SUM_MAX, ParkedFiles, TempFiles};
use crate::inbound::{self, Refusal};
use crate::judged;
use crate::seal;
use crate::transport::Endpoint;
use crate::trust::Peer;
use crate::wire::Wire;
use async_trait::async_trait;
use serde::Deserialize;
use service::ports::PortError;
use service::ports::border::{Arrival, Carried, CarrierNotice, Parcel, Receive};
use service::ports::foreign::{Foreign, NotTaken, Unread};
use shep::asynchronous::{Accepted, AsyncMessage, MessageState, StatusChange, StatusChangeReceipt};
use shep::border::{FormImport, SERVICE_ID};
use shep::fault::{Blame, Operation};
use shep::{Channel, Code, Envelope, Message, SessionId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Messages with files beside them that are taken in at once: their files are in memory.
const LONG_AT_ONCE_MAX: usize = 4;

/// What an endpoint takes in, and from whom.
#[derive(Debug, Clone, Default)]
pub struct Accepts {
    /// Addressees that are here: ids of organisations, or `portal` or `center`.
    pub addressees: BTreeSet<String>,
    /// SHA-256 of the regulations known here; an application under another is a fault, not a case.
    pub regulations: BTreeSet<String>,
    /// Senders by their ids.
    pub senders: BTreeMap<String, KnownSender>,
}

/// A sender that may send here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSender {
    /// Who signs its payloads, and its bodies too where it brings them itself.
    pub peer: Peer,
    /// The gateway that brings its messages and signs their bodies anew.
    pub carrier: Option<Peer>,
    /// The role in which it speaks, `portal`, `center` or `region`, and no other: a one-stop-shop says nothing in the
    /// portal's name.
    pub role: String,
    /// Who is addressed at it: of a region the ids of organisations, of whose cases alone it may tell.
    pub addressees: BTreeSet<String>,
    /// In what form it applies.
    pub form: Form,
}

/// In what form a sender applies. It is configured, never guessed from what is absent: else a message of our own portal with
/// a part cut off would be read as one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The published form with what is ours in it.
    #[default]
    Ours,
    /// The published form alone.
    Published,
}

/// Takes parcels in: checked, decoded and handed on; answered by a receipt or a fault, both signed.
#[derive(Debug)]
pub struct BorderEndpoint {
    wire: Wire,
    accepts: Accepts,
    receive: Arc<dyn Receive>,
    files: Option<Arc<dyn TempFiles>>,
    /// What was fetched for messages that are not taken in yet: if a call is cut off, the next one goes on from there.
    fetched: ParkedFiles,
    /// Turns of messages with files beside them.
    long: Semaphore,
}

impl BorderEndpoint {
    /// Returns the endpoint that hands what it accepts to `receive`.
    pub fn new(wire: Wire, accepts: Accepts, receive: Arc<dyn Receive>) -> Self {
        let long = Semaphore::new(LONG_AT_ONCE_MAX);
        Self { wire, accepts, receive, files: None, fetched: ParkedFiles::default(), long }
    }

    /// Says where files lie that were too long for their message, such as [`crate::Transport::files`] of the hub.
    #[must_use]
    pub fn with_files(mut self, files: Option<Arc<dyn TempFiles>>) -> Self {
        self.files = files;
        self
    }

    /// Returns the files that lie beside a message. They are held once: what was fetched stays here only while the rest cannot
    /// be had.
    async fn fetch(&self, beside: &[&str]) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let Some(files) = &self.files else { return Ok(BTreeMap::new()) };
        let named: BTreeSet<&str> = beside.iter().copied().collect();
        if named.len() < beside.len() {
            return Err(Refusal::client(Code::Format, "two files lie beside it under one identifier"));
        }
        let fetched = self.fetch_all(&**files, &named).await;
        if fetched.as_ref().err().is_none_or(|it| it.blame == Blame::Client) {
            for identifier in named {
                self.fetched.forget(identifier).await;
            }
        }
        let held = |(identifier, bytes)| (identifier, Arc::unwrap_or_clone(bytes));
        fetched.map(|it| it.into_iter().map(held).collect())
    }

    async fn fetch_all(
        &self,
        files: &dyn TempFiles,
        named: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Arc<Vec<u8>>>, Refusal> {
        let (mut fetched, mut sum) = (BTreeMap::new(), 0_usize);
        for identifier in named {
            let bytes = match self.fetched.kept(identifier) {
                Some(bytes) => bytes,
                None => self.fetch_one(files, identifier).await?,
            };
            sum = sum.saturating_add(bytes.len());
            if sum > BESIDE_BYTES_SUM_MAX {
                return Err(Refusal::client(Code::Format, "the files beside it are too long together"));
            }
            fetched.insert((*identifier).to_owned(), bytes);
        }
        Ok(fetched)
    }

    async fn fetch_one(&self, files: &dyn TempFiles, identifier: &str) -> Result<Arc<Vec<u8>>, Refusal> {
        let found = files.get(identifier).await.map_err(refused)?;
        let gone = || Refusal::server(Code::Internal, "a file does not lie beside its message");
        let bytes = Arc::new(found.ok_or_else(gone)?);
        if bytes.len() > BESIDE_BYTES_MAX {
            return Err(Refusal::client(Code::Format, "a file beside it is too long"));
        }
        if !self.fetched.keep(identifier, Arc::clone(&bytes)) {
            // What lies here from messages that never came again gives way.
            self.fetched.clear();
        }
        Ok(bytes)
    }

    /// Takes a message and returns what answers it on which channel, or why not and in which operation.
    async fn answered(&self, bytes: &[u8]) -> Result<(Channel, Message), (Operation, Refusal)> {
        let sent = inbound::operation(Channel::Async);
        match Envelope::read(bytes).map_err(|it| (sent, it.into()))?.message {
            Message::SendMessage(message) => {
                let taken = self.take(bytes, message).await.map_err(|it| (sent, it))?;
                Ok((Channel::Async, Message::Accepted(taken)))
            }
            Message::StatusChange(change) => {
                let taken = self.told(bytes, change).await;
                let receipt = taken.map_err(|it| (Operation::ChangeStatus, it))?;
                Ok((Channel::Client, Message::StatusChangeReceipt(receipt)))
            }
            Message::SyncRequest(_)
            | Message::SyncResponse(_)
            | Message::Accepted(_)
            | Message::GetMessages(_)
            | Message::Messages(_)
            | Message::GetMessageStatus(_)
            | Message::MessageStatus(_)
            | Message::DeliveryNotification(_)
            | Message::DeliveryReceipt(_)
            | Message::StatusChangeReceipt(_)
            | Message::Fault(_) => {
                Err((sent, Refusal::client(Code::Format, "this operation is not answered here")))
            }
        }
    }

    /// Takes what a gateway tells of a message of ours; only those are believed that carry messages hither.
    async fn told(&self, bytes: &[u8], change: StatusChange) -> Result<StatusChangeReceipt, Refusal> {
        let mut carriers: Vec<&Peer> = Vec::new();
        for carrier in self.accepts.senders.values().filter_map(|it| it.carrier.as_ref()) {
            if !carriers.contains(&carrier) {
                carriers.push(carrier);
            }
        }
        let mut believed =
            Err(Refusal::client(Code::TransportCertificate, "no gateway carries messages hither"));
        for carrier in carriers {
            believed = inbound::check_body(bytes, carrier, &self.wire).await;
            if believed.is_ok() {
                break;
            }
        }
        believed?;
        let fresh = || SessionId::new(&self.wire.clock.uuid().to_string());
        let session_id = change.session_id.clone().or_else(fresh);
        let session_id = session_id.ok_or_else(|| Refusal::server(Code::Internal, "no session"))?;
        let notice = CarrierNotice {
            id: change.notification_id,
            message: change.message_id,
            state: match change.state {
                MessageState::OnDelivery => Carried::OnDelivery,
                MessageState::Delivered => Carried::Delivered,
                MessageState::NotDelivered => Carried::NotDelivered,
                MessageState::DeliveryStopped => Carried::Stopped,
            },
            code: change.status.code,
            at: change.status.date,
            envelope: bytes.to_vec(),
        };
        if self.receive.told(notice).await.map_err(refused)? {
            Ok(StatusChangeReceipt { response_date: self.wire.clock.now(), session_id })
        } else {
            Err(Refusal::client(Code::NoData, "no such message was sent from here"))
        }
    }

    async fn take(&self, bytes: &[u8], message: AsyncMessage) -> Result<Accepted, Refusal> {
        let KnownSender { peer, carrier, role, addressees, form: written } = self.sender(&message)?;
        let body = inbound::check_body(bytes, carrier.as_ref().unwrap_or(peer), &self.wire).await?;
        let payload = inbound::check_payload(&message.data, peer, &self.wire).await?;
        let judged = judged::write(&[&body.believed, &payload.believed], self.wire.clock.now());
        let arrival = Arrival {
            sender: message.info.sender.id.clone(),
            addressees: addressees.clone(),
            message: bytes.to_vec(),
            judged: judged.map_err(refused)?,
        };
        match written {
            Form::Ours => {
                let form = FormImport::read(&message.data)?;
                let beside: Vec<&str> = parked(&form).collect();
                let _turn = self.turn(&beside).await?;
                let parcel = decode(&form, self.fetch(&beside).await?).map_err(unreadable)?;
                self.hand_on(&message, (parcel, role), arrival).await
            }
            Form::Published => self.take_foreign(&message, arrival).await,
        }
    }

    /// Takes an application of a portal that knows the published form only, or has it written down that it is none.
    async fn take_foreign(&self, message: &AsyncMessage, arrival: Arrival) -> Result<Accepted, Refusal> {
        let form = match FormImport::read(&message.data) {
            Ok(form) => form,
            Err(why) => return Err(self.unread((message, None), why.into(), arrival).await?),
        };
        match self.read_foreign(message, &form).await {
            Ok((foreign, _turn)) => self.apply(foreign, arrival).await,
            Err(why) => Err(self.unread((message, Some(form)), why, arrival).await?),
        }
    }

    /// Reads such an application, with its files and the turn that they need.
    async fn read_foreign(
        &self,
        message: &AsyncMessage,
        form: &FormImport,
    ) -> Result<(Foreign, Option<SemaphorePermit<'_>>), Refusal> {
        let beside = foreign::parked(form).map_err(unreadable)?;
        let turn = self.turn(&beside).await?;
        let read = foreign::read(message, form, self.fetch(&beside).await?).map_err(unreadable)?;
        Ok((read, turn))
    }

    /// Has a message written down that is no application, where the sender is to blame: nobody else learns of it.
    async fn unread(
        &self,
        (message, form): (&AsyncMessage, Option<FormImport>),
        why: Refusal,
        arrival: Arrival,
    ) -> Result<Refusal, Refusal> {
        if why.blame == Blame::Client {
            // They may be what it is refused for.
            let shown = |it: String| it.escape_debug().to_string();
            let (own, chain, number) = match form {
                Some(it) => (it.id, Some(it.chain_id), Some(it.request_id)),
                None => (None, None, None),
            };
            let unread = Unread {
                message: message.info.message_id.clone().or(own).map(shown),
                chain: chain.map(shown),
                number: number.map(shown),
                why: why.reason.clone(),
            };
            self.receive.unread(unread, arrival).await.map_err(refused)?;
        }
        Ok(why)
    }

    /// Waits for the turn of a message with files beside it; others need none.
    async fn turn(&self, beside: &[&str]) -> Result<Option<SemaphorePermit<'_>>, Refusal> {
        if beside.is_empty() {
            return Ok(None);
        }
        let closed = |_| Refusal::server(Code::Internal, "no message is taken any more");
        self.long.acquire().await.map(Some).map_err(closed)
    }

    async fn hand_on(
        &self,
        message: &AsyncMessage,
        (parcel, role): (Parcel, &str),
        arrival: Arrival,
    ) -> Result<Accepted, Refusal> {
        self.check(message, &parcel, role)?;
        let (id, case) = (parcel.id, parcel.case);
        self.receive.receive(parcel, arrival).await.map_err(refused)?;
        Ok(self.accepted(id.to_string(), case.0.to_string()))
    }

    /// Hands on an application of a portal that knows the published form only; the receipt repeats its own ids.
    async fn apply(&self, foreign: Foreign, arrival: Arrival) -> Result<Accepted, Refusal> {
        let (message, chain) = (foreign.message.clone(), foreign.chain.clone());
        self.receive.applied(foreign, arrival).await.map_err(not_taken)?;
        Ok(self.accepted(message, chain))
    }

    fn accepted(&self, message_id: String, correlation_id: String) -> Accepted {
        Accepted { message_id, correlation_id, response_date: self.wire.clock.now(), session_id: None }
    }

    fn sender(&self, message: &AsyncMessage) -> Result<&KnownSender, Refusal> {
        if message.info.service_id != SERVICE_ID {
            return Err(Refusal::client(Code::ServiceUnknown, "the service is not known here"));
        }
        // No code for a sender that may not send is public: its certificate is not valid here.
        let unknown = || Refusal::client(Code::TransportCertificate, "the sender is not known here");
        self.accepts.senders.get(&message.info.sender.id).ok_or_else(unknown)
    }

    /// What the envelope says must be what the signed payload says, and both must concern us.
    fn check(&self, message: &AsyncMessage, parcel: &Parcel, role: &str) -> Result<(), Refusal> {
        let info = &message.info;
        if parcel.from.as_str() != role {
            return Err(Refusal::client(Code::Format, "the sender speaks in another role than its own"));
        }
        let same = info.message_id.as_deref() == Some(parcel.id.to_string().as_str())
            && info.correlation_id.as_deref() == Some(parcel.case.0.to_string().as_str());
        if !same {
            return Err(Refusal::client(Code::Format, "the payload belongs to another envelope"));
        }
        if !self.accepts.addressees.contains(&parcel.to) {
            return Err(Refusal::client(Code::ServiceUnknown, "the addressee is not here"));
        }
        let regulation = parcel.request.as_ref().map(|it| &it.regulation_sha256);
        if regulation.is_some_and(|it| !self.accepts.regulations.contains(it)) {
            return Err(Refusal::client(Code::ServiceUnknown, "the regulation is not known here"));
        }
        Ok(())
    }
}

#[async_trait]
impl Endpoint for BorderEndpoint {
    async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
        let (channel, message) = self.answered(&envelope).await.unwrap_or_else(|(operation, refusal)| {
            tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a message is refused");
            (Channel::Async, refusal.into_fault(operation, self.wire.clock.now()))
        });
        // The id is only that of the answer's body.
        let id = self.wire.clock.uuid();
        // One that cannot be signed is no answer.
        seal::answer(channel, message, id, &self.wire.keys, &envelope).unwrap_or_else(|error| {
            tracing::error!(error = %error, "an answer cannot be signed");
            Vec::new()
        })
    }
}

fn unreadable(why: Bad) -> Refusal {
    Refusal::client(Code::Format, why)
}

/// What is unknown may be sent again: the administrator may have added it by then.
fn not_taken(error: NotTaken) -> Refusal {
    match error {
        NotTaken::Later(why) => Refusal::server(Code::Internal, why),
        NotTaken::Unknown(why) => Refusal::client(Code::ServiceUnknown, why),
        NotTaken::Unusable(why) => Refusal::client(Code::Format, why),
    }
}

fn refused(error: PortError) -> Refusal {
    match error {
        PortError::Unavailable(why) => Refusal::server(Code::Internal, why),
        PortError::Unusable(why) => Refusal::client(Code::Format, why),
    }
}
