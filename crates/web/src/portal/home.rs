// SPDX-License-Identifier: MIT OR Apache-2.0
//! The first page and the list of services.

use askama::Template;
use axum::Router;
use axum::extract::{self, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{Channel, Regulation};

use super::parts::{Pairs, portal, value};
use super::regulations::current;
use super::words_of::say;
use crate::errors::PageError;
use crate::page::{Page, html};
use crate::search::{QUERY_CHARS_MAX, Query};
use crate::state::State;
use crate::ui::Field;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/", get(home)).route("/services", get(services))
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    page: Page,
    first: bool,
    search: Field,
    found: Option<usize>,
    cards: Vec<Card>,
}

struct Card {
    href: String,
    title: String,
    about: String,
    /// Whether it can be applied for here.
    here: bool,
}

async fn home(
    page: Page,
    FromState(state): FromState<State>,
    extract::Query(query): extract::Query<Pairs>,
) -> Result<impl IntoResponse, PageError> {
    show(page, &state, &query, true)
}

async fn services(
    page: Page,
    FromState(state): FromState<State>,
    extract::Query(query): extract::Query<Pairs>,
) -> Result<impl IntoResponse, PageError> {
    show(page, &state, &query, false)
}

fn show(
    page: Page,
    state: &State,
    query: &Pairs,
    first: bool,
) -> Result<impl IntoResponse + use<>, PageError> {
    let service = portal(state)?;
    let wanted: String = value(query, "q").trim().chars().take(QUERY_CHARS_MAX).collect();
    let asked = Query::new(&wanted);
    let shown = if asked.is_empty() { current(&service) } else { asked.find(current(&service)) };
    let card = |it: &Regulation| Card {
        href: page.href(&format!("/services/{}", it.service.as_str())),
        title: say(&page, &it.title),
        about: say(&page, &it.outcome),
        here: it.intake(Channel::Portal).is_some(),
    };
    let cards: Vec<Card> = shown.into_iter().map(card).collect();
    let search = Field::new("q", page.w.home_search()).value(wanted.clone()).optional();
    let found = (!asked.is_empty()).then_some(cards.len());
    html(&HomePage { page, first, search, found, cards })
}
