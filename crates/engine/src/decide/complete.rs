// SPDX-License-Identifier: MIT OR Apache-2.0
//! A person, or a worker of the system, completes the current part.

use super::{Run, advance, paper, request};
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
        (Action::Accept, Act::Accepted) => accept(run, part)?,
        (Action::Accept | Action::FillForm, Act::NotAccepted { .. }) => {
            return paper::not_accepted(run, part, act, who);
        }
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
        (Action::PrepareLetter, Act::LetterPrepared { text }) => {
            paper::prepare_letter(run, text, who.as_ref())?;
        }
        (Action::SignLetter, Act::LetterSigned { file }) => paper::sign_letter(run, file, who.as_ref())?,
        (Action::Dispatch, Act::Dispatched { courier }) => dispatch(run, courier.as_deref())?,
        (Action::Issue, Act::Dispatched { courier }) if !run.case.came_by_hand() => {
            dispatch(run, courier.as_deref())?;
        }
        (Action::HandOver, Act::HandedOver { taken_by, document }) => hand_over(run, taken_by, document)?,
        (Action::Issue, Act::HandedOver { taken_by, document }) if run.case.came_by_hand() => {
            hand_over(run, taken_by, document)?;
        }
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
    let acts = part.actor_in(run.case.channel);
    let Party::Person { id, actor, organization } = by else {
        let own = part.action == Action::StampResult || acts.is_none();
        return match acts {
            Some(needs) if !own => Err(Inadmissible::WrongRole { needs }),
            _ => Ok(None),
        };
    };
    let Some(needs) = acts else {
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
    if organization.as_ref() != Some(&run.world.body_of(needs).id) {
        return Err(Inadmissible::OtherOrganization);
    }
    Ok(Some(id.clone()))
}

/// Registers the papers in the journal of the body that accepts them. What came in by hand must be whole now: the form
/// that an office enters has no other step.
fn accept(run: &mut Run, part: &Part) -> Result<(), Inadmissible> {
    let rural = part.actor_in(run.case.channel) == Some(Actor::RuralAkimSpecialist);
    if run.case.came_by_hand() && run.case.accepted_at.is_none() {
        let mut found = form::problems(run.world.regulation, run.case.channel, &run.case.application);
        found.extend(form::ages(run.world.regulation, &run.case.application, run.today()));
        if !found.is_empty() {
            return Err(Inadmissible::Form(found));
        }
    }
    run.number(if rural { Series::AkimIncoming } else { Series::Incoming });
    advance::accept_documents(run);
    Ok(())
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
            let case = &run.case;
            let found =
                form::result_problems(run.world.regulation, case.channel, &case.known_fields(), values);
            if !found.is_empty() {
                return Err(Inadmissible::Form(found));
            }
            paper::check_calculation(run, values)?;
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

pub(super) fn may_sign(run: &Run, who: Option<&PersonId>) -> Result<(), Inadmissible> {
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
    paper::check_medium(run, result)?;
    run.emit(Event::ResultSigned { result: result.clone() });
    Ok(())
}

/// The head returns the proposal to where it was prepared: a part of the same step, or an earlier step of the procedure.
fn give_back(run: &mut Run, step: &Step, remark: &str, who: Option<PersonId>) -> Result<(), Inadmissible> {
    required(remark, Input::Remark)?;
    let is_draft = |it: &&Part| it.action == Action::Prepare;
    let here = step.parts.iter().find(is_draft).map(|part| (step, part));
    let prepared = here.or_else(|| {
        let (procedure, _, _) = step.parts.first().and_then(|it| run.find(&it.id))?;
        let mut steps = procedure.steps.iter();
        steps.find_map(|step| step.parts.iter().find(is_draft).map(|part| (step, part)))
    });
    let (Some((back_step, back)), Some(by)) = (prepared, who) else {
        let part = run.case.current().map_or_else(|| step.id.clone(), |it| it.part.clone());
        return Err(Inadmissible::WrongAct { part });
    };
    run.emit(Event::ProposalReturned { remark: remark.to_owned(), by });
    if let Some(number) = run.case.result_number.clone() {
        let (series, at) = (Series::Result, run.now);
        run.emit(Event::NumberVoided { series, number, at });
    }
    let now = run.now;
    if let Some(place) = run.case.stack.last_mut() {
        if place.step != back_step.id {
            place.step = back_step.id.clone();
            place.since = now;
        }
        place.part = back.id.clone();
    }
    Ok(())
}

fn dispatch(run: &mut Run, courier: Option<&str>) -> Result<(), Inadmissible> {
    // A result on paper that leaves for a one-stop-shop goes with its courier; to a rural akim it goes by the office.
    if run.case.application.medium == Medium::Paper && !run.case.came_by_hand() {
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

pub(super) fn required(text: &str, input: Input) -> Result<(), Inadmissible> {
    if text.trim().is_empty() {
        return Err(Inadmissible::Empty(input));
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(Inadmissible::TooLong(input));
    }
    Ok(())
}
