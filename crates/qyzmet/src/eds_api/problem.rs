// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers, and why there is no verdict (RFC 9457).

use crate::unread::Told;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use web::held::Full;

/// Why there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    /// What a person can mend: the machine word, and the sentence in three languages, as the command line says them.
    told: Option<Told>,
}

impl Problem {
    pub(crate) const fn new(status: StatusCode, title: &'static str) -> Self {
        Self { status, title, told: None }
    }

    pub(super) const fn told(status: StatusCode, told: Told) -> Self {
        let (_, [_, _, title]) = told;
        Self { status, title, told: Some(told) }
    }
}

impl From<Full> for Problem {
    fn from(it: Full) -> Self {
        match it {
            Full::OfOne => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too much at once from this address; wait for the answers and come again",
            ),
            Full::OfAll => Self::new(StatusCode::SERVICE_UNAVAILABLE, "the verifier is busy; come again"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let told = self.told.map(|(code, [kk, ru, en])| {
            serde_json::json!({"code": code, "sentence": {"kk": kk, "ru": ru, "en": en}})
        });
        let mut body = serde_json::json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
        });
        if let (Some(told), Some(fields)) = (told, body.as_object_mut()) {
            fields.insert("problem".to_owned(), told);
        }
        let mut response = answer(self.status, "application/problem+json", body.to_string());
        if let Some(seconds) = retry_after(self.status) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

/// Returns after how many seconds to come again: a minute has begun anew, or what was judged has been answered.
fn retry_after(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some("60"),
        StatusCode::SERVICE_UNAVAILABLE => Some("15"),
        _ => None,
    }
}

pub(super) fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
