// SPDX-License-Identifier: MIT OR Apache-2.0
//! What became of sending: sent, refused with the act's notice, or waiting, and for what. Told from the case, so that the
//! page may be read again.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::IntoResponse;
use axum::routing::get;
use engine::case::{CaseId, Value};
use engine::holds::Holds;
use regulation::facts::{CHANNEL, MEDIUM};
use regulation::model::FactId;
use service::access::Reader;
use service::cases::CaseView;
use service::drafts::NextAttempt;
use service::ports::evidence::Judgement;

use super::parts::id;
use super::waiting::{self, Waiting};
use super::words_of::{begin, norm, say};
use crate::advice;
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::Link;
use crate::words::Word;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/cases/{id}/sent", get(show))
}

#[derive(Template)]
#[template(path = "portal/sent.html")]
struct SentPage {
    page: Page,
    service: String,
    case: String,
    number: Option<String>,
    outcome: Outcome,
}

enum Outcome {
    /// Sent; when to expect the result.
    Sent(Vec<String>),
    /// The signature can be judged only later.
    Waiting(Waiting),
    /// Not confirmed.
    Refused {
        /// What the act says of the step that refused it, and its clause.
        act: Option<(String, String)>,
        /// What failed, in plain words.
        why: &'static str,
        /// What the key says of who issued it, where that one is not known.
        issuer: Option<String>,
        code: Option<String>,
        /// What the draft has become since.
        next: Option<Next>,
    },
}

async fn show(who: AsCitizen, Path(case): Path<String>) -> Result<impl IntoResponse, PageError> {
    let reader = Reader::Applicant(&who.citizen.id);
    let view = who.service.case_view(&reader, CaseId(id(&case)?)).await?.ok_or(PageError::NotFound)?;
    let outcome = match view.case.signature.as_ref().and_then(|it| it.valid) {
        Some(true) => Outcome::Sent(expected(&who, &view)),
        Some(false) => refused(&who, &view).await?,
        None => Outcome::Waiting(waiting::told(&who, &view.case).ok_or(PageError::NotFound)?),
    };
    html(&SentPage {
        service: say(&who.page, &view.regulation.title),
        case: view.case.id.0.to_string(),
        number: view.case.number.clone(),
        outcome,
        page: who.page,
    })
}

/// Returns when the result is due, or while that is not known every term that may hold.
fn expected(who: &AsCitizen, view: &CaseView) -> Vec<String> {
    let w = who.page.w;
    if let Some(due) = view.service_due() {
        return vec![w.due_date(format::date_time(due.due))];
    }
    let known = |id: &FactId| match id.as_str() {
        CHANNEL => Some(Value::Text(view.case.channel.as_str().to_owned())),
        MEDIUM => Some(Value::Text(view.case.application.medium.as_str().to_owned())),
        _ => None,
    };
    let may_hold = |it: &engine::deadline::Expected| {
        it.when.as_ref().is_none_or(|when| Holds::judge(when, &known) != Holds::No)
    };
    let mut terms = who.service.expected(&view.regulation, &view.case.application.provider);
    terms.retain(may_hold);
    let line = |it: &engine::deadline::Expected| {
        let (norm, due) = (norm(&who.page, it.deadline.norm), w.due_date(format::date_time(it.deadline.due)));
        format!("{norm}. {due}. {}", say(&who.page, &it.text))
    };
    // Which term holds is found only later: what is promised is the longest.
    let longest = terms.iter().map(|it| it.deadline.due).max().filter(|_| terms.len() > 1);
    let latest = longest.map(|it| w.sent_at_latest(format::date_time(it)));
    latest.into_iter().chain(terms.iter().map(line)).collect()
}

async fn refused(who: &AsCitizen, view: &CaseView) -> Result<Outcome, PageError> {
    let code = view.case.signature.as_ref().and_then(|it| it.code.clone());
    let why = advice::of_applicant(code.as_deref().unwrap_or_default());
    Ok(Outcome::Refused {
        act: view.refusal_step().map(|it| (begin(&who.page, &it.text), it.clause.clone())),
        why: who.page.w.of(why),
        issuer: issuer(who, view).await?,
        next: next(who, view).await?,
        code,
    })
}

/// The way on from an attempt that was refused.
pub(super) struct Next {
    pub(super) link: Link,
    /// Whether it leads to the draft that was kept, to be signed again; else to the case that it became.
    pub(super) is_draft: bool,
}

/// Returns what the key of an attempt that was refused says of who issued it, where that one is not known.
pub(super) async fn issuer(who: &AsCitizen, view: &CaseView) -> Result<Option<String>, PageError> {
    let refused = view.case.signature.as_ref().filter(|it| it.valid == Some(false));
    let code = refused.and_then(|it| it.code.as_deref()).unwrap_or_default();
    if advice::of_applicant(code) != Word::EdsUntrusted {
        return Ok(None);
    }
    let verdict = who.service.request_verdict(&view.case).await?;
    Ok(verdict.as_ref().and_then(issuer_of))
}

/// Returns the name of the issuer as the key that signed has it.
fn issuer_of(judged: &Judgement) -> Option<String> {
    let name = judged.verdict.pointer("/verdict/signers/0/issuer")?.as_str()?;
    Some(format::common_name(name).to_owned()).filter(|it| !it.is_empty())
}

/// Returns the way on from an attempt whose signature was refused; nothing where its draft was deleted.
pub(super) async fn next(who: &AsCitizen, view: &CaseView) -> Result<Option<Next>, PageError> {
    let Some(signature) = view.case.signature.as_ref().filter(|it| it.valid == Some(false)) else {
        return Ok(None);
    };
    let other = advice::needs_other_key(signature.code.as_deref().unwrap_or_default());
    let w = who.page.w;
    let next = |it: NextAttempt| {
        let (path, text) = match it {
            NextAttempt::Draft(id) if other => (format!("/apply/{id}/review"), w.sent_try_again()),
            NextAttempt::Draft(id) => (format!("/apply/{id}/review"), w.sent_sign_again()),
            NextAttempt::Case(id) => (format!("/cases/{}", id.0), w.sent_signed_later()),
        };
        let link = Link { href: who.page.href(&path), text: text.to_owned(), about: None };
        Next { link, is_draft: matches!(it, NextAttempt::Draft(_)) }
    };
    Ok(who.service.next_attempt(&who.citizen.id, view.case.id).await?.map(next))
}
