// SPDX-License-Identifier: MIT OR Apache-2.0
//! The border on the asynchronous channel: parcels as form imports.

mod answer;
mod application;
mod endpoint;
mod foreign;
mod originals;
mod parcel;
mod published;

pub use endpoint::{Accepts, BorderEndpoint, Form, KnownSender};
pub use parcel::{FILE_BYTES_SUM_MAX, decode, encode};

use crate::files::BESIDE_BYTES_SUM_MAX;
use crate::inbound::{self, Binding};
use crate::judged;
use crate::seal;
use crate::transport::Transport;
use crate::trust::Peer;
use crate::wire::Wire;
use async_trait::async_trait;
use service::ports::border::{Delivery, Parcel};
use service::ports::{Border, Judged, PortError};
use shep::asynchronous::{AsyncInfo, AsyncMessage, MessageType};
use shep::border::{SERVICE_ID, SERVICE_PROPERTY};
use shep::{Channel, Data, Envelope, Message, Property, Sender};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long the receipt of a parcel is waited for.
pub const RECEIPT_WAIT_SECONDS_MAX: u64 = 60;

/// Where addressees are: by the id of an organisation, `portal` or `center`, or the sender id of a portal that knows the
/// published form only.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    places: BTreeMap<String, Place>,
    binding: Binding,
}

/// Where an addressee is.
#[derive(Debug, Clone)]
struct Place {
    endpoint: String,
    /// Who signs there.
    peer: Peer,
    /// Whether a gateway is there that brings messages on.
    carried: bool,
    /// What messages name as their route.
    route: Option<String>,
}

impl Directory {
    /// Returns an empty directory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says at which endpoint an addressee is, and who signs there.
    #[must_use]
    pub fn with(mut self, addressee: impl Into<String>, endpoint: impl Into<String>, peer: Peer) -> Self {
        self.put(addressee.into(), endpoint.into(), peer, false);
        self
    }

    /// Says by which gateway an addressee is reached: its receipt says that it keeps the message, not that the addressee has it.
    #[must_use]
    pub fn carried(mut self, addressee: impl Into<String>, endpoint: impl Into<String>, peer: Peer) -> Self {
        self.put(addressee.into(), endpoint.into(), peer, true);
        self
    }

    /// Says which route messages to an addressee name, who is here already; if not said, it is the addressee itself.
    #[must_use]
    pub fn with_route(mut self, addressee: &str, route: Option<String>) -> Self {
        if let Some(place) = self.places.get_mut(addressee) {
            place.route = route;
        }
        self
    }

    /// Says whether receipts have to name the digest of what they confirm; if not said, they may.
    #[must_use]
    pub fn with_binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    fn put(&mut self, addressee: String, endpoint: String, peer: Peer, carried: bool) {
        let place = Place { endpoint, peer, carried, route: Some(addressee.clone()) };
        self.places.insert(addressee, place);
    }
}

/// Delivers parcels to the other side.
#[derive(Debug)]
pub struct BorderClient {
    wire: Wire,
    transport: Arc<dyn Transport>,
    directory: Directory,
}

impl BorderClient {
    /// Returns the sender of parcels to these addressees.
    pub fn new(wire: Wire, transport: Arc<dyn Transport>, directory: Directory) -> Self {
        Self { wire, transport, directory }
    }

    fn envelope(&self, parcel: &Parcel, route: Option<&str>) -> Result<Vec<u8>, PortError> {
        let sender = self.wire.keys.sender();
        let (form, service) = match &parcel.reply {
            Some(reply) => (answer::encode(parcel, reply, sender)?, reply.client_key.clone()),
            None => (encode(parcel)?, parcel.request.as_ref().map(|it| it.service.as_str().to_owned())),
        };
        let document = form.write().map_err(|it| seal::unwritable(&it))?;
        let signed = seal::payload(&document, &self.wire.keys)?;
        let info = AsyncInfo {
            message_id: Some(parcel.id.to_string()),
            correlation_id: Some(chain(parcel)),
            service_id: SERVICE_ID.to_owned(),
            message_type: kind(parcel),
            route_id: route.map(str::to_owned),
            message_date: self.wire.clock.now(),
            sender: Sender { id: sender.to_owned(), password: None },
            properties: service
                .map(|value| Property { key: SERVICE_PROPERTY.to_owned(), value })
                .into_iter()
                .collect(),
            session_id: None,
        };
        let data = Data::element(signed).map_err(|it| seal::unwritable(&it))?;
        let message = Message::SendMessage(AsyncMessage { info, data });
        seal::envelope(Channel::Async, message, parcel.id, &self.wire.keys)
    }

    /// Lays files that are too long for a message beside it.
    async fn park(&self, parcel: &Parcel) -> Result<(), PortError> {
        if !parcel::is_long(parcel) {
            return Ok(());
        }
        if parcel::bytes_sum(parcel) > BESIDE_BYTES_SUM_MAX {
            return Err(PortError::Unusable(format!(
                "the files are longer than {BESIDE_BYTES_SUM_MAX} bytes together"
            )));
        }
        let files = self.transport.files().ok_or_else(|| {
            PortError::Unusable(format!("the files are longer than {FILE_BYTES_SUM_MAX} bytes"))
        })?;
        for (identifier, file) in parcel::beside(parcel) {
            files.put(&identifier, file.bytes.clone()).await?;
        }
        Ok(())
    }

    /// Whoever holds the addressee's own receipt removes the files: we, or the gateway that brings the message.
    async fn forget(&self, parcel: &Parcel) {
        let Some(files) = self.transport.files().filter(|_| parcel::is_long(parcel)) else { return };
        for (identifier, _) in parcel::beside(parcel) {
            files.forget(&identifier).await;
        }
    }

    /// Checks a receipt and returns what its certificate was judged by.
    async fn check_receipt(
        &self,
        parcel: &Parcel,
        peer: &Peer,
        question: &[u8],
        bytes: &[u8],
    ) -> Result<Judged, PortError> {
        let envelope = Envelope::read(bytes).map_err(|it| inbound::not_theirs(&it.into()))?;
        let signed = inbound::check_body(bytes, peer, &self.wire).await;
        let ours = signed.as_ref().is_ok_and(|it| it.answers(question, self.directory.binding));
        if let Message::Fault(fault) = &envelope.message {
            return Err(inbound::told_fault(fault, ours));
        }
        let signed = signed.map_err(|it| inbound::not_theirs(&it))?;
        if !ours {
            return Err(inbound::of_another_question());
        }
        let Message::Accepted(it) = envelope.message else {
            return Err(PortError::Unusable("the receipt is no receipt".to_owned()));
        };
        if it.message_id == parcel.id.to_string() && it.correlation_id == chain(parcel) {
            judged::write(&[&signed.believed], self.wire.clock.now())
        } else {
            Err(PortError::Unavailable("the receipt names another message".to_owned()))
        }
    }
}

#[async_trait]
impl Border for BorderClient {
    async fn deliver(&self, parcel: Parcel) -> Result<Delivery, PortError> {
        let Place { endpoint, peer, carried, route } = self
            .directory
            .places
            .get(&parcel.to)
            .ok_or_else(|| PortError::Unusable("the addressee is not in the directory".to_owned()))?;
        self.park(&parcel).await?;
        let message = self.envelope(&parcel, route.as_deref())?;
        let wait = Duration::from_secs(RECEIPT_WAIT_SECONDS_MAX);
        let receipt = tokio::time::timeout(wait, self.transport.exchange(endpoint, message.clone()))
            .await
            .map_err(|_| PortError::Unavailable("no receipt came in time".to_owned()))??;
        let judged = self.check_receipt(&parcel, peer, &message, &receipt).await?;
        if !carried {
            self.forget(&parcel).await;
        }
        Ok(Delivery { message, receipt, judged })
    }
}

/// Returns the chain that a parcel belongs to, as its addressee knows it.
fn chain(parcel: &Parcel) -> String {
    parcel.reply.as_ref().map_or_else(|| parcel.case.0.to_string(), |it| it.chain.clone())
}

/// Returns what a parcel is in its exchange: the application, the final answer or an interim one.
fn kind(parcel: &Parcel) -> MessageType {
    if parcel.request.is_some() {
        MessageType::Request
    } else if parcel.progress.end.is_some() {
        MessageType::Response
    } else {
        MessageType::Notification
    }
}
