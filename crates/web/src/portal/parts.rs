// SPDX-License-Identifier: MIT OR Apache-2.0
//! What several pages of the portal need: pairs of a form, the citizen behind a page, the way back.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use service::Service;
use uuid::Uuid;

use crate::errors::PageError;
use crate::page::{Page, html};
use crate::room::Room;
use crate::state::State;

/// Names and values of a form or a query, in their order.
pub(crate) type Pairs = Vec<(String, String)>;

/// Returns the first value of a name; empty when there is none.
pub(crate) fn value<'a>(pairs: &'a Pairs, name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// Returns the portal's service.
pub(super) fn portal(state: &State) -> Result<Arc<Service>, PageError> {
    state.services().of(Room::Portal).cloned()
}

/// Answers with a page whose form has mistakes.
pub(super) fn unprocessable(template: &impl Template) -> Result<Response, PageError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(template)?).into_response())
}

/// Goes to a page of the same language.
pub(super) fn to(page: &Page, path: &str) -> Response {
    Redirect::to(&page.href(path)).into_response()
}

/// Returns the path to go to next, without the language: one of ours, or the cabinet.
pub(super) fn next_path(next: &str) -> String {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if ours { next.to_owned() } else { "/cabinet".to_owned() }
}

/// Returns an id from a path; whoever types nonsense finds nothing.
pub(crate) fn id(text: &str) -> Result<Uuid, PageError> {
    Uuid::parse_str(text).map_err(|_| PageError::NotFound)
}

/// Reads the signature that the script put into the form.
pub(crate) fn signature(pairs: &Pairs, name: &str) -> Option<Vec<u8>> {
    let text: String = value(pairs, name).chars().filter(|it| !it.is_ascii_whitespace()).collect();
    STANDARD.decode(text).ok().filter(|it| !it.is_empty())
}

/// Returns bytes as text for the page.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Answers with a file; `save_as` makes the browser keep it instead of showing it.
pub(super) fn file(bytes: Vec<u8>, media_type: &'static str, save_as: Option<&str>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    let kept =
        save_as.and_then(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).ok());
    headers.insert(CONTENT_DISPOSITION, kept.unwrap_or(HeaderValue::from_static("inline")));
    response
}
