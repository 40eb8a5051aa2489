// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sign-in by EDS, and several results signed in one act, over a whole demonstration.

use crate::browser::Browser;
use crate::portal::base64;
use crate::road::{Road, hex};
use axum::http::StatusCode;
use engine::Act;
use engine::case::{CaseId, Proposal};
use gateway::source::JUDGEMENT_WAIT;
use jiff::SignedDuration;
use qyzmet::demo::CITIZEN_PASSWORD;
use regulation::model::Actor;
use service::access::Reader;
use service::accounts::{CHALLENGE_MINUTES, Claim, EdsSignIn, PasswordRefused, SignInRefused};
use service::codec::account::{AccountEvent, How, WhyEnded, WhyRefused};
use service::portal::Sent;
use service::signing::{AT_ONCE_MAX, SignRefused, SignedOne, TIME_MAX};
use std::collections::BTreeSet;
use std::time::Duration;
use uuid::Uuid;
use web::layers::PAGE_SECONDS_MAX;

const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen whose key is `p01`; the demonstration has made an account of his.
const KNOWN: &str = "580308499930";
/// Nobody's number in the registers: his case goes the manual way.
const UNKNOWN: &str = "680303499904";
const HEAD: &str = "abai-education.head";
const HEAD_KEY: &str = "abai-education-head";

/// Comes by EDS for an account of his own: the demonstration's is not his.
async fn came(road: &Road, key: &str) -> EdsSignIn {
    let portal = &road.demo.portal;
    let browser = portal.browser_secret();
    let challenge = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = road.sign(key, eds::sha256(&challenge.bytes));
    portal.sign_in_by_eds((challenge.id, &browser), &cms, Claim::NotMine, None).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sign_in_by_eds_makes_a_proved_account_and_the_next_finds_it() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (claimed, _) = road.citizen(KNOWN).await;
    let EdsSignIn::Yes { account, token, first } = came(&road, "p01").await else { panic!("not signed in") };
    assert!(first);
    assert_ne!(account, claimed.id, "an account that only claims the number is not taken over");
    assert!(portal.session(&token).await.unwrap().is_some());
    let citizen = portal.citizen(&account).await.unwrap().expect("an account");
    assert_eq!((citizen.iin.as_str(), citizen.proof.is_some()), (KNOWN, true));
    assert!(citizen.full_name.is_some());
    assert_eq!(portal.citizen(&claimed.id).await.unwrap(), None, "the claimed account has ended");
    let told = portal.account_log(&claimed.id).await.unwrap();
    assert!(told.iter().any(|it| it.event == AccountEvent::Ended { why: WhyEnded::AnotherProved }));
    let refused = portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await;
    assert!(matches!(refused, Err(SignInRefused::Wrong { .. })), "it has no password: {refused:?}");

    let EdsSignIn::Yes { account: again, first, .. } = came(&road, "p01").await else {
        panic!("not signed in")
    };
    assert_eq!((again, first), (account.clone(), false));
    let log = portal.account_log(&account).await.unwrap();
    let entered = |it: &&AccountEvent| matches!(it, AccountEvent::SignedIn { how: How::Eds, .. });
    assert_eq!(log.iter().map(|it| &it.event).filter(entered).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_a_proved_account_still_serves_and_eds_finds_the_same_account() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let (citizen, _) = road.citizen(KNOWN).await;
    let challenge = portal.challenge(&citizen).await.unwrap();
    let cms = road.sign("p01", eds::sha256(&challenge.bytes));
    portal.answer_challenge(&citizen, challenge.id, &cms).await.unwrap();
    let EdsSignIn::Yes { account, first, .. } = came(&road, "p01").await else { panic!("not signed in") };
    assert_eq!((account, first), (citizen.id.clone(), false));
    assert_eq!(portal.sign_in_citizen(KNOWN, CITIZEN_PASSWORD, None).await.unwrap().0, citizen.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_by_eds_sets_a_password_and_who_came_by_password_does_not() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let EdsSignIn::Yes { account, token, .. } = came(&road, "p01").await else { panic!("not signed in") };
    let session = portal.session(&token).await.unwrap().unwrap();
    assert_eq!(portal.set_password(&session, "short").await, Err(PasswordRefused::Length));
    portal.set_password(&session, "a long phrase of mine").await.unwrap();
    let (same, token) = portal.sign_in_citizen(KNOWN, "a long phrase of mine", None).await.unwrap();
    assert_eq!(same, account);
    let session = portal.session(&token).await.unwrap().unwrap();
    let refused = portal.set_password(&session, "another long phrase").await;
    assert_eq!(refused, Err(PasswordRefused::NotByEds));
    let log = portal.account_log(&account).await.unwrap();
    assert_eq!(log.iter().filter(|it| it.event == AccountEvent::PasswordSet).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_key_does_not_sign_in_and_an_account_that_is_his_tells_it() {
    let road = Road::open(NOON).await;
    for (key, code) in [("expired", "certificate-expired"), ("revoked", "certificate-revoked")] {
        assert_eq!(came(&road, key).await, EdsSignIn::No(Some(code.to_owned())), "{key}");
    }
    // The key of an office is not a person's.
    assert!(matches!(came(&road, HEAD_KEY).await, EdsSignIn::No(Some(_))));
    let EdsSignIn::Yes { account, .. } = came(&road, "p01").await else { panic!("not signed in") };
    assert!(matches!(came(&road, "expired").await, EdsSignIn::No(_)));
    let log = road.demo.portal.account_log(&account).await.unwrap();
    let refused =
        |it: &AccountEvent| matches!(it, AccountEvent::SignInRefused { why: WhyRefused::KeyRefused, .. });
    assert_eq!(log.iter().filter(|it| refused(&it.event)).count(), 1, "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_serves_once_in_time_in_its_browser_and_for_what_it_was_made() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    let browser = portal.browser_secret();
    let sign = |bytes: &[u8]| road.sign("p01", eds::sha256(bytes));

    let challenge = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = sign(&challenge.bytes);
    let other = portal.browser_secret();
    let stale = Ok(EdsSignIn::Stale);
    let answer = async |id: Uuid, browser: &str, cms: &[u8]| {
        portal.sign_in_by_eds((id, browser), cms, Claim::NotMine, None).await
    };
    assert_eq!(answer(challenge.id, &other, &cms).await, stale, "another browser");
    let once = answer(challenge.id, &browser, &cms).await.unwrap();
    assert!(matches!(once, EdsSignIn::Yes { .. }));
    assert_eq!(answer(challenge.id, &browser, &cms).await, stale, "twice");

    // What was signed for one challenge does not answer another, nor a proof a sign-in, nor a sign-in a proof.
    let next = portal.sign_in_challenge(&browser).await.unwrap();
    let no = answer(next.id, &browser, &cms).await.unwrap();
    assert!(matches!(no, EdsSignIn::No(Some(_))));
    let (citizen, _) = road.citizen("711130399969").await;
    let proof = portal.challenge(&citizen).await.unwrap();
    let signed = road.sign("p02", eds::sha256(&proof.bytes));
    assert_eq!(answer(proof.id, &browser, &signed).await, stale, "a proof");
    let entry = portal.sign_in_challenge(&browser).await.unwrap();
    let signed = road.sign("p02", eds::sha256(&entry.bytes));
    let proved = portal.answer_challenge(&citizen, entry.id, &signed).await;
    assert!(!matches!(proved, Ok(service::accounts::Proved::Yes)), "a sign-in is no proof: {proved:?}");

    let late = portal.sign_in_challenge(&browser).await.unwrap();
    let cms = sign(&late.bytes);
    road.demo.clock.advance(SignedDuration::from_mins(CHALLENGE_MINUTES + 1));
    assert_eq!(answer(late.id, &browser, &cms).await, stale, "too late");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_page_a_browser_without_its_cookie_is_not_signed_in() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let page = browser.get("/kk/sign-in/eds?next=/cabinet").await;
    let (_, behind) = page.text.split_once("data-sign-content-bytes=\"").expect("a challenge");
    let bytes = unbase64(behind.split('"').next().expect("its bytes"));
    let challenge = page.hidden("challenge");
    let cms = base64(&road.sign("p01", eds::sha256(&bytes)));
    let signed = [("challenge", challenge.as_str()), ("next", "/cabinet"), ("cms-sign-in", cms.as_str())];
    let form = [signed[0], signed[1], signed[2], ("account", "new")];
    let mut other = Browser::new(&road);
    other.get("/kk/sign-in/eds").await;
    let refused = other.post("/kk/sign-in/eds", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let entered = browser.post("/kk/sign-in/eds", &form).await;
    assert_eq!(entered.to, "/kk/cabinet", "{}", entered.text);
    browser.get("/kk/cabinet/sign-ins").await.says("ЭЦҚ арқылы кірді");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_whose_key_it_demands_and_that_an_employees_key_is_not_a_persons() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let page = browser.get("/kk/sign-in/eds").await;
    page.says("data-sign-key-of=\"person\"");
    let (_, behind) = page.text.split_once("data-sign-content-bytes=\"").expect("a challenge");
    let bytes = unbase64(behind.split('"').next().expect("its bytes"));
    let cms = base64(&road.sign(HEAD_KEY, eds::sha256(&bytes)));
    let challenge = page.hidden("challenge");
    let form = [("challenge", challenge.as_str()), ("next", "/cabinet"), ("cms-sign-in", cms.as_str())];
    let refused = browser.post("/kk/sign-in/eds", &form).await;
    refused.says("extended-key-usage");
    refused.says("ұйым қызметкеріне берілген кілт");
    let mut office = Browser::new(&road);
    let page = office.get(&format!("/kk/region/sign-in/eds?login={HEAD}")).await;
    page.says("data-sign-key-of=\"employee\"");
    page.says("Басқа логинмен кіру");
    assert!(!page.text.contains("data-text-kept"), "nothing was entered that could be kept");
    let (_, login) = page.text.split_once("href=\"/kk/region/sign-in/eds?next=").expect("another login");
    let next = login.split('"').next().expect("where it leads");
    office.get(&format!("/kk/region/sign-in/eds?next={next}")).await.says("name=\"login\"");
}

/// Cases that wait for the head's signature.
pub(crate) async fn prepared_cases(road: &Road, count: usize) -> Vec<CaseId> {
    let region = &road.demo.region;
    let citizen = road.citizen(UNKNOWN).await;
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let mut cases = Vec::new();
    for number in 0..count {
        let surname = format!(
            "Ойдаңшығарылған{}",
            char::from_u32(0x430 + u32::try_from(number % 32).unwrap()).unwrap()
        );
        let sent = road.apply(&citizen, "p40", &[(&surname, "Айсұлтан", "2014-04-18")]).await;
        let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
        let case = submitted.case;
        road.stands(region, case, "provider.action-1").await;
        cases.push(case);
    }
    for case in &cases {
        road.act("abai-education.office", Actor::ProviderOffice, *case, Act::Accepted).await.unwrap();
        let instructed =
            Act::Instructed { executor: executor.clone(), text: "Дайындаңыз".to_owned() };
        road.act(HEAD, Actor::ProviderHead, *case, instructed).await.unwrap();
        let proposal = Act::Prepared(Proposal::Grant { values: Road::result_values() });
        road.act("abai-education.executor-1", Actor::ProviderExecutor, *case, proposal).await.unwrap();
    }
    cases
}

/// Signs what was prepared, as the page does: each digest for itself.
async fn signed(road: &Road, cases: &[CaseId]) -> Vec<SignedOne> {
    let region = &road.demo.region;
    let mut signed = Vec::new();
    for case in cases {
        let prepared = region.prepared_result(*case).await.unwrap().expect("prepared");
        let digest: [u8; 32] = hex(&prepared.sha256).try_into().expect("32 bytes");
        signed.push(SignedOne { case: *case, cms: road.sign(HEAD_KEY, digest), order: region.uuid() });
    }
    signed
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_results_are_signed_in_one_act_each_by_a_signature_of_its_own() {
    let road = Road::open(NOON).await;
    let region = &road.demo.region;
    let cases = prepared_cases(&road, AT_ONCE_MAX).await;
    let head = road.official(HEAD).await;
    // What there is no time for is left as it was, and prepared or signed by the next act.
    let mut left = cases.clone();
    while !left.is_empty() {
        let orders: Vec<_> = left.iter().map(|it| (*it, region.uuid())).collect();
        let outcomes = region.prepare_several(&head, &orders).await;
        assert!(outcomes.iter().all(|(_, it)| !matches!(it, Some(Err(_)))), "{outcomes:?}");
        left = outcomes.iter().filter(|(_, it)| it.is_none()).map(|(case, _)| *case).collect();
    }
    // One act takes all forty, in their order, before the page must answer.
    let signed = signed(&road, &cases).await;
    let began = std::time::Instant::now();
    let outcomes = region.sign_several(&head, &signed).await;
    let took = began.elapsed();
    let order: Vec<_> = outcomes.iter().map(|(case, _)| *case).collect();
    assert_eq!((order.len(), &order), (AT_ONCE_MAX, &cases));
    let taken = outcomes.iter().filter(|(_, it)| matches!(it, Some(Ok(_)))).count();
    println!("one act signed {taken} results in {took:?}");
    assert_eq!(taken, AT_ONCE_MAX, "one act, {took:?}: {outcomes:?}");
    let mut numbers = BTreeSet::new();
    for case in cases {
        let case = region.load(case).await.unwrap().case;
        let result = case.result.clone().expect("a result");
        let pdf = region
            .case_file(&Reader::Official(&head.seat), case.id, &result.file)
            .await
            .unwrap()
            .expect("a file");
        let found = eds::pades::signatures(&pdf).unwrap();
        assert_eq!((found.len(), found[0].covers_whole_file), (1, true));
        numbers.insert(case.result_number.clone().expect("a number"));
    }
    assert_eq!(numbers.len(), AT_ONCE_MAX, "each has its own number");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_one_that_fails_undoes_nothing_and_is_signed_again() {
    let road = Road::open(NOON).await;
    let region = &road.demo.region;
    let cases = prepared_cases(&road, 3).await;
    let head = road.official(HEAD).await;
    let orders: Vec<_> = cases.iter().chain([&cases[0]]).map(|it| (*it, region.uuid())).collect();
    let outcomes = region.prepare_several(&head, &orders).await;
    assert_eq!(outcomes.len(), 3, "named twice, prepared once");
    let mut all = signed(&road, &cases).await;
    // The second is signed with what was signed for the first, the third with another official's key.
    all[1].cms = all[0].cms.clone();
    let digest: [u8; 32] =
        hex(&region.prepared_result(cases[2]).await.unwrap().unwrap().sha256).try_into().expect("32 bytes");
    all[2].cms = road.sign("abai-education-executor-1", digest);
    let outcomes = region.sign_several(&head, &all).await;
    assert!(matches!(outcomes[0].1, Some(Ok(_))));
    for (_, outcome) in &outcomes[1..] {
        assert!(matches!(outcome, Some(Err(SignRefused::Invalid { .. }))), "{outcome:?}");
    }
    assert!(region.load(cases[0]).await.unwrap().case.result.is_some());
    assert!(region.load(cases[1]).await.unwrap().case.result.is_none());
    let again = signed(&road, &cases[1..]).await;
    let outcomes = region.sign_several(&head, &again).await;
    assert!(outcomes.iter().all(|(_, it)| matches!(it, Some(Ok(_)))), "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_executor_signs_none_of_several() {
    let road = Road::open(NOON).await;
    let region = &road.demo.region;
    let cases = prepared_cases(&road, 1).await;
    let executor = road.official("abai-education.executor-1").await;
    let outcomes = region.prepare_several(&executor, &[(cases[0], region.uuid())]).await;
    assert!(matches!(outcomes[0].1, Some(Err(_))), "{outcomes:?}");
}

#[test]
fn a_page_outlives_the_judgements_that_it_waits_for() {
    let (page, judgement) = (Duration::from_secs(PAGE_SECONDS_MAX), JUDGEMENT_WAIT);
    // An official's key is judged twice: whose it is, and what it may.
    assert!(judgement * 2 < page);
    assert!(TIME_MAX + judgement < page);
}

pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    let value = |it: u8| match it {
        b'A'..=b'Z' => it - b'A',
        b'a'..=b'z' => it - b'a' + 26,
        b'0'..=b'9' => it - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut out = Vec::new();
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        let word =
            chunk.iter().fold(0_u32, |word, it| word << 6 | u32::from(value(*it))) << (6 * (4 - chunk.len()));
        out.extend_from_slice(&word.to_be_bytes()[1..chunk.len()]);
    }
    out
}
