// SPDX-License-Identifier: MIT OR Apache-2.0
//! Before the form: which body is asked, and what the person needs to finish.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use regulation::model::{Channel, ServiceId};
use service::Service;
use service::accounts::Citizen;
use service::worker::awaited;

use super::{by_eds, ready};
use crate::errors::PageError;
use crate::format;
use crate::page::{Page, html};
use crate::portal::parts::{Pairs, to, unprocessable, value};
use crate::portal::passport::ways::Way;
use crate::portal::words_of::say;
use crate::services::AsCitizen;
use crate::state::State;
use crate::ui::{Choice, Choices, Link, Problem};

pub(super) fn routes() -> Router<State> {
    Router::new().route("/services/{service}/apply", get(show).post(begin))
}

#[derive(Template)]
#[template(path = "portal/apply-begin.html")]
struct BeginPage {
    page: Page,
    title: String,
    action: String,
    problems: Vec<Problem>,
    providers: Choices,
    drafts: Vec<Link>,
    /// Applications for this service that are signed and may still be sent.
    waiting: Vec<Link>,
    prove: Option<String>,
    /// Since he signed in the person has signed with a key that suits: no trial is offered.
    checked: bool,
    /// Where to go without a key.
    elsewhere: Vec<Way>,
    /// The act lets only who signs in by EDS go on.
    needs_proof: bool,
    /// The person has proved another account: nothing is sent from this one.
    proved_elsewhere: bool,
}

async fn show(who: AsCitizen, Path(name): Path<String>) -> Result<Response, PageError> {
    Ok(html(&made(who, &ServiceId(name), "", false).await?)?.into_response())
}

async fn made(
    who: AsCitizen,
    service: &ServiceId,
    chosen: &str,
    wrong: bool,
) -> Result<BeginPage, PageError> {
    let AsCitizen { page, service: portal, citizen, session } = who;
    let regulation = portal.settings.current(service).ok_or(PageError::NotFound)?;
    regulation.intake(Channel::Portal).ok_or(PageError::NotFound)?;
    let settings = &portal.settings;
    let bodies: Vec<Choice> = settings
        .providers_of(service)
        .map(|it| Choice {
            hint: Some(say(&page, &it.territory)),
            ..Choice::new(&it.id, say(&page, &it.name), it.id == chosen)
        })
        .collect();
    let providers = Choices::new("provider", page.w.apply_provider(), bodies)
        .hint(page.w.apply_provider_hint())
        .error(wrong.then(|| page.w.verr_choose()));
    let drafts = portal.drafts(&citizen.id).await?;
    let link = |it: &service::drafts::Draft| Link {
        href: page.href(&format!("/apply/{}", it.id)),
        text: page.w.cab_resume().to_owned(),
        about: Some(format!("{}: {}", page.w.cab_saved(), format::date_time(it.saved_at))),
    };
    let drafts = drafts.iter().filter(|it| it.service == *service).map(link).collect();
    let waiting = waiting(&page, &portal, &citizen, service).await?;
    let needs_proof = by_eds(regulation) && citizen.proof.is_none();
    let proved_now = citizen.proof.as_ref().is_some_and(|it| it.at >= session.signed_in_at);
    let here = format!("/services/{}/apply", service.as_str());
    Ok(BeginPage {
        title: say(&page, &regulation.title),
        action: page.href(&here),
        problems: providers.problem().into_iter().collect(),
        providers,
        drafts,
        waiting,
        needs_proof,
        proved_elsewhere: portal.is_proved_elsewhere(&citizen).await?,
        checked: session.by_eds || proved_now,
        elsewhere: ready::elsewhere(&page, &portal, regulation),
        prove: citizen.proof.is_none().then(|| page.href(&format!("/prove?next={here}"))),
        page,
    })
}

/// Returns where the citizen's applications for a service stand whose signatures wait to be judged.
async fn waiting(
    page: &Page,
    portal: &Service,
    citizen: &Citizen,
    service: &ServiceId,
) -> Result<Vec<Link>, PageError> {
    let mut links = Vec::new();
    for head in portal.cases_of(citizen).await? {
        if !head.is_attempt || head.end.is_some() || head.service != *service {
            continue;
        }
        let signature = portal.load(head.case).await?.case.signature;
        if signature.is_none_or(|it| awaited(&it, portal.now()).is_over()) {
            continue;
        }
        links.push(Link {
            href: page.href(&format!("/cases/{}", head.case.0)),
            text: page.w.cab_attempt(format::date_time(head.opened_at)),
            about: None,
        });
    }
    Ok(links)
}

async fn begin(
    page: Page,
    who: Result<AsCitizen, PageError>,
    Path(name): Path<String>,
    Form(form): Form<Pairs>,
) -> Result<Response, PageError> {
    let who = match who {
        Ok(who) => who,
        Err(PageError::SignIn) => {
            return Ok(to(&page, &format!("/sign-in?over=1&next=/services/{name}/apply")));
        }
        Err(other) => return Err(other),
    };
    let service = ServiceId(name);
    let chosen = value(&form, "provider");
    let Some(regulation) = who.service.settings.current_for(&service, chosen) else {
        return Err(PageError::NotFound);
    };
    if by_eds(regulation) && who.citizen.proof.is_none() {
        return Ok(to(&who.page, &format!("/prove?next=/services/{}/apply", service.as_str())));
    }
    if !who.service.settings.providers_of(&service).any(|it| it.id == chosen) {
        return unprocessable(&made(who, &service, chosen, true).await?);
    }
    if !value(&form, "check").is_empty() {
        return Ok(to(&who.page, &format!("/services/{}/ready?provider={chosen}", service.as_str())));
    }
    begun(&who, &service, chosen).await
}

/// Begins a draft and goes to its form.
pub(super) async fn begun(
    who: &AsCitizen,
    service: &ServiceId,
    provider: &str,
) -> Result<Response, PageError> {
    let lang = who.page.lang().code();
    let begun = who.service.begin_draft(&who.citizen, service, provider, lang).await?;
    let silent = if begun.silent.is_some() { "?silent=1" } else { "" };
    Ok(to(&who.page, &format!("/apply/{}{silent}", begun.draft.id)))
}
