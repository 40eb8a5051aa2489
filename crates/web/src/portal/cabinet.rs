// SPDX-License-Identifier: MIT OR Apache-2.0
//! The personal cabinet: drafts, «Қызметтерді алу тарихы», «Хабарлама».

use askama::Template;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{End, NoticeKind, ServiceId, System};
use service::Service;
use service::views::{CaseHead, Notice};

use super::words_of::{notice, say};
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{Cell, Table, Tag, TagKind};

/// Cases and notices on the first page of the cabinet.
const LATEST_MAX: usize = 5;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/cabinet", get(show))
        .route("/cabinet/history", get(history))
        .route("/cabinet/notices", get(notices))
}

#[derive(Template)]
#[template(path = "portal/cabinet.html")]
struct CabinetPage {
    page: Page,
    proved: bool,
    /// Whether the person has proved another account.
    elsewhere: bool,
    drafts: Vec<DraftLine>,
    cases: Table,
    notices: Vec<NoticeLine>,
    /// Which part alone is shown: `history`, `notices`; all of them otherwise.
    only: Option<&'static str>,
}

struct DraftLine {
    id: String,
    title: String,
    saved: String,
}

struct NoticeLine {
    at: String,
    text: String,
    href: String,
}

async fn show(who: AsCitizen) -> Result<impl IntoResponse, PageError> {
    let drafts = who.service.drafts(&who.citizen.id).await?;
    let line = |it: &service::drafts::Draft| DraftLine {
        id: it.id.to_string(),
        title: title(&who.page, &who.service, &it.service),
        saved: format::date_time(it.saved_at),
    };
    let drafts = drafts.iter().map(line).collect();
    let cases = who.service.cases_of(&who.citizen).await?;
    let notices = lines(&who).await?;
    let cases = table(&who.page, &who.service, cases.iter().take(LATEST_MAX));
    html(&CabinetPage {
        proved: who.citizen.proof.is_some(),
        elsewhere: who.service.is_proved_elsewhere(&who.citizen).await?,
        drafts,
        cases,
        notices: notices.into_iter().take(LATEST_MAX).collect(),
        only: None,
        page: who.page,
    })
}

async fn history(who: AsCitizen) -> Result<impl IntoResponse, PageError> {
    let cases = who.service.cases_of(&who.citizen).await?;
    let cases = table(&who.page, &who.service, cases.iter());
    html(&CabinetPage {
        proved: who.citizen.proof.is_some(),
        elsewhere: false,
        drafts: Vec::new(),
        cases,
        notices: Vec::new(),
        only: Some("history"),
        page: who.page,
    })
}

async fn notices(who: AsCitizen) -> Result<impl IntoResponse, PageError> {
    let notices = lines(&who).await?;
    html(&CabinetPage {
        proved: who.citizen.proof.is_some(),
        elsewhere: false,
        drafts: Vec::new(),
        cases: Table::default(),
        notices,
        only: Some("notices"),
        page: who.page,
    })
}

fn title(page: &Page, service: &Service, id: &ServiceId) -> String {
    service.settings.current(id).map(|it| say(page, &it.title)).unwrap_or_default()
}

fn table<'a>(page: &Page, service: &Service, cases: impl Iterator<Item = &'a CaseHead>) -> Table {
    let w = page.w;
    let row = |it: &CaseHead| {
        let opened = format::date_time(it.opened_at);
        let none = if it.end.is_some() { w.cab_without_number() } else { w.cab_no_number() };
        // What was not filed has no number and no date of filing: it is named by its time.
        let (number, filed) = if it.is_attempt {
            (w.cab_attempt(opened), String::new())
        } else {
            (it.number.clone().unwrap_or_else(|| none.to_owned()), opened)
        };
        let due = it.service_due.filter(|_| it.end.is_none());
        vec![
            Cell::link(page.href(&format!("/cases/{}", it.case.0)), number),
            Cell::text(title(page, service, &it.service)),
            Cell::text(filed),
            Cell { tag: Some(status(page, service, it)), ..Cell::default() },
            Cell::text(due.map(format::date_time).unwrap_or_default()),
        ]
    };
    Table {
        caption: w.nav_history().to_owned(),
        columns: vec![
            w.cab_number().into(),
            w.wp_service().into(),
            w.cab_date().into(),
            w.cab_status().into(),
            w.wp_due().into(),
        ],
        rows: cases.map(row).collect(),
        empty: w.g_empty_history().to_owned(),
    }
}

/// Returns where a case is, in two words.
pub(super) fn status(page: &Page, service: &Service, case: &CaseHead) -> Tag {
    let w = page.w;
    match case.end {
        Some(End::Issued) => return Tag::new(TagKind::Good, w.st_issued()),
        Some(End::Refused) if case.accepted_at.is_none() && case.number.is_none() => {
            return Tag::new(TagKind::Bad, w.st_unsigned());
        }
        Some(End::Refused) => return Tag::new(TagKind::Bad, w.st_refused()),
        Some(End::NotAccepted) => return Tag::new(TagKind::Bad, w.st_not_accepted()),
        Some(End::DataUnavailable) => return Tag::new(TagKind::Bad, w.st_no_data()),
        Some(End::SignInRefused) => return Tag::new(TagKind::Bad, w.n_plain_signin()),
        None => {}
    }
    if case.register_silent {
        return Tag::new(TagKind::Wait, w.st_waiting_register());
    }
    let place = case.part.as_ref().and_then(|part| {
        service.settings.edition(&case.service, &case.edition)?.part(part).map(|(_, step, _)| step.at)
    });
    match place {
        Some(System::Region) => Tag::new(TagKind::Going, w.st_examined()),
        _ if case.number.is_none() => Tag::new(TagKind::Wait, w.st_signed()),
        _ => Tag::new(TagKind::Going, w.st_sent()),
    }
}

async fn lines(who: &AsCitizen) -> Result<Vec<NoticeLine>, PageError> {
    let notices = who.service.notices_of(&who.citizen).await?;
    let line = |it: &Notice| NoticeLine {
        at: format::date_time(it.at),
        text: text(who, it),
        href: who.page.href(&format!("/cases/{}", it.case.0)),
    };
    Ok(notices.iter().map(line).collect())
}

/// Returns a notice in words.
fn text(who: &AsCitizen, it: &Notice) -> String {
    let w = who.page.w;
    let service = title(&who.page, &who.service, &it.service);
    match (&it.number, it.kind) {
        (Some(number), NoticeKind::Sent) => w.n_sent(format::date(format::day_of(it.at)), number, service),
        (Some(number), NoticeKind::ResultReady) => w.n_ready_online(number, service),
        (Some(number), NoticeKind::DataUnavailable) => {
            w.n_no_data(format::date(format::day_of(it.at)), number, service)
        }
        (number, kind) => {
            let number = number.as_ref().map(|it| format!(" {}.", w.sent_number(it))).unwrap_or_default();
            format!("{}{number} {}: {service}.", w.of(notice(kind)), w.wp_service())
        }
    }
}
