// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether a person can sign, told before he fills the form: a trial signature, and where to go without a key.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use regulation::model::{Channel, Regulation, ServiceId};
use service::Service;

use super::begin::begun;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::portal::challenge::{Asked, Failure, judged, panel};
use crate::portal::parts::{Pairs, to, value};
use crate::portal::passport::ways::{self, Way};
use crate::portal::prove;
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
    /// Which body was chosen already; may be empty.
    provider: String,
    /// Says that the key does not sign, or that it could not be judged.
    heading: &'static str,
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

async fn show(
    who: AsCitizen,
    Path(name): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let provider = value(&query, "provider").to_owned();
    Ok(html(&made(who, &ServiceId(name), provider, None).await?)?.into_response())
}

async fn made(
    who: AsCitizen,
    name: &ServiceId,
    provider: String,
    failed: Option<Failure>,
) -> Result<ReadyPage, PageError> {
    let AsCitizen { page, service, citizen, .. } = who;
    let regulation = service.settings.current(name).ok_or(PageError::NotFound)?;
    regulation.intake(Channel::Portal).ok_or(PageError::NotFound)?;
    let challenge = service.challenge(&citizen).await?;
    let asked = Asked {
        action: page.href(&format!("/services/{}/ready", name.as_str())),
        button: page.w.ready_try_button(),
        item: ("trial", page.w.ready_try_item()),
        phone: prove::PHONE,
        iin: Some(citizen.iin.clone()),
        along: vec![("provider".to_owned(), provider.clone())],
    };
    let panel = panel(&page, &challenge, asked);
    let unjudged = |it: &Failure| matches!(it.0, Word::ProveLater | Word::ProveStale);
    let is_unjudged = failed.as_ref().is_some_and(unjudged);
    let (failure, code) = failed.map_or((None, None), |(word, code)| (Some(page.w.of(word)), code));
    Ok(ReadyPage {
        title: say(&page, &regulation.title),
        apply: page.href(&format!("/services/{}/apply", name.as_str())),
        provider,
        heading: if is_unjudged { page.w.g_not_done() } else { page.w.ready_no() },
        failure,
        code,
        panel,
        elsewhere: elsewhere(&page, &service, regulation),
        page,
    })
}

/// Judges the trial signature as the application's will be judged; a good one leads on to the form.
async fn check(
    mut who: AsCitizen,
    Path(name): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let name = ServiceId(name);
    who.service.settings.current(&name).ok_or(PageError::NotFound)?;
    let provider = value(&form, "provider");
    if let Some(failed) = judged(&who, &form, "cms-trial").await? {
        let made = made(who, &name, provider.to_owned(), Some(failed)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&made)?).into_response());
    }
    let jar = CookieJar::new().add(Flash::success(Word::ReadyYes).cookie());
    if !who.service.settings.providers_of(&name).any(|it| it.id == provider) {
        return Ok((jar, to(&who.page, &format!("/services/{}/apply", name.as_str()))).into_response());
    }
    // The trial may have proved who he is; then the form is filled in from the registers.
    if let Some(citizen) = who.service.citizen(&who.citizen.id).await? {
        who.citizen = citizen;
    }
    Ok((jar, begun(&who, &name, provider).await?).into_response())
}
