// SPDX-License-Identifier: MIT OR Apache-2.0
//! Proof of identity by EDS: a challenge is signed in the page.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;

use super::challenge::{Asked, judged, panel};
use super::parts::{Pairs, id, next_path, to, value};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::phone::{HandOver, Sheet, Wanted};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::SignPanel;
use crate::words::Word;

/// By which path a telephone is asked for a proof; a trial signature proves as well.
pub(super) const PHONE: &str = "/prove/phone";

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/prove", get(show).post(prove)).route(PHONE, post(phone))
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
        phone: PHONE,
        iin: Some(citizen.iin.clone()),
        along: vec![("next".to_owned(), next.clone())],
    };
    let panel = panel(&page, &challenge, asked);
    Ok(ProvePage { failure: failure.map(|it| page.w.of(it)), code, next, panel, page })
}

async fn prove(who: AsCitizen, Form(form): Form<Pairs>) -> Result<Response, PageError> {
    let next = next_path(value(&form, "next"));
    let Some((failure, code)) = judged(&who, &form, "cms-proof").await? else {
        // The signature is his, but he may have proved another account before.
        let citizen = who.service.citizen(&who.citizen.id).await?;
        let is_proved = citizen.is_some_and(|it| it.proof.is_some());
        let told =
            if is_proved { Flash::success(Word::ProveDone) } else { Flash::notice(Word::ProveAnother) };
        return Ok((CookieJar::new().add(told.cookie()), to(&who.page, &next)).into_response());
    };
    let made = made(who, next, Some(failure), code).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&made)?).into_response())
}

/// Hands a challenge of this account to a telephone.
async fn phone(who: AsCitizen, Query(query): Query<Pairs>, hand: HandOver) -> Result<Response, PageError> {
    let challenge = id(value(&query, "challenge"))?;
    let given = who.service.given_challenge(&who.citizen, challenge).await?.ok_or(PageError::NotFound)?;
    let sheet = Sheet { title: who.page.w.prove_item().to_owned(), bytes: given.bytes };
    let wanted = Wanted {
        does: Word::PhoneDoesProve,
        sheets: vec![sheet],
        iin: Some(who.citizen.iin.clone()),
        bin: None,
    };
    hand.over(&who.page, wanted).await
}
