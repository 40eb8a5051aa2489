// SPDX-License-Identifier: MIT OR Apache-2.0
//! Papers: marked as present, scanned, attached to the request (act 9.6). Each scan is kept at once.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::case::{Attachment, CaseId, FileHash};
use engine::{Inadmissible, form::ATTACHMENTS_MAX};
use regulation::model::{Action, Channel, DocumentId, StepId};
use service::cases::CaseView;
use service::submit::SubmitError;
use uuid::Uuid;

use super::case::{Typed, again};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
pub(super) use crate::offices::papers::PaperView;
use crate::offices::{Sent, SentFile, files, papers, view};
use crate::services::AsOfficial;
use crate::words::Word;

/// Returns whether the case waits for papers here, and for which part.
pub(super) fn waiting(view: &CaseView) -> Option<&StepId> {
    let place = view.case.current()?;
    let (_, step, part) = view.regulation.part(&place.part)?;
    let fills = part.action == Action::FillForm && step.at == regulation::model::System::Center;
    fills.then_some(&place.part)
}

/// Returns the documents of the Standard for this channel, each with what is scanned.
pub(super) async fn views(
    who: &AsOfficial,
    view: &CaseView,
    typed: &Typed,
) -> Result<Vec<PaperView>, PageError> {
    let scans = who.service.papers(view.case.id).await?;
    let w = who.page.w;
    let wrong: &[engine::form::Problem] =
        if let Some(Inadmissible::Form(found)) = &typed.why { found } else { &[] };
    let id = view.case.id.0;
    let address = |it: &Attachment| who.page.href(&format!("/center/cases/{id}/papers/{}", it.file.0));
    let mut found = papers::views(w, (&view.regulation, Channel::Center), &scans, address);
    for it in &mut found {
        let missing = wrong.iter().any(|found| found.path == format!("document.{}", it.id));
        let told = typed.paper.as_ref().filter(|(paper, _)| *paper == it.id).map(|(_, text)| text.clone());
        it.error = told.or_else(|| missing.then(|| w.att_missing(&*it.title)));
        let marked = typed.given.all("present").any(|value| value == it.id);
        it.present = marked || (!typed.given.has("order") && it.present);
    }
    Ok(found)
}

/// Keeps a scan.
pub(super) async fn add(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    SentFile { who, given, file }: SentFile,
) -> Result<Response, PageError> {
    let view = view(&who, id).await?;
    waiting(&view).ok_or(PageError::Conflict)?;
    let document = given.get("document").to_owned();
    if !view.regulation.documents.iter().any(|it| it.id.as_str() == document) {
        return Err(PageError::BadRequest);
    }
    let told = |text: String| Typed { paper: Some((document.clone(), text)), ..Typed::default() };
    let w = who.page.w;
    let Some((name, bytes)) = file else {
        return again(who, id, told(w.serr_choose_paper().to_owned())).await;
    };
    if who.service.papers(view.case.id).await?.len() >= ATTACHMENTS_MAX {
        return again(who, id, told(w.att_err_count(ATTACHMENTS_MAX))).await;
    }
    let size = bytes.len();
    match who.service.upload(DocumentId::from(document.as_str()), &name, bytes).await {
        Ok(scan) => {
            who.service.add_paper(&(&view.case).into(), scan).await?;
            let to = who.page.href(&format!("/center/cases/{id}#paper-{document}"));
            Ok((jar.add(Flash::success(Word::DoneScanned).cookie()), Redirect::to(&to)).into_response())
        }
        Err(refused) => {
            let text = papers::refusal(w, refused, size)?;
            again(who, id, told(text)).await
        }
    }
}

/// Sends a scan that is kept.
pub(super) async fn show(
    who: AsOfficial,
    Path((id, hash)): Path<(Uuid, String)>,
) -> Result<Response, PageError> {
    let view = view(&who, id).await?;
    let scans = who.service.papers(view.case.id).await?;
    let scan = scans.into_iter().find(|it| it.file.0 == hash).ok_or(PageError::NotFound)?;
    let bytes =
        who.service.paper(&who.official.seat, CaseId(id), &scan.file).await?.ok_or(PageError::NotFound)?;
    Ok(files::send(bytes, &scan.name, &scan.media_type))
}

/// Takes a scan away.
pub(super) async fn remove(
    Path(id): Path<Uuid>,
    Sent { who, posted, .. }: Sent,
) -> Result<Response, PageError> {
    let view = view(&who, id).await?;
    waiting(&view).ok_or(PageError::Conflict)?;
    let given = Given::new(posted);
    who.service.remove_paper(&(&view.case).into(), &FileHash(given.get("file").to_owned())).await?;
    Ok(Redirect::to(&who.page.href(&format!("/center/cases/{id}"))).into_response())
}

/// All papers are marked and scanned: they go into the request.
pub(super) async fn done(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let part = StepId::from(given.get("part"));
    let view = view(&who, id).await?;
    if let Some(wrong) = unmatched(&who, &view, &given).await? {
        return again(who, id, Typed { given, paper: Some(wrong), ..Typed::default() }).await;
    }
    match who.service.fill_papers(&who.official.seat, CaseId(id), part, order).await {
        Ok(submitted) => {
            let done = Flash::success(Word::DonePapers);
            let flash = if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { done };
            let to = page.href(&format!("/center/cases/{id}"));
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(SubmitError::Inadmissible(why)) => {
            again(who, id, Typed { given, why: Some(why), ..Typed::default() }).await
        }
        Err(failed) => Err(failed.into()),
    }
}

/// A paper marked as present without a scan, or scanned without the mark; nothing once the papers are in the request.
async fn unmatched(
    who: &AsOfficial,
    view: &CaseView,
    given: &Given,
) -> Result<Option<(String, String)>, PageError> {
    if waiting(view).is_none() {
        return Ok(None);
    }
    let scans = who.service.papers(view.case.id).await?;
    let wrong = view.regulation.documents.iter().find_map(|it| {
        let id = it.id.as_str();
        let present = given.all("present").any(|value| value == id);
        let scanned = scans.iter().any(|scan| scan.document == it.id);
        match (present, scanned) {
            (true, false) => Some((id.to_owned(), who.page.w.off_marked_not_scanned().to_owned())),
            (false, true) => Some((id.to_owned(), who.page.w.off_scanned_not_marked().to_owned())),
            _ => None,
        }
    });
    Ok(wrong)
}
