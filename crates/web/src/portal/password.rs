// SPDX-License-Identifier: MIT OR Apache-2.0
//! The citizen sets a password for his account: a first one after sign-in by EDS, or another. Only in a session that began
//! by EDS, so that nobody at an open page takes the account over.

use askama::Template;
use axum::Router;
use axum::extract::Form;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use service::accounts::PasswordRefused;

use super::parts::{Pairs, to, unprocessable, value};
use super::register::new_password;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{Field, Problem};
use crate::words::Word;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/cabinet/password", get(show).post(set))
}

#[derive(Template)]
#[template(path = "portal/password.html")]
struct PasswordPage {
    page: Page,
    problems: Vec<Problem>,
    /// Whether the session began by EDS.
    by_eds: bool,
    fields: [Field; 2],
}

fn made(who: AsCitizen, wrong: Option<Word>, differs: bool) -> PasswordPage {
    let w = who.page.w;
    let differs = differs.then(|| w.of(Word::ErrPasswordsDiffer));
    let fields = new_password(w, (wrong.map(|it| w.of(it)), differs));
    let problems = fields.iter().filter_map(Field::problem).collect();
    PasswordPage { problems, by_eds: who.session.by_eds, fields, page: who.page }
}

async fn show(who: AsCitizen) -> Result<Response, PageError> {
    Ok(html(&made(who, None, false))?.into_response())
}

async fn set(who: AsCitizen, jar: CookieJar, Form(form): Form<Pairs>) -> Result<Response, PageError> {
    let password = value(&form, "password");
    if password != value(&form, "repeat") {
        return unprocessable(&made(who, None, true));
    }
    match who.service.set_password(&who.session, password).await {
        Ok(()) => {
            let jar = jar.add(Flash::success(Word::PwDone).cookie());
            Ok((jar, to(&who.page, "/cabinet")).into_response())
        }
        // The page says what to do instead.
        Err(PasswordRefused::NotByEds) => unprocessable(&made(who, None, false)),
        Err(PasswordRefused::Length) => unprocessable(&made(who, Some(Word::RegPasswordLength), false)),
        Err(PasswordRefused::Failed(failed)) => Err(failed.into()),
    }
}
