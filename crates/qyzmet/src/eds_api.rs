// SPDX-License-Identifier: MIT OR Apache-2.0
//! `POST /api/eds/verify`: judging files for systems that have no verifier of their own.
//!
//! Nothing is stored and nothing of the content is logged. The answer follows `docs/schemas/eds-report.json`; what goes
//! wrong is told as `application/problem+json` (RFC 9457). Not a certified cryptographic tool.

mod asked;
mod problem;
pub mod words;

use crate::demands::{Demands, Unfit};
use crate::unread::{Told, told};
use asked::{Asked, Received};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Router, routing::post};
use eds::{Context, Evidence, Examination, Kind, Policy, Trust, Unread};
use gateway::source::{Errand, ROUNDS_MAX};
use gateway::{EvidenceSource, Lists};
pub(crate) use problem::Problem;
use problem::answer;
use service::ports::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use web::held::{Held, Space};
use web::limit::{Limiter, Place};

/// Bytes of a request: file and content of eight megabytes each, in base64.
pub const REQUEST_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Requests from one address in a minute.
const REQUESTS_MAX: u32 = 60;
/// How long a request may take to arrive.
pub const ARRIVAL: Duration = Duration::from_secs(20);
/// Requests decoded and files examined at once.
const TURNS_MAX: usize = 2;
/// Requests and their bytes that are held at once; whoever comes beside them is asked to come again.
const ALL: Held = Held { requests: 40, bytes: 64 * 1024 * 1024 };
/// Those of one address.
const OF_ONE: Held = Held { requests: 10, bytes: 32 * 1024 * 1024 };
/// How long evidence is fetched for one request; what has not come by then is named in the answer.
const FETCHING: Duration = Duration::from_secs(15);

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
    /// How long a request may take to arrive; [`ARRIVAL`] but in tests.
    pub arrival: Duration,
}

#[derive(Debug)]
struct Inner {
    api: EdsApi,
    limiter: Limiter,
    space: Arc<Space>,
    turns: Arc<Semaphore>,
}

/// Returns the route.
pub fn router(api: EdsApi) -> Router {
    let limiter = Limiter::new(REQUESTS_MAX);
    let turns = Arc::new(Semaphore::new(TURNS_MAX));
    let space = Arc::new(Space::new(ALL, OF_ONE));
    let inner = Arc::new(Inner { api, limiter, space, turns });
    Router::new()
        .route("/api/eds/verify", post(verify))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .with_state(inner)
}

async fn verify(
    State(inner): State<Arc<Inner>>,
    place: Place,
    request: Request,
) -> Result<Response, Problem> {
    let now = inner.api.clock.now();
    if inner.limiter.admit(place, now).is_err() {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, words::TOO_MANY));
    }
    let stay = inner.space.enter(place)?;
    let late = Problem::new(StatusCode::REQUEST_TIMEOUT, words::LATE);
    let arriving = Received::read(request, stay);
    let received = tokio::time::timeout(inner.api.arrival, arriving).await.map_err(|_| late)??;
    let asked = inner.in_turn(move || received.decoded()).await?;
    let refused = |it: Unfit| Problem::new(StatusCode::BAD_REQUEST, it.told());
    let mut policy = asked.demands.policy(inner.api.trust.clone()).map_err(refused)?;
    policy.evidence_until = Some(now);
    let at = asked.at.unwrap_or(now);
    let found = inner.judge(Arc::new(asked), policy, at).await?;
    let failed = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, words::FAILED);
    let body = serde_json::to_string(&found.report()).map_err(|_| failed)?;
    Ok(answer(StatusCode::OK, "application/json", body))
}

impl Inner {
    /// Judges, fetching what is missing as for the acts of this installation.
    async fn judge(
        &self,
        asked: Arc<Asked>,
        mut policy: Policy,
        at: jiff::Timestamp,
    ) -> Result<Examination, Problem> {
        let mut evidence = Arc::new(asked.evidence.clone());
        // What is fetched must answer our question; what was given, or lies inside, answered another one: it speaks only about
        // certificates of which no responder does.
        gateway::source::ask_with_nonce(&mut policy, &*self.api.source);
        let asking = Arc::new(policy.clone());
        let mut found = self.examined(&asked, &evidence, at, &asking).await?;
        let mut errand = Errand::new(&*self.api.source, self.api.lists.as_deref(), FETCHING);
        for _ in 0..ROUNDS_MAX {
            if errand.fetch(found.verdict.needs(), Arc::make_mut(&mut evidence)).await == 0 {
                break;
            }
            found = self.examined(&asked, &evidence, at, &asking).await?;
        }
        if found.verdict.needs().is_empty() {
            return Ok(found);
        }
        (policy.issuers_sought, policy.answers_sought) = (true, true);
        self.examined(&asked, &evidence, at, &Arc::new(policy)).await
    }

    async fn examined(
        &self,
        asked: &Arc<Asked>,
        evidence: &Arc<Evidence>,
        at: jiff::Timestamp,
        policy: &Arc<Policy>,
    ) -> Result<Examination, Problem> {
        let (asked, evidence, policy) = (Arc::clone(asked), Arc::clone(evidence), Arc::clone(policy));
        self.in_turn(move || {
            let refused = |it: Told| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, it);
            // What is none of the kinds may still be known for something else.
            let unknown = || refused(Unread::of(&asked.file).map_or(words::UNKNOWN, |it| told(&it)));
            let kind = Kind::of(&asked.file).ok_or_else(unknown)?;
            asked.demands.fits(kind, asked.content.is_some()).map_err(|it| refused(it.told()))?;
            let context = Context { evidence: &evidence, at, policy: &policy };
            eds::examine(&asked.file, asked.content.as_deref(), &context).ok_or_else(unknown)
        })
        .await
    }

    /// Works away from the threads that answer people. Nobody waits here for the net with a turn in his hand; whoever
    /// hangs up keeps his turn until the work is done.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let failed = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, words::FAILED);
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| failed)?;
        let working = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        working.await.map_err(|_| failed)?
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::SystemClock;
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::HeaderValue;
    use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
    use base64::Engine as _;
    use eds::Certificate;
    use futures_util::FutureExt as _;
    use gateway::{Addresses, HttpSource};
    use jiff::Timestamp;
    use simulators::ca::{DevCa, Person, SEED_BYTES, Standing};
    use std::net::SocketAddr;
    use tower::ServiceExt as _;

    const NOW: &str = "2026-11-23T05:00:00Z";

    fn api(arrival: Duration) -> Router {
        let source = Arc::new(HttpSource::new(Addresses::default()));
        let clock = Arc::new(SystemClock::new(None));
        router(EdsApi { trust: Trust::default(), source, lists: None, clock, arrival })
    }

    /// A responder that answers, but knows nothing of the person any more.
    #[derive(Debug)]
    struct Forgetful(DevCa);

    #[async_trait::async_trait]
    impl EvidenceSource for Forgetful {
        async fn ocsp(&self, _url: &str, request: &[u8]) -> Option<Vec<u8>> {
            Some(self.0.ocsp(request, NOW.parse().unwrap()))
        }

        async fn crl(&self, _url: &str) -> Option<Vec<u8>> {
            None
        }

        async fn issuer(&self, _urls: &[String]) -> Option<Vec<u8>> {
            None
        }
    }

    #[tokio::test]
    async fn where_a_responder_answered_no_older_answer_speaks_in_its_place() {
        let (now, folder): (Timestamp, _) = (NOW.parse().unwrap(), tempfile::tempdir().unwrap());
        let person = Person {
            name: "forgotten".to_owned(),
            iin: "990101300017".to_owned(),
            surname: "INVENTED".to_owned(),
            given: "PERSON".to_owned(),
            patronymic: None,
            standing: Standing::Individual,
        };
        let made = |name: &str, people: &[Person]| {
            DevCa::from_seed(&folder.path().join(name), now, people, &[7; SEED_BYTES]).unwrap()
        };
        let (old, new) = (made("old", &[person]), made("new", &[]));
        let holder = old.holder("forgotten").unwrap();
        let signed = eds::sign_cms_attached(b"signed", holder.signer(), &old.chain(holder), now).unwrap();
        let authority = Certificate::parse(old.authority_der()).unwrap();
        let asked = eds::ocsp_request(holder.certificate(), &authority, Some(b"an old one")).unwrap();
        let (crls, ocsp) = (vec![old.root_crl(now)], vec![old.ocsp(&asked, now)]);
        let evidence = Evidence { ocsp, crls, ..Evidence::default() };
        let clock = Arc::new(SystemClock::new(Some(now + jiff::SignedDuration::from_secs(1))));
        let (trust, source) = (old.trust().unwrap(), Arc::new(Forgetful(new)));
        let api = router(EdsApi { trust, source, lists: None, clock, arrival: ARRIVAL });
        let file = base64::engine::general_purpose::STANDARD.encode(signed);
        let body = serde_json::json!({ "file": file, "evidence": evidence }).to_string();
        let answer = api.oneshot(request(Body::from(body))).await.unwrap();
        let report = axum::body::to_bytes(answer.into_body(), REQUEST_BYTES_MAX).await.unwrap();
        let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
        assert_eq!(report["outcome"], "indeterminate", "{report}");
        assert!(report.to_string().contains("certificate-not-issued"), "{report}");
    }

    fn request(body: Body) -> Request {
        Request::post("/api/eds/verify").header(CONTENT_TYPE, "application/json").body(body).unwrap()
    }

    fn from(last: usize, mut request: Request) -> Request {
        let address = SocketAddr::from(([192, 0, 2, u8::try_from(last).unwrap()], 443));
        request.extensions_mut().insert(ConnectInfo(address));
        request
    }

    fn endless() -> Request {
        request(Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>()))
    }

    #[tokio::test]
    async fn who_sends_slowly_is_given_up() {
        let answer = api(Duration::from_millis(10)).oneshot(endless()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn when_all_places_are_taken_others_are_asked_to_come_again() {
        let api = api(ARRIVAL);
        let slow = |number: usize| Box::pin(api.clone().oneshot(from(number / OF_ONE.requests, endless())));
        let mut slow: Vec<_> = (0..ALL.requests).map(slow).collect();
        assert!(slow.iter_mut().all(|it| it.as_mut().now_or_never().is_none()));
        let told = async |last| {
            let request = from(last, request(Body::from("{}")));
            let answer = api.clone().oneshot(request).await.unwrap();
            (answer.status(), answer.headers().get(RETRY_AFTER).map(|it| it.to_str().unwrap().to_owned()))
        };
        let after = |seconds: &str| Some(seconds.to_owned());
        assert_eq!(told(0).await, (StatusCode::TOO_MANY_REQUESTS, after("60")), "it has its share");
        assert_eq!(told(99).await, (StatusCode::SERVICE_UNAVAILABLE, after("15")));
        drop(slow);
        assert_eq!(told(0).await, (StatusCode::BAD_REQUEST, None));
    }

    #[tokio::test]
    async fn what_has_arrived_takes_room_until_it_is_answered() {
        use futures_util::{StreamExt as _, stream};
        let api = api(ARRIVAL);
        let begun = || {
            let chunk = Ok::<_, std::io::Error>(vec![b' '; OF_ONE.bytes / 2 + 1]);
            request(Body::from_stream(stream::iter([chunk]).chain(stream::pending())))
        };
        let mut first = Box::pin(api.clone().oneshot(begun()));
        assert!(first.as_mut().now_or_never().is_none());
        let second = api.clone().oneshot(begun()).await.unwrap();
        assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
        drop(first);
        assert!(Box::pin(api.oneshot(begun())).as_mut().now_or_never().is_none());
    }

    #[tokio::test]
    async fn an_empty_field_and_one_that_comes_twice_are_refused_and_never_dropped() {
        let api = api(ARRIVAL);
        let form = |fields: &[(&str, &str)]| {
            let field = |(name, word): &(&str, &str)| {
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{word}\r\n")
            };
            let body: String = fields.iter().map(field).collect();
            ("multipart/form-data; boundary=x", format!("{body}--x--\r\n"))
        };
        let json = |text: &str| ("application/json", text.to_owned());
        for ((kind, body), why) in [
            (json(r#"{"file": "YQ==", "purpose": "applicant", "iin": ""}"#), "a field is empty"),
            (json(r#"{"file": "YQ==", "content": " "}"#), "a field is empty"),
            (
                json(r#"{"file": "YQ==", "iin": "990101300017", "iin": "990101300018"}"#),
                "a field comes twice",
            ),
            (form(&[("file", "a"), ("iin", "")]), "a field is empty"),
            (form(&[("file", "a"), ("content", "")]), "a field is empty"),
            (form(&[("file", "a"), ("file", "b")]), "a field comes twice"),
            (form(&[("file", "a"), ("bin", "990140000019"), ("bin", "990140000020")]), "a field comes twice"),
        ] {
            let mut request = request(Body::from(body));
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            let answer = api.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
            let problem = axum::body::to_bytes(answer.into_body(), REQUEST_BYTES_MAX).await.unwrap();
            let problem: serde_json::Value = serde_json::from_slice(&problem).unwrap();
            assert!(problem["title"].as_str().unwrap().starts_with(why), "{problem}");
        }
    }

    #[tokio::test]
    async fn a_time_to_come_may_be_asked_about() {
        let body = r#"{"file": "PGEvPg==", "at": "2126-01-01T00:00:00Z"}"#;
        let answer = api(ARRIVAL).oneshot(request(Body::from(body))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn json_is_read_as_what_it_should_be_and_never_as_a_tree_of_anything() {
        let many = format!("[{}0]", "0,".repeat(2_000_000));
        let words =
            format!(r#"{{"file": "YQ==", "evidence": {{"crls": [{}""]}}}}"#, "\"\",".repeat(2_000_000));
        for body in [format!(r#"{{"other": {many}}}"#), format!(r#"{{"file": {many}}}"#), words] {
            let answer = api(ARRIVAL).oneshot(request(Body::from(body))).await.unwrap();
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        }
    }
}
