// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sign-in by EDS: a challenge given to this browser is signed in the page; the certificate tells whose account it is.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use service::Service;
use service::accounts::EdsSignIn;

use super::parts::{Pairs, base64, id, next_path, portal, signature, to, value};
use super::sign_in::restore;
use super::words_of;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::room::Room;
use crate::sessions::{self, SessionId};
use crate::state::State;
use crate::ui::{SignContent, SignItem, SignPanel};
use crate::words::Word;

/// By this cookie a browser is known to be the one that was given the challenge.
const BROWSER: &str = "__Host-entry";
/// Length of its value.
const SECRET_CHARS: usize = 64;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/sign-in/eds", get(show).post(enter))
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
    let panel = SignPanel {
        action: page.href("/sign-in/eds"),
        button: page.w.sign_in_eds_button().to_owned(),
        items: vec![SignItem {
            id: "sign-in".to_owned(),
            title: page.w.sign_in_eds_item().to_owned(),
            view: None,
            content: SignContent::Bytes(base64(&challenge.bytes)),
        }],
        iin: None,
        bin: None,
        any_authority: page.demo.is_some(),
        phone: page.phone(),
        sends: false,
        hidden: vec![("challenge".to_owned(), challenge.id.to_string()), ("next".to_owned(), next.clone())],
    };
    let status = if failure.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = EdsPage { failure: failure.map(|it| page.w.of(it)), code, next, panel, page };
    let jar = jar.add(sessions::closed(BROWSER, browser));
    Ok((status, jar, html(&shown)?).into_response())
}

fn known(jar: &CookieJar) -> Option<String> {
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
        (Some(browser), Some(cms)) => service.sign_in_by_eds(challenge, &browser, &cms, place.0).await?,
        (None, _) => EdsSignIn::Stale,
        (_, None) => EdsSignIn::No(None),
    };
    let (failure, code) = match outcome {
        EdsSignIn::Yes { account, token, first } => {
            let id = SessionId::new(token).ok_or(PageError::Server)?;
            let jar = jar.add(sessions::cookie(Room::Portal, &id)).add(gone());
            let restored = restore(&service, &account).await;
            let flash = match (&restored, first) {
                (Some(_), _) => Some(Flash::notice(Word::ApplyRestored)),
                (None, true) => Some(Flash::success(Word::SignInEdsFirst)),
                (None, false) => None,
            };
            let jar = flash.into_iter().fold(jar, |jar, it| jar.add(it.cookie()));
            return Ok((jar, to(&page, restored.as_ref().unwrap_or(&next))).into_response());
        }
        EdsSignIn::No(code) => (code.as_deref().map_or(Word::EdsUnreadable, words_of::check), code),
        EdsSignIn::Unknown => (Word::ProveLater, None),
        EdsSignIn::Stale => (Word::SignInEdsStale, None),
    };
    made(page, &service, jar, (next, Some(failure), code)).await
}

fn gone() -> axum_extra::extract::cookie::Cookie<'static> {
    let mut cookie = sessions::closed(BROWSER, String::new());
    cookie.make_removal();
    cookie
}
