// SPDX-License-Identifier: MIT OR Apache-2.0
//! The addresses at which messages are taken: `POST /shep/sync`, `/shep/async` and `/shep/client`, and what they are by
//! `?wsdl`. A fault comes with status 500, as SOAP 1.1 wants over HTTP; what is refused before it was read, with the status
//! that says why, and as a fault that nobody signed.
//!
//! Each port has turns of its own: questions that wait for a register keep no message from being taken. A message is read
//! only by who has a turn, so that waiting costs no memory.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{RequestExt as _, Router};
use gateway::Endpoint;
use gateway::transport::SOAP;
use service::ports::Clock;
use shep::fault::{Blame, Operation};
use shep::{Channel, Code, DOCUMENT_BYTES_MAX, Envelope, ErrorInfo, Fault, Message};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Messages that a port reads and works on at once; more of them wait.
const AT_ONCE_MAX: usize = 64;
/// How long a message waits for its turn: who sends it waits a minute for everything.
const TURN: Duration = Duration::from_secs(10);
/// How long a message may take to arrive: the longest one over a line of four megabits.
const ARRIVAL: Duration = Duration::from_secs(35);

/// The ports of SHEP, as words of the address.
pub(super) const PORTS: [&str; 3] = ["sync", "async", "client"];

/// What is served at an address of messages.
#[derive(Debug)]
struct Ports {
    by_name: BTreeMap<&'static str, Port>,
    clock: Arc<dyn Clock>,
    scheme: &'static str,
    turn: Duration,
    arrival: Duration,
}

/// What answers at a port, and its turns.
#[derive(Debug)]
struct Port {
    endpoint: Arc<dyn Endpoint>,
    turns: Semaphore,
}

/// Why a message was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unread {
    /// All turns of the port are taken.
    Busy,
    /// It took too long to arrive.
    Slow,
    /// It is longer than any message.
    Long,
    /// The connection broke.
    Broken,
}

/// Returns the routes of these ports; `tls` is whether they are reached by `https`.
pub(super) fn router(
    endpoints: BTreeMap<&'static str, Arc<dyn Endpoint>>,
    tls: bool,
    clock: Arc<dyn Clock>,
) -> Router {
    let scheme = if tls { "https" } else { "http" };
    let port = |endpoint| Port { endpoint, turns: Semaphore::new(AT_ONCE_MAX) };
    let ports = endpoints.into_iter().map(|(name, endpoint)| (name, port(endpoint))).collect();
    routes(Ports { by_name: ports, clock, scheme, turn: TURN, arrival: ARRIVAL })
}

fn routes(ports: Ports) -> Router {
    Router::new()
        .route("/shep/{port}", get(describe).post(take))
        .layer(DefaultBodyLimit::max(DOCUMENT_BYTES_MAX))
        .with_state(Arc::new(ports))
}

async fn take(State(ports): State<Arc<Ports>>, Path(name): Path<String>, request: Request) -> Response {
    let Some(port) = ports.by_name.get(name.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(Ok(_turn)) = tokio::time::timeout(ports.turn, port.turns.acquire()).await else {
        return ports.unread(&name, Unread::Busy);
    };
    let body = match tokio::time::timeout(ports.arrival, read(request)).await {
        Ok(Ok(body)) => body,
        Ok(Err(why)) => return ports.unread(&name, why),
        Err(_) => return ports.unread(&name, Unread::Slow),
    };
    let answer = port.endpoint.handle(body.into()).await;
    if answer.is_empty() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let status = if is_fault(&answer) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    xml(status, answer)
}

async fn read(request: Request) -> Result<Bytes, Unread> {
    let body: Result<Bytes, BytesRejection> = request.extract().await;
    match body {
        Ok(body) => Ok(body),
        Err(it) if it.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Unread::Long),
        Err(_) => Err(Unread::Broken),
    }
}

impl Unread {
    /// Returns the status, the gateway's code, and whose fault it is: what is the server's may be sent again as it is.
    const fn told(self) -> (StatusCode, Code, Blame) {
        match self {
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, Code::Internal, Blame::Server),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, Code::Internal, Blame::Server),
            Self::Long => (StatusCode::PAYLOAD_TOO_LARGE, Code::Format, Blame::Client),
            Self::Broken => (StatusCode::BAD_REQUEST, Code::Internal, Blame::Server),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Busy => "too many messages come at once; send it again later".to_owned(),
            Self::Slow => "the message took too long to arrive; send it again".to_owned(),
            Self::Long => shep::Error::TooLarge.to_string(),
            Self::Broken => "the message did not arrive whole; send it again".to_owned(),
        }
    }
}

impl Ports {
    /// Answers a message that was not read. Who sent it is not known, so that nothing is signed or written down.
    fn unread(&self, port: &str, why: Unread) -> Response {
        let (status, code, blame) = why.told();
        let reason = why.words();
        tracing::warn!(port, reason, "a message was not read");
        let channel = channel(port).unwrap_or(Channel::Sync);
        let operation = match channel {
            Channel::Sync => Operation::SyncSendMessage,
            Channel::Async | Channel::Client => Operation::SendMessage,
        };
        let info = ErrorInfo {
            code,
            message: reason.clone(),
            data: None,
            date: self.clock.now(),
            sub_error: None,
            session_id: None,
        };
        let message = Message::Fault(Fault { blame, reason, detail: Some((operation, info)) });
        match (Envelope { channel, body_id: None, message }).write() {
            Ok(fault) => xml(status, fault.into_bytes()),
            Err(_) => status.into_response(),
        }
    }
}

/// Whether an envelope of ours carries a fault.
pub(crate) fn is_fault(answer: &[u8]) -> bool {
    Envelope::read(answer).is_ok_and(|it| matches!(it.message, Message::Fault(_)))
}

/// Answers `?wsdl` and `?xsd=NAME`.
async fn describe(
    State(ports): State<Arc<Ports>>,
    Path(port): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let channel = channel(&port).filter(|_| ports.by_name.contains_key(port.as_str()));
    let host = headers.get(HOST).and_then(|it| it.to_str().ok()).unwrap_or("localhost");
    let found = match (channel, query.as_deref().unwrap_or_default()) {
        (Some(channel), query) if query.eq_ignore_ascii_case("wsdl") => {
            Some(shep::wsdl(channel, &format!("{}://{host}/shep/{port}", ports.scheme)))
        }
        (Some(_), query) => query.strip_prefix("xsd=").and_then(shep::xsd).map(str::to_owned),
        (None, _) => None,
    };
    match found {
        Some(text) => xml(StatusCode::OK, text.into_bytes()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn channel(port: &str) -> Option<Channel> {
    match port {
        "sync" => Some(Channel::Sync),
        "async" => Some(Channel::Async),
        "client" => Some(Channel::Client),
        _ => None,
    }
}

fn xml(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(SOAP)),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::SystemClock;
    use axum::body::{Body, to_bytes};
    use futures_util::FutureExt as _;
    use tower::ServiceExt as _;

    /// Answers at once, or never.
    #[derive(Debug)]
    struct Answers(bool);

    #[async_trait::async_trait]
    impl Endpoint for Answers {
        async fn handle(&self, envelope: Vec<u8>) -> Vec<u8> {
            if !self.0 {
                std::future::pending::<()>().await;
            }
            envelope
        }
    }

    /// A gateway whose registers hang.
    fn gateway(turn: Duration, arrival: Duration) -> Router {
        let port =
            |answers| Port { endpoint: Arc::new(Answers(answers)), turns: Semaphore::new(AT_ONCE_MAX) };
        let ports = BTreeMap::from([("sync", port(false)), ("async", port(true))]);
        let clock = Arc::new(SystemClock::new(None));
        routes(Ports { by_name: ports, clock, scheme: "http", turn, arrival })
    }

    fn request(port: &str, body: Body) -> Request {
        Request::post(format!("/shep/{port}")).body(body).unwrap()
    }

    fn endless() -> Body {
        Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>())
    }

    /// Returns the status of an answer and the code of the fault that it is.
    async fn refused(answer: Response) -> (StatusCode, Code) {
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), DOCUMENT_BYTES_MAX).await.unwrap();
        let Message::Fault(fault) = Envelope::read(&bytes).unwrap().message else { panic!("no fault") };
        (status, fault.detail.unwrap().1.code)
    }

    #[tokio::test]
    async fn questions_that_hang_take_no_turn_of_messages() {
        let gateway = gateway(Duration::ZERO, ARRIVAL);
        let ask = || Box::pin(gateway.clone().oneshot(request("sync", Body::from("question"))));
        let mut hang: Vec<_> = (0..AT_ONCE_MAX).map(|_| ask()).collect();
        assert!(hang.iter_mut().all(|it| it.as_mut().now_or_never().is_none()));
        let busy = refused(ask().await.unwrap()).await;
        assert_eq!(busy, (StatusCode::SERVICE_UNAVAILABLE, Code::Internal));
        let taken = gateway.clone().oneshot(request("async", Body::from("message"))).await.unwrap();
        assert_eq!(taken.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn who_sends_slowly_is_given_up() {
        let slow = gateway(TURN, Duration::from_millis(10)).oneshot(request("async", endless()));
        let told = refused(slow.await.unwrap()).await;
        assert_eq!(told, (StatusCode::REQUEST_TIMEOUT, Code::Internal));
    }

    #[tokio::test]
    async fn what_is_longer_than_any_message_is_not_read() {
        let long = Body::from(vec![b' '; DOCUMENT_BYTES_MAX + 1]);
        let told = gateway(TURN, ARRIVAL).oneshot(request("async", long)).await.unwrap();
        assert_eq!(refused(told).await, (StatusCode::PAYLOAD_TOO_LARGE, Code::Format));
    }

    #[tokio::test]
    async fn what_waits_for_a_turn_is_not_read() {
        let gateway = gateway(TURN, ARRIVAL);
        let ask = |body| Box::pin(gateway.clone().oneshot(request("sync", body)));
        let mut hang: Vec<_> = (0..AT_ONCE_MAX).map(|_| ask(Body::from("question"))).collect();
        assert!(hang.iter_mut().all(|it| it.as_mut().now_or_never().is_none()));
        let read = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = Arc::clone(&read);
        let watched = futures_util::stream::poll_fn(move |_| {
            seen.store(true, std::sync::atomic::Ordering::SeqCst);
            std::task::Poll::<Option<Result<Vec<u8>, std::io::Error>>>::Pending
        });
        assert!(ask(Body::from_stream(watched)).now_or_never().is_none());
        assert!(!read.load(std::sync::atomic::Ordering::SeqCst));
    }
}
