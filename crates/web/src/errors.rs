// SPDX-License-Identifier: MIT OR Apache-2.0
//! Errors that a person sees: one page in the person's language, whatever went wrong on the way.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State as FromState};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use service::SubmitError;
use tower_http::csrf::ProtectionError;

use crate::lang::Lang;
use crate::page::{Page, address, request_id, without_language};
use crate::room::Room;
use crate::state::State;
use crate::words::Word;

/// Why there is no page. A handler returns it; [`dress`] makes the page in the person's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageError {
    /// Nobody is signed in, or the session has ended: the way to the sign-in page.
    SignIn,
    /// There is no such page, or none that this person may know of.
    NotFound,
    /// The person may not do this.
    Forbidden,
    /// The form came from another site.
    CrossSite,
    /// The request could not be read.
    BadRequest,
    /// Another person was faster.
    Conflict,
    /// More was sent than is taken.
    TooLarge,
    /// Too many requests from one place.
    TooMany,
    /// More is being sent at once than there is room for.
    Busy,
    /// More waits to be read at once than there is room for.
    BusyReading,
    /// We failed; the cause is in the log under the code shown.
    Server,
    /// Something we need does not answer; later it will.
    Unavailable,
}

impl From<SubmitError> for PageError {
    fn from(it: SubmitError) -> Self {
        match it {
            SubmitError::Unknown => Self::NotFound,
            SubmitError::Inadmissible(_) | SubmitError::Changed => Self::Conflict,
            SubmitError::Unavailable(why) => {
                tracing::warn!(why, "a page could not be made");
                Self::Unavailable
            }
            SubmitError::Unusable(why) => {
                tracing::error!(why, "a page could not be made");
                Self::Server
            }
        }
    }
}

/// Paths whose readers are programs: their errors stay as they are.
const FOR_PROGRAMS: [&str; 5] = ["/api/", "/shep/", "/assets/", "/healthz", "/readyz"];
/// When to come again, as the words say: a minute has begun anew, or what was busy is done.
const RETRY_SECONDS: &str = "60";

impl PageError {
    /// Returns the status of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy | Self::BusyReading | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns what happened and what to do next.
    pub fn words(self) -> (Word, Word) {
        match self {
            Self::SignIn => (Word::ErrTitleSession, Word::GSessionOver),
            Self::NotFound => (Word::ErrTitleNotFound, Word::ErrHintNotFound),
            Self::Forbidden => (Word::ErrTitleForbidden, Word::ErrHintForbidden),
            Self::CrossSite => (Word::ErrTitleCrossSite, Word::ErrHintCrossSite),
            Self::BadRequest => (Word::ErrTitleBadRequest, Word::ErrHintBadRequest),
            Self::Conflict => (Word::ErrTitleConflict, Word::ErrHintConflict),
            Self::TooLarge => (Word::ErrTitleTooLarge, Word::ErrHintTooLarge),
            Self::TooMany => (Word::ErrTitleTooMany, Word::ErrHintTooMany),
            Self::Busy => (Word::ErrTitleBusy, Word::ErrHintBusy),
            Self::BusyReading => (Word::ErrTitleBusyReading, Word::ErrHintBusyReading),
            Self::Server => (Word::ErrTitleServer, Word::ErrHintServer),
            Self::Unavailable => (Word::ErrTitleUnavailable, Word::ErrHintUnavailable),
        }
    }

    /// Returns whether something is broken: only then the page shows a code, under which the log says what.
    fn is_failure(self) -> bool {
        matches!(self, Self::Server | Self::Unavailable)
    }

    /// Returns whether the same request may be answered a little later.
    fn passes(self) -> bool {
        matches!(self.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
    }

    /// Tells what a bare answer of a layer or an extractor means.
    fn of(response: &Response) -> Option<Self> {
        if let Some(known) = response.extensions().get::<Self>() {
            return Some(*known);
        }
        if response.extensions().get::<ProtectionError>().is_some() {
            return Some(Self::CrossSite);
        }
        match response.status() {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(Self::Forbidden),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            StatusCode::CONFLICT => Some(Self::Conflict),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::TooMany),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT | StatusCode::BAD_GATEWAY => {
                Some(Self::Unavailable)
            }
            status if status.is_client_error() => Some(Self::BadRequest),
            status if status.is_server_error() => Some(Self::Server),
            _ => None,
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    title: &'static str,
    hint: &'static str,
    code: Option<String>,
}

/// Replaces a bare error by a page in the language of the address, or of the browser.
pub async fn dress(FromState(state): FromState<State>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let wished = Lang::negotiate(request.headers());
    let id = request_id(request.extensions()).to_owned();
    let response = next.run(request).await;
    let Some(error) = PageError::of(&response) else { return response };
    let made_by_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if made_by_page || FOR_PROGRAMS.iter().any(|it| uri.path().starts_with(it)) {
        return response;
    }
    if error.is_failure() {
        tracing::error!(request.id = id, status = error.status().as_u16(), "a page could not be made");
    }
    let lang = Lang::of_path(uri.path()).map_or(wished, |it| it.0);
    let path = if Lang::of_path(uri.path()).is_some() { path_of(&uri) } else { "" };
    if error == PageError::SignIn {
        return sign_in(lang, path, &method);
    }
    page(response, error, Page::bare(&state, lang, path, &id))
}

fn page(bare: Response, error: PageError, page: Page) -> Response {
    let (title, hint) = error.words();
    let (title, hint) = (page.w.of(title), page.w.of(hint));
    let code = error.is_failure().then(|| page.request_id.clone());
    let (mut parts, _) = bare.into_parts();
    parts.status = error.status();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    if error.passes() {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    match (ErrorPage { page, title, hint, code }).render() {
        Ok(text) => (parts.status, parts.headers, Html(text)).into_response(),
        Err(_) => Response::from_parts(parts, Body::empty()),
    }
}

/// To the sign-in page of the room, which leads back when the request was only a reading.
fn sign_in(lang: Lang, path: &str, method: &Method) -> Response {
    let home = Room::of_path(path.trim_start_matches('/')).home().trim_end_matches('/');
    let back = if method == Method::GET { format!("?next={}", query_value(path)) } else { String::new() };
    Redirect::to(&format!("{}{back}", address(lang, &format!("{home}/sign-in")))).into_response()
}

fn path_of(uri: &Uri) -> &str {
    without_language(uri.path_and_query().map_or("/", |it| it.as_str()))
}

/// Percent-encodes what would end or split a query value.
fn query_value(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].iter().filter_map(|it| char::from_digit(u32::from(*it), 16)));
        }
    }
    out
}
