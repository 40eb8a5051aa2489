// SPDX-License-Identifier: MIT OR Apache-2.0
//! Proof of identity by EDS: a challenge is signed in the page.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use service::accounts::Proved;

use super::parts::{Pairs, base64, id, next_path, signature, to, value};
use super::words_of;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{SignContent, SignItem, SignPanel};
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
    let panel = SignPanel {
        action: page.href("/prove"),
        button: page.w.prove_button().to_owned(),
        items: vec![SignItem {
            id: "proof".to_owned(),
            title: page.w.prove_item().to_owned(),
            view: None,
            content: SignContent::Bytes(base64(&challenge.bytes)),
        }],
        iin: Some(citizen.iin.clone()),
        bin: None,
        any_authority: page.demo.is_some(),
        phone: page.phone(),
        sends: false,
        hidden: vec![("challenge".to_owned(), challenge.id.to_string()), ("next".to_owned(), next.clone())],
    };
    Ok(ProvePage { failure: failure.map(|it| page.w.of(it)), code, next, panel, page })
}

async fn prove(who: AsCitizen, Form(form): Form<Pairs>) -> Result<Response, PageError> {
    let next = next_path(value(&form, "next"));
    let challenge = id(value(&form, "challenge"))?;
    let proved = match signature(&form, "cms-proof") {
        Some(cms) => who.service.answer_challenge(&who.citizen, challenge, &cms).await?,
        None => Proved::No(None),
    };
    let (failure, code) = match proved {
        Proved::Yes => {
            let jar = CookieJar::new().add(Flash::success(Word::ProveDone).cookie());
            return Ok((jar, to(&who.page, &next)).into_response());
        }
        Proved::No(code) => (code.as_deref().map_or(Word::EdsUnreadable, words_of::check), code),
        Proved::Unknown => (Word::ProveLater, None),
        Proved::Stale => (Word::ProveStale, None),
    };
    let made = made(who, next, Some(failure), code).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&made)?).into_response())
}
