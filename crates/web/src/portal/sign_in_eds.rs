// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sign-in by EDS: a challenge given to this browser is signed in the page; the certificate tells whose account it is. Where
//! accounts claim his IIN that nobody has proved, the person says whether one is his.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use service::Service;
use service::accounts::EdsSignIn;

use super::challenge::{Asked, panel, refused, unjudged};
use super::claimed;
use super::parts::{Pairs, id, next_path, portal, signature, to, value};
use super::sign_in::entered;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::phone::{HandOver, Sheet, Wanted};
use crate::sessions;
use crate::state::State;
use crate::ui::SignPanel;
use crate::words::Word;

/// By this cookie a browser is known to be the one that was given the challenge.
pub(crate) const BROWSER: &str = "__Host-entry";
/// Length of its value.
const SECRET_CHARS: usize = 64;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/sign-in/eds", get(show).post(enter)).route("/sign-in/eds/phone", post(phone))
}

#[derive(Template)]
#[template(path = "portal/sign-in-eds.html")]
struct EdsPage {
    page: Page,
    next: String,
    failure: Option<&'static str>,
    code: Option<String>,
    panel: SignPanel,
}

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let service = portal(&state)?;
    let next = next_path(value(&query, "next"));
    if page.account.is_some() {
        return Ok(to(&page, &next));
    }
    state.limits().challenges.admit(place, page.now)?;
    made(page, &service, jar, (next, None, None)).await
}

/// Shows the page with a new challenge for this browser.
async fn made(
    page: Page,
    service: &Service,
    jar: CookieJar,
    (next, failure, code): (String, Option<Word>, Option<String>),
) -> Result<Response, PageError> {
    let browser = known(&jar).unwrap_or_else(|| service.browser_secret());
    let challenge = service.sign_in_challenge(&browser).await?;
    let asked = Asked {
        action: page.href("/sign-in/eds"),
        button: page.w.sign_in_eds_button(),
        item: ("sign-in", page.w.sign_in_eds_item()),
        phone: "/sign-in/eds/phone",
        iin: None,
        along: vec![("next".to_owned(), next.clone())],
    };
    let panel = panel(&page, &challenge, asked);
    let status = if failure.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = EdsPage { failure: failure.map(|it| page.w.of(it)), code, next, panel, page };
    let jar = jar.add(sessions::closed(BROWSER, browser));
    Ok((status, jar, html(&shown)?).into_response())
}

/// Returns the secret by which a browser is known.
pub(crate) fn known(jar: &CookieJar) -> Option<String> {
    let value = jar.get(BROWSER)?.value();
    let whole = value.len() == SECRET_CHARS && value.bytes().all(|it| it.is_ascii_hexdigit());
    whole.then(|| value.to_owned())
}

async fn enter(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let service = portal(&state)?;
    let next = next_path(value(&form, "next"));
    state.limits().sign_ins.admit(place, page.now)?;
    let challenge = id(value(&form, "challenge"))?;
    let outcome = match (known(&jar), signature(&form, "cms-sign-in")) {
        (Some(browser), Some(cms)) => {
            service.sign_in_by_eds((challenge, &browser), &cms, claimed::said(&form), place.0).await?
        }
        (None, _) => EdsSignIn::Stale,
        (_, None) => EdsSignIn::No(None),
    };
    let (failure, code) = match outcome {
        EdsSignIn::Yes { account, token, first } => {
            let told = if first { Some(Word::SignInEdsFirst) } else { claimed::proved(&form) };
            let flash = told.map(Flash::success);
            return entered(&page, &service, jar.add(gone()), ((account, token), &next, flash)).await;
        }
        EdsSignIn::Claimed(why) => return claimed::ask(page, &form, why),
        EdsSignIn::No(code) => refused(code),
        EdsSignIn::Unknown(code) => unjudged(code),
        EdsSignIn::Stale => (Word::SignInEdsStale, None),
    };
    made(page, &service, jar, (next, Some(failure), code)).await
}

/// Hands the challenge of this browser to a telephone, in every room.
pub(crate) async fn phone(
    page: Page,
    FromState(state): FromState<State>,
    jar: CookieJar,
    Query(query): Query<Pairs>,
    hand: HandOver,
) -> Result<Response, PageError> {
    let service = state.services().of(page.room)?;
    let browser = known(&jar).ok_or(PageError::NotFound)?;
    let challenge = id(value(&query, "challenge"))?;
    let given = service.given_sign_in_challenge(challenge, &browser).await?.ok_or(PageError::NotFound)?;
    let sheet = Sheet { title: page.w.sign_in_eds_item().to_owned(), bytes: given.bytes };
    let wanted = Wanted { does: Word::PhoneDoesSignIn, sheets: vec![sheet], iin: None, bin: None };
    hand.over(&page, wanted).await
}

/// Returns the cookie that ends it.
pub(crate) fn gone() -> axum_extra::extract::cookie::Cookie<'static> {
    let mut cookie = sessions::closed(BROWSER, String::new());
    cookie.make_removal();
    cookie
}
