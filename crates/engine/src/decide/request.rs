// SPDX-License-Identifier: MIT OR Apache-2.0
//! The request: its form is filled, refilled before signing, signed, and its signature judged again.

use super::{Run, VERIFY_AGAIN_AFTER, advance, complete::authorise};
use crate::{
    apply::{self, SIGNATURE_VALID},
    case::{PersonId, Provenance, RequestSignature, Value},
    command::{Act, Party},
    event::{Effect, Event},
    form,
    holds::mentions,
    inadmissible::Inadmissible,
};
use regulation::model::{Action, Exit, Part, Step, StepId, Target};

/// Fills the form. What is required must be there when no later part of the procedure fills it further.
pub(super) fn fill(run: &mut Run, part: &Part, act: &Act) -> Result<(), Inadmissible> {
    let Act::Filled { fields, attachments } = act else {
        return Err(Inadmissible::WrongAct { part: part.id.clone() });
    };
    let mut application = run.case.application.clone();
    apply::fill(&mut application, fields, attachments);
    let regulation = run.world.regulation;
    let mut found = if is_last_form(run, &part.id) {
        form::problems(regulation, run.case.channel, &application)
    } else {
        form::mistakes(regulation, &application)
    };
    found.extend(form::ages(regulation, &application, run.today()));
    if !found.is_empty() {
        return Err(Inadmissible::Form(found));
    }
    run.emit(Event::Filled { fields: fields.clone(), attachments: attachments.clone() });
    Ok(())
}

fn is_last_form(run: &Run, part: &StepId) -> bool {
    let Some((procedure, _, _)) = run.find(part) else {
        return true;
    };
    let mut forms =
        procedure.steps.iter().flat_map(|it| &it.parts).filter(|it| it.action == Action::FillForm);
    forms.next_back().is_none_or(|last| last.id == *part)
}

/// Whether an applicant at the signature goes back to the form of the same step, nothing being signed yet.
pub(super) fn is_refill(run: &Run, named: &StepId, act: &Act) -> bool {
    let Some((_, step, _)) = run.case.current().and_then(|it| run.find(&it.part)) else {
        return false;
    };
    let signing = run.case.current().is_some_and(|place| {
        step.parts.iter().any(|it| it.id == place.part && it.action == Action::SignRequest)
    });
    let unsettled = run.case.signature.as_ref().is_none_or(|it| it.valid == Some(false));
    let form = step.parts.iter().any(|it| it.id == *named && it.action == Action::FillForm);
    signing && unsettled && form && matches!(act, Act::Filled { .. })
}

/// Fills the form again; the case stays at the signature.
pub(super) fn refill(run: &mut Run, by: &Party, named: &StepId, act: &Act) -> Result<(), Inadmissible> {
    let Some((_, step, part)) = run.find(named) else {
        return Err(Inadmissible::UnknownPart(named.clone()));
    };
    if step.at != run.world.here {
        return Err(Inadmissible::NotHere { current: run.case.current().map(|it| it.part.clone()) });
    }
    authorise(run, by, part)?;
    fill(run, part, act)
}

/// The request is signed. Where the next step judges the signature, that step takes the verdict; elsewhere the part is
/// done only by a valid signature.
pub(super) fn sign(
    run: &mut Run,
    step: &Step,
    part: &Part,
    (who, act): (Option<PersonId>, &Act),
) -> Result<(), Inadmissible> {
    let Act::Signed { valid, code, .. } = act else {
        return Err(Inadmissible::WrongAct { part: part.id.clone() });
    };
    let judged = is_judged_next(run, step);
    if *valid == Some(false) && !judged {
        return Err(Inadmissible::SignatureNotValid { code: code.clone() });
    }
    record(run, act);
    if judged || *valid == Some(true) {
        run.done(part, who, None);
        advance::leave(run, step, &part.id, None);
        advance::advance(run);
    }
    Ok(())
}

/// Whether this is the verdict, found later, on a signature that was indeterminate.
pub(super) fn is_verdict(run: &Run, by: &Party, named: &StepId, act: &Act) -> bool {
    let signs = run
        .find(named)
        .is_some_and(|(_, step, part)| part.action == Action::SignRequest && step.at == run.world.here);
    let Act::Signed { content, signature, .. } = act else {
        return false;
    };
    let same = |it: &RequestSignature| it.content == *content && it.signature == *signature;
    let waits = run.case.signature.as_ref().is_some_and(|it| it.valid.is_none() && same(it));
    *by == Party::System && signs && waits && run.case.end.is_none()
}

/// Takes the later verdict in; the case goes on from where it waited.
pub(super) fn verdict(run: &mut Run, named: &StepId, act: &Act) -> Result<(), Inadmissible> {
    let Some((_, step, part)) = run.find(named) else {
        return Err(Inadmissible::UnknownPart(named.clone()));
    };
    let valid = record(run, act);
    let current = run.case.current().is_some_and(|it| it.part == *named);
    if current && valid == Some(true) {
        run.done(part, None, None);
        advance::leave(run, step, named, None);
    }
    advance::advance(run);
    Ok(())
}

/// Records the signature and its verdict.
fn record(run: &mut Run, act: &Act) -> Option<bool> {
    let Act::Signed { content, signature, verdict, valid, code } = act else {
        return None;
    };
    run.emit(Event::RequestSigned {
        at: run.now,
        content: content.clone(),
        signature: signature.clone(),
        verdict: verdict.clone(),
        valid: *valid,
        code: code.clone(),
    });
    if let Some(yes) = valid {
        run.fact(SIGNATURE_VALID, Value::Bool(*yes), Provenance::Signature(signature.clone()));
    } else {
        let not_before = run.now.saturating_add(VERIFY_AGAIN_AFTER).unwrap_or(run.now);
        run.effect(Effect::VerifyAgain { not_before });
    }
    *valid
}

fn is_judged_next(run: &Run, step: &Step) -> bool {
    let Exit::Next(Target::Step(next)) = &step.exit else {
        return false;
    };
    let Some((procedure, _, _)) = step.parts.first().and_then(|it| run.find(&it.id)) else {
        return false;
    };
    let when = procedure.step(next).and_then(|it| it.when.as_ref());
    when.is_some_and(|expr| mentions(expr, SIGNATURE_VALID))
}
