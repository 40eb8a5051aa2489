// SPDX-License-Identifier: MIT OR Apache-2.0
//! Intake on paper: the service, the applicant and the form. What is entered is kept; the papers follow on the next page.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::case::{Application, CaseId, Value};
use engine::form::Problem as Mistake;
use jiff::civil::Date;
use regulation::model::{Channel, Field as Declared, FieldId, ServiceId};
use service::center::Intake;
use service::intake::{Offered, OpenIntake};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::{self, Given, Item, said};
use crate::format;
use crate::lang::Lang;
use crate::offices::Sent;
use crate::offices::applicant::{self, of_choices, of_field};
use crate::page::{Page, html};
use crate::services::AsOfficial;
use crate::ui::{Cell, Choice, Choices, Field, Link, Problem, Table};
use crate::words::Word;

#[derive(Template)]
#[template(path = "region/choose.html")]
struct ChoosePage {
    page: Page,
    services: Vec<Link>,
    unfinished: Table,
}

#[derive(Template)]
#[template(path = "region/new.html")]
struct NewPage {
    page: Page,
    title: String,
    action: String,
    case: Option<Uuid>,
    provider: Option<Choices>,
    iin: Field,
    name: Field,
    items: Vec<Item>,
    medium: Choices,
    language: Choices,
    problems: Vec<Problem>,
}

/// Shows the services that this office takes in, and the intakes that are not judged yet.
pub(super) async fn choose(who: AsOfficial) -> Result<impl IntoResponse, PageError> {
    let (page, service, seat) = (who.page, who.service, who.official.seat);
    let link = |it: &Offered| Link {
        href: page.href(&format!("/region/new/{}", it.regulation.service)),
        text: said(page.lang(), &it.regulation.title).to_owned(),
        about: None,
    };
    let services = service.offered(&seat).iter().map(link).collect();
    let mut rows = Vec::new();
    for it in service.open_intakes(&seat).await? {
        let regulation = service.edition_of(&it);
        rows.push(vec![
            Cell::link(page.href(&format!("/region/intake/{}", it.case.0)), &*it.entered.full_name),
            Cell::text(regulation.map_or("", |of| said(page.lang(), &of.title))),
            Cell::text(crate::format::date_time(it.begun_at)),
        ]);
    }
    let w = page.w;
    let unfinished = Table {
        caption: w.ri_unfinished().to_owned(),
        columns: [w.wp_applicant(), w.wp_service(), w.wp_received()].map(str::to_owned).to_vec(),
        rows,
        empty: String::new(),
    };
    html(&ChoosePage { page, services, unfinished })
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    case: Option<CaseId>,
    given: Given,
    values: BTreeMap<FieldId, Value>,
    mistakes: Vec<Mistake>,
    checked: bool,
}

/// Shows the form, empty or with what was entered before.
pub(super) async fn show(
    who: AsOfficial,
    Path(id): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<impl IntoResponse, PageError> {
    let offered = offered(&who, &id)?;
    let changed =
        asked.get("case").map(|it| it.parse::<Uuid>().map_err(|_| PageError::NotFound)).transpose()?;
    let typed = match changed {
        Some(case) => {
            let open = who.service.open_intake(&who.official.seat, CaseId(case)).await?;
            entered(open.ok_or(PageError::NotFound)?)
        }
        None => Typed::default(),
    };
    html(&new_page(who, &offered, &typed))
}

fn offered(who: &AsOfficial, id: &str) -> Result<Offered, PageError> {
    who.service.offer(&who.official.seat, &ServiceId::from(id)).ok_or(PageError::NotFound)
}

/// What was entered before, as if it were typed now.
fn entered(open: OpenIntake) -> Typed {
    let it = open.entered;
    let mut given = Given::default();
    for (name, value) in [
        ("applicant-iin", it.iin),
        ("applicant-name", it.full_name),
        ("provider", it.provider),
        ("medium", it.medium.as_str().to_owned()),
        ("language", it.lang),
    ] {
        given.push(name.to_owned(), value);
    }
    Typed { case: Some(open.case), given, values: it.fields, ..Typed::default() }
}

fn new_page(who: AsOfficial, offered: &Offered, typed: &Typed) -> NewPage {
    let (page, service, regulation) = (who.page, who.service, &offered.regulation);
    let (w, given) = (page.w, &typed.given);
    let named = |id: &String| {
        let name = service.settings.organization(id).map_or("", |it| said(page.lang(), &it.name));
        Choice::new(id, name, id == given.get("provider") || offered.providers.len() == 1)
    };
    let options: Vec<Choice> = offered.providers.iter().map(named).collect();
    let none = typed.checked && !options.iter().any(|it| it.checked);
    // A provider's own office has nothing to choose.
    let provider = (offered.channel == Channel::RuralAkim)
        .then(|| Choices::new("provider", w.ri_to_provider(), options).error(none.then(|| w.verr_choose())));
    let fields: Vec<Declared> =
        regulation.fields.iter().filter(|it| it.is_asked_in(offered.channel)).cloned().collect();
    let items = form::show(w, &fields, &typed.values, &typed.mistakes);
    let iin = applicant::number(w, given, typed.checked);
    let name = applicant::name(w, given, typed.checked);
    let own = [of_field(&iin), of_field(&name), provider.as_ref().and_then(of_choices)];
    let mut problems: Vec<Problem> = own.into_iter().flatten().collect();
    problems.extend(form::problems(&items));
    NewPage {
        title: said(page.lang(), &regulation.title).to_owned(),
        action: page.href(&format!("/region/new/{}", regulation.service)),
        case: typed.case.map(|it| it.0),
        provider,
        iin,
        name,
        items,
        medium: applicant::medium(w, given, regulation.media_in(offered.channel)),
        language: applicant::language(&page, given),
        problems,
        page,
    }
}

/// Takes the form: fields are added, mistakes are shown, or what was entered is kept and the papers follow.
pub(super) async fn take(
    Path(id): Path<String>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let offered = offered(&who, &id)?;
    let regulation = &offered.regulation;
    let given = Given::new(posted);
    let case = given.id("case").map(CaseId);
    let mut values = form::read(&regulation.fields, &given);
    if form::rearranged(&regulation.fields, &given, &mut values) {
        let typed = Typed { case, given, values, ..Typed::default() };
        return Ok(html(&new_page(who, &offered, &typed))?.into_response());
    }
    let intake = intake(&offered, &given, values.clone());
    let unfinished = given.get("go") == "unfinished";
    let mistakes = mistakes(&offered, &intake, unfinished, format::day_of(who.page.now));
    let wrong = applicant::iin_error(&given).is_some()
        || intake.full_name.is_empty()
        || !offered.providers.contains(&intake.provider)
        || !mistakes.is_empty();
    if wrong {
        let typed = Typed { case, given, values, mistakes, checked: true };
        let shown = html(&new_page(who, &offered, &typed))?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let kept = who.service.keep_intake(&who.official.seat, case, intake).await?;
    let to = page.href(&format!("/region/intake/{}", kept.0));
    Ok((jar.add(Flash::success(Word::DoneIntakeKept).cookie()), Redirect::to(&to)).into_response())
}

fn intake(offered: &Offered, given: &Given, fields: BTreeMap<FieldId, Value>) -> Intake {
    let only = if let [only] = offered.providers.as_slice() { Some(only.clone()) } else { None };
    Intake {
        service: offered.regulation.service.clone(),
        provider: only.unwrap_or_else(|| given.get("provider").to_owned()),
        iin: given.get("applicant-iin").to_owned(),
        full_name: given.get("applicant-name").to_owned(),
        fields,
        medium: applicant::medium_of(given, offered.regulation.media_in(offered.channel)),
        lang: Lang::from_code(given.get("language")).unwrap_or_default().code().to_owned(),
    }
}

/// The mistakes of the form; the papers are marked and scanned on the next page. What is not finished may be empty, but not
/// wrong.
fn mistakes(offered: &Offered, intake: &Intake, unfinished: bool, on: Date) -> Vec<Mistake> {
    let fields = service::intake::asked(&offered.regulation, offered.channel, intake.fields.clone());
    let application = Application { fields, ..Application::empty() };
    if unfinished {
        return engine::form::mistakes(&offered.regulation, &application)
            .into_iter()
            .filter(|it| it.kind != engine::form::ProblemKind::Missing)
            .collect();
    }
    let mut found = engine::form::problems(&offered.regulation, offered.channel, &application);
    found.retain(|it| !it.path.starts_with("document"));
    found.extend(engine::form::ages(&offered.regulation, &application, on));
    found
}
