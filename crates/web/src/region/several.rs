// SPDX-License-Identifier: MIT OR Apache-2.0
//! Signing several results in one act: chosen from the queue, pressed, each shown with its summary and its paper, signed by
//! one opening of the key; what became of each is told.

mod done;

pub(super) use done::done;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::case::{CaseId, Medium};
use engine::printed::is_countersigned;
use regulation::model::Action;
use service::cases::CaseView;
use service::signing::{AT_ONCE_MAX, PreparedResult, SignRefused, SignedOne};
use service::submit::SubmitError;
use service::views::CaseHead;
use uuid::Uuid;

use super::prepare;
use super::sign::own;
use crate::errors::PageError;
use crate::form::{Given, said};
use crate::format;
use crate::offices::{Sent, view};
use crate::page::{Page, html};
use crate::phone::{HandOver, Sheet, Wanted};
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, KeyOf, Link, Problem, Row, SignContent, SignItem, SignPanel, Table};
use crate::words::Word;

/// Name of the field with the chosen cases.
const CASE: &str = "case";
/// The outcome of a result that was signed, in an address.
const SIGNED: &str = "signed";
/// Longest code of a check in an address.
const CODE_BYTES_MAX: usize = 40;

#[derive(Template)]
#[template(path = "region/several.html")]
struct ChoosePage {
    page: Page,
    problems: Vec<Problem>,
    results: Choices,
    all: String,
    max: usize,
}

/// One of the results that are signed together.
struct One {
    number: String,
    rows: Vec<Row>,
    tables: Vec<Table>,
    paper: Link,
}

#[derive(Template)]
#[template(path = "region/several-sign.html")]
struct SignPage {
    page: Page,
    ones: Vec<One>,
    /// What was chosen and is not prepared.
    left: Vec<Link>,
    panel: Option<SignPanel>,
}

/// Returns whether a head in the queue waits for a signature by key.
fn waits(who: &AsOfficial, head: &CaseHead) -> bool {
    let regulation = who.service.settings.edition_at(&head.service, &head.edition, &head.provider);
    let part = head.part.as_ref().zip(regulation).and_then(|(part, it)| it.part(part));
    part.is_some_and(|(_, _, part)| part.action == Action::SignResult)
        && regulation.is_some_and(|it| !it.is_paper_only())
}

/// Returns how many results of these queues could be signed together.
pub(super) fn count<'a>(who: &AsOfficial, heads: impl Iterator<Item = &'a CaseHead>) -> usize {
    heads.filter(|it| waits(who, it)).count()
}

/// Returns the cases that this official may sign by key, the most urgent first.
async fn ready(who: &AsOfficial) -> Result<Vec<CaseView>, PageError> {
    let mut found = Vec::new();
    let queues = who.service.queues(&who.official.seat).await?;
    for head in queues.iter().flat_map(|it| &it.cases).filter(|it| waits(who, it)) {
        let view = view(who, head.case.0).await?;
        let person = &who.official.seat.person;
        let both_sign = is_countersigned(&view.regulation, &view.case);
        let by_key = view.case.application.medium != Medium::Paper && !both_sign;
        if by_key && view.case.proposal.as_ref().is_some_and(|(_, by)| by != person) {
            found.push(view);
        }
    }
    Ok(found)
}

/// Shows what waits for the signature, to choose from.
pub(super) async fn choose(
    who: AsOfficial,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let all = query.iter().any(|(name, _)| name == "all");
    Ok(html(&chooser(who, all, false).await?)?.into_response())
}

async fn chooser(who: AsOfficial, all: bool, wrong: bool) -> Result<ChoosePage, PageError> {
    let ready = ready(&who).await?;
    let page = who.page;
    let choice = |(index, view): (usize, &CaseView)| {
        let label = format!("{} — {}", number(view), view.case.application.full_name);
        let about: Vec<String> = summary(&page, view).into_iter().map(|it| it.value).collect();
        Choice {
            hint: Some(about.join(" · ")),
            ..Choice::new(&view.case.id.0.to_string(), label, all && index < AT_ONCE_MAX)
        }
    };
    let options = ready.iter().enumerate().map(choice).collect();
    let results = Choices::new(CASE, page.w.sev_which(), options)
        .hint(page.w.sev_which_hint(AT_ONCE_MAX))
        .error(wrong.then(|| page.w.verr_choose()));
    let all = page.href("/region/several?all=1");
    Ok(ChoosePage { problems: results.problem().into_iter().collect(), results, all, max: AT_ONCE_MAX, page })
}

fn number(view: &CaseView) -> String {
    view.case.number.clone().unwrap_or_else(|| view.case.id.0.to_string())
}

/// The service and what is proposed, each in one line.
fn summary(page: &Page, view: &CaseView) -> Vec<Row> {
    let service = Row::new(page.w.wp_service(), said(page.lang(), &view.regulation.title));
    let (proposal, _) = prepare::proposal(page, view);
    std::iter::once(service).chain(proposal.into_iter().take(1)).collect()
}

/// Presses what was chosen.
pub(super) async fn prepare(Sent { who, posted, .. }: Sent) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let cases = chosen(given.all(CASE));
    if cases.is_empty() || cases.len() > AT_ONCE_MAX {
        let shown = chooser(who, false, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&shown)?).into_response());
    }
    let mut orders = Vec::with_capacity(cases.len());
    for case in &cases {
        view(&who, case.0).await?;
        orders.push((*case, who.service.uuid()));
    }
    for (_, outcome) in who.service.prepare_several(&who.official, &orders).await {
        // What cannot be prepared is named on the next page, with the way to its case.
        if let Some(Err(failed @ (SubmitError::Unavailable(_) | SubmitError::Unusable(_)))) = outcome {
            tracing::warn!(error = %failed, "a result of several was not prepared");
        }
    }
    Ok(Redirect::to(&who.page.href(&address(&cases))).into_response())
}

fn chosen<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<CaseId> {
    let mut found: Vec<CaseId> = Vec::new();
    for id in ids.filter_map(|it| Uuid::parse_str(it).ok()).map(CaseId) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn address(cases: &[CaseId]) -> String {
    let pairs: Vec<String> = cases.iter().map(|it| format!("{CASE}={}", it.0)).collect();
    format!("/region/several/sign?{}", pairs.join("&"))
}

/// Shows each prepared result with its summary, and the panel that signs them.
pub(super) async fn show(
    who: AsOfficial,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let ids = query.iter().filter(|(name, _)| name == CASE).map(|(_, value)| value.as_str());
    let cases: Vec<CaseId> = chosen(ids).into_iter().take(AT_ONCE_MAX).collect();
    let (mut ones, mut left, mut items, mut hidden) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut shown = Vec::new();
    for case in cases {
        let view = view(&who, case.0).await?;
        let Some(prepared) = own(&who, case.0).await? else {
            let href = who.page.href(&format!("/region/cases/{}", case.0));
            left.push(Link { href, text: number(&view), about: None });
            continue;
        };
        items.push(item(&who.page, case, &prepared));
        shown.push((case.0, prepared.sha256.clone()));
        hidden.push((format!("order-{}", case.0), who.service.uuid().to_string()));
        ones.push(one(&who.page, &view, &prepared));
    }
    let bin = who.bin();
    let page = who.page;
    let panel = SignPanel {
        action: page.href("/region/several/sign"),
        button: page.w.sev_sign(items.len()),
        items,
        iin: Some(who.official.seat.iin.clone()),
        bin,
        key_of: Some(KeyOf::Employee),
        any_authority: page.demo.is_some(),
        phone: page.phone(&phone_path(shown.iter().map(|(case, sha256)| (*case, &**sha256)))),
        sends: false,
        kept: None,
        hidden,
    };
    let panel = Some(panel).filter(|it| !it.items.is_empty());
    Ok(html(&SignPage { page, ones, left, panel })?.into_response())
}

/// Returns by which path a telephone is asked to sign what a page shows: cases, each with the SHA-256 of its result.
pub(super) fn phone_path<'a>(shown: impl IntoIterator<Item = (Uuid, &'a str)>) -> String {
    let pairs: Vec<String> = shown.into_iter().map(|(case, sha256)| format!("{case}={sha256}")).collect();
    format!("/region/several/phone?{}", pairs.join("&"))
}

/// Hands what the page shows to a telephone: results that this official has prepared, and not prepared anew since.
pub(super) async fn phone(
    who: AsOfficial,
    Query(query): Query<Vec<(String, String)>>,
    hand: HandOver,
) -> Result<Response, PageError> {
    if query.len() > AT_ONCE_MAX {
        return Err(PageError::BadRequest);
    }
    let mut sheets = Vec::with_capacity(query.len());
    for (case, sha256) in query {
        let case = CaseId(Uuid::parse_str(&case).map_err(|_| PageError::NotFound)?);
        let prepared = own(&who, case.0).await?.filter(|it| it.sha256 == sha256);
        let range = who.service.prepared_range(&who.official, case).await?;
        let (prepared, bytes) = prepared.zip(range).ok_or(PageError::Conflict)?;
        sheets.push(Sheet { title: title(&who.page, &prepared), bytes });
    }
    let does = Word::PhoneDoesResults;
    let wanted = Wanted { does, sheets, iin: Some(who.official.seat.iin.clone()), bin: who.bin() };
    hand.over(&who.page, wanted).await
}

fn title(page: &Page, prepared: &PreparedResult) -> String {
    format!("{} № {}", page.w.passport_result(), prepared.number)
}

fn paper(page: &Page, case: CaseId) -> String {
    page.href(&format!("/region/cases/{}/prepared.pdf", case.0))
}

fn item(page: &Page, case: CaseId, prepared: &PreparedResult) -> SignItem {
    SignItem {
        id: case.0.to_string(),
        title: title(page, prepared),
        view: Some(paper(page, case)),
        content: SignContent::Digest {
            sha256: prepared.sha256.clone(),
            range: page.href(&format!("/region/cases/{}/prepared.range", case.0)),
        },
    }
}

fn one(page: &Page, view: &CaseView, prepared: &PreparedResult) -> One {
    let w = page.w;
    let mut rows = vec![
        Row::new(w.wp_applicant(), &*view.case.application.full_name),
        Row::new(w.wp_service(), said(page.lang(), &view.regulation.title)),
        Row::new(w.off_result_number(), &*prepared.number),
    ];
    let (proposal, tables) = prepare::proposal(page, view);
    rows.extend(proposal);
    let until = prepared.at + jiff::SignedDuration::from_mins(service::signing::PREPARED_MINUTES);
    rows.push(Row::new(w.off_sign_until(), format::date_time(until)));
    let paper = Link { href: paper(page, view.case.id), text: w.review_pdf().to_owned(), about: None };
    One { number: number(view), rows, tables, paper }
}

/// Takes the signatures; what became of each result stands on the next page, so that coming back sends nothing again.
pub(super) async fn take(Sent { who, posted, .. }: Sent) -> Result<Response, PageError> {
    let signed = signatures(&posted);
    if signed.is_empty() || signed.len() > AT_ONCE_MAX {
        return Err(PageError::BadRequest);
    }
    for it in &signed {
        view(&who, it.case.0).await?;
    }
    let outcomes = who.service.sign_several(&who.official, &signed).await;
    let pairs = outcomes.iter().map(|(case, outcome)| format!("{}={}", case.0, word(outcome.as_ref())));
    let pairs: Vec<String> = pairs.collect();
    Ok(Redirect::to(&who.page.href(&format!("/region/several/done?{}", pairs.join("&")))).into_response())
}

/// Returns an outcome as it stands in the address: nothing personal, nothing that is believed later.
fn word(outcome: Option<&Result<service::Submitted, SignRefused>>) -> String {
    let coded = |kind: &str, code: &Option<String>| format!("{kind}.{}", code.as_deref().unwrap_or_default());
    match outcome {
        None => "no-time".to_owned(),
        Some(Ok(_)) => SIGNED.to_owned(),
        Some(Err(SignRefused::NotPrepared)) => "not-prepared".to_owned(),
        Some(Err(SignRefused::TooLarge)) => "too-large".to_owned(),
        Some(Err(SignRefused::Invalid { code })) => coded("invalid", code),
        Some(Err(SignRefused::Indeterminate { code })) => coded("unknown", code),
        Some(Err(SignRefused::Failed(_))) => "failed".to_owned(),
    }
}

fn signatures(posted: &[(String, String)]) -> Vec<SignedOne> {
    let given = Given::new(posted.to_vec());
    let of = |(name, value): &(String, String)| {
        let id = Uuid::parse_str(name.strip_prefix("cms-")?).ok()?;
        let order = given.id(&format!("order-{id}"))?;
        let text: String = value.split_whitespace().collect();
        Some(SignedOne { case: CaseId(id), cms: STANDARD.decode(text).unwrap_or_default(), order })
    };
    posted.iter().filter_map(of).collect()
}
