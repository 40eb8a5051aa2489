// SPDX-License-Identifier: MIT OR Apache-2.0
//! One entry: who, since when, on what ground, what happened to it; its end; its printed extract.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use regulation::model::RegisterId;
use service::codec::register::Ground;
use service::contracts::own::{FROM, TO, VALUE_CHARS_MAX, Wrong};
use service::registers::hand::{GROUND, ON};
use service::registers::{EntryView, KeepRefused};
use uuid::Uuid;

use super::{address, columns, day, state, table, value};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{DATE_EXAMPLE, Given, date_shown, said};
use crate::format;
use crate::offices::applicant::of_field;
use crate::offices::case::People;
use crate::offices::{Sent, files, readings};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Field, FieldKind, Link, Problem, Row, Table, Tag};
use crate::words::{Word, Words};

#[derive(Template)]
#[template(path = "region/register-entry.html")]
struct EntryPage {
    page: Page,
    body: String,
    title: String,
    back: String,
    at: String,
    state: Tag,
    facts: Vec<Row>,
    ground: Vec<Row>,
    history: Table,
    others: Option<Table>,
    readings: Option<Table>,
    ending: Option<Ending>,
    problems: Vec<Problem>,
}

/// The form that ends an entry.
struct Ending {
    action: String,
    order: Uuid,
    on: Field,
    ground: Field,
    open: bool,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    given: Given,
    wrong: Vec<(String, Word)>,
}

/// Shows an entry.
pub(in crate::region) async fn show(
    who: AsOfficial,
    Path((id, entry)): Path<(String, Uuid)>,
) -> Result<Response, PageError> {
    Ok(html(&render(who, (&id, entry), &Typed::default()).await?)?.into_response())
}

async fn render(who: AsOfficial, (id, entry): (&str, Uuid), typed: &Typed) -> Result<EntryPage, PageError> {
    let (service, seat, page) = (&who.service, &who.official.seat, &who.page);
    let (register, w) = (RegisterId::from(id), page.w);
    let contract = service.kept_register(seat, &register)?;
    let (view, others) = service.register_entry(seat, &register, entry).await?;
    let people = People::of(service, &seat.organization).await?;
    let ending = view.ended.is_none().then(|| Ending {
        action: address(page, id, &format!("/entries/{entry}/end")),
        order: service.uuid(),
        on: field(w, typed, (ON, w.kr_end_on()))
            .kind(FieldKind::Date)
            .hint(w.form_date_hint(DATE_EXAMPLE))
            .width(10),
        ground: field(w, typed, (GROUND, w.kr_end_ground()))
            .kind(FieldKind::Lines)
            .hint(w.kr_end_ground_hint())
            .max_length(u32::try_from(VALUE_CHARS_MAX).unwrap_or(u32::MAX)),
        open: !typed.wrong.is_empty(),
    });
    let problems = ending.iter().flat_map(|it| [of_field(&it.on), of_field(&it.ground)]).flatten().collect();
    let read = service.readings_of_entry(seat, &register, entry).await?;
    let name = |it: &service::readings::Reading| people.name(&it.who).unwrap_or(&it.who.0).to_owned();
    let body = service.settings.organization(&seat.organization);
    let mut facts = vec![
        Row::new(w.kr_person(), &*view.full_name),
        Row::new(w.sign_cert_iin(), &*view.iin),
        Row::new(w.kr_from(), day(&view, FROM)),
    ];
    facts.extend(view.record.contains_key(TO).then(|| Row::new(w.kr_to(), day(&view, TO))));
    let values = columns(contract).map(|it| Row::new(said(w.lang(), &it.title), value(w, it, &view)));
    facts.extend(values.filter(|it| !it.value.is_empty()));
    Ok(EntryPage {
        body: body.map(|it| said(page.lang(), &it.name).to_owned()).unwrap_or_default(),
        title: said(page.lang(), &contract.title).to_owned(),
        back: address(page, id, ""),
        at: w.kr_extract_at(format::date_time(page.now)),
        state: state(page, &view),
        facts,
        ground: ground(&who, id, &view, &people),
        history: history(w, &view, &people),
        others: (!others.is_empty()).then(|| table(page, contract, &others)),
        readings: read.map(|it| readings::rows(w, &it, name)),
        ending,
        problems,
        page: who.page,
    })
}

fn field(w: Words, typed: &Typed, (name, label): (&str, &str)) -> Field {
    let wrong = typed.wrong.iter().find(|(it, _)| it == name).map(|(_, word)| w.of(*word));
    Field::new(name, label).value(typed.given.get(name)).error(wrong)
}

/// Says on what ground somebody was entered.
fn ground(who: &AsOfficial, id: &str, view: &EntryView, people: &People) -> Vec<Row> {
    let (page, w) = (&who.page, who.page.w);
    let action = |href: String, text: &str| Some(Link { href, text: text.to_owned(), about: None });
    match &view.ground {
        Ground::Case { service, case, result_number } => {
            let title = who.service.settings.current(service).map_or("", |it| said(w.lang(), &it.title));
            let said = w.kr_by_case(result_number.clone().unwrap_or_default(), title);
            let href = page.href(&format!("/region/cases/{}", case.0));
            vec![Row { action: action(href, w.kr_case()), ..Row::new(w.kr_ground(), said) }]
        }
        Ground::Hand { by, .. } => {
            let document = view.document.clone().unwrap_or_default();
            let said = w.kr_document(date_shown(&document.date), document.number, document.title);
            let href = address(page, id, &format!("/entries/{}/ground", view.id));
            vec![
                Row { action: action(href, w.kr_scan()), ..Row::new(w.kr_ground(), said) },
                Row::new(w.kr_document_body(), document.body),
                Row::new(w.rd_who(), people.name(by).unwrap_or(&by.0)),
            ]
        }
        Ground::Import { line, by, .. } => {
            let mut rows = vec![Row::new(w.kr_ground(), w.kr_by_import(line.to_string()))];
            rows.extend(by.as_ref().map(|it| Row::new(w.rd_who(), people.name(it).unwrap_or(&it.0))));
            rows
        }
    }
}

fn history(w: Words, view: &EntryView, people: &People) -> Table {
    let name = |it: &engine::case::PersonId| people.name(it).unwrap_or(&it.0).to_owned();
    let by = match &view.ground {
        Ground::Hand { by, .. } | Ground::Import { by: Some(by), .. } => name(by),
        Ground::Case { .. } | Ground::Import { by: None, .. } => String::new(),
    };
    let mut rows =
        vec![vec![Cell::text(format::date_time(view.at)), Cell::text(w.kr_made()), Cell::text(by)]];
    if let Some(it) = &view.ended {
        let what = format!("{}: {}. {}", w.kr_ended(), format::date(it.on), it.ground);
        rows.push(vec![Cell::text(format::date_time(it.at)), Cell::text(what), Cell::text(name(&it.by))]);
    }
    Table {
        caption: w.kr_history().to_owned(),
        columns: [w.rd_when(), w.kr_what(), w.rd_who()].map(str::to_owned).to_vec(),
        rows,
        empty: String::new(),
    }
}

/// Sends the scan on whose ground somebody was entered.
pub(in crate::region) async fn scan(
    who: AsOfficial,
    Path((id, entry)): Path<(String, Uuid)>,
) -> Result<Response, PageError> {
    let register = RegisterId(id);
    let (bytes, media_type) = who.service.entry_scan(&who.official.seat, &register, entry).await?;
    let ending = media_type.rsplit('/').next().unwrap_or_default();
    Ok(files::send(bytes, &format!("{entry}.{ending}"), &media_type))
}

/// Ends an entry.
pub(in crate::region) async fn end(
    Path((id, entry)): Path<(String, Uuid)>,
    jar: CookieJar,
    Sent { page: _, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let register = RegisterId::from(id.as_str());
    let on = format::read_date(given.get(ON));
    let asked = (on.ok(), given.get(GROUND));
    let done = who.service.end_entry(&who.official.seat, (&register, entry), asked, order).await;
    let flash = match done {
        Ok(()) => Flash::success(Word::DoneEntryEnded),
        Err(KeepRefused::Ended | KeepRefused::Entered) => Flash::notice(Word::KrEndedBefore),
        Err(KeepRefused::Wrong(wrong)) => {
            let word = |(name, it): (String, Wrong)| {
                let unread = on.err().filter(|_| name == ON && !given.get(ON).is_empty());
                (name, unread.unwrap_or_else(|| said_of(it)))
            };
            let wrong = wrong.into_iter().map(word).collect();
            let told = html(&render(who, (&id, entry), &Typed { given: given.clone(), wrong }).await?)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, told).into_response());
        }
        Err(KeepRefused::Failed(failed)) => return Err(failed.into()),
    };
    let to = address(&who.page, &id, &format!("/entries/{entry}"));
    Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
}

/// Returns what is wrong, in the words of forms.
pub(super) fn said_of(wrong: Wrong) -> Word {
    match wrong {
        Wrong::Missing => Word::VerrRequired,
        Wrong::NotADate => Word::VerrDate,
        Wrong::NotAnIin => Word::VerrIinWrong,
        Wrong::NotAChoice => Word::VerrChoose,
        Wrong::BeforeTheFirst => Word::KrBeforeFirst,
        Wrong::ToCome => Word::KrTooFar,
        Wrong::Entered => Word::KrEntered,
        Wrong::TooLong | Wrong::Unknown => Word::VerrUnknown,
    }
}
