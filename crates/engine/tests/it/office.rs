// SPDX-License-Identifier: MIT OR Apache-2.0
//! The provider's people: who may do what.

use crate::request::{opened, signed};
use engine::{
    Act, Before, Command, Effect, Event, Inadmissible, Party, Proposal, Value,
    case::{FileHash, PersonId, SignedResult},
    event::Series,
    inadmissible::Input,
};
use jiff::Timestamp;
use regulation::model::{Actor, System};
use std::collections::BTreeMap;
use testkit::{Desk, Side, granted, official};

pub(crate) const OFFICE: &str = "abai-education.office";
pub(crate) const HEAD: &str = "abai-education.head";
pub(crate) const FIRST: &str = "abai-education.executor-1";
pub(crate) const SECOND: &str = "abai-education.executor-2";

pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_795_410_000).unwrap()
}

pub(crate) fn result() -> Act {
    Act::ResultSigned(SignedResult {
        file: FileHash("result".to_owned()),
        check_key: "00".to_owned(),
        signer: "head".to_owned(),
        at: now(),
        on_paper: None,
    })
}

pub(crate) fn grant(desk: &Desk) -> Act {
    Act::Prepared(Proposal::Grant { values: granted(&desk.regulation) })
}

/// A case at the region that the register knows nothing of.
pub(crate) fn at_the_office(desk: &Desk) -> Side {
    let mut region = at_the_register(desk);
    region.order(desk, Party::System, answer(false), now()).unwrap();
    region
}

pub(crate) fn answer(found: bool) -> Command {
    let facts = BTreeMap::from([("guardianship.found".into(), Value::Bool(found))]);
    Command::Answer { register: "guardianship".into(), message: "m".to_owned(), facts }
}

pub(crate) fn applicant() -> Party {
    Party::Person { id: PersonId(testkit::APPLICANT.to_owned()), actor: Actor::Applicant, organization: None }
}

/// A case that stands before the head's signature.
fn prepared(desk: &Desk) -> Side {
    let mut region = at_the_office(desk);
    region.complete(desk, official(OFFICE, Actor::ProviderOffice), Act::Accepted, now()).unwrap();
    let text = "қарау".to_owned();
    let instruct = Act::Instructed { text, executor: PersonId(FIRST.to_owned()) };
    region.complete(desk, official(HEAD, Actor::ProviderHead), instruct, now()).unwrap();
    region.complete(desk, official(FIRST, Actor::ProviderExecutor), grant(desk), now()).unwrap();
    region
}

#[test]
fn the_executor_cannot_do_the_clerks_step() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_office(&desk);
    let refused = region.complete(&desk, official(FIRST, Actor::ProviderExecutor), Act::Accepted, now());
    assert_eq!(refused, Err(Inadmissible::WrongRole { needs: Actor::ProviderOffice }));
}

#[test]
fn an_official_of_another_district_cannot_accept() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_office(&desk);
    let other = official("osakarov-education.office", Actor::ProviderOffice);
    assert_eq!(region.complete(&desk, other, Act::Accepted, now()), Err(Inadmissible::OtherOrganization));
}

#[test]
fn only_the_executor_named_prepares() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_office(&desk);
    region.complete(&desk, official(OFFICE, Actor::ProviderOffice), Act::Accepted, now()).unwrap();
    let head = official(HEAD, Actor::ProviderHead);
    let empty = Act::Instructed { text: " ".to_owned(), executor: PersonId(FIRST.to_owned()) };
    let refused = region.complete(&desk, head.clone(), empty, now());
    assert_eq!(refused, Err(Inadmissible::Empty(Input::Instruction)));
    let instruct = Act::Instructed { text: "қарау".to_owned(), executor: PersonId(FIRST.to_owned()) };
    region.complete(&desk, head, instruct, now()).unwrap();
    let refused = region.complete(&desk, official(SECOND, Actor::ProviderExecutor), grant(&desk), now());
    assert_eq!(refused, Err(Inadmissible::NotTheExecutor));
}

#[test]
fn a_grant_without_the_act_of_appointment_is_told_by_field() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_office(&desk);
    region.complete(&desk, official(OFFICE, Actor::ProviderOffice), Act::Accepted, now()).unwrap();
    let instruct = Act::Instructed { text: "қарау".to_owned(), executor: PersonId(FIRST.to_owned()) };
    region.complete(&desk, official(HEAD, Actor::ProviderHead), instruct, now()).unwrap();
    let bare = Act::Prepared(Proposal::Grant { values: BTreeMap::new() });
    let refused = region.complete(&desk, official(FIRST, Actor::ProviderExecutor), bare, now());
    let Err(Inadmissible::Form(problems)) = refused else { panic!("{refused:?}") };
    let paths: Vec<&str> = problems.iter().map(|it| it.path.as_str()).collect();
    let values = granted(&desk.regulation);
    let required: Vec<&str> = values.keys().map(regulation::model::FieldId::as_str).collect();
    assert_eq!(paths, required);
}

#[test]
fn who_prepared_can_neither_begin_nor_finish_the_signature() {
    let desk = Desk::guardianship().unwrap();
    let mut region = prepared(&desk);
    let preparer = official(FIRST, Actor::ProviderHead);
    for act in [Act::ResultReserved, result()] {
        assert_eq!(region.complete(&desk, preparer.clone(), act, now()), Err(Inadmissible::PreparerSigns));
    }
}

#[test]
fn a_result_is_numbered_once_before_it_is_signed() {
    let desk = Desk::guardianship().unwrap();
    let mut region = prepared(&desk);
    let head = official(HEAD, Actor::ProviderHead);
    let early = region.complete(&desk, head.clone(), result(), now());
    assert_eq!(early, Err(Inadmissible::NumberNotReserved));
    region.complete(&desk, head.clone(), Act::ResultReserved, now()).unwrap();
    let number = region.case.result_number.clone().unwrap();
    let again = region.complete(&desk, head.clone(), Act::ResultReserved, now()).unwrap();
    assert_eq!(again.events, []);
    region.complete(&desk, head, result(), now()).unwrap();
    assert_eq!(region.case.result_number, Some(number));
    assert_eq!(region.part(), Some("provider.action-4"));
}

#[test]
fn a_proposal_that_is_returned_voids_its_number() {
    let desk = Desk::guardianship().unwrap();
    let mut region = prepared(&desk);
    let head = official(HEAD, Actor::ProviderHead);
    region.complete(&desk, head.clone(), Act::ResultReserved, now()).unwrap();
    let number = region.case.result_number.clone().unwrap();
    let returned = Act::Returned { remark: "түзету".to_owned() };
    let outcome = region.complete(&desk, head, returned, now()).unwrap();
    let voided = Event::NumberVoided { series: Series::Result, number: number.clone(), at: now() };
    assert!(outcome.events.contains(&voided));
    assert_eq!((region.part(), region.case.proposal.as_ref()), (Some("provider.action-3.a"), None));
    assert_eq!(
        (region.case.result_number.as_ref(), region.case.voided.as_slice()),
        (None, [number].as_slice())
    );
}

#[test]
fn the_automatic_way_gives_no_incoming_number_and_reserves_the_results() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_office(&desk);
    assert!(region.case.incoming_number.is_none());
    region = at_the_register(&desk);
    let outcome = region.order(&desk, Party::System, answer(true), now()).unwrap();
    let stamp = Effect::StampResult { part: "provider.stamp".into() };
    assert!(outcome.effects.contains(&stamp) && region.case.result_number.is_some());
    region.complete(&desk, Party::System, result(), now()).unwrap();
    assert_eq!((region.part(), &region.case.incoming_number), (Some("portal.process-8"), &None));
}

#[test]
fn without_an_order_the_found_case_goes_by_hand() {
    let mut desk = Desk::guardianship().unwrap();
    desk.provider.body.settings.retain(|it| it.from != Some(jiff::civil::date(2015, 9, 1)));
    let mut region = at_the_register(&desk);
    region.order(&desk, Party::System, answer(true), now()).unwrap();
    assert_eq!(region.part(), Some("provider.action-1"));
}

#[test]
fn a_person_cannot_answer_for_a_register() {
    let desk = Desk::guardianship().unwrap();
    let mut region = at_the_register(&desk);
    let refused = region.order(&desk, official(HEAD, Actor::ProviderHead), answer(true), now());
    assert_eq!(refused, Err(Inadmissible::SystemOnly));
    let empty =
        Command::Answer { register: "guardianship".into(), message: "m".to_owned(), facts: BTreeMap::new() };
    let refused = region.order(&desk, Party::System, empty, now());
    assert_eq!(refused, Err(Inadmissible::AnswerSaysNothing("guardianship".into())));
}

/// A case at the region that waits for the guardianship register.
pub(crate) fn at_the_register(desk: &Desk) -> Side {
    let mut portal = opened(desk);
    portal.complete(desk, applicant(), signed(Some(true)), now()).unwrap();
    let mut region = Side::new(System::Region, portal.case.id);
    let case = portal.case.clone();
    let open = Command::Open {
        service: case.service,
        edition: case.edition,
        regulation_sha256: case.regulation_sha256,
        procedure: case.procedure,
        channel: case.channel,
        application: Box::new(case.application),
        before: Before::Done(case.done),
        facts: BTreeMap::new(),
        number: case.number,
        accepted_at: case.accepted_at,
    };
    region.order(desk, Party::System, open, now()).unwrap();
    region
}
