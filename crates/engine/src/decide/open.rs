// SPDX-License-Identifier: MIT OR Apache-2.0
//! A case is opened: the parts done before are walked, the first one not done is entered.

mod sent;

pub use sent::guessed_at;

use super::{DONE_MAX, FACTS_MAX, Run, advance};
use crate::{
    case::{Application, Done, Place, Provenance},
    command::{Before, Command, Order, Party},
    event::{Event, Series},
    form,
    holds::Holds,
    inadmissible::Inadmissible,
};
use regulation::model::{Action, Actor, Channel, Exit, FactId, Procedure, ServiceId, StepId, System, Target};
use std::collections::BTreeMap;

/// Opens the case.
pub(super) fn open(run: &mut Run, order: &Order) -> Result<(), Inadmissible> {
    let Command::Open {
        service,
        edition,
        regulation_sha256,
        procedure,
        channel,
        application,
        before,
        facts,
        number,
        accepted_at,
    } = &order.command
    else {
        return Err(Inadmissible::NotOpen);
    };
    if run.case.is_open() {
        return Err(Inadmissible::AlreadyOpen);
    }
    let regulation = run.world.regulation;
    let known = (&regulation.service, &regulation.edition, &regulation.sha256);
    if known != (service, edition, regulation_sha256) {
        return Err(Inadmissible::UnknownRegulation);
    }
    let course =
        regulation.procedure(procedure).ok_or_else(|| Inadmissible::UnknownProcedure(procedure.clone()))?;
    if !course.intake.contains(channel) || !takes_in(run, course, service) {
        return Err(Inadmissible::NotAnIntake(procedure.clone()));
    }
    may_open(run, &order.by, *channel, application)?;
    let tied = regulation.media_of.iter().find(|it| it.channel == *channel);
    if tied.is_some_and(|it| !it.media.contains(&application.medium)) {
        return Err(Inadmissible::OtherMedium);
    }
    let done = match before {
        Before::Done(done) => done.clone(),
        Before::Sent { at } => sent::sent(run, course, &order.command, *at)?,
    };
    if done.len() > DONE_MAX || facts.len() > FACTS_MAX {
        return Err(Inadmissible::TooMuch);
    }
    if let Some(unknown) = done.iter().find(|it| regulation.part(&it.part).is_none()) {
        return Err(Inadmissible::UnknownPart(unknown.part.clone()));
    }
    check_form(run, course, &order.command, &done)?;
    run.emit(Event::Opened {
        at: run.now,
        service: service.clone(),
        edition: edition.clone(),
        regulation_sha256: regulation_sha256.clone(),
        procedure: procedure.clone(),
        channel: *channel,
        application: application.clone(),
        done: done.clone(),
        accepted_at: *accepted_at,
        one_way: matches!(before, Before::Sent { .. }),
    });
    if let Some(number) = number {
        let (series, number, at) = (Series::Application, number.clone(), run.now);
        run.emit(Event::Numbered { series, number, at });
    }
    for (fact, value) in facts {
        run.fact(fact.as_str(), value.clone(), Provenance::Before);
    }
    let place = walk(run, course, &done)?;
    run.case.stack.push(place);
    advance::advance(run);
    Ok(())
}

/// Whether the settings of the body that takes in satisfy the procedure's condition.
fn takes_in(run: &Run, course: &Procedure, service: &ServiceId) -> bool {
    let setting = |fact: &FactId| run.setting(fact, service).map(|(value, _)| value);
    course.intake_when.as_ref().is_none_or(|when| Holds::judge(when, &setting) == Holds::Yes)
}

fn may_open(run: &Run, by: &Party, channel: Channel, application: &Application) -> Result<(), Inadmissible> {
    let Party::Person { id, actor, organization } = by else {
        return Ok(());
    };
    match run.world.here {
        System::Portal if *actor != Actor::Applicant => {
            Err(Inadmissible::WrongRole { needs: Actor::Applicant })
        }
        System::Portal if *id != application.applicant => Err(Inadmissible::NotTheApplicant),
        System::Center if *actor != Actor::CenterOperator => {
            Err(Inadmissible::WrongRole { needs: Actor::CenterOperator })
        }
        System::Center if organization.as_ref() != Some(&run.world.body.id) => {
            Err(Inadmissible::OtherOrganization)
        }
        System::Region => {
            let needs = match channel {
                Channel::Provider => Actor::ProviderOffice,
                Channel::RuralAkim => Actor::RuralAkimSpecialist,
                Channel::Portal | Channel::Center => return Err(Inadmissible::SystemOnly),
            };
            if *actor != needs {
                Err(Inadmissible::WrongRole { needs })
            } else if organization.as_ref() != Some(&run.world.body_of(needs).id) {
                Err(Inadmissible::OtherOrganization)
            } else {
                Ok(())
            }
        }
        System::Portal | System::Center | System::Gateway | System::GbdFl | System::Enis => Ok(()),
    }
}

/// A form that was filled before the case was opened here is checked as if it were filled now: all of it when nothing of
/// the procedure fills it further.
fn check_form(run: &Run, course: &Procedure, order: &Command, done: &[Done]) -> Result<(), Inadmissible> {
    let Command::Open { application, channel, .. } = order else {
        return Err(Inadmissible::NotOpen);
    };
    // An office may still refuse to accept: its set is checked when it accepts.
    if run.world.here == System::Region {
        return Ok(());
    }
    let mut forms = course.steps.iter().flat_map(|it| &it.parts).filter(|it| it.action == Action::FillForm);
    let filled = forms.next_back().is_some_and(|last| done.iter().any(|it| it.part == last.id));
    let regulation = run.world.regulation;
    let mut found = if filled {
        form::problems(regulation, *channel, application)
    } else {
        form::mistakes(regulation, application)
    };
    found.extend(form::ages(regulation, application, run.today()));
    if found.is_empty() { Ok(()) } else { Err(Inadmissible::Form(found)) }
}

/// Follows the parts done from the start to the first one that is not.
fn walk(run: &Run, course: &Procedure, done: &[Done]) -> Result<Place, Inadmissible> {
    let done: BTreeMap<&StepId, &Done> = done.iter().map(|it| (&it.part, it)).collect();
    let mut step = course.steps.first();
    for _ in 0..=course.steps.len() {
        let Some(here) = step else {
            return Err(Inadmissible::CannotBeginAt(None));
        };
        let mut held = None;
        for part in &here.parts {
            if let Some(found) = done.get(&part.id) {
                held = found.held;
                continue;
            }
            // LAW: 004, item 11.1: only who is not registered yet creates an account.
            if part.action == Action::CreateAccount {
                continue;
            }
            // What did not apply on the other side was not done there; whether it applied may be known only there.
            let known = |id: &FactId| run.case.known(run.world.regulation, id);
            let applies = part.when.as_ref().map(|it| Holds::judge(it, &known));
            let elsewhere = here.at != run.world.here;
            if applies.is_some_and(|it| it == Holds::No || (elsewhere && it != Holds::Yes)) {
                continue;
            }
            if matches!(part.action, Action::SignIn | Action::RefuseSignIn) {
                return Err(Inadmissible::CannotBeginAt(Some(part.id.clone())));
            }
            let (procedure, since) = (course.id.clone(), run.now);
            return Ok(Place { procedure, step: here.id.clone(), part: part.id.clone(), since });
        }
        let target = match (&here.exit, held) {
            (Exit::Next(target), _) => target,
            (Exit::Branch { yes, .. }, Some(true)) => yes,
            (Exit::Branch { no, .. }, Some(false)) => no,
            (Exit::Branch { .. }, None) => return Err(Inadmissible::CannotBeginAt(Some(here.id.clone()))),
        };
        step = match target {
            Target::Step(id) => course.step(id),
            Target::End(_) => None,
        };
    }
    Err(Inadmissible::CannotBeginAt(None))
}
