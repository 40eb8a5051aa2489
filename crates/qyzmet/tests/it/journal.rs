// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is journaled beside the cases: sign-ins and readings.

use crate::browser::Browser;
use crate::road::Road;
use axum::http::StatusCode;
use engine::case::CaseId;
use jiff::SignedDuration;
use qyzmet::demo::CITIZEN_PASSWORD;
use regulation::model::Actor;
use service::access::Reader;
use service::accounts::{ATTEMPTS_MAX, Official};
use service::codec::access::What;
use service::codec::account::AccountEvent;
use service::portal::Sent;
use std::net::IpAddr;
use std::path::Path;
use store::ChainFault;

pub(crate) const NOON: &str = "2026-11-23T05:00:00Z";
/// An invented citizen whose guardianship the register does not know; his key is `p40`.
pub(crate) const IIN: &str = "680303499904";
pub(crate) const CHILD: [(&str, &str, &str); 1] = [("Байғоныс", "Айсұлтан", "2010-04-18")];
const HERE: [u8; 4] = [192, 0, 2, 7];

/// What happened, the earliest first, by its stored kind and reason.
async fn kinds(road: &Road, account: &engine::case::PersonId) -> Vec<String> {
    let log = road.demo.portal.account_log(account).await.unwrap();
    let kind = |it: &AccountEvent| {
        let it = service::codec::account::encode(it);
        let why = it.public.get("why").and_then(|it| it.as_str()).map(|it| format!(" {it}"));
        format!("{}{}", it.kind.trim_start_matches("account."), why.unwrap_or_default())
    };
    log.iter().rev().map(|it| kind(&it.event)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_refusals_proof_and_signing_out_stand_in_the_accounts_stream() {
    let road = Road::open(NOON).await;
    let (portal, from) = (&road.demo.portal, Some(IpAddr::from(HERE)));
    for _ in 0..ATTEMPTS_MAX + 2 {
        portal.sign_in_citizen(IIN, "a wrong password", from).await.unwrap_err();
    }
    road.demo.clock.advance(SignedDuration::from_mins(16));
    let (id, token) = portal.sign_in_citizen(IIN, CITIZEN_PASSWORD, from).await.unwrap();
    let wrong = "sign-in-refused wrong-password";
    let begun = ["registered", wrong, wrong, wrong, wrong, "sign-in-refused attempts-spent", "signed-in"];
    assert_eq!(kinds(&road, &id).await, begun, "what came while sign-in waited was not looked at");
    let citizen = portal.citizen(&id).await.unwrap().expect("an account");
    let challenge = portal.challenge(&citizen).await.unwrap();
    let cms = road.sign("p40", eds::sha256(&challenge.bytes));
    portal.answer_challenge(&citizen, challenge.id, &cms).await.unwrap();
    portal.sign_out(&token).await.unwrap();
    portal.sign_out(&token).await.unwrap();
    assert_eq!(
        kinds(&road, &id).await,
        [begun.as_slice(), &["proved", "signed-out"]].concat(),
        "a session ends once"
    );
    let told = portal.account_log(&id).await.unwrap();
    let from = Some("192.0.2.7".to_owned());
    assert!(told.iter().any(|it| matches!(&it.event, AccountEvent::SignedIn { from: f, .. } if *f == from)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_proved_in_the_commit_of_the_application_that_proves_it() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let sent = road.apply(&citizen, "p40", &CHILD).await;
    assert!(matches!(sent, Sent::Accepted(_)), "{sent:?}");
    assert_eq!(kinds(&road, &citizen.0.id).await, ["registered", "signed-in", "proved"]);
}

async fn readings(road: &Road, official: &Official, case: CaseId) -> Option<Vec<(String, What)>> {
    let reader = Reader::Official(&official.seat);
    let view = road.demo.region.case_view(&reader, case).await.unwrap().expect("a case");
    let found = road.demo.region.case_readings(&reader, &view.case).await.unwrap()?;
    Some(found.into_iter().map(|it| (it.who.0, it.what)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_sees_who_read_a_case_and_others_do_not() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    let (region, case) = (&road.demo.region, it.case);
    let content = road.stands(region, case, "provider.action-1").await.application.content.expect("content");
    let office = road.official("abai-education.office").await;
    region.queues(&office.seat).await.unwrap();
    region.journal(&office.seat).await.unwrap();
    region.journal(&office.seat).await.unwrap();
    region.case_file(&Reader::Official(&office.seat), case, &content).await.unwrap().expect("a file");
    assert_eq!(readings(&road, &office, case).await, None);
    let head = road.official("abai-education.head").await;
    let mut seen = readings(&road, &head, case).await.expect("the head sees them");
    seen.sort_unstable_by_key(|it| format!("{it:?}"));
    let by = |seat: &str, what| (format!("abai-education.{seat}"), what);
    let expected = [
        by("head", What::Case),
        by("office", What::Case),
        by("office", What::File),
        by("office", What::Journal),
        by("office", What::Queue),
    ];
    assert_eq!(seen, expected);
    let applicant = Reader::Applicant(&citizen.0.id);
    let view = road.demo.portal.case_view(&applicant, case).await.unwrap().expect("his case");
    let here = road.demo.portal.case_readings(&applicant, &view.case).await.unwrap();
    assert_eq!(here, Some(Vec::new()), "no official reads at the portal");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_at_the_same_moment_all_get_their_place_in_the_stream() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    road.stands(&road.demo.region, it.case, "provider.action-1").await;
    let head = road.official("abai-education.head").await;
    let mut reads = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let (region, seat) = (std::sync::Arc::clone(&road.demo.region), head.seat.clone());
        reads.spawn(async move { region.case_view(&Reader::Official(&seat), it.case).await });
    }
    assert!(reads.join_all().await.iter().all(|it| matches!(it, Ok(Some(_)))));
    assert_eq!(readings(&road, &head, it.case).await.expect("the head sees them").len(), 41);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_is_swept_and_what_lives_stays() {
    let road = Road::open(NOON).await;
    let portal = &road.demo.portal;
    portal.sign_in_citizen(IIN, "a wrong password", None).await.unwrap_err();
    let (id, old) = portal.sign_in_citizen("580308499930", CITIZEN_PASSWORD, None).await.unwrap();
    let citizen = portal.citizen(&id).await.unwrap().expect("an account");
    portal.challenge(&citizen).await.unwrap();
    assert_eq!(portal.sweep_expired().await.unwrap(), 0);
    road.demo.clock.advance(SignedDuration::from_hours(25));
    let (_, new) = portal.sign_in_citizen("580308499930", CITIZEN_PASSWORD, None).await.unwrap();
    // The worker may have been faster; nothing of it is left for a second sweep.
    portal.sweep_expired().await.unwrap();
    assert_eq!(portal.sweep_expired().await.unwrap(), 0);
    assert_eq!(portal.session(&old).await.unwrap(), None);
    assert!(portal.session(&new).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_the_sign_ins_to_their_holder_and_the_readings_to_the_head() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    road.stands(&road.demo.region, it.case, "provider.action-1").await;
    let mut browser = Browser::new(&road);
    browser.sign_in(IIN).await;
    let log = browser.get("/ru/cabinet/sign-ins").await;
    log.says("Вход по паролю");
    log.says("Учетная запись подтверждена ЭЦП");
    let page = browser.get(&format!("/en/cases/{}", it.case.0)).await;
    page.says("Who has viewed my data");
    page.says("No official has opened this case on the portal.");
    for (login, sees) in [("abai-education.office", false), ("abai-education.head", true)] {
        let mut browser = Browser::new(&road);
        browser.sign_in_official("region", login).await;
        let page = browser.get(&format!("/kk/region/cases/{}", it.case.0)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.to);
        assert_eq!(page.text.contains("Істі кім қарады"), sees, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sign_ins_and_registrations_from_one_place_wait() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    let form = [("iin", IIN), ("password", "a wrong password")];
    let mut answers = Vec::new();
    for _ in 0..61 {
        answers.push(browser.post("/kk/sign-in", &form).await.status);
    }
    assert_eq!(answers.iter().filter(|it| **it == StatusCode::TOO_MANY_REQUESTS).count(), 1);
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
    road.demo.clock.advance(SignedDuration::from_mins(1));
    assert_ne!(browser.post("/kk/sign-in", &form).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn the_audit_counts_every_kind_of_stream_and_finds_a_sign_in_that_was_changed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = runtime.block_on(async {
        let road = Road::open(NOON).await;
        let citizen = road.citizen(IIN).await;
        let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
        road.stands(&road.demo.region, it.case, "provider.action-1").await;
        let office = road.official("abai-education.office").await;
        assert!(office.seat.actors.contains(&Actor::ProviderOffice));
        road.demo.region.queues(&office.seat).await.unwrap();
        road.into_folder()
    });
    drop(runtime);
    // The roles of a process hold each other and their stores; the audit is of what lies on the disk.
    let data = folder.path().join("copy");
    copy(&folder.path().join("demo"), &data);
    let audit = || qyzmet::demo::audit(&data).unwrap();
    for (role, report) in audit() {
        assert_eq!(report.faults, [], "{role}");
        let kinds: Vec<&str> = report.kinds.keys().map(String::as_str).collect();
        let expected: &[&str] = match role {
            "region" => &["access", "account", "case", "register"],
            "portal" => &["account", "case"],
            _ => &["account"],
        };
        assert_eq!(kinds, expected, "{role}");
    }
    let db = rusqlite::Connection::open(data.join("portal/journal.db")).unwrap();
    let hidden = "UPDATE events SET at = at + 1 WHERE kind = 'account.signed-in'";
    assert_eq!(db.execute(hidden, []).unwrap(), 1);
    drop(db);
    let faults: Vec<ChainFault> = audit().into_iter().flat_map(|(_, it)| it.faults).collect();
    assert!(
        matches!(&faults[..], [ChainFault::Changed { stream, version: 2 }] if stream.0.starts_with("account/a-")),
        "{faults:?}"
    );
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy(&file.path(), &to);
        } else {
            std::fs::copy(file.path(), to).unwrap();
        }
    }
}
