// SPDX-License-Identifier: MIT OR Apache-2.0
//! Faults and codes.

use jiff::Timestamp;

use crate::part::id;
use crate::tree::Part;
use crate::write::Writer;
use crate::{Error, SessionId};

/// The deepest chain of errors within an error.
pub const SUB_ERRORS_MAX: usize = 8;

/// A code of a status or an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// `SCSS001`: processed.
    Success,
    /// `SCSE001`: a failure of the business kind, or no data.
    NoData,
    /// `SCE001`: the message does not match the format.
    Format,
    /// `SCE004`: the service does not exist or is not available.
    ServiceUnknown,
    /// `SCE005`: the transport signature's certificate is not valid.
    TransportCertificate,
    /// `SCE006`: the transport signature is wrong.
    TransportSignature,
    /// `SCE007`: the message is not signed.
    TransportUnsigned,
    /// `SCE015`: the certificate of the payload's signature is not valid.
    DataCertificate,
    /// `SCE016`: the payload's signature is wrong.
    DataSignature,
    /// `SCE017`: the payload is not signed.
    DataUnsigned,
    /// `SCE909`: an error inside the provider's system (a local code of the provider it was seen at).
    Internal,
    /// Any other code.
    Other(String),
}

/// The codes whose meaning is known.
const CODES: [(&str, Code); 11] = [
    ("SCSS001", Code::Success),
    ("SCSE001", Code::NoData),
    ("SCE001", Code::Format),
    ("SCE004", Code::ServiceUnknown),
    ("SCE005", Code::TransportCertificate),
    ("SCE006", Code::TransportSignature),
    ("SCE007", Code::TransportUnsigned),
    ("SCE015", Code::DataCertificate),
    ("SCE016", Code::DataSignature),
    ("SCE017", Code::DataUnsigned),
    ("SCE909", Code::Internal),
];

impl Code {
    /// Returns the code as it is written.
    pub fn as_str(&self) -> &str {
        if let Self::Other(text) = self {
            return text;
        }
        CODES.iter().find(|it| it.1 == *self).map_or("", |it| it.0)
    }
}

impl From<&str> for Code {
    fn from(text: &str) -> Self {
        let known = CODES.iter().find(|it| it.0 == text);
        known.map_or_else(|| Self::Other(text.to_owned()), |it| it.1.clone())
    }
}

/// What went wrong, in the words of the one who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The code.
    pub code: Code,
    /// The words.
    pub message: String,
    /// More of it.
    pub data: Option<String>,
    /// When.
    pub date: Timestamp,
    /// The error behind this one.
    pub sub_error: Option<Box<ErrorInfo>>,
    /// The gateway's session.
    pub session_id: Option<SessionId>,
}

impl ErrorInfo {
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        Self::read_within(part, SUB_ERRORS_MAX)
    }

    fn read_within(part: Part<'_, '_>, left: usize) -> Result<Self, Error> {
        let sub_error = match part.child("subError")? {
            Some(_) if left == 0 => return Err(Error::TooMany { what: "subError" }),
            Some(it) if it.elements().next().is_some() => Some(Box::new(Self::read_within(it, left - 1)?)),
            Some(_) | None => None,
        };
        Ok(Self {
            code: Code::from(id(part, "errorCode")?.as_str()),
            message: part.text("errorMessage")?.unwrap_or_default(),
            data: part.text("errorData")?,
            date: part.required_time("errorDate")?,
            sub_error,
            session_id: SessionId::read(part)?,
        })
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.required("errorCode", self.code.as_str());
        out.leaf("errorMessage", &self.message);
        out.optional("errorData", self.data.as_deref());
        out.time("errorDate", self.date);
        if let Some(sub_error) = &self.sub_error {
            out.within("subError", |out| sub_error.write(out));
        }
        SessionId::write_optional(self.session_id.as_ref(), out);
    }
}

/// Whose fault a fault is, by SOAP 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The message was wrong.
    Client,
    /// The answering side failed.
    Server,
}

/// The operation that a fault answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Synchronous `SendMessage`.
    SyncSendMessage,
    /// Asynchronous `sendMessage`.
    SendMessage,
    /// `getMessages`.
    GetMessages,
    /// `getMessageStatus`.
    GetMessageStatus,
    /// `sendDeliveryNotification`.
    SendDeliveryNotification,
    /// `changeMassageStatusNotification`.
    ChangeStatus,
}

const OPERATIONS: [(Operation, &str); 6] = [
    (Operation::SyncSendMessage, "SendMessage"),
    (Operation::SendMessage, "sendMessage"),
    (Operation::GetMessages, "getMessages"),
    (Operation::GetMessageStatus, "getMessageStatus"),
    (Operation::SendDeliveryNotification, "sendDeliveryNotification"),
    (Operation::ChangeStatus, "changeMassageStatusNotification"),
];

impl Operation {
    pub(crate) fn name(self) -> &'static str {
        OPERATIONS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}

/// A SOAP fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose fault it is.
    pub blame: Blame,
    /// The words of the fault.
    pub reason: String,
    /// The gateway's error with the operation it belongs to; faults of other makers may have none.
    pub detail: Option<(Operation, ErrorInfo)>,
}

impl Fault {
    pub(crate) fn read(part: Part<'_, '_>) -> Result<Self, Error> {
        let code = part.text("faultcode")?.unwrap_or_default();
        let client = code.rsplit(':').next().is_some_and(|it| it.starts_with("Client"));
        Ok(Self {
            blame: if client { Blame::Client } else { Blame::Server },
            reason: part.text("faultstring")?.unwrap_or_default(),
            detail: Self::read_detail(part)?,
        })
    }

    fn read_detail(part: Part<'_, '_>) -> Result<Option<(Operation, ErrorInfo)>, Error> {
        let Some(detail) = part.child("detail")? else { return Ok(None) };
        for it in detail.elements() {
            let name = it.name().split_once("Fault1_").map_or("", |it| it.0);
            if let Some((operation, _)) = OPERATIONS.iter().find(|known| known.1 == name) {
                return Ok(Some((*operation, ErrorInfo::read(it)?)));
            }
        }
        Ok(None)
    }

    pub(crate) fn write(&self, namespace: &str, out: &mut Writer) {
        let blame = match self.blame {
            Blame::Client => "soapenv:Client",
            Blame::Server => "soapenv:Server",
        };
        out.within("soapenv:Fault", |out| {
            out.leaf("faultcode", blame);
            out.required("faultstring", &self.reason);
            let Some((operation, info)) = &self.detail else { return };
            let tag = format!("typ:{0}Fault1_{0}Fault", operation.name());
            out.within("detail", |out| {
                out.raw(&format!("<{tag} xmlns:typ=\"{namespace}\">"));
                info.write(out);
                out.close(&tag);
            });
        });
    }
}
