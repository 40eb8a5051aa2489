// SPDX-License-Identifier: MIT OR Apache-2.0
//! The papers of an intake: scanned document by document, then accepted and registered, or not accepted.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::Inadmissible;
use engine::case::{Attachment, CaseId, FileHash};
use engine::form::{ATTACHMENTS_MAX, Problem as Mistake};
use engine::inadmissible::Input;
use regulation::model::{DocumentId, Regulation};
use service::intake::OpenIntake;
use service::submit::{SubmitError, Submitted};
use std::sync::Arc;
use uuid::Uuid;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{self, Given, said};
use crate::offices::applicant::of_field;
use crate::offices::case::{People, fields};
use crate::offices::papers::{self, PaperView};
use crate::offices::refused::{Refused, Teller, input_problem};
use crate::offices::{Sent, SentFile, files};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, Field, FieldKind, Problem, Row, Table};
use crate::words::Word;

/// Longest reason, as the engine takes it.
const REASON_MAX: u32 = 4_000;

#[derive(Template)]
#[template(path = "region/judge.html")]
struct JudgePage {
    page: Page,
    id: Uuid,
    order: Uuid,
    service: String,
    edit: String,
    facts: Vec<Row>,
    groups: Vec<Table>,
    papers: Vec<PaperView>,
    refusing: Option<Refusing>,
    refused: Option<Refused>,
    problems: Vec<Problem>,
}

/// The form by which papers are not accepted.
struct Refusing {
    words: String,
    missing: Choices,
    reason: Field,
    open: bool,
}

impl JudgePage {
    fn to(&self, what: &str) -> String {
        self.page.href(&format!("/region/intake/{}{what}", self.id))
    }
}

/// What was typed, and why it was not done.
#[derive(Default)]
struct Typed {
    given: Given,
    why: Option<Inadmissible>,
    mistakes: Vec<Mistake>,
    paper: Option<(String, String)>,
}

async fn open(who: &AsOfficial, id: Uuid) -> Result<(OpenIntake, Arc<Regulation>), PageError> {
    let found = who.service.open_intake(&who.official.seat, CaseId(id)).await?.ok_or(PageError::NotFound)?;
    let regulation = who.service.edition_of(&found);
    Ok((found, Arc::clone(regulation.ok_or(PageError::NotFound)?)))
}

/// Shows what was entered and the papers.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    Ok(render(who, id, Typed::default()).await?.into_response())
}

async fn again(who: AsOfficial, id: Uuid, typed: Typed) -> Result<Response, PageError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(who, id, typed).await?).into_response())
}

async fn render(who: AsOfficial, id: Uuid, typed: Typed) -> Result<impl IntoResponse + use<>, PageError> {
    let (intake, regulation) = open(&who, id).await?;
    let (page, seat) = (&who.page, &who.official.seat);
    let w = page.w;
    let people = People::of(&who.service, &seat.organization).await?;
    let scans = who.service.papers(intake.case).await?;
    let address = |it: &Attachment| page.href(&format!("/region/intake/{id}/papers/{}", it.file.0));
    let mut papers = papers::views(w, (&regulation, intake.channel), &scans, address);
    for it in &mut papers {
        let missing = typed.mistakes.iter().any(|found| found.path == format!("document.{}", it.id));
        let told = typed.paper.as_ref().filter(|(paper, _)| *paper == it.id).map(|(_, text)| text.clone());
        it.error = told.or_else(|| missing.then(|| w.att_missing(&*it.title)));
    }
    let edit = page.href(&format!("/region/new/{}?case={id}", regulation.service));
    let by_field = typed.why.as_ref().is_some_and(|it| input_problem(w, it).is_some());
    let teller = Teller { w, regulation: &regulation, people: &people };
    let refused = typed.why.as_ref().filter(|_| !by_field).map(|it| teller.inadmissible(it));
    let refusing = who
        .service
        .may_refuse(seat, &intake)
        .map(|rule| refusing(page, (&regulation, &papers), &typed, said(page.lang(), &rule.text).to_owned()));
    let (facts, groups) = facts(&who, &intake, &regulation);
    let problems = problems(page, &regulation, (&papers, refusing.as_ref()), &typed);
    html(&JudgePage {
        id,
        order: who.service.uuid(),
        service: said(page.lang(), &regulation.title).to_owned(),
        edit,
        facts,
        groups,
        papers,
        refusing,
        refused,
        problems,
        page: who.page,
    })
}

fn facts(who: &AsOfficial, intake: &OpenIntake, regulation: &Regulation) -> (Vec<Row>, Vec<Table>) {
    let w = who.page.w;
    let entered = &intake.entered;
    let provider = who.service.settings.organization(&entered.provider);
    let medium = match entered.medium {
        engine::case::Medium::Electronic => w.off_medium_electronic(),
        engine::case::Medium::Paper => w.off_medium_paper(),
    };
    let mut rows = vec![
        Row::new(w.wp_applicant(), &*entered.full_name),
        Row::new(w.sign_cert_iin(), &*entered.iin),
        Row::new(w.form_medium(), medium),
        Row::new(w.passport_provider(), provider.map_or("", |it| said(w.lang(), &it.name))),
    ];
    let (more, groups) = fields(w, &regulation.fields, &entered.fields, &[]);
    rows.extend(more);
    (rows, groups)
}

fn refusing(
    page: &Page,
    (regulation, papers): (&Regulation, &[PaperView]),
    typed: &Typed,
    words: String,
) -> Refusing {
    let w = page.w;
    let typed_here = typed.given.get("kind") == "refuse";
    let option = |it: &PaperView| {
        let missing = if typed_here {
            typed.given.all("missing").any(|id| id == it.id)
        } else {
            it.required && it.scans.is_empty()
        };
        Choice::new(&it.id, &*it.title, missing)
    };
    let _ = regulation;
    let error = typed.why.as_ref().and_then(|it| input_problem(w, it));
    let error = error.filter(|(input, _)| *input == Input::Reason).map(|(_, text)| text);
    Refusing {
        words,
        missing: Choices::new(
            "missing",
            w.op_missing(),
            papers.iter().filter(|it| it.may_be_missing).map(option).collect(),
        ),
        reason: Field::new("reason", w.off_reason())
            .kind(FieldKind::Lines)
            .max_length(REASON_MAX)
            .value(typed.given.get("reason"))
            .error(error),
        open: typed_here,
    }
}

fn problems(
    page: &Page,
    regulation: &Regulation,
    (papers, refusing): (&[PaperView], Option<&Refusing>),
    typed: &Typed,
) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    for it in typed.mistakes.iter().filter(|it| !it.path.starts_with("document")) {
        let id = it.path.split('.').next().unwrap_or_default();
        let field = regulation.fields.iter().find(|field| field.id.as_str() == id);
        let label = field.map_or(id, |it| said(page.lang(), &it.label));
        let text = form::problem_text(page.w, it.kind, 0);
        found.push(Problem { href: "#asked".to_owned(), text: format!("{label}: {text}") });
    }
    found.extend(papers.iter().filter_map(|it| {
        let text = it.error.clone()?;
        Some(Problem { href: format!("#paper-{}", it.id), text })
    }));
    found.extend(refusing.and_then(|it| of_field(&it.reason)));
    found
}

/// Keeps a scan.
pub(super) async fn add(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    SentFile { who, given, file }: SentFile,
) -> Result<Response, PageError> {
    let (intake, regulation) = open(&who, id).await?;
    let document = given.get("document").to_owned();
    if !regulation.documents.iter().any(|it| it.id.as_str() == document) {
        return Err(PageError::BadRequest);
    }
    let w = who.page.w;
    let told = |text: String| Typed { paper: Some((document.clone(), text)), ..Typed::default() };
    let Some((name, bytes)) = file else {
        return again(who, id, told(w.serr_choose_paper().to_owned())).await;
    };
    if who.service.papers(intake.case).await?.len() >= ATTACHMENTS_MAX {
        return again(who, id, told(w.att_err_count(ATTACHMENTS_MAX))).await;
    }
    let size = bytes.len();
    match who.service.upload(DocumentId::from(document.as_str()), &name, bytes).await {
        Ok(scan) => {
            who.service.add_paper(&who.service.papers_of_intake(&intake), scan).await?;
            let to = who.page.href(&format!("/region/intake/{id}#paper-{document}"));
            Ok((jar.add(Flash::success(Word::DoneScanned).cookie()), Redirect::to(&to)).into_response())
        }
        Err(refused) => {
            let text = papers::refusal(w, refused, size)?;
            again(who, id, told(text)).await
        }
    }
}

/// Takes a scan away.
pub(super) async fn remove(
    Path(id): Path<Uuid>,
    Sent { who, posted, .. }: Sent,
) -> Result<Response, PageError> {
    let (intake, _) = open(&who, id).await?;
    let file = FileHash(Given::new(posted).get("file").to_owned());
    who.service.remove_paper(&who.service.papers_of_intake(&intake), &file).await?;
    Ok(Redirect::to(&who.page.href(&format!("/region/intake/{id}"))).into_response())
}

/// Sends a scan that is kept.
pub(super) async fn scan(
    who: AsOfficial,
    Path((id, hash)): Path<(Uuid, String)>,
) -> Result<Response, PageError> {
    let (intake, _) = open(&who, id).await?;
    let scans = who.service.papers(intake.case).await?;
    let scan = scans.into_iter().find(|it| it.file.0 == hash).ok_or(PageError::NotFound)?;
    let bytes =
        who.service.paper(&who.official.seat, intake.case, &scan.file).await?.ok_or(PageError::NotFound)?;
    Ok(files::send(bytes, &scan.name, &scan.media_type))
}

/// Accepts and registers, refuses to accept, or stops the intake.
pub(super) async fn judge(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let (seat, case) = (&who.official.seat, CaseId(id));
    let (answer, done) = match given.get("kind") {
        "accept" => (who.service.register_intake(seat, case, order).await, Word::DoneRegistered),
        "refuse" => {
            let missing = given.all("missing").map(DocumentId::from).collect();
            let reason = given.get("reason").to_owned();
            (who.service.refuse_intake(seat, case, order, (missing, reason)).await, Word::DoneRefusedSet)
        }
        "drop" => {
            who.service.drop_intake(seat, case).await?;
            let flash = Flash::success(Word::DoneIntakeDropped);
            return Ok((jar.add(flash.cookie()), Redirect::to(&page.href("/region/new"))).into_response());
        }
        _ => return Err(PageError::BadRequest),
    };
    answered(who, (id, given, jar), answer, done).await
}

async fn answered(
    who: AsOfficial,
    (id, given, jar): (Uuid, Given, CookieJar),
    answer: Result<Submitted, SubmitError>,
    done: Word,
) -> Result<Response, PageError> {
    match answer {
        Ok(submitted) => {
            let flash = Flash::success(done);
            let flash = if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { flash };
            let to = who.page.href(&format!("/region/cases/{id}"));
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(SubmitError::Inadmissible(Inadmissible::Form(mistakes))) => {
            again(who, id, Typed { given, mistakes, ..Typed::default() }).await
        }
        Err(SubmitError::Inadmissible(why)) => {
            again(who, id, Typed { given, why: Some(why), ..Typed::default() }).await
        }
        Err(failed) => Err(failed.into()),
    }
}
