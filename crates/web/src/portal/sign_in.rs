// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sign-in by IIN and password, and sign-out.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use engine::case::PersonId;
use regulation::model::{Action, Channel, Regulation, ServiceId, Step};
use service::Service;
use service::accounts::SignInRefused;

use super::apply;
use super::parts::{Pairs, next_path, portal, to, unprocessable, value};
use super::register::digits;
use super::words_of::begin;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::format;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::room::Room;
use crate::services::begun;
use crate::sessions;
use crate::state::State;
use crate::ui::{Field, FieldKind, Problem};
use crate::words::{Word, Words};

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/sign-in", get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "portal/sign-in.html")]
struct SignInPage {
    page: Page,
    next: String,
    over: bool,
    problems: Vec<Problem>,
    /// Why sign-in was refused, in the act's words and its clause.
    act: Option<(String, String)>,
    iin: Field,
    password: Field,
}

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    portal(&state)?;
    let next = next_path(value(&query, "next"));
    if page.account.is_some() {
        return Ok(to(&page, &next));
    }
    let over = value(&query, "over") == "1";
    Ok(html(&SignInPage { over, ..made(page, next, "") })?.into_response())
}

fn made(page: Page, next: String, iin: &str) -> SignInPage {
    let iin = Field::new("iin", page.w.signin_iin())
        .kind(FieldKind::Digits)
        .hint(page.w.help_iin())
        .value(iin)
        .autocomplete("username")
        .width(20);
    let password = Field::new("password", page.w.signin_password())
        .kind(FieldKind::Password)
        .autocomplete("current-password")
        .width(20);
    SignInPage { page, next, over: false, problems: Vec::new(), act: None, iin, password }
}

async fn sign_in(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    jar: CookieJar,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let service = portal(&state)?;
    let next = next_path(value(&form, "next"));
    let (typed, password) = (value(&form, "iin"), value(&form, "password"));
    let iin = digits(typed);
    if iin.is_empty() || password.is_empty() {
        return empty(made(page, next, typed), iin.is_empty(), password.is_empty());
    }
    state.limits().sign_ins.admit(place, page.now)?;
    match service.sign_in_citizen(&iin, password, place.0).await {
        Ok(entry) => entered(&page, &service, jar, (entry, &next, None)).await,
        Err(SignInRefused::Failed(failed)) => Err(failed.into()),
        Err(refused) => {
            let wrong = matches!(refused, SignInRefused::Wrong { .. });
            let text = if wrong && service.opened_before(&iin, password).await? {
                page.w.signin_ended().to_owned()
            } else {
                said(page.w, &refused)
            };
            refuse(&service, made(page, next, typed), text)
        }
    }
}

fn empty(mut made: SignInPage, iin: bool, password: bool) -> Result<Response, PageError> {
    let required = made.page.w.verr_required();
    made.iin = made.iin.error(iin.then_some(required));
    made.password = made.password.error(password.then_some(required));
    made.problems = made.iin.problem().into_iter().chain(made.password.problem()).collect();
    unprocessable(&made)
}

/// Returns why a password was refused, in words.
fn said(w: Words, why: &SignInRefused) -> String {
    match why {
        SignInRefused::Wrong { left } => {
            format!("{} {}", w.err_credentials(), w.err_attempts_left(left))
        }
        SignInRefused::Locked { until } => w.err_locked(format::date_time(*until)),
        SignInRefused::Failed(_) => w.err_hint_unavailable().to_owned(),
    }
}

fn refuse(service: &Service, mut made: SignInPage, text: String) -> Result<Response, PageError> {
    made.act = notice(service, &made.next).map(|step| (begin(&made.page, &step.text), step.clause.clone()));
    made.problems = vec![Problem { href: "#f-iin".to_owned(), text }];
    unprocessable(&made)
}

/// Returns the step that refuses the sign-in: of the service to which the person is on the way, else of the first act that
/// has such a step and was not repealed.
fn notice<'s>(service: &'s Service, next: &str) -> Option<&'s Step> {
    let refuses = |it: &'s Regulation| {
        let mut steps = it.intake(Channel::Portal)?.steps.iter();
        steps.find(|step| step.parts.iter().any(|part| part.action == Action::RefuseSignIn))
    };
    let wanted = next.split('/').map(ServiceId::from).find_map(|it| service.settings.current(&it));
    let stands = || service.settings.regulations.iter().filter(|it| it.act.repealed_by.is_none());
    wanted.and_then(|it| refuses(it)).or_else(|| stands().find_map(|it| refuses(it)))
}

/// Begins the session of who signed in and leads him on: to the form that came after his last session had ended, if one was
/// kept, else where he was going, with what he is told there.
pub(super) async fn entered(
    page: &Page,
    service: &Service,
    jar: CookieJar,
    ((account, token), next, told): ((PersonId, String), &str, Option<Flash>),
) -> Result<Response, PageError> {
    let jar = begun(service, jar, Room::Portal, token).await?;
    let restored = restore(service, &account).await;
    let told = if restored.is_some() { Some(Flash::notice(Word::ApplyRestored)) } else { told };
    let jar = told.into_iter().fold(jar, |jar, it| jar.add(it.cookie()));
    Ok((jar, to(page, restored.as_deref().unwrap_or(next))).into_response())
}

/// Puts a form that came after its session had ended where it belongs. What cannot be restored stays kept.
async fn restore(service: &Service, account: &PersonId) -> Option<String> {
    let kept = service.kept_form(account).await.ok().flatten()?;
    let path = apply::restore(service, account, &kept).await;
    service.forget_form(account).await.ok()?;
    path
}

async fn sign_out(
    page: Page,
    FromState(state): FromState<State>,
    jar: CookieJar,
) -> Result<Response, PageError> {
    let service = portal(&state)?;
    if let Some(id) = sessions::id_from(&jar, Room::Portal) {
        service.sign_out(id.expose()).await?;
    }
    Ok((jar.add(sessions::ended(Room::Portal)), to(&page, "/")).into_response())
}
