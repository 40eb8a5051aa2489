// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a mobile center took in without a line: the slip for the person, and its registration when there is a line again.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::Inadmissible;
use service::provisional::Provisional;
use service::submit::SubmitError;
use uuid::Uuid;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{Given, said};
use crate::format;
use crate::offices::Sent;
use crate::offices::case::People;
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Row, Table};
use crate::words::Word;

#[derive(Template)]
#[template(path = "center/provisional.html")]
struct SlipPage {
    page: Page,
    action: String,
    rows: Vec<Row>,
    operator: String,
}

/// Returns the address of an intake without a line.
pub(super) fn address(page: &Page, id: Uuid) -> String {
    page.href(&format!("/center/provisional/{id}"))
}

/// Returns what the center took in and has not registered; `None` where it always has a line.
pub(super) async fn table(who: &AsOfficial) -> Result<Option<Table>, PageError> {
    let (page, service, seat) = (&who.page, &who.service, &who.official.seat);
    if !service.may_be_without_line(seat) {
        return Ok(None);
    }
    let row = |it: &Provisional| {
        vec![
            Cell::link(address(page, it.id), &*it.entered.full_name),
            Cell::text(title(who, it)),
            Cell::text(format::date_time(it.at)),
        ]
    };
    let w = page.w;
    Ok(Some(Table {
        caption: w.ol_list().to_owned(),
        columns: [w.wp_applicant(), w.wp_service(), w.ol_at()].map(str::to_owned).to_vec(),
        rows: service.provisionals(seat).await?.iter().map(row).collect(),
        empty: w.ol_none().to_owned(),
    }))
}

fn title(who: &AsOfficial, it: &Provisional) -> String {
    let regulation = who.service.settings.current_for(&it.entered.service, &it.entered.provider);
    regulation.map_or_else(String::new, |of| said(who.page.lang(), &of.title).to_owned())
}

/// Shows the slip.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    let (page, service, seat) = (&who.page, &who.service, &who.official.seat);
    let (w, lang) = (page.w, page.lang());
    let kept = service.provisional(seat, id).await?.ok_or(PageError::NotFound)?;
    let people = People::of(service, &seat.organization).await?;
    let center = service.settings.organization(&seat.organization).ok_or(PageError::NotFound)?;
    let provider = service.settings.organization(&kept.entered.provider);
    let stops = crate::route::lines(page, center).join("\n");
    let rows = vec![
        Row::new(w.ol_center(), said(lang, &center.name)),
        Row::new(w.wp_service(), title(&who, &kept)),
        Row::new(w.passport_provider(), provider.map_or("", |it| said(lang, &it.name))),
        Row::new(w.wp_applicant(), &*kept.entered.full_name),
        Row::new(w.ol_at(), format::date_time(kept.at)),
        Row::new(w.ol_where(), stops),
    ];
    let operator = people.name(&kept.by).unwrap_or_default().to_owned();
    Ok(html(&SlipPage { action: address(page, id), rows, operator, page: who.page })?.into_response())
}

/// Registers it, or throws it away.
pub(super) async fn take(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let (service, seat) = (&who.service, &who.official.seat);
    match given.get("do") {
        "register" => match service.register_provisional(seat, &who.session, id).await {
            Ok(opened) => {
                let done = Flash::success(Word::DoneTakenIn);
                let flash = if opened.repeated { Flash::notice(Word::GAlreadyDone) } else { done };
                let to = page.href(&format!("/center/cases/{}", opened.case.0));
                Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
            }
            Err(SubmitError::Inadmissible(Inadmissible::Form(_))) => {
                let flash = Flash::notice(Word::OlForm);
                Ok((jar.add(flash.cookie()), Redirect::to(&address(&page, id))).into_response())
            }
            Err(failed) => Err(failed.into()),
        },
        "drop" => {
            service.drop_provisional(seat, id).await?;
            let flash = Flash::success(Word::OlDropped);
            Ok((jar.add(flash.cookie()), Redirect::to(&page.href("/center"))).into_response())
        }
        _ => Err(PageError::BadRequest),
    }
}
