// SPDX-License-Identifier: MIT OR Apache-2.0
//! Who comes by EDS for the first time, where an account with a password claims his IIN, says whether it is his. The page
//! carries his signature along, so that he signs once.

use askama::Template;
use axum::response::{IntoResponse, Response};
use service::accounts::{Claim, SignInRefused};

use super::parts::{Pairs, unprocessable, value};
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::ui::{Field, FieldKind, Problem};
use crate::words::Word;

/// What of the signed form goes along.
const ALONG: [&str; 3] = ["challenge", "next", "cms-sign-in"];
/// The field with what he says, and its values.
const ACCOUNT: &str = "account";
const MINE: &str = "mine";
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "portal/claimed.html")]
struct ClaimedPage {
    page: Page,
    problems: Vec<Problem>,
    along: Vec<(&'static str, String)>,
    password: Field,
}

/// Returns what the person says of the account.
pub(super) fn said(form: &Pairs) -> Claim<'_> {
    match (value(form, ACCOUNT), value(form, "password")) {
        (MINE, password) if !password.is_empty() => Claim::Mine(password),
        (NEW, _) => Claim::NotMine,
        _ => Claim::Unsaid,
    }
}

/// Returns what is told to who has entered the account that was his.
pub(super) fn proved(form: &Pairs) -> Option<Word> {
    matches!(said(form), Claim::Mine(_)).then_some(Word::ProveDone)
}

/// Asks, or asks again where the password was refused.
pub(super) fn ask(page: Page, form: &Pairs, why: Option<SignInRefused>) -> Result<Response, PageError> {
    let w = page.w;
    let wrong = match why {
        Some(SignInRefused::Wrong { left }) => {
            Some(format!("{} {}", w.claim_wrong(), w.err_attempts_left(left)))
        }
        Some(SignInRefused::Locked { until }) => Some(w.err_locked(format::date_time(until))),
        Some(SignInRefused::Failed(failed)) => return Err(failed.into()),
        None if matches!(said(form), Claim::Mine(_)) => Some(w.claim_gone().to_owned()),
        None => (value(form, ACCOUNT) == MINE).then(|| w.verr_required().to_owned()),
    };
    let password = Field::new("password", w.signin_password())
        .kind(FieldKind::Password)
        .autocomplete("current-password")
        .width(20)
        .error(wrong);
    let problems: Vec<Problem> = password.problem().into_iter().collect();
    let along = ALONG.into_iter().map(|it| (it, value(form, it).to_owned())).collect();
    let is_refused = !problems.is_empty();
    let shown = ClaimedPage { page, problems, along, password };
    if is_refused { unprocessable(&shown) } else { Ok(html(&shown)?.into_response()) }
}
