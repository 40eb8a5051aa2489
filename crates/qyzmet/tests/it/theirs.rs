// SPDX-License-Identifier: MIT OR Apache-2.0
//! Nobody behind the border tells of a case that is another's.

use crate::journal::{CHILD, IIN, NOON};
use crate::road::Road;
use engine::case::{CaseId, FileHash};
use regulation::model::End;
use service::Service;
use service::portal::Sent;
use service::ports::border::{Arrival, Parcel, Published, Receive as _};
use service::ports::{Judged, PortError};
use uuid::Uuid;

/// A case of the education department of Abai at which its region works.
async fn case(road: &Road) -> CaseId {
    let citizen = road.citizen(IIN).await;
    let Sent::Accepted(it) = road.apply(&citizen, "p40", &CHILD).await else { panic!("not accepted") };
    road.stands(&road.demo.region, it.case, "provider.action-1").await;
    it.case
}

fn arrival(sender: &str, addressees: &[&str]) -> Arrival {
    Arrival {
        sender: sender.to_owned(),
        addressees: addressees.iter().map(|it| (*it).to_owned()).collect(),
        message: b"<signed/>".to_vec(),
        judged: Judged { at: NOON.parse().unwrap(), evidence: b"{}".to_vec() },
    }
}

/// What one side tells of it, under this id.
async fn told(by: &Service, to: &str, case: CaseId, id: u128) -> Parcel {
    let id = Uuid::from_u128(id);
    let progress = engine::progress(&by.load(case).await.unwrap().case, 0, id.to_string());
    Parcel {
        id,
        case,
        to: to.to_owned(),
        from: by.here,
        request: None,
        answers: None,
        progress,
        files: Vec::new(),
        published: Published::default(),
        reply: None,
    }
}

/// The kinds of what a role wrote down of messages that should never come.
fn written_down(road: &Road, role: &str) -> Vec<String> {
    let path = road.folder().join(format!("demo/{role}/journal.db"));
    let db = rusqlite::Connection::open(path).unwrap();
    let mut found = db.prepare("SELECT kind FROM events WHERE stream = 'inbox' ORDER BY version").unwrap();
    found.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn not_theirs() -> PortError {
    PortError::Unusable("unusable: the case is another system's".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_ends_no_case_of_a_body_that_is_not_addressed_at_it() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let portal = &road.demo.portal;
    let mut parcel = told(&road.demo.region, "portal", case, 21).await;
    parcel.progress.end = Some((End::Refused, NOON.parse().unwrap()));
    for _ in 0..2 {
        let refused = portal.receive(parcel.clone(), arrival("region-b", &["osakarov-education"])).await;
        assert_eq!(refused, Err(not_theirs()));
    }
    assert_eq!(written_down(&road, "portal"), ["message.not-theirs"], "once, however often it comes");
    let stands = portal.load(case).await.unwrap().case;
    assert!(stands.end.is_none() && !stands.told.contains(&parcel.progress.message));
    let theirs = told(&road.demo.region, "portal", case, 22).await;
    portal.receive(theirs.clone(), arrival("region", &["abai-education"])).await.unwrap();
    assert!(portal.load(case).await.unwrap().case.told.contains(&theirs.progress.message));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_tells_nothing_of_a_case_that_another_portal_opened() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let region = &road.demo.region;
    let parcel = told(&road.demo.portal, "abai-education", case, 23).await;
    let refused = region.receive(parcel.clone(), arrival("portal-of-others", &[])).await;
    assert_eq!(refused, Err(not_theirs()));
    assert_eq!(written_down(&road, "region"), ["message.not-theirs"]);
    assert!(!region.load(case).await.unwrap().case.told.contains(&parcel.progress.message));
    region.receive(parcel.clone(), arrival("portal", &[])).await.unwrap();
    assert!(region.load(case).await.unwrap().case.told.contains(&parcel.progress.message));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_another_application_is_refused_and_one_that_names_none_is_taken() {
    let road = Road::open(NOON).await;
    let case = case(&road).await;
    let (portal, region) = (&road.demo.portal, &road.demo.region);
    let theirs = region.load(case).await.unwrap().case.application.signature;
    let ours = portal.load(case).await.unwrap().case.signature.map(|it| it.signature);
    assert!(theirs.is_some() && theirs == ours, "one and the same on both sides");
    let mut other = told(region, "portal", case, 24).await;
    other.answers = Some(FileHash("0".repeat(64)));
    let refused = portal.receive(other, arrival("region", &["abai-education"])).await;
    let why = "unusable: the message is about another application";
    assert_eq!(refused, Err(PortError::Unusable(why.to_owned())));
    for (id, answers) in [(25, theirs), (26, None)] {
        let mut parcel = Parcel { answers, ..told(region, "portal", case, id).await };
        portal.receive(parcel.clone(), arrival("region", &["abai-education"])).await.unwrap();
        assert!(portal.load(case).await.unwrap().case.told.contains(&parcel.progress.message));
        // Sent again by the next version of the peer it is the same message.
        parcel.answers.clone_from(&ours);
        portal.receive(parcel, arrival("region", &["abai-education"])).await.unwrap();
    }
    assert!(written_down(&road, "portal").is_empty());
}
