// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reading and writing of the notices about messages.

use super::{
    DeliveryNotification, DeliveryReceipt, DeliveryStatus, GetMessageStatus, MessageState, MessageStatus,
    ReceiveStatus, Resend, StatusChange, StatusChangeReceipt,
};
use crate::part::id;
use crate::tree::Part;
use crate::write::Writer;
use crate::{Error, ErrorInfo, Property, Sender, SessionId};

impl DeliveryStatus {
    fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let status = part.required_child("status")?;
        Ok(Self {
            code: id(status, "statusCode")?,
            message: status.text("statusMessage")?.unwrap_or_default(),
            date: status.required_time("statusDate")?,
        })
    }

    fn write(&self, out: &mut Writer) {
        out.within("status", |out| {
            out.required("statusCode", &self.code);
            out.leaf("statusMessage", &self.message);
            out.time("statusDate", self.date);
        });
    }
}

fn state(part: Part<'_, '_>) -> Result<MessageState, Error> {
    let state = part.parsed("messageState", MessageState::from_word)?;
    state.ok_or(Error::Missing { what: "messageState" })
}

/// Reads an `error` element; an empty one is as good as none.
fn error(part: Part<'_, '_>) -> Result<Option<ErrorInfo>, Error> {
    let error = part.child("error")?.filter(|it| it.elements().next().is_some());
    error.map(ErrorInfo::read).transpose()
}

fn write_error(error: Option<&ErrorInfo>, out: &mut Writer) {
    if let Some(error) = error {
        out.within("error", |out| error.write(out));
    }
}

impl MessageStatus {
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            state: state(response)?,
            status: DeliveryStatus::read(response)?,
            response_date: response.required_time("responseDate")?,
            session_id: SessionId::read(response)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.leaf("messageState", self.state.as_str());
        self.status.write(out);
        out.time("responseDate", self.response_date);
        SessionId::write_optional(self.session_id.as_ref(), out);
    }
}

impl DeliveryNotification {
    pub(crate) fn read(request: Part<'_, '_>) -> Result<Self, Error> {
        let notice = request.required_child("notification")?;
        let status = notice.required_child("deliveryStatus")?;
        let receive_status = status.parsed("receiveStatus", ReceiveStatus::from_word)?;
        let resend = status.parsed("resendMessage", Resend::from_word)?;
        Ok(Self {
            message_id: id(notice, "messageId")?,
            service_id: id(notice, "serviceId")?,
            notification_date: notice.required_time("notificationDate")?,
            receive_status: receive_status.ok_or(Error::Missing { what: "receiveStatus" })?,
            status_date: status.required_time("statusDate")?,
            resend: resend.ok_or(Error::Missing { what: "resendMessage" })?,
            error: error(status)?,
            request_date: request.required_time("requestDate")?,
            sender: request.child("sender")?.map(Sender::read).transpose()?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("notification", |out| {
            out.required("messageId", &self.message_id);
            out.required("serviceId", &self.service_id);
            out.time("notificationDate", self.notification_date);
            out.within("deliveryStatus", |out| {
                out.leaf("receiveStatus", self.receive_status.as_str());
                out.time("statusDate", self.status_date);
                out.leaf("resendMessage", self.resend.as_str());
                write_error(self.error.as_ref(), out);
            });
        });
        out.time("requestDate", self.request_date);
        if let Some(sender) = &self.sender {
            sender.write(out);
        }
    }
}

impl DeliveryReceipt {
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            notification_id: id(response, "notificationId")?,
            response_date: response.required_time("responseDate")?,
            session_id: SessionId::read_required(response)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.required("notificationId", &self.notification_id);
        out.time("responseDate", self.response_date);
        self.session_id.write(out);
    }
}

impl StatusChange {
    pub(crate) fn read(request: Part<'_, '_>) -> Result<Self, Error> {
        let notice = request.required_child("notification")?;
        Ok(Self {
            notification_id: id(notice, "notificationId")?,
            message_id: id(notice, "messageId")?,
            notification_date: notice.required_time("notificationDate")?,
            state: state(notice)?,
            status: DeliveryStatus::read(notice)?,
            error: error(notice)?,
            request_date: request.required_time("requestDate")?,
            session_id: SessionId::read(request)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.within("notification", |out| {
            out.required("notificationId", &self.notification_id);
            out.required("messageId", &self.message_id);
            out.time("notificationDate", self.notification_date);
            out.leaf("messageState", self.state.as_str());
            self.status.write(out);
            write_error(self.error.as_ref(), out);
        });
        out.time("requestDate", self.request_date);
        SessionId::write_optional(self.session_id.as_ref(), out);
    }
}

impl StatusChangeReceipt {
    pub(crate) fn read(response: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            response_date: response.required_time("responseDate")?,
            session_id: SessionId::read_required(response)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.time("responseDate", self.response_date);
        self.session_id.write(out);
    }
}

impl GetMessageStatus {
    pub(crate) fn read(request: Part<'_, '_>) -> Result<Self, Error> {
        Ok(Self {
            message_id: id(request, "messageId")?,
            request_date: request.required_time("requestDate")?,
            sender: Sender::read(request.required_child("sender")?)?,
            properties: Property::read_each(request)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.required("messageId", &self.message_id);
        out.time("requestDate", self.request_date);
        self.sender.write(out);
        Property::write_each(&self.properties, out);
    }
}
