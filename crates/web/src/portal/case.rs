// SPDX-License-Identifier: MIT OR Apache-2.0
//! A case of the citizen: where it is, who has it, by when; what was signed and what came out.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::Proposal;
use engine::case::{Case, CaseId, FileHash};
use jiff::Timestamp;
use regulation::model::{Channel, End, RegisterId, System};
use service::Service;
use service::access::Reader;
use service::archives::ActStamp;
use service::cases::{CaseView, Found, State as Stage, TimelineItem};
use service::readings::Reading;
use service::views::is_attempt;

use super::apply::{GroupRows, files, groups, lines, named};
use super::parts::{file, id};
use super::sent::{self, Next};
use super::waiting::{self, Waiting};
use super::words_of::{begin, medium_at, norm, reasons, say, who as who_has};
use crate::advice;
use crate::errors::PageError;
use crate::format;
use crate::offices::stamps::Told;
use crate::offices::{readings, stamps};
use crate::page::{Page, html};
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{Link, Row, Step, StepState, Table};

/// Seconds between two looks of the page at a case that moves.
const REFRESH_SECONDS: u32 = 3;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new()
        .route("/cases/{id}", get(show))
        .route("/cases/{id}/progress", get(progress))
        .route("/cases/{id}/files/{name}", get(document))
}

#[derive(Template)]
#[template(path = "portal/case.html")]
struct CasePage {
    page: Page,
    title: String,
    case: String,
    seconds: u32,
    progress: String,
    asked: Vec<Row>,
    groups: Vec<GroupRows>,
    papers: Vec<Row>,
    signed: bool,
    stamps: Vec<Row>,
    terms: Vec<(String, Vec<String>)>,
    readings: Table,
}

#[derive(Template)]
#[template(path = "portal/case-progress.html")]
struct ProgressPart {
    page: Page,
    case: String,
    waiting: bool,
    announce: String,
    facts: Vec<Row>,
    silent: Vec<String>,
    unsigned: Option<Waiting>,
    ended: Option<Ended>,
    results: Vec<Outcome>,
    steps: Vec<Step>,
}

/// How a case ended badly.
struct Ended {
    title: &'static str,
    /// What the act says of the step that refused it, and its clause.
    act: Option<(String, String)>,
    ground: Option<String>,
    reason: Option<String>,
    /// What the key says of who issued it, where that one is not known.
    issuer: Option<String>,
    /// Code of the check of the signature that failed.
    code: Option<String>,
    appeal: bool,
    /// Whether the draft waits to be signed once more.
    draft_kept: bool,
    /// Where it is tried once more, or was.
    again: Link,
}

/// What is told of a signature that is not confirmed.
struct Unsigned {
    waiting: Option<Waiting>,
    issuer: Option<String>,
    next: Option<Next>,
}

struct Outcome {
    number: Option<String>,
    /// The name of its file in the addresses of the case.
    file: String,
    check: String,
    refusal: bool,
    /// Where it is taken, on paper.
    paper: Option<String>,
}

async fn opened(who: &AsCitizen, case: &str) -> Result<CaseView, PageError> {
    let reader = Reader::Applicant(&who.citizen.id);
    who.service.case_view(&reader, CaseId(id(case)?)).await?.ok_or(PageError::NotFound)
}

async fn unsigned(who: &AsCitizen, view: &CaseView) -> Result<Unsigned, PageError> {
    Ok(Unsigned {
        waiting: waiting::told(who, &view.case),
        issuer: sent::issuer(who, view).await?,
        next: sent::next(who, view).await?,
    })
}

/// Returns who applies: by name where it is known, else by the IIN.
fn applicant(who: &AsCitizen, view: &CaseView) -> String {
    let application = &view.case.application;
    let signed = Some(&application.full_name).filter(|it| !it.is_empty());
    let known = signed.or(who.citizen.full_name.as_ref());
    known.cloned().unwrap_or_else(|| format!("{} {}", who.page.w.sign_cert_iin(), application.iin))
}

async fn show(who: AsCitizen, Path(case): Path<String>) -> Result<Response, PageError> {
    let view = opened(&who, &case).await?;
    let application = &view.case.application;
    let page = &who.page;
    let provider = who.service.settings.organization(&application.provider);
    let mut asked = vec![
        Row::new(page.w.passport_provider(), provider.map(|it| say(page, &it.name)).unwrap_or_default()),
        Row::new(page.w.apply_you(), applicant(&who, &view)),
    ];
    let values = lines(page, &view.regulation, &application.fields);
    asked.extend(values.into_iter().map(|(_, row)| row));
    asked.push(Row::new(page.w.form_medium(), page.w.of(medium_at(&view.regulation, application.medium))));
    let term = |it: &engine::Deadline| {
        let line = page.w.case_until(format::date_time(it.due), norm(page, it.norm));
        (line, reasons(page, &it.reasons))
    };
    let part = part(page, &who.service, &view, unsigned(&who, &view).await?);
    let read = who.service.case_readings(&Reader::Applicant(&who.citizen.id), &view.case).await?;
    let stamps = who.service.act_stamps(view.case.id).await?;
    let archive =
        |it: &ActStamp| page.href(&format!("/cases/{}/files/{}.json", view.case.id.0, it.act.as_str()));
    let body = |it: &Reading| {
        let body = who.service.settings.organization(&it.organization);
        body.map_or_else(|| it.organization.clone(), |it| say(page, &it.name))
    };
    Ok(html(&CasePage {
        title: say(page, &view.regulation.title),
        case: view.case.id.0.to_string(),
        seconds: REFRESH_SECONDS,
        progress: part.render().map_err(|_| PageError::Server)?,
        asked,
        groups: groups(page, &view.regulation, &application.fields),
        papers: files(page, &view.regulation, &application.attachments),
        signed: view.case.signature.is_some(),
        stamps: stamps::rows(page.w, &stamps, Told::Applicant, |it| {
            it.archived.as_ref().map(|_| archive(it))
        }),
        terms: view.deadlines.iter().map(term).collect(),
        readings: readings::rows(page.w, &read.unwrap_or_default(), body),
        page: who.page,
    })?
    .into_response())
}

/// The part of the page that a script asks for while something is awaited.
async fn progress(who: AsCitizen, Path(case): Path<String>) -> Result<impl IntoResponse, PageError> {
    let view = opened(&who, &case).await?;
    let unsigned = unsigned(&who, &view).await?;
    html(&part(&who.page, &who.service, &view, unsigned))
}

fn part(page: &Page, service: &Service, view: &CaseView, unsigned: Unsigned) -> ProgressPart {
    let Unsigned { waiting: not_judged, issuer, next } = unsigned;
    let case = &view.case;
    let waiting = case.end.is_none();
    let current = view.timeline.iter().find(|it| it.state == Stage::Now);
    let announce = match current {
        Some(item) => format!("{}: {}", page.w.tl_now(), begin(page, &item.title)),
        None => page.w.tl_finished().to_owned(),
    };
    let silent = |(register, since): (RegisterId, Timestamp)| {
        let contract = service.settings.registers.get(register.as_str());
        let title = contract.map_or_else(|| register.to_string(), |it| say(page, &it.title));
        page.w.case_silent(title, format::date_time(since))
    };
    ProgressPart {
        case: case.id.0.to_string(),
        waiting,
        announce,
        facts: facts(page, view),
        silent: case.silent().into_iter().map(silent).collect(),
        unsigned: not_judged,
        ended: ended(page, view, issuer, next),
        results: outcomes(page, service, view),
        steps: view.timeline.iter().map(|it| step(page, it)).collect(),
        page: page.clone(),
    }
}

/// The results, the last one first; only the last can be a refusal.
fn outcomes(page: &Page, service: &Service, view: &CaseView) -> Vec<Outcome> {
    let case = &view.case;
    let outcome = |(n, (number, it)): (usize, (Option<&str>, &engine::case::SignedResult))| Outcome {
        number: number.map(str::to_owned),
        file: if n < case.earlier.len() { format!("earlier-{n}.pdf") } else { "result.pdf".to_owned() },
        check: page.href(&format!("/verify/{}", it.check_key)),
        refusal: n >= case.earlier.len() && case.end.as_ref().is_some_and(|it| it.0 != End::Issued),
        paper: it.on_paper.is_some().then(|| page.w.case_paper_at(place(page, service, view))),
    };
    let mut all: Vec<Outcome> = case.results().enumerate().map(outcome).collect();
    all.reverse();
    all
}

/// Where a result on paper is taken: at the one-stop-shop, where it takes this service, else at the provider.
fn place(page: &Page, service: &Service, view: &CaseView) -> String {
    let id = &view.case.service;
    let mut centers = service.settings.organizations.values().filter(|it| it.system == System::Center);
    let center = centers.find(|it| view.regulation.intake(Channel::Center).is_some() && it.serves(id));
    let provider = || service.settings.organization(&view.case.application.provider);
    let place = center.or_else(provider);
    place.map(|it| format!("{}, {}", say(page, &it.name), say(page, &it.address))).unwrap_or_default()
}

fn facts(page: &Page, view: &CaseView) -> Vec<Row> {
    let w = page.w;
    let case = &view.case;
    let none = if case.end.is_some() { w.cab_without_number() } else { w.cab_no_number() };
    let at = if is_attempt(case) { w.cab_tried() } else { w.cab_date() };
    let mut rows = vec![
        Row::new(w.cab_number(), case.number.clone().unwrap_or_else(|| none.to_owned())),
        Row::new(at, format::date_time(case.opened_at)),
    ];
    rows.extend(case.incoming_number.as_ref().map(|it| Row::new(w.case_incoming(), it)));
    if let Some(due) = view.service_due().filter(|_| case.end.is_none()) {
        rows.push(Row::new(w.wp_due(), format::date_time(due.due)));
    }
    rows
}

fn ended(page: &Page, view: &CaseView, issuer: Option<String>, next: Option<Next>) -> Option<Ended> {
    let w = page.w;
    let (end, _) = view.case.end.as_ref()?;
    let invalid = view.case.signature.as_ref().filter(|it| it.valid == Some(false));
    let title = match end {
        End::Issued => return None,
        End::Refused if invalid.is_some() => w.sent_refused_title(),
        End::Refused => w.case_refused(),
        End::NotAccepted => w.st_not_accepted(),
        End::SignInRefused => w.n_plain_signin(),
        End::DataUnavailable => w.st_no_data(),
    };
    let (ground, mut reason) = match &view.case.proposal {
        Some((Proposal::Refuse { ground, reason }, _)) => {
            (view.regulation.ground(ground).map(|it| say(page, &it.text)), Some(reason.clone()))
        }
        _ => (None, None),
    };
    if let Some(signature) = invalid {
        reason = Some(w.of(advice::of_applicant(signature.code.as_deref().unwrap_or_default())).to_owned());
    }
    let anew = || Link {
        href: page.href(&format!("/services/{}", view.case.service.as_str())),
        text: w.case_again().to_owned(),
        about: None,
    };
    Some(Ended {
        title,
        act: view.refusal_step().map(|it| (begin(page, &it.text), it.clause.clone())),
        issuer,
        code: invalid.and_then(|it| it.code.clone()),
        draft_kept: next.as_ref().is_some_and(|it| it.is_draft),
        again: next.map_or_else(anew, |it| it.link),
        ground,
        reason,
        appeal: invalid.is_none() && view.regulation.intake(Channel::Portal).is_some(),
    })
}

fn step(page: &Page, item: &TimelineItem) -> Step {
    let w = page.w;
    let held = (item.found == Some(Found::Held)).then(|| w.tl_yes().to_owned());
    let clause = if item.ours { w.tl_ours().to_owned() } else { w.clause(&item.clause) };
    let norm = item.norm.filter(|_| item.state != Stage::Done).map(|it| w.pass_norm(norm(page, it)));
    let note: Vec<String> = held.into_iter().chain(Some(clause)).chain(norm).collect();
    Step {
        state: StepState::of(item, page.now),
        title: begin(page, &item.title),
        who: Some(who_has(page, item.actor, item.at_system)),
        by: item.due.map(format::date_time),
        at: item.done_at,
        note: Some(note.join(". ")),
    }
}

/// Returns the archive of an act by its name.
async fn archived(who: &AsCitizen, case: &Case, name: &str) -> Result<FileHash, PageError> {
    let stamps = who.service.act_stamps(case.id).await?;
    let found = stamps.into_iter().find(|it| name.strip_suffix(".json") == Some(it.act.as_str()));
    found.and_then(|it| it.archived).map(|it| it.file).ok_or(PageError::NotFound)
}

/// A file of the case: what was signed, the signature, the result.
async fn document(who: AsCitizen, Path((case, name)): Path<(String, String)>) -> Result<Response, PageError> {
    let view = opened(&who, &case).await?;
    let hash = match named(&view.case, &name) {
        Some(hash) => hash,
        None => archived(&who, &view.case, &name).await?,
    };
    let reader = Reader::Applicant(&who.citizen.id);
    let bytes = who.service.case_file(&reader, view.case.id, &hash).await?.ok_or(PageError::NotFound)?;
    Ok(match name.as_str() {
        // A result on paper is the scan of the signed sheet.
        "result.pdf" if bytes.starts_with(b"\xff\xd8") => file(bytes, "image/jpeg", Some("result.jpg")),
        "result.pdf" if bytes.starts_with(b"\x89PNG") => file(bytes, "image/png", Some("result.png")),
        "result.pdf" => file(bytes, "application/pdf", Some("result.pdf")),
        "request.json" | "result.json" => file(bytes, "application/json", Some(&name)),
        "signature.p7s" => file(bytes, "application/pkcs7-signature", Some("signature.p7s")),
        _ => file(bytes, "application/xml; charset=utf-8", None),
    })
}
