// SPDX-License-Identifier: MIT OR Apache-2.0
//! A person, or a worker of the system, completes the current part.

use super::{Run, advance, request};
use crate::{
    apply::{DOCUMENTS_CONFORM, PROPOSAL_GRANTED},
    case::{Medium, PersonId, Proposal, Provenance, SignedResult, Value},
    command::{Act, Party},
    event::{Event, Series},
    form::{self, TEXT_CHARS_MAX},
    inadmissible::{Inadmissible, Input},
};
use regulation::model::{Action, Actor, Part, Step, StepId};

/// Completes the part named, if the case stands there and the party may.
pub(super) fn complete(run: &mut Run, by: &Party, named: &StepId, act: &Act) -> Result<(), Inadmissible> {
    run.not_ended()?;
    if run.find(named).is_none() {
        return Err(Inadmissible::UnknownPart(named.clone()));
    }
    if request::is_verdict(run, by, named, act) {
        return request::verdict(run, named, act);
    }
    if request::is_refill(run, named, act) {
        return request::refill(run, by, named, act);
    }
    let (step, part) = stand(run, named)?;
    let who = authorise(run, by, part)?;
    match (&part.action, act) {
        (Action::FillForm, Act::Filled { .. }) => request::fill(run, part, act)?,
        (Action::SignRequest, Act::Signed { .. }) => return request::sign(run, step, part, (who, act)),
        (Action::Accept, Act::Accepted) => accept(run),
        (Action::Instruct, Act::Instructed { text, executor }) => instruct(run, text, executor)?,
        (Action::Prepare, Act::Prepared(proposal)) => prepare(run, proposal, who.as_ref())?,
        (Action::SignResult | Action::StampResult, Act::ResultReserved) => {
            may_sign(run, who.as_ref())?;
            advance::reserve(run);
            return Ok(());
        }
        (Action::SignResult, Act::Returned { remark }) => return give_back(run, step, remark, who),
        (Action::SignResult | Action::StampResult, Act::ResultSigned(result)) => {
            sign_result(run, part, result, who.as_ref())?;
        }
        (Action::Dispatch, Act::Dispatched { courier }) => dispatch(run, courier.as_deref())?,
        (Action::HandOver, Act::HandedOver { taken_by, document }) => hand_over(run, taken_by, document)?,
        _ => return Err(Inadmissible::WrongAct { part: part.id.clone() }),
    }
    run.done(part, who, None);
    advance::leave(run, step, &part.id, None);
    advance::advance(run);
    Ok(())
}

/// Returns the part named if the case stands there and this system carries it out.
fn stand<'a>(run: &Run<'a>, named: &StepId) -> Result<(&'a Step, &'a Part), Inadmissible> {
    let current = run.case.current().map(|it| it.part.clone());
    let found = run.find(named).filter(|_| current.as_ref() == Some(named));
    if let Some((_, step, part)) = found.filter(|(_, step, _)| step.at == run.world.here) {
        return Ok((step, part));
    }
    match run.case.last_done(named) {
        Some(done) if current.as_ref() != Some(named) => {
            let (part, by, at) = (named.clone(), done.by.clone(), done.at);
            Err(Inadmissible::AlreadyDone { part, by, at, current })
        }
        _ => Err(Inadmissible::NotHere { current }),
    }
}

/// Returns who acts, if the part is theirs.
pub(super) fn authorise(run: &Run, by: &Party, part: &Part) -> Result<Option<PersonId>, Inadmissible> {
    let Party::Person { id, actor, organization } = by else {
        let own = part.action == Action::StampResult || part.actor.is_none();
        return match part.actor {
            Some(needs) if !own => Err(Inadmissible::WrongRole { needs }),
            _ => Ok(None),
        };
    };
    let Some(needs) = part.actor else {
        return Err(Inadmissible::SystemOnly);
    };
    let provider = matches!(actor, Actor::ProviderOffice | Actor::ProviderHead | Actor::ProviderExecutor);
    if *actor != needs && !(needs == Actor::Provider && provider) {
        return Err(Inadmissible::WrongRole { needs });
    }
    if needs == Actor::Applicant {
        return if *id == run.case.application.applicant {
            Ok(Some(id.clone()))
        } else {
            Err(Inadmissible::NotTheApplicant)
        };
    }
    if organization.as_ref() != Some(&run.world.body.id) {
        return Err(Inadmissible::OtherOrganization);
    }
    Ok(Some(id.clone()))
}

fn accept(run: &mut Run) {
    run.number(Series::Incoming);
    advance::accept_documents(run);
}

fn instruct(run: &mut Run, text: &str, executor: &PersonId) -> Result<(), Inadmissible> {
    required(text, Input::Instruction)?;
    required(&executor.0, Input::Executor)?;
    run.emit(Event::Instructed { text: text.to_owned(), executor: executor.clone() });
    Ok(())
}

fn prepare(run: &mut Run, proposal: &Proposal, who: Option<&PersonId>) -> Result<(), Inadmissible> {
    let Some(who) = who else {
        return Err(Inadmissible::NotTheExecutor);
    };
    if run.case.executor.as_ref().is_some_and(|it| it != who) {
        return Err(Inadmissible::NotTheExecutor);
    }
    let grant = match proposal {
        Proposal::Grant { values } => {
            let found = form::result_problems(run.world.regulation, values);
            if !found.is_empty() {
                return Err(Inadmissible::Form(found));
            }
            true
        }
        Proposal::Refuse { ground, reason } => {
            if run.world.regulation.ground(ground).is_none() {
                return Err(Inadmissible::UnknownGround(ground.clone()));
            }
            required(reason, Input::Reason)?;
            false
        }
    };
    run.emit(Event::Proposed { proposal: proposal.clone(), by: who.clone() });
    for fact in [PROPOSAL_GRANTED, DOCUMENTS_CONFORM] {
        run.fact(fact, Value::Bool(grant), Provenance::Person(who.clone()));
    }
    Ok(())
}

fn may_sign(run: &Run, who: Option<&PersonId>) -> Result<(), Inadmissible> {
    let prepared = run.case.proposal.as_ref().map(|(_, by)| by);
    if prepared.is_some() && prepared == who { Err(Inadmissible::PreparerSigns) } else { Ok(()) }
}

fn sign_result(
    run: &mut Run,
    part: &Part,
    result: &SignedResult,
    who: Option<&PersonId>,
) -> Result<(), Inadmissible> {
    if part.action == Action::SignResult {
        may_sign(run, who)?;
    }
    if run.case.result_number.is_none() {
        return Err(Inadmissible::NumberNotReserved);
    }
    run.emit(Event::ResultSigned { result: result.clone() });
    Ok(())
}

/// The head returns the proposal to the part of the same step where it was prepared.
fn give_back(run: &mut Run, step: &Step, remark: &str, who: Option<PersonId>) -> Result<(), Inadmissible> {
    required(remark, Input::Remark)?;
    let prepared = step.parts.iter().find(|it| it.action == Action::Prepare);
    let (Some(back), Some(by)) = (prepared, who) else {
        let part = run.case.current().map_or_else(|| step.id.clone(), |it| it.part.clone());
        return Err(Inadmissible::WrongAct { part });
    };
    run.emit(Event::ProposalReturned { remark: remark.to_owned(), by });
    if let Some(number) = run.case.result_number.clone() {
        let (series, at) = (Series::Result, run.now);
        run.emit(Event::NumberVoided { series, number, at });
    }
    if let Some(place) = run.case.stack.last_mut() {
        place.part = back.id.clone();
    }
    Ok(())
}

fn dispatch(run: &mut Run, courier: Option<&str>) -> Result<(), Inadmissible> {
    if run.case.application.medium == Medium::Paper {
        required(courier.unwrap_or_default(), Input::Courier)?;
    }
    let at = run.now;
    run.emit(Event::Dispatched { courier: courier.map(ToOwned::to_owned), at });
    Ok(())
}

fn hand_over(run: &mut Run, taken_by: &str, document: &str) -> Result<(), Inadmissible> {
    required(taken_by, Input::TakenBy)?;
    required(document, Input::Document)?;
    let (taken_by, document, at) = (taken_by.to_owned(), document.to_owned(), run.now);
    run.emit(Event::HandedOver { taken_by, document, at });
    Ok(())
}

fn required(text: &str, input: Input) -> Result<(), Inadmissible> {
    if text.trim().is_empty() {
        return Err(Inadmissible::Empty(input));
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Inadmissible::TooLong(input));
    }
    Ok(())
}
