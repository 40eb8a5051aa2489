// SPDX-License-Identifier: MIT OR Apache-2.0
//! The registers that the body keeps: page by page, and who is sought in them. What is sought goes by a form and not by the
//! address, which programs on the way would log.

pub(super) mod entry;
pub(super) mod new;
pub(super) mod upload;

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use regulation::model::RegisterId;
use service::contracts::RegisterContract;
use service::contracts::own::{Column, ENDED, FROM, Is, TO};
use service::registers::{EntryPage, EntryView, Sought};
use std::collections::BTreeMap;

use crate::errors::PageError;
use crate::form::{Given, date_shown, said};
use crate::format;
use crate::offices::Sent;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Field, Link, Section, Table, Tag, TagKind};
use crate::words::Words;

/// Longest text that is sought.
const SOUGHT_CHARS_MAX: u32 = 100;

#[derive(Template)]
#[template(path = "region/register.html")]
struct ListPage {
    page: Page,
    body: String,
    title: String,
    registers: Vec<Section>,
    action: String,
    add: String,
    upload: String,
    field: Field,
    table: Table,
    all: Option<Link>,
    earlier: Option<Link>,
    behind: Option<String>,
}

#[derive(Template)]
#[template(path = "region/registers-none.html")]
struct NonePage {
    page: Page,
}

/// Shows the first register of the body.
pub(in crate::region) async fn first(who: AsOfficial) -> Result<Response, PageError> {
    match who.service.kept_registers(&who.official.seat).first() {
        Some(it) => Ok(Redirect::to(&address(&who.page, &it.id, "")).into_response()),
        None => Ok(html(&NonePage { page: who.page })?.into_response()),
    }
}

/// Returns the address of a register, or of something in it.
fn address(page: &Page, register: &str, rest: &str) -> String {
    page.href(&format!("/region/registers/{register}{rest}"))
}

/// What the list shows.
struct Shown<'a> {
    typed: &'a str,
    after: Option<&'a str>,
    error: Option<&'static str>,
}

/// Shows a page of a register.
pub(in crate::region) async fn list(
    who: AsOfficial,
    Path(id): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let shown = Shown { typed: "", after: asked.get("after").map(String::as_str), error: None };
    Ok(html(&render(who, &id, &shown).await?)?.into_response())
}

/// Leads who comes by the address of a search back to the register.
pub(in crate::region) async fn sought_before(
    who: AsOfficial,
    Path(id): Path<String>,
) -> Result<Redirect, PageError> {
    who.service.kept_register(&who.official.seat, &RegisterId(id.clone()))?;
    Ok(Redirect::to(&address(&who.page, &id, "")))
}

/// Shows who was sought.
pub(in crate::region) async fn search(
    Path(id): Path<String>,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let typed = given.get("sought");
    let after = Some(given.get("after")).filter(|it| !it.is_empty());
    if Sought::typed(typed).is_none() {
        let shown = Shown { typed, after: None, error: Some(page.w.kr_search_short()) };
        let told = html(&render(who, &id, &shown).await?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, told).into_response());
    }
    Ok(html(&render(who, &id, &Shown { typed, after, error: None }).await?)?.into_response())
}

async fn render(who: AsOfficial, id: &str, shown: &Shown<'_>) -> Result<ListPage, PageError> {
    let (service, seat, page) = (&who.service, &who.official.seat, &who.page);
    let (register, w) = (RegisterId::from(id), page.w);
    let contract = service.kept_register(seat, &register)?;
    let sought = Sought::typed(shown.typed).filter(|_| shown.error.is_none());
    let found = match &sought {
        Some(sought) => service.register_page(seat, &register, (sought, shown.after)).await?,
        None => EntryPage::default(),
    };
    let everybody = sought == Some(Sought::Everybody);
    let section = |it: &RegisterContract| Section {
        href: address(page, &it.id, ""),
        text: said(page.lang(), &it.title).to_owned(),
        count: None,
        current: it.id == id,
    };
    let link = |href: String, text: &str| Link { href, text: text.to_owned(), about: None };
    let body = service.settings.organization(&seat.organization);
    let earlier = found.next.as_ref().filter(|_| everybody);
    Ok(ListPage {
        body: body.map(|it| said(page.lang(), &it.name).to_owned()).unwrap_or_default(),
        title: said(page.lang(), &contract.title).to_owned(),
        registers: service.kept_registers(seat).into_iter().map(section).collect(),
        action: address(page, id, "/search"),
        add: address(page, id, "/new"),
        upload: address(page, id, "/upload"),
        field: Field::new("sought", w.kr_search())
            .hint(w.kr_search_hint())
            .value(shown.typed)
            .max_length(SOUGHT_CHARS_MAX)
            .error(shown.error),
        table: table(page, contract, &found.entries),
        all: (!everybody || shown.after.is_some()).then(|| link(address(page, id, ""), w.kr_all())),
        earlier: earlier.map(|it| link(address(page, id, &format!("?after={it}")), w.rj_earlier())),
        behind: found.next.filter(|_| !everybody),
        page: who.page,
    })
}

/// Returns entries as a table.
fn table(page: &Page, contract: &RegisterContract, entries: &[EntryView]) -> Table {
    let w = page.w;
    let listed: Vec<&Column> = columns(contract).filter(|it| it.listed).collect();
    let mut names = vec![w.kr_person().to_owned(), w.sign_cert_iin().to_owned()];
    names.extend(listed.iter().map(|it| said(w.lang(), &it.title).to_owned()));
    names.extend([w.kr_from(), w.kr_state()].map(str::to_owned));
    let row = |it: &EntryView| {
        let mut cells = vec![
            Cell::link(address(page, &contract.id, &format!("/entries/{}", it.id)), &*it.full_name),
            Cell::text(&*it.iin),
        ];
        cells.extend(listed.iter().map(|column| Cell::text(value(w, column, it))));
        cells.push(Cell::text(day(it, FROM)));
        cells.push(Cell { tag: Some(state(page, it)), ..Cell::default() });
        cells
    };
    Table {
        caption: said(w.lang(), &contract.title).to_owned(),
        columns: names,
        rows: entries.iter().map(row).collect(),
        empty: w.kr_empty().to_owned(),
    }
}

fn columns(contract: &RegisterContract) -> impl Iterator<Item = &Column> {
    contract.own.iter().flat_map(|it| &it.column)
}

/// Returns a value of an entry as people read it.
fn value(w: Words, column: &Column, entry: &EntryView) -> String {
    let Some(given) = entry.record.get(&column.name) else { return String::new() };
    match column.is {
        Is::Date => date_shown(given),
        Is::Line | Is::Iin => given.clone(),
        Is::Choice | Is::Computed => {
            column.title_of(given).map_or_else(|| given.clone(), |it| said(w.lang(), it).to_owned())
        }
    }
}

fn day(entry: &EntryView, name: &str) -> String {
    entry.record.get(name).map(|it| date_shown(it)).unwrap_or_default()
}

/// Returns whether an entry counts, and since when not.
fn state(page: &Page, entry: &EntryView) -> Tag {
    let w = page.w;
    let Some(ended) = entry.record.get(ENDED) else { return Tag::new(TagKind::Good, w.kr_in_force()) };
    let Ok(day) = ended.parse::<Date>() else { return Tag::new(TagKind::Quiet, w.kr_over(ended)) };
    if day > format::day_of(page.now) {
        return Tag::new(TagKind::Wait, w.kr_not_begun(format::date(day)));
    }
    // Of an entry that is over the last day is known; it does not count from the next one.
    let is_last = entry.ended.is_none() && entry.record.get(TO) == Some(ended);
    let since = if is_last { day.tomorrow().unwrap_or(day) } else { day };
    Tag::new(TagKind::Quiet, w.kr_over(format::date(since)))
}
