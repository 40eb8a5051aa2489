// SPDX-License-Identifier: MIT OR Apache-2.0
//! An official's form with a file whose session has ended: what was typed is carried, the file is asked for again.

use crate::browser::Browser;
use crate::road::Road;
use axum::http::StatusCode;
use jiff::SignedDuration;

const NOON: &str = "2026-11-23T05:00:00Z";
const LOGIN: &str = "karaganda-corporation.operator-1";
const LOST: &str = "Файл сақталған жоқ";

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_whose_session_has_ended_is_asked_for_again_and_the_rest_is_carried() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in_official("center", LOGIN).await;
    let address = format!("/kk/center/cases/{}/papers", road.demo.center.uuid());
    road.demo.clock.advance(SignedDuration::from_hours(13));
    let late = browser.upload(&address, "application-form", "скан.pdf", b"%PDF-1.7\n").await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    late.says(LOST);
    assert_eq!(late.hidden("held.document"), "application-form");
    assert_eq!(late.hidden("held-file"), "file.application-form");
    let form = [
        ("login", LOGIN),
        ("password", qyzmet::demo::OFFICIAL_PASSWORD),
        ("held-to", &late.hidden("held-to")),
        ("held-file", "file.application-form"),
        ("held.document", "application-form"),
    ];
    let resumed = browser.post("/kk/center/sign-in", &form).await;
    assert_eq!(resumed.status, StatusCode::OK, "{}", resumed.text);
    resumed.says(LOST);
    resumed.says(&format!("action=\"{address}\" enctype=\"multipart/form-data\""));
    resumed.says("name=\"file.application-form\"");
    assert_eq!(resumed.hidden("document"), "application-form");
}
