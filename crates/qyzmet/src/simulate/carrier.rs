// SPDX-License-Identifier: MIT OR Apache-2.0
//! Carrying the answers of a simulated register over HTTP, as badly as its switches say.

use super::{QUESTION_BYTES_MAX, QUESTIONS_AT_ONCE_MAX, SIMULATED_HEADER};
use crate::serve::is_fault;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use service::ports::Clock;
use simulators::faults::Carry;
use simulators::{Faults, Register};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// How long an answer that is to be exchanged waits for another question.
const EXCHANGE_WAIT: Duration = Duration::from_secs(2);
/// Bytes of the switches that are read.
const FAULTS_BYTES_MAX: usize = 4 * 1024;

/// A register and how it is carried.
#[derive(Debug)]
pub(super) struct Carrier {
    id: String,
    register: Arc<dyn Register>,
    clock: Arc<dyn Clock>,
    turns: Semaphore,
    state: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    faults: Faults,
    /// Questions since the start.
    answered: u64,
    /// Questions since the switches were set.
    number: u64,
    /// The answer that was given last.
    before: Option<Vec<u8>>,
    /// An answer that waits to be exchanged, and where the other one goes.
    waiting: Option<(Vec<u8>, oneshot::Sender<Vec<u8>>)>,
}

impl Carrier {
    pub(super) fn new(
        id: &str,
        register: Arc<dyn Register>,
        clock: Arc<dyn Clock>,
        faults: Faults,
    ) -> Arc<Self> {
        register.set(faults.answer);
        let state = Mutex::new(Kept { faults, ..Kept::default() });
        Arc::new(Self {
            id: id.to_owned(),
            register,
            clock,
            turns: Semaphore::new(QUESTIONS_AT_ONCE_MAX),
            state,
        })
    }

    fn kept<T>(&self, with: impl FnOnce(&mut Kept) -> T) -> T {
        with(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, faults: Faults) {
        self.register.set(faults.answer);
        self.kept(|it| {
            it.faults = faults;
            it.number = 0;
        });
    }

    /// Returns the switches, and what is to be done with the next answer.
    fn next(&self) -> (Faults, Carry) {
        self.kept(|it| {
            let carry = it.faults.carry(it.number);
            it.number = it.number.wrapping_add(1);
            it.answered = it.answered.wrapping_add(1);
            (it.faults, carry)
        })
    }

    /// Gives the answer to the question that waits and takes its answer; one that stays alone gets its own.
    async fn exchange(&self, answer: Vec<u8>) -> Vec<u8> {
        let (sender, other) = oneshot::channel();
        let met = self.kept(|it| {
            let met = it.waiting.take();
            if met.is_none() {
                it.waiting = Some((answer.clone(), sender));
            }
            met
        });
        if let Some((theirs, to)) = met {
            // Who waited may have gone: then nobody gets this one.
            let _gone = to.send(answer);
            return theirs;
        }
        match tokio::time::timeout(EXCHANGE_WAIT, other).await {
            Ok(Ok(theirs)) => theirs,
            Ok(Err(_)) => answer,
            Err(_) => {
                // Only what waits for us: another question may wait by now.
                self.kept(|it| drop(it.waiting.take_if(|it| it.1.is_closed())));
                answer
            }
        }
    }

    fn marked(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        if let Ok(code) = HeaderValue::from_str(self.register.code()) {
            response.headers_mut().insert(HeaderName::from_static(SIMULATED_HEADER), code);
        }
        response
    }
}

/// Returns the routes.
pub(super) fn router(carrier: Arc<Carrier>) -> Router {
    Router::new()
        .route("/shep/sync", post(answer).layer(DefaultBodyLimit::max(QUESTION_BYTES_MAX)))
        .route("/faults", post(set_faults).get(faults).layer(DefaultBodyLimit::max(FAULTS_BYTES_MAX)))
        .route("/healthz", get(health))
        .with_state(carrier)
}

async fn health(State(carrier): State<Arc<Carrier>>) -> Response {
    let answered = carrier.kept(|it| it.answered);
    let told = serde_json::json!({
        "register": carrier.id,
        "code": carrier.register.code(),
        "simulated": true,
        "answered": answered,
    });
    carrier.marked(Json(told))
}

async fn faults(State(carrier): State<Arc<Carrier>>) -> Response {
    carrier.marked(Json(carrier.kept(|it| it.faults)))
}

async fn set_faults(
    State(carrier): State<Arc<Carrier>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(faults): Json<Faults>,
) -> Response {
    if !from.ip().to_canonical().is_loopback() {
        return carrier.marked((StatusCode::FORBIDDEN, "switches are taken from this machine only"));
    }
    match faults.check() {
        Ok(faults) => {
            carrier.set(faults);
            carrier.marked(Json(faults))
        }
        Err(why) => carrier.marked((StatusCode::UNPROCESSABLE_ENTITY, why.to_string())),
    }
}

async fn answer(State(carrier): State<Arc<Carrier>>, question: Bytes) -> Response {
    let Ok(_turn) = carrier.turns.try_acquire() else {
        return carrier.marked((StatusCode::SERVICE_UNAVAILABLE, "too many questions at once"));
    };
    let (faults, carry) = carrier.next();
    tokio::time::sleep(Duration::from_millis(faults.delay_ms)).await;
    if let Carry::Status(status) = carry {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        return carrier.marked((status, "a simulated failure"));
    }
    if let (Carry::Before, Some(before)) = (carry, carrier.kept(|it| it.before.clone())) {
        return carrier.marked(envelope(status_of(&before), before.len(), before.into()));
    }
    let (register, now) = (Arc::clone(&carrier.register), carrier.clock.now());
    let made = tokio::task::spawn_blocking(move || register.answer(&question, now)).await;
    let made = made.unwrap_or_default();
    let status = status_of(&made);
    carrier.kept(|it| it.before = Some(made.clone()));
    carrier.marked(match carry {
        Carry::Exchanged => {
            let theirs = carrier.exchange(made).await;
            envelope(status_of(&theirs), theirs.len(), theirs.into())
        }
        Carry::Truncated => envelope(status, made.len(), half(made)),
        Carry::Whole | Carry::Before | Carry::Status(_) => envelope(status, made.len(), made.into()),
    })
}

/// Returns a body that ends in its middle; the connection is broken there.
fn half(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    Body::from_stream(futures_util::stream::iter([Ok(Bytes::from(bytes)), Err(broken)]))
}

/// A fault comes with status 500, as SOAP 1.1 wants over HTTP.
fn status_of(answer: &[u8]) -> StatusCode {
    if is_fault(answer) { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK }
}

fn envelope(status: StatusCode, length: usize, body: Body) -> Response {
    let kind = (CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
    (status, [kind, (CONTENT_LENGTH, HeaderValue::from(length))], body).into_response()
}
