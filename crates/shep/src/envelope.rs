// SPDX-License-Identifier: MIT OR Apache-2.0
//! The SOAP envelope and what the gateway puts in its body.

use roxmltree::Node;

use crate::asynchronous::{
    Accepted, AsyncMessage, DeliveryNotification, DeliveryReceipt, GetMessageStatus, GetMessages,
    MessageStatus, Messages, StatusChange, StatusChangeReceipt,
};
use crate::sync::{SyncRequest, SyncResponse};
use crate::tree::{self, Part};
use crate::write::Writer;
use crate::{Error, Fault, binding, guard};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// One of the gateway's ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Questions answered at once.
    Sync,
    /// Messages given to the gateway.
    Async,
    /// Messages and notices that the gateway brings.
    Client,
}

impl Channel {
    /// Returns the namespace of the channel's operations.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::Sync => "http://bip.bee.kz/SyncChannel/v10/Types",
            Self::Async => "http://bip.bee.kz/AsyncChannel/v10/Types",
            Self::Client => "http://bip.bee.kz/AsyncChannel/v10/Types/Client",
        }
    }

    /// Returns the XML schema of the channel's operations.
    pub fn schema(self) -> &'static str {
        match self {
            Self::Sync => include_str!("../schemas/sync.xsd"),
            Self::Async => include_str!("../schemas/async.xsd"),
            Self::Client => include_str!("../schemas/client.xsd"),
        }
    }

    /// Finds the channel of a namespace, which some clients write in other letter cases and with other endings.
    fn of(namespace: &str) -> Option<Self> {
        let lower = namespace.to_ascii_lowercase();
        if lower.starts_with("http://bip.bee.kz/syncchannel/v10/") {
            Some(Self::Sync)
        } else if lower.starts_with("http://bip.bee.kz/asyncchannel/v10/") {
            Some(if lower.ends_with("/client") { Self::Client } else { Self::Async })
        } else {
            None
        }
    }
}

/// The id of a body, for a signature to refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyId(String);

impl BodyId {
    /// Takes an id of ASCII letters, digits, `-`, `_` and `.`, beginning with a letter or `_`; customary is `id-<uuid>`.
    pub fn new(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let fits = text.len() <= crate::ID_CHARS_MAX;
        if starts && fits && text.chars().all(plain) { Some(Self(text.to_owned())) } else { None }
    }

    /// Returns the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an envelope carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// `SendMessage` of the synchronous channel.
    SyncRequest(SyncRequest),
    /// `SendMessageResponse` of the synchronous channel.
    SyncResponse(SyncResponse),
    /// `sendMessage`.
    SendMessage(AsyncMessage),
    /// `sendMessageResponse`.
    Accepted(Accepted),
    /// `getMessages`.
    GetMessages(GetMessages),
    /// `getMessagesResponse`.
    Messages(Messages),
    /// `getMessageStatus`.
    GetMessageStatus(GetMessageStatus),
    /// `getMessageStatusResponse`.
    MessageStatus(MessageStatus),
    /// `sendDeliveryNotification`.
    DeliveryNotification(DeliveryNotification),
    /// `sendDeliveryNotificationResponse`.
    DeliveryReceipt(DeliveryReceipt),
    /// `changeMassageStatusNotification`.
    StatusChange(StatusChange),
    /// `changeMassageStatusNotificationResponse`.
    StatusChangeReceipt(StatusChangeReceipt),
    /// A SOAP fault.
    Fault(Fault),
}

/// A message with the channel it goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The channel. Of a fault that names none, the synchronous one.
    pub channel: Channel,
    /// The id of the body; a message to be signed needs one.
    pub body_id: Option<BodyId>,
    /// The message.
    pub message: Message,
}

impl Envelope {
    /// Reads an envelope. Signatures are not looked at: check them on the same bytes.
    ///
    /// A `syncSendMessageRequest` without an envelope, as some clients post it, is read as well.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > guard::DOCUMENT_BYTES_MAX {
            return Err(Error::TooLarge);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Error::NotUtf8)?;
        let doc = tree::parse(text)?;
        let root = doc.root_element();
        if let Some(envelope) = Self::read_bare(Part(root))? {
            return Ok(envelope);
        }
        let body = body(root)?;
        let id = body.0.attribute((WSU, "Id")).or_else(|| body.0.attribute("Id"));
        let mut content = body.elements();
        let (Some(operation), None) = (content.next(), content.next()) else {
            return Err(Error::BodyContent);
        };
        let (channel, message) = read_message(operation)?;
        Ok(Self { channel, body_id: id.and_then(BodyId::new), message })
    }

    fn read_bare(root: Part<'_, '_>) -> Result<Option<Self>, Error> {
        let namespace = root.0.tag_name().namespace().and_then(Channel::of);
        if root.name() != "syncSendMessageRequest" || namespace != Some(Channel::Sync) {
            return Ok(None);
        }
        let request = root.child("request")?.unwrap_or(root);
        let message = Message::SyncRequest(SyncRequest::read(request)?);
        Ok(Some(Self { channel: Channel::Sync, body_id: None, message }))
    }

    /// Writes the envelope, without a header.
    pub fn write(&self) -> Result<String, Error> {
        self.write_with("")
    }

    /// Writes the envelope of an answer, which names the question that it answers by the SHA-256 of its exact bytes.
    pub fn write_answering(&self, request_sha256: &[u8; 32]) -> Result<String, Error> {
        self.write_with(&binding::attribute(request_sha256))
    }

    fn write_with(&self, attribute: &str) -> Result<String, Error> {
        let mut out = Writer::default();
        out.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"");
        out.raw(SOAP);
        out.raw("\"><soapenv:Body");
        if let Some(id) = &self.body_id {
            out.raw(&format!(" xmlns:wsu=\"{WSU}\" wsu:Id=\"{}\"", id.as_str()));
        }
        out.raw(attribute);
        out.raw(">");
        self.write_message(&mut out);
        out.raw("</soapenv:Body></soapenv:Envelope>");
        out.finish()
    }

    fn write_message(&self, out: &mut Writer) {
        let client = self.channel == Channel::Client;
        let (fits, name) = match &self.message {
            Message::Fault(fault) => return fault.write(self.channel.namespace(), out),
            Message::SyncRequest(_) => (self.channel == Channel::Sync, "SendMessage"),
            Message::SyncResponse(_) => (self.channel == Channel::Sync, "SendMessageResponse"),
            Message::SendMessage(_) => (self.channel != Channel::Sync, "sendMessage"),
            Message::Accepted(_) => (self.channel != Channel::Sync, "sendMessageResponse"),
            Message::GetMessages(_) => (self.channel == Channel::Async, "getMessages"),
            Message::Messages(_) => (self.channel == Channel::Async, "getMessagesResponse"),
            Message::GetMessageStatus(_) => (self.channel == Channel::Async, "getMessageStatus"),
            Message::MessageStatus(_) => (self.channel == Channel::Async, "getMessageStatusResponse"),
            Message::DeliveryNotification(_) => (self.channel == Channel::Async, "sendDeliveryNotification"),
            Message::DeliveryReceipt(_) => {
                (self.channel == Channel::Async, "sendDeliveryNotificationResponse")
            }
            Message::StatusChange(_) => (client, "changeMassageStatusNotification"),
            Message::StatusChangeReceipt(_) => (client, "changeMassageStatusNotificationResponse"),
        };
        if !fits {
            out.fail(Error::WrongChannel);
        }
        out.raw(&format!("<typ:{name} xmlns:typ=\"{}\">", self.channel.namespace()));
        self.write_content(out);
        out.raw(&format!("</typ:{name}>"));
    }

    fn write_content(&self, out: &mut Writer) {
        match &self.message {
            Message::SyncRequest(it) => it.write(out),
            Message::SyncResponse(it) => it.write(out),
            Message::SendMessage(it) => out.within("request", |out| it.write(out)),
            Message::Accepted(it) => out.within("response", |out| it.write(out)),
            Message::GetMessages(it) => out.within("request", |out| it.write(out)),
            Message::Messages(it) => out.within("response", |out| it.write(out)),
            Message::GetMessageStatus(it) => out.within("request", |out| it.write(out)),
            Message::MessageStatus(it) => out.within("response", |out| it.write(out)),
            Message::DeliveryNotification(it) => out.within("request", |out| it.write(out)),
            Message::DeliveryReceipt(it) => out.within("response", |out| it.write(out)),
            Message::StatusChange(it) => out.within("request", |out| it.write(out)),
            Message::StatusChangeReceipt(it) => out.within("response", |out| it.write(out)),
            Message::Fault(_) => {}
        }
    }
}

fn is_soap(part: Part<'_, '_>, name: &str) -> bool {
    part.name() == name && part.0.tag_name().namespace() == Some(SOAP)
}

/// Returns the body, if the envelope has one and the whole document has no other.
fn body<'a, 'i>(root: Node<'a, 'i>) -> Result<Part<'a, 'i>, Error> {
    if !is_soap(Part(root), "Envelope") {
        return Err(Error::NotEnvelope);
    }
    let bodies = root.descendants().filter(|it| it.is_element() && is_soap(Part(*it), "Body")).count();
    if bodies > 1 {
        return Err(Error::BodyDoubled);
    }
    let children: Vec<Part<'a, 'i>> = Part(root).elements().collect();
    let body = match children.as_slice() {
        [] => return Err(Error::BodyMissing),
        [body] => *body,
        [header, body] if is_soap(*header, "Header") => *body,
        _ => return Err(Error::NotEnvelope),
    };
    match is_soap(body, "Body") {
        true => Ok(body),
        false if bodies == 0 => Err(Error::BodyMissing),
        false => Err(Error::NotEnvelope),
    }
}

fn read_message(operation: Part<'_, '_>) -> Result<(Channel, Message), Error> {
    if is_soap(operation, "Fault") {
        let mut inside = operation.0.descendants().filter_map(|it| it.tag_name().namespace());
        let channel = inside.find_map(Channel::of).unwrap_or(Channel::Sync);
        return Ok((channel, Message::Fault(Fault::read(operation)?)));
    }
    let namespace = operation.0.tag_name().namespace().unwrap_or_default();
    let channel = Channel::of(namespace).ok_or(Error::UnknownOperation)?;
    let request = || operation.required_child("request");
    let response = || operation.required_child("response");
    let message = match (channel, operation.name()) {
        (Channel::Sync, "SendMessage") => Message::SyncRequest(SyncRequest::read(request()?)?),
        (Channel::Sync, "SendMessageResponse") => Message::SyncResponse(SyncResponse::read(response()?)?),
        (Channel::Async | Channel::Client, "sendMessage") => {
            Message::SendMessage(AsyncMessage::read(request()?)?)
        }
        (Channel::Async | Channel::Client, "sendMessageResponse") => {
            Message::Accepted(Accepted::read(response()?)?)
        }
        (Channel::Async, "getMessages") => Message::GetMessages(GetMessages::read(request()?)?),
        (Channel::Async, "getMessagesResponse") => Message::Messages(Messages::read(response()?)?),
        (Channel::Async, "getMessageStatus") => {
            Message::GetMessageStatus(GetMessageStatus::read(request()?)?)
        }
        (Channel::Async, "getMessageStatusResponse") => {
            Message::MessageStatus(MessageStatus::read(response()?)?)
        }
        (Channel::Async, "sendDeliveryNotification") => {
            Message::DeliveryNotification(DeliveryNotification::read(request()?)?)
        }
        (Channel::Async, "sendDeliveryNotificationResponse") => {
            Message::DeliveryReceipt(DeliveryReceipt::read(response()?)?)
        }
        (Channel::Client, "changeMassageStatusNotification") => {
            Message::StatusChange(StatusChange::read(request()?)?)
        }
        (Channel::Client, "changeMassageStatusNotificationResponse") => {
            Message::StatusChangeReceipt(StatusChangeReceipt::read(response()?)?)
        }
        _ => return Err(Error::UnknownOperation),
    };
    Ok((channel, message))
}
