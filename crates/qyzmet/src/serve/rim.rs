// SPDX-License-Identifier: MIT OR Apache-2.0
//! The addresses at which messages are taken: `POST /shep/sync`, `/shep/async` and `/shep/client`, and what they are by
//! `?wsdl`. A fault comes with status 500, as SOAP 1.1 wants over HTTP.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use gateway::Endpoint;
use gateway::transport::{ENVELOPE_BYTES_MAX, SOAP};
use shep::Channel;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Messages that are worked on at once; more of them wait.
const AT_ONCE_MAX: usize = 64;

/// The ports of SHEP, as words of the address.
pub(super) const PORTS: [&str; 3] = ["sync", "async", "client"];

/// What is served at an address of messages.
#[derive(Debug, Clone)]
struct Ports {
    endpoints: Arc<BTreeMap<&'static str, Arc<dyn Endpoint>>>,
    turns: Arc<Semaphore>,
    scheme: &'static str,
}

/// Returns the routes of these ports; `tls` is whether they are reached by `https`.
pub(super) fn router(endpoints: BTreeMap<&'static str, Arc<dyn Endpoint>>, tls: bool) -> Router {
    let scheme = if tls { "https" } else { "http" };
    let turns = Arc::new(Semaphore::new(AT_ONCE_MAX));
    let ports = Ports { endpoints: Arc::new(endpoints), turns, scheme };
    Router::new()
        .route("/shep/{port}", get(describe).post(take))
        .layer(DefaultBodyLimit::max(ENVELOPE_BYTES_MAX))
        .with_state(ports)
}

async fn take(State(ports): State<Ports>, Path(port): Path<String>, body: Bytes) -> Response {
    let Some(endpoint) = ports.endpoints.get(port.as_str()).map(Arc::clone) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(_turn) = ports.turns.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let answer = endpoint.handle(body.to_vec()).await;
    if answer.is_empty() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let status = if is_fault(&answer) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
    xml(status, answer)
}

/// Whether an envelope of ours carries a fault.
pub(crate) fn is_fault(answer: &[u8]) -> bool {
    shep::Envelope::read(answer).is_ok_and(|it| matches!(it.message, shep::Message::Fault(_)))
}

/// Answers `?wsdl` and `?xsd=NAME`.
async fn describe(
    State(ports): State<Ports>,
    Path(port): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let channel = channel(&port).filter(|_| ports.endpoints.contains_key(port.as_str()));
    let host = headers.get(HOST).and_then(|it| it.to_str().ok()).unwrap_or("localhost");
    let found = match (channel, query.as_deref().unwrap_or_default()) {
        (Some(channel), "wsdl") => {
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
