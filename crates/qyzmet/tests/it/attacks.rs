// SPDX-License-Identifier: MIT OR Apache-2.0
//! What somebody else tries: a clerk in the head's chair, a guesser of passwords, a double form, an old cookie.

use crate::browser::Browser;
use crate::portal::base64;
use crate::road::{Road, hex, sign};
use axum::http::StatusCode;
use engine::case::{CaseId, Proposal, Value};
use engine::{Act, Inadmissible};
use regulation::model::{Actor, FieldId};
use service::SubmitError;
use service::accounts::{RegisterRefused, SignInRefused};
use service::drafts::Draft;
use service::kept::KeptForm;
use service::portal::{SendRefused, Sent};
use service::signing::SignRefused;
use simulators::ca::{DevCa, Person, Position, Standing};

const IIN: &str = "680303499904";
const CHILD: [(&str, &str, &str); 1] = [("Байғоныс", "Айсұлтан", "2010-04-18")];

/// A case whose result waits for the head's signature.
async fn waiting_for_signature(road: &Road) -> CaseId {
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(submitted) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    let case = submitted.case;
    road.stands(&road.demo.region, case, "provider.action-1").await;
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    propose(road, case).await;
    case
}

async fn propose(road: &Road, case: CaseId) {
    let grant = Act::Prepared(Proposal::Grant { values: Road::result_values() });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_of_the_office_signs_no_result_in_the_heads_place() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let case = waiting_for_signature(&road).await;
    let refused = road.sign_result("abai-education.office", "abai-education-office", case).await;
    assert!(
        matches!(
            refused,
            Err(SignRefused::Failed(SubmitError::Inadmissible(Inadmissible::WrongRole {
                needs: Actor::ProviderHead
            })))
        ),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_heads_key_of_an_employee_signs_no_result() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let case = waiting_for_signature(&road).await;
    let mut owners = qyzmet::demo::key_owners().unwrap();
    let head = owners.iter().find(|it| it.name == "abai-education-head").unwrap().clone();
    let Standing::Official { organization, position: Position::Head } = head.standing.clone() else {
        panic!("no head");
    };
    let standing = Standing::Official { organization, position: Position::Employee };
    owners.push(Person { name: "head-as-employee".to_owned(), standing, ..head });
    let region = &road.demo.region;
    let authority = DevCa::create_or_load(road.demo.authority.folder(), region.now(), &owners).unwrap();
    let head = road.official("abai-education.head").await;
    let prepared = region.prepare_result(&head, case, region.uuid()).await.unwrap();
    let digest: [u8; 32] = hex(&prepared.sha256).try_into().expect("32 bytes");
    let cms = sign(&authority, "head-as-employee", digest, region.now());
    let refused = region.sign_result(&head, case, &cms, region.uuid()).await;
    assert_eq!(refused, Err(SignRefused::Invalid { code: Some("role-insufficient".to_owned()) }));
    // His key with the right to sign is taken.
    let cms = road.sign("abai-education-head", digest);
    region.sign_result(&head, case, &cms, region.uuid()).await.unwrap();
}

#[test]
fn whoever_signs_results_in_the_demonstration_has_a_key_with_that_right() {
    let owners = qyzmet::demo::key_owners().unwrap();
    for seat in ["abai-education-head", "abai-social-head", "kurma-akim-akim"] {
        let standing = owners.iter().find(|it| it.name == seat).map(|it| it.standing.clone());
        let is_head = matches!(standing, Some(Standing::Official { position: Position::Head, .. }));
        assert!(is_head, "{seat}: {standing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pressed_for_a_returned_proposal_is_not_signed_for_the_next_one() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let case = waiting_for_signature(&road).await;
    let region = &road.demo.region;
    let head = road.official("abai-education.head").await;
    let old = region.prepare_result(&head, case, region.uuid()).await.unwrap();
    let back = Act::Returned { remark: "Қайта қараңыз".to_owned() };
    road.act("abai-education.head", Actor::ProviderHead, case, back).await.unwrap();
    propose(&road, case).await;
    let digest: [u8; 32] = hex(&old.sha256).try_into().expect("32 bytes");
    let cms = road.sign("abai-education-head", digest);
    let refused = region.sign_result(&head, case, &cms, region.uuid()).await;
    assert_eq!(refused, Err(SignRefused::NotPrepared));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_does_not_fit_into_the_result_is_named_as_such_and_the_result_stays_prepared() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let case = waiting_for_signature(&road).await;
    let region = &road.demo.region;
    let head = road.official("abai-education.head").await;
    region.prepare_result(&head, case, region.uuid()).await.unwrap();
    let large = vec![0x30; 16_385];
    let refused = region.sign_result(&head, case, &large, region.uuid()).await;
    assert_eq!(refused, Err(SignRefused::TooLarge));
    let mut browser = Browser::new(&road);
    browser.sign_in_official("region", "abai-education.head").await;
    let (order, cms) = (region.uuid().to_string(), base64(&large));
    let one = [("order", order.as_str()), ("cms-result", cms.as_str())];
    let told = browser.post(&format!("/kk/region/cases/{}/sign", case.0), &one).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.says("Қолтаңба тым үлкен");
    let (order_name, cms_name) = (format!("order-{}", case.0), format!("cms-{}", case.0));
    let several = [(order_name.as_str(), order.as_str()), (cms_name.as_str(), cms.as_str())];
    let told = browser.post("/kk/region/several/sign", &several).await;
    browser.get(&told.to).await.says("Қолтаңба тым үлкен");
    assert!(region.prepared_result(case).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wrong_passwords_at_once_are_counted_one_by_one() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..12 {
        let portal = std::sync::Arc::clone(&road.demo.portal);
        tries.spawn(
            async move { portal.sign_in_citizen(IIN, &format!("wrong password {number}"), None).await },
        );
    }
    let answers = tries.join_all().await;
    let looked_at = answers.iter().filter(|it| matches!(it, Err(SignInRefused::Wrong { .. }))).count();
    assert_eq!(looked_at, 4, "the fifth locks, the others are not looked at: {answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_says_another_thing_than_was_signed_is_not_sent() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen(IIN).await;
    let (mut draft, cms) = road.signed_draft(&citizen, "p40", &CHILD).await;
    draft.provider = "osakarov-education".to_owned();
    let portal = &road.demo.portal;
    let refused = portal.send((&citizen.0, &citizen.1), &draft, cms, portal.uuid()).await;
    assert_eq!(refused, Err(SendRefused::NotReviewed));
    let kept = portal.draft(&citizen.0.id, draft.id).await.unwrap().expect("the draft is kept");
    assert_eq!(kept.frozen, None, "it is reviewed anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_page_saves_while_a_signature_is_judged_is_neither_sent_nor_lost() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let (portal, citizen) = (&road.demo.portal, road.citizen(IIN).await);
    let address = FieldId::from("address");
    // Accepted, the draft would end; refused, it would be written anew.
    for key in ["p40", "expired"] {
        let (mut judged, cms) = road.signed_draft(&citizen, key, &CHILD).await;
        let told = Value::Text(format!("Ойдан шығарылған көше, {key}"));
        let moved = |it: &mut Draft| it.fields.insert(address.clone(), told.clone());
        portal.change_draft(&citizen.0.id, judged.id, moved).await.unwrap().expect("a draft");
        let refused = portal.send((&citizen.0, &citizen.1), &judged, cms, portal.uuid()).await;
        assert_eq!(refused, Err(SendRefused::NotReviewed), "{key}");
        let kept = portal.draft(&citizen.0.id, judged.id).await.unwrap().expect("a draft");
        assert_eq!((kept.fields.get(&address), kept.frozen), (Some(&told), None), "{key}");
        // Nor is what it was before saved over it, or frozen.
        assert_eq!(portal.save_draft(&mut judged).await, Err(SubmitError::Changed));
        judged.frozen = None;
        assert_eq!(portal.freeze(&citizen.0, &mut judged).await, Err(SubmitError::Changed));
        portal.delete_draft(&citizen.0.id, judged.id).await.unwrap();
        assert_eq!(portal.save_draft(&mut judged).await, Err(SubmitError::Changed), "it does not come back");
    }
    assert_eq!(portal.history(&citizen.0.id).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_one_person_tells_another_nothing() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let portal = &road.demo.portal;
    let one = road.citizen(IIN).await;
    let (draft, cms) = road.signed_draft(&one, "p40", &CHILD).await;
    let order = portal.uuid();
    portal.send((&one.0, &one.1), &draft, cms, order).await.unwrap();
    let other = road.citizen("580308499930").await;
    let (draft, cms) = road.signed_draft(&other, "p01", &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let told = portal.send((&other.0, &other.1), &draft, cms, order).await;
    assert!(told.is_err(), "the order of another person was answered: {told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_older_than_a_day_keeps_no_form() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let portal = &road.demo.portal;
    let (_, token) = portal.sign_in_citizen(IIN, qyzmet::demo::CITIZEN_PASSWORD, None).await.unwrap();
    let form = KeptForm { path: "/apply/0".to_owned(), values: Vec::new() };
    assert!(portal.keep_form(&token, &form).await.unwrap(), "a session just ended keeps a form");
    road.demo.clock.advance(jiff::SignedDuration::from_hours(48));
    assert!(!portal.keep_form(&token, &form).await.unwrap(), "an old cookie plants a form");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_no_signature_is_not_frozen_for_one() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let unknown = CaseId(road.demo.center.uuid());
    assert!(road.demo.center.freeze_request(unknown).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_holds_another_persons_iin_for_longer_than_a_day() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let (portal, iin) = (&road.demo.portal, "900101499994");
    for _ in 0..5 {
        portal.register_citizen(iin, "a squatter's password").await.unwrap();
    }
    let now = portal.register_citizen(iin, "the owner's password").await;
    assert!(matches!(now, Err(RegisterRefused::NotDone)), "{now:?}");
    road.demo.clock.advance(jiff::SignedDuration::from_hours(25));
    portal.register_citizen(iin, "the owner's password").await.unwrap();
}
