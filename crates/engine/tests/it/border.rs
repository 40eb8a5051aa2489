// SPDX-License-Identifier: MIT OR Apache-2.0
//! What crosses the border: told twice, told late, told wrong.

use crate::{
    office::{OFFICE, answer, applicant, at_the_office, at_the_register, now, result},
    request::{done, opened, signed},
};
use engine::{
    Act, Before, Command, Effect, Inadmissible, Party, Value,
    case::{CaseId, Medium},
    progress,
};
use regulation::model::{Actor, Channel, End, System};
use std::collections::BTreeMap;
use testkit::{Desk, Side, application, official};
use uuid::Uuid;

fn sent(desk: &Desk) -> Side {
    let mut portal = opened(desk);
    portal.complete(desk, applicant(), signed(Some(true)), now()).unwrap();
    portal
}

fn remote(from: &Side, message: &str) -> Command {
    Command::Remote(Box::new(progress(&from.case, 0, message)))
}

#[test]
fn the_same_message_twice_changes_nothing() {
    let desk = Desk::guardianship().unwrap();
    let (mut portal, region) = (sent(&desk), at_the_office(&desk));
    portal.order(&desk, Party::System, remote(&region, "m1"), now()).unwrap();
    let before = portal.case.clone();
    let outcome = portal.order(&desk, Party::System, remote(&region, "m1"), now()).unwrap();
    assert_eq!((outcome.events.len(), outcome.effects.len(), &portal.case), (0, 0, &before));
}

#[test]
fn a_message_overtaken_by_a_later_one_moves_nothing_back() {
    let desk = Desk::guardianship().unwrap();
    let (mut portal, mut region) = (sent(&desk), at_the_office(&desk));
    let early = remote(&region, "m1");
    region.complete(&desk, official(OFFICE, Actor::ProviderOffice), Act::Accepted, now()).unwrap();
    portal.order(&desk, Party::System, remote(&region, "m2"), now()).unwrap();
    assert_eq!(portal.part(), Some("provider.action-2"));
    portal.order(&desk, Party::System, early, now()).unwrap();
    assert_eq!(portal.part(), Some("provider.action-2"));
}

#[test]
fn who_waits_for_the_region_is_told_which_register_is_silent_and_when_it_answers() {
    let desk = Desk::guardianship().unwrap();
    let (mut portal, mut region) = (sent(&desk), at_the_register(&desk));
    let silent = Command::NoAnswer { register: "guardianship".into(), again_at: now() };
    let told = |outcome: &engine::Outcome| outcome.effects.contains(&Effect::TellProgress);
    let outcome = region.order(&desk, Party::System, silent.clone(), now()).unwrap();
    assert!(told(&outcome), "the first silence is told");
    let outcome = region.order(&desk, Party::System, silent, now()).unwrap();
    assert!(!told(&outcome), "and not told again at each trial");

    let early = remote(&region, "m1");
    portal.order(&desk, Party::System, early.clone(), now()).unwrap();
    assert_eq!(portal.case.silent(), [("guardianship".into(), now())].into());
    let outcome = region.order(&desk, Party::System, answer(true), now()).unwrap();
    assert!(told(&outcome));
    portal.order(&desk, Party::System, remote(&region, "m2"), now()).unwrap();
    assert_eq!(portal.case.silent(), BTreeMap::new());

    let Command::Remote(mut early) = early else { panic!("a message") };
    early.message = "m0".to_owned();
    portal.order(&desk, Party::System, Command::Remote(early), now()).unwrap();
    assert_eq!(portal.case.silent(), BTreeMap::new(), "an overtaken message knows nothing newer");

    let Command::Remote(mut made_up) = remote(&region, "m3") else { panic!("a message") };
    made_up.silent = [("any sentence".into(), now())].into();
    portal.order(&desk, Party::System, Command::Remote(made_up), now()).unwrap();
    assert_eq!(portal.case.silent(), BTreeMap::new(), "no register of this regulation");
}

#[test]
fn a_part_of_the_other_side_is_completed_only_by_its_message() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = sent(&desk);
    let refused = portal.complete(&desk, Party::System, Act::Accepted, now());
    assert_eq!(refused, Err(Inadmissible::NotHere { current: Some("portal.process-6".into()) }));
}

#[test]
fn the_result_ends_both_sides_and_each_tells_once() {
    let desk = Desk::guardianship().unwrap();
    let (mut portal, mut region) = (sent(&desk), at_the_register(&desk));
    region.order(&desk, Party::System, answer(true), now()).unwrap();
    let outcome = region.complete(&desk, Party::System, result(), now()).unwrap();
    assert_eq!(outcome.effects.iter().filter(|it| **it == Effect::TellProgress).count(), 1);
    let outcome = portal.order(&desk, Party::System, remote(&region, "m1"), now()).unwrap();
    assert_eq!(outcome.effects.iter().filter(|it| **it == Effect::TellProgress).count(), 1);
    assert_eq!(portal.case.end, Some((End::Issued, now())));
    assert_eq!(portal.case.result, region.case.result);
    let outcome = region.order(&desk, Party::System, remote(&portal, "m2"), now()).unwrap();
    assert_eq!(region.case.end.map(|(end, _)| end), Some(End::Issued));
    assert!(!outcome.effects.contains(&Effect::TellProgress));
}

#[test]
fn an_unknown_part_is_not_taken_over() {
    let desk = Desk::guardianship().unwrap();
    let mut portal = sent(&desk);
    let mut told = progress(&portal.case, 0, "m1");
    told.stack[0].part = "elsewhere".into();
    let refused = portal.order(&desk, Party::System, Command::Remote(Box::new(told)), now());
    assert_eq!(refused, Err(Inadmissible::UnknownPart("elsewhere".into())));
}

#[test]
fn a_number_that_was_only_reserved_is_not_told() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_register(&desk);
    region.order(&desk, Party::System, answer(true), now()).unwrap();
    assert!(region.case.result_number.is_some());
    assert_eq!(progress(&region.case, 0, "m").result_number, None);
}

#[test]
fn the_region_refuses_an_application_from_an_applicant() {
    let desk = Desk::guardianship().unwrap();
    let mut region = Side::new(System::Region, sent(&desk).case.id);
    let refused = region.order(&desk, applicant(), crate::request::open(&desk, true), now());
    assert_eq!(refused, Err(Inadmissible::SystemOnly));
}

#[test]
fn a_part_that_did_not_apply_at_the_center_does_not_stop_the_region() {
    let desk = Desk::open("parent-meeting-permission/2018", "abai-education").unwrap();
    let mut asked = application("abai-education", Medium::Paper);
    asked.fields = BTreeMap::from([("representation".into(), Value::Text("self".to_owned()))]);
    // The applicant came in person: the notaries' register, `center.process-3.b`, was not asked.
    let session = ["center.hand-in", "center.process-1", "center.process-2", "center.process-3.a"];
    let mut before: Vec<_> = session.iter().map(|it| done(it, None)).collect();
    before.push(done("center.condition-1", Some(true)));
    before
        .extend(["center.process-5.a", "center.process-5.b", "center.process-5.c"].map(|it| done(it, None)));
    let command = Command::Open {
        service: desk.regulation.service.clone(),
        edition: desk.regulation.edition.clone(),
        regulation_sha256: desk.regulation.sha256.clone(),
        procedure: "center".into(),
        channel: Channel::Center,
        application: Box::new(asked),
        before: Before::Done(before),
        facts: BTreeMap::from([("person.found".into(), Value::Bool(true))]),
        number: Some("353200000-2026-000001".to_owned()),
        accepted_at: Some(now()),
    };
    let mut region = Side::new(System::Region, CaseId(Uuid::from_u128(7)));
    region.order(&desk, Party::System, command, now()).unwrap();
    assert_eq!(region.part(), Some("provider.action-1"));
}

#[test]
fn a_second_signature_that_was_not_needed_on_the_portal_does_not_stop_the_region() {
    let desk = Desk::open("patronage-placement/2018", "abai-education").unwrap();
    // The signature was valid: nothing was signed again at `portal.action-6`. The message brings no facts of the portal.
    let session = ["portal.action-1", "portal.action-3", "portal.action-4", "portal.action-7", "portal.sent"];
    let mut before: Vec<_> = session.iter().map(|it| done(it, None)).collect();
    before.extend(["portal.condition-1", "portal.condition-2"].map(|it| done(it, Some(true))));
    let command = Command::Open {
        service: desk.regulation.service.clone(),
        edition: desk.regulation.edition.clone(),
        regulation_sha256: desk.regulation.sha256.clone(),
        procedure: "portal".into(),
        channel: Channel::Portal,
        application: Box::new(application("abai-education", Medium::Electronic)),
        before: Before::Done(before),
        facts: BTreeMap::new(),
        number: Some("353200000-2026-000001".to_owned()),
        accepted_at: Some(now()),
    };
    let mut region = Side::new(System::Region, CaseId(Uuid::from_u128(8)));
    region.order(&desk, Party::System, command, now()).unwrap();
    assert_eq!(region.part(), Some("provider.action-1"));
}
