// SPDX-License-Identifier: MIT OR Apache-2.0
//! The regulations for people: by situation of life, by body, and by a search that forgives how a word was typed.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{Regulation, ServiceId, Situation, System};
use service::Service;

use super::parts::{Pairs, portal, value};
use super::words_of::{say, situation};
use crate::errors::PageError;
use crate::page::{Page, html};
use crate::search;
use crate::state::State;
use crate::ui::{Field, Link};

/// Situations in the order in which they are shown.
const SITUATIONS: [Situation; 5] = [
    Situation::FamilyAndChildren,
    Situation::IncomeAndAid,
    Situation::Work,
    Situation::DisabilityAndCare,
    Situation::RuralLife,
];

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/regulations", get(show))
}

#[derive(Template)]
#[template(path = "portal/regulations.html")]
struct RegulationsPage {
    page: Page,
    search: Field,
    found: Option<Vec<Card>>,
    situations: Vec<Shelf>,
    bodies: Vec<Shelf>,
}

/// A regulation that was found.
struct Card {
    href: String,
    title: String,
    about: String,
}

/// Regulations under a heading.
struct Shelf {
    title: String,
    links: Vec<Link>,
}

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Query(query): Query<Pairs>,
) -> Result<impl IntoResponse, PageError> {
    let service = portal(&state)?;
    let typed: String = value(&query, "q").trim().chars().take(search::QUERY_CHARS_MAX).collect();
    let asked = search::Query::new(&typed);
    let search = Field::new("q", page.w.rg_search()).hint(page.w.rg_search_hint()).value(typed).optional();
    let found = (!asked.is_empty()).then(|| {
        let card = |it: &Regulation| Card {
            href: page.href(&path(it)),
            title: say(&page, &it.title),
            about: say(&page, &it.outcome),
        };
        asked.find(current(&service)).into_iter().map(card).collect()
    });
    html(&RegulationsPage {
        search,
        found,
        situations: situations(&page, &service),
        bodies: bodies(&page, &service),
        page,
    })
}

/// Returns the path of the page of an edition.
pub(super) fn path(regulation: &Regulation) -> String {
    format!("/regulations/{}/{}", regulation.service.as_str(), regulation.edition.as_str())
}

/// Returns the edition of each service under which new cases open, by their names.
pub(super) fn current(service: &Service) -> Vec<&Regulation> {
    let mut seen: Vec<&ServiceId> = Vec::new();
    for it in &service.settings.regulations {
        if !seen.contains(&&it.service) {
            seen.push(&it.service);
        }
    }
    seen.into_iter().filter_map(|it| service.settings.current(it).map(AsRef::as_ref)).collect()
}

fn situations(page: &Page, service: &Service) -> Vec<Shelf> {
    let all = current(service);
    let shelf = |it: Situation| Shelf {
        title: page.w.of(situation(it)).to_owned(),
        links: all.iter().filter(|one| one.situations.contains(&it)).map(|one| link(page, one)).collect(),
    };
    SITUATIONS.into_iter().map(shelf).filter(|it| !it.links.is_empty()).collect()
}

/// Every body of the region with the editions that it executes.
fn bodies(page: &Page, service: &Service) -> Vec<Shelf> {
    let settings = &service.settings;
    let all = current(service);
    let bodies = settings.organizations.values().filter(|it| it.system == System::Region);
    bodies
        .map(|body| Shelf {
            title: say(page, &body.name),
            links: all
                .iter()
                .filter(|it| body.serves(&it.service))
                .filter_map(|it| settings.current_for(&it.service, &body.id))
                .map(|it| link(page, it))
                .collect(),
        })
        .filter(|it| !it.links.is_empty())
        .collect()
}

fn link(page: &Page, regulation: &Regulation) -> Link {
    Link { href: page.href(&path(regulation)), text: say(page, &regulation.title), about: None }
}
