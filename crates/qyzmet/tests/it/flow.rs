// SPDX-License-Identifier: MIT OR Apache-2.0
//! The whole road on one machine: portal, border, registers, region, center, result; real bytes, real signatures.

use crate::browser::Browser;
use crate::road::Road;
use engine::case::{CaseId, Proposal};
use engine::{Act, Inadmissible};
use regulation::model::{Actor, End, GroundId};
use service::SubmitError;
use service::access::Reader;
use service::portal::Sent;

#[tokio::test(flavor = "multi_thread")]
async fn the_automatic_way_ends_with_a_signed_certificate_in_the_cabinet() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("580308499930").await;
    let sent = road.apply(&citizen, "p01", &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    assert!(
        submitted.number.as_deref().is_some_and(|it| it.starts_with("353200000-2026-P")),
        "{submitted:?}"
    );
    let case = road.ended(&road.demo.portal, submitted.case).await;
    assert_eq!(case.end.map(|it| it.0), Some(End::Issued));
    let result = case.result.expect("a result");
    let reader = Reader::Applicant(&citizen.0.id);
    let pdf =
        road.demo.portal.case_file(&reader, submitted.case, &result.file).await.unwrap().expect("the file");
    let signatures = eds::pades::signatures(&pdf).unwrap();
    assert_eq!(signatures.len(), 1);
    assert!(signatures[0].covers_whole_file);
    let check = road.demo.portal.check(&result.check_key).await.unwrap().expect("the check");
    assert_eq!(Some(check.number), case.result_number);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manual_way_passes_office_head_executor_head_office() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("680303499904").await;
    let sent = road.apply(&citizen, "p40", &[("Байғоныс", "Айсұлтан", "2010-04-18")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let case = submitted.case;
    road.stands(&road.demo.region, case, "provider.action-1").await;
    let office = road.official("abai-education.office").await;
    let seen = road.demo.region.case_view(&Reader::Official(&office.seat), case).await.unwrap();
    let verdict = road.demo.region.request_verdict(&seen.expect("the office reads it").case).await.unwrap();
    assert_eq!(verdict.expect("the region judges the signature too").valid, Some(true));
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let early = road.act("abai-education.head", Actor::ProviderHead, case, Act::Accepted).await;
    assert!(
        matches!(
            early,
            Err(SubmitError::Inadmissible(Inadmissible::WrongRole { .. } | Inadmissible::WrongAct { .. }))
        ),
        "{early:?}"
    );
    let grant = Act::Prepared(Proposal::Grant { values: Road::result_values() });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Dispatched { courier: None })
        .await
        .unwrap();
    let ended = road.ended(&road.demo.portal, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Issued));
    assert!(ended.incoming_number.is_some() && ended.result.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_carries_its_ground_and_is_signed_too() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("680303499904").await;
    let Sent::Accepted(submitted) =
        road.apply(&citizen, "p40", &[("Байғоныс", "Айсұлтан", "2010-04-18")]).await
    else {
        panic!("not accepted")
    };
    let case = submitted.case;
    road.stands(&road.demo.region, case, "provider.action-1").await;
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let refuse = Proposal::Refuse {
        ground: GroundId::from("document-defects"),
        reason: "Куәлік оқылмайды".to_owned(),
    };
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, Act::Prepared(refuse))
        .await
        .unwrap();
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    let ended = road.ended(&road.demo.portal, case).await;
    assert_eq!(ended.end.map(|it| it.0), Some(End::Refused));
    assert!(
        matches!(ended.proposal, Some((Proposal::Refuse { .. }, _))),
        "the ground must reach the applicant"
    );
    let result = ended.result.expect("the signed notice must reach the applicant");
    let mut browser = Browser::new(&road);
    browser.sign_in("680303499904").await;
    let page = browser.get(&format!("/kk/cases/{}", case.0)).await;
    page.says("Бас тарту туралы дәлелді жауапты жүктеп алу (PDF)");
    let (_, asked) = page.text.split_once("Дайындалған нәтиже: анықтама немесе бас тарту").expect("the step");
    let (told, _) = asked.split_once("</li>").expect("its end");
    assert!(told.contains("Бас тарту дайындалды") && !told.contains("Шарт орындалмады"), "{told}");
    let checked = browser.get(&format!("/kk/verify/{}", result.check_key)).await;
    checked.says("Қол қойған");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_key_is_refused_by_the_act_and_the_draft_is_kept() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("580308499930").await;
    for (key, code) in [
        ("expired", "certificate-expired"),
        ("revoked", "certificate-revoked"),
        ("other-iin", "iin-mismatch"),
    ] {
        let sent = road.apply(&citizen, key, &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
        let Sent::Refused { case, code: found } = sent else { panic!("{key}: {sent:?}") };
        assert_eq!(found.as_deref(), Some(code));
        assert_eq!(case.end, Some(End::Refused));
        assert_eq!(case.number, None, "a refused signature takes no number");
        let tried = road.demo.portal.load(case.case).await.unwrap().case;
        assert_eq!(tried.application.full_name, "", "whose key it is does not tell who applies");
    }
    assert_eq!(road.demo.portal.drafts(&citizen.0.id).await.unwrap().len(), 3, "every draft is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_twice_is_one_application() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("711130399969").await;
    let (draft, cms) = road.signed_draft(&citizen, "p02", &[("Ершова", "Дарья", "2011-11-03")]).await;
    let order = road.demo.portal.uuid();
    let who = (&citizen.0, &citizen.1);
    let (one, two) = tokio::join!(
        road.demo.portal.send(who, &draft, cms.clone(), order),
        road.demo.portal.send(who, &draft, cms.clone(), order)
    );
    let cases: Vec<CaseId> = [one.unwrap(), two.unwrap()]
        .into_iter()
        .map(|it| if let Sent::Accepted(it) = it { it.case } else { panic!("{it:?}") })
        .collect();
    assert_eq!(cases[0], cases[1]);
    assert_eq!(road.demo.portal.history(&citizen.0.id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_prepared_cannot_sign_and_strangers_read_nothing() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("680303499904").await;
    let Sent::Accepted(submitted) =
        road.apply(&citizen, "p40", &[("Байғоныс", "Айсұлтан", "2010-04-18")]).await
    else {
        panic!("not accepted")
    };
    road.stands(&road.demo.region, submitted.case, "provider.action-1").await;
    let stranger = road.citizen("580308499930").await;
    let seen = road.demo.portal.case_view(&Reader::Applicant(&stranger.0.id), submitted.case).await.unwrap();
    assert!(seen.is_none(), "another citizen reads the case");
    let other = road.official("osakarov-education.head").await;
    let seen = road.demo.region.case_view(&Reader::Official(&other.seat), submitted.case).await.unwrap();
    assert!(seen.is_none(), "another provider reads the case");
    let executor = road.official("abai-education.executor-1").await;
    let seen = road.demo.region.case_view(&Reader::Official(&executor.seat), submitted.case).await.unwrap();
    assert!(seen.is_none(), "an executor reads what was not given to him");
    let acted =
        road.act("osakarov-education.office", Actor::ProviderOffice, submitted.case, Act::Accepted).await;
    assert!(matches!(acted, Err(SubmitError::Inadmissible(Inadmissible::OtherOrganization))), "{acted:?}");
}
