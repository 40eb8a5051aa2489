// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers that the operator prints: the receipt for the documents, and the notice of a refusal in the act's words.

use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use engine::Organization;
use engine::case::Value;
use regulation::model::{Action, Actor, Block, FieldKind, Paper, PaperRole, SignedBy, StandardDocument};
use service::cases::CaseView;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::errors::PageError;
use crate::form::{date_shown, said};
use crate::format;
use crate::lang::Lang;
use crate::offices::case::People;
use crate::offices::view;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::Row;
use crate::words::Words;

#[derive(Template)]
#[template(path = "center/paper.html")]
struct PaperPage {
    page: Page,
    back: String,
    title: String,
    assumed: bool,
    pieces: Vec<Piece>,
}

/// A piece of a paper, in its order.
enum Piece {
    Text(String),
    /// Named values that stand below one another.
    Rows(Vec<Row>),
    /// A line for a signature: who, and the name.
    Sign(String, String),
}

/// Shows the receipt for the documents, in the order of the Standard's blocks.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    if view.case.accepted_at.is_none() {
        return Err(PageError::NotFound);
    }
    let paper = view.regulation.papers_of(PaperRole::Receipt).next().ok_or(PageError::NotFound)?;
    paper_page(who, id, &view, paper).await
}

/// Shows the receipt of a refusal to accept (annex 3 of the Standard).
pub(super) async fn not_accepted(
    who: AsOfficial,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let paper = of_refusal(&view).ok_or(PageError::NotFound)?;
    paper_page(who, id, &view, paper).await
}

/// Returns the receipt that the act gives with a refusal to accept by the operator, once he has refused.
pub(super) fn of_refusal(view: &CaseView) -> Option<&Paper> {
    view.case.refused.as_ref()?;
    let rule = view.regulation.not_accepted_by(Actor::CenterOperator)?;
    view.regulation.paper(rule.paper.as_ref()?.as_str())
}

async fn paper_page(
    who: AsOfficial,
    id: Uuid,
    view: &CaseView,
    paper: &Paper,
) -> Result<impl IntoResponse + use<>, PageError> {
    let people = People::of(&who.service, &who.official.seat.organization).await?;
    let values = values(&who, view, &people);
    let lang = who.page.lang();
    let pieces = printed(lang, paper, &values);
    let back = who.page.href(&format!("/center/cases/{id}"));
    let title = said(lang, &paper.title).to_owned();
    html(&PaperPage { back, title, assumed: paper.assumed, pieces, page: who.page })
}

/// Prints the blocks of a receipt: its texts, its named fields and the lines for signatures.
fn printed(lang: Lang, paper: &Paper, values: &BTreeMap<String, String>) -> Vec<Piece> {
    let mut out = Vec::new();
    let value = |name: &str| values.get(name).cloned().unwrap_or_default();
    for block in &paper.blocks {
        match block {
            Block::Text(text) => {
                let mut text = said(lang, text).to_owned();
                for (name, value) in values {
                    text = text.replace(&format!("{{{name}}}"), value);
                }
                out.push(Piece::Text(text));
            }
            Block::Field { label, value: name } => {
                let value = value(name);
                if value.is_empty() {
                    continue;
                }
                let row = Row::new(said(lang, label), value);
                if let Some(Piece::Rows(rows)) = out.last_mut() {
                    rows.push(row);
                } else {
                    out.push(Piece::Rows(vec![row]));
                }
            }
            Block::Sign(SignedBy::Signer) => out.push(Piece::Sign(value("operator"), String::new())),
            Block::Sign(SignedBy::Applicant) => {
                out.push(Piece::Sign(Words::new(lang).wp_applicant().to_owned(), value("applicant")));
            }
            Block::Heading(_) | Block::Table { .. } | Block::Calculation | Block::Seal | Block::Qr => {}
        }
    }
    out
}

fn values(who: &AsOfficial, view: &CaseView, people: &People) -> BTreeMap<String, String> {
    let (case, lang) = (&view.case, who.page.lang());
    let named = |wanted: &dyn Fn(&StandardDocument) -> bool| {
        let found = view.regulation.documents.iter().filter(|it| wanted(it)).map(|it| said(lang, &it.title));
        found.collect::<Vec<_>>().join("\n")
    };
    let missing = case.refused.as_ref().map(|it| named(&|document| it.missing.contains(&document.id)));
    let given = || named(&|it| case.application.attachments.iter().any(|file| file.document == it.id));
    let center = who.service.settings.organization(&who.official.seat.organization);
    let place = center.map(|it| format!("{}\n{}", said(lang, &it.name), where_to(&who.page, it)));
    let provider = who.service.settings.organization(&case.application.provider);
    let reason = case.refused.as_ref().map(|it| it.reason.clone()).unwrap_or_default();
    let on = case.end.as_ref().map(|(_, at)| *at).or(case.accepted_at).unwrap_or(case.opened_at);
    let mut values = BTreeMap::new();
    for field in &view.regulation.fields {
        if let Some(Value::Text(text)) = case.application.fields.get(&field.id) {
            let shown = if field.kind == FieldKind::Date { date_shown(text) } else { text.clone() };
            values.insert(field.id.as_str().to_owned(), shown);
        }
    }
    let known = [
        ("application_number", case.number.clone().unwrap_or_default()),
        ("application_date", case.accepted_at.map(format::date_time).unwrap_or_default()),
        ("date", format::date(format::day_of(on))),
        ("service", said(lang, &view.regulation.title).to_owned()),
        ("provider", provider.map(|it| said(lang, &it.name).to_owned()).unwrap_or_default()),
        ("applicant", case.application.full_name.clone()),
        ("iin", case.application.iin.clone()),
        ("missing", missing.clone().unwrap_or_default()),
        ("documents", missing.unwrap_or_else(given)),
        ("reason", reason),
        ("due", due(who, view)),
        ("center", place.unwrap_or_default()),
        ("operator", operator(view, people)),
    ];
    values.extend(known.map(|(name, value)| (name.to_owned(), value)));
    values
}

/// Where people come for the result: to the address, or to the stops of a mobile center, which has no hall.
fn where_to(page: &crate::page::Page, center: &Organization) -> String {
    let stops = crate::route::lines(page, center);
    if stops.is_empty() { said(page.lang(), &center.address).to_owned() } else { stops.join("\n") }
}

/// The term that is known to hold; before the registers answered, the longest of the act.
fn due(who: &AsOfficial, view: &CaseView) -> String {
    let known = view.service_due().map(|it| it.due);
    let longest = || who.service.expected_terms(&view.case).iter().map(|it| it.deadline.due).max();
    known.or_else(longest).map(format::date_time).unwrap_or_default()
}

/// Who certified the request, or refused to accept it.
fn operator(view: &CaseView, people: &People) -> String {
    if let Some(refused) = &view.case.refused {
        return people.name(&refused.by).unwrap_or_default().to_owned();
    }
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
    let step = view.refusal_step().ok_or(PageError::NotFound)?;
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
    let (text, clause) = (said(lang, &step.text), w.clause(&*step.clause));
    rows.push(Row::new(w.signin_by_act(), format!("{text}\n{clause}")));
    let back = who.page.href(&format!("/center/cases/{id}"));
    let title = match view.case.end {
        Some((regulation::model::End::DataUnavailable, _)) => w.op_no_data(),
        _ => w.st_refused(),
    };
    let title = title.to_owned();
    html(&PaperPage { back, title, assumed: false, pieces: vec![Piece::Rows(rows)], page: who.page })
}
