// SPDX-License-Identifier: MIT OR Apache-2.0
//! What became of each of several results that were signed in one act.

use askama::Template;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use engine::case::CaseId;
use regulation::model::Action;
use service::cases::CaseView;
use service::signing::{AT_ONCE_MAX, SignRefused};
use uuid::Uuid;

use super::{CODE_BYTES_MAX, SIGNED, address, number};
use crate::errors::PageError;
use crate::offices::case::People;
use crate::offices::refused::Teller;
use crate::offices::view;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Table, TagKind};

#[derive(Template)]
#[template(path = "region/several-done.html")]
struct DonePage {
    page: Page,
    signed: usize,
    table: Table,
    again: Option<String>,
}

/// Returns why a result was not signed, as [`super::word`] wrote it.
fn refusal(word: &str) -> Option<SignRefused> {
    let code = |code: &str| {
        let known =
            code.len() <= CODE_BYTES_MAX && code.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
        Some(code.to_owned()).filter(|it| known && !it.is_empty())
    };
    match word.split_once('.') {
        Some(("invalid", it)) => Some(SignRefused::Invalid { code: code(it) }),
        Some(("unknown", it)) => Some(SignRefused::Indeterminate { code: code(it) }),
        None if word == "not-prepared" => Some(SignRefused::NotPrepared),
        None if word == "too-large" => Some(SignRefused::TooLarge),
        _ => None,
    }
}

/// Tells what became of each result.
pub(in crate::region) async fn done(
    who: AsOfficial,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let mut rows = Vec::with_capacity(query.len().min(AT_ONCE_MAX));
    let mut again = Vec::new();
    for (case, word) in query.iter().take(AT_ONCE_MAX) {
        let Ok(case) = Uuid::parse_str(case).map(CaseId) else { continue };
        let view = &view(&who, case.0).await?;
        let state = told(&who, view, word).await?;
        if state.tag.is_none() && waits_for_signature(view) {
            again.push(case);
        }
        let href = who.page.href(&format!("/region/cases/{}", case.0));
        let name = Cell::text(&*view.case.application.full_name);
        rows.push(vec![Cell::link(href, number(view)), name, state]);
    }
    let page = who.page;
    let again = (!again.is_empty()).then(|| page.href(&address(&again)));
    let w = page.w;
    let table = Table {
        caption: w.sev_outcomes().to_owned(),
        columns: vec![w.cab_number().to_owned(), w.wp_applicant().to_owned(), w.sev_outcome().to_owned()],
        rows,
        empty: String::new(),
    };
    let signed = table.rows.iter().flatten().filter(|it| it.tag.is_some()).count();
    Ok(html(&DonePage { page, signed, table, again })?.into_response())
}

/// Returns whether the case still stands where its result is signed.
fn waits_for_signature(view: &CaseView) -> bool {
    let place = view.case.current().and_then(|it| view.regulation.part(&it.part));
    place.is_some_and(|(_, _, part)| part.action == Action::SignResult)
}

/// Returns what became of one result: a tag when it is signed, else words.
async fn told(who: &AsOfficial, view: &CaseView, word: &str) -> Result<Cell, PageError> {
    let w = who.page.w;
    // The case itself says whether it is signed, whatever the address says.
    if !waits_for_signature(view) {
        let is_signed = view.case.result.is_some() || (word == SIGNED && !view.case.earlier.is_empty());
        return Ok(if is_signed {
            Cell::tag(TagKind::Good, w.sev_signed())
        } else {
            Cell::text(w.sev_moved())
        });
    }
    if word == "no-time" {
        return Ok(Cell::text(w.sev_no_time()));
    }
    let Some(why) = refusal(word) else { return Ok(Cell::text(w.sev_failed())) };
    let people = People::of_case(&who.service, &view.case).await?;
    let teller = Teller { w, regulation: &view.regulation, people: &people };
    Ok(match teller.not_signed(why) {
        Ok(refused) => {
            let lines: Vec<String> =
                std::iter::once(refused.title).chain(refused.facts).chain([refused.hint]).collect();
            Cell::text(lines.join(" "))
        }
        // One that failed must not hide what became of the others.
        Err(_) => Cell::text(w.sev_failed()),
    })
}
