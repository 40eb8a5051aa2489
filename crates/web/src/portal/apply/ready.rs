// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a person can sign, told before he fills the form: a trial signature, and where to go without a key.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use regulation::model::{Channel, Regulation, ServiceId};
use service::Service;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::portal::challenge::{Asked, judged, panel};
use crate::portal::parts::{Pairs, to};
use crate::portal::passport::ways::{self, Way};
use crate::portal::words_of::say;
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::SignPanel;
use crate::words::Word;

/// Ways in that need no key of the applicant.
const WITHOUT_KEY: [Channel; 3] = [Channel::Center, Channel::Provider, Channel::RuralAkim];

pub(super) fn routes() -> Router<State> {
    Router::new().route("/services/{service}/ready", get(show).post(check))
}

#[derive(Template)]
#[template(path = "portal/apply-ready.html")]
struct ReadyPage {
    page: Page,
    title: String,
    apply: String,
    failure: Option<&'static str>,
    code: Option<String>,
    panel: SignPanel,
    elsewhere: Vec<Way>,
}

/// Returns where this service is applied for without a key: ways with at least one place.
pub(super) fn elsewhere(page: &Page, service: &Service, regulation: &Regulation) -> Vec<Way> {
    let found = WITHOUT_KEY.into_iter().filter_map(|it| ways::way(page, service, regulation, it));
    found.filter(|it| !it.places.is_empty()).collect()
}

async fn show(who: AsCitizen, Path(name): Path<String>) -> Result<Response, PageError> {
    Ok(html(&made(who, &ServiceId(name), None, None).await?)?.into_response())
}

async fn made(
    who: AsCitizen,
    name: &ServiceId,
    failure: Option<Word>,
    code: Option<String>,
) -> Result<ReadyPage, PageError> {
    let AsCitizen { page, service, citizen, .. } = who;
    let regulation = service.settings.current(name).ok_or(PageError::NotFound)?;
    regulation.intake(Channel::Portal).ok_or(PageError::NotFound)?;
    let challenge = service.challenge(&citizen).await?;
    let asked = Asked {
        action: page.href(&format!("/services/{}/ready", name.as_str())),
        button: page.w.ready_try_button(),
        item: ("trial", page.w.ready_try_item()),
        iin: Some(citizen.iin.clone()),
        along: Vec::new(),
    };
    let panel = panel(&page, &challenge, asked);
    Ok(ReadyPage {
        title: say(&page, &regulation.title),
        apply: page.href(&format!("/services/{}/apply", name.as_str())),
        failure: failure.map(|it| page.w.of(it)),
        code,
        panel,
        elsewhere: elsewhere(&page, &service, regulation),
        page,
    })
}

/// Judges the trial signature as the application's will be judged.
async fn check(
    who: AsCitizen,
    Path(name): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let name = ServiceId(name);
    who.service.settings.current(&name).ok_or(PageError::NotFound)?;
    let Some((failure, code)) = judged(&who, &form, "cms-trial").await? else {
        let jar = CookieJar::new().add(Flash::success(Word::ReadyYes).cookie());
        return Ok((jar, to(&who.page, &format!("/services/{}/apply", name.as_str()))).into_response());
    };
    let made = made(who, &name, Some(failure), code).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&made)?).into_response())
}
