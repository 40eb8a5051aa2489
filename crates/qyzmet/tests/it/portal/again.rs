// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whose key the authority does not know reads so and waits; after a day he reads that he is to apply again.

use super::{CITIZEN, NOON, base64, begun, form_and, send};
use crate::browser::Browser;
use crate::road::{Road, sign};
use crate::unjudged::{STRANGER, stranger};
use jiff::SignedDuration;

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
        ("kk", "Осы уақытта басқа өтініш жібермеңіз."),
        ("ru", "Другое заявление в это время не отправляйте."),
        ("en", "Do not send another application meanwhile."),
    ];
    reads(&mut browser, &case, before, false).await;

    road.demo.clock.advance(SignedDuration::from_hours(24));
    browser.sign_in(CITIZEN).await;
    let after = [
        ("kk", "Өтініш жіберілген жоқ және енді тексерілмейді."),
        ("ru", "Заявление не отправлено и больше проверяться не будет."),
        ("en", "The application was not sent and will not be checked any more."),
    ];
    reads(&mut browser, &case, after, true).await;
}
