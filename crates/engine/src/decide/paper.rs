// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done on paper: refusing to accept, the covering letter, signing by hand, the figures of a decision.

use super::{Run, complete::required};
use crate::{
    calculation::calculate,
    case::{FileHash, Medium, PersonId, Refused, SignedResult, Value},
    command::Act,
    event::{Event, Series},
    form::{self, TEXT_CHARS_MAX},
    inadmissible::{Inadmissible, Input},
    printed,
};
use regulation::model::{Action, Actor, Channel, End, FieldId, Part};
use std::collections::BTreeMap;

/// The papers are not accepted, where the regulation lets this actor refuse what came in at his own body.
pub(super) fn not_accepted(
    run: &mut Run,
    part: &Part,
    act: &Act,
    who: Option<PersonId>,
) -> Result<(), Inadmissible> {
    let (Act::NotAccepted { missing, reason }, Some(by)) = (act, who) else {
        return Err(Inadmissible::WrongAct { part: part.id.clone() });
    };
    let actor = part.actor_in(run.case.channel);
    let own = matches!(
        (actor, run.case.channel),
        (Some(Actor::CenterOperator), Channel::Center)
            | (Some(Actor::ProviderOffice), Channel::Provider)
            | (Some(Actor::RuralAkimSpecialist), Channel::RuralAkim)
    );
    let rule = actor.and_then(|it| run.world.regulation.not_accepted_by(it));
    if !own || rule.is_none() || run.case.accepted_at.is_some() {
        return Err(Inadmissible::MustAccept);
    }
    let regulation = run.world.regulation;
    let documents = &regulation.documents;
    // LAW: law.md 2: what is only assumed of the Standard is not demanded in production, so its absence refuses nobody.
    let assumed = |it: &regulation::model::DocumentId| documents.iter().any(|of| of.id == *it && of.assumed);
    if regulation.confirmed_only && missing.iter().any(assumed) {
        return Err(Inadmissible::MustAccept);
    }
    if missing.len() > form::ATTACHMENTS_MAX
        || missing.iter().any(|it| !documents.iter().any(|of| of.id == *it))
    {
        return Err(Inadmissible::TooMuch);
    }
    if missing.is_empty() {
        required(reason, Input::Reason)?;
    } else if reason.chars().count() > TEXT_CHARS_MAX {
        return Err(Inadmissible::TooLong(Input::Reason));
    }
    let at = run.now;
    let refused = Refused { missing: missing.clone(), reason: reason.clone(), by };
    run.emit(Event::NotAccepted { refused, at });
    run.emit(Event::Ended { end: End::NotAccepted, at });
    Ok(())
}

/// The covering letter gets its number when it is prepared.
pub(super) fn prepare_letter(run: &mut Run, text: &str, who: Option<&PersonId>) -> Result<(), Inadmissible> {
    let Some(by) = who else {
        return Err(Inadmissible::NotTheExecutor);
    };
    if run.case.executor.as_ref().is_some_and(|it| it != by) {
        return Err(Inadmissible::NotTheExecutor);
    }
    required(text, Input::Letter)?;
    if run.case.letter_number.is_none() {
        run.number(Series::Letter);
    }
    run.emit(Event::LetterPrepared { text: text.to_owned(), by: by.clone() });
    Ok(())
}

pub(super) fn sign_letter(
    run: &mut Run,
    file: &FileHash,
    who: Option<&PersonId>,
) -> Result<(), Inadmissible> {
    if run.case.letter.as_ref().map(|it| &it.by) == who {
        return Err(Inadmissible::PreparerSigns);
    }
    let at = run.now;
    run.emit(Event::LetterSigned { file: file.clone(), at });
    Ok(())
}

/// What the act gives on paper only is signed by hand; what was asked as an electronic document is not.
pub(super) fn check_medium(run: &Run, result: &SignedResult) -> Result<(), Inadmissible> {
    let by_hand = result.on_paper.is_some();
    // What both sides sign is signed by hand, whatever was asked for.
    if printed::is_countersigned(run.world.regulation, &run.case) {
        return match &result.on_paper {
            None => Err(Inadmissible::PaperOnly),
            Some(paper) if !paper.countersigned => Err(Inadmissible::NotCountersigned),
            Some(_) => Ok(()),
        };
    }
    let stamped = run
        .case
        .current()
        .and_then(|it| run.find(&it.part))
        .is_some_and(|(_, _, part)| part.action == Action::StampResult);
    if run.world.regulation.is_paper_only() && !by_hand {
        return Err(Inadmissible::PaperOnly);
    }
    if by_hand && (stamped || run.case.application.medium == Medium::Electronic) {
        return Err(Inadmissible::NotOnPaper);
    }
    Ok(())
}

/// A figure other than the calculated one needs a reason.
pub(super) fn check_calculation(run: &Run, values: &BTreeMap<FieldId, Value>) -> Result<(), Inadmissible> {
    let on = run.world.provider.local(run.case.accepted_at.unwrap_or(run.now)).date();
    let rows = calculate(run.world.regulation, &run.case.application.fields, values, (run.world.rates, on));
    for row in rows.iter().filter(|it| it.is_replaced()) {
        if row.reason.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(Inadmissible::Empty(Input::Override));
        }
    }
    Ok(())
}
