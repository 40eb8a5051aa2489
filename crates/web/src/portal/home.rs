// SPDX-License-Identifier: MIT OR Apache-2.0
//! The first page and the list of services.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{Regulation, ServiceId};
use service::Service;

use super::parts::{Pairs, portal, value};
use super::words_of::say;
use crate::errors::PageError;
use crate::page::{Page, html};
use crate::state::State;
use crate::ui::Field;

/// Longest query that is searched for, in characters.
const QUERY_CHARS_MAX: usize = 200;

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
}

async fn home(
    page: Page,
    FromState(state): FromState<State>,
    Query(query): Query<Pairs>,
) -> Result<impl IntoResponse, PageError> {
    show(page, &state, &query, true)
}

async fn services(
    page: Page,
    FromState(state): FromState<State>,
    Query(query): Query<Pairs>,
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
    let cards: Vec<Card> = current(&service)
        .filter(|it| matches(it, &wanted))
        .map(|it| Card {
            href: page.href(&format!("/services/{}", it.service.as_str())),
            title: say(&page, &it.title),
            about: say(&page, &it.outcome),
        })
        .collect();
    let search = Field::new("q", page.w.home_search()).value(wanted.clone()).optional();
    let found = (!wanted.is_empty()).then_some(cards.len());
    html(&HomePage { page, first, search, found, cards })
}

/// Returns the edition of each service under which new cases open.
fn current(service: &Service) -> impl Iterator<Item = &Regulation> {
    let mut seen: Vec<&ServiceId> = Vec::new();
    for it in &service.settings.regulations {
        if !seen.contains(&&it.service) {
            seen.push(&it.service);
        }
    }
    seen.into_iter().filter_map(|it| service.settings.current(it).map(AsRef::as_ref))
}

/// Every word of the query must stand somewhere in the name or the promise, in any of the languages.
fn matches(regulation: &Regulation, query: &str) -> bool {
    let texts = [&regulation.title, &regulation.outcome];
    let all: String =
        texts.iter().flat_map(|it| [&it.kk, &it.ru, &it.en]).fold(String::new(), |mut all, it| {
            all.push_str(&it.to_lowercase());
            all.push('\n');
            all
        });
    query.to_lowercase().split_whitespace().all(|word| all.contains(word))
}
