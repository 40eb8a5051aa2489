// SPDX-License-Identifier: MIT OR Apache-2.0
//! The client of HTTP that everything here asks with: bounded, timed, nothing followed elsewhere.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use std::error::Error;
use std::io::Cursor;
use std::time::Duration;

/// How long connecting may take.
const CONNECT_SECONDS_MAX: u64 = 10;
/// Connections to one host that are kept open.
const IDLE_MAX: usize = 16;
/// For how long: many servers hang up when nothing is asked for some time, and a question must not cross that.
const IDLE_SECONDS_MAX: u64 = 5;
/// Some servers answer nothing to a client without a name.
const AGENT: HeaderValue = HeaderValue::from_static("qyzmet");

type Body = Full<Cursor<Vec<u8>>>;

/// A client of HTTP; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient(Client<HttpsConnector<HttpConnector>, Body>);

/// What is asked.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) url: &'a str,
    /// Posted with its media type; without one the address is got.
    pub(crate) body: Option<(Vec<u8>, &'static str)>,
    pub(crate) headers: &'a [(&'static str, &'static str)],
    /// Bytes of the answer that are read.
    pub(crate) bytes_max: usize,
    pub(crate) wait: Duration,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    /// The address is no address.
    #[error("the address cannot be used")]
    Address,
    /// The host does not answer.
    #[error("the host does not answer: {0}")]
    Silent(String),
    /// One side does not believe the certificate of the other.
    #[error("one side does not believe the certificate of the other: {0}")]
    Tls(String),
    /// No answer came in time.
    #[error("no answer came in time")]
    Late,
    /// The answer broke off, or is longer than is read.
    #[error("the answer cannot be read")]
    Malformed,
    /// The host answers with an error, or sends elsewhere.
    #[error("the host answers {0}")]
    Status(u16),
}

impl HttpClient {
    /// Returns a client that speaks TLS by this configuration where the address says `https`.
    pub(crate) fn new(tls: ClientConfig) -> Self {
        let mut plain = HttpConnector::new();
        plain.enforce_http(false);
        plain.set_connect_timeout(Some(Duration::from_secs(CONNECT_SECONDS_MAX)));
        plain.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(plain);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(IDLE_MAX).pool_idle_timeout(Duration::from_secs(IDLE_SECONDS_MAX));
        Self(client.build(connector))
    }

    /// Asks and returns status and body, whatever the status.
    pub(crate) async fn ask(&self, asked: Asked<'_>) -> Result<(u16, Vec<u8>), HttpFault> {
        let wait = asked.wait;
        tokio::time::timeout(wait, self.exchange(asked)).await.map_err(|_| HttpFault::Late)?
    }

    async fn exchange(&self, asked: Asked<'_>) -> Result<(u16, Vec<u8>), HttpFault> {
        let request = request(&asked).ok_or(HttpFault::Address)?;
        let answer = self.0.request(request).await.map_err(|it| fault(&it))?;
        let status = answer.status().as_u16();
        let read = Limited::new(answer.into_body(), asked.bytes_max).collect().await;
        let body = read.map_err(|it| match it.downcast::<LengthLimitError>() {
            Ok(_) => HttpFault::Malformed,
            Err(other) => fault(&*other),
        })?;
        Ok((status, body.to_bytes().to_vec()))
    }
}

fn request(asked: &Asked<'_>) -> Option<Request<Body>> {
    let (method, body, kind) = match &asked.body {
        Some((bytes, kind)) => (Method::POST, bytes.clone(), Some(*kind)),
        None => (Method::GET, Vec::new(), None),
    };
    let mut request =
        Request::builder().method(method).uri(asked.url).body(Full::new(Cursor::new(body))).ok()?;
    request.uri().host()?;
    let headers = request.headers_mut();
    headers.insert(USER_AGENT, AGENT);
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.extend(kind.map(|it| (CONTENT_TYPE, HeaderValue::from_static(it))));
    for (name, value) in asked.headers {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Some(request)
}

/// Tells what failed on the way from certificates that are not believed; a refusal may come after our first bytes.
fn fault(error: &(dyn Error + 'static)) -> HttpFault {
    if is_refusal(error) { HttpFault::Tls(words(error)) } else { HttpFault::Silent(words(error)) }
}

/// An error of input and output hides the one that it carries from those that follow causes.
fn is_refusal(error: &(dyn Error + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(
            tls,
            rustls::Error::AlertReceived(_)
                | rustls::Error::InvalidCertificate(_)
                | rustls::Error::NoCertificatesPresented
        );
    }
    let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    carried.map_or_else(|| error.source().is_some_and(is_refusal), |it| is_refusal(it))
}

/// Says an error with its causes: the outermost alone is only "client error".
fn words(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(it) = cause {
        words = format!("{words}: {it}");
        cause = it.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{AlertDescription, CertificateError};
    use std::io::{Error as IoError, ErrorKind};

    #[test]
    fn a_certificate_that_either_side_does_not_believe_is_told_from_silence() {
        // As the layers of the client wrap them.
        let told = |it: rustls::Error| fault(&IoError::other(IoError::new(ErrorKind::InvalidData, it)));
        let alert = told(rustls::Error::AlertReceived(AlertDescription::UnknownCA));
        assert!(matches!(alert, HttpFault::Tls(why) if why.contains("UnknownCA")));
        let ours = told(rustls::Error::InvalidCertificate(CertificateError::Expired));
        assert!(matches!(ours, HttpFault::Tls(_)));
        let other = told(rustls::Error::HandshakeNotComplete);
        assert!(matches!(other, HttpFault::Silent(_)));
        let refused = IoError::from(ErrorKind::ConnectionRefused);
        assert!(matches!(fault(&refused), HttpFault::Silent(_)));
    }
}
