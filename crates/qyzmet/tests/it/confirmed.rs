// SPDX-License-Identifier: MIT OR Apache-2.0
//! The mode of production: what is only assumed of a Standard is neither demanded nor quoted until the organisation confirms it.

use crate::browser::Browser;
use crate::road::Road;
use engine::case::{CaseId, Medium};
use engine::form::Problem;
use engine::inadmissible::Inadmissible;
use regulation::model::{DocumentId, ServiceId};
use service::SubmitError;
use service::center::Intake;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const NOON: &str = "2026-11-23T05:00:00Z";
const SERVICE: &str = "parent-meeting-permission";
const OVERLAY: &str = "organization = \"abai-education\"\nservice = \"parent-meeting-permission\"\nedition = \"2018\"\n\
    confirmed-by = \"Ойдан шығарылған адам, бөлім басшысы\"\nconfirmed-on = \"2026-11-20\"\n\
    [[document]]\nid = \"court-decision\"\nclause = \"9-т. 3)\"\n[[refusal]]\nid = \"court-ban\"\nclause = \"10-т. 2)\"\n";

/// An intake in which nothing was entered and nothing scanned.
async fn begun(road: &Road) -> (service::access::Seat, CaseId) {
    let seat = road.official("abai-education.office").await.seat;
    let intake = Intake {
        service: ServiceId::from(SERVICE),
        provider: "abai-education".to_owned(),
        iin: "680303499904".to_owned(),
        full_name: "Ойдан шығарылған адам".to_owned(),
        fields: BTreeMap::new(),
        medium: Medium::Paper,
        lang: "kk".to_owned(),
    };
    let case = road.demo.region.keep_intake(&seat, None, intake).await.unwrap();
    (seat, case)
}

/// The documents that are demanded.
async fn demanded(road: &Road) -> Vec<String> {
    let (seat, case) = begun(road).await;
    let intake = road.demo.region.open_intake(&seat, case).await.unwrap().expect("the intake");
    let found: Vec<Problem> = road.demo.region.intake_problems(&intake).await.unwrap();
    found.iter().filter_map(|it| it.path.strip_prefix("document.").map(str::to_owned)).collect()
}

fn overlay(folder: &Path) -> PathBuf {
    let add = folder.join("add");
    std::fs::create_dir_all(add.join("overlays")).unwrap();
    std::fs::write(add.join("overlays/court.toml"), OVERLAY).unwrap();
    add
}

async fn refused(road: &Road, missing: &str) -> Result<service::Submitted, SubmitError> {
    let (seat, case) = begun(road).await;
    let missing = (vec![DocumentId::from(missing)], String::new());
    road.demo.region.refuse_intake(&seat, case, road.demo.region.uuid(), missing).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_assumed_is_demanded_in_the_demonstration_and_not_in_production() {
    let demo = Road::open(NOON).await;
    assert_eq!(
        demanded(&demo).await,
        ["application-form", "characteristic", "court-decision", "identity-document"]
    );
    refused(&demo, "characteristic").await.expect("the demonstration demands it");
    let production = Road::open_confirmed(NOON, None).await;
    assert_eq!(demanded(&production).await, [""; 0]);
    let kept = refused(&production, "characteristic").await;
    assert!(matches!(kept, Err(SubmitError::Inadmissible(Inadmissible::MustAccept))), "{kept:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_head_confirms_in_an_overlay_is_demanded_and_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let road = Road::open_confirmed(NOON, Some(overlay(folder.path()))).await;
    assert_eq!(demanded(&road).await, ["court-decision"]);
    refused(&road, "court-decision").await.expect("it is confirmed");
    let settings = &road.demo.region.settings;
    let laid = settings.current_for(&ServiceId::from(SERVICE), "abai-education").unwrap();
    let grounds: Vec<&str> = laid.grounds.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(grounds, ["document-defects", "court-ban"]);
    let elsewhere = settings.current_for(&ServiceId::from(SERVICE), "osakarov-education").unwrap();
    assert_eq!(elsewhere.grounds.len(), 1, "another organisation confirmed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_quote_no_assumed_ground_and_the_clerk_sees_what_is_not_confirmed() {
    let road = Road::open_confirmed(NOON, None).await;
    let mut anyone = Browser::new(&road);
    let page = anyone.get(&format!("/kk/services/{SERVICE}")).await;
    page.says("Стандарттың ұйым растамаған құжаттары талап етілмейді");
    let shipped = Road::open(NOON).await;
    let regulation = shipped.demo.region.settings.current(&ServiceId::from(SERVICE)).unwrap();
    for ground in regulation.grounds.iter().filter(|it| it.assumed) {
        assert!(!page.text.contains(&ground.text.kk), "quoted: {}", ground.id);
    }
    let (_, case) = begun(&road).await;
    let mut clerk = Browser::new(&road);
    clerk.sign_in_official("region", "abai-education.office").await;
    clerk.get(&format!("/kk/region/intake/{}", case.0)).await.says("Ұйым растамаған: талап етілмейді");
}
