// SPDX-License-Identifier: MIT OR Apache-2.0
//! Archives of signed acts over years, by the clock of a whole demonstration.

use crate::journal::{CHILD, IIN, NOON};
use crate::originals::{self, SCAN};
use crate::road::Road;
use engine::Act;
use engine::case::{CaseId, Proposal};
use jiff::SignedDuration;
use regulation::model::Actor;
use service::access::Reader;
use service::accounts::{Citizen, Session};
use service::archives::{ArchivedAct, RENEW_AHEAD_DAYS, SignedAct};
use service::portal::Sent;
use service::sheets::SignedSheet;
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_mins(1);

/// Waits until the portal's archive of an act is as it should be.
async fn archived(
    road: &Road,
    (case, act): (CaseId, SignedAct),
    seen: impl Fn(&ArchivedAct) -> bool,
) -> ArchivedAct {
    let started = Instant::now();
    loop {
        let acts = road.demo.portal.act_stamps(case).await.unwrap();
        let found = acts.into_iter().find(|it| it.act == act).and_then(|it| it.archived);
        if let Some(it) = found.filter(|it| seen(it)) {
            return it;
        }
        assert!(started.elapsed() < WAIT, "waited for the archive");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_stamped_again_by_itself_before_its_stamp_ends() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen("580308499930").await;
    let sent = road.apply(&citizen, "p01", &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let first = archived(&road, (submitted.case, SignedAct::Request), |_| true).await;
    assert_eq!(first.renewed_at, None);
    let end = first.renew_before.expect("an end of the stamp's key");
    let due = end - SignedDuration::from_hours(24 * RENEW_AHEAD_DAYS);
    // Nothing is done before it is due; the time of the stamp stays what it was.
    road.demo.clock.advance(due.duration_since(first.stamped_at) + SignedDuration::from_hours(24));
    let again = archived(&road, (submitted.case, SignedAct::Request), |it| it.renewed_at.is_some()).await;
    assert_eq!(again.stamped_at, first.stamped_at);
    assert!(again.renewed_at.is_some_and(|it| it >= due), "{again:?}");
    assert_ne!(again.file, first.file);
    let reader = Reader::Applicant(&citizen.0.id);
    let file = road.demo.portal.case_file(&reader, submitted.case, &again.file).await.unwrap();
    let archive = eds::Archive::parse(&file.expect("the archive")).unwrap();
    assert_eq!(archive.seals(), 1);
}

/// From the provider's office to a paper that waits for its signature.
async fn granted(road: &Road, case: CaseId) {
    road.stands(&road.demo.region, case, "provider.action-1").await;
    road.act("abai-education.office", Actor::ProviderOffice, case, Act::Accepted).await.unwrap();
    let executor = road.official("abai-education.executor-1").await.seat.person;
    let instruct = Act::Instructed { text: "Орындауға".to_owned(), executor };
    road.act("abai-education.head", Actor::ProviderHead, case, instruct).await.unwrap();
    let grant = Act::Prepared(Proposal::Grant { values: Road::result_values() });
    road.act("abai-education.executor-1", Actor::ProviderExecutor, case, grant).await.unwrap();
}

/// The result of the case bears a signature that its key's end makes worthless; what its applicant is given beside it proves it on.
async fn proved_after_the_key(road: &Road, (citizen, _): &(Citizen, Session), case: CaseId) {
    let portal = &road.demo.portal;
    let ended = road.ended(portal, case).await;
    let paper = ended.result.expect("a result").file;
    let found = archived(road, (case, SignedAct::Result), |_| true).await;
    let reader = Reader::Applicant(&citizen.id);
    let paper = portal.case_file(&reader, case, &paper).await.unwrap().expect("the paper");
    let archive = portal.case_file(&reader, case, &found.file).await.unwrap().expect("the archive");
    let stranger = road.citizen("711130399969").await.0;
    let taken = portal.case_file(&Reader::Applicant(&stranger.id), case, &found.file).await.unwrap();
    assert!(taken.is_none(), "another citizen is given it");
    let later = portal.now() + SignedDuration::from_hours(24 * 365 * 3);
    let judged = eds::verify_archive(&archive, &road.demo.authority.trust().unwrap(), later).unwrap();
    assert!(judged.verdict.is_valid(), "{judged:?}");
    let signer = &judged.verdict.signers[0];
    assert!(signer.not_after < later, "the key has ended");
    assert_eq!(signer.bin.as_deref(), Some("930140999904"), "it is the provider's");
    let signature = eds::pades::signatures(&paper).unwrap().pop().expect("a signature");
    let covered = signature.pieces(&paper).unwrap().concat();
    let held = eds::Archive::parse(&archive).unwrap();
    assert_eq!(*held.content(), eds::ArchivedContent::Detached { bytes: covered }, "it is about this paper");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_result_of_the_automatic_way_is_given_what_proves_it_after_the_stamps_key() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen("580308499930").await;
    let sent = road.apply(&citizen, "p01", &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    proved_after_the_key(&road, &citizen, submitted.case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_result_of_an_official_is_given_what_proves_it_after_his_key() {
    let road = Road::open(NOON).await;
    let citizen = road.citizen(IIN).await;
    let sent = road.apply(&citizen, "p40", &CHILD).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let case = submitted.case;
    granted(&road, case).await;
    road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    let sent = Act::Dispatched { courier: None };
    road.act("abai-education.office", Actor::ProviderOffice, case, sent).await.unwrap();
    proved_after_the_key(&road, &citizen, case).await;
}

/// What a one-stop-shop archives of a case whose result was signed by a key, or on the printed sheet by hand.
async fn archived_at_the_center(by_hand: bool) -> Vec<SignedAct> {
    let road = Road::open(NOON).await;
    let (center, region) = (&road.demo.center, &road.demo.region);
    let (_, case) = originals::sent(&road).await;
    granted(&road, case).await;
    if by_hand {
        let head = road.official("abai-education.head").await;
        region.print_sheet(&head, case, region.uuid()).await.unwrap();
        let on = Some("2026-11-23".parse().unwrap());
        let signed = SignedSheet { on, sealed: true, countersigned: false, scan: SCAN.to_vec() };
        region.sign_sheet(&head, case, signed, region.uuid()).await.unwrap();
    } else {
        road.sign_result("abai-education.head", "abai-education-head", case).await.unwrap();
    }
    let sent = Act::Dispatched { courier: Some("К.".to_owned()) };
    road.act("abai-education.office", Actor::ProviderOffice, case, sent).await.unwrap();
    let there = road.until(center, case, |it| it.result.is_some(), "the result").await;
    assert_eq!(there.result.is_some_and(|it| it.on_paper.is_some()), by_hand);
    center.act_stamps(case).await.unwrap().into_iter().map(|it| it.act).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_stop_shop_archives_a_result_that_it_hands_out_and_no_sheet_signed_by_hand() {
    assert_eq!(Box::pin(archived_at_the_center(false)).await, [SignedAct::Request, SignedAct::Result]);
    assert_eq!(Box::pin(archived_at_the_center(true)).await, [SignedAct::Request]);
}
