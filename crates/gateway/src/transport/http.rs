// SPDX-License-Identifier: MIT OR Apache-2.0
//! Envelopes over HTTP: SOAP 1.1 posted to configured addresses, under mutual TLS where they begin with `https`.

use crate::client::{Asked, HttpClient, HttpFault};
use crate::files::TempFiles;
use crate::tls::{self, TlsError, TlsFiles};
use crate::transport::Transport;
use async_trait::async_trait;
use service::ports::PortError;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Bytes of an envelope, in and out.
pub const ENVELOPE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long an answer is waited for.
pub const ANSWER_WAIT_SECONDS_MAX: u64 = 60;
/// How long an endpoint is looked at.
const LOOK_WAIT_SECONDS_MAX: u64 = 5;
/// Bytes of a description.
const DESCRIPTION_BYTES_MAX: usize = 1024 * 1024;
/// Media type of SOAP 1.1.
pub const SOAP: &str = "text/xml; charset=utf-8";
/// Both channels say nothing in this header, but it must be there.
const ACTION: (&str, &str) = ("soapaction", "\"\"");
/// A fault comes with this status.
const FAULT_STATUS: u16 = 500;

/// Carries envelopes over HTTP.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: HttpClient,
    addresses: BTreeMap<String, String>,
    files: Option<Arc<dyn TempFiles>>,
}

impl HttpTransport {
    /// Returns a transport to endpoints by name and address; `tls` is what addresses with `https` are spoken to by.
    pub fn new(addresses: BTreeMap<String, String>, tls: Option<&TlsFiles>) -> Result<Self, TlsError> {
        let config = match tls {
            Some(files) => files.client()?,
            None => tls::nobody().ok_or(TlsError::Refused("TLS".into(), "no version is spoken".into()))?,
        };
        Ok(Self { client: HttpClient::new(config), addresses, files: None })
    }

    /// Asks an endpoint what it is, as `?wsdl`; for a look whether it is there and believes us.
    pub async fn look(&self, endpoint: &str) -> Result<(), HttpFault> {
        let url = format!("{}?wsdl", self.addresses.get(endpoint).ok_or(HttpFault::Address)?);
        let wait = Duration::from_secs(LOOK_WAIT_SECONDS_MAX);
        let asked = Asked { url: &url, body: None, headers: &[], bytes_max: DESCRIPTION_BYTES_MAX, wait };
        match self.client.ask(asked).await? {
            (200, _) => Ok(()),
            (status, _) => Err(HttpFault::Status(status)),
        }
    }

    /// Says where files lie that are too long for a message.
    #[must_use]
    pub fn with_files(mut self, files: Arc<dyn TempFiles>) -> Self {
        self.files = Some(files);
        self
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn exchange(&self, endpoint: &str, envelope: Vec<u8>) -> Result<Vec<u8>, PortError> {
        let unknown = || PortError::Unusable(format!("no address is configured for `{endpoint}`"));
        let asked = Asked {
            url: self.addresses.get(endpoint).ok_or_else(unknown)?,
            body: Some((envelope, SOAP)),
            headers: &[ACTION],
            bytes_max: ENVELOPE_BYTES_MAX,
            wait: Duration::from_secs(ANSWER_WAIT_SECONDS_MAX),
        };
        match self.client.ask(asked).await {
            Ok((200 | FAULT_STATUS, body)) if !body.is_empty() => Ok(body),
            Ok((200, _)) => Err(PortError::Unavailable(format!("`{endpoint}` is silent"))),
            Ok((status, _)) => Err(PortError::Unavailable(format!("`{endpoint}` answers {status}"))),
            Err(HttpFault::Address) => {
                Err(PortError::Unusable(format!("the address of `{endpoint}` is none")))
            }
            Err(fault) => Err(PortError::Unavailable(format!("`{endpoint}`: {fault}"))),
        }
    }

    fn files(&self) -> Option<Arc<dyn TempFiles>> {
        self.files.clone()
    }
}
