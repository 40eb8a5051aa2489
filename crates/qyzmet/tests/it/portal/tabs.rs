// SPDX-License-Identifier: MIT OR Apache-2.0
//! One draft in two pages at once: what a page showed is sent by it, or nothing.

use super::{CITIZEN, NOON, base64, begun, form_and, send, signed};
use crate::browser::Browser;
use crate::road::Road;
use axum::http::StatusCode;

const CHANGED: &str = "Өтініш тексерілгеннен кейін өзгерген.";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sends_what_it_showed_or_nothing_whatever_another_page_has_made_of_it() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let first = signed(&road, &mut browser, &draft, "p01").await;
    let mut other = form_and(("do", "next"));
    other.retain(|(name, _)| *name != "address");
    other.push(("address", "Ойдан шығарылған басқа көше, 9"));
    browser.post(&draft, &other).await;
    let unread = send(&mut browser, &draft, &first).await;
    browser.get(&unread.to).await.says(CHANGED);
    let second = signed(&road, &mut browser, &draft, "p01").await;
    assert_ne!(first[1], second[1]);
    // The older page with its own signature, and with one over the bytes that lie now behind the same address.
    let mixed = [first[0].clone(), first[1].clone(), second[2].clone()];
    for form in [&first, &mixed] {
        let refused = send(&mut browser, &draft, form).await;
        assert_eq!(refused.to, format!("{draft}/review"), "{}", refused.text);
        browser.get(&refused.to).await.says(CHANGED);
    }
    let sent = send(&mut browser, &draft, &second).await;
    browser.get(&sent.to).await.says("353200000-2026-P");
    let history = browser.get("/kk/cabinet/history").await;
    assert_eq!(history.text.matches("353200000-2026-P").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_draft_another_page_has_sent_is_led_to_the_application() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let one = signed(&road, &mut browser, &draft, "p01").await;
    let other = signed(&road, &mut browser, &draft, "p01").await;
    let sent = send(&mut browser, &draft, &one).await;
    let case = sent.to.split("/sent").next().expect("a case").to_owned();
    for address in ["", "/files", "/review", "/application.xml", "/application.pdf"] {
        let answer = browser.get(&format!("{draft}{address}")).await;
        assert_eq!(answer.to, case, "{address} {}", answer.text);
        let page = browser.get(&case).await;
        page.says("Бұл өтініш бұрын жіберілген.");
        page.says("353200000-2026-P");
    }
    assert_eq!(send(&mut browser, &draft, &other).await.to, case);
    let mut stranger = Browser::new(&road);
    stranger.sign_in("680303499904").await;
    assert_eq!(stranger.get(&format!("{draft}/application.xml")).await.to, "/kk/cabinet");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_page_has_changed_and_nobody_has_read_is_not_given_to_be_signed() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    signed(&road, &mut browser, &draft, "p01").await;
    let mut other = form_and(("do", "next"));
    other.retain(|(name, _)| *name != "address");
    other.push(("address", "Ойдан шығарылған басқа көше, 9"));
    browser.post(&draft, &other).await;
    assert_eq!(browser.get(&format!("{draft}/application.xml")).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_other_bytes_is_told_to_read_and_sign_again_and_not_to_take_another_key() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let mut form = signed(&road, &mut browser, &draft, "p01").await;
    form[2].1 = base64(&road.sign("p01", eds::sha256(b"another document")));
    let sent = send(&mut browser, &draft, &form).await;
    let page = browser.get(&sent.to).await;
    page.says("digest-mismatch");
    page.says("Өтінішті қайта қарап, қол қою");
    assert!(!page.text.contains("Басқа кілтпен"), "{}", page.text);
}
