// SPDX-License-Identifier: MIT OR Apache-2.0
//! The receiving side of the border.

use super::parcel::{decode, parked};
use crate::files::TempFiles;
use crate::inbound::{self, Refusal};
use crate::judged;
use crate::seal;
use crate::transport::Endpoint;
use crate::trust::Peer;
use crate::wire::Wire;
use async_trait::async_trait;
use service::ports::PortError;
use service::ports::border::{Arrival, Parcel, Receive};
use shep::asynchronous::{Accepted, AsyncMessage};
use shep::border::{FormImport, SERVICE_ID};
use shep::{Channel, Code, Envelope, Message};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

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
}

/// Takes parcels in: checked, decoded and handed on; answered by a receipt or a fault, both signed.
#[derive(Debug)]
pub struct BorderEndpoint {
    wire: Wire,
    accepts: Accepts,
    receive: Arc<dyn Receive>,
    files: Option<Arc<dyn TempFiles>>,
}

impl BorderEndpoint {
    /// Returns the endpoint that hands what it accepts to `receive`.
    pub fn new(wire: Wire, accepts: Accepts, receive: Arc<dyn Receive>) -> Self {
        Self { wire, accepts, receive, files: None }
    }

    /// Says where files lie that were too long for their message, such as [`crate::Transport::files`] of the hub.
    #[must_use]
    pub fn with_files(mut self, files: Option<Arc<dyn TempFiles>>) -> Self {
        self.files = files;
        self
    }

    async fn fetch(&self, form: &FormImport) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let mut fetched = BTreeMap::new();
        let Some(files) = &self.files else { return Ok(fetched) };
        for identifier in parked(form) {
            let found = files.get(identifier).await.map_err(refused)?;
            let gone = || Refusal::server(Code::Internal, "a file does not lie beside its message");
            fetched.insert(identifier.to_owned(), found.ok_or_else(gone)?);
        }
        Ok(fetched)
    }

    async fn take(&self, bytes: &[u8]) -> Result<Accepted, Refusal> {
        let Message::SendMessage(message) = Envelope::read(bytes)?.message else {
            return Err(Refusal::client(Code::Format, "only `sendMessage` is answered here"));
        };
        let KnownSender { peer, carrier, role } = self.sender(&message)?;
        let body = inbound::check_body(bytes, carrier.as_ref().unwrap_or(peer), &self.wire).await?;
        let payload = inbound::check_payload(&message.data, peer, &self.wire).await?;
        let form = FormImport::read(&message.data)?;
        let fetched = self.fetch(&form).await?;
        let parcel = decode(&form, &fetched).map_err(|why| Refusal::client(Code::Format, why))?;
        self.check(&message, &parcel, role)?;
        let (id, case) = (parcel.id, parcel.case);
        let now = self.wire.clock.now();
        let judged = judged::write(&[&body.believed, &payload.believed], now).map_err(refused)?;
        let arrival = Arrival { message: bytes.to_vec(), judged };
        self.receive.receive(parcel, arrival).await.map_err(refused)?;
        if let Some(files) = &self.files {
            for identifier in fetched.keys() {
                files.forget(identifier).await;
            }
        }
        Ok(Accepted {
            message_id: id.to_string(),
            correlation_id: case.0.to_string(),
            response_date: self.wire.clock.now(),
            session_id: None,
        })
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
        // The id is only that of the answer's body.
        let id = self.wire.clock.uuid();
        let message = match self.take(&envelope).await {
            Ok(accepted) => Message::Accepted(accepted),
            Err(refusal) => {
                tracing::warn!(code = refusal.code.as_str(), why = refusal.reason, "a message is refused");
                refusal.into_fault(inbound::operation(Channel::Async), self.wire.clock.now())
            }
        };
        answer(message, id, &self.wire, &envelope)
    }
}

/// Signs an answer; one that cannot be signed is no answer.
fn answer(message: Message, id: Uuid, wire: &Wire, question: &[u8]) -> Vec<u8> {
    seal::answer(Channel::Async, message, id, &wire.keys, question).unwrap_or_else(|error| {
        tracing::error!(error = %error, "an answer cannot be signed");
        Vec::new()
    })
}

fn refused(error: PortError) -> Refusal {
    match error {
        PortError::Unavailable(why) => Refusal::server(Code::Internal, why),
        PortError::Unusable(why) => Refusal::client(Code::Format, why),
    }
}
