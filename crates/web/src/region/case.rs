// SPDX-License-Identifier: MIT OR Apache-2.0
//! The case: what is asked, how far it is, until when, and the act that is due from this official.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use engine::Inadmissible;
use engine::case::{Provenance, Value};
use service::cases::CaseView;
use service::papers::OfficePaper;
use uuid::Uuid;

use super::due::{ActView, act_view, problems};
use crate::errors::PageError;
use crate::form::{Given, said};
use crate::offices::case::{CaseParts, People, Signed, parts};
use crate::offices::originals::Originals;
use crate::offices::refused::{Refused, Teller, input_problem};
use crate::offices::{lists, readings, view};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Link, Problem, Row, Table};

#[derive(Template)]
#[template(path = "region/case.html")]
struct CasePage {
    page: Page,
    id: Uuid,
    parts: CaseParts,
    act: Option<ActView>,
    waits_elsewhere: Option<String>,
    more: Vec<Row>,
    sources: Vec<Row>,
    originals: Option<Originals>,
    refused: Option<Refused>,
    problems: Vec<Problem>,
    readings: Option<Table>,
}

impl CasePage {
    fn to(&self, what: &str) -> String {
        self.page.href(&format!("/region/cases/{}/{what}", self.id))
    }
}

/// What the official typed, and why it was not accepted.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) given: Given,
    pub(super) why: Option<Inadmissible>,
    pub(super) refused: Option<Refused>,
    /// What is wrong with the scan of a signed sheet.
    pub(super) scan: Option<String>,
    /// What is wrong with the day under a signature by hand.
    pub(super) day: Option<String>,
}

impl Typed {
    /// Returns whether fields of the form tell what is wrong.
    fn of_fields(&self) -> bool {
        let by_engine = matches!(
            self.why,
            Some(Inadmissible::Form(_) | Inadmissible::Empty(_) | Inadmissible::TooLong(_))
        );
        by_engine || self.scan.is_some() || self.day.is_some()
    }
}

/// Shows the case.
pub(super) async fn show(who: AsOfficial, Path(id): Path<Uuid>) -> Result<Response, PageError> {
    Ok(render(who, id, Typed::default()).await?.into_response())
}

/// Shows the case again, nothing being wrong, with what was typed.
pub(super) async fn shown(who: AsOfficial, id: Uuid, given: Given) -> Result<Response, PageError> {
    Ok(render(who, id, Typed { given, ..Typed::default() }).await?.into_response())
}

/// Shows the case again with what was typed and why it was not accepted.
pub(super) async fn again(who: AsOfficial, id: Uuid, typed: Typed) -> Result<Response, PageError> {
    let status = if typed.of_fields() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    Ok((status, render(who, id, typed).await?).into_response())
}

async fn render(who: AsOfficial, id: Uuid, typed: Typed) -> Result<impl IntoResponse, PageError> {
    let view = view(&who, id).await?;
    let people = People::of_case(&who.service, &view.case).await?;
    let signed = Signed::of(&who.service, &view.case).await?;
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
    let parts = parts(&who.page, &view, &people, &signed);
    let readings = readings::table(&who, &view.case, &people).await?;
    let more = more(&who, &view, &people).await?;
    let sources = sources(&who, &view);
    let originals = Originals::of(&who, &view);
    html(&CasePage {
        page: who.page,
        id,
        parts,
        act,
        waits_elsewhere,
        more,
        sources,
        originals,
        refused,
        problems,
        readings,
    })
}

/// Says who has the case now, when this official has nothing to do.
fn elsewhere(page: &Page, view: &CaseView) -> Option<String> {
    let w = page.w;
    if let Some((end, at)) = &view.case.end {
        let told = format!("{}: {}", lists::ended(w, *end).text, crate::format::date_time(*at));
        // It ends here with the answer; what became of it there, such a portal does not tell.
        return Some(if view.case.one_way { format!("{told}. {}", w.tl_answered()) } else { told });
    }
    let place = view.case.current()?;
    let (_, step, part) = view.regulation.part(&place.part)?;
    let role = part.actor_in(view.case.channel).map_or_else(|| lists::system(step.at), lists::actor);
    Some(w.off_waits_for(w.of(role), said(w.lang(), &part.title)))
}

/// Papers of the way, and what else the case has from its offices.
async fn more(who: &AsOfficial, view: &CaseView, people: &People) -> Result<Vec<Row>, PageError> {
    let (page, case) = (&who.page, &view.case);
    let w = page.w;
    let address = |what: &str| page.href(&format!("/region/cases/{}/{what}", case.id.0));
    let linked = |key: &str, value: String, href: String| {
        let about = Some(format!("{key} {value}"));
        Row { action: Some(Link { href, text: w.att_download().to_owned(), about }), ..Row::new(key, value) }
    };
    let mut rows = Vec::new();
    if let Some(refused) = &case.refused {
        let title = |it: &regulation::model::StandardDocument| said(w.lang(), &it.title).to_owned();
        let documents = view.regulation.documents.iter().filter(|it| refused.missing.contains(&it.id));
        let mut lines: Vec<String> = documents.map(title).collect();
        lines.extend(Some(refused.reason.clone()).filter(|it| !it.is_empty()));
        lines.extend(people.name(&refused.by).map(str::to_owned));
        rows.push(Row::new(w.off_not_accepted_why(), lines.join("\n")));
    }
    for paper in OfficePaper::ALL {
        if paper.of(&view.regulation, case).is_none() {
            continue;
        }
        let (key, number) = match paper {
            OfficePaper::Receipt => {
                (w.op_receipt(), case.akim_number.as_ref().or(case.incoming_number.as_ref()))
            }
            OfficePaper::NotAccepted => (w.op_refusal_receipt(), None),
            OfficePaper::Letter => (w.ra_letter(), case.letter_number.as_ref()),
        };
        let number = number.map(|it| format!("№ {it}")).unwrap_or_default();
        rows.push(linked(key, number, address(&format!("papers/{}.pdf", paper.as_str()))));
    }
    if let Some(letter) = case.letter.as_ref().and_then(|it| it.signed.as_ref()) {
        rows.push(linked(w.rl_signed_scan(), String::new(), address(&format!("files/{}", letter.0))));
    }
    if let Some(on) = case.result.as_ref().and_then(|it| it.on_paper.as_ref()) {
        let seal = if on.sealed { w.hd_paper_seal() } else { w.rs_no_seal() };
        let both = if on.countersigned { format!("\n{}", w.hd_paper_countersigned()) } else { String::new() };
        let signed = w.rs_by_hand(crate::format::date(on.on));
        rows.push(Row::new(w.hd_paper(), format!("{signed}\n{seal}{both}")));
        if who.service.sheet(case).await?.is_some() {
            rows.push(linked(w.rs_original(), String::new(), address("sheet.pdf")));
        }
    }
    if let Some(it) = &case.handed_over {
        let taken = format!("{}\n{}\n{}", it.taken_by, it.document, crate::format::date_time(it.at));
        rows.push(Row::new(w.off_taken_by(), taken));
    }
    Ok(rows)
}

/// What registers told, each fact with the register, the time and the message that proves it.
fn sources(who: &AsOfficial, view: &CaseView) -> Vec<Row> {
    let w = who.page.w;
    let told = view.case.facts.iter().filter_map(|(id, fact)| {
        let Provenance::Register { register, message } = &fact.provenance else { return None };
        let declared = view.regulation.facts.iter().find(|it| it.id == *id)?;
        let contract = who.service.settings.registers.get(register.as_str());
        let name = contract.map_or(register.as_str(), |it| said(w.lang(), &it.title));
        let value = match &fact.value {
            Value::Bool(true) => w.g_yes(),
            Value::Bool(false) => w.g_no(),
            Value::Text(text) => text.as_str(),
            Value::Entries(_) => "",
        };
        let at = crate::format::date_time(fact.at);
        let lines = [value, &format!("{name}, {at}"), &w.off_source_message(message)].join("\n");
        Some(Row::new(said(w.lang(), &declared.title), lines.trim_start()))
    });
    told.collect()
}
