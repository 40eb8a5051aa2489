// SPDX-License-Identifier: MIT OR Apache-2.0
//! The acts that need neither signature nor scan: accept, instruct, prepare or refuse, return, dispatch, hand over, letter.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;
use engine::case::{CaseId, PersonId, Proposal};
use engine::{Act, Inadmissible};
use regulation::model::{Actor, GroundId, StepId};
use service::cases::CaseView;
use service::submit::SubmitError;
use uuid::Uuid;

use super::case::{Typed, again, shown};
use super::due::executor_of;
use super::prepare;
use crate::errors::PageError;
use crate::flash::Flash;
use crate::form::Given;
use crate::offices::{Sent, view};
use crate::services::AsOfficial;
use crate::words::Word;

/// Takes an act of an official; a form whose session has ended is carried through the sign-in.
pub(super) async fn give(
    Path(id): Path<Uuid>,
    jar: CookieJar,
    Sent { page, who, posted }: Sent,
) -> Result<Response, PageError> {
    let given = Given::new(posted);
    let order = given.id("order").ok_or(PageError::BadRequest)?;
    let actor = actor(&given).ok_or(PageError::BadRequest)?;
    let part = StepId::from(given.get("part"));
    let view = view(&who, id).await?;
    let only_shown = given.get("act-kind") == "calculate" || given.has("add") || given.has("remove");
    if only_shown {
        return shown(who, id, given).await;
    }
    let (act, done) = act(&who, &view, &given).await?.ok_or(PageError::BadRequest)?;
    let answer = who.service.act(&who.official.seat, actor, CaseId(id), (part, act, order)).await;
    match answer {
        Ok(submitted) => {
            let flash =
                if submitted.repeated { Flash::notice(Word::GAlreadyDone) } else { Flash::success(done) };
            Ok((jar.add(flash.cookie()), Redirect::to(&page.href("/region"))).into_response())
        }
        Err(SubmitError::Inadmissible(why)) => {
            again(who, id, Typed { given, why: Some(why), ..Typed::default() }).await
        }
        Err(failed) => Err(failed.into()),
    }
}

/// Returns the capacity named in the form; whether the seat has it, the service checks.
pub(super) fn actor(given: &Given) -> Option<Actor> {
    const AT_REGION: [Actor; 6] = [
        Actor::ProviderOffice,
        Actor::ProviderHead,
        Actor::ProviderExecutor,
        Actor::RuralAkimSpecialist,
        Actor::RuralAkim,
        Actor::RuralAkimExecutor,
    ];
    AT_REGION.into_iter().find(|it| it.as_str() == given.get("actor"))
}

/// Returns the act, and what is said when it is done.
async fn act(who: &AsOfficial, view: &CaseView, given: &Given) -> Result<Option<(Act, Word)>, PageError> {
    let text = |name: &str| given.get(name).to_owned();
    Ok(Some(match given.get("act-kind") {
        "accept" => (Act::Accepted, Word::DoneAccepted),
        "instruct" => {
            let executor = executor(who, given).await?;
            (Act::Instructed { text: text("text"), executor }, Word::DoneInstructed)
        }
        "grant" => {
            let values = prepare::values(&who.service, view, given);
            (Act::Prepared(Proposal::Grant { values }), Word::DonePrepared)
        }
        "refuse" => {
            let ground = GroundId::from(given.get("ground"));
            let proposal = Proposal::Refuse { ground, reason: text("reason") };
            (Act::Prepared(proposal), Word::DoneRefusalPrepared)
        }
        "return" => (Act::Returned { remark: text("remark") }, Word::DoneReturned),
        "dispatch" => {
            let courier = given.has("courier").then(|| text("courier"));
            (Act::Dispatched { courier }, Word::DoneDispatched)
        }
        "hand-over" => {
            (Act::HandedOver { taken_by: text("taken-by"), document: text("document") }, Word::DoneHandedOver)
        }
        "letter" => (Act::LetterPrepared { text: text("letter") }, Word::DoneLetterPrepared),
        _ => return Ok(None),
    }))
}

/// Returns the executor chosen, if the organisation has such an official; nobody otherwise, which the engine refuses.
async fn executor(who: &AsOfficial, given: &Given) -> Result<PersonId, PageError> {
    let (chosen, executes) = (given.get("executor"), executor_of(actor(given)));
    let officials = who.service.officials(&who.official.seat.organization).await?;
    let known = officials
        .into_iter()
        .map(|it| it.seat)
        .find(|it| it.person.0 == chosen && it.actors.contains(&executes));
    Ok(known.map_or_else(|| PersonId(String::new()), |it| it.person))
}

/// Returns the refusal of an order that the service did not take; other failures are error pages.
pub(super) fn inadmissible(failed: SubmitError) -> Result<Inadmissible, PageError> {
    if let SubmitError::Inadmissible(why) = failed { Ok(why) } else { Err(failed.into()) }
}
