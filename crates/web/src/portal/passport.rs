// SPDX-License-Identifier: MIT OR Apache-2.0
//! The passport of a service: what you get, what you need, how long and why, when it is refused, who does what.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use engine::Organization;
use regulation::model::{
    Channel, Expr, Origin, Procedure, Regulation, ServiceId, StandardDocument, Step, System,
};
use service::Service;

use super::parts::portal;
use super::words_of::{begin, norm, reasons, say, who};
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::state::State;

/// Procedures that run inside one another at most.
const NESTED_MAX: usize = 8;

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/services/{service}", get(show))
}

#[derive(Template)]
#[template(path = "portal/passport.html")]
struct PassportPage {
    page: Page,
    title: String,
    outcome: String,
    provider: String,
    form: String,
    apply: Option<String>,
    act: String,
    act_known: bool,
    repealed: Option<String>,
    portal_documents: Vec<Line>,
    center_documents: Vec<Line>,
    assumed: bool,
    terms: Vec<TermLine>,
    counted_for: String,
    grounds: Vec<Line>,
    procedures: Vec<Course>,
    places: Vec<Place>,
}

/// A document or a ground.
struct Line {
    text: String,
    required: bool,
    assumed: bool,
}

struct TermLine {
    text: String,
    clause: String,
    norm: String,
    when: Option<String>,
    due: String,
    reasons: Vec<String>,
}

struct Course {
    title: String,
    steps: Vec<StepLine>,
}

struct StepLine {
    title: String,
    who: String,
    norm: Option<String>,
    clause: String,
    text: String,
    ours: bool,
}

struct Place {
    name: String,
    address: String,
    hours: String,
}

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let service = portal(&state)?;
    let regulation = service.settings.current(&ServiceId(name)).ok_or(PageError::NotFound)?;
    let documents = |channel| documents(&page, regulation, channel);
    let (portal_documents, center_documents) = (documents(Channel::Portal), documents(Channel::Center));
    let grounds: Vec<Line> = regulation
        .grounds
        .iter()
        .map(|it| Line { text: say(&page, &it.text), required: false, assumed: it.assumed })
        .collect();
    let assumed = [&portal_documents, &center_documents, &grounds].into_iter().flatten().any(|it| it.assumed);
    let (terms, counted_for) = terms(&page, &service, regulation);
    let apply = regulation
        .intake(Channel::Portal)
        .map(|_| page.href(&format!("/services/{}/apply", regulation.service.as_str())));
    html(&PassportPage {
        title: say(&page, &regulation.title),
        outcome: say(&page, &regulation.outcome),
        provider: begin(&page, &regulation.provider),
        form: begin(&page, &regulation.form),
        apply,
        act: say(&page, &regulation.act.title),
        act_known: regulation.act.number.is_some(),
        repealed: regulation.act.repealed_by.as_ref().map(|it| say(&page, it)),
        portal_documents,
        center_documents,
        assumed,
        terms,
        counted_for,
        grounds,
        procedures: procedures(&page, regulation),
        places: places(&page, &service),
        page,
    })
}

fn documents(page: &Page, regulation: &Regulation, channel: Channel) -> Vec<Line> {
    let line = |it: &StandardDocument| Line {
        text: say(page, &it.title),
        required: it.required,
        assumed: it.assumed,
    };
    regulation.documents.iter().filter(|it| it.channels.contains(&channel)).map(line).collect()
}

/// Returns the terms as counted for the first provider, and its name.
fn terms(page: &Page, service: &Service, regulation: &Regulation) -> (Vec<TermLine>, String) {
    let Some(provider) = providers(service).next() else { return (Vec::new(), String::new()) };
    let expected = service.expected(regulation, &provider.id);
    let line = |it: &engine::deadline::Expected| TermLine {
        text: say(page, &it.text),
        clause: match &it.deadline.of {
            engine::deadline::DeadlineOf::Term { clause, .. } => clause.clone().unwrap_or_default(),
            engine::deadline::DeadlineOf::Part { .. } => String::new(),
        },
        norm: norm(page, it.deadline.norm),
        when: it.when.as_ref().and_then(|expr| condition(page, regulation, expr)),
        due: format::date_time(it.deadline.due),
        reasons: reasons(page, &it.deadline.reasons),
    };
    (expected.iter().map(line).collect(), say(page, &provider.name))
}

/// Returns a simple condition in words; the act's own words stand beside it.
fn condition(page: &Page, regulation: &Regulation, expr: &Expr) -> Option<String> {
    let (id, holds) = match expr {
        Expr::Fact(id) => (id, true),
        Expr::Not(inner) => {
            let Expr::Fact(id) = &**inner else { return None };
            (id, false)
        }
        Expr::Equals(..) | Expr::All(_) | Expr::Any(_) => return None,
    };
    let title = say(page, &regulation.facts.iter().find(|it| it.id == *id)?.title);
    Some(if holds { page.w.pass_when(title) } else { page.w.pass_when_not(title) })
}

/// Returns the bodies that take applications.
pub(super) fn providers(service: &Service) -> impl Iterator<Item = &Organization> {
    service.settings.organizations.values().filter(|it| it.system == System::Region)
}

fn places(page: &Page, service: &Service) -> Vec<Place> {
    let time = |at: jiff::civil::Time| format!("{:02}:{:02}", at.hour(), at.minute());
    let centers = service.settings.organizations.values().filter(|it| it.system == System::Center);
    centers
        .map(|it| Place {
            name: say(page, &it.name),
            address: say(page, &it.address),
            hours: page.w.why_hours(time(it.body.hours.closes), time(it.body.hours.opens)),
        })
        .collect()
}

/// Returns the course through the portal, the ones that run inside it, and the course through the one-stop-shop.
fn procedures(page: &Page, regulation: &Regulation) -> Vec<Course> {
    let mut found: Vec<&Procedure> = regulation.intake(Channel::Portal).into_iter().collect();
    let mut at = 0;
    while let Some(procedure) = found.get(at).copied().filter(|_| at < NESTED_MAX) {
        for id in procedure.steps.iter().filter_map(|it| it.runs.as_ref()) {
            if let Some(inner) = regulation.procedure(id)
                && !found.iter().any(|it| it.id == inner.id)
            {
                found.push(inner);
            }
        }
        at += 1;
    }
    found.extend(regulation.intake(Channel::Center));
    found.into_iter().map(|it| course(page, it)).collect()
}

fn course(page: &Page, procedure: &Procedure) -> Course {
    let lines = |step: &Step| -> Vec<StepLine> {
        let line = |part: &regulation::model::Part| StepLine {
            title: begin(page, &part.title),
            who: who(page, part.actor, step.at),
            norm: step.norm.map(|it| norm(page, it)),
            clause: step.clause.clone(),
            text: begin(page, &step.text),
            ours: step.origin != Origin::Printed,
        };
        step.parts.iter().map(line).collect()
    };
    Course { title: begin(page, &procedure.title), steps: procedure.steps.iter().flat_map(lines).collect() }
}
