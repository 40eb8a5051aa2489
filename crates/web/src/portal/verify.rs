// SPDX-License-Identifier: MIT OR Apache-2.0
//! The public check of a paper: without sign-in, and no more than the paper itself says.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State as FromState};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::verify::{ByNumber, CHECK_KEY_CHARS};
use service::views::Check;

use super::parts::{Pairs, unprocessable, value};
use super::words_of::say;
use crate::errors::PageError;
use crate::format;
use crate::limit::Place;
use crate::page::{Page, html};
use crate::state::State;
use crate::ui::{Field, Problem, Row};

/// Longest number that is looked for, in characters.
const NUMBER_CHARS_MAX: usize = 100;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/verify", get(by_number)).route("/verify/{key}", get(by_key))
}

#[derive(Template)]
#[template(path = "portal/verify.html")]
struct VerifyPage {
    page: Page,
    number: Field,
    problems: Vec<Problem>,
    answer: Option<Answer>,
}

/// What the check says.
struct Answer {
    class: &'static str,
    title: &'static str,
    lines: Vec<String>,
    rows: Vec<Row>,
}

async fn by_number(
    page: Page,
    FromState(state): FromState<State>,
    place: Place,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let asked = query.iter().any(|(name, _)| name == "number");
    let number: String = value(&query, "number").trim().chars().take(NUMBER_CHARS_MAX).collect();
    let field = Field::new("number", page.w.vf_number()).value(number.clone()).width(30);
    if !asked {
        return Ok(
            html(&VerifyPage { page, number: field, problems: Vec::new(), answer: None })?.into_response()
        );
    }
    if number.is_empty() {
        let field = field.error(Some(page.w.verr_required()));
        let problems = field.problem().into_iter().collect();
        return unprocessable(&VerifyPage { page, number: field, problems, answer: None });
    }
    state.limits().checks.admit(place, page.now)?;
    if number.len() == CHECK_KEY_CHARS && number.bytes().all(|it| it.is_ascii_hexdigit()) {
        return shown(page, &state, &number, field).await;
    }
    let mut found = ByNumber::Unknown;
    for service in state.services().all() {
        found = service.check_number(&number).await?;
        if found != ByNumber::Unknown {
            break;
        }
    }
    let w = page.w;
    let answer = match found {
        ByNumber::Genuine => good(&page, vec![w.vf_genuine_number().to_owned()], Vec::new()),
        ByNumber::Replaced => replaced(&page, vec![w.vf_replaced_number().to_owned()], Vec::new()),
        ByNumber::Unknown => unknown(&page),
    };
    Ok(html(&VerifyPage { page, number: field, problems: Vec::new(), answer: Some(answer) })?.into_response())
}

async fn by_key(
    page: Page,
    FromState(state): FromState<State>,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let field = Field::new("number", page.w.vf_number()).width(30);
    shown(page, &state, &key.to_ascii_lowercase(), field).await
}

async fn shown(page: Page, state: &State, key: &str, number: Field) -> Result<Response, PageError> {
    let mut answer = unknown(&page);
    for service in state.services().all() {
        if let Some(check) = service.check(key).await? {
            let signed = check.signed_by.as_ref();
            let body = signed.map_or(&check.provider, |(_, body)| body);
            let organization = service.settings.organization(body);
            let issuer = organization.map(|it| say(&page, &it.name)).unwrap_or_default();
            let seat = organization.zip(signed).and_then(|(it, (actor, _))| it.seats_of(*actor).next());
            let post = seat.map(|it| say(&page, &it.post));
            let regulation = service.settings.edition(&check.service, &check.edition);
            let title = regulation.map(|it| say(&page, &it.title)).unwrap_or_default();
            answer = told(&page, &check, (issuer, post), title);
            break;
        }
    }
    Ok(html(&VerifyPage { page, number, problems: Vec::new(), answer: Some(answer) })?.into_response())
}

/// `post` is in what capacity it was signed at the body that issued it, where a person did.
fn told(page: &Page, check: &Check, (issuer, post): (String, Option<String>), service: String) -> Answer {
    let w = page.w;
    let how = match check {
        Check { by_hand: true, .. } => w.vf_by_hand(),
        Check { by_stamp: true, .. } => w.vf_by_stamp(),
        _ => w.vf_by_eds(),
    };
    let mut rows = vec![
        Row::new(w.vf_doc_number(), &check.number),
        Row::new(w.wp_service(), service),
        Row::new(w.vf_issuer(), issuer),
        Row::new(w.vf_issued_at(), format::date_time(check.at)),
    ];
    rows.extend(post.map(|it| Row::new(w.vf_signed_by(), it)));
    rows.extend([Row::new(w.vf_how(), how), Row::new(w.vf_file(), &check.file)]);
    let mut lines: Vec<String> = check.refusal.then(|| w.vf_is_refusal().to_owned()).into_iter().collect();
    lines.extend(check.replaced_by.as_ref().map(|it| w.vf_replaced_by(it)));
    lines.push(w.vf_shows().to_owned());
    if check.replaced_by.is_some() { replaced(page, lines, rows) } else { good(page, lines, rows) }
}

fn good(page: &Page, lines: Vec<String>, rows: Vec<Row>) -> Answer {
    Answer { class: "q-answer--good", title: page.w.vf_genuine_title(), lines, rows }
}

fn replaced(page: &Page, lines: Vec<String>, rows: Vec<Row>) -> Answer {
    Answer { class: "q-answer--wait", title: page.w.vf_replaced_title(), lines, rows }
}

fn unknown(page: &Page) -> Answer {
    Answer {
        class: "q-answer--bad",
        title: page.w.vf_unknown_title(),
        lines: vec![page.w.vf_unknown_more().to_owned()],
        rows: Vec::new(),
    }
}
