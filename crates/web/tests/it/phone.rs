// SPDX-License-Identifier: MIT OR Apache-2.0
//! The port of signing by a telephone, with another application behind it than the simulated one.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use tower::ServiceExt;
use web::phone::{Answer, Asked, Handed, NotHanded, Telephone};
use web::sessions::{Account, SessionId, Sessions, SessionsUnavailable};
use web::{Room, State};

/// Nobody is signed in.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Sessions for Nobody {
    async fn load(&self, _: Room, _: &SessionId) -> Result<Option<Account>, SessionsUnavailable> {
        Ok(None)
    }
}

/// An application that has signed at once.
struct Other;

#[async_trait]
impl Telephone for Other {
    async fn ask(&self, _: Asked, _: Timestamp) -> Result<Handed, NotHanded> {
        Err(NotHanded::Unavailable)
    }

    async fn answer(&self, reader: &str, _: Timestamp) -> Answer {
        if reader == "secret" { Answer::Signed(vec!["AAAA".to_owned()]) } else { Answer::Gone }
    }
}

fn noon() -> Timestamp {
    "2026-11-21T07:00:00Z".parse().expect("an instant")
}

fn production() -> State {
    State::without_services(Arc::new(Nobody), noon, None)
}

async fn ask(state: &State, request: Request<Body>) -> (StatusCode, String) {
    let response = web::router(state.clone()).oneshot(request).await.expect("an answer");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

fn reading(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn whoever_stands_behind_the_port_is_asked_for_the_signatures() {
    let state = production().with_telephone(Arc::new(Other));
    let (status, text) = ask(&state, reading("/ru/phone/secret/answer")).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "[\"AAAA\"]"));
    assert_eq!(ask(&state, reading("/ru/phone/another/answer")).await.0, StatusCode::NOT_FOUND);
    // The pages of the simulated application are the demonstration's.
    assert_eq!(ask(&state, reading("/ru/phone/secret")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_no_telephone_is_connected_nothing_is_asked() {
    assert_eq!(ask(&production(), reading("/ru/phone/secret/answer")).await.0, StatusCode::NOT_FOUND);
}
