// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers that the operator prints: the receipt for the documents, and the notice of a refusal in the act's words.

use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use regulation::model::{Action, Block, Paper};
use service::cases::CaseView;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::errors::PageError;
use crate::form::said;
use crate::format;
use crate::lang::Lang;
use crate::offices::case::People;
use crate::offices::view;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::Row;

#[derive(Template)]
#[template(path = "center/paper.html")]
struct PaperPage {
    page: Page,
    back: String,
    title: String,
    assumed: bool,
    texts: Vec<String>,
    rows: Vec<Row>,
}

/// Shows the receipt, in the order of the Standard's blocks.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    if view.case.accepted_at.is_none() {
        return Err(PageError::NotFound);
    }
    let paper = view.regulation.paper("receipt").ok_or(PageError::NotFound)?;
    let people = People::of(&who.service, &who.official.seat.organization).await?;
    let values = values(&who, &view, &people);
    let lang = who.page.lang();
    let (texts, rows) = printed(lang, paper, &values);
    let back = who.page.href(&format!("/center/cases/{id}"));
    let title = said(lang, &paper.title).to_owned();
    html(&PaperPage { back, title, assumed: paper.assumed, texts, rows, page: who.page })
}

/// Prints the blocks of the receipt: its texts and its named fields.
fn printed(lang: Lang, paper: &Paper, values: &BTreeMap<&str, String>) -> (Vec<String>, Vec<Row>) {
    let (mut texts, mut rows) = (Vec::new(), Vec::new());
    for block in &paper.blocks {
        match block {
            Block::Text(text) => {
                let mut text = said(lang, text).to_owned();
                for (name, value) in values {
                    text = text.replace(&format!("{{{name}}}"), value);
                }
                texts.push(text);
            }
            Block::Field { label, value } => {
                let value = values.get(value.as_str()).cloned().unwrap_or_default();
                if !value.is_empty() {
                    rows.push(Row::new(said(lang, label), value));
                }
            }
            Block::Heading(_)
            | Block::Table { .. }
            | Block::Calculation
            | Block::Sign(_)
            | Block::Seal
            | Block::Qr => {}
        }
    }
    (texts, rows)
}

fn values<'a>(who: &AsOfficial, view: &CaseView, people: &People) -> BTreeMap<&'a str, String> {
    let (case, lang) = (&view.case, who.page.lang());
    let documents: Vec<&str> = view
        .regulation
        .documents
        .iter()
        .filter(|it| case.application.attachments.iter().any(|file| file.document == it.id))
        .map(|it| said(lang, &it.title))
        .collect();
    let place = who.service.center.as_ref().and_then(|id| who.service.settings.organization(id));
    let place = place.map(|it| format!("{}\n{}", said(lang, &it.name), said(lang, &it.address)));
    BTreeMap::from([
        ("application_number", case.number.clone().unwrap_or_default()),
        ("application_date", case.accepted_at.map(format::date_time).unwrap_or_default()),
        ("service", said(lang, &view.regulation.title).to_owned()),
        ("applicant", case.application.full_name.clone()),
        ("documents", documents.join("\n")),
        ("due", due(who, view)),
        ("center", place.unwrap_or_default()),
        ("operator", operator(view, people)),
    ])
}

/// The term that is known to hold; before the registers answered, the longest of the act.
fn due(who: &AsOfficial, view: &CaseView) -> String {
    let known = view.service_due().map(|it| it.due);
    let longest = || who.service.expected_terms(&view.case).iter().map(|it| it.deadline.due).max();
    known.or_else(longest).map(format::date_time).unwrap_or_default()
}

/// Who certified the request.
fn operator(view: &CaseView, people: &People) -> String {
    let signed = view.case.done.iter().rev().find(|it| {
        view.regulation.part(&it.part).is_some_and(|(_, _, part)| part.action == Action::SignRequest)
    });
    let by = signed.and_then(|it| it.by.as_ref());
    by.and_then(|it| people.name(it)).unwrap_or_default().to_owned()
}

/// Shows the notice of a case that ended without the service, to be printed.
pub(super) async fn notice(who: AsOfficial, Path(id): Path<Uuid>) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let lang = who.page.lang();
    let w = who.page.w;
    let text = view.refusal_notice().map(|it| said(lang, it).to_owned()).ok_or(PageError::NotFound)?;
    let mut rows = vec![
        Row::new(w.wp_applicant(), &*view.case.application.full_name),
        Row::new(w.wp_service(), said(lang, &view.regulation.title)),
    ];
    rows.extend(view.case.number.as_ref().map(|it| Row::new(w.cab_number(), it)));
    rows.extend(view.case.end.as_ref().map(|(_, at)| Row::new(w.off_notice_at(), format::date_time(*at))));
    if let Some((engine::Proposal::Refuse { ground, reason }, _)) = &view.case.proposal {
        let ground = view.regulation.ground(ground).map_or("", |it| said(lang, &it.text));
        rows.push(Row::new(w.off_ground(), ground));
        rows.push(Row::new(w.off_reason(), reason));
    }
    let back = who.page.href(&format!("/center/cases/{id}"));
    let title = match view.case.end {
        Some((regulation::model::End::DataUnavailable, _)) => w.op_no_data(),
        _ => w.st_refused(),
    };
    let title = title.to_owned();
    html(&PaperPage { back, title, assumed: false, texts: vec![text], rows, page: who.page })
}
