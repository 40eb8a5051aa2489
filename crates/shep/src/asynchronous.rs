// SPDX-License-Identifier: MIT OR Apache-2.0
//! The asynchronous channel: messages that are stored and delivered, and the notices about them.

mod notices;

use jiff::Timestamp;

use crate::part::{id, optional_id};
use crate::tree::Part;
use crate::write::Writer;
use crate::{Data, Error, ErrorInfo, Property, Sender, SessionId};

/// The most messages in one answer to `getMessages`.
pub const MESSAGES_MAX: usize = 100;

/// What a message is in its exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageType {
    /// The application.
    Request,
    /// An interim answer.
    Notification,
    /// The final answer.
    Response,
    /// Another type: the schema has a plain string here.
    Other(String),
}

impl MessageType {
    /// Returns the type as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Request => "REQUEST",
            Self::Notification => "NOTIFICATION",
            Self::Response => "RESPONSE",
            Self::Other(text) => text,
        }
    }
}

impl From<&str> for MessageType {
    fn from(text: &str) -> Self {
        match text {
            "REQUEST" => Self::Request,
            "NOTIFICATION" => Self::Notification,
            "RESPONSE" => Self::Response,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// About an asynchronous message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsyncInfo {
    /// The message's id; the gateway gives one where it is absent.
    pub message_id: Option<String>,
    /// The chain's id: the same in the application and in every answer to it.
    pub correlation_id: Option<String>,
    /// The interaction's id from the gateway's register.
    pub service_id: String,
    /// What the message is in its exchange.
    pub message_type: MessageType,
    /// Additional routing.
    pub route_id: Option<String>,
    /// When the message was made at the sender's.
    pub message_date: Timestamp,
    /// Who sends.
    pub sender: Sender,
    /// Keys and values.
    pub properties: Vec<Property>,
    /// Set by the gateway.
    pub session_id: Option<SessionId>,
}

/// `sendMessage`: a message; also one of those that `getMessages` brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsyncMessage {
    /// About the message.
    pub info: AsyncInfo,
    /// The payload.
    pub data: Data,
}

/// `sendMessageResponse`: the message is accepted for delivery, no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The id given to the message.
    pub message_id: String,
    /// The chain's id.
    pub correlation_id: String,
    /// When.
    pub response_date: Timestamp,
    /// Set by the gateway.
    pub session_id: Option<SessionId>,
}

/// `getMessages`: what is there for us?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetMessages {
    /// Only this message.
    pub message_id: Option<String>,
    /// Only this chain.
    pub correlation_id: Option<String>,
    /// When asked.
    pub request_date: Option<Timestamp>,
    /// The interaction's id.
    pub service_id: String,
    /// Who asks.
    pub sender: Option<Sender>,
    /// At most so many messages.
    pub amount: Option<u32>,
    /// Keys and values.
    pub properties: Vec<Property>,
}

/// `getMessagesResponse`: the messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    /// When answered.
    pub response_date: Timestamp,
    /// Set by the gateway.
    pub session_id: SessionId,
    /// The messages, at most [`MESSAGES_MAX`].
    pub messages: Vec<AsyncMessage>,
}

/// `getMessageStatus`: what became of a message?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetMessageStatus {
    /// The message's id.
    pub message_id: String,
    /// When asked.
    pub request_date: Timestamp,
    /// Who asks.
    pub sender: Sender,
    /// Keys and values.
    pub properties: Vec<Property>,
}

/// Defines an enumeration of the schema with the words it is written in.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Returns the word of the schema.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Returns the value with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Where a message is on its way.
    MessageState {
        /// On its way.
        OnDelivery = "ON_DELIVERY",
        /// Delivered.
        Delivered = "DELIVERED",
        /// Not delivered.
        NotDelivered = "NOT_DELIVERED",
        /// Given up.
        DeliveryStopped = "DELIVERY_STOPPED",
    }
}

words! {
    /// Whether the consumer took a message.
    ReceiveStatus {
        /// Taken.
        Accepted = "MESSAGE_ACCEPTED",
        /// Not taken; misspelt in the protocol.
        NotAccepted = "MESSAGE_NOT_ACCTEPTED",
    }
}

words! {
    /// Whether the consumer wants the message once more.
    Resend {
        /// Once more.
        Resend = "RESEND",
        /// No.
        NotResend = "NOT_RESEND",
    }
}

/// A code, words and a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryStatus {
    /// The code.
    pub code: String,
    /// The words.
    pub message: String,
    /// When.
    pub date: Timestamp,
}

/// `getMessageStatusResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageStatus {
    /// Where the message is.
    pub state: MessageState,
    /// What was said of it last.
    pub status: DeliveryStatus,
    /// When answered.
    pub response_date: Timestamp,
    /// Set by the gateway.
    pub session_id: Option<SessionId>,
}

/// `sendDeliveryNotification`: the consumer took a message, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryNotification {
    /// The message's id.
    pub message_id: String,
    /// The interaction's id.
    pub service_id: String,
    /// When the notice was made.
    pub notification_date: Timestamp,
    /// Whether the message was taken.
    pub receive_status: ReceiveStatus,
    /// When that was decided.
    pub status_date: Timestamp,
    /// Whether it is wanted once more.
    pub resend: Resend,
    /// Why it was not taken.
    pub error: Option<ErrorInfo>,
    /// When sent.
    pub request_date: Timestamp,
    /// Who sends.
    pub sender: Option<Sender>,
}

/// `sendDeliveryNotificationResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryReceipt {
    /// The id given to the notice.
    pub notification_id: String,
    /// When answered.
    pub response_date: Timestamp,
    /// Set by the gateway.
    pub session_id: SessionId,
}

/// `changeMassageStatusNotification` (spelt so in the protocol): the gateway tells the producer what became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChange {
    /// The notice's id.
    pub notification_id: String,
    /// The message's id.
    pub message_id: String,
    /// When the notice was made.
    pub notification_date: Timestamp,
    /// Where the message is.
    pub state: MessageState,
    /// What is said of it.
    pub status: DeliveryStatus,
    /// What went wrong.
    pub error: Option<ErrorInfo>,
    /// When sent.
    pub request_date: Timestamp,
    /// Set by the gateway.
    pub session_id: Option<SessionId>,
}

/// `changeMassageStatusNotificationResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusChangeReceipt {
    /// When answered.
    pub response_date: Timestamp,
    /// Set by the gateway.
    pub session_id: SessionId,
}

impl AsyncMessage {
    /// Reads `messageInfo` and `messageData` inside the part.
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let info = part.required_child("messageInfo")?;
        let message_type = id(info, "messageType")?;
        let info = AsyncInfo {
            message_id: optional_id(info, "messageId")?,
            correlation_id: optional_id(info, "correlationId")?,
            service_id: id(info, "serviceId")?,
            message_type: MessageType::from(message_type.as_str()),
            route_id: optional_id(info, "routeId")?,
            message_date: info.required_time("messageDate")?,
            sender: Sender::read(info.required_child("sender")?)?,
            properties: Property::read_each(info)?,
            session_id: SessionId::read(info)?,
        };
        let data = Data::read(part.required_child("messageData")?)?;
        Ok(Self { info, data: data.ok_or(Error::Missing { what: "data" })? })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("messageInfo", |out| {
            out.optional("messageId", self.info.message_id.as_deref());
            out.optional("correlationId", self.info.correlation_id.as_deref());
            out.required("serviceId", &self.info.service_id);
            out.required("messageType", self.info.message_type.as_str());
            out.optional("routeId", self.info.route_id.as_deref());
            out.time("messageDate", self.info.message_date);
            self.info.sender.write(out);
            Property::write_each(&self.info.properties, out);
            SessionId::write_optional(self.info.session_id.as_ref(), out);
        });
        out.within("messageData", |out| self.data.write(out));
    }
}

impl Accepted {
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            message_id: id(response, "messageId")?,
            correlation_id: optional_id(response, "correlationId")?.unwrap_or_default(),
            response_date: response.required_time("responseDate")?,
            session_id: SessionId::read(response)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.required("messageId", &self.message_id);
        out.leaf("correlationId", &self.correlation_id);
        out.time("responseDate", self.response_date);
        SessionId::write_optional(self.session_id.as_ref(), out);
    }
}

impl GetMessages {
    pub(crate) fn read(request: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            message_id: optional_id(request, "messageId")?,
            correlation_id: optional_id(request, "correlationId")?,
            request_date: request.time("requestDate")?,
            service_id: id(request, "serviceId")?,
            sender: request.child("sender")?.map(Sender::read).transpose()?,
            amount: request.parsed("amount", |it| it.parse().ok())?,
            properties: Property::read_each(request)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.optional("messageId", self.message_id.as_deref());
        out.optional("correlationId", self.correlation_id.as_deref());
        if let Some(date) = self.request_date {
            out.time("requestDate", date);
        }
        out.required("serviceId", &self.service_id);
        if let Some(sender) = &self.sender {
            sender.write(out);
        }
        if let Some(amount) = self.amount {
            out.leaf("amount", &amount.to_string());
        }
        Property::write_each(&self.properties, out);
    }
}

impl Messages {
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        let messages: Vec<Part<'_, '_>> = response.each("messages").collect();
        if messages.len() > MESSAGES_MAX {
            return Err(Error::TooMany { what: "messages" });
        }
        Ok(Self {
            response_date: response.required_time("responseDate")?,
            session_id: SessionId::read_required(response)?,
            messages: messages.into_iter().map(AsyncMessage::read).collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        if self.messages.len() > MESSAGES_MAX {
            out.fail(Error::TooMany { what: "messages" });
        }
        out.time("responseDate", self.response_date);
        self.session_id.write(out);
        for message in &self.messages {
            out.within("messages", |out| message.write(out));
        }
    }
}
