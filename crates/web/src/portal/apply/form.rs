// SPDX-License-Identifier: MIT OR Apache-2.0
//! The form of a draft. It saves itself; a form that comes after its session has ended is kept for 24 hours.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State as FromState};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use engine::case::Medium;
use engine::form::Problem;
use regulation::model::{Channel, Regulation};
use service::Settings;
use service::accounts::Citizen;
use service::drafts::{Draft, Source};
use service::kept::KeptForm;
use uuid::Uuid;

use super::{opened, pages, takes_files};
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{self, Given, Item};
use crate::page::{Page, html};
use crate::portal::parts::{Pairs, id, portal, to, unprocessable, value};
use crate::portal::words_of::{medium_at, say};
use crate::room::Room;
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{self, AUTOSAVE_HEADER, Choice, Choices};
use crate::words::Word;
use crate::{format, sessions};

pub(super) fn routes() -> Router<State> {
    Router::new().route("/apply/{draft}", get(show).post(save)).route("/apply/{draft}/delete", post(delete))
}

#[derive(Template)]
#[template(path = "portal/apply-form.html")]
struct FormPage {
    page: Page,
    title: String,
    provider: String,
    draft: String,
    applicant: String,
    prove: Option<String>,
    silent: bool,
    saved: String,
    total: u32,
    problems: Vec<ui::Problem>,
    items: Vec<Item>,
    medium: Choices,
}

/// Takes what the form says into the draft; returns whether an entry was added or taken away.
pub(super) fn fill(draft: &mut Draft, regulation: &Regulation, given: &Given) -> bool {
    let mut values = form::read(&regulation.fields, given);
    let rearranged = form::rearranged(&regulation.fields, given, &mut values);
    form::only_asked(&regulation.fields, Channel::Portal, &mut values);
    draft.fill(values);
    let wanted = regulation.media_in(Channel::Portal).iter().find(|it| it.as_str() == given.get("medium"));
    draft.medium = wanted.copied().unwrap_or(draft.medium);
    rearranged
}

async fn show(
    who: AsCitizen,
    Path(draft): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Response, PageError> {
    let Some((draft, regulation)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let problems = if value(&query, "check") == "1" {
        who.service.draft_problems(&who.citizen, &draft)
    } else {
        Vec::new()
    };
    let silent = value(&query, "silent") == "1";
    Ok(html(&made(who, &draft, &regulation, (&problems, silent)))?.into_response())
}

/// A draft that another page has sent or deleted, as after the back button: leads to what became of it.
pub(super) async fn gone(who: &AsCitizen, draft: Uuid) -> Result<Response, PageError> {
    let (word, path) = match who.service.case_of_draft(&who.citizen.id, draft).await? {
        None => (Some(Word::ApplyGone), "/cabinet".to_owned()),
        Some(case) => {
            let is_sent = case.signature.is_some_and(|it| it.valid == Some(true));
            // Of a signature that is not confirmed the page of the case says what to do.
            (is_sent.then_some(Word::SentBefore), format!("/cases/{}", case.id.0))
        }
    };
    let said = word.map(|it| Flash::notice(it).cookie());
    let jar = said.into_iter().fold(CookieJar::new(), CookieJar::add);
    Ok((jar, to(&who.page, &path)).into_response())
}

fn made(
    who: AsCitizen,
    draft: &Draft,
    regulation: &Regulation,
    (problems, silent): (&[Problem], bool),
) -> FormPage {
    let AsCitizen { page, citizen, service, .. } = who;
    let asked = regulation.fields.iter().filter(|it| it.is_asked_in(Channel::Portal));
    let mut items = form::show(page.w, asked, &draft.fields, problems);
    let summary = form::problems(&items);
    for (id, given) in &draft.prefilled {
        if let Some(line) = items.iter_mut().find_map(|it| it.line_named(id.as_str())) {
            let from = given_by(&page, &service.settings, draft, given.source.as_ref());
            line.hint = Some(match line.hint.take() {
                Some(hint) => format!("{hint} {from}"),
                None => from,
            });
        }
    }
    let option =
        |it: &Medium| Choice::new(it.as_str(), page.w.of(medium_at(regulation, *it)), draft.medium == *it);
    let options = regulation.media_in(Channel::Portal).iter().map(option).collect();
    FormPage {
        title: say(&page, &regulation.title),
        provider: service
            .settings
            .organization(&draft.provider)
            .map(|it| say(&page, &it.name))
            .unwrap_or_default(),
        draft: draft.id.to_string(),
        applicant: applicant(&page, &citizen),
        prove: citizen.proof.is_none().then(|| page.href(&format!("/prove?next=/apply/{}", draft.id))),
        silent,
        saved: page.w.form_saved_at(format::time(draft.saved_at)),
        total: pages(regulation),
        problems: summary,
        items,
        medium: Choices::new("medium", page.w.form_medium(), options),
        page,
    }
}

/// Says which register gave a value, and when; of a draft that was begun before this was kept, that one did.
fn given_by(page: &Page, settings: &Settings, draft: &Draft, source: Option<&Source>) -> String {
    let day = |at| format::date(format::day_of(at));
    let Some(source) = source else { return page.w.form_from_register(day(draft.begun_at)) };
    let contract = settings.registers.get(source.register.as_str());
    let name = contract.map_or_else(|| source.register.to_string(), |it| say(page, &it.title));
    page.w.form_from_named(day(source.at), name)
}

/// Returns who applies: the name is known only after proof.
pub(super) fn applicant(page: &Page, citizen: &Citizen) -> String {
    let name = citizen.full_name.clone().unwrap_or_else(|| page.w.apply_name_later().to_owned());
    format!("{name}, {} {}", page.w.sign_cert_iin(), citizen.iin)
}

async fn save(
    page: Page,
    FromState(state): FromState<State>,
    who: Result<AsCitizen, PageError>,
    (Path(draft), jar, headers): (Path<String>, CookieJar, HeaderMap),
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let auto = headers.contains_key(AUTOSAVE_HEADER);
    let who = match who {
        Ok(who) => who,
        Err(PageError::SignIn) => return keep(&page, &state, (&jar, &draft, auto), form).await,
        Err(other) => return Err(other),
    };
    let Some((draft, regulation)) = opened(&who, &draft).await? else { return gone(&who, id(&draft)?).await };
    let given = Given::new(form);
    let filled = |it: &mut Draft| fill(it, &regulation, &given);
    let saved = who.service.change_draft(&who.citizen.id, draft.id, filled).await?;
    let Some((draft, rearranged)) = saved else { return gone(&who, draft.id).await };
    if auto {
        return Ok(who.page.w.form_saved_at(format::time(draft.saved_at)).into_response());
    }
    if rearranged {
        return Ok(to(&who.page, &format!("/apply/{}#f-{}", draft.id, group(&given))));
    }
    if given.get("do") != "next" {
        let jar = CookieJar::new().add(Flash::success(Word::ApplySaved).cookie());
        return Ok((jar, to(&who.page, &format!("/apply/{}", draft.id))).into_response());
    }
    let problems = who.service.draft_problems(&who.citizen, &draft);
    if problems.iter().any(|it| !it.path.starts_with("document")) {
        return unprocessable(&made(who, &draft, &regulation, (&problems, false)));
    }
    let next = if takes_files(&regulation) { "files" } else { "review" };
    Ok(to(&who.page, &format!("/apply/{}/{next}", draft.id)))
}

/// Keeps a form whose session has ended, and leads to the sign-in page.
async fn keep(
    page: &Page,
    state: &State,
    (jar, draft, auto): (&CookieJar, &str, bool),
    form: Pairs,
) -> Result<Response, PageError> {
    let kept = KeptForm { path: format!("/apply/{draft}"), values: form };
    if let Some(token) = sessions::id_from(jar, Room::Portal) {
        portal(state)?.keep_form(token.expose(), &kept).await?;
    }
    if auto {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    }
    Ok(to(page, &format!("/sign-in?over=1&next=/apply/{draft}")))
}

/// Returns the group in which an entry was added or taken away.
fn group(given: &Given) -> &str {
    let removed = given.get("remove");
    let removed = removed.rsplit_once('.').map_or(removed, |(group, _)| group);
    if removed.is_empty() { given.get("add") } else { removed }
}

async fn delete(who: AsCitizen, Path(draft): Path<String>) -> Result<Response, PageError> {
    who.service.delete_draft(&who.citizen.id, id(&draft)?).await?;
    let jar = CookieJar::new().add(Flash::success(Word::ApplyDeleted).cookie());
    Ok((jar, to(&who.page, "/cabinet")).into_response())
}
