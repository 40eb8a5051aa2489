// SPDX-License-Identifier: MIT OR Apache-2.0
//! The passport of a service: what you get, what you need by each way in, how long and why, when it is refused, who does
//! what, where to go.

pub(super) mod ways;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{Channel, Field, Origin, Part, Procedure, Regulation, ServiceId, Step};
use service::Service;

use super::parts::portal;
use super::regulations::path;
use super::words_of::{banners, begin, norm, reasons, say, who};
use crate::errors::PageError;
use crate::form::Named;
use crate::format;
use crate::page::{Page, html};
use crate::state::State;
use ways::Way;

/// Procedures that run inside one another at most.
const NESTED_MAX: usize = 16;
/// Ways in, in the order in which they are shown.
const CHANNELS: [Channel; 4] = [Channel::Portal, Channel::Center, Channel::Provider, Channel::RuralAkim];

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
    media: Vec<String>,
    apply: Option<String>,
    eds_first: bool,
    /// The act's words on where applications are taken.
    taken: Vec<String>,
    act: String,
    regulation: String,
    banners: Vec<String>,
    ways: Vec<Way>,
    assumed: bool,
    confirmed_only: bool,
    terms: Vec<TermLine>,
    counted_for: String,
    grounds: Vec<Line>,
    procedures: Vec<Course>,
}

/// A document or a ground.
struct Line {
    text: String,
    required: bool,
    assumed: bool,
}

struct TermLine {
    text: String,
    clause: Option<String>,
    assumed: bool,
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

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Path(name): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let service = portal(&state)?;
    let regulation = service.settings.current(&ServiceId(name)).ok_or(PageError::NotFound)?;
    let ways: Vec<Way> =
        CHANNELS.into_iter().filter_map(|it| ways::way(&page, &service, regulation, it)).collect();
    let grounds: Vec<Line> = regulation
        .grounds
        .iter()
        .map(|it| Line { text: say(&page, &it.text), required: false, assumed: it.assumed })
        .collect();
    let (terms, counted_for) = terms(&page, &service, regulation);
    let lines = ways.iter().flat_map(|it| &it.documents).chain(&grounds);
    let assumed = lines.into_iter().any(|it| it.assumed) || terms.iter().any(|it| it.assumed);
    let apply = regulation
        .intake(Channel::Portal)
        .map(|_| page.href(&format!("/services/{}/apply", regulation.service.as_str())));
    html(&PassportPage {
        title: say(&page, &regulation.title),
        outcome: say(&page, &regulation.outcome),
        provider: begin(&page, &regulation.provider),
        form: begin(&page, &regulation.form),
        media: ways::media(&page, regulation),
        eds_first: super::apply::by_eds(regulation),
        taken: if apply.is_none() { ways::taken(&page, regulation) } else { Vec::new() },
        apply,
        act: say(&page, &regulation.act.title),
        regulation: page.href(&path(regulation)),
        banners: banners(&page, regulation),
        ways,
        assumed,
        confirmed_only: regulation.confirmed_only,
        terms,
        counted_for,
        grounds,
        procedures: procedures(&page, regulation),
        page,
    })
}

/// Returns the terms as counted for the first provider, and its name.
fn terms(page: &Page, service: &Service, regulation: &Regulation) -> (Vec<TermLine>, String) {
    let Some(provider) = service.settings.providers_of(&regulation.service).next() else {
        return (Vec::new(), String::new());
    };
    let fields: Vec<&Field> = regulation.fields.iter().chain(&regulation.result_fields).collect();
    let named = Named { w: page.w, fields: &fields, facts: &regulation.facts };
    let expected = service.expected(regulation, &provider.id);
    let line = |it: &engine::deadline::Expected| TermLine {
        text: say(page, &it.text),
        clause: match &it.deadline.of {
            engine::deadline::DeadlineOf::Term { clause, .. } => clause.clone(),
            engine::deadline::DeadlineOf::Part { .. } => None,
        },
        assumed: regulation.terms.iter().any(|term| term.text == it.text && term.assumed.is_some()),
        norm: norm(page, it.deadline.norm),
        when: it.when.as_ref().and_then(|it| named.condition(it)).map(|it| page.w.pass_when(it)),
        due: format::date_time(it.deadline.due),
        reasons: reasons(page, &it.deadline.reasons),
    };
    (expected.iter().map(line).collect(), say(page, &provider.name))
}

/// Returns the courses by which applications come in, and the ones that run inside them.
fn procedures(page: &Page, regulation: &Regulation) -> Vec<Course> {
    let mut found: Vec<&Procedure> = Vec::new();
    for course in CHANNELS.into_iter().filter_map(|it| regulation.intake(it)) {
        if !found.iter().any(|it| it.id == course.id) {
            found.push(course);
        }
    }
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
    found.into_iter().map(|it| course(page, it)).collect()
}

fn course(page: &Page, procedure: &Procedure) -> Course {
    let lines = |step: &Step| -> Vec<StepLine> {
        let hands = |part: &Part| match part.rural_actor {
            Some(rural) => {
                format!("{} / {}", who(page, part.actor, step.at), who(page, Some(rural), step.at))
            }
            None => who(page, part.actor, step.at),
        };
        let line = |part: &Part| StepLine {
            title: begin(page, &part.title),
            who: hands(part),
            norm: step.norm.map(|it| norm(page, it)),
            clause: step.clause.clone(),
            text: begin(page, &step.text),
            ours: step.origin != Origin::Printed,
        };
        step.parts.iter().map(line).collect()
    };
    Course { title: begin(page, &procedure.title), steps: procedure.steps.iter().flat_map(lines).collect() }
}
