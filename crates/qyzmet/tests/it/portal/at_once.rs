// SPDX-License-Identifier: MIT OR Apache-2.0
//! One draft in two tabs, sent at the same moment.

use super::{CITIZEN, NOON, begun, form_and, send, signed};
use crate::browser::Browser;
use crate::road::Road;
use service::drafts::Draft;

#[tokio::test(flavor = "multi_thread")]
async fn the_slower_of_two_tabs_is_led_to_the_application_that_was_sent() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let one = signed(&road, &mut browser, &draft, "p01").await;
    let other = signed(&road, &mut browser, &draft, "p01").await;
    assert_ne!(one[0], other[0], "each tab gives an order of its own");
    let portal = &road.demo.portal;
    let (citizen, _) = road.citizen(CITIZEN).await;
    let id = draft.trim_start_matches("/kk/apply/").parse().expect("an id");
    let held = portal.draft(&citizen.id, id).await.unwrap().expect("a draft");

    let sent = send(&mut browser, &draft, &one).await;
    assert!(sent.to.starts_with("/kk/cases/"), "{}", sent.text);
    // The slower one has read the draft before the faster one ended it: it is put back as a new one.
    let mut late: Draft = serde_json::from_str(&serde_json::to_string(&held).unwrap()).unwrap();
    portal.save_draft(&mut late).await.unwrap();
    let second = send(&mut browser, &draft, &other).await;
    assert_eq!(second.to, sent.to, "{}", second.text);
}
