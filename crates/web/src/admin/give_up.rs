// SPDX-License-Identifier: MIT OR Apache-2.0
//! Giving something up: what that brings about, and the reason that goes into the journal.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use service::board::{BoardError, Order, WHY_CHARS_MAX};
use uuid::Uuid;

use super::board::{ItemView, view};
use super::{board_of, failed, item, words};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::offices::Posted;
use crate::page::{Page, html};
use crate::services::AsAdministrator;
use crate::ui::{Field, FieldKind, Problem};
use crate::words::Word;

#[derive(Template)]
#[template(path = "admin/give-up.html")]
struct GiveUpPage {
    page: Page,
    item: ItemView,
    ending: &'static str,
    action: String,
    why: Field,
    problems: Vec<Problem>,
}

/// Shows what giving up brings about, and asks for the reason.
pub(super) async fn show(
    who: AsAdministrator,
    path: Path<(String, Uuid)>,
    jar: CookieJar,
) -> Result<Response, PageError> {
    asked(who, path, jar, None).await
}

/// Shows the page; with what was typed when the reason was missing.
async fn asked(
    who: AsAdministrator,
    Path((system, id)): Path<(String, Uuid)>,
    jar: CookieJar,
    typed: Option<String>,
) -> Result<Response, PageError> {
    let (system, board) = board_of(&who, &system)?;
    let Some(item) = item(&**board, id).await? else { return Ok(gone(&who.page, jar)) };
    let Some(ending) = item.ending else { return Err(PageError::Conflict) };
    let several = who.boards.len() > 1;
    let page = who.page;
    let shown = view(&page, system, &item, several);
    let error = typed.as_ref().map(|_| page.w.bd_why_missing().to_owned());
    let why = Field::new("why", page.w.bd_why())
        .kind(FieldKind::Lines)
        .hint(page.w.bd_why_hint())
        .max_length(u32::try_from(WHY_CHARS_MAX).unwrap_or_default())
        .value(typed.as_deref().unwrap_or_default())
        .error(error);
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = GiveUpPage {
        action: shown.give_up.clone().unwrap_or_default(),
        ending: page.w.of(words::ending(ending)),
        problems: why.problem().into_iter().collect(),
        item: shown,
        why,
        page,
    };
    Ok((status, html(&shown)?).into_response())
}

/// Gives it up.
pub(super) async fn take(
    who: AsAdministrator,
    path: Path<(String, Uuid)>,
    jar: CookieJar,
    axum::Form(posted): Posted,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let why = given.get("why");
    let order = Order { by: &who.official.login, why };
    match board_of(&who, &path.0.0)?.1.give_up(path.0.1, order).await {
        Ok(()) => {
            let to = who.page.href("/admin");
            Ok((jar.add(Flash::success(Word::BdGivenUp).cookie()), Redirect::to(&to)).into_response())
        }
        Err(BoardError::Unknown) => Ok(gone(&who.page, jar)),
        Err(BoardError::NoReason) => asked(who, path, jar, Some(why.to_owned())).await,
        Err(other) => Err(failed(other)),
    }
}

fn gone(page: &Page, jar: CookieJar) -> Response {
    let flash = Flash::notice(Word::BdGone);
    (jar.add(flash.cookie()), Redirect::to(&page.href("/admin"))).into_response()
}
