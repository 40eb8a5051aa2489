// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case at the center: it waits for the persons register, for papers, for the operator's signature, for the provider,
//! and is handed over.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::case::CaseId;
use engine::inadmissible::Input;
use engine::{Act, Inadmissible};
use regulation::model::{Action, Actor, End, StepId, System};
use service::cases::CaseView;
use service::submit::SubmitError;
use uuid::Uuid;

use super::papers::{self, PaperView};
use super::refuse::{self, RefuseView};
use super::{receipt, sign};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{Given, said};
use crate::offices::case::{CaseParts, People, Signed, parts};
use crate::offices::originals::Originals;
use crate::offices::refused::{Refused, Teller, input_problem};
use crate::offices::{Sent, lists, view};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Field, Problem, Row, SignPanel, Tag};
use crate::words::Word;

/// Longest name and document of a handing over.
const TEXT_MAX: u32 = 300;

#[derive(Template)]
#[template(path = "center/case.html")]
struct CasePage {
    page: Page,
    id: Uuid,
    order: Uuid,
    parts: CaseParts,
    stage: Stage,
    originals: Option<Originals>,
    state: Tag,
    has_receipt: bool,
    has_refusal_receipt: bool,
    handed: Vec<Row>,
    refused: Option<Refused>,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "center/waiting.html")]
struct WaitingPart {
    page: Page,
    waits: bool,
    silent: bool,
}

/// What the operator does now.
enum Stage {
    /// A register is asked.
    Waits { silent: bool },
    /// Papers are marked and scanned.
    Papers { part: String, papers: Vec<PaperView>, refuse: Option<Box<RefuseView>> },
    /// The request is read and signed.
    Sign { panel: SignPanel },
    /// The signature cannot be judged yet.
    Judged,
    /// The provider has it.
    Sent { with: String },
    /// The result is handed over.
    HandOver { part: String, taken_by: Box<Field>, document: Box<Field> },
    /// It has ended; the act's words of a refusing notice.
    Ended { notice: Option<String> },
}

impl CasePage {
    fn to(&self, what: &str) -> String {
        self.page.href(&format!("/center/cases/{}{what}", self.id))
    }
}

impl Stage {
    fn waits(&self) -> Option<&bool> {
        if let Self::Waits { silent } = self { Some(silent) } else { None }
    }

    fn papers(&self) -> Option<(&String, &Vec<PaperView>)> {
        if let Self::Papers { part, papers, .. } = self { Some((part, papers)) } else { None }
    }

    fn refuse(&self) -> Option<(&String, &RefuseView)> {
        if let Self::Papers { part, refuse: Some(refuse), .. } = self { Some((part, refuse)) } else { None }
    }

    fn sign(&self) -> Option<&SignPanel> {
        if let Self::Sign { panel } = self { Some(panel) } else { None }
    }

    fn is_judged_later(&self) -> bool {
        matches!(self, Self::Judged)
    }

    fn sent(&self) -> Option<&String> {
        if let Self::Sent { with } = self { Some(with) } else { None }
    }

    fn hand_over(&self) -> Option<(&String, &Field, &Field)> {
        if let Self::HandOver { part, taken_by, document } = self {
            Some((part, taken_by, document))
        } else {
            None
        }
    }

    fn ended(&self) -> Option<&Option<String>> {
        if let Self::Ended { notice } = self { Some(notice) } else { None }
    }
}

/// What the operator typed, and why it was not accepted.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) given: Given,
    pub(super) why: Option<Inadmissible>,
    pub(super) refused: Option<Refused>,
    /// What is wrong with the scans of a document.
    pub(super) paper: Option<(String, String)>,
}

/// Shows the case.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    Ok(render(who, id, Typed::default()).await?.into_response())
}

/// Shows the case again with what was typed and why it was not accepted.
pub(super) async fn again(who: AsOfficial, id: Uuid, typed: Typed) -> Result<Response, PageError> {
    let moved = typed.why.as_ref().is_some_and(|it| {
        !matches!(it, Inadmissible::Form(_) | Inadmissible::Empty(_) | Inadmissible::TooLong(_))
    });
    let status = if moved { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, render(who, id, typed).await?).into_response())
}

async fn render(who: AsOfficial, id: Uuid, typed: Typed) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let seat = &who.official.seat;
    let people = People::of(&who.service, &seat.organization).await?;
    let signed = Signed::of(&who.service, &view.case).await?;
    let stage = stage(&who, &view, &typed).await?;
    let teller = Teller { w: who.page.w, regulation: &view.regulation, people: &people };
    let by_fields = typed
        .why
        .as_ref()
        .is_some_and(|it| matches!(it, Inadmissible::Form(_)) || input_problem(who.page.w, it).is_some());
    let refused = match &typed.why {
        Some(why) if !by_fields => Some(teller.inadmissible(why)),
        _ => typed.refused.clone(),
    };
    let parts = parts(&who.page, &view, &people, &signed);
    html(&CasePage {
        id,
        order: who.service.uuid(),
        problems: problems(&who.page, &stage, &typed, &view),
        state: state(&who.page, &view),
        has_receipt: view.case.accepted_at.is_some(),
        has_refusal_receipt: receipt::of_refusal(&view).is_some(),
        handed: handed(&who.page, &view),
        originals: Originals::of(&who, &view),
        parts,
        stage,
        refused,
        page: who.page,
    })
}

async fn stage(who: &AsOfficial, view: &CaseView, typed: &Typed) -> Result<Stage, PageError> {
    let (w, case) = (who.page.w, &view.case);
    if case.end.is_some() {
        let notice = view.refusal_step().map(|it| said(w.lang(), &it.text).to_owned());
        return Ok(Stage::Ended { notice });
    }
    let place = case.current().ok_or(PageError::NotFound)?;
    let (_, step, part) = view.regulation.part(&place.part).ok_or(PageError::NotFound)?;
    if step.at != System::Center {
        let with = part.actor.map_or_else(|| lists::system(step.at), lists::actor);
        return Ok(Stage::Sent { with: w.off_waits_for(w.of(with), said(w.lang(), &part.title)) });
    }
    if papers::waiting(view).is_some() {
        let papers = papers::views(who, view, typed).await?;
        let refuse = refuse::form(&who.page, view, typed).map(Box::new);
        return Ok(Stage::Papers { part: place.part.0.clone(), papers, refuse });
    }
    if part.action == Action::SignRequest {
        if case.signature.as_ref().is_some_and(|it| it.valid.is_none()) {
            return Ok(Stage::Judged);
        }
        return Ok(Stage::Sign { panel: sign::panel(who, view) });
    }
    if part.action == Action::HandOver {
        return Ok(hand_over_stage(&who.page, view, typed, &place.part));
    }
    Ok(Stage::Waits { silent: !case.unanswered.is_empty() })
}

fn hand_over_stage(page: &Page, view: &CaseView, typed: &Typed, part: &StepId) -> Stage {
    let w = page.w;
    let error = |input: Input| {
        let found = input_problem(w, typed.why.as_ref()?)?;
        (found.0 == input).then_some(found.1)
    };
    let typed_name = typed.given.get("taken-by");
    let untouched = !typed.given.has("order");
    let name = if untouched { &*view.case.application.full_name } else { typed_name };
    let taken_by = Field::new("taken-by", w.off_taken_by())
        .max_length(TEXT_MAX)
        .value(name)
        .error(error(Input::TakenBy));
    let document = Field::new("document", w.off_taken_on())
        .hint(w.off_taken_on_hint())
        .max_length(TEXT_MAX)
        .value(typed.given.get("document"))
        .error(error(Input::Document));
    Stage::HandOver { part: part.0.clone(), taken_by: Box::new(taken_by), document: Box::new(document) }
}

fn problems(page: &Page, stage: &Stage, typed: &Typed, view: &CaseView) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Stage::Papers { papers, refuse, .. } = stage {
        let reason = refuse.as_ref().map(|it| &it.reason);
        found.extend(reason.and_then(|it| it.problem().map(|found| crate::form::named(found, &it.label))));
        found.extend(papers.iter().filter_map(|it| {
            let text = format!("{}: {}", it.title, it.error.as_ref()?);
            Some(Problem { href: format!("#paper-{}", it.id), text })
        }));
        if let Some(Inadmissible::Form(mistakes)) = &typed.why {
            let others = mistakes.iter().filter(|it| !it.path.starts_with("document"));
            found.extend(others.map(|it| {
                let field = view.regulation.fields.iter().find(|field| field.id.as_str() == it.path);
                let label = field.map_or(it.path.as_str(), |it| said(page.lang(), &it.label));
                let text = crate::form::problem_text(page.w, it.kind, 0);
                Problem { href: "#asked".to_owned(), text: format!("{label}: {text}") }
            }));
        }
    }
    if let Stage::HandOver { taken_by, document, .. } = stage {
        let of_field = |it: &Field| it.problem().map(|found| crate::form::named(found, &it.label));
        found.extend([of_field(taken_by), of_field(document)].into_iter().flatten());
    }
    found
}

fn state(page: &Page, view: &CaseView) -> Tag {
    use crate::ui::TagKind;
    match &view.case.end {
        Some((end, _)) => lists::ended(page.w, *end),
        None if !view.case.silent().is_empty() => Tag::new(TagKind::Wait, page.w.st_waiting_register()),
        None if view.case.result.is_some() => Tag::new(TagKind::Good, page.w.st_ready()),
        None if view.case.accepted_at.is_some() => Tag::new(TagKind::Going, page.w.st_sent()),
        None => Tag::new(TagKind::Quiet, page.w.st_draft()),
    }
}

fn handed(page: &Page, view: &CaseView) -> Vec<Row> {
    let Some(it) = &view.case.handed_over else { return Vec::new() };
    vec![
        Row::new(page.w.off_taken_by(), &*it.taken_by),
        Row::new(page.w.off_taken_on(), &*it.document),
        Row::new(page.w.off_taken_at(), crate::format::date_time(it.at)),
    ]
}

/// Returns whether the case waits for a register: a part of the page that refreshes itself.
pub(super) async fn waiting(who: AsOfficial, Path(id): Path<Uuid>) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let stage = stage(&who, &view, &Typed::default()).await?;
    let silent = stage.waits().copied();
    html(&WaitingPart { page: who.page, waits: silent.is_some(), silent: silent.unwrap_or_default() })
}

/// Hands the result over (act 10): who took it, on what document.
pub(super) async fn hand_over(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    view(&who, id).await?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let part = StepId::from(given.get("part"));
    let act = Act::HandedOver {
        taken_by: given.get("taken-by").to_owned(),
        document: given.get("document").to_owned(),
    };
    let seat = &who.official.seat;
    match who.service.act(seat, Actor::CenterOperator, CaseId(id), (part, act, order)).await {
        Ok(submitted) => {
            let word = if submitted.end == Some(End::Issued) { Word::DoneHandedOver } else { Word::GDone };
            let flash =
                if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { Flash::success(word) };
            let to = page.href(&format!("/center/cases/{id}"));
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(SubmitError::Inadmissible(why)) => {
            again(who, id, Typed { given, why: Some(why), ..Typed::default() }).await
        }
        Err(failed) => Err(failed.into()),
    }
}
