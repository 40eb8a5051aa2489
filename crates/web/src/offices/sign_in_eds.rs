// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing in to a workplace by EDS: the login names the account, the key must be its holder's. Whether there is such an
//! account is not told.

use askama::Template;
use axum::extract::{Form, Query, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use service::Service;
use service::accounts::EdsSignIn;

use super::sign_in::within_room;
use crate::advice;
use crate::errors::PageError;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::portal::challenge::{Asked, panel};
use crate::portal::parts::{Pairs, id, signature, value};
pub(crate) use crate::portal::sign_in_eds::phone;
use crate::portal::sign_in_eds::{BROWSER, gone, known};
use crate::services::{admits, begun};
use crate::sessions;
use crate::state::State;
use crate::ui::{Field, SignPanel};
use crate::words::Word;

/// Longest login.
const LOGIN_CHARS_MAX: u32 = 100;

#[derive(Template)]
#[template(path = "offices/sign-in-eds.html")]
struct EdsPage {
    page: Page,
    next: String,
    failure: Option<&'static str>,
    login: Field,
    /// The challenge, once the login was given.
    panel: Option<SignPanel>,
}

/// Asks for the login, then shows the challenge for it.
pub async fn show(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let service = state.services().of(page.room)?;
    let next = within_room(&page, value(&query, "next"));
    if page.account.is_some() {
        return Ok(Redirect::to(&page.href(&next)).into_response());
    }
    let login = value(&query, "login").trim().to_lowercase();
    if !login.is_empty() {
        state.limits().challenges.admit(place, page.now)?;
    }
    made(page, service, jar, (login, next, None)).await
}

async fn made(
    page: Page,
    service: &Service,
    jar: CookieJar,
    (login, next, failure): (String, String, Option<Word>),
) -> Result<Response, PageError> {
    let browser = known(&jar).unwrap_or_else(|| service.browser_secret());
    let panel = if login.is_empty() {
        None
    } else {
        let challenge = service.sign_in_challenge(&browser).await?;
        let phone = format!("{}/sign-in/eds/phone", page.room.home().trim_end_matches('/'));
        let asked = Asked {
            action: format!("{}/eds", page.sign_in_address()),
            button: page.w.sign_in_eds_button(),
            item: ("sign-in", page.w.sign_in_eds_item()),
            phone: &phone,
            iin: None,
            along: vec![("login".to_owned(), login.clone()), ("next".to_owned(), next.clone())],
        };
        Some(panel(&page, &challenge, asked))
    };
    let field = Field::new("login", page.w.signin_login())
        .hint(page.w.off_eds_login_hint())
        .value(&login)
        .autocomplete("username")
        .max_length(LOGIN_CHARS_MAX)
        .width(20);
    let status = if failure.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = EdsPage { failure: failure.map(|it| page.w.of(it)), login: field, next, panel, page };
    Ok((status, jar.add(sessions::closed(BROWSER, browser)), html(&shown)?).into_response())
}

/// Signs in.
pub async fn enter(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let service = state.services().of(page.room)?;
    let next = within_room(&page, value(&form, "next"));
    let login = value(&form, "login").to_lowercase();
    state.limits().sign_ins.admit(place, page.now)?;
    let challenge = id(value(&form, "challenge"))?;
    let outcome = match (known(&jar), signature(&form, "cms-sign-in")) {
        (Some(browser), Some(cms)) => {
            service.sign_in_official_by_eds(&login, (challenge, &browser), &cms, place.0).await?
        }
        (None, _) => EdsSignIn::Stale,
        (_, None) => EdsSignIn::No(None),
    };
    let failure = match outcome {
        EdsSignIn::Yes { token, .. } => {
            let official = service.official(&login).await?;
            if !official.is_some_and(|it| admits(page.room, &it)) {
                service.sign_out(&token).await?;
                return Err(PageError::Forbidden);
            }
            let jar = begun(service, jar.add(gone()), page.room, token).await?;
            return Ok((jar, Redirect::to(&page.href(&next))).into_response());
        }
        EdsSignIn::No(_) | EdsSignIn::Claimed(_) => Word::OffEdsRefused,
        EdsSignIn::Unknown(code) => advice::of_unjudged(code.as_deref()),
        EdsSignIn::Stale => Word::SignInEdsStale,
    };
    made(page, service, jar, (login, next, Some(failure))).await
}
