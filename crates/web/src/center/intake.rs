// SPDX-License-Identifier: MIT OR Apache-2.0
//! The operator picks the service and enters the applicant (act 9.2); the persons register is asked at once (9.3).

use askama::Template;
use axum::extract::{self, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::Inadmissible;
use engine::case::{Application, Value};
use engine::form::Problem as Mistake;
use jiff::civil::Date;
use regulation::model::{Channel, Expr, FieldId, Regulation, ServiceId};
use service::Service;
use service::center::Intake;
use service::submit::SubmitError;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{self, Given, Item, said};
use crate::format;
use crate::lang::Lang;
use crate::offices::Sent;
use crate::offices::applicant::{self, of_choices, of_field};
use crate::page::{Page, html};
use crate::search::{QUERY_CHARS_MAX, Query};
use crate::services::AsOfficial;
use crate::ui::{Choice, Choices, Field, Link, Problem};
use crate::words::Word;

/// The field that says who applies.
const REPRESENTATION: &str = "representation";
/// The button of a mobile center that keeps what was entered, there being no line.
const WITHOUT_LINE: &str = "without-line";
/// A representative by a power that no notary certified.
const OTHERWISE: &str = "other";

#[derive(Template)]
#[template(path = "center/choose.html")]
struct ChoosePage {
    page: Page,
    search: Field,
    found: Option<usize>,
    services: Vec<Link>,
}

#[derive(Template)]
#[template(path = "center/new.html")]
struct NewPage {
    page: Page,
    title: String,
    action: String,
    order: Uuid,
    provider: Choices,
    iin: Field,
    name: Field,
    items: Vec<Item>,
    /// When the operator is told that the data of a power are not entered.
    power_scanned: Option<String>,
    medium: Choices,
    language: Choices,
    /// Whether there may be no line here: a mobile center.
    without_line: bool,
    problems: Vec<Problem>,
}

/// Shows the services that are taken in here.
pub(super) async fn choose(
    who: AsOfficial,
    extract::Query(query): extract::Query<Vec<(String, String)>>,
) -> Result<impl IntoResponse, PageError> {
    let (page, service) = (who.page, who.service);
    let typed: String = Given::new(query).get("q").chars().take(QUERY_CHARS_MAX).collect();
    let asked = Query::new(&typed);
    let all = taken(&service, &who.official.seat.organization);
    let all = all.iter().map(AsRef::as_ref);
    let shown: Vec<&Regulation> = if asked.is_empty() { all.collect() } else { asked.find(all) };
    let link = |it: &&Regulation| {
        let href = page.href(&format!("/center/new/{}", it.service));
        Link { href, text: said(page.lang(), &it.title).to_owned(), about: None }
    };
    let services: Vec<Link> = shown.iter().map(link).collect();
    let found = (!asked.is_empty()).then_some(services.len());
    let search = Field::new("q", page.w.home_search()).value(typed).optional();
    html(&ChoosePage { page, search, found, services })
}

/// The edition of each service that the operator's center takes in, in the order of the regulations.
fn taken(service: &Service, center: &str) -> Vec<Arc<Regulation>> {
    let mut found: Vec<Arc<Regulation>> = Vec::new();
    for it in &service.settings.regulations {
        if !found.iter().any(|known| known.service == it.service) {
            found.extend(service.settings.taken_at(center, &it.service).cloned());
        }
    }
    found
}

fn regulation(who: &AsOfficial, id: &str) -> Result<Arc<Regulation>, PageError> {
    let center = &who.official.seat.organization;
    let taken = who.service.settings.taken_at(center, &ServiceId::from(id));
    taken.cloned().ok_or(PageError::NotFound)
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    given: Given,
    values: BTreeMap<FieldId, Value>,
    mistakes: Vec<Mistake>,
    checked: bool,
}

/// Shows the empty form.
pub(super) async fn show(who: AsOfficial, Path(id): Path<String>) -> Result<impl IntoResponse, PageError> {
    let regulation = regulation(&who, &id)?;
    html(&new_page(who, &regulation, &Typed::default()))
}

fn new_page(who: AsOfficial, regulation: &Regulation, typed: &Typed) -> NewPage {
    let (page, service) = (who.page, who.service);
    let (w, given) = (page.w, &typed.given);
    let providers: Vec<Choice> = service
        .settings
        .providers_at(&who.official.seat.organization, &regulation.service)
        .map(|it| Choice::new(&it.id, said(page.lang(), &it.name), it.id == given.get("provider")))
        .collect();
    let no_provider = typed.checked && !providers.iter().any(|it| it.checked);
    let asked = regulation.fields.iter().filter(|it| it.is_asked_in(Channel::Center));
    let items = form::show(w, asked, &typed.values, &typed.mistakes);
    let number = applicant::number(w, given, typed.checked);
    let name = applicant::name(w, given, typed.checked);
    let provider = Choices::new("provider", w.passport_provider(), providers)
        .error(no_provider.then(|| w.verr_choose()));
    let mut problems: Vec<Problem> =
        [of_field(&number), of_field(&name), of_choices(&provider)].into_iter().flatten().collect();
    problems.extend(form::problems(&items));
    NewPage {
        title: said(page.lang(), &regulation.title).to_owned(),
        action: page.href(&format!("/center/new/{}", regulation.service)),
        order: given.id("order").unwrap_or_else(|| service.uuid()),
        provider,
        iin: number,
        name,
        items,
        power_scanned: power_scanned(regulation),
        medium: applicant::medium(w, given, regulation.media_in(Channel::Center)),
        language: applicant::language(&page, given),
        without_line: service.may_be_without_line(&who.official.seat),
        problems,
        page,
    }
}

/// The condition under which a power of attorney is only scanned: it was certified otherwise than by a notary.
fn power_scanned(regulation: &Regulation) -> Option<String> {
    let asked = |id: &str| regulation.fields.iter().find(|it| it.id.as_str() == id);
    let (_, number) = (asked(REPRESENTATION)?, asked("power_number")?);
    let values = BTreeMap::from([(FieldId::from(REPRESENTATION), Value::Text(OTHERWISE.to_owned()))]);
    let entered = engine::form::is_asked(number, &values, Some(Channel::Center));
    let when = Expr::Equals(REPRESENTATION.into(), OTHERWISE.to_owned());
    serde_json::to_string(&when).ok().filter(|_| !entered)
}

/// Takes the form: an entry is added or taken away, mistakes are shown, or the case is opened.
pub(super) async fn take(
    Path(id): Path<String>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let regulation = regulation(&who, &id)?;
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let mut values = form::read(&regulation.fields, &given);
    if form::rearranged(&regulation.fields, &given, &mut values) {
        let typed = Typed { given, values, ..Typed::default() };
        return Ok(html(&new_page(who, &regulation, &typed))?.into_response());
    }
    form::only_asked(&regulation.fields, Channel::Center, &mut values);
    let intake = intake(&regulation, &given, values.clone());
    let mistakes = mistakes(&regulation, &intake, format::day_of(page.now));
    let typed = Typed { given, values, mistakes, checked: true };
    let shown_wrong = |who: AsOfficial, typed: &Typed| -> Result<Response, PageError> {
        let page = new_page(who, &regulation, typed);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
    };
    let center = &who.official.seat.organization;
    let mut providers = who.service.settings.providers_at(center, &regulation.service);
    let known = providers.any(|it| it.id == intake.provider);
    drop(providers);
    if !known
        || applicant::iin_error(&typed.given).is_some()
        || intake.full_name.is_empty()
        || !typed.mistakes.is_empty()
    {
        return shown_wrong(who, &typed);
    }
    if typed.given.get("go") == WITHOUT_LINE {
        who.service.keep_provisional(&who.official.seat, intake, order).await?;
        return Ok(Redirect::to(&super::provisional::address(&page, order)).into_response());
    }
    match who.service.take_in_person(&who.official.seat, &who.session, intake, order).await {
        Ok(opened) => {
            let done = Flash::success(Word::DoneTakenIn);
            let flash = if opened.repeated { Flash::notice(Word::GAlreadyDone) } else { done };
            let to = page.href(&format!("/center/cases/{}", opened.case.0));
            Ok((jar.add(flash.cookie()), Redirect::to(&to)).into_response())
        }
        Err(SubmitError::Inadmissible(Inadmissible::Form(mistakes))) => {
            shown_wrong(who, &Typed { mistakes, ..typed })
        }
        Err(failed) => Err(failed.into()),
    }
}

fn intake(regulation: &Regulation, given: &Given, fields: BTreeMap<FieldId, Value>) -> Intake {
    Intake {
        service: ServiceId::from(regulation.service.as_str()),
        provider: given.get("provider").to_owned(),
        iin: given.get("applicant-iin").to_owned(),
        full_name: given.get("applicant-name").to_owned(),
        fields,
        medium: applicant::medium_of(given, regulation.media_in(Channel::Center)),
        lang: Lang::from_code(given.get("language")).unwrap_or_default().code().to_owned(),
    }
}

/// The mistakes of the form; the papers are marked and scanned later (9.6).
fn mistakes(regulation: &Regulation, intake: &Intake, on: Date) -> Vec<Mistake> {
    let application = Application { fields: intake.fields.clone(), ..Application::empty() };
    let mut found = engine::form::problems(regulation, Channel::Center, &application);
    found.retain(|it| !it.path.starts_with("document"));
    found.extend(engine::form::ages(regulation, &application, on));
    found
}
