// SPDX-License-Identifier: MIT OR Apache-2.0
//! The port of signing by a telephone, with another application behind it than the simulated one.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use tower::ServiceExt;
use web::phone::{Answer, Asked, Handed, NotHanded, Telephone};
use web::sessions::{Account, SessionId, Sessions, SessionsUnavailable};
use web::{Lang, Room, State};

const FORM: &str = "bytes-application=AA%3D%3D&title-application=Request&iin=900101400016&bin=990140000012";

/// Nobody is signed in.
#[derive(Debug)]
struct Nobody;

#[async_trait]
impl Sessions for Nobody {
    async fn load(&self, _: Room, _: &SessionId) -> Result<Option<Account>, SessionsUnavailable> {
        Ok(None)
    }
}

/// An application that has signed at once; without an IIN it does not answer.
#[derive(Default)]
struct Other {
    asked: Mutex<Vec<Asked>>,
}

#[async_trait]
impl Telephone for Other {
    async fn ask(&self, asked: Asked, _: Timestamp) -> Result<Handed, NotHanded> {
        if asked.iin.is_none() {
            return Err(NotHanded::Unavailable);
        }
        self.asked.lock().expect("a lock").push(asked);
        Ok(Handed { address: "https://telephone.test/code".to_owned(), reader: "secret".to_owned() })
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

fn handing_over(form: &'static str) -> Request<Body> {
    Request::post("/ru/phone")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .expect("a request")
}

fn reading(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn whoever_stands_behind_the_port_is_handed_the_documents_and_asked_for_the_signatures() {
    let other = Arc::new(Other::default());
    let state = production().with_telephone(other.clone());
    let (status, text) = ask(&state, handing_over(FORM)).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let told: serde_json::Value = serde_json::from_str(&text).expect("an object");
    assert_eq!(told["address"], "https://telephone.test/code");
    assert_eq!(told["answer"], "/ru/phone/secret/answer");
    assert!(told["picture"].as_str().expect("a picture").starts_with("data:image/svg+xml;base64,"));

    let asked = other.asked.lock().expect("a lock").pop().expect("it was asked");
    assert_eq!((asked.iin.as_deref(), asked.bin.as_deref()), (Some("900101400016"), Some("990140000012")));
    assert_eq!((asked.lang, asked.sheets.len()), (Lang::Ru, 1));
    assert_eq!((asked.sheets[0].title.as_str(), asked.sheets[0].bytes.as_str()), ("Request", "AA=="));
    assert!(!format!("{asked:?}").contains("900101400016"));

    let (status, text) = ask(&state, reading("/ru/phone/secret/answer")).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "[\"AAAA\"]"));
    assert_eq!(ask(&state, reading("/ru/phone/another/answer")).await.0, StatusCode::NOT_FOUND);
    let (status, _) = ask(&state, handing_over("bytes-application=AA%3D%3D")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    // The pages of the simulated application are the demonstration's.
    assert_eq!(ask(&state, reading("/ru/phone/secret")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_no_telephone_is_connected_nothing_is_handed_over() {
    let state = production();
    assert_eq!(ask(&state, handing_over(FORM)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&state, reading("/ru/phone/secret/answer")).await.0, StatusCode::NOT_FOUND);
}
