// SPDX-License-Identifier: MIT OR Apache-2.0
//! The applicant's request: opened, filled, signed.

use crate::office::{applicant, now};
use engine::{
    Act, Before, Command, Effect, Inadmissible, Party,
    case::{CaseId, Done, FileHash, Medium, PersonId},
    form::ProblemKind,
};
use jiff::SignedDuration;
use regulation::model::{Actor, Channel, System};
use std::collections::BTreeMap;
use testkit::{Desk, Side, application, fields, official};
use uuid::Uuid;

pub(crate) fn done(part: &str, held: Option<bool>) -> Done {
    Done { part: part.into(), at: now(), by: None, held }
}

pub(crate) fn open(desk: &Desk, filled: bool) -> Command {
    let mut asked = application("abai-education", Medium::Electronic);
    let mut before = vec![done("portal.process-1", None), done("portal.condition-1", Some(true))];
    if filled {
        asked.fields = fields();
        before.push(done("portal.process-3.a", None));
    }
    Command::Open {
        service: desk.regulation.service.clone(),
        edition: desk.regulation.edition.clone(),
        regulation_sha256: desk.regulation.sha256.clone(),
        procedure: "portal".into(),
        channel: Channel::Portal,
        application: Box::new(asked),
        before: Before::Done(before),
        facts: BTreeMap::new(),
        number: None,
        accepted_at: None,
    }
}

/// A case at the portal whose form is filled; it waits for the signature.
pub(crate) fn opened(desk: &Desk) -> Side {
    let mut portal = fresh();
    portal.order(desk, applicant(), open(desk, true), now()).unwrap();
    portal
}

fn fresh() -> Side {
    Side::new(System::Portal, CaseId(Uuid::from_u128(7)))
}

pub(crate) fn signed(valid: Option<bool>) -> Act {
    Act::Signed {
        content: FileHash("content".to_owned()),
        signature: FileHash("signature".to_owned()),
        verdict: FileHash("verdict".to_owned()),
        valid,
        code: None,
    }
}

#[test]
fn a_case_opened_by_the_signature_waits_for_it_with_its_form_filled() {
    let desk = Desk::guardianship().unwrap();
    let portal = opened(&desk);
    assert_eq!(portal.part(), Some("portal.process-3.b"));
}

#[test]
fn a_form_filled_before_the_case_is_checked_all_the_same() {
    let desk = Desk::guardianship().unwrap();
    let Command::Open { application, .. } = &mut open(&desk, true) else { panic!() };
    application.fields.remove(&"phone".into());
    let mut command = open(&desk, true);
    if let Command::Open { application: asked, .. } = &mut command {
        *asked = application.clone();
    }
    let refused = fresh().order(&desk, applicant(), command, now());
    let Err(Inadmissible::Form(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!((problems[0].path.as_str(), problems[0].kind), ("phone", ProblemKind::Missing));
}

#[test]
fn a_case_at_the_center_opens_with_the_entered_applicant_and_asks_the_persons_register() {
    let desk = Desk::guardianship().unwrap();
    let mut center = Side::new(System::Center, CaseId(Uuid::from_u128(7)));
    let mut command = open(&desk, false);
    if let Command::Open { procedure, channel, application, before, .. } = &mut command {
        (*procedure, *channel) = ("center".into(), Channel::Center);
        application.fields = fields();
        *before = Before::Done(vec![done("center.process-1", None), done("center.process-2", None)]);
    }
    let operator = official("karaganda-corporation.operator-1", Actor::CenterOperator);
    let outcome = center.order(&desk, operator, command, now()).unwrap();
    assert_eq!(center.part(), Some("center.process-3"));
    assert!(outcome.effects.iter().any(|it| matches!(it, Effect::AskRegister { .. })));
}

#[test]
fn a_case_needs_a_sign_in() {
    let desk = Desk::guardianship().unwrap();
    let mut command = open(&desk, false);
    if let Command::Open { before, .. } = &mut command {
        *before = Before::Done(Vec::new());
    }
    let refused = fresh().order(&desk, applicant(), command, now());
    assert_eq!(refused, Err(Inadmissible::CannotBeginAt(Some("portal.process-1".into()))));
}

#[test]
fn an_unknown_regulation_opens_nothing() {
    let desk = Desk::guardianship().unwrap();
    let mut command = open(&desk, true);
    if let Command::Open { regulation_sha256, .. } = &mut command {
        regulation_sha256.replace_range(0..1, "x");
    }
    assert_eq!(fresh().order(&desk, applicant(), command, now()), Err(Inadmissible::UnknownRegulation));
}

#[test]
fn another_person_cannot_sign() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = opened(&desk);
    let id = PersonId("account-other".to_owned());
    let other = Party::Person { id, actor: Actor::Applicant, organization: None };
    assert_eq!(portal.complete(&desk, other, signed(Some(true)), now()), Err(Inadmissible::NotTheApplicant));
}

#[test]
fn the_form_can_be_filled_again_before_it_is_signed() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = opened(&desk);
    let mut fields = fields();
    fields.insert("phone".into(), engine::Value::Text("12".to_owned()));
    let refill = |fields| Command::Complete {
        part: "portal.process-3.a".into(),
        act: Act::Filled { fields, attachments: Vec::new() },
    };
    let refused = portal.order(&desk, applicant(), refill(fields.clone()), now());
    let Err(Inadmissible::Form(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems[0].kind, ProblemKind::NotAPhone);
    fields.insert("phone".into(), engine::Value::Text("+7 700 111 22 33".to_owned()));
    portal.order(&desk, applicant(), refill(fields.clone()), now()).unwrap();
    assert_eq!((portal.part(), &portal.case.application.fields), (Some("portal.process-3.b"), &fields));
}

#[test]
fn an_indeterminate_signature_waits_and_a_person_cannot_settle_it() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = opened(&desk);
    let outcome = portal.complete(&desk, applicant(), signed(None), now()).unwrap();
    assert!(outcome.effects.iter().any(|it| matches!(it, Effect::VerifyAgain { .. })));
    assert_eq!(portal.part(), Some("portal.condition-2"));
    let verdict = Command::Complete { part: "portal.process-3.b".into(), act: signed(Some(true)) };
    assert!(portal.order(&desk, applicant(), verdict.clone(), now()).is_err());
    let outcome = portal.order(&desk, Party::System, verdict, now()).unwrap();
    assert!(outcome.effects.contains(&Effect::SendApplication));
    assert_eq!(portal.part(), Some("portal.process-6"));
}

#[test]
fn a_signature_that_is_judged_again_came_when_it_came_first() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = opened(&desk);
    portal.complete(&desk, applicant(), signed(None), now()).unwrap();
    let verdict = Command::Complete { part: "portal.process-3.b".into(), act: signed(Some(true)) };
    let later = now() + SignedDuration::from_hours(30);
    portal.order(&desk, Party::System, verdict, later).unwrap();
    let signature = portal.case.signature.unwrap();
    assert_eq!((signature.received_at, signature.at), (now(), later));
}

#[test]
fn the_number_is_given_before_the_application_is_sent() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = opened(&desk);
    portal.complete(&desk, applicant(), signed(Some(true)), now()).unwrap();
    assert_eq!(portal.case.number.as_deref(), Some("353200000-2026-000001"));
    assert_eq!(portal.case.accepted_at, Some(now()));
}
