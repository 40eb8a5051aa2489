// SPDX-License-Identifier: MIT OR Apache-2.0
//! A case as a page shows it: what it is, where it stands, who has it, by when.

use crate::Service;
use crate::access::{Reader, may_read};
use crate::archives::ActStamp;
use crate::codec::access::What;
use crate::ports::store::ListQuery;
use crate::submit::SubmitError;
use crate::views::CaseHead;
use engine::apply::PROPOSAL_GRANTED;
use engine::case::{Case, CaseId, FileHash, PersonId};
use engine::deadline::Deadline;
use jiff::Timestamp;
use regulation::model::{
    Actor, End, Exit, Expr, NoticeKind, Origin, Part, Procedure, Regulation, Step, StepId, StepKind, System,
    Target, Text,
};
use serde::Deserialize;
use std::sync::Arc;

/// Steps that a timeline foresees at most.
const FORESEEN_MAX: usize = 32;

/// Where a step of the timeline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Done.
    Done,
    /// Done by a sender that tells nothing: that the application was sent says so.
    Sent,
    /// What such a sender does with an answer: known is only that the answer was given out to be sent to it.
    Answered,
    /// Being done.
    Now,
    /// To come, if all goes as it usually does.
    Next,
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineItem {
    /// The part.
    pub part: StepId,
    /// Its short name.
    pub title: Text,
    /// The act's words for its step.
    pub text: Text,
    /// The clause.
    pub clause: String,
    /// Who does it; `None` when a system does.
    pub actor: Option<Actor>,
    /// Where.
    pub at_system: System,
    /// Done, now or next.
    pub state: State,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Who did it, where a person did.
    pub by: Option<PersonId>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// What a condition gave.
    pub found: Option<Found>,
    /// Whether the step is printed in the act or is a rule of ours.
    pub ours: bool,
    /// The step's norm.
    pub norm: Option<regulation::model::Norm>,
}

/// What a condition gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It held.
    Held,
    /// It did not, and for that the case was refused.
    Refused,
    /// It asked what had been prepared, and that was a refusal.
    RefusalPrepared,
    /// It did not, and the case went on by another way.
    OtherWay,
}

/// A case for a page.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// Its regulation.
    pub regulation: Arc<Regulation>,
    /// Its steps.
    pub timeline: Vec<TimelineItem>,
    /// Deadlines that run.
    pub deadlines: Vec<Deadline>,
}

impl CaseView {
    /// Returns the part that waits at this system for one of these actors.
    pub fn waits_for(&self, here: System, actors: &[Actor]) -> Option<(&Step, &Part)> {
        let place = self.case.current()?;
        let (_, step, part) = self.regulation.part(&place.part)?;
        let mine = part.actor_in(self.case.channel).is_some_and(|it| actors.contains(&it));
        (step.at == here && mine).then_some((step, part))
    }

    /// Returns the step of the act that made the notice by which the case was refused, if one did. The act has no words of the
    /// notice itself: it says what the step does.
    pub fn refusal_step(&self) -> Option<&Step> {
        let refused = |kind: NoticeKind| {
            matches!(
                kind,
                NoticeKind::SignatureNotConfirmed | NoticeKind::ServiceRefused | NoticeKind::DataUnavailable
            )
        };
        self.case.done.iter().rev().find_map(|done| {
            let (_, step, part) = self.regulation.part(&done.part)?;
            matches!(part.action, regulation::model::Action::Notify(kind) if refused(kind)).then_some(step)
        })
    }

    /// Returns when the whole service is due.
    pub fn service_due(&self) -> Option<&Deadline> {
        self.deadlines.iter().find(|it| it.of.part().is_none())
    }
}

impl Service {
    /// Returns a case to who may read it; `None` to all others, whether it exists or not. An official's reading is
    /// recorded.
    pub async fn case_view(&self, reader: &Reader<'_>, id: CaseId) -> Result<Option<CaseView>, SubmitError> {
        let Some(case) = self.readable(reader, id, (What::Case, None)).await? else {
            return Ok(None);
        };
        let regulation = Arc::clone(
            self.settings
                .edition_at(&case.service, &case.edition, &case.application.provider)
                .ok_or(SubmitError::Unknown)?,
        );
        let now = self.now();
        let deadlines = self
            .in_world(&regulation, &case.application, |world| engine::deadlines(world, &case, now))
            .unwrap_or_default();
        let timeline = timeline(&regulation, &case, &deadlines);
        Ok(Some(CaseView { case, regulation, timeline, deadlines }))
    }

    /// Returns a file of a case to who may read the case.
    pub async fn case_file(
        &self,
        reader: &Reader<'_>,
        id: CaseId,
        hash: &FileHash,
    ) -> Result<Option<Vec<u8>>, SubmitError> {
        let Some(case) = self.readable(reader, id, (What::File, Some(hash))).await? else {
            return Ok(None);
        };
        let is_archive = |it: ActStamp| it.archived.is_some_and(|archived| archived.file == *hash);
        if !names_file(&case, hash) && !self.act_stamps(id).await?.into_iter().any(is_archive) {
            return Ok(None);
        }
        self.file(hash).await.map(Some)
    }

    pub(crate) async fn readable(
        &self,
        reader: &Reader<'_>,
        id: CaseId,
        what: (What, Option<&FileHash>),
    ) -> Result<Option<Case>, SubmitError> {
        let Some(case) = self.theirs(reader, id).await? else {
            return Ok(None);
        };
        if let Reader::Official(seat) = reader {
            self.record(seat, id, what).await?;
        }
        Ok(Some(case))
    }

    /// Returns an open case that the reader may read: the choke point. The reading is not recorded here.
    pub(crate) async fn theirs(&self, reader: &Reader<'_>, id: CaseId) -> Result<Option<Case>, SubmitError> {
        let case = self.load(id).await?.case;
        let theirs = case.is_open()
            && match reader {
                Reader::Applicant(person) => {
                    self.here == System::Portal && self.account_of(&case).await? == **person
                }
                Reader::Official(seat) => may_read(self.here, self.center.as_deref(), seat, &case),
            };
        Ok(theirs.then_some(case))
    }

    /// Returns the full name in a head of a list; empty when the person's key was erased.
    pub async fn name_in(&self, head: &CaseHead) -> Result<String, SubmitError> {
        #[derive(Default, Deserialize)]
        struct Personal {
            full_name: String,
        }
        let personal: Option<Personal> = self.open_json(&head.owner, &head.sealed).await?;
        Ok(personal.unwrap_or_default().full_name)
    }

    /// Returns the first heads of a list.
    pub(crate) async fn heads(
        &self,
        table: &str,
        list: &str,
        (descending, limit): (bool, usize),
    ) -> Result<Vec<CaseHead>, SubmitError> {
        let query =
            ListQuery { table: table.to_owned(), list: list.to_owned(), after: None, descending, limit };
        let found = self.ports.store.list(query).await?;
        Ok(found.iter().filter_map(crate::views::read_head).collect())
    }
}

/// Returns whether a case names a file.
fn names_file(case: &Case, hash: &FileHash) -> bool {
    let signed = case.signature.as_ref().is_some_and(|it| it.content == *hash || it.signature == *hash);
    let result = case.results().any(|(_, it)| it.file == *hash);
    let letter = case.letter.as_ref().is_some_and(|it| it.signed.as_ref() == Some(hash));
    signed
        || result
        || letter
        || case.application.content.as_ref() == Some(hash)
        || case.application.signature.as_ref() == Some(hash)
        || case.application.attachments.iter().any(|it| it.file == *hash)
}

/// Returns the steps of a case: done, now, and those to come if all goes as it usually does.
pub fn timeline(regulation: &Regulation, case: &Case, deadlines: &[Deadline]) -> Vec<TimelineItem> {
    let mut items = past(regulation, case);
    let Some(place) = case.current() else {
        return items;
    };
    let due = deadlines.iter().find(|it| it.of.part() == Some(&place.part)).map(|it| it.due);
    if let Some((_, step, part)) = regulation.part(&place.part) {
        items.push(TimelineItem { due, ..item(case, step, part, State::Now) });
    }
    for outer in foreseen(regulation, case) {
        if let Some((_, step, part)) = regulation.part(&outer) {
            items.push(item(case, step, part, State::Next));
        }
    }
    items
}

fn item(case: &Case, step: &Step, part: &Part, state: State) -> TimelineItem {
    TimelineItem {
        part: part.id.clone(),
        title: part.title.clone(),
        text: step.text.clone(),
        clause: step.clause.clone(),
        actor: part.actor_in(case.channel),
        at_system: step.at,
        state,
        done_at: None,
        by: None,
        due: None,
        found: None,
        ours: step.origin != Origin::Printed,
        norm: step.norm,
    }
}

/// Returns the parts done. Of those that nobody told of, neither the time nor what a condition gave is known.
fn past(regulation: &Regulation, case: &Case) -> Vec<TimelineItem> {
    let (mut items, mut begun) = (Vec::with_capacity(case.done.len()), false);
    for done in &case.done {
        let Some((procedure, step, part)) = regulation.part(&done.part) else { continue };
        // Only a region takes applications of senders that tell nothing.
        let untold = case.one_way && step.at != System::Region;
        begun |= !untold;
        let state = match (untold, begun) {
            (false, _) => State::Done,
            (true, false) => State::Sent,
            (true, true) => State::Answered,
        };
        items.push(TimelineItem {
            done_at: Some(done.at).filter(|_| state != State::Sent),
            by: done.by.clone(),
            found: done.held.filter(|_| !untold).and_then(|held| found(procedure, step, held)),
            ..item(case, step, part, state)
        });
    }
    items
}

/// Returns what a condition gave; nothing of a step that leads the same way whatever it gave.
fn found(procedure: &Procedure, step: &Step, held: bool) -> Option<Found> {
    match &step.exit {
        _ if held => Some(Found::Held),
        Exit::Next(_) => None,
        Exit::Branch { .. } if asks_what_was_prepared(step) => Some(Found::RefusalPrepared),
        Exit::Branch { no, .. } if is_refusal(procedure, no) => Some(Found::Refused),
        Exit::Branch { .. } => Some(Found::OtherWay),
    }
}

fn asks_what_was_prepared(step: &Step) -> bool {
    matches!(&step.when, Some(Expr::Fact(fact)) if fact.as_str() == PROPOSAL_GRANTED)
}

/// Returns whether a way leads to nothing but an end without a result.
fn is_refusal(procedure: &Procedure, way: &Target) -> bool {
    let mut way = way;
    for _ in &procedure.steps {
        way = match way {
            Target::End(end) => return *end != End::Issued,
            Target::Step(id) => match procedure.step(id).map(|it| &it.exit) {
                Some(Exit::Next(next)) => next,
                Some(Exit::Branch { .. }) | None => return false,
            },
        };
    }
    matches!(way, Target::End(end) if *end != End::Issued)
}

/// Returns the parts to come: the rest of each step on the stack and what follows it when conditions hold.
fn foreseen(regulation: &Regulation, case: &Case) -> Vec<StepId> {
    let mut found = Vec::new();
    for place in case.stack.iter().rev() {
        let Some(procedure) = regulation.procedure(&place.procedure) else { continue };
        let Some(step) = procedure.step(&place.step) else { continue };
        let behind = step.parts.iter().skip_while(|it| it.id != place.part).skip(1);
        found.extend(behind.map(|it| it.id.clone()));
        follow(procedure, step, &mut found);
    }
    found
}

fn follow(procedure: &Procedure, from: &Step, found: &mut Vec<StepId>) {
    let mut step = from;
    while found.len() < FORESEEN_MAX {
        let target = match &step.exit {
            Exit::Next(target) | Exit::Branch { yes: target, .. } => target,
        };
        let next = match target {
            Target::End(
                End::Issued | End::Refused | End::NotAccepted | End::SignInRefused | End::DataUnavailable,
            ) => {
                return;
            }
            Target::Step(id) => procedure.step(id),
        };
        let Some(next) = next.filter(|it| !it.parts.iter().any(|part| found.contains(&part.id))) else {
            return;
        };
        // A condition that we added is no step for a person to wait for.
        if next.kind != StepKind::Condition || next.origin == Origin::Printed {
            found.extend(next.parts.iter().map(|it| it.id.clone()));
        }
        step = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_told_as_failed_only_where_the_case_is_refused_for_it() {
        let text = include_str!("../../../regulations/guardianship-certificate/2015.toml");
        let regulation = regulation::parse("2015.toml", text).unwrap();
        let gave = |id: &str, held: bool| {
            let (procedure, step, _) = regulation.part(&StepId::from(id)).unwrap();
            found(procedure, step, held)
        };
        for id in ["portal.condition-2", "provider.auto"] {
            assert_eq!(gave(id, true), Some(Found::Held), "{id}");
        }
        assert_eq!(gave("portal.condition-2", false), Some(Found::Refused));
        assert_eq!(gave("provider.granted", false), Some(Found::RefusalPrepared), "no condition failed");
        assert_eq!(gave("provider.granted", true), Some(Found::Held));
        assert_eq!(gave("provider.auto", false), Some(Found::OtherWay));
        assert_eq!(gave("provider.stamp", false), None, "it leads the same way");
    }
}
