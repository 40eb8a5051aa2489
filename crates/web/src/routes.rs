// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which address leads where.

use axum::Router;
use axum::extract::{OriginalUri, Request, State as FromState};
use axum::http::header::VARY;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::errors::PageError;
use crate::lang::Lang;
use crate::page::address;
use crate::state::State;
use crate::{admin, assets, center, components, layers, phone, portal, region};

/// Returns the foundation alone: assets, health, error pages, and the layers around them.
pub fn router(state: State) -> Router {
    router_with(state, Router::new())
}

/// Returns the program: the pages of every role.
pub fn app(state: State) -> Router {
    router_with(
        state,
        portal::routes().merge(center::routes()).merge(region::routes()).merge(admin::routes()),
    )
}

/// Like [`router`], with pages of roles added; their paths are written without the language.
pub fn router_with(state: State, pages: Router<State>) -> Router {
    let pages = pages.merge(own_pages(&state));
    let mut all = Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(|| async { "lives\n" }))
        .route("/readyz", get(ready))
        .fallback(without_language);
    for lang in Lang::ALL {
        all = all.nest(&format!("/{}", lang.code()), pages.clone());
    }
    layers::around(all, &state).with_state(state)
}

/// Whether every role's store answers: a reading that finds nothing is enough.
async fn ready(FromState(state): FromState<State>) -> (StatusCode, &'static str) {
    let services = state.services();
    for service in services.all().chain(services.admin.iter().map(|it| &it.accounts)) {
        if service.session("").await.is_err() {
            return (StatusCode::SERVICE_UNAVAILABLE, "a store does not answer");
        }
    }
    (StatusCode::OK, "ready")
}

/// Pages that belong to no role: the port of a telephone, where one is connected; the component page and the simulated
/// telephone, in the demonstration only.
fn own_pages(state: &State) -> Router<State> {
    let mut pages = Router::new();
    if state.telephone().is_some() {
        pages = pages.merge(phone::routes());
    }
    if state.demo().is_some() {
        pages = pages.merge(components::routes()).merge(phone::simulated_routes());
    }
    pages
}

/// An address without a language leads to the same one in the browser's language.
async fn without_language(OriginalUri(uri): OriginalUri, headers: HeaderMap, request: Request) -> Response {
    if let Some((lang, "")) = Lang::of_path(uri.path()).filter(|_| uri.path().ends_with('/')) {
        return Redirect::permanent(&address(lang, "")).into_response();
    }
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    if Lang::of_path(uri.path()).is_some() || !reads {
        return PageError::NotFound.into_response();
    }
    let path = uri.path_and_query().map_or("/", |it| it.as_str());
    // A path that begins with two strokes would be read as another host.
    let path = format!("/{}", path.trim_start_matches(['/', '\\']));
    let mut response = Redirect::temporary(&address(Lang::negotiate(&headers), &path)).into_response();
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept-language"));
    response
}
