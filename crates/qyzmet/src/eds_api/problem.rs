// SPDX-License-Identifier: MIT OR Apache-2.0
//! Answers, and why there is no verdict (RFC 9457).

use super::words;
use crate::unread::Told;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use web::held::Full;

/// Why there is no verdict: a machine word, and in three languages what is wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    told: Told,
}

impl Problem {
    pub(super) const fn new(status: StatusCode, told: Told) -> Self {
        Self { status, told }
    }
}

impl From<Full> for Problem {
    fn from(it: Full) -> Self {
        match it {
            Full::OfOne => Self::new(StatusCode::TOO_MANY_REQUESTS, words::TOO_MUCH_AT_ONCE),
            Full::OfAll => Self::new(StatusCode::SERVICE_UNAVAILABLE, words::BUSY),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (code, [kk, ru, en]) = self.told;
        let body = serde_json::json!({
            "type": "about:blank",
            "title": en,
            "status": self.status.as_u16(),
            "problem": { "code": code, "sentence": { "kk": kk, "ru": ru, "en": en } },
        });
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
