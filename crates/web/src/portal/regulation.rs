// SPDX-License-Identifier: MIT OR Apache-2.0
//! One regulation for people: its act and dates, the steps of each procedure, its papers, and where the act is at fault.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State as FromState};
use axum::response::IntoResponse;
use axum::routing::get;
use regulation::model::{
    Anomaly, EditionId, Exit, Origin, Part, Procedure, Regulation, ServiceId, Step, Target, Text,
};

use super::parts::portal;
use super::regulations::path;
use super::words_of::{banners, begin, channel, end, medium, norm, role, say, who};
use crate::errors::PageError;
use crate::format;
use crate::lang::Lang;
use crate::page::{Page, html};
use crate::state::State;
use crate::ui::{Link, Row};

/// Returns the pages of this module.
pub(super) fn routes() -> Router<State> {
    Router::new().route("/regulations/{service}/{edition}", get(show))
}

#[derive(Template)]
#[template(path = "portal/regulation.html")]
struct RegulationPage {
    page: Page,
    title: String,
    banners: Vec<String>,
    passport: String,
    translated: bool,
    act: Vec<Row>,
    others: Vec<Link>,
    procedures: Vec<Course>,
    papers: Vec<(String, String, bool)>,
    anomalies: Vec<Fault>,
}

struct Course {
    title: String,
    clause: String,
    intake: String,
    steps: Vec<StepLine>,
}

/// A step as the act has it.
struct StepLine {
    clause: String,
    printed: Option<String>,
    text: String,
    ours: bool,
    norm: Option<String>,
    hands: Vec<String>,
    ways: Vec<String>,
}

/// Where the act is at fault, and what is done instead.
struct Fault {
    clause: String,
    quote: String,
    what: String,
    rule: String,
}

async fn show(
    page: Page,
    FromState(state): FromState<State>,
    Path((service, edition)): Path<(String, String)>,
) -> Result<impl IntoResponse, PageError> {
    let portal = portal(&state)?;
    let (id, edition) = (ServiceId(service), EditionId(edition));
    let regulation = portal.settings.edition(&id, &edition).ok_or(PageError::NotFound)?;
    let others = portal.settings.regulations.iter().filter(|it| it.service == id && it.edition != edition);
    let other = |it: &Regulation| Link {
        href: page.href(&path(it)),
        text: page.w.rg_edition_of(it.edition.as_str()),
        about: None,
    };
    let papers = regulation.papers.iter();
    html(&RegulationPage {
        title: say(&page, &regulation.title),
        banners: banners(&page, regulation),
        passport: page.href(&format!("/services/{}", id.as_str())),
        translated: page.lang() != Lang::Kk,
        act: act(&page, regulation),
        others: others.map(|it| other(it)).collect(),
        procedures: regulation.procedures.iter().map(|it| course(&page, it)).collect(),
        papers: papers
            .map(|it| (say(&page, &it.title), page.w.of(role(it.role)).to_owned(), it.assumed))
            .collect(),
        anomalies: regulation.anomalies.iter().map(|it| fault(&page, it)).collect(),
        page,
    })
}

/// What is known of the act; what it does not say is said to be unknown.
fn act(page: &Page, regulation: &Regulation) -> Vec<Row> {
    let (w, act) = (page.w, &regulation.act);
    let unknown = || w.rg_not_stated().to_owned();
    let date =
        |it: &Option<String>| it.as_deref().and_then(|it| it.parse().ok()).map_or_else(unknown, format::date);
    let text = |it: &Option<String>| it.clone().unwrap_or_else(unknown);
    let media: Vec<&str> = regulation.media.iter().map(|it| w.of(medium(*it))).collect();
    let mut rows = vec![
        Row::new(w.rg_act(), say(page, &act.title)),
        Row::new(w.rg_edition(), regulation.edition.as_str()),
        Row::new(w.rg_act_number(), text(&act.number)),
        Row::new(w.rg_act_date(), date(&act.date)),
        Row::new(w.rg_territory(), text(&act.territory)),
        Row::new(w.rg_in_force_from(), date(&act.in_force_from)),
        Row::new(w.rg_in_force_to(), date(&act.in_force_to)),
    ];
    rows.extend(act.repealed_by.as_ref().map(|it| Row::new(w.rg_repealed_by(), say(page, it))));
    rows.push(Row::new(w.passport_provider(), begin(page, &regulation.provider)));
    rows.push(Row::new(w.passport_form(), begin(page, &regulation.form)));
    rows.push(Row::new(w.passport_result_medium(), media.join("\n")));
    rows
}

fn course(page: &Page, procedure: &Procedure) -> Course {
    let intake: Vec<&str> = procedure.intake.iter().map(|it| page.w.of(channel(*it))).collect();
    Course {
        title: begin(page, &procedure.title),
        clause: procedure.clause.clone(),
        intake: if intake.is_empty() {
            page.w.rg_inner().to_owned()
        } else {
            page.w.rg_intake(intake.join(", "))
        },
        steps: procedure.steps.iter().map(|it| step(page, procedure, it)).collect(),
    }
}

fn step(page: &Page, procedure: &Procedure, step: &Step) -> StepLine {
    let hand = |it: &Part| {
        let mut hands = who(page, it.actor, step.at);
        if let Some(rural) = it.rural_actor {
            hands = format!("{hands} / {}", who(page, Some(rural), step.at));
        }
        format!("{}: {hands}", begin(page, &it.title))
    };
    let to = |it: &Target| match it {
        Target::Step(id) => procedure.step(id).map(|it| named(page, it)).unwrap_or_default(),
        Target::End(it) => page.w.of(end(*it)).to_owned(),
    };
    let ways = match &step.exit {
        Exit::Next(Target::Step(_)) => Vec::new(),
        Exit::Next(target) => vec![page.w.rg_ends(to(target))],
        Exit::Branch { yes, no } => vec![page.w.rg_yes(to(yes)), page.w.rg_no(to(no))],
    };
    StepLine {
        clause: step.clause.clone(),
        printed: step.printed_label.clone(),
        text: begin(page, &step.text),
        ours: step.origin != Origin::Printed,
        norm: step.norm.map(|it| norm(page, it)),
        hands: step.parts.iter().map(hand).collect(),
        ways,
    }
}

/// Names a step that another one leads to.
fn named(page: &Page, step: &Step) -> String {
    let title = step.parts.first().map(|it| begin(page, &it.title)).unwrap_or_default();
    match &step.printed_label {
        Some(label) => format!("{label} ({title})"),
        None => title,
    }
}

fn fault(page: &Page, anomaly: &Anomaly) -> Fault {
    let text = |it: &Text| begin(page, it);
    Fault {
        clause: anomaly.clause.clone(),
        quote: anomaly.quote_kk.clone(),
        what: text(&anomaly.what),
        rule: text(&anomaly.rule),
    }
}
