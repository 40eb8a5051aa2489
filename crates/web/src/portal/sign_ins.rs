// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happened to the citizen's account: who signed in, when, from where, and who was refused.

use askama::Template;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use service::accounts::Happened;
use service::codec::account::{AccountEvent, How, WhyRefused};

use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{Cell, Table};
use crate::words::Words;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/cabinet/sign-ins", get(show))
}

#[derive(Template)]
#[template(path = "portal/sign-ins.html")]
struct SignInsPage {
    page: Page,
    log: Table,
}

async fn show(who: AsCitizen) -> Result<impl IntoResponse, PageError> {
    let log = who.service.account_log(&who.citizen.id).await?;
    let w = who.page.w;
    let log = Table {
        caption: w.acc_title().to_owned(),
        columns: vec![w.rd_when().to_owned(), w.acc_what().to_owned(), w.acc_from().to_owned()],
        rows: log.iter().map(|it| row(w, it)).collect(),
        empty: w.acc_none().to_owned(),
    };
    html(&SignInsPage { log, page: who.page })
}

fn row(w: Words, it: &Happened) -> Vec<Cell> {
    let from = match &it.event {
        AccountEvent::SignedIn { from, .. } | AccountEvent::SignInRefused { from, .. } => from.clone(),
        AccountEvent::Registered { .. }
        | AccountEvent::Appointed { .. }
        | AccountEvent::Proved { .. }
        | AccountEvent::PasswordSet
        | AccountEvent::SignedOut
        | AccountEvent::Ended { .. } => None,
    };
    let at = Cell::text(format::date_time(it.at));
    vec![at, Cell::text(told(w, &it.event)), Cell::text(from.unwrap_or_default())]
}

/// Returns an event in words.
fn told(w: Words, event: &AccountEvent) -> String {
    match event {
        AccountEvent::Registered { .. } | AccountEvent::Appointed { .. } => w.acc_registered().to_owned(),
        AccountEvent::SignedIn { how: How::Password, .. } => w.acc_signed_in().to_owned(),
        AccountEvent::SignedIn { how: How::Eds, .. } => w.acc_signed_in_eds().to_owned(),
        AccountEvent::SignInRefused { why: WhyRefused::KeyRefused, .. } => w.acc_key_refused().to_owned(),
        AccountEvent::SignInRefused { why: WhyRefused::AttemptsSpent, until: Some(until), .. } => {
            w.acc_locked(format::date_time(*until))
        }
        AccountEvent::SignInRefused { .. } => w.acc_refused().to_owned(),
        AccountEvent::Proved { certificate, .. } => w.acc_proved(certificate),
        AccountEvent::PasswordSet => w.acc_password_set().to_owned(),
        AccountEvent::SignedOut => w.acc_signed_out().to_owned(),
        AccountEvent::Ended { .. } => w.acc_ended().to_owned(),
    }
}
