// SPDX-License-Identifier: MIT OR Apache-2.0
//! An application was sent, and nobody told what was done for it before.

use crate::{
    office::{applicant, now},
    request::{done, open},
};
use engine::{
    Before, Command, Event, Inadmissible, Party, Value,
    case::{CaseId, Done, Medium},
    decide::{DONE_MAX, guessed_at},
};
use jiff::Timestamp;
use regulation::model::{
    Action, Channel, Exit, Expr, FactDecl, NoticeKind, Procedure, Step, System, Target, Text,
};
use testkit::{Desk, Side, application};
use uuid::Uuid;

/// When the message was sent that brings the application.
fn then() -> Timestamp {
    Timestamp::from_second(1_795_400_000).unwrap()
}

fn sent(desk: &Desk) -> Command {
    let mut command = open(desk, true);
    if let Command::Open { before, .. } = &mut command {
        *before = Before::Sent { at: then() };
    }
    command
}

fn opened(desk: &Desk, command: Command) -> Result<Side, Inadmissible> {
    let mut region = Side::new(System::Region, CaseId(Uuid::from_u128(9)));
    region.order(desk, Party::System, command, now())?;
    Ok(region)
}

fn refused(desk: &Desk, command: Command) -> Inadmissible {
    opened(desk, command).unwrap_err()
}

fn cannot_begin_at(step: &str) -> Inadmissible {
    Inadmissible::CannotBeginAt(Some(step.into()))
}

/// What the region wrote down of the portal.
fn before(region: &Side) -> Vec<Done> {
    let at_the_portal = |it: &&Done| it.part.as_str().starts_with("portal.") && it.at == then();
    region.case.done.iter().filter(at_the_portal).cloned().collect()
}

fn portal(desk: &mut Desk) -> &mut Procedure {
    desk.regulation.procedures.iter_mut().find(|it| it.id.as_str() == "portal").unwrap()
}

fn step<'a>(desk: &'a mut Desk, id: &str) -> &'a mut Step {
    portal(desk).steps.iter_mut().find(|it| it.id.as_str() == id).unwrap()
}

/// What does not hold at the check of the signature leads to that step.
fn lead_no_to(desk: &mut Desk, target: &str) {
    if let Exit::Branch { no, .. } = &mut step(desk, "portal.condition-2").exit {
        *no = Target::Step(target.into());
    }
}

/// A portal that sends by one of two ways, as `when` holds or not.
fn two_ways(when: Expr) -> Desk {
    let mut desk = Desk::guardianship().unwrap();
    let mut other = step(&mut desk, "portal.process-5").clone();
    other.id = "portal.other".into();
    other.parts[0].id = "portal.other".into();
    portal(&mut desk).steps.push(other);
    step(&mut desk, "portal.condition-2").when = Some(when);
    lead_no_to(&mut desk, "portal.other");
    desk
}

/// A portal that sends by one of two ways, as the form says who applies.
fn two_ways_by_role() -> Desk {
    let mut desk = two_ways(Expr::Equals("role".into(), "guardian".to_owned()));
    let text = || "х".to_owned();
    let title = Text { kk: text(), ru: text(), en: text() };
    let (register, field) = (None, Some("role".into()));
    desk.regulation.facts.push(FactDecl { id: "role".into(), title, register, field });
    desk
}

/// What is written down where the portal's two ways part, and the way that was taken.
fn taken(region: &Side) -> (Option<bool>, String) {
    let written = before(region);
    let branch = written.iter().find(|it| it.part.as_str() == "portal.condition-2").unwrap();
    (branch.held, written.last().unwrap().part.to_string())
}

#[test]
fn all_up_to_the_sending_is_written_down_at_its_time_and_of_nobody() {
    let desk = Desk::guardianship().unwrap();
    let region = opened(&desk, sent(&desk)).unwrap();
    let expected = [
        ("portal.registration", None),
        ("portal.process-1", None),
        ("portal.condition-1", Some(true)),
        ("portal.process-3.a", None),
        ("portal.process-3.b", None),
        ("portal.condition-2", Some(true)),
        ("portal.process-5", None),
    ];
    let expected = expected.map(|(part, held)| Done { at: then(), ..done(part, held) });
    assert_eq!(before(&region), expected);
    let Event::Opened { done, .. } = &region.journal[0] else { panic!("{:?}", region.journal[0]) };
    assert_eq!(*done, expected, "the event is as it was: a list of what was done");
}

#[test]
fn a_course_that_sends_nothing_here_does_not_begin_as_sent() {
    let mut desk = Desk::guardianship().unwrap();
    step(&mut desk, "portal.process-5").parts[0].action = Action::Notify(NoticeKind::Sent);
    assert_eq!(refused(&desk, sent(&desk)), cannot_begin_at("portal.registration"));

    let desk = Desk::open("parent-meeting-permission/2018", "abai-education").unwrap();
    let mut command = sent(&desk);
    if let Command::Open { procedure, channel, application: asked, .. } = &mut command {
        (*procedure, *channel) = ("provider".into(), Channel::Provider);
        **asked = application("abai-education", Medium::Paper);
    }
    assert_eq!(refused(&desk, command), cannot_begin_at("provider.action-1"));
}

#[test]
fn a_system_that_does_the_sending_itself_opens_nothing_as_sent() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = Side::new(System::Portal, CaseId(Uuid::from_u128(9)));
    let refused = portal.order(&desk, applicant(), sent(&desk), now());
    assert_eq!(refused, Err(cannot_begin_at("portal.registration")));
}

#[test]
fn of_two_ways_that_send_the_field_of_the_form_takes_one() {
    let desk = two_ways_by_role();
    let guardian = opened(&desk, sent(&desk)).unwrap();
    assert_eq!(taken(&guardian), (Some(true), "portal.process-5".to_owned()));

    let mut command = sent(&desk);
    if let Command::Open { application, .. } = &mut command {
        application.fields.insert("role".into(), Value::Text("trustee".to_owned()));
    }
    let trustee = opened(&desk, command).unwrap();
    assert_eq!(taken(&trustee), (Some(false), "portal.other".to_owned()));
    assert_eq!(trustee.part(), guardian.part());
}

#[test]
fn of_two_ways_that_send_none_is_guessed() {
    let desk = two_ways(Expr::Fact("signature.valid".into()));
    assert_eq!(refused(&desk, sent(&desk)), cannot_begin_at("portal.condition-2"));
    let mut command = sent(&desk);
    if let Command::Open { facts, .. } = &mut command {
        facts.insert("signature.valid".into(), Value::Bool(false));
    }
    let region = opened(&desk, command).unwrap();
    assert_eq!(taken(&region), (Some(false), "portal.other".to_owned()), "a fact that is told decides");
}

#[test]
fn where_the_way_would_be_guessed_is_known_before_anything_is_sent() {
    let guessed = |desk: &Desk| {
        let course = desk.regulation.procedure(&"portal".into()).unwrap();
        guessed_at(&desk.regulation, course, System::Region, Channel::Portal)
    };
    assert_eq!(guessed(&Desk::guardianship().unwrap()), None);
    assert_eq!(guessed(&two_ways_by_role()), None, "the form decides");
    let by_signature = two_ways(Expr::Fact("signature.valid".into()));
    assert_eq!(guessed(&by_signature), Some("portal.condition-2".into()));
    let mut unsent = Desk::guardianship().unwrap();
    step(&mut unsent, "portal.process-5").parts[0].action = Action::Notify(NoticeKind::Sent);
    assert_eq!(guessed(&unsent), Some("portal.registration".into()));
}

#[test]
fn a_fact_that_is_told_against_the_sending_is_not_overruled_by_it() {
    let desk = Desk::guardianship().unwrap();
    let mut command = sent(&desk);
    if let Command::Open { facts, .. } = &mut command {
        facts.insert("signature.valid".into(), Value::Bool(false));
    }
    assert_eq!(refused(&desk, command), cannot_begin_at("portal.registration"));
}

#[test]
fn signing_again_and_a_refused_sign_in_are_no_other_ways() {
    let mut desk = Desk::guardianship().unwrap();
    let once = before(&opened(&desk, sent(&desk)).unwrap());
    lead_no_to(&mut desk, "portal.process-3");
    step(&mut desk, "portal.process-2").exit = Exit::Next(Target::Step("portal.process-3".into()));
    assert_eq!(before(&opened(&desk, sent(&desk)).unwrap()), once);
}

#[test]
fn a_list_longer_than_a_case_takes_is_refused() {
    let desk = Desk::guardianship().unwrap();
    let mut command = sent(&desk);
    if let Command::Open { before, .. } = &mut command {
        *before = Before::Done(vec![done("portal.process-1", None); DONE_MAX + 1]);
    }
    assert_eq!(refused(&desk, command), Inadmissible::TooMuch);
}
