// SPDX-License-Identifier: MIT OR Apache-2.0
//! The operator does not accept an incomplete set, where the act lets him: the missing documents and the reason; the
//! receipt of it is printed from the case.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::Act;
use engine::case::CaseId;
use engine::inadmissible::Input;
use regulation::model::{Actor, Channel, DocumentId, StepId};
use service::cases::CaseView;
use service::submit::SubmitError;
use uuid::Uuid;

use super::case::{Typed, again};
use super::papers::waiting;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{Given, said};
use crate::offices::refused::input_problem;
use crate::offices::{Sent, view};
use crate::page::Page;
use crate::ui::{Choice, Choices, Field, FieldKind};
use crate::words::Word;

/// Longest reason that is typed here.
const REASON_MAX: u32 = 2_000;

/// What the operator fills in to refuse.
#[derive(Debug)]
pub(super) struct RefuseView {
    /// The act's clause and words.
    pub(super) clause: String,
    pub(super) text: String,
    pub(super) missing: Choices,
    pub(super) reason: Field,
    /// Whether it was tried and is shown again.
    pub(super) open: bool,
}

/// Returns the form of refusing to accept, where the regulation lets the operator refuse and papers are awaited.
pub(super) fn form(page: &Page, view: &CaseView, typed: &Typed) -> Option<RefuseView> {
    let rule = view.regulation.not_accepted_by(Actor::CenterOperator)?;
    waiting(view)?;
    let (w, lang, given) = (page.w, page.lang(), &typed.given);
    let tried = given.has("refuse");
    let demanded = |it: &&regulation::model::StandardDocument| {
        it.channels.contains(&Channel::Center) && !(view.regulation.confirmed_only && it.assumed)
    };
    let documents = view.regulation.documents.iter().filter(demanded);
    let option = |it: &regulation::model::StandardDocument| {
        let checked = given.all("missing").any(|id| id == it.id.as_str());
        Choice::new(it.id.as_str(), said(lang, &it.title), checked)
    };
    let error = typed.why.as_ref().filter(|_| tried).and_then(|it| input_problem(w, it));
    let error = error.filter(|(input, _)| *input == Input::Reason).map(|(_, text)| text);
    let reason = Field::new("reason", w.off_reason())
        .kind(FieldKind::Lines)
        .hint(w.op_refuse_reason_hint())
        .max_length(REASON_MAX)
        .value(given.get("reason"))
        .error(error);
    Some(RefuseView {
        clause: rule.clause.clone(),
        text: said(lang, &rule.text).to_owned(),
        missing: Choices::new("missing", w.op_missing(), documents.map(option).collect()),
        reason,
        open: tried,
    })
}

/// Does not accept the papers: the case ends, and the receipt of it is printed.
pub(super) async fn take(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    view(&who, id).await?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let part = StepId::from(given.get("part"));
    let act = Act::NotAccepted {
        missing: given.all("missing").map(DocumentId::from).collect(),
        reason: given.get("reason").to_owned(),
    };
    let seat = &who.official.seat;
    match who.service.act(seat, Actor::CenterOperator, CaseId(id), (part, act, order)).await {
        Ok(submitted) => {
            let done = Flash::success(Word::DoneNotAccepted);
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
