// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whose key the authority does not know reads so and waits; after a day he reads that he is to apply again.

use super::{CITIZEN, NOON, base64, begun, form_and, send};
use crate::browser::Browser;
use crate::road::{Road, sign};
use crate::signing::unbase64;
use crate::unjudged::{STRANGER, stranger};
use axum::http::StatusCode;
use jiff::SignedDuration;

const APPLY: &str = "/kk/services/guardianship-certificate/apply";

/// Sends an application signed by a key of which the authority knows nothing; returns the path of its case, without language.
async fn sent(road: &Road, browser: &mut Browser) -> String {
    let now = road.demo.portal.now();
    let (_folder, other) = stranger(&road.folder().join("demo/authority"), CITIZEN, now);
    let draft = begun(browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let review = browser.get(&format!("{draft}/review")).await;
    let (order, shown) = (review.hidden("order"), review.hidden("sha256"));
    let xml = browser.get(&format!("{draft}/application.xml")).await;
    let cms = base64(&sign(&other, STRANGER, eds::sha256(&xml.bytes), now));
    let sent = send(browser, &draft, &[("order", order), ("sha256", shown), ("cms-application", cms)]).await;
    browser.get(&sent.to).await.says("certificate-not-issued");
    sent.to.split("/sent").next().unwrap_or_default().trim_start_matches("/kk").to_owned()
}

/// Reads in each language, on each page of the case, these words, and whether there is a way to apply again.
async fn reads(browser: &mut Browser, case: &str, words: [(&str, &str); 3], anew: bool) {
    for (lang, told) in words {
        for page in [case.to_owned(), format!("{case}/sent"), format!("{case}/progress")] {
            let shown = browser.get(&format!("/{lang}{page}")).await;
            shown.says(told);
            shown.says("certificate-not-issued");
            let way = format!("href=\"/{lang}/services/guardianship-certificate\"");
            assert_eq!(shown.text.contains(&way), anew, "{lang}{page}:\n{}", shown.text);
            assert!(!shown.text.contains("/review\""), "there is nothing to be signed again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_key_is_not_known_waits_for_a_day_and_only_then_applies_again() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let case = sent(&road, &mut browser).await;
    let before = [
        ("kk", "Оған дейін осы қызметке басқа өтініш жібермеңіз"),
        ("ru", "До этого не подавайте другое заявление на эту услугу"),
        ("en", "Until then do not send another application for this service"),
    ];
    reads(&mut browser, &case, before, false).await;
    let waits = "қол қойылған, бірақ әлі жіберілмеген өтінішіңіз бар";
    let begin = browser.get(APPLY).await;
    begin.says(waits);
    begin.says(&format!("href=\"/kk{case}\""));

    road.demo.clock.advance(SignedDuration::from_hours(24));
    browser.sign_in(CITIZEN).await;
    let after = [
        ("kk", "Өтініш жіберілген жоқ және енді тексерілмейді."),
        ("ru", "Заявление не отправлено и больше проверяться не будет."),
        ("en", "The application was not sent and will not be checked any more."),
    ];
    reads(&mut browser, &case, after, true).await;
    assert!(!browser.get(APPLY).await.text.contains(waits), "nothing is waited for any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_enters_tries_or_proves_with_such_a_key_reads_of_the_key_and_of_no_silence() {
    let road = Road::open(NOON).await;
    let now = road.demo.portal.now();
    let (_folder, other) = stranger(&road.folder().join("demo/authority"), CITIZEN, now);
    let mut browser = Browser::new(&road);
    let (entry, trial) = ("/kk/sign-in/eds", "/kk/services/guardianship-certificate/ready");
    for (address, field) in [(entry, "cms-sign-in"), (trial, "cms-trial"), ("/kk/prove", "cms-proof")] {
        let page = browser.get(address).await;
        let (_, behind) = page.text.split_once("data-sign-content-bytes=\"").expect("a challenge");
        let bytes = unbase64(behind.split('"').next().expect("its bytes"));
        let cms = base64(&sign(&other, STRANGER, eds::sha256(&bytes), now));
        let challenge = page.hidden("challenge");
        let told = browser.post(address, &[("challenge", &*challenge), (field, &*cms)]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        told.says("Куәландырушы орталық бұл тіркеу куәлігін танымайды.");
        told.says("certificate-not-issued");
        assert!(!told.text.contains("Куәландырушы орталық жауап бермей"), "{address}");
        browser.sign_in(CITIZEN).await;
    }
}
