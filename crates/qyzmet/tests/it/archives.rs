// SPDX-License-Identifier: MIT OR Apache-2.0
//! Archives of signed acts over years, by the clock of a whole demonstration.

use crate::road::Road;
use engine::case::CaseId;
use jiff::SignedDuration;
use service::access::Reader;
use service::archives::{ArchivedAct, RENEW_AHEAD_DAYS, SignedAct};
use service::portal::Sent;
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_mins(1);

/// Waits until the archive of the request is as it should be.
async fn archived(road: &Road, case: CaseId, seen: impl Fn(&ArchivedAct) -> bool) -> ArchivedAct {
    let started = Instant::now();
    loop {
        let acts = road.demo.portal.act_stamps(case).await.unwrap();
        let found = acts.into_iter().find(|it| it.act == SignedAct::Request).and_then(|it| it.archived);
        if let Some(it) = found.filter(|it| seen(it)) {
            return it;
        }
        assert!(started.elapsed() < WAIT, "waited for the archive");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_stamped_again_by_itself_before_its_stamp_ends() {
    let road = Road::open("2026-11-23T05:00:00Z").await;
    let citizen = road.citizen("580308499930").await;
    let sent = road.apply(&citizen, "p01", &[("Нұрсұлтанұлы", "Бекзат", "2012-09-14")]).await;
    let Sent::Accepted(submitted) = sent else { panic!("not accepted: {sent:?}") };
    let first = archived(&road, submitted.case, |_| true).await;
    assert_eq!(first.renewed_at, None);
    let end = first.renew_before.expect("an end of the stamp's key");
    let due = end - SignedDuration::from_hours(24 * RENEW_AHEAD_DAYS);
    // Nothing is done before it is due; the time of the stamp stays what it was.
    road.demo.clock.advance(due.duration_since(first.stamped_at) + SignedDuration::from_hours(24));
    let again = archived(&road, submitted.case, |it| it.renewed_at.is_some()).await;
    assert_eq!(again.stamped_at, first.stamped_at);
    assert!(again.renewed_at.is_some_and(|it| it >= due), "{again:?}");
    assert_ne!(again.file, first.file);
    let reader = Reader::Applicant(&citizen.0.id);
    let file = road.demo.portal.case_file(&reader, submitted.case, &again.file).await.unwrap();
    let archive = eds::Archive::parse(&file.expect("the archive")).unwrap();
    assert_eq!(archive.seals(), 1);
}
