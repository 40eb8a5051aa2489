// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing in to a workplace by login and password (acts 9.1, 11.provider.1–3), and signing out.
//!
//! A form that came after its session had ended is carried in the sign-in page itself and offered again after it, so that
//! nothing typed is lost; it never leaves the person's own browser.

use askama::Template;
use axum::extract::{Query, State as FromState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use service::accounts::SignInRefused;
use std::collections::BTreeMap;

use super::Posted;
use super::papers::scan_field;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::format;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::services::{admits, begun};
use crate::sessions;
use crate::state::State;
use crate::ui::{Field, FieldKind, FileField, Problem};
use crate::words::Word;

/// Hidden fields of the sign-in page that carry a form begin so.
const HELD: &str = "held.";
/// The address of a carried form.
const HELD_TO: &str = "held-to";
/// The field for a file of a carried form: its bytes were not kept.
const HELD_FILE: &str = "held-file";
/// Longest login.
const LOGIN_CHARS_MAX: u32 = 100;

#[derive(Template)]
#[template(path = "offices/sign-in.html")]
struct SignInPage {
    page: Page,
    fields: Vec<Field>,
    problems: Vec<Problem>,
    refused: bool,
    held: Vec<(String, String)>,
    /// Whether a file was sent along and must be chosen again.
    file_lost: bool,
    next: String,
}

#[derive(Template)]
#[template(path = "offices/resume.html")]
struct ResumePage {
    page: Page,
    action: String,
    fields: Vec<(String, String)>,
    /// The field of a file that must be chosen again.
    file: Option<FileField>,
}

fn fields(page: &Page, login: &str) -> Vec<Field> {
    vec![
        Field::new("login", page.w.signin_login())
            .value(login)
            .autocomplete("username")
            .max_length(LOGIN_CHARS_MAX)
            .width(20),
        Field::new("password", page.w.signin_password())
            .kind(FieldKind::Password)
            .autocomplete("current-password")
            .width(20),
    ]
}

fn sign_in_page(page: Page, next: String, held: Vec<(String, String)>) -> SignInPage {
    let file_lost = held.iter().any(|(name, _)| name == HELD_FILE);
    SignInPage {
        fields: fields(&page, ""),
        problems: Vec::new(),
        refused: false,
        held,
        file_lost,
        next,
        page,
    }
}

/// Shows the sign-in page; who is signed in already goes to the room.
pub async fn show(page: Page, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, PageError> {
    let next = query.get("next").cloned().unwrap_or_default();
    if page.account.is_some() {
        return Ok(Redirect::to(&page.href(&within_room(&page, &next))).into_response());
    }
    Ok(html(&sign_in_page(page, next, Vec::new()))?.into_response())
}

/// Returns the sign-in page that carries a form whose session had ended; of a form with a file the name of the file's field.
pub fn expired(page: Page, posted: &[(String, String)], file: Option<&str>) -> Result<Response, PageError> {
    let mut held = vec![(HELD_TO.to_owned(), page.path.clone())];
    held.extend(file.map(|it| (HELD_FILE.to_owned(), it.to_owned())));
    held.extend(posted.iter().map(|(name, value)| (format!("{HELD}{name}"), value.clone())));
    let shown = sign_in_page(page, String::new(), held);
    Ok((StatusCode::UNAUTHORIZED, html(&shown)?).into_response())
}

/// Signs in.
pub async fn enter(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    axum::Form(posted): Posted,
) -> Result<Response, PageError> {
    let service = state.services().of(page.room)?;
    let held: Vec<_> = posted.iter().filter(|(name, _)| name.starts_with("held")).cloned().collect();
    let given = Given::new(posted);
    let login = given.get("login").to_lowercase();
    let next = given.get("next").to_owned();
    state.limits().sign_ins.admit(place, page.now)?;
    match service.sign_in_official(&login, given.get("password"), place.0).await {
        Ok((official, token)) if !admits(page.room, &official) => {
            service.sign_out(&token).await?;
            Err(PageError::Forbidden)
        }
        Ok((_, token)) => {
            let jar = begun(service, jar, page.room, token).await?;
            let to = held.iter().find(|(name, _)| name == HELD_TO).map(|(_, to)| within_room(&page, to));
            if let Some(to) = to {
                return Ok((jar, html(&resume(page, &to, held))?).into_response());
            }
            let to = page.href(&within_room(&page, &next));
            Ok((jar, Redirect::to(&to)).into_response())
        }
        Err(refused) => {
            let problem = refusal(&page, refused)?;
            let mut shown = sign_in_page(page, next, held);
            shown.fields = fields(&shown.page, &login);
            shown.problems = vec![Problem { href: "#f-login".to_owned(), text: problem }];
            shown.refused = true;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?).into_response())
        }
    }
}

fn resume(page: Page, to: &str, held: Vec<(String, String)>) -> ResumePage {
    let file = held.iter().find(|(name, _)| name == HELD_FILE).map(|(_, it)| it.clone());
    let file = file.map(|it| scan_field(it, page.w.att_scan(), false));
    let inner = held.into_iter();
    let fields =
        inner.filter_map(|(name, value)| Some((name.strip_prefix(HELD)?.to_owned(), value))).collect();
    ResumePage { action: page.href(to), fields, file, page }
}

fn refusal(page: &Page, refused: SignInRefused) -> Result<String, PageError> {
    match refused {
        SignInRefused::Wrong { left } => {
            Ok(format!("{} {}", page.w.off_wrong_credentials(), page.w.err_attempts_left(left)))
        }
        SignInRefused::Locked { until } => Ok(page.w.err_locked(format::time(until))),
        SignInRefused::Failed(failed) => Err(failed.into()),
    }
}

/// Signs out.
pub async fn leave(
    page: Page,
    FromState(state): FromState<State>,
    jar: CookieJar,
) -> Result<impl IntoResponse, PageError> {
    if let Some(id) = &page.session {
        state.services().of(page.room)?.sign_out(id.expose()).await?;
    }
    let jar = jar.remove(sessions::ended(page.room)).add(Flash::success(Word::OffSignedOut).cookie());
    Ok((jar, Redirect::to(&page.sign_in_address())))
}

/// An address of this room, or its first page: nobody is led elsewhere.
pub(super) fn within_room(page: &Page, next: &str) -> String {
    let home = page.room.home();
    let inside = next.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let safe = inside && !next.contains(['\\', '\r', '\n']) && !next.contains("//");
    if safe && !next.contains("/sign-in") { next.to_owned() } else { home.to_owned() }
}
