// SPDX-License-Identifier: MIT OR Apache-2.0
//! `POST /api/eds/verify`: judging files for systems that have no verifier of their own.
//!
//! Nothing is stored and nothing of the content is logged. The answer follows `docs/schemas/eds-report.json`; what goes
//! wrong is told as `application/problem+json` (RFC 9457). Not a certified cryptographic tool.

mod asked;

use crate::demands::Demands;
use asked::Asked;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use eds::{Context, Evidence, Examination, Policy, Trust};
use gateway::{EvidenceSource, Lists};
use service::ports::Clock;
use std::sync::Arc;
use tokio::sync::Semaphore;
use web::limit::{Limiter, Place};

/// Bytes of a request: file and content of eight megabytes each, in base64.
pub const REQUEST_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Requests from one address in a minute.
const REQUESTS_MAX: u32 = 60;
/// Files judged at once.
const JUDGED_AT_ONCE_MAX: usize = 2;

/// What judging needs.
#[derive(Debug)]
pub struct EdsApi {
    /// The installed roots.
    pub trust: Trust,
    /// Where evidence comes from.
    pub source: Arc<dyn EvidenceSource>,
    /// The lists that are kept.
    pub lists: Option<Arc<Lists>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Inner {
    api: EdsApi,
    limiter: Limiter,
    turns: Semaphore,
}

/// Returns the route.
pub fn router(api: EdsApi) -> Router {
    let limiter = Limiter::new(REQUESTS_MAX);
    let inner = Arc::new(Inner { api, limiter, turns: Semaphore::new(JUDGED_AT_ONCE_MAX) });
    Router::new()
        .route("/api/eds/verify", post(verify))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .with_state(inner)
}

/// Why there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
}

impl Problem {
    pub(crate) const fn new(status: StatusCode, title: &'static str) -> Self {
        Self { status, title }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
        });
        answer(self.status, "application/problem+json", body.to_string())
    }
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn verify(
    State(inner): State<Arc<Inner>>,
    place: Place,
    request: Request,
) -> Result<Response, Problem> {
    let now = inner.api.clock.now();
    if inner.limiter.admit(place, now).is_err() {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests from this address"));
    }
    let asked = Asked::read(request).await?;
    let refused = |title| Problem::new(StatusCode::BAD_REQUEST, title);
    let mut policy = asked.demands.policy(inner.api.trust.clone()).map_err(refused)?;
    policy.evidence_until = Some(now);
    let busy = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the verifier is stopping");
    let _turn = inner.turns.acquire().await.map_err(|_| busy)?;
    let found = inner.judge(Arc::new(asked), policy, now).await?;
    let failed = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the verdict cannot be written");
    let body = serde_json::to_string(&found.report()).map_err(|_| failed)?;
    Ok(answer(StatusCode::OK, "application/json", body))
}

impl Inner {
    /// Judges, fetching what is missing as for the acts of this installation.
    async fn judge(
        &self,
        asked: Arc<Asked>,
        policy: Policy,
        now: jiff::Timestamp,
    ) -> Result<Examination, Problem> {
        let at = asked.at.unwrap_or(now);
        let policy = Arc::new(policy);
        let mut evidence = asked.evidence.clone();
        let mut found = examined(&asked, &evidence, at, &policy).await?;
        for _ in 0..gateway::source::ROUNDS_MAX {
            let needs = found.verdict.needs().to_vec();
            let lists = self.api.lists.as_deref();
            let met = gateway::source::fetch(&*self.api.source, lists, &needs, &mut evidence).await;
            if met == 0 {
                break;
            }
            found = examined(&asked, &evidence, at, &policy).await?;
        }
        Ok(found)
    }
}

/// Examines away from the threads that answer people.
async fn examined(
    asked: &Arc<Asked>,
    evidence: &Evidence,
    at: jiff::Timestamp,
    policy: &Arc<Policy>,
) -> Result<Examination, Problem> {
    let (asked, evidence, policy) = (Arc::clone(asked), evidence.clone(), Arc::clone(policy));
    let work = move || {
        let context = Context { evidence: &evidence, at, policy: &policy };
        eds::examine(&asked.file, asked.content.as_deref(), &context)
    };
    let failed = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the file could not be judged");
    let unusable = Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "the file is no signature, certificate, time stamp, OCSP response or revocation list",
    );
    tokio::task::spawn_blocking(work).await.map_err(|_| failed)?.ok_or(unusable)
}

/// Returns the demands in the words of the service.
pub(crate) fn demands(words: impl Fn(&str) -> Option<String>) -> Demands {
    Demands {
        purpose: words("purpose").unwrap_or_default(),
        iin: words("iin"),
        bin: words("bin"),
        role: words("role"),
    }
}
