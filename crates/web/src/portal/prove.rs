// SPDX-License-Identifier: MIT OR Apache-2.0
//! Proof of identity by EDS: a challenge is signed in the page.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;

use super::challenge::{Asked, judged, panel};
use super::parts::{Pairs, next_path, to, value};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::SignPanel;
use crate::words::Word;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/prove", get(show).post(prove))
}

#[derive(Template)]
#[template(path = "portal/prove.html")]
struct ProvePage {
    page: Page,
    next: String,
    failure: Option<&'static str>,
    code: Option<String>,
    panel: SignPanel,
}

async fn show(who: AsCitizen, Query(query): Query<Pairs>) -> Result<Response, PageError> {
    let next = next_path(value(&query, "next"));
    if who.citizen.proof.is_some() {
        let jar = CookieJar::new().add(Flash::notice(Word::ProveAlready).cookie());
        return Ok((jar, to(&who.page, &next)).into_response());
    }
    Ok(html(&made(who, next, None, None).await?)?.into_response())
}

async fn made(
    who: AsCitizen,
    next: String,
    failure: Option<Word>,
    code: Option<String>,
) -> Result<ProvePage, PageError> {
    let AsCitizen { page, service, citizen, .. } = who;
    let challenge = service.challenge(&citizen).await?;
    let asked = Asked {
        action: page.href("/prove"),
        button: page.w.prove_button(),
        item: ("proof", page.w.prove_item()),
        iin: Some(citizen.iin.clone()),
        along: vec![("next".to_owned(), next.clone())],
    };
    let panel = panel(&page, &challenge, asked);
    Ok(ProvePage { failure: failure.map(|it| page.w.of(it)), code, next, panel, page })
}

async fn prove(who: AsCitizen, Form(form): Form<Pairs>) -> Result<Response, PageError> {
    let next = next_path(value(&form, "next"));
    let Some((failure, code)) = judged(&who, &form, "cms-proof").await? else {
        let jar = CookieJar::new().add(Flash::success(Word::ProveDone).cookie());
        return Ok((jar, to(&who.page, &next)).into_response());
    };
    let made = made(who, next, Some(failure), code).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&made)?).into_response())
}
