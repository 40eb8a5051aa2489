// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case: what is asked, how far it is, until when, and the act that is due from this official.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::Inadmissible;
use engine::case::{PersonId, Proposal, Value};
use engine::form::Problem as Mistake;
use engine::inadmissible::Input;
use regulation::model::{Action, Actor, FieldId};
use service::cases::CaseView;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::errors::PageError;
use crate::form::{self, Given, Item, said};
use crate::offices::case::{CaseParts, People, fields, parts};
use crate::offices::refused::{Refused, Teller, input_problem};
use crate::offices::{lists, readings, view};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, Field, FieldKind, Problem, Row, Table};

/// Longest text of an act, as the engine takes it.
const TEXT_MAX: u32 = 4_000;

#[derive(Template)]
#[template(path = "region/case.html")]
struct CasePage {
    page: Page,
    id: Uuid,
    parts: CaseParts,
    act: Option<ActView>,
    waits_elsewhere: Option<String>,
    refused: Option<Refused>,
    problems: Vec<Problem>,
    readings: Option<Table>,
}

impl CasePage {
    fn to(&self, what: &str) -> String {
        self.page.href(&format!("/region/cases/{}/{what}", self.id))
    }
}

/// The act that is due from this official.
pub(super) struct ActView {
    part: String,
    order: Uuid,
    actor: &'static str,
    title: String,
    remark: Option<String>,
    instruction: Option<String>,
    kind: Kind,
}

/// What the act asks for.
enum Kind {
    Accept,
    Instruct { text: Field, executor: Choices },
    Prepare { grant: Vec<Item>, ground: Choices, reason: Field, refusing: bool },
    Sign { proposal: Vec<Row>, by: String, same_person: bool, remark: Field },
    Dispatch { courier: Option<Field> },
}

impl ActView {
    fn is_accept(&self) -> bool {
        matches!(self.kind, Kind::Accept)
    }

    fn instruct(&self) -> Option<(&Field, &Choices)> {
        if let Kind::Instruct { text, executor } = &self.kind { Some((text, executor)) } else { None }
    }

    fn prepare(&self) -> Option<(&Vec<Item>, &Choices, &Field, &bool)> {
        if let Kind::Prepare { grant, ground, reason, refusing } = &self.kind {
            Some((grant, ground, reason, refusing))
        } else {
            None
        }
    }

    fn sign(&self) -> Option<(&Vec<Row>, &String, &bool, &Field)> {
        if let Kind::Sign { proposal, by, same_person, remark } = &self.kind {
            Some((proposal, by, same_person, remark))
        } else {
            None
        }
    }

    fn dispatch(&self) -> Option<&Option<Field>> {
        if let Kind::Dispatch { courier } = &self.kind { Some(courier) } else { None }
    }
}

/// What the official typed, and why it was not accepted.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) given: Given,
    pub(super) why: Option<Inadmissible>,
    pub(super) refused: Option<Refused>,
}

/// Shows the case.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    Ok(render(who, id, Typed::default()).await?.into_response())
}

/// Shows the case again with what was typed and why it was not accepted.
pub(super) async fn again(who: AsOfficial, id: Uuid, typed: Typed) -> Result<Response, PageError> {
    let of_fields =
        matches!(typed.why, Some(Inadmissible::Form(_) | Inadmissible::Empty(_) | Inadmissible::TooLong(_)));
    let status = if of_fields { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    Ok((status, render(who, id, typed).await?).into_response())
}

async fn render(who: AsOfficial, id: Uuid, typed: Typed) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let seat = &who.official.seat;
    let people = People::of(&who.service, &seat.organization).await?;
    let verdict = who.service.request_verdict(&view.case).await?;
    let teller = Teller { w: who.page.w, regulation: &view.regulation, people: &people };
    let told_by_fields = typed
        .why
        .as_ref()
        .is_some_and(|it| matches!(it, Inadmissible::Form(_)) || input_problem(who.page.w, it).is_some());
    let refused = match &typed.why {
        Some(why) if !told_by_fields => Some(teller.inadmissible(why)),
        _ => typed.refused.clone(),
    };
    let act = act_view(&who, &view, &people, &typed).await?;
    let problems = act.as_ref().map(problems).unwrap_or_default();
    let waits_elsewhere = if act.is_none() { elsewhere(&who.page, &view) } else { None };
    let parts = parts(&who.page, &view, &people, verdict.as_ref());
    let readings = readings::table(&who, &view.case, &people).await?;
    html(&CasePage { page: who.page, id, parts, act, waits_elsewhere, refused, problems, readings })
}

/// Says who has the case now, when this official has nothing to do.
fn elsewhere(page: &Page, view: &CaseView) -> Option<String> {
    let w = page.w;
    if let Some((end, at)) = &view.case.end {
        return Some(format!("{}: {}", lists::ended(w, *end).text, crate::format::date_time(*at)));
    }
    let place = view.case.current()?;
    let (_, step, part) = view.regulation.part(&place.part)?;
    let role = part.actor.map_or_else(|| lists::system(step.at), lists::actor);
    Some(w.off_waits_for(w.of(role), said(w.lang(), &part.title)))
}

async fn act_view(
    who: &AsOfficial,
    view: &CaseView,
    people: &People,
    typed: &Typed,
) -> Result<Option<ActView>, PageError> {
    let seat = &who.official.seat;
    let Some((_, part)) = view.waits_for(who.service.here, &seat.actors) else { return Ok(None) };
    let Some(actor) = part.actor_in(view.case.channel) else { return Ok(None) };
    let given = &typed.given;
    let w = who.page.w;
    let error = |input: Input| {
        let found = input_problem(w, typed.why.as_ref()?)?;
        (found.0 == input).then_some(found.1)
    };
    let lines = |name: &str, label: &str, input: Input| {
        let field = Field::new(name, label).kind(FieldKind::Lines).max_length(TEXT_MAX);
        field.value(given.get(name)).error(error(input))
    };
    let kind = match &part.action {
        Action::Accept => Kind::Accept,
        Action::Instruct => Kind::Instruct {
            text: lines("text", w.hd_instruction(), Input::Instruction),
            executor: executors(who, given, error(Input::Executor)).await?,
        },
        Action::Prepare => {
            if view.case.executor.as_ref().is_some_and(|it| *it != seat.person) {
                return Ok(None);
            }
            prepare(&who.page, view, typed, lines("reason", w.off_reason(), Input::Reason))
        }
        Action::SignResult => Kind::Sign {
            proposal: proposal(&who.page, view),
            by: preparer(view, people),
            same_person: view.case.proposal.as_ref().is_some_and(|(_, by)| *by == seat.person),
            remark: lines("remark", w.hd_send_back_why(), Input::Remark),
        },
        Action::Dispatch => {
            Kind::Dispatch { courier: courier(&who.page, view, given, error(Input::Courier)) }
        }
        Action::CreateAccount
        | Action::SignIn
        | Action::RefuseSignIn
        | Action::FillForm
        | Action::QueryRegister(_)
        | Action::Judge
        | Action::SignRequest
        | Action::Send
        | Action::RegisterDocument
        | Action::StampResult
        | Action::Notify(_)
        | Action::Deliver
        | Action::HandOver
        | Action::Issue
        | Action::PrepareLetter
        | Action::SignLetter => return Ok(None),
    };
    let id = part.id.0.clone();
    let order = who.service.uuid();
    Ok(Some(ActView {
        part: id,
        order,
        actor: actor.as_str(),
        title: said(w.lang(), &part.title).to_owned(),
        remark: view.case.remark.clone(),
        instruction: view.case.instruction.clone(),
        kind,
    }))
}

fn courier(page: &Page, view: &CaseView, given: &Given, error: Option<String>) -> Option<Field> {
    let paper = view.case.application.medium == engine::case::Medium::Paper;
    paper.then(|| {
        Field::new("courier", page.w.off_courier()).max_length(200).value(given.get("courier")).error(error)
    })
}

/// Officials of the organisation who hold the executor's capacity.
async fn executors(who: &AsOfficial, given: &Given, error: Option<String>) -> Result<Choices, PageError> {
    let officials = who.service.officials(&who.official.seat.organization).await?;
    let chosen = given.get("executor");
    let options = officials
        .iter()
        .filter(|it| it.seat.actors.contains(&Actor::ProviderExecutor))
        .map(|it| {
            let label = format!("{}, {}", it.seat.name, it.position_kk);
            Choice::new(&it.seat.person.0, label, it.seat.person.0 == chosen)
        })
        .collect();
    Ok(Choices::new("executor", who.page.w.hd_assign(), options).error(error))
}

fn prepare(page: &Page, view: &CaseView, typed: &Typed, reason: Field) -> Kind {
    let w = page.w;
    let mistakes: &[Mistake] = if let Some(Inadmissible::Form(found)) = &typed.why { found } else { &[] };
    let values = if typed.given.has("part") {
        form::read(&view.regulation.result_fields, &typed.given)
    } else {
        begun(view)
    };
    let chosen = typed.given.get("ground");
    let unknown = matches!(typed.why, Some(Inadmissible::UnknownGround(_)));
    let options = view
        .regulation
        .grounds
        .iter()
        .map(|it| Choice {
            hint: it.assumed.then(|| w.passport_assumed().to_owned()),
            ..Choice::new(it.id.as_str(), said(w.lang(), &it.text), it.id.as_str() == chosen)
        })
        .collect();
    Kind::Prepare {
        grant: form::show(w, &view.regulation.result_fields, &values, mistakes),
        ground: Choices::new("ground", w.ex_ground(), options).error(unknown.then(|| w.verr_choose())),
        reason,
        refusing: typed.given.get("kind") == "refuse",
    }
}

/// What the executor begins from: what was returned to him, or what a register said.
fn begun(view: &CaseView) -> BTreeMap<FieldId, Value> {
    if let Some((Proposal::Grant { values }, _)) = &view.case.proposal {
        return values.clone();
    }
    let known = view.regulation.result_fields.iter().filter_map(|field| {
        let fact = field.prefill.as_deref()?;
        let found = view.case.facts.iter().find(|(id, _)| id.as_str() == fact)?;
        Some((field.id.clone(), found.1.value.clone()))
    });
    known.collect()
}

fn proposal(page: &Page, view: &CaseView) -> Vec<Row> {
    let w = page.w;
    match &view.case.proposal {
        Some((Proposal::Grant { values }, _)) => {
            let mut rows = vec![Row::new(w.off_proposed(), w.off_proposed_grant())];
            rows.extend(fields(w, &view.regulation.result_fields, values).0);
            rows
        }
        Some((Proposal::Refuse { ground, reason }, _)) => {
            let text = view.regulation.ground(ground).map_or("", |it| said(w.lang(), &it.text));
            vec![
                Row::new(w.off_proposed(), w.off_proposed_refusal()),
                Row::new(w.off_ground(), text),
                Row::new(w.off_reason(), reason),
            ]
        }
        None => Vec::new(),
    }
}

fn preparer(view: &CaseView, people: &People) -> String {
    let by: Option<&PersonId> = view.case.proposal.as_ref().map(|(_, by)| by);
    by.and_then(|it| people.name(it)).unwrap_or_default().to_owned()
}

fn of_field(field: &Field) -> Option<Problem> {
    field.problem().map(|it| form::named(it, &field.label))
}

fn problems(act: &ActView) -> Vec<Problem> {
    let mut found: Vec<Problem> = Vec::new();
    let mut add = |problem: Option<Problem>| found.extend(problem);
    match &act.kind {
        Kind::Accept => {}
        Kind::Instruct { text, executor } => {
            add(executor.problem().map(|it| form::named(it, &executor.legend)));
            add(of_field(text));
        }
        Kind::Prepare { grant, ground, reason, .. } => {
            for it in form::problems(grant) {
                add(Some(it));
            }
            add(ground.problem().map(|it| form::named(it, &ground.legend)));
            add(of_field(reason));
        }
        Kind::Sign { remark, .. } => add(of_field(remark)),
        Kind::Dispatch { courier } => add(courier.as_ref().and_then(of_field)),
    }
    found
}
