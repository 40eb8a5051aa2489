// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the other side of the border tells, and what it is told.

use super::{DONE_MAX, Run, STACK_MAX, advance};
use crate::{
    case::{Case, Done, PersonId},
    command::Progress,
    event::{Event, Series},
    inadmissible::Inadmissible,
};
use regulation::model::Action;

/// Most registers of which a message says that they are silent.
const SILENT_MAX: usize = 16;

/// Returns what the other side is told: the parts done from index `since` on, and where the case stands.
///
/// With `since` 0 everything is told again, and the other side takes only what it does not know: the safe choice. A
/// proposal and a result's number are told only once the result is signed.
pub fn progress(case: &Case, since: usize, message: impl Into<String>) -> Progress {
    let signed = case.result.is_some();
    Progress {
        message: message.into(),
        done: case.done.iter().skip(since).cloned().collect(),
        stack: case.stack.clone(),
        end: case.end,
        incoming_number: case.incoming_number.clone(),
        result_number: case.result_number.clone().filter(|_| signed),
        proposal: case.proposal.as_ref().map(|(it, _)| it.clone()).filter(|_| signed),
        result: case.result.clone(),
        originals: case.originals.clone(),
        silent: case.unanswered.clone(),
    }
}

/// Takes in what the other side did. The same message twice, or one overtaken by a later one, changes nothing.
pub(super) fn remote(run: &mut Run, told: &Progress) -> Result<(), Inadmissible> {
    if run.case.told.contains(&told.message) {
        return Ok(());
    }
    let too_much =
        told.done.len() > DONE_MAX || told.stack.len() > STACK_MAX || run.case.done.len() > DONE_MAX;
    if too_much || told.silent.len() > SILENT_MAX || run.case.told.len() > DONE_MAX {
        return Err(Inadmissible::TooMuch);
    }
    let named = told.done.iter().map(|it| &it.part).chain(told.stack.iter().map(|it| &it.part));
    if let Some(unknown) = named.into_iter().find(|it| run.find(it).is_none()) {
        return Err(Inadmissible::UnknownPart(unknown.clone()));
    }
    let at = run.now;
    let mut silent = if is_overtaken(run, told) { &run.case.silent_there } else { &told.silent }.clone();
    // Of registers that the regulation does not ask nothing is written down.
    silent.retain(|it, _| run.world.regulation.facts.iter().any(|fact| fact.register.as_ref() == Some(it)));
    run.emit(Event::RemoteTold { message: told.message.clone(), silent, at });
    take_originals(run, told)?;
    let new = unknown_here(run, told);
    let ends = told.end.is_some();
    if run.case.end.is_some() || (new.is_empty() && !ends) {
        return Ok(());
    }
    for done in new {
        let next = run.find(&done.part).is_some_and(|(_, _, part)| part.action == Action::NextResult);
        run.emit(Event::Completed { done });
        if next {
            run.emit(Event::ResultKept { at });
        }
    }
    take_office(run, told);
    if let Some((end, _)) = told.end {
        run.emit(Event::Ended { end, at });
        return Ok(());
    }
    if !told.stack.is_empty() {
        run.case.stack.clone_from(&told.stack);
    }
    advance::advance(run);
    Ok(())
}

/// Takes in the movements of the originals that this side does not know yet.
fn take_originals(run: &mut Run, told: &Progress) -> Result<(), Inadmissible> {
    if told.originals.len() > super::originals::MOVEMENTS_MAX {
        return Err(Inadmissible::TooMuch);
    }
    for transfer in &told.originals {
        let known = run.case.originals.iter().any(|it| (it.to, it.at) == (transfer.to, transfer.at));
        if !known && run.case.originals.len() < super::originals::MOVEMENTS_MAX {
            run.emit(Event::OriginalsMoved { transfer: transfer.clone() });
        }
    }
    Ok(())
}

/// Says whether more of the other side is known here than it tells: a later message was faster.
fn is_overtaken(run: &Run, told: &Progress) -> bool {
    let here = run.world.here;
    let is_theirs = |it: &&Done| run.find(&it.part).is_some_and(|(_, step, _)| step.at != here);
    let is_told = |old: &Done| told.done.iter().any(|it| (&it.part, it.at) == (&old.part, old.at));
    run.case.done.iter().filter(is_theirs).any(|old| !is_told(old))
}

/// Returns the parts done at other systems that are not known here; an own part is known better here.
fn unknown_here(run: &Run, told: &Progress) -> Vec<Done> {
    let here = run.world.here;
    let theirs = told.done.iter().filter(|it| run.find(&it.part).is_some_and(|(_, step, _)| step.at != here));
    let known = |it: &Done| run.case.done.iter().any(|old| old.part == it.part && old.at == it.at);
    theirs.filter(|it| !known(it)).cloned().collect()
}

/// Takes over the numbers, the proposal and the result of the office.
fn take_office(run: &mut Run, told: &Progress) {
    let at = run.now;
    if let Some(number) = told.incoming_number.clone().filter(|_| run.case.incoming_number.is_none()) {
        run.emit(Event::Numbered { series: Series::Incoming, number, at });
    }
    if let Some(number) = told.result_number.clone().filter(|_| run.case.result_number.is_none()) {
        run.emit(Event::Numbered { series: Series::Result, number, at });
    }
    if let Some(proposal) = told.proposal.clone().filter(|_| run.case.proposal.is_none()) {
        let by = preparer(run);
        run.emit(Event::Proposed { proposal, by });
    }
    if let Some(result) = told.result.clone().filter(|_| run.case.result.is_none()) {
        run.emit(Event::ResultSigned { result });
    }
}

/// Returns who prepared, as the other side calls him; the provider where it does not say.
fn preparer(run: &Run) -> PersonId {
    let prepared = run
        .case
        .done
        .iter()
        .rev()
        .find(|it| run.find(&it.part).is_some_and(|(_, _, part)| part.action == Action::Prepare));
    let by = prepared.and_then(|it| it.by.clone());
    by.unwrap_or_else(|| PersonId(run.case.application.provider.clone()))
}
