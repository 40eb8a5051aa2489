// SPDX-License-Identifier: MIT OR Apache-2.0
//! The operator certifies the request by his own key (acts 9.6–9.7): exactly the frozen bytes are shown and signed.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::case::CaseId;
use regulation::model::{Action, System};
use service::cases::CaseView;
use uuid::Uuid;

use super::case::{Typed, again};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::offices::case::People;
use crate::offices::refused::Teller;
use crate::offices::{Sent, files, view};
use crate::phone::{HandOver, Sheet, Wanted};
use crate::services::AsOfficial;
use crate::ui::{KeyOf, SignContent, SignItem, SignPanel};
use crate::words::Word;

/// Returns the panel that signs the request.
pub(super) fn panel(who: &AsOfficial, view: &CaseView) -> SignPanel {
    let (page, id) = (&who.page, view.case.id.0);
    let xml = page.href(&format!("/center/cases/{id}/request.xml"));
    let item = SignItem {
        id: "request".to_owned(),
        title: page.w.review_as_signed().to_owned(),
        view: Some(xml.clone()),
        // What was frozen for the operator is not frozen again.
        content: SignContent::Address { href: xml, sha256: None },
    };
    SignPanel {
        action: page.href(&format!("/center/cases/{id}/sign")),
        button: page.w.op_certify().to_owned(),
        items: vec![item],
        iin: Some(who.official.seat.iin.clone()),
        bin: who.bin(),
        key_of: Some(KeyOf::Employee),
        any_authority: page.demo.is_some(),
        phone: page.phone(&format!("/center/cases/{id}/phone")),
        sends: false,
        kept: Some(page.w.sign_request_kept()),
        hidden: vec![("order".to_owned(), who.service.uuid().to_string())],
    }
}

/// The bytes of the request that waits for the signature: the XML and the PDF.
async fn frozen(who: &AsOfficial, id: Uuid) -> Result<(Vec<u8>, Vec<u8>), PageError> {
    let view = view(who, id).await?;
    let place = view.case.current().ok_or(PageError::NotFound)?;
    let (_, step, part) = view.regulation.part(&place.part).ok_or(PageError::NotFound)?;
    if step.at != System::Center || part.action != Action::SignRequest {
        return Err(PageError::NotFound);
    }
    Ok(who.service.read_request(&who.official.seat, CaseId(id)).await?)
}

/// Sends the exact bytes that are signed.
pub(super) async fn xml(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    let (xml, _) = frozen(&who, id).await?;
    Ok(files::send(xml, "request.xml", "application/xml"))
}

/// Sends the same request as a PDF, to be read before signing; its hash stands in the XML.
pub(super) async fn pdf(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    let (_, pdf) = frozen(&who, id).await?;
    Ok(files::pdf(pdf, "request.pdf"))
}

/// Hands the request to a telephone.
pub(super) async fn phone(
    who: AsOfficial,
    Path(id): Path<Uuid>,
    hand: HandOver,
) -> Result<Response, PageError> {
    let (bytes, _) = frozen(&who, id).await?;
    let wanted = Wanted {
        does: Word::PhoneDoesRequest,
        sheets: vec![Sheet { title: who.page.w.review_as_signed().to_owned(), bytes }],
        iin: Some(who.official.seat.iin.clone()),
        bin: who.bin(),
    };
    hand.over(&who.page, wanted).await
}

/// Takes the signature; then the request is sent.
pub(super) async fn take(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let view = view(&who, id).await?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let cms: String = given.get("cms-request").split_whitespace().collect();
    let cms = STANDARD.decode(cms).unwrap_or_default();
    match who.service.sign_request(&who.official.seat, CaseId(id), cms, order).await {
        Ok(submitted) => {
            let done = Flash::success(Word::DoneRequestSent);
            let flash = if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { done };
            let to = page.href(&format!("/center/cases/{id}"));
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(why) => {
            let people = People::of(&who.service, &who.official.seat.organization).await?;
            let teller = Teller { w: page.w, regulation: &view.regulation, people: &people };
            let refused = Some(teller.not_signed(why)?);
            again(who, id, Typed { refused, ..Typed::default() }).await
        }
    }
}
