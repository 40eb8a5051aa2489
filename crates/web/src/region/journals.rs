// SPDX-License-Identifier: MIT OR Apache-2.0
//! The journals of a body: incoming, outgoing, results, and every case; page by page, to be read and printed.

mod export;

pub(super) use export::export;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::IntoResponse;
use service::journals::{Journal, Line, Recipient};
use service::submit::SubmitError;
use std::collections::BTreeMap;

use crate::errors::PageError;
use crate::form::said;
use crate::format;
use crate::offices::lists;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Link, Section, Table, Tag, TagKind};
use crate::words::Words;

#[derive(Template)]
#[template(path = "region/journal.html")]
struct JournalPage {
    page: Page,
    body: String,
    title: String,
    journals: Vec<Section>,
    table: Table,
    file: Link,
    latest: Option<Link>,
    earlier: Option<Link>,
}

/// What stands behind the address: `after`, from where a page goes on.
type Asked = Query<BTreeMap<String, String>>;

/// Shows the journal of incoming papers.
pub(super) async fn incoming(
    who: AsOfficial,
    Query(mut asked): Asked,
) -> Result<impl IntoResponse, PageError> {
    page(who, Journal::Incoming, asked.remove("after")).await
}

/// Shows a journal by its name.
pub(super) async fn show(
    who: AsOfficial,
    Path(name): Path<String>,
    Query(mut asked): Asked,
) -> Result<impl IntoResponse, PageError> {
    page(who, Journal::named(&name).ok_or(PageError::NotFound)?, asked.remove("after")).await
}

fn named(w: Words, journal: Journal) -> &'static str {
    match journal {
        Journal::Incoming => w.of_incoming(),
        Journal::Outgoing => w.of_outgoing(),
        Journal::Results => w.rj_results(),
        Journal::All => w.off_all_cases(),
    }
}

async fn page(
    who: AsOfficial,
    journal: Journal,
    after: Option<String>,
) -> Result<impl IntoResponse + use<>, PageError> {
    let (page, service, seat) = (who.page, who.service, who.official.seat);
    let w = page.w;
    let found = service.journal_page(&seat, journal, after.as_deref()).await?;
    let mut rows = Vec::with_capacity(found.lines.len());
    for line in &found.lines {
        rows.push(row(&page, &service, journal, line).await?);
    }
    let address = |it: Journal| format!("/region/journal/{}", it.as_str());
    let section = |it: Journal| Section {
        href: page.href(&address(it)),
        text: named(w, it).to_owned(),
        count: None,
        current: it == journal,
    };
    let link = |href: String, text: &str| Link { href, text: text.to_owned(), about: None };
    let earlier =
        found.next.map(|it| link(page.href(&format!("{}?after={it}", address(journal))), w.rj_earlier()));
    let file = link(page.href(&format!("{}/journal.csv", address(journal))), w.rj_export());
    let latest = after.map(|_| link(page.href(&address(journal)), w.rj_latest()));
    let body = service.settings.organization(&seat.organization);
    html(&JournalPage {
        body: body.map(|it| said(w.lang(), &it.name).to_owned()).unwrap_or_default(),
        title: named(w, journal).to_owned(),
        journals: Journal::ALL.into_iter().map(section).collect(),
        table: Table {
            caption: named(w, journal).to_owned(),
            columns: columns(w, journal),
            rows,
            empty: w.off_journal_empty().to_owned(),
        },
        file,
        latest,
        earlier,
        page,
    })
}

fn columns(w: Words, journal: Journal) -> Vec<String> {
    if journal == Journal::All {
        return lists::journal_columns(w);
    }
    let own = [w.rj_number(), w.rj_at(), w.wp_applicant(), w.cab_number(), w.wp_service(), w.cab_status()];
    let mark = (journal == Journal::Results).then(|| w.rj_given());
    own.into_iter().chain(mark).map(str::to_owned).collect()
}

async fn row(
    page: &Page,
    service: &service::Service,
    journal: Journal,
    line: &Line,
) -> Result<Vec<Cell>, SubmitError> {
    let (w, head) = (page.w, &line.head);
    let Some(entry) = line.entry.as_ref().filter(|_| journal != Journal::All) else {
        return lists::journal_row(page, service, head).await;
    };
    let state =
        if entry.voided { Tag::new(TagKind::Quiet, w.rj_voided()) } else { lists::state(w, service, head) };
    let mark = (journal == Journal::Results).then(|| Cell::text(mark(w, service, line)));
    let cells = [
        Cell::text(&*entry.number),
        Cell::text(format::date_time(entry.at)),
        Cell::text(service.name_in(head).await?),
        lists::link(page, head),
        Cell::text(lists::title(w, service, head)),
        Cell { tag: Some(state), ..Cell::default() },
    ];
    Ok(cells.into_iter().chain(mark).collect())
}

/// Returns the mark that a result was given: when, to whom, by whom.
fn mark(w: Words, service: &service::Service, line: &Line) -> String {
    let Some(given) = &line.given else { return String::new() };
    let to = match &given.to {
        Recipient::Hand { name, document } => w.rj_given_hand(document, name),
        Recipient::Courier(name) => w.rj_given_courier(name),
        Recipient::Sent => w.rj_given_sent().to_owned(),
        Recipient::Erased => String::new(),
    };
    let bodies = [Some(&line.head.provider), line.head.akim.as_ref()];
    let mut bodies = bodies.into_iter().flatten().filter_map(|it| service.settings.organization(it));
    let by = given.by.as_ref().and_then(|by| bodies.find_map(|it| it.seat(by)));
    let by = by.map(|it| it.holder.full_name.clone()).unwrap_or_default();
    let said = [format::date_time(given.at), to, by];
    said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ")
}
