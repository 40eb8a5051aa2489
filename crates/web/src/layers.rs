// SPDX-License-Identifier: MIT OR Apache-2.0
//! What stands around every page: request code, packing, headers, error pages, limits, protection of forms.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::arriving;
use crate::errors::{PageError, dress};
use crate::flash::{self, Flash};
use crate::state::State;
use crate::unread;

/// A form without files may be this long; a page that takes files raises it with `DefaultBodyLimit::max`.
pub const FORM_BYTES_MAX: usize = 1024 * 1024;
/// No request at all may be longer. Above the limit of a file, so that a page can say which file is too large.
pub const REQUEST_BYTES_MAX: usize = 64 * 1024 * 1024;
/// A page that takes longer is given up.
pub const PAGE_SECONDS_MAX: u64 = 30;
/// Scripts, styles and images are ours only; `NCALayer`, the national signing program, is met at its fixed address.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; connect-src 'self' wss://127.0.0.1:13579; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=(), payment=()"),
    (REFERRER_POLICY, "same-origin"),
];

/// Puts the layers around the pages; the last named is the outermost.
pub fn around(pages: Router<State>, state: &State) -> Router<State> {
    pages
        .layer(from_fn(unread::bounded))
        .layer(from_fn(arriving::bounded))
        .layer(from_fn(read_flash_once))
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(RequestBodyLimitLayer::new(REQUEST_BYTES_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(PAGE_SECONDS_MAX),
        ))
        .layer(from_fn_with_state(state.clone(), dress))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(from_fn(headers))
        .layer(CompressionLayer::new())
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The message of a redirect is forgotten as soon as a page has shown it; what a script fetches shows nothing to anybody.
async fn read_flash_once(request: Request, next: Next) -> Response {
    let by_script = request.headers().get("sec-fetch-dest").is_some_and(|it| it == "empty");
    let shown = request.method() == Method::GET
        && !by_script
        && Flash::read(&CookieJar::from_headers(request.headers())).is_some();
    let mut response = next.run(request).await;
    let is_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if shown
        && is_page
        && response.status().is_success()
        && let Ok(cookie) = HeaderValue::from_str(&flash::Flash::removal().to_string())
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// What panicked is not shown to the person and, since it may hold personal data, not logged.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    PageError::Server.into_response()
}
