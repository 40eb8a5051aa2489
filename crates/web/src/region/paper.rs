// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers of an office: printed on the way, signed by hand, scanned.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::case::CaseId;
use regulation::model::StepId;
use service::access::Reader;
use service::papers::OfficePaper;
use service::sheets::{SheetRefused, SignedSheet};
use service::submit::{SubmitError, Submitted};
use service::uploads::UploadRefused;
use uuid::Uuid;

use super::act::inadmissible;
use super::case::{Typed, again};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::format;
use crate::offices::papers;
use crate::offices::{Sent, SentFile, files, view};
use crate::services::AsOfficial;
use crate::words::Word;

/// Sends a paper of the way, pressed as it is now.
pub(super) async fn show(
    who: AsOfficial,
    Path((id, name)): Path<(Uuid, String)>,
) -> Result<Response, PageError> {
    let found = name.strip_suffix(".pdf");
    let which = OfficePaper::ALL.into_iter().find(|it| Some(it.as_str()) == found);
    let which = which.ok_or(PageError::NotFound)?;
    let reader = Reader::Official(&who.official.seat);
    let bytes = who.service.office_paper(&reader, CaseId(id), which).await?.ok_or(PageError::NotFound)?;
    Ok(files::pdf(bytes, &name))
}

/// Presses the sheet that this official signs by hand; the case page offers it then.
pub(super) async fn print(
    Path(id): Path<Uuid>,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    view(&who, id).await?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let outcome = who.service.print_sheet(&who.official, CaseId(id), order).await;
    let next = page.href(&format!("/region/cases/{id}#sheet"));
    pressed(who, (id, given), outcome.map(drop), &next).await
}

/// Goes on to what was pressed, or shows the case again and why it was not.
pub(super) async fn pressed(
    who: AsOfficial,
    (id, given): (Uuid, Given),
    outcome: Result<(), SubmitError>,
    next: &str,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => Ok(Redirect::to(next).into_response()),
        Err(failed) => {
            let why = Some(inadmissible(failed)?);
            again(who, id, Typed { given, why, ..Typed::default() }).await
        }
    }
}

/// Sends the sheet as it was pressed.
pub(super) async fn sheet(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    let found = who.service.sheet_pdf(&who.official.seat, CaseId(id)).await?;
    let (number, bytes) = found.ok_or(PageError::NotFound)?;
    Ok(files::pdf(bytes, &format!("{number}-sheet.pdf")))
}

/// Records what was signed by hand: the result, or the covering letter.
pub(super) async fn signed(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    SentFile { who, given, file }: SentFile,
) -> Result<Response, PageError> {
    view(&who, id).await?;
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let w = who.page.w;
    let Some((_, scan)) = file else {
        let scan = Some(w.serr_choose_paper().to_owned());
        return again(who, id, Typed { given, scan, ..Typed::default() }).await;
    };
    let (size, case) = (scan.len(), CaseId(id));
    let (answer, done) = match given.get("act-kind") {
        "sheet" => {
            let on = format::read_date(given.get("on")).ok();
            let (sealed, countersigned) = (given.has("sealed"), given.has("countersigned"));
            let sheet = SignedSheet { on, sealed, countersigned, scan };
            (who.service.sign_sheet(&who.official, case, sheet, order).await, Word::DoneSigned)
        }
        "sign-letter" => {
            let part = StepId::from(given.get("part"));
            let seat = &who.official.seat;
            (who.service.sign_letter(seat, case, (part, scan), order).await, Word::DoneLetterSigned)
        }
        _ => return Err(PageError::BadRequest),
    };
    answered(who, (id, given, size), jar, (answer, done)).await
}

async fn answered(
    who: AsOfficial,
    (id, given, size): (Uuid, Given, usize),
    jar: CookieJar,
    (answer, done): (Result<Submitted, SheetRefused>, Word),
) -> Result<Response, PageError> {
    let w = who.page.w;
    let typed = Typed { given, ..Typed::default() };
    let told = match answer {
        Ok(submitted) => {
            let flash = Flash::success(done);
            let flash = if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { flash };
            return Ok((jar.add(flash.cookie()), Redirect::to(&who.page.href("/region"))).into_response());
        }
        Err(SheetRefused::Day) => Typed { day: Some(w.rs_day_wrong().to_owned()), ..typed },
        Err(SheetRefused::NotPrinted) => {
            let flash = Flash::notice(Word::RfNotPrepared);
            let to = who.page.href(&format!("/region/cases/{id}"));
            return Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response());
        }
        Err(SheetRefused::Scan(UploadRefused::Failed(failed)) | SheetRefused::Failed(failed)) => {
            Typed { why: Some(inadmissible(failed)?), ..typed }
        }
        Err(SheetRefused::Scan(refused)) => Typed { scan: Some(papers::refusal(w, refused, size)?), ..typed },
    };
    again(who, id, told).await
}
