// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing the result: it is pressed with its number, read, signed in the page by the official's own key, embedded here.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::case::CaseId;
use service::signing::{PREPARED_MINUTES, PreparedResult, SignRefused};
use uuid::Uuid;

use super::case::{Typed, again};
use super::paper::pressed;
use super::several;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::format;
use crate::offices::case::{People, heading};
use crate::offices::refused::{Refused, Teller};
use crate::offices::{Sent, files, view};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{KeyOf, Row, SignContent, SignItem, SignPanel};
use crate::words::Word;

#[derive(Template)]
#[template(path = "region/signing.html")]
struct SignPage {
    page: Page,
    id: Uuid,
    heading: String,
    facts: Vec<Row>,
    panel: Option<SignPanel>,
    refused: Option<Refused>,
}

impl SignPage {
    fn to(&self, what: &str) -> String {
        self.page.href(&format!("/region/cases/{}{what}", self.id))
    }
}

/// Presses the result for this official's signature and shows it.
pub(super) async fn prepare(
    Path(id): Path<Uuid>,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    view(&who, id).await?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let outcome = who.service.prepare_result(&who.official, CaseId(id), order).await;
    let next = page.href(&format!("/region/cases/{id}/sign"));
    pressed(who, (id, given), outcome.map(drop), &next).await
}

/// Shows what is signed and the panel that signs it.
pub(super) async fn show(
    who: AsOfficial,
    Path(id): Path<Uuid>,
    jar: CookieJar,
) -> Result<Response, PageError> {
    if let Some(prepared) = own(&who, id).await? {
        return Ok(html(&sign_page(who, id, Some(prepared), None).await?)?.into_response());
    }
    let back = who.page.href(&format!("/region/cases/{id}"));
    let flash = Flash::notice(Word::RfNotPrepared);
    Ok((jar.add(flash.cookie()), Redirect::to(&back)).into_response())
}

/// Returns what waits for the signature of this very official.
pub(super) async fn own(who: &AsOfficial, id: Uuid) -> Result<Option<PreparedResult>, PageError> {
    view(who, id).await?;
    let prepared = who.service.prepared_result(CaseId(id)).await?;
    Ok(prepared.filter(|it| it.by == who.official.seat.person.0))
}

async fn sign_page(
    who: AsOfficial,
    id: Uuid,
    prepared: Option<PreparedResult>,
    refused: Option<Refused>,
) -> Result<SignPage, PageError> {
    let view = view(&who, id).await?;
    let bin = who.bin();
    let page = who.page;
    let mut facts = vec![
        Row::new(page.w.wp_applicant(), &*view.case.application.full_name),
        Row::new(page.w.cab_number(), view.case.number.clone().unwrap_or_default()),
    ];
    let mut panel = None;
    if let Some(it) = prepared {
        let phone = several::phone_path([(id, &*it.sha256)]);
        let until = it.at + jiff::SignedDuration::from_mins(PREPARED_MINUTES);
        facts.push(Row::new(page.w.off_result_number(), &*it.number));
        facts.push(Row::new(page.w.off_signer(), &*it.signer));
        facts.push(Row::new(page.w.off_sign_until(), format::date_time(until)));
        let item = SignItem {
            id: "result".to_owned(),
            title: format!("{} № {}", page.w.passport_result(), it.number),
            view: Some(page.href(&format!("/region/cases/{id}/prepared.pdf"))),
            content: SignContent::Digest {
                sha256: it.sha256,
                range: page.href(&format!("/region/cases/{id}/prepared.range")),
            },
        };
        panel = Some(SignPanel {
            action: page.href(&format!("/region/cases/{id}/sign")),
            button: page.w.hd_sign().to_owned(),
            items: vec![item],
            iin: Some(who.official.seat.iin.clone()),
            bin,
            key_of: Some(KeyOf::Employee),
            any_authority: page.demo.is_some(),
            phone: page.phone(&phone),
            sends: false,
            kept: None,
            hidden: vec![("order".to_owned(), who.service.uuid().to_string())],
        });
    }
    let heading = heading(page.w, &view.case);
    Ok(SignPage { page, id, heading, facts, panel, refused })
}

/// Takes the signature.
pub(super) async fn take(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let view = view(&who, id).await?;
    let cms: String = given.get("cms-result").split_whitespace().collect();
    let cms = STANDARD.decode(cms).unwrap_or_default();
    match who.service.sign_result(&who.official, CaseId(id), &cms, order).await {
        Ok(submitted) => {
            let done = Flash::success(Word::DoneSigned);
            let flash = if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { done };
            Ok((jar.add(flash.cookie()), Redirect::to(&page.href("/region"))).into_response())
        }
        Err(why) => {
            let people = People::of_case(&who.service, &view.case).await?;
            let teller = Teller { w: page.w, regulation: &view.regulation, people: &people };
            let gone = matches!(why, SignRefused::NotPrepared | SignRefused::Failed(_));
            let refused = Some(teller.not_signed(why)?);
            if gone {
                return again(who, id, Typed { given, refused, ..Typed::default() }).await;
            }
            let prepared = own(&who, id).await?;
            let shown = sign_page(who, id, prepared, refused).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?).into_response())
        }
    }
}

/// Sends the PDF that waits for the signature: what the official reads before signing.
pub(super) async fn prepared_pdf(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    let prepared = own(&who, id).await?.ok_or(PageError::NotFound)?;
    let bytes = who.service.prepared_pdf(&who.official, CaseId(id)).await?.ok_or(PageError::NotFound)?;
    Ok(files::pdf(bytes, &format!("{}.pdf", prepared.number)))
}

/// Sends the bytes that the signature covers, for who hashes them himself.
pub(super) async fn prepared_range(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    own(&who, id).await?.ok_or(PageError::NotFound)?;
    let bytes = who.service.prepared_range(&who.official, CaseId(id)).await?.ok_or(PageError::NotFound)?;
    Ok(files::send(bytes, "prepared.bin", "application/octet-stream"))
}
