// SPDX-License-Identifier: MIT OR Apache-2.0
//! The synchronous channel: `SendMessage` and its response.

use jiff::Timestamp;

use crate::part::{id, optional_id};
use crate::tree::Part;
use crate::write::Writer;
use crate::{Data, Error, Property, Sender, SessionId, Status};

/// About a synchronous request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageInfo {
    /// The message's id in the sender's system.
    pub message_id: String,
    /// The chain's id in the sender's system.
    pub correlation_id: Option<String>,
    /// The interaction's id from the gateway's register.
    pub service_id: String,
    /// When the message was made at the sender's.
    pub message_date: Timestamp,
    /// Additional routing, from the gateway's register.
    pub route_id: Option<String>,
    /// Who sends.
    pub sender: Sender,
    /// Keys and values.
    pub properties: Vec<Property>,
    /// Set by the gateway; a sender leaves it empty.
    pub session_id: Option<SessionId>,
}

/// `SendMessage`: a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRequest {
    /// About the message.
    pub info: MessageInfo,
    /// The payload.
    pub data: Option<Data>,
}

/// About a synchronous response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseInfo {
    /// The response's id in the answering system.
    pub message_id: String,
    /// The chain's id: that of the request.
    pub correlation_id: Option<String>,
    /// When the response was made.
    pub response_date: Timestamp,
    /// How the receiver fared.
    pub status: Status,
    /// Set by the gateway.
    pub session_id: Option<SessionId>,
}

/// `SendMessageResponse`: an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncResponse {
    /// About the response.
    pub info: ResponseInfo,
    /// The payload.
    pub data: Option<Data>,
}

impl SyncRequest {
    /// Reads the `request` element.
    pub(crate) fn read(request: Part<'_, '_>) -> Result<Self, Error> {
        let info = request.required_child("requestInfo")?;
        let info = MessageInfo {
            message_id: id(info, "messageId")?,
            correlation_id: optional_id(info, "correlationId")?,
            service_id: id(info, "serviceId")?,
            message_date: info.required_time("messageDate")?,
            route_id: optional_id(info, "routeId")?,
            sender: Sender::read(info.required_child("sender")?)?,
            properties: Property::read_each(info)?,
            session_id: SessionId::read(info)?,
        };
        let data = Data::read(request.required_child("requestData")?)?;
        Ok(Self { info, data })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("request", |out| {
            out.within("requestInfo", |out| {
                out.required("messageId", &self.info.message_id);
                out.optional("correlationId", self.info.correlation_id.as_deref());
                out.required("serviceId", &self.info.service_id);
                out.time("messageDate", self.info.message_date);
                out.optional("routeId", self.info.route_id.as_deref());
                self.info.sender.write(out);
                Property::write_each(&self.info.properties, out);
                SessionId::write_optional(self.info.session_id.as_ref(), out);
            });
            write_data("requestData", self.data.as_ref(), out);
        });
    }
}

impl SyncResponse {
    /// Reads the `response` element.
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        let info = response.required_child("responseInfo")?;
        let info = ResponseInfo {
            message_id: id(info, "messageId")?,
            correlation_id: optional_id(info, "correlationId")?,
            response_date: info.required_time("responseDate")?,
            status: Status::read(info.required_child("status")?)?,
            session_id: SessionId::read(info)?,
        };
        let data = response.child("responseData")?.map(Data::read).transpose()?.flatten();
        Ok(Self { info, data })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("response", |out| {
            out.within("responseInfo", |out| {
                out.required("messageId", &self.info.message_id);
                out.optional("correlationId", self.info.correlation_id.as_deref());
                out.time("responseDate", self.info.response_date);
                self.info.status.write(out);
                SessionId::write_optional(self.info.session_id.as_ref(), out);
            });
            write_data("responseData", self.data.as_ref(), out);
        });
    }
}

pub(crate) fn write_data(tag: &str, data: Option<&Data>, out: &mut Writer) {
    out.within(tag, |out| {
        if let Some(data) = data {
            data.write(out);
        }
    });
}
